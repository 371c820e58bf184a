//! The encoding of fraud proofs, which must never change.

use super::derivation::world;
use super::lies::lies;
use super::mutations::{proven, rich};
use auto_core::{Address, DomainId, Hash, InvalidBundle, List, MerkleProof, Nonce, hash, tag};
use auto_domains::derive::DigestEntry;
use auto_domains::fraud::{BundleData, FraudKind, FraudProof, Phase};
use auto_state::Witness;
use parity_scale_codec::Encode;

fn bytes_of(kind: FraudKind) -> Vec<u8> {
    let proof = FraudProof { domain: DomainId(0x0403_0201), bad_receipt: Hash([9; 32]), kind };
    let bytes = proof.encode();
    assert_eq!(proof.hash(), hash(&[tag::FRAUD_PROOF, &bytes].concat()));
    let head = [[1, 2, 3, 4].as_slice(), &[9; 32]].concat();
    assert!(bytes.starts_with(&head));
    bytes[head.len()..].to_vec()
}

#[test]
fn the_encoding_is_frozen() {
    let inclusion =
        MerkleProof { index: 1, leaves: 2, siblings: List::new(vec![Hash([7; 32])]).expect("one") };
    let included = [[1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0].as_slice(), &[7; 32]].concat();
    let extrinsic = || super::fixture::opaque(vec![5, 6]);
    let opaque = [2, 0, 0, 0, 5, 6];
    let nothing = [0; 4];

    let phases = [
        (Phase::Initialize, vec![0]),
        (
            Phase::Apply { extrinsic: extrinsic(), proof: inclusion.clone() },
            [[1].as_slice(), &opaque, &included].concat(),
        ),
        (Phase::Finalize, vec![2]),
    ];
    for (phase, wanted) in phases {
        let bytes = bytes_of(FraudKind::StateTransition { phase, witness: Witness::default() });
        assert_eq!(bytes, [[0].as_slice(), &wanted, &nothing].concat());
    }
    let length = bytes_of(FraudKind::TraceLength { inherent: inclusion.clone() });
    assert_eq!(length, [[1].as_slice(), &included].concat());
    let body = || List::new(vec![extrinsic()]).expect("one");
    let valid = bytes_of(FraudKind::ValidBundle { bundle: 3, extrinsics: body() });
    assert_eq!(valid, [[2, 3, 0, 0, 0, 1, 0, 0, 0].as_slice(), &opaque].concat());
    let entry = DigestEntry { sender: Address([1; 32]), nonce: Nonce(2), hash: Hash([3; 32]) };
    let lists = List::new(vec![List::new(vec![entry]).expect("one"), List::default()]).expect("two");
    let root = bytes_of(FraudKind::ExtrinsicsRoot { bundles: lists });
    let listed = [[1; 32].as_slice(), &[2, 0, 0, 0, 0, 0, 0, 0], &[3; 32]].concat();
    assert_eq!(root, [[3, 2, 0, 0, 0, 1, 0, 0, 0].as_slice(), &listed, &nothing].concat());

    let data = [
        (BundleData::Absent, vec![0]),
        (
            BundleData::Extrinsic { extrinsic: extrinsic(), proof: inclusion, witness: Witness::default() },
            [[1].as_slice(), &opaque, &included, &nothing].concat(),
        ),
        (BundleData::Body(body()), [[2, 1, 0, 0, 0].as_slice(), &opaque].concat()),
    ];
    for (data, wanted) in data {
        let reason = InvalidBundle::IllegalTx(8);
        let bytes = bytes_of(FraudKind::InvalidBundle { bundle: 1, reason, is_true: true, data });
        assert_eq!(bytes, [[4, 1, 0, 0, 0, 4, 8, 0, 0, 0, 1].as_slice(), &wanted].concat());
    }
    assert_eq!(bytes_of(FraudKind::BlockHash), [5]);
}

#[test]
fn proofs_of_values_lead_with_their_kind() {
    let scene = rich(&world());
    for (name, kind) in [("fee 0", 6), ("transfers 0", 7)] {
        let lie = lies(&scene).into_iter().find(|lie| lie.name == name).expect("there is one");
        let proof = proven(&scene, &lie);
        assert_eq!(proof.encode()[36], kind);
        let (FraudKind::Fees { proof } | FraudKind::Transfers { proof }) = proof.kind else {
            panic!("a value is wrong");
        };
        assert!(proof.encoded_size() > 36);
    }
}
