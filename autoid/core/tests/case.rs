//! The JSON case form, with certificates and lists that OpenSSL made.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use autoid_core::x509::case::{CaseError, Verdict, run};
use serde_json::{Value, json};

const NOW: i64 = 1_893_456_000;

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
fn the_kind_says_which_purpose_is_asked_and_every_name_is() {
    let mut case = one("openssl::p256");
    case["validation_kind"] = json!("CLIENT");
    assert_eq!(code(&case), "IDX-0026");
    case.as_object_mut().unwrap().remove("validation_kind");
    assert_eq!(code(&case), "ok");
    case["extended_key_usage"] = json!(["clientAuth"]);
    assert_eq!(code(&case), "IDX-0026");
    case["extended_key_usage"] = json!(["serverAuth"]);
    for kind in ["CLIENT", "SERVER"] {
        case["validation_kind"] = json!(kind);
        case["expected_peer_names"] = json!([]);
        assert_eq!(code(&case), "ok");
        case["expected_peer_names"] = json!([{"kind": "RFC822", "value": "a@example.com"}]);
        assert_eq!(code(&case), "IDX-0041");
    }
    case["expected_peer_names"] = json!([]);
    case["expected_peer_name"] = json!({"kind": "DNS", "value": "elsewhere.example"});
    assert_eq!(code(&case), "IDX-0041");
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
