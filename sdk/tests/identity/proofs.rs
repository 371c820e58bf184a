//! What a node shows is believed as far as it is proven.

use crate::world::{World, code};
use auto_core::{BlockNumber, ErrorCode as _, Hash};
use auto_sdk::identity::{record, resolve};
use auto_sdk::{At, DomainState, Prover as _};
use autoid_core::{Kind, who_answers};
use autoid_interface::{IDENTITIES, StateView};

#[tokio::test]
async fn a_reading_asks_for_what_it_needs_and_always_of_one_block() {
    let mut world = World::new();
    let person = world.identity(Kind::Human, None);
    let office = world.identity(Kind::Org, Some(&person));
    let agent = world.identity(Kind::Agent, Some(&office));
    let mut state = world.state().await;
    let number = state.number();
    world.advance(1);
    let path = state
        .view(|state| who_answers(&StateView::new(state).expect("shown"), &agent.id()))
        .await
        .expect("proven");
    let path: Vec<_> = path.into_iter().map(|one| one.id).collect();
    assert_eq!(path, [agent.id(), office.id(), person.id()]);
    assert_eq!((state.number(), state.point().block), (number, number.0));
    assert!(state.anchor().is_some());
    let earlier = DomainState::of(world.book(), At::Block(BlockNumber(1))).await.expect("kept");
    assert_eq!(earlier.number(), BlockNumber(1));
}

#[tokio::test]
async fn a_node_that_leaves_something_out_is_found_out() {
    let mut world = World::new();
    let person = world.identity(Kind::Human, None);
    let mut book = world.book();
    book.withholds = true;
    let mut state = DomainState::of(book, At::Newest).await.expect("the first answer is whole");
    assert_eq!(code(record(&mut state, &person.id()).await), "SDK-0008");
}

#[tokio::test]
async fn an_identity_that_does_not_exist_is_proven_not_to() {
    let world = World::new();
    let mut state = world.state().await;
    let nobody = autoid_core::AutoId([9; 32]);
    assert_eq!(code(record(&mut state, &nobody).await), "AID-0030");
    assert_eq!(code(resolve(&mut state, None, "nobody-at-all").await), "SDK-0005");
    assert_eq!(code(resolve(&mut state, None, "No Alias!").await), "SDK-0005");
    let foreign = nobody.did(&autoid_core::Genesis([1; 32])).to_string();
    assert_eq!(code(resolve(&mut state, None, &foreign).await), "AID-0005");
}

#[tokio::test]
async fn a_receipt_that_the_consensus_chain_does_not_hold_is_refused() {
    let mut world = World::new();
    world.identity(Kind::Human, None);
    let book = world.book();
    let keys = [IDENTITIES.key(&autoid_core::AutoId([1; 32]))];
    let newest = book.prove(&keys, At::Newest).await.expect("kept");
    let first = book.prove(&keys, At::Block(BlockNumber(0))).await.expect("kept");
    let anchor = newest.anchor.clone().expect("anchored");
    assert!(anchor.check(&newest.receipt).is_ok());
    // Of another block, of another state, with one node more.
    assert!(anchor.check(&first.receipt).is_err());
    let mut forged = newest.receipt.clone();
    forged.final_state_root = Hash([7; 32]);
    assert!(anchor.check(&forged).is_err());
    let mut padded = anchor.clone();
    padded.witness = first.anchor.expect("anchored").witness;
    assert_eq!(padded.check(&newest.receipt).expect_err("refused").code(), "STA-0001");
}
