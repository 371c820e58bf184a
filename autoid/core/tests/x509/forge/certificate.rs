//! Certificates, every field of which can be changed before they are issued.

use sha2::{Digest, Sha256};

use super::{der::*, extension::*, key::Key};

/// A certificate to be: every field can be changed before it is issued.
#[derive(Clone)]
pub(crate) struct Spec {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) key: Key,
    pub(crate) signer: Key,
    /// The unique identifiers of issuer and subject that version 2 brought.
    pub(crate) unique_ids: Vec<u8>,
    pub(crate) extensions: Vec<Ext>,
    /// The outer algorithm, when it is not the signed one.
    pub(crate) outer: Option<Vec<u8>>,
}

/// An issued certificate and its key.
#[derive(Clone)]
pub(crate) struct Entity {
    pub(crate) der: Vec<u8>,
    pub(crate) spec: Spec,
}

pub(crate) fn aki(key: &Key) -> Ext {
    ext(AKI, false, seq(&[tlv(0x80, &key.id())]))
}

pub(crate) fn ski(key: &Key) -> Ext {
    ext(SKI, false, tlv(4, &key.id()))
}

pub(crate) fn usage(value: u16) -> Ext {
    ext(KEY_USAGE, false, named(3, value))
}

pub(crate) fn san(names: &[Vec<u8>]) -> Ext {
    ext(SAN, false, seq(names))
}

pub(crate) fn eku(purposes: &[&[u8]]) -> Ext {
    ext(EKU, false, seq(&purposes.iter().map(|purpose| oid(purpose)).collect::<Vec<_>>()))
}

pub(crate) fn basic(ca: bool, path_length: Option<u8>) -> Ext {
    let length = path_length.map(|length| int(&[length])).unwrap_or_default();
    ext(BASIC, true, seq(&[boolean(ca), length]))
}

pub(crate) fn constraints(permitted: Option<&[Vec<u8>]>, excluded: Option<&[Vec<u8>]>) -> Ext {
    ext(NAME_CONSTRAINTS, true, subtrees(permitted, excluded))
}

impl Spec {
    fn new(name: &str, issuer: Vec<u8>, key: Key, signer: Key) -> Self {
        let serial = Sha256::digest([name.as_bytes(), &issuer, &key.id(), &signer.id()].concat());
        let mut serial = serial[..16].to_vec();
        serial[0] = 0x40 | (serial[0] & 0x3f);
        Self {
            version: tlv(0xa0, &int(&[2])),
            serial,
            issuer,
            subject: cn(name),
            not_before: utc("700101000001Z"),
            not_after: generalized("29690503000001Z"),
            key,
            signer,
            unique_ids: Vec::new(),
            extensions: Vec::new(),
            outer: None,
        }
    }

    /// A self-signed root.
    pub(crate) fn root(name: &str) -> Self {
        let key = Key::p256(name);
        let mut spec = Self::new(name, cn(name), key.clone(), key.clone());
        spec.extensions =
            vec![basic(true, None), usage(CERT_SIGN | CRL_SIGN), san(&[dns("example.com")]), ski(&key)];
        spec
    }

    /// A CA below another.
    pub(crate) fn ca(parent: &Entity, name: &str) -> Self {
        let key = Key::p256(name);
        let mut spec = Self::new(name, parent.spec.subject.clone(), key.clone(), parent.spec.key.clone());
        spec.extensions =
            vec![basic(true, None), usage(CERT_SIGN | CRL_SIGN), aki(&parent.spec.key), ski(&key)];
        spec
    }

    /// A server's certificate for example.com.
    pub(crate) fn leaf(parent: &Entity) -> Self {
        let key = Key::p256("leaf");
        let mut spec =
            Self::new("example.com", parent.spec.subject.clone(), key.clone(), parent.spec.key.clone());
        spec.extensions = vec![
            ski(&key),
            aki(&parent.spec.key),
            usage(DIGITAL_SIGNATURE),
            eku(&[SERVER]),
            san(&[dns("example.com")]),
        ];
        spec
    }

    /// Replaces an extension, or adds it.
    pub(crate) fn with(mut self, extension: Ext) -> Self {
        match self.extensions.iter_mut().find(|found| found.kind == extension.kind) {
            Some(found) => *found = extension,
            None => self.extensions.push(extension),
        }
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

    pub(crate) fn valid(mut self, from: &str, to: &str) -> Self {
        (self.not_before, self.not_after) = (time(from), time(to));
        self
    }

    /// Changes the key pair and the key identifier with it.
    pub(crate) fn keyed(mut self, key: Key) -> Self {
        if self.extensions.iter().any(|extension| extension.kind == SKI) {
            self = self.with(ski(&key));
        }
        let self_signed = self.key.spki() == self.signer.spki();
        if self_signed {
            self.signer = key.clone();
        }
        self.key = key;
        self
    }

    pub(crate) fn issue(self) -> Entity {
        let algorithm = self.signer.algorithm();
        let extensions = self.extensions.iter().map(Ext::encode).collect::<Vec<_>>();
        let extensions = if extensions.is_empty() { Vec::new() } else { tlv(0xa3, &seq(&extensions)) };
        let signed = seq(&[
            self.version.clone(),
            int(&self.serial),
            algorithm.clone(),
            self.issuer.clone(),
            seq(&[self.not_before.clone(), self.not_after.clone()]),
            self.subject.clone(),
            self.key.spki(),
            self.unique_ids.clone(),
            extensions,
        ]);
        let signature = bits(&self.signer.sign(&signed));
        let outer = self.outer.clone().unwrap_or(algorithm);
        Entity { der: seq(&[signed, outer, signature]), spec: self }
    }
}
