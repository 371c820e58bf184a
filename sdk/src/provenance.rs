//! Who made which content, and by what right: signing it, and checking it with a node or without one.
//!
//! A manifest says of a content who answers for it; see [`autoid_provenance`] for what it holds and how it is judged.
//! [`sign`] makes one, [`verify`] judges it by a proven state, and whoever stores it as an object
//! ([`Sealed::to_bytes`]) shows that it existed by then. [`ProvenanceFile`] is all of it in a file that anybody checks
//! without a node: [`DomainClient::attest`](crate::DomainClient::attest) makes one.
//!
//! # Which state decides
//! A manifest that was stored is judged by the newest block of the author's domain that operators had vouched for on
//! the consensus chain once the block that stored it had run ([`At::AsOf`](crate::At::AsOf)). Nodes forget such states
//! when nobody can challenge them any more, so whoever wants it shown later keeps a file. A manifest that was not
//! stored is judged by the newest state.
//!
//! # What a file has checked
//! * The file is in its one form, to the byte.
//! * The manifest is in a transaction of a consensus block, and the state of that block holds the domain's receipt as
//!   the newest one ([`crate::proven`]). What is left to trust is the hash of that block, and that no fraud in the
//!   receipt stays unchallenged.
//! * By that state: content, signature, that the key belonged to the signer, and the chain of grants.
//!
//! ```
//! use auto_sdk::identity::FreshKeys;
//! use auto_sdk::provenance::{Claim, Content, sign};
//! use autoid_core::{AutoId, Genesis, Time};
//!
//! let key = FreshKeys::generate()?.key(AutoId([1; 32]), Genesis([2; 32]));
//! let content = Content::of_bytes(b"once upon a time");
//! let claim = Claim { licence: Some("CC-BY-4.0".parse()?), ..Claim::of("text/plain".parse()?) };
//! let sealed = sign(&key, &content, &claim, None, Time(1_800_000_000))?;
//! assert_eq!(sealed.manifest().author, key.id());
//! # Ok::<(), auto_sdk::SdkError>(())
//! ```

mod file;
mod place;

pub use autoid_provenance::{
    Acting, Content, Licence, MAGIC, Manifest, ManifestId, MediaType, Sealed, Verified, command,
};
pub use file::{Attested, KIND, ProvenanceFile};
pub use place::Place;

use crate::identity::IdentityKey;
use crate::identity::grant::chain;
use crate::{DomainState, Prover, SdkError};
use auto_module::StoredError;
use auto_state::StateRead;
use autoid_core::{AutoId, Genesis, GrantId, Sign1, Time};
use autoid_interface::StateView;
use autoid_provenance::Unverified;

/// What is said of a content, beside what it is and who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What kind of content it is.
    pub media_type: MediaType,
    /// The contents that it is made from, by their BLAKE3 hashes in any order.
    pub parents: Vec<[u8; 32]>,
    /// Under which licence it is given away; without one all rights are reserved.
    pub licence: Option<Licence>,
}

impl Claim {
    /// An original of a kind, all rights reserved.
    #[must_use]
    pub const fn of(media_type: MediaType) -> Self {
        Self { media_type, parents: Vec::new(), licence: None }
    }
}

/// In whose name an agent signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InNameOf {
    /// The author.
    pub author: AutoId,
    /// The last grant of the chain that lets the agent.
    pub grant: GrantId,
}

/// Signs a manifest of a content: as the author, or as an agent in the name of one. `made_at` is the time to state;
/// that of the newest block is never refused.
///
/// # Errors
/// When a content is its own parent, has more than 16, or an agent acts in its own name.
pub fn sign(
    key: &IdentityKey,
    content: &Content,
    claim: &Claim,
    acting: Option<InNameOf>,
    made_at: Time,
) -> Result<Sealed, SdkError> {
    let mut parents = claim.parents.clone();
    parents.sort_unstable();
    parents.dedup();
    let manifest = Manifest {
        network: key.network(),
        content: content.hash,
        size: content.size,
        media_type: claim.media_type.clone(),
        author: acting.map_or_else(|| key.id(), |name| name.author),
        acting: acting.map(|name| Acting { agent: key.id(), grant: name.grant }),
        parents,
        licence: claim.licence.clone(),
        made_at,
    };
    Ok(Sealed::sign(manifest, key.number(), key)?)
}

/// Judges a manifest by a state; grants are those that are stored there.
pub(crate) fn judge(
    state: &dyn StateRead,
    (sealed, content): (&Sealed, &Content),
    network: &Genesis,
) -> Result<Verified, SdkError> {
    let stored = match &sealed.manifest().acting {
        Some(acting) => chain(state, &acting.grant)?.unwrap_or_default(),
        None => Vec::new(),
    };
    let grants: Vec<Sign1<_>> = stored.into_iter().map(|(_, stored)| stored.grant).collect();
    let view = StateView::new(state)?;
    autoid_provenance::verify(sealed, content, &grants, &view, network).map_err(
        |error: Unverified<StoredError>| match error {
            Unverified::Refused(error) => error.into(),
            Unverified::View(error) => error.into(),
        },
    )
}

/// Judges a manifest of a content by a state: whether it is by whom it says, as of that block. Grants are looked up
/// there.
///
/// # Errors
/// The first rule that refuses, with its own code, or that the state is not proven.
pub async fn verify<P: Prover>(
    state: &mut DomainState<P>,
    sealed: &Sealed,
    content: &Content,
) -> Result<Verified, SdkError> {
    let network = state.network();
    state.view(|state| judge(state, (sealed, content), &network)).await
}
