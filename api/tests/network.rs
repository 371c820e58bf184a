//! Money, identities and agents on the domains of a whole network in this process, through the API and the SDK.
//!
//! One node farms, keeps time, and runs the operators of both domains. Everything waits for blocks, never for
//! time.

#[path = "network/browser.rs"]
mod browser;
#[path = "network/contents.rs"]
mod contents;
#[path = "network/identities.rs"]
mod identities;
#[path = "network/index.rs"]
mod index;
#[path = "network/journey.rs"]
mod journey;
#[path = "network/net.rs"]
mod net;
#[path = "network/pages.rs"]
mod pages;
#[path = "network/people.rs"]
mod people;
#[path = "network/proofs.rs"]
mod proofs;
#[path = "network/streams.rs"]
mod streams;
#[path = "network/threats.rs"]
mod threats;
#[path = "network/turns.rs"]
mod turns;
