use crate::client::Site;
use crate::fixture::transfer;
use auto_api::Backend;
use futures_util::{SinkExt, StreamExt};
use parity_scale_codec::Encode;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

struct Live(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Live {
    async fn open(site: &Site, query: &str, variables: Value) -> Self {
        let mut request =
            format!("ws://{}/graphql/ws", site.server.addr).into_client_request().expect("an address");
        request
            .headers_mut()
            .insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("ASCII"));
        let (socket, _) = tokio_tungstenite::connect_async(request).await.expect("upgraded");
        let mut live = Self(socket);
        live.send(json!({ "type": "connection_init" })).await;
        assert_eq!(live.next().await["type"], "connection_ack");
        live.send(
            json!({ "type": "subscribe", "id": "1", "payload": { "query": query, "variables": variables } }),
        )
        .await;
        live
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("open");
    }

    async fn next(&mut self) -> Value {
        loop {
            match self.0.next().await.expect("open").expect("well formed") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Close(frame) => {
                    return json!({ "type": "close", "code": frame.map(|frame| u16::from(frame.code)) });
                }
                _ => {}
            }
        }
    }

    async fn data(&mut self, field: &str) -> Value {
        let message = self.next().await;
        assert_eq!(message["type"], "next", "{message}");
        message["payload"]["data"][field].clone()
    }
}

const BLOCKS: &str =
    "subscription($after: String) { blocks(after: $after) { cursor kind block { number hash } } }";
const SUBMIT: &str = "subscription($bytes: Bytes!, $after: String) { submitTx(bytes: $bytes, after: $after) { cursor hash stage code transaction { position } } }";

fn brief(notice: &Value) -> (String, String) {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&notice["kind"]), text(&notice["block"]["number"]))
}

fn told(kind: &str, number: u64) -> (String, String) {
    (kind.to_owned(), number.to_string())
}

/// Grows the chain once the subscriber is in place: its first notice proves that it is.
async fn first(site: &Site, live: &mut Live) -> Value {
    let cursor = site.node.status().expect("known").head.number.0;
    site.node.grow(0);
    let notice = live.data("blocks").await;
    assert_eq!(brief(&notice), told("ADDED", cursor + 1));
    notice
}

#[tokio::test]
async fn blocks_are_back_filled_then_live_then_undone() {
    let site = Site::start().await;
    let old = Live::open(&site, BLOCKS, json!({ "after": null }));
    let mut live = old.await;
    // The subscription may start before or after this block; resuming from a cursor settles it.
    tokio::task::yield_now().await;
    let cursor = loop {
        site.node.grow(0);
        tokio::select! {
            notice = live.data("blocks") => break notice["cursor"].clone(),
            () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {}
        }
    };
    drop(live);
    let from = site.node.status().expect("known").head.number.0;
    let mut live = Live::open(&site, BLOCKS, json!({ "after": cursor })).await;
    for _ in 0..3 {
        site.node.grow(0);
    }
    let mut last = Value::Null;
    while last["block"]["number"] != *(from + 3).to_string() {
        last = live.data("blocks").await;
        assert_eq!(last["kind"], "ADDED");
    }
    let resumed = first(&site, &mut live).await;
    site.node.revert();
    let undone = live.data("blocks").await;
    assert_eq!(brief(&undone), told("REVERTED", from + 4));
    site.node.grow(1);
    assert_eq!(brief(&live.data("blocks").await), told("ADDED", from + 4));
    // A cursor of the abandoned branch first undoes it.
    let mut other = Live::open(&site, BLOCKS, json!({ "after": resumed["cursor"] })).await;
    assert_eq!(brief(&other.data("blocks").await), told("REVERTED", from + 4));
    assert_eq!(brief(&other.data("blocks").await), told("ADDED", from + 4));
}

#[tokio::test]
async fn a_transaction_is_followed_to_its_confirmation() {
    let site = Site::start().await;
    let signed = transfer(9, site.node.genesis());
    let bytes = format!("0x{}", hex::encode(signed.encode()));
    let mut live = Live::open(&site, SUBMIT, json!({ "bytes": bytes, "after": null })).await;
    let accepted = live.data("submitTx").await;
    assert_eq!(
        (&accepted["stage"], &accepted["hash"]),
        (&json!("ACCEPTED"), &json!(signed.hash().to_string()))
    );
    site.node.grow(0);
    let included = live.data("submitTx").await;
    assert_eq!((&included["stage"], &included["transaction"]["position"]), (&json!("IN_BLOCK"), &json!(0)));
    site.node.revert();
    assert_eq!(live.data("submitTx").await["stage"], "ACCEPTED");
    for _ in 0..5 {
        site.node.grow(2);
    }
    assert_eq!(live.data("submitTx").await["stage"], "IN_BLOCK");
    assert_eq!(live.data("submitTx").await["stage"], "CONFIRMED");
    assert_eq!(live.next().await["type"], "complete");
    let mut resumed = Live::open(&site, SUBMIT, json!({ "bytes": bytes, "after": included["cursor"] })).await;
    assert_eq!(resumed.data("submitTx").await["stage"], "CONFIRMED");
    assert_eq!(resumed.next().await["type"], "complete");
}

#[tokio::test]
async fn a_dropped_transaction_ends_with_its_code() {
    let site = Site::start().await;
    let signed = transfer(9, site.node.genesis());
    let bytes = format!("0x{}", hex::encode(signed.encode()));
    let mut live = Live::open(&site, SUBMIT, json!({ "bytes": bytes, "after": null })).await;
    assert_eq!(live.data("submitTx").await["stage"], "ACCEPTED");
    site.node.forget(signed.hash());
    let dropped = live.data("submitTx").await;
    assert_eq!((&dropped["stage"], &dropped["code"]), (&json!("DROPPED"), &json!("LED-0007")));
    assert_eq!(live.next().await["type"], "complete");
}

#[tokio::test]
async fn wrong_subscriptions_are_refused_with_a_code() {
    let site = Site::start().await;
    for (query, variables, code) in [
        (BLOCKS, json!({ "after": "x" }), "API-0103"),
        (SUBMIT, json!({ "bytes": "0x00", "after": null }), "LED-0001"),
        ("subscription { nothing }", json!({}), "API-0208"),
    ] {
        let message = Live::open(&site, query, variables).await.next().await;
        let found = message["payload"]["errors"][0]["extensions"]["code"].clone();
        let found = if found.is_null() { message["payload"][0]["extensions"]["code"].clone() } else { found };
        assert_eq!(found, code, "{message}");
    }
    let plain = tokio_tungstenite::connect_async(format!("ws://{}/graphql/ws", site.server.addr)).await;
    assert!(plain.is_err(), "the sub-protocol is required");
}

#[tokio::test]
async fn stopping_the_server_closes_its_streams() {
    let site = Site::start().await;
    let mut live = Live::open(&site, BLOCKS, json!({ "after": null })).await;
    site.stop.cancel();
    assert_eq!(live.next().await, json!({ "type": "close", "code": 1001 }));
    site.server.stopped().await;
}

/// The cursor after a block, as the API writes it.
fn cursor(block: auto_node::BlockId) -> String {
    use base64::Engine;
    let bytes = (1u8, 5u8, block.number.0, block.hash).encode();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn a_subscriber_that_falls_behind_is_told_where_to_resume() {
    let site = Site::start().await;
    let block = site.node.block(auto_core::BlockNumber(29)).expect("read").expect("known");
    let mut live = Live::open(&site, BLOCKS, json!({ "after": cursor(block.id) })).await;
    let mut last = live.data("blocks").await["cursor"].clone();
    // More events than the replay buffer holds, before the server can read one.
    for _ in 0..60 {
        site.node.grow(0);
    }
    loop {
        let message = live.next().await;
        let refused = &message["payload"]["errors"][0]["extensions"];
        if refused["code"] == "API-0401" {
            assert_eq!(refused["resume"], last);
            break;
        }
        last = message["payload"]["data"]["blocks"]["cursor"].clone();
        assert!(last.is_string(), "{message}");
    }
}

#[tokio::test]
async fn a_cursor_of_an_unknown_branch_is_refused() {
    let site = Site::start().await;
    let unknown = auto_node::BlockId { number: auto_core::BlockNumber(4), hash: auto_core::Hash::ZERO };
    let message = Live::open(&site, BLOCKS, json!({ "after": cursor(unknown) })).await.next().await;
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "API-0104", "{message}");
}
