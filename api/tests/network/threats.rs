//! What the door refuses, and that refusing changes nothing.

use crate::net::{AI, IDENTITY, Net, PATIENCE, address, pair};
use auto_core::{Amount, DomainId, Hash, KeyPair, Nonce, SignedTransaction, Transaction};
use auto_sdk::{DEV_DOMAIN_BALANCE, DomainStage, Outcome, SdkError, domains, hash_there};

/// The code of a refusal, and its class.
fn refused<T: std::fmt::Debug>(result: Result<T, SdkError>) -> (String, String) {
    match result {
        Err(SdkError::Refused { remote, kind, .. }) => (remote, kind),
        other => unreachable!("it has to be refused: {other:?}"),
    }
}

fn resigned(transaction: &Transaction, pair: &KeyPair, genesis: &Hash) -> SignedTransaction {
    transaction.clone().sign(pair, genesis)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_signed_for_this_chain_and_domain_is_refused() {
    let net = Net::start().await;
    let (identity, dave) = (net.client.domain(IDENTITY), pair("dave"));
    let prepared = identity.transfer(&dave, address("bob"), Amount::ai3(1)).await.expect("answers");
    let good = &prepared.signed.transaction;

    // Signed for the chain of another genesis.
    let elsewhere = resigned(good, &dave, &Hash([7; 32]));
    assert_eq!(refused(identity.submit(&elsewhere).await).0, "MOD-0009");
    assert_eq!(refused(identity.simulate(&elsewhere).await).0, "MOD-0009");
    // Signed for one domain, sent to the other.
    let mut moved = prepared.signed.clone();
    moved.transaction.domain = AI;
    assert_eq!(refused(net.client.domain(AI).submit(&moved).await).0, "MOD-0009");
    // Signed by somebody else.
    let mut forged = resigned(good, &pair("erin"), &prepared.quote.genesis);
    forged.transaction.signer = dave.public_key();
    assert_eq!(refused(identity.submit(&forged).await).0, "MOD-0009");
    // For a domain that does not exist.
    let nowhere = Transaction { domain: DomainId(9), ..good.clone() };
    let nowhere = resigned(&nowhere, &dave, &prepared.quote.genesis);
    assert!(matches!(refused(net.client.domain(DomainId(9)).submit(&nowhere).await).0.as_str(), "OPR-0005"));
    let missing = net.client.domain(DomainId(9)).account(&address("dave")).await;
    assert!(matches!(missing, Err(SdkError::NotFound { what: "domain", .. })));
    // Cut short, or with something behind it.
    let bytes = parity_scale_codec::Encode::encode(&prepared.signed);
    for broken in [bytes[..bytes.len() - 1].to_vec(), [bytes.clone(), vec![0]].concat()] {
        let text = format!("0x{}", hex::encode(broken));
        let document = "mutation($bytes: Bytes!) { submitTxAsync(bytes: $bytes) }";
        let answer = net.client.query(document, serde_json::json!({ "bytes": text })).await;
        assert!(matches!(answer, Err(SdkError::Refused { .. })), "{answer:?}");
    }

    let account = identity.account(&address("dave")).await.expect("answers");
    assert_eq!((account.balance, account.next_nonce), (DEV_DOMAIN_BALANCE, Nonce(0)));
    // The genuine one is taken after all of that.
    net.send(&prepared, DomainStage::Executed).await;
    net.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nonce_is_used_once() {
    let net = Net::start().await;
    let (identity, frank) = (net.client.domain(IDENTITY), pair("frank"));
    let prepared = identity.transfer(&frank, address("bob"), Amount::ai3(2)).await.expect("answers");
    let receipt = net.send(&prepared, DomainStage::Executed).await;
    let after = identity.account(&address("frank")).await.expect("answers");
    // The same bytes again are known, and do nothing.
    assert_eq!(identity.submit(&prepared.signed).await.expect("known"), prepared.hash);
    let again = net.send(&prepared, DomainStage::Executed).await;
    assert_eq!((again.block, again.position), (receipt.block, receipt.position));
    // Something else under the same nonce is refused.
    let calls = vec![domains::transfer(address("carol"), Amount::ai3(2))];
    let mut quote = identity.quote(&address("frank"), &calls).await.expect("answers");
    assert_eq!(quote.nonce, Nonce(1));
    quote.nonce = Nonce(0);
    let replayed = identity.fill(&frank, calls, quote).expect("few calls");
    let (code, kind) = refused(identity.submit(&replayed.signed).await);
    assert_eq!((code.as_str(), kind.as_str()), ("BNK-0004", "REJECTED"));
    let account = identity.account(&address("frank")).await.expect("answers");
    assert_eq!((account.balance, account.nonce), (after.balance, after.nonce));
    assert!(identity.receipt(&replayed.hash).await.expect("answers").is_none());
    net.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_pay_is_refused_at_the_door() {
    let net = Net::start().await;
    let (identity, erin) = (net.client.domain(IDENTITY), pair("erin"));
    let too_much = DEV_DOMAIN_BALANCE.checked_add(Amount::ai3(1)).expect("little");
    for chain in [IDENTITY, AI, DomainId::CONSENSUS] {
        let prepared = match chain {
            IDENTITY => identity.transfer(&erin, address("bob"), too_much).await,
            _ => identity.transfer_out(&erin, chain, address("bob"), too_much).await,
        };
        let prepared = prepared.expect("answers");
        let (code, kind) = refused(identity.submit(&prepared.signed).await);
        assert_eq!(kind, "REJECTED", "{code}");
        assert_eq!(refused(identity.simulate(&prepared.signed).await).0, code);
        let told = identity.send(&prepared.signed, DomainStage::Executed, PATIENCE, &|_| {}).await;
        assert_eq!(refused(told).0, code);
        assert!(identity.receipt(&prepared.hash).await.expect("answers").is_none());
    }
    // An account that never had anything cannot even pay the fee.
    let poor = KeyPair::from_secret(&[77; 32]);
    let prepared =
        identity.transfer(&poor, address("bob"), Amount::from_base_units(1)).await.expect("answers");
    assert_eq!(refused(identity.submit(&prepared.signed).await).1, "REJECTED");
    let height = net.client.status().await.expect("answers").head;
    let later = auto_core::BlockNumber(height.0 + 2);
    net.client.wait_for_height(later, PATIENCE).await.expect("blocks come");
    let account = identity.account(&address("erin")).await.expect("answers");
    assert_eq!((account.balance, account.next_nonce), (DEV_DOMAIN_BALANCE, Nonce(0)));
    net.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_fails_in_its_block_costs_the_fee_and_tells_its_code() {
    let net = Net::start().await;
    let (ai, alice) = (net.client.domain(AI), pair("alice"));
    let most = Amount::ai3(6000);
    let calls = vec![domains::transfer(address("bob"), most)];
    let quote = ai.quote(&address("alice"), &calls).await.expect("answers");
    // The second one first: as long as the first is not there, its turn has not come.
    let mut later = quote.clone();
    later.nonce = Nonce(quote.nonce.0 + 1);
    let later = ai.fill(&alice, calls.clone(), later).expect("few calls");
    assert_eq!(ai.submit(&later.signed).await.expect("it may wait"), later.hash);
    let first = ai.fill(&alice, calls, quote).expect("few calls");
    net.send(&first, DomainStage::Executed).await;
    let failed = ai.follow(later.hash, DomainStage::Executed, PATIENCE).await;
    let Err(SdkError::FailedThere { hash, remote, .. }) = failed else {
        unreachable!("both cannot take effect: {failed:?}")
    };
    assert_eq!(hash, hash_there(&later.signed));
    let receipt = ai.receipt(&later.hash).await.expect("answers").expect("it ran");
    assert_eq!(receipt.outcome, Some(Outcome::Failed));
    assert_eq!(receipt.failure.as_ref().map(|failure| &failure.code), Some(&remote));
    assert!(receipt.events.is_empty());
    let fees: u128 = [first.hash, later.hash].len().try_into().expect("two");
    let fee = receipt.fee.expect("taken").base_units();
    let spent = DEV_DOMAIN_BALANCE.base_units() - net.balance(AI, &address("alice")).await.base_units();
    assert_eq!(spent, most.base_units() + fees * fee);
    net.stop().await;
}
