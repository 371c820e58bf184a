//! The JSON case form, with certificates and lists that OpenSSL made.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use autoid_core::x509::Portable;
use autoid_core::x509::case::{CaseError, CaseResult, Verdict};
use serde_json::{Value, json};

const NOW: i64 = 1_893_456_000;

fn run(text: &str, now: i64) -> Result<Vec<CaseResult>, CaseError> {
    autoid_core::x509::case::run(text, now, &Portable).map(Iterator::collect)
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/openssl.json")).unwrap()
}

fn one(id: &str) -> Value {
    let all = vectors();
    let cases = all["testcases"].as_array().unwrap();
    cases.iter().find(|case| case["id"] == id).unwrap().clone()
}

/// The verdict on a lone case, and its reason.
fn verdict(case: &Value) -> (Verdict, Option<String>) {
    let mut results = run(&case.to_string(), NOW).unwrap();
    let result = results.pop().unwrap();
    assert!(results.is_empty());
    assert_eq!(result.id, case["id"]);
    (result.result, result.reason)
}

fn code(case: &Value) -> String {
    verdict(case).1.map_or("ok".into(), |reason| reason.split(':').next().unwrap().to_owned())
}

#[test]
fn every_vector_gets_its_expected_result() {
    let text = include_str!("vectors/openssl.json");
    let results = run(text, 0).unwrap();
    let cases = vectors();
    let cases = cases["testcases"].as_array().unwrap();
    assert_eq!(results.len(), cases.len());
    let mut wrong = Vec::new();
    for (case, result) in cases.iter().zip(&results) {
        let text = serde_json::to_value(result).unwrap();
        assert_eq!(text["id"], case["id"]);
        if text["result"] != case["expected_result"] {
            wrong.push(format!("{text}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn refusals_carry_their_code() {
    assert_eq!(code(&one("openssl::p256")), "ok");
    assert_eq!(code(&one("openssl::p256-other-name")), "IDX-0041");
    assert_eq!(code(&one("openssl::rsa-sha1")), "IDX-0007");
    assert_eq!(code(&one("openssl::rsa-1024")), "IDX-0010");
    assert_eq!(code(&one("openssl::rsa-sha256-changed")), "IDX-0011");
    assert_eq!(code(&one("openssl::crl-revoked")), "IDX-0046");
}

#[test]
fn a_case_without_a_time_takes_the_callers() {
    let mut case = one("openssl::p256");
    case["validation_time"] = Value::Null;
    assert_eq!(code(&case), "ok");
    let result = run(&case.to_string(), 0).unwrap().pop().unwrap();
    assert!(result.reason.unwrap().starts_with("IDX-0014"));
}

#[test]
fn unknown_fields_are_ignored_and_optional_ones_may_be_missing() {
    let mut case = one("openssl::p256");
    case["something_new"] = json!({"a": [1, 2]});
    let object = case.as_object_mut().unwrap();
    for field in [
        "features",
        "importance",
        "description",
        "crls",
        "expected_result",
        "expected_peer_names",
        "max_chain_depth",
        "signature_algorithms",
        "key_usage",
        "extended_key_usage",
    ] {
        object.remove(field);
    }
    assert_eq!(code(&case), "ok");
}

#[test]
fn null_stands_for_a_missing_field() {
    let mut case = one("openssl::p256");
    for field in [
        "features",
        "importance",
        "conflicts_with",
        "peer_certificate_key",
        "validation_kind",
        "validation_time",
        "signature_algorithms",
        "key_usage",
        "extended_key_usage",
        "expected_peer_name",
        "expected_peer_names",
        "max_chain_depth",
        "crls",
        "profile",
        "initial_policy_set",
        "initial_explicit_policy",
        "initial_policy_mapping_inhibit",
        "initial_inhibit_any_policy",
    ] {
        case[field] = Value::Null;
    }
    assert_eq!(code(&case), "ok");
    case["untrusted_intermediates"] = Value::Null;
    assert_eq!(code(&case), "IDX-0030");
    case["id"] = Value::Null;
    let list = json!({ "version": null, "testcases": [case] });
    assert_eq!(run(&list.to_string(), NOW).unwrap()[0].id, "1");
    for field in ["trusted_certs", "peer_certificate"] {
        let mut case = one("openssl::p256");
        case[field] = Value::Null;
        assert!(matches!(run(&case.to_string(), NOW), Err(CaseError::Json(_))), "{field}");
    }
}

#[test]
fn constraints_of_a_case_are_passed_on() {
    let changed = |field: &str, value: Value| {
        let mut case = one("openssl::p256");
        case[field] = value;
        code(&case)
    };
    assert_eq!(changed("max_chain_depth", json!(0)), "IDX-0029");
    assert_eq!(changed("max_chain_depth", json!(1)), "ok");
    assert_eq!(changed("max_chain_depth", json!(100_000)), "ok");
    assert_eq!(changed("signature_algorithms", json!(["ECDSA_WITH_SHA256"])), "ok");
    assert_eq!(changed("signature_algorithms", json!(["RSA_WITH_SHA256"])), "IDX-0008");
    assert_eq!(changed("key_usage", json!(["digitalSignature"])), "ok");
    assert_eq!(changed("key_usage", json!(["keyAgreement"])), "IDX-0025");
    assert_eq!(changed("extended_key_usage", json!(["serverAuth"])), "ok");
    assert_eq!(changed("extended_key_usage", json!(["1.3.6.1.5.5.7.3.1"])), "ok");
    assert_eq!(changed("extended_key_usage", json!(["clientAuth"])), "IDX-0026");
    assert_eq!(changed("expected_peer_name", json!({"kind": "DNS", "value": "192.0.2.7"})), "ok");
    assert_eq!(changed("expected_peer_name", Value::Null), "ok");
    assert_eq!(changed("initial_policy_set", json!(["1.2.3.4"])), "ok");
    assert_eq!(changed("initial_explicit_policy", json!(true)), "IDX-0043");
    assert_eq!(changed("profile", json!("webpki")), "ok");
}

#[test]
fn the_kind_says_which_purpose_is_asked() {
    let mut case = one("openssl::p256");
    case["validation_kind"] = json!("CLIENT");
    assert_eq!(code(&case), "IDX-0026");
    case.as_object_mut().unwrap().remove("validation_kind");
    assert_eq!(code(&case), "ok");
    case["extended_key_usage"] = json!(["clientAuth"]);
    assert_eq!(code(&case), "IDX-0026");
    case["extended_key_usage"] = json!(["serverAuth"]);
    assert_eq!(code(&case), "ok");
}

#[test]
fn every_name_is_asked_but_that_of_a_server_when_clients_are_named() {
    let (own, other) =
        (json!({"kind": "DNS", "value": "example.com"}), json!({"kind": "DNS", "value": "x.example"}));
    let judge = |kind: Value, one_name: &Value, names: Value| {
        let mut case = one("openssl::p256");
        case["extended_key_usage"] = json!(["serverAuth"]);
        (case["validation_kind"], case["expected_peer_name"], case["expected_peer_names"]) =
            (kind, one_name.clone(), names);
        code(&case)
    };
    for kind in [json!("SERVER"), json!("CLIENT"), Value::Null] {
        assert_eq!(judge(kind.clone(), &Value::Null, json!([])), "ok");
        assert_eq!(judge(kind.clone(), &other, json!([])), "IDX-0041");
        assert_eq!(judge(kind.clone(), &own, json!([other])), "IDX-0041");
        assert_eq!(judge(kind, &own, json!([own, other])), "IDX-0041");
    }
    assert_eq!(judge(json!("CLIENT"), &other, json!([own])), "ok");
    assert_eq!(judge(json!("SERVER"), &other, json!([own])), "IDX-0041");
}

#[test]
fn the_id_names_the_profile_unless_the_case_does() {
    let mut case = one("openssl::p256");
    case["peer_certificate"] = case["untrusted_intermediates"][0].clone();
    case["expected_peer_name"] = Value::Null;
    let mut judged = |id: &str, profile: Value| {
        case["id"] = json!(id);
        case["profile"] = profile;
        code(&case)
    };
    assert_eq!(judged("rfc5280::ca-as-leaf", Value::Null), "ok");
    assert_eq!(judged("webpki::ca-as-leaf", Value::Null), "IDX-0053");
    assert_eq!(judged("webpki::ca-as-leaf", json!("rfc5280")), "ok");
    assert_eq!(judged("webpki-like::ca-as-leaf", Value::Null), "ok");
    assert_eq!(judged("rfc5280::ca-as-leaf", json!("webpki")), "IDX-0053");
}

#[test]
fn every_field_of_the_form_is_read_whatever_the_suite_says_beside() {
    let mut case = one("openssl::p256");
    for (field, value) in [
        ("conflicts_with", json!(["webpki::other"])),
        ("features", json!(["max-chain-depth", "no-cert-policies", "some-later-feature"])),
        ("importance", json!("high")),
        ("description", json!("a path\n\n```\nroot -> EE\n```\n")),
        ("validation_kind", json!("SERVER")),
        ("peer_certificate_key", Value::Null),
        ("validation_time", json!("2030-01-01T02:00:00.25+02:00")),
        ("signature_algorithms", json!(["ECDSA_WITH_SHA256", "RSASSA_PSS"])),
        ("key_usage", json!(["digitalSignature"])),
        ("extended_key_usage", json!(["serverAuth"])),
        ("expected_result", json!("FAILURE")),
        ("expected_peer_names", json!([])),
        ("max_chain_depth", Value::Null),
        ("crls", json!([])),
    ] {
        case[field] = value;
    }
    assert_eq!(code(&case), "ok", "the expected result has no say");
}

#[test]
fn cases_are_judged_one_by_one_as_they_are_asked_for() {
    let good = one("openssl::p256");
    let mut broken = good.clone();
    broken["peer_certificate"] = json!("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    let list = json!({"version": 1, "testcases": [broken, good]}).to_string();
    let mut results = autoid_core::x509::case::run(&list, NOW, &Portable).unwrap();
    let first = results.next().unwrap();
    assert_eq!(first.result, Verdict::Failure);
    assert!(first.reason.unwrap().starts_with("IDX-0001"));
    assert_eq!(results.next().unwrap().result, Verdict::Success);
    assert_eq!(results.next(), None);
}

#[test]
fn a_bad_case_of_a_list_fails_alone() {
    let mut odd = one("openssl::p256");
    odd["max_chain_depth"] = json!(-1);
    let mut unnamed = one("openssl::p256");
    unnamed.as_object_mut().unwrap().remove("id");
    let mut strange = one("openssl::p256");
    strange["key_usage"] = json!(["everything"]);
    let list = json!({"testcases": [odd, unnamed, strange, 7, one("openssl::p256")]});
    let results = run(&list.to_string(), NOW).unwrap();
    let told: Vec<_> = results.iter().map(|result| (result.id.as_str(), result.result)).collect();
    let (good, bad) = (Verdict::Success, Verdict::Failure);
    let p256 = "openssl::p256";
    assert_eq!(told, [(p256, bad), ("2", good), (p256, bad), ("4", bad), (p256, good)]);
    assert!(results[2].reason.as_ref().unwrap().ends_with("bad value in key_usage"));
}

#[test]
fn certificates_that_are_no_pem_fail_the_case_only() {
    let mut case = one("openssl::p256");
    case["peer_certificate"] = json!("not PEM");
    assert_eq!(verdict(&case).0, Verdict::Failure);
    let mut case = one("openssl::p256");
    case["trusted_certs"] = json!(["not PEM"]);
    assert_eq!(verdict(&case).0, Verdict::Failure);
    let mut case = one("openssl::p256");
    case["untrusted_intermediates"].as_array_mut().unwrap().push(json!("not PEM"));
    assert_eq!(code(&case), "ok");
    let mut case = one("openssl::p256");
    case["crls"] = json!(["not PEM"]);
    assert_eq!(code(&case), "IDX-0048");
    let mut case = one("openssl::p256");
    case["trusted_certs"] = json!([]);
    assert_eq!(code(&case), "IDX-0031");
}

#[test]
fn text_around_a_block_is_skipped() {
    let around =
        |text: &Value| json!(format!("subject=CN = x\n\n{}trailing words\n", text.as_str().unwrap()));
    let mut case = one("openssl::crl-revoked");
    case["peer_certificate"] = around(&case["peer_certificate"]);
    for field in ["trusted_certs", "crls"] {
        case[field] = json!(case[field].as_array().unwrap().iter().map(around).collect::<Vec<_>>());
    }
    assert_eq!(code(&case), "IDX-0046");
}

#[test]
fn documents_outside_the_form_are_refused() {
    for text in ["", "{", "[]", "{}", "null", "{\"version\":1}", "{\"testcases\":{}}"] {
        assert!(matches!(run(text, NOW), Err(CaseError::Json(_))), "{text}");
    }
    assert!(matches!(run("{\"version\":2,\"testcases\":[]}", NOW), Err(CaseError::Version(2))));
    assert!(run("{\"version\":1,\"testcases\":[]}", NOW).unwrap().is_empty());
    assert!(run("{\"testcases\":[]}", NOW).unwrap().is_empty());
    for (field, value) in [
        ("validation_time", json!("yesterday")),
        ("key_usage", json!(["everything"])),
        ("extended_key_usage", json!(["everything"])),
        ("profile", json!("other")),
        ("initial_policy_set", json!(["x"])),
        ("expected_peer_name", json!({"kind": "IP", "value": "example.com"})),
    ] {
        let mut case = one("openssl::p256");
        case[field] = value;
        assert!(matches!(run(&case.to_string(), NOW), Err(CaseError::Field { .. })), "{field}");
    }
    let twice = one("openssl::p256").to_string().replacen('{', "{\"id\":\"again\",", 1);
    assert!(matches!(run(&twice, NOW), Err(CaseError::Json(_))));
}
