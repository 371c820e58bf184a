//! Data Integrity proofs: the suites `eddsa-jcs-2022` and `ecdsa-jcs-2019` over canonical JSON, and with the
//! feature `ssi` those over canonical RDF, `eddsa-rdfc-2022` and `ecdsa-rdfc-2019`.
//!
//! A proof signs SHA-256 of the canonical proof options and SHA-256 of the canonical document without its
//! proof. Over JSON no term is looked up in a context, so nobody can change what was signed by changing one.

use crate::did::{DidUrl, Relation};
use crate::encoding::{from_multibase, to_multibase};
use crate::error::CredentialError;
use crate::json::canonical;
use crate::key::{PublicKey, SecretKey};
use crate::time;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// What a proof says beside the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOptions {
    /// The key.
    pub method: DidUrl,
    /// What the proof is for.
    pub purpose: Relation,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// The question it answers, if it answers one.
    pub challenge: Option<String>,
    /// Who asked, if somebody did.
    pub domain: Option<String>,
}

/// A proof whose form is right; whether its signature holds is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) method: String,
    pub(crate) purpose: String,
    pub(crate) created: Option<i64>,
    pub(crate) expires: Option<i64>,
    pub(crate) challenge: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) suite: String,
    signature: Vec<u8>,
    digest: Vec<u8>,
}

const fn wrong(member: &'static str, why: &'static str) -> CredentialError {
    CredentialError::Proof { member, why }
}

/// The suite over JSON that a key signs with.
fn suite_of(key: &PublicKey) -> Option<&'static str> {
    match key {
        PublicKey::Ed25519(_) => Some("eddsa-jcs-2022"),
        PublicKey::P256(_) => Some("ecdsa-jcs-2019"),
        PublicKey::X25519(_) => None,
    }
}

/// Whether a suite is one of this key.
fn fits(suite: &str, key: &PublicKey) -> bool {
    let over_json = suite.replace("-rdfc-", "-jcs-");
    suite_of(key) == Some(over_json.as_str())
}

/// What is signed, by the suite that the proof names.
fn digest_of(
    suite: &str,
    options: &Map<String, Value>,
    document: &Map<String, Value>,
) -> Result<Vec<u8>, CredentialError> {
    match suite {
        "eddsa-jcs-2022" | "ecdsa-jcs-2019" => digest(options, document),
        #[cfg(feature = "ssi")]
        "eddsa-rdfc-2022" | "ecdsa-rdfc-2019" => crate::rdfc::digest(options, document),
        other => Err(CredentialError::Suite { suite: other.chars().take(80).collect() }),
    }
}

/// SHA-256 of the options, then of the document.
fn digest(options: &Map<String, Value>, document: &Map<String, Value>) -> Result<Vec<u8>, CredentialError> {
    let hash = |members: &Map<String, Value>| -> Result<_, CredentialError> {
        Ok(Sha256::digest(canonical(&Value::Object(members.clone()))?))
    };
    Ok([hash(options)?, hash(document)?].concat())
}

/// Adds a proof to a document that has none.
///
/// # Errors
/// When the document has a proof already, is no object, or has no canonical form.
pub fn secure(document: &Value, options: &ProofOptions, key: &SecretKey) -> Result<Value, CredentialError> {
    let members =
        document.as_object().ok_or(CredentialError::Model { member: "", why: "it is no object" })?;
    if members.contains_key("proof") {
        return Err(wrong("proof", "there is one already"));
    }
    let suite = suite_of(&key.public()).ok_or_else(|| CredentialError::Suite { suite: String::new() })?;
    let created = time::write(options.created).ok_or(wrong("created", "the moment cannot be written"))?;
    let mut proof = Map::new();
    if let Some(context) = members.get("@context") {
        proof.insert("@context".to_owned(), context.clone());
    }
    let texts = [
        ("type", Some("DataIntegrityProof")),
        ("cryptosuite", Some(suite)),
        ("created", Some(created.as_str())),
        ("verificationMethod", Some(&*options.method.to_string())),
        ("proofPurpose", Some(options.purpose.name())),
        ("challenge", options.challenge.as_deref()),
        ("domain", options.domain.as_deref()),
    ]
    .map(|(name, text)| text.map(|text| (name.to_owned(), json!(text))));
    proof.extend(texts.into_iter().flatten());
    let signature = key.sign(&digest(&proof, members)?);
    proof.insert("proofValue".to_owned(), json!(to_multibase(&signature)));
    let mut secured = members.clone();
    secured.insert("proof".to_owned(), Value::Object(proof));
    Ok(Value::Object(secured))
}

impl Proof {
    /// Takes the one proof of a document apart.
    pub(crate) fn of(document: &Map<String, Value>) -> Result<Self, CredentialError> {
        let mut unsecured = document.clone();
        let mut proof = match unsecured.remove("proof") {
            Some(Value::Object(proof)) => proof,
            Some(Value::Array(proofs)) => match <[Value; 1]>::try_from(proofs) {
                Ok([Value::Object(proof)]) => proof,
                _ => return Err(wrong("proof", "there must be one; sets and chains are not checked")),
            },
            _ => return Err(wrong("proof", "there is none")),
        };
        let value = match proof.remove("proofValue") {
            Some(Value::String(value)) => value,
            _ => return Err(wrong("proofValue", "it is no text")),
        };
        if proof.contains_key("previousProof") {
            return Err(wrong("previousProof", "chains of proofs are not checked"));
        }
        let signature = from_multibase(&value).filter(|bytes| bytes.len() == 64);
        let signature = signature.ok_or(wrong("proofValue", "it is not 64 bytes in base58btc multibase"))?;
        let text = |member: &'static str| match proof.get(member) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(wrong(member, "it is no text")),
        };
        let moment = |member: &'static str| match text(member)? {
            None => Ok(None),
            Some(text) => time::parse(&text).map(Some).ok_or(wrong(member, "it is no moment with a zone")),
        };
        if text("type")?.as_deref() != Some("DataIntegrityProof") {
            return Err(wrong("type", "it is not DataIntegrityProof"));
        }
        Self::check_context(&proof, &mut unsecured)?;
        let suite = text("cryptosuite")?.ok_or(wrong("cryptosuite", "there is none"))?;
        Ok(Self {
            method: text("verificationMethod")?.ok_or(wrong("verificationMethod", "there is none"))?,
            purpose: text("proofPurpose")?.ok_or(wrong("proofPurpose", "there is none"))?,
            created: moment("created")?,
            expires: moment("expires")?,
            challenge: text("challenge")?,
            domain: text("domain")?,
            digest: digest_of(&suite, &proof, &unsecured)?,
            suite,
            signature,
        })
    }

    /// The context of a proof is a beginning of the document's, which may have got more since.
    fn check_context(
        proof: &Map<String, Value>,
        unsecured: &mut Map<String, Value>,
    ) -> Result<(), CredentialError> {
        let Some(signed) = proof.get("@context") else { return Ok(()) };
        let begins = match (signed, unsecured.get("@context")) {
            (Value::Array(signed), Some(Value::Array(all))) => all.starts_with(signed),
            (signed, Some(Value::Array(all))) => all.first() == Some(signed),
            (signed, Some(only)) => signed == only,
            (_, None) => false,
        };
        if !begins {
            return Err(wrong("@context", "the document's does not begin with it"));
        }
        unsecured.insert("@context".to_owned(), signed.clone());
        Ok(())
    }

    /// Whether the signature is this key's, by the suite that the proof names.
    pub(crate) fn check(&self, key: &PublicKey) -> Result<(), CredentialError> {
        if !fits(&self.suite, key) {
            return Err(CredentialError::Suite { suite: self.suite.chars().take(80).collect() });
        }
        if key.verifies(&self.digest, &self.signature) { Ok(()) } else { Err(CredentialError::Signature) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use auto_core::ErrorCode;

    fn members(text: &str) -> Map<String, Value> {
        match parse(text.as_bytes()).unwrap() {
            Value::Object(members) => members,
            _ => panic!("no object"),
        }
    }

    /// The example of `eddsa-jcs-2022` in vc-di-eddsa (W3C).
    #[test]
    fn the_example_of_the_standard_holds() {
        let text = include_str!("../tests/vectors/eddsa-jcs-2022.json");
        let vector = members(text);
        let signed = vector["signed"].as_object().unwrap();
        let proof = Proof::of(signed).unwrap();
        let key = SecretKey::from_multikey(vector["secret"].as_str().unwrap()).unwrap();
        assert_eq!(proof.check(&key.public()), Ok(()));
        let signature = to_multibase(&key.sign(&proof.digest));
        assert_eq!(signature, signed["proof"]["proofValue"].as_str().unwrap());
    }

    /// The example of `eddsa-rdfc-2022` in vc-di-eddsa (W3C).
    #[cfg(feature = "ssi")]
    #[test]
    fn the_example_over_rdf_holds_and_no_change_does() {
        let vector = members(include_str!("../tests/vectors/eddsa-rdfc-2022.json"));
        let key = SecretKey::from_multikey(vector["secret"].as_str().unwrap()).unwrap().public();
        let check = |value: &Value| Proof::of(value.as_object().unwrap())?.check(&key);
        let good = &vector["signed"];
        assert_eq!(check(good), Ok(()));
        let mut changed = good.clone();
        changed["credentialSubject"]["alumniOf"] = json!("Another School");
        assert_eq!(check(&changed), Err(CredentialError::Signature));
        // The options are signed, too.
        changed = good.clone();
        changed["proof"]["created"] = json!("2023-02-24T23:36:39Z");
        assert_eq!(check(&changed), Err(CredentialError::Signature));
        let code = |change: &dyn Fn(&mut Value)| {
            let mut changed = good.clone();
            change(&mut changed);
            check(&changed).unwrap_err().code()
        };
        // A term without meaning would not be signed; a context that is not here cannot be fetched.
        assert_eq!(code(&|json| json["@context"][1] = json!("https://evil.example/context")), "VC-0010");
        assert_eq!(code(&|json| json["@context"] = json!([json["@context"][0], { "name": 7 }])), "VC-0010");
        // What would take for ever to order is not begun.
        assert_eq!(
            code(&|json| json["credentialSubject"] = json!(vec![json!({ "name": "x" }); 9])),
            "VC-0010"
        );
        assert_eq!(code(&|json| json["credentialSubject"]["id"] = json!("_:b0")), "VC-0010");
    }

    /// The example of `ecdsa-rdfc-2019` with P-256 in vc-di-ecdsa (W3C).
    #[cfg(feature = "ssi")]
    #[test]
    fn the_example_of_ecdsa_over_rdf_holds_and_no_change_does() {
        let vector = members(include_str!("../tests/vectors/ecdsa-rdfc-2019.json"));
        let key = SecretKey::from_multikey(vector["secret"].as_str().unwrap()).unwrap().public();
        let check = |value: &Value| Proof::of(value.as_object().unwrap())?.check(&key);
        let good = &vector["signed"];
        assert_eq!(check(good), Ok(()));
        for pointer in ["/name", "/credentialSubject/alumniOf", "/proof/created"] {
            let mut changed = good.clone();
            *changed.pointer_mut(pointer).unwrap() = json!("2023-02-24T23:36:39Z");
            assert_eq!(check(&changed), Err(CredentialError::Signature), "{pointer}");
        }
        // The other suite of the same key is another signature.
        let mut other = good.clone();
        other["proof"]["cryptosuite"] = json!("ecdsa-jcs-2019");
        assert_eq!(check(&other), Err(CredentialError::Signature));
    }

    fn secured(key: &SecretKey) -> Value {
        let did = key.public().to_did();
        let options = ProofOptions {
            method: did.with_fragment(did.id()),
            purpose: Relation::AssertionMethod,
            created: 1_700_000_000,
            challenge: Some("c".to_owned()),
            domain: Some("d".to_owned()),
        };
        secure(&json!({ "@context": ["a", "b"], "n": 1.5, "x": { "y": [true, null] } }), &options, key)
            .unwrap()
    }

    fn keys() -> [SecretKey; 2] {
        let p256 = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN";
        [SecretKey::from_ed25519_seed(&[1; 32]), SecretKey::from_multikey(p256).unwrap()]
    }

    #[test]
    fn what_was_secured_holds_and_no_change_does() {
        for key in keys() {
            let good = secured(&key);
            let check = |value: &Value| Proof::of(value.as_object().unwrap())?.check(&key.public());
            assert_eq!(check(&good), Ok(()));
            // A context that was added later is not signed, and means nothing here.
            let mut more = good.clone();
            more["@context"] = json!(["a", "b", "c"]);
            assert_eq!(check(&more), Ok(()));
            for (pointer, value) in [
                ("/n", json!(1.25)),
                ("/x/y/0", json!(false)),
                ("/x/y/1", json!(0)),
                ("/proof/created", json!("2023-11-14T22:13:21Z")),
                ("/proof/challenge", json!("other")),
                ("/proof/domain", json!("other")),
                ("/proof/proofPurpose", json!("authentication")),
                ("/proof/verificationMethod", json!("did:key:x#x")),
            ] {
                let mut changed = good.clone();
                *changed.pointer_mut(pointer).unwrap() = value;
                assert_eq!(check(&changed), Err(CredentialError::Signature), "{pointer}");
            }
            let mut added = good.clone();
            added["z"] = json!(0);
            assert_eq!(check(&added), Err(CredentialError::Signature));
            let mut swapped = good.clone();
            swapped["@context"] = json!(["b", "a"]);
            assert_eq!(check(&swapped).unwrap_err().code(), "VC-0013");
        }
    }

    #[test]
    fn proofs_of_other_forms_are_refused() {
        let [key, other] = keys();
        let good = secured(&key);
        let code = |value: &Value| {
            Proof::of(value.as_object().unwrap())
                .and_then(|proof| proof.check(&key.public()))
                .unwrap_err()
                .code()
        };
        for (member, value, expected) in [
            ("type", json!("Ed25519Signature2020"), "VC-0013"),
            ("type", json!(["DataIntegrityProof"]), "VC-0013"),
            ("cryptosuite", json!("bbs-2023"), "VC-0014"),
            ("cryptosuite", json!("ecdsa-jcs-2019"), "VC-0014"),
            ("created", json!("yesterday"), "VC-0013"),
            ("proofValue", json!("zabc"), "VC-0013"),
            ("proofValue", json!(7), "VC-0013"),
            ("previousProof", json!("urn:uuid:1"), "VC-0013"),
        ] {
            let mut changed = good.clone();
            changed["proof"][member] = value;
            assert_eq!(code(&changed), expected, "{member}");
        }
        let mut two = good.clone();
        two["proof"] = json!([good["proof"], good["proof"]]);
        assert_eq!(code(&two), "VC-0013");
        two["proof"] = json!([good["proof"]]);
        assert!(Proof::of(two.as_object().unwrap()).unwrap().check(&key.public()).is_ok());
        let proof = Proof::of(good.as_object().unwrap()).unwrap();
        assert_eq!(proof.check(&other.public()).unwrap_err().code(), "VC-0014");
        let twice = secure(
            &good,
            &ProofOptions {
                method: key.public().to_did().with_fragment("x"),
                purpose: Relation::AssertionMethod,
                created: 0,
                challenge: None,
                domain: None,
            },
            &key,
        );
        assert_eq!(twice.unwrap_err().code(), "VC-0013");
    }
}
