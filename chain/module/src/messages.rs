//! Messages between chains: channels, an outbox that other chains read by proof, and money that moves.
//!
//! A chain is a domain, or the consensus chain, which is [`auto_core::DomainId::CONSENSUS`]; both run the code
//! here, each with its own [`Till`] for money. A domain reaches it through module [`Messages`] and by
//! extrinsics that relay; the consensus chain through calls.
//!
//! # Rules
//! * A channel joins two chains. Either may open one; the lower of the two numbers those that it opens 0, 2,
//!   4, .., the higher 1, 3, 5, .., so one number never names two channels.
//! * Each direction of a channel counts its messages. A message takes effect only when its nonce is the next,
//!   so none is skipped and none counts twice. A bundle may hold messages of the next [`WINDOW`] nonces.
//! * Requests (an opening, a closing, a transfer, a notice) are answered in order by a response, a message of
//!   the other direction. A request stays in the outbox until its response arrives; a response until a
//!   message of the other side says that it did. A side has at most [`WINDOW`] requests unanswered, so an
//!   outbox is bounded.
//! * Each chain names the chains that it deals with. An opening of any other chain cannot be relayed; a
//!   request of a chain that is no longer named is refused, and answered.
//! * A closed channel sends no more requests, and refuses, by response, what the other side sent before it
//!   knew. So money under way comes back to its sender; none is stuck.
//! * A transfer leaves the sender's balance when it is sent. The receiving chain credits it, or refuses it
//!   and says so; on a refusal the sending chain gives it back.
//!
//! # Proofs
//! A chain knows roots of the Merkle mountain range over consensus blocks: [`ROOTS`], the newest
//! `message_roots` of them. A message of the consensus chain is proven by a leaf of the range and its outbox
//! entry under the leaf's state root; one of a domain by the leaf, the domain's newest confirmed block under
//! the leaf's state root ([`CONFIRMED`]), and its outbox entry under the state root of that. So nothing of a
//! domain counts elsewhere before its challenge period is over.
//!
//! # Spam
//! A relayed message pays no fee from an account. Only what another chain holds in its outbox can be relayed:
//! whoever put it there paid that chain's fee, or a deposit for the channel. Each nonce counts once, at most
//! [`WINDOW`] are under way in a channel, and a bundle that holds a message without a valid proof makes its
//! operator lose the stake.
//!
//! # State
//! | key | value |
//! |---|---|
//! | `messages/allowed/<chain>` | presence: this chain deals with it |
//! | `messages/opened/<chain>` | channels opened from here |
//! | `messages/channel/<chain, channel>` | [`Channel`] |
//! | `messages/outbox/<chain, channel, nonce>` | [`Message`] |
//! | `messages/root/<consensus height>` | root of the mountain range: the header's of that height |
//! | `messages/ring/<position>` | which heights have a root, by age |
//! | `messages/confirmed/<domain>` | [`Confirmed`]; only in the state of the consensus chain |
//!
//! # Deviations from the production protocol
//! * Responses are messages of their own, with nonces; there they are a second stream per channel.
//! * A closed channel still answers; there what is under way when a channel closes cannot be claimed.
//! * The deposit of a channel comes back in full. There a part is kept when an opening is refused; here a
//!   refused opening is never relayed, so it costs the other chain nothing.
//! * Messages carry no weight to be compared with: every kind has one weight.

mod calls;
mod error;
mod event;
mod genesis;
mod invariants;
mod message;
mod module;
mod notice;
mod post;
mod proof;
mod receive;
mod roots;
mod state;
mod till;
mod view;

pub use calls::{Call, Close, Open, Transfer};
pub use error::{ERRORS, MessageError};
pub use event::Event;
pub use genesis::{MessagesGenesis, allow, disallow, establish};
pub use message::{Message, MessageProof, NOTICE_BYTES_MAX, Payload, Relay};
pub use module::Messages;
pub(crate) use notice::Receivers;
pub use notice::notify;
pub use post::Post;
pub use proof::{check, legal, not_received, verify};
pub use receive::Delivery;
pub(crate) use receive::due;
pub use roots::record_root;
pub use state::{
    CHANNELS, CONFIRMED, Channel, ChannelState, Confirmed, OUTBOX, ROOTS, WINDOW, channel_opener,
};
pub use till::{BankTill, Till, TillError, deposits_account};
pub use view::{channel, is_allowed, outbox_key};
