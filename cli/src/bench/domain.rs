//! A domain: derivation with receipts, proofs of its state, fraud proofs, bundles.

mod world;

use super::{Figures, figures, median, rounded, timed, whole};
use crate::error::{CliError, internal};
use auto_core::{
    BUNDLE_BYTES_MAX, Bundle, BundleHeader, BundleVerdict, DOMAIN_BLOCK_EXTRINSICS_MAX, DomainId,
    ExecutionReceipt, Hash, InvalidBundle, List, OperatorId, PotOutput, ProofOfElection, Slot, Submission,
    tag,
};
use auto_domains::derive::{Step, step};
use auto_domains::election::{OperatorPair, verify_draw, verify_signature};
use auto_domains::fraud::{FraudKind, FraudProof, judge};
use auto_module::bank;
use auto_state::{Recorder, Snapshot};
use parity_scale_codec::Encode;
use serde_json::json;
use world::{Scene, World, any_receipt, pay, stranger};

const ACCOUNTS: u32 = 1_000_000;
const BUNDLES: usize = 24;
const RUNS: usize = 5;

pub(super) fn measure() -> Result<Figures, CliError> {
    let signers = u32::try_from(DOMAIN_BLOCK_EXTRINSICS_MAX).map_err(internal)?;
    let world = World::new(signers, ACCOUNTS.saturating_sub(signers))?;
    let transfers = world.transfers(DOMAIN_BLOCK_EXTRINSICS_MAX, ACCOUNTS)?;
    let full =
        world.scene(transfers.chunks(transfers.len().div_ceil(BUNDLES)).map(<[_]>::to_vec).collect())?;
    let mut seconds = Vec::new();
    for _ in 0..RUNS {
        let (time, derived) = timed(|| full.derive());
        let steps = derived?.receipt.trace.len();
        if steps != transfers.len().saturating_add(2) {
            return Err(internal("a transfer was not executed"));
        }
        seconds.push(time);
    }
    let (proof_bytes, proof_us) = state_proof(&world)?;
    let (dearest_bytes, dearest_ms, kinds) = fraud(&world, &full)?;
    Ok(figures([
        ("transfers_per_second", whole(f64::from(signers) / median(seconds))),
        ("state_proof_bytes", json!(proof_bytes)),
        ("state_proof_us", rounded(proof_us)),
        ("witness_bytes_per_transfer", json!(witness(&world)?)),
        ("fraud_proof_bytes", json!(dearest_bytes)),
        ("fraud_proof_verify_ms", rounded(dearest_ms)),
        ("fraud_proofs", json!(kinds)),
        ("bundle_verify_ms", rounded(bundle_ms(&world)?)),
        (
            "note",
            json!(format!(
                "production parameters, {ACCOUNTS} accounts in memory; blocks of {signers} transfers in {BUNDLES} bundles: signatures, verdicts, order, execution with a root after every step, receipt; median of {RUNS}. fraud_proofs lists every kind measured; a bundle is as long as one may be"
            )),
        ),
    ]))
}

/// Bytes of the proof of one account, and microseconds to make it.
fn state_proof(world: &World) -> Result<(usize, f64), CliError> {
    let snapshot = Snapshot::new(&world.nodes, world.tip.state_root);
    let (mut bytes, mut micros) = (Vec::new(), Vec::new());
    for at in 0..501 {
        let key = bank::account_key(&stranger(at));
        let (time, proof) = timed(|| snapshot.prove(&key));
        bytes.push(proof.map_err(internal)?.encoded_size());
        micros.push(time * 1e6);
    }
    bytes.sort_unstable();
    Ok((bytes.get(bytes.len() / 2).copied().unwrap_or_default(), median(micros)))
}

/// Bytes of all that running one transfer reads of the state, and what computing the next root takes.
fn witness(world: &World) -> Result<usize, CliError> {
    let extrinsic = world.signed(0, vec![pay(stranger(7))?])?;
    let scene = world.scene(vec![vec![extrinsic.clone()]])?;
    let rules = scene.rules();
    let decoded = rules.domain.decode(&extrinsic).map_err(internal)?;
    let checked = rules.domain.check(rules.environment, decoded).map_err(internal)?;
    let recorder = Recorder::new(&world.nodes);
    let snapshot = Snapshot::new(&recorder, world.tip.state_root);
    let (changes, _) = step(&rules, Step::Apply(&checked), &snapshot).map_err(internal)?;
    snapshot.commit(&changes).map_err(internal)?;
    Ok(recorder.into_witness().encoded_size())
}

fn with_root(at: usize) -> impl FnOnce(&mut ExecutionReceipt) -> Option<()> {
    move |bad| {
        let mut trace = bad.trace.to_vec();
        trace.get_mut(at)?.0[0] ^= 1;
        bad.trace = List::new(trace).ok()?;
        Some(())
    }
}

fn with_verdict(verdict: BundleVerdict) -> impl FnOnce(&mut ExecutionReceipt) -> Option<()> {
    move |bad| {
        let mut bundles = bad.bundles.to_vec();
        bundles.first_mut()?.verdict = verdict;
        bad.bundles = List::new(bundles).ok()?;
        Some(())
    }
}

/// Most bytes and most milliseconds of any kind, and each kind by name.
fn fraud(world: &World, full: &Scene<'_>) -> Result<(usize, f64, Vec<serde_json::Value>), CliError> {
    let (mut most_bytes, mut most_ms, mut kinds) = (0, 0.0f64, Vec::new());
    let mut note = |name: &str, scene: &Scene<'_>, case: (ExecutionReceipt, FraudProof)| {
        let (bad, proof) = case;
        let (bytes, ms) = (proof.encoded_size(), judged(scene, &bad, &proof.kind)?);
        most_bytes = most_bytes.max(bytes);
        most_ms = most_ms.max(ms);
        kinds.push(json!({ "kind": name, "bytes": bytes, "verify_ms": rounded(ms) }));
        Ok::<(), CliError>(())
    };
    let payments = (0..64).map(|at| pay(stranger(at * 977))).collect::<Result<_, _>>()?;
    let paid = world.scene(vec![vec![world.signed(1, payments)?]])?;
    note("initialize", &paid, paid.prove(with_root(0))?)?;
    note("apply 64 payments", &paid, paid.prove(with_root(1))?)?;
    note("finalize", &paid, paid.prove(with_root(2))?)?;
    let last = full.derived.receipt.trace.len().saturating_sub(1);
    note("finalize the longest block", full, full.prove(with_root(last))?)?;
    let root = |bad: &mut ExecutionReceipt| {
        bad.extrinsics_root = Hash::ZERO;
        Some(())
    };
    note("extrinsics root of the longest block", full, full.prove(root)?)?;
    let transfers = world.transfers(BUNDLE_BYTES_MAX / 256, ACCOUNTS)?;
    let longest = world.scene(vec![transfers])?;
    let digest = with_verdict(BundleVerdict::Valid(Hash::ZERO));
    note("digest of a full bundle", &longest, longest.prove(digest)?)?;
    let weight = with_verdict(BundleVerdict::Invalid(InvalidBundle::InvalidWeight));
    note("weight of a full bundle", &longest, longest.prove(weight)?)?;
    let illegal = with_verdict(BundleVerdict::Invalid(InvalidBundle::IllegalTx(100)));
    note("legal transaction called illegal", &longest, longest.prove(illegal)?)?;
    Ok((most_bytes, most_ms, kinds))
}

/// Milliseconds that judging a proof takes.
fn judged(scene: &Scene<'_>, bad: &ExecutionReceipt, kind: &FraudKind) -> Result<f64, CliError> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let claim = scene.claim(bad);
        let (time, verdict) = timed(|| judge(&claim, kind));
        verdict.map_err(internal)?;
        times.push(time * 1e3);
    }
    Ok(median(times))
}

/// Milliseconds that a consensus node spends on the longest bundle: form and root, draw, signature.
fn bundle_ms(world: &World) -> Result<f64, CliError> {
    let pair = OperatorPair::from_secret(&[4; 32]);
    let genesis = world.environment.genesis;
    let (domain, slot, proof_of_time) = (DomainId(1), Slot(7), PotOutput([3; 16]));
    let vrf = pair.draw(&genesis, domain, slot, &proof_of_time);
    let election = ProofOfElection { domain, operator: OperatorId(0), slot, proof_of_time, vrf };
    let extrinsics = world.transfers(BUNDLE_BYTES_MAX / 256, ACCOUNTS)?;
    let hashes: Vec<Hash> = extrinsics.iter().map(|bytes| auto_core::extrinsic_hash(bytes)).collect();
    let extrinsics_root = auto_core::merkle_root(&hashes);
    let header = BundleHeader { election, receipt: any_receipt(), weight: 0, extrinsics_root };
    let signature = pair.sign(tag::BUNDLE_SIGNATURE, &genesis, header.hash().as_ref());
    let extrinsics = List::new(extrinsics).map_err(|_| internal("too many extrinsics"))?;
    let submission = Submission::Bundle(Box::new(Bundle { header, signature, extrinsics }));
    let mut times = Vec::new();
    for _ in 0..RUNS.saturating_mul(10) {
        let (time, held) = timed(|| {
            auto_domains::bundle::check(&submission).is_ok()
                && verify_draw(&pair.key(), &genesis, &election).is_ok()
                && verify_signature(
                    &pair.key(),
                    tag::BUNDLE_SIGNATURE,
                    &genesis,
                    submission.hash().as_ref(),
                    submission.signature(),
                )
        });
        if !held {
            return Err(internal("the bundle does not hold"));
        }
        times.push(time * 1e3);
    }
    Ok(median(times))
}
