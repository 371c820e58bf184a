//! From a sentence to a grant, and from a request to an act within it.

use crate::world::{World, code};
use auto_agents::{AgentsError, Ending, Outcome, Terms as Deal, view};
use auto_core::{Amount, Call, ErrorCode as _, Hash};
use auto_sdk::agent::{self, Answer, Card, Errand, Permission, Request, SkillCard, act, can, can_own, told};
use auto_sdk::identity::grant::{issue, revoke, store};
use auto_sdk::identity::{IdentityKey, operate};
use autoid_core::{Action, GrantId, Kind, Payee, Sign1};

/// Milliseconds between two blocks.
const BLOCK_MS: u64 = 2_000;

struct Office {
    world: World,
    alice: IdentityKey,
    trader: IdentityKey,
    seller: IdentityKey,
}

impl Office {
    fn new() -> Self {
        let mut world = World::new();
        let alice = world.identity(Kind::Human, None);
        let trader = world.identity(Kind::Agent, Some(&alice));
        let seller = world.identity(Kind::Agent, None);
        world.run(agent::deposit(alice.id(), Amount::ai3(1_000)).expect("something"));
        Self { world, alice, trader, seller }
    }

    /// A grant by a sentence, stored.
    async fn grant(
        &mut self,
        (from, to): (&str, &str),
        sentence: &str,
        parent: Option<GrantId>,
    ) -> Result<GrantId, &'static str> {
        let mut state = self.world.state().await;
        let permission: Permission = sentence.parse().map_err(|error: auto_sdk::SdkError| error.code())?;
        let terms = permission.terms(&mut state, None, BLOCK_MS).await.expect("everybody is known");
        let (from, to) = (self.named(from), self.named(to).id());
        let signed = issue(&mut state, from, to, &terms, parent).await.map_err(|error| error.code())?;
        let id = signed.id(&self.world.network);
        self.world.try_run(vec![store(signed).expect("small")]).map(|_| id)
    }

    fn named(&self, name: &str) -> &IdentityKey {
        match name {
            "alice" => &self.alice,
            "trader" => &self.trader,
            _ => &self.seller,
        }
    }

    async fn errand(&self, text: &str) -> Errand {
        let text = text.replace("SELLER", &self.seller.id().to_string());
        let request: Request = text.parse().expect("a request");
        request.errand(&mut self.world.state().await, None).await.expect("everybody is known")
    }

    async fn ask(&self, holdings: &[GrantId], text: &str) -> Answer {
        let errand = self.errand(text).await;
        can(&mut self.world.state().await, self.trader.id(), holdings, &errand).await.expect("readable")
    }

    async fn act(&self, chain: &[GrantId], text: &str) -> Call {
        let (errand, point) = (self.errand(text).await, self.world.state().await.point());
        let done = act(&self.trader, point, chain.to_vec(), &errand, &told(text)).expect("signed");
        done.carried(Vec::new(), told(text)).expect("small")
    }
}

fn refused(answer: &Answer) -> (&'static str, Option<GrantId>) {
    match answer {
        Answer::No { code, grant, .. } => (code, *grant),
        Answer::Yes { .. } => panic!("allowed: {answer:?}"),
    }
}

#[tokio::test]
async fn an_answer_without_a_transaction_is_what_the_chain_does() {
    let mut office = Office::new();
    let seller = office.seller.id().to_string();
    let sentence =
        format!("spend<=10/block 1000 per-call<=6 to {seller} do calendar/read on calendar:team/** calls 3");
    let grant = office.grant(("alice", "trader"), &sentence, None).await.expect("stored");
    let yes = Answer::Yes { chain: vec![grant], approvals: None };
    for (text, code) in [
        ("spend 6 to SELLER", None),
        ("pay SELLER 6.1", Some("AID-0125")),
        ("do calendar/read on calendar:team/7", None),
        ("do calendar/read on calendar:team/7 spend 1 to SELLER", None),
        ("do calendar/write on calendar:team/7", Some("AID-0121")),
        ("do calendar/read on calendar:other/7", Some("AID-0122")),
    ] {
        let answer = office.ask(&[grant], text).await;
        match code {
            None => assert_eq!(answer, yes, "{text}"),
            Some(code) => assert_eq!(refused(&answer), (code, Some(grant)), "{text}"),
        }
        let call = office.act(&[grant], text).await;
        if let Some(code) = code {
            assert_eq!(office.world.try_run(vec![call]).expect_err("refused"), code, "{text}");
        }
    }
    let pay = office.act(&[grant], "pay SELLER 6").await;
    office.world.run(pay);
    // The window has 4 left, whatever one call may be.
    let (code, decided) = refused(&office.ask(&[grant], "pay SELLER 5").await);
    assert_eq!((code, decided), ("AGT-0019", Some(grant)));
    let over = office.act(&[grant], "pay SELLER 5").await;
    assert_eq!(office.world.try_run(vec![over]).expect_err("refused"), code);
    assert_eq!(office.ask(&[grant], "pay SELLER 4").await, yes);
    for _ in 0..2 {
        let read = office.act(&[grant], "do calendar/read on calendar:team/7").await;
        office.world.run(read);
    }
    assert_eq!(refused(&office.ask(&[grant], "pay SELLER 1").await).0, "AGT-0020");
    assert_eq!(refused(&office.ask(&[], "pay SELLER 1").await), ("AID-0096", None));
    let unknown = GrantId([7; 32]);
    assert_eq!(refused(&office.ask(&[unknown], "pay SELLER 1").await), ("AGT-0011", Some(unknown)));
}

#[tokio::test]
async fn a_grant_on_a_grant_inherits_and_never_widens() {
    let mut office = Office::new();
    let first = office.grant(("alice", "trader"), "spend<=10 for 7d depth 1", None).await.expect("stored");
    for (sentence, code) in [
        ("spend<=11", "AID-0107"),
        ("spend<=5 for 8d", "AID-0104"),
        ("spend<=5 depth 1", "AID-0101"),
        ("do calendar/read on calendar:x", "AID-0102"),
    ] {
        let refused = office.grant(("trader", "seller"), sentence, Some(first)).await;
        assert_eq!(refused.expect_err("wider"), code, "{sentence}");
    }
    let second = office.grant(("trader", "seller"), "spend<=5 for 1d", Some(first)).await.expect("stored");
    let errand = Errand::pay(Amount::ai3(5), Payee::Identity(office.trader.id())).expect("sound");
    let (mut state, seller) = (office.world.state().await, office.seller.id());
    let answer = can(&mut state, seller, &[second], &errand).await.expect("readable");
    assert_eq!(answer, Answer::Yes { chain: vec![first, second], approvals: None });

    // The middle grant goes, and the leaf with it, in the next block.
    let (record, point) = (office.world.record(&office.alice.id()).await, state.point());
    office.world.run(revoke(&record, point, first, Vec::new(), &office.alice).expect("signed"));
    let mut state = office.world.state().await;
    let answer = can(&mut state, seller, &[second], &errand).await.expect("readable");
    assert_eq!(refused(&answer), ("AID-0114", Some(first)));
}

#[tokio::test]
async fn a_grant_that_is_not_stored_is_revoked_by_showing_it() {
    let mut office = Office::new();
    let mut state = office.world.state().await;
    let permission: Permission = "spend<=1".parse().expect("a permission");
    let terms = permission.terms(&mut state, None, BLOCK_MS).await.expect("nobody is named");
    let (alice, trader) = (&office.alice, &office.trader);
    let signed = issue(&mut state, alice, trader.id(), &terms, None).await.expect("signed");
    let id = signed.id(&office.world.network);
    let (record, point) = (office.world.record(&alice.id()).await, state.point());
    let call = revoke(&record, point, id, vec![signed.clone()], alice).expect("signed");
    office.world.run(call);
    assert_eq!(office.world.try_run(vec![store(signed).expect("small")]).expect_err("revoked"), "AID-0114");
    let other = revoke(&record, point, id, Vec::new(), &office.trader);
    assert_eq!(code(other), "AID-0013");
}

#[tokio::test]
async fn above_a_threshold_an_approver_must_agree() {
    let mut office = Office::new();
    let alice = office.alice.id().to_string();
    let sentence = format!("spend<=10 approve>2 by {alice}");
    let grant = office.grant(("alice", "trader"), &sentence, None).await.expect("stored");
    assert_eq!(
        office.ask(&[grant], "pay SELLER 3").await,
        Answer::Yes { chain: vec![grant], approvals: Some((grant, 1)) }
    );
    let (errand, point) = (office.errand("pay SELLER 3").await, office.world.state().await.point());
    let intent = told("pay");
    let done = act(&office.trader, point, vec![grant], &errand, &intent).expect("signed");
    let bare = done.clone().carried(Vec::new(), intent).expect("small");
    assert!(office.world.try_run(vec![bare]).is_err());
    let approval = agent::approve(&office.alice, point, done.digest).expect("signed");
    office.world.run(done.carried(vec![approval], intent).expect("small"));
}

#[tokio::test]
async fn an_agent_registers_acts_reports_and_pays_by_escrow() {
    let mut office = Office::new();
    let card = Card {
        purpose: "buys what it is told to".to_owned(),
        skills: vec![SkillCard { name: "buy".to_owned(), tags: vec!["shopping".to_owned()] }],
        price: Some(Amount::ai3(1)),
        stake: Amount::ai3(5),
        ..Card::default()
    };
    let mut state = office.world.state().await;
    let profile = card.profile(office.alice.id(), state.number().0).expect("sound");
    let call = agent::register(&mut state, &office.trader, profile).await.expect("signed");
    office.world.run(call);
    let call = agent::renew(&mut office.world.state().await, &office.trader, 10).await.expect("signed");
    office.world.run(call);
    assert_eq!(code(Card::default().profile(office.alice.id(), 0)), "AGT-0001");

    let grant = office.grant(("alice", "trader"), "spend<=50", None).await.expect("stored");
    let (errand, point) = (office.errand("spend 20 to SELLER").await, office.world.state().await.point());
    let (intent, deal) = (told("buy"), Deal { deadline: point.block + 50, agreement: Hash([5; 32]) });
    let opened = agent::open(&office.trader, point, vec![grant], &errand, (&intent, &deal)).expect("signed");
    let escrow = opened.digest;
    office.world.run(opened.reserved(Vec::new(), intent, deal).expect("small"));
    office.world.run(agent::settle(&office.seller, escrow, Amount::ai3(15)).expect("signed"));
    let seller = office.seller.id();
    let mut state = office.world.state().await;
    let balance = state.view(|state| view::balance(state, &seller).map_err(AgentsError::from)).await;
    assert_eq!(balance.expect("readable"), Amount::ai3(15));
    let outcome = Outcome {
        agent: office.trader.id(),
        act: 0,
        call: escrow,
        status: Ending::Succeeded,
        outputs: [1; 32],
        cost: 0,
        side_effects: [0; 32],
    };
    let foreign = agent::report(&office.seller, outcome.clone(), None);
    assert_eq!(code(foreign), "AID-0013");
    office.world.run(agent::report(&office.trader, outcome, Some(&office.seller)).expect("signed"));
    // The seller spends what it earned in its own name, and no more.
    let own = |amount| Errand::pay(Amount::ai3(amount), Payee::Identity(office.alice.id())).expect("sound");
    let yes = can_own(&mut state, seller, &own(15)).await.expect("readable");
    assert_eq!(yes, Answer::Yes { chain: Vec::new(), approvals: None });
    assert_eq!(refused(&can_own(&mut state, seller, &own(16)).await.expect("readable")).0, "BNK-0002");
    let call =
        agent::withdraw(&mut state, &office.seller, (seller, auto_testkit::address("bob")), Amount::ai3(5));
    let call = call.await.expect("signed");
    office.world.run(call);
    let (record, point) = (office.world.record(&seller).await, office.world.state().await.point());
    office.world.run(operate(&record, point, Action::BumpEpoch, &[&office.seller]).expect("signed"));
}

#[tokio::test]
async fn a_grant_is_signed_by_its_issuer_only() {
    let office = Office::new();
    let mut state = office.world.state().await;
    let terms = "spend<=1".parse::<Permission>().expect("sound").terms(&mut state, None, BLOCK_MS).await;
    let terms = terms.expect("sound");
    let signed: Sign1<autoid_core::Grant> =
        issue(&mut state, &office.alice, office.trader.id(), &terms, None).await.expect("signed");
    let again = auto_sdk::identity::grant::sign(signed.body().clone(), &office.trader);
    assert_eq!(code(again), "AID-0013");
    let parentless = issue(&mut state, &office.trader, office.seller.id(), &terms, Some(GrantId([1; 32])));
    assert_eq!(code(parentless.await), "SDK-0005");
}
