//! Random blocks and forks, compared with what the chain was at every height.

use crate::chain::{Chain, Says, at, id, newest};
use auto_agents::{AgentRecord, Entry};
use auto_core::{Amount, BlockNumber};
use auto_index::{AgentQuery, AgentRow, Cursor, GrantsOf, Index, Page};
use autoid_core::{AutoId, GrantId, Status};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: u8 = 3;
const AGENTS: std::ops::Range<u8> = 10..16;
const WORDS: [&str; 4] = ["books", "flights", "hotels", "Legal"];
const SKILLS: [&str; 3] = ["travel", "law", "tax-law"];

/// What may happen in a block.
#[derive(Debug, Clone)]
enum Act {
    Register { agent: u8, words: u8, skill: u8, owner: u8, price: u8, stake: u8, blocks: u8 },
    Renew { agent: u8, blocks: u8 },
    Retire { agent: u8 },
    Status { id: u8, active: bool },
    Alias { id: u8, take: bool },
    Grant { issuer: u8, holder: u8 },
    Revoke { at: u8 },
    Prune { at: u8 },
    Log { agent: u8 },
}

/// Blocks, or a step back by some.
#[derive(Debug, Clone)]
enum Step {
    Block(Vec<Act>),
    Back(u8),
}

fn acts() -> impl Strategy<Value = Act> {
    let (agent, person) = (AGENTS, 1..=PEOPLE);
    prop_oneof![
        4 => (agent.clone(), 0..16_u8, 0..8_u8, person.clone(), 0..4_u8, 0..4_u8, 0..6_u8).prop_map(
            |(agent, words, skill, owner, price, stake, blocks)| Act::Register {
                agent, words, skill, owner, price, stake, blocks
            }
        ),
        2 => (agent.clone(), 0..6_u8).prop_map(|(agent, blocks)| Act::Renew { agent, blocks }),
        1 => agent.clone().prop_map(|agent| Act::Retire { agent }),
        2 => (prop_oneof![agent.clone(), person.clone()], any::<bool>())
            .prop_map(|(id, active)| Act::Status { id, active }),
        1 => (agent.clone(), any::<bool>()).prop_map(|(id, take)| Act::Alias { id, take }),
        1 => (person, agent.clone()).prop_map(|(issuer, holder)| Act::Grant { issuer, holder }),
        1 => any::<u8>().prop_map(|at| Act::Revoke { at }),
        1 => any::<u8>().prop_map(|at| Act::Prune { at }),
        1 => agent.prop_map(|agent| Act::Log { agent }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => vec(acts(), 0..5).prop_map(Step::Block),
        1 => (1..6_u8).prop_map(Step::Back),
    ];
    vec(step, 1..25)
}

/// A grant, and when what happened to it.
#[derive(Debug, Clone)]
struct Known {
    id: GrantId,
    issuer: AutoId,
    since: u64,
    revoked: Option<u64>,
    pruned: Option<u64>,
}

/// What the chain remembers itself.
#[derive(Clone)]
struct Memory {
    chain: Chain,
    /// When each standing record was registered, as a number that rises.
    order: BTreeMap<AutoId, u64>,
    grants: Vec<Known>,
    revocations: Vec<(GrantId, u64)>,
    entries: Vec<(AutoId, Entry)>,
    drawn: u64,
}

impl Memory {
    fn new() -> Self {
        let chain = Chain::new();
        let (order, grants, revocations, entries) = Default::default();
        Self { chain, order, grants, revocations, entries, drawn: 0 }
    }

    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn
    }

    fn act(&mut self, act: &Act) {
        let block = self.chain.number + 1;
        let chain = &mut self.chain;
        match *act {
            Act::Register { agent, words, skill, owner, price, stake, blocks } => {
                let words = WORDS.iter().zip(0..).filter(|(_, bit)| words >> bit & 1 == 1);
                let names = SKILLS.iter().zip(0..).filter(|(_, bit)| skill >> bit & 1 == 1);
                let says = Says {
                    owner: id(owner),
                    purpose: words.map(|(word, _)| *word).collect::<Vec<_>>().join(", "),
                    skills: names.map(|(name, _)| ((*name).to_owned(), vec!["expert".to_owned()])).collect(),
                    price: (price > 0).then_some(u32::from(price)),
                    stake: u32::from(stake),
                    live_until: block + u64::from(blocks),
                };
                chain.register(id(agent), &says);
                if !self.order.contains_key(&id(agent)) {
                    let number = self.draw();
                    self.order.insert(id(agent), number);
                }
            }
            Act::Renew { agent, blocks } => chain.renew(id(agent), block + u64::from(blocks)),
            Act::Retire { agent } => {
                chain.retire(id(agent));
            }
            Act::Status { id: of, active } => {
                chain.set_status(id(of), if active { Status::Active } else { Status::Suspended });
            }
            Act::Alias { id: of, take: true } => chain.take_alias(id(of), "the-alias"),
            Act::Alias { id: of, take: false } => chain.free_alias(id(of)),
            Act::Grant { issuer, holder } => {
                let number = self.draw();
                let number = u8::try_from(number % 256).unwrap();
                if self.grants.len() < 200 {
                    let known = self.chain.grant(number, (id(issuer), id(holder)), None);
                    if self.grants.iter().all(|one| one.id != known) {
                        let issuer = id(issuer);
                        let (revoked, pruned) = (None, None);
                        self.grants.push(Known { id: known, issuer, since: block, revoked, pruned });
                    }
                }
            }
            Act::Revoke { at } => {
                let count = self.grants.len();
                if let Some(known) = self.grants.get_mut(usize::from(at) % count.max(1)) {
                    self.chain.revoke(known.id, known.issuer);
                    known.revoked.get_or_insert(block);
                    self.revocations.push((known.id, block));
                }
            }
            Act::Prune { at } => {
                let count = self.grants.len();
                if let Some(known) = self.grants.get_mut(usize::from(at) % count.max(1)) {
                    // A grant that comes and goes within a block is in no state.
                    if known.pruned.is_none() && known.since < block {
                        self.chain.prune(known.id);
                        known.pruned = Some(block);
                    }
                }
            }
            Act::Log { agent } => {
                let position = self.entries.iter().filter(|(of, _)| *of == id(agent)).count();
                let entry = self.chain.act(id(agent), u64::try_from(position).unwrap());
                self.entries.push((id(agent), entry));
            }
        }
    }

    fn end_block(&mut self, index: &Index) {
        self.chain.end_block(index).unwrap();
        // Numbers are given at the end of a block, by id.
        let standing: BTreeSet<AutoId> =
            self.order.keys().copied().filter(|id| self.chain.record(*id).is_some()).collect();
        self.order.retain(|id, _| standing.contains(id));
    }

    fn live(&self, record: &AgentRecord) -> bool {
        let active = self.chain.identity(record.id).unwrap().status == Status::Active;
        active && record.is_live(self.chain.number)
    }

    /// The agents that a question asks for, in order.
    fn agents(&self, query: &AgentQuery) -> Vec<AutoId> {
        let mut found: Vec<_> = AGENTS
            .filter_map(|agent| self.chain.record(id(agent)))
            .filter(|record| {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                let names: Vec<String> = record
                    .profile
                    .skills
                    .iter()
                    .flat_map(|skill| {
                        [text(&skill.id)].into_iter().chain(skill.tags.iter().map(|tag| text(tag)))
                    })
                    .collect();
                let all = format!("{} {}", text(&record.profile.purpose), names.join(" ")).to_lowercase();
                let words: Vec<&str> = all.split(|c: char| !c.is_alphanumeric()).collect();
                let price = record.profile.price.map_or(0, |price| price.amount);
                query.capabilities.iter().all(|name| names.contains(name))
                    && query
                        .text
                        .to_lowercase()
                        .split(' ')
                        .filter(|word| !word.is_empty())
                        .all(|word| words.contains(&word))
                    && query.owner.is_none_or(|owner| record.profile.owner == owner)
                    && query.price_max.is_none_or(|most| price <= most.base_units())
                    && query.stake_min.is_none_or(|least| record.profile.stake >= least)
                    && (query.include_expired || self.live(record))
            })
            .map(|record| {
                let stake = std::cmp::Reverse(record.profile.stake.base_units());
                (!self.live(&record), stake, self.order[&record.id], record.id)
            })
            .collect();
        found.sort();
        found.into_iter().map(|(.., id)| id).collect()
    }
}

fn queries() -> Vec<AgentQuery> {
    let base = AgentQuery::default();
    let text = |text: &str| AgentQuery { text: text.to_owned(), ..AgentQuery::default() };
    let able = |name: &str| AgentQuery { capabilities: vec![name.to_owned()], ..AgentQuery::default() };
    vec![
        base.clone(),
        AgentQuery { include_expired: true, ..base.clone() },
        text("books"),
        text("FLIGHTS books"),
        text("law"),
        able("law"),
        able("expert"),
        able("books"),
        AgentQuery { owner: Some(id(2)), ..text("legal") },
        AgentQuery { owner: Some(id(1)), include_expired: true, ..base.clone() },
        AgentQuery { price_max: Some(Amount::ai3(1)), ..able("travel") },
        AgentQuery { stake_min: Some(Amount::ai3(2)), include_expired: true, ..base },
    ]
}

/// All pages of a list, which may be asked for in parts of any size.
fn all<T>(limit: usize, mut page: impl FnMut(Option<Cursor>, usize) -> Page<T>) -> Vec<T> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = page(after, limit);
        rows.extend(page.rows.into_iter().map(|(_, row)| row));
        match page.next {
            Some(next) => after = Some(next),
            None => return rows,
        }
    }
}

fn compare(index: &Index, memory: &Memory, pinned: bool) {
    let number = memory.chain.number;
    let at = if pinned { at(number) } else { newest() };
    for query in queries() {
        for limit in [1, 3, 100] {
            let found: Vec<AgentRow> =
                all(limit, |after, limit| index.agents(at, &query, after, limit).unwrap());
            let ids: Vec<AutoId> = found.iter().map(|row| row.record.id).collect();
            assert_eq!(ids, memory.agents(&query), "block {number}, {query:?}");
            for row in found {
                assert_eq!(Some(&row.record), memory.chain.record(row.record.id).as_ref());
                assert_eq!(
                    (row.live, row.alias),
                    (memory.live(&row.record), memory.chain.alias(row.record.id))
                );
            }
        }
    }
    for number in (1..=PEOPLE).chain(AGENTS) {
        let row = index.identity(at, &id(number)).unwrap().unwrap();
        let record = memory.chain.identity(id(number)).unwrap();
        assert_eq!((row.status, row.version, row.parent), (record.status, record.version(), record.parent));
        assert_eq!((row.updated.0, row.alias), (record.updated, memory.chain.alias(record.id)));
        let record = memory.chain.record(id(number));
        assert_eq!(index.agent(at, &id(number)).unwrap().map(|row| row.record), record);
    }
    for person in 1..=PEOPLE {
        let children: Vec<AutoId> =
            all(2, |after, limit| index.children(at, &id(person), after, limit).unwrap())
                .into_iter()
                .map(|row| row.id)
                .collect();
        let expected: Vec<AutoId> = AGENTS.filter(|agent| agent % PEOPLE + 1 == person).map(id).collect();
        assert_eq!(children, expected);
        let grants =
            all(2, |after, limit| index.grants(at, GrantsOf::Issuer(id(person)), after, limit).unwrap());
        let found: Vec<_> = grants
            .iter()
            .map(|row| (row.id, row.since.0, row.revoked.map(|at| at.0), row.pruned.map(|at| at.0)))
            .collect();
        let known = memory.grants.iter().filter(|known| known.issuer == id(person));
        let expected: Vec<_> =
            known.map(|known| (known.id, known.since, known.revoked, known.pruned)).collect();
        assert_eq!(found, expected);
    }
    let aliased = (1..=PEOPLE).chain(AGENTS).map(id).find(|id| memory.chain.alias(*id).is_some());
    let alias = "the-alias".parse().unwrap();
    assert_eq!(index.identity_by_alias(at, &alias).unwrap().map(|row| row.id), aliased);
    let above = number / 2;
    let revoked: Vec<_> =
        all(2, |after, limit| index.revocations(at, BlockNumber(above), after, limit).unwrap())
            .into_iter()
            .map(|row| (row.grant, row.block.0))
            .collect();
    let expected: Vec<_> = memory.revocations.iter().copied().filter(|(_, block)| *block > above).collect();
    assert_eq!(revoked, expected);
    for agent in AGENTS {
        let entries = all(2, |after, limit| index.entries(at, &id(agent), after, limit).unwrap());
        let expected: Vec<&Entry> =
            memory.entries.iter().filter(|(of, _)| *of == id(agent)).map(|(_, entry)| entry).collect();
        assert_eq!(entries.iter().map(|row| &row.entry).collect::<Vec<_>>(), expected);
    }
}

fn run(index: &Index, steps: &[Step]) -> Vec<Memory> {
    let mut memory = Memory::new();
    for person in 1..=PEOPLE {
        memory.chain.incept(id(person), None);
    }
    for agent in AGENTS {
        memory.chain.incept(id(agent), Some(id(agent % PEOPLE + 1)));
    }
    memory.end_block(index);
    let mut heights = vec![memory];
    let mut branch = 0;
    for step in steps {
        let mut memory = heights.last().unwrap().clone();
        match step {
            Step::Block(acts) => {
                memory.chain.branch = branch;
                acts.iter().for_each(|act| memory.act(act));
                memory.end_block(index);
                heights.push(memory);
            }
            Step::Back(blocks) => {
                branch += 1;
                heights.truncate(heights.len().saturating_sub(usize::from(*blocks)).max(1));
                let to = BlockNumber(heights.last().unwrap().chain.number);
                index.rewind(crate::chain::DOMAIN, to).unwrap();
            }
        }
    }
    heights
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_answer_is_what_the_chain_was_at_that_height(steps in steps()) {
        let index = Index::in_memory().unwrap();
        let heights = run(&index, &steps);
        compare(&index, heights.last().unwrap(), false);
        for memory in &heights {
            compare(&index, memory, true);
        }
    }
}
