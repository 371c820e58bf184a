//! What is issued, and what is not.

use crate::tree::{DAY, Line, NETWORK, NOW, ca, ed25519, line, order, p256, record};
use auto_core::ErrorCode as _;
use autoid_certificates::{Order, issue};
use autoid_core::certificate::Holder;
use autoid_core::x509::{PathRequest, PeerKind, verify_path};
use autoid_core::{Authority, IdentityRecord, Kind, Signer as _, Time};

/// Judges a certificate of an agent under the line's organisation as the chain does, and gives the code of the
/// rule that is broken.
fn judge(line: &Line, record: &IdentityRecord, der: &[u8], at: u64) -> Result<(), &'static str> {
    let (anchors, between) = ([line.person_der.as_slice()], [line.org_der.as_slice()]);
    let request = PathRequest {
        intermediates: &between,
        peer_kind: PeerKind::Client,
        ..PathRequest::new(&anchors, der, i64::try_from(at).expect("small"))
    };
    let path = verify_path(&request).map_err(|error| error.code())?;
    let above = line.above();
    let holder = Holder { genesis: &NETWORK, record, ancestors: &above, now: Time(at) };
    holder.admit(&path).map_err(|refusal| refusal.code())
}

#[test]
fn what_is_issued_stands_for_the_identity() {
    let line = line();
    let above = line.above();
    let der = issue(&order(&line.agent, &above, 3), &p256(2)).expect("issued");
    assert_eq!(judge(&line, &line.agent, &der, NOW), Ok(()));
    assert_eq!(judge(&line, &line.agent, &der, NOW + 7 * DAY), Ok(()));
    let anchors = [line.person_der.as_slice()];
    for (record, der) in [(&line.person, &line.person_der), (&line.org, &line.org_der)] {
        let request = PathRequest::new(&anchors, der, i64::try_from(NOW).expect("small"));
        let path = verify_path(&request).expect("a path");
        let ancestors = if record.parent.is_some() { vec![line.person.clone()] } else { Vec::new() };
        let holder = Holder { genesis: &NETWORK, record, ancestors: &ancestors, now: Time(NOW) };
        assert_eq!(holder.admit(&path), Ok(()));
    }
}

#[test]
fn threat_28_a_certificate_outside_of_its_time_or_under_one_is_refused() {
    let line = line();
    let above = line.above();
    let der = issue(&order(&line.agent, &above, 3), &p256(2)).expect("issued");
    assert!(judge(&line, &line.agent, &der, NOW - 1).is_err());
    assert!(judge(&line, &line.agent, &der, NOW + 7 * DAY + 1).is_err());
    let late =
        Order { from: Time(NOW + 398 * DAY), to: Time(NOW + 399 * DAY), ..order(&line.agent, &above, 4) };
    let late = issue(&late, &p256(2)).expect("issued");
    assert!(judge(&line, &line.agent, &late, NOW + 398 * DAY + 1).is_err(), "those above have ended");
}

#[test]
fn a_validity_that_is_too_long_or_negative_is_not_issued() {
    let line = line();
    let above = line.above();
    for (from, to) in [(NOW, NOW + 7 * DAY + 1), (NOW, NOW - 1), (0, u64::MAX)] {
        let order = Order { from: Time(from), to: Time(to), ..order(&line.agent, &above, 3) };
        assert_eq!(issue(&order, &p256(2)).map_err(|error| error.code()), Err("AID-0605"));
    }
}

#[test]
fn a_foreign_key_is_neither_certified_nor_signed_with() {
    let line = line();
    let above = line.above();
    let foreign = ed25519(9).public_key();
    let other = Order { key: &foreign, ..order(&line.agent, &above, 3) };
    assert_eq!(issue(&other, &p256(2)).map_err(|error| error.code()), Err("AID-0604"));
    assert_eq!(
        issue(&order(&line.agent, &above, 3), &ed25519(3)).map_err(|error| error.code()),
        Err("AID-0607")
    );
    assert_eq!(
        issue(&order(&line.person, &[], 3), &ed25519(3)).map_err(|error| error.code()),
        Err("AID-0607")
    );
}

#[test]
fn threat_31_names_beyond_the_issuer_authority_are_neither_issued_nor_accepted() {
    let line = line();
    let above = line.above();
    let own = Order { hosts: &["bot.example.com"], ..order(&line.agent, &above, 3) };
    let der = issue(&own, &p256(2)).expect("issued");
    assert_eq!(judge(&line, &line.agent, &der, NOW), Ok(()));
    for foreign in ["example.org", "badexample.com", "*.example.com", "Bot.example.com", "", "a..example.com"]
    {
        let hosts = [foreign];
        let order = Order { hosts: &hosts, ..order(&line.agent, &above, 3) };
        assert_eq!(issue(&order, &p256(2)).map_err(|error| error.code()), Err("AID-0606"), "{foreign}");
    }
    // An organisation that lies about its own authority is caught by its certificate's name constraints.
    let mut liar = line.org.clone();
    liar.authority.name_subtree = None;
    let lying = [liar, line.person.clone()];
    let order = Order { hosts: &["example.org"], ..order(&line.agent, &lying, 3) };
    let der = issue(&order, &p256(2)).expect("issued");
    assert_eq!(judge(&line, &line.agent, &der, NOW), Err("IDX-0035"));
}

#[test]
fn threat_29_30_authority_that_the_tree_does_not_give_is_refused() {
    let line = line();
    let above = line.above();
    // The organisation's path length is zero, so a CA below it is one too many, as soon as it issues.
    let mut greedy = line.agent.clone();
    greedy.authority = ca(None, Some("example.com"));
    let der = issue(&order(&greedy, &above, 3), &p256(2)).expect("issued");
    assert_eq!(judge(&line, &line.agent, &der, NOW), Err("AID-0408"));
    // A certificate signed by an agent, which is no CA.
    let agent_der = issue(&order(&line.agent, &above, 3), &p256(2)).expect("issued");
    let below = record(4, Kind::Agent, ed25519(4).public_key(), Some(&line.agent), Authority::default());
    let deeper = [line.agent.clone(), line.org.clone(), line.person.clone()];
    let der = issue(&order(&below, &deeper, 4), &ed25519(3)).expect("issued");
    let (anchors, between) = ([line.person_der.as_slice()], [agent_der.as_slice(), line.org_der.as_slice()]);
    let request = PathRequest {
        intermediates: &between,
        ..PathRequest::new(&anchors, &der, i64::try_from(NOW).expect("small"))
    };
    assert!(verify_path(&request).is_err_and(|error| error.to_string().contains("not a CA")));
}

#[test]
fn a_certificate_of_another_identity_network_or_state_is_refused() {
    let line = line();
    let above = line.above();
    let der = issue(&order(&line.agent, &above, 3), &p256(2)).expect("issued");
    let mut twin = line.agent.clone();
    twin.id.0[31] ^= 1;
    assert_eq!(judge(&line, &twin, &der, NOW), Err("AID-0402"));
    let mut young = line.agent.clone();
    young.seq -= 1;
    assert_eq!(judge(&line, &young, &der, NOW), Err("AID-0405"));
    let mut rotated = line.agent.clone();
    rotated.keys.keys[0].key = ed25519(8).public_key();
    assert_eq!(judge(&line, &rotated, &der, NOW), Err("AID-0406"));
    let elsewhere = autoid_core::Genesis([8; 32]);
    let foreign = Order { genesis: &elsewhere, ..order(&line.agent, &above, 3) };
    let foreign = issue(&foreign, &p256(2)).expect("issued");
    assert_eq!(judge(&line, &line.agent, &foreign, NOW), Err("AID-0402"));
    // The hierarchical name of an agent that is somewhere else in the tree.
    let moved = [line.person.clone()];
    let mut elsewhere = order(&line.agent, &moved, 3);
    elsewhere.hosts = &[];
    let der = issue(&elsewhere, &ed25519(1)).expect("issued");
    let anchors = [line.person_der.as_slice()];
    let request = PathRequest {
        peer_kind: PeerKind::Client,
        ..PathRequest::new(&anchors, &der, i64::try_from(NOW).expect("small"))
    };
    let path = verify_path(&request).expect("a path");
    let holder = Holder { genesis: &NETWORK, record: &line.agent, ancestors: &above, now: Time(NOW) };
    assert_eq!(holder.admit(&path).map_err(|refusal| refusal.code()), Err("AID-0401"));
}

#[test]
fn serial_numbers_are_positive() {
    let line = line();
    let above = line.above();
    for serial in [[0; 16], [0xff; 16]] {
        let order = Order { serial, ..order(&line.agent, &above, 3) };
        let der = issue(&order, &p256(2)).expect("issued");
        assert_eq!(judge(&line, &line.agent, &der, NOW), Ok(()));
    }
}
