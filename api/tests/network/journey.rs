//! Money that goes from chain to chain, with every unit counted.

use crate::net::{AI, IDENTITY, Net, PATIENCE, address, pair};
use auto_core::{Amount, BlockNumber, DomainId, KeyPair};
use auto_sdk::{DEV_DOMAIN_BALANCE, Delivery, DevAccount, DomainStage, MessageId, Outcome};
use parking_lot::Mutex;

fn minus(amount: Amount, parts: &[Amount]) -> Amount {
    parts.iter().fold(amount, |left, part| left.checked_sub(*part).expect("enough"))
}

/// What a domain holds as confirmed.
async fn held(net: &Net, domain: DomainId) -> Amount {
    let domains = net.client.domains().await.expect("the node answers");
    domains.into_iter().find(|one| one.domain == domain).expect("exists").balance
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_goes_from_consensus_to_identity_to_ai_and_back_and_no_unit_is_lost() {
    let net = Net::start().await;
    let traveller = KeyPair::from_secret(&[42; 32]);
    let own = traveller.public_key().address();
    let accounts = u128::try_from(DevAccount::all().len()).expect("few");
    let at_genesis = Amount::from_base_units(DEV_DOMAIN_BALANCE.base_units() * accounts);
    for domain in [IDENTITY, AI] {
        assert_eq!(held(&net, domain).await, at_genesis);
        assert_eq!(net.balance(domain, &own).await, Amount::ZERO);
    }
    let alice = net.balance(DomainId::CONSENSUS, &address("alice")).await;

    let message = net.fund("alice", IDENTITY, own, Amount::ai3(100)).await;
    assert_eq!(net.balance(IDENTITY, &own).await, Amount::ai3(100));
    let left = net.balance(DomainId::CONSENSUS, &address("alice")).await;
    assert!(left < minus(alice, &[Amount::ai3(100)]), "a fee was paid");
    let unknown = MessageId { nonce: auto_core::Nonce(message.nonce.0 + 1), ..message };
    assert_eq!(net.client.delivery(&unknown).await.expect("answers"), Some(Delivery::Unsent));

    // Within a domain, with every stage told in order.
    let identity = net.client.domain(IDENTITY);
    let prepared = identity.transfer(&traveller, address("bob"), Amount::ai3(5)).await.expect("answers");
    assert_eq!(identity.simulate(&prepared.signed).await.expect("it would run"), prepared.quote.fee);
    let told = Mutex::new(Vec::new());
    let listen = |stage| told.lock().push(stage);
    let receipt = identity.send(&prepared.signed, DomainStage::Confirmed, PATIENCE, &listen).await;
    let receipt = receipt.expect("it takes effect");
    use DomainStage::{Accepted, Confirmed, Executed, InBlock};
    assert_eq!(*told.lock(), [Accepted, InBlock, Executed, Confirmed]);
    assert_eq!((receipt.hash, receipt.outcome), (prepared.hash, Some(Outcome::Applied)));
    assert_eq!(receipt.events[0].name, "Transferred");
    assert_eq!(receipt.events[0].fields["to"], address("bob").to_string());
    let paid = receipt.fee.expect("it ran");
    assert!(!paid.is_zero() && receipt.block > BlockNumber(0));
    assert_eq!(net.balance(IDENTITY, &own).await, minus(Amount::ai3(95), &[paid]));
    let bob = net.balance(IDENTITY, &address("bob")).await;
    assert_eq!(bob, DEV_DOMAIN_BALANCE.checked_add(Amount::ai3(5)).expect("little"));

    // From a domain to a domain.
    let prepared = identity.transfer_out(&traveller, AI, own, Amount::ai3(40)).await.expect("answers");
    let receipt = net.send(&prepared, Confirmed).await;
    let over = receipt.fee.expect("it ran");
    assert_eq!(net.balance(IDENTITY, &own).await, minus(Amount::ai3(55), &[paid, over]));
    let message = receipt.message(IDENTITY).expect("it sent one");
    assert_eq!((message.source, message.destination), (IDENTITY, AI));
    net.arrived(&message).await;
    assert_eq!(net.balance(AI, &own).await, Amount::ai3(40));

    // From a domain to the consensus chain.
    let ai = net.client.domain(AI);
    let prepared =
        ai.transfer_out(&traveller, DomainId::CONSENSUS, own, Amount::ai3(30)).await.expect("answers");
    let receipt = net.send(&prepared, Confirmed).await;
    let back = receipt.fee.expect("it ran");
    net.arrived(&receipt.message(AI).expect("it sent one")).await;
    assert_eq!(net.balance(AI, &own).await, minus(Amount::ai3(10), &[back]));
    assert_eq!(net.balance(DomainId::CONSENSUS, &own).await, Amount::ai3(30));

    // One query shows all of it, and all of it is what came in less what was spent.
    let (here, there) = net.client.account_everywhere(&own).await.expect("the node answers");
    let names: Vec<_> = there.iter().map(|one| one.domain_name.as_str()).collect();
    assert_eq!(names, ["identity", "ai"]);
    let all = there.iter().fold(here.balance, |sum, one| sum.checked_add(one.balance).expect("little"));
    assert_eq!(all, minus(Amount::ai3(95), &[paid, over, back]));
    // The arrival on `ai` may be in a block that can still be challenged, and its balance counts confirmed ones.
    let newest = ai.account(&own).await.expect("answers").number;
    settled(&net, AI, newest).await;
    assert_eq!(held(&net, IDENTITY).await, minus(sum(at_genesis, 100), &[Amount::ai3(40), paid, over]));
    assert_eq!(held(&net, AI).await, minus(sum(at_genesis, 40), &[Amount::ai3(30), back]));
    net.stop().await;
}

fn sum(amount: Amount, more: u32) -> Amount {
    amount.checked_add(Amount::ai3(more)).expect("little")
}

/// Waits until a block of a domain can no longer be challenged, which takes transactions to be settled.
async fn settled(net: &Net, domain: DomainId, number: BlockNumber) {
    let mut height = net.client.status().await.expect("answers").head;
    loop {
        let domains = net.client.domains().await.expect("answers");
        let now = domains.into_iter().find(|one| one.domain == domain).expect("exists");
        let worked = now.head.min(number);
        if now.confirmed >= worked {
            return;
        }
        height = BlockNumber(height.0 + 1);
        net.client.wait_for_height(height, PATIENCE).await.expect("blocks come");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_follow_one_another_without_waiting_for_blocks() {
    let net = Net::start().await;
    let identity = net.client.domain(IDENTITY);
    let carol = pair("carol");
    let mut sent = Vec::new();
    for amount in 1..=5 {
        let prepared = identity.transfer(&carol, address("bob"), Amount::ai3(amount)).await.expect("answers");
        assert_eq!(identity.submit(&prepared.signed).await.expect("taken"), prepared.hash);
        sent.push(prepared);
    }
    let nonces: Vec<_> = sent.iter().map(|one| one.signed.transaction.nonce.0).collect();
    assert_eq!(nonces, [0, 1, 2, 3, 4]);
    let mut fees = Vec::new();
    for one in &sent {
        let receipt = identity.follow(one.hash, DomainStage::Executed, PATIENCE).await.expect("it runs");
        fees.push(receipt.fee.expect("it ran"));
    }
    let account = identity.account(&address("carol")).await.expect("answers");
    assert_eq!(account.balance, minus(minus(DEV_DOMAIN_BALANCE, &[Amount::ai3(15)]), &fees));
    assert_eq!((account.nonce.0, account.next_nonce.0), (5, 5));
    net.stop().await;
}
