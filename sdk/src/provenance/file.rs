//! A signed content's proof in a file.

use super::{Content, Place, Sealed, Verified, judge};
use crate::audit::Trusted;
use crate::proven::{Hex, Shown, decoded};
use crate::{DomainState, Prover, SdkError};
use auto_core::{BlockNumber, DomainId, Hash};
use autoid_core::Genesis;
use autoid_interface::network_of;
use parity_scale_codec::Encode;
use serde::{Deserialize, Serialize};

/// What the field `kind` of a proof says.
pub const KIND: &str = "content-provenance";
/// Most bytes of a file.
const BYTES_MAX: usize = 64 << 20;

/// A manifest, when it was stored, and the state that it is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenanceFile {
    /// Version of this format; 1.
    format: u32,
    /// [`KIND`].
    kind: String,
    /// The manifest as it was stored.
    manifest: Hex,
    /// The part of the domain's state that it is judged by.
    #[serde(flatten)]
    shown: Shown,
    /// The encoded [`Place`].
    place: Hex,
}

/// A manifest that is by whom it says, as of when it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// The manifest.
    pub sealed: Sealed,
    /// Who answers for it, and by which key and grants it was signed.
    pub verified: Verified,
    /// The network of the author.
    pub network: Genesis,
    /// The domain.
    pub domain: DomainId,
    /// The consensus block that stored it, which has to be trusted.
    pub stored: BlockNumber,
    /// Its hash.
    pub block_hash: Hash,
    /// Whether that hash was known from elsewhere.
    pub is_pinned: bool,
    /// Whether the receipt of the domain's block can no longer be challenged.
    pub is_confirmed: bool,
}

fn wrong(reason: impl Into<String>) -> SdkError {
    SdkError::Proof(reason.into())
}

impl ProvenanceFile {
    /// The proof of a manifest that was stored at a place, by the state of the domain as of that block
    /// ([`At::AsOf`](crate::At::AsOf)).
    ///
    /// # Errors
    /// When the state has no anchor, the manifest does not hold by it, or something does not fit.
    pub async fn new<P: Prover>(
        state: &mut DomainState<P>,
        sealed: &Sealed,
        content: &Content,
        place: &Place,
    ) -> Result<Self, SdkError> {
        let network = state.network();
        let evidence = state.evidence(|state| judge(state, (sealed, content), &network)).await?;
        let file = Self {
            format: 1,
            kind: KIND.to_owned(),
            manifest: Hex(sealed.to_bytes()),
            shown: Shown::of(state.genesis(), &evidence)?,
            place: Hex(place.encode()),
        };
        file.verify(content, &Trusted::default())?;
        Ok(file)
    }

    /// Reads a file strictly: there is one text for one proof.
    ///
    /// # Errors
    /// When it is not JSON of this form, of another version or kind, or written in another way.
    pub fn parse(text: &str) -> Result<Self, SdkError> {
        if text.len() > BYTES_MAX {
            return Err(wrong(format!("the file is longer than {BYTES_MAX} bytes")));
        }
        let file: Self = serde_json::from_str(text)
            .map_err(|error| wrong(format!("not the proof of a content: {error}")))?;
        if file.format != 1 || file.kind != KIND {
            return Err(wrong(format!("format {} of kind `{}` is not known", file.format, file.kind)));
        }
        if file.to_text() != text {
            return Err(wrong("the file was changed: it is not written as proofs are"));
        }
        Ok(file)
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// The manifest, not verified.
    ///
    /// # Errors
    /// When it is none.
    pub fn sealed(&self) -> Result<Sealed, SdkError> {
        Ok(Sealed::from_bytes(&self.manifest.0)?)
    }

    /// Checks everything there is to check about a content, without a node; [`Trusted::head`] plays no part.
    ///
    /// # Errors
    /// The first thing that does not fit, with its own code.
    pub fn verify(&self, content: &Content, trusted: &Trusted) -> Result<Attested, SdkError> {
        let sealed = self.sealed()?;
        let held = self.shown.check(trusted.block_hash)?;
        let place: Place = decoded(&self.place.0, "place")?;
        place.check(&sealed, &held.header)?;
        if !held.is_newest {
            return Err(wrong(
                "operators vouched for a newer block of the domain when the manifest was stored",
            ));
        }
        let domain = held.receipt.domain;
        let network = network_of(&self.shown.genesis, domain);
        let verified = held.read(|state| judge(state, (&sealed, content), &network))?;
        Ok(Attested {
            sealed,
            verified,
            network,
            domain,
            stored: held.header.number,
            block_hash: self.shown.block_hash,
            is_pinned: trusted.block_hash.is_some(),
            is_confirmed: held.is_confirmed,
        })
    }
}
