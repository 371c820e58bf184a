//! Measures issuing, verifying and resolving on this machine: `cargo run -p autoid-credentials --example credentials`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for developers")]

use autoid_credentials::SecretKey;
use autoid_credentials::credential::{Contexts, Credential, issue};
use autoid_credentials::did::{Did, derive};
use autoid_credentials::json::canonical;
use autoid_credentials::sd_jwt::{Answer, Issue, Question, SdJwt, issue as issue_sd, present};
use serde_json::json;
use std::hint::black_box;
use std::time::Instant;

const NOW: i64 = 1_700_000_000;
const RUNS: usize = 2_000;

/// The median of many runs, in microseconds.
fn measure(name: &str, mut run: impl FnMut()) {
    let mut times: Vec<_> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    let median = times[RUNS / 2];
    println!("{name}_us {}.{}", median / 1000, median % 1000 / 100);
}

fn main() {
    let key = SecretKey::from_ed25519_seed(&[7; 32]);
    let did = key.public().to_did();
    let method = did.with_fragment(did.id());
    let document = derive(&did).unwrap().unwrap();
    let contexts = Contexts::default();
    let mut claims = json!({ "id": did.as_str(), "limit": 10 });
    for at in 0..17 {
        claims[format!("claim{at:02}")] =
            json!(format!("a value that makes the credential {at:02} kilobytes long, two in all"));
    }
    let unsigned = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": did.as_str(),
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": claims,
    });
    let signed = issue(&unsigned, &contexts, &key, &method, NOW).unwrap();
    let text = canonical(&signed).unwrap();
    println!("vc_bytes {}", text.len());
    measure("vc_issue", || drop(black_box(issue(&unsigned, &contexts, &key, &method, NOW).unwrap())));
    measure("vc_verify", || {
        let read = Credential::parse(text.as_bytes(), &contexts).unwrap();
        drop(black_box(read.verify(&document, NOW).unwrap()));
    });
    measure("did_key_resolve", || drop(black_box(derive(&did.as_str().parse::<Did>().unwrap()))));
    let claims = claims.as_object().unwrap();
    let hidden = ["/claim00", "/claim01", "/claim02", "/claim03"];
    let what = Issue { kind: "k", claims, hidden: &hidden, holder: Some(&key.public()) };
    let sd_jwt = issue_sd(&what, &key, &method, NOW, || [1; 16]).unwrap();
    let answer = Answer { key: &key, audience: "a", nonce: "n", now: NOW };
    let shown = present(&sd_jwt, &["/claim00", "/claim01"], Some(&answer)).unwrap();
    let asked = Question::Asked { audience: "a", nonce: "n", max_age: 60 };
    println!("sd_jwt_bytes {}", shown.len());
    measure("sd_jwt_verify", || {
        drop(black_box(SdJwt::parse(&shown).unwrap().verify(&document, NOW, &asked).unwrap()));
    });
}
