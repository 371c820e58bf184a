//! The keys of the module that others may read.

use crate::{AliasRecord, Clock, ListKey, Look, RevocationList};
use auto_core::{Address, Amount, Blob};
use auto_module::{Item, Map};
use autoid_core::verify::SignatureFact;
use autoid_core::{AutoId, Grant, GrantId, IdentityRecord, PublicKey, Sign1};
use parity_scale_codec::{Decode, Encode};

/// Most bytes of a certificate.
pub const CERTIFICATE_BYTES_MAX: usize = 4_096;

/// A grant that is kept under its id. Its signature held when it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StoredGrant {
    /// The signed grant.
    pub grant: Sign1<Grant>,
    /// The key that signed it, which need not be a key of the issuer any more.
    pub key: PublicKey,
    /// Block in which it was stored.
    pub since: u64,
    /// What is held for it.
    pub deposit: Amount,
    /// Who gets that back.
    pub payer: Address,
}

impl StoredGrant {
    /// That the key signed the grant, for a memo of signatures.
    #[must_use]
    pub const fn fact(&self, id: GrantId) -> SignatureFact {
        SignatureFact { grant: id, key: self.key }
    }
}

/// A certificate in DER.
pub type CertificateDer = Blob<CERTIFICATE_BYTES_MAX>;

/// The clock of the chain.
pub const CLOCK: Item<Clock> = Item::new("autoid/clock");
/// Every identity that there is or was.
pub const IDENTITIES: Map<AutoId, IdentityRecord> = Map::new("autoid/identity");
/// The certificate of an identity, whose hash is in its record.
pub const CERTIFICATES: Map<AutoId, CertificateDer> = Map::new("autoid/certificate");
/// Grants that are stored on chain.
pub const GRANTS: Map<GrantId, StoredGrant> = Map::new("autoid/grant");
/// How much other modules hold open in the name of an identity, which is not deactivated while there is any. Who
/// opens something adds one and who closes it takes one away; there is no entry of zero.
pub const OPEN: Map<AutoId, u64> = Map::new("autoid/open");
/// Which grants are revoked; a list without a revoked grant has no entry.
pub const REVOKED: Map<ListKey, RevocationList> = Map::new("autoid/revoked");
/// Aliases by their look.
pub const ALIASES: Map<Look, AliasRecord> = Map::new("autoid/alias");
/// The alias of an identity: the way back.
pub const ALIAS_OF: Map<AutoId, Look> = Map::new("autoid/known-as");
