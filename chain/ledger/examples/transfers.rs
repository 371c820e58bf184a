//! Measures transfers in memory: `cargo run -p auto-ledger --example transfers [transfers] [accounts]`.
//!
//! Checks (signatures on all cores), executes and commits blocks of transfers over a state of many
//! accounts; prints one JSON object with the median over the blocks.
#![allow(clippy::print_stdout, reason = "the result of this program goes to stdout")]

use auto_core::{
    Address, Amount, BlockNumber, DomainId, Genesis, Hash, HistorySize, KeyPair, List, Nonce, Preset,
    ProtocolParams, SignedTransaction, Slot, Transaction,
};
use auto_ledger::{
    Account, BlockContext, LedgerCall, NoExtension, ParentBlock, Rules, account_key, check_block,
    execute_block, genesis_state,
};
use auto_state::{EMPTY_ROOT, NodeSource, Snapshot, StateError};
use parity_scale_codec::Encode;
use std::collections::HashMap;
use std::time::Instant;

struct Nodes(HashMap<Hash, Vec<u8>>);

impl NodeSource for Nodes {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.0.get(hash).cloned())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn number(at: usize, default: u32) -> u32 {
    std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (transfers, accounts) = (number(1, 5000), number(2, 100_000));
    let params = ProtocolParams::preset(Preset::Production);
    // Prices in proportion to the measurement only: the cap keeps the byte fee payable.
    let params = ProtocolParams { byte_fee_max: Amount::from_base_units(1_000_000_000), ..params };
    let rules = Rules::plain(params.clone(), Hash::ZERO);
    let pairs: Vec<KeyPair> = (0..transfers)
        .map(|at| {
            let mut secret = [3; 32];
            secret[..4].copy_from_slice(&at.to_le_bytes());
            KeyPair::from_secret(&secret)
        })
        .collect();
    let filler = (0..accounts).map(|at| {
        let mut bytes = [7; 32];
        bytes[..4].copy_from_slice(&at.to_le_bytes());
        Address(bytes)
    });
    let genesis = Genesis::new(params.clone(), List::default());
    let mut changes = genesis_state(&genesis, &NoExtension)?;
    let account = Account { balance: Amount::ai3(1000), nonce: Nonce(0) };
    for address in filler.chain(pairs.iter().map(|pair| pair.public_key().address())) {
        changes.insert(account_key(&address), Some(account.encode()));
    }
    let mut nodes = Nodes(HashMap::new());
    let commit = Snapshot::new(&nodes, EMPTY_ROOT).commit(&changes)?;
    nodes.0.extend(commit.fresh);
    let mut root = commit.root;

    let (mut check_s, mut execute_s, mut commit_s, mut all_s) = (vec![], vec![], vec![], vec![]);
    for block in 0..5u64 {
        let signed: Vec<SignedTransaction> = pairs
            .iter()
            .enumerate()
            .map(|(at, pair)| {
                let to = pairs[(at * 7 + 1) % pairs.len()].public_key().address();
                let call = LedgerCall::Transfer { to, amount: Amount::ai3(1) };
                let transaction = Transaction {
                    domain: DomainId::CONSENSUS,
                    signer: pair.public_key(),
                    nonce: Nonce(block),
                    expiry: BlockNumber(100),
                    fee_limit: Amount::ai3(1),
                    calls: List::new(call.into_call().into_iter().collect()).unwrap_or_default(),
                };
                transaction.sign(pair, &Hash::ZERO)
            })
            .collect();
        let start = Instant::now();
        let checked = check_block(&rules, &signed)?;
        let checked_at = start.elapsed().as_secs_f64();
        let snapshot = Snapshot::new(&nodes, root);
        let cx = BlockContext {
            number: BlockNumber(block + 1),
            farmer: pairs[0].public_key(),
            reward_address: pairs[0].public_key().address(),
            solution_range: params.initial_solution_range,
            history_size: HistorySize::ONE,
            parent: ParentBlock {
                number: BlockNumber(block),
                hash: Hash::ZERO,
                state_root: root,
                mmr_root: Hash::ZERO,
            },
            mmr_root: Hash::ZERO,
            slot: Slot(block + 1),
            future_slot: Slot(block + 1),
            outputs: Vec::new(),
            randomness: Hash::ZERO,
        };
        let executed = execute_block(&rules, &snapshot, &cx, &[], &checked)?;
        let executed_at = start.elapsed().as_secs_f64();
        let commit = snapshot.commit(&executed.changes)?;
        let committed_at = start.elapsed().as_secs_f64();
        nodes.0.extend(commit.fresh);
        commit.stale.iter().for_each(|hash| drop(nodes.0.remove(hash)));
        root = commit.root;
        check_s.push(checked_at);
        execute_s.push(executed_at - checked_at);
        commit_s.push(committed_at - executed_at);
        all_s.push(committed_at);
    }
    let count = f64::from(transfers);
    println!(
        "{{\"transfers\":{transfers},\"accounts\":{accounts},\"check_us\":{:.1},\"execute_us\":{:.1},\
         \"commit_us\":{:.1},\"transfers_per_second\":{:.0}}}",
        median(check_s) / count * 1e6,
        median(execute_s) / count * 1e6,
        median(commit_s) / count * 1e6,
        count / median(all_s),
    );
    Ok(())
}
