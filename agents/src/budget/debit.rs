//! Debits of meters: all on the way from a grant towards the root, or none.

use super::MeterUsage;
use crate::{AgentsError, USAGE};
use auto_core::Amount;
use auto_state::{StateRead, StateWrite};
use autoid_core::GrantId;
use parity_scale_codec::{Decode, Encode};

/// What a meter allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cap {
    /// In all.
    pub total: Amount,
    /// In each window of so many blocks.
    pub window: Option<(u64, Amount)>,
    /// Whether it has a reserve of its own, so that the meters above are not debited again.
    pub carved: bool,
}

/// A meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    /// The grant.
    pub grant: GrantId,
    /// Position of the meter in the grant.
    pub position: u8,
}

/// A meter that a debit may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stage {
    /// Which one.
    pub place: Place,
    /// What it allows.
    pub cap: Cap,
}

/// What a debit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Money that is paid.
    Pay,
    /// Money that an escrow holds.
    Reserve,
    /// The reserve of a carved meter.
    Carve,
}

/// Counts a debit against the total of a meter.
fn against_total(
    stage: &Stage,
    usage: &mut MeterUsage,
    purpose: Purpose,
    amount: Amount,
) -> Result<(), AgentsError> {
    let taken = usage.taken().ok_or(AgentsError::Overflow)?;
    let wanted = taken.checked_add(amount).ok_or(AgentsError::Overflow)?;
    if wanted > stage.cap.total {
        let left = stage.cap.total.saturating_sub(taken);
        return Err(AgentsError::MeterExhausted { grant: stage.place.grant, wanted: amount, left });
    }
    let field = match purpose {
        Purpose::Pay => &mut usage.spent,
        Purpose::Reserve => &mut usage.reserved,
        Purpose::Carve => &mut usage.carved,
    };
    *field = field.checked_add(amount).ok_or(AgentsError::Overflow)?;
    Ok(())
}

/// Counts a debit against the window of a meter, if it has one.
fn against_window(
    stage: &Stage,
    usage: &mut MeterUsage,
    amount: Amount,
    number: u64,
) -> Result<(), AgentsError> {
    let Some((blocks, most)) = stage.cap.window else { return Ok(()) };
    let window = number.checked_div(blocks).ok_or(AgentsError::Overflow)?;
    if usage.window != window {
        (usage.window, usage.windowed) = (window, Amount::ZERO);
    }
    let windowed = usage.windowed.checked_add(amount).ok_or(AgentsError::Overflow)?;
    if windowed > most {
        let left = most.saturating_sub(usage.windowed);
        return Err(AgentsError::WindowExhausted { grant: stage.place.grant, wanted: amount, left, blocks });
    }
    usage.windowed = windowed;
    Ok(())
}

fn read(state: &(impl StateRead + ?Sized), place: &Place) -> Result<MeterUsage, AgentsError> {
    Ok(USAGE.get(state, &place.grant)?.unwrap_or_default().meter(place.position))
}

fn write(
    state: &mut (impl StateWrite + ?Sized),
    place: &Place,
    meter: MeterUsage,
) -> Result<(), AgentsError> {
    let mut usage = USAGE.get(state, &place.grant)?.unwrap_or_default();
    usage.set(place.position, meter)?;
    USAGE.put(state, &place.grant, &usage);
    Ok(())
}

/// The part of a way whose totals a debit counts against: up to the first carved meter, whose reserve pays for it.
/// The meter at the root has no meter above to be carved from.
fn passed(way: &[Stage]) -> &[Stage] {
    let last = way.len().saturating_sub(1);
    let carved = way.iter().position(|stage| stage.cap.carved).map_or(last, |at| at.min(last));
    way.get(..=carved).unwrap_or(way)
}

/// Debits the meters of `way`, which lists them from the grant that is used up to the root, in the block of
/// height `number`; gives those whose totals were. What is carved counts against no window: it counts when it is
/// spent.
///
/// # Errors
/// The first meter that does not allow it, or a carved one that was never funded; then nothing was written.
pub(crate) fn debit(
    state: &mut (impl StateWrite + ?Sized),
    way: &[Stage],
    purpose: Purpose,
    amount: Amount,
    number: u64,
) -> Result<Vec<Place>, AgentsError> {
    let passed = passed(way).len();
    let mut after = Vec::with_capacity(way.len());
    for (at, stage) in way.iter().enumerate() {
        let mut usage = read(state, &stage.place)?;
        if at < passed {
            if stage.cap.carved && !usage.funded && at.saturating_add(1) < way.len() {
                return Err(AgentsError::NotFunded(stage.place.grant));
            }
            against_total(stage, &mut usage, purpose, amount)?;
        }
        if purpose != Purpose::Carve {
            against_window(stage, &mut usage, amount, number)?;
        }
        if at == 0 && purpose == Purpose::Pay {
            usage.own = usage.own.checked_add(amount).ok_or(AgentsError::Overflow)?;
        }
        after.push((stage.place, usage));
    }
    after.iter().try_for_each(|(place, usage)| write(state, place, *usage))?;
    Ok(after.into_iter().take(passed).map(|(place, _)| place).collect())
}

/// Turns a reserve of `reserved` on the meters that a debit gave into a payment of `paid`, and frees the rest.
///
/// A window keeps what was debited in it: what an escrow gives back cannot be spent twice within a window.
///
/// # Errors
/// When more is paid than was reserved; then nothing was written.
pub(crate) fn settle(
    state: &mut (impl StateWrite + ?Sized),
    places: &[Place],
    reserved: Amount,
    paid: Amount,
) -> Result<(), AgentsError> {
    if paid > reserved {
        return Err(AgentsError::OverReserved { wanted: paid, reserved });
    }
    let mut after = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let mut usage = read(state, place)?;
        usage.reserved = usage.reserved.checked_sub(reserved).ok_or(AgentsError::Overflow)?;
        usage.spent = usage.spent.checked_add(paid).ok_or(AgentsError::Overflow)?;
        if at == 0 {
            usage.own = usage.own.checked_add(paid).ok_or(AgentsError::Overflow)?;
        }
        after.push((place, usage));
    }
    after.into_iter().try_for_each(|(place, usage)| write(state, place, usage))
}

/// Takes the reserve of the carved meter at the start of `way` from the meters above it.
///
/// # Errors
/// When it is not carved, has none above, or is funded already, or a meter above does not allow it; then nothing
/// was written.
pub(crate) fn fund(
    state: &mut (impl StateWrite + ?Sized),
    way: &[Stage],
    number: u64,
) -> Result<Amount, AgentsError> {
    let (own, above) = carved(way)?;
    let mut usage = read(state, &own.place)?;
    if usage.funded {
        return Err(AgentsError::AlreadyFunded(own.place.grant));
    }
    debit(state, above, Purpose::Carve, own.cap.total, number)?;
    usage.funded = true;
    write(state, &own.place, usage)?;
    Ok(own.cap.total)
}

/// Gives what a carved meter has left back to the meters above it. The caller has seen that its grant is of no
/// more use.
///
/// # Errors
/// When it is not carved or was never funded; then nothing was written.
pub(crate) fn reclaim(state: &mut (impl StateWrite + ?Sized), way: &[Stage]) -> Result<Amount, AgentsError> {
    let (own, above) = carved(way)?;
    let mut usage = read(state, &own.place)?;
    if !usage.funded {
        return Err(AgentsError::NotFunded(own.place.grant));
    }
    let taken = usage.taken().ok_or(AgentsError::Overflow)?;
    let left = own.cap.total.checked_sub(taken).ok_or(AgentsError::Overflow)?;
    usage.returned = usage.returned.checked_add(left).ok_or(AgentsError::Overflow)?;
    write(state, &own.place, usage)?;
    for stage in passed(above) {
        let mut usage = read(state, &stage.place)?;
        usage.carved = usage.carved.checked_sub(left).ok_or(AgentsError::Overflow)?;
        write(state, &stage.place, usage)?;
    }
    Ok(left)
}

/// The carved meter at the start of a way, and the meters above it.
fn carved(way: &[Stage]) -> Result<(&Stage, &[Stage]), AgentsError> {
    match way.split_first() {
        Some((own, above)) if own.cap.carved && !above.is_empty() => Ok((own, above)),
        Some((own, _)) => Err(AgentsError::NotCarved(own.place.grant)),
        None => Err(AgentsError::NoMeter),
    }
}
