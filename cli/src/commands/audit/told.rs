//! An audit as people and programs read it.

use crate::ui::table;
use auto_agents::{Deed, Ending, Entry};
use auto_sdk::audit::{Audited, GrantFinding};
use autoid_core::{Answerer, AutoId, Payee};
use serde_json::{Value, json};

const fn ending(status: Ending) -> &'static str {
    match status {
        Ending::Succeeded => "succeeded",
        Ending::Failed => "failed",
        Ending::Abandoned => "abandoned",
    }
}

/// What happened, in words.
pub(super) fn deed(
    deed: &Deed,
    called: &dyn Fn(&AutoId) -> String,
    paid: &dyn Fn(&Payee) -> String,
) -> String {
    match deed {
        Deed::Acted { act, subject, payment, .. } => {
            let payment = payment.as_ref().map_or_else(String::new, |payment| {
                let verb = if payment.escrowed { "reserves" } else { "pays" };
                format!(", {verb} {} to {}", payment.amount, paid(&payment.payee))
            });
            format!("act {act} for {}{payment}", called(subject))
        }
        Deed::Ended { act, status, confirmed_by, .. } => {
            let by = confirmed_by.map_or_else(String::new, |by| format!(", confirmed by {}", called(&by)));
            format!("act {act} {}{by}", ending(*status))
        }
        Deed::Missed { act } => format!("act {act}: nobody said what came of it"),
        Deed::Settled { escrow, paid, .. } => format!("escrow {escrow} paid {paid}"),
        Deed::Refunded { escrow } => format!("escrow {escrow} went back"),
    }
}

/// An entry as data.
pub(super) fn entry(entry: &Entry) -> Value {
    let mut data = match &entry.deed {
        Deed::Acted { act, call, grant, subject, intent, payment, due } => json!({
            "what": "acted", "act": act, "call": call.to_string(), "grant": grant.map(|grant| grant.to_string()),
            "subject": subject.to_string(), "due": due,
            "intent": { "policy": intent.policy, "model": intent.model, "inputs": intent.inputs },
            "payment": payment.as_ref().map(|payment| json!({
                "payee": match &payment.payee {
                    Payee::Identity(id) => id.to_string(),
                    Payee::Address(address) => auto_core::Address(*address).to_string(),
                },
                "amount": payment.amount, "escrowed": payment.escrowed,
            })),
        }),
        Deed::Ended { act, status, outputs, cost, confirmed_by, .. } => json!({
            "what": "ended", "act": act, "status": ending(*status), "outputs": outputs, "cost": cost,
            "confirmed_by": confirmed_by.map(|id| id.to_string()),
        }),
        Deed::Missed { act } => json!({ "what": "missed", "act": act }),
        Deed::Settled { escrow, grant, paid } => json!({
            "what": "settled", "escrow": escrow.to_string(), "grant": grant.map(|grant| grant.to_string()), "paid": paid,
        }),
        Deed::Refunded { escrow } => json!({ "what": "refunded", "escrow": escrow.to_string() }),
    };
    data["position"] = json!(entry.position);
    data["block"] = json!(entry.block);
    data["time"] = json!(entry.time.0);
    data
}

fn answerer(one: &Answerer) -> Value {
    json!({ "id": one.id.to_string(), "kind": one.kind.name(), "status": one.status.name() })
}

fn grant(found: &GrantFinding) -> Value {
    json!({
        "grant": found.id.to_string(), "stored": found.grant.is_some(), "spent": found.spent,
        "issuer": found.grant.as_ref().map(|grant| grant.iss.to_string()),
        "holds": found.grant.is_some() && found.refusal.is_none(),
        "code": found.refusal.as_ref().map(autoid_core::Refusal::code),
    })
}

/// An audit as data.
pub(crate) fn data(audited: &Audited) -> Value {
    json!({
        "proven": true, "agent": audited.agent.did(&audited.network).to_string(), "domain": audited.domain,
        "domain_block": audited.point.block, "block": audited.block, "block_hash": audited.block_hash,
        "pinned": audited.is_pinned, "confirmed": audited.is_confirmed, "whole": audited.extract.is_whole(),
        "entries": audited.extract.entries.iter().map(entry).collect::<Vec<_>>(),
        "grants": audited.grants.iter().map(grant).collect::<Vec<_>>(),
        "answers": audited.findings.answerers.iter().map(answerer).collect::<Vec<_>>(),
    })
}

/// An audit in words; `called` and `paid` name identities and payees.
pub(crate) fn text(
    audited: &Audited,
    called: &dyn Fn(&AutoId) -> String,
    paid: &dyn Fn(&Payee) -> String,
) -> String {
    let rows: Vec<_> = audited
        .extract
        .entries
        .iter()
        .map(|entry| {
            vec![entry.position.to_string(), entry.block.to_string(), deed(&entry.deed, called, paid)]
        })
        .collect();
    let mut lines = vec![table(&["entry", "block", "what"], &rows), String::new()];
    for found in &audited.grants {
        let spent = found.spent.map_or_else(String::new, |spent| format!("{spent} spent, "));
        let holds = match (&found.grant, &found.refusal) {
            (None, _) => "ran out, and is forgotten".to_owned(),
            (_, None) => "holds".to_owned(),
            (_, Some(refusal)) => format!("does not hold any more: {} ({refusal})", refusal.code()),
        };
        let from =
            found.grant.as_ref().map_or_else(String::new, |grant| format!("from {}: ", called(&grant.iss)));
        lines.push(format!("grant {}: {from}{spent}{holds}", found.id));
    }
    let way: Vec<String> = audited
        .findings
        .answerers
        .iter()
        .map(|one| format!("{} ({}, {})", called(&one.id), one.kind.name(), one.status.name()))
        .collect();
    lines.push(format!("answered for by {}", way.join(" <- ")));
    let confirmed = if audited.is_confirmed { "confirmed" } else { "not confirmed yet" };
    lines.push(format!(
        "proven for block {} of domain {}, {confirmed}, by consensus block {} ({})",
        audited.point.block, audited.domain, audited.block, audited.block_hash
    ));
    lines.join("\n")
}
