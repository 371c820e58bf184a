//! Certificates that identities attach.

use crate::people::{Person, inception, keys, ordered};
use crate::world::World;
use auto_core::{Blob, hash};
use autoid::{AttachCertificate, Call, Change, Event};
use autoid_certificates::{Challenge, Order, issue, read_request, request};
use autoid_core::{Action, Authority, IdentityRecord, Inception, Kind, Signer, Time, who_answers};
use autoid_interface::{CERTIFICATES, IDENTITIES, StateView};

pub(crate) const DAY: u64 = 86_400;

impl World {
    /// An identity and its ancestors, upwards.
    fn line(&self, of: &Person) -> Vec<IdentityRecord> {
        let view = StateView::new(self.domain.state()).expect("sound");
        let ids = who_answers(&view, &of.id).expect("sound");
        let record = |id| IDENTITIES.get(self.domain.state(), id).expect("sound").expect("exists");
        ids.iter().map(|one| record(&one.id)).collect()
    }

    /// A certificate for the present key of a person, issued by another.
    pub(crate) fn certificate(
        &self,
        of: &Person,
        by: &Person,
        serial: u8,
        change: impl FnOnce(&mut Order<'_>),
    ) -> Vec<u8> {
        let line = self.line(of);
        let (key, now) = (of.key().public_key(), self.now().0);
        let mut order = Order {
            genesis: &self.network,
            holder: &line[0],
            ancestors: &line[1..],
            key: &key,
            serial: [serial; 16],
            from: Time(now - 60),
            to: Time(now + 6 * DAY),
            hosts: &[],
        };
        change(&mut order);
        issue(&order, &by.key()).expect("issued")
    }

    /// A call that attaches a certificate.
    pub(crate) fn attachment(&self, of: &Person, der: Vec<u8>) -> Call {
        let action = Action::AttachCertificate { certificate: hash(&der).0 };
        let operation = ordered(self.next(of, action, &[of]), &self.network, &[of]).into();
        let certificate = Blob::new(der).expect("short");
        Call::AttachCertificate(AttachCertificate { operation, certificate })
    }

    /// Issues and attaches a certificate.
    pub(crate) fn certify(&mut self, of: &Person, by: &Person, serial: u8) {
        let der = self.certificate(of, by, serial, |_| {});
        let call = self.attachment(of, der);
        self.apply(call);
    }
}

/// A person who may have two levels of authorities below, an organisation and its agent; the first two with
/// certificates.
pub(crate) fn certified(world: &mut World) -> [Person; 3] {
    let ann = world.person("ann");
    let org = world.child("org", Kind::Org, &ann);
    let body = Inception {
        parent: Some(org.id),
        authority: Authority::default(),
        ..inception("agent", Kind::Agent)
    };
    let agent = world.begin("agent", body, &[&org]);
    world.certify(&ann, &ann, 1);
    world.certify(&org, &ann, 2);
    [ann, org, agent]
}

#[test]
fn certificates_are_attached_from_the_root_of_the_tree_down() {
    let mut world = World::new();
    let ann = world.person("ann");
    let org = world.child("org", Kind::Org, &ann);
    let der = world.certificate(&org, &ann, 1, |_| {});
    let early = world.attachment(&org, der.clone());
    assert_eq!(world.refuse(early), "AID-0504");
    world.certify(&ann, &ann, 7);
    let call = world.attachment(&org, der.clone());
    let events = world.apply(call);
    let certificate = hash(&der).0;
    let change = Change::CertificateAttached { certificate };
    assert!(matches!(&events[..], [Event::Changed { change: found, .. }] if *found == change));
    assert_eq!(world.record(&org).certificate, Some(certificate));
    let kept = CERTIFICATES.get(world.domain.state(), &org.id).expect("sound").expect("kept");
    assert_eq!(kept.to_vec(), der);
}

#[test]
fn a_request_with_proof_of_possession_becomes_a_certificate_on_chain() {
    let mut world = World::new();
    let [_, org, agent] = certified(&mut world);
    let challenge = Challenge { genesis: world.network, issuer: org.id, holder: agent.id, nonce: [4; 16] };
    let asked = request(&challenge, &agent.key()).expect("made");
    let key = read_request(&asked, &challenge).expect("answered");
    assert_eq!(key, agent.key().public_key());
    let der = world.certificate(&agent, &org, 2, |_| {});
    let call = world.attachment(&agent, der);
    world.apply(call);
    assert!(world.record(&agent).certificate.is_some());
}

#[test]
fn a_certificate_is_replaced_and_gone_with_its_identity() {
    let mut world = World::new();
    let [_, org, agent] = certified(&mut world);
    world.certify(&agent, &org, 2);
    let (first, held) = (world.record(&agent).certificate, world.record(&agent).deposit);
    world.certify(&agent, &org, 3);
    assert_ne!(world.record(&agent).certificate, first);
    assert_eq!(world.record(&agent).deposit, held, "both are of one size");
    world.operate(&agent, Action::Deactivate, &[&agent]);
    assert_eq!(CERTIFICATES.get(world.domain.state(), &agent.id), Ok(None));
    assert_eq!(world.record(&agent).certificate, None);
}

#[test]
fn the_certificate_that_comes_is_the_one_that_was_signed_for() {
    let mut world = World::new();
    let [_, org, agent] = certified(&mut world);
    let der = world.certificate(&agent, &org, 2, |_| {});
    let other = world.certificate(&agent, &org, 3, |_| {});
    let Call::AttachCertificate(mut call) = world.attachment(&agent, der) else { unreachable!() };
    call.certificate = Blob::new(other).expect("short");
    assert_eq!(world.refuse(Call::AttachCertificate(call)), "AID-0503");
    assert_eq!(keys("agent", 0), world.record(&agent).keys);
}
