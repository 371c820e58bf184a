//! Proofs that a receipt is wrong: made by whoever derived the block, judged by the consensus chain, which
//! holds no state of any domain.
//!
//! # What can be wrong with a receipt
//! | field | how it is caught |
//! |---|---|
//! | domain, number, parent receipt, consensus block, number and roots of bundles, trace root, final root, form of transfers | refused when it is submitted |
//! | verdict of a bundle | [`FraudKind::InvalidBundle`], [`FraudKind::ValidBundle`] |
//! | extrinsics root | [`FraudKind::ExtrinsicsRoot`] |
//! | number of roots in the trace | [`FraudKind::TraceLength`] |
//! | one root of the trace | [`FraudKind::StateTransition`] |
//! | block hash | [`FraudKind::BlockHash`] |
//! | fees, transfers | [`FraudKind::Fees`], [`FraudKind::Transfers`] |
//!
//! Whoever derives the block and finds another receipt compares the fields in this order; the first that
//! differs can be proven, since all that its proof stands on is right.
//!
//! # Guarantees
//! * No proof is accepted against the receipt that deriving the block gives. A proof shows one value of the
//!   receipt to be wrong, out of other values of the receipt and of what the consensus chain knows; if the
//!   receipt is right, those values are right, and what is computed of them is what it states.
//! * A step runs over a witness whose every node is checked against its hash, and a read that the witness
//!   cannot answer refuses the proof, whatever the module makes of it.
//! * A proof has one witness: nodes that are not needed are refused.
//! * A proof has at most [`FRAUD_PROOF_BYTES_MAX`] bytes; the cheap rules come first.
//!
//! # Deviations
//! The production protocol proves its runtime code and the block's inherent data with further storage
//! proofs. Here runtimes are native and named by version, and the consensus chain keeps every inherent until
//! the block is confirmed, so there is no such part, and none that could be out of place. The digest of a
//! bundle needs its whole body there and here.

pub mod context;
pub mod error;
pub mod proof;
pub mod prove;
pub mod verify;

pub use context::{Claim, FraudContext};
pub use error::{ERRORS, FraudError};
pub use proof::{BundleData, FRAUD_PROOF_BYTES_MAX, FraudKind, FraudProof, Phase};
pub use prove::{Evidence, prove};
pub use verify::{judge, verify};
