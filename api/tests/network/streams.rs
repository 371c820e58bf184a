//! Acts and revocations as they happen.

use crate::net::Net;
use crate::people::Cast;
use async_graphql::{Request, Variables};
use auto_api::ApiSchema;
use auto_core::Amount;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde_json::{Value, json};

pub(crate) const ACTS: &str = "subscription($agent: String!, $after: String) { acts(agent: $agent, after: $after) { cursor kind block \
                    entry { position name } } }";
pub(crate) const REVOCATIONS: &str = "subscription($after: String) { revocations(after: $after) { cursor kind block revocation { grant by } } }";

pub(crate) fn listen(schema: &ApiSchema, document: &str, variables: Value) -> BoxStream<'static, Value> {
    let request = Request::new(document).variables(Variables::from_json(variables));
    let stream = schema.execute_stream(request);
    stream
        .map(|response| match response.errors.is_empty() {
            true => response.data.into_json().expect("JSON"),
            false => json!({ "errors": serde_json::to_value(&response.errors).expect("JSON") }),
        })
        .boxed()
}

/// A schema whose index holds all that there is, so that a stream begins when it is first polled.
pub(crate) async fn schema(net: &Net) -> ApiSchema {
    let schema = net.schema();
    let found = schema.execute("{ agents { nodes { did } } }").await;
    assert!(found.errors.is_empty(), "{:?}", found.errors);
    schema
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_are_told_as_they_happen_and_again_after_any_cursor() {
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    let agent = cast.agent.id().to_string();
    cast.pay(&net, Amount::ai3(1)).await;
    let schema = schema(&net).await;
    let mut live = listen(&schema, ACTS, json!({ "agent": agent }));
    // The stream begins when it is first asked for something.
    let (next, _) = tokio::join!(live.next(), async {
        tokio::task::yield_now().await;
        cast.pay(&net, Amount::ai3(2)).await;
        cast.pay(&net, Amount::ai3(3)).await
    });
    let first = next.expect("an act");
    assert_eq!(
        (&first["acts"]["kind"], &first["acts"]["entry"]["name"]),
        (&json!("ADDED"), &json!("Acted")),
        "{first}"
    );
    let second = live.next().await.expect("another")["acts"].clone();
    let position = |notice: &Value| {
        notice["entry"]["position"].as_str().expect("text").parse::<u64>().expect("a number")
    };
    assert_eq!(position(&second), position(&first["acts"]) + 1);
    drop(live);

    let cursor = first["acts"]["cursor"].clone();
    let mut again = listen(&schema, ACTS, json!({ "agent": agent, "after": cursor }));
    assert_eq!(again.next().await.expect("back-filled")["acts"], second);
    for wrong in ["nonsense", "AQAHAAAAAAAAAA"] {
        let mut refused = listen(&schema, ACTS, json!({ "agent": agent, "after": wrong }));
        let answer = refused.next().await.expect("an answer");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "API-0103", "{answer}");
    }
    net.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revocation_is_told_in_the_block_in_which_it_happens() {
    let net = Net::start().await;
    let cast = Cast::meet(&net).await;
    let schema = schema(&net).await;
    let mut live = listen(&schema, REVOCATIONS, json!({}));
    let (next, block) = tokio::join!(live.next(), async {
        tokio::task::yield_now().await;
        cast.revoke(&net).await
    });
    let told = next.expect("a revocation")["revocations"].clone();
    assert_eq!((&told["kind"], &told["block"]), (&json!("ADDED"), &json!(block.to_string())));
    assert_eq!(told["revocation"]["grant"], cast.grant.to_string());
    assert_eq!(told["revocation"]["by"], cast.person.id().did(&cast.network).to_string());
    net.stop().await;
}
