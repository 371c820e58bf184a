//! No proof counts against the truth, however it is made out of proofs that count against lies.

use super::derivation::world;
use super::fixture::scratch::Pad;
use super::fixture::{Scene, World, opaque};
use super::lies::{Lie, lies};
use super::mutations::proven;
use auto_core::{ExecutionReceipt, InvalidBundle, List, OpaqueExtrinsic};
use auto_domains::fraud::{BundleData, FraudKind, FraudProof, Phase};
use auto_state::Witness;
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;
use std::sync::OnceLock;

/// One extrinsic of a random block.
#[derive(Debug, Clone)]
enum Doing {
    Pay(u16, u64, u16),
    Relay(u64),
    Leave(u16, u64),
    Fail(u16, u64),
    Fill(u16, u64, u32),
    Junk(u8),
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        6 => (0..9u16, 0..3u64, 0..14u16).prop_map(|(from, nonce, to)| Doing::Pay(from, nonce, to)),
        2 => (0..4u64).prop_map(Doing::Relay),
        1 => (0..9u16, 0..3u64).prop_map(|(from, nonce)| Doing::Leave(from, nonce)),
        1 => (0..9u16, 0..3u64).prop_map(|(from, nonce)| Doing::Fail(from, nonce)),
        1 => (0..9u16, 0..3u64, 0..30u32).prop_map(|(from, nonce, count)| Doing::Fill(from, nonce, count)),
        1 => any::<u8>().prop_map(Doing::Junk),
    ]
}

fn extrinsic(world: &World, doing: &Doing) -> OpaqueExtrinsic {
    match doing {
        Doing::Pay(from, nonce, to) => world.transfer(*from, *nonce, *to, 3),
        Doing::Relay(nonce) => world.relay(*nonce, |_| {}),
        Doing::Leave(from, nonce) => world.leave(*from, *nonce, 2),
        Doing::Fail(from, nonce) => world.pad(*from, *nonce, &Pad::Fail),
        Doing::Fill(from, nonce, count) => world.pad(*from, *nonce, &Pad::Fill(7, *count)),
        Doing::Junk(byte) => opaque(vec![*byte; 5]),
    }
}

fn started() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(world)
}

fn scene(bundles: &[Vec<Doing>], heavier: usize) -> Scene {
    let world = started();
    let bundles: Vec<Vec<OpaqueExtrinsic>> =
        bundles.iter().map(|bundle| bundle.iter().map(|doing| extrinsic(world, doing)).collect()).collect();
    let mut block = world.block(&bundles);
    let mut inbox = block.inbox.to_vec();
    if let Some(entry) = inbox.get_mut(heavier) {
        entry.weight += 1;
    }
    block.inbox = List::new(inbox).expect("as many");
    world.scene_of(block, bundles)
}

fn blocks() -> impl Strategy<Value = (Vec<Vec<Doing>>, usize)> {
    let bundle = proptest::collection::vec(doing(), 0..5);
    (proptest::collection::vec(bundle, 0..4), 0..8usize)
}

/// Changes a part of a proof by its meaning.
fn reshape(proof: &mut FraudProof, other: &FraudProof, by: u32) {
    match (&mut proof.kind, &other.kind) {
        (
            FraudKind::StateTransition { phase, witness },
            FraudKind::StateTransition { phase: theirs, witness: w },
        ) => match by % 4 {
            0 => *phase = theirs.clone(),
            1 => *witness = w.clone(),
            2 => *phase = if by.is_multiple_of(8) { Phase::Finalize } else { Phase::Initialize },
            _ => {
                if let Phase::Apply { proof, .. } = phase {
                    proof.index = proof.index.wrapping_add(by);
                }
            }
        },
        (FraudKind::InvalidBundle { bundle, reason, is_true, data }, theirs) => match (by % 5, theirs) {
            (0, _) => *is_true = !*is_true,
            (1, _) => *bundle = bundle.wrapping_add(by),
            (2, FraudKind::InvalidBundle { data: theirs, .. }) => *data = theirs.clone(),
            (3, FraudKind::InvalidBundle { reason: theirs, .. }) => *reason = *theirs,
            (4, FraudKind::ValidBundle { extrinsics, .. }) => {
                (*reason, *data) = (InvalidBundle::InvalidWeight, BundleData::Body(extrinsics.clone()));
            }
            _ => *data = BundleData::Absent,
        },
        (FraudKind::ValidBundle { bundle, extrinsics }, _) => {
            let mut list = extrinsics.to_vec();
            if by.is_multiple_of(2) {
                list.reverse();
                *extrinsics = List::new(list).expect("as many");
            } else {
                *bundle = bundle.wrapping_add(by);
            }
        }
        (FraudKind::ExtrinsicsRoot { bundles }, _) => {
            let mut lists = bundles.to_vec();
            if by.is_multiple_of(2) {
                lists.reverse();
            } else {
                lists.pop();
            }
            *bundles = List::new(lists).expect("not more");
        }
        (FraudKind::TraceLength { inherent }, _) => inherent.leaves = inherent.leaves.wrapping_add(by),
        (kind @ FraudKind::BlockHash, _) => {
            *kind = FraudKind::StateTransition { phase: Phase::Finalize, witness: Witness::default() };
        }
        (kind @ FraudKind::Fees { .. }, _) => {
            if let FraudKind::Fees { proof } = kind.clone() {
                *kind = FraudKind::Transfers { proof };
            }
        }
        (kind, theirs) => *kind = theirs.clone(),
    }
}

fn truth_stands(scene: &Scene, proof: &FraudProof, how: &str) {
    let refused = scene.judge(scene.right(), proof);
    assert!(refused.is_err(), "{how}: {proof:?} counts against the truth");
}

fn proofs(scene: &Scene, count: usize, pick: u64) -> Vec<(Lie, FraudProof)> {
    let all = lies(scene);
    let step = (all.len() / count).max(1);
    let offset = usize::try_from(pick).unwrap_or(0) % step;
    let chosen = all.into_iter().skip(offset).step_by(step);
    chosen
        .map(|lie| {
            let proof = proven(scene, &lie);
            (lie, proof)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_lie_about_a_random_block_is_provable((bundles, heavier) in blocks(), pick in any::<u64>()) {
        let scene = scene(&bundles, heavier);
        prop_assert!(scene.prove(scene.right()).is_ok_and(|proof| proof.is_none()));
        proofs(&scene, 60, pick);
    }

    #[test]
    fn two_lies_at_once_are_provable((bundles, heavier) in blocks(), pick in any::<u64>()) {
        let scene = scene(&bundles, heavier);
        let all = lies(&scene);
        let chosen = proofs(&scene, 12, pick);
        for (at, (first, _)) in chosen.iter().enumerate() {
            let second = &all[(at * 37 + usize::try_from(pick % 1000).unwrap_or(0)) % all.len()];
            let bad = both(scene.right(), &first.bad, &second.bad);
            let Ok(Some(proof)) = scene.prove(&bad) else { panic!("{} and {}", first.name, second.name) };
            prop_assert_eq!(scene.judge(&bad, &proof), Ok(()), "{} and {}", first.name, second.name);
            truth_stands(&scene, &proof, "two lies");
        }
    }

    #[test]
    fn no_mutation_of_a_proof_counts_against_the_truth(
        (bundles, heavier) in blocks(),
        pick in any::<u64>(),
        noise in proptest::collection::vec((any::<u32>(), any::<u8>()), 40),
    ) {
        let scene = scene(&bundles, heavier);
        let chosen = proofs(&scene, 40, pick);
        for (at, (_, proof)) in chosen.iter().enumerate() {
            let bytes = proof.encode();
            for (place, flip) in &noise {
                // One byte changed, the bytes cut there, or a stretch repeated.
                let place = usize::try_from(*place).unwrap_or(0) % bytes.len();
                let mut changed = bytes.clone();
                match flip % 8 {
                    0 => changed.truncate(place),
                    1 => changed.extend_from_slice(&bytes[place..]),
                    _ => changed[place] ^= flip | 1,
                }
                if let Ok(proof) = FraudProof::decode(&mut changed.as_slice()) {
                    truth_stands(&scene, &proof, "noise");
                }
            }
            for (by, _) in &noise {
                let other = &chosen[usize::try_from(*by).unwrap_or(0) % chosen.len()].1;
                let mut reshaped = proof.clone();
                reshape(&mut reshaped, other, by.wrapping_add(u32::try_from(at).unwrap_or(0)));
                truth_stands(&scene, &reshaped, "reshaped");
            }
        }
    }
}

/// A receipt with both lies: of every field the one that differs from the truth, the second before the first.
fn both(right: &ExecutionReceipt, first: &ExecutionReceipt, second: &ExecutionReceipt) -> ExecutionReceipt {
    let mut bad = first.clone();
    if second.bundles != right.bundles {
        bad.bundles = second.bundles.clone();
    }
    if second.trace != right.trace {
        bad.trace = second.trace.clone();
    }
    if second.extrinsics_root != right.extrinsics_root {
        bad.extrinsics_root = second.extrinsics_root;
    }
    if second.fees != right.fees {
        bad.fees = second.fees;
    }
    if second.transfers != right.transfers {
        bad.transfers = second.transfers.clone();
    }
    super::lies::seal(&mut bad);
    bad
}
