//! What a chain's domains start from.

use crate::{Address, Amount, Blob, DomainId, GenesisAccount, List, ModuleId, OperatorKey};
use parity_scale_codec::{Decode, Encode};

/// Bytes of the name of a runtime or a domain.
pub const DOMAIN_NAME_BYTES_MAX: usize = 32;
/// Modules that one runtime may have.
pub const RUNTIME_MODULES_MAX: usize = 32;
/// Bytes of the genesis configuration of one module.
pub const MODULE_GENESIS_BYTES_MAX: usize = 1 << 20;

/// A name of a runtime or a domain.
pub type DomainName = Blob<DOMAIN_NAME_BYTES_MAX>;

/// Who may be an operator of a domain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum OperatorAllowList {
    /// Anyone.
    #[codec(index = 0)]
    Anyone,
    /// The owners named, by rising address.
    #[codec(index = 1)]
    Owners(List<Address, 256>),
}

/// The rules of one domain beside its runtime.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DomainConfig {
    /// Name of the domain.
    pub name: DomainName,
    /// Most bytes of one bundle's extrinsics.
    pub bundle_bytes_max: u32,
    /// Most weight of one bundle.
    pub bundle_weight_max: u64,
    /// Probability that some operator is elected in a slot: numerator and denominator.
    pub bundle_probability: (u32, u32),
    /// Who may operate it.
    pub operators: OperatorAllowList,
}

/// What one module of a runtime starts from, in the module's own encoding.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ModuleGenesis {
    /// The module.
    pub module: ModuleId,
    /// Its configuration; empty for its default.
    pub genesis: Blob<MODULE_GENESIS_BYTES_MAX>,
}

/// A domain that exists from the start. Domains are numbered from 1 in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GenesisDomain {
    /// Who owns it.
    pub owner: Address,
    /// Its rules.
    pub config: DomainConfig,
    /// Name of its runtime.
    pub runtime: DomainName,
    /// Modules of its runtime, in order.
    pub modules: List<ModuleGenesis, RUNTIME_MODULES_MAX>,
    /// Balances on the domain.
    pub accounts: List<GenesisAccount, 65_536>,
}

/// An operator that exists from the start; its stake comes from its owner's account.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GenesisOperator {
    /// The domain that it operates.
    pub domain: DomainId,
    /// Who owns it.
    pub owner: Address,
    /// Its key.
    pub key: OperatorKey,
    /// What it stakes, storage fund included.
    pub stake: Amount,
    /// The least that others may add.
    pub nomination_min: Amount,
    /// Its share of the nominators' rewards in percent.
    pub tax_percent: u8,
}
