//! Identities, grants and agents as the index finds them, as pages show them, and as documents prove them.

use crate::net::{IDENTITY, Net, PATIENCE};
use crate::people::{Cast, amount};
use auto_core::{Amount, ExecutionReceipt, decode_strict};
use auto_sdk::At;
use auto_state::{Snapshot, Witness};
use autoid_core::{View, document};
use autoid_interface::{REVOKED, StateView};
use serde_json::{Value, json};

async fn ask(net: &Net, query: &str) -> Value {
    net.client.query(query, json!({})).await.unwrap_or_else(|error| unreachable!("{query}: {error}"))
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().expect("text").strip_prefix("0x").expect("bytes")).expect("hex")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tree_its_grants_and_what_is_done_under_them_are_found() {
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    let (person, agent, grant) = (cast.person.id(), cast.agent.id(), cast.grant);
    let first = cast.pay(&net, Amount::ai3(2)).await;

    let found = ask(
        &net,
        &format!(
            "{{ identity(by: {{ id: \"{person}\" }}) {{ did kind status active children {{ nodes {{ did kind }} }} \
             grantsIssued {{ nodes {{ id holder {{ did }} sentences refusal {{ code }} calls \
             meters {{ asset used total window {{ used cap }} }} }} }} }} \
             agents(filter: {{ capabilities: [\"shopping\"], text: \"told\" }}) {{ nodes {{ did purpose live \
             log {{ acts length root }} owner {{ did }} }} }} \
             none: agents(filter: {{ capabilities: [\"cooking\"] }}) {{ nodes {{ did }} }} \
             held: grants(of: {{ holder: \"{agent}\" }}) {{ nodes {{ id }} }} \
             agentEntries(agent: \"{agent}\") {{ nodes {{ position name bytes hash transaction fields {{ name value }} }} }} }}"
        ),
    )
    .await;
    let own = &found["identity"];
    assert_eq!(
        (&own["kind"], &own["status"], &own["active"]),
        (&json!("HUMAN"), &json!("ACTIVE"), &json!(true))
    );
    let did = agent.did(&cast.network).to_string();
    assert_eq!(own["children"]["nodes"], json!([{ "did": did, "kind": "AGENT" }]));
    let issued = &own["grantsIssued"]["nodes"][0];
    assert_eq!((&issued["id"], &issued["refusal"]), (&json!(grant.to_string()), &Value::Null));
    assert_eq!((&issued["calls"], &issued["meters"][0]["used"]), (&json!("1"), &json!(amount(2))));
    assert_eq!(issued["meters"][0]["window"]["used"], amount(2));
    assert!(issued["sentences"].to_string().contains("at most 5 AI3 at once"), "{issued}");
    assert_eq!(found["agents"]["nodes"][0]["did"], did);
    assert_eq!(found["agents"]["nodes"][0]["log"]["acts"], "1");
    assert_eq!(found["none"]["nodes"], json!([]));
    assert_eq!(found["held"]["nodes"], json!([{ "id": grant.to_string() }]));
    let entry = &found["agentEntries"]["nodes"][0];
    assert_eq!((&entry["name"], &entry["transaction"]), (&json!("Acted"), &json!(first.to_string())));
    // The bytes that the index gives lead to the root that the state has.
    let decoded: auto_agents::Entry = decode_strict(&bytes(&entry["bytes"]), 4096).expect("an entry");
    let mut range = auto_state::mmr::Mmr::default();
    range.append_hash(decoded.hash(&agent)).expect("short");
    assert_eq!(found["agents"]["nodes"][0]["log"]["root"], range.root().to_string());

    cast.revoke(&net).await;
    let refused = format!("{{ grant(id: \"{grant}\") {{ refusal {{ code }} revoked }} }}");
    let refused = ask(&net, &refused).await["grant"].clone();
    assert_eq!(refused["refusal"]["code"], "AID-0114");
    assert!(refused["revoked"].is_string(), "{refused}");
    for (query, code) in [
        ("{ identity(by: { id: \"z1\" }) { did } }", "API-0101"),
        ("{ grant(id: \"zz\") { id } }", "API-0101"),
        ("{ identity(by: { id: \"did:auto:00000000:zWBFX8fvDjvJFTnP7Qw\" }) { did } }", "API-0101"),
        ("{ agents(domain: 2) { nodes { did } } }", "API-0301"),
        ("{ agents(after: \"AQAHAAAAAAAAAA\") { nodes { did } } }", "API-0103"),
        (
            "{ agents(first: 100) { nodes { owner { grantsIssued(first: 100) { nodes { id } } } } } }",
            "API-0202",
        ),
    ] {
        let answer = net.client.query(query, json!({})).await;
        let told = matches!(&answer, Err(auto_sdk::SdkError::Refused { remote, .. }) if remote == code);
        assert!(told, "{query}: {answer:?}");
    }
    net.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_and_status_lists_come_with_a_proof_that_holds() {
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    let revoked = cast.revoke(&net).await;
    net.client.domain(IDENTITY).vouched(revoked, PATIENCE).await.expect("operators vouch");
    let did = cast.person.id().did(&cast.network);

    let response = net.http.get(format!("{}/did/{did}?vouched=true", net.client.url())).send().await;
    let response = response.expect("answers");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/did-resolution".parse().expect("a value"))
    );
    let result: Value = response.json().await.expect("JSON");
    let proof = &result["didDocumentMetadata"]["proof"];
    let receipt: ExecutionReceipt = decode_strict(&bytes(&proof["receipt"]), 1 << 20).expect("a receipt");
    let witness: Witness = decode_strict(&bytes(&proof["witness"]), 1 << 20).expect("a witness");
    let state = Snapshot::new(&witness, receipt.final_state_root);
    let view = StateView::new(&state).expect("the clock is proven");
    let record = view.identity(&cast.person.id()).expect("proven").expect("there is one");
    let again =
        document::document(&record, &cast.network, view.point().time, &document::Resolution::default());
    assert_eq!(result["didDocument"], serde_json::from_str::<Value>(&again).expect("JSON"));
    assert_eq!(result["didDocumentMetadata"]["versionId"], record.version().to_string());
    assert!(proof["anchor"]["header"].is_string(), "{proof}");

    let list: Value = net
        .http
        .get(format!("{}/status/{did}/0?vouched=true", net.client.url()))
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    assert_eq!(list["revoked"], 1);
    assert_eq!(list["bitstring"]["id"], format!("{did}/status/0"));
    assert_eq!(list["bitstring"]["credentialSubject"]["statusPurpose"], "revocation");
    assert_eq!(list["token"]["status_list"]["bits"], 1);
    let proof = &list["proof"];
    let receipt: ExecutionReceipt = decode_strict(&bytes(&proof["receipt"]), 1 << 20).expect("a receipt");
    let witness: Witness = decode_strict(&bytes(&proof["witness"]), 1 << 20).expect("a witness");
    let state = Snapshot::new(&witness, receipt.final_state_root);
    let bits = REVOKED.get(&state, &(cast.person.id(), 0)).expect("proven").expect("one is revoked");
    assert_eq!(bits.len(), 1);

    for (path, status, error) in [
        ("/did/did:auto:zz".to_owned(), 400, "invalidDid"),
        (format!("/did/{}", autoid_core::AutoId([8; 32]).did(&cast.network)), 404, "notFound"),
    ] {
        let (found, body) = net.page(&path).await;
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((found, &body["didResolutionMetadata"]["error"]), (status, &json!(error)), "{path}");
    }
    assert_eq!(net.page(&format!("/status/{did}/x")).await.0, 404);
    assert_eq!(net.page("/status/did:key:z6Mk/0").await.0, 400);
    net.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_identities_agents_and_grants_lead_to_one_another() {
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    cast.pay(&net, Amount::ai3(3)).await;
    let (person, agent, grant) = (cast.person.id(), cast.agent.id(), cast.grant);
    let pages = [
        (
            format!("/identity/{person}"),
            vec![format!("/identity/{agent}"), format!("/grant/{grant}"), "3 AI3".to_owned()],
        ),
        (format!("/identity/{agent}"), vec![format!("/agent/{agent}"), format!("/grant/{grant}")]),
        (
            format!("/agent/{agent}"),
            vec!["buys what it is told to".to_owned(), "Acted".to_owned(), "waiting".to_owned()],
        ),
        ("/agents".to_owned(), vec![format!("/agent/{agent}")]),
        ("/agents?text=shopping".to_owned(), vec![format!("/agent/{agent}")]),
        ("/agents?text=cooking".to_owned(), vec!["No agent was found".to_owned()]),
        (
            format!("/grant/{grant}"),
            vec!["at most 5 AI3 at once".to_owned(), "holds".to_owned(), format!("/identity/{person}")],
        ),
        (format!("/search?q={}", person.did(&cast.network)), vec![format!("/grant/{grant}")]),
        (format!("/search?q={agent}"), vec!["buys what it is told to".to_owned()]),
        (format!("/search?q={grant}"), vec!["What it says".to_owned()]),
        ("/search?q=shopping".to_owned(), vec![format!("/agent/{agent}")]),
    ];
    for (path, parts) in pages {
        let (status, html) = net.page(&path).await;
        assert_eq!(status, 200, "{path}: {html}");
        for part in parts {
            assert!(html.contains(&part), "{path} has no {part}: {html}");
        }
        let link = html.split("href=\"/graphql?query=").nth(1).and_then(|rest| rest.split('"').next());
        let query = crate::pages::percent_decoded(link.expect("a link"));
        let answer = net.client.query(&query, json!({})).await;
        assert!(answer.is_ok(), "{path}: {query}: {answer:?}");
    }
    for path in ["/identity/z1", "/agent/nobody"] {
        assert_eq!(net.page(path).await.0, 400, "{path}");
    }
    assert_eq!(net.page(&format!("/agent/{person}")).await.0, 404);
    assert_eq!(net.page(&format!("/grant/{}", "00".repeat(32))).await.0, 404);
    // The state that the pages show is the one that the SDK proves.
    let state = net.client.domain(IDENTITY).state(At::Newest).await.expect("proven");
    assert_eq!(state.network(), cast.network);
    net.stop().await;
}
