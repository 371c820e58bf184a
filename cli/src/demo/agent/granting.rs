//! Identities and the grants between them: given, passed on, revoked.

use super::Journey;
use super::cast::{Actor, account, address};
use crate::error::{CliError, internal};
use crate::progress::told;
use auto_core::{Amount, BlockNumber};
use auto_sdk::agent::{Answer, Card, Errand, Permission, SkillCard, can, deposit, register};
use auto_sdk::identity::grant::{self, Parent, Terms};
use auto_sdk::identity::record;
use auto_sdk::{At, DomainClient, DomainState};
use autoid_core::{AutoId, GrantId, Kind, Payee, Refusal};
use std::time::Instant;

/// Money in Alice's vault.
pub(super) const PURSE: Amount = Amount::ai3(50);
/// What the organisation may do for Alice, and the planner for the organisation.
const ORGANISATION: &str = "spend<=30 per-call<=5 do room,calendar on room:**,calendar:** depth 3 calls 100";
const PLANNER: &str = "spend<=20 per-call<=5 do room on room:** depth 2 calls 50";
/// What the booker may do for the planner, beside whom it may pay.
const BOOKER: &str = "spend<=8 per-call<=3 do room/book on room:berlin/** calls 20 depth 1";

/// Everybody.
pub(super) struct Cast {
    pub(super) alice: Actor,
    pub(super) acme: Actor,
    pub(super) planner: Actor,
    pub(super) bob: Actor,
    pub(super) booker: Actor,
    /// The grants from Alice to the organisation and from there to the planner.
    above: [GrantId; 2],
}

/// The errand that the booker is for.
pub(super) fn booking(room: &str, pays: Amount, to: &str) -> Result<Errand, CliError> {
    Ok(Errand {
        command: "/room/book".parse().map_err(internal)?,
        resource: room.parse().map_err(internal)?,
        spend: Some((pays, Payee::Address(address(to)?.0))),
        ..Errand::pay(pays, Payee::Address(address(to)?.0))?
    })
}

/// What a sentence allows.
pub(super) async fn terms(state: &mut DomainState<DomainClient>, text: &str) -> Result<Terms, CliError> {
    // No budget of the journey is for a stretch of time, so the time between blocks does not matter.
    Ok(text.parse::<Permission>()?.terms(state, None, 1_000).await?)
}

/// Begins all identities, fills Alice's vault, registers the agents, and grants down to the planner.
pub(super) async fn begin(journey: &mut Journey<'_>) -> Result<Cast, CliError> {
    let (ui, stage) = (journey.ui, &journey.stage);
    let started = Instant::now();
    let mut state = stage.state().await?;
    let network = state.network();
    let (alice, first) = Actor::begin(Kind::Human, network, None)?;
    let (acme, second) = Actor::begin(Kind::Org, network, Some(&alice))?;
    let (planner, third) = Actor::begin(Kind::Agent, network, Some(&acme))?;
    let (bob, fourth) = Actor::begin(Kind::Human, network, None)?;
    let (booker, fifth) = Actor::begin(Kind::Agent, network, Some(&bob))?;
    let number = state.point().block;
    let planning = Card { purpose: "plans meetings".to_owned(), ..Card::default() };
    let booking = Card {
        purpose: "books rooms for meetings in Berlin".to_owned(),
        skills: vec![SkillCard { name: "book-room".to_owned(), tags: vec!["berlin".to_owned()] }],
        price: Some(Amount::ai3(2)),
        ..Card::default()
    };
    let ours = vec![
        first,
        second,
        third,
        deposit(alice.id(), PURSE)?,
        register(&mut state, &planner.key, planning.profile(alice.id(), number)?).await?,
    ];
    let theirs =
        vec![fourth, fifth, register(&mut state, &booker.key, booking.profile(bob.id(), number)?).await?];
    let (alices, bobs) = (account("alice")?, account("bob")?);
    let founding = async { tokio::try_join!(stage.send(&alices, ours), stage.send(&bobs, theirs)) };
    told(ui, "2/7 alice, her organisation and its agent; bob and his agent", founding).await?;
    let mut state = stage.state().await?;
    let mut grown = true;
    for actor in [&alice, &acme, &planner, &bob, &booker] {
        grown &= record(&mut state, &actor.id()).await?.id == actor.id();
    }
    journey.checks.note(
        "five identities in two trees, two registered agents",
        grown,
        started.elapsed(),
        &format!("{PURSE} in alice's vault"),
    );

    let started = Instant::now();
    let wide = terms(&mut state, ORGANISATION).await?;
    let root = grant::issue(&mut state, &alice.key, acme.id(), &wide, None).await?;
    let above = Parent { id: root.id(&network), grant: root.body() };
    let narrow = terms(&mut state, PLANNER).await?;
    let issuer = record(&mut state, &acme.id()).await?;
    let place = grant::free_place(&mut state, &acme.id()).await?;
    let draft = grant::draft(&issuer, state.point().time, planner.id(), &narrow, Some(above), place)?;
    let middle = grant::sign(draft, &acme.key)?;
    let ids = [root.id(&network), middle.id(&network)];
    let calls = vec![grant::store(root)?, grant::store(middle)?];
    told(ui, "3/7 alice grants to her organisation, it to its agent", stage.send(&alices, calls)).await?;
    journey.checks.note("alice -> acme -> planner", true, started.elapsed(), PLANNER);
    Ok(Cast { alice, acme, planner, bob, booker, above: ids })
}

/// The planner passes part of what it may do on to the agent that it found.
pub(super) async fn pass_on(
    journey: &mut Journey<'_>,
    cast: &Cast,
    found: AutoId,
) -> Result<Vec<GrantId>, CliError> {
    let (ui, stage) = (journey.ui, &journey.stage);
    let started = Instant::now();
    let mut state = stage.state().await?;
    let to = format!("{BOOKER} to {}", address("carol")?);
    let terms = terms(&mut state, &to).await?;
    let [_, middle] = cast.above;
    let leaf = grant::issue(&mut state, &cast.planner.key, found, &terms, Some(middle)).await?;
    let id = leaf.id(&state.network());
    let sending = async { stage.send(&account("alice")?, vec![grant::store(leaf)?]).await };
    told(ui, "5/7 the planner passes part of it on, and the booker books", sending).await?;
    let what = "planner -> booker: less money, one city, one payee";
    journey.checks.note(what, true, started.elapsed(), &format!("{BOOKER} to carol"));
    Ok(cast.above.into_iter().chain([id]).collect())
}

/// The verdict on a booking by the state after a block.
async fn verdict(
    journey: &Journey<'_>,
    cast: &Cast,
    chain: &[GrantId],
    block: u64,
) -> Result<Answer, CliError> {
    let mut state = journey.stage.there.state(At::Block(BlockNumber(block))).await?;
    let last = chain.last().copied().into_iter().collect::<Vec<_>>();
    let errand = booking("room:berlin/7", Amount::ai3(1), "carol")?;
    Ok(can(&mut state, cast.booker.id(), &last, &errand).await?)
}

/// The organisation revokes the planner's grant. The booker's rests on it.
pub(super) async fn revoke(
    journey: &mut Journey<'_>,
    cast: &Cast,
    chain: &[GrantId],
) -> Result<(), CliError> {
    let (ui, stage) = (journey.ui, &journey.stage);
    let started = Instant::now();
    let [_, middle] = cast.above;
    let mut state = stage.state().await?;
    let issuer = record(&mut state, &cast.acme.id()).await?;
    let call = grant::revoke(&issuer, state.point(), middle, Vec::new(), &cast.acme.key)?;
    let payer = account("alice")?;
    let sending = stage.send(&payer, vec![call]);
    let receipt = told(ui, "6/7 the organisation revokes the planner's grant", sending).await?;
    let block = receipt.block.0;
    let before = verdict(journey, cast, chain, block.saturating_sub(1)).await?;
    let after = verdict(journey, cast, chain, block).await?;
    let revoked = Refusal::GrantRevoked { link: 1 }.code();
    let held = matches!(before, Answer::Yes { .. })
        && matches!(&after, Answer::No { code, grant, .. } if *code == revoked && *grant == Some(middle));
    let detail = format!("yes in block {}, {revoked} from block {block} on", block.saturating_sub(1));
    journey.checks.note("the middle grant is revoked within one block", held, started.elapsed(), &detail);

    let started = Instant::now();
    let errand = booking("room:berlin/7", Amount::ai3(1), "carol")?;
    let (call, _) = super::booking::signed(journey, cast, chain, &errand).await?;
    let payer = account("bob")?;
    let trying = journey.stage.refusal(&payer, call);
    let ended = told(ui, "  the booker tries again", trying).await?;
    let held = ended.as_ref().is_some_and(|(code, _)| code == revoked);
    let detail = ended.map_or_else(|| "it took effect".to_owned(), |(code, place)| format!("{code} {place}"));
    journey.checks.note("the leaf is refused from then on", held, started.elapsed(), &detail);
    Ok(())
}
