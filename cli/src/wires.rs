//! Nodes of this process, connected in memory.

use crate::error::CliError;
use auto_node::{Event, Node, NodeConfig, NodeHandle, PeerId, Transport};
use std::collections::BTreeMap;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A node's end of the wires to other nodes.
#[derive(Debug)]
struct Plug {
    own: PeerId,
    wires: Mutex<BTreeMap<PeerId, SyncSender<Event>>>,
}

impl Plug {
    fn wires(&self) -> MutexGuard<'_, BTreeMap<PeerId, SyncSender<Event>>> {
        // A map stays whole whoever panics beside it.
        self.wires.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Plug {
    fn send(&self, peer: PeerId, bytes: Vec<u8>) {
        if let Some(wire) = self.wires().get(&peer) {
            // One that is too busy to listen asks again for what matters.
            let _ = wire.try_send(Event::Message(self.own, bytes));
        }
    }

    fn disconnect(&self, peer: PeerId, _: &str) {
        let wire = self.wires().remove(&peer);
        if let Some(wire) = wire {
            let _ = wire.try_send(Event::Disconnected(self.own));
        }
    }
}

/// A node that can be wired to others.
#[derive(Debug)]
pub(crate) struct WiredNode {
    pub(crate) handle: NodeHandle,
    node: Node,
    plug: Arc<Plug>,
}

impl WiredNode {
    /// Starts a node, under a number that no other one of its network has.
    pub(crate) fn start(number: u64, config: NodeConfig) -> Result<Self, CliError> {
        let plug = Arc::new(Plug { own: PeerId(number), wires: Mutex::default() });
        let transport = Arc::clone(&plug) as Arc<dyn Transport>;
        let node = Node::start(NodeConfig { transport: Some(transport), ..config })?;
        Ok(Self { handle: node.handle(), node, plug })
    }

    /// Connects two nodes that are not.
    pub(crate) fn connect(&self, other: &Self) {
        self.plug.wires().insert(other.plug.own, other.node.events());
        other.plug.wires().insert(self.plug.own, self.node.events());
        self.tell(Event::Connected(other.plug.own));
        other.tell(Event::Connected(self.plug.own));
    }

    /// Ends the connection of two nodes.
    pub(crate) fn cut(&self, other: &Self) {
        self.plug.wires().remove(&other.plug.own);
        other.plug.wires().remove(&self.plug.own);
        self.tell(Event::Disconnected(other.plug.own));
        other.tell(Event::Disconnected(self.plug.own));
    }

    fn tell(&self, event: Event) {
        // Fails only when the node has stopped, which `failure` tells.
        let _ = self.node.events().send(event);
    }

    /// Why the node stopped by itself, if it did.
    pub(crate) fn failure(&self) -> Option<String> {
        self.node.failure()
    }

    /// Stops the node and waits for it.
    pub(crate) fn stop(self) {
        self.node.stop();
    }
}
