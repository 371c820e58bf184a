use super::*;
use crate::Retention;
use auto_core::{Digest, ErrorCode, Genesis, Header, PotJustification, Preset, ProtocolParams, ShardId};
use auto_ledger::NoExtension;
use auto_store::MemoryStore;

const KEY: PublicKey = PublicKey([7; 32]);

fn machine() -> NodeMachine {
    let genesis = Genesis::new(ProtocolParams::preset(Preset::Test), List::default());
    let chain =
        Chain::open(Arc::new(MemoryStore::new()), &genesis, Arc::new(NoExtension), Retention::default())
            .expect("opens");
    NodeMachine::new(chain, Roles::default())
}

fn block(parent_hash: Hash) -> Block {
    let body = auto_core::Body::default();
    let header = Header {
        shard: ShardId(0),
        number: BlockNumber(1),
        parent_hash,
        transactions_root: body.root(),
        state_root: Hash::ZERO,
        mmr_root: Hash::ZERO,
        digest: Digest::default(),
    };
    Block { header, justification: PotJustification::default(), body }
}

#[test]
fn a_block_of_ones_own_that_is_invalid_is_told_loudly_and_stops_nothing() {
    let mut machine = machine();
    let genesis = machine.chain.genesis_hash();
    for (refused, parent, inner) in [(1, genesis, "CON-0001"), (2, Hash([1; 32]), "parent is not known")] {
        assert!(machine.own_block(Slot(9), KEY, block(parent)).is_ok());
        let effects = machine.take_effects();
        let [
            Effect::Missed(Slot(9), KEY, missed),
            Effect::Notify(NodeEvent::OwnBlockRefused { slot, code, reason }),
        ] = effects.as_slice()
        else {
            panic!("{effects:?}");
        };
        assert_eq!((*slot, code.as_str()), (Slot(9), "NOD-0014"));
        assert!(missed.contains("NOD-0014") && missed.contains(reason.as_str()), "{missed}");
        assert!(reason.contains(inner), "{reason}");
        assert_eq!(machine.refused(), refused);
    }
    assert_eq!(machine.chain.head().hash(), genesis);
    assert!(machine.step(Tick(1), Event::Timer).is_ok());
}

#[test]
fn only_a_failure_of_the_node_itself_is_fatal() {
    let refused = NodeError::OwnBlock { parent: Hash::ZERO, error: String::new() };
    assert!(!refused.is_fatal());
    assert_eq!(refused.code(), "NOD-0014");
    assert!(NodeError::Missing { what: "block", key: String::new() }.is_fatal());
}
