//! Proof-of-space tables of the Chia v1 construction: what makes a stored chunk cost space and not time.
//!
//! A sector's piece has a seed. The seed determines seven tables of about `2^K` entries each; for about
//! 60 % of the 8192 s-buckets of the piece (at `K = 17`) the last table holds a proof of `8 K` bytes, and
//! BLAKE3 of that proof masks the chunk in the s-bucket. To know one mask is to build the tables, so that
//! a farmer who wants to answer in time keeps the masked chunks. [`Tables`] finds proofs, [`verify`]
//! checks one in microseconds without tables.
//!
//! # The construction
//! * `x` is a `K`-bit number. Its `y` in table 1 are the bits `[K x, K x + K)` of the ChaCha8 keystream of
//!   the seed (nonce and counter zero, first bit of a byte first), followed by the top 6 bits of `x`. Its
//!   metadata is `x`.
//! * `y` lies in bucket `y / 15113`, row `y mod 15113 / 127`, column `y mod 15113 mod 127`. A left entry in
//!   bucket `i`, row `b`, column `c` and a right entry in bucket `i + 1` match when for some `m < 64` the
//!   right one is in row `(b + m) mod 119` and column `(c + (2 m + i mod 2)^2) mod 127`.
//! * A match makes an entry of the next table: BLAKE3 of the bits of left `y`, left metadata and right
//!   metadata, padded with zero bits to whole bytes. The first `K + 6` bits of the hash are its `y`. Its
//!   metadata is the concatenation of the pair's in tables 2 and 3, then the next `4 K`, `3 K`, `2 K` and
//!   0 bits of the hash in tables 4 to 7.
//! * A proof is the 64 values of `x` below an entry of table 7, left before right, `K` bits each.
//!
//! # The rules that plots depend on (frozen by `tests/vectors/space.json`)
//! * **Challenge.** The challenge of an s-bucket is its 13 bits followed by `K - 13` zero bits
//!   ([`challenge`]). An entry answers it when it is the first `K` bits of its `y` in table 7.
//! * **First proof.** Table 1 is ordered by `(y, x)`, every other by `(y, left position, right position)`,
//!   positions being those in the table before. The proof of an s-bucket is the first entry of table 7 in
//!   this order that answers the challenge and whose 64 values are distinct. No entry is ever dropped for
//!   lack of room, so the order does not depend on an implementation.
//!
//! # Guarantees
//! * The same seed gives the same proofs on every machine: AVX-512, AVX2 and portable code are tested
//!   against one another and against a plain implementation of the definition above.
//! * [`verify`] accepts exactly the proofs that tables can hold: right parameter and length, distinct
//!   values, every pair matching in its order, the right challenge. It allocates nothing that grows.
//! * One set of tables takes about 7 MiB at `K = 17` and a [`TablesGenerator`] about 9 MiB beside it.
//!
//! `COVERAGE.md` has the measured share of s-buckets that have a proof, the cost of a piece, and why a
//! farmer gains nothing by building tables on demand.
//!
//! # Deviations from the production protocol of the paper
//! * The production protocol reads an s-bucket as a little-endian `u32`, and its bytes as a big-endian
//!   number whose top `K` bits are the challenge. For 8192 s-buckets and `K` below 16 that gives several
//!   s-buckets the same challenge; ours are distinct for every `K`, and s-buckets in order walk table 7 in
//!   order. Tables, their order and the packing of proofs are those of the production protocol; three of
//!   its first proofs at `K = 20` are among the tests.
//! * A proof that repeats a value is refused, and tables skip it for the next (1.5 % of entries at
//!   `K = 17`): sixty-four values must be sixty-four table entries.
//! * Left and right buckets must be neighbours in that order in verification too.
//! * There is no quality: the audit compares masked chunks.

mod challenge;
mod error;
mod first;
mod lanes;
mod matching;
mod path;
mod shape;
mod sort;
mod step;
mod tables;
#[cfg(test)]
mod tests;
mod verify;

pub use challenge::challenge;
pub use error::{ERRORS, SpaceError};
pub use tables::{Tables, TablesGenerator};
pub use verify::verify;
