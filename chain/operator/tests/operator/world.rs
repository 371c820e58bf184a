//! A consensus chain in memory and nodes that follow it.

mod net;
mod setup;
mod users;

pub(crate) use net::Net;
pub(crate) use setup::{D, E, NodeSetup, Setup, address, pair};

use auto_core::{Blob, Call};
use auto_module::Module;
use parity_scale_codec::Encode;

/// A call of a module as a transaction carries it.
pub(crate) fn call_of<M: Module>(call: &M::Call) -> Call
where
    M::Call: Encode,
{
    Call { module: M::ID, payload: Blob::new(call.encode()).expect("short") }
}
