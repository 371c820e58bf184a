use crate::client::Site;
use crate::fixture::png;
use auto_api::{ApiError, Backend, serve};
use auto_core::{ErrorCode, Hash};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn an_object_is_served_whole_immutable_and_safe() {
    let site = Site::start().await;
    let hash = Hash::of_object(&png());
    let response = site.get(&format!("/objects/{hash}"), &[]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), "image/png");
    assert_eq!(header(&response, "etag"), format!("\"{hash}\""));
    assert!(header(&response, "cache-control").contains("immutable"));
    assert_eq!(header(&response, "x-content-type-options"), "nosniff");
    assert_eq!(header(&response, "content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(response.bytes().await.expect("bytes"), png());
    let head = site.http.head(site.url(&format!("/objects/{hash}"))).send().await.expect("an answer");
    assert_eq!(
        (head.status().as_u16(), header(&head, "content-length")),
        (200, png().len().to_string().as_str())
    );
    let known =
        site.get(&format!("/objects/{hash}"), &[("if-none-match", &format!("W/\"x\", \"{hash}\""))]).await;
    assert_eq!(known.status(), 304);
}

#[tokio::test]
async fn markup_is_a_download() {
    let site = Site::start().await;
    let hash = Hash::of_object(b"<!doctype html><script>alert(1)</script>");
    let response = site.get(&format!("/objects/{hash}"), &[]).await;
    assert_eq!(header(&response, "content-disposition"), "attachment");
    assert_eq!(header(&response, "content-security-policy"), "default-src 'none'; sandbox");
}

#[tokio::test]
async fn unknown_and_malformed_hashes_are_told_apart() {
    let site = Site::start().await;
    for (path, status, code) in [
        (format!("/objects/{}", Hash::ZERO), 404, "API-0301"),
        ("/objects/12".to_owned(), 400, "API-0101"),
        ("/assets/other.css".to_owned(), 404, "API-0301"),
    ] {
        let response = site.get(&path, &[]).await;
        assert_eq!(response.status(), status, "{path}");
        let body: serde_json::Value = response.json().await.expect("JSON");
        assert_eq!(body["error"]["code"], code);
    }
}

#[tokio::test]
async fn a_file_is_put_together_from_its_chunks_in_any_range() {
    let site = Site::start().await;
    let path = format!("/objects/{}", site.node.file);
    let whole = site.get(&path, &[]).await;
    assert_eq!(header(&whole, "content-disposition"), "inline; filename*=UTF-8''notes%20one.txt");
    assert_eq!(header(&whole, "content-length"), "2500");
    assert_eq!(whole.bytes().await.expect("bytes"), site.node.file_bytes);
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=999-1000", 999..1001),
        ("bytes=1500-", 1500..2500),
        ("bytes=-1", 2499..2500),
        ("bytes=10-2400", 10..2401),
    ] {
        let part = site.get(&path, &[("range", range)]).await;
        assert_eq!(part.status(), 206, "{range}");
        let text = format!("bytes {}-{}/2500", expected.start, expected.end - 1);
        assert_eq!(header(&part, "content-range"), text);
        assert_eq!(part.bytes().await.expect("bytes"), site.node.file_bytes[expected]);
    }
    let outside = site.get(&path, &[("range", "bytes=2500-")]).await;
    assert_eq!((outside.status().as_u16(), header(&outside, "content-range")), (416, "bytes */2500"));
    let several = site.get(&path, &[("range", "bytes=0-1,4-5")]).await;
    assert_eq!(several.status(), 200);
    let stale = site.get(&path, &[("range", "bytes=0-1"), ("if-range", "\"old\"")]).await;
    assert_eq!(stale.status(), 200);
    let raw = site.get(&format!("{path}?raw=1"), &[]).await;
    assert!(raw.bytes().await.expect("bytes").starts_with(b"auto/v1/file\0"));
}

#[tokio::test]
async fn a_file_without_its_chunks_is_unavailable() {
    let site = Site::start().await;
    site.node.state.write().objects.remove(0);
    let response = site.get(&format!("/objects/{}", site.node.file), &[]).await;
    assert_eq!(response.status(), 503);
    let body: serde_json::Value = response.json().await.expect("JSON");
    assert_eq!((&body["error"]["code"], &body["error"]["retryable"]), (&"API-0303".into(), &true.into()));
}

#[tokio::test]
async fn health_fails_when_the_head_is_old() {
    let site = Site::start().await;
    assert_eq!(site.get("/health", &[]).await.status(), 200);
    // One slot a second, one win in four slots, sixty blocks.
    site.node.state.write().head_age_s = 240;
    assert_eq!(site.get("/health", &[]).await.status(), 200);
    site.node.state.write().head_age_s = 241;
    let response = site.get("/health", &[]).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.json::<serde_json::Value>().await.expect("JSON")["error"]["code"], "API-0501");
    assert!(site.page("/metrics").await.1.contains("auto_head_height 30"));
}

#[tokio::test]
async fn a_taken_port_is_named_and_a_stopped_server_frees_it() {
    let site = Site::start().await;
    let addr = site.server.addr;
    let again =
        |stop| serve(Arc::<crate::fixture::Fixture>::clone(&site.node) as Arc<dyn Backend>, addr, stop);
    let error = again(CancellationToken::new()).await.expect_err("the port is taken");
    assert!(matches!(error, ApiError::PortInUse(_)));
    assert_eq!(error.code(), "API-0001");
    assert!(error.to_string().contains(&addr.port().to_string()));
    site.stop.cancel();
    let node = Arc::clone(&site.node);
    site.server.stopped().await;
    serve(node, addr, CancellationToken::new()).await.expect("free again");
}
