//! Client, signer, keystore, and the files and networks they work with.
//!
//! # Parts
//! * [`Signer`] signs transactions; [`KeyPair`](auto_core::KeyPair) is the one that holds its secret.
//! * [`Keystore`] keeps named accounts in a folder, one encrypted file each.
//! * [`Client`] asks a node over GraphQL and HTTP, fills in what a transaction needs in one query, sends
//!   it, and follows it to its confirmation.
//! * [`DomainClient`] does the same on a domain; [`Client::delivered`] follows money between chains.
//! * [`Splitter`] and [`Assembler`] turn a file into objects and back; [`FileManifest`] is the object that
//!   lists the others.
//! * [`DomainState`] reads the state of a domain over proofs that are checked here.
//! * [`identity`] and [`agent`] make the statements of identities and agents, and the calls that carry them.
//! * [`audit`] exports what an agent did, and checks it offline; [`provenance`] does so with signed content.
//! * [`domains`] builds the calls of operators and nominators, and those that move money to, in and from
//!   domains.
//! * [`DevAccount`] and [`dev_genesis`] describe a development network, [`GenesisFile`] any other.
//!
//! # Guarantees
//! * Secrets are wiped from memory when they are dropped, and never part of a message or of `Debug`.
//! * A keystore file is decoded strictly; its costs are bounded before any work is done, a wrong password
//!   is told from a damaged file as far as that can be known, and others may not read it.
//! * Objects are compared with their hash and account proofs are checked here, never on the node's word.
//! * Every wait is bounded by the caller.
//!
//! # Deviations
//! * The client speaks plain HTTP: nodes listen on the machine itself unless told otherwise, and whoever
//!   opens one to the world puts a proxy with TLS before it.

pub mod agent;
pub mod audit;
mod client;
mod dev;
pub mod domains;
mod error;
mod file;
mod genesis;
pub mod identity;
mod keystore;
mod parts;
mod proof;
pub mod proven;
pub mod provenance;
mod signer;

pub use auto_domains::Withdraw;
pub use auto_domains::election::OperatorPair;
pub use client::{
    AccountInfo, ChainInfo, Client, Delivery, DomainAccountInfo, DomainClient, DomainFailure, DomainInfo,
    DomainReceipt, DomainStage, EpochInfo, EventInfo, Lineage, Made, MessageId, ObjectInfo, OperatorInfo,
    Outcome, PositionInfo, Prepared, PreparedThere, Quote, Reach, Receipt, Sink, Stage, StatusInfo,
    StoredManifest, Upload, Wanted, WithdrawalInfo, hash_there,
};
pub use dev::{
    DEV_BALANCE, DEV_DOMAIN_BALANCE, DEV_STAKE, DevAccount, dev_genesis, dev_genesis_at, dev_operators,
    is_dev_genesis,
};
pub use error::{ERRORS, SdkError};
pub use file::{FileError, FileManifest};
pub use genesis::{Balance, ChannelsEntry, DomainEntry, GenesisFile, ModuleEntry, OperatorEntry};
pub use keystore::{
    ERRORS as KEYSTORE_ERRORS, IdentityFile, IdentityName, KdfCost, KeyError, KeyFile, Keystore,
    OperatorKeyFile, Secret,
};
pub use parts::{Assembler, Splitter, media_type};
pub use proof::{ProofFile, ProvenAccount};
pub use proven::{Anchor, At, DomainState, Evidence, Prover};
pub use signer::Signer;
