//! Calls and events of agents. Identities are named by the last part of their DID.

use super::autoid::{listed, or_none, payee, signed};
use crate::described::Described;
use auto_agents::{
    Action, AgentRecord, Call, Claim, Deed, Ending, Entry, Event, Intent, Order, Outcome, Profile,
};
use autoid_core::Spend;

fn spent(told: Described, spend: Option<&Spend>) -> Described {
    match spend {
        Some(spend) => {
            told.with("asset", spend.asset).with("amount", spend.amount).with("payee", payee(&spend.payee))
        }
        None => told,
    }
}

fn called_for(told: Described, call: &autoid_core::Call, intent: &Intent) -> Described {
    let told = told
        .with("agent", call.iss)
        .with("command", &call.cmd)
        .with("resource", &call.res)
        .with("grants", listed(&call.chain));
    spent(intended(told, intent), call.spend.as_ref())
}

fn intended(told: Described, intent: &Intent) -> Described {
    told.with("policy", intent.policy).with("model", intent.model).with("inputs", intent.inputs)
}

pub(crate) const fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Succeeded => "succeeded",
        Ending::Failed => "failed",
        Ending::Abandoned => "abandoned",
    }
}

fn reported(told: Described, outcome: &Outcome) -> Described {
    told.with("agent", outcome.agent)
        .with("act", outcome.act)
        .with("status", ending(outcome.status))
        .with("cost", outcome.cost)
}

fn ordered(order: &Order) -> Described {
    let about = |name| Described::new(name).with("agent", order.id).with("number", order.seq);
    match &order.action {
        Action::Register(profile) => profiled(about("Register"), profile),
        Action::Renew { live_until } => about("Renew").with("liveUntil", live_until),
        Action::Retire => about("Retire"),
        Action::Withdraw { from, to, amount } => {
            about("Withdraw").with("from", from).with("to", to).with("amount", amount.base_units())
        }
    }
}

fn profiled(told: Described, profile: &Profile) -> Described {
    let skills: Vec<_> = profile.skills.iter().map(|skill| text(&skill.id)).collect();
    told.with("owner", profile.owner)
        .with("purpose", text(&profile.purpose))
        .with("skills", listed(&skills))
        .with("stake", profile.stake.base_units())
        .with("liveUntil", profile.live_until)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A call of the module.
pub(super) fn called(call: &Call) -> Described {
    match call {
        Call::Deposit(call) => {
            Described::new("Deposit").with("to", call.to).with("amount", call.amount.base_units())
        }
        Call::Order(call) => match call.order.open() {
            Ok(order) => ordered(order.body()),
            Err(refusal) => Described::new("Order").with("malformed", refusal),
        },
        Call::Act(act) => signed(Described::new("Act"), &act.call, |told, call| {
            called_for(told, call.body(), &act.intent).with("approvals", act.approvals.len())
        }),
        Call::Open(open) => signed(Described::new("OpenEscrow"), &open.call, |told, call| {
            called_for(told, call.body(), &open.intent)
                .with("approvals", open.approvals.len())
                .with("deadline", open.terms.deadline)
                .with("agreement", open.terms.agreement)
        }),
        Call::Settle(call) => match &call.claim {
            Claim::Signed(claim) => signed(Described::new("SettleEscrow"), claim, |told, claim| {
                told.with("escrow", claim.body().escrow).with("amount", claim.body().amount)
            }),
            Claim::Direct { escrow, amount } => {
                Described::new("SettleEscrow").with("escrow", escrow).with("amount", amount.base_units())
            }
        },
        Call::Refund(call) => Described::new("RefundEscrow").with("escrow", call.escrow),
        Call::Report(report) => signed(Described::new("Report"), &report.outcome, |told, outcome| {
            reported(told, outcome.body()).with(
                "confirmedBy",
                or_none(report.confirmation.as_ref().map(|confirmation| confirmation.by)),
            )
        }),
        Call::Fund(call) => Described::new("Fund").with("grant", call.grant),
        Call::Reclaim(call) => Described::new("Reclaim").with("grant", call.grant),
        Call::Clear(call) => Described::new("Clear").with("agent", call.agent),
    }
}

/// An event of the module.
pub(super) fn happened(event: &Event) -> Described {
    match event {
        Event::Registered(record) => registered(record),
        Event::Renewed { agent, live_until } => {
            Described::new("Renewed").with("agent", agent).with("liveUntil", live_until)
        }
        Event::Retired { agent, payer, returned } => Described::new("Retired")
            .with("agent", agent)
            .with("payer", payer)
            .with("returned", returned.base_units()),
        Event::Deposited { to, from, amount } => {
            Described::new("Deposited").with("to", to).with("from", from).with("amount", amount.base_units())
        }
        Event::Withdrawn { from, by, to, amount } => Described::new("Withdrawn")
            .with("from", from)
            .with("by", by)
            .with("to", to)
            .with("amount", amount.base_units()),
        Event::Logged { agent, entry } => logged(agent, entry),
        Event::Opened { escrow, terms } => Described::new("EscrowOpened")
            .with("escrow", escrow)
            .with("agent", terms.agent)
            .with("owner", terms.subject)
            .with("payee", payee(&terms.payee))
            .with("reserved", terms.reserved.base_units())
            .with("deadline", terms.terms.deadline),
        Event::Closed { escrow, paid, returned } => Described::new("EscrowClosed")
            .with("escrow", escrow)
            .with("paid", paid.base_units())
            .with("returned", returned.base_units()),
        Event::Funded { grant, amount } => {
            Described::new("Funded").with("grant", grant).with("amount", amount.base_units())
        }
        Event::Reclaimed { grant, amount } => {
            Described::new("Reclaimed").with("grant", grant).with("amount", amount.base_units())
        }
    }
}

fn registered(record: &AgentRecord) -> Described {
    profiled(Described::new("Registered").with("agent", record.id), &record.profile)
        .with("deposit", record.deposit.base_units())
        .with("payer", record.payer)
}

/// An entry of the log of an agent, named by what it notes.
pub(crate) fn logged(agent: &autoid_core::AutoId, entry: &Entry) -> Described {
    let noted = |name| Described::new(name).with("agent", agent).with("position", entry.position);
    match &entry.deed {
        Deed::Acted { act, call, grant, subject, intent, payment, due } => {
            let told = noted("Acted")
                .with("act", act)
                .with("call", call)
                .with("grant", or_none(*grant))
                .with("owner", subject)
                .with("due", due);
            let told = intended(told, intent);
            match payment {
                Some(payment) => told
                    .with("payee", payee(&payment.payee))
                    .with("amount", payment.amount.base_units())
                    .with("escrowed", payment.escrowed),
                None => told,
            }
        }
        Deed::Ended { act, status, outputs, cost, side_effects, confirmed_by } => noted("Ended")
            .with("act", act)
            .with("status", ending(*status))
            .with("outputs", outputs)
            .with("cost", cost.base_units())
            .with("sideEffects", side_effects)
            .with("confirmedBy", or_none(*confirmed_by)),
        Deed::Missed { act } => noted("Missed").with("act", act),
        Deed::Settled { escrow, grant, paid } => noted("Settled")
            .with("escrow", escrow)
            .with("grant", or_none(*grant))
            .with("paid", paid.base_units()),
        Deed::Refunded { escrow } => noted("Refunded").with("escrow", escrow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::{called as told_call, happened as told};
    use auto_agents::{Agents, Payment};
    use auto_core::{Amount, Blob, Hash};
    use auto_module::Module;
    use autoid_core::{AutoId, CallDigest, Payee, Time};
    use parity_scale_codec::Encode;

    #[test]
    fn an_act_shows_who_for_whom_why_and_what_it_paid() {
        let (agent, owner) = (AutoId([1; 32]), AutoId([2; 32]));
        let intent = Intent { policy: Hash([3; 32]), model: Hash([4; 32]), inputs: Hash([5; 32]) };
        let payment = Payment { payee: Payee::Identity(owner), amount: Amount::ai3(2), escrowed: false };
        let deed = Deed::Acted {
            act: 7,
            call: CallDigest([6; 32]),
            grant: None,
            subject: owner,
            intent,
            payment: Some(payment),
            due: 90,
        };
        let entry = Entry { position: 12, block: 30, time: Time(1), deed };
        let event = Event::Logged { agent, entry: Box::new(entry) };
        let told = told(Agents::ID, &event.encode());
        assert_eq!(told.name, "Acted");
        let (owner, agent) = (owner.to_string(), agent.to_string());
        for (name, value) in [
            ("agent", agent.as_str()),
            ("owner", &owner),
            ("payee", &owner),
            ("amount", "2000000000000000000"),
            ("grant", "none"),
            ("position", "12"),
        ] {
            assert_eq!(told.field(name), Some(value), "{name}");
        }
    }

    #[test]
    fn calls_have_names_and_what_is_no_statement_says_so() {
        let call = |call: &Call| {
            told_call(&auto_core::Call {
                module: Agents::ID,
                payload: Blob::new(call.encode()).expect("short"),
            })
        };
        let deposit = auto_agents::Deposit { to: AutoId([1; 32]), amount: Amount::ai3(3) };
        let paid = call(&Call::Deposit(deposit));
        assert_eq!((paid.name, paid.field("amount")), ("Deposit", Some("3000000000000000000")));
        let order = auto_agents::Carry { order: autoid_interface::Envelope::of_bytes(vec![0; 9]) };
        let carried = call(&Call::Order(Box::new(order)));
        assert_eq!(carried.name, "Order");
        assert!(carried.field("malformed").is_some());
    }
}
