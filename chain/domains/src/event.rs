//! What happened to the domains in a consensus block.

use auto_core::{Address, Amount, BlockNumber, DomainId, Hash, InvalidBundle, OperatorId, RuntimeId};
use auto_module::messages::Event;
use parity_scale_codec::{Decode, Encode};

/// Something that happened to the domains in a consensus block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[non_exhaustive]
pub enum DomainsEvent {
    /// A runtime was registered.
    #[codec(index = 0)]
    RuntimeRegistered {
        /// The runtime.
        runtime: RuntimeId,
        /// Version of its code.
        version: u32,
    },
    /// A newer version of a runtime was scheduled.
    #[codec(index = 1)]
    UpgradeScheduled {
        /// The runtime.
        runtime: RuntimeId,
        /// The newer version.
        version: u32,
        /// The consensus block from which it runs.
        at: BlockNumber,
    },
    /// A newer version of a runtime runs from this block on.
    #[codec(index = 2)]
    RuntimeUpgraded {
        /// The runtime.
        runtime: RuntimeId,
        /// The version that runs now.
        version: u32,
    },
    /// A domain was created.
    #[codec(index = 3)]
    DomainInstantiated {
        /// The domain.
        domain: DomainId,
        /// Its owner.
        owner: Address,
        /// What it runs.
        runtime: RuntimeId,
    },
    /// The owner of a domain changed who may operate it.
    #[codec(index = 4)]
    AllowListUpdated {
        /// The domain.
        domain: DomainId,
    },
    /// An operator was registered.
    #[codec(index = 5)]
    OperatorRegistered {
        /// The operator.
        operator: OperatorId,
        /// Its domain.
        domain: DomainId,
        /// Its owner.
        owner: Address,
        /// What it staked, storage fund included.
        stake: Amount,
    },
    /// Stake was added to an operator.
    #[codec(index = 6)]
    Nominated {
        /// The operator.
        operator: OperatorId,
        /// Who added it.
        nominator: Address,
        /// How much, storage fund included.
        amount: Amount,
    },
    /// A nominator asked for stake back.
    #[codec(index = 7)]
    WithdrawalRequested {
        /// The operator.
        operator: OperatorId,
        /// Who asked.
        nominator: Address,
        /// Shares of the pool that leave at the end of the epoch.
        shares: u128,
    },
    /// A nominator got unlocked stake back.
    #[codec(index = 8)]
    Unlocked {
        /// The operator.
        operator: OperatorId,
        /// Who got it.
        nominator: Address,
        /// How much.
        amount: Amount,
    },
    /// An operator ended.
    #[codec(index = 9)]
    OperatorDeregistered {
        /// The operator.
        operator: OperatorId,
    },
    /// An operator rests.
    #[codec(index = 10)]
    OperatorDeactivated {
        /// The operator.
        operator: OperatorId,
        /// Whether it missed too many slots, and its owner did not ask for it.
        offline: bool,
    },
    /// An operator's rest ended.
    #[codec(index = 11)]
    OperatorReactivated {
        /// The operator.
        operator: OperatorId,
    },
    /// An operator and its nominators lost their stake.
    #[codec(index = 12)]
    OperatorSlashed {
        /// The operator.
        operator: OperatorId,
        /// What was taken.
        amount: Amount,
        /// The part of it that the reporter of the fraud earned.
        rewarded: Amount,
    },
    /// A domain began an epoch.
    #[codec(index = 13)]
    EpochBegan {
        /// The domain.
        domain: DomainId,
        /// Number of the epoch.
        number: u64,
        /// Stake of all operators together.
        total: Amount,
    },
    /// A domain block began.
    #[codec(index = 14)]
    DomainBlockBegan {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
    },
    /// A bundle went into a domain block.
    #[codec(index = 15)]
    BundleIncluded {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
        /// The bundle.
        bundle: Hash,
        /// Who offered it.
        operator: OperatorId,
        /// What its operator's fund paid.
        fee: Amount,
    },
    /// A domain block has a receipt.
    #[codec(index = 16)]
    ReceiptAdded {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
        /// The receipt.
        receipt: Hash,
        /// Who submitted it.
        operator: OperatorId,
    },
    /// Another operator vouched for the newest receipt.
    #[codec(index = 17)]
    ReceiptVouched {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
        /// The receipt.
        receipt: Hash,
        /// Who vouched.
        operator: OperatorId,
    },
    /// A receipt marks a bundle invalid.
    #[codec(index = 18)]
    BundleMarkedInvalid {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
        /// The bundle.
        bundle: Hash,
        /// Its author.
        operator: OperatorId,
        /// Why it is invalid.
        reason: InvalidBundle,
    },
    /// A domain block was confirmed.
    #[codec(index = 19)]
    DomainBlockConfirmed {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
        /// Its receipt.
        receipt: Hash,
        /// What it pays back to storage funds.
        storage: Amount,
        /// What it pays to the submitters of the receipt.
        execution: Amount,
        /// What it destroyed, rounding included.
        burned: Amount,
    },
    /// A receipt was proven wrong.
    #[codec(index = 20)]
    FraudProven {
        /// The domain.
        domain: DomainId,
        /// Height of the receipt.
        number: BlockNumber,
        /// The receipt.
        receipt: Hash,
        /// Who proved it.
        reporter: Address,
        /// Receipts that fall with it, itself included.
        removed: u64,
    },
    /// Something happened in a channel between the consensus chain and a domain.
    #[codec(index = 21)]
    Message(Box<Event>),
    /// The owner of a domain froze it.
    #[codec(index = 22)]
    DomainFrozen {
        /// The domain.
        domain: DomainId,
        /// The consensus block with which the freeze ends at the latest.
        until: BlockNumber,
    },
    /// A domain takes bundles again: its freeze ended or was lifted.
    #[codec(index = 23)]
    DomainUnfrozen {
        /// The domain.
        domain: DomainId,
    },
}
