//! Frozen vectors: `tests/vectors/grants.json`.
//!
//! `bytes` holds encodings by name, in hexadecimal: identity records in SCALE, envelopes in COSE. Each of
//! `cases` is a state (records and revoked bits at a block), what the verifier trusts, a call with its chain
//! and approvals, and the code that it ends in, or `ok`. Whoever verifies must come to the same codes.

use std::collections::BTreeMap;

use autoid_core::{AutoId, Genesis, IdentityRecord, Point, Sign1, Time, Trust};
use parity_scale_codec::{Decode as _, Encode as _};
use serde_json::{Value, json};

use crate::threats::TRIALS;
use crate::world::{Case, World};

const FROZEN: &str = include_str!("../vectors/grants.json");

/// Puts an encoding among the bytes, and gives its name.
fn put(bytes: &mut BTreeMap<String, String>, prefix: &str, encoding: &[u8]) -> String {
    let name = format!("{prefix}-{}", &hex::encode(blake3::hash(encoding).as_bytes())[..8]);
    bytes.insert(name.clone(), hex::encode(encoding));
    name
}

fn written() -> Value {
    let mut bytes = BTreeMap::new();
    let mut cases = Vec::new();
    for trial in TRIALS {
        let Case { world, trust, call, grants, approvals } = (trial.case)();
        let records: Vec<_> =
            world.records.values().map(|record| put(&mut bytes, "record", &record.encode())).collect();
        let revoked: Vec<_> = world
            .revoked
            .iter()
            .map(|(issuer, list, index)| json!([hex::encode(issuer.0), list, index]))
            .collect();
        let grants: Vec<_> = grants.iter().map(|one| put(&mut bytes, "grant", &one.to_cose())).collect();
        let approvals: Vec<_> =
            approvals.iter().map(|one| put(&mut bytes, "approval", &one.to_cose())).collect();
        cases.push(json!({
            "name": trial.name,
            "genesis": hex::encode(trust.genesis.0),
            "block": world.point.block,
            "time": world.point.time.0,
            "records": records,
            "revoked": revoked,
            "now": trust.now.0,
            "head": trust.head,
            "audience": hex::encode(trust.audience.0),
            "binding": trust.binding.map(hex::encode),
            "call": put(&mut bytes, "call", &call.to_cose()),
            "grants": grants,
            "approvals": approvals,
            "result": trial.code,
        }));
    }
    json!({ "bytes": bytes, "cases": cases })
}

/// Fixed bytes out of hexadecimal.
fn array(value: &Value) -> [u8; 32] {
    hex::decode(value.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn read(vectors: &Value, case: &Value) -> Case {
    let bytes =
        |name: &Value| hex::decode(vectors["bytes"][name.as_str().unwrap()].as_str().unwrap()).unwrap();
    let list = |field: &str| case[field].as_array().unwrap();
    let number = |value: &Value| value.as_u64().unwrap();
    let mut world = World::new();
    world.point = Point { block: number(&case["block"]), time: Time(number(&case["time"])) };
    for record in list("records") {
        let record = IdentityRecord::decode(&mut &bytes(record)[..]).unwrap();
        world.records.insert(record.id, record);
    }
    for bit in list("revoked") {
        let small = |value: &Value| u32::try_from(number(value)).unwrap();
        world.revoked.insert((AutoId(array(&bit[0])), small(&bit[1]), small(&bit[2])));
    }
    let trust = Trust {
        now: Time(number(&case["now"])),
        head: number(&case["head"]),
        audience: AutoId(array(&case["audience"])),
        binding: Some(&case["binding"]).filter(|binding| !binding.is_null()).map(array),
        genesis: Genesis(array(&case["genesis"])),
    };
    Case {
        world,
        trust,
        call: Sign1::from_cose(&bytes(&case["call"])).unwrap(),
        grants: list("grants").iter().map(|name| Sign1::from_cose(&bytes(name)).unwrap()).collect(),
        approvals: list("approvals").iter().map(|name| Sign1::from_cose(&bytes(name)).unwrap()).collect(),
    }
}

#[test]
fn the_vectors_end_in_their_codes() {
    let vectors: Value = serde_json::from_str(FROZEN).unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        assert_eq!(read(&vectors, case).code(), case["result"], "{}", case["name"]);
    }
}

#[test]
fn the_trials_still_make_the_frozen_bytes() {
    let frozen: Value = serde_json::from_str(FROZEN).unwrap();
    let written = written();
    let cases = |vectors: &Value| vectors["cases"].as_array().unwrap().clone();
    for (frozen, written) in cases(&frozen).iter().zip(&cases(&written)) {
        assert_eq!(frozen, written, "{}", written["name"]);
    }
    assert!(frozen == written, "other bytes, or another number of cases");
}
