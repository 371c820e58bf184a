use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode, Error, Input, Output};

use super::{ALG, Body, KID, body, preimage};
use crate::cbor::{Canonical, Reader, Writer};
use crate::keys::{Algorithm, PublicKey, Signature, Signer};
use crate::limits::ENVELOPE_BYTES_MAX;
use crate::{Genesis, Refusal};

/// COSE's tag of `COSE_Sign1`.
const COSE_SIGN1: u64 = 18;

/// A body with one signature, which was not verified yet.
///
/// The body keeps its rules: it cannot be changed once it is inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign1<T> {
    body: T,
    payload: Vec<u8>,
    kid: u32,
    algorithm: Algorithm,
    signature: Signature,
}

impl<T: Body> Sign1<T> {
    /// Signs a body with the key that has the number `kid` in the signer's key set.
    ///
    /// # Errors
    /// When the body breaks a rule of its own, or the signer fails.
    pub fn sign(body: T, genesis: &Genesis, kid: u32, signer: &impl Signer) -> Result<Self, Refusal> {
        let algorithm = signer.public_key().algorithm();
        let message = Self::message(&body.to_cbor(), genesis, kid, algorithm);
        Self::new(body, kid, algorithm, signer.sign(&message)?)
    }

    /// Puts a body and a signature together.
    ///
    /// # Errors
    /// When the body breaks a rule of its own.
    pub fn new(body: T, kid: u32, algorithm: Algorithm, signature: Signature) -> Result<Self, Refusal> {
        let payload = body.to_cbor();
        let body = super::body(&payload)?;
        Ok(Self { body, payload, kid, algorithm, signature })
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn message(payload: &[u8], genesis: &Genesis, kid: u32, algorithm: Algorithm) -> Vec<u8> {
        preimage::<T>("Signature1", &[&protected(kid, algorithm)], genesis, payload)
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

    /// The number of the key that signed.
    #[must_use]
    pub const fn kid(&self) -> u32 {
        self.kid
    }

    /// Verifies the signature under a key.
    ///
    /// # Errors
    /// When the key is of another algorithm, or the signature is not by it over this body on this network.
    pub fn verify(&self, genesis: &Genesis, key: &PublicKey) -> Result<(), Refusal> {
        if key.algorithm() != self.algorithm {
            return Err(Refusal::Algorithm);
        }
        key.verify(&Self::message(&self.payload, genesis, self.kid, self.algorithm), &self.signature)
    }

    /// The envelope.
    #[must_use]
    pub fn to_cose(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.tag(COSE_SIGN1);
        writer.array(4);
        writer.bytes(&protected(self.kid, self.algorithm));
        writer.map(0);
        writer.bytes(&self.payload);
        self.signature.write(&mut writer);
        writer.into_bytes()
    }

    /// The body and signature of an envelope.
    ///
    /// # Errors
    /// When the bytes are not exactly an envelope around a body that keeps its rules.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, Refusal> {
        let limit = T::BYTES_MAX + ENVELOPE_BYTES_MAX;
        if bytes.len() > limit {
            return Err(Refusal::TooLarge { bytes: bytes.len(), limit });
        }
        let mut reader = Reader::new(bytes);
        if reader.tag()? != COSE_SIGN1 {
            return Err(Refusal::Envelope);
        }
        reader.tuple(4)?;
        let (kid, algorithm) = header(reader.bytes(ENVELOPE_BYTES_MAX)?)?;
        if reader.map(0)? != 0 {
            return Err(Refusal::Envelope);
        }
        let payload = reader.bytes(T::BYTES_MAX)?.to_vec();
        let signature = Signature::read(&mut reader)?;
        reader.finish()?;
        Ok(Self { body: body(&payload)?, payload, kid, algorithm, signature })
    }
}

/// The protected header: algorithm, and the key's number as four bytes, most significant first.
fn protected(kid: u32, algorithm: Algorithm) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.map(2);
    writer.uint(ALG);
    algorithm.write(&mut writer);
    writer.uint(KID);
    writer.bytes(&kid.to_be_bytes());
    writer.into_bytes()
}

fn header(bytes: &[u8]) -> Result<(u32, Algorithm), Refusal> {
    let mut reader = Reader::new(bytes);
    let mut fields = reader.fields()?;
    let algorithm = fields.need(ALG, Algorithm::read)?;
    let kid = fields.need(KID, |from| Ok(u32::from_be_bytes(from.array_of_bytes()?)))?;
    fields.close()?;
    reader.finish()?;
    Ok((kid, algorithm))
}

/// The envelope behind its length, as calls and states carry it.
impl<T: Body> Encode for Sign1<T> {
    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        self.to_cose().encode_to(dest);
    }
}

impl<T: Body> Decode for Sign1<T> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let bytes = super::sign::bounded(input, T::BYTES_MAX + ENVELOPE_BYTES_MAX)?;
        Self::from_cose(&bytes).map_err(|_| Error::from("not a signed statement"))
    }
}
