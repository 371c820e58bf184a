//! The limits that bound what one verification reads, keeps and computes.

/// Most keys of an identity.
pub const KEYS_MAX: usize = 16;
/// Most issuers that endorse an identity.
pub const ISSUERS_MAX: usize = 8;
/// Most guardians of an identity.
pub const GUARDIANS_MAX: usize = 8;
/// Most services of an identity.
pub const SERVICES_MAX: usize = 16;
/// Most identities between an identity and the top of its tree, itself not counted.
pub const TREE_DEPTH_MAX: u8 = 8;
/// Most signatures on one inception or operation.
pub const SIGNATURES_MAX: usize = 32;
/// Bytes of an inception.
pub const INCEPTION_BYTES_MAX: usize = 4_096;
/// Bytes of an operation.
pub const OPERATION_BYTES_MAX: usize = 8_192;
/// Bytes of a grant, of a call and of an approval, without their envelope.
pub const STATEMENT_BYTES_MAX: usize = 4_000;
/// Bytes that the envelope of a grant, call or approval adds at most.
pub const ENVELOPE_BYTES_MAX: usize = 96;
/// Most grants in a chain.
pub const CHAIN_MAX: usize = 8;
/// Most approvals of one call.
pub const APPROVALS_MAX: usize = 8;
/// Most commands of a grant, and most resources.
pub const SCOPES_MAX: usize = 16;
/// Most segments of a command.
pub const COMMAND_SEGMENTS_MAX: usize = 8;
/// Bytes of one segment of a command.
pub const COMMAND_SEGMENT_BYTES_MAX: usize = 32;
/// Bytes of a resource or of a pattern of resources.
pub const RESOURCE_BYTES_MAX: usize = 256;
/// Most payees of a grant.
pub const PAYEES_MAX: usize = 16;
/// Most meters of a grant: one per asset.
pub const METERS_MAX: usize = 8;
/// Seconds that a call may live on after the moment it is verified.
pub const CALL_SECONDS_MAX: u64 = 300;
/// Most statements of a policy, nested ones included.
pub const POLICY_STATEMENTS_MAX: usize = 64;
/// Most levels of nested statements, and of nested values.
pub const POLICY_DEPTH_MAX: usize = 8;
/// Most steps of a selector.
pub const SELECTOR_STEPS_MAX: usize = 8;
/// Steps that the evaluation of one grant's policy may take.
pub const POLICY_GAS: u32 = 256;
