//! A person, an agent under them, and a grant between the two.

use crate::net::{IDENTITY, Net, PATIENCE, pair};
use auto_core::{Amount, BlockNumber, Call, Hash};
use auto_sdk::At;
use auto_sdk::agent::{self, Card, Errand, Permission, SkillCard};
use auto_sdk::identity::{Founding, FreshKeys, IdentityKey, grant, record};
use autoid_core::{Genesis, GrantId, Kind, Payee};

pub(crate) struct Cast {
    pub(crate) network: Genesis,
    pub(crate) person: IdentityKey,
    pub(crate) agent: IdentityKey,
    pub(crate) grant: GrantId,
}

/// Whole coins in base units, as the API writes them.
pub(crate) fn amount(coins: u32) -> String {
    Amount::ai3(coins).base_units().to_string()
}

async fn run(net: &Net, calls: Vec<Call>) -> (BlockNumber, Hash) {
    let domain = net.client.domain(IDENTITY);
    let receipt = domain.execute(&pair("alice"), calls, PATIENCE).await.expect("it takes effect");
    (receipt.block, receipt.hash)
}

impl Cast {
    pub(crate) async fn meet(net: &Net) -> Self {
        let domain = net.client.domain(IDENTITY);
        let network = domain.state(At::Newest).await.expect("proven").network();
        let keys = [FreshKeys::generate().expect("random"), FreshKeys::generate().expect("random")];
        let founded = Founding::of(Kind::Human).begin(network, &keys[0], None).expect("founded");
        let person = keys[0].key(founded.id, network);
        run(net, vec![founded.call]).await;
        let founded = Founding::of(Kind::Agent).begin(network, &keys[1], Some(&person)).expect("founded");
        let agent = keys[1].key(founded.id, network);
        let money = agent::deposit(person.id(), Amount::ai3(50)).expect("short");
        run(net, vec![founded.call, money]).await;
        let card = Card {
            purpose: "buys what it is told to".to_owned(),
            skills: vec![SkillCard { name: "buy".to_owned(), tags: vec!["shopping".to_owned()] }],
            ..Card::default()
        };
        let mut state = domain.state(At::Newest).await.expect("proven");
        let profile = card.profile(person.id(), state.number().0).expect("sound");
        let register = agent::register(&mut state, &agent, profile).await.expect("signed");
        let permission: Permission = "spend<=10/day per-call<=5 for 7d".parse().expect("a permission");
        let block_time = domain.block_time().await.expect("answers");
        let terms = permission.terms(&mut state, None, block_time).await.expect("sound");
        let signed = grant::issue(&mut state, &person, agent.id(), &terms, None).await.expect("signed");
        let id = signed.id(&network);
        run(net, vec![register, grant::store(signed).expect("short")]).await;
        Self { network, person, agent, grant: id }
    }

    /// The agent pays the person out of the person's vault; the hash of the transaction.
    pub(crate) async fn pay(&self, net: &Net, amount: Amount) -> Hash {
        let point = net.client.domain(IDENTITY).state(At::Newest).await.expect("proven").point();
        let to = pair("bob").public_key().address();
        let errand = Errand::pay(amount, Payee::Address(to.0)).expect("something");
        let intent = auto_sdk::agent::told("buy some");
        let done = agent::act(&self.agent, point, vec![self.grant], &errand, &intent).expect("signed");
        run(net, vec![done.carried(Vec::new(), intent).expect("short")]).await.1
    }

    /// The person revokes the grant; the block in which that happens.
    pub(crate) async fn revoke(&self, net: &Net) -> BlockNumber {
        let mut state = net.client.domain(IDENTITY).state(At::Newest).await.expect("proven");
        let person = record(&mut state, &self.person.id()).await.expect("proven");
        let call = grant::revoke(&person, state.point(), self.grant, Vec::new(), &self.person);
        run(net, vec![call.expect("signed")]).await.0
    }
}
