//! KZG commitments over BLS12-381 with the Ethereum ceremony, and recovery of records and segments.
//!
//! # Specification
//! * A record is 4096 scalars, big-endian and canonical: the values of a polynomial of degree below 4096,
//!   in the layout of a blob of EIP-4844.
//! * Chunk `j` of the extended record is the polynomial's value at `z_j = omega_8192^(brp13(j))`, where
//!   `omega_n = 7^((r - 1) / n)` and `brp13` reverses 13 bits. The first 4096 chunks are the record.
//! * A segment has `n` pieces, a power of two from 4 to 256. Its polynomial has a degree below `n`, and at
//!   `omega_n^i` the value of piece `i`: the BLAKE3 hash of the record's commitment with the two top bits
//!   cleared, big-endian.
//! * Source record `i` is piece `2 i`; each column of the source records is a polynomial of degree below
//!   `n / 2` over the even powers of `omega_n`, and its values at the odd powers are the parity records.
//!
//! # Guarantees
//! * No call panics, whatever bytes it is given.
//! * Scalars not below the order of the field are refused. Points are refused unless they are on the
//!   curve, in the subgroup and canonically encoded. Infinity is a point like others: it commits to zero
//!   and proves constants, and is accepted only where that equation holds.
//! * Commitments, values and witnesses of records are those of EIP-4844, so other software verifies them.
//! * Results do not depend on the number of threads.
//!
//! # Deviations
//! * Records of 4096 scalars, not 2^15: the size of the Ethereum ceremony.
//! * Both openings of a solution are checked as one random combination, with factors that are hashed from
//!   everything that is checked.
//!
//! Operations take variable time: everything handled here is public.

mod ceremony;
mod curve;
mod error;
mod fourier;
mod multiples;
mod opening;
mod record;
mod segment;

pub use ceremony::Kzg;
pub use error::{ERRORS, KzgError};
pub use opening::Opening;
pub use record::{extend_record, raw_to_record, record_to_raw, recover_record};
pub use segment::{extend_commitments, extend_segment, recover_segment};
