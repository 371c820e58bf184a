use crate::client::{Site, refusal};
use crate::fixture::{alice, bob, transfer};
use auto_api::Backend;
use auto_core::{BlockNumber, Hash};
use parity_scale_codec::{Decode, Encode};
use serde_json::json;

fn pair(code: &str, kind: &str) -> (String, String) {
    (code.to_owned(), kind.to_owned())
}

#[tokio::test]
async fn everything_in_a_request_is_read_at_one_height() {
    let site = Site::start().await;
    let query = format!(
        "{{ at(block: {{ height: \"7\" }}) {{ block {{ number }} blocks(first: 1) {{ nodes {{ number }} }} \
         account(address: \"{}\") {{ balance }} }} }}",
        bob()
    );
    let answer = site.ask(&query).await;
    assert_eq!(answer["data"]["at"]["block"]["number"], "7");
    assert_eq!(answer["data"]["at"]["blocks"]["nodes"][0]["number"], "7");
    assert_eq!(answer["data"]["at"]["account"]["balance"], "7000000000000000000005");
    assert_eq!(answer["extensions"]["at"]["height"], "7");
    let confirmed = site.ask("{ at(block: { confirmed: true }) { block { number confirmed } } }").await;
    assert_eq!(confirmed["data"]["at"]["block"], json!({ "number": "26", "confirmed": true }));
    let head = site.ask("{ block { number } }").await;
    assert_eq!(head["extensions"]["at"]["height"], "30");
}

#[tokio::test]
async fn heights_that_cannot_be_read_are_refused_with_the_range() {
    let site = Site::start().await;
    for at in [
        "{ height: \"31\" }",
        "{ height: 2 }",
        "{ hash: \"1111111111111111111111111111111111111111111111111111111111111111\" }",
    ] {
        let answer = site.ask(&format!("{{ at(block: {at}) {{ block {{ number }} }} }}")).await;
        assert_eq!(refusal(&answer), pair("API-0105", "HEIGHT_UNAVAILABLE"), "{at}");
        assert_eq!(answer["errors"][0]["extensions"]["available"], json!({ "from": "3", "to": "30" }));
    }
    let two = "{ a: at(block: { height: 5 }) { block { number } } b: at(block: { height: 6 }) { block { number } } }";
    assert_eq!(site.refusal(two).await, pair("API-0106", "BAD_USER_INPUT"));
    let above = site.ask("{ at(block: { height: 5 }) { block(by: { number: 6 }) { hash } } }").await;
    assert!(above["data"]["at"]["block"].is_null(), "{above}");
}

#[tokio::test]
async fn documents_over_a_limit_are_refused_before_they_run() {
    let site = Site::start().await;
    let deep = format!("{{ block {}{}{} }}", "{ parent ".repeat(12), "{ hash }", "}".repeat(12));
    assert_eq!(site.refusal(&deep).await, pair("API-0201", "LIMIT_EXCEEDED"));
    let dear = "{ blocks(first: 100) { nodes { transactions(first: 100) { nodes { hash } } } } }";
    assert_eq!(site.refusal(dear).await, pair("API-0202", "LIMIT_EXCEEDED"));
    let wide = format!("{{ status {{ {} }} }}", "version ".repeat(301));
    assert_eq!(site.refusal(&wide).await, pair("API-0203", "LIMIT_EXCEEDED"));
    let aliases: String = (0..31).map(|index| format!("a{index}: meta {{ lagSeconds }} ")).collect();
    assert_eq!(site.refusal(&format!("{{ {aliases} }}")).await, pair("API-0204", "LIMIT_EXCEEDED"));
    let long = format!("{{ meta {{ lagSeconds }} }} #{}", "x".repeat(64 << 10));
    let body = json!({ "query": long });
    let response = site.http.post(site.url("/graphql")).json(&body).send().await.expect("an answer");
    assert_eq!(response.status(), 413);
    let answer: serde_json::Value = response.json().await.expect("JSON");
    assert_eq!(answer["error"]["code"], "API-0205");
}

#[tokio::test]
async fn nested_fragments_cannot_make_a_document_expensive_to_measure() {
    let site = Site::start().await;
    let mut query = "{ ...f0 } ".to_owned();
    for index in 0..28 {
        query.push_str(&format!("fragment f{index} on Query {{ ...f{} ...f{} }} ", index + 1, index + 1));
    }
    query.push_str("fragment f28 on Query { meta { lagSeconds } }");
    assert_eq!(site.refusal(&query).await, pair("API-0203", "LIMIT_EXCEEDED"));
    let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
    assert_eq!(site.refusal(cycle).await.1, "GRAPHQL_PARSE_FAILED");
}

#[tokio::test]
async fn malformed_input_is_refused_with_a_code() {
    let site = Site::start().await;
    for (query, code, kind) in [
        ("{ blocks(first: 1, last: 1) { nodes { hash } } }", "API-0102", "BAD_USER_INPUT"),
        ("{ blocks(first: 0) { nodes { hash } } }", "API-0102", "BAD_USER_INPUT"),
        ("{ blocks(first: 101) { nodes { hash } } }", "API-0102", "BAD_USER_INPUT"),
        ("{ blocks(after: \"x\") { nodes { hash } } }", "API-0103", "BAD_USER_INPUT"),
        ("{ objects(after: \"AQAHAAAAAAAAAA\") { nodes { hash } } }", "API-0103", "BAD_USER_INPUT"),
        ("{ transaction(hash: \"12\") { stage } }", "API-0101", "BAD_USER_INPUT"),
        ("{ account(address: \"nobody\") { balance } }", "API-0101", "BAD_USER_INPUT"),
        ("{ block(by: { number: \"-1\" }) { hash } }", "API-0101", "BAD_USER_INPUT"),
        ("{ node(id: \"AAAA\") { id } }", "API-0101", "BAD_USER_INPUT"),
        ("mutation { submitTxAsync(bytes: \"12\") }", "API-0101", "BAD_USER_INPUT"),
        ("mutation { submitTxAsync(bytes: \"0x12\") }", "LED-0001", "BAD_USER_INPUT"),
        ("{ nothing }", "API-0208", "GRAPHQL_VALIDATION_FAILED"),
        ("{ block ", "API-0207", "GRAPHQL_PARSE_FAILED"),
    ] {
        assert_eq!(site.refusal(query).await, pair(code, kind), "{query}");
    }
}

#[tokio::test]
async fn pages_cover_every_block_once_in_both_directions() {
    let site = Site::start().await;
    let mut seen = Vec::new();
    let mut after = serde_json::Value::Null;
    loop {
        let query = "query($after: String) { blocks(first: 7, after: $after) { nodes { number } pageInfo { endCursor hasNextPage } } }";
        let answer = site.ask_with(query, json!({ "after": after })).await;
        let page = &answer["data"]["blocks"];
        let rows = page["nodes"].as_array().expect("rows");
        seen.extend(
            rows.iter().map(|row| row["number"].as_str().expect("text").parse::<u64>().expect("number")),
        );
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, (0..=30).rev().collect::<Vec<u64>>());
    let last =
        site.ask("{ blocks(last: 2) { nodes { number } pageInfo { hasPreviousPage hasNextPage } } }").await;
    let expected = json!({ "nodes": [{ "number": "1" }, { "number": "0" }], "pageInfo": { "hasPreviousPage": true, "hasNextPage": false } });
    assert_eq!(last["data"]["blocks"], expected);
    let segments = site.ask("{ segments(first: 2) { nodes { index } pageInfo { hasNextPage } } }").await;
    assert_eq!(segments["data"]["segments"]["nodes"], json!([{ "index": "2" }, { "index": "1" }]));
    let sent = format!(
        "{{ account(address: \"{}\") {{ transactions(first: 2) {{ nodes {{ nonce stage }} pageInfo {{ hasNextPage endCursor }} }} }} }}",
        alice().public_key().address()
    );
    let page = site.ask(&sent).await["data"]["account"]["transactions"].clone();
    assert_eq!(
        page["nodes"],
        json!([{ "nonce": "2", "stage": "CONFIRMED" }, { "nonce": "1", "stage": "CONFIRMED" }])
    );
    let rest = sent.replace("first: 2", &format!("first: 2, after: {}", page["pageInfo"]["endCursor"]));
    let page = site.ask(&rest).await["data"]["account"]["transactions"].clone();
    assert_eq!(page["nodes"], json!([{ "nonce": "0", "stage": "CONFIRMED" }]));
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn every_identifier_leads_back() {
    let site = Site::start().await;
    let query = format!(
        "{{ block {{ id }} segments(first: 1) {{ nodes {{ id }} }} objects(first: 1) {{ nodes {{ id }} }} \
         account(address: \"{}\") {{ id transactions(first: 1) {{ nodes {{ id }} }} }} }}",
        bob()
    );
    let data = site.ask(&query).await["data"].clone();
    for (id, name) in [
        (&data["block"]["id"], "Block"),
        (&data["segments"]["nodes"][0]["id"], "Segment"),
        (&data["objects"]["nodes"][0]["id"], "StoredObject"),
        (&data["account"]["id"], "Account"),
        (&data["account"]["transactions"]["nodes"][0]["id"], "Transaction"),
    ] {
        let answer =
            site.ask_with("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
        assert_eq!(answer["data"]["node"], json!({ "__typename": name, "id": id }));
    }
}

#[tokio::test]
async fn a_proof_comes_with_the_header_it_leads_to() {
    let site = Site::start().await;
    let query = format!("{{ account(address: \"{}\") {{ proof {{ blockHash root header }} }} }}", bob());
    let proof = site.ask(&query).await["data"]["account"]["proof"].clone();
    let bytes = hex::decode(proof["header"].as_str().expect("text").trim_start_matches("0x")).expect("hex");
    let header = auto_core::Header::decode(&mut bytes.as_slice()).expect("a header");
    assert_eq!(header.hash().to_string(), proof["blockHash"]);
    assert_eq!(header.state_root.to_string(), proof["root"]);
}

#[tokio::test]
async fn a_transaction_is_simulated_sent_once_and_known() {
    let site = Site::start().await;
    let signed = transfer(9, site.node.genesis());
    let bytes = format!("0x{}", hex::encode(signed.encode()));
    let simulate = "query($bytes: Bytes!) { simulateTx(bytes: $bytes) { accepted fee code } }";
    let answer = site.ask_with(simulate, json!({ "bytes": bytes })).await;
    assert_eq!(
        answer["data"]["simulateTx"],
        json!({ "accepted": true, "fee": "100000000000000", "code": null })
    );
    let foreign = transfer(9, Hash::ZERO).encode();
    let answer = site.ask_with(simulate, json!({ "bytes": format!("0x{}", hex::encode(foreign)) })).await;
    assert_eq!(answer["data"]["simulateTx"], json!({ "accepted": false, "fee": null, "code": "LED-0002" }));
    let submit = "mutation($bytes: Bytes!) { submitTxAsync(bytes: $bytes) }";
    for _ in 0..2 {
        let answer = site.ask_with(submit, json!({ "bytes": bytes })).await;
        assert_eq!(answer["data"]["submitTxAsync"], signed.hash().to_string());
    }
    assert_eq!(site.node.status().expect("known").pool, 1);
    let long = format!("0x{}", "00".repeat((5 << 20) + 1));
    let body = json!({ "query": submit, "variables": { "bytes": long } });
    let response = site.http.post(site.url("/graphql")).json(&body).send().await.expect("an answer");
    assert_eq!(response.status(), 413);
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() {
    let site = Site::start().await;
    let post = |origin: String| {
        site.http
            .post(site.url("/graphql"))
            .header("origin", origin)
            .json(&json!({ "query": "{ meta { lagSeconds } }" }))
            .send()
    };
    assert_eq!(post("http://evil.example".into()).await.expect("an answer").status(), 403);
    assert_eq!(post("null".into()).await.expect("an answer").status(), 403);
    assert_eq!(post(format!("http://{}", site.server.addr)).await.expect("an answer").status(), 200);
    let form =
        site.http.post(site.url("/graphql")).header("content-type", "text/plain").body("{}").send().await;
    assert_eq!(form.expect("an answer").status(), 400);
}

#[tokio::test]
async fn everything_of_a_block_and_of_the_node_is_there() {
    let site = Site::start().await;
    let answer = site
        .ask(
            "{ block(by: { number: 1 }) { hash slot author { address } parent { number } transactionCount header \
             transactions { nodes { position fee failure calls { __typename ... on TransferCall { to amount receiver { nonce } } } } } } \
             status { phase historySize byteFee nextByteFee head { number } confirmed { number } } \
             farms { sectorCount sectorMap sectors { state count } missed { slot reason } audit { p50Ms p99Ms } } \
             params { hash slotProbability { numerator denominator } subsidy { block subsidy } } \
             meta { oldestState lagSeconds } serviceConfig { depthMax complexityMax pageMax } }",
        )
        .await;
    assert!(answer["errors"].is_null(), "{answer}");
    let block = site.node.block(BlockNumber(1)).expect("read").expect("known");
    assert_eq!(answer["data"]["block"]["hash"], block.id.hash.to_string());
    assert_eq!(answer["data"]["block"]["transactions"]["nodes"][0]["calls"][0]["to"], bob().to_string());
    assert_eq!(answer["data"]["farms"][0]["sectorMap"].as_str().map(str::len), Some(486));
    assert_eq!(
        answer["data"]["serviceConfig"],
        json!({ "depthMax": 12, "complexityMax": 5000, "pageMax": 100 })
    );
}
