//! What the codes of this crate mean.

use auto_core::ErrorEntry;

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
#[rustfmt::skip]
pub const ERRORS: &[ErrorEntry] = &[
    entry("DID-0001", "That is no DID.", "A DID is `did:`, a method of small letters and digits, `:` and an identifier; a key in it is named after `#`.", "Copy the whole DID, without spaces."),
    entry("DID-0002", "The method of the DID is not resolved here.", "This program resolves key, jwk, web and auto, and some commands fewer.", "Use a DID of one of these methods."),
    entry("DID-0003", "A key is malformed.", "It is not in the form of its kind, has a wrong length, or is no point of its curve.", "Ask its owner for the key again; keys are Ed25519, P-256 or X25519."),
    entry("DID-0004", "A secret key is published.", "A document or a JWK holds the secret part of a key, which everybody can use now.", "Tell the owner, who must replace the key at once."),
    entry("DID-0005", "The host of a did:web is not allowed.", "It must be a DNS name, never an address, with an optional port.", "Check the DID."),
    entry("DID-0006", "The host of a did:web leads into a private network.", "Its name resolves to an address that is not on the public internet, which could expose services of this network.", "If the DID is right, its owner must publish it on a public address."),
    entry("DID-0007", "The document of a DID could not be fetched.", "The host did not answer in time, has no valid certificate, redirects, or has no such document.", "Try again later, or tell the owner of the DID."),
    entry("DID-0008", "The document of a DID is too large.", "Documents of more than 64 KiB are not read.", "Tell the owner of the DID."),
    entry("DID-0009", "The document of a DID is malformed.", "It breaks a rule of DID 1.0.", "Tell the owner of the DID."),
    entry("DID-0010", "The document is about another DID.", "Whoever answered gave a document with another subject.", "Do not trust the answer; check the DID."),
    entry("DID-0011", "A key of the document belongs to another DID.", "Its name or its controller is not the subject's, so the subject cannot vouch for it.", "Do not trust the document."),
    entry("DID-0012", "One name of the document stands for two things.", "Two keys or services share a name, or a key is listed twice for one use.", "Do not trust the document."),
    entry("DID-0013", "The document has no such key.", "The key was removed, never there, or is of a kind that is not used here.", "Use a key that the document lists."),
    entry("DID-0014", "The key may not be used for this.", "The document does not list it for this use.", "Sign with a key that the document lists for the use."),
    entry("DID-0015", "There is no such DID.", "It was never registered, or not on this network.", "Check the DID and the network."),
    entry("VC-0001", "That is no JSON.", "The text breaks the grammar of JSON, or is not UTF-8.", "Check that the whole file was copied."),
    entry("VC-0002", "JSON has a member twice.", "Two programs could read different values, so one signature would hold for two meanings.", "Remove one of the two."),
    entry("VC-0003", "A number cannot be signed.", "Signed JSON keeps numbers as doubles; this one would become another.", "Write it as a text."),
    entry("VC-0004", "JSON is nested too deeply.", "More than 32 levels are not read.", "Make it flatter."),
    entry("VC-0005", "JSON is too large.", "There is a bound on the text and on members, so that a stranger cannot exhaust memory.", "Split it."),
    entry("VC-0010", "A credential breaks the data model.", "A member is missing or not of the form that the W3C's data model 2.0 demands.", "The message names the member; the issuer must mend it."),
    entry("VC-0011", "A context is not known.", "Its author could change what the credential means after it was signed.", "Use contexts that the program knows, or accept this one by name."),
    entry("VC-0012", "A credential redefines terms.", "An inline context or a JSON-LD keyword could give signed words another meaning.", "The issuer must leave it out."),
    entry("VC-0013", "A proof breaks a rule.", "It is missing, of another kind, for another purpose, or not in the form of its suite.", "The message names the member; the signer must mend it."),
    entry("VC-0014", "The suite of a proof is not checked here.", "Supported are eddsa-jcs-2022 with Ed25519 keys and ecdsa-jcs-2019 with P-256 keys.", "Ask for a credential with one of these."),
    entry("VC-0015", "The key is not the signer's.", "The proof names a key of somebody else than the one who is said to have signed.", "Do not trust it."),
    entry("VC-0016", "A signature does not hold.", "What was signed has changed since, or somebody else signed it.", "Do not trust it; get it again from its issuer."),
    entry("VC-0017", "It is not valid yet.", "Its dates, or that of its proof, lie in the future.", "Wait, and check this machine's clock."),
    entry("VC-0018", "It is not valid any more.", "Its last day, or that of its proof, has passed.", "Ask for a new one."),
    entry("VC-0019", "It answers another question.", "The challenge, domain, audience or nonce is not what the verifier asked for: it may be a replay.", "Ask the holder again with a new challenge."),
    entry("VC-0020", "That is no token.", "It is not a signed token of the form that is expected.", "Check that the whole text was copied."),
    entry("VC-0021", "The algorithm of a token is not accepted.", "Only Ed25519 and ES256 are, each with a key of its kind; never `none`, and never a shared secret.", "The issuer must sign with one of these."),
    entry("VC-0022", "A token demands more than is understood.", "Its header has critical extensions, and this program knows none.", "Ask for a token without."),
    entry("VC-0023", "A token brings in its own key.", "A key that comes with a token, or is fetched from where the token says, proves nothing.", "The issuer must name a key of its DID in `kid`."),
    entry("VC-0024", "A token is of another kind.", "A token made for one thing must not be taken for another.", "Check which token was given."),
    entry("VC-0025", "A disclosure is malformed.", "It is not a list of a salt, perhaps a name, and a value, or it stands where it cannot.", "Ask the holder to present it again."),
    entry("VC-0026", "A digest is used twice.", "One disclosure could then be read in two places.", "Do not trust it."),
    entry("VC-0027", "A disclosed claim hides another.", "There is a claim of that name already.", "Do not trust it."),
    entry("VC-0028", "A disclosure belongs to nothing.", "Its digest was never signed by the issuer.", "Do not trust it."),
    entry("VC-0029", "A claim must be in the open.", "Issuer, dates, kind, holder and status cannot be kept back, as verifiers decide by them.", "Do not hide that claim."),
    entry("VC-0030", "The holder does not prove to be the holder.", "The credential is bound to nobody, to another key, or came without an answer to the verifier.", "Present it with the holder's key, audience and nonce."),
    entry("VC-0031", "There is no such claim.", "The pointer leads to no claim, or to one that is not disclosed selectively.", "Pointers look like /address/city; elements are counted from 0."),
    entry("VC-0032", "A status list is malformed.", "It is not in the form of its standard, or has no end.", "Get it again from its issuer."),
    entry("VC-0033", "A status list is too large.", "It unfolds to more than a mebibyte, as an attack would.", "The issuer must split it."),
    entry("VC-0034", "A status list has no such entry.", "The index of the credential lies beyond its end.", "The issuer must mend the credential or the list."),
    entry("VC-0035", "A status list is for another purpose.", "A list of suspensions does not tell what was revoked, nor the other way round.", "Give the list that the credential names."),
    entry("VC-0036", "A status list is by another issuer.", "Only who issued a credential can say what became of it.", "Do not trust the list."),
    entry("VC-0037", "The credential was revoked or suspended.", "Its issuer marked it in the status list.", "Do not accept it; ask its holder for a new one."),
    entry("VC-0038", "The status of the credential is not known.", "It names a list, and that list was not given.", "Give the list that the credential names."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_once() {
        for (at, one) in ERRORS.iter().enumerate() {
            assert!(!ERRORS.iter().skip(at + 1).any(|other| other.code == one.code), "{}", one.code);
            assert!(
                one.what.ends_with('.') && one.why.ends_with('.') && one.hint.ends_with('.'),
                "{}",
                one.code
            );
        }
        let sources =
            [include_str!("error.rs"), include_str!("did/error.rs"), include_str!("json/reader.rs")];
        let used = sources
            .iter()
            .flat_map(|source| source.split('"'))
            .filter(|text| matches!(text.split_once('-'), Some(("VC" | "DID", digits)) if digits.len() == 4));
        let used: Vec<_> = used.collect();
        for code in &used {
            assert!(ERRORS.iter().any(|entry| entry.code == *code), "{code}");
        }
        for entry in ERRORS {
            assert!(used.contains(&entry.code), "{}", entry.code);
        }
    }
}
