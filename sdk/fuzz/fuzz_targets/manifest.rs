//! Manifests of files, out of objects that anybody may have stored.

#![no_main]

use auto_core::Hash;
use auto_sdk::{Assembler, FileManifest};
use libfuzzer_sys::fuzz_target;

/// What decodes is canonical, its name names no other folder, and it asks for its chunks in order.
fn check(bytes: &[u8]) {
    let object = [FileManifest::MAGIC, bytes].concat();
    let Ok(manifest) = FileManifest::from_object(&object) else { return };
    assert_eq!(manifest.to_object(), object);
    assert!(!manifest.name().contains(['/', '\\', '\0']) && manifest.name() != "..");
    let _ = manifest.media_type();
    let (size, first) = (manifest.size, manifest.chunks.first().copied());
    let mut assembler = Assembler::new(manifest);
    assert_eq!(assembler.needs(), first);
    assert!(assembler.push(b"").is_err() || first == Some(Hash::of_object(b"")));
    assert_eq!(assembler.finish().is_ok(), size == 0);
}

fuzz_target!(|bytes: &[u8]| check(bytes));
