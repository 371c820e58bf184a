//! What the booker was not granted: five ways beyond, each refused by the chain by a rule of its own.

use super::Journey;
use super::booking::signed;
use super::cast::account;
use super::granting::{Cast, booking, terms};
use crate::error::{CliError, internal};
use crate::progress::told;
use auto_agents::AgentsError;
use auto_core::{Amount, Call, ErrorCode as _};
use auto_sdk::agent::Errand;
use auto_sdk::identity::grant;
use autoid_core::{Asset, GrantId, Refusal};
use std::time::Instant;

/// A try, and the code that it has to end in.
struct Try {
    what: &'static str,
    code: &'static str,
    call: Call,
}

/// An errand that differs from a booking that is allowed.
async fn other(
    journey: &Journey<'_>,
    cast: &Cast,
    chain: &[GrantId],
    change: impl FnOnce(Errand) -> Result<Errand, CliError>,
) -> Result<Call, CliError> {
    let errand = change(booking("room:berlin/7", Amount::ai3(1), "carol")?)?;
    Ok(signed(journey, cast, chain, &errand).await?.0)
}

/// A grant by which the booker would let Bob's identity pay more than it may itself.
async fn wider(journey: &Journey<'_>, cast: &Cast, chain: &[GrantId]) -> Result<Call, CliError> {
    let mut state = journey.stage.state().await?;
    let narrow = terms(&mut state, "spend<=1 do room/book on room:berlin/**").await?;
    let drawn =
        grant::issue(&mut state, &cast.booker.key, cast.bob.id(), &narrow, chain.last().copied()).await?;
    // The SDK refuses to draw up what is wider, so it is widened behind its back.
    let mut body = drawn.body().clone();
    for meter in &mut body.meters {
        meter.total = Amount::ai3(1_000).base_units();
    }
    Ok(grant::store(grant::sign(body, &cast.booker.key)?)?)
}

/// Sends all of them, waits for every verdict, and compares the codes.
pub(super) async fn try_all(
    journey: &mut Journey<'_>,
    cast: &Cast,
    chain: &[GrantId],
) -> Result<(), CliError> {
    let last = chain.last().copied().ok_or_else(|| internal("there is no grant"))?;
    let exhausted = AgentsError::MeterExhausted { grant: last, wanted: Amount::ZERO, left: Amount::ZERO };
    let tries = [
        Try {
            what: "pays more than 3 AI3 at once",
            code: Refusal::OverPerCall { link: 2, asset: Asset::AI3, amount: 0, limit: 0 }.code(),
            call: other(journey, cast, chain, |_| booking("room:berlin/7", Amount::ai3(4), "carol")).await?,
        },
        Try {
            what: "pays somebody else",
            code: Refusal::PayeeNotGranted { link: 2 }.code(),
            call: other(journey, cast, chain, |_| booking("room:berlin/7", Amount::ai3(1), "dave")).await?,
        },
        Try {
            what: "cancels a room, which it was not granted",
            code: Refusal::CommandNotGranted { link: 2 }.code(),
            call: other(journey, cast, chain, |errand| {
                Ok(Errand { command: "/room/cancel".parse().map_err(internal)?, ..errand })
            })
            .await?,
        },
        Try {
            what: "pays 2 AI3 with 1 AI3 of its 8 left",
            code: exhausted.code(),
            call: other(journey, cast, chain, |_| booking("room:berlin/7", Amount::ai3(2), "carol")).await?,
        },
        Try {
            what: "passes on more than it has",
            code: Refusal::MeterWidened { link: 3 }.code(),
            call: wider(journey, cast, chain).await?,
        },
    ];
    let payer = account("bob")?;
    let started = Instant::now();
    let (stage, checks) = (&journey.stage, &mut journey.checks);
    let trying = async {
        let mut verdicts = Vec::new();
        for one in &tries {
            verdicts.push((one, stage.refusal(&payer, one.call.clone()).await?));
        }
        Ok::<_, CliError>(verdicts)
    };
    for (one, verdict) in
        told(journey.ui, "  the booker reaches beyond its grant, five times", trying).await?
    {
        let held = verdict.as_ref().is_some_and(|(code, _)| code == one.code);
        let detail = match verdict {
            Some((code, place)) => format!("{code} {place}"),
            None => "it took effect".to_owned(),
        };
        checks.note(&format!("refused: the booker {}", one.what), held, started.elapsed(), &detail);
    }
    Ok(())
}
