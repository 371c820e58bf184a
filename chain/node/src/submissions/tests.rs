use super::*;
use crate::testing::{extension, submission as receipt};
use auto_core::{PotOutput, Preset, ProtocolParams};
use auto_ledger::Rules;

fn submission(domain: u32, operator: u64, slot: u64, number: u64) -> CheckedSubmission {
    let rules = Rules::new(ProtocolParams::preset(Preset::Test), Hash::ZERO, extension());
    let receipt = receipt(domain, operator, Slot(slot), PotOutput([4; 16]), number);
    auto_ledger::check_submission(&rules, &receipt).expect("it is small")
}

fn order(pool: &SubmissionPool) -> Vec<(u64, u64)> {
    let key = |checked: &CheckedSubmission| {
        (checked.submission().election().slot.0, checked.submission().receipt().number.0)
    };
    pool.candidates().map(key).collect()
}

#[test]
fn slots_come_first_then_arrival() {
    let mut pool = SubmissionPool::default();
    for (slot, number) in [(9, 1), (7, 2), (9, 3), (8, 4), (7, 5)] {
        pool.push(submission(1, slot, slot, number));
    }
    assert_eq!(order(&pool), [(7, 2), (7, 5), (8, 4), (9, 1), (9, 3)]);
    let gone = submission(1, 8, 8, 4);
    assert_eq!(pool.get(&gone.hash()), Some(&gone));
    assert_eq!(pool.remove(&gone.hash()), Some(gone.clone()));
    assert_eq!((pool.remove(&gone.hash()), pool.get(&gone.hash())), (None, None));
    assert_eq!(order(&pool), [(7, 2), (7, 5), (9, 1), (9, 3)]);
}

#[test]
fn old_slots_leave_and_free_their_room() {
    let mut pool = SubmissionPool::default();
    let all: Vec<_> = (1..6).map(|slot| submission(1, 3, slot, slot)).collect();
    all.iter().for_each(|one| pool.push(one.clone()));
    let expired: Vec<_> = all.iter().take(3).map(CheckedSubmission::hash).collect();
    assert_eq!(pool.expire(Slot(3)), expired);
    assert_eq!(order(&pool), [(4, 4), (5, 5)]);
    assert_eq!(pool.expire(Slot(3)), []);
    assert_eq!(pool.expire(Slot(9)).len(), 2);
    assert!(pool.is_empty() && pool.by_operator.is_empty() && pool.by_hash.is_empty());
    assert_eq!(pool.bytes, 0);
}

#[test]
fn limits_hold_in_all_and_for_each_operator_of_a_domain() {
    let size = submission(1, 1, 1, 1).bytes();
    let limits = SubmissionLimits { submissions: 4, bytes: 3 * size, per_operator: 2 };
    let mut pool = SubmissionPool { limits, ..SubmissionPool::default() };
    let room =
        |pool: &SubmissionPool, domain, operator| pool.room(DomainId(domain), OperatorId(operator), size);
    pool.push(submission(1, 1, 1, 1));
    pool.push(submission(1, 1, 2, 2));
    assert_eq!(room(&pool, 1, 1), Err(Full::Operator(DomainId(1), OperatorId(1))));
    assert_eq!(room(&pool, 2, 1), Ok(()));
    assert_eq!(room(&pool, 1, 2), Ok(()));
    pool.push(submission(2, 1, 1, 1));
    assert_eq!(room(&pool, 3, 1), Err(Full::Pool), "bytes");
    pool.limits.bytes = u64::MAX;
    assert_eq!(room(&pool, 3, 1), Ok(()));
    pool.push(submission(2, 2, 1, 1));
    assert_eq!(room(&pool, 3, 1), Err(Full::Pool), "count");
    pool.remove(&submission(1, 1, 2, 2).hash());
    assert_eq!(room(&pool, 1, 1), Ok(()));
}
