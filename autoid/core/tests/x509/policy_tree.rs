//! The policy graph against the tree of RFC 5280 section 6.1, node by node, on chains drawn at random.

use std::collections::BTreeSet;

use autoid_core::x509::{PolicyInputs, ValidPolicies};
use proptest::prelude::*;

use super::forge::*;

/// A policy: 0 is any-policy, the others are private.
type Policy = u8;
const ANY: Policy = 0;

fn content(policy: Policy) -> Vec<u8> {
    if policy == ANY { vec![0x55, 0x1d, 0x20, 0] } else { vec![0x2a, 3, policy] }
}

/// What one certificate says of policies.
#[derive(Debug, Clone)]
struct Level {
    policies: Option<BTreeSet<Policy>>,
    mappings: BTreeSet<(Policy, Policy)>,
    explicit: Option<u8>,
    mapping: Option<u8>,
    any: Option<u8>,
    self_issued: bool,
}

#[derive(Debug, Clone)]
struct Inputs {
    initial: BTreeSet<Policy>,
    explicit: bool,
    mapping: bool,
    any: bool,
}

/// A node of the tree; the root is its own parent.
#[derive(Debug, Clone)]
struct Node {
    depth: usize,
    policy: Policy,
    expected: BTreeSet<Policy>,
    parent: usize,
    alive: bool,
}

/// The tree; a dead root is no tree.
struct Tree(Vec<Node>);

impl Tree {
    fn at(&self, depth: usize) -> Vec<usize> {
        (0..self.0.len()).filter(|index| self.0[*index].alive && self.0[*index].depth == depth).collect()
    }

    fn add(&mut self, parent: usize, policy: Policy, expected: BTreeSet<Policy>) {
        let depth = self.0[parent].depth + 1;
        self.0.push(Node { depth, policy, expected, parent, alive: true });
    }

    fn kill(&mut self, index: usize) {
        self.0[index].alive = false;
        for child in 1..self.0.len() {
            if self.0[child].alive && self.0[child].parent == index {
                self.kill(child);
            }
        }
    }

    /// Deletes what has no child down to a depth.
    fn prune(&mut self, above: usize) {
        for depth in (0..=above).rev() {
            for index in self.at(depth) {
                let childless =
                    !(1..self.0.len()).any(|child| self.0[child].alive && self.0[child].parent == index);
                if childless {
                    self.0[index].alive = false;
                }
            }
        }
    }

    fn is_null(&self) -> bool {
        !self.0[0].alive
    }
}

/// The procedure of section 6.1, as written: the policies the path is valid for, or nothing.
fn reference(levels: &[Level], inputs: &Inputs) -> Option<BTreeSet<Policy>> {
    let length = levels.len();
    let mut tree =
        Tree(vec![Node { depth: 0, policy: ANY, expected: BTreeSet::from([ANY]), parent: 0, alive: true }]);
    let start = |set: bool| if set { 0 } else { length + 1 };
    let (mut explicit, mut mapping, mut any) =
        (start(inputs.explicit), start(inputs.mapping), start(inputs.any));
    for (depth, level) in levels.iter().enumerate().map(|(index, level)| (index + 1, level)) {
        let last = depth == length;
        match &level.policies {
            Some(policies) if !tree.is_null() => {
                let parents = tree.at(depth - 1);
                for policy in policies.iter().copied().filter(|policy| *policy != ANY) {
                    let mut matching: Vec<_> = parents
                        .iter()
                        .copied()
                        .filter(|parent| tree.0[*parent].expected.contains(&policy))
                        .collect();
                    if matching.is_empty() {
                        matching.extend(parents.iter().copied().find(|parent| tree.0[*parent].policy == ANY));
                    }
                    matching
                        .into_iter()
                        .for_each(|parent| tree.add(parent, policy, BTreeSet::from([policy])));
                }
                if policies.contains(&ANY) && (any > 0 || (!last && level.self_issued)) {
                    for parent in parents {
                        for policy in tree.0[parent].expected.clone() {
                            let there = (1..tree.0.len()).any(|child| {
                                tree.0[child].parent == parent && tree.0[child].policy == policy
                            });
                            if !there {
                                tree.add(parent, policy, BTreeSet::from([policy]));
                            }
                        }
                    }
                }
                tree.prune(depth - 1);
            }
            _ => tree.kill(0),
        }
        if tree.is_null() && explicit == 0 {
            return None;
        }
        if last {
            break;
        }
        let sources: BTreeSet<Policy> = level.mappings.iter().map(|(from, _)| *from).collect();
        for from in sources {
            let nodes: Vec<_> =
                tree.at(depth).into_iter().filter(|index| tree.0[*index].policy == from).collect();
            if mapping == 0 {
                nodes.into_iter().for_each(|index| tree.0[index].alive = false);
                tree.prune(depth - 1);
                continue;
            }
            let to: BTreeSet<Policy> =
                level.mappings.iter().filter(|(other, _)| *other == from).map(|(_, to)| *to).collect();
            if nodes.is_empty() {
                let any_node = tree.at(depth).into_iter().find(|index| tree.0[*index].policy == ANY);
                if let Some(any_node) = any_node {
                    tree.add(tree.0[any_node].parent, from, to);
                }
            } else {
                nodes.into_iter().for_each(|index| tree.0[index].expected = to.clone());
            }
        }
        if !level.self_issued {
            (explicit, mapping, any) =
                (explicit.saturating_sub(1), mapping.saturating_sub(1), any.saturating_sub(1));
        }
        let lower =
            |counter: usize, limit: Option<u8>| limit.map_or(counter, |limit| counter.min(limit.into()));
        (explicit, mapping, any) =
            (lower(explicit, level.explicit), lower(mapping, level.mapping), lower(any, level.any));
    }
    explicit = explicit.saturating_sub(1);
    if levels[length - 1].explicit == Some(0) {
        explicit = 0;
    }
    let valid = intersect(&mut tree, length, &inputs.initial);
    (explicit > 0 || !tree.is_null()).then_some(valid)
}

/// Section 6.1.5 (g): what is left of the tree within the caller's set.
fn intersect(tree: &mut Tree, length: usize, initial: &BTreeSet<Policy>) -> BTreeSet<Policy> {
    let below_any = |tree: &Tree| -> Vec<usize> {
        let nodes = (1..tree.0.len()).filter(|index| tree.0[*index].alive);
        nodes.filter(|index| tree.0[tree.0[*index].parent].policy == ANY).collect()
    };
    if !tree.is_null() && !initial.is_empty() {
        for index in below_any(tree) {
            if tree.0[index].alive && tree.0[index].policy != ANY && !initial.contains(&tree.0[index].policy)
            {
                tree.kill(index);
            }
        }
        if let Some(any_node) = tree.at(length).into_iter().find(|index| tree.0[*index].policy == ANY) {
            let named: BTreeSet<_> = below_any(tree).into_iter().map(|index| tree.0[index].policy).collect();
            for policy in initial.difference(&named) {
                tree.add(tree.0[any_node].parent, *policy, BTreeSet::new());
            }
            tree.0[any_node].alive = false;
        }
        tree.prune(length - 1);
    }
    if tree.is_null() {
        return BTreeSet::new();
    }
    if tree.at(length).into_iter().any(|index| tree.0[index].policy == ANY) {
        return BTreeSet::from([ANY]);
    }
    let named = below_any(tree).into_iter().map(|index| tree.0[index].policy);
    named.filter(|policy| *policy != ANY).collect()
}

/// The verifier's answer on certificates made from the levels.
fn verified(levels: &[Level], inputs: &Inputs) -> Option<BTreeSet<Policy>> {
    let mut issued = vec![Spec::root("root").issue()];
    for (index, level) in levels.iter().enumerate() {
        let above = issued.last().unwrap();
        let last = index + 1 == levels.len();
        let mut spec = if last { Spec::leaf(above) } else { Spec::ca(above, &format!("ca {index}")) };
        if level.self_issued && !last && index > 0 {
            spec = spec.set(|spec| spec.subject.clone_from(&spec.issuer));
        }
        issued.push(level.extensions().into_iter().fold(spec, Spec::with).issue());
    }
    let [root, between @ .., leaf] = issued.as_slice() else { panic!("a root and a leaf") };
    let initial: Vec<Vec<u8>> = inputs.initial.iter().map(|policy| content(*policy)).collect();
    let initial: Vec<&[u8]> = initial.iter().map(Vec::as_slice).collect();
    let trial = Trial::new(&[root], &between.iter().collect::<Vec<_>>(), leaf).change(|request| {
        request.policies = PolicyInputs {
            initial: &initial,
            require_explicit: inputs.explicit,
            inhibit_mapping: inputs.mapping,
            inhibit_any: inputs.any,
        };
    });
    trial.then(|answer| match answer {
        Ok(found) => Some(match found.policies {
            ValidPolicies::Any => BTreeSet::from([ANY]),
            ValidPolicies::Some(list) => list.into_iter().map(|policy| policy[policy.len() - 1]).collect(),
        }),
        Err(error) => {
            assert_eq!(error.code(), "IDX-0043", "{error}");
            None
        }
    })
}

impl Level {
    fn extensions(&self) -> Vec<Ext> {
        let policy = |policy: &Policy| seq(&[oid(&content(*policy))]);
        let pair = |(from, to): &(Policy, Policy)| seq(&[oid(&content(*from)), oid(&content(*to))]);
        let skip = |tag, skip: Option<u8>| skip.map(|skip| tlv(tag, &[skip])).unwrap_or_default();
        let mut extensions = Vec::new();
        if let Some(policies) = &self.policies {
            extensions.push(ext(POLICIES, false, seq(&policies.iter().map(policy).collect::<Vec<_>>())));
        }
        if !self.mappings.is_empty() {
            extensions.push(ext(MAPPINGS, true, seq(&self.mappings.iter().map(pair).collect::<Vec<_>>())));
        }
        if self.explicit.is_some() || self.mapping.is_some() {
            let limits = seq(&[skip(0x80, self.explicit), skip(0x81, self.mapping)]);
            extensions.push(ext(POLICY_CONSTRAINTS, true, limits));
        }
        extensions.extend(self.any.map(|skip| ext(INHIBIT_ANY, true, int(&[skip]))));
        extensions
    }
}

fn level() -> impl Strategy<Value = Level> {
    let rarely = || proptest::option::weighted(0.2, 0..3u8);
    let policies = proptest::option::weighted(0.95, proptest::collection::btree_set(0..4 as Policy, 1..4));
    let mappings = prop_oneof![
        2 => Just(BTreeSet::new()),
        1 => proptest::collection::btree_set((1..4 as Policy, 1..4 as Policy), 1..4),
    ];
    let limits = (rarely(), rarely(), rarely(), proptest::bool::weighted(0.2));
    (policies, mappings, limits).prop_map(|(policies, mappings, (explicit, mapping, any, self_issued))| {
        Level { policies, mappings, explicit, mapping, any, self_issued }
    })
}

fn inputs() -> impl Strategy<Value = Inputs> {
    let initial = prop_oneof![
        1 => Just(BTreeSet::new()),
        1 => proptest::collection::btree_set(1..4 as Policy, 1..3),
    ];
    let rarely = || proptest::bool::weighted(0.2);
    (initial, any::<bool>(), rarely(), rarely()).prop_map(|(initial, explicit, mapping, any)| Inputs {
        initial,
        explicit,
        mapping,
        any,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn graph_and_tree_agree(levels in proptest::collection::vec(level(), 1..5), inputs in inputs()) {
        let mut levels = levels;
        // The first has another issuer's name, the last is a leaf.
        let last = levels.len() - 1;
        levels[0].self_issued = false;
        levels[last].self_issued = false;
        prop_assert_eq!(verified(&levels, &inputs), reference(&levels, &inputs));
    }
}
