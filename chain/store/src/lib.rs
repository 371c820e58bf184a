//! What a node keeps on disk: RocksDB column families behind one trait, with an in-memory twin.
//!
//! # Guarantees
//! * A [`Batch`] is written wholly or not at all, whenever the process or the machine dies.
//! * A batch with [`Batch::sync`] is on the disk when [`Store::write`] returns. One without it may be
//!   lost with the machine (not with the process), and then every batch after it is lost too: what a
//!   reopened store holds is always a prefix of what was written.
//! * [`RocksStore`] and [`MemoryStore`] answer every call alike; one conformance suite runs on both.
//! * A folder belongs to one process. A second one is refused and told who the first is.
//! * A store of another format version, of another program, or with damaged files is refused with an
//!   error that names the version or the file and what to do about it. No refusal turns what is there
//!   into another store, and a store that was refused once stays refused.
//! * A store holds at least what it was told to sync, or it is refused: a seal beside the database says
//!   how much that is, so that neither a shortened log nor a shortened list of files passes for a crash.
//! * Only an empty folder becomes a new store, and one in which nothing was ever kept.
//! * Every value that is read is checked against RocksDB's checksums.
//!
//! # Features
//! * `test-double`, off by default: `FullDisk`, a store that refuses writes on demand, for tests of what
//!   lies above a store.
//!
//! # What it does not do
//! * No transactions over reads: whoever reads, decides and writes must be the only writer of those keys.
//! * No migration between format versions: a chain's data can always be fetched again.
//!
//! # Deviations
//! None: the paper leaves storage to the implementation.

mod batch;
mod column;
mod error;
#[cfg(any(test, feature = "test-double"))]
mod full_disk;
mod holder;
mod memory;
mod range;
mod rocks;
mod seal;
mod state;
mod store;

pub use batch::{Batch, Operation};
pub use column::Column;
pub use error::{ERRORS, StoreError};
#[cfg(feature = "test-double")]
pub use full_disk::FullDisk;
pub use holder::Holder;
pub use memory::MemoryStore;
pub use rocks::{FORMAT_VERSION, RocksStore, StoreOptions};
pub use state::{StateNodes, StateStage};
pub use store::{Direction, Store};
