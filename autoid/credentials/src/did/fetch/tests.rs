//! A server of our own on this machine, with a certificate of our own.

use super::*;
use crate::did::{Document, Nobody, Resolver};
use auto_core::ErrorCode;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpListener;

const fn allows_loopback(address: IpAddr) -> bool {
    address.is_loopback()
}

/// Serves one answer to each of so many requests, and gives the port and who trusts it.
fn serve(answer: impl Fn(u16) -> Vec<u8> + Send + 'static, times: usize) -> (u16, RootCertStore) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming().take(times) {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut request = [0; 4096];
            // A client that refuses us closes early.
            if stream.read(&mut request).is_ok_and(|bytes| bytes > 0) {
                let _ = stream.write_all(&answer(port)).and_then(|()| stream.flush());
            }
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (port, roots)
}

fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

fn did(port: u16) -> Did {
    format!("did:web:localhost%3A{port}").parse().unwrap()
}

async fn resolve(port: u16, web: WebFetch) -> Result<Document, DidError> {
    Resolver { web, auto: Nobody }.resolve(&did(port)).await
}

#[tokio::test]
async fn a_document_is_fetched() {
    let answer = |port: u16| ok(&format!("{{\"id\":\"did:web:localhost%3A{port}\"}}"));
    let (port, roots) = serve(answer, 1);
    let document = resolve(port, WebFetch::with(roots, allows_loopback).unwrap()).await.unwrap();
    assert_eq!(document.subject(), &did(port));
}

#[tokio::test]
async fn threat_49_hosts_on_private_networks_are_never_connected_to() {
    // Nobody accepts here: a connection would hang, not fail with this code.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let error = resolve(port, WebFetch::new().unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "DID-0006");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err());
}

#[tokio::test]
async fn threat_49_redirects_are_not_followed() {
    let answer = |port: u16| {
        let to = format!("https://localhost:{port}/other");
        format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .into_bytes()
    };
    let (port, roots) = serve(answer, 2);
    let error = resolve(port, WebFetch::with(roots, allows_loopback).unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "DID-0007");
    assert!(error.to_string().contains("302"), "{error}");
}

#[tokio::test]
async fn strangers_and_large_answers_are_refused() {
    let (port, _) = serve(|_| ok("{}"), 1);
    let error =
        resolve(port, WebFetch::with(RootCertStore::empty(), allows_loopback).unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "DID-0007");
    let (port, roots) = serve(|_| ok(&" ".repeat(DOCUMENT_BYTES_MAX + 1)), 1);
    let error = resolve(port, WebFetch::with(roots, allows_loopback).unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "DID-0008");
    let (port, roots) = serve(|_| ok("{\"id\":\"did:web:elsewhere.example\"}"), 1);
    let error = resolve(port, WebFetch::with(roots, allows_loopback).unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "DID-0010");
}
