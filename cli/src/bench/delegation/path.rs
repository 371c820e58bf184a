//! A path of four P-256 certificates along the tree of identities.

use super::{held, micros};
use crate::ecdsa::Ring;
use crate::error::{CliError, internal};
use autoid_certificates::{Order, issue};
use autoid_core::transition::{Rules, incept};
use autoid_core::x509::{Ecdsa, PathRequest, PeerKind, Portable, verify_path};
use autoid_core::{
    Authority, AutoId, Failure, Genesis, IdentityRecord, Inception, Key, KeyOf, KeySet, Kind, KindSet, Point,
    Relations, Sign, Signer, Time, View,
};
use p256::ecdsa::SigningKey;
use std::collections::BTreeMap;
use std::convert::Infallible;

const NETWORK: Genesis = Genesis([7; 32]);
const NOW: u64 = 1_800_000_000;
const DAY: u64 = 86_400;

/// Medians in microseconds, by assembler and as on chain.
pub(super) struct Times {
    pub(super) fast: f64,
    pub(super) portable: f64,
}

/// Identities and nothing else.
struct Tree(BTreeMap<AutoId, IdentityRecord>);

impl View for Tree {
    type Error = Infallible;

    fn point(&self) -> Point {
        Point { block: 1, time: Time(NOW) }
    }

    fn identity(&self, id: &AutoId) -> Result<Option<IdentityRecord>, Infallible> {
        Ok(self.0.get(id).cloned())
    }

    fn revoked(&self, _: &AutoId, _: u32, _: u32) -> Result<bool, Infallible> {
        Ok(false)
    }
}

/// The refusal of a failure in a view that cannot fail.
fn refused(failure: Failure<Infallible>) -> CliError {
    match failure {
        Failure::Refused(refusal) => internal(refusal),
        Failure::View(never) => match never {},
    }
}

fn key(number: u8) -> Result<SigningKey, CliError> {
    SigningKey::from_slice(&[number; 32]).map_err(internal)
}

/// The identity of a place in the line, under the one before it.
fn identity(
    tree: &mut Tree,
    number: u8,
    kind: Kind,
    parent: Option<&IdentityRecord>,
) -> Result<IdentityRecord, CliError> {
    let own = key(number)?;
    let all = Key { kid: 1, key: own.public_key(), relations: Relations::ALL, not_after: None };
    let keys = KeySet::new(vec![all], 1).map_err(internal)?;
    let inception = Inception {
        kind,
        next: keys.commitment(),
        keys,
        recovery: None,
        parent: parent.map(|parent| parent.id),
        issuers: Vec::new(),
        threshold: 0,
        salt: [number; 16],
        authority: Authority {
            is_ca: kind != Kind::Agent,
            path_len: None,
            kinds: if kind == Kind::Agent { KindSet::default() } else { KindSet::of(&Kind::ALL) },
            name_subtree: None,
        },
    };
    let by = KeyOf { identity: inception.id(&NETWORK), kid: 1 };
    let mut signed = Sign::new(inception).map_err(internal)?.signed(&NETWORK, by, &own).map_err(internal)?;
    if let Some(parent) = parent {
        let by = KeyOf { identity: parent.id, kid: 1 };
        signed = signed.signed(&NETWORK, by, &key(number.saturating_sub(1))?).map_err(internal)?;
    }
    let rules = Rules { genesis: NETWORK, recovery_delay: 20, endorsement_window: 50 };
    let record = incept(&signed, [9; 32], 10, tree, &rules).map_err(refused)?;
    tree.0.insert(record.id, record.clone());
    Ok(record)
}

/// The certificates of a person, their organisation, its unit and an agent, in this order.
fn certificates() -> Result<Vec<Vec<u8>>, CliError> {
    let mut tree = Tree(BTreeMap::new());
    let (mut above, mut all) = (Vec::<IdentityRecord>::new(), Vec::new());
    for (number, kind) in (1..).zip([Kind::Human, Kind::Org, Kind::Org, Kind::Agent]) {
        let holder = identity(&mut tree, number, kind, above.first())?;
        let days = if kind == Kind::Agent { 5 } else { 90 };
        let order = Order {
            genesis: &NETWORK,
            holder: &holder,
            ancestors: &above,
            key: &key(number)?.public_key(),
            serial: [number; 16],
            from: Time(NOW - DAY),
            to: Time(NOW + days * DAY),
            hosts: &[],
        };
        let issuer = if above.is_empty() { number } else { number.saturating_sub(1) };
        all.push(issue(&order, &key(issuer)?).map_err(internal)?);
        above.insert(0, holder);
    }
    Ok(all)
}

pub(super) fn measure() -> Result<Times, CliError> {
    let certificates = certificates()?;
    let [root, org, unit, leaf] = certificates.as_slice() else { return Err(internal("four were made")) };
    let (anchors, between) = ([root.as_slice()], [unit.as_slice(), org.as_slice()]);
    let time = |ecdsa: &dyn Ecdsa| {
        let request = PathRequest {
            intermediates: &between,
            peer_kind: PeerKind::Client,
            ecdsa,
            ..PathRequest::new(&anchors, leaf, i64::try_from(NOW).map_err(internal)?)
        };
        micros(|| {
            let path = verify_path(&request).map_err(internal)?;
            held(path.chain.len() == certificates.len(), "the path")
        })
    };
    Ok(Times { fast: time(&Ring)?, portable: time(&Portable)? })
}
