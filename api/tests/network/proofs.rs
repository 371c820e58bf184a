//! What anybody checks of a domain without trusting the node that answers.

use crate::net::{IDENTITY, Net, address, pair};
use auto_core::{Amount, BlockNumber, ExecutionReceipt, Hash, Header, decode_strict};
use auto_domains::receipt;
use auto_module::INHERENT;
use auto_module::bank::{self, Account};
use auto_sdk::DomainStage;
use auto_state::{Snapshot, Witness};
use autoid_core::{AutoId, View};
use autoid_interface::{CLOCK, IDENTITIES, StateView};
use serde_json::{Value, json};

const BYTES_MAX: usize = 1 << 20;
/// An identity that there is not.
const NOBODY: AutoId = AutoId([9; 32]);

const DOCUMENT: &str = "query($keys: [Bytes!]!, $block: Height, $vouched: Boolean!) { domain(number: 1) { \
                        proof(keys: $keys, block: $block, vouched: $vouched) { number blockHash stateRoot witness \
                        receipt anchor { block header proof } } } }";

fn keys() -> Vec<Vec<u8>> {
    vec![bank::ACCOUNTS.key(&address("bob")), INHERENT.key(), CLOCK.key(), IDENTITIES.key(&NOBODY)]
}

fn texts(keys: &[Vec<u8>]) -> Vec<String> {
    keys.iter().map(|key| format!("0x{}", hex::encode(key))).collect()
}

/// The parts of a proof as bytes.
#[derive(Debug, Clone)]
struct Parts {
    header: Vec<u8>,
    anchor: Vec<u8>,
    receipt: Vec<u8>,
    witness: Vec<u8>,
}

impl Parts {
    fn of(proof: &Value) -> Self {
        let bytes = |value: &Value| {
            hex::decode(value.as_str().expect("text").strip_prefix("0x").expect("bytes")).expect("hex")
        };
        Self {
            header: bytes(&proof["anchor"]["header"]),
            anchor: bytes(&proof["anchor"]["proof"]),
            receipt: bytes(&proof["receipt"]),
            witness: bytes(&proof["witness"]),
        }
    }

    /// What bob has, and the height of the view, if everything leads to the block that is trusted.
    fn check(&self, trusted: &Hash) -> Result<(Account, u64), String> {
        let read = |error: auto_core::CodecError| error.to_string();
        let header: Header = decode_strict(&self.header, BYTES_MAX).map_err(read)?;
        if header.hash() != *trusted {
            return Err("another block".to_owned());
        }
        let anchor: Witness = decode_strict(&self.anchor, BYTES_MAX).map_err(read)?;
        let receipt: ExecutionReceipt = decode_strict(&self.receipt, BYTES_MAX).map_err(read)?;
        let consensus = Snapshot::new(&anchor, header.state_root);
        let stated =
            receipt::hash_at(&consensus, IDENTITY, receipt.number).map_err(|error| error.to_string())?;
        if stated != Some(receipt.hash()) {
            return Err("another receipt".to_owned());
        }
        let witness: Witness = decode_strict(&self.witness, BYTES_MAX).map_err(read)?;
        let state = Snapshot::new(&witness, receipt.final_state_root);
        let view = StateView::new(&state).map_err(|error| error.to_string())?;
        if view.identity(&NOBODY).map_err(|error| error.to_string())?.is_some() {
            return Err("somebody".to_owned());
        }
        let account = bank::ACCOUNTS.get(&state, &address("bob")).map_err(|error| error.to_string())?;
        Ok((account.unwrap_or_default(), view.point().block))
    }
}

async fn refused(net: &Net, variables: Value) -> String {
    match net.client.query(DOCUMENT, variables).await {
        Err(auto_sdk::SdkError::Refused { remote, .. }) => remote,
        other => unreachable!("it has to be refused: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_of_a_domain_is_proven_down_to_a_trusted_block_and_no_byte_of_it_can_change() {
    let net = Net::start().await;
    let identity = net.client.domain(IDENTITY);
    let prepared = identity.transfer(&pair("alice"), address("bob"), Amount::ai3(7)).await.expect("answers");
    let sent = net.send(&prepared, DomainStage::Confirmed).await;
    let ask = json!({ "keys": texts(&keys()), "vouched": true });
    let answer = net.client.query(DOCUMENT, ask).await.expect("answers");
    let proof = &answer["domain"]["proof"];
    let parts = Parts::of(proof);
    let anchored: u64 = proof["anchor"]["block"].as_str().expect("text").parse().expect("a number");
    let trusted = net.node.block(BlockNumber(anchored)).expect("readable").expect("known").id.hash;
    let (bob, height) = parts.check(&trusted).expect("it holds");
    let before = auto_sdk::DEV_DOMAIN_BALANCE;
    assert_eq!(bob.balance, before.checked_add(Amount::ai3(7)).expect("little"));
    assert!(height >= sent.block.0);
    assert_eq!(proof["number"], height.to_string());

    for part in 0..4 {
        let mut altered = parts.clone();
        let length = [&parts.header, &parts.anchor, &parts.receipt, &parts.witness][part].len();
        for at in (0..length).step_by(1 + length / 300) {
            let bytes = match part {
                0 => &mut altered.header,
                1 => &mut altered.anchor,
                2 => &mut altered.receipt,
                _ => &mut altered.witness,
            };
            bytes[at] ^= 1;
            assert!(altered.check(&trusted).is_err(), "part {part}, byte {at}");
            altered = parts.clone();
        }
    }
    net.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proofs_that_nobody_can_give_are_refused_with_a_code() {
    let net = Net::start().await;
    let many = texts(&vec![vec![1, 2, 3]; 257]);
    assert_eq!(refused(&net, json!({ "keys": many, "vouched": false })).await, "API-0101");
    assert_eq!(refused(&net, json!({ "keys": [], "vouched": false })).await, "API-0101");
    let long = texts(&[vec![7; 513]]);
    assert_eq!(refused(&net, json!({ "keys": long, "vouched": false })).await, "API-0205");
    let ahead = json!({ "keys": texts(&keys()), "block": "99999999", "vouched": false });
    assert_eq!(refused(&net, ahead).await, "API-0105");
    // In the block that holds its bundles nobody can have vouched for a domain block yet.
    let identity = net.client.domain(IDENTITY);
    let prepared = identity.transfer(&pair("dave"), address("bob"), Amount::ai3(1)).await.expect("answers");
    let ran = net.send(&prepared, DomainStage::Executed).await;
    let made_in = net.client.query(
        "query($number: Height!) { domain(number: 1) { block(number: $number) { consensusNumber } } }",
        json!({ "number": ran.block.to_string() }),
    );
    let made_in = made_in.await.expect("answers")["domain"]["block"]["consensusNumber"].clone();
    let document = "query($keys: [Bytes!]!, $at: Height!) { at(block: { height: $at }) { domain(number: 1) { \
                    proof(keys: $keys) { number witness anchor { block } } } } }";
    let answer = net.client.query(document, json!({ "keys": texts(&keys()), "at": made_in })).await;
    let proof = answer.expect("answers")["at"]["domain"]["proof"].clone();
    assert_eq!((&proof["number"], &proof["anchor"]), (&json!(ran.block.to_string()), &Value::Null));
    net.stop().await;
}
