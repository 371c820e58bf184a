//! What an account can ask for.
//!
//! Whoever signs a transaction pays for it; by what right something happens is in the signed statements that a
//! call carries. So anyone may carry them to the chain.

mod act;
mod clear;
mod deposit;
mod fund;
mod open;
mod order;
mod reclaim;
mod refund;
mod register;
mod renew;
mod report;
mod retire;
mod settle;
mod withdraw;

pub use act::Act;
pub use clear::Clear;
pub use deposit::Deposit;
pub use fund::Fund;
pub use open::Open;
pub use order::Carry;
pub use reclaim::Reclaim;
pub use refund::Refund;
pub use report::{Confirmation, Report};
pub use settle::{Claim, Settle};

use parity_scale_codec::{Decode, Encode};

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Call {
    /// Pays into a vault.
    #[codec(index = 0)]
    Deposit(Deposit),
    /// Carries an order of an identity: register, renew, retire, withdraw.
    #[codec(index = 1)]
    Order(Box<Carry>),
    /// Acts within grants, and pays at once.
    #[codec(index = 2)]
    Act(Box<Act>),
    /// Acts within grants, and reserves a payment.
    #[codec(index = 3)]
    Open(Box<Open>),
    /// Takes part of an escrow.
    #[codec(index = 4)]
    Settle(Settle),
    /// Gives an escrow back.
    #[codec(index = 5)]
    Refund(Refund),
    /// States what came of an act.
    #[codec(index = 6)]
    Report(Box<Report>),
    /// Takes the reserve of a carved meter from the meters above.
    #[codec(index = 7)]
    Fund(Fund),
    /// Gives back what a carved meter has left.
    #[codec(index = 8)]
    Reclaim(Reclaim),
    /// Clears the record of an agent that can never act again.
    #[codec(index = 9)]
    Clear(Clear),
}
