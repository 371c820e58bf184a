//! Issuing: some claims in the open, others as digests.

use super::disclosure::Disclosure;
use super::{KINDS, OPEN};
use crate::did::DidUrl;
use crate::error::CredentialError;
use crate::jws;
use crate::key::{PublicKey, SecretKey};
use serde_json::{Map, Value, json};

/// What is issued.
#[derive(Debug, Clone, Copy)]
pub struct Issue<'a> {
    /// The kind of credential, `vct`.
    pub kind: &'a str,
    /// The claims, with `nbf`, `exp` and `status` if it has them.
    pub claims: &'a Map<String, Value>,
    /// JSON pointers of the claims that the holder may keep back; of members and of elements.
    pub hidden: &'a [&'a str],
    /// The key of the holder, whom the credential is then bound to.
    pub holder: Option<&'a PublicKey>,
}

/// Issues a credential; `salt` gives random bytes, new ones each time.
///
/// # Errors
/// When a pointer leads to no claim, or to one that must be in the open.
pub fn issue(
    what: &Issue<'_>,
    key: &SecretKey,
    method: &DidUrl,
    now: i64,
    mut salt: impl FnMut() -> [u8; 16],
) -> Result<String, CredentialError> {
    let mut root = Value::Object(what.claims.clone());
    refuse_reserved(&root)?;
    // What lies deeper is hidden first, so that what holds it can be hidden with it.
    let mut hidden = what.hidden.to_vec();
    hidden.sort_by_key(|pointer| std::cmp::Reverse(pointer.matches('/').count()));
    let mut disclosures = Vec::new();
    for pointer in hidden {
        disclosures.push(hide(&mut root, pointer, salt())?);
    }
    let members = root.as_object_mut().ok_or(CredentialError::Token { why: "the claims are no object" })?;
    let own = [
        ("iss", json!(method.did().as_str())),
        ("iat", json!(now)),
        ("vct", json!(what.kind)),
        ("_sd_alg", json!("sha-256")),
    ];
    let holder = what.holder.map(|key| ("cnf", json!({ "jwk": key.to_jwk() })));
    for (name, value) in own.into_iter().chain(holder) {
        if members.insert(name.to_owned(), value).is_some() {
            return Err(CredentialError::Shadow { name: name.to_owned() });
        }
    }
    let mut text = jws::sign(KINDS[0], members, key, Some(method))?;
    for disclosure in disclosures {
        text = format!("{text}~{}", disclosure.text);
    }
    Ok(format!("{text}~"))
}

/// Names that stand for digests may not be claims.
fn refuse_reserved(value: &Value) -> Result<(), CredentialError> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            if matches!(name.as_str(), "_sd" | "...") {
                return Err(CredentialError::Disclosure { why: "a claim has a reserved name" });
            }
            refuse_reserved(value)
        }),
        Value::Array(values) => values.iter().try_for_each(refuse_reserved),
        _ => Ok(()),
    }
}

/// Replaces what a pointer leads to by its digest.
fn hide(root: &mut Value, pointer: &str, salt: [u8; 16]) -> Result<Disclosure, CredentialError> {
    let missing = || CredentialError::NoClaim { name: pointer.to_owned() };
    let (parent, last) = pointer.rsplit_once('/').ok_or_else(missing)?;
    let name = last.replace("~1", "/").replace("~0", "~");
    if parent.is_empty() && OPEN.contains(&name.as_str()) {
        return Err(CredentialError::MustBeOpen { name });
    }
    match root.pointer_mut(parent).ok_or_else(missing)? {
        Value::Object(members) => {
            let value = members.remove(&name).ok_or_else(missing)?;
            let disclosure = Disclosure::new(salt, Some(&name), value)?;
            let digests = members.entry("_sd").or_insert_with(|| json!([]));
            if let Value::Array(digests) = digests {
                digests.push(json!(disclosure.digest));
                // Sorted, so that their order tells nothing.
                digests.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            }
            Ok(disclosure)
        }
        Value::Array(elements) => {
            let element =
                name.parse::<usize>().ok().and_then(|index| elements.get_mut(index)).ok_or_else(missing)?;
            let disclosure = Disclosure::new(salt, None, element.take())?;
            *element = json!({ "...": disclosure.digest });
            Ok(disclosure)
        }
        _ => Err(missing()),
    }
}
