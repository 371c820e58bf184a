//! What an agent says about itself, as people write it.

use crate::SdkError;
use auto_agents::{DataPolicy, Interface, Price, Profile, Protocol, Skill, Tag};
use auto_core::{Amount, Blob, Hash, List};
use autoid_core::{Asset, AutoId};

/// A skill and what it is found by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SkillCard {
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Vec<String>,
}

/// What an agent says about itself.
///
/// ```
/// use auto_agents::Protocol;
/// use auto_core::Amount;
/// use auto_sdk::agent::{Card, SkillCard};
/// use autoid_core::AutoId;
///
/// let card = Card {
///     purpose: "finds rooms for meetings".to_owned(),
///     skills: vec![SkillCard { name: "rooms".to_owned(), tags: vec!["calendar".to_owned()] }],
///     endpoints: vec![(Protocol::A2a, "https://rooms.example/a2a".to_owned())],
///     price: Some(Amount::ai3(1)),
///     ..Card::default()
/// };
/// let profile = card.profile(AutoId([7; 32]), 1_000)?;
/// assert_eq!(profile.live_until, 1_000 + Card::LIVE_BLOCKS);
/// # Ok::<(), auto_sdk::SdkError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What it is for.
    pub purpose: String,
    /// Hash of the manifest of the model that it runs.
    pub model: Option<Hash>,
    /// What it can do.
    pub skills: Vec<SkillCard>,
    /// Where it is reached, and how.
    pub endpoints: Vec<(Protocol, String)>,
    /// What a call costs.
    pub price: Option<Amount>,
    /// What is staked on it.
    pub stake: Amount,
    /// Blocks for which searches find it.
    pub live_blocks: u64,
    /// What it does with what it is given.
    pub data_policy: DataPolicy,
}

impl Default for Card {
    fn default() -> Self {
        Self {
            purpose: String::new(),
            model: None,
            skills: Vec::new(),
            endpoints: Vec::new(),
            price: None,
            stake: Amount::ZERO,
            live_blocks: Self::LIVE_BLOCKS,
            data_policy: DataPolicy::Forgotten,
        }
    }
}

/// Versions of the protocols that endpoints speak.
const fn version(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::A2a => "1.0",
        Protocol::Mcp => "2025-11-25",
        Protocol::Http => "1.1",
    }
}

fn too_long(what: &'static str) -> SdkError {
    SdkError::Words { part: what.to_owned(), reason: "it is longer than the chain takes".to_owned() }
}

fn tag(text: &str) -> Result<Tag, SdkError> {
    Blob::new(text.as_bytes().to_vec()).map_err(|_| too_long("skill or tag"))
}

impl Card {
    /// Blocks for which searches find an agent unless told otherwise.
    pub const LIVE_BLOCKS: u64 = 100_000;

    /// The profile that is registered at a height; `owner` answers for the agent.
    ///
    /// # Errors
    /// When something is too long, or breaks a rule of profiles.
    pub fn profile(&self, owner: AutoId, number: u64) -> Result<Profile, SdkError> {
        let skill = |card: &SkillCard| {
            let tags = card.tags.iter().map(|text| tag(text)).collect::<Result<Vec<_>, _>>()?;
            Ok(Skill { id: tag(&card.name)?, tags: List::new(tags).map_err(|_| too_long("tags"))? })
        };
        let interface = |(protocol, url): &(Protocol, String)| {
            let url = Blob::new(url.as_bytes().to_vec()).map_err(|_| too_long("endpoint"))?;
            Ok(Interface { protocol: *protocol, url, spki_hash: None, version: tag(version(*protocol))? })
        };
        let skills = self.skills.iter().map(skill).collect::<Result<Vec<_>, SdkError>>()?;
        let interfaces = self.endpoints.iter().map(interface).collect::<Result<Vec<_>, SdkError>>()?;
        let accepts = self.price.map(|_| Asset::AI3).into_iter().collect();
        let profile = Profile {
            owner,
            purpose: Blob::new(self.purpose.as_bytes().to_vec()).map_err(|_| too_long("purpose"))?,
            model: self.model,
            skills: List::new(skills).map_err(|_| too_long("skills"))?,
            interfaces: List::new(interfaces).map_err(|_| too_long("endpoints"))?,
            price: self.price.map(|amount| Price { asset: Asset::AI3, amount: amount.base_units() }),
            accepts: List::new(accepts).map_err(|_| too_long("assets"))?,
            stake: self.stake,
            live_until: number.saturating_add(self.live_blocks),
            card_hash: None,
            data_policy: self.data_policy,
        };
        profile.check()?;
        Ok(profile)
    }
}
