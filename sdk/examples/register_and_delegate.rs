//! A person registers an agent under their own identity, lets it spend ten coins a day, and asks what it may do.
//!
//! Start `auto dev`, then: `cargo run -p auto-sdk --example register_and_delegate`, with the address of the node
//! behind `--` if it is another.

#![allow(clippy::print_stdout, reason = "shows what happens")]

use auto_core::{Amount, DomainId};
use auto_sdk::agent::{self, Card, Permission, Request, SkillCard};
use auto_sdk::identity::{Founding, FreshKeys, grant};
use auto_sdk::{At, Client, DevAccount, SdkError};
use autoid_core::Kind;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> Result<(), SdkError> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8700".to_owned());
    let domain = Client::new(&url)?.domain(DomainId(1));
    let payer = DevAccount::named("alice").expect("a development account").pair();
    let network = domain.state(At::Newest).await?.network();

    // Two identities: a person, and an agent that the person answers for.
    let (person, trader) = (FreshKeys::generate()?, FreshKeys::generate()?);
    let founded = Founding::of(Kind::Human).begin(network, &person, None)?;
    let person = person.key(founded.id, network);
    domain.execute(&payer, vec![founded.call], MINUTE).await?;
    let founded = Founding::of(Kind::Agent).begin(network, &trader, Some(&person))?;
    let trader = trader.key(founded.id, network);
    let money = agent::deposit(person.id(), Amount::ai3(50))?;
    domain.execute(&payer, vec![founded.call, money], MINUTE).await?;
    println!("agent   {}", trader.id().did(&network));

    // What the agent says about itself, and what it may do.
    let card = Card {
        purpose: "buys what it is told to".to_owned(),
        skills: vec![SkillCard { name: "buy".to_owned(), tags: vec!["shopping".to_owned()] }],
        ..Card::default()
    };
    let mut state = domain.state(At::Newest).await?;
    let profile = card.profile(person.id(), state.number().0)?;
    let register = agent::register(&mut state, &trader, profile).await?;
    let permission: Permission = "spend<=10/day per-call<=5 for 7d".parse()?;
    let terms = permission.terms(&mut state, None, domain.block_time().await?).await?;
    let signed = grant::issue(&mut state, &person, trader.id(), &terms, None).await?;
    let id = signed.id(&network);
    for sentence in grant::sentences(signed.body(), &network, &|_| None) {
        println!("grant   {sentence}");
    }
    domain.execute(&payer, vec![register, grant::store(signed)?], MINUTE).await?;

    // Asked without a transaction, over what the node proves.
    let mut state = domain.state(At::Newest).await?;
    for text in [format!("spend 5 to {}", person.id()), format!("spend 6 to {}", person.id())] {
        let errand = text.parse::<Request>()?.errand(&mut state, None).await?;
        let answer = agent::can(&mut state, trader.id(), &[id], &errand).await?;
        println!("can     {text}: {answer:?}");
    }
    Ok(())
}
