//! A forge of certificates and lists, right and wrong ones, encoded octet by octet.
#![allow(dead_code, clippy::unwrap_used, reason = "each user needs another part, and bad input is its bug")]

use std::rc::Rc;

use autoid_core::x509::{PathRequest, PeerKind, PeerName, Purpose, VerifiedPath, X509Error, verify_path};
use p256::ecdsa::signature::Signer;
use sha2::{Digest, Sha256};

/// 2024-01-01T00:00:00Z, the moment of most cases.
pub(crate) const NOW: i64 = 1_704_067_200;

pub(crate) const AKI: &[u8] = &[0x55, 0x1d, 0x23];
pub(crate) const SKI: &[u8] = &[0x55, 0x1d, 0x0e];
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
pub(crate) const SAN: &[u8] = &[0x55, 0x1d, 0x11];
pub(crate) const BASIC: &[u8] = &[0x55, 0x1d, 0x13];
pub(crate) const EKU: &[u8] = &[0x55, 0x1d, 0x25];
pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x1e];
pub(crate) const POLICIES: &[u8] = &[0x55, 0x1d, 0x20];
pub(crate) const MAPPINGS: &[u8] = &[0x55, 0x1d, 0x21];
pub(crate) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x24];
pub(crate) const INHIBIT_ANY: &[u8] = &[0x55, 0x1d, 0x36];
pub(crate) const CRL_POINTS: &[u8] = &[0x55, 0x1d, 0x1f];
pub(crate) const AIA: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
pub(crate) const UNKNOWN: &[u8] = &[0x2b, 6, 1, 4, 1, 0x83, 0xb3, 0x3a, 1];
pub(crate) const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 0x14];
pub(crate) const DELTA: &[u8] = &[0x55, 0x1d, 0x1b];
pub(crate) const IDP: &[u8] = &[0x55, 0x1d, 0x1c];
pub(crate) const REASON: &[u8] = &[0x55, 0x1d, 0x15];
pub(crate) const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1d, 0x1d];

pub(crate) const SERVER: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(crate) const CLIENT: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
pub(crate) const CODE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 3];
pub(crate) const ANY_EKU: &[u8] = &[0x55, 0x1d, 0x25, 0];

pub(crate) const DIGITAL_SIGNATURE: u16 = 0x8000;
pub(crate) const KEY_ENCIPHERMENT: u16 = 0x2000;
pub(crate) const CERT_SIGN: u16 = 0x0400;
pub(crate) const CRL_SIGN: u16 = 0x0200;

/// One element.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=0x7f => out.push(u8::try_from(short).unwrap()),
        long => {
            let digits: Vec<u8> = long.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
            out.push(0x80 | u8::try_from(digits.len()).unwrap());
            out.extend(digits);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(crate) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    tlv(6, content)
}

pub(crate) fn int(content: &[u8]) -> Vec<u8> {
    tlv(2, content)
}

pub(crate) fn boolean(value: bool) -> Vec<u8> {
    if value { vec![1, 1, 0xff] } else { Vec::new() }
}

pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], content].concat())
}

/// A named bit list in DER; bit 0 is the highest.
pub(crate) fn named(tag: u8, value: u16) -> Vec<u8> {
    let mut octets = value.to_be_bytes().to_vec();
    while octets.last() == Some(&0) {
        octets.pop();
    }
    let unused = octets.last().map_or(0, |last| u8::try_from(last.trailing_zeros()).unwrap());
    tlv(tag, &[&[unused], octets.as_slice()].concat())
}

pub(crate) fn utc(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

pub(crate) fn generalized(text: &str) -> Vec<u8> {
    tlv(0x18, text.as_bytes())
}

/// A time in whichever form its year asks for, from `YYYYMMDDHHMMSS`.
pub(crate) fn time(text: &str) -> Vec<u8> {
    if (1950..2050).contains(&text[..4].parse::<u32>().unwrap()) {
        utc(&format!("{}Z", &text[2..]))
    } else {
        generalized(&format!("{text}Z"))
    }
}

/// A relative name with one attribute.
pub(crate) fn rdn(kind: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x31, &seq(&[oid(kind), tlv(tag, value)]))
}

/// A name with one common name as UTF8String.
pub(crate) fn cn(text: &str) -> Vec<u8> {
    seq(&[rdn(&[0x55, 4, 3], 0x0c, text.as_bytes())])
}

pub(crate) fn dns(name: &str) -> Vec<u8> {
    tlv(0x82, name.as_bytes())
}

pub(crate) fn mail(name: &str) -> Vec<u8> {
    tlv(0x81, name.as_bytes())
}

pub(crate) fn uri(name: &str) -> Vec<u8> {
    tlv(0x86, name.as_bytes())
}

pub(crate) fn ip(octets: &[u8]) -> Vec<u8> {
    tlv(0x87, octets)
}

pub(crate) fn directory(name: &[u8]) -> Vec<u8> {
    tlv(0xa4, name)
}

/// An otherName of a private type.
pub(crate) fn other_name() -> Vec<u8> {
    tlv(0xa0, &[oid(UNKNOWN), tlv(0xa0, &[5, 0])].concat())
}

/// Name constraints from permitted and excluded bases.
pub(crate) fn subtrees(permitted: Option<&[Vec<u8>]>, excluded: Option<&[Vec<u8>]>) -> Vec<u8> {
    let list =
        |tag, bases: &[Vec<u8>]| tlv(tag, &bases.iter().flat_map(|base| tlv(0x30, base)).collect::<Vec<_>>());
    let permitted = permitted.map(|bases| list(0xa0, bases)).unwrap_or_default();
    let excluded = excluded.map(|bases| list(0xa1, bases)).unwrap_or_default();
    seq(&[permitted, excluded])
}

/// One extension.
#[derive(Clone)]
pub(crate) struct Ext {
    pub(crate) kind: Vec<u8>,
    pub(crate) critical: bool,
    pub(crate) value: Vec<u8>,
}

pub(crate) fn ext(kind: &[u8], critical: bool, value: Vec<u8>) -> Ext {
    Ext { kind: kind.to_vec(), critical, value }
}

impl Ext {
    pub(crate) fn encode(&self) -> Vec<u8> {
        seq(&[oid(&self.kind), boolean(self.critical), tlv(4, &self.value)])
    }
}

/// A key pair made from a label.
#[derive(Clone)]
pub(crate) enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    /// A key of another kind.
    Made(Rc<Made>),
    /// A key whose SubjectPublicKeyInfo is given and which signs nothing sensible.
    Raw(Vec<u8>),
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A key that brings its encoding and its way to sign.
pub(crate) struct Made {
    algorithm: Vec<u8>,
    spki: Vec<u8>,
    sign: Sign,
}

impl Key {
    /// An ML-DSA key; `kind` is the last octet of its object identifier.
    pub(crate) fn ml_dsa<P: ml_dsa::MlDsaParams + 'static>(kind: u8, label: &str) -> Self {
        use ml_dsa::{KeyExport, Keypair, SignatureEncoding};
        let seed: [u8; 32] = Sha256::digest(label).into();
        let key = ml_dsa::SigningKey::<P>::from_seed(&seed.into());
        let algorithm = seq(&[oid(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, kind])]);
        let spki = seq(&[algorithm.clone(), bits(&key.verifying_key().to_bytes())]);
        let sign = move |message: &[u8]| ml_dsa::Signer::sign(&key, message).to_bytes().to_vec();
        Self::Made(Rc::new(Made { algorithm, spki, sign: Box::new(sign) }))
    }

    pub(crate) fn p256(label: &str) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&Sha256::digest(label)).unwrap())
    }

    pub(crate) fn p384(label: &str) -> Self {
        let half = Sha256::digest(label);
        Self::P384(p384::ecdsa::SigningKey::from_slice(&[&half[..], &half[..16]].concat()).unwrap())
    }

    pub(crate) fn p521(label: &str) -> Self {
        let half = Sha256::digest(label);
        Self::P521(p521::ecdsa::SigningKey::from_slice(&[&[0, 0], &half[..], &half[..]].concat()).unwrap())
    }

    pub(crate) fn ed25519(label: &str) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&Sha256::digest(label).into()))
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        let curve = |kind: &[u8], point: &[u8]| {
            seq(&[seq(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]), oid(kind)]), bits(point)])
        };
        match self {
            Self::P256(key) => curve(
                &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
                key.verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::P384(key) => {
                curve(&[0x2b, 0x81, 4, 0, 0x22], key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::P521(key) => {
                curve(&[0x2b, 0x81, 4, 0, 0x23], key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::Ed25519(key) => {
                seq(&[seq(&[oid(&[0x2b, 0x65, 0x70])]), bits(key.verifying_key().as_bytes())])
            }
            Self::Made(made) => made.spki.clone(),
            Self::Raw(spki) => spki.clone(),
        }
    }

    /// The algorithm this key signs with.
    pub(crate) fn algorithm(&self) -> Vec<u8> {
        let ecdsa = |hash| seq(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, hash])]);
        match self {
            Self::P256(_) | Self::Raw(_) => ecdsa(2),
            Self::P384(_) => ecdsa(3),
            Self::P521(_) => ecdsa(4),
            Self::Ed25519(_) => seq(&[oid(&[0x2b, 0x65, 0x70])]),
            Self::Made(made) => made.algorithm.clone(),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Self::Ed25519(key) => ed25519_dalek::Signer::sign(key, message).to_bytes().to_vec(),
            Self::Made(made) => (made.sign)(message),
            Self::Raw(_) => vec![0x30, 0],
        }
    }

    pub(crate) fn id(&self) -> Vec<u8> {
        Sha256::digest(self.spki())[..20].to_vec()
    }
}

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
            extensions,
        ]);
        let signature = bits(&self.signer.sign(&signed));
        let outer = self.outer.clone().unwrap_or(algorithm);
        Entity { der: seq(&[signed, outer, signature]), spec: self }
    }
}

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

/// One verification, put together step by step.
pub(crate) struct Trial<'t> {
    pub(crate) anchors: Vec<&'t [u8]>,
    pub(crate) intermediates: Vec<&'t [u8]>,
    pub(crate) leaf: &'t [u8],
    pub(crate) lists: Vec<&'t [u8]>,
    pub(crate) names: Vec<PeerName<'t>>,
    pub(crate) change: Vec<Change<'t>>,
}

type Change<'t> = Box<dyn Fn(&mut PathRequest<'t>) + 't>;

impl<'t> Trial<'t> {
    /// Expects the name example.com at the usual moment.
    pub(crate) fn new(anchors: &[&'t Entity], intermediates: &[&'t Entity], leaf: &'t Entity) -> Self {
        Self {
            anchors: anchors.iter().map(|entity| entity.der.as_slice()).collect(),
            intermediates: intermediates.iter().map(|entity| entity.der.as_slice()).collect(),
            leaf: &leaf.der,
            lists: Vec::new(),
            names: vec![PeerName::Dns("example.com")],
            change: Vec::new(),
        }
    }

    pub(crate) fn names(mut self, names: &[PeerName<'t>]) -> Self {
        self.names = names.to_vec();
        self
    }

    pub(crate) fn host(self, host: &'t str) -> Self {
        self.names(&[PeerName::Dns(host)])
    }

    pub(crate) fn lists(mut self, lists: &[&'t Vec<u8>]) -> Self {
        self.lists = lists.iter().map(|list| list.as_slice()).collect();
        self
    }

    pub(crate) fn client(self, purposes: &'t [Purpose<'t>]) -> Self {
        self.change(move |request| {
            request.peer_kind = PeerKind::Client;
            request.extended_key_usage = purposes;
        })
    }

    pub(crate) fn change(mut self, change: impl Fn(&mut PathRequest<'t>) + 't) -> Self {
        self.change.push(Box::new(change));
        self
    }

    /// Runs the trial and hands the answer to a closure.
    pub(crate) fn then<R>(&self, judge: impl FnOnce(Result<VerifiedPath<'_>, X509Error>) -> R) -> R {
        let mut request = PathRequest::new(&[], self.leaf, NOW);
        self.change.iter().for_each(|change| change(&mut request));
        let request = PathRequest {
            trust_anchors: &self.anchors,
            intermediates: &self.intermediates,
            crls: &self.lists,
            expected_peer_names: &self.names,
            ..request
        };
        judge(verify_path(&request))
    }

    /// The code of the refusal, or `ok`.
    pub(crate) fn code(&self) -> &'static str {
        self.then(|answer| answer.map_or_else(|error| error.code(), |_| "ok"))
    }
}
