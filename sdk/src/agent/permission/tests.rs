use super::*;
use auto_core::ErrorCode as _;
use proptest::prelude::*;

fn read(text: &str) -> Permission {
    text.parse().expect("a permission")
}

#[test]
fn clauses_stand_in_any_order_and_are_written_in_one() {
    for (text, written) in [
        ("spend<=10", "spend<=10"),
        ("spend<=0.5/hour", "spend<=0.5/hour"),
        ("spend<=3/block 100; for 2w", "spend<=3/block 100 for 2w"),
        (
            "for 36h to bob, carol\tspend<=10/day per-call<=2",
            "spend<=10/day per-call<=2 to bob,carol for 36h",
        ),
        ("approve>5 by alice spend<=10", "spend<=10 approve>5 by alice"),
        (
            "on calendar:team/** do calendar/read,mail depth 2 calls 7",
            "do /calendar/read,/mail on calendar:team/** calls 7 depth 2",
        ),
        (
            "irreversible do content/sign on content:text/* for 7d",
            "do /content/sign on content:text/* irreversible for 1w",
        ),
    ] {
        assert_eq!(read(text).to_string(), written);
        assert_eq!(read(written), read(text));
    }
}

#[test]
fn other_sentences_are_refused_at_the_word_that_is_wrong() {
    let long = "x".repeat(5_000);
    for (text, part) in [
        ("", ""),
        ("everything", "everything"),
        ("spend<=", ""),
        ("spend<=0", "0"),
        ("spend<=-1", "-1"),
        ("spend<=ten", "ten"),
        ("spend<=1/week", "week"),
        ("spend<=1/block", "/block"),
        ("spend<=1/block 0", "0"),
        ("spend<=1/block 01", "01"),
        ("spend<=1 spend<=2", "spend"),
        ("spend <= 1", "spend"),
        ("per-call<=1", "per-call"),
        ("spend<=1 per-call<=2", "per-call"),
        ("to bob", "to"),
        ("spend<=1 to", "to"),
        ("spend<=1 to bob,,carol", "bob,,carol"),
        ("spend<=1 to bob,bob", "bob"),
        ("spend<=1 to bob to carol", "to"),
        ("spend<=1 approve>1", "approve>1"),
        ("spend<=1 approve>1 from alice", "from"),
        ("do calendar", "do"),
        ("on calendar:x", "on"),
        ("do / on calendar:x", "/"),
        ("do Read on calendar:x", "Read"),
        ("do read on calendar", "calendar"),
        ("spend<=1 for 7", "7"),
        ("spend<=1 for 0d", "0d"),
        ("spend<=1 for d", "d"),
        ("spend<=1 for 99999999999w", "99999999999w"),
        ("spend<=1 for 9\u{430}", "9\u{430}"),
        ("spend<=1 irreversible irreversible", "irreversible"),
        ("spend<=1 calls 0", "0"),
        ("spend<=1 depth 300", "300"),
        (&long, &long[..64]),
    ] {
        match text.parse::<Permission>() {
            Err(SdkError::Words { part: found, .. }) => assert_eq!(found, part, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!("everything".parse::<Permission>().expect_err("refused").code(), "SDK-0018");
}

#[test]
fn a_budget_by_stretches_adds_up_to_what_they_can_hold() {
    let meter = |text: &str| {
        let permission = read(text);
        permission.meter(permission.spend.expect("spends"), 2_000).expect("counts")
    };
    let coin = Amount::ai3(1).base_units();
    let whole = meter("spend<=10");
    assert_eq!((whole.total, whole.per_call, whole.window), (10 * coin, 10 * coin, None));
    let daily = meter("spend<=10/day per-call<=2 for 7d");
    assert_eq!(daily.window, Some(Window { blocks: 43_200, cap: 10 * coin }));
    // Seven days touch eight stretches.
    assert_eq!((daily.total, daily.per_call), (80 * coin, 2 * coin));
    assert_eq!(meter("spend<=1/hour").window.expect("by the hour").blocks, 1_800);
    let huge = read("spend<=340282366920938463463/block 1");
    assert!(huge.meter(huge.spend.expect("spends"), 1).is_err());
}

fn permission() -> impl Strategy<Value = Permission> {
    let amount = || (1u64..=u64::MAX).prop_map(|units| Amount::from_base_units(units.into()));
    let per = prop_oneof![
        Just(None),
        Just(Some(Per::Day)),
        Just(Some(Per::Hour)),
        (1u32..).prop_map(|blocks| Some(Per::Blocks(blocks)))
    ];
    let names = || prop::collection::btree_set("[a-z][a-z0-9-]{0,8}", 1..4);
    let spending =
        (amount(), per, any::<bool>(), prop::option::of((amount(), names())), prop::option::of(names()));
    let work = prop::option::of(prop::collection::btree_set("[a-z]{1,5}(/[a-z]{1,5}){0,2}", 1..3));
    let counts = (prop::option::of(1u64..), prop::option::of(1u8..), prop::option::of(1u64..3_000_000_000));
    (prop::option::of(spending), work, counts).prop_filter_map(
        "it allows nothing",
        |(spending, work, (calls, depth, lasts))| {
            let mut permission = Permission { calls, depth, lasts, ..Permission::default() };
            if let Some((amount, per, once, approve, to)) = spending {
                permission.spend = Some(Budget { amount, per });
                permission.per_call = once.then_some(amount);
                permission.approve = approve.map(|(over, by)| Approve { over, by: by.into_iter().collect() });
                permission.to = to.into_iter().flatten().collect();
            }
            for path in work.into_iter().flatten() {
                permission.commands.push(format!("/{path}").parse().expect("a command"));
                permission.resources.push(format!("x:{path}/**").parse().expect("a pattern"));
            }
            permission.check().is_ok().then_some(permission)
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(permission in permission()) {
        prop_assert_eq!(read(&permission.to_string()), permission);
    }

    #[test]
    fn nothing_that_anybody_writes_panics(text in "(spend<=|per-call<=|approve>|to|do|on|for|by| |,|;|/|[0-9a-z.]){0,12}|.{0,60}") {
        if let Ok(permission) = text.parse::<Permission>() {
            prop_assert_eq!(read(&permission.to_string()), permission);
        }
    }
}
