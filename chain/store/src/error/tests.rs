use super::*;

fn sorted(text: &str) -> StoreError {
    StoreError::from_engine(Path::new("/data/chain"), text)
}

#[test]
fn a_full_disk_has_its_own_code() {
    let error = sorted(
        "IO error: No space left on device: While appending to file: /data/chain/000004.log: No space left on device",
    );
    assert_eq!(error.code(), "STO-0006");
    assert!(error.to_string().contains("/data/chain/000004.log"), "{error}");
    let system = std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert_eq!(StoreError::from_io(Path::new("/data"), &system).code(), "STO-0006");
}

#[test]
fn damage_names_the_file() {
    for text in [
        "Corruption: Sst file size mismatch: /data/chain/000012.sst. Size recorded in manifest 5, actual size 4",
        "IO error: No such file or directory: While open a file for random read: /data/chain/000012.sst: No such file or directory",
        "Corruption: block checksum mismatch: stored = 1, computed = 2 in /data/chain/000012.sst offset 0 size 9",
    ] {
        let error = sorted(text);
        assert_eq!(error.code(), "STO-0005", "{error}");
        assert!(
            matches!(&error, StoreError::Corrupt { file, .. } if file.ends_with("chain/000012.sst")),
            "{error:?}"
        );
    }
    let nameless = sorted("Corruption: truncated record at end of file");
    assert!(matches!(&nameless, StoreError::Corrupt { file, .. } if file == Path::new("/data/chain")));
}

#[test]
fn other_failures_keep_their_kind() {
    let lock = "IO error: While lock file: /data/chain/LOCK: Resource temporarily unavailable";
    assert_eq!(sorted(lock).code(), "STO-0001");
    let own = "IO error: lock hold by current process, acquire time 1 acquiring thread 2: /data/chain/LOCK: No locks available";
    assert_eq!(sorted(own).code(), "STO-0001");
    let denied = "IO error: Permission denied: While opening a file: /data/chain/LOCK: Permission denied";
    assert_eq!(sorted(denied).code(), "STO-0007");
    assert_eq!(sorted("Shutdown in progress: ").code(), "STO-0008");
}

#[test]
fn every_code_is_listed_once() {
    let codes: std::collections::BTreeSet<&str> = ERRORS.iter().map(|entry| entry.code).collect();
    assert_eq!(codes.len(), ERRORS.len());
    let node = Hash::ZERO;
    assert!(codes.contains(StoreError::MalformedNode { node }.code()));
    assert!(codes.contains(StoreError::ReleasedTooOften { node }.code()));
}
