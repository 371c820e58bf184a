//! Agents: what they say about themselves, what they may do, what they do, and what they are paid.
//!
//! As with [`identity`](crate::identity), statements are signed by keys of identities and carried by whoever pays:
//! every function gives a [`Call`](auto_core::Call).
//!
//! * [`Card`] is what an agent says about itself; [`register`], [`renew`], [`retire`] and [`withdraw`] are orders of
//!   whoever controls the identity.
//! * [`Permission`] is what `--can` says, and makes the [terms](crate::identity::grant::Terms) of a grant.
//! * [`Request`] is what an agent is asked to do, [`Errand`] the same with everybody found.
//! * [`can`] answers whether it may, without a transaction; [`act`] does it, [`report`] says what came of it.
//! * [`open`], [`settle`], [`settle_direct`] and [`refund`] are payments that wait.

mod act;
mod can;
mod card;
mod errand;
mod escrow;
mod order;
mod permission;
mod words;

pub use act::{Done, act, approve, report};
pub use can::{Answer, can, can_own};
pub use card::{Card, SkillCard};
pub use errand::{Errand, PAY, Request, account_resource, identity_resource};
pub use escrow::{fund, open, reclaim, refund, settle, settle_direct};
pub use order::{clear, deposit, register, renew, retire, withdraw};
pub use permission::{Approve, Budget, Per, Permission};

use auto_agents::Intent;
use auto_core::{Hash, hash};

/// An intent that states what the agent was told, for agents that have no policy and no model of their own.
#[must_use]
pub fn told(words: &str) -> Intent {
    Intent { policy: hash(words.as_bytes()), model: Hash::ZERO, inputs: Hash::ZERO }
}
