//! DIDs and their documents.

use super::Party;
use auto_core::ErrorCode;
use autoid_credentials::PublicKey;
use autoid_credentials::did::{Did, DidError, Document, Relation, derive};
use proptest::prelude::*;
use serde_json::{Value, json};

fn base58(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

fn resolve(text: &str) -> Result<Document, DidError> {
    derive(&text.parse()?).unwrap_or(Err(DidError::Method { method: String::new() }))
}

#[test]
fn a_did_key_is_its_own_document() {
    for party in [Party::new(1), Party::p256()] {
        let document = party.document();
        assert_eq!(document.subject(), &party.did());
        for relation in Relation::ALL {
            let found = document.key(&party.method(), relation);
            match relation {
                Relation::KeyAgreement => assert_eq!(found.unwrap_err().code(), "DID-0014"),
                _ => assert_eq!(found.unwrap(), &party.key.public()),
            }
        }
        // Its JSON is read back as the same document.
        let text = document.json().to_string();
        assert_eq!(Document::parse(text.as_bytes(), &party.did()).unwrap(), document);
    }
    let agreement = PublicKey::X25519([9; 32]).to_did();
    let document = derive(&agreement).unwrap().unwrap();
    assert!(document.name_of(&PublicKey::X25519([9; 32]), Relation::KeyAgreement).is_some());
    assert!(document.name_of(&PublicKey::X25519([9; 32]), Relation::Authentication).is_none());
}

#[test]
fn a_did_jwk_is_its_own_document() {
    let party = Party::p256();
    let jwk = base64_url(party.key.public().to_jwk().to_string().as_bytes());
    let document = resolve(&format!("did:jwk:{jwk}")).unwrap();
    let method = document.subject().with_fragment("0");
    assert_eq!(document.key(&method, Relation::AssertionMethod).unwrap(), &party.key.public());
    let mut secret = party.key.public().to_jwk();
    secret["d"] = json!("AAAA");
    let error = resolve(&format!("did:jwk:{}", base64_url(secret.to_string().as_bytes()))).unwrap_err();
    assert_eq!(error.code(), "DID-0004");
    let twice = br#"{"kty":"OKP","crv":"Ed25519","x":"","x":""}"#;
    assert_eq!(resolve(&format!("did:jwk:{}", base64_url(twice))).unwrap_err().code(), "VC-0002");
    for bad in ["e30", "AAAA", "x%3A", &"A".repeat(1100)] {
        assert!(resolve(&format!("did:jwk:{bad}")).is_err(), "{bad}");
    }
}

fn base64_url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// Texts on which a careless reader of did:key panics: no codec, short keys, unknown codecs, no point.
#[test]
fn threat_47_did_key_with_a_bad_codec_or_length() {
    let ed25519 = [0xed, 0x01];
    for bytes in [
        &[][..],
        &[0xed],
        &ed25519,
        &[&ed25519[..], &[1; 31]].concat(),
        &[&ed25519[..], &[1; 33]].concat(),
        &[&ed25519[..], &[2; 32]].concat(),
        &[&[0x80, 0x24][..], &[2; 32]].concat(),
        &[&[0x80, 0x24][..], &[4; 65]].concat(),
        &[&[0x80, 0x24][..], &[0; 33]].concat(),
        &[&[0xec, 0x01][..], &[1; 31]].concat(),
        &[&[0xe7, 0x01][..], &[2; 33]].concat(),
        &[&[0xff, 0xff][..], &[1; 32]].concat(),
        &[&[0xed, 0x81, 0x00][..], &[1; 32]].concat(),
    ] {
        let error = resolve(&format!("did:key:{}", base58(bytes))).unwrap_err();
        assert_eq!(error.code(), "DID-0003", "{bytes:?}");
    }
    for id in
        ["z", "6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", "z0OIl", &format!("z{}", "2".repeat(2000))]
    {
        assert_eq!(resolve(&format!("did:key:{id}")).unwrap_err().code(), "DID-0003", "{id}");
    }
}

fn hosted() -> (Did, Value) {
    let did: Did = "did:web:a.example".parse().unwrap();
    let key = Party::new(1).key.public().to_multikey();
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": "did:web:a.example",
        "verificationMethod": [
            { "id": "#one", "type": "Multikey", "controller": "did:web:a.example", "publicKeyMultibase": key },
            {
                "id": "did:web:a.example#two", "type": "JsonWebKey", "controller": "did:web:a.example",
                "publicKeyJwk": Party::p256().key.public().to_jwk(),
            },
            { "id": "#odd", "type": "Oddity2031", "controller": "did:web:a.example", "odd": 1 },
        ],
        "authentication": ["#one", "did:web:a.example#two"],
        "assertionMethod": [
            "#two",
            { "id": "#three", "type": "Multikey", "controller": "did:web:a.example", "publicKeyMultibase": key },
        ],
        "service": [{ "id": "#mail", "type": "Mail", "serviceEndpoint": "https://a.example/mail" }],
    });
    (did, document)
}

#[test]
fn documents_of_others_are_read() {
    let (did, json) = hosted();
    let document = Document::parse(json.to_string().as_bytes(), &did).unwrap();
    let key = |fragment: &str, relation| document.key(&did.with_fragment(fragment), relation).copied();
    assert_eq!(key("one", Relation::Authentication).unwrap(), Party::new(1).key.public());
    assert_eq!(key("two", Relation::AssertionMethod).unwrap(), Party::p256().key.public());
    assert_eq!(key("three", Relation::AssertionMethod).unwrap(), Party::new(1).key.public());
    assert_eq!(key("one", Relation::AssertionMethod).unwrap_err().code(), "DID-0014");
    assert_eq!(key("three", Relation::Authentication).unwrap_err().code(), "DID-0014");
    assert_eq!(key("none", Relation::Authentication).unwrap_err().code(), "DID-0013");
}

#[test]
fn threat_48_documents_with_foreign_controllers_and_clashing_names() {
    let (did, good) = hosted();
    let code = |change: &dyn Fn(&mut Value)| {
        let mut json = good.clone();
        change(&mut json);
        Document::parse(json.to_string().as_bytes(), &did).unwrap_err().code()
    };
    assert_eq!(code(&|json| json["id"] = json!("did:web:b.example")), "DID-0010");
    assert_eq!(
        code(&|json| json["verificationMethod"][0]["controller"] = json!("did:web:b.example")),
        "DID-0011"
    );
    assert_eq!(
        code(&|json| json["verificationMethod"][0]["id"] = json!("did:web:b.example#one")),
        "DID-0011"
    );
    assert_eq!(
        code(&|json| json["assertionMethod"][1]["controller"] = json!("did:web:b.example")),
        "DID-0011"
    );
    assert_eq!(code(&|json| json["verificationMethod"][0]["id"] = json!("#two")), "DID-0012");
    assert_eq!(
        code(&|json| json["verificationMethod"][2]["id"] = json!("did:web:a.example#one")),
        "DID-0012"
    );
    assert_eq!(code(&|json| json["assertionMethod"][1]["id"] = json!("#one")), "DID-0012");
    assert_eq!(code(&|json| json["authentication"][1] = json!("#one")), "DID-0012");
    assert_eq!(code(&|json| json["service"][0]["id"] = json!("#one")), "DID-0012");
    assert_eq!(code(&|json| json["authentication"][0] = json!("#none")), "DID-0013");
    assert_eq!(code(&|json| json["authentication"][0] = json!("did:web:b.example#one")), "DID-0013");
    assert_eq!(code(&|json| json["verificationMethod"][1]["publicKeyJwk"]["d"] = json!("AA")), "DID-0004");
    assert_eq!(code(&|json| json["verificationMethod"][0]["secretKeyMultibase"] = json!("z")), "DID-0004");
    for member in ["verificationMethod", "authentication", "service"] {
        assert_eq!(code(&|json| json[member] = json!({})), "DID-0009", "{member}");
        assert_eq!(code(&|json| json[member] = json!(vec![0; 65])), "DID-0009", "{member}");
    }
    let text = good.to_string();
    let twice = text.replacen('{', "{\"id\":\"did:web:a.example\",", 1);
    assert_eq!(Document::parse(twice.as_bytes(), &did).unwrap_err().code(), "VC-0002");
    let large = format!("{text}{}", " ".repeat(65_536));
    assert_eq!(Document::parse(large.as_bytes(), &did).unwrap_err().code(), "DID-0008");
}

proptest! {
    #[test]
    fn no_text_panics(text in "did:(key:z|jwk:|web:|auto:)?[ -~]{0,80}") {
        if let Ok(did) = text.parse::<Did>() {
            let _ = derive(&did);
            let _ = autoid_credentials::did::web_url(&did);
            prop_assert_eq!(did.to_string(), text);
        }
    }

    #[test]
    fn no_key_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = resolve(&format!("did:key:{}", base58(&bytes)));
        let _ = resolve(&format!("did:jwk:{}", base64_url(&bytes)));
    }
}
