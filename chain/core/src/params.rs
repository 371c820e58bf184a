//! The protocol parameters: one value, hashed into genesis, with three presets.

use crate::{
    Address, Amount, Blob, BlockNumber, GenesisDomain, GenesisOperator, Hash, List, SPACE_K_MAX, SPACE_K_MIN,
    SolutionRange, hash_parts, pieces_to_range, tag,
};
use parity_scale_codec::{Decode, Encode};

/// A named set of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// The values of the paper.
    Production,
    /// A network in one process on a laptop with two cores.
    Dev,
    /// The smallest chain on which every rule still applies; for tests.
    Test,
}

/// A corner of the piecewise-linear block subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct SubsidyPoint {
    /// Height of the corner.
    pub block: BlockNumber,
    /// Subsidy at that height; between corners it is interpolated, after the last it stays.
    pub subsidy: Amount,
}

macro_rules! params {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        /// Everything that two nodes must agree on before they talk to one another.
        #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
        pub struct ProtocolParams {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl ProtocolParams {
            /// The name of the first field in which two sets differ.
            #[must_use]
            pub fn first_difference(&self, other: &Self) -> Option<&'static str> {
                $(if self.$field != other.$field { return Some(stringify!($field)); })*
                None
            }
        }
    };
}

params! {
    /// Version of the rules themselves.
    protocol_version: u32,
    /// Raw records of a segment; a power of two. A segment has twice as many pieces.
    records_per_segment: u16,
    /// Blocks after which a segment is closed with padding though it is not full; zero for never.
    segment_blocks_max: u32,
    /// Pieces of a full sector.
    pieces_in_sector: u16,
    /// Classes of pieces of which one answers a slot: a power of two, at most 8.
    audit_classes: u16,
    /// Proof-of-space table parameter.
    space_k: u8,
    /// Length of a slot in milliseconds.
    slot_duration_ms: u64,
    /// Probability that some farmer wins a slot: numerator and denominator.
    slot_probability: (u32, u32),
    /// AES encryptions of a slot at genesis; a multiple of 16.
    pot_iterations: u64,
    /// Slots between winning a slot and the block's future proof of time.
    authoring_delay: u64,
    /// Blocks between two injections of entropy into proof of time.
    entropy_interval: u64,
    /// Intervals between the block that gives the entropy and the block that schedules it.
    entropy_lookback: u64,
    /// Slots between the block that schedules an injection and the injection.
    entropy_delay: u64,
    /// Depth at which a block is archived and can no longer be reverted.
    confirmation_depth: u64,
    /// Blocks between two adjustments of the solution range.
    era_blocks: u64,
    /// Solution range at genesis.
    initial_solution_range: SolutionRange,
    /// Segments that count as recent history.
    recent_segments: u64,
    /// Share of a sector that is drawn from recent history: numerator and denominator.
    recent_history_fraction: (u32, u32),
    /// Segments by which the history must grow before a sector may expire.
    min_sector_lifetime: u64,
    /// Votes expected per block.
    votes_per_block: u32,
    /// Copies of the history that the network is meant to hold; divides pledged space in the storage price.
    replication_factor: u64,
    /// Blocks of a domain during which a receipt can be challenged.
    challenge_period: u64,
    /// Blocks of a domain between two settlements of its stakes.
    staking_epoch: u64,
    /// Epochs of its domain that a deactivated operator waits before it takes part again.
    activation_delay: u64,
    /// Consensus blocks after which a slot can no longer be claimed by a bundle.
    bundle_longevity: u64,
    /// Widest range of signers that one bundle serves, on the ring of 64-bit numbers. The whole ring in production;
    /// narrower where one operator alone is to meet signers that are not its own.
    signer_range_max: u64,
    /// The least that an operator stakes.
    operator_stake_min: Amount,
    /// The least that a nominator stakes.
    nominator_stake_min: Amount,
    /// What is held for a domain as long as it exists.
    domain_deposit: Amount,
    /// What is held for a channel as long as it is open.
    channel_deposit: Amount,
    /// Share of a deposit that goes to the operator's storage fund: numerator and denominator.
    storage_fund_share: (u32, u32),
    /// Share of a slash that the reporter earns: numerator and denominator.
    fraud_reporter_share: (u32, u32),
    /// What a domain charges for a byte beside the price of the consensus chain.
    domain_byte_fee: Amount,
    /// What a domain charges for a unit of weight.
    weight_fee: Amount,
    /// Most bytes of the extrinsics of one domain in one consensus block.
    domain_block_bytes_max: u32,
    /// Consensus blocks whose state roots stay usable in proofs of messages.
    message_roots: u64,
    /// Most bytes of a block's encoded body.
    block_bytes_max: u32,
    /// Smallest balance an account may hold.
    existential_deposit: Amount,
    /// Fee of a transaction beside its bytes.
    transaction_fee: Amount,
    /// Fee of each further call of a transaction.
    call_fee: Amount,
    /// Highest price of a byte. Without effect in production; on chains so small that their history soon
    /// outgrows the pledged space it keeps the price payable.
    byte_fee_max: Amount,
    /// The most that is ever issued as block rewards.
    reward_issuance: Amount,
    /// Corners of the block subsidy, by height.
    subsidy: List<SubsidyPoint, 16>,
}

/// A parameter that makes no working chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("parameter `{field}` is invalid: {rule}")]
pub struct ParamsError {
    /// Name of the field.
    pub field: &'static str,
    /// What it must satisfy.
    pub rule: &'static str,
}

impl ProtocolParams {
    /// The parameters of a preset.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        let mut params = match preset {
            Preset::Production => Self::production(),
            Preset::Dev => Self::dev(),
            Preset::Test => Self::test(),
        };
        // Chosen so that one full sector wins slots at the wanted probability.
        params.initial_solution_range = pieces_to_range(&params, u64::from(params.pieces_in_sector));
        params
    }

    fn production() -> Self {
        Self {
            protocol_version: 1,
            records_per_segment: 128,
            segment_blocks_max: 0,
            pieces_in_sector: 8000,
            audit_classes: 8,
            space_k: 17,
            slot_duration_ms: 1000,
            slot_probability: (1, 6),
            pot_iterations: 206_557_520,
            authoring_delay: 4,
            entropy_interval: 50,
            entropy_lookback: 2,
            entropy_delay: 15,
            confirmation_depth: 100,
            era_blocks: 2016,
            initial_solution_range: SolutionRange(0),
            recent_segments: 40,
            recent_history_fraction: (1, 10),
            min_sector_lifetime: 32,
            votes_per_block: 9,
            replication_factor: 25,
            challenge_period: 14_400,
            staking_epoch: 100,
            activation_delay: 5,
            bundle_longevity: 5,
            signer_range_max: u64::MAX,
            operator_stake_min: Amount::ai3(100),
            nominator_stake_min: Amount::ai3(1),
            domain_deposit: Amount::ai3(100),
            channel_deposit: Amount::ai3(100),
            storage_fund_share: (1, 5),
            fraud_reporter_share: (1, 10),
            domain_byte_fee: Amount::from_base_units(100_000_000_000_000),
            weight_fee: Amount::from_base_units(1_000_000_000),
            domain_block_bytes_max: 524_288,
            message_roots: 14_400,
            block_bytes_max: 3_932_160,
            existential_deposit: Amount::from_base_units(10_000_000_000_000),
            transaction_fee: Amount::from_base_units(100_000_000_000_000),
            call_fee: Amount::from_base_units(10_000_000_000_000),
            byte_fee_max: Amount::from_base_units(u128::MAX),
            reward_issuance: Amount::ai3(350_000_000),
            subsidy: List::new(vec![
                SubsidyPoint { block: BlockNumber(0), subsidy: Amount::ai3(10) },
                SubsidyPoint { block: BlockNumber(21_000_000), subsidy: Amount::ai3(5) },
                SubsidyPoint { block: BlockNumber(63_000_000), subsidy: Amount::ai3(1) },
            ])
            .unwrap_or_default(),
        }
    }

    fn dev() -> Self {
        Self {
            records_per_segment: 8,
            segment_blocks_max: 20,
            pieces_in_sector: 16,
            audit_classes: 1,
            slot_duration_ms: 250,
            slot_probability: (1, 8),
            pot_iterations: 524_288,
            entropy_interval: 10,
            entropy_delay: 6,
            confirmation_depth: 5,
            era_blocks: 32,
            recent_segments: 2,
            min_sector_lifetime: 2,
            votes_per_block: 2,
            replication_factor: 2,
            challenge_period: 20,
            staking_epoch: 10,
            activation_delay: 1,
            domain_byte_fee: Amount::from_base_units(1_000_000_000),
            domain_block_bytes_max: 131_072,
            message_roots: 256,
            block_bytes_max: 262_144,
            byte_fee_max: Amount::from_base_units(1_000_000_000),
            ..Self::production()
        }
    }

    fn test() -> Self {
        Self {
            records_per_segment: 2,
            segment_blocks_max: 8,
            pieces_in_sector: 4,
            space_k: 14,
            slot_duration_ms: 1000,
            slot_probability: (1, 4),
            pot_iterations: 256,
            authoring_delay: 2,
            entropy_interval: 5,
            entropy_lookback: 1,
            entropy_delay: 4,
            confirmation_depth: 4,
            era_blocks: 8,
            min_sector_lifetime: 1,
            votes_per_block: 1,
            challenge_period: 3,
            staking_epoch: 2,
            domain_block_bytes_max: 32_768,
            message_roots: 64,
            block_bytes_max: 65_536,
            ..Self::dev()
        }
    }

    /// Pieces of a segment, source and parity.
    #[must_use]
    pub fn pieces_per_segment(&self) -> u64 {
        u64::from(self.records_per_segment).saturating_mul(2)
    }

    /// Bytes of a segment's raw records.
    #[must_use]
    pub fn segment_bytes(&self) -> usize {
        usize::from(self.records_per_segment).saturating_mul(crate::RAW_RECORD_BYTES)
    }

    /// Hash of the parameters, by which nodes and plots compare them.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::PARAMS, &[&self.encode()])
    }

    /// Checks that the parameters make a working chain.
    ///
    /// # Errors
    /// The first field that breaks a rule, and the rule.
    pub fn validate(&self) -> Result<(), ParamsError> {
        let rules = [
            (
                self.records_per_segment.is_power_of_two() && self.records_per_segment <= 128,
                "records_per_segment",
                "a power of two, at most 128",
            ),
            (self.pieces_in_sector >= 1, "pieces_in_sector", "at least 1"),
            (
                self.audit_classes.is_power_of_two()
                    && self.audit_classes <= 8
                    && self.audit_classes <= self.pieces_in_sector,
                "audit_classes",
                "a power of two, at most 8 and at most the pieces of a sector",
            ),
            ((SPACE_K_MIN..=SPACE_K_MAX).contains(&self.space_k), "space_k", "from 14 to 20"),
            (self.slot_duration_ms >= 1, "slot_duration_ms", "at least 1"),
            (
                self.slot_probability.0 >= 1 && self.slot_probability.0 <= self.slot_probability.1,
                "slot_probability",
                "above zero, at most one",
            ),
            (
                self.pot_iterations >= 16 && self.pot_iterations.is_multiple_of(16),
                "pot_iterations",
                "a multiple of 16",
            ),
            (self.authoring_delay >= 1, "authoring_delay", "at least 1"),
            (
                self.entropy_delay > self.authoring_delay.saturating_add(1),
                "entropy_delay",
                "more than the authoring delay and one",
            ),
            (self.entropy_interval > self.entropy_delay, "entropy_interval", "more than the entropy delay"),
            (self.entropy_lookback >= 1, "entropy_lookback", "at least 1"),
            (self.confirmation_depth >= 1, "confirmation_depth", "at least 1"),
            (self.era_blocks >= 2, "era_blocks", "at least 2"),
            (self.initial_solution_range.0 >= 2, "initial_solution_range", "at least 2"),
            (self.recent_segments >= 1, "recent_segments", "at least 1"),
            (
                self.recent_history_fraction.0 >= 1
                    && self.recent_history_fraction.0 <= self.recent_history_fraction.1,
                "recent_history_fraction",
                "above zero, at most one",
            ),
            (self.min_sector_lifetime >= 1, "min_sector_lifetime", "at least 1"),
            (self.replication_factor >= 1, "replication_factor", "at least 1"),
            (self.challenge_period >= 1, "challenge_period", "at least 1"),
            (self.staking_epoch >= 1, "staking_epoch", "at least 1"),
            (self.bundle_longevity >= 1, "bundle_longevity", "at least 1"),
            (self.signer_range_max >= u64::MAX / 16, "signer_range_max", "at least a sixteenth of the ring"),
            (
                self.storage_fund_share.0 >= 1 && self.storage_fund_share.0 < self.storage_fund_share.1,
                "storage_fund_share",
                "above zero, below one",
            ),
            (
                self.fraud_reporter_share.1 >= 1
                    && self.fraud_reporter_share.0.saturating_mul(2) <= self.fraud_reporter_share.1,
                "fraud_reporter_share",
                "at most one half, so that denouncing oneself never pays",
            ),
            (
                self.domain_block_bytes_max >= 4096 && self.domain_block_bytes_max <= self.block_bytes_max,
                "domain_block_bytes_max",
                "at least 4096 and at most block_bytes_max",
            ),
            (
                self.message_roots > self.confirmation_depth,
                "message_roots",
                "more than the confirmation depth",
            ),
            (self.block_bytes_max >= 4096, "block_bytes_max", "at least 4096"),
            (
                !self.subsidy.is_empty() && self.subsidy.windows(2).all(|pair| pair[0].block < pair[1].block),
                "subsidy",
                "at least one corner, in rising order of height",
            ),
        ];
        match rules.iter().find(|(holds, ..)| !holds) {
            Some((_, field, rule)) => Err(ParamsError { field, rule }),
            None => Ok(()),
        }
    }
}

/// A balance at genesis.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct GenesisAccount {
    /// Who holds it.
    pub address: Address,
    /// How much.
    pub balance: Amount,
}

/// What a chain starts from. The genesis block, and with it every signature, depends on all of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Genesis {
    /// The parameters.
    pub params: ProtocolParams,
    /// The balances.
    pub accounts: List<GenesisAccount, 65_536>,
    /// Randomness that nobody could foresee, mixed into the first proof of time.
    pub entropy: Blob<1024>,
    /// The domains.
    pub domains: List<GenesisDomain, 64>,
    /// Their operators.
    pub operators: List<GenesisOperator, 256>,
}

impl Genesis {
    /// A chain of these parameters and balances, without entropy and domains.
    #[must_use]
    pub fn new(params: ProtocolParams, accounts: List<GenesisAccount, 65_536>) -> Self {
        let entropy = Blob::default();
        Self { params, accounts, entropy, domains: List::default(), operators: List::default() }
    }

    /// Hash of all of it: the genesis block's parent hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::GENESIS, &[&self.encode()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_and_differ() {
        let presets = [Preset::Production, Preset::Dev, Preset::Test].map(ProtocolParams::preset);
        for params in &presets {
            assert_eq!(params.validate(), Ok(()));
        }
        assert_eq!(presets[0].first_difference(&presets[1]), Some("records_per_segment"));
        assert_ne!(presets[1].hash(), presets[2].hash());
        assert_eq!(presets[1].first_difference(&presets[1].clone()), None);
    }

    #[test]
    fn receipts_are_open_to_challenge_as_long_as_the_paper_says() {
        let period = |preset| ProtocolParams::preset(preset).challenge_period;
        assert_eq!([Preset::Production, Preset::Dev, Preset::Test].map(period), [14_400, 20, 3]);
    }

    #[test]
    fn a_broken_rule_names_its_field() {
        let base = ProtocolParams::preset(Preset::Test);
        let iterations = ProtocolParams { pot_iterations: 24, ..base.clone() };
        assert_eq!(iterations.validate().map_err(|error| error.field), Err("pot_iterations"));
        let delay = ProtocolParams { entropy_delay: 3, ..base.clone() };
        assert_eq!(delay.validate().map_err(|error| error.field), Err("entropy_delay"));
        let range = ProtocolParams { signer_range_max: u64::MAX / 16 - 1, ..base };
        assert_eq!(range.validate().map_err(|error| error.field), Err("signer_range_max"));
    }
}
