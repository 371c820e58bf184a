//! A file that is signed, checked with and without a node, changed, and followed to what was made from it.

use crate::binary::{DevProcess, Home};

#[test]
fn a_signed_file_is_checked_anywhere_and_any_change_is_found_out() {
    let home = Home::new();
    let network = DevProcess::start(&home, &["--ephemeral", "--farm-size", "32MiB"]);
    let nowhere = Home::new();
    let home = Home::at(network.url());
    let password = home.path("password");
    std::fs::write(&password, "correct horse\n").expect("written");
    let send = |arguments: &[&str]| {
        home.run(&[arguments, &["--timeout", "300", "--password-file", &password, "--json"]].concat())
    };
    let write = |name: &str, text: &[u8]| {
        let path = home.path(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let story = write("story.txt", b"once upon a time");
    let short = write("short.txt", b"once");
    nowhere.run(&["verify", &story]).failed(5, "CLI-0035");
    nowhere.run(&["verify", &home.path("absent")]).failed(5, "CLI-0002");

    send(&["id", "create", "alice", "--kind", "human"]).data();
    let can = "do content/sign on content:text/* irreversible";
    let made = send(&["agent", "create", "writer", "--owner", "alice", "--can", can]).data();
    let grant = made["grant"].as_str().expect("a grant");
    let signed = send(&["sign", &story, "--as", "alice", "--licence", "CC-BY-4.0"]).data();
    assert_eq!((&signed["licence"], signed["agent"].is_null()), (&"CC-BY-4.0".into(), true));
    send(&["sign", &story, "--as", "alice", "--licence", "free as in beer"]).failed(2, "CLI-0001");
    let agent = ["--agent", "writer", "--grant", grant, "--from", "alice"];
    let derived = send(&[&["sign", &short, "--parent", &story][..], &agent].concat()).data();
    assert_eq!(derived["parents"][0], signed["content"]);
    let picture = [&["sign", &short, "--media-type", "image/png", "--dry-run"][..], &agent].concat();
    send(&picture).failed(4, "PRV-0016");

    let found = nowhere.run(&["verify", &story, "--json"]).data();
    assert_eq!((&found["manifest"], found["proof"]["offline"].as_bool()), (&signed["manifest"], Some(true)));
    let found = nowhere.run(&["verify", &short, "--json"]).data();
    assert_eq!((&found["grants"][0], &found["author"]), (&grant.into(), &signed["author"]));
    nowhere.run(&["verify", &story, "--block-hash", &"00".repeat(32)]).failed(1, "SDK-0008");
    assert_eq!(nowhere.run(&["verify", &format!("{story}.proof")]).code, 0);
    let proof = home.path("kept");
    std::fs::rename(format!("{story}.proof"), &proof).expect("moved");
    let found = home.run(&["verify", &story, "--json"]).data();
    assert_eq!(
        (found["stored"].as_u64(), found["now"]["holds"].as_bool()),
        (signed["block"].as_u64(), Some(true))
    );
    nowhere.run(&["verify", &story]).failed(3, "SDK-0001");

    home.run(&["lineage", &"07".repeat(32)]).failed(5, "SDK-0005");
    let lineage = home.run(&["lineage", &story, "--json"]).data();
    assert_eq!(lineage["descendants"][0]["content"], derived["content"]);
    let lineage = home.run(&["lineage", &format!("{short}.manifest"), "--json"]).data();
    assert_eq!(lineage["ancestors"][0]["content"], signed["content"]);

    std::fs::write(&story, b"Once upon a time").expect("written");
    home.run(&["verify", &story]).failed(4, "PRV-0006");
    nowhere.run(&["verify", &story, "--proof", &proof]).failed(4, "PRV-0006");
    std::fs::write(&story, b"once upon a time").expect("written");
    let manifest = format!("{story}.manifest");
    let whole = std::fs::read(&manifest).expect("readable");
    for (place, code) in [(0, "PRV-0001"), (23, "PRV-0002"), (whole.len() - 1, "PRV-0013")] {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        std::fs::write(&manifest, bytes).expect("written");
        home.run(&["verify", &story]).failed(4, code);
    }
}
