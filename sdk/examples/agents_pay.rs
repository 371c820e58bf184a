//! An agent reserves money for another, which takes its part; then the chain's proof of it is written to a file.
//!
//! Start `auto dev`, then: `cargo run -p auto-sdk --example agents_pay`, with the address of the node behind `--` if it
//! is another. The file is `agents-pay.json`; the example `verify_offline` reads it.

#![allow(clippy::print_stdout, reason = "shows what happens")]

use auto_agents::{Ending, Outcome, Terms};
use auto_core::{Amount, DomainId, Hash, KeyPair};
use auto_sdk::agent::{self, Errand, Permission, told};
use auto_sdk::identity::{Founding, FreshKeys, IdentityKey, grant};
use auto_sdk::{At, Client, DevAccount, DomainClient, SdkError, audit};
use autoid_core::{Genesis, Kind, Payee};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

async fn found(
    domain: &DomainClient,
    payer: &KeyPair,
    (kind, parent): (Kind, Option<&IdentityKey>),
    network: Genesis,
) -> Result<IdentityKey, SdkError> {
    let keys = FreshKeys::generate()?;
    let founded = Founding::of(kind).begin(network, &keys, parent)?;
    domain.execute(payer, vec![founded.call], MINUTE).await?;
    Ok(keys.key(founded.id, network))
}

#[tokio::main]
async fn main() -> Result<(), SdkError> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8700".to_owned());
    let domain = Client::new(&url)?.domain(DomainId(1));
    let payer = DevAccount::named("alice").expect("a development account").pair();
    let network = domain.state(At::Newest).await?.network();

    // An organisation with money and an agent, and an agent that sells.
    let office = found(&domain, &payer, (Kind::Org, None), network).await?;
    let buyer = found(&domain, &payer, (Kind::Agent, Some(&office)), network).await?;
    let seller = found(&domain, &payer, (Kind::Agent, None), network).await?;
    let mut state = domain.state(At::Newest).await?;
    let permission: Permission = format!("spend<=20 to {} for 1d", seller.id()).parse()?;
    let terms = permission.terms(&mut state, None, domain.block_time().await?).await?;
    let signed = grant::issue(&mut state, &office, buyer.id(), &terms, None).await?;
    let chain = vec![signed.id(&network)];
    let money = agent::deposit(office.id(), Amount::ai3(50))?;
    domain.execute(&payer, vec![money, grant::store(signed)?], MINUTE).await?;

    // The buyer reserves ten coins, the seller takes eight, two go back.
    let point = domain.state(At::Newest).await?.point();
    let errand = Errand::pay(Amount::ai3(10), Payee::Identity(seller.id()))?;
    let terms = Terms { deadline: point.block + 1_000, agreement: Hash::of_object(b"a room for eight") };
    let intent = told("book a room for eight");
    let opened = agent::open(&buyer, point, chain, &errand, (&intent, &terms))?;
    let escrow = opened.digest;
    domain.execute(&payer, vec![opened.reserved(Vec::new(), intent, terms)?], MINUTE).await?;
    let outcome = Outcome {
        agent: buyer.id(),
        act: 0,
        call: escrow,
        status: Ending::Succeeded,
        outputs: Hash::of_object(b"room 7").0,
        cost: 0,
        side_effects: [0; 32],
    };
    let calls =
        vec![agent::settle(&seller, escrow, Amount::ai3(8))?, agent::report(&buyer, outcome, Some(&seller))?];
    let block = domain.execute(&payer, calls, MINUTE).await?.block;
    println!("paid     in block {block} of the domain");

    // Once operators have vouched for that block, anybody can check it without this node.
    let mut state = domain.vouched(block, MINUTE).await?;
    let entries = domain.entries(&buyer.id()).await?;
    let file = audit::export(&mut state, buyer.id(), entries, None).await?;
    std::fs::write("agents-pay.json", file.to_text()).map_err(|error| SdkError::Io {
        action: "write",
        path: "agents-pay.json".to_owned(),
        error,
    })?;
    println!("written  agents-pay.json, which leads to consensus block {}", file.block_hash());
    Ok(())
}
