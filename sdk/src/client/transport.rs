//! HTTP to a node.

use crate::SdkError;
use futures_util::StreamExt;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

/// Most bytes of a GraphQL answer.
const ANSWER_BYTES_MAX: usize = 16 << 20;
const CONNECT: Duration = Duration::from_secs(5);
/// Objects may have to be put together from plots, which takes a while.
const ANSWER: Duration = Duration::from_secs(300);

#[derive(Debug, Clone)]
pub(super) struct Transport {
    url: String,
    http: reqwest::Client,
}

impl Transport {
    pub(super) fn new(url: &str) -> Result<Self, SdkError> {
        let malformed = || SdkError::Url(url.to_owned());
        let parsed = reqwest::Url::parse(url).map_err(|_| malformed())?;
        let is_root = parsed.path() == "/" && parsed.query().is_none() && parsed.username().is_empty();
        if parsed.scheme() != "http" || parsed.host_str().is_none() || !is_root {
            return Err(malformed());
        }
        let http = reqwest::Client::builder().connect_timeout(CONNECT).timeout(ANSWER).no_proxy().build();
        let http = http.map_err(|_| malformed())?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), http })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn socket_url(&self) -> String {
        format!("ws{}/graphql/ws", self.url.strip_prefix("http").unwrap_or(&self.url))
    }

    fn unreachable(&self, error: &reqwest::Error) -> SdkError {
        let mut reason = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            reason = inner.to_string();
            source = inner.source();
        }
        if error.is_timeout() {
            return SdkError::Timeout {
                what: format!("an answer of {}", self.url),
                seconds: ANSWER.as_secs(),
            };
        }
        SdkError::Unreachable { url: self.url.clone(), reason }
    }

    pub(super) fn bad(&self, reason: impl Into<String>) -> SdkError {
        SdkError::BadAnswer { url: self.url.clone(), reason: reason.into() }
    }

    async fn read(&self, response: reqwest::Response, limit: usize) -> Result<Vec<u8>, SdkError> {
        let mut bytes = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(part) = stream.next().await {
            let part = part.map_err(|error| self.unreachable(&error))?;
            if bytes.len().saturating_add(part.len()) > limit {
                return Err(self.bad(format!("it is longer than {limit} bytes")));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }

    pub(super) async fn query(&self, document: &str, variables: Value) -> Result<Value, SdkError> {
        let body = json!({ "query": document, "variables": variables });
        let sent = self.http.post(format!("{}/graphql", self.url)).json(&body).send().await;
        let response = sent.map_err(|error| self.unreachable(&error))?;
        let bytes = self.read(response, ANSWER_BYTES_MAX).await?;
        let answer: Value = serde_json::from_slice(&bytes).map_err(|error| self.bad(error.to_string()))?;
        self.data(answer)
    }

    /// The data of an answer, or its first error.
    pub(super) fn data(&self, mut answer: Value) -> Result<Value, SdkError> {
        if let Some(error) =
            answer.get("errors").and_then(|errors| errors.get(0)).or_else(|| answer.get("error"))
        {
            return Err(refusal(error));
        }
        match answer.get_mut("data").map(Value::take) {
            Some(data @ Value::Object(_)) => Ok(data),
            _ => Err(self.bad("it has no `data`")),
        }
    }

    /// The body behind a path; `None` when there is no such thing.
    pub(super) async fn bytes(&self, path: &str, limit: usize) -> Result<Option<Vec<u8>>, SdkError> {
        let sent = self.http.get(format!("{}{path}", self.url)).send().await;
        let response = sent.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let bytes = self.read(response, limit).await?;
        if status.is_success() {
            return Ok(Some(bytes));
        }
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        Err(answer.get("error").map_or_else(|| self.bad(status.to_string()), refusal))
    }
}

/// A refusal in the form of GraphQL or of plain HTTP.
pub(super) fn refusal(error: &Value) -> SdkError {
    let field = |name: &str| {
        let value =
            error.get("extensions").and_then(|extensions| extensions.get(name)).or_else(|| error.get(name));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let message = error.get("message").and_then(Value::as_str).unwrap_or("the node refuses");
    SdkError::Refused { remote: field("code"), kind: field("kind"), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_addresses_are_refused() {
        for url in [
            "",
            "x",
            "127.0.0.1:8700",
            "https://node:1",
            "ftp://node",
            "http://",
            "http://node/path",
            "http://u@node",
        ] {
            assert!(matches!(Transport::new(url), Err(SdkError::Url(_))), "{url}");
        }
        let transport = Transport::new("http://127.0.0.1:8700/").expect("well formed");
        assert_eq!(transport.socket_url(), "ws://127.0.0.1:8700/graphql/ws");
    }

    #[test]
    fn refusals_keep_their_code() {
        let error = json!({ "message": "no", "extensions": { "code": "LED-0003", "kind": "REJECTED" } });
        let transport = Transport::new("http://127.0.0.1:8700").expect("well formed");
        let refused = transport.data(json!({ "data": null, "errors": [error] })).expect_err("refused");
        assert_eq!(refused.shown_code(), "LED-0003");
        assert!(matches!(transport.data(json!([])), Err(SdkError::BadAnswer { .. })));
    }

    #[tokio::test]
    async fn a_node_that_is_not_there_is_unreachable() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        drop(listener);
        let transport = Transport::new(&url).expect("well formed");
        assert!(matches!(
            transport.query("{ status { slot } }", json!({})).await,
            Err(SdkError::Unreachable { .. })
        ));
    }
}
