//! What the explorer and subscriptions show of domains.

use crate::net::{IDENTITY, Net, address, pair};
use async_graphql::Request;
use auto_core::Amount;
use auto_sdk::DomainStage;
use futures_util::StreamExt;
use parity_scale_codec::Encode;
use serde_json::{Value, json};

pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(&tail[..2]).expect("ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("hex"));
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_a_domain_is_linked_and_has_its_query() {
    let net = Net::start().await;
    let (identity, alice) = (net.client.domain(IDENTITY), address("alice"));
    let prepared = identity.transfer(&pair("alice"), address("bob"), Amount::ai3(3)).await.expect("answers");
    let receipt = net.send(&prepared, DomainStage::Executed).await;
    let (block, hash) = (receipt.block, prepared.hash);
    let paths = [
        ("/domain/1".to_owned(), vec![format!("/domain/1/block/{block}")]),
        (format!("/domain/1/block/{block}"), vec![format!("/domain/1/tx/{hash}")]),
        (
            format!("/domain/1/tx/{hash}"),
            vec![
                format!("/domain/1/account/{alice}"),
                "Transferred".to_owned(),
                "<b>Transfer</b>".to_owned(),
            ],
        ),
        (format!("/domain/1/account/{alice}"), vec!["9\u{202f}996.99".to_owned()]),
        (format!("/account/{alice}"), vec![format!("/domain/1/account/{alice}")]),
    ];
    for (path, parts) in paths {
        let (status, html) = net.page(&path).await;
        assert_eq!(status, 200, "{path}: {html}");
        for part in parts {
            assert!(html.contains(&part), "{path} has no {part}: {html}");
        }
        let link = html.split("href=\"/graphql?query=").nth(1).and_then(|rest| rest.split('"').next());
        let query = percent_decoded(link.expect("a link"));
        let answer = net.client.query(&query, json!({})).await;
        assert!(answer.is_ok(), "{path}: {query}: {answer:?}");
    }
    let (status, html) = net.page(&format!("/search?q={hash}")).await;
    assert!(status == 200 && html.contains("<b>Transfer</b>"), "{html}");
    for path in ["/domain/9/block/1", "/domain/1/block/99999999", "/domain/1/tx/00", "/domain/x/account/y"] {
        assert_eq!(net.page(path).await.0, 404, "{path}");
    }
    net.stop().await;
}

/// The stages that a subscription tells until it ends, each with its cursor.
async fn stages(net: &Net, bytes: &str, after: Option<&str>) -> Vec<(String, String)> {
    let document = "subscription($bytes: Bytes!, $after: String) { submitDomainTx(bytes: $bytes, after: $after) \
                    { cursor stage transaction { outcome } } }";
    let variables = async_graphql::Variables::from_json(json!({ "bytes": bytes, "after": after }));
    let schema = net.schema();
    let mut stream = schema.execute_stream(Request::new(document).variables(variables)).boxed();
    let mut told = Vec::new();
    while let Some(response) = stream.next().await {
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let data: Value = response.data.into_json().expect("JSON");
        let update = &data["submitDomainTx"];
        let text = |name: &str| update[name].as_str().expect("text").to_owned();
        told.push((text("stage"), text("cursor")));
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_stages_is_resumed_after_any_of_its_cursors() {
    let net = Net::start().await;
    let identity = net.client.domain(IDENTITY);
    let prepared = identity.transfer(&pair("grace"), address("bob"), Amount::ai3(1)).await.expect("answers");
    let bytes = format!("0x{}", hex::encode(prepared.signed.encode()));
    let told = stages(&net, &bytes, None).await;
    let names: Vec<_> = told.iter().map(|(stage, _)| stage.as_str()).collect();
    assert_eq!(names, ["ACCEPTED", "IN_BLOCK", "EXECUTED", "CONFIRMED"]);
    for (at, (_, cursor)) in told.iter().enumerate() {
        assert_eq!(stages(&net, &bytes, Some(cursor)).await, told[at + 1..]);
    }
    // A cursor of another transaction does not fit, and neither does the stream of the consensus chain.
    let other = identity.transfer(&pair("grace"), address("bob"), Amount::ai3(2)).await.expect("answers");
    let other = format!("0x{}", hex::encode(other.signed.encode()));
    for (name, bytes, code) in [("submitDomainTx", &other, "API-0103"), ("submitTx", &bytes, "API-0101")] {
        let document =
            format!("subscription {{ {name}(bytes: \"{bytes}\", after: \"{}\") {{ stage }} }}", told[0].1);
        let schema = net.schema();
        let response =
            schema.execute_stream(Request::new(document)).boxed().next().await.expect("one answer");
        let error = serde_json::to_value(&response.errors).expect("JSON");
        assert_eq!(error[0]["extensions"]["code"], code, "{error}");
    }
    net.stop().await;
}
