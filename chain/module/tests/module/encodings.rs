//! Frozen encodings: a change of any of these is a change of the protocol.

use crate::world::{ONE, TWO, address, environment, pair, runtime};
use auto_core::{
    Amount, Blob, BlockNumber, ChannelId, DomainId, Hash, List, ModuleId, Nonce, Slot, Transaction,
    extrinsic_hash, hash,
};
use auto_module::bank::{Bank, Call, Transfer};
use auto_module::messages::{
    CONFIRMED, Channel, ChannelState, Confirmed, Message, MessageProof, OUTBOX, Payload, ROOTS, Relay,
    outbox_key,
};
use auto_module::{Domain, Extrinsic, Inherent, Module, bank, module_account};
use auto_state::mmr::{MmrLeaf, MmrProof};
use auto_state::{Changes, EMPTY_ROOT, MemoryNodes, Snapshot, StateProof};
use parity_scale_codec::Encode;

fn inherent() -> Inherent {
    Inherent {
        number: BlockNumber(5),
        consensus_number: BlockNumber(17),
        consensus_hash: Hash([3; 32]),
        mmr_root: Hash([4; 32]),
        slot: Slot(101),
        byte_fee: Amount::from_base_units(1000),
        runtime_version: 2,
    }
}

fn signed() -> Extrinsic {
    let call = Call::Transfer(Transfer { to: address(2), amount: Amount::ai3(3) });
    let transaction = Transaction {
        domain: ONE,
        signer: pair(1).public_key(),
        nonce: Nonce(4),
        expiry: BlockNumber(99),
        fee_limit: Amount::ai3(1),
        calls: List::new(vec![Bank::encode_call(&call).expect("short")]).expect("one"),
    };
    Extrinsic::Signed(Box::new(transaction.sign(&pair(1), &environment(ONE).genesis)))
}

fn message(payload: Payload) -> Message {
    let (nonce, received) = (Nonce(7), Nonce(6));
    Message { src: TWO, dst: ONE, channel: ChannelId(3), nonce, received, payload }
}

fn payloads() -> [Payload; 6] {
    [
        Payload::Open,
        Payload::Close,
        Payload::Transfer { from: address(1), to: address(2), amount: Amount::ai3(3) },
        Payload::Response { to: Nonce(9), result: Ok(()) },
        Payload::Response { to: Nonce(9), result: Err(0x0102) },
        Payload::Notice { module: ModuleId(77), bytes: Blob::new(b"note".to_vec()).expect("short") },
    ]
}

fn proof(value: &[u8], key: &[u8]) -> StateProof {
    let changes: Changes = [(key.to_vec(), Some(value.to_vec())), (b"other".to_vec(), Some(vec![1]))].into();
    let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("short");
    let nodes: MemoryNodes = commit.fresh.into_iter().collect();
    Snapshot::new(nodes, commit.root).prove(key).expect("whole")
}

fn relays() -> [Relay; 2] {
    let leaf = MmrLeaf { number: BlockNumber(0), block_hash: Hash([5; 32]), state_root: Hash([6; 32]) };
    let mmr = MmrProof {
        leaves: 2,
        siblings: List::new(vec![Hash([7; 32])]).expect("one"),
        peaks: List::default(),
    };
    let anchor = BlockNumber(2);
    [DomainId::CONSENSUS, TWO].map(|src| {
        let message = Message { src, ..message(payloads()[2].clone()) };
        let entry = proof(&message.encode(), &outbox_key(ONE, message.channel, message.nonce));
        let mmr = mmr.clone();
        let proof = if src == TWO {
            let receipt = proof(&[8; 72], &CONFIRMED.key(&TWO));
            MessageProof::Domain { anchor, leaf, mmr, receipt, message: entry }
        } else {
            MessageProof::Consensus { anchor, leaf, mmr, message: entry }
        };
        Relay { message, proof }
    })
}

#[test]
fn the_inherent() {
    let extrinsic = Extrinsic::Inherent(Box::new(inherent()));
    let bytes = extrinsic.encode();
    let by_hand = [
        vec![2],
        5u64.to_le_bytes().to_vec(),
        17u64.to_le_bytes().to_vec(),
        vec![3; 32],
        vec![4; 32],
        101u64.to_le_bytes().to_vec(),
        1000u128.to_le_bytes().to_vec(),
        2u32.to_le_bytes().to_vec(),
    ]
    .concat();
    assert_eq!(bytes, by_hand);
    assert_eq!(inherent().hash(), extrinsic_hash(&bytes));
    assert_eq!(inherent().hash().to_string(), INHERENT_HASH);
    assert_eq!(runtime().decode(&bytes), Ok(extrinsic));
}

#[test]
fn a_signed_transaction() {
    let bytes = signed().encode();
    assert_eq!(hex::encode(&bytes), SIGNED);
    assert_eq!(runtime().decode(&bytes), Ok(signed()));
    let checked = runtime().check(&environment(ONE), signed()).expect("well formed");
    assert_eq!(checked.hash().to_string(), SIGNED_HASH);
    assert_eq!(checked.bytes(), bytes);
    assert_eq!((checked.sender(), checked.nonce(), checked.weight().0), (address(1), Nonce(4), 260_000));
}

#[test]
fn messages_of_every_kind() {
    let encoded: Vec<String> =
        payloads().map(|payload| hex::encode(message(payload).encode())).into_iter().collect();
    assert_eq!(encoded, MESSAGES);
    let transfer = message(payloads()[2].clone());
    assert_eq!(transfer.hash().to_string(), MESSAGE_HASH);
    assert_eq!(hex::encode(transfer.sender().0), MESSAGE_SENDER);
}

#[test]
fn relays_of_both_kinds() {
    let found: Vec<(usize, String)> = relays()
        .map(|relay| {
            let extrinsic = Extrinsic::Message(Box::new(relay));
            let bytes = extrinsic.encode();
            assert_eq!(runtime().decode(&bytes), Ok(extrinsic));
            (bytes.len(), hash(&bytes).to_string())
        })
        .into_iter()
        .collect();
    let wanted: Vec<(usize, String)> = RELAYS.iter().map(|(len, hash)| (*len, (*hash).to_owned())).collect();
    assert_eq!(found, wanted);
}

#[test]
fn keys_and_values_that_proofs_are_about() {
    let text = |key: Vec<u8>| String::from_utf8_lossy(&key).into_owned();
    assert_eq!(bank::FEES.key(), b"bank/fees");
    assert_eq!(bank::TRANSFERS.key(), b"bank/transfers");
    assert_eq!(bank::ISSUANCE.key(), b"bank/issuance");
    assert_eq!(auto_module::INHERENT.key(), b"runtime/inherent");
    assert_eq!(bank::account_key(&address(1)), [&b"bank/account/"[..], &address(1).0].concat());
    assert_eq!(text(CONFIRMED.key(&TWO)), "messages/confirmed/\u{2}\0\0\0");
    assert_eq!(text(ROOTS.key(&BlockNumber(3))), "messages/root/\u{3}\0\0\0\0\0\0\0");
    let outbox = [&b"messages/outbox/\x01\0\0\0"[..], &[3, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]];
    assert_eq!(OUTBOX.key(&(ONE, ChannelId(3), Nonce(7))), outbox.concat());
    let confirmed = Confirmed { number: BlockNumber(1), receipt: Hash([2; 32]), state_root: Hash([3; 32]) };
    assert_eq!(confirmed.encode(), [1u64.to_le_bytes().to_vec(), vec![2; 32], vec![3; 32]].concat());
    let side = Channel {
        state: ChannelState::Open,
        owner: Some(address(1)),
        deposit: Amount::from_base_units(5),
        next_inbox: Nonce(1),
        next_outbox: Nonce(2),
        pruned: Nonce(3),
        unanswered: 4,
    };
    let numbers = [1u64, 2, 3, 4].map(u64::to_le_bytes).concat();
    let by_hand = [vec![1, 1], address(1).0.to_vec(), 5u128.to_le_bytes().to_vec(), numbers].concat();
    assert_eq!(side.encode(), by_hand);
    assert_eq!(hex::encode(module_account(ModuleId(2), b"deposits").0), DEPOSITS);
}

const INHERENT_HASH: &str = "14aae9c162a53138d57028f4d20a3f272b681ddcdaf0c28afb6775defad9cc2f";
const SIGNED_HASH: &str = "2db4e5b123943fe71df048d72f8178e1ebf3adcec53e079b15b5934e3f5d3eb7";
const SIGNED: &str = concat!(
    "00010000008a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c0400000000000000630000",
    "0000000000000064a7b3b6e00d000000000000000001000000010031000000008139770ea87d175f56a35466c34c7ecc",
    "cb8d8a91b4ee37a25df60f5b8fc9b39400002cf61a24a22900000000000000000670a1a328bcd79db9aa2dde6bc5ff6b",
    "0961bed6140e1f6229f5b72383c6cce33bce3fb616da9edefa600c513bcf3f2c1618006059b2e5124279333a7415db01"
);
const MESSAGE_HASH: &str = "c2368f746c532a85076255ec71c6a71066154697c2203818a74b05410ec987b1";
const MESSAGE_SENDER: &str = "a1bcb441a134a017b7f49079e4cf618c3313b7f6332ad6074d7cbb00492f61c0";
const DEPOSITS: &str = "448e318a074c5333537f7ddb9a93fadabb4ee0b784d1bbd4df1a53b6052a87bf";
const MESSAGES: [&str; 6] = [
    "020000000100000003000000000000000700000000000000060000000000000000",
    "020000000100000003000000000000000700000000000000060000000000000001",
    concat!(
        "0200000001000000030000000000000007000000000000000600000000000000028a88e3dd7409f195fd52db2d3cba5d",
        "72ca6709bf1d94121bf3748801b40f6f5c8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b3",
        "9400002cf61a24a2290000000000000000"
    ),
    "020000000100000003000000000000000700000000000000060000000000000003090000000000000000",
    "0200000001000000030000000000000007000000000000000600000000000000030900000000000000010201",
    "0200000001000000030000000000000007000000000000000600000000000000044d00040000006e6f7465",
];
const RELAYS: [(usize, &str); 2] = [
    (398, "59fccc682b989cf77069ebf7b0aed30104920a7ad27145a864d436d88deb0fba"),
    (512, "156777db8877667e5ae02275ea03ef8e2023204b120e2bd46eb1a83b4e40b7fd"),
];
