//! Certificate policies, after the cases of NIST's PKITS sections 4.8 to 4.12.

use autoid_core::x509::{PolicyInputs, ValidPolicies, X509Error};

use super::forge::*;

const ANY: &[u8] = &[0x55, 0x1d, 0x20, 0];
const ONE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 2, 1, 0x30, 1];
const TWO: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 2, 1, 0x30, 2];
const THREE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 2, 1, 0x30, 3];

const OPEN: PolicyInputs<'static> =
    PolicyInputs { initial: &[], require_explicit: false, inhibit_mapping: false, inhibit_any: false };
const EXPLICIT: PolicyInputs<'static> = PolicyInputs { require_explicit: true, ..OPEN };

fn policies(list: &[&[u8]]) -> Ext {
    ext(POLICIES, true, seq(&list.iter().map(|policy| seq(&[oid(policy)])).collect::<Vec<_>>()))
}

fn mappings(list: &[(&[u8], &[u8])]) -> Ext {
    let pairs: Vec<_> = list.iter().map(|(from, to)| seq(&[oid(from), oid(to)])).collect();
    ext(MAPPINGS, true, seq(&pairs))
}

fn require(skip: u8) -> Ext {
    ext(POLICY_CONSTRAINTS, true, seq(&[tlv(0x80, &[skip])]))
}

fn no_mapping(skip: u8) -> Ext {
    ext(POLICY_CONSTRAINTS, true, seq(&[tlv(0x81, &[skip])]))
}

fn no_any(skip: u8) -> Ext {
    ext(INHIBIT_ANY, true, int(&[skip]))
}

/// Verifies a chain whose certificates below the root have these extensions, the leaf last.
fn chain(levels: &[&[Ext]], inputs: PolicyInputs<'static>) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut issued = vec![Spec::root("root").issue()];
    for (index, extensions) in levels.iter().enumerate() {
        let above = issued.last().unwrap();
        let last = index + 1 == levels.len();
        let base = if last { Spec::leaf(above) } else { Spec::ca(above, &format!("ca {index}")) };
        issued.push(extensions.iter().cloned().fold(base, Spec::with).issue());
    }
    judge(&issued, inputs)
}

fn judge(issued: &[Entity], inputs: PolicyInputs<'static>) -> Result<Vec<Vec<u8>>, &'static str> {
    let [root, between @ .., leaf] = issued else { panic!("a root and a leaf") };
    let trial = Trial::new(&[root], &between.iter().collect::<Vec<_>>(), leaf);
    trial.change(move |request| request.policies = inputs).then(|answer| match answer {
        Ok(found) => Ok(match found.policies {
            ValidPolicies::Any => vec![ANY.to_vec()],
            ValidPolicies::Some(list) => list.into_iter().map(<[u8]>::to_vec).collect(),
        }),
        Err(error) => {
            assert!(!matches!(error, X509Error::NoIssuer { .. }), "{error}");
            Err(error.code())
        }
    })
}

fn found(list: &[&[u8]]) -> Result<Vec<Vec<u8>>, &'static str> {
    Ok(list.iter().map(|policy| policy.to_vec()).collect())
}

#[test]
fn policy_constraints_beside_policies_bind_whether_critical_or_not() {
    for critical in [true, false] {
        let limit = ext(POLICY_CONSTRAINTS, critical, seq(&[tlv(0x80, &[0])]));
        let ca = [policies(&[ONE]), limit];
        assert_eq!(chain(&[&ca, &[policies(&[ONE])]], OPEN), Ok(vec![ONE.to_vec()]), "critical: {critical}");
        assert_eq!(chain(&[&ca, &[policies(&[TWO])]], OPEN), Err("IDX-0043"), "critical: {critical}");
    }
}

#[test]
fn the_same_policy_throughout_is_valid() {
    let levels: &[&[Ext]] = &[&[policies(&[ONE])], &[policies(&[ONE])]];
    assert_eq!(chain(levels, OPEN), found(&[ONE]));
    assert_eq!(chain(levels, EXPLICIT), found(&[ONE]));
    assert_eq!(chain(levels, PolicyInputs { initial: &[ONE], ..EXPLICIT }), found(&[ONE]));
    assert_eq!(chain(levels, PolicyInputs { initial: &[ONE, TWO], ..EXPLICIT }), found(&[ONE]));
    assert_eq!(chain(levels, PolicyInputs { initial: &[TWO], ..EXPLICIT }), Err("IDX-0043"));
    assert_eq!(chain(levels, PolicyInputs { initial: &[TWO], ..OPEN }), found(&[]));
}

#[test]
fn different_or_missing_policies_leave_none() {
    let different: &[&[Ext]] = &[&[policies(&[ONE])], &[policies(&[TWO])]];
    assert_eq!(chain(different, OPEN), found(&[]));
    assert_eq!(chain(different, EXPLICIT), Err("IDX-0043"));
    let missing: &[&[Ext]] = &[&[], &[policies(&[ONE])]];
    assert_eq!(chain(missing, OPEN), found(&[]));
    assert_eq!(chain(missing, EXPLICIT), Err("IDX-0043"));
    let overlapping: &[&[Ext]] = &[&[policies(&[ONE, TWO])], &[policies(&[TWO, THREE])]];
    assert_eq!(chain(overlapping, EXPLICIT), found(&[TWO]));
}

#[test]
fn any_policy_stands_for_all() {
    let levels: &[&[Ext]] = &[&[policies(&[ANY])], &[policies(&[ONE])]];
    assert_eq!(chain(levels, EXPLICIT), found(&[ONE]));
    let leaf: &[&[Ext]] = &[&[policies(&[ONE, TWO])], &[policies(&[ANY])]];
    assert_eq!(chain(leaf, EXPLICIT), found(&[ONE, TWO]));
    assert_eq!(chain(leaf, PolicyInputs { initial: &[TWO], ..EXPLICIT }), found(&[TWO]));
    let all: &[&[Ext]] = &[&[policies(&[ANY])], &[policies(&[ANY])]];
    assert_eq!(chain(all, EXPLICIT), found(&[ANY]));
    assert_eq!(chain(all, PolicyInputs { initial: &[THREE], ..EXPLICIT }), found(&[THREE]));
    assert_eq!(chain(all, PolicyInputs { inhibit_any: true, ..EXPLICIT }), Err("IDX-0043"));
}

#[test]
fn an_explicit_policy_is_required_after_as_many_certificates() {
    let with = |skip| -> [Vec<Ext>; 3] { [vec![policies(&[ONE]), require(skip)], vec![], vec![]] };
    let run = |skip| {
        let levels = with(skip);
        chain(&[&levels[0], &levels[1], &levels[2]], OPEN)
    };
    assert_eq!(run(10), found(&[]));
    assert_eq!(run(3), found(&[]));
    assert_eq!(run(2), Err("IDX-0043"));
    assert_eq!(run(1), Err("IDX-0043"));
    assert_eq!(run(0), Err("IDX-0043"));
    // Required by the leaf itself.
    assert_eq!(chain(&[&[], &[require(0)]], OPEN), Err("IDX-0043"));
    assert_eq!(chain(&[&[], &[require(1)]], OPEN), found(&[]));
}

#[test]
fn a_self_issued_certificate_does_not_use_up_the_skip() {
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").with(policies(&[ONE])).with(require(1)).issue();
    let renewed = Spec::ca(&ca, "renewed").set(|spec| spec.subject = cn("ca")).issue();
    let leaf = Spec::leaf(&renewed).issue();
    // The self-issued one has no policy, but the one skip is still there for the leaf.
    assert_eq!(judge(&[root, ca, renewed, leaf], OPEN), Err("IDX-0043"));
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").with(policies(&[ANY])).with(no_any(0)).issue();
    let renewed = Spec::ca(&ca, "renewed").set(|spec| spec.subject = cn("ca")).with(policies(&[ANY])).issue();
    let leaf = Spec::leaf(&renewed).with(policies(&[ONE])).issue();
    assert_eq!(judge(&[root, ca, renewed, leaf], EXPLICIT), found(&[ONE]));
}

#[test]
fn mappings_translate_policies() {
    let levels: &[&[Ext]] = &[&[policies(&[ONE]), mappings(&[(ONE, TWO)])], &[policies(&[TWO])]];
    assert_eq!(chain(levels, EXPLICIT), found(&[ONE]));
    assert_eq!(chain(levels, PolicyInputs { initial: &[ONE], ..EXPLICIT }), found(&[ONE]));
    assert_eq!(chain(levels, PolicyInputs { initial: &[TWO], ..EXPLICIT }), Err("IDX-0043"));
    assert_eq!(chain(levels, PolicyInputs { inhibit_mapping: true, ..EXPLICIT }), Err("IDX-0043"));
    let kept: &[&[Ext]] = &[&[policies(&[ONE]), mappings(&[(ONE, TWO)])], &[policies(&[ONE])]];
    assert_eq!(chain(kept, EXPLICIT), Err("IDX-0043"));
    let from_any: &[&[Ext]] = &[&[policies(&[ANY]), mappings(&[(ONE, TWO)])], &[policies(&[TWO])]];
    assert_eq!(chain(from_any, EXPLICIT), found(&[ONE]));
    let forked: &[&[Ext]] =
        &[&[policies(&[ONE]), mappings(&[(ONE, TWO), (ONE, THREE)])], &[policies(&[THREE])]];
    assert_eq!(chain(forked, EXPLICIT), found(&[ONE]));
}

#[test]
fn mappings_can_be_inhibited_from_above() {
    let levels = |skip: u8| -> [Vec<Ext>; 3] {
        [
            vec![policies(&[ONE]), no_mapping(skip)],
            vec![policies(&[ONE]), mappings(&[(ONE, TWO)])],
            vec![policies(&[TWO])],
        ]
    };
    let run = |skip| {
        let levels = levels(skip);
        chain(&[&levels[0], &levels[1], &levels[2]], EXPLICIT)
    };
    assert_eq!(run(0), Err("IDX-0043"));
    assert_eq!(run(1), found(&[ONE]));
}

#[test]
fn mappings_never_touch_any_policy() {
    for pair in [(ANY, ONE), (ONE, ANY)] {
        let levels: &[&[Ext]] = &[&[policies(&[ONE, ANY]), mappings(&[pair])], &[policies(&[ONE])]];
        assert_eq!(chain(levels, OPEN), Err("IDX-0044"));
    }
}

#[test]
fn malformed_policies_are_refused() {
    assert_eq!(chain(&[&[policies(&[ONE, ONE])]], OPEN), Err("IDX-0018"));
    assert_eq!(chain(&[&[policies(&[])]], OPEN), Err("IDX-0018"));
    assert_eq!(chain(&[&[ext(POLICY_CONSTRAINTS, true, seq(&[]))]], OPEN), Err("IDX-0018"));
    let qualifier = seq(&[oid(UNKNOWN), vec![5, 0]]);
    let unknown = ext(POLICIES, true, seq(&[seq(&[oid(ONE), seq(&[qualifier])])]));
    assert_eq!(chain(&[std::slice::from_ref(&unknown)], OPEN), Err("IDX-0017"));
    assert_eq!(chain(&[&[Ext { critical: false, ..unknown }]], EXPLICIT), found(&[ONE]));
    let many: Vec<_> = (0..65u8).map(|index| vec![0x2a, index]).collect();
    let many: Vec<_> = many.iter().map(Vec::as_slice).collect();
    assert_eq!(chain(&[&[policies(&many)]], OPEN), Err("IDX-0045"));
}

#[test]
fn mapping_everything_to_everything_stays_small() {
    let all: Vec<_> = (0..8u8).map(|index| vec![0x2a, index]).collect();
    let names: Vec<_> = all.iter().map(Vec::as_slice).collect();
    let pairs: Vec<_> = names.iter().flat_map(|from| names.iter().map(move |to| (*from, *to))).collect();
    let level = [policies(&names), mappings(&pairs)];
    let mut levels: Vec<&[Ext]> = vec![&level; 20];
    let leaf = [policies(&names)];
    levels.push(&leaf);
    assert_eq!(chain(&levels, EXPLICIT), found(&names));
}

#[test]
fn the_anchor_may_limit_policies() {
    let root = Spec::root("root").with(require(0)).issue();
    let leaf = Spec::leaf(&root).issue();
    assert_eq!(judge(&[root.clone(), leaf], OPEN), Err("IDX-0043"));
    let leaf = Spec::leaf(&root).with(policies(&[ONE])).issue();
    assert_eq!(judge(&[root, leaf], OPEN), found(&[ONE]));
}
