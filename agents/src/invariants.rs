//! What holds after every block.

use crate::budget::MeterUsage;
use crate::escrow::open_by_party;
use crate::money::{deposits_account, escrow_account};
use crate::replay::{CallKey, UsedCall};
use crate::{CALLED, CALLS_QUEUE, ESCROWS, LOGS, Log, PENDING, QUEUE, RECORDS, USAGE, Usage};
use auto_core::{Address, Amount};
use auto_module::bank::ACCOUNTS;
use auto_module::{Contents, Invariant};
use autoid_core::grant::{Grant, Mode};
use autoid_core::{AutoId, GrantId};
use autoid_interface::{GRANTS, OPEN};
use std::collections::BTreeMap;

pub(crate) const INVARIANTS: &[Invariant] = &[
    Invariant { name: "deposits, stakes and escrows are on their accounts", check: money_is_there },
    Invariant { name: "no meter is over its cap", check: caps_hold },
    Invariant { name: "a meter counts what the meters that share it count", check: sums_agree },
    Invariant { name: "what escrows reserve is reserved on their meters", check: reserves_agree },
    Invariant { name: "who has an open escrow is counted", check: open_agrees },
    Invariant { name: "logs grow, and their counters add up", check: logs_grow },
    Invariant { name: "what was spent and called never falls", check: counters_grow },
    Invariant { name: "the queue of used calls holds each of them once", check: queue_is_whole },
];

type Found<T> = Result<T, String>;

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn sum(amounts: impl IntoIterator<Item = Option<Amount>>) -> Found<Amount> {
    let mut amounts = amounts.into_iter();
    let sum = amounts.try_fold(Amount::ZERO, |sum, amount| sum.checked_add(amount?));
    sum.ok_or_else(|| "a sum overflows".to_owned())
}

fn money_is_there(_before: &Contents, after: &Contents) -> Found<()> {
    let held = |account: Address, wanted: Amount| {
        let there = ACCOUNTS.get(after, &account).map_err(text)?.unwrap_or_default().balance;
        // Anyone may send money to these accounts; it is lost to them, not to their owners.
        if there >= wanted { Ok(()) } else { Err(format!("{wanted} held, {there} on the account")) }
    };
    let records = RECORDS.entries(after).map_err(text)?;
    held(deposits_account(), sum(records.iter().map(|(_, record)| record.held()))?)?;
    let escrows = ESCROWS.entries(after).map_err(text)?;
    held(escrow_account(), sum(escrows.iter().map(|(_, escrow)| Some(escrow.reserved)))?)
}

fn grants(contents: &Contents) -> Found<BTreeMap<GrantId, Grant>> {
    let stored = GRANTS.entries(contents).map_err(text)?;
    Ok(stored.into_iter().map(|(id, stored)| (id, stored.grant.body().clone())).collect())
}

fn usages(contents: &Contents) -> Found<BTreeMap<GrantId, Usage>> {
    Ok(USAGE.entries(contents).map_err(text)?.into_iter().collect())
}

fn caps_hold(_before: &Contents, after: &Contents) -> Found<()> {
    let usages = usages(after)?;
    for (id, grant) in grants(after)? {
        let usage = usages.get(&id).cloned().unwrap_or_default();
        if grant.calls.is_some_and(|limit| usage.calls > limit) {
            return Err(format!("{} calls under grant {id}", usage.calls));
        }
        for (meter, at) in grant.meters.iter().zip(0u8..) {
            let used = usage.meter(at);
            let taken = used.taken().ok_or("a sum overflows")?;
            if taken.base_units() > meter.total {
                return Err(format!("grant {id}: {taken} taken of meter {at}"));
            }
            let windowed = used.windowed.base_units();
            if meter.window.is_some_and(|window| windowed > window.cap) {
                return Err(format!("grant {id}: {} taken in one window of meter {at}", used.windowed));
            }
            if used.own > used.spent {
                return Err(format!("grant {id}: more spent by itself than at all"));
            }
        }
    }
    Ok(())
}

/// Of every meter: what is spent is what its own grant spent and what the meters that share it did; what is carved
/// is what carved meters were given, less what they gave back.
fn sums_agree(_before: &Contents, after: &Contents) -> Found<()> {
    let (grants, usages) = (grants(after)?, usages(after)?);
    let used =
        |id: &GrantId, at: u8| usages.get(id).map_or_else(MeterUsage::default, |usage| usage.meter(at));
    for (id, grant) in &grants {
        let children: Vec<_> = grants.iter().filter(|(_, child)| child.parent == Some(*id)).collect();
        for (meter, at) in grant.meters.iter().zip(0u8..) {
            let own = used(id, at);
            let (mut spent, mut carved) = (vec![Some(own.own)], Vec::new());
            for (child_id, child) in &children {
                let Some((position, below)) = child.meter(meter.asset) else { continue };
                let below_used = used(child_id, u8::try_from(position).map_err(text)?);
                if below.mode == Mode::Shared {
                    spent.push(Some(below_used.spent));
                    carved.push(Some(below_used.carved));
                } else if below_used.funded {
                    carved.push(Amount::from_base_units(below.total).checked_sub(below_used.returned));
                }
            }
            // Grants that ran out may be gone, and what they counted with them.
            if own.spent < sum(spent)? || own.carved < sum(carved)? {
                return Err(format!("grant {id}, meter {at}: the meters below count more"));
            }
        }
    }
    Ok(())
}

fn reserves_agree(_before: &Contents, after: &Contents) -> Found<()> {
    let mut wanted: BTreeMap<(GrantId, u8), Amount> = BTreeMap::new();
    for (_, escrow) in ESCROWS.entries(after).map_err(text)? {
        for place in escrow.meters.iter() {
            let entry = wanted.entry((place.grant, place.position)).or_default();
            *entry = entry.checked_add(escrow.reserved).ok_or("a sum overflows")?;
        }
    }
    for (id, usage) in usages(after)? {
        for (meter, at) in usage.meters.iter().zip(0u8..) {
            let wanted = wanted.remove(&(id, at)).unwrap_or_default();
            if meter.reserved != wanted {
                return Err(format!("grant {id}: {} reserved, escrows of {wanted}", meter.reserved));
            }
        }
    }
    if wanted.is_empty() { Ok(()) } else { Err("an escrow is reserved on no meter".to_owned()) }
}

fn open_agrees(_before: &Contents, after: &Contents) -> Found<()> {
    let escrows = ESCROWS.entries(after).map_err(text)?;
    let wanted = open_by_party(escrows.iter().map(|(_, escrow)| escrow));
    let counted: BTreeMap<AutoId, u64> = OPEN.entries(after).map_err(text)?.into_iter().collect();
    if counted == wanted { Ok(()) } else { Err(format!("{counted:?} counted, escrows of {wanted:?}")) }
}

fn logs(contents: &Contents) -> Found<BTreeMap<AutoId, Log>> {
    Ok(LOGS.entries(contents).map_err(text)?.into_iter().collect())
}

fn logs_grow(before: &Contents, after: &Contents) -> Found<()> {
    let new = logs(after)?;
    let pending = PENDING.entries(after).map_err(text)?;
    for (id, log) in &new {
        let waiting = pending.iter().filter(|((owner, _), _)| owner == id).count();
        if u64::try_from(waiting) != Ok(log.waiting()) {
            return Err(format!("{id}: {waiting} acts wait, {} counted", log.waiting()));
        }
    }
    for (id, old) in logs(before)? {
        let Some(log) = new.get(&id) else { return Err(format!("the log of {id} is gone")) };
        let fell = log.len() < old.len()
            || log.acts < old.acts
            || log.ended < old.ended
            || log.missed < old.missed
            || log.paid < old.paid;
        if fell || (log.len() == old.len() && log.root() != old.root()) {
            return Err(format!("the log of {id} was changed"));
        }
    }
    Ok(())
}

fn counters_grow(before: &Contents, after: &Contents) -> Found<()> {
    let new = usages(after)?;
    for (id, old) in usages(before)? {
        let Some(usage) = new.get(&id) else { return Err(format!("the usage of grant {id} is gone")) };
        let fell = |(old, at): (&MeterUsage, u8)| {
            let meter = usage.meter(at);
            meter.spent < old.spent || meter.own < old.own || meter.returned < old.returned
        };
        if usage.calls < old.calls || old.meters.iter().zip(0u8..).any(fell) {
            return Err(format!("a counter of grant {id} fell"));
        }
    }
    Ok(())
}

fn queue_is_whole(_before: &Contents, after: &Contents) -> Found<()> {
    let called: Vec<(CallKey, ())> = CALLED.entries(after).map_err(text)?;
    let queued: Vec<(u64, UsedCall)> = CALLS_QUEUE.entries(after).map_err(text)?;
    let ends = QUEUE.get(after).map_err(text)?.unwrap_or_default();
    let in_place = queued.iter().all(|(at, used)| {
        (ends.head..ends.tail).contains(at) && called.iter().any(|(key, ())| *key == used.key)
    });
    let span = ends.tail.checked_sub(ends.head);
    let lengths = (u64::try_from(queued.len()).ok(), u64::try_from(called.len()).ok());
    if in_place && lengths == (span, span) { Ok(()) } else { Err(format!("{lengths:?} calls, {ends:?}")) }
}
