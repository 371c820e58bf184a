//! Agents: what they say about themselves, what they may spend, what they did, and what came of it.
//!
//! # Rules
//! * By what right something happens is in signed statements, never in who pays for the transaction: orders of those
//!   who control an identity ([`Order`]), calls under grants ([`autoid_core::Call`]), outcomes ([`Outcome`]) and
//!   settlements ([`Settlement`]). Anyone may carry them to the chain.
//! * Agents, models and services have a record, which names an owner on the way to the top of the tree of identities.
//!   Deposit, by size, and stake are held of whoever registers it, and go back to them. After its last live block
//!   searches leave it out; it stays in the state. Orders of an identity count up, so none takes effect twice.
//! * Every identity has a vault ([`vault`]), into which anyone pays. Its controller withdraws; when it can never act
//!   again, the nearest active identity above it does.
//! * An act ([`Act`]) is a call that [`autoid_core::verify()`] admits over the state of the block, addressed to
//!   [`audience`] and bound to no channel. It is used up, counted against every grant of its chain, debited from every
//!   meter on the way to the root, paid out of the vault of the owner at the root, and noted in the log of whoever
//!   acts: all of it or nothing.
//! * A meter that is shared counts all that is spent under its grant and below. One that is carved had its total taken
//!   from those above ([`Fund`]); what is left of it goes back once its grant can never hold again ([`Reclaim`]).
//!   Windows are stretches of equal length from block zero on.
//! * An escrow ([`Open`]) debits and takes the money at once and holds it. Until the deadline the payee settles for at
//!   most what was reserved, and only while every grant and identity of the chain still holds. Then, or at once when
//!   the chain can never hold again, anyone gives the money back.
//! * Neither the owner nor the agent of an open escrow is deactivated ([`autoid_interface::OPEN`]); the payee may be.
//! * Every act says what it intends before, and waits for its outcome ([`Report`]), which is due within a number of
//!   blocks. One that is overdue is noted as missed at the next act or report.
//!
//! # State
//! | key | value |
//! |---|---|
//! | `agents/params` | [`Params`] |
//! | `agents/record/<identity>` | [`AgentRecord`] |
//! | `agents/orders/<identity>` | how many orders took effect |
//! | `agents/usage/<grant>` | [`Usage`] |
//! | `agents/log/<identity>` | [`Log`] |
//! | `agents/pending/<identity, act>` | [`Pending`] |
//! | `agents/escrow/<call>` | [`Escrow`] |
//! | `agents/called/<actor, grant, number>` | presence: the call was used and has not run out |
//! | `agents/call-queue/<position>`, `agents/queue` | the same calls by age |
//!
//! Vaults, escrows and deposits are accounts of the bank that belong to the module.
//!
//! # Guarantees
//! * Whatever the order of acts, no meter is ever over its total, nor over the cap of a window within that window.
//! * A call takes effect once, whoever carries it how often, and nowhere but on its own network.
//! * A log only grows, and only the chain appends: it has one history, which [`audit()`] checks offline.
//! * What is held for records and escrows is on the module's accounts.
//! * What the state remembers of calls is bounded by what was called within the last minutes; of acts without an
//!   outcome by [`Params::pending_max`] for each identity.
//!
//! # Deviations
//! * The money of a vault at the top of a tree is lost when its identity ends: empty the vault first.
//! * Less than the existential deposit does not go back into an empty vault when an escrow ends; it stays on the
//!   account of escrows.
//! * What was used of a grant stays when the grant has run out and is not stored any more.
//! * A stake is held and shown; nothing here takes it away.
//! * An escrow that ends gives its total back to the meters, but not its windows.
//! * An act reads every identity of its chain and all above them. Eight grants within one tree of full depth fit what
//!   a step may read; eight in as many deep trees do not, and have no effect.

mod audit;
mod authority;
mod budget;
mod calls;
mod error;
mod escrow;
mod event;
mod forecast;
mod genesis;
mod invariants;
mod log;
mod module;
mod money;
mod params;
mod perform;
mod record;
mod replay;
mod signed;
mod state;
pub mod view;

pub use audit::{AuditError, Extract, Findings, Tally, audit, keys, spent_under};
pub use authority::audience;
pub use budget::{MeterUsage, Place, Usage};
pub use calls::{
    Act, Call, Carry, Claim, Clear, Confirmation, Deposit, Fund, Open, Reclaim, Refund, Report, Settle,
};
pub use error::{AgentsError, ERRORS};
pub use escrow::{Escrow, EscrowId, Terms};
pub use event::Event;
pub use forecast::affords;
pub use log::{Deed, Entry, Intent, Log, Payment, Pending};
pub use module::Agents;
pub use money::{account_of, deposits_account, escrow_account, vault};
pub use params::{
    ACCEPTS_MAX, CHAIN_MAX, CLEARED_PER_ACT, INTERFACES_MAX, METERS_MAX, PURPOSE_BYTES_MAX, Params,
    SKILLS_MAX, TAG_BYTES_MAX, TAGS_MAX, URL_BYTES_MAX,
};
pub use perform::Approvals;
pub use record::{AgentRecord, DataPolicy, Interface, Price, Profile, Protocol, Skill, Tag};
pub use signed::{Action, Ending, Order, Outcome, Settlement};
pub(crate) use state::{CALLED, CALLS_QUEUE, QUEUE};
pub use state::{ESCROWS, LOGS, ORDERS, PARAMS, PENDING, RECORDS, USAGE};
