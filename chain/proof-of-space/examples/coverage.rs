//! Measures how many s-buckets have a proof, and what a piece costs: `coverage K SEEDS`.
//!
//! Seed `i` is BLAKE3 of `i` as four little-endian bytes, so that anyone gets the same counts.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use auto_core::{CHUNKS_PER_RECORD, S_BUCKETS, hash};
use auto_proof_of_space::TablesGenerator;
use std::process::ExitCode;
use std::time::Instant;

fn arguments() -> Option<(u8, u32)> {
    let mut arguments = std::env::args().skip(1);
    let k = arguments.next()?.parse().ok()?;
    let seeds = arguments.next()?.parse().ok().filter(|seeds| *seeds > 0)?;
    Some((k, seeds))
}

fn main() -> ExitCode {
    let Some((k, seeds)) = arguments() else {
        eprintln!("usage: coverage K SEEDS");
        return ExitCode::from(2);
    };
    let mut generator = match TablesGenerator::new(k) {
        Ok(generator) => generator,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(1);
        }
    };
    let (mut shares, mut times) = (Vec::new(), Vec::new());
    for seed in 0..seeds {
        let start = Instant::now();
        let tables = generator.generate(&hash(&seed.to_le_bytes()));
        let provable = tables.proof_hashes().iter().flatten().count();
        times.push(start.elapsed().as_secs_f64() * 1e3);
        shares.push(provable as f64 / S_BUCKETS as f64);
        generator.recycle(tables);
    }
    let count = shares.len() as f64;
    let mean = shares.iter().sum::<f64>() / count;
    let deviation = (shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / count).sqrt();
    let needed = CHUNKS_PER_RECORD as f64 / S_BUCKETS as f64;
    let short = shares.iter().filter(|share| **share < needed).count() as f64 / count;
    shares.sort_by(f64::total_cmp);
    times.sort_by(f64::total_cmp);
    println!("| K | seeds | mean | sd | min | max | records short of 4096 | ms per piece: min | median |");
    println!("|---|---|---|---|---|---|---|---|---|");
    println!(
        "| {k} | {seeds} | {mean:.4} | {deviation:.4} | {:.4} | {:.4} | {:.2} % | {:.1} | {:.1} |",
        shares[0],
        shares[shares.len() - 1],
        short * 100.0,
        times[0],
        times[times.len() / 2],
    );
    ExitCode::SUCCESS
}
