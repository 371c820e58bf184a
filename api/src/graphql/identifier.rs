//! Global identifiers.

use super::fail;
use crate::ApiError;
use async_graphql::{ID, Result};
use auto_core::{Address, Hash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parity_scale_codec::{Decode, Encode};

/// What a global identifier names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum NodeId {
    #[codec(index = 0)]
    Block(Hash),
    #[codec(index = 1)]
    Transaction(Hash),
    #[codec(index = 2)]
    Account(Address),
    #[codec(index = 3)]
    Object(Hash),
    #[codec(index = 4)]
    Segment(u64),
    #[codec(index = 5)]
    Domain(u32),
    #[codec(index = 6)]
    Operator(u64),
}

/// The text of a global identifier.
pub(crate) fn node_id(id: NodeId) -> ID {
    ID(URL_SAFE_NO_PAD.encode((1u8, id).encode()))
}

/// What the text of a global identifier names.
pub(super) fn parse_node_id(text: &str) -> Result<NodeId> {
    let malformed = || fail(ApiError::BadValue("the identifier is not one that this API gave".to_owned()));
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed())?;
    match auto_core::decode_strict::<(u8, NodeId)>(&bytes, 64) {
        Ok((1, id)) => Ok(id),
        _ => Err(malformed()),
    }
}
