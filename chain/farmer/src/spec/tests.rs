//! What is and what is not a farm's description.

use super::*;
use auto_core::{ErrorCode, Preset};

fn size_of(text: &str) -> Result<u64, FarmError> {
    format!("path=/d1,size={text}").parse::<FarmSpec>().map(|spec| spec.size)
}

#[test]
fn folder_and_size_are_read_in_every_form() {
    let expected = FarmSpec { path: PathBuf::from("/d1"), size: 2 << 30 };
    for text in
        ["path=/d1,size=2GiB", "/d1,size=2GiB", "size=2GiB,path=/d1", "/d1,size=2 gib", "/d1, size=2048MiB"]
    {
        assert_eq!(text.parse::<FarmSpec>().expect(text), expected);
    }
    let comma = "path=/d1/a,b,size=1GB".parse::<FarmSpec>().expect("a comma in the folder");
    assert_eq!((comma.path, comma.size), (PathBuf::from("/d1/a,b"), 1_000_000_000));
}

#[test]
fn units_are_told_apart() {
    for (text, bytes) in [
        ("1", 1),
        ("7B", 7),
        ("1KB", 1000),
        ("1KiB", 1024),
        ("1.5GiB", 3 << 29),
        ("0.5TB", 500_000_000_000),
        ("2T", 2_000_000_000_000),
        ("1PiB", 1 << 50),
    ] {
        assert_eq!(size_of(text).expect(text), bytes, "{text}");
    }
}

#[test]
fn malformed_descriptions_are_refused() {
    for text in [
        "",
        "/d1",
        "size=1GiB",
        "path=,size=1GiB",
        "/d1,size=",
        "/d1,size=1GiB,size=2GiB",
        "path=/a,path=/b,size=1GiB",
        "/d1,size=1GiB,what=7",
        " ,size=1GiB",
    ] {
        assert_eq!(text.parse::<FarmSpec>().expect_err(text).code(), "FRM-0009", "{text}");
    }
    for size in [
        "0",
        "0GiB",
        "0.0",
        "-1GiB",
        "1XiB",
        "1.GiB",
        ".5GiB",
        "1..2",
        "1.2.3GiB",
        "GiB",
        "1e9",
        "5000PiB",
        "99999999999999999999999999999999999999999TiB",
        "0.0000000001TiB",
    ] {
        assert_eq!(size_of(size).expect_err(size).code(), "FRM-0009", "{size}");
    }
}

#[test]
fn a_farm_that_cannot_be_made_is_refused_before_plotting() {
    let params = ProtocolParams::preset(Preset::Test);
    let folder = tempfile::tempdir().expect("a folder");
    let spec = |path: &std::path::Path, size| FarmSpec { path: path.to_owned(), size };
    let small = spec(folder.path(), 1000).check(&params).expect_err("no sector fits");
    assert_eq!(small.code(), "FRM-0008");
    let file = folder.path().join("file");
    std::fs::write(&file, b"not a folder").expect("writable");
    let blocked = spec(&file.join("farm"), 1 << 30).check(&params).expect_err("a file is in the way");
    assert_eq!(blocked.code(), "FRM-0001");
    let unwritable =
        spec(std::path::Path::new("/proc/farm"), 1 << 30).check(&params).expect_err("not a disk");
    assert_eq!(unwritable.code(), "FRM-0001");
    let full = spec(folder.path(), 1 << 59).check(&params).expect_err("no disk is that large");
    assert_eq!(full.code(), "FRM-0002");
    assert!(spec(folder.path(), 16 << 20).check(&params).expect("room for it") > 1);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in ".{0,60}") {
        let _ = text.parse::<FarmSpec>();
        let _ = parse_size(&text);
    }
}
