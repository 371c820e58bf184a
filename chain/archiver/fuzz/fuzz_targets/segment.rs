//! Segments of the archived history, out of pieces that any peer may have made.

#![no_main]

use auto_archiver::{SegmentReader, parse_segment};
use auto_core::{BlockNumber, Commitment, Hash, LastArchivedBlock, SegmentHeader, SegmentIndex};
use libfuzzer_sys::fuzz_target;

/// What parses is canonical: its items, and zeros behind them, are the segment. A reader of blocks takes
/// it or leaves it, whatever header stands before it.
fn check(bytes: &[u8]) {
    let Some((before, raw)) = bytes.split_first_chunk::<4>() else { return };
    if let Ok(items) = parse_segment(raw) {
        let mut written = Vec::new();
        for item in &items {
            written.extend(item.to_bytes().expect("short enough"));
        }
        assert!(raw.len() - written.len() < 6);
        written.resize(raw.len(), 0);
        assert_eq!(written, raw);
    }
    let [number, partial, last, last_partial] = before.map(u64::from);
    let header = |index, previous_hash, number, partial: u64| SegmentHeader {
        index: SegmentIndex(index),
        commitment: Commitment([0; 48]),
        previous_hash,
        last_archived_block: LastArchivedBlock {
            number: BlockNumber(number),
            partial_bytes: u32::try_from(partial).ok().filter(|partial| *partial != 0),
        },
    };
    let first = header(0, Hash::ZERO, number, partial);
    let second = header(1, first.hash(), last, last_partial);
    let _ = SegmentReader::new().push(&first, raw);
    let mut reader = SegmentReader::after(first, Some(vec![7; partial as usize]));
    let untouched = reader.clone();
    if reader.push(&second, raw).is_err() {
        assert_eq!(reader, untouched);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
