//! Grants as people read them: one sentence for everything that a grant says.
//!
//! Nothing of a grant is left out, and nothing that it does not say is added: what it allows, on what, until
//! when, with which conditions and limits, and who can stop it. Amounts of `ai3` are in whole coins.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::grant::{ApproveOver, Asset, Grant, Meter, Mode, Payee, Reversibility};
use crate::{AutoId, Genesis};

/// The sentences of a grant. `name` gives the name of an identity, if the reader knows one.
#[must_use]
pub fn render(grant: &Grant, genesis: &Genesis, name: &dyn Fn(&AutoId) -> Option<String>) -> Vec<String> {
    let who = |id: &AutoId| name(id).unwrap_or_else(|| id.did(genesis).to_string());
    let mut sentences = Vec::new();
    let mut say = |sentence: String| sentences.push(sentence);
    let owner = if grant.iss == grant.sub {
        String::from("its own name")
    } else {
        format!("the name of {}", who(&grant.sub))
    };
    say(format!("{} lets {} act in {owner}.", who(&grant.iss), who(&grant.aud)));
    if grant.dangerous {
        say(String::from("THIS GRANT IS MARKED DANGEROUS."));
    }
    say(commands(grant));
    say(resources(grant));
    say(String::from(class(grant.class)));
    if !grant.pol.is_empty() {
        say(format!("The arguments must satisfy: {}.", grant.pol));
    }
    if grant.meters.is_empty() {
        say(String::from("It may spend nothing."));
    }
    grant.meters.iter().for_each(|one| say(meter(one)));
    if let Some(payees) = &grant.payees {
        say(payable(payees, &who));
    }
    if let Some(over) = &grant.approve_over {
        say(approval(over, &who));
    }
    if let Some(calls) = grant.calls {
        say(format!("It may make at most {}.", counted(calls, "call")));
    }
    say(format!("It is valid from {} and ends at {}.", grant.nbf, grant.exp));
    say(match grant.max_depth {
        0 => String::from("It may not be passed on."),
        depth => format!("It may be passed on, over at most {}.", counted(u64::from(depth), "further step")),
    });
    if let Some(parent) = grant.parent {
        say(format!("It rests on grant {parent}, and allows nothing that one does not."));
    }
    say(format!(
        "It can be revoked at any time (list {}, place {}; epoch {}, operation {} of its issuer), and is refused \
         when revocations are known only up to {} ago or earlier.",
        grant.rev.list,
        grant.rev.index,
        grant.epoch,
        grant.iss_seq,
        counted(u64::from(grant.max_staleness).saturating_add(1), "block"),
    ));
    say(format!("Its nonce is {}.", crate::id::hexadecimal(&grant.nonce)));
    sentences
}

/// An amount with its unit: of `ai3` in coins of 18 decimals, of others in base units.
#[must_use]
pub fn amount(value: u128, asset: Asset) -> String {
    const COIN: u128 = 1_000_000_000_000_000_000;
    if asset != Asset::AI3 {
        return format!("{value} {asset}");
    }
    let (whole, fraction) = (value / COIN, value % COIN);
    let digits = format!("{fraction:018}");
    match digits.trim_end_matches('0') {
        "" => format!("{whole} AI3"),
        digits => format!("{whole}.{digits} AI3"),
    }
}

fn counted(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn listed(items: &[String]) -> String {
    items.join(", ")
}

fn commands(grant: &Grant) -> String {
    if grant.cmd.iter().any(crate::Command::is_all) {
        return String::from("It may do ANYTHING.");
    }
    let commands: Vec<String> = grant.cmd.iter().map(ToString::to_string).collect();
    format!("It may do: {} and everything under these.", listed(&commands))
}

fn resources(grant: &Grant) -> String {
    if grant.res.is_empty() {
        return String::from("It may do so on EVERY resource.");
    }
    let patterns: Vec<String> = grant.res.iter().map(ToString::to_string).collect();
    format!("It may do so on: {}.", listed(&patterns))
}

const fn class(class: Reversibility) -> &'static str {
    match class {
        Reversibility::Read => "It may look, and change nothing.",
        Reversibility::Reversible => "It may do only what can be undone.",
        Reversibility::Compensable => "It may do only what can be undone or made good.",
        Reversibility::Irreversible => "It may do what CANNOT be undone.",
    }
}

fn meter(meter: &Meter) -> String {
    let Meter { asset, per_call, window, total, mode } = meter;
    let window = window.map_or_else(String::new, |window| {
        format!(", {} in any {}", amount(window.cap, *asset), counted(u64::from(window.blocks), "block"))
    });
    let mode = match mode {
        Mode::Shared => "which counts against the limits it comes from",
        Mode::Carved => "taken out of the limits it comes from in advance",
    };
    format!(
        "It may spend at most {} at once{window} and {} altogether, {mode}.",
        amount(*per_call, *asset),
        amount(*total, *asset),
    )
}

fn payable(payees: &[Payee], who: &dyn Fn(&AutoId) -> String) -> String {
    if payees.is_empty() {
        return String::from("It may pay nobody.");
    }
    let payees: Vec<String> = payees
        .iter()
        .map(|payee| match payee {
            Payee::Identity(id) => who(id),
            Payee::Address(address) => format!("account {}", crate::id::hexadecimal(address)),
        })
        .collect();
    format!("It may pay only: {}.", listed(&payees))
}

fn approval(over: &ApproveOver, who: &dyn Fn(&AutoId) -> String) -> String {
    let approvers: Vec<String> = over.approvers.iter().map(who).collect();
    format!(
        "A call that spends more than {} needs the approval of {} of: {}.",
        amount(over.amount, over.asset),
        over.threshold,
        listed(&approvers),
    )
}

impl Grant {
    /// The sentences of [`render`], with identities by their DIDs.
    #[must_use]
    pub fn sentences(&self, genesis: &Genesis) -> Vec<String> {
        render(self, genesis, &|_| None)
    }
}
