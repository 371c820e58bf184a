//! Fetches documents of `did:web`.
//!
//! Only over HTTPS, never following a redirect, never to an address that is not public, at most 64 KiB within ten
//! seconds. The addresses of a host are looked up once, screened, and those are connected to: a name server that
//! changes its answer in between (rebinding) gains nothing.

use super::{DOCUMENT_BYTES_MAX, Did, DidError, Source, is_public, screen, web_url};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longest that a document is waited for.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Port of HTTPS.
const HTTPS: u16 = 443;

/// Fetches documents over the web. Certificates are judged by the authorities that browsers trust.
#[derive(Debug, Clone)]
pub struct WebFetch {
    tls: Arc<ClientConfig>,
    allows: fn(IpAddr) -> bool,
}

impl WebFetch {
    /// A fetcher.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, DidError> {
        Self::with(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }, is_public)
    }

    fn with(roots: RootCertStore, allows: fn(IpAddr) -> bool) -> Result<Self, DidError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let tls =
            tls.map_err(|error| DidError::Fetch { url: "the web".to_owned(), why: error.to_string() })?;
        Ok(Self { tls: Arc::new(tls.with_root_certificates(roots).with_no_client_auth()), allows })
    }

    async fn get(&self, url: &str) -> Result<Vec<u8>, DidError> {
        let failed = |why: String| DidError::Fetch { url: url.to_owned(), why };
        let told = |error: &dyn std::error::Error| failed(error.to_string());
        let uri: Uri = url.parse().map_err(|error| told(&error))?;
        let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else {
            return Err(failed("it has no host".to_owned()));
        };
        let found = tokio::net::lookup_host((host, authority.port_u16().unwrap_or(HTTPS))).await;
        let addresses: Vec<SocketAddr> = found.map_err(|error| told(&error))?.collect();
        screen(host, &addresses, self.allows)?;
        let stream = TcpStream::connect(addresses.as_slice()).await.map_err(|error| told(&error))?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| told(&error))?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await;
        let stream = TokioIo::new(stream.map_err(|error| told(&error))?);
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(stream).await.map_err(|error| told(&error))?;
        let request = Request::get(uri.path())
            .header("host", authority.as_str())
            .header("accept", "application/did+json, application/json")
            .header("connection", "close")
            .body(Empty::<Bytes>::new())
            .map_err(|error| told(&error))?;
        let exchange = async {
            let answer = sender.send_request(request).await.map_err(|error| told(&error))?;
            if !answer.status().is_success() {
                return Err(failed(format!("the host answers with {}", answer.status())));
            }
            let body = Limited::new(answer.into_body(), DOCUMENT_BYTES_MAX).collect().await;
            let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
                Some(_) => DidError::TooLarge { most: DOCUMENT_BYTES_MAX },
                None => failed(error.to_string()),
            })?;
            Ok(body.to_bytes().to_vec())
        };
        // The connection moves the bytes; once it ends, the exchange has them or its reason.
        let mut exchange = std::pin::pin!(exchange);
        tokio::select! {
            biased;
            answer = &mut exchange => answer,
            _ = connection => exchange.await,
        }
    }
}

impl Source for WebFetch {
    async fn document(&self, did: &Did) -> Result<Vec<u8>, DidError> {
        let url = web_url(did)?;
        match tokio::time::timeout(TIME_MAX, self.get(&url)).await {
            Ok(answer) => answer,
            Err(_) => Err(DidError::Fetch { url, why: "no answer within ten seconds".to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests;
