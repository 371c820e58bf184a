//! Certificate policies: RFC 5280 section 6.1 with the policy graph of RFC 9618.
//!
//! The graph has one node for each policy and depth, so that mappings cannot make it grow
//! exponentially as the tree of RFC 5280 does.

use alloc::vec::Vec;

use super::{
    certificate::Certificate,
    error::X509Error,
    limits::POLICY_NODES_MAX,
    oid::ANY_POLICY,
    request::{PolicyInputs, ValidPolicies},
};

/// One policy at the current depth.
#[derive(Debug, Clone)]
struct Node<'a> {
    policy: &'a [u8],
    /// The policies of the anchor's domain that this one descends from.
    origins: Vec<&'a [u8]>,
    expected: Vec<&'a [u8]>,
}

/// The valid policies at one depth; `None` once no policy is valid.
type Level<'a> = Option<Vec<Node<'a>>>;

/// The counters of section 6.1.2 (d) to (f).
#[derive(Debug, Clone, Copy)]
struct Counters {
    explicit: usize,
    any: usize,
    mapping: usize,
}

/// Processes the policies of a path given leaf first.
pub(crate) fn check<'a>(
    path: &[&Certificate<'a>],
    anchor: &Certificate<'a>,
    inputs: &PolicyInputs<'a>,
) -> Result<ValidPolicies<'a>, X509Error> {
    let length = path.len();
    let start = length.saturating_add(1);
    let counter = |inhibited: bool| if inhibited { 0 } else { start };
    let mut counters = Counters {
        explicit: counter(inputs.require_explicit),
        any: counter(inputs.inhibit_any),
        mapping: counter(inputs.inhibit_mapping),
    };
    // An anchor that limits policies is heeded (RFC 5937), as if it were the first certificate.
    lower(&mut counters, anchor);
    let root =
        Node { policy: ANY_POLICY, origins: Vec::from([ANY_POLICY]), expected: Vec::from([ANY_POLICY]) };
    let mut level: Level<'a> = Some(Vec::from([root]));

    for (index, certificate) in path.iter().rev().enumerate() {
        let last = index.saturating_add(1) == length;
        let any_allowed = counters.any > 0 || (!last && certificate.self_issued);
        level = match (&certificate.extensions.policies, level) {
            (Some(policies), Some(parents)) => descend(policies, &parents, any_allowed),
            _ => None,
        };
        if level.as_ref().is_some_and(|nodes| nodes.len() > POLICY_NODES_MAX) {
            return Err(X509Error::PolicyLimit { at: certificate.at });
        }
        if counters.explicit == 0 && level.is_none() {
            return Err(X509Error::Policy { at: certificate.at });
        }
        if last {
            counters.explicit = counters.explicit.saturating_sub(1);
            if certificate.extensions.policy_limits.require_explicit == Some(0) {
                counters.explicit = 0;
            }
        } else {
            level = map(level, certificate, counters.mapping > 0);
            if !certificate.self_issued {
                counters.explicit = counters.explicit.saturating_sub(1);
                counters.mapping = counters.mapping.saturating_sub(1);
                counters.any = counters.any.saturating_sub(1);
            }
            lower(&mut counters, certificate);
        }
    }
    let valid = acceptable(level, inputs.initial);
    let none = matches!(&valid, ValidPolicies::Some(list) if list.is_empty());
    if counters.explicit == 0 && none {
        let at = path.first().map_or(anchor.at, |leaf| leaf.at);
        return Err(X509Error::Policy { at });
    }
    Ok(valid)
}

/// Section 6.1.4 (i) and (j): a certificate may lower the counters.
fn lower(counters: &mut Counters, certificate: &Certificate<'_>) {
    let limits = certificate.extensions.policy_limits;
    let lowered = |counter: usize, limit: Option<u32>| match limit.map(usize::try_from) {
        Some(Ok(limit)) => counter.min(limit),
        _ => counter,
    };
    counters.explicit = lowered(counters.explicit, limits.require_explicit);
    counters.mapping = lowered(counters.mapping, limits.inhibit_mapping);
    counters.any = lowered(counters.any, limits.inhibit_any);
}

/// Section 6.1.3 (d): the policies of the next certificate that descend from valid ones.
fn descend<'a>(policies: &[&'a [u8]], parents: &[Node<'a>], any_allowed: bool) -> Level<'a> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    for policy in policies.iter().copied().filter(|policy| *policy != ANY_POLICY) {
        if let Some(node) = child(policy, parents) {
            nodes.push(node);
        } else if parents.iter().any(|parent| parent.policy == ANY_POLICY) {
            nodes.push(Node { policy, origins: Vec::from([policy]), expected: Vec::from([policy]) });
        }
    }
    if any_allowed && policies.contains(&ANY_POLICY) {
        for policy in parents.iter().flat_map(|parent| parent.expected.iter().copied()) {
            if nodes.iter().all(|node| node.policy != policy) {
                nodes.extend(child(policy, parents));
            }
        }
    }
    if nodes.is_empty() { None } else { Some(nodes) }
}

/// A node for a policy that some parents expect, descending from all of them.
fn child<'a>(policy: &'a [u8], parents: &[Node<'a>]) -> Option<Node<'a>> {
    let mut origins = Vec::new();
    for parent in parents.iter().filter(|parent| parent.expected.contains(&policy)) {
        parent.origins.iter().for_each(|origin| add(&mut origins, origin));
    }
    (!origins.is_empty()).then(|| Node { policy, origins, expected: Vec::from([policy]) })
}

/// Section 6.1.4 (b): policies are renamed for the next domain, or dropped where mapping is inhibited.
fn map<'a>(level: Level<'a>, certificate: &Certificate<'a>, allowed: bool) -> Level<'a> {
    let mappings = &certificate.extensions.mappings;
    let mut nodes = level?;
    if !allowed {
        nodes.retain(|node| mappings.iter().all(|(from, _)| *from != node.policy));
        return if nodes.is_empty() { None } else { Some(nodes) };
    }
    let mut done: Vec<&[u8]> = Vec::new();
    for (from, _) in mappings {
        if done.contains(from) {
            continue;
        }
        done.push(from);
        let mut expected = Vec::new();
        mappings.iter().filter(|(other, _)| other == from).for_each(|(_, to)| add(&mut expected, to));
        if let Some(node) = nodes.iter_mut().find(|node| node.policy == *from) {
            node.expected = expected;
        } else if nodes.iter().any(|node| node.policy == ANY_POLICY) {
            nodes.push(Node { policy: from, origins: Vec::from([*from]), expected });
        }
    }
    Some(nodes)
}

/// Section 6.1.5 (g): what remains within the caller's set.
fn acceptable<'a>(level: Level<'a>, initial: &[&'a [u8]]) -> ValidPolicies<'a> {
    let nodes = level.unwrap_or_default();
    let unlimited = initial.is_empty() || initial.contains(&ANY_POLICY);
    let any = nodes.iter().any(|node| node.policy == ANY_POLICY);
    if any && unlimited {
        return ValidPolicies::Any;
    }
    let mut list = Vec::new();
    if any {
        initial.iter().for_each(|policy| add(&mut list, policy));
    }
    for node in nodes.iter().filter(|node| node.policy != ANY_POLICY) {
        for origin in &node.origins {
            if unlimited || initial.contains(origin) {
                add(&mut list, origin);
            }
        }
    }
    ValidPolicies::Some(list)
}

fn add<'a>(list: &mut Vec<&'a [u8]>, item: &'a [u8]) {
    if !list.contains(&item) {
        list.push(item);
    }
}
