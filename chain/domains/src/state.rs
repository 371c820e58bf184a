//! Every key of the domains' state on the consensus chain, and the values under them.

use auto_core::{
    Address, Amount, BODY_SUBMISSIONS_MAX, BlockNumber, DOMAIN_BLOCK_BUNDLES_MAX, DomainConfig, DomainId,
    DomainName, ExecutionReceipt, Hash, List, ModuleId, OperatorId, OperatorKey, PotOutput,
    RUNTIME_MODULES_MAX, RuntimeId, Slot, VrfSignature,
};
use auto_module::{Inherent, Item, Map};
use parity_scale_codec::{Decode, Encode};

/// Operators that one domain may have.
pub const DOMAIN_OPERATORS_MAX: usize = 1024;
/// Operators that may wait for their slash.
pub const SLASHES_MAX: usize = 4096;
/// Chains that one domain ever exchanges transfers with.
pub const TALLY_CHAINS_MAX: usize = 16_384;
/// Withdrawals that one account may have with one operator at a time.
pub const WITHDRAWALS_MAX: usize = 32;
/// Domains that may exist.
pub const DOMAINS_MAX: u32 = 1024;
/// Operators that may submit one receipt.
pub const SUBMITTERS_MAX: usize = 1024;

/// A runtime: a set of modules in order, and the version of their code.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RuntimeRecord {
    /// Who registered it; nobody for one of genesis, which the owner of no account may upgrade.
    pub owner: Option<Address>,
    /// Its name.
    pub name: DomainName,
    /// Its modules, in order.
    pub modules: List<ModuleId, RUNTIME_MODULES_MAX>,
    /// Version that runs now.
    pub version: u32,
    /// The next version, and the consensus block from which it runs.
    pub upgrade: Option<(u32, BlockNumber)>,
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DomainRecord {
    /// Who owns it.
    pub owner: Address,
    /// Its rules.
    pub config: DomainConfig,
    /// What it runs.
    pub runtime: RuntimeId,
    /// The consensus block that created it.
    pub created: BlockNumber,
    /// What is held for it.
    pub deposit: Amount,
    /// Whether its owner stopped it for now: it takes no bundles and no receipts; see [`FREEZE`].
    pub frozen: bool,
    /// Height of its newest block, which bundles made.
    pub head: BlockNumber,
    /// Height of the newest block whose receipt is known.
    pub head_receipt: BlockNumber,
    /// Hash of that receipt.
    pub head_receipt_hash: Hash,
    /// Height of the newest confirmed block.
    pub confirmed: BlockNumber,
    /// The consensus block in which `head_receipt` last grew.
    pub receipt_at: BlockNumber,
    /// Width of the window of signers around an elected operator.
    pub range: u64,
}

/// The last freeze of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Freeze {
    /// The slot of the block in which it began.
    pub since: Slot,
    /// The consensus block with which it ends or ended.
    pub until: BlockNumber,
}

/// What one bundle put into a domain block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct InboxEntry {
    /// Identity of the bundle.
    pub bundle: Hash,
    /// Who offered it.
    pub operator: OperatorId,
    /// The draw that elected it: the place of its range.
    pub vrf: VrfSignature,
    /// Merkle root over the hashes of its extrinsics.
    pub extrinsics_root: Hash,
    /// Number of its extrinsics.
    pub extrinsics: u32,
    /// Bytes of its extrinsics.
    pub bytes: u64,
    /// Weight that its header states.
    pub weight: u64,
    /// What the operator's storage fund paid for it.
    pub storage_fee: Amount,
}

/// What one block of a domain is derived from.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DomainBlock {
    /// Its inherent; the consensus hash is filled in by the consensus block after.
    pub inherent: Inherent,
    /// Seed of the order of its extrinsics.
    pub seed: Hash,
    /// The range of signers that its bundles had to keep to.
    pub range: u64,
    /// Its bundles, in the order of the consensus block.
    pub inbox: List<InboxEntry, DOMAIN_BLOCK_BUNDLES_MAX>,
}

/// A receipt that is known, and who vouched for it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ReceiptRecord {
    /// The receipt.
    pub receipt: ExecutionReceipt,
    /// Who submitted it, in order.
    pub submitters: List<OperatorId, SUBMITTERS_MAX>,
    /// The consensus block that first held it.
    pub submitted: BlockNumber,
}

/// What became of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum OperatorStatus {
    /// It takes part, from the epoch after it was registered.
    #[codec(index = 0)]
    Registered,
    /// It rests since this epoch of its domain.
    #[codec(index = 1)]
    Deactivated(u64),
    /// It ended at this height of its domain.
    #[codec(index = 2)]
    Deregistered(BlockNumber),
    /// It authored a bundle that the receipt of this hash marks invalid.
    #[codec(index = 3)]
    InvalidBundle(Hash),
    /// It vouched for a wrong receipt, and its stake is being taken.
    #[codec(index = 4)]
    PendingSlash,
    /// Its stake was taken.
    #[codec(index = 5)]
    Slashed,
}

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OperatorRecord {
    /// Who owns it.
    pub owner: Address,
    /// The domain that it operates.
    pub domain: DomainId,
    /// Its key.
    pub key: OperatorKey,
    /// The least that others may add.
    pub nomination_min: Amount,
    /// Its share of the nominators' rewards in percent.
    pub tax_percent: u8,
    /// What became of it.
    pub status: OperatorStatus,
    /// Stake that counts in this epoch.
    pub stake: Amount,
    /// Shares of that stake.
    pub shares: u128,
    /// Stake that joins at the end of the epoch.
    pub deposits_in_epoch: Amount,
    /// Shares that leave at the end of the epoch.
    pub withdrawals_in_epoch: u128,
    /// What is left for the bytes of its bundles.
    pub storage_fund: Amount,
    /// Shares of the fund; deposits buy them at the fund's worth.
    pub fund_shares: u128,
    /// Number of its nominators, the owner included; see [`NOMINATOR_AT`].
    pub nominators: u32,
    /// The highest slot of its bundles in earlier blocks.
    pub last_slot: Option<Slot>,
    /// The highest domain block whose receipt it submitted.
    pub last_receipt: Option<BlockNumber>,
    /// Bundles in this epoch.
    pub bundles_in_epoch: u64,
    /// What the fund paid for bundles of blocks that are not confirmed: part of it comes back.
    pub storage_outstanding: Amount,
    /// How often all shares were doubled, so that none is ever worth more than a unit.
    pub share_scale: u32,
    /// How often all shares of the fund were halved, less how often they were doubled.
    pub fund_scale: i32,
    /// Deposits and withdrawals that become effective at the end of the epoch.
    pub pending: u32,
    /// Since which epoch it rests, whatever else became of it.
    pub rests_since: Option<u64>,
}

/// A deposit that becomes shares when its epoch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PendingDeposit {
    /// The epoch of the domain.
    pub epoch: u64,
    /// What becomes stake.
    pub amount: Amount,
    /// Shares of the storage fund that came with it.
    pub fund_shares: u128,
}

/// Shares that leave the pool when their epoch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PendingWithdrawal {
    /// The epoch of the domain.
    pub epoch: u64,
    /// Shares of the pool.
    pub shares: u128,
    /// The operator's [`OperatorRecord::share_scale`] when they were counted.
    pub scale: u32,
    /// What left the storage fund with them.
    pub fund: Amount,
}

/// Money that left the pool, and is locked until the blocks that it vouched for are confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Withdrawal {
    /// How much.
    pub amount: Amount,
    /// Height of the domain when it left; it is free when this height is confirmed.
    pub left_at: BlockNumber,
}

/// What one account has with one operator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Nomination {
    /// Position among the operator's nominators.
    pub at: u32,
    /// Shares of the pool, those that leave in this epoch not counted.
    pub shares: u128,
    /// The operator's [`OperatorRecord::share_scale`] when they were last counted.
    pub share_scale: u32,
    /// Shares of the storage fund that came with them.
    pub fund_shares: u128,
    /// The operator's [`OperatorRecord::fund_scale`] when shares of the fund were last counted.
    pub fund_scale: i32,
    /// A deposit that is not yet shares.
    pub deposit: Option<PendingDeposit>,
    /// Shares that leave.
    pub leaving: Option<PendingWithdrawal>,
    /// What left, by rising height.
    pub withdrawals: List<Withdrawal, WITHDRAWALS_MAX>,
}

/// What shares of a pool were worth when an epoch ended, as long as someone's deposit or withdrawal is to
/// be converted at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct EpochPrice {
    /// Stake of the pool before deposits and withdrawals.
    pub stake: Amount,
    /// Shares of that stake.
    pub shares: u128,
    /// The operator's [`OperatorRecord::share_scale`] then.
    pub scale: u32,
    /// Shares made for deposits that are not converted yet.
    pub new_shares: u128,
    /// Stake taken out for withdrawals that are not converted yet.
    pub withdrawn: Amount,
    /// Deposits and withdrawals that are not converted yet.
    pub claims: u32,
    /// Height of the domain.
    pub left_at: BlockNumber,
}

/// An elected set: who may offer bundles for a domain in this epoch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Epoch {
    /// Number of the epoch.
    pub number: u64,
    /// Height of the domain at which it began.
    pub began: BlockNumber,
    /// The slot at which it began; later by the slots in which the domain was frozen.
    pub began_slot: Slot,
    /// Stakes by rising operator.
    pub stakes: List<(OperatorId, Amount), DOMAIN_OPERATORS_MAX>,
    /// Their sum.
    pub total: Amount,
    /// How much likelier than its stake an operator is elected, since others are absent: in 1/1024, from
    /// 1024 to 4096.
    pub availability_factor: u32,
    /// Bundles in the epoch before.
    pub bundles: u64,
}

/// What the domains hold of the money that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Held {
    /// Stakes, deposits of the epoch included.
    pub stakes: Amount,
    /// Storage funds.
    pub funds: Amount,
    /// Withdrawals that are still locked.
    pub withdrawals: Amount,
    /// Deposits of domains and channels.
    pub deposits: Amount,
    /// Balances on domains, as confirmed.
    pub domains: Amount,
    /// Sent between chains and not arrived.
    pub in_transit: Amount,
    /// Refused at arrival and not claimed back.
    pub rejected: Amount,
}

/// Where a receipt leaves the money of its domain, counted from genesis.
///
/// What is still open is the difference between two receipts: so nothing has to be counted back when
/// receipts are removed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Tally {
    /// The domain's balance once the receipt is confirmed.
    pub balance: Amount,
    /// What was ever credited or refused on the domain, by the chain it came from.
    pub arrived: List<(DomainId, Amount), TALLY_CHAINS_MAX>,
    /// What was ever given back on the domain, by the chain that had refused it.
    pub reclaimed: List<(DomainId, Amount), TALLY_CHAINS_MAX>,
}

/// Receipts that fell with one that was proven wrong, and are not cleared away yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Fallen {
    /// Their domain.
    pub domain: DomainId,
    /// The highest of them; those above the domain's head receipt are left.
    pub top: BlockNumber,
    /// Who proved the fraud.
    pub reporter: Address,
}

/// Runtimes registered so far.
pub const RUNTIME_COUNT: Item<RuntimeId> = Item::new("domains/runtime-count");
/// Runtimes.
pub const RUNTIME: Map<RuntimeId, RuntimeRecord> = Map::new("domains/runtime");
/// Runtimes by name.
pub const RUNTIME_NAME: Map<DomainName, RuntimeId> = Map::new("domains/runtime-name");
/// Upgrades that are due at a consensus block.
pub const UPGRADES_AT: Map<BlockNumber, List<RuntimeId, 64>> = Map::new("domains/upgrades-at");
/// Domains created so far: they are numbered from 1.
pub const DOMAIN_COUNT: Item<DomainId> = Item::new("domains/domain-count");
/// Domains.
pub const DOMAIN: Map<DomainId, DomainRecord> = Map::new("domains/domain");
/// The last freeze of a domain; nothing of one that was never frozen.
pub const FREEZE: Map<DomainId, Freeze> = Map::new("domains/freeze");
/// Freezes that end with a consensus block, unless they are lifted before.
pub const THAWS_AT: Map<BlockNumber, List<DomainId, 1024>> = Map::new("domains/thaws-at");
/// What each block of a domain is derived from, until it is confirmed.
pub const BLOCK: Map<(DomainId, BlockNumber), DomainBlock> = Map::new("domains/block");
/// The domain blocks whose inherent still lacks the hash of its consensus block.
pub const UNHASHED: Item<List<(DomainId, BlockNumber), 1024>> = Item::new("domains/unhashed");
/// Known receipts that are not settled.
pub const RECEIPT: Map<Hash, ReceiptRecord> = Map::new("domains/receipt");
/// The receipt of each height.
pub const RECEIPT_AT: Map<(DomainId, BlockNumber), Hash> = Map::new("domains/receipt-at");
/// Receipts that were proven wrong, by height: the last one of each.
pub const FRAUDULENT: Map<(DomainId, BlockNumber), Hash> = Map::new("domains/fraudulent");
/// Operators registered so far.
pub const OPERATOR_COUNT: Item<OperatorId> = Item::new("domains/operator-count");
/// Operators.
pub const OPERATOR: Map<OperatorId, OperatorRecord> = Map::new("domains/operator");
/// Operators by key; never removed, so that no key serves twice.
pub const OPERATOR_KEY: Map<OperatorKey, OperatorId> = Map::new("domains/operator-key");
/// Operators of a domain, by rising number.
pub const DOMAIN_OPERATORS: Map<DomainId, List<OperatorId, DOMAIN_OPERATORS_MAX>> =
    Map::new("domains/domain-operators");
/// The nominators of an operator, by position.
pub const NOMINATOR_AT: Map<(OperatorId, u32), Address> = Map::new("domains/nominator-at");
/// What an account has with an operator.
pub const NOMINATION: Map<(OperatorId, Address), Nomination> = Map::new("domains/nomination");
/// What the shares of an operator's pool were worth at the end of an epoch of its domain.
pub const EPOCH_PRICE: Map<(OperatorId, u64), EpochPrice> = Map::new("domains/epoch-price");
/// The epoch of a domain.
pub const EPOCH: Map<DomainId, Epoch> = Map::new("domains/epoch");
/// Operators whose slash is still to be carried out, with the reporter of the fraud, and the height of the
/// domain that was confirmed when they were blamed.
pub const SLASHES: Item<List<(OperatorId, Option<Address>, BlockNumber), SLASHES_MAX>> =
    Item::new("domains/slashes");
/// Outputs of recent slots.
pub const SLOT_OUTPUT: Map<Slot, PotOutput> = Map::new("domains/slot-output");
/// For each recent consensus block, its range of slots: first and last.
pub const BLOCK_SLOTS: Map<BlockNumber, (Slot, Slot)> = Map::new("domains/block-slots");
/// Confirmed balance of each domain.
pub const BALANCE: Map<DomainId, Amount> = Map::new("domains/balance");
/// Sent from the first chain to the second and not arrived.
pub const IN_TRANSIT: Map<(DomainId, DomainId), Amount> = Map::new("domains/in-transit");
/// Sent from the first chain to the second, refused there and not claimed back.
pub const REJECTED: Map<(DomainId, DomainId), Amount> = Map::new("domains/rejected");
/// What the domains hold.
pub const HELD: Item<Held> = Item::new("domains/held");
/// Where each known receipt leaves the money of its domain.
pub const TALLY: Map<(DomainId, BlockNumber), Tally> = Map::new("domains/tally");
/// Receipts that fell and are not cleared away yet.
pub const FALLEN: Item<List<Fallen, 16_384>> = Item::new("domains/fallen");
/// Slots that operators claimed in this consensus block, each with the operator's last slot before it.
pub const SLOTS_CLAIMED: Item<List<(OperatorId, Slot, Option<Slot>), BODY_SUBMISSIONS_MAX>> =
    Item::new("domains/slots-claimed");
