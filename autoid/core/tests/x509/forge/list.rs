//! Revocation lists.

use super::{certificate::*, der::*, extension::*, key::Key};

/// A list to be.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) version: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) signer: Key,
    pub(crate) this_update: Vec<u8>,
    pub(crate) next_update: Vec<u8>,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Ext>,
}

pub(crate) fn entry(serial: &[u8], extensions: &[Ext]) -> Vec<u8> {
    let extensions = extensions.iter().map(Ext::encode).collect::<Vec<_>>();
    let extensions = if extensions.is_empty() { Vec::new() } else { seq(&extensions) };
    seq(&[int(serial), utc("231231000000Z"), extensions])
}

pub(crate) fn reason(code: u8) -> Ext {
    ext(REASON, false, vec![0x0a, 1, code])
}

impl List {
    pub(crate) fn of(issuer: &Entity) -> Self {
        Self {
            version: int(&[1]),
            issuer: issuer.spec.subject.clone(),
            signer: issuer.spec.key.clone(),
            this_update: utc("231201000000Z"),
            next_update: utc("240201000000Z"),
            entries: Vec::new(),
            extensions: vec![aki(&issuer.spec.key), ext(CRL_NUMBER, false, int(&[5]))],
        }
    }

    pub(crate) fn revoking(mut self, serial: &[u8]) -> Self {
        self.entries.push(entry(serial, &[]));
        self
    }

    pub(crate) fn with(mut self, extension: Ext) -> Self {
        self.extensions.retain(|found| found.kind != extension.kind);
        self.extensions.push(extension);
        self
    }

    pub(crate) fn without(mut self, kind: &[u8]) -> Self {
        self.extensions.retain(|extension| extension.kind != kind);
        self
    }

    pub(crate) fn set(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(crate) fn issue(&self) -> Vec<u8> {
        let algorithm = self.signer.algorithm();
        let entries = if self.entries.is_empty() { Vec::new() } else { seq(&self.entries) };
        let extensions = self.extensions.iter().map(Ext::encode).collect::<Vec<_>>();
        let extensions = if extensions.is_empty() { Vec::new() } else { tlv(0xa0, &seq(&extensions)) };
        let signed = seq(&[
            self.version.clone(),
            algorithm.clone(),
            self.issuer.clone(),
            self.this_update.clone(),
            self.next_update.clone(),
            entries,
            extensions,
        ]);
        let signature = bits(&self.signer.sign(&signed));
        seq(&[signed, algorithm, signature])
    }
}

/// The name of a distribution point, in full.
pub(crate) fn full(names: &[Vec<u8>]) -> Vec<u8> {
    tlv(0xa0, &tlv(0xa0, &names.concat()))
}

/// The name of a distribution point as one common name more than that of the issuer of its list.
pub(crate) fn relative(text: &str) -> Vec<u8> {
    let attribute = seq(&[oid(&[0x55, 4, 3]), tlv(0x0c, text.as_bytes())]);
    tlv(0xa0, &tlv(0xa1, &attribute))
}
