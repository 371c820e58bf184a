//! Policies: what each operator decides, and what cannot be decided.

use autoid_core::cbor::Canonical as _;
use autoid_core::policy::{Comparison, Gas, Statement, Value, Verdict};
use autoid_core::{Policy, Refusal};
use proptest::prelude::*;

fn int(value: i128) -> Value {
    Value::Int(value)
}

fn args() -> Value {
    Value::map(vec![
        ("n".into(), int(5)),
        ("name".into(), Value::Text("alice@example.org".into())),
        ("tags".into(), Value::List(vec![int(1), int(2), int(3)])),
    ])
    .unwrap()
}

fn compare(comparison: Comparison, selector: &str, value: Value) -> Statement {
    Statement::Compare(comparison, selector.parse().unwrap(), value)
}

fn decide(statement: Statement) -> Verdict {
    statement.evaluate(&args(), &mut Gas::default())
}

fn holds() -> Statement {
    compare(Comparison::Equal, ".n", int(5))
}

fn fails() -> Statement {
    compare(Comparison::Equal, ".n", int(6))
}

fn undecided() -> Statement {
    compare(Comparison::Equal, ".missing", int(5))
}

#[test]
fn comparisons_decide() {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    for (comparison, constant, expected) in [
        (Equal, 5, Verdict::Holds),
        (NotEqual, 5, Verdict::Fails),
        (Less, 5, Verdict::Fails),
        (Less, 6, Verdict::Holds),
        (LessOrEqual, 5, Verdict::Holds),
        (Greater, 5, Verdict::Fails),
        (Greater, -6, Verdict::Holds),
        (GreaterOrEqual, 5, Verdict::Holds),
    ] {
        assert_eq!(decide(compare(comparison, ".n", int(constant))), expected, "{comparison:?} {constant}");
    }
    assert_eq!(decide(compare(Less, ".name", int(5))), Verdict::Undecided);
    assert_eq!(decide(compare(Equal, ".name", int(5))), Verdict::Fails);
    assert_eq!(decide(compare(Equal, ".tags[2]", int(3))), Verdict::Holds);
    assert_eq!(decide(compare(Equal, ".tags[3]", int(3))), Verdict::Undecided);
    assert_eq!(decide(compare(Equal, ".", args())), Verdict::Holds);
}

#[test]
fn what_is_missing_denies_also_under_not() {
    let not = |statement| Statement::Not(Box::new(statement));
    assert_eq!(decide(not(fails())), Verdict::Holds);
    assert_eq!(decide(not(undecided())), Verdict::Undecided);
    assert_eq!(decide(not(Statement::And(vec![fails(), undecided()]))), Verdict::Undecided);
    assert_eq!(decide(not(Statement::Or(vec![fails(), undecided()]))), Verdict::Undecided);
    assert_eq!(decide(not(Statement::Or(vec![holds(), undecided()]))), Verdict::Fails);
    assert_eq!(Policy(vec![undecided()]).allow(&args(), 3), Err(Refusal::Policy { link: 3 }));
}

#[test]
fn the_empty_or_is_false_and_the_empty_and_is_true() {
    assert_eq!(decide(Statement::Or(Vec::new())), Verdict::Fails);
    assert_eq!(decide(Statement::And(Vec::new())), Verdict::Holds);
}

#[test]
fn quantifiers_look_at_lists_only() {
    let small = || Box::new(compare(Comparison::Less, ".", int(3)));
    let tags = || ".tags".parse().unwrap();
    assert_eq!(decide(Statement::Any(tags(), small())), Verdict::Holds);
    assert_eq!(decide(Statement::All(tags(), small())), Verdict::Fails);
    assert_eq!(decide(Statement::All(".n".parse().unwrap(), small())), Verdict::Undecided);
    assert_eq!(decide(Statement::Any(".name".parse().unwrap(), small())), Verdict::Undecided);
}

#[test]
fn globs_match_texts() {
    let like = |glob: &str, selector: &str| Statement::Like(selector.parse().unwrap(), glob.into());
    assert_eq!(decide(like("*@example.org", ".name")), Verdict::Holds);
    assert_eq!(decide(like("*@example.com", ".name")), Verdict::Fails);
    assert_eq!(decide(like("*", ".n")), Verdict::Undecided);
}

#[test]
fn threat_62_deep_long_and_wide_policies_have_no_encoding() {
    let mut deep = holds();
    for _ in 0..10 {
        deep = Statement::Not(Box::new(deep));
    }
    assert!(Policy(vec![deep]).check().is_err());
    assert!(Policy(vec![holds(); 65]).check().is_err());
    let glob = Statement::Like(".name".parse().unwrap(), "a".repeat(129));
    assert!(Policy(vec![glob]).check().is_err());
    assert!(Policy(vec![Statement::Like(".name".parse().unwrap(), "a\\".into())]).check().is_err());
    assert!(".a.b.c.d.e.f.g.h.i".parse::<autoid_core::policy::Selector>().is_err());
    let mut nested = int(1);
    for _ in 0..10 {
        nested = Value::List(vec![nested]);
    }
    assert!(Policy(vec![compare(Comparison::Equal, ".n", nested)]).check().is_err());
}

#[test]
fn threat_62_nested_quantifiers_run_out_of_steps() {
    let list = Value::List(vec![Value::List(vec![int(1); 100]); 30]);
    let inner = Statement::All(".".parse().unwrap(), Box::new(compare(Comparison::Equal, ".", int(1))));
    let bomb = Policy(vec![Statement::All(".".parse().unwrap(), Box::new(inner))]);
    assert_eq!(bomb.allow(&list, 0), Err(Refusal::PolicyGas { link: 0 }));
}

#[test]
fn selectors_have_one_form() {
    for good in [".", ".a", ".a.b[0].c-d_e", ".[0]", ".[0].a"] {
        assert_eq!(good.parse::<autoid_core::policy::Selector>().unwrap().to_string(), good);
    }
    for bad in ["", "a", "..", ".a.", ".a[01]", ".a[+1]", ".a[-1]", ".a[]", ".a[0", "[0]", ".a b", ".a?"] {
        assert_eq!(bad.parse::<autoid_core::policy::Selector>(), Err(Refusal::Selector), "{bad}");
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|value| int(value.into())),
        any::<u64>().prop_map(|value| int(value.into())),
        "[a-c]{0,3}".prop_map(Value::Text),
        proptest::collection::vec(any::<u8>(), 0..4).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            proptest::collection::btree_map("[a-c]{1,2}", inner, 0..4)
                .prop_map(|fields| Value::map(fields.into_iter().collect()).unwrap()),
        ]
    })
}

fn statements() -> impl Strategy<Value = Statement> {
    let selector = "(\\.[a-c]{1,2}){1,2}".prop_map(|text| text.parse().unwrap());
    let leaf = prop_oneof![
        (selector.clone(), values(), 0..6).prop_map(|(selector, value, at)| {
            use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
            let all = [Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual];
            Statement::Compare(all[usize::try_from(at).unwrap()], selector, value)
        }),
        (selector.clone(), "[ab*]{0,5}").prop_map(|(selector, glob)| Statement::Like(selector, glob)),
    ];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Statement::Not(Box::new(one))),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Statement::And),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Statement::Or),
            (selector.clone(), inner.clone()).prop_map(|(at, one)| Statement::All(at, Box::new(one))),
            (selector.clone(), inner).prop_map(|(at, one)| Statement::Any(at, Box::new(one))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// What decodes is what was encoded, and more statements never allow more.
    #[test]
    fn policies_round_trip_and_only_narrow(
        one in statements(), more in proptest::collection::vec(statements(), 0..3), args in values(),
    ) {
        let policy = Policy([vec![one.clone()], more].concat());
        prop_assert_eq!(Policy::from_cbor(&policy.to_cbor(), 1 << 16), Ok(policy.clone()));
        if policy.allow(&args, 0).is_ok() {
            prop_assert_eq!(Policy(vec![one]).allow(&args, 0), Ok(()));
        }
    }

    #[test]
    fn values_round_trip(value in values()) {
        prop_assert_eq!(Value::from_cbor(&value.to_cbor(), 1 << 16), Ok(value));
    }
}
