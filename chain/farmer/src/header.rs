//! The pages that say what a plot and each of its sectors is.

use crate::layout::PAGE;
use crate::{FarmError, Part};
use auto_core::{Hash, HistorySize, ProtocolParams, PublicKey, SectorIndex, decode_strict, hash};
use parity_scale_codec::{Decode, Encode};
use std::path::Path;

/// Version of the plot format that this crate reads and writes.
pub const PLOT_VERSION: u32 = 1;

const FILE_MAGIC: [u8; 8] = *b"AUTOPLOT";
const SECTOR_MAGIC: [u8; 8] = *b"AUTOSECT";
const STAGING_MAGIC: [u8; 8] = *b"AUTOSTAG";
const PAGE_BYTES: usize = 4096;
/// Magic, version, length of the body, checksum.
const FRAME_BYTES: usize = 8 + 4 + 4 + 32;

/// What the whole plot is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct PlotHeader {
    /// Rises with every rewrite; of two valid copies the higher counts.
    pub(crate) generation: u64,
    pub(crate) genesis: Hash,
    pub(crate) public_key: PublicKey,
    pub(crate) first_sector: SectorIndex,
    pub(crate) sectors: u32,
    pub(crate) params: ProtocolParams,
}

/// What one sector is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SectorHeader {
    Unplotted,
    Plotted { history_size: HistorySize, digest: Hash },
    Quarantined { part: Part },
}

#[derive(Encode, Decode)]
struct SectorBody {
    /// Chain, key and parameters: a page left over from another plot is not taken for one of this.
    plot: Hash,
    sector: SectorIndex,
    state: u8,
    part: u8,
    history_size: u64,
    digest: Hash,
}

/// Which sector the staging area is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct StagingHeader {
    pub(crate) sector: SectorIndex,
    pub(crate) history_size: HistorySize,
}

/// Why a page was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageError {
    Empty,
    Damaged,
    Version(u32),
}

fn seal(magic: [u8; 8], body: &[u8]) -> Result<Vec<u8>, FarmError> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut page = [magic.as_slice(), &PLOT_VERSION.to_le_bytes(), &length.to_le_bytes(), body].concat();
    let checksum = hash(&page);
    page.extend_from_slice(checksum.as_ref());
    if page.len() > PAGE_BYTES {
        return Err(FarmError::Parameters("they do not fit into the header of a plot".to_owned()));
    }
    page.resize(PAGE_BYTES, 0);
    Ok(page)
}

fn unseal<T: Decode>(magic: [u8; 8], page: &[u8]) -> Result<T, PageError> {
    if page.iter().all(|byte| *byte == 0) {
        return Err(PageError::Empty);
    }
    let number = |at: usize| -> Option<u32> {
        Some(u32::from_le_bytes(page.get(at..at.checked_add(4)?)?.try_into().ok()?))
    };
    if page.get(..8) != Some(magic.as_slice()) {
        return Err(PageError::Damaged);
    }
    let length = number(12).and_then(|length| usize::try_from(length).ok()).ok_or(PageError::Damaged)?;
    let end = length.checked_add(16).filter(|end| *end <= PAGE_BYTES - 32).ok_or(PageError::Damaged)?;
    let (Some(content), Some(checksum)) = (page.get(..end), page.get(end..end + 32)) else {
        return Err(PageError::Damaged);
    };
    if hash(content).as_ref() != checksum {
        return Err(PageError::Damaged);
    }
    // The rest of the page is zero, so that every bit of it is accounted for.
    if page.get(end + 32..).is_none_or(|rest| rest.iter().any(|byte| *byte != 0)) {
        return Err(PageError::Damaged);
    }
    match number(8) {
        Some(PLOT_VERSION) => {}
        Some(other) => return Err(PageError::Version(other)),
        None => return Err(PageError::Damaged),
    }
    let body = content.get(16..).unwrap_or_default();
    decode_strict(body, PAGE_BYTES - FRAME_BYTES).map_err(|_| PageError::Damaged)
}

impl PlotHeader {
    /// What ties sectors to their plot: chain, key and parameters.
    pub(crate) fn identity(&self) -> Hash {
        hash(&[self.genesis.as_ref(), self.public_key.0.as_slice(), self.params.hash().as_ref()].concat())
    }

    pub(crate) fn to_page(&self) -> Result<Vec<u8>, FarmError> {
        seal(FILE_MAGIC, &self.encode())
    }

    /// The newer of the valid copies in the first two pages; `None` when both are blank.
    pub(crate) fn from_pages(pages: &[u8], path: &Path) -> Result<Option<Self>, FarmError> {
        let copies: Vec<_> = pages.chunks(PAGE_BYTES).map(|page| unseal::<Self>(FILE_MAGIC, page)).collect();
        let newest = copies.iter().flatten().max_by_key(|header| header.generation);
        if let Some(header) = newest {
            return Ok(Some(header.clone()));
        }
        if copies.iter().all(|copy| copy.as_ref().is_err_and(|error| *error == PageError::Empty)) {
            return Ok(None);
        }
        let version = copies.iter().find_map(|copy| match copy {
            Err(PageError::Version(version)) => Some(*version),
            _ => None,
        });
        Err(match version {
            Some(found) => FarmError::Version { path: path.to_owned(), found, supported: PLOT_VERSION },
            None => FarmError::NotAPlot { path: path.to_owned(), reason: "its header is damaged" },
        })
    }
}

impl SectorHeader {
    pub(crate) fn to_page(self, plot: &Hash, sector: SectorIndex) -> Result<Vec<u8>, FarmError> {
        let (state, part, history_size, digest) = match self {
            Self::Unplotted => (0, 0, 0, Hash::ZERO),
            Self::Plotted { history_size, digest } => (1, 0, history_size.segments(), digest),
            Self::Quarantined { part } => (2, part.byte(), 0, Hash::ZERO),
        };
        seal(SECTOR_MAGIC, &SectorBody { plot: *plot, sector, state, part, history_size, digest }.encode())
    }

    /// Reads a page; whatever is not a valid page of this very sector is damage.
    pub(crate) fn from_page(page: &[u8], plot: &Hash, sector: SectorIndex) -> Self {
        let damaged = Self::Quarantined { part: Part::Header };
        let body: SectorBody = match unseal(SECTOR_MAGIC, page) {
            Ok(body) => body,
            Err(PageError::Empty) => return Self::Unplotted,
            Err(_) => return damaged,
        };
        if body.sector != sector || body.plot != *plot {
            return damaged;
        }
        match (body.state, HistorySize::new(body.history_size), Part::from_byte(body.part)) {
            (0, ..) => Self::Unplotted,
            (1, Some(history_size), _) => Self::Plotted { history_size, digest: body.digest },
            (2, _, Some(part)) => Self::Quarantined { part },
            _ => damaged,
        }
    }
}

impl StagingHeader {
    pub(crate) fn to_page(self) -> Result<Vec<u8>, FarmError> {
        seal(STAGING_MAGIC, &self.encode())
    }

    pub(crate) fn from_page(page: &[u8]) -> Option<Self> {
        unseal(STAGING_MAGIC, page).ok()
    }
}

const _: () = assert!(PAGE == 4096 && PAGE_BYTES == 4096);

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::Preset;

    fn header(generation: u64) -> PlotHeader {
        PlotHeader {
            generation,
            genesis: hash(b"genesis"),
            public_key: PublicKey([7; 32]),
            first_sector: SectorIndex(3),
            sectors: 9,
            params: ProtocolParams::preset(Preset::Production),
        }
    }

    #[test]
    fn the_newer_valid_copy_of_the_header_counts() {
        let path = Path::new("plot.bin");
        let (old, new) = (header(1).to_page().expect("fits"), header(2).to_page().expect("fits"));
        let mut pages = [new, old].concat();
        assert_eq!(
            PlotHeader::from_pages(&pages, path).expect("valid").map(|header| header.generation),
            Some(2)
        );
        pages[100] ^= 1;
        assert_eq!(
            PlotHeader::from_pages(&pages, path).expect("one is valid").map(|header| header.generation),
            Some(1)
        );
        pages[PAGE_BYTES + 20] ^= 1;
        assert!(matches!(PlotHeader::from_pages(&pages, path), Err(FarmError::NotAPlot { .. })));
    }

    #[test]
    fn every_flipped_bit_of_a_sector_page_is_found() {
        let (plot, sector) = (hash(b"plot"), SectorIndex(5));
        let plotted = SectorHeader::Plotted { history_size: HistorySize::ONE, digest: hash(b"digest") };
        let page = plotted.to_page(&plot, sector).expect("fits");
        assert_eq!(SectorHeader::from_page(&page, &plot, sector), plotted);
        assert_eq!(
            SectorHeader::from_page(&page, &plot, SectorIndex(6)),
            SectorHeader::Quarantined { part: Part::Header }
        );
        for byte in 0..PAGE_BYTES {
            let mut flipped = page.clone();
            flipped[byte] ^= 0x10;
            assert_eq!(
                SectorHeader::from_page(&flipped, &plot, sector),
                SectorHeader::Quarantined { part: Part::Header },
                "byte {byte}"
            );
        }
    }

    #[test]
    fn another_version_is_named() {
        let mut page = header(1).to_page().expect("fits");
        page[8] = 2;
        let length =
            usize::try_from(u32::from_le_bytes([page[12], page[13], page[14], page[15]])).expect("small");
        let checksum = hash(&page[..16 + length]);
        page[16 + length..48 + length].copy_from_slice(checksum.as_ref());
        let pages = [page.clone(), page].concat();
        let error = PlotHeader::from_pages(&pages, Path::new("plot.bin")).expect_err("version 2");
        assert!(matches!(error, FarmError::Version { found: 2, supported: 1, .. }));
    }

    proptest::proptest! {
        #[test]
        fn junk_is_never_a_page(junk in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let mut page = [SECTOR_MAGIC.as_slice(), &junk].concat();
            page.resize(PAGE_BYTES, 0);
            let damaged = SectorHeader::Quarantined { part: Part::Header };
            proptest::prop_assert_eq!(SectorHeader::from_page(&page, &Hash::ZERO, SectorIndex(0)), damaged);
            proptest::prop_assert_eq!(StagingHeader::from_page(&page), None);
        }
    }
}
