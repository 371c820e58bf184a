//! A person, an organisation under it, and an agent under that.

use autoid_certificates::{Order, issue};
use autoid_core::{
    Authority, AutoId, Genesis, IdentityRecord, Key, KeySet, Kind, KindSet, PublicKey, Relations, Signer,
    Status, Time,
};
use ed25519_dalek::SigningKey;

pub(crate) const NETWORK: Genesis = Genesis([7; 32]);
pub(crate) const NOW: u64 = 1_780_000_000;
pub(crate) const DAY: u64 = 86_400;

pub(crate) fn ed25519(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub(crate) fn p256(seed: u8) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[seed; 32]).expect("a scalar")
}

pub(crate) fn record(
    id: u8,
    kind: Kind,
    key: PublicKey,
    parent: Option<&IdentityRecord>,
    authority: Authority,
) -> IdentityRecord {
    let key = Key { kid: 0, key, relations: Relations::ALL, not_after: None };
    IdentityRecord {
        id: AutoId([id; 32]),
        kind,
        status: Status::Active,
        seq: 3,
        oversight: 0,
        keys: KeySet::new(vec![key], 1).expect("one key"),
        next: [0; 32],
        recovery: None,
        recovering: None,
        parent: parent.map(|parent| parent.id),
        depth: parent.map_or(0, |parent| parent.depth + 1),
        issuers: Vec::new(),
        threshold: 0,
        endorsements: 0,
        deadline: None,
        authority,
        grant_epoch: 0,
        certificate: None,
        services: Vec::new(),
        suspension: None,
        revocation: None,
        deposit: 0,
        payer: [0; 32],
        created: 0,
        updated: 0,
        updated_at: Time(0),
    }
}

pub(crate) fn ca(path_len: Option<u8>, subtree: Option<&str>) -> Authority {
    let name_subtree = subtree.map(str::to_owned);
    Authority { is_ca: true, path_len, kinds: KindSet::of(&Kind::ALL), name_subtree }
}

/// The line, with the certificates of person and organisation; the organisation signs with P-256.
pub(crate) struct Line {
    pub(crate) person: IdentityRecord,
    pub(crate) org: IdentityRecord,
    pub(crate) agent: IdentityRecord,
    pub(crate) person_der: Vec<u8>,
    pub(crate) org_der: Vec<u8>,
}

pub(crate) fn line() -> Line {
    let person = record(1, Kind::Human, ed25519(1).public_key(), None, ca(Some(2), None));
    let org = record(2, Kind::Org, p256(2).public_key(), Some(&person), ca(Some(0), Some("example.com")));
    let agent = record(3, Kind::Agent, ed25519(3).public_key(), Some(&org), Authority::default());
    let person_der = issue(&order(&person, &[], 1), &ed25519(1)).expect("issued");
    let above = [person.clone()];
    let org_der = issue(&order(&org, &above, 2), &ed25519(1)).expect("issued");
    Line { person, org, agent, person_der, org_der }
}

impl Line {
    /// What stands above the agent.
    pub(crate) fn above(&self) -> [IdentityRecord; 2] {
        [self.org.clone(), self.person.clone()]
    }
}

/// An order for the first key of an identity, for as long as its kind admits.
pub(crate) fn order<'a>(
    holder: &'a IdentityRecord,
    ancestors: &'a [IdentityRecord],
    serial: u8,
) -> Order<'a> {
    let days = if holder.kind == Kind::Agent { 7 } else { 398 };
    Order {
        genesis: &NETWORK,
        holder,
        ancestors,
        key: &holder.keys.keys[0].key,
        serial: [serial; 16],
        from: Time(NOW),
        to: Time(NOW + days * DAY),
        hosts: &[],
    }
}
