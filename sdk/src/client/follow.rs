//! A transaction from the pool to its confirmation: live, or by asking again where that fails.

use super::answer::{self, Fields};
use super::transport::refusal;
use super::{Client, Receipt, Stage, hex_text};
use crate::SdkError;
use auto_core::{Hash, SignedTransaction};
use futures_util::{SinkExt, StreamExt};
use parity_scale_codec::Encode;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// Longer transactions are posted and asked for, since sockets limit their messages.
pub(super) const LIVE_BYTES_MAX: usize = 16 << 10;
pub(super) const ASK_AGAIN: Duration = Duration::from_millis(400);
/// How long the chain may take a transaction that it does not show any more for delayed.
pub(super) const UNKNOWN_ASKS_MAX: u32 = 25;

type Told<'a> = &'a (dyn Fn(Stage) + Send + Sync);

pub(super) async fn send(
    client: &Client,
    signed: &SignedTransaction,
    until: Stage,
    timeout: Duration,
    told: Told<'_>,
) -> Result<Receipt, SdkError> {
    let what = || format!("{} of transaction {}", name(until), signed.hash());
    let late = |_| SdkError::Timeout { what: what(), seconds: timeout.as_secs() };
    tokio::time::timeout(timeout, follow(client, signed, until, told)).await.map_err(late)?
}

pub(super) async fn watch(
    client: &Client,
    hash: Hash,
    until: Stage,
    timeout: Duration,
) -> Result<Receipt, SdkError> {
    let what = || format!("{} of transaction {hash}", name(until));
    let late = |_| SdkError::Timeout { what: what(), seconds: timeout.as_secs() };
    tokio::time::timeout(timeout, poll(client, hash, until, &|_| {})).await.map_err(late)?
}

const fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Accepted => "acceptance",
        Stage::InBlock => "inclusion",
        Stage::Confirmed => "confirmation",
    }
}

async fn follow(
    client: &Client,
    signed: &SignedTransaction,
    until: Stage,
    told: Told<'_>,
) -> Result<Receipt, SdkError> {
    let encoded = signed.encode();
    if encoded.len() <= LIVE_BYTES_MAX {
        let variables = json!({ "bytes": hex_text(&encoded) });
        let read = |data: &Value| update(client.url(), data, signed.hash(), until, told);
        match listen(client, answer::FOLLOW, variables, read).await {
            // The stream broke or never was: what it told still holds, the rest is asked for.
            Err(SdkError::BadAnswer { .. } | SdkError::Unreachable { .. }) => {}
            other => return other,
        }
    }
    client.submit(signed).await?;
    told(Stage::Accepted);
    poll(client, signed.hash(), until, told).await
}

/// Whether the receipt ends the waiting.
fn reached(receipt: Receipt, until: Stage, told: Told<'_>) -> Result<Option<Receipt>, SdkError> {
    told(receipt.stage);
    if let Some(reason) = &receipt.failure {
        return Err(SdkError::Failed { hash: receipt.hash, block: receipt.block.0, reason: reason.clone() });
    }
    Ok((receipt.stage >= until).then_some(receipt))
}

async fn poll(client: &Client, hash: Hash, until: Stage, told: Told<'_>) -> Result<Receipt, SdkError> {
    let (mut last, mut unknown) = (None, 0);
    loop {
        match client.receipt(&hash).await? {
            Some(receipt) => {
                unknown = 0;
                let news = last != Some(receipt.stage);
                last = Some(receipt.stage);
                let told: Told<'_> = if news { told } else { &|_| {} };
                if let Some(receipt) = reached(receipt, until, told)? {
                    return Ok(receipt);
                }
            }
            None => {
                unknown += 1;
                if unknown > UNKNOWN_ASKS_MAX {
                    return Err(SdkError::Dropped {
                        hash,
                        reason: "the node does not know it any more".to_owned(),
                    });
                }
            }
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

/// Listens to a subscription over graphql-transport-ws until `read` has found what it waits for.
pub(super) async fn listen<T>(
    client: &Client,
    document: &str,
    variables: Value,
    read: impl Fn(&Value) -> Result<Option<T>, SdkError>,
) -> Result<T, SdkError> {
    let url = client.transport.socket_url();
    let broken = |reason: String| SdkError::BadAnswer { url: url.clone(), reason };
    let mut request = url.as_str().into_client_request().map_err(|error| broken(error.to_string()))?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (mut socket, _) =
        tokio_tungstenite::connect_async(request).await.map_err(|error| broken(error.to_string()))?;
    let text = |value: Value| Message::text(value.to_string());
    let subscribe = json!({ "id": "1", "type": "subscribe",
        "payload": { "query": document, "variables": variables } });
    let greeted = socket.send(text(json!({ "type": "connection_init" }))).await;
    greeted.map_err(|error| broken(error.to_string()))?;
    while let Some(message) = socket.next().await {
        let message = message.map_err(|error| broken(error.to_string()))?;
        let Message::Text(content) = message else {
            if message.is_close() {
                break;
            }
            continue;
        };
        let value: Value = serde_json::from_str(&content).map_err(|error| broken(error.to_string()))?;
        match value.get("type").and_then(Value::as_str) {
            Some("connection_ack") => {
                socket.send(text(subscribe.clone())).await.map_err(|error| broken(error.to_string()))?;
            }
            Some("ping") => {
                socket
                    .send(text(json!({ "type": "pong" })))
                    .await
                    .map_err(|error| broken(error.to_string()))?;
            }
            Some("next") => {
                let payload = value.get("payload").cloned().unwrap_or_default();
                let data = client.transport.data(payload)?;
                if let Some(found) = read(&data)? {
                    let _ = socket.close(None).await;
                    return Ok(found);
                }
            }
            Some("error") => {
                let error = value.get("payload").map(|payload| payload.get(0).unwrap_or(payload));
                return Err(refusal(error.unwrap_or(&Value::Null)));
            }
            Some("complete") => break,
            _ => {}
        }
    }
    Err(broken("the stream ended early".to_owned()))
}

fn update(
    url: &str,
    data: &Value,
    hash: Hash,
    until: Stage,
    told: Told<'_>,
) -> Result<Option<Receipt>, SdkError> {
    let update = Fields { url, value: data }.at("submitTx")?;
    let Some(stage) = update.stage()? else {
        let reason = update.text("code").unwrap_or("the node does not say why").to_owned();
        return Err(SdkError::Dropped { hash, reason });
    };
    let transaction = update.at("transaction")?;
    let mut receipt = transaction.receipt()?;
    receipt.stage = stage;
    reached(receipt, until, told)
}
