use super::*;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

fn slot(byte: u8) -> SlotProof {
    let seed = PotSeed([byte; 16]);
    (seed, 32, prove(seed, 32).expect("32 is a multiple of 16"))
}

#[test]
fn the_least_recently_used_slot_leaves_first() {
    let cache = VerifiedCache::new(2);
    let [a, b, c] = [slot(1), slot(2), slot(3)];
    cache.insert(a.0, a.1, a.2);
    cache.insert(b.0, b.1, b.2);
    assert_eq!(cache.get(a.0, a.1), Some(a.2));
    cache.insert(c.0, c.1, c.2);
    assert_eq!(cache.len(), 2);
    assert_eq!(cache.get(b.0, b.1), None);
    assert_eq!(cache.get(a.0, a.1), Some(a.2));
    assert_eq!(cache.get(c.0, c.1), Some(c.2));
}

#[test]
fn wrong_checkpoints_are_never_kept() {
    let cache = VerifiedCache::new(4);
    let (seed, iterations, mut checkpoints) = slot(1);
    checkpoints.0[3].0[0] ^= 1;
    assert!(!cache.verify(seed, iterations, &checkpoints));
    assert!(cache.is_empty());
    checkpoints.0[3].0[0] ^= 1;
    assert!(cache.verify(seed, iterations, &checkpoints));
    assert_eq!(cache.len(), 1);
}

#[test]
fn threads_that_ask_for_one_key_share_one_verification() {
    let cache = VerifiedCache::new(4);
    let (seed, iterations, checkpoints) = slot(7);
    let computed = AtomicU32::new(0);
    let together = Barrier::new(4);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                together.wait();
                let right = cache.verify_with(seed, iterations, &checkpoints, || {
                    computed.fetch_add(1, Ordering::SeqCst);
                    true
                });
                assert!(right);
            });
        }
    });
    assert_eq!(computed.load(Ordering::SeqCst), 1);
}

#[test]
fn a_waiting_thread_with_other_checkpoints_gets_its_own_verdict() {
    let cache = VerifiedCache::new(4);
    let (seed, iterations, right) = slot(7);
    let mut wrong = right;
    wrong.0[0].0[0] ^= 1;
    let flying = Barrier::new(2);
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            cache.verify_with(seed, iterations, &wrong, || {
                flying.wait();
                false
            })
        });
        flying.wait();
        assert!(cache.verify(seed, iterations, &right));
        assert!(!first.join().expect("the thread verifies"));
    });
    assert_eq!(cache.get(seed, iterations), Some(right));
}

#[test]
fn a_verification_that_unwinds_leaves_the_key_free() {
    let cache = VerifiedCache::new(4);
    let (seed, iterations, checkpoints) = slot(7);
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cache.verify_with(seed, iterations, &checkpoints, || panic!("on purpose"))
    }));
    assert!(unwound.is_err());
    assert!(cache.verify(seed, iterations, &checkpoints));
}

#[test]
fn a_batch_names_the_wrong_slot_and_may_repeat_a_key() {
    let cache = VerifiedCache::new(100);
    let mut proofs: Vec<_> = (0..40).map(slot).collect();
    proofs.push(slot(0));
    assert_eq!(cache.verify_all(&proofs), Ok(()));
    assert_eq!(cache.len(), 40);
    let fresh = VerifiedCache::new(100);
    proofs[33].2.0[7].0[15] ^= 0x80;
    assert_eq!(fresh.verify_all(&proofs), Err(33));
    assert_eq!(cache.verify_all(&proofs), Err(33));
}
