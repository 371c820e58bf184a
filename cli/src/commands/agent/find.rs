//! `auto agent find`.

use crate::context::Context;
use crate::error::CliError;
use crate::session::{Place, Session};
use crate::ui::table;
use auto_agents::view;
use auto_core::Amount;
use auto_sdk::Wanted;
use clap::Args;
use serde_json::json;

/// Find agents by what they can do.
///
/// The node's index finds them: live agents first, then those with the most at stake. Their records are then read
/// over proofs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent find --skill book-room
  auto agent find 'rooms in berlin' --price-max 3 --json")]
pub(super) struct Find {
    /// Words of its purpose, its skills or its tags.
    #[arg(default_value = "", hide_default_value = true)]
    words: String,
    /// A skill or tag that it must have; may be given several times.
    #[arg(long = "skill", value_name = "NAME")]
    skills: Vec<String>,
    /// Who answers for it.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The most that a call may cost, in AI3.
    #[arg(long, value_name = "AMOUNT")]
    price_max: Option<Amount>,
    /// The least stake.
    #[arg(long, value_name = "AMOUNT")]
    stake_min: Option<Amount>,
    /// Also those whose time is over.
    #[arg(long)]
    all: bool,
    /// Rows, at most 100.
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    limit: u32,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(context: &Context, args: &Find) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let owner = match &args.owner {
        Some(name) => Some(session.identity(name).await?),
        None => None,
    };
    let wanted = Wanted {
        skills: args.skills.clone(),
        text: args.words.clone(),
        owner,
        price_max: args.price_max,
        stake_min: args.stake_min,
        include_expired: args.all,
    };
    let (mut rows, mut data) = (Vec::new(), Vec::new());
    for id in session.there.agents(&wanted, args.limit).await? {
        // What the index knows and the state does not yet, or not any more, is left out.
        let Some(record) = session.state.view(|state| view::record(state, &id)).await? else { continue };
        let profile = &record.profile;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let skills: Vec<String> = profile.skills.iter().map(|skill| text(&skill.id)).collect();
        let price = profile.price.map(|price| Amount::from_base_units(price.amount));
        let costs = price.map_or_else(|| "free".to_owned(), |price| price.to_string());
        rows.push(vec![session.called(&id), skills.join(", "), costs, text(&profile.purpose)]);
        data.push(json!({
            "did": id.did(&session.state.network()).to_string(), "name": session.name(&id), "skills": skills,
            "price": price, "stake": profile.stake, "purpose": text(&profile.purpose),
            "live_until": profile.live_until, "owner": profile.owner.to_string(),
        }));
    }
    context.ui.result(&data, &table(&["agent", "skills", "price", "purpose"], &rows));
    Ok(())
}
