//! Chain cases 66 and 67: proofs that are refused.

use super::derivation::world;
use super::fixture::{DOMAIN, OneRuntime, Scene, World, runtime};
use super::lies::{Lie, lies};
use super::mutations::{proven, rich};
use auto_core::{
    Amount, Blob, BlockNumber, DomainConfig, DomainId, DomainName, Hash, List, MerkleProof,
    OperatorAllowList, RuntimeId, decode_strict, hash,
};
use auto_domains::fraud::{
    BundleData, FRAUD_PROOF_BYTES_MAX, FraudError, FraudKind, FraudProof, Phase, verify,
};
use auto_domains::state::{
    BLOCK, DOMAIN as DOMAINS, DomainRecord, RECEIPT, RECEIPT_AT, RUNTIME, ReceiptRecord, RuntimeRecord,
};
use auto_ledger::Rules;
use auto_module::Domain;
use auto_state::{Overlay, StateError, StateWrite, Witness};
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeMap;

type State = BTreeMap<Vec<u8>, Vec<u8>>;

const HEIGHT: BlockNumber = BlockNumber(3);

fn record_of(scene: &Scene, head: BlockNumber) -> DomainRecord {
    DomainRecord {
        owner: super::fixture::address(0),
        config: DomainConfig {
            name: DomainName::new(b"test".to_vec()).expect("short"),
            bundle_bytes_max: 1 << 17,
            bundle_weight_max: u64::MAX,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: RuntimeId(0),
        created: BlockNumber(0),
        deposit: Amount::ZERO,
        frozen: false,
        head,
        head_receipt: head,
        head_receipt_hash: scene.right().hash(),
        confirmed: BlockNumber(1),
        receipt_at: BlockNumber(30),
        range: u64::MAX,
    }
}

/// The state of a consensus chain that holds `receipt` as the newest one of the domain.
fn chain(
    scene: &Scene,
    receipt: &auto_core::ExecutionReceipt,
    change: impl FnOnce(&mut DomainRecord),
) -> State {
    let below = State::new();
    let mut state = Overlay::new(&below);
    let mut record = record_of(scene, receipt.number);
    change(&mut record);
    DOMAINS.put(&mut state, &DOMAIN, &record);
    DOMAINS.put(&mut state, &DomainId(8), &record);
    let modules = runtime().modules().iter().map(|module| module.id).collect();
    let known = RuntimeRecord {
        owner: None,
        name: DomainName::new(b"test".to_vec()).expect("short"),
        modules: List::new(modules).expect("three"),
        version: 1,
        upgrade: None,
    };
    RUNTIME.put(&mut state, &RuntimeId(0), &known);
    for receipt in [&scene.parent, receipt] {
        put_receipt(&mut state, receipt);
    }
    BLOCK.put(&mut state, &(DOMAIN, scene.block.inherent.number), &scene.block);
    state.into_changes().into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

fn put_receipt(state: &mut dyn StateWrite, receipt: &auto_core::ExecutionReceipt) {
    let submitters = List::new(vec![auto_core::OperatorId(1)]).expect("one");
    let record = ReceiptRecord { receipt: receipt.clone(), submitters, submitted: BlockNumber(30) };
    let hash = receipt.hash();
    RECEIPT.put(state, &hash, &record);
    RECEIPT_AT.put(state, &(receipt.domain, receipt.number), &hash);
}

fn rules(scene: &Scene) -> Rules {
    Rules::plain(scene.environment.params.clone(), scene.environment.genesis)
}

fn verdict(scene: &Scene, state: &State, proof: &FraudProof) -> Result<Hash, FraudError> {
    verify(&rules(scene), &OneRuntime, state, proof).map(|record| record.receipt.hash())
}

/// A block of height 3, a lie about it, and the proof.
fn dispute() -> (Scene, Lie, FraudProof) {
    let scene = rich(&world());
    assert_eq!(scene.right().number, HEIGHT);
    let lie = lies(&scene).into_iter().find(|lie| lie.name == "root 3").expect("there are more roots");
    let proof = proven(&scene, &lie);
    (scene, lie, proof)
}

#[test]
fn case_66_a_proof_counts_once_against_the_wrong_receipt_and_never_against_another() {
    let (scene, lie, proof) = dispute();
    let bad = lie.bad.hash();
    assert_eq!(verdict(&scene, &chain(&scene, &lie.bad, |_| {}), &proof), Ok(bad));

    // Against the right receipt.
    let state = chain(&scene, scene.right(), |_| {});
    assert_eq!(verdict(&scene, &state, &proof), Err(FraudError::UnknownReceipt(bad)));
    let aimed = FraudProof { bad_receipt: scene.right().hash(), ..proof.clone() };
    assert_eq!(verdict(&scene, &state, &aimed), Err(FraudError::ReceiptIsRight));

    // Twice: the first proof cut the line before the receipt.
    let cut = chain(&scene, &lie.bad, |record| record.head_receipt = BlockNumber(2));
    assert_eq!(verdict(&scene, &cut, &proof), Err(FraudError::AlreadyRemoved(bad)));

    // A pruned one.
    let pruned = chain(&scene, &lie.bad, |record| record.confirmed = HEIGHT);
    let refused = FraudError::Confirmed { number: HEIGHT, confirmed: HEIGHT };
    assert_eq!(verdict(&scene, &pruned, &proof), Err(refused));

    // Genesis.
    let first = World::new(4);
    let start = first.scene(Vec::new());
    let state = chain(&start, start.right(), |record| record.confirmed = BlockNumber(0));
    let aimed = FraudProof { bad_receipt: first.parent.hash(), ..proof.clone() };
    assert_eq!(verdict(&start, &state, &aimed), Err(FraudError::Genesis));

    // Another domain.
    let state = chain(&scene, &lie.bad, |_| {});
    let aimed = FraudProof { domain: DomainId(8), ..proof.clone() };
    let refused = FraudError::OtherDomain { receipt: DOMAIN, proof: DomainId(8) };
    assert_eq!(verdict(&scene, &state, &aimed), Err(refused));
    let aimed = FraudProof { domain: DomainId(9), ..proof };
    assert_eq!(verdict(&scene, &state, &aimed), Err(FraudError::UnknownDomain(DomainId(9))));
}

#[test]
fn case_66_a_receipt_above_a_cut_cannot_be_disputed_though_it_is_not_cleared_yet() {
    let (scene, lie, proof) = dispute();
    let state = chain(&scene, &lie.bad, |record| record.head_receipt = BlockNumber(1));
    assert_eq!(verdict(&scene, &state, &proof), Err(FraudError::AlreadyRemoved(lie.bad.hash())));
    // Another receipt took its place.
    let mut state = chain(&scene, &lie.bad, |_| {});
    state.insert(RECEIPT_AT.key(&(DOMAIN, HEIGHT)), scene.right().hash().encode());
    assert_eq!(verdict(&scene, &state, &proof), Err(FraudError::AlreadyRemoved(lie.bad.hash())));
}

#[test]
fn trouble_of_the_node_is_told_apart() {
    let (scene, lie, proof) = dispute();
    let whole = chain(&scene, &lie.bad, |_| {});
    for key in [BLOCK.key(&(DOMAIN, HEIGHT)), RECEIPT.key(&scene.parent.hash()), RUNTIME.key(&RuntimeId(0))] {
        let mut state = whole.clone();
        state.remove(&key).expect("it was there");
        let error = verdict(&scene, &state, &proof).expect_err("something is missing");
        assert!(error.is_fatal(), "{error}");
        let mut state = whole.clone();
        state.insert(key, vec![1]);
        assert!(verdict(&scene, &state, &proof).expect_err("something is damaged").is_fatal());
    }
}

/// The nodes of a witness, in their order.
fn nodes(witness: &Witness) -> Vec<Vec<u8>> {
    let list: List<Blob<{ 1 << 20 }>, { 1 << 20 }> =
        decode_strict(&witness.encode(), 1 << 20).expect("a list");
    list.into_inner().into_iter().map(Blob::into_inner).collect()
}

fn witness(nodes: &[Vec<u8>]) -> Option<Witness> {
    let list = nodes.iter().map(|node| Blob::<{ 1 << 20 }>::new(node.clone()).expect("short")).collect();
    let list = List::<_, { 1 << 20 }>::new(list).expect("few");
    Witness::decode(&mut list.encode().as_slice()).ok()
}

fn with_witness(proof: &FraudProof, other: Witness) -> FraudProof {
    let mut proof = proof.clone();
    match &mut proof.kind {
        FraudKind::StateTransition { witness, .. }
        | FraudKind::InvalidBundle { data: BundleData::Extrinsic { witness, .. }, .. } => *witness = other,
        _ => panic!("no witness"),
    }
    proof
}

fn witness_of(proof: &FraudProof) -> Option<&Witness> {
    match &proof.kind {
        FraudKind::StateTransition { witness, .. }
        | FraudKind::InvalidBundle { data: BundleData::Extrinsic { witness, .. }, .. } => Some(witness),
        _ => None,
    }
}

#[test]
fn case_67_a_witness_with_a_node_missing_altered_or_to_spare_is_refused() {
    let scene = rich(&world());
    let mut tried = 0;
    for lie in lies(&scene) {
        let proof = proven(&scene, &lie);
        let Some(right) = witness_of(&proof) else { continue };
        let listed = nodes(right);
        for at in 0..listed.len() {
            let mut fewer = listed.clone();
            let lost = fewer.remove(at);
            let fewer = with_witness(&proof, witness(&fewer).expect("still in order"));
            let refused = scene.judge(&lie.bad, &fewer);
            assert!(matches!(refused, Err(FraudError::Witness(StateError::Missing(_)))), "{refused:?}");
            for byte in [0, lost.len() / 2, lost.len() - 1] {
                let mut altered = listed.clone();
                altered[at][byte] ^= 1;
                altered.sort_by_key(|node| hash(node));
                // A node with another hash is another node: the witness is out of order, or lacks one.
                let mut orders = vec![listed.clone()];
                orders[0][at][byte] ^= 1;
                orders.push(altered);
                for other in orders.iter().filter_map(|nodes| witness(nodes)) {
                    let refused = scene.judge(&lie.bad, &with_witness(&proof, other));
                    assert!(matches!(refused, Err(FraudError::Witness(_))), "{refused:?}");
                }
            }
            tried += 1;
        }
        // A node of the same state that the step does not read, and one of no state.
        let spare = scene.nodes.values().filter(|node| !listed.contains(node)).take(3);
        for node in spare {
            let more = in_order(&listed, node);
            let excess = scene.judge(&lie.bad, &with_witness(&proof, more));
            assert_eq!(excess, Err(FraudError::WitnessExcess { excess: 1 }), "{}", lie.name);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

/// The witness with one node more, at the place that its hash gives it.
fn in_order(listed: &[Vec<u8>], node: &[u8]) -> Witness {
    let mut places = (0..=listed.len()).filter_map(|at| {
        let mut more = listed.to_vec();
        more.insert(at, node.to_vec());
        witness(&more)
    });
    places.next().expect("one place is right")
}

#[test]
fn case_67_extrinsics_do_not_lead_to_the_first_or_the_last_root() {
    let scene = rich(&world());
    let roots = scene.right().trace.len();
    let leaves = auto_domains::derive::execute::extrinsic_leaves(
        &scene.rules(),
        scene.derived.ordered.iter().map(|(hash, _)| *hash),
    );
    let inherent = auto_module::Extrinsic::Inherent(Box::new(scene.block.inherent)).encode();
    let (_, extrinsic) = &scene.derived.ordered[0];
    for (index, extrinsic) in [
        (0, super::fixture::opaque(inherent)),
        (0, extrinsic.clone()),
        (roots - 1, extrinsic.clone()),
        (roots, extrinsic.clone()),
    ] {
        let mut proof = MerkleProof::new(&leaves, index.min(leaves.len() - 1)).expect("in the list");
        proof.index = u32::try_from(index).expect("small");
        let phase = Phase::Apply { extrinsic, proof };
        let kind = FraudKind::StateTransition { phase, witness: Witness::default() };
        let proof = FraudProof { domain: DOMAIN, bad_receipt: scene.right().hash(), kind };
        let index = u32::try_from(index).expect("small");
        assert_eq!(scene.judge(scene.right(), &proof), Err(FraudError::TraceIndex { index, roots }));
    }
}

#[test]
fn case_67_parts_of_another_proof_are_refused() {
    let scene = rich(&world());
    let other = rich(&{
        let mut world = world();
        let step = world.scene(vec![vec![world.transfer(9, 0, 1, 1)]]);
        world.advance(&step);
        world
    });
    // Proofs about another block, against each lie about this one: those that show nothing of this block.
    let foreign: Vec<FraudProof> = lies(&other).iter().map(|lie| proven(&other, lie)).collect();
    for lie in lies(&scene) {
        for proof in &foreign {
            // What needs no data of the block is the same proof for every block; and beside the inherent, which
            // a proof does not hold, both blocks run the same extrinsics in the same order.
            let generic = matches!(
                proof.kind,
                FraudKind::BlockHash
                    | FraudKind::TraceLength { .. }
                    | FraudKind::InvalidBundle { data: BundleData::Absent, .. }
            );
            // Bundles whose extrinsics are the same bytes in both blocks are proven by the same bytes.
            let bodies = matches!(
                &proof.kind,
                FraudKind::ValidBundle { .. }
                    | FraudKind::InvalidBundle {
                        data: BundleData::Body(_) | BundleData::Extrinsic { .. },
                        ..
                    }
                    | FraudKind::ExtrinsicsRoot { .. }
            );
            if !generic && !bodies {
                let refused = scene.judge(&lie.bad, proof);
                assert!(refused.is_err(), "{}: {:?}", lie.name, super::lies::name_of(&proof.kind));
            }
            assert!(scene.judge(scene.right(), proof).is_err(), "{}", lie.name);
        }
    }
}

#[test]
fn a_proof_over_the_limit_is_refused_before_anything_is_looked_up() {
    let (scene, lie, _) = dispute();
    let longest = super::fixture::opaque(vec![0; auto_core::EXTRINSIC_BYTES_MAX]);
    let kind = FraudKind::ValidBundle { bundle: 0, extrinsics: List::new(vec![longest; 5]).expect("few") };
    let proof = FraudProof { domain: DomainId(99), bad_receipt: lie.bad.hash(), kind };
    let bytes = proof.encoded_size();
    assert!(bytes > FRAUD_PROOF_BYTES_MAX);
    assert_eq!(verdict(&scene, &State::new(), &proof), Err(FraudError::TooLong { bytes }));
}

#[test]
fn bundles_that_are_not_there_have_no_verdict() {
    let (scene, lie, _) = dispute();
    let bundles = scene.bundles.len();
    let index = u32::try_from(bundles).expect("few");
    let kind = FraudKind::ValidBundle { bundle: index, extrinsics: List::default() };
    let proof = FraudProof { domain: DOMAIN, bad_receipt: lie.bad.hash(), kind };
    assert_eq!(scene.judge(&lie.bad, &proof), Err(FraudError::BundleIndex { index, bundles }));
}
