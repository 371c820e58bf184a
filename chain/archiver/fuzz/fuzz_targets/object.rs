//! Objects out of raw records that any peer may have made.

#![no_main]

use auto_archiver::ObjectReader;
use auto_core::{GlobalObject, Hash, PieceIndex, Preset, ProtocolParams, RAW_RECORD_BYTES};
use libfuzzer_sys::fuzz_target;

const LIMIT: u32 = 1 << 18;

/// A reader asks for a bounded number of pieces, keeps no more than its limit, and never gives an object
/// of another hash.
fn check(bytes: &[u8]) {
    let Some((head, rest)) = bytes.split_first_chunk::<4>() else { return };
    // Most objects start near the end of a record, so that they go on in the next.
    let offset = RAW_RECORD_BYTES as u32 - 1 - u32::from(u16::from_le_bytes([head[0], head[1]]));
    let piece_index = PieceIndex(u64::from(head[2]));
    let object = GlobalObject { hash: Hash::of_object(rest), piece_index, offset };
    let params = ProtocolParams::preset(Preset::Test);
    let Ok(mut reader) = ObjectReader::new(&params, &object, LIMIT) else { return };
    let mut parts = rest.chunks(usize::from(head[3]) + 1);
    for round in 0..6 {
        let needs = reader.needs();
        assert!(needs.len() <= 64);
        let Some(piece) = (if round % 3 == 2 { needs.last() } else { needs.first() }) else { break };
        // The part stands where the reader looks first: at the object's start, then at the record's.
        let mut raw = vec![0; RAW_RECORD_BYTES];
        let at = if round == 0 { offset as usize } else { 0 };
        for (to, from) in raw[at..].iter_mut().zip(parts.next().unwrap_or_default()) {
            *to = *from;
        }
        if reader.feed(*piece, &raw).is_err() {
            return;
        }
    }
    if let Ok(found) = reader.finish() {
        assert_eq!(Hash::of_object(&found), object.hash);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
