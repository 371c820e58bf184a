//! Measures the state tree in memory: `cargo run -p auto-state --example state_tree [keys]`.
//!
//! Prints one JSON object: bytes of proofs, microseconds of a proof, a read and a verification, and
//! microseconds per key of a commit of 1,000 changes, each the median of its runs.
#![allow(clippy::print_stdout, reason = "the result of this program goes to stdout")]

use auto_core::Hash;
use auto_state::{Changes, EMPTY_ROOT, NodeSource, Recorder, Snapshot, StateError};
use parity_scale_codec::Encode;
use std::collections::HashMap;
use std::time::Instant;

struct Nodes(HashMap<Hash, Vec<u8>>);

impl NodeSource for Nodes {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.0.get(hash).cloned())
    }
}

fn key(number: u64) -> Vec<u8> {
    [b"ledger/account/".as_slice(), &number.to_le_bytes(), &[0; 24]].concat()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() -> Result<(), StateError> {
    let keys: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let mut nodes = Nodes(HashMap::new());
    let mut root = EMPTY_ROOT;
    let start = Instant::now();
    for batch in 0..keys.div_ceil(100_000) {
        let changes: Changes = (batch * 100_000..keys.min((batch + 1) * 100_000))
            .map(|number| (key(number), Some(vec![1; 24])))
            .collect();
        let commit = Snapshot::new(&nodes, root).commit(&changes)?;
        nodes.0.extend(commit.fresh);
        commit.stale.iter().for_each(|hash| drop(nodes.0.remove(hash)));
        root = commit.root;
    }
    let fill_seconds = start.elapsed().as_secs_f64();

    let snapshot = Snapshot::new(&nodes, root);
    let (mut get, mut prove, mut verify, mut bytes) = (vec![], vec![], vec![], vec![]);
    for sample in 0..2000u64 {
        let wanted = key(sample.wrapping_mul(7_919) % keys);
        let start = Instant::now();
        let value = snapshot.get(&wanted)?;
        get.push(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        let proof = snapshot.prove(&wanted)?;
        prove.push(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        let proven = proof.verify(&root, &wanted)?;
        verify.push(start.elapsed().as_secs_f64() * 1e6);
        assert_eq!(proven, value);
        bytes.push(proof.encoded_size());
    }

    let mut commit_us = vec![];
    let mut fresh = 0;
    let mut witness_bytes = 0;
    for round in 0..7u64 {
        let changes: Changes = (0..1000u64)
            .map(|at| (key((round * 1000 + at).wrapping_mul(104_729) % keys), Some(vec![2; 24])))
            .collect();
        let start = Instant::now();
        let commit = snapshot.commit(&changes)?;
        commit_us.push(start.elapsed().as_secs_f64() * 1e6 / 1000.0);
        fresh = commit.fresh.len();
        let recorder = Recorder::new(&nodes);
        Snapshot::new(&recorder, root).commit(&changes)?;
        witness_bytes = recorder.into_witness().encoded_size();
    }
    bytes.sort_unstable();
    println!(
        "{{\"keys\":{keys},\"nodes\":{},\"fill_seconds\":{fill_seconds:.2},\"state_proof_bytes\":{},\
         \"state_proof_bytes_max\":{},\"get_us\":{:.2},\"prove_us\":{:.2},\"verify_us\":{:.2},\
         \"commit_us_per_key\":{:.2},\"fresh_nodes_per_key\":{:.2},\"witness_bytes_per_key\":{}}}",
        nodes.0.len(),
        bytes[bytes.len() / 2],
        bytes[bytes.len() - 1],
        median(get),
        median(prove),
        median(verify),
        median(commit_us),
        f64::from(u32::try_from(fresh).unwrap_or(u32::MAX)) / 1000.0,
        witness_bytes / 1000,
    );
    Ok(())
}
