//! The keys of the module that only it reads; `autoid-interface` has the others.

use crate::Params;
use auto_core::{Address, Amount, Blob, Hash};
use auto_module::{Item, Map};
use autoid_core::{AutoId, GrantId, RevocationPlace};
use parity_scale_codec::{Decode, Encode};

/// Most bytes of the content of a serial number.
pub const SERIAL_BYTES_MAX: usize = 20;
/// A serial number: the content octets of the integer.
pub type Serial = Blob<SERIAL_BYTES_MAX>;

/// A commitment to an alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Commitment {
    /// Block in which it was made.
    pub since: u64,
    /// What is held for it.
    pub deposit: Amount,
    /// Who gets that back.
    pub payer: Address,
}

/// Rates, delays and windows.
pub const PARAMS: Item<Params> = Item::new("autoid/params");
/// Which grant has a place in the revocation lists of its issuer.
pub const PLACES: Map<(AutoId, RevocationPlace), GrantId> = Map::new("autoid/place");
/// Serial numbers that an issuer has used, and for whom.
pub const SERIALS: Map<(AutoId, Serial), AutoId> = Map::new("autoid/serial");
/// Commitments to aliases that are not revealed yet.
pub const COMMITMENTS: Map<Hash, Commitment> = Map::new("autoid/commitment");
