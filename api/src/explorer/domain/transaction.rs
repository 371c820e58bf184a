//! Transactions of a domain.

use super::block::{Followed, followed};
use crate::described::Described;
use crate::explorer::page::{render, shown};
use crate::explorer::text;
use crate::explorer::view::Top;
use crate::server::App;
use crate::{ApiError, BackendError, happening, module};
use askama::Template;
use auto_core::{Address, Amount, BlockNumber, DomainId, EXTRINSIC_BYTES_MAX, Hash, decode_strict};
use auto_module::Extrinsic;
use auto_operator::{Ending, Ran, TransactionStatus};
use axum::extract::{Path, State};
use axum::response::Response;

/// A transaction of a domain as lists show it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) domain: DomainId,
    pub(crate) hash: Hash,
    /// What it does, in few words.
    pub(crate) action: String,
    /// Who signed; none for a message.
    pub(crate) signer: Option<Address>,
    pub(crate) fee: Amount,
    pub(crate) word: &'static str,
    pub(crate) class: &'static str,
}

/// How a transaction ended, in a word and its class.
const fn ended(ending: &Ending) -> (&'static str, &'static str) {
    match ending {
        Ending::Applied => ("applied", "good"),
        Ending::Failed { .. } => ("failed", "bad"),
        Ending::Skipped { .. } => ("skipped", "wait"),
    }
}

/// What an extrinsic does, in few words.
fn action(extrinsic: Option<&Extrinsic>) -> String {
    match extrinsic {
        Some(Extrinsic::Signed(signed)) => {
            let calls = &signed.transaction.calls;
            let first = calls.first().map(|call| text::words(module::called(call).name));
            match (first, calls.len()) {
                (None, _) => "nothing".to_owned(),
                (Some(first), 1) => first,
                (Some(first), more) => format!("{first} and {} more", more.saturating_sub(1)),
            }
        }
        Some(Extrinsic::Message(relay)) => {
            format!("message {} of chain {}", relay.message.nonce, relay.message.src)
        }
        _ => "what this node cannot decode".to_owned(),
    }
}

fn decoded(bytes: &[u8]) -> Option<Extrinsic> {
    decode_strict(bytes, EXTRINSIC_BYTES_MAX).ok()
}

fn signer(extrinsic: Option<&Extrinsic>) -> Option<Address> {
    match extrinsic {
        Some(Extrinsic::Signed(signed)) => Some(signed.transaction.signer.address()),
        _ => None,
    }
}

/// What ran in a block, from a position on.
pub(super) fn rows(domain: DomainId, ran: &[Ran], start: usize, count: usize) -> Vec<Row> {
    let row = |ran: &Ran| {
        let extrinsic = decoded(&ran.bytes);
        let (word, class) = ended(&ran.ending);
        let (action, signer) = (action(extrinsic.as_ref()), signer(extrinsic.as_ref()));
        Row { domain, hash: ran.hash, action, signer, fee: ran.fee, word, class }
    };
    ran.iter().skip(start).take(count).map(row).collect()
}

/// One transaction.
#[derive(Debug, Template)]
#[template(path = "domain_transaction.html")]
struct TransactionPage {
    top: Top,
    domain: DomainId,
    name: String,
    hash: Hash,
    word: &'static str,
    class: &'static str,
    place: Option<(BlockNumber, u32)>,
    fee: Option<Amount>,
    extrinsic: Option<Extrinsic>,
    calls: Vec<(Option<&'static str>, Described)>,
    events: Vec<Described>,
    /// Code and sentence.
    failure: Option<(String, String)>,
}

impl TransactionPage {
    fn signed(&self) -> Option<&auto_core::Transaction> {
        match &self.extrinsic {
            Some(Extrinsic::Signed(signed)) => Some(&signed.transaction),
            _ => None,
        }
    }
}

/// Where a transaction stands, in a word and its class.
fn standing(status: &TransactionStatus) -> (&'static str, &'static str) {
    match status {
        TransactionStatus::Accepted => ("in pool", "wait"),
        TransactionStatus::Offered => ("in a bundle", "wait"),
        TransactionStatus::Executed { ran, confirmed, .. } => match (&ran.ending, confirmed) {
            (Ending::Applied, true) => ("confirmed", "good"),
            (Ending::Applied, false) => ("executed", "wait"),
            (other, _) => ended(other),
        },
        TransactionStatus::Dropped { .. } => ("dropped", "bad"),
    }
}

fn failure(status: &TransactionStatus) -> Option<(String, String)> {
    match status {
        TransactionStatus::Executed { ran, .. } => match &ran.ending {
            Ending::Applied => None,
            Ending::Failed { code, message, .. } => {
                Some((code.clone(), format!("A call failed, and the fee is kept: {message}.")))
            }
            Ending::Skipped { code } => {
                Some((code.clone(), "It was passed over: it changed nothing and took no fee.".to_owned()))
            }
        },
        TransactionStatus::Dropped { code, reason } => {
            Some((code.clone(), format!("It left the pool without having run: {reason}.")))
        }
        _ => None,
    }
}

/// What an extrinsic asks for, by module.
fn calls(extrinsic: Option<&Extrinsic>) -> Vec<(Option<&'static str>, Described)> {
    match extrinsic {
        Some(Extrinsic::Signed(signed)) => {
            let calls = signed.transaction.calls.iter();
            calls.map(|call| (module::name(call.module), module::called(call))).collect()
        }
        Some(Extrinsic::Message(relay)) => {
            let told = Described::new("Message").with("source", relay.message.src);
            let told = told.with("channel", relay.message.channel).with("nonce", relay.message.nonce);
            vec![(Some("messages"), happening::says(told, &relay.message.payload))]
        }
        _ => Vec::new(),
    }
}

/// `/domain/{number}/tx/{hash}`.
pub(crate) async fn transaction(
    State(app): State<App>,
    Path((number, hash)): Path<(String, String)>,
) -> Response {
    let page = || {
        let Followed { handle, status, name } = followed(&app, &number)?;
        let domain = status.domain;
        let missing = || ApiError::NotFound { what: "transaction of the domain", which: hash.clone() };
        let hash: Hash = hash.parse().map_err(|_| missing())?;
        let waiting = handle.waiting(domain, &hash);
        let found = handle.transaction(domain, &hash).map_err(BackendError::from)?.ok_or_else(missing)?;
        let query = format!(
            "{{ domain(number: {domain}) {{ transaction(hash: \"{hash}\") {{ stage outcome fee signer nonce feeLimit \
             blockNumber position failure {{ call code message }} calls {{ moduleName name fields {{ name value }} }} \
             message {{ source channel nonce }} events {{ moduleName name fields {{ name value }} }} }} }} }}"
        );
        let (word, class) = standing(&found);
        let failure = failure(&found);
        let (bytes, place, fee, events) = match found {
            TransactionStatus::Executed { number, position, ran, .. } => {
                let events = ran.events.iter().map(|(id, payload)| module::happened(*id, payload)).collect();
                (Some(ran.bytes.into_inner()), Some((number, position)), Some(ran.fee), events)
            }
            _ => (waiting, None, None, Vec::new()),
        };
        let extrinsic = bytes.as_deref().and_then(decoded);
        let calls = calls(extrinsic.as_ref());
        let top = Top::new(&app, "domains", format!("Transaction of {name}"), query)?;
        render(&TransactionPage {
            top,
            domain,
            name,
            hash,
            word,
            class,
            place,
            fee,
            extrinsic,
            calls,
            events,
            failure,
        })
    };
    shown(&app, page())
}
