//! From a DID to its document, whatever the method.

use super::{Did, DidError, Document, Method, derive};
use std::future::Future;

/// Somebody who knows the documents of one method.
pub trait Source: Send + Sync {
    /// The document's text. It is not trusted: the resolver reads it strictly and checks whom it is about.
    ///
    /// # Errors
    /// When there is none, or it cannot be had.
    fn document(&self, did: &Did) -> impl Future<Output = Result<Vec<u8>, DidError>> + Send;
}

/// A source that knows nothing: for programs that do not resolve the method.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Source for Nobody {
    async fn document(&self, did: &Did) -> Result<Vec<u8>, DidError> {
        Err(DidError::Method { method: did.method_name().to_owned() })
    }
}

/// Resolves `did:key` and `did:jwk` by itself, `did:web` and `did:auto` through sources.
#[derive(Debug, Clone, Default)]
pub struct Resolver<W = Nobody, A = Nobody> {
    /// Who fetches documents of `did:web`.
    pub web: W,
    /// Who knows documents of `did:auto`.
    pub auto: A,
}

impl<W: Source, A: Source> Resolver<W, A> {
    /// The document of a DID.
    ///
    /// # Errors
    /// When the DID leads to no document that holds to the rules.
    pub async fn resolve(&self, did: &Did) -> Result<Document, DidError> {
        if let Some(document) = derive(did) {
            return document;
        }
        let text = match did.method()? {
            Method::Web => self.web.document(did).await?,
            _ => self.auto.document(did).await?,
        };
        Document::parse(&text, did)
    }
}
