//! Operations in words, for whoever is to sign one.

use autoid_core::{Action, AutoId, Guardians, KeySet, Reason};

/// A change of an identity in sentences; `called` says how people call an identity.
///
/// Everything that it does is in one of them. Text out of it is escaped, so that it cannot pass for another sentence.
pub fn tell(id: &AutoId, action: &Action, called: &impl Fn(&AutoId) -> String) -> Vec<String> {
    let name = called(id);
    match action {
        Action::Rotate { keys, .. } => vec![
            format!("replaces the keys of {name} by {}", listed(keys)),
            "ends the grants that the old keys signed".to_owned(),
        ],
        Action::SetRecovery { guardians: Some(_) } => {
            vec![format!("names new guardians of {name}, who can give it new keys together")]
        }
        Action::SetRecovery { guardians: None } => {
            vec![format!("takes the guardians off {name}: nobody can recover it")]
        }
        Action::Suspend { reason } => {
            vec![format!("stops {name}, with everything under it{}", because(*reason))]
        }
        Action::Resume => vec![format!("lets {name} go on")],
        Action::Revoke { reason, guardians } => {
            let mut told =
                vec![format!("ends {name} for ever, with everything under it{}", because(*reason))];
            told.extend(guardians.as_ref().map(|guardians| by(guardians, called)));
            told
        }
        Action::BumpEpoch => vec![format!("kills every grant issued by {name}")],
        Action::Deactivate => vec![format!("ends {name} for ever by its own will")],
        Action::SetServices { services } if services.is_empty() => {
            vec![format!("lists no service of {name} any more")]
        }
        Action::SetServices { services } => {
            let service = |one: &autoid_core::Service| {
                format!("lists the service {} of {name}: {} at {}", one.name, one.kind, one.endpoint)
            };
            services.iter().map(service).collect()
        }
        Action::AttachCertificate { certificate } => {
            vec![format!("gives {name} the certificate of hash {}", hex::encode(certificate))]
        }
        Action::Endorse => vec![format!("vouches for {name}")],
        Action::StartRecovery { guardians, keys, .. } => vec![
            format!("begins to give {name} {}; until that is over its own key can veto it", listed(keys)),
            by(guardians, called),
        ],
        Action::VetoRecovery => vec![format!("ends the recovery of {name}; its keys stay as they are")],
        Action::FinishRecovery => vec![
            format!("gives {name} the keys that its guardians proposed; the old ones are worth nothing"),
            format!("kills every grant issued by {name}"),
        ],
        Action::RevokeGrant { grant } => {
            vec![format!("revokes the grant {grant} for ever, by order of {name}")]
        }
        Action::RevealAlias { alias, .. } => {
            vec![format!("gives {name} the name `{}`", alias.escape_debug())]
        }
        Action::ReleaseAlias => vec![format!("takes its name off {name}")],
    }
}

fn listed(keys: &KeySet) -> String {
    let names: Vec<String> =
        keys.keys.iter().map(|key| format!("key {} ({})", key.kid, key.key.multikey())).collect();
    let needed =
        if keys.keys.len() > 1 { format!(", of which {} must sign", keys.threshold) } else { String::new() };
    format!("{}{needed}", names.join(", "))
}

fn by(guardians: &Guardians, called: &impl Fn(&AutoId) -> String) -> String {
    let members: Vec<String> = guardians.members.iter().map(called).collect();
    format!("{} of these guardians must sign: {}", guardians.threshold, members.join(", "))
}

const fn because(reason: Reason) -> &'static str {
    match reason {
        Reason::Unspecified => "",
        Reason::KeyCompromise => ", because its key is or may be in foreign hands",
        Reason::IssuerCompromise => ", because a key above it is or may be in foreign hands",
        Reason::AffiliationChanged => ", because it belongs to somebody else now",
        Reason::Superseded => ", because another identity took its place",
        Reason::CessationOfOperation => ", because it is not used any more",
        Reason::PrivilegeWithdrawn => ", because it broke a rule",
    }
}
