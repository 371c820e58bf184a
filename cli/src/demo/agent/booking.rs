//! Finding the agent that books, and its bookings.

use super::Journey;
use super::cast::{STEP_MAX, account};
use super::granting::{Cast, booking};
use crate::error::{CliError, Fault, internal};
use crate::progress::told;
use auto_agents::{Ending, Outcome, view};
use auto_core::{Amount, Call, Hash};
use auto_sdk::agent::{self, Errand, told as stated};
use auto_sdk::{DomainStage, Wanted};
use autoid_core::{AutoId, CallDigest, GrantId};
use std::time::{Duration, Instant};

/// How often the index is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// What the bookings pay that take effect, one by one.
pub(super) const PAID: [u32; 3] = [2, 3, 2];

/// The planner looks for an agent by skill, and finds Bob's.
pub(super) async fn discover(journey: &mut Journey<'_>, cast: &Cast) -> Result<AutoId, CliError> {
    let started = Instant::now();
    let wanted = Wanted { skills: vec!["book-room".to_owned()], ..Wanted::default() };
    // The index follows the chain a moment behind.
    let finding = async {
        loop {
            let found = journey.stage.there.agents(&wanted, 10).await?;
            if !found.is_empty() || started.elapsed() > STEP_MAX {
                return Ok::<_, CliError>(found);
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    };
    let found = told(journey.ui, "4/7 the planner looks for an agent that books rooms", finding).await?;
    let held = found == [cast.booker.id()];
    let detail = format!("{} found by the skill `book-room`", found.len());
    journey.checks.note("bob's booker is found by what it can do", held, started.elapsed(), &detail);
    let found = found.into_iter().next();
    found.ok_or_else(|| Fault::CheckFailed("no agent was found".to_owned()).into())
}

/// A signed act of the booker, as a call and by its digest.
pub(super) async fn signed(
    journey: &Journey<'_>,
    cast: &Cast,
    chain: &[GrantId],
    errand: &Errand,
) -> Result<(Call, CallDigest), CliError> {
    let state = journey.stage.state().await?;
    let intent = stated("book a room for the meeting of the team");
    let done = agent::act(&cast.booker.key, state.point(), chain.to_vec(), errand, &intent)?;
    let digest = done.digest;
    Ok((done.carried(Vec::new(), intent)?, digest))
}

/// The booker books three times and pays, and says what came of the first booking.
pub(super) async fn book(
    journey: &mut Journey<'_>,
    cast: &Cast,
    chain: &[GrantId],
) -> Result<Vec<(&'static str, String)>, CliError> {
    let (ui, stage) = (journey.ui, &journey.stage);
    let started = Instant::now();
    let payer = account("bob")?;
    let mut first = None;
    let mut last = None;
    for (number, pays) in (1..).zip(PAID) {
        let errand = booking(&format!("room:berlin/{number}"), Amount::ai3(pays), "carol")?;
        let (call, digest) = signed(journey, cast, chain, &errand).await?;
        first = first.or(Some(digest));
        last = Some(stage.submit(&payer, call).await?);
    }
    let (Some(first), Some(last)) = (first, last) else { return Err(internal("nothing was booked")) };
    let outcome = Outcome {
        agent: cast.booker.id(),
        act: 0,
        call: first,
        status: Ending::Succeeded,
        outputs: Hash([1; 32]).0,
        cost: 0,
        side_effects: Hash::ZERO.0,
    };
    let report = agent::report(&cast.booker.key, outcome, Some(&cast.bob.key))?;
    let ending = async {
        stage.there.follow(last.hash, DomainStage::Executed, STEP_MAX).await?;
        stage.send(&payer, vec![report]).await
    };
    told(ui, "  three bookings, and what came of the first", ending).await?;
    let mut state = stage.state().await?;
    let (owner, agent) = (cast.alice.id(), cast.booker.id());
    let read = |state: &dyn auto_state::StateRead| {
        let left = view::balance(state, &owner)?;
        Ok::<_, auto_agents::AgentsError>((left, view::log(state, &agent)?))
    };
    let (left, log) = state.view(read).await?;
    let spent = Amount::ai3(PAID.iter().sum());
    let held = left.checked_add(spent) == Some(super::granting::PURSE);
    let detail = format!("{spent} paid out of alice's vault, {left} left");
    journey.checks.note("the booker pays within its budget", held, started.elapsed(), &detail);
    let entries = log.len();
    journey.checks.note(
        "each act is in its log, with intent and outcome",
        entries == u64::try_from(PAID.len()).map_err(internal)?.saturating_add(1),
        Duration::ZERO,
        &format!("{entries} entries"),
    );
    Ok(vec![("paid", spent.to_string()), ("log entries", entries.to_string())])
}
