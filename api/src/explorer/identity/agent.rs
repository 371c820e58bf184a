//! Pages of agents.

use super::{Person, ROWS, of_text, reached};
use crate::ApiError;
use crate::cursor::Cursor;
use crate::described::Described;
use crate::explorer::page::{From, render, shown};
use crate::explorer::text;
use crate::explorer::view::Top;
use crate::module::agents::{ending, logged};
use crate::realm::{Realm, Which};
use crate::server::App;
use askama::Template;
use auto_agents::{AgentRecord, DataPolicy, Deed, Ending, Log, Protocol};
use auto_core::{Amount, BlockNumber, Hash};
use auto_index::{AgentQuery, AgentRow, At, Cursor as Place, EntryRow};
use autoid_core::{AutoId, render as words};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use std::collections::BTreeMap;

/// An agent in a list.
#[derive(Debug)]
struct Card {
    person: Person,
    record: AgentRecord,
    owner: Person,
    live: bool,
}

impl Card {
    fn read(realm: &Realm, row: AgentRow) -> Result<Self, ApiError> {
        let person = Person::read(realm, &row.record.id)?;
        let owner = Person::read(realm, &row.record.profile.owner)?;
        Ok(Self { person, owner, live: row.live && row.inactive.is_none(), record: row.record })
    }

    fn skills(&self) -> String {
        self.record.profile.skills.iter().map(|skill| plain(&skill.id)).collect::<Vec<_>>().join(", ")
    }

    fn purpose(&self) -> String {
        plain(&self.record.profile.purpose)
    }

    fn price(&self) -> String {
        price(&self.record)
    }
}

fn plain(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn price(record: &AgentRecord) -> String {
    match &record.profile.price {
        Some(price) => words::amount(price.amount, price.asset),
        None => "no price".to_owned(),
    }
}

/// A list of agents.
#[derive(Debug, Template)]
#[template(path = "agents.html")]
struct AgentsPage {
    top: Top,
    typed: String,
    agents: Vec<Card>,
    older: Option<String>,
}

/// What is looked for, and where the list continues.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    text: String,
    after: Option<String>,
}

/// `/agents`.
pub(crate) async fn agents(State(app): State<App>, Query(wanted): Query<Wanted>) -> Response {
    let page = agents_page(&app, wanted).await;
    shown(&app, page)
}

async fn agents_page(app: &App, wanted: Wanted) -> Result<Response, ApiError> {
    let realm = Realm::open(&*app.node, Which::First, None)?;
    let index = reached(app, &realm).await?;
    let typed: String = wanted.text.trim().chars().take(100).collect();
    let (number, after) = match wanted.after.as_deref().map(Cursor::parse).transpose()? {
        None => (realm.number, None),
        Some(Cursor::Found(number, place)) => (BlockNumber(number), Some(Place::position(place))),
        Some(other) => return Err(ApiError::Cursor(other.text())),
    };
    let query = AgentQuery { text: typed.clone(), ..AgentQuery::default() };
    let found = index.agents(At::block(realm.domain, number), &query, after, ROWS)?;
    let older = found.next.map(|next| {
        let cursor = Cursor::Found(found.block.0, next.value()).text();
        format!("/agents?text={}&after={cursor}", text::encoded(&typed))
    });
    let agents = found.rows.into_iter().map(|(_, row)| Card::read(&realm, row)).collect::<Result<_, _>>()?;
    let quoted = serde_json::Value::from(typed.as_str());
    let query = format!(
        "{{ agents(filter: {{ text: {quoted} }}, first: 25) {{ pageInfo {{ endCursor hasNextPage }} \
         nodes {{ did purpose live stake owner {{ did alias }} skills {{ name }} price {{ asset amount }} }} }} }}"
    );
    let top = Top::new(app, "agents", "Agents", query)?;
    render(&AgentsPage { top, typed, agents, older })
}

/// An entry of a log, with what came of it where it is an act.
#[derive(Debug)]
struct Line {
    told: Described,
    position: u64,
    block: BlockNumber,
    time: String,
    transaction: Option<Hash>,
    /// How an act ended, and the class of that word.
    outcome: Option<(&'static str, &'static str)>,
}

impl Line {
    fn new(id: &AutoId, row: &EntryRow, outcomes: &BTreeMap<u64, (&'static str, &'static str)>) -> Self {
        let entry = &row.entry;
        let outcome = match &entry.deed {
            Deed::Acted { act, .. } => Some(outcomes.get(act).copied().unwrap_or(("waiting", "wait"))),
            _ => None,
        };
        Self {
            told: logged(id, entry),
            position: entry.position,
            block: BlockNumber(entry.block),
            time: entry.time.to_string(),
            transaction: row.extrinsic,
            outcome,
        }
    }
}

/// What came of acts, as far as these entries say.
fn outcomes(rows: &[EntryRow], log: &Log) -> BTreeMap<u64, (&'static str, &'static str)> {
    let mut outcomes = BTreeMap::new();
    for row in rows {
        match &row.entry.deed {
            // Acts before the oldest open one have ended, even where the entry that says how is on another page.
            Deed::Acted { act, .. } if *act < log.oldest => {
                outcomes.entry(*act).or_insert(("ended", "good"));
            }
            Deed::Ended { act, status, .. } => {
                let class = if *status == Ending::Succeeded { "good" } else { "bad" };
                outcomes.insert(*act, (ending(*status), class));
            }
            Deed::Missed { act } => {
                outcomes.insert(*act, ("no outcome in time", "bad"));
            }
            _ => {}
        }
    }
    outcomes
}

/// One agent.
#[derive(Debug, Template)]
#[template(path = "agent.html")]
struct AgentPage {
    top: Top,
    realm: Realm,
    person: Person,
    owner: Person,
    record: AgentRecord,
    log: Log,
    lines: Vec<Line>,
    vault: Amount,
    older: Option<String>,
}

impl AgentPage {
    fn did(&self) -> String {
        self.realm.did(&self.record.id)
    }

    fn purpose(&self) -> String {
        plain(&self.record.profile.purpose)
    }

    fn price(&self) -> String {
        price(&self.record)
    }

    fn is_live(&self) -> bool {
        self.record.is_live(self.realm.number.0)
    }

    fn data(&self) -> &'static str {
        match self.record.profile.data_policy {
            DataPolicy::Forgotten => "forgotten after the call",
            DataPolicy::Kept => "kept for the caller",
            DataPolicy::Reused => "used further, for instance to train models",
        }
    }

    fn skills(&self) -> Vec<(String, String)> {
        let tags = |skill: &auto_agents::Skill| {
            skill.tags.iter().map(|tag| plain(tag)).collect::<Vec<_>>().join(", ")
        };
        self.record.profile.skills.iter().map(|skill| (plain(&skill.id), tags(skill))).collect()
    }

    fn interfaces(&self) -> Vec<(&'static str, String, String)> {
        let one = |interface: &auto_agents::Interface| {
            let protocol = match interface.protocol {
                Protocol::A2a => "A2A",
                Protocol::Mcp => "MCP",
                Protocol::Http => "HTTP",
            };
            (protocol, plain(&interface.url), plain(&interface.version))
        };
        self.record.profile.interfaces.iter().map(one).collect()
    }
}

/// `/agent/{did, or its last part}`.
pub(crate) async fn agent(
    State(app): State<App>,
    Path(text): Path<String>,
    Query(from): Query<From>,
) -> Response {
    let page = agent_page(&app, &text, &from).await;
    shown(&app, page)
}

async fn agent_page(app: &App, text: &str, from: &From) -> Result<Response, ApiError> {
    let (realm, id) = of_text(app, text)?;
    let missing = || ApiError::NotFound { what: "agent", which: text.to_owned() };
    let record = realm.agent(&id)?.ok_or_else(missing)?;
    let (index, log) = (reached(app, &realm).await?, realm.log(&id)?);
    // Newest first: entries up to this position, which is not shown.
    let end = match from.cursor()? {
        None => log.len(),
        Some(Cursor::Found(_, place)) => place.min(log.len()),
        Some(other) => return Err(ApiError::Cursor(other.text())),
    };
    let rows = u64::try_from(ROWS).unwrap_or(u64::MAX);
    let start = end.saturating_sub(rows);
    let after = start.checked_sub(1).map(Place::position);
    let found = index.entries(At::block(realm.domain, realm.number), &id, after, ROWS)?;
    let entries: Vec<EntryRow> =
        found.rows.into_iter().map(|(_, row)| row).filter(|row| row.entry.position < end).collect();
    let outcomes = outcomes(&entries, &log);
    let lines = entries.iter().rev().map(|row| Line::new(&id, row, &outcomes)).collect();
    let older =
        (start > 0).then(|| format!("/agent/{id}?after={}", Cursor::Found(realm.number.0, start).text()));
    let query = format!(
        "{{ agent(id: \"{}\") {{ purpose live liveUntil stake deposit model dataPolicy owner {{ did alias }} \
         skills {{ name tags }} interfaces {{ protocol url version }} price {{ asset amount }} identity {{ vault status }} \
         log {{ length root acts ended missed waiting paid }} \
         entries(first: 25) {{ nodes {{ position block time name fields {{ name value }} bytes }} }} }} }}",
        realm.did(&id)
    );
    let (person, owner) = (Person::read(&realm, &id)?, Person::read(&realm, &record.profile.owner)?);
    let top = Top::new(app, "agents", format!("Agent {}", person.name), query)?;
    let vault = realm.vault(&id)?;
    render(&AgentPage { top, realm, person, owner, record, log, lines, vault, older })
}
