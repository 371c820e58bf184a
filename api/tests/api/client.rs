//! A running server and what tests ask it.

use crate::fixture::Fixture;
use auto_api::{Backend, ServerHandle, serve};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

pub(crate) struct Site {
    pub(crate) node: Arc<Fixture>,
    pub(crate) server: ServerHandle,
    pub(crate) http: reqwest::Client,
    pub(crate) stop: CancellationToken,
}

impl Site {
    pub(crate) async fn start() -> Self {
        let node = Arc::new(Fixture::new());
        let stop = CancellationToken::new();
        let backend: Arc<dyn Backend> = Arc::<Fixture>::clone(&node);
        let server = serve(backend, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), stop.clone()).await;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        Self { node, server: server.expect("port zero is free"), http: http.expect("no settings"), stop }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.addr)
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let request = headers
            .iter()
            .fold(self.http.get(self.url(path)), |request, (name, value)| request.header(*name, *value));
        request.send().await.expect("the server answers")
    }

    pub(crate) async fn page(&self, path: &str) -> (u16, String) {
        let response = self.get(path, &[]).await;
        (response.status().as_u16(), response.text().await.expect("text"))
    }

    pub(crate) async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    pub(crate) async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let response =
            self.http.post(self.url("/graphql")).json(&body).send().await.expect("the server answers");
        response.json().await.expect("JSON")
    }

    /// The code and the class of the first error.
    pub(crate) async fn refusal(&self, query: &str) -> (String, String) {
        let answer = self.ask(query).await;
        refusal(&answer)
    }
}

pub(crate) fn refusal(answer: &Value) -> (String, String) {
    let values = &answer["errors"][0]["extensions"];
    assert!(values["retryable"].is_boolean() && values["docs"].is_string(), "{answer}");
    let text = |name: &str| values[name].as_str().unwrap_or_default().to_owned();
    (text("code"), text("kind"))
}
