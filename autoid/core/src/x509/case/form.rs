//! The fields of the form.

use alloc::{string::String, vec::Vec};
use core::net::IpAddr;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::x509::{PeerName, Profile};

#[derive(Deserialize)]
pub(super) struct Suite<'a> {
    pub(super) version: Option<u64>,
    #[serde(borrow)]
    pub(super) testcases: Option<Vec<&'a RawValue>>,
}

/// A case of which only the name matters.
#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) id: String,
}

#[derive(Deserialize)]
pub(super) struct Case {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: String,
    pub(super) validation_kind: Option<Kind>,
    pub(super) trusted_certs: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) untrusted_intermediates: Vec<String>,
    pub(super) peer_certificate: String,
    pub(super) validation_time: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) signature_algorithms: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) key_usage: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) extended_key_usage: Vec<String>,
    expected_peer_name: Option<Name>,
    #[serde(default, deserialize_with = "or_default")]
    expected_peer_names: Vec<Name>,
    pub(super) max_chain_depth: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) crls: Vec<String>,
    profile: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) initial_policy_set: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) initial_explicit_policy: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) initial_policy_mapping_inhibit: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) initial_inhibit_any_policy: bool,
}

impl Case {
    /// The rules to judge by; nothing if they are not known.
    pub(super) fn profile(&self) -> Option<Profile> {
        match self.profile.as_deref() {
            Some("rfc5280") => Some(Profile::Rfc5280),
            Some("webpki") => Some(Profile::WebPki),
            Some(_) => None,
            None if self.id.starts_with("webpki::") => Some(Profile::WebPki),
            None => Some(Profile::Rfc5280),
        }
    }

    /// The names to ask for. Suites give their clients the name of some server, too; it counts only where no
    /// other does.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        let clients = self.validation_kind == Some(Kind::Client) && !self.expected_peer_names.is_empty();
        self.expected_peer_name.iter().filter(move |_| !clients).chain(&self.expected_peer_names)
    }
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Kind {
    Server,
    Client,
}

#[derive(Deserialize)]
pub(super) struct Name {
    kind: NameKind,
    value: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
enum NameKind {
    Dns,
    Ip,
    Rfc822,
}

impl Name {
    pub(super) fn as_peer_name(&self) -> Option<PeerName<'_>> {
        match (self.kind, self.value.parse::<IpAddr>()) {
            // An address is never a host name, whatever it is called.
            (NameKind::Dns | NameKind::Ip, Ok(address)) => Some(PeerName::Ip(address)),
            (NameKind::Ip, Err(_)) => None,
            (NameKind::Dns, Err(_)) => Some(PeerName::Dns(&self.value)),
            (NameKind::Rfc822, _) => Some(PeerName::Rfc822(&self.value)),
        }
    }
}

/// Reads `null` as the default.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(reader: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(reader)?.unwrap_or_default())
}
