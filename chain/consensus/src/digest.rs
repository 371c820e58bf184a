//! The consensus items of a header, in the one order that is allowed.

use crate::ConsensusError;
use auto_core::{
    Digest, DigestItem, Header, List, PotParametersChange, PreDigest, SEGMENT_HEADERS_MAX, SegmentHeader,
    Signature, SolutionRange,
};

/// A header's digest, read strictly: every item at its place, none twice, none unknown.
///
/// The order is: pre-digest, iterations, solution range; then, where there are any, next solution range,
/// change of proof of time, segment headers; the seal last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockDigest {
    /// The claim to the slot.
    pub pre_digest: PreDigest,
    /// Iterations of the block's own slot.
    pub iterations: u64,
    /// The range that the block's solution had to meet.
    pub solution_range: SolutionRange,
    /// The range from the next block on; only in the last block of an era.
    pub next_solution_range: Option<SolutionRange>,
    /// A change of proof of time; only in blocks that schedule one.
    pub change: Option<PotParametersChange>,
    /// Segments that the block adds to the archived history.
    pub segment_headers: List<SegmentHeader, SEGMENT_HEADERS_MAX>,
}

/// The name of an item, as errors give it.
fn name(item: &DigestItem) -> &'static str {
    match item {
        DigestItem::PreDigest(_) => "PreDigest",
        DigestItem::PotIterations(_) => "PotIterations",
        DigestItem::SolutionRange(_) => "SolutionRange",
        DigestItem::NextSolutionRange(_) => "NextSolutionRange",
        DigestItem::PotParametersChange(_) => "PotParametersChange",
        DigestItem::SegmentHeaders(_) => "SegmentHeaders",
        DigestItem::Seal(_) => "Seal",
        _ => "unknown item",
    }
}

/// Walks over the items and remembers where it is, for errors.
struct Items<'a> {
    items: &'a [DigestItem],
    position: usize,
}

impl<'a> Items<'a> {
    /// The value of the next item when `read` knows it; otherwise the item stays.
    fn take<T>(&mut self, read: impl Fn(&'a DigestItem) -> Option<T>) -> Option<T> {
        let value = read(self.items.get(self.position)?)?;
        self.position = self.position.saturating_add(1);
        Some(value)
    }

    /// As [`Self::take`], for an item that must be there.
    fn demand<T>(
        &mut self,
        expected: &'static str,
        read: impl Fn(&'a DigestItem) -> Option<T>,
    ) -> Result<T, ConsensusError> {
        self.take(read).ok_or_else(|| match self.items.get(self.position) {
            None => ConsensusError::DigestMissing { expected },
            Some(found) => {
                ConsensusError::DigestUnexpected { position: self.position, expected, found: name(found) }
            }
        })
    }
}

impl BlockDigest {
    /// Reads the digest of a sealed header.
    ///
    /// # Errors
    /// When an item is missing, out of place, double, unknown or empty.
    pub fn read(header: &Header) -> Result<(Self, Signature), ConsensusError> {
        let mut items = Items { items: &header.digest, position: 0 };
        let digest = Self::read_unsealed(&mut items)?;
        let seal = items.demand("Seal", |item| match item {
            DigestItem::Seal(seal) => Some(*seal),
            _ => None,
        })?;
        match items.items.get(items.position) {
            None => Ok((digest, seal)),
            Some(found) => Err(ConsensusError::DigestUnexpected {
                position: items.position,
                expected: "nothing after the seal",
                found: name(found),
            }),
        }
    }

    fn read_unsealed(items: &mut Items<'_>) -> Result<Self, ConsensusError> {
        let pre_digest = items.demand("PreDigest", |item| match item {
            DigestItem::PreDigest(pre_digest) => Some(pre_digest.as_ref().clone()),
            _ => None,
        })?;
        let iterations = items.demand("PotIterations", |item| match item {
            DigestItem::PotIterations(iterations) => Some(*iterations),
            _ => None,
        })?;
        let solution_range = items.demand("SolutionRange", |item| match item {
            DigestItem::SolutionRange(range) => Some(*range),
            _ => None,
        })?;
        let next_solution_range = items.take(|item| match item {
            DigestItem::NextSolutionRange(range) => Some(*range),
            _ => None,
        });
        let change = items.take(|item| match item {
            DigestItem::PotParametersChange(change) => Some(*change),
            _ => None,
        });
        let segment_headers = items.take(|item| match item {
            DigestItem::SegmentHeaders(headers) => Some(headers.clone()),
            _ => None,
        });
        if segment_headers.as_ref().is_some_and(|headers| headers.is_empty()) {
            return Err(ConsensusError::DigestEmptySegments);
        }
        let segment_headers = segment_headers.unwrap_or_default();
        Ok(Self { pre_digest, iterations, solution_range, next_solution_range, change, segment_headers })
    }

    /// The items in their order, without a seal.
    #[must_use]
    pub fn into_unsealed(self) -> Digest {
        let mut items = vec![
            DigestItem::PreDigest(Box::new(self.pre_digest)),
            DigestItem::PotIterations(self.iterations),
            DigestItem::SolutionRange(self.solution_range),
        ];
        items.extend(self.next_solution_range.map(DigestItem::NextSolutionRange));
        items.extend(self.change.map(DigestItem::PotParametersChange));
        if !self.segment_headers.is_empty() {
            items.push(DigestItem::SegmentHeaders(self.segment_headers));
        }
        List::new(items).expect("holds because six items are below the bound of a digest")
    }
}
