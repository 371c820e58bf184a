//! Credentials with an embedded proof.

use super::{NOW, Party, code};
use autoid_credentials::CredentialError;
use autoid_credentials::credential::{Contexts, Credential, Presentation, Verified, issue, present};
use autoid_credentials::did::Document;
use serde_json::{Value, json};

fn unsigned(issuer: &Party, subject: &Party) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "OperatorCredential"],
        "issuer": issuer.did().as_str(),
        "validFrom": "2023-01-01T00:00:00Z",
        "validUntil": "2024-01-01T00:00:00Z",
        "credentialSubject": { "id": subject.did().as_str(), "operates": "agents", "limit": 10 },
    })
}

fn issued(issuer: &Party, subject: &Party) -> Value {
    let contexts = Contexts::default();
    issue(&unsigned(issuer, subject), &contexts, &issuer.key, &issuer.method(), NOW).unwrap()
}

fn verify(credential: &Value, document: &Document, now: i64) -> Result<Verified, CredentialError> {
    Credential::parse(credential.to_string().as_bytes(), &Contexts::default())?.verify(document, now)
}

#[test]
fn what_is_issued_verifies() {
    for issuer in [Party::new(1), Party::p256()] {
        let subject = Party::new(2);
        let credential = issued(&issuer, &subject);
        let verified = verify(&credential, &issuer.document(), NOW).unwrap();
        assert_eq!(verified.issuer(), &issuer.did());
        assert_eq!(verified.subject(), Some(subject.did().as_str()));
        assert_eq!(verified.json(), &credential);
        assert_eq!(verified.check_status(&[]), Ok(()));
        // Ed25519 and RFC 6979 both sign the same way each time.
        assert_eq!(issued(&issuer, &subject), credential);
    }
}

#[test]
fn every_changed_member_is_noticed() {
    let (issuer, subject) = (Party::new(1), Party::new(2));
    let credential = issued(&issuer, &subject);
    for (pointer, value) in [
        ("/type/1", json!("Other")),
        ("/validFrom", json!("2023-01-02T00:00:00Z")),
        ("/validUntil", json!("2025-01-01T00:00:00Z")),
        ("/credentialSubject/id", json!(issuer.did().as_str())),
        ("/credentialSubject/operates", json!("everything")),
        ("/credentialSubject/limit", json!(11)),
        ("/proof/created", json!("2023-11-14T22:13:19Z")),
    ] {
        let mut changed = credential.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert_eq!(code(verify(&changed, &issuer.document(), NOW)), "VC-0016", "{pointer}");
    }
}

#[test]
fn only_the_issuers_own_key_for_this_use_counts() {
    let (issuer, other) = (Party::new(1), Party::new(2));
    let good = issued(&issuer, &other);
    assert_eq!(code(verify(&good, &other.document(), NOW)), "VC-0015");
    let mut foreign = good.clone();
    foreign["proof"]["verificationMethod"] = json!(other.method().to_string());
    assert_eq!(code(verify(&foreign, &issuer.document(), NOW)), "VC-0015");
    let mut purpose = good.clone();
    purpose["proof"]["proofPurpose"] = json!("authentication");
    assert_eq!(code(verify(&purpose, &issuer.document(), NOW)), "VC-0013");
    let mut unknown = good;
    unknown["proof"]["verificationMethod"] = json!(issuer.did().with_fragment("none").to_string());
    assert_eq!(code(verify(&unknown, &issuer.document(), NOW)), "DID-0013");
    let wrong = issue(&unsigned(&issuer, &other), &Contexts::default(), &other.key, &other.method(), NOW);
    assert_eq!(code(wrong), "VC-0015");
}

#[test]
fn dates_are_kept() {
    let (issuer, subject) = (Party::new(1), Party::new(2));
    let credential = issued(&issuer, &subject);
    let at = |now| verify(&credential, &issuer.document(), now);
    assert_eq!(code(at(1_672_531_199)), "VC-0017");
    // The proof is of NOW; a verifier whose clock is a minute behind still takes it.
    assert_eq!(code(at(NOW - 61)), "VC-0017");
    assert!(at(NOW - 60).is_ok() && at(1_704_067_199).is_ok());
    assert_eq!(code(at(1_704_067_200)), "VC-0018");
}

#[test]
fn threat_53_contexts_and_keywords_that_redefine_terms() {
    let (issuer, subject) = (Party::new(1), Party::new(2));
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut changed = unsigned(&issuer, &subject);
        change(&mut changed);
        let issued = issue(&changed, &Contexts::default(), &issuer.key, &issuer.method(), NOW);
        // Nobody honest signs it, and a verifier refuses it before looking at any signature.
        let mut forged = issued_by_force(&issuer, &changed);
        forged["proof"]["@context"] = changed["@context"].clone();
        let verified = verify(&forged, &issuer.document(), NOW);
        assert_eq!(code(issued), code(verified.clone()));
        code(verified)
    };
    let v2 = "https://www.w3.org/ns/credentials/v2";
    assert_eq!(refused(&|json| json["@context"] = json!([v2, "https://evil.example/context"])), "VC-0011");
    for inline in [
        json!({ "operates": "https://evil.example/forbids" }),
        json!({ "@vocab": "https://evil.example/" }),
        json!({ "@base": "https://evil.example/" }),
    ] {
        assert_eq!(refused(&|json| json["@context"] = json!([v2, inline])), "VC-0012");
    }
    assert_eq!(refused(&|json| json["@context"] = json!(v2)), "VC-0010");
    assert_eq!(refused(&|json| json["@context"] = json!([])), "VC-0010");
    assert_eq!(
        refused(&|json| json["@context"] = json!(["https://www.w3.org/2018/credentials/v1", v2])),
        "VC-0010"
    );
    assert_eq!(refused(&|json| json["credentialSubject"]["@context"] = json!({})), "VC-0012");
    assert_eq!(refused(&|json| json["credentialSubject"]["@id"] = json!("did:example:1")), "VC-0012");
    assert_eq!(refused(&|json| json["credentialSubject"]["x"] = json!([{ "@type": "y" }])), "VC-0012");
    assert_eq!(refused(&|json| json["@graph"] = json!([])), "VC-0012");
    // A context that the verifier knows is another matter.
    let mut known = unsigned(&issuer, &subject);
    known["@context"] = json!([v2, "https://good.example/context"]);
    let contexts = Contexts::default().with("https://good.example/context");
    let known = issue(&known, &contexts, &issuer.key, &issuer.method(), NOW).unwrap();
    assert_eq!(code(verify(&known, &issuer.document(), NOW)), "VC-0011");
    let read = Credential::parse(known.to_string().as_bytes(), &contexts).unwrap();
    assert!(read.verify(&issuer.document(), NOW).is_ok());
}

/// Signs what no honest issuer signs.
fn issued_by_force(issuer: &Party, credential: &Value) -> Value {
    let options = autoid_credentials::ProofOptions {
        method: issuer.method(),
        purpose: autoid_credentials::did::Relation::AssertionMethod,
        created: NOW,
        challenge: None,
        domain: None,
    };
    autoid_credentials::secure(credential, &options, &issuer.key).unwrap()
}

#[test]
fn the_data_model_is_kept() {
    let (issuer, subject) = (Party::new(1), Party::new(2));
    let refused = |pointer: &str, value: Value| {
        let mut changed = unsigned(&issuer, &subject);
        changed[pointer] = value;
        code(verify(&issued_by_force(&issuer, &changed), &issuer.document(), NOW))
    };
    for (member, value) in [
        ("type", json!("OperatorCredential")),
        ("type", json!(["VerifiableCredential", 7])),
        ("issuer", json!(null)),
        ("issuer", json!({ "name": "x" })),
        ("credentialSubject", json!({})),
        ("credentialSubject", json!([])),
        ("credentialSubject", json!("did:example:1")),
        ("credentialSubject", json!({ "id": 7 })),
        ("id", json!(7)),
        ("validFrom", json!("2023-01-01")),
        ("validFrom", json!("2024-06-01T00:00:00Z")),
        ("validUntil", json!(1_700_000_000)),
        ("evidence", json!([{}])),
        ("credentialStatus", json!({ "type": "StatusList2021Entry" })),
        ("credentialStatus", json!({ "type": "BitstringStatusListEntry" })),
    ] {
        assert_eq!(refused(member, value.clone()), "VC-0010", "{member} {value}");
    }
    assert_eq!(refused("issuer", json!("https://issuer.example")), "DID-0001");
    let text = issued(&issuer, &subject).to_string();
    let twice = text.replacen("\"limit\":10", "\"limit\":10,\"limit\":99", 1);
    let parse = |text: &str| Credential::parse(text.as_bytes(), &Contexts::default());
    assert_eq!(code(parse(&twice)), "VC-0002");
    assert_eq!(
        code(parse(&text.replacen("\"limit\":10", "\"limit\":10.00000000000000000001", 1))),
        "VC-0003"
    );
    assert_eq!(code(parse(&format!("{text}{}", " ".repeat(65_536)))), "VC-0005");
}

#[test]
fn a_holder_presents_to_who_asked() {
    let (issuer, holder, thief) = (Party::new(1), Party::new(2), Party::new(3));
    let credential = issued(&issuer, &holder);
    let contexts = Contexts::default();
    let show = |who: &Party| {
        present(std::slice::from_ref(&credential), "nonce", "shop.example", &who.key, &who.method(), NOW)
            .unwrap()
    };
    let ask = |presentation: &Value, who: &Party, challenge, domain, now| {
        let read = Presentation::parse(presentation.to_string().as_bytes(), &contexts)?;
        assert_eq!(read.holder(), &who.did());
        read.verify(&who.document(), challenge, domain, now)
    };
    let shown = show(&holder);
    let credentials = ask(&shown, &holder, "nonce", "shop.example", NOW).unwrap();
    assert_eq!(credentials.len(), 1);
    for credential in credentials {
        assert_eq!(credential.issuer(), &issuer.did());
        assert!(credential.verify(&issuer.document(), NOW).is_ok());
    }
    assert_eq!(code(ask(&shown, &holder, "other", "shop.example", NOW)), "VC-0019");
    assert_eq!(code(ask(&shown, &holder, "nonce", "other.example", NOW)), "VC-0019");
    // Whoever copied a credential is not its subject.
    assert_eq!(code(ask(&show(&thief), &thief, "nonce", "shop.example", NOW)), "VC-0030");
    let mut swapped = shown.clone();
    swapped["verifiableCredential"] = json!([]);
    assert_eq!(code(ask(&swapped, &holder, "nonce", "shop.example", NOW)), "VC-0016");
    // A credential is no presentation, and the other way round.
    assert_eq!(code(verify(&shown, &holder.document(), NOW)), "VC-0010");
    let read = Presentation::parse(credential.to_string().as_bytes(), &contexts);
    assert_eq!(code(read), "VC-0010");
}
