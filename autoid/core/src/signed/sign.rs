use alloc::vec;
use alloc::vec::Vec;

use parity_scale_codec::{Compact, Decode, Encode, Error, Input, Output};

use super::{ALG, Body, KID, body, preimage};
use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::keys::{Algorithm, PublicKey, Signature, Signer};
use crate::limits::SIGNATURES_MAX;
use crate::{AutoId, Genesis, Refusal};

/// COSE's tag of `COSE_Sign`.
const COSE_SIGN: u64 = 98;
/// Most bytes of one signature with its header.
const SIGNATURE_BYTES_MAX: usize = 128;

/// A key, by whose it is and by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct KeyOf {
    /// The identity.
    pub identity: AutoId,
    /// The number in its key set.
    pub kid: u32,
}

/// One signature, and by which key it is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureOf {
    /// The key.
    pub by: KeyOf,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The signature.
    pub signature: Signature,
}

/// A body with the signatures of several keys, which were not verified yet.
///
/// Signatures are ordered by key and no key signs twice, so there is one envelope for one set of signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign<T> {
    body: T,
    payload: Vec<u8>,
    signatures: Vec<SignatureOf>,
}

impl<T: Body> Sign<T> {
    /// A body that nobody signed yet.
    ///
    /// # Errors
    /// When it breaks a rule of its own.
    pub fn new(body: T) -> Result<Self, Refusal> {
        let payload = body.to_cbor();
        let body = super::body(&payload)?;
        Ok(Self { body, payload, signatures: Vec::new() })
    }

    /// Adds a signature by a key.
    ///
    /// # Errors
    /// When the signer fails, the key signed already, or there are too many signatures.
    pub fn signed(self, genesis: &Genesis, by: KeyOf, signer: &impl Signer) -> Result<Self, Refusal> {
        let algorithm = signer.public_key().algorithm();
        let signature = signer.sign(&self.message(genesis, &by, algorithm))?;
        self.with(SignatureOf { by, algorithm, signature })
    }

    /// Adds a signature that was made elsewhere.
    ///
    /// # Errors
    /// When the key signed already, or there are too many signatures.
    pub fn with(mut self, signature: SignatureOf) -> Result<Self, Refusal> {
        match self.signatures.binary_search_by(|present| present.by.cmp(&signature.by)) {
            Err(at) if self.signatures.len() < SIGNATURES_MAX => {
                self.signatures.insert(at, signature);
                Ok(self)
            }
            Err(_) => Err(CborError::Length.into()),
            Ok(_) => Err(CborError::Order.into()),
        }
    }

    /// The bytes that a key signs.
    #[must_use]
    pub fn message(&self, genesis: &Genesis, by: &KeyOf, algorithm: Algorithm) -> Vec<u8> {
        preimage::<T>("Signature", &[&[], &protected(by, algorithm)], genesis, &self.payload)
    }

    /// The body.
    pub const fn body(&self) -> &T {
        &self.body
    }

    /// The bytes of the body.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signatures, by key.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureOf] {
        &self.signatures
    }

    /// Verifies one of the signatures under a key.
    ///
    /// # Errors
    /// When the key is of another algorithm, or the signature is not by it over this body on this network.
    pub fn verify(&self, genesis: &Genesis, signature: &SignatureOf, key: &PublicKey) -> Result<(), Refusal> {
        if key.algorithm() != signature.algorithm {
            return Err(Refusal::Algorithm);
        }
        key.verify(&self.message(genesis, &signature.by, signature.algorithm), &signature.signature)
    }

    /// The envelope.
    #[must_use]
    pub fn to_cose(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.tag(COSE_SIGN);
        writer.array(4);
        writer.bytes(&[]);
        writer.map(0);
        writer.bytes(&self.payload);
        writer.array(self.signatures.len());
        for one in &self.signatures {
            writer.array(3);
            writer.bytes(&protected(&one.by, one.algorithm));
            writer.map(0);
            one.signature.write(&mut writer);
        }
        writer.into_bytes()
    }

    /// The body and signatures of an envelope.
    ///
    /// # Errors
    /// When the bytes are not exactly an envelope around a body that keeps its rules.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, Refusal> {
        let limit = Self::bytes_max();
        if bytes.len() > limit {
            return Err(Refusal::TooLarge { bytes: bytes.len(), limit });
        }
        let mut reader = Reader::new(bytes);
        if reader.tag()? != COSE_SIGN {
            return Err(Refusal::Envelope);
        }
        reader.tuple(4)?;
        if !reader.bytes(0)?.is_empty() || reader.map(0)? != 0 {
            return Err(Refusal::Envelope);
        }
        let payload = reader.bytes(T::BYTES_MAX)?.to_vec();
        let signatures = reader.list(SIGNATURES_MAX, signature)?;
        reader.finish()?;
        if !signatures.is_sorted_by(|a, b| a.by < b.by) {
            return Err(CborError::Order.into());
        }
        Ok(Self { body: body(&payload)?, payload, signatures })
    }

    /// Most bytes of an envelope.
    #[must_use]
    pub const fn bytes_max() -> usize {
        T::BYTES_MAX + 16 + SIGNATURES_MAX * SIGNATURE_BYTES_MAX
    }
}

/// The protected header: algorithm, and the key as identity and number, most significant byte first.
fn protected(by: &KeyOf, algorithm: Algorithm) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.map(2);
    writer.uint(ALG);
    algorithm.write(&mut writer);
    writer.uint(KID);
    writer.bytes(&[&by.identity.0[..], &by.kid.to_be_bytes()].concat());
    writer.into_bytes()
}

fn signature(from: &mut Reader<'_>) -> Result<SignatureOf, Refusal> {
    from.tuple(3)?;
    let mut header = Reader::new(from.bytes(SIGNATURE_BYTES_MAX)?);
    let mut fields = header.fields()?;
    let algorithm = fields.need(ALG, Algorithm::read)?;
    let by = fields.need(KID, |from| {
        let bytes: [u8; 36] = from.array_of_bytes()?;
        let (identity, kid) = bytes.split_at(32);
        match (identity.try_into(), kid.try_into()) {
            (Ok(identity), Ok(kid)) => Ok(KeyOf { identity: AutoId(identity), kid: u32::from_be_bytes(kid) }),
            _ => Err(CborError::Length.into()),
        }
    })?;
    fields.close()?;
    header.finish()?;
    if from.map(0)? != 0 {
        return Err(Refusal::Envelope);
    }
    Ok(SignatureOf { by, algorithm, signature: Signature::read(from)? })
}

/// Bytes behind their length, which is checked before anything is allocated.
pub(super) fn bounded<I: Input>(input: &mut I, limit: usize) -> Result<Vec<u8>, Error> {
    let length = usize::try_from(Compact::<u32>::decode(input)?.0).map_err(|_| "length over its bound")?;
    if length > limit || input.remaining_len()?.is_some_and(|left| left < length) {
        return Err(Error::from("length over its bound"));
    }
    let mut bytes = vec![0; length];
    input.read(&mut bytes)?;
    Ok(bytes)
}

/// The envelope behind its length, as calls carry it.
impl<T: Body> Encode for Sign<T> {
    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        self.to_cose().encode_to(dest);
    }
}

impl<T: Body> Decode for Sign<T> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::from_cose(&bounded(input, Self::bytes_max())?)
            .map_err(|_| Error::from("not a signed statement"))
    }
}
