//! The limits that bound the work of one verification.

/// Largest certificate, in bytes.
pub const CERTIFICATE_BYTES_MAX: usize = 256 * 1024;
/// Largest revocation list, in bytes.
pub const CRL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most trust anchors, intermediates and lists, each.
pub const INPUTS_MAX: usize = 1024;
/// Most intermediates in a path, self-issued ones included.
pub const INTERMEDIATES_MAX: usize = 32;
/// Most extensions in a certificate or list.
pub const EXTENSIONS_MAX: usize = 64;
/// Most policies, and most mappings, in a certificate.
pub const POLICIES_MAX: usize = 64;
/// Most steps of the search: certificates looked at as an issuer, and lists consulted.
pub const STEPS_MAX: usize = 16_384;
/// Most signature verifications, of certificates and lists together.
pub const SIGNATURES_MAX: usize = 256;
/// Most complete paths that are validated before the search ends.
pub const PATHS_MAX: usize = 256;
/// Most comparisons of one certificate's names with the subtrees above it.
pub const NAME_CHECKS_MAX: usize = 1 << 18;
/// Most hops from a list to the path of its signer, and on to the list of that signer.
pub const REVOCATION_DEPTH_MAX: usize = 3;
/// Most valid policies at one depth of a path.
pub const POLICY_NODES_MAX: usize = 256;
