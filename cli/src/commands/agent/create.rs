//! `auto agent create`.

use crate::commands::grant::give::{CAN_HELP, drawn, said};
use crate::commands::id::life::make;
use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::session::{Plan, Sending, Session};
use auto_agents::Protocol;
use auto_core::Amount;
use auto_sdk::KeyError;
use auto_sdk::agent::{Card, Permission, SkillCard, register};
use auto_sdk::identity::Founding;
use auto_sdk::identity::grant::store;
use autoid_core::Kind;
use clap::Args;
use serde_json::json;

/// Make an agent under an identity, register it, and grant it something: in one transaction.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent create trader --owner alice --can 'spend<=10/day'
  auto agent create booker --owner bob --purpose 'books rooms' --skill book-room:berlin --price 2 --json", after_long_help = CAN_HELP)]
pub(super) struct Create {
    /// Its name here.
    name: String,
    /// The identity that it is placed under and that answers for it, whose key is in the keystore.
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// What the owner grants to it; --help has the clauses.
    #[arg(long, value_name = "SENTENCE")]
    can: Option<Permission>,
    /// What it is for [default: its name].
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Something that it can do, and tags to find it by; may be given several times.
    #[arg(long = "skill", value_name = "NAME[:TAG,...]", value_parser = skill)]
    skills: Vec<SkillCard>,
    /// Where it is reached; may be given several times.
    #[arg(long = "endpoint", value_name = "a2a|mcp|http=URL", value_parser = endpoint)]
    endpoints: Vec<(Protocol, String)>,
    /// What a call costs, in AI3.
    #[arg(long)]
    price: Option<Amount>,
    /// What is staked on it, in AI3.
    #[arg(long, default_value = "0")]
    stake: Amount,
    /// Blocks for which searches find it.
    #[arg(long, value_name = "BLOCKS", default_value_t = Card::LIVE_BLOCKS)]
    live: u64,
    #[command(flatten)]
    sending: Sending,
}

fn skill(text: &str) -> Result<SkillCard, String> {
    let (name, tags) = text.split_once(':').unwrap_or((text, ""));
    let tags = tags.split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    Ok(SkillCard { name: name.to_owned(), tags })
}

fn endpoint(text: &str) -> Result<(Protocol, String), String> {
    let (protocol, url) = text.split_once('=').ok_or("write it as a2a=https://...")?;
    let protocol = match protocol {
        "a2a" => Protocol::A2a,
        "mcp" => Protocol::Mcp,
        "http" => Protocol::Http,
        _ => return Err("the protocol is a2a, mcp or http".to_owned()),
    };
    Ok((protocol, url.to_owned()))
}

pub(super) async fn run(context: &Context, args: &Create) -> Result<(), CliError> {
    let Create { name, owner, sending, .. } = args;
    if context.keystore().identity_path(name)?.exists() {
        return Err(KeyError::IdentityExists(name.clone()).into());
    }
    if name == owner {
        return Err(Fault::Usage("the agent and its owner have one name".to_owned()).into());
    }
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, owner)?;
    let parent = session.key(owner).await?;
    let password = context.new_password(&format!("New password of the agent {name}: "))?;
    let founding = Founding::of(Kind::Agent);
    let made = make(&mut session, name, founding, Some(&parent), password.as_bytes()).await?;
    session.call(made.id, name);
    let card = Card {
        purpose: args.purpose.clone().unwrap_or_else(|| name.clone()),
        skills: args.skills.clone(),
        endpoints: args.endpoints.clone(),
        price: args.price,
        stake: args.stake,
        live_blocks: args.live,
        ..Card::default()
    };
    let profile = card.profile(parent.id(), session.state.point().block)?;
    let did = made.id.did(&session.state.network()).to_string();
    let mut calls = vec![made.call.clone(), register(&mut session.state, &made.key, profile).await?];
    let mut effects = vec![
        format!("begins the agent {name} under {owner}: {did}"),
        format!("registers it, so that searches find it for {} blocks", args.live),
    ];
    if !args.stake.is_zero() {
        effects.push(format!("stakes {} on it", args.stake));
    }
    let mut grant = None;
    if let Some(can) = &args.can {
        let signed = drawn(&mut session, &parent, made.id, can, None).await?;
        effects.extend(said(&session, signed.body()));
        grant = Some(signed.id(&session.state.network()).to_string());
        calls.push(store(signed)?);
    }
    let data = json!({
        "name": name, "id": made.id.to_string(), "did": did, "owner": parent.id().to_string(), "grant": grant,
        "can": args.can.as_ref().map(ToString::to_string),
    });
    let plan = Plan { calls, effects, data, grave: false };
    let Some(approved) = session.approve(sending, &payer, plan).await? else { return Ok(()) };
    let sent = made.kept(context, session.send(sending, approved)).await?;
    let grant = grant.map_or_else(String::new, |grant| format!("\ngrant {grant}"));
    session.finish(&sent, &format!("{name} is {did}{grant}"));
    Ok(())
}
