//! What an agent says about itself.

use crate::{
    ACCEPTS_MAX, AgentsError, INTERFACES_MAX, PURPOSE_BYTES_MAX, SKILLS_MAX, TAG_BYTES_MAX, TAGS_MAX,
    URL_BYTES_MAX,
};
use auto_core::{Address, Amount, Blob, Hash, List};
use autoid_core::AutoId;
use autoid_core::grant::Asset;
use parity_scale_codec::{Decode, Encode};

/// The name of a skill, or a tag: lower-case ASCII letters, digits and inner hyphens.
pub type Tag = Blob<TAG_BYTES_MAX>;

/// Something that an agent can do.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Skill {
    /// Its name, unique among the skills of the agent.
    pub id: Tag,
    /// What it is found by, each tag once.
    pub tags: List<Tag, TAGS_MAX>,
}

/// How an interface is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Protocol {
    /// Agent to agent.
    #[codec(index = 0)]
    A2a,
    /// Model context protocol.
    #[codec(index = 1)]
    Mcp,
    /// Plain HTTP.
    #[codec(index = 2)]
    Http,
}

/// Where an agent is reached.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Interface {
    /// How it is spoken to.
    pub protocol: Protocol,
    /// Its address: `https://` and visible ASCII.
    pub url: Blob<URL_BYTES_MAX>,
    /// Hash of the public key (SubjectPublicKeyInfo) that it shows in TLS; a copy of the record at another
    /// server does not have it.
    pub spki_hash: Option<Hash>,
    /// Version of the protocol, in visible ASCII.
    pub version: Tag,
}

/// What a call costs, as a statement; payments are agreed on with each call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Price {
    /// The asset.
    pub asset: Asset,
    /// For one call, in the base units of the asset.
    pub amount: u128,
}

/// What an agent does with what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum DataPolicy {
    /// Forgotten after the call.
    #[codec(index = 0)]
    Forgotten,
    /// Kept for the caller.
    #[codec(index = 1)]
    Kept,
    /// Used further, for instance to train models.
    #[codec(index = 2)]
    Reused,
}

/// What an agent says about itself, signed by those who control it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Profile {
    /// Who answers for it: itself or an identity above it in the tree of identities.
    pub owner: AutoId,
    /// What it is for, in UTF-8.
    pub purpose: Blob<PURPOSE_BYTES_MAX>,
    /// Hash of the model's manifest.
    pub model: Option<Hash>,
    /// What it can do.
    pub skills: List<Skill, SKILLS_MAX>,
    /// Where it is reached.
    pub interfaces: List<Interface, INTERFACES_MAX>,
    /// What a call costs.
    pub price: Option<Price>,
    /// What it takes payments in.
    pub accepts: List<Asset, ACCEPTS_MAX>,
    /// Held of whoever registers it for as long as the record stands, beside the deposit.
    pub stake: Amount,
    /// The last block in which searches find it.
    pub live_until: u64,
    /// Hash of the signed agent card that its interfaces serve.
    pub card_hash: Option<Hash>,
    /// What it does with what it is given.
    pub data_policy: DataPolicy,
}

/// The record of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AgentRecord {
    /// The agent.
    pub id: AutoId,
    /// What it says about itself.
    pub profile: Profile,
    /// Held for the size of the record.
    pub deposit: Amount,
    /// Who paid deposit and stake, and gets them back.
    pub payer: Address,
    /// Block of the registration.
    pub registered: u64,
    /// Block of the newest change.
    pub updated: u64,
}

impl AgentRecord {
    /// Whether searches find it in the block of a height.
    #[must_use]
    pub const fn is_live(&self, number: u64) -> bool {
        number <= self.profile.live_until
    }

    /// All that is held for it; `None` when it overflows.
    #[must_use]
    pub const fn held(&self) -> Option<Amount> {
        self.deposit.checked_add(self.profile.stake)
    }
}

fn is_tag(text: &[u8]) -> bool {
    let inner = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'-');
    text.iter().all(inner) && edge(text.first()) && edge(text.last())
}

fn is_visible(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_graphic)
}

/// Whether no value occurs twice.
fn distinct<T: PartialEq>(values: &[T]) -> bool {
    values.iter().enumerate().all(|(at, value)| values.iter().take(at).all(|earlier| earlier != value))
}

impl Profile {
    /// Refuses what no state could make right.
    ///
    /// # Errors
    /// What is malformed.
    pub fn check(&self) -> Result<(), AgentsError> {
        let text = std::str::from_utf8(&self.purpose);
        if !text.is_ok_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control)) {
            return Err(AgentsError::Profile("the purpose is empty, no UTF-8, or holds control characters"));
        }
        let ids: Vec<_> = self.skills.iter().map(|skill| &skill.id).collect();
        let tags_are_sound = |skill: &Skill| {
            is_tag(&skill.id) && distinct(&skill.tags) && skill.tags.iter().all(|tag| is_tag(tag))
        };
        if !distinct(&ids) || !self.skills.iter().all(tags_are_sound) {
            return Err(AgentsError::Profile(
                "skills and tags are lower-case ASCII letters, digits and inner hyphens, each once",
            ));
        }
        let is_address = |interface: &Interface| {
            let rest = interface.url.strip_prefix(b"https://");
            rest.is_some_and(is_visible) && is_visible(&interface.version)
        };
        if !distinct(&self.interfaces) || !self.interfaces.iter().all(is_address) {
            return Err(AgentsError::Profile(
                "interfaces are `https://` addresses with a version, in visible ASCII, each once",
            ));
        }
        let mut assets = self.accepts.iter().chain(self.price.iter().map(|price| &price.asset));
        if !distinct(&self.accepts) || !assets.all(|asset| asset.name().parse() == Ok(*asset)) {
            return Err(AgentsError::Profile("assets are lower-case ASCII letters and digits, each once"));
        }
        Ok(())
    }
}
