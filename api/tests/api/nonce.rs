//! A client, the API and a node without farms, so that what is sent waits.

use auto_api::{Backend, serve};
use auto_core::{Amount, Nonce};
use auto_node::{NoExtension, Node, NodeConfig, Retention, StoreKind};
use auto_sdk::{Client, DevAccount, dev_genesis};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_client_sends_three_transfers_before_the_first_is_in_a_block() {
    let node = Node::start(NodeConfig {
        genesis: dev_genesis(),
        store: StoreKind::Memory,
        extension: Arc::new(NoExtension),
        followers: Vec::new(),
        retention: Retention::default(),
        timekeeper: false,
        pace_slots: true,
        farms: Vec::new(),
        transport: None,
    })
    .expect("starts");
    let backend: Arc<dyn Backend> = Arc::new(node.handle());
    let stop = CancellationToken::new();
    let server = serve(backend, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), stop.clone()).await;
    let client = Client::new(&format!("http://{}", server.expect("port zero is free").addr)).expect("a URL");
    let alice = DevAccount::named("alice").expect("known").pair();
    let bob = DevAccount::named("bob").expect("known").pair().public_key().address();
    for nonce in 0..3 {
        let prepared = client.transfer(&alice, bob, Amount::ai3(1)).await.expect("the node answers");
        assert_eq!(prepared.signed.transaction.nonce, Nonce(nonce));
        client.submit(&prepared.signed).await.expect("it is taken");
    }
    let address = alice.public_key().address();
    let account = client.account(&address, None).await.expect("the node answers");
    assert_eq!((account.nonce, account.next_nonce), (Nonce(0), Nonce(3)), "no block came in between");
    assert_eq!(client.status().await.expect("the node answers").pool, 3);
    stop.cancel();
    node.stop();
}
