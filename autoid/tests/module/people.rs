//! Identities with keys that follow from their names.

use autoid_core::{
    Authority, AutoId, Genesis, Guardians, Inception, Key, KeyOf, KeySet, Kind, KindSet, Operation,
    Relations, Sign, Signer,
};
use ed25519_dalek::SigningKey;

/// Who somebody is, and which generation of keys they use.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) inception: Inception,
    pub(crate) id: AutoId,
    pub(crate) generation: u32,
}

/// The key of a name in a generation.
pub(crate) fn key(name: &str, generation: u32) -> SigningKey {
    let seed = auto_core::hash(format!("{name}/{generation}").as_bytes());
    SigningKey::from_bytes(&seed.0)
}

/// The key set of a name in a generation: one key for everything, numbered by its generation.
pub(crate) fn keys(name: &str, generation: u32) -> KeySet {
    let key = Key {
        kid: generation,
        key: key(name, generation).public_key(),
        relations: Relations::ALL,
        not_after: None,
    };
    KeySet::new(vec![key], 1).expect("one key")
}

/// Authority over everything.
pub(crate) fn every_authority() -> Authority {
    Authority { is_ca: true, path_len: None, kinds: KindSet::of(&Kind::ALL), name_subtree: None }
}

/// An inception without parent and issuers.
pub(crate) fn inception(name: &str, kind: Kind) -> Inception {
    Inception {
        kind,
        keys: keys(name, 0),
        next: keys(name, 1).commitment(),
        recovery: None,
        parent: None,
        issuers: Vec::new(),
        threshold: 0,
        salt: [0; 16],
        authority: every_authority(),
    }
}

/// Guardians by name.
pub(crate) fn guardians(members: &[&Person], threshold: u8) -> Guardians {
    let mut members: Vec<AutoId> = members.iter().map(|one| one.id).collect();
    members.sort_unstable();
    Guardians { members, threshold, salt: [9; 16] }
}

impl Person {
    pub(crate) fn of(name: &str, inception: Inception, network: &Genesis) -> Self {
        let id = inception.id(network);
        Self { name: name.to_owned(), inception, id, generation: 0 }
    }

    /// The present key.
    pub(crate) fn key(&self) -> SigningKey {
        key(&self.name, self.generation)
    }

    /// How signatures name the present key.
    pub(crate) fn by(&self) -> KeyOf {
        KeyOf { identity: self.id, kid: self.generation }
    }

    /// The inception, signed by the person and others.
    pub(crate) fn incepted(&self, network: &Genesis, others: &[&Person]) -> Sign<Inception> {
        let envelope = Sign::new(self.inception.clone()).expect("well formed");
        signed(envelope, network, std::iter::once(self).chain(others.iter().copied()))
    }
}

/// An envelope with the signatures of some people.
pub(crate) fn signed<'a, T: autoid_core::Body>(
    envelope: Sign<T>,
    network: &Genesis,
    by: impl IntoIterator<Item = &'a Person>,
) -> Sign<T> {
    by.into_iter().fold(envelope, |envelope, person| {
        envelope.signed(network, person.by(), &person.key()).expect("one signature of each")
    })
}

/// An operation, signed by some people.
pub(crate) fn ordered(operation: Operation, network: &Genesis, by: &[&Person]) -> Sign<Operation> {
    signed(Sign::new(operation).expect("well formed"), network, by.iter().copied())
}
