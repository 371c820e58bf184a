//! Attacks on grants and calls, each refused with its own code. The numbers are those of the threat list.

use autoid_core::policy::{Comparison, Statement, Value};
use autoid_core::{
    Action, Approval, ApproveOver, Asset, AutoId, Grant, GrantId, Meter, Mode, Policy, Reason, Reversibility,
    RevocationPlace, Sign1, Time, Window,
};

use crate::world::{AI3, Actor, Case, Cast, GENESIS, NOW, call, command, grant, meter, pay, sign};

/// A case with its name and the code it must end in.
pub(crate) struct Trial {
    pub(crate) name: &'static str,
    pub(crate) code: &'static str,
    pub(crate) case: fn() -> Case,
}

macro_rules! trials {
    ($($name:ident => $code:literal: $case:expr;)+) => {
        /// Every trial of this file, for the vectors.
        pub(crate) const TRIALS: &[Trial] =
            &[$(Trial { name: stringify!($name), code: $code, case: $case }),+];
        $(
            #[test]
            fn $name() {
                let case: fn() -> Case = $case;
                assert_eq!(case().code(), $code);
            }
        )+
    };
}

/// The plain call under a chain whose last grant is changed.
fn last(change: impl Fn(&mut Grant)) -> Case {
    at(2, change)
}

fn at(changed: usize, change: impl Fn(&mut Grant)) -> Case {
    let cast = Cast::new();
    let grants = cast.chain(|link, grant| {
        if link == changed {
            change(grant);
        }
    });
    cast.case(grants, |_| {})
}

/// A payment of some AI3 under a chain that is changed.
fn payment(coins: u128, change: impl FnMut(usize, &mut Grant)) -> Case {
    let cast = Cast::new();
    let grants = cast.chain(change);
    let payee = cast.bystander.clone();
    cast.case(grants, |call| pay(call, coins * AI3, &payee))
}

/// The plain case after something happened in the world.
fn after(change: impl Fn(&mut Cast)) -> Case {
    let mut cast = Cast::new();
    change(&mut cast);
    cast.plain()
}

fn suspend() -> Action {
    Action::Suspend { reason: Reason::KeyCompromise }
}

fn revoke() -> Action {
    Action::Revoke { reason: Reason::KeyCompromise, guardians: None }
}

/// The plain case with a bit of an issuer's list set.
fn revoked(issuer: fn(&Cast) -> &Actor, index: u32) -> Case {
    after(|cast| {
        let issuer = issuer(cast).id;
        cast.world.revoked.insert((issuer, 0, index));
    })
}

fn over(approvers: &[&Actor], threshold: u8) -> Option<ApproveOver> {
    let mut approvers: Vec<AutoId> = approvers.iter().map(|approver| approver.id).collect();
    approvers.sort_unstable();
    Some(ApproveOver { asset: Asset::AI3, amount: 2 * AI3, approvers, threshold })
}

/// The plain call, where the last grant changes an approval by two that those above ask for.
fn weaker(change: fn(&mut ApproveOver)) -> Case {
    let cast = Cast::new();
    let over = over(&[&cast.person, &cast.org], 2);
    let grants = cast.chain(|link, grant| {
        grant.approve_over.clone_from(&over);
        if link == 2 {
            grant.approve_over.iter_mut().for_each(change);
        }
    });
    cast.case(grants, |_| {})
}

/// A payment of three AI3 over a limit of two, approved by those given.
fn approved(threshold: u8, approvers: &[fn(&Cast) -> &Actor], change: fn(&mut Approval)) -> Case {
    let cast = Cast::new();
    let over = over(&[&cast.person, &cast.org], threshold);
    let grants = cast.chain(|_, grant| grant.approve_over.clone_from(&over));
    let (payee, others) = (cast.bystander.clone(), cast.clone());
    let mut case = cast.case(grants, |call| pay(call, 3 * AI3, &payee));
    for approver in approvers {
        let approver = approver(&others);
        let mut body =
            Approval { call: case.call.digest(&GENESIS), approver: approver.id, exp: Time(NOW.0 + 60) };
        change(&mut body);
        case.approvals.push(Sign1::sign(body, &GENESIS, 0, &approver.key).unwrap());
    }
    case
}

/// The plain call with arguments, under a policy of the given grant.
fn arguments(link: usize, statement: Statement, args: Option<Value>) -> Case {
    let cast = Cast::new();
    let grants = cast.chain(|at, grant| {
        if at == link {
            grant.pol = Policy(vec![statement.clone()]);
        }
    });
    cast.case(grants, |call| {
        call.args_hash = args.as_ref().map_or([0; 32], Value::hash);
        call.args = args;
    })
}

fn room(name: &str) -> Value {
    Value::map(vec![("room".into(), Value::Text(name.into()))]).unwrap()
}

fn in_room(name: &str) -> Statement {
    Statement::Compare(Comparison::Equal, ".room".parse().unwrap(), Value::Text(name.into()))
}

trials! {
    the_plain_call_is_allowed => "ok": || Cast::new().plain();
    a_payment_within_its_limits_is_allowed => "ok": || payment(10, |_, _| {});
    a_payment_with_its_approval_is_allowed => "ok": || approved(1, &[|cast| &cast.org], |_| {});
    arguments_within_the_policy_are_allowed => "ok": || arguments(1, in_room("blue"), Some(room("blue")));
    threat_01_child_adds_a_command => "AID-0102": || last(|grant| {
        grant.cmd.push(command("/sign"));
    });
    threat_01_a_call_beyond_the_commands => "AID-0121": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        cast.case(grants, |call| call.cmd = command("/sign"))
    };
    threat_02_command_by_string_prefix => "AID-0102": || last(|grant| {
        grant.cmd = vec![command("/payroll")];
    });
    threat_02_a_call_by_string_prefix => "AID-0121": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        cast.case(grants, |call| call.cmd = command("/payroll"))
    };
    threat_03_child_adds_a_resource => "AID-0103": || last(|grant| {
        grant.res = vec!["calendar:**".parse().unwrap()];
    });
    threat_03_resource_in_another_case => "AID-0122": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        cast.case(grants, |call| call.res = "calendar:Team/monday".parse().unwrap())
    };
    threat_03_child_drops_the_resources => "AID-0103": || {
        let cast = Cast::new();
        let grants = cast.chain(|link, grant| {
            if link == 2 {
                grant.res.clear();
                (grant.dangerous, grant.max_depth) = (true, 0);
            }
        });
        cast.case(grants, |_| {})
    };
    threat_04_later_end_than_the_parent => "AID-0104": || last(|grant| grant.exp.0 += 1);
    threat_04_earlier_beginning_than_the_parent => "AID-0104": || last(|grant| grant.nbf.0 -= 1);
    threat_04_not_yet_valid => "AID-0112": || at(0, |grant| grant.nbf = Time(NOW.0 + 1));
    threat_04_expired => "AID-0113": || at(1, |grant| grant.exp = NOW);
    threat_05_raised_total => "AID-0107": || last(|grant| grant.meters = vec![meter(10 * AI3, 50 * AI3 + 1)]);
    threat_05_raised_total_in_the_same_window => "AID-0107": || last(|grant| grant.meters[0].total += 1);
    threat_05_raised_amount_per_call => "AID-0107": || last(|grant| {
        grant.meters = vec![meter(10 * AI3 + 1, 50 * AI3)];
    });
    threat_05_dropped_window => "AID-0107": || last(|grant| grant.meters[0].window = None);
    threat_05_shorter_window => "AID-0107": || last(|grant| {
        grant.meters[0].window = Some(Window { blocks: 99, cap: 50 * AI3 });
    });
    threat_05_another_asset => "AID-0107": || last(|grant| grant.meters[0].asset = "gold".parse().unwrap());
    threat_05_dropped_meter => "AID-0124": || payment(1, |link, grant| {
        if link == 2 {
            grant.meters.clear();
        }
    });
    threat_05_spend_of_another_asset => "AID-0124": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        let payee = cast.bystander.clone();
        cast.case(grants, |call| {
            pay(call, 1, &payee);
            call.spend.as_mut().unwrap().asset = "gold".parse().unwrap();
        })
    };
    threat_05_more_than_one_call_may_spend => "AID-0125": || payment(11, |_, _| {});
    threat_05_a_payee_who_is_not_listed => "AID-0126": || {
        let cast = Cast::new();
        let agent = autoid_core::Payee::Identity(cast.agent.id);
        let grants = cast.chain(|_, grant| grant.payees = Some(vec![agent]));
        let payee = cast.bystander.clone();
        cast.case(grants, |call| pay(call, AI3, &payee))
    };
    threat_05_child_drops_the_payees => "AID-0109": || at(0, |grant| grant.payees = Some(Vec::new()));
    threat_05_child_raises_the_calls => "AID-0108": || at(1, |grant| grant.calls = Some(3));
    threat_05_child_accepts_older_states => "AID-0105": || last(|grant| grant.max_staleness = 6);
    threat_05_child_allows_what_is_less_reversible => "AID-0106": || at(1, |grant| {
        grant.class = Reversibility::Compensable;
    });
    threat_05_a_call_less_reversible_than_granted => "AID-0123": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, grant| grant.class = Reversibility::Read);
        cast.case(grants, |call| call.class = Reversibility::Reversible)
    };
    threat_05_child_asks_fewer_approvers => "AID-0110": || weaker(|over| over.threshold = 1);
    threat_05_child_asks_other_approvers => "AID-0110": || weaker(|over| over.approvers = vec![AutoId([1; 32]), AutoId([2; 32])]);
    threat_05_child_asks_for_approval_later => "AID-0110": || weaker(|over| over.amount += 1);
    threat_05_child_asks_about_another_asset => "AID-0110": || weaker(|over| over.asset = "gold".parse().unwrap());
    threat_05_child_drops_the_approval => "AID-0110": || {
        let cast = Cast::new();
        let over = over(&[&cast.person], 1);
        let grants = cast.chain(|link, grant| {
            if link == 0 {
                grant.approve_over.clone_from(&over);
            }
        });
        cast.case(grants, |_| {})
    };
    threat_07_amounts_at_the_end_of_numbers => "AID-0125": || {
        let cast = Cast::new();
        let all = u128::MAX;
        let grants = cast.chain(|_, grant| {
            grant.meters = vec![Meter { per_call: all - 1, total: all, ..meter(0, all) }];
        });
        let payee = cast.bystander.clone();
        cast.case(grants, |call| pay(call, all, &payee))
    };
    threat_08_depth_exceeded => "AID-0101": || at(0, |grant| grant.max_depth = 1);
    threat_08_depth_not_counted_down => "AID-0101": || last(|grant| grant.max_depth = 3);
    threat_08_more_than_eight_grants => "AID-0096": || {
        let mut case = Cast::new().plain();
        case.grants = vec![case.grants[0].clone(); 9];
        case
    };
    threat_09_grants_reordered => "AID-0091": || {
        let mut case = Cast::new().plain();
        case.grants.swap(0, 1);
        case
    };
    threat_09_grants_in_the_order_of_another_parent => "AID-0098": || {
        let mut case = Cast::new().plain();
        case.grants.swap(1, 2);
        case
    };
    threat_09_a_link_of_another_chain_to_the_same_holder => "AID-0098": || {
        let cast = Cast::new();
        let mut grants = cast.chain(|_, _| {});
        let other = cast.chain(|link, grant| {
            if link == 0 {
                grant.nonce = [0xee; 16];
            }
        });
        grants[1] = other[1].clone();
        cast.case(grants, |_| {})
    };
    threat_09_a_chain_other_than_the_call_names => "AID-0097": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        let mut case = cast.clone().case(grants, |_| {});
        case.grants = cast.chain(|link, grant| {
            if link == 2 {
                grant.nonce = [0xee; 16];
            }
        });
        case
    };
    threat_10_issuer_is_not_the_holder => "AID-0099": || {
        let cast = Cast::new();
        let mut grants = cast.chain(|_, _| {});
        grants.pop();
        let stolen = grant(&cast.bystander, &cast.second, &cast.person, grants.last());
        grants.push(sign(stolen, &cast.bystander));
        cast.case(grants, |_| {})
    };
    threat_11_owner_switched => "AID-0100": || {
        let cast = Cast::new();
        let owner = cast.bystander.id;
        let grants = cast.chain(|link, grant| {
            if link == 2 {
                grant.sub = owner;
            }
        });
        cast.case(grants, |_| {})
    };
    threat_14_revoked_leaf => "AID-0114": || revoked(|cast| &cast.agent, 2);
    threat_14_revoked_middle => "AID-0114": || revoked(|cast| &cast.org, 3);
    threat_14_revoked_root => "AID-0114": || revoked(|cast| &cast.person, 4);
    threat_14_another_issuers_bit_does_nothing => "ok": || revoked(|cast| &cast.bystander, 2);
    threat_15_suspended_issuer => "AID-0032": || after(|cast| {
        let (org, person) = (cast.org.clone(), cast.person.clone());
        cast.world.act_as(&org.id, suspend(), &person).unwrap();
    });
    threat_15_revoked_owner => "AID-0032": || after(|cast| {
        let person = cast.person.clone();
        cast.world.act_as(&person.id, revoke(), &person).unwrap();
    });
    threat_15_actor_below_a_revoked_ancestor => "AID-0033": || {
        let mut cast = Cast::new();
        let grants = vec![sign(grant(&cast.bystander, &cast.second, &cast.bystander, None), &cast.bystander)];
        let (org, person) = (cast.org.clone(), cast.person.clone());
        cast.world.act_as(&org.id, revoke(), &person).unwrap();
        cast.case(grants, |_| {})
    };
    threat_16_stale_epoch => "AID-0115": || after(|cast| {
        let org = cast.org.clone();
        cast.world.act_as(&org.id, Action::BumpEpoch, &org).unwrap();
    });
    threat_16_epoch_ahead_of_the_state => "AID-0116": || at(1, |grant| grant.epoch = 1);
    threat_16_counter_ahead_of_the_state => "AID-0116": || at(1, |grant| grant.iss_seq = 1);
    threat_17_snapshot_too_old => "AID-0117": || {
        let mut case = Cast::new().plain();
        case.trust.head += 6;
        case
    };
    threat_17_snapshot_too_old_for_one_grant => "AID-0117": || {
        let mut case = last(|grant| grant.max_staleness = 2);
        case.trust.head += 3;
        case
    };
    threat_17_snapshot_of_the_last_allowed_age => "ok": || {
        let mut case = Cast::new().plain();
        case.trust.head += 5;
        case
    };
    threat_19_revocation_hits_a_grant_issued_again_in_its_place => "AID-0114": || {
        let mut cast = Cast::new();
        let agent = cast.agent.id;
        cast.world.revoked.insert((agent, 0, 2));
        let grants = cast.chain(|link, grant| {
            if link == 2 {
                grant.nonce = [0xee; 16];
            }
        });
        cast.case(grants, |_| {})
    };
    threat_19_revocation_spares_a_grant_in_another_place => "ok": || {
        let mut cast = Cast::new();
        let agent = cast.agent.id;
        cast.world.revoked.insert((agent, 0, 2));
        let grants = cast.chain(|link, grant| {
            if link == 2 {
                grant.rev = RevocationPlace { list: 1, index: 2 };
            }
        });
        cast.case(grants, |_| {})
    };
    threat_21_call_on_another_network => "AID-0098": || {
        let mut case = Cast::new().plain();
        case.trust.genesis.0[31] ^= 1;
        case
    };
    threat_21_call_replayed_after_its_end => "AID-0131": || {
        let mut case = Cast::new().plain();
        case.trust.now = Time(NOW.0 + 60);
        case
    };
    threat_21_call_that_would_live_too_long => "AID-0132": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        cast.case(grants, |call| call.exp = Time(NOW.0 + 301))
    };
    threat_22_call_for_another_audience => "AID-0133": || {
        let mut case = Cast::new().plain();
        case.trust.audience = AutoId([7; 32]);
        case
    };
    threat_23_call_through_another_channel => "AID-0134": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        let mut case = cast.case(grants, |call| call.binding = Some([1; 32]));
        case.trust.binding = Some([2; 32]);
        case
    };
    threat_23_unbound_call_through_a_channel => "AID-0134": || {
        let mut case = Cast::new().plain();
        case.trust.binding = Some([2; 32]);
        case
    };
    threat_24_stolen_chain_in_the_thiefs_name => "AID-0135": || {
        let cast = Cast::new();
        let grants = cast.chain(|_, _| {});
        let body = call(&cast.bystander, &cast.service, &grants);
        let stolen = Sign1::sign(body, &GENESIS, 0, &cast.bystander.key).unwrap();
        let mut case = cast.case(grants, |_| {});
        case.call = stolen;
        case
    };
    threat_24_stolen_chain_with_the_thiefs_key => "AID-0136": || {
        let cast = Cast::new();
        let thief = cast.bystander.key.clone();
        let mut case = cast.plain();
        case.call = Sign1::sign(case.call.body().clone(), &GENESIS, 0, &thief).unwrap();
        case
    };
    threat_24_grant_with_a_strangers_key => "AID-0111": || {
        let cast = Cast::new();
        let mut grants = cast.chain(|_, _| {});
        grants[1] = sign(grants[1].body().clone(), &cast.bystander);
        cast.case(grants, |_| {})
    };
    threat_24_key_that_was_rotated_out => "AID-0010": || after(|cast| {
        let agent = cast.agent.clone();
        let keys = crate::world::single(1, &agent.next);
        let rotate = Action::Rotate { keys, next: [0; 32] };
        cast.world.act(&agent.id, rotate, &[(&agent, 0, &agent.key), (&agent, 1, &agent.next)]).unwrap();
    });
    threat_25_arguments_outside_the_policy => "AID-0118": || {
        arguments(0, in_room("blue"), Some(room("red")))
    };
    threat_25_arguments_not_shown => "AID-0120": || arguments(0, in_room("blue"), None);
    threat_26_approval_missing => "AID-0127": || approved(1, &[], |_| {});
    threat_26_too_few_approvals => "AID-0127": || approved(2, &[|cast| &cast.org], |_| {});
    threat_26_approval_of_another_call => "AID-0128": || {
        approved(1, &[|cast| &cast.org], |approval| approval.call.0[0] ^= 1)
    };
    threat_26_approval_by_one_who_is_not_asked => "AID-0130": || {
        approved(1, &[|cast| &cast.bystander], |_| {})
    };
    threat_26_one_approver_twice => "AID-0130": || {
        approved(2, &[|cast| &cast.org, |cast| &cast.org], |_| {})
    };
    threat_26_approval_in_anothers_name => "AID-0137": || {
        let mut case = approved(1, &[|cast| &cast.org], |_| {});
        let body = case.approvals[0].body().clone();
        case.approvals = vec![Sign1::sign(body, &GENESIS, 0, &Cast::new().second.key).unwrap()];
        case
    };
    threat_26_approval_that_has_ended => "AID-0129": || {
        approved(1, &[|cast| &cast.org], |approval| approval.exp = NOW)
    };
    threat_27_payment_after_the_revocation => "AID-0114": || {
        let mut case = payment(1, |_, _| {});
        let issuer = case.grants[1].body().iss;
        case.world.revoked.insert((issuer, 0, 3));
        case
    };
    threat_62_policy_that_burns_its_budget => "AID-0119": || {
        let long = "a".repeat(3_000);
        let glob = "*a".repeat(40) + "b";
        let bomb = Statement::Like(".text".parse().unwrap(), glob);
        let args = Value::map(vec![("text".into(), Value::Text(long))]).unwrap();
        arguments(2, bomb, Some(args))
    };
}

#[test]
fn threat_06_every_meter_above_is_debited() {
    let case = payment(10, |_, _| {});
    let authorized = case.verify().unwrap();
    let ids: Vec<GrantId> = case.grants.iter().rev().map(|grant| grant.id(&GENESIS)).collect();
    assert_eq!(authorized.debits.iter().map(|debit| debit.grant).collect::<Vec<_>>(), ids);
    assert!(authorized.debits.iter().all(|debit| debit.amount == 10 * AI3 && debit.total));
}

#[test]
fn threat_06_a_carved_meter_spares_the_totals_above_and_no_window() {
    let case = payment(10, |link, grant| {
        if link == 1 {
            grant.meters[0].mode = Mode::Carved;
        }
    });
    let totals: Vec<bool> = case.verify().unwrap().debits.iter().map(|debit| debit.total).collect();
    assert_eq!(totals, [true, true, false]);
}
