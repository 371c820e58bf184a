//! Certificates and revocation lists in DER.
//!
//! The input is a list: a byte that says what follows (an anchor, an intermediate, the leaf, a revocation list), a
//! length of two bytes, and so many bytes of DER.

#![no_main]

use autoid_core::x509::{PathRequest, Profile, verify_path};
use libfuzzer_sys::fuzz_target;

fn entry(bytes: &mut &[u8]) -> Option<(u8, Vec<u8>)> {
    let (head, rest) = bytes.split_first_chunk::<3>()?;
    let length = usize::from(u16::from_le_bytes([head[1], head[2]])).min(rest.len());
    let (der, rest) = rest.split_at(length);
    *bytes = rest;
    Some((head[0] % 4, der.to_vec()))
}

/// A leaf that is trusted because of an anchor is trusted by no empty set of anchors; and nothing does harm.
fn check(mut bytes: &[u8]) {
    let mut kinds: [Vec<Vec<u8>>; 4] = Default::default();
    while let Some((kind, der)) = entry(&mut bytes) {
        kinds[usize::from(kind)].push(der);
    }
    let [anchors, intermediates, leaves, crls] =
        kinds.each_ref().map(|list| list.iter().map(Vec::as_slice).collect::<Vec<&[u8]>>());
    let Some(leaf) = leaves.first() else { return };
    for profile in [Profile::Rfc5280, Profile::WebPki] {
        let request = PathRequest {
            intermediates: &intermediates,
            crls: &crls,
            profile,
            ..PathRequest::new(&anchors, leaf, 1_893_456_000)
        };
        if verify_path(&request).is_ok() {
            assert!(verify_path(&PathRequest { trust_anchors: &[], ..request }).is_err());
        }
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
