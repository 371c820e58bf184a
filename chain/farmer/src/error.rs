//! What can go wrong with a farm, with one stable code each.

use auto_core::{ErrorCode, PieceIndex, PieceOffset, SectorIndex};
use std::path::PathBuf;

mod table;

pub use table::ERRORS;

/// A part of a farm that can be damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// The sector's header page.
    Header,
    /// The table of checksums.
    Checksums,
    /// The contents map of one record.
    Map,
    /// Commitment, witness or piece checksum of one record.
    Metadata,
    /// The table that says where each group of chunks starts.
    Directory,
    /// A region of s-buckets.
    Buckets,
    /// The unencoded extra chunks.
    Extras,
    /// A record that does not decode to what was plotted.
    Record,
    /// The file ends before the sector does.
    Missing,
}

impl Part {
    /// Lower-case name for messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Checksums => "checksum table",
            Self::Map => "contents map",
            Self::Metadata => "record metadata",
            Self::Directory => "directory",
            Self::Buckets => "s-bucket region",
            Self::Extras => "extra chunks",
            Self::Record => "record",
            Self::Missing => "end of the file",
        }
    }

    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Header => 1,
            Self::Checksums => 2,
            Self::Map => 3,
            Self::Metadata => 4,
            Self::Directory => 5,
            Self::Buckets => 6,
            Self::Extras => 7,
            Self::Record => 8,
            Self::Missing => 9,
        }
    }

    pub(crate) const fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Header,
            2 => Self::Checksums,
            3 => Self::Map,
            4 => Self::Metadata,
            5 => Self::Directory,
            6 => Self::Buckets,
            7 => Self::Extras,
            8 => Self::Record,
            9 => Self::Missing,
            _ => return None,
        })
    }
}

/// A failure of the farmer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FarmError {
    /// The operating system refused to read, write or list.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// There is not enough room on the disk.
    #[error("{} needs {needed} bytes but the disk has {free} free", path.display())]
    DiskFull {
        /// The farm's folder.
        path: PathBuf,
        /// Bytes that are still to be reserved.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// Another process uses the farm.
    #[error("{} is in use by {holder}", path.display())]
    Locked {
        /// The farm's folder.
        path: PathBuf,
        /// Process id and command of the holder, as far as known.
        holder: String,
    },
    /// The file is not a plot, or its header is damaged in both copies.
    #[error("{} is not a readable plot: {reason}", path.display())]
    NotAPlot {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The plot has another format version.
    #[error("{} has plot format {found}, this program reads format {supported}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// Ours.
        supported: u32,
    },
    /// The plot belongs to another chain, key or set of parameters.
    #[error("{} was plotted with another {field}", path.display())]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// What differs.
        field: String,
    },
    /// The farm was made larger than it is now asked to be.
    #[error("{} holds {existing} sectors but the size given is enough for {wanted} only", path.display())]
    Shrink {
        /// The farm's folder.
        path: PathBuf,
        /// Sectors of the plot.
        existing: u32,
        /// Sectors that fit the size.
        wanted: u32,
    },
    /// A farm's size holds no sector.
    #[error("{given} bytes are too small for a farm: one sector needs {minimum}")]
    TooSmall {
        /// The size given in bytes.
        given: u64,
        /// The smallest size in bytes.
        minimum: u64,
    },
    /// A text does not describe a farm.
    #[error("`{text}` does not describe a farm: {reason}")]
    Spec {
        /// The text.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The farm has no such sector.
    #[error("the farm has no sector {0}")]
    UnknownSector(SectorIndex),
    /// The sector is not plotted.
    #[error("sector {0} is not plotted")]
    NotPlotted(SectorIndex),
    /// The sector has no such piece.
    #[error("a sector has no piece at offset {0}")]
    UnknownOffset(PieceOffset),
    /// A sector is damaged and was quarantined.
    #[error("sector {sector} is damaged in its {}", part.name())]
    Damaged {
        /// The sector.
        sector: SectorIndex,
        /// Where the damage was found.
        part: Part,
    },
    /// A piece that the sector needs cannot be had.
    #[error("piece {index} is not available: {reason}")]
    PieceUnavailable {
        /// The piece.
        index: PieceIndex,
        /// What the source said.
        reason: String,
    },
    /// A piece from the source has the wrong length or holds values that are no scalars.
    #[error("piece {index} is malformed: {reason}")]
    PieceMalformed {
        /// The piece.
        index: PieceIndex,
        /// What is wrong.
        reason: String,
    },
    /// The proof came too late for its slot.
    #[error("proving was given up after {step} because the deadline has passed")]
    Late {
        /// The last step that was finished.
        step: &'static str,
    },
    /// The candidate is no solution any more: the sector was plotted anew.
    #[error("sector {0} was plotted anew since the audit")]
    Stale(SectorIndex),
    /// Removing a farm was not confirmed.
    #[error("{} is kept: removing a farm needs an explicit confirmation", path.display())]
    WipeUnconfirmed {
        /// The farm's folder.
        path: PathBuf,
    },
    /// The parameters make no working farm.
    #[error("the parameters make no farm: {0}")]
    Parameters(String),
    /// A proof-of-space table could not be built.
    #[error("the proof-of-space table failed: {0}")]
    Space(String),
    /// A commitment or an opening could not be computed.
    #[error("the commitment scheme failed: {0}")]
    Kzg(String),
    /// Worker threads could not be started.
    #[error("worker threads could not be started: {0}")]
    Threads(String),
}

impl FarmError {
    pub(crate) fn io(action: &'static str, path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }
}

impl ErrorCode for FarmError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "FRM-0001",
            Self::DiskFull { .. } => "FRM-0002",
            Self::Locked { .. } => "FRM-0003",
            Self::NotAPlot { .. } => "FRM-0004",
            Self::Version { .. } => "FRM-0005",
            Self::Mismatch { .. } => "FRM-0006",
            Self::Shrink { .. } => "FRM-0007",
            Self::TooSmall { .. } => "FRM-0008",
            Self::Spec { .. } => "FRM-0009",
            Self::UnknownSector(_) => "FRM-0010",
            Self::NotPlotted(_) => "FRM-0011",
            Self::UnknownOffset(_) => "FRM-0012",
            Self::Damaged { .. } => "FRM-0013",
            Self::PieceUnavailable { .. } => "FRM-0014",
            Self::PieceMalformed { .. } => "FRM-0015",
            Self::Late { .. } => "FRM-0016",
            Self::Stale(_) => "FRM-0017",
            Self::WipeUnconfirmed { .. } => "FRM-0018",
            Self::Parameters(_) => "FRM-0019",
            Self::Space(_) => "FRM-0020",
            Self::Kzg(_) => "FRM-0021",
            Self::Threads(_) => "FRM-0022",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        for (position, entry) in ERRORS.iter().enumerate() {
            assert_eq!(entry.code, format!("FRM-{:04}", position + 1));
        }
        assert_eq!(FarmError::Threads(String::new()).code(), ERRORS.last().map_or("", |last| last.code));
    }

    #[test]
    fn parts_round_trip_as_bytes() {
        for byte in 1..=9 {
            assert_eq!(Part::from_byte(byte).map(Part::byte), Some(byte));
        }
        assert_eq!(Part::from_byte(0), None);
        assert_eq!(Part::from_byte(10), None);
    }
}
