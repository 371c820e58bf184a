//! What happened, and how often.

use auto_core::{DomainId, decode_strict};
use auto_module::bank::Bank;
use auto_module::messages::{Event, Messages, Payload};
use auto_module::{Module, ModuleEvent};
use std::collections::BTreeMap;

/// How often things happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    pub(crate) fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_insert(0) += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what).or_insert(0) += count;
        }
    }

    /// What must have happened, and how often at least, for the money that was counted to mean anything.
    pub(crate) fn is_telling(&self) {
        let least = [
            ("consensus blocks", 2400),
            ("domain blocks", 3300),
            ("domain blocks confirmed", 3300),
            ("bundles", 5700),
            ("receipts alone", 140),
            ("receipts added", 3400),
            ("receipts vouched for", 1700),
            ("submissions refused", 150),
            ("lies stated", 110),
            ("lies on lies", 46),
            ("frauds proven", 70),
            ("invalid bundles", 34),
            ("bundles marked invalid", 48),
            ("operators slashed", 93),
            ("operators registered", 150),
            ("operators ended", 48),
            ("operators at rest", 48),
            ("operators back", 45),
            ("nominations", 290),
            ("withdrawals", 210),
            ("unlocked", 150),
            ("calls failed", 2000),
            ("epochs", 1600),
            ("payments on the consensus chain", 3000),
            ("payments on domains", 3200),
            ("calls failed on domains", 1100),
            ("sent to domains", 3600),
            ("sent from domains to the consensus chain", 1500),
            ("sent between domains", 1200),
            ("received on domains", 1900),
            ("received on the consensus chain", 950),
            ("refused on domains", 180),
            ("refused on the consensus chain", 570),
            ("reclaimed on domains", 230),
            ("reclaimed on the consensus chain", 100),
            ("channels opened", 280),
            ("channels closed", 180),
            ("domains cut off", 110),
            ("relayers cut off", 290),
            ("attempts while cut off", 6500),
            ("domains founded", 8),
            ("runtimes upgraded", 80),
            ("domains frozen", 80),
            ("domains unfrozen", 80),
        ];
        let short = least.iter().filter(|(what, least)| self.0.get(what).copied().unwrap_or(0) < *least);
        let short: Vec<&str> = short.map(|(what, _)| *what).collect();
        assert!(short.is_empty(), "too few {short:?}, so this proves little about them: {self:#?}");
    }

    /// Counts what happened on a domain.
    pub(crate) fn domain_event(&mut self, event: &ModuleEvent) {
        if event.module == Bank::ID {
            self.count("payments on domains");
        } else if event.module == Messages::ID {
            let event = decode_strict(&event.payload, event.payload.len()).expect("its own event");
            self.message(&event, false);
        }
    }

    /// Counts what happened to a message, on the consensus chain or on a domain.
    pub(crate) fn message(&mut self, event: &Event, here: bool) {
        let is_transfer = |payload: &Payload| matches!(payload, Payload::Transfer { .. });
        let what = match event {
            Event::Sent(message) if is_transfer(&message.payload) => {
                match (here, message.dst == DomainId::CONSENSUS) {
                    (true, _) => "sent to domains",
                    (false, true) => "sent from domains to the consensus chain",
                    (false, false) => "sent between domains",
                }
            }
            Event::Received { message, result } if is_transfer(&message.payload) => match (here, result) {
                (true, Ok(())) => "received on the consensus chain",
                (true, Err(_)) => "refused on the consensus chain",
                (false, Ok(())) => "received on domains",
                (false, Err(_)) => "refused on domains",
            },
            Event::Answered { request, result: Err(_) } if is_transfer(&request.payload) => {
                if here {
                    "reclaimed on the consensus chain"
                } else {
                    "reclaimed on domains"
                }
            }
            Event::Opened { .. } => "channels opened",
            Event::Closed { .. } => "channels closed",
            _ => return,
        };
        self.count(what);
    }
}
