//! Signed manifests as they are stored and sent.

use crate::{Manifest, ManifestId, ProvenanceError};
use autoid_core::{Genesis, Sign1, Signer};

/// What every stored manifest begins with, so that one is told from every other object.
pub const MAGIC: &[u8] = b"auto/manifest/v1\0";

/// A signed manifest, not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(Sign1<Manifest>);

impl Sealed {
    /// Signs a manifest with the key that has the number `kid` in the signer's key set.
    ///
    /// # Errors
    /// When the manifest breaks a rule of its own, or the signer fails.
    pub fn sign(manifest: Manifest, kid: u32, signer: &impl Signer) -> Result<Self, ProvenanceError> {
        let network = manifest.network;
        Ok(Self(Sign1::sign(manifest, &network, kid, signer).map_err(ProvenanceError::Malformed)?))
    }

    /// The manifest.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        self.0.body()
    }

    /// The signed statement.
    #[must_use]
    pub const fn statement(&self) -> &Sign1<Manifest> {
        &self.0
    }

    /// The id of the manifest, on the network that it names.
    #[must_use]
    pub fn id(&self) -> ManifestId {
        ManifestId::of(&self.network(), self.0.payload())
    }

    /// The network that it names.
    #[must_use]
    pub const fn network(&self) -> Genesis {
        self.manifest().network
    }

    /// The bytes of the object that holds it.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [MAGIC, &self.0.to_cose()].concat()
    }

    /// The manifest of an object.
    ///
    /// # Errors
    /// When the bytes are not exactly a signed manifest.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ProvenanceError> {
        let cose = bytes.strip_prefix(MAGIC).ok_or(ProvenanceError::NotAManifest)?;
        Ok(Self(Sign1::from_cose(cose).map_err(ProvenanceError::Malformed)?))
    }
}
