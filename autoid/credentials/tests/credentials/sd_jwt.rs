//! SD-JWT credentials.

use super::{NOW, Party, code};
use autoid_credentials::CredentialError;
use autoid_credentials::sd_jwt::{Answer, Claims, Issue, Question, SdJwt, issue, present};
use autoid_credentials::status::token::{UncheckedList, issue_list};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

const ASKED: Question<'_> = Question::Asked { audience: "https://shop.example", nonce: "n-1", max_age: 300 };

fn claims() -> Map<String, Value> {
    let claims = json!({
        "name": "Ada",
        "born": "1815-12-10",
        "address": { "city": "London", "street": "St James's Square" },
        "skills": ["algebra", "engines", "verse"],
        "exp": NOW + 1000,
        "status": { "status_list": { "idx": 5, "uri": "https://issuer.example/status/3" } },
    });
    claims.as_object().unwrap().clone()
}

const HIDDEN: [&str; 6] = ["/name", "/born", "/address", "/address/street", "/skills/0", "/skills/2"];

fn salts() -> impl FnMut() -> [u8; 16] {
    let mut count = 0u8;
    move || {
        count += 1;
        [count; 16]
    }
}

fn issued(issuer: &Party, holder: Option<&Party>) -> String {
    let holder = holder.map(|holder| holder.key.public());
    let what = Issue {
        kind: "https://example.com/person",
        claims: &claims(),
        hidden: &HIDDEN,
        holder: holder.as_ref(),
    };
    issue(&what, &issuer.key, &issuer.method(), NOW, salts()).unwrap()
}

fn shown(credential: &str, pointers: &[&str], holder: &Party) -> String {
    let answer = Answer { key: &holder.key, audience: "https://shop.example", nonce: "n-1", now: NOW };
    present(credential, pointers, Some(&answer)).unwrap()
}

fn verify(text: &str, issuer: &Party, question: &Question<'_>) -> Result<Claims, CredentialError> {
    SdJwt::parse(text)?.verify(&issuer.document(), NOW, question)
}

#[test]
fn the_holder_shows_what_is_wanted_and_no_more() {
    for (issuer, holder) in [(Party::new(1), Party::p256()), (Party::p256(), Party::new(2))] {
        let credential = issued(&issuer, Some(&holder));
        let all = verify(&credential, &issuer, &Question::Own).unwrap();
        for (name, value) in claims() {
            assert_eq!(all.claims()[&name], value, "{name}");
        }
        assert_eq!((all.kind(), all.holder()), ("https://example.com/person", Some(&holder.key.public())));
        assert_eq!(SdJwt::parse(&credential).unwrap().issuer(), &issuer.did());
        for (pointers, wanted) in [
            (&[][..], json!({ "skills": ["engines"] })),
            (&["/name"], json!({ "name": "Ada", "skills": ["engines"] })),
            (&["/address"], json!({ "address": { "city": "London" }, "skills": ["engines"] })),
            (
                &["/address/street", "/skills/2"],
                json!({ "address": claims()["address"], "skills": ["engines", "verse"] }),
            ),
        ] {
            let seen = verify(&shown(&credential, pointers, &holder), &issuer, &ASKED).unwrap();
            let mut seen = seen.claims().clone();
            seen.retain(|name, _| matches!(name.as_str(), "name" | "born" | "address" | "skills"));
            assert_eq!(Value::Object(seen), wanted);
        }
        assert_eq!(code(present(&credential, &["/skills/1"], None)), "VC-0031");
        assert_eq!(code(present(&credential, &["/nothing"], None)), "VC-0031");
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let (issuer, holder) = (Party::new(1), Party::new(2));
    let text = shown(&issued(&issuer, Some(&holder)), &["/name"], &holder);
    assert!(verify(&text, &issuer, &ASKED).is_ok());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verify(&changed, &issuer, &ASKED).is_err(), "{at}");
    }
}

#[test]
fn dates_and_status_are_kept() {
    let (issuer, holder) = (Party::new(1), Party::new(2));
    let text = issued(&issuer, Some(&holder));
    let at = |now| SdJwt::parse(&text).unwrap().verify(&issuer.document(), now, &Question::Own);
    assert_eq!(code(at(NOW + 1000)), "VC-0018");
    assert_eq!(code(at(NOW - 61)), "VC-0017");
    let claims = at(NOW).unwrap();
    let list = |set: u64, by: &Party| {
        let uri = "https://issuer.example/status/3";
        let text = issue_list(uri, (NOW, NOW + 60), 64, |index| index == set, &by.key, &by.method()).unwrap();
        UncheckedList::parse(&text).unwrap().verify(&by.document(), NOW).unwrap()
    };
    assert_eq!(claims.check_status(&[list(6, &issuer)]), Ok(()));
    assert_eq!(code(claims.check_status(&[list(5, &issuer)])), "VC-0037");
    assert_eq!(code(claims.check_status(&[list(6, &holder)])), "VC-0036");
    assert_eq!(code(claims.check_status(&[])), "VC-0038");
}

/// A token with this header and payload, signed as the header says it is not.
fn forged(party: &Party, header: &Value, payload: &Value) -> String {
    let signed = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(payload.to_string()));
    format!("{signed}.{}", BASE64.encode(party.key.sign(signed.as_bytes())))
}

#[test]
fn threat_51_tokens_that_choose_how_they_are_checked() {
    let issuer = Party::new(1);
    let method = issuer.method().to_string();
    let payload = json!({ "iss": issuer.did().as_str(), "vct": "https://example.com/person", "name": "Ada" });
    let header = json!({ "alg": "EdDSA", "typ": "dc+sd-jwt", "kid": method });
    let judge =
        |header: &Value| verify(&format!("{}~", forged(&issuer, header, &payload)), &issuer, &Question::Own);
    assert!(judge(&header).is_ok());
    let refused = |member: &str, value: Value| {
        let mut changed = header.clone();
        changed[member] = value;
        code(judge(&changed))
    };
    for alg in ["none", "None", "", "HS256", "HS512", "RS256", "PS256", "ES384", "ES256K", "eddsa"] {
        assert_eq!(refused("alg", json!(alg)), "VC-0021", "{alg}");
    }
    // The key decides the algorithm, not the token.
    assert_eq!(refused("alg", json!("ES256")), "VC-0021");
    assert_eq!(refused("crit", json!(["exp"])), "VC-0022");
    assert_eq!(refused("b64", json!(false)), "VC-0022");
    for member in ["jku", "x5u", "jwk", "x5c", "x5t", "x5t#S256"] {
        assert_eq!(refused(member, json!("https://evil.example/keys")), "VC-0023", "{member}");
    }
    for kind in ["JWT", "kb+jwt", "statuslist+jwt", ""] {
        assert_eq!(refused("typ", json!(kind)), "VC-0024", "{kind}");
    }
    assert_eq!(refused("kid", json!(Party::new(2).method().to_string())), "VC-0015");
    assert_eq!(refused("kid", json!("0")), "DID-0001");
    // Without a signature, and with an empty one.
    let text = forged(&issuer, &header, &payload);
    let (signed, _) = text.rsplit_once('.').unwrap();
    assert_eq!(code(verify(&format!("{signed}.~"), &issuer, &Question::Own)), "VC-0016");
    assert_eq!(code(verify(&format!("{signed}~"), &issuer, &Question::Own)), "VC-0020");
    assert_eq!(code(verify("", &issuer, &Question::Own)), "VC-0020");
}

fn disclosure(parts: &Value) -> (String, String) {
    let text = BASE64.encode(parts.to_string());
    let digest = BASE64.encode(Sha256::digest(&text));
    (text, digest)
}

#[test]
fn threat_55_disclosures_that_mislead() {
    let issuer = Party::new(1);
    let header = json!({ "alg": "EdDSA", "typ": "dc+sd-jwt", "kid": issuer.method().to_string() });
    let judge = |claims: Value, disclosures: &[&str]| {
        let mut payload = json!({ "iss": issuer.did().as_str(), "vct": "https://example.com/person" });
        payload.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let text = [&[forged(&issuer, &header, &payload).as_str()], disclosures, &[""]].concat().join("~");
        verify(&text, &issuer, &Question::Own)
    };
    let (name, digest) = disclosure(&json!(["salt", "name", "Ada"]));
    let seen = judge(json!({ "_sd": [digest, "decoy"] }), &[&name]).unwrap();
    assert_eq!(seen.claims()["name"], "Ada");
    assert!(!seen.claims().contains_key("_sd"));
    // One digest in two places, two decoys alike, one disclosure twice.
    assert_eq!(code(judge(json!({ "_sd": [digest, digest] }), &[&name])), "VC-0026");
    assert_eq!(code(judge(json!({ "_sd": [digest], "x": { "_sd": [digest] } }), &[&name])), "VC-0026");
    assert_eq!(code(judge(json!({ "_sd": ["decoy"], "x": [{ "...": "decoy" }] }), &[])), "VC-0026");
    assert_eq!(code(judge(json!({ "_sd": [digest] }), &[&name, &name])), "VC-0026");
    // A disclosed claim over an open one, and two of one name.
    assert_eq!(code(judge(json!({ "name": "Eve", "_sd": [digest] }), &[&name])), "VC-0027");
    let (again, other) = disclosure(&json!(["pepper", "name", "Eve"]));
    assert_eq!(code(judge(json!({ "_sd": [digest, other] }), &[&name, &again])), "VC-0027");
    // One that was never signed.
    assert_eq!(code(judge(json!({}), &[&name])), "VC-0028");
    assert_eq!(code(judge(json!({ "_sd": [digest] }), &[&name, &again])), "VC-0028");
    for open in ["iss", "exp", "nbf", "cnf", "vct", "status", "aud"] {
        let (text, digest) = disclosure(&json!(["salt", open, "x"]));
        assert_eq!(code(judge(json!({ "_sd": [digest] }), &[&text])), "VC-0029", "{open}");
    }
    for parts in [
        json!(["salt", "_sd", []]),
        json!(["salt", "...", "x"]),
        json!(["salt"]),
        json!([1, "name", "x"]),
        json!(["salt", 1, "x"]),
        json!(["a", "b", "c", "d"]),
        json!({ "name": "x" }),
    ] {
        let (text, digest) = disclosure(&parts);
        assert_eq!(code(judge(json!({ "_sd": [digest] }), &[&text])), "VC-0025", "{parts}");
    }
    // A member's disclosure among elements, and the other way round.
    assert_eq!(code(judge(json!({ "x": [{ "...": digest }] }), &[&name])), "VC-0025");
    let (element, digest) = disclosure(&json!(["salt", "x"]));
    assert_eq!(code(judge(json!({ "_sd": [digest] }), &[&element])), "VC-0025");
    assert_eq!(code(judge(json!({ "x": { "...": "digest" } }), &[])), "VC-0025");
    assert_eq!(code(judge(json!({ "_sd_alg": "md5" }), &[])), "VC-0025");
    assert_eq!(code(judge(json!({ "_sd": "x" }), &[])), "VC-0025");
    assert_eq!(code(judge(json!({ "_sd": [7] }), &[])), "VC-0025");
    let many: Vec<_> = (0..129).map(|salt| disclosure(&json!([salt.to_string(), 1])).0).collect();
    assert_eq!(code(judge(json!({}), &many.iter().map(String::as_str).collect::<Vec<_>>())), "VC-0025");
    // Disclosures inside disclosures, without end.
    let mut inner = disclosure(&json!(["salt", "end", 1]));
    let mut chain = vec![inner.0.clone()];
    for _ in 0..40 {
        inner = disclosure(&json!(["salt", "next", { "_sd": [inner.1] }]));
        chain.push(inner.0.clone());
    }
    let chain: Vec<_> = chain.iter().map(String::as_str).collect();
    assert_eq!(code(judge(json!({ "_sd": [inner.1] }), &chain)), "VC-0004");
}

#[test]
fn threat_55_a_credential_without_its_holders_answer() {
    let (issuer, holder, thief) = (Party::new(1), Party::new(2), Party::new(3));
    let credential = issued(&issuer, Some(&holder));
    let good = shown(&credential, &["/name"], &holder);
    assert!(verify(&good, &issuer, &ASKED).is_ok());
    // No answer, or a credential that is bound to nobody.
    assert_eq!(code(verify(&present(&credential, &["/name"], None).unwrap(), &issuer, &ASKED)), "VC-0030");
    assert_eq!(code(verify(&issued(&issuer, None), &issuer, &ASKED)), "VC-0030");
    // Somebody else's key.
    let answer = Answer { key: &thief.key, audience: "https://shop.example", nonce: "n-1", now: NOW };
    assert_eq!(code(present(&credential, &[], Some(&answer))), "VC-0030");
    let (front, kb) = good.rsplit_once('~').unwrap();
    let payload: Value =
        serde_json::from_slice(&BASE64.decode(kb.split('.').nth(1).unwrap()).unwrap()).unwrap();
    let header = json!({ "alg": "EdDSA", "typ": "kb+jwt" });
    assert_eq!(
        code(verify(&format!("{front}~{}", forged(&thief, &header, &payload)), &issuer, &ASKED)),
        "VC-0016"
    );
    // An answer to another question, of another time, or over other disclosures.
    for (member, value, expected) in [
        ("nonce", json!("n-2"), "VC-0019"),
        ("aud", json!("https://other.example"), "VC-0019"),
        ("sd_hash", json!("AAAA"), "VC-0019"),
        ("iat", json!(NOW - 301), "VC-0018"),
        ("iat", json!(NOW + 61), "VC-0017"),
        ("iat", json!("now"), "VC-0020"),
    ] {
        let mut changed = payload.clone();
        changed[member] = value;
        let text = format!("{front}~{}", forged(&holder, &header, &changed));
        assert_eq!(code(verify(&text, &issuer, &ASKED)), expected, "{member}");
    }
    let less = present(&credential, &[], None).unwrap();
    assert_eq!(code(verify(&format!("{less}{kb}"), &issuer, &ASKED)), "VC-0019");
    // An answer that brings its own key.
    let own = json!({ "alg": "EdDSA", "typ": "kb+jwt", "jwk": thief.key.public().to_jwk() });
    let text = format!("{front}~{}", forged(&thief, &own, &payload));
    assert_eq!(code(verify(&text, &issuer, &ASKED)), "VC-0023");
}

#[test]
fn what_decides_cannot_be_hidden() {
    let issuer = Party::new(1);
    let refused = |claims: Value, hidden: &[&str]| {
        let what = Issue { kind: "k", claims: claims.as_object().unwrap(), hidden, holder: None };
        code(issue(&what, &issuer.key, &issuer.method(), NOW, salts()))
    };
    assert_eq!(refused(json!({ "exp": 1 }), &["/exp"]), "VC-0029");
    assert_eq!(refused(json!({ "a": 1 }), &["/b"]), "VC-0031");
    assert_eq!(refused(json!({ "a": 1 }), &["a"]), "VC-0031");
    assert_eq!(refused(json!({ "a": [1] }), &["/a/1"]), "VC-0031");
    assert_eq!(refused(json!({ "a": 1 }), &["/a", "/a"]), "VC-0031");
    assert_eq!(refused(json!({ "iss": "did:key:x" }), &[]), "VC-0027");
    assert_eq!(refused(json!({ "a": { "_sd": [] } }), &[]), "VC-0025");
    assert_eq!(refused(json!({ "a": [{ "...": "x" }] }), &[]), "VC-0025");
}

proptest! {
    #[test]
    fn no_text_panics(text in "[A-Za-z0-9_.~-]{0,200}") {
        let _ = SdJwt::parse(&text);
        let _ = present(&text, &[], None);
    }
}
