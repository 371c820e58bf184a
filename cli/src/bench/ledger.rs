//! Transfers: signatures checked, executed, and committed to RocksDB.

use super::{Figures, figures, median, timed, whole};
use crate::error::{CliError, internal};
use auto_core::{
    Address, Amount, BlockNumber, DomainId, Genesis, Hash, HistorySize, KeyPair, List, Nonce, Preset,
    ProtocolParams, SignedTransaction, Slot, Transaction,
};
use auto_ledger::{
    Account, BlockContext, LedgerCall, NoExtension, ParentBlock, Rules, account_key, check_block,
    execute_block, genesis_state,
};
use auto_state::{EMPTY_ROOT, Snapshot};
use auto_store::{Batch, RocksStore, StateNodes, Store};
use parity_scale_codec::Encode;
use serde_json::json;

const TRANSFERS: u32 = 4000;
const ACCOUNTS: u32 = 50_000;
const BLOCKS: u64 = 5;

fn pair(at: u32) -> KeyPair {
    let mut secret = [3; 32];
    secret[..4].copy_from_slice(&at.to_le_bytes());
    KeyPair::from_secret(&secret)
}

fn transfer(from: &KeyPair, to: Address, nonce: u64) -> Result<SignedTransaction, CliError> {
    let call = LedgerCall::Transfer { to, amount: Amount::ai3(1) }.into_call();
    let transaction = Transaction {
        domain: DomainId::CONSENSUS,
        signer: from.public_key(),
        nonce: Nonce(nonce),
        expiry: BlockNumber(100),
        fee_limit: Amount::ai3(1),
        calls: List::new(call.into_iter().collect()).map_err(|_| internal("too many calls"))?,
    };
    Ok(transaction.sign(from, &Hash::ZERO))
}

pub(super) fn measure() -> Result<Figures, CliError> {
    let params = ProtocolParams::preset(Preset::Production);
    // A pledge of a single sector would make bytes dear; the price changes nothing about the work.
    let params = ProtocolParams { byte_fee_max: Amount::from_base_units(1_000_000_000), ..params };
    let rules = Rules::plain(params.clone(), Hash::ZERO);
    let folder = tempfile::tempdir().map_err(internal)?;
    let store = RocksStore::open(folder.path())?;
    let pairs: Vec<KeyPair> = (0..TRANSFERS).map(pair).collect();
    let addresses: Vec<Address> = pairs.iter().map(|pair| pair.public_key().address()).collect();
    let genesis = Genesis::new(params.clone(), List::default());
    let mut changes = genesis_state(&genesis, &NoExtension).map_err(internal)?;
    let rich = Account { balance: Amount::ai3(1000), nonce: Nonce(0) }.encode();
    for at in 0..ACCOUNTS {
        let address = Address(auto_core::hash(&at.to_le_bytes()).0);
        changes.insert(account_key(&address), Some(rich.clone()));
    }
    for address in &addresses {
        changes.insert(account_key(address), Some(rich.clone()));
    }
    let mut root = commit(&store, EMPTY_ROOT, &changes)?;
    let mut seconds = Vec::new();
    for block in 0..BLOCKS {
        let signed: Vec<SignedTransaction> = pairs
            .iter()
            .zip(addresses.iter().cycle().skip(7))
            .map(|(from, to)| transfer(from, *to, block))
            .collect::<Result<_, _>>()?;
        let (time, next) = timed(|| -> Result<Hash, CliError> {
            let checked = check_block(&rules, &signed).map_err(internal)?;
            let cx = BlockContext {
                number: BlockNumber(block + 1),
                farmer: KeyPair::from_secret(&[9; 32]).public_key(),
                reward_address: Address([9; 32]),
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
            let snapshot = Snapshot::new(StateNodes(&store), root);
            let executed = execute_block(&rules, &snapshot, &cx, &[], &checked).map_err(internal)?;
            commit(&store, root, &executed.changes)
        });
        root = next?;
        seconds.push(time);
    }
    Ok(figures([
        ("transfers_per_second", whole(f64::from(TRANSFERS) / median(seconds))),
        (
            "note",
            json!(format!(
                "blocks of {TRANSFERS} transfers over {ACCOUNTS} accounts; signatures checked, executed, committed to RocksDB and synced; median of {BLOCKS} blocks"
            )),
        ),
    ]))
}

/// Commits changes to the store, durably, as importing a block does.
fn commit(store: &RocksStore, root: Hash, changes: &auto_state::Changes) -> Result<Hash, CliError> {
    let commit = Snapshot::new(StateNodes(store), root).commit(changes).map_err(internal)?;
    let mut batch = Batch::synced();
    let mut stage = StateNodes(store).stage();
    stage.stage_commit(&commit);
    stage.stage_release(&commit.stale);
    stage.finish(&mut batch)?;
    store.write(batch)?;
    Ok(commit.root)
}
