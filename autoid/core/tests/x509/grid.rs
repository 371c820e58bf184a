//! Every combination of names and name constraints, against a formula of its own.

use std::net::Ipv4Addr;

use autoid_core::x509::PeerName;

use super::forge::*;

/// What a certificate says in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Nothing,
    /// The name that is asked for, or a subtree around it.
    Wanted,
    /// A name of the same form that nobody asks for, or a subtree around that.
    Other,
}
use Says::{Nothing, Other, Wanted};

const EACH: [Says; 3] = [Nothing, Wanted, Other];

impl Says {
    fn pick(self, wanted: Vec<u8>, other: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Nothing => None,
            Wanted => Some(wanted),
            Other => Some(other),
        }
    }

    fn host(self) -> Option<Vec<u8>> {
        self.pick(dns("test.localhost"), dns("bad.example.com"))
    }

    fn address(self) -> Option<Vec<u8>> {
        self.pick(ip(&[127, 0, 0, 1]), ip(&[1, 1, 1, 1]))
    }

    fn domain(self) -> Option<Vec<u8>> {
        self.pick(dns("localhost"), dns("example.com"))
    }

    fn network(self) -> Option<Vec<u8>> {
        let range = |first| ip(&[first, 0, 0, 0, 255, 0, 0, 0]);
        self.pick(range(127), range(1))
    }

    /// Whether a subtree of this kind decides about a name of that kind.
    fn holds(self, name: Self) -> bool {
        self != Nothing && self == name
    }
}

/// The subtrees of one form of name.
#[derive(Debug, Clone, Copy)]
struct Limits {
    permitted: Says,
    excluded: Says,
}

impl Limits {
    fn allow(self, name: Says) -> bool {
        let permitted = self.permitted == Nothing || self.permitted.holds(name);
        name == Nothing || (permitted && !self.excluded.holds(name))
    }
}

/// Every pair of two sets.
fn pairs<A: Copy, B: Copy>(first: &[A], second: &[B]) -> Vec<(A, B)> {
    first.iter().flat_map(|one| second.iter().map(move |two| (*one, *two))).collect()
}

fn ca(root: &Entity, hosts: Limits, addresses: Limits) -> Entity {
    let permitted: Vec<_> =
        hosts.permitted.domain().into_iter().chain(addresses.permitted.network()).collect();
    let excluded: Vec<_> = hosts.excluded.domain().into_iter().chain(addresses.excluded.network()).collect();
    let spec = Spec::ca(root, "ca");
    if permitted.is_empty() && excluded.is_empty() {
        return spec.issue();
    }
    let list = |bases: &Vec<Vec<u8>>| (!bases.is_empty()).then(|| bases.clone());
    spec.with(constraints(list(&permitted).as_deref(), list(&excluded).as_deref())).issue()
}

fn leaf(ca: &Entity, common: Option<&str>, host: Says, address: Says) -> Entity {
    let names: Vec<_> = host.host().into_iter().chain(address.address()).collect();
    let spec = Spec::leaf(ca).without(SAN);
    let spec = if names.is_empty() { spec } else { spec.with(san(&names)) };
    spec.set(|spec| spec.subject = common.map_or_else(|| cn("a server"), cn)).issue()
}

#[test]
fn names_and_constraints_end_as_the_formula_says() {
    let root = Spec::root("root").issue();
    let limits: Vec<_> =
        pairs(&EACH, &EACH).into_iter().map(|(permitted, excluded)| Limits { permitted, excluded }).collect();
    let plain = Spec::ca(&root, "ca").issue();
    let commons = [None, Some("test.localhost"), Some("127.0.0.1"), Some("bad.example.com")];
    let leaves: Vec<_> = pairs(&pairs(&EACH, &EACH), &commons)
        .into_iter()
        .map(|((host, address), common)| (host, address, leaf(&plain, common, host, address)))
        .collect();
    let mut accepted = 0;
    for (hosts, addresses) in pairs(&limits, &limits) {
        let ca = ca(&root, hosts, addresses);
        for (host, address, leaf) in &leaves {
            let allowed = hosts.allow(*host) && addresses.allow(*address);
            let loopback = PeerName::Ip(Ipv4Addr::LOCALHOST.into());
            let questions = [(PeerName::Dns("test.localhost"), *host), (loopback, *address)];
            for (question, name) in questions {
                let found = Trial::new(&[&root], &[&ca], leaf).names(&[question]).code();
                let expected = allowed && name == Wanted;
                assert_eq!(found == "ok", expected, "{hosts:?} {addresses:?} {host:?} {address:?} {found}");
                accepted += u32::from(expected);
            }
        }
    }
    // The wanted name is allowed by 4 sets of limits, the other one by 17 with its absence; 4 common names, 2 forms.
    assert_eq!(accepted, 4 * 17 * 4 * 2);
}
