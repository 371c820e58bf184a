//! Measures archiving of one production segment: `cargo run -p auto-archiver --example segment`.

use auto_archiver::Archiver;
use auto_core::{BlockNumber, Preset, ProtocolParams};
use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let params = ProtocolParams::preset(Preset::Production);
    let mut archiver = Archiver::new(&params);
    // Loads the ceremony, which is not what is measured.
    archiver.add_block(BlockNumber(0), b"genesis".to_vec(), Vec::new())?;
    let mut state = 1u32;
    let block: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_le_bytes()[3]
    })
    .take(1 << 20)
    .collect();
    let start = Instant::now();
    let (mut number, mut longest) = (0u64, 0f64);
    loop {
        number += 1;
        let call = Instant::now();
        let segments = archiver.add_block(BlockNumber(number), block.clone(), Vec::new())?;
        longest = longest.max(call.elapsed().as_secs_f64());
        if !segments.is_empty() {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let mib = f64::from(u32::try_from(params.segment_bytes())?) / f64::from(1u32 << 20);
    writeln!(
        std::io::stdout(),
        "{{\"archive_mib_per_s\":{:.2},\"segment_mib\":{mib:.2},\"segment_s\":{seconds:.2},\"longest_call_s\":{longest:.2}}}",
        mib / seconds
    )?;
    Ok(())
}
