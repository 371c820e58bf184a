//! The protocol parameters.

use super::scalar::{AmountText, HashText, Height, Natural};
use async_graphql::SimpleObject;
use auto_core::ProtocolParams;

/// A share or a probability.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Fraction {
    /// Above the line.
    numerator: u32,
    /// Below the line.
    denominator: u32,
}

impl From<(u32, u32)> for Fraction {
    fn from((numerator, denominator): (u32, u32)) -> Self {
        Self { numerator, denominator }
    }
}

/// A corner of the piecewise-linear block subsidy.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct SubsidyCorner {
    /// Height of the corner.
    block: Height,
    /// Subsidy at that height.
    subsidy: AmountText,
}

/// Everything that two nodes must agree on before they talk to one another.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Params {
    /// Hash of the parameters: the genesis block's parent hash.
    hash: HashText,
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
    slot_duration_ms: Natural,
    /// Probability that some farmer wins a slot: numerator and denominator.
    slot_probability: Fraction,
    /// AES encryptions of a slot at genesis; a multiple of 16.
    pot_iterations: Natural,
    /// Slots between winning a slot and the block's future proof of time.
    authoring_delay: Natural,
    /// Blocks between two injections of entropy into proof of time.
    entropy_interval: Natural,
    /// Intervals between the block that gives the entropy and the block that schedules it.
    entropy_lookback: Natural,
    /// Slots between the block that schedules an injection and the injection.
    entropy_delay: Natural,
    /// Depth at which a block is archived and can no longer be reverted.
    confirmation_depth: Natural,
    /// Blocks between two adjustments of the solution range.
    era_blocks: Natural,
    /// Solution range at genesis.
    initial_solution_range: Natural,
    /// Segments that count as recent history.
    recent_segments: Natural,
    /// Share of a sector that is drawn from recent history: numerator and denominator.
    recent_history_fraction: Fraction,
    /// Segments by which the history must grow before a sector may expire.
    min_sector_lifetime: Natural,
    /// Votes expected per block.
    votes_per_block: u32,
    /// Copies of the history that the network is meant to hold; divides pledged space in the storage price.
    replication_factor: Natural,
    /// Blocks of a domain during which a receipt can be challenged.
    challenge_period: Natural,
    /// Blocks of a domain between two settlements of its stakes.
    staking_epoch: Natural,
    /// Epochs of its domain that a deactivated operator waits before it takes part again.
    activation_delay: Natural,
    /// Consensus blocks after which a slot can no longer be claimed by a bundle.
    bundle_longevity: Natural,
    /// The least that an operator stakes.
    operator_stake_min: AmountText,
    /// The least that a nominator stakes.
    nominator_stake_min: AmountText,
    /// What is held for a domain as long as it exists.
    domain_deposit: AmountText,
    /// What is held for a channel as long as it is open.
    channel_deposit: AmountText,
    /// Share of a deposit that goes to the operator's storage fund.
    storage_fund_share: Fraction,
    /// Share of a slash that the reporter of the fraud earns.
    fraud_reporter_share: Fraction,
    /// What a domain charges for a byte beside the price of the consensus chain.
    domain_byte_fee: AmountText,
    /// What a domain charges for a unit of weight.
    weight_fee: AmountText,
    /// Most bytes of the extrinsics of one domain in one consensus block.
    domain_block_bytes_max: u32,
    /// Most bytes of a block's encoded body.
    block_bytes_max: u32,
    /// Smallest balance an account may hold.
    existential_deposit: AmountText,
    /// Fee of a transaction beside its bytes.
    transaction_fee: AmountText,
    /// Fee of each further call of a transaction.
    call_fee: AmountText,
    /// outgrows the pledged space it keeps the price payable.
    byte_fee_max: AmountText,
    /// The most that is ever issued as block rewards.
    reward_issuance: AmountText,
    /// Corners of the block subsidy, by height.
    subsidy: Vec<SubsidyCorner>,
}

fn corner(point: &auto_core::SubsidyPoint) -> SubsidyCorner {
    SubsidyCorner { block: point.block.into(), subsidy: point.subsidy.into() }
}

impl From<&ProtocolParams> for Params {
    fn from(params: &ProtocolParams) -> Self {
        Self {
            hash: params.hash().into(),
            protocol_version: params.protocol_version,
            records_per_segment: params.records_per_segment,
            segment_blocks_max: params.segment_blocks_max,
            pieces_in_sector: params.pieces_in_sector,
            audit_classes: params.audit_classes,
            space_k: params.space_k,
            slot_duration_ms: Natural(params.slot_duration_ms),
            slot_probability: params.slot_probability.into(),
            pot_iterations: Natural(params.pot_iterations),
            authoring_delay: Natural(params.authoring_delay),
            entropy_interval: Natural(params.entropy_interval),
            entropy_lookback: Natural(params.entropy_lookback),
            entropy_delay: Natural(params.entropy_delay),
            confirmation_depth: Natural(params.confirmation_depth),
            era_blocks: Natural(params.era_blocks),
            initial_solution_range: Natural(params.initial_solution_range.0),
            recent_segments: Natural(params.recent_segments),
            recent_history_fraction: params.recent_history_fraction.into(),
            min_sector_lifetime: Natural(params.min_sector_lifetime),
            votes_per_block: params.votes_per_block,
            replication_factor: Natural(params.replication_factor),
            challenge_period: Natural(params.challenge_period),
            staking_epoch: Natural(params.staking_epoch),
            activation_delay: Natural(params.activation_delay),
            bundle_longevity: Natural(params.bundle_longevity),
            operator_stake_min: params.operator_stake_min.into(),
            nominator_stake_min: params.nominator_stake_min.into(),
            domain_deposit: params.domain_deposit.into(),
            channel_deposit: params.channel_deposit.into(),
            storage_fund_share: params.storage_fund_share.into(),
            fraud_reporter_share: params.fraud_reporter_share.into(),
            domain_byte_fee: params.domain_byte_fee.into(),
            weight_fee: params.weight_fee.into(),
            domain_block_bytes_max: params.domain_block_bytes_max,
            block_bytes_max: params.block_bytes_max,
            existential_deposit: params.existential_deposit.into(),
            transaction_fee: params.transaction_fee.into(),
            call_fee: params.call_fee.into(),
            byte_fee_max: params.byte_fee_max.into(),
            reward_issuance: params.reward_issuance.into(),
            subsidy: params.subsidy.iter().map(corner).collect(),
        }
    }
}
