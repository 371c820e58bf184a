//! GraphQL over HTTP and over a web socket.

use crate::ApiError;
use crate::graphql::{Limits, failed};
use crate::server::App;
use async_graphql::http::{
    ALL_WEBSOCKET_PROTOCOLS, WebSocket as GraphQlSocket, WebSocketProtocols, WsMessage,
};
use async_graphql::{Request, Response as GraphQlResponse, Value};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;

const EDITOR: &str = include_str!("../../assets/editor.html");
const JSON: &str = "application/json";
const GRAPHQL_JSON: &str = "application/graphql-response+json";

/// The editor page.
pub(crate) async fn editor() -> Html<&'static str> {
    Html(EDITOR)
}

/// Refuses requests that a page of another site makes in somebody's browser.
pub(crate) fn check_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    if host.is_some() && host == text(header::HOST) { Ok(()) } else { Err(ApiError::ForeignOrigin) }
}

/// Reads a request within its limits: hex variables count as transactions, all else as query.
fn read(body: &[u8], limits: &Limits) -> Result<Request, ApiError> {
    let too_long = || ApiError::TooLong { what: "the query", limit: limits.query_bytes };
    let request: Request =
        serde_json::from_slice(body).map_err(|error| ApiError::BadBody(error.to_string()))?;
    let mut hex_bytes = 0usize;
    for value in request.variables.values() {
        if let Value::String(text) = value
            && text.starts_with("0x")
        {
            hex_bytes = hex_bytes.saturating_add(text.len());
        }
    }
    if hex_bytes > hex_limit(limits) {
        return Err(ApiError::TooLong { what: "the transaction", limit: limits.transaction_bytes });
    }
    if body.len().saturating_sub(hex_bytes) > limits.query_bytes {
        return Err(too_long());
    }
    Ok(request)
}

fn hex_limit(limits: &Limits) -> usize {
    limits.transaction_bytes.saturating_mul(2).saturating_add(2)
}

/// Most bytes of a request.
pub(crate) fn body_limit(limits: &Limits) -> usize {
    hex_limit(limits).saturating_add(limits.query_bytes)
}

/// `POST /graphql`.
pub(crate) async fn execute(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, ApiError> {
    check_origin(&headers)?;
    let text =
        |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    // A type that forms cannot send: a foreign page would need a permission that is never given.
    if !text(header::CONTENT_TYPE).starts_with(JSON) {
        return Err(ApiError::BadBody("send it with content type application/json".to_owned()));
    }
    let limits = app.config.limits;
    let body = body.map_err(|_| ApiError::TooLong { what: "the request", limit: body_limit(&limits) })?;
    let request = read(&body, &limits)?;
    let answer =
        tokio::time::timeout(Duration::from_secs(limits.timeout_s), app.schema.execute(request)).await;
    let answer = answer
        .unwrap_or_else(|_| GraphQlResponse::from_errors(vec![failed(&ApiError::Timeout(limits.timeout_s))]));
    let modern = text(header::ACCEPT).contains(GRAPHQL_JSON);
    let refused = modern && answer.is_err() && answer.data == Value::Null;
    let status = if refused { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let json = serde_json::to_vec(&answer).map_err(|error| ApiError::Internal(error.to_string()))?;
    let media_type = if modern { GRAPHQL_JSON } else { JSON };
    let head = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-store")];
    let mut response = (status, head, json).into_response();
    if let Some(Value::Object(at)) = answer.extensions.get("at")
        && let Some(Value::String(height)) = at.get("height")
        && let Ok(value) = height.parse()
    {
        response.headers_mut().insert("x-auto-height", value);
    }
    Ok(response)
}

/// `GET /graphql/ws`: graphql-transport-ws.
pub(crate) async fn websocket(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, ApiError> {
    check_origin(&headers)?;
    let limit = body_limit(&app.config.limits);
    let upgrade = upgrade.protocols(ALL_WEBSOCKET_PROTOCOLS).max_message_size(limit).max_frame_size(limit);
    let modern = upgrade.selected_protocol().is_some_and(|name| name == "graphql-transport-ws");
    if !modern {
        let text = "the sub-protocol graphql-transport-ws is needed".to_owned();
        return Err(ApiError::BadBody(text));
    }
    Ok(upgrade.on_upgrade(move |socket| converse(socket, app)))
}

/// Runs one connection; one that does not take its messages in time, or outlives the server, is closed.
async fn converse(socket: WebSocket, app: App) {
    let (mut sink, source) = socket.split();
    let input = source
        .take_while(|message| std::future::ready(!matches!(message, Err(_) | Ok(Message::Close(_)))))
        .filter_map(|message| {
            std::future::ready(match message {
                Ok(message @ (Message::Text(_) | Message::Binary(_))) => Some(message.into_data()),
                _ => None,
            })
        });
    let patience = Duration::from_secs(app.config.limits.slow_consumer_s);
    let protocol = WebSocketProtocols::GraphQLWS;
    let output = GraphQlSocket::new(app.schema.clone(), input, protocol).keepalive_timeout(None::<Duration>);
    let mut output = std::pin::pin!(output.boxed());
    loop {
        let item = tokio::select! {
            item = output.next() => item,
            () = app.shutdown.cancelled() => Some(WsMessage::Close(1001, "the node stops".to_owned())),
        };
        let message = match item {
            None => return,
            Some(WsMessage::Text(text)) => Message::Text(text.into()),
            Some(WsMessage::Close(code, reason)) => {
                Message::Close(Some(CloseFrame { code, reason: reason.into() }))
            }
        };
        let last = matches!(message, Message::Close(_));
        let sent = tokio::time::timeout(patience, sink.send(message)).await;
        if last || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}
