//! Signed contents: stored, found both ways, shown, and proven to whoever has no node.

use crate::net::{IDENTITY, Net, PATIENCE, pair};
use crate::people::Cast;
use auto_core::{Blob, BlockNumber, ErrorCode as _, Hash};
use auto_ledger::LedgerCall;
use auto_sdk::audit::Trusted;
use auto_sdk::identity::IdentityKey;
use auto_sdk::provenance::{Claim, Content, ProvenanceFile, Sealed, sign, verify};
use auto_sdk::{At, Stage};
use serde_json::{Value, json};
use std::time::Duration;

const CONTENT: &str = "query($of: ContentBy!, $first: Int, $after: String) { \
    content(of: $of, first: $first, after: $after) { nodes { id hash sizeBytes mediaType author agent grant parents licence block object signed } \
    pageInfo { hasNextPage endCursor } } }";

/// Signs and stores a text that is made from others; the block, and the proof.
async fn stored(
    net: &Net,
    key: &IdentityKey,
    text: &str,
    parents: &[&Sealed],
) -> (Sealed, BlockNumber, ProvenanceFile) {
    let domain = net.client.domain(IDENTITY);
    let now = domain.state(At::Newest).await.expect("proven").point().time;
    let content = Content::of_bytes(text.as_bytes());
    let parents = parents.iter().map(|sealed| sealed.manifest().content).collect();
    let claim = Claim { parents, ..Claim::of("text/plain".parse().expect("sound")) };
    let sealed = sign(key, &content, &claim, None, now).expect("signed");
    // It is judged by what operators vouched for when it was stored.
    while verify(&mut domain.state(At::Vouched).await.expect("proven"), &sealed, &content).await.is_err() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let data = Blob::new(sealed.to_bytes()).expect("short");
    let prepared = net.client.prepare(&pair("alice"), LedgerCall::Store { data }).await.expect("answers");
    let sent = net.client.send(&prepared.signed, Stage::InBlock, PATIENCE, &|_| {}).await.expect("included");
    let file = domain.attest(&prepared.signed, &sealed, &content).await.expect("it holds");
    (sealed, sent.block, file)
}

fn hash(sealed: &Sealed) -> String {
    Hash(sealed.manifest().content).to_string()
}

async fn ids(net: &Net, of: Value) -> Vec<String> {
    let data = net.client.query(CONTENT, json!({ "of": of })).await.expect("answers");
    let nodes = data["content"]["nodes"].as_array().expect("a list").clone();
    nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contents_are_found_both_ways_and_proven_without_a_node() {
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    let (first, block, file) = stored(&net, &cast.person, "once upon a time", &[]).await;
    let (second, ..) = stored(&net, &cast.agent, "once", &[&first]).await;
    let (third, ..) = stored(&net, &cast.person, "a time, once", &[&first, &second]).await;
    let lineage = loop {
        // The index follows within moments.
        if let Ok(found) = net.client.lineage(&second.manifest().content).await
            && !found.descendants.is_empty()
        {
            break found;
        }
    };
    let nobodys = net.client.lineage(&[7; 32]).await;
    assert_eq!(nobodys.expect_err("nobody signed it").code(), "SDK-0005");
    let contents = |list: &[auto_sdk::Made]| list.iter().map(|made| made.content).collect::<Vec<_>>();
    assert_eq!(contents(&lineage.ancestors), [first.manifest().content]);
    assert_eq!(contents(&lineage.descendants), [third.manifest().content]);
    assert_eq!(lineage.of.manifest.expect("signed").sealed, second);

    let data = net.client.query(CONTENT, json!({ "of": { "hash": hash(&first) } })).await.expect("answers");
    let node = &data["content"]["nodes"][0];
    assert_eq!(
        (&node["id"], &node["block"], &node["author"], &node["licence"]),
        (
            &json!(first.id().to_string()),
            &json!(block.to_string()),
            &json!(cast.person.id().did(&cast.network).to_string()),
            &Value::Null
        )
    );
    assert_eq!(node["object"], json!(Hash::of_object(&first.to_bytes())));
    assert_eq!(node["signed"], json!(format!("0x{}", hex::encode(first.to_bytes()))));
    let id = |sealed: &Sealed| sealed.id().to_string();
    assert_eq!(ids(&net, json!({ "parent": hash(&first) })).await, [id(&second), id(&third)]);
    assert_eq!(ids(&net, json!({ "author": cast.agent.id().to_string() })).await, [id(&second)]);
    assert!(ids(&net, json!({ "agent": cast.agent.id().to_string() })).await.is_empty());
    let page = net.client.query(CONTENT, json!({ "of": { "parent": hash(&first) }, "first": 1 })).await;
    let page = page.expect("answers")["content"].clone();
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let after = page["pageInfo"]["endCursor"].clone();
    let variables = json!({ "of": { "parent": hash(&first) }, "first": 1, "after": after });
    let rest = net.client.query(CONTENT, variables).await.expect("answers");
    assert_eq!(rest["content"]["nodes"][0]["id"], id(&third));
    let wrong = net.client.query(CONTENT, json!({ "of": { "author": "nobody" } })).await;
    assert_eq!(wrong.expect_err("refused").shown_code(), "API-0101");

    let content = Content::of_bytes(b"once upon a time");
    let text = file.to_text();
    let found = ProvenanceFile::parse(&text).expect("its own").verify(&content, &Trusted::default());
    let found = found.expect("holds");
    assert_eq!((found.stored, found.verified.signer), (block, cast.person.id()));
    let changed = file.verify(&Content::of_bytes(b"Once upon a time"), &Trusted::default());
    assert_eq!(changed.expect_err("changed").code(), "PRV-0006");
    let mut state = net.client.domain(IDENTITY).as_of(block).await.expect("answers").expect("it is kept");
    assert_eq!(verify(&mut state, &first, &content).await.expect("holds"), found.verified);

    let (status, html) = net.page(&format!("/content/{}", hash(&second))).await;
    assert!(status == 200 && html.contains(&hash(&first)) && html.contains(&hash(&third)), "{html}");
    let (status, _) = net.page(&format!("/content/{}", Hash([7; 32]))).await;
    assert_eq!(status, 404);
    let (status, html) = net.page(&format!("/search?q={}", hash(&first))).await;
    assert!(status == 200 && html.contains("Made into"), "{html}");
    net.stop().await;
}
