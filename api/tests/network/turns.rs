//! What was told is taken back when the chain turns: two nodes of one genesis that meet late.

use crate::net::{Net, rival};
use crate::people::Cast;
use crate::streams::{ACTS, REVOCATIONS, listen, schema};
use auto_core::Amount;
use auto_node::{Event, NodeHandle, PeerId, Transport};
use futures_util::StreamExt;
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

/// Each node has one peer.
const PEER: PeerId = PeerId(1);

/// One direction of a wire; cut until it is told where it leads.
#[derive(Default)]
struct Wire(Mutex<Option<SyncSender<Event>>>);

impl Wire {
    fn lead(&self, to: SyncSender<Event>) {
        to.send(Event::Connected(PEER)).expect("the node runs");
        *self.0.lock() = Some(to);
    }
}

impl Transport for Wire {
    fn send(&self, _: PeerId, bytes: Vec<u8>) {
        if let Some(to) = &*self.0.lock() {
            // What does not fit is lost, as on any wire: the node asks again.
            let _ = to.try_send(Event::Message(PEER, bytes));
        }
    }

    fn disconnect(&self, _: PeerId, reason: &str) {
        assert_eq!(reason, "", "the nodes are honest and stay together");
    }
}

/// How heavy the best chain of a node is.
fn weight(node: &NodeHandle) -> u128 {
    let head = node.status().expect("readable").head.number;
    let block = node.block(head).expect("readable");
    block.map_or(0, |block| block.weight.parse().expect("a number"))
}

fn told<'v>(notice: &'v Value, stream: &str) -> (&'v str, u64) {
    let notice = &notice[stream];
    let block = notice["block"].as_str().and_then(|block| block.parse().ok());
    (notice["kind"].as_str().expect("a kind"), block.expect("a height"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_and_revocations_of_a_branch_that_lost_are_taken_back() {
    let (there, back) = (Arc::new(Wire::default()), Arc::new(Wire::default()));
    let (net, genesis) = Net::that_may_turn(Arc::<Wire>::clone(&there)).await;
    let cast = Cast::meet(&net).await;
    let schema = schema(&net).await;
    let mut acts = listen(&schema, ACTS, json!({ "agent": cast.agent.id().to_string() }));
    let mut revocations = listen(&schema, REVOCATIONS, json!({}));
    let (act, revocation, ()) = tokio::join!(acts.next(), revocations.next(), async {
        tokio::task::yield_now().await;
        cast.pay(&net, Amount::ai3(1)).await;
        cast.revoke(&net).await;
    });
    let (act, revocation) = (act.expect("an act"), revocation.expect("a revocation"));
    assert_eq!(told(&act, "acts").0, "ADDED");
    assert_eq!(told(&revocation, "revocations").0, "ADDED");

    // The other one farms more, so its branch becomes the heavier one, however long that takes.
    let folder = tempfile::tempdir().expect("a folder");
    let other = rival(genesis, &folder, Arc::<Wire>::clone(&back)).await;
    while weight(&other.handle()) <= weight(&net.node) {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    there.lead(other.events());
    back.lead(net.events());
    for (stream, notices, added) in
        [("acts", &mut acts, &act), ("revocations", &mut revocations, &revocation)]
    {
        let notice = notices.next().await.expect("a notice");
        let (kind, block) = told(&notice, stream);
        assert_eq!(kind, "REVERTED", "{notice}");
        assert!(block <= told(added, stream).1, "{notice} undoes {added}");
    }
    tokio::task::spawn_blocking(move || other.stop()).await.expect("no panic");
    net.stop().await;
}
