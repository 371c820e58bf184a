//! Plain HTTP: objects, DID documents, status lists, health, metrics, and how failures look there.

mod graphql;
mod identity;
mod object;
mod range;
mod sniff;

pub(crate) use graphql::{body_limit, editor, execute, websocket};
pub(crate) use identity::{did, status};
pub(crate) use object::{fetch, object};
pub(crate) use sniff::{of_bytes, of_name};

use crate::ApiError;
use crate::server::App;
use auto_core::ErrorCode;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({ "error": {
            "code": self.code(),
            "kind": self.kind(),
            "message": self.public_message(),
            "retryable": self.retryable(),
            "docs": self.docs(),
        }});
        let mut response = (self.status(), Json(body)).into_response();
        if let Self::Range(length) = self
            && let Ok(value) = format!("bytes */{length}").parse()
        {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
        response
    }
}

/// 200 with the heights, or 503 when the head is too old.
pub(crate) async fn health(State(app): State<App>) -> Result<Response, ApiError> {
    let status = app.node.status()?;
    let limit_s = app.head_age_limit_s();
    if status.head_age_s > limit_s {
        return Err(ApiError::HeadTooOld { age_s: status.head_age_s, limit_s });
    }
    let body = json!({
        "status": "ok",
        "head": status.head,
        "confirmed": status.confirmed,
        "headAgeSeconds": status.head_age_s,
        "version": status.version,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Metrics as Prometheus text.
pub(crate) async fn metrics(State(app): State<App>) -> Result<Response, ApiError> {
    let head = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((head, app.node.metrics()?).into_response())
}
