//! Status lists of both kinds.

use super::{NOW, Party, code};
use autoid_credentials::CredentialError;
use autoid_credentials::credential::{Contexts, Credential, Verified, issue};
use autoid_credentials::status::StatusList;
use autoid_credentials::status::bitstring::{BITS_MIN, list_credential};
use autoid_credentials::status::token::{UncheckedList, issue_list};
use serde_json::{Value, json};

const LIST: &str = "https://issuer.example/status/3";

fn sign(issuer: &Party, credential: &Value) -> Verified {
    let signed = issue(credential, &Contexts::default(), &issuer.key, &issuer.method(), NOW).unwrap();
    let read = Credential::parse_list(signed.to_string().as_bytes(), &Contexts::default()).unwrap();
    read.verify(&issuer.document(), NOW).unwrap()
}

fn list_json(issuer: &Party, purpose: &str, set: &[u64]) -> Value {
    let is_set = |index| set.contains(&index);
    list_credential(LIST, &issuer.did(), purpose, (NOW - 60, NOW + 3600), 8192, is_set).unwrap()
}

fn list(issuer: &Party, purpose: &str, set: &[u64]) -> StatusList {
    StatusList::of(&sign(issuer, &list_json(issuer, purpose, set))).unwrap()
}

fn credential(issuer: &Party, purpose: &str, index: &str) -> Verified {
    sign(
        issuer,
        &json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": issuer.did().as_str(),
            "credentialSubject": { "operates": "agents" },
            "credentialStatus": {
                "id": format!("{LIST}#{index}"), "type": "BitstringStatusListEntry", "statusPurpose": purpose,
                "statusListIndex": index, "statusListCredential": LIST,
            },
        }),
    )
}

#[test]
fn a_revoked_credential_is_told_from_others() {
    let issuer = Party::new(1);
    let list = list(&issuer, "revocation", &[0, 7, 8, 4711, 8191]);
    assert_eq!(list.length(), BITS_MIN);
    for index in 0..BITS_MIN {
        assert_eq!(list.is_set(index).unwrap(), [0, 7, 8, 4711, 8191].contains(&index));
    }
    let lists = [list];
    assert_eq!(credential(&issuer, "revocation", "4712").check_status(&lists), Ok(()));
    let revoked = credential(&issuer, "revocation", "4711").check_status(&lists);
    assert_eq!(revoked, Err(CredentialError::Status { status: 1, purpose: "revocation".to_owned() }));
}

#[test]
fn threat_54_a_list_that_does_not_decide() {
    let (issuer, other) = (Party::new(1), Party::new(2));
    let revocations = [list(&issuer, "revocation", &[])];
    let check = |purpose: &str, index: &str, lists: &[StatusList]| {
        code(credential(&issuer, purpose, index).check_status(lists))
    };
    assert_eq!(check("revocation", "131072", &revocations), "VC-0034");
    assert_eq!(check("revocation", &u64::MAX.to_string(), &revocations), "VC-0034");
    assert_eq!(check("suspension", "1", &revocations), "VC-0035");
    assert_eq!(check("revocation", "1", &[list(&other, "revocation", &[])]), "VC-0036");
    // No list is no "all clear".
    assert_eq!(check("revocation", "1", &[]), "VC-0038");
    let mut named = list_json(&issuer, "revocation", &[]);
    named["id"] = json!("https://issuer.example/status/4");
    let named = StatusList::of(&sign(&issuer, &named)).unwrap();
    assert_eq!(check("revocation", "1", &[named]), "VC-0038");
}

#[test]
fn lists_of_other_forms_are_refused() {
    let issuer = Party::new(1);
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut json = list_json(&issuer, "revocation", &[]);
        change(&mut json);
        code(StatusList::of(&sign(&issuer, &json)))
    };
    assert_eq!(refused(&|json| json["type"] = json!(["VerifiableCredential"])), "VC-0032");
    assert_eq!(refused(&|json| json["credentialSubject"]["type"] = json!("Other")), "VC-0032");
    assert_eq!(refused(&|json| json["credentialSubject"]["statusPurpose"] = json!(["a", "b"])), "VC-0032");
    assert_eq!(refused(&|json| json["credentialSubject"]["encodedList"] = json!("uAAAA")), "VC-0032");
    assert_eq!(refused(&|json| json["credentialSubject"]["encodedList"] = json!("H4sI")), "VC-0032");
    // An empty list, in gzip.
    assert_eq!(
        refused(&|json| json["credentialSubject"]["encodedList"] = json!("uH4sIAAAAAAAAAwMAAAAAAAAAAAA")),
        "VC-0032"
    );
    for member in ["validUntil", "id"] {
        assert_eq!(refused(&|json| drop(json.as_object_mut().unwrap().remove(member))), "VC-0032");
    }
    let all = |length| list_credential(LIST, &issuer.did(), "revocation", (NOW, NOW), length, |_| true);
    assert_eq!(code(all(u64::MAX)), "VC-0033");
    assert!(all(1 << 23).is_ok());
}

#[test]
fn a_status_token_says_what_its_issuer_signed() {
    for issuer in [Party::new(1), Party::p256()] {
        let token = |until| {
            issue_list(LIST, (NOW, until), 8192, |index| index == 5, &issuer.key, &issuer.method()).unwrap()
        };
        let good = token(NOW + 60);
        let read = UncheckedList::parse(&good).unwrap();
        assert_eq!(read.issuer(), &issuer.did());
        let list = read.clone().verify(&issuer.document(), NOW).unwrap();
        assert_eq!((list.status(5).unwrap(), list.status(6).unwrap(), list.uri()), (1, 0, LIST));
        assert_eq!(code(list.status(8192)), "VC-0034");
        assert_eq!(code(read.clone().verify(&issuer.document(), NOW + 60)), "VC-0018");
        assert_eq!(code(read.verify(&issuer.document(), NOW - 61)), "VC-0017");
        let other = Party::new(9);
        let stranger = UncheckedList::parse(&good).unwrap().verify(&other.document(), NOW);
        assert_eq!(code(stranger), "DID-0013");
        assert_eq!(code(UncheckedList::parse("a.b.c")), "VC-0020");
        assert_eq!(code(UncheckedList::parse("")), "VC-0020");
    }
}
