//! Domains, operators, positions, receipts, submissions and events.

use crate::client::Site;
use crate::fixture::domains::{CROWD, SUBMITTED_IN, first_receipt, holder, submission};
use crate::fixture::transfer;
use auto_api::Backend;
use serde_json::{Value, json};

const AI3: u128 = 1_000_000_000_000_000_000;

fn ai3(whole: u128) -> String {
    (whole * AI3).to_string()
}

#[tokio::test]
async fn domains_say_where_they_stand_and_what_they_run() {
    let site = Site::start().await;
    let query = "{ domains { nodes { number name runtime frozen head headReceipt confirmed balance operatorCount created \
                 code { version upgradeVersion modules { number name } } bundleProbability { numerator denominator } \
                 epoch { number operators total availabilityFactor } owner { address } } pageInfo { hasNextPage } } }";
    let answer = site.ask(query).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let domains = answer["data"]["domains"]["nodes"].as_array().expect("rows").clone();
    let names: Vec<_> = domains.iter().map(|domain| domain["name"].as_str().expect("text")).collect();
    assert_eq!(names, ["identity", "ai"]);
    let first = &domains[0];
    assert_eq!(
        (first["number"].as_u64(), first["head"].as_str(), first["headReceipt"].as_str()),
        (Some(1), Some("0"), Some("0"))
    );
    assert_eq!(
        (first["balance"].as_str(), first["operatorCount"].as_u64()),
        (Some(ai3(80_000).as_str()), Some(2))
    );
    assert_eq!(first["code"]["version"], 1);
    let modules: Vec<_> =
        first["code"]["modules"].as_array().expect("rows").iter().map(|module| &module["name"]).collect();
    assert_eq!(modules, ["bank", "messages", "autoid", "agents"]);
    assert_eq!(first["epoch"]["total"], ai3(16_000));
    assert_eq!(first["owner"]["address"], holder("alice").to_string());
    let one = site
        .ask("{ at(block: { height: 7 }) { domain(number: 2) { name } other: domain(number: 3) { name } } }");
    let one = one.await;
    assert_eq!(one["data"]["at"], json!({ "domain": { "name": "ai" }, "other": null }), "{one}");
    assert_eq!(one["extensions"]["at"]["height"], "7");
}

#[tokio::test]
async fn operators_show_their_pool_their_stake_and_what_became_of_them() {
    let site = Site::start().await;
    let fields = "number status stake staked epochStake shares joining leavingShares storageFund taxPercent \
                  nominationMin nominatorCount lastSlot restingSince bundlesInEpoch key domain { name } owner { address }";
    let query =
        format!("{{ operators(domain: 1) {{ nodes {{ {fields} }} }} operator(number: 3) {{ {fields} }} }}");
    let answer = site.ask(&query).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let rows = answer["data"]["operators"]["nodes"].as_array().expect("rows").clone();
    assert_eq!(rows.len(), 2);
    let first = &rows[0];
    assert_eq!((first["number"].as_str(), first["status"].as_str()), (Some("0"), Some("REGISTERED")));
    assert_eq!((&first["stake"], &first["staked"]), (&json!(ai3(8000)), &json!(ai3(8400))));
    assert_eq!((&first["epochStake"], &first["joining"]), (&json!(ai3(8000)), &json!(ai3(400))));
    assert_eq!((&first["shares"], &first["storageFund"]), (&json!(ai3(8000)), &json!(ai3(2100))));
    assert_eq!((first["nominatorCount"].as_u64(), first["taxPercent"].as_u64()), (Some(2), Some(10)));
    assert_eq!(first["owner"]["address"], holder("dave").to_string());
    assert_eq!(rows[1]["leavingShares"], ai3(1000));
    let resting = &answer["data"]["operator"];
    assert_eq!(
        (resting["status"].as_str(), resting["restingSince"].as_str()),
        (Some("DEACTIVATED"), Some("1"))
    );
    assert!(resting["epochStake"].is_null(), "{resting}");
    let none = site.ask("{ operator(number: \"999\") { number } }").await;
    assert!(none["errors"].is_null() && none["data"]["operator"].is_null(), "{none}");
    let unknown = site.refusal("{ operators(domain: 99) { nodes { number } } }").await;
    assert_eq!(unknown, ("API-0301".to_owned(), "NOT_FOUND".to_owned()));
}

#[tokio::test]
async fn pages_of_operators_cover_each_once_in_both_directions() {
    let site = Site::start().await;
    let query = "query($after: String) { operators(domain: 2, first: 12, after: $after) { nodes { number } \
                 pageInfo { endCursor hasNextPage } } }";
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = site.ask_with(query, json!({ "after": after })).await;
        let page = &answer["data"]["operators"];
        let number = |row: &Value| row["number"].as_str().expect("text").parse::<u64>().expect("a number");
        seen.extend(page["nodes"].as_array().expect("rows").iter().map(number));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, [2, 3].into_iter().chain(10..10 + CROWD).collect::<Vec<u64>>());
    let last = site.ask("{ domain(number: 2) { operators(last: 1) { nodes { number } } } }").await;
    assert_eq!(last["data"]["domain"]["operators"]["nodes"], json!([{ "number": (9 + CROWD).to_string() }]));
    let foreign =
        site.refusal("{ operators(domain: 2, after: \"AQAHAAAAAAAAAA\") { nodes { number } } }").await;
    assert_eq!(foreign.0, "API-0103");
}

#[tokio::test]
async fn positions_are_explained_in_sentences() {
    let site = Site::start().await;
    let query = |address| {
        format!(
            "{{ positions(address: \"{address}\") {{ operator {{ number }} domain {{ name }} status isOwner shares stake fund \
             joining total confirmed explanation withdrawals {{ amount lockedUntil isFree }} }} \
             account(address: \"{address}\") {{ positions {{ stake }} }} }}"
        )
    };
    let bob = site.ask(&query(holder("bob"))).await["data"].clone();
    let position = &bob["positions"][0];
    assert_eq!(bob["positions"].as_array().map(Vec::len), Some(1), "{bob}");
    assert_eq!((&position["isOwner"], &position["stake"]), (&json!(false), &json!("0")));
    assert_eq!((&position["joining"], &position["fund"]), (&json!(ai3(400)), &json!(ai3(100))));
    assert_eq!(
        (&position["total"], &bob["account"]["positions"][0]["stake"]),
        (&json!(ai3(500)), &json!("0"))
    );
    let lines: Vec<_> = position["explanation"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line.as_str().expect("text"))
        .collect();
    assert!(lines[0].starts_with("Nominator of operator 0 of domain identity (1): "), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("400 AI3 becomes stake when epoch 1 ")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("keeps 10 % of the rewards")), "{lines:?}");
    let erin = site.ask(&query(holder("erin"))).await["data"]["positions"].clone();
    let numbers: Vec<_> = erin
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["operator"]["number"].as_str().expect("text"))
        .collect();
    assert_eq!(numbers, ["1", "2"]);
    let leaving = &erin[0]["withdrawals"][0];
    assert_eq!((&leaving["lockedUntil"], &leaving["isFree"]), (&Value::Null, &json!(false)));
    let text = erin[0]["explanation"].to_string();
    assert!(text.contains("Owner of operator 1") && text.contains("leaves the pool when epoch 1"), "{text}");
    let frank = site.ask(&query(holder("frank"))).await["data"]["positions"][0]["explanation"].to_string();
    assert!(frank.contains("rests since epoch 1"), "{frank}");
    let nobody = site.ask(&query(holder("grace"))).await["data"].clone();
    assert_eq!(nobody["positions"], json!([]));
    let one = format!("{{ position(address: \"{}\", operator: 0) {{ joining }} }}", holder("bob"));
    assert_eq!(site.ask(&one).await["data"]["position"]["joining"], ai3(400));
}

#[tokio::test]
async fn nominators_of_an_operator_are_listed_with_their_positions() {
    let site = Site::start().await;
    let query = "query($after: String) { operator(number: 0) { nominators(first: 1, after: $after) { \
                 nodes { account { address } isOwner } pageInfo { endCursor hasNextPage } } } }";
    let first = site.ask_with(query, json!({})).await["data"]["operator"]["nominators"].clone();
    assert_eq!(
        first["nodes"][0],
        json!({ "account": { "address": holder("dave").to_string() }, "isOwner": true })
    );
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = json!({ "after": first["pageInfo"]["endCursor"] });
    let second = site.ask_with(query, after).await["data"]["operator"]["nominators"].clone();
    assert_eq!(second["nodes"][0]["account"]["address"], holder("bob").to_string());
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn receipts_are_found_by_domain_height_and_hash() {
    let site = Site::start().await;
    let fields = "hash number standing consensusNumber steps submitterCount submitters { number } stateRoot \
                  bundles { valid } fees { storage execution burned } transfers { incoming { chain amount } }";
    let hash = first_receipt().to_string();
    let query = format!(
        "{{ domain(number: 1) {{ receipt {{ {fields} }} confirmedReceipt {{ hash }} receipts {{ nodes {{ hash }} }} \
         gone: receipt(number: 9) {{ hash }} }} receipt(hash: \"{hash}\") {{ number domain {{ name }} }} }}"
    );
    let answer = site.ask(&query).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let domain = &answer["data"]["domain"];
    assert_eq!((&domain["receipt"]["hash"], &domain["receipt"]["number"]), (&json!(hash), &json!("0")));
    assert_eq!(
        (&domain["receipt"]["standing"], &domain["receipt"]["steps"]),
        (&json!("CONFIRMED"), &json!(2))
    );
    assert_eq!(domain["confirmedReceipt"]["hash"], hash);
    assert_eq!(domain["receipts"]["nodes"], json!([{ "hash": hash }]));
    assert!(domain["gone"].is_null());
    assert_eq!(answer["data"]["receipt"], json!({ "number": "0", "domain": { "name": "identity" } }));
}

#[tokio::test]
async fn blocks_show_submissions_and_transactions_show_named_events() {
    let site = Site::start().await;
    let sent = transfer(0, site.node.genesis()).hash();
    let query = format!(
        "{{ block(by: {{ number: {SUBMITTED_IN} }}) {{ submissionCount events {{ name domain fields {{ name value }} }} \
         submissions {{ nodes {{ hash kind position operatorNumber domainNumber extrinsics slot receiptNumber fee \
         operator {{ status }} domain {{ name }} receipt {{ hash }} events {{ name domain }} }} }} }} \
         transaction(hash: \"{sent}\") {{ events {{ name domain fields {{ name value }} }} }} \
         submission(hash: \"{}\") {{ block {{ number }} }} }}",
        submission().hash
    );
    let answer = site.ask(&query).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let data = &answer["data"];
    let row = &data["block"]["submissions"]["nodes"][0];
    assert_eq!((&row["kind"], &row["extrinsics"], &row["slot"]), (&json!("BUNDLE"), &json!(2), &json!("21")));
    assert_eq!(
        (&row["operator"]["status"], &row["domain"]["name"]),
        (&json!("REGISTERED"), &json!("identity"))
    );
    assert_eq!(row["receipt"]["hash"], first_receipt().to_string());
    let names = [
        json!({ "name": "DomainBlockBegan", "domain": 1 }),
        json!({ "name": "BundleIncluded", "domain": 1 }),
    ];
    assert_eq!(row["events"], json!(names));
    let events = data["block"]["events"].as_array().expect("events");
    let names: Vec<_> = events.iter().map(|event| event["name"].as_str().expect("text")).collect();
    assert_eq!(names, ["Undecoded", "EpochBegan"]);
    assert_eq!(events[0]["fields"], json!([{ "name": "bytes", "value": "0xff0102" }]));
    let nominated = &data["transaction"]["events"][0];
    assert_eq!(nominated["name"], "Nominated");
    assert!(
        nominated["fields"]
            .as_array()
            .expect("fields")
            .contains(&json!({ "name": "amount", "value": ai3(500) }))
    );
    assert_eq!(data["submission"]["block"]["number"], SUBMITTED_IN.to_string());
}

#[tokio::test]
async fn nested_pages_of_domains_are_refused_when_they_cost_too_much() {
    let site = Site::start().await;
    for query in [
        "{ operators(domain: 1, first: 100) { nodes { nominators(first: 100) { nodes { stake } } } } }",
        "{ domains(first: 100) { nodes { operators(first: 100) { nodes { number } } } } }",
        "{ domains(first: 100) { nodes { receipts(first: 100) { nodes { hash } } } } }",
        "{ blocks(first: 100) { nodes { submissions(first: 100) { nodes { hash } } } } }",
        "{ domains(first: 20) { nodes { owner { positions { stake shares } } } } }",
    ] {
        assert_eq!(
            site.refusal(query).await,
            ("API-0202".to_owned(), "LIMIT_EXCEEDED".to_owned()),
            "{query}"
        );
    }
}

#[tokio::test]
async fn domains_and_operators_have_identifiers_that_lead_back() {
    let site = Site::start().await;
    let ids = site.ask("{ domain(number: 1) { id } operator(number: 0) { id } }").await["data"].clone();
    for (name, id) in [("Domain", &ids["domain"]["id"]), ("Operator", &ids["operator"]["id"])] {
        let answer =
            site.ask_with("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
        assert_eq!(answer["data"]["node"], json!({ "__typename": name, "id": id }));
    }
}
