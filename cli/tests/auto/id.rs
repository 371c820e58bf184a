//! `auto id x509 verify` on certificates made here.

use crate::binary::Home;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use serde_json::{Value, json};

/// A root, and a server certificate for `host` below it.
fn chain(host: &str) -> (String, String) {
    let mut root = CertificateParams::new(Vec::<String>::new()).expect("no names");
    root.distinguished_name.push(DnType::CommonName, "root");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate().expect("a key")).expect("signed");
    let mut leaf = CertificateParams::new(vec![host.to_owned()]).expect("a host name");
    leaf.use_authority_key_identifier_extension = true;
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf = leaf.signed_by(&KeyPair::generate().expect("a key"), &root).expect("signed");
    (root.pem(), leaf.pem())
}

/// A case with every field of the form that the verifier does not need, too.
fn case(id: &str, root: &str, leaf: &str, host: &str) -> Value {
    json!({
        "id": id, "conflicts_with": [], "features": ["max-chain-depth"], "importance": "high",
        "description": "a server", "validation_kind": "SERVER", "trusted_certs": [root],
        "untrusted_intermediates": [], "peer_certificate": leaf, "peer_certificate_key": null,
        "validation_time": "2024-01-01T00:00:00Z", "signature_algorithms": [], "key_usage": [],
        "extended_key_usage": [], "expected_result": "SUCCESS",
        "expected_peer_name": { "kind": "DNS", "value": host }, "expected_peer_names": [],
        "max_chain_depth": null, "crls": [],
    })
}

#[test]
fn one_case_is_judged_from_a_file_and_from_standard_input() {
    let home = Home::new();
    let (root, leaf) = chain("a.example");
    let good = case("one::good", &root, &leaf, "a.example").to_string();
    let file = home.path("case.json");
    std::fs::write(&file, &good).expect("writable");
    let expected = json!({ "id": "one::good", "result": "SUCCESS", "reason": null });
    for ran in [
        home.run(&["id", "x509", "verify", "--json", &file]),
        home.run_with(&["id", "x509", "verify", "--json"], &good),
        home.run_with(&["id", "x509", "verify", "-", "--json"], &good),
    ] {
        assert_eq!((ran.code, ran.json(), ran.stderr.as_str()), (0, expected.clone(), ""));
    }
    // A verdict is a result, whichever it is.
    let other = case("one::other", &root, &leaf, "b.example").to_string();
    let ran = home.run_with(&["id", "x509", "verify", "--json"], &other);
    assert_eq!((ran.code, &ran.json()["result"]), (0, &json!("FAILURE")));
    assert!(ran.json()["reason"].as_str().expect("a reason").starts_with("IDX-0041: "));
}

#[test]
fn many_cases_are_a_line_each_in_their_order() {
    let home = Home::new();
    let (root, leaf) = chain("a.example");
    let (stranger, _) = chain("a.example");
    let minimal = json!({ "id": "few", "trusted_certs": [root], "peer_certificate": leaf });
    let suite = json!({ "testcases": [
        case("good", &root, &leaf, "a.example"), case("stranger", &stranger, &leaf, "a.example"), minimal, 7,
    ] });
    let ran = home.run_with(&["id", "x509", "verify", "--json"], &suite.to_string());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines = ran.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let told: Vec<_> = lines.map(|line| (line["id"].clone(), line["result"].clone())).collect();
    let expected = [("good", "SUCCESS"), ("stranger", "FAILURE"), ("few", "SUCCESS"), ("4", "FAILURE")];
    assert_eq!(told, expected.map(|(id, result)| (json!(id), json!(result))));
    let ran = home.run_with(&["id", "x509", "verify"], &suite.to_string());
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.lines().nth(1).expect("a line").contains("stranger  IDX-"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "4 cases: 2 succeed, 2 fail\n");
}

#[test]
fn what_is_no_case_is_a_wrong_command_line() {
    let home = Home::new();
    for text in ["", "{", "[]", "{}", "{\"version\": 2, \"testcases\": []}", "{\"id\": \"x\"}"] {
        let ran = home.run_with(&["id", "x509", "verify", "--json"], text);
        ran.failed(2, "CLI-0001");
        assert_eq!(ran.json()["errors"][0]["code"], "CLI-0001", "{text}");
    }
    home.run(&["id", "x509", "verify", &home.path("missing")]).failed(5, "CLI-0002");
    assert_eq!(home.run(&["id", "x509"]).code, 2);
    assert_eq!(home.run(&["explain", "IDX-0041"]).code, 0);
}
