//! `auto id did` and `auto id vc`, as people and scripts use them.

use crate::binary::Home;
use serde_json::{Value, json};

/// A home with keys by these names; gives their DIDs.
fn home_with(names: &[&str]) -> (Home, Vec<String>) {
    let home = Home::new();
    let dids = names.iter().map(|name| {
        let made = home.run(&["id", "did", "new", &home.path(name), "--json"]).data();
        made["did"].as_str().expect("a DID").to_owned()
    });
    let dids = dids.collect();
    (home, dids)
}

fn write(home: &Home, name: &str, text: &str) -> String {
    let path = home.path(name);
    std::fs::write(&path, text).expect("writable");
    path
}

#[test]
fn a_did_is_made_and_resolved() {
    let (home, dids) = home_with(&["alice.key"]);
    let document = home.run(&["id", "did", "resolve", &dids[0], "--json"]).data();
    assert_eq!(document["id"], dids[0]);
    assert_eq!(document["verificationMethod"][0]["controller"], dids[0]);
    let secret = std::fs::read_to_string(home.path("alice.key")).expect("readable");
    assert!(!document.to_string().contains(secret.trim()));
    home.run(&["id", "did", "new", &home.path("alice.key")]).failed(1, "CLI-0034");
    home.run(&["id", "did", "resolve", "did:key:z6Mk"]).failed(1, "DID-0003");
    home.run(&["id", "did", "resolve", "nonsense"]).failed(1, "DID-0001");
    home.run(&["id", "did", "resolve", "did:other:x"]).failed(1, "DID-0002");
    home.run(&["id", "did", "resolve", "did:web:127.0.0.1"]).failed(1, "DID-0005");
    home.run(&["id", "did", "resolve", "did:web:localhost"]).failed(1, "DID-0006");
    assert_eq!(home.run(&["explain", "DID-0006"]).code, 0);
}

#[test]
fn a_credential_is_issued_verified_and_presented() {
    let (home, dids) = home_with(&["school.key", "alice.key"]);
    let (school, alice) = (home.path("school.key"), home.path("alice.key"));
    let unsigned = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": { "id": dids[1], "degree": "engines" },
    });
    let unsigned = write(&home, "unsigned.json", &unsigned.to_string());
    let issued = home.run(&["id", "vc", "issue", &unsigned, "--key", &school]);
    assert_eq!(issued.code, 0, "{}", issued.stderr);
    let signed = write(&home, "signed.json", &issued.stdout);
    let seen = home.run(&["id", "vc", "verify", &signed, "--json"]).data();
    assert_eq!(seen["credentials"][0]["issuer"], dids[0]);
    assert_eq!(seen["credentials"][0]["claims"]["degree"], "engines");
    let forged = home.run_with(&["id", "vc", "verify"], &issued.stdout.replace("engines", "verse"));
    forged.failed(1, "VC-0016");
    assert_eq!(forged.stdout, "");
    let asked = ["--audience", "shop.example", "--nonce", "71"];
    let shown = home.run(&[&["id", "vc", "present", &signed, "--key", &alice][..], &asked].concat());
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let shown = write(&home, "shown.json", &shown.stdout);
    let seen = home.run(&[&["id", "vc", "verify", &shown, "--json"][..], &asked].concat()).data();
    assert_eq!(seen["credentials"][0]["claims"]["id"], dids[1]);
    let replayed = ["id", "vc", "verify", &shown, "--audience", "shop.example", "--nonce", "72"];
    home.run(&replayed).failed(1, "VC-0019");
    home.run(&["id", "vc", "verify", &shown]).failed(2, "CLI-0001");
    // Somebody else cannot show it.
    let stolen = home.run(&[&["id", "vc", "present", &signed, "--key", &school][..], &asked].concat());
    let stolen = write(&home, "stolen.json", &stolen.stdout);
    home.run(&[&["id", "vc", "verify", &stolen][..], &asked].concat()).failed(1, "VC-0030");
}

#[test]
fn a_holder_shows_a_part_of_an_sd_jwt() {
    let (home, dids) = home_with(&["school.key", "alice.key"]);
    let (school, alice) = (home.path("school.key"), home.path("alice.key"));
    let claims = write(&home, "claims.json", &json!({ "name": "Ada", "born": 1815 }).to_string());
    let kind = "https://example.com/card";
    let hide = ["--hide", "/name", "--hide", "/born", "--holder", &dids[1]];
    let issue = ["id", "vc", "issue", &claims, "--key", &school, "--sd-jwt", kind];
    let issued = home.run(&[&issue[..], &hide].concat());
    assert_eq!(issued.code, 0, "{}", issued.stderr);
    let card = write(&home, "card.jwt", &issued.stdout);
    let asked = ["--audience", "shop.example", "--nonce", "71"];
    let present = ["id", "vc", "present", &card, "--key", &alice, "--show", "/born"];
    let shown = home.run(&[&present[..], &asked].concat());
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let shown = write(&home, "shown.jwt", &shown.stdout);
    let seen = home.run(&[&["id", "vc", "verify", &shown, "--json"][..], &asked].concat()).data();
    let claims: &Value = &seen["credentials"][0]["claims"];
    assert_eq!((&claims["born"], &claims["name"]), (&json!(1815), &Value::Null));
    // The holder sees everything; a verifier who asked does not take that for an answer.
    let own = home.run(&["id", "vc", "verify", &card, "--json"]).data();
    assert_eq!(own["credentials"][0]["claims"]["name"], "Ada");
    home.run(&[&["id", "vc", "verify", &card][..], &asked].concat()).failed(1, "VC-0030");
    home.run(&[&["id", "vc", "present", &card, "--key", &school][..], &asked].concat()).failed(1, "VC-0030");
}
