//! Plots on disk: plotting, audit, proving, repair.
//!
//! A farm is a folder with one file, `plot.bin`, that holds sectors of the archived history, each
//! piece masked by proofs of space that only this farmer's key and sector numbers give.
//!
//! # Format, version 1
//! See [`Layout`] for positions. Every sector has a page with its state, the length of the history it
//! was plotted with, and a digest over its table of checksums, which covers contents maps, metadata,
//! directory, regions of 64 s-buckets, and extra chunks: a flipped bit anywhere is found and named.
//! Encoded chunks lie by s-bucket, then by class of piece (`offset mod classes`), then by offset. The
//! audit of a sector reads the chunks of one s-bucket and one class: one contiguous read.
//!
//! # Guarantees
//! * A sector is used only while its page says that it is plotted, and the page says so only after
//!   all of the sector is on disk. A crash at any moment leaves the old sector, the new one, or none.
//! * Plotting is taken up at the piece where it was cut off; memory does not grow with the sector.
//! * All space of a farm is reserved when it is made, room to stage one sector included.
//! * A farm keeps about a hundred bytes of memory per sector, and directories within a given budget.
//! * A solution is verified against its record's commitment before it leaves the farm.
//! * Damage takes one sector out of use and is repaired by plotting that sector anew. Nothing is
//!   deleted without [`Farm::wipe`] being confirmed.
//! * A sector expires by the protocol's rule; until its successor is staged it farms on.
//! * No clock decides anything: deadlines are asked of the caller. Time is read for statistics only.
//!
//! # Deviations from the production protocol of the paper
//! * Extra chunks of records with fewer than 4096 proofs lie behind all s-buckets rather than inside
//!   them: no audit can meet them at all.
//! * The positions of s-buckets are kept on disk and cached within a budget, rather than always in
//!   memory.
//! * The low 13 bits of a challenge choose the s-bucket and the next ones the class, so that an audit
//!   reads the same share of a plot as in the paper though records are an eighth of the size.

mod assemble;
mod audit;
mod bench;
mod contents;
mod disk;
mod encoding;
mod error;
mod farm;
mod header;
mod layout;
mod lock;
mod plotter;
mod prove;
mod scrub;
mod sector;
mod source;
mod spec;
mod staging;
mod stats;
mod status;

pub use audit::{AuditReport, Candidate};
pub use bench::{FarmBench, Verdict};
pub use contents::ContentsMap;
pub use disk::PlotFile;
pub use encoding::{EncodedRecord, decode_chunks, encode_record};
pub use error::{ERRORS, FarmError, Part};
pub use farm::{Farm, FarmConfig, PLOT_FILE};
pub use header::PLOT_VERSION;
pub use layout::{
    CHECKSUM_BYTES, CHUNK_BYTES, Layout, MAP_BYTES, METADATA_BYTES, PAGE, REGION_BUCKETS, REGIONS,
    STAGED_BYTES, STAGED_HEADER_BYTES,
};
pub use plotter::{PlotControl, PlotOutcome, PlotPhase, PlotProgress, PlotReason};
pub use prove::Recovered;
pub use scrub::ScrubReport;
pub use source::{PieceSource, SourceError};
pub use spec::FarmSpec;
pub use stats::{FarmStats, Outcome, Percentiles};
pub use status::{Coverage, FarmStatus, SectorCounts, SectorState};
