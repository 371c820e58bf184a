//! What an account can ask of the domains.

use crate::FraudProof;
use auto_core::{
    Address, Amount, Blob, Call, DomainConfig, DomainId, GenesisAccount, List, ModuleGenesis, ModuleId,
    OperatorAllowList, OperatorId, OperatorKey, OperatorSignature, RUNTIME_MODULES_MAX, RuntimeId,
};
use auto_core::{BlockNumber, ChannelId, DomainName};
use auto_module::messages::Relay;
use parity_scale_codec::{Decode, Encode};

/// The module of these calls on the consensus chain.
pub const MODULE: ModuleId = ModuleId(1);
/// Balances that a domain may start with when an account creates it.
pub const INITIAL_ACCOUNTS_MAX: usize = 10;

/// What an account can ask of the domains.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum DomainsCall {
    /// Names a set of modules, so that domains can run it.
    #[codec(index = 0)]
    RegisterRuntime {
        /// Its name; unique.
        name: DomainName,
        /// Its modules, in order.
        modules: List<ModuleId, RUNTIME_MODULES_MAX>,
        /// Version of the code.
        version: u32,
    },
    /// Schedules a newer version of a runtime; only its owner may.
    #[codec(index = 1)]
    UpgradeRuntime {
        /// The runtime.
        runtime: RuntimeId,
        /// Its name, repeated so that no other runtime is meant.
        name: DomainName,
        /// A larger version.
        version: u32,
        /// The consensus block from which it runs.
        at: BlockNumber,
    },
    /// Creates a domain; a deposit is held, and its balances come from the caller.
    #[codec(index = 2)]
    InstantiateDomain {
        /// What it runs.
        runtime: RuntimeId,
        /// Its rules.
        config: DomainConfig,
        /// What its modules start from.
        modules: List<ModuleGenesis, RUNTIME_MODULES_MAX>,
        /// What accounts hold there from the start.
        accounts: List<GenesisAccount, INITIAL_ACCOUNTS_MAX>,
    },
    /// Changes who may operate a domain; only its owner may.
    #[codec(index = 3)]
    UpdateAllowList {
        /// The domain.
        domain: DomainId,
        /// Who may.
        operators: OperatorAllowList,
    },
    /// Becomes an operator.
    #[codec(index = 4)]
    RegisterOperator {
        /// The domain.
        domain: DomainId,
        /// The operator's key; no other operator ever had it.
        key: OperatorKey,
        /// The key's signature over genesis, domain and the caller's address.
        possession: OperatorSignature,
        /// What is staked, storage fund included.
        stake: Amount,
        /// The least that others may add.
        nomination_min: Amount,
        /// The operator's share of the nominators' rewards in percent.
        tax_percent: u8,
    },
    /// Adds stake to an operator, one's own or another's.
    #[codec(index = 5)]
    Nominate {
        /// The operator.
        operator: OperatorId,
        /// What is added.
        amount: Amount,
    },
    /// Begins to take stake back; it is locked until the blocks it vouched for are confirmed.
    #[codec(index = 6)]
    Withdraw {
        /// The operator.
        operator: OperatorId,
        /// How much.
        amount: Withdraw,
    },
    /// Takes back what is no longer locked.
    #[codec(index = 7)]
    Unlock {
        /// The operator.
        operator: OperatorId,
    },
    /// Ends an operator for good; only its owner may.
    #[codec(index = 8)]
    DeregisterOperator {
        /// The operator.
        operator: OperatorId,
    },
    /// Takes back all that is left with an operator that ended.
    #[codec(index = 9)]
    UnlockNominator {
        /// The operator.
        operator: OperatorId,
    },
    /// Lets an operator rest; only its owner may.
    #[codec(index = 10)]
    DeactivateOperator {
        /// The operator.
        operator: OperatorId,
    },
    /// Ends the rest.
    #[codec(index = 11)]
    ReactivateOperator {
        /// The operator.
        operator: OperatorId,
    },
    /// Proves that a receipt is wrong.
    #[codec(index = 12)]
    SubmitFraudProof(Box<FraudProof>),
    /// Sends money to an account of a domain.
    #[codec(index = 13)]
    TransferToDomain {
        /// The domain.
        domain: DomainId,
        /// Over which channel.
        channel: ChannelId,
        /// Who receives it there.
        to: Address,
        /// How much.
        amount: Amount,
    },
    /// Opens a channel to a domain; a deposit is held.
    #[codec(index = 14)]
    OpenChannel {
        /// The domain.
        domain: DomainId,
    },
    /// Closes a channel.
    #[codec(index = 15)]
    CloseChannel {
        /// The domain.
        domain: DomainId,
        /// The channel.
        channel: ChannelId,
    },
    /// Delivers a message of a domain to the consensus chain.
    #[codec(index = 16)]
    RelayMessage(Box<Relay>),
    /// Stops a domain for a while; only its owner may.
    #[codec(index = 17)]
    FreezeDomain {
        /// The domain.
        domain: DomainId,
    },
    /// Lets a frozen domain go on before its time; only its owner may.
    #[codec(index = 18)]
    UnfreezeDomain {
        /// The domain.
        domain: DomainId,
    },
}

/// How much stake is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Withdraw {
    /// All of it.
    #[codec(index = 0)]
    All,
    /// Shares of the pool, as they count when the call runs: rewards now and then double all shares.
    #[codec(index = 1)]
    Shares(u128),
}

impl DomainsCall {
    /// The call as a transaction carries it; `None` when it is longer than a payload may be.
    #[must_use]
    pub fn into_call(self) -> Option<Call> {
        Some(Call { module: MODULE, payload: Blob::new(self.encode()).ok()? })
    }
}
