//! Bytes of objects, and of files made of objects.

use super::range::{self, Asked};
use super::sniff::{self, Label};
use crate::ApiError;
use crate::graphql::Node;
use crate::server::App;
use auto_core::Hash;
use auto_node::Withheld;
use auto_sdk::FileManifest;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use std::fmt::Write;
use std::ops::Range;

/// Options of the request.
#[derive(Debug, Deserialize)]
pub(crate) struct Options {
    /// `1` gives the bytes of a manifest instead of its file.
    raw: Option<String>,
    /// `1` asks the browser to save instead of show.
    download: Option<String>,
}

/// What is served: bytes at hand, or a file to be put together.
enum Content {
    Whole(Bytes),
    File { file: Hash, manifest: Box<FileManifest>, chunk_size: u64 },
}

impl Content {
    fn length(&self) -> u64 {
        match self {
            Self::Whole(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::File { manifest, .. } => manifest.size,
        }
    }

    fn label(&self) -> Label {
        match self {
            Self::Whole(bytes) => sniff::of_bytes(bytes),
            Self::File { manifest, .. } => sniff::of_name(manifest.media_type()),
        }
    }

    fn body(self, node: &Node, part: Range<u64>) -> Result<Body, ApiError> {
        match self {
            Self::Whole(bytes) => Ok(Body::from(bytes.slice(within(&part, 0, bytes.len())))),
            Self::File { file, manifest, chunk_size } => {
                let reader = FileReader { node: node.clone(), file, manifest, chunk_size, part };
                Ok(Body::from_stream(reader.stream()))
            }
        }
    }
}

/// The bytes of `part` that lie in a chunk which starts at `start` and holds `length` bytes.
fn within(part: &Range<u64>, start: u64, length: usize) -> Range<usize> {
    let inside = |at: u64| usize::try_from(at.saturating_sub(start)).unwrap_or(usize::MAX).min(length);
    inside(part.start)..inside(part.end)
}

/// Reads the chunks of a file one after another.
struct FileReader {
    node: Node,
    file: Hash,
    manifest: Box<FileManifest>,
    chunk_size: u64,
    part: Range<u64>,
}

impl FileReader {
    fn stream(self) -> impl stream::Stream<Item = Result<Bytes, ApiError>> + Send + 'static {
        let first = self.part.start.checked_div(self.chunk_size).unwrap_or(0);
        stream::unfold(Some((self, first)), |state| async move {
            let (reader, chunk) = state?;
            let start = chunk.saturating_mul(reader.chunk_size);
            if start >= reader.part.end {
                return None;
            }
            match reader.chunk(chunk).await {
                Ok(bytes) => {
                    let wanted = within(&reader.part, start, bytes.len());
                    Some((Ok(bytes.slice(wanted)), Some((reader, chunk.saturating_add(1)))))
                }
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }

    async fn chunk(&self, chunk: u64) -> Result<Bytes, ApiError> {
        let broken = |problem| ApiError::BrokenFile { file: self.file, chunk, problem };
        let index = usize::try_from(chunk).map_err(|_| broken("is not in the manifest"))?;
        let hash = *self.manifest.chunks.get(index).ok_or_else(|| broken("is not in the manifest"))?;
        let bytes = fetch(&self.node, hash).await?.ok_or_else(|| broken("is not on this node"))?;
        let left = self.manifest.size.saturating_sub(chunk.saturating_mul(self.chunk_size));
        if u64::try_from(bytes.len()).is_ok_and(|length| length == left.min(self.chunk_size)) {
            Ok(bytes)
        } else {
            Err(broken("has another length than the manifest says"))
        }
    }
}

/// Reads an object off the async threads, since gathering pieces may take long.
pub(crate) async fn fetch(node: &Node, hash: Hash) -> Result<Option<Bytes>, ApiError> {
    let node = node.clone();
    let read = tokio::task::spawn_blocking(move || node.object(&hash, Withheld::Nothing)).await;
    let bytes = read.map_err(|error| ApiError::Internal(format!("reading object {hash}: {error}")))??;
    Ok(bytes.map(Bytes::from))
}

/// The failure for an object that is not here.
pub(crate) fn unknown(hash: &str) -> ApiError {
    ApiError::NotFound { what: "object", which: hash.to_owned() }
}

fn open(node: &Node, file: Hash, bytes: Bytes, raw: bool) -> Result<Content, ApiError> {
    if raw || !FileManifest::is_manifest(&bytes) {
        return Ok(Content::Whole(bytes));
    }
    // An object that only begins like a manifest is still an object.
    let Ok(manifest) = FileManifest::from_object(&bytes) else { return Ok(Content::Whole(bytes)) };
    let Some(first) = manifest.chunks.first() else { return Ok(Content::Whole(Bytes::new())) };
    let broken = |problem| ApiError::BrokenFile { file, chunk: 0, problem };
    let info = node.object_info(first)?.ok_or_else(|| broken("is not on this node"))?;
    let chunk_size = info.size_bytes;
    let chunks = u64::try_from(manifest.chunks.len()).unwrap_or(u64::MAX);
    if chunk_size == 0 || manifest.size.div_ceil(chunk_size) != chunks {
        return Err(broken("has another length than the manifest says"));
    }
    Ok(Content::File { file, manifest: Box::new(manifest), chunk_size })
}

fn disposition(label: &Label, name: Option<&str>, download: bool) -> String {
    let kind = if label.shown && !download { "inline" } else { "attachment" };
    let Some(name) = name.filter(|name| !name.is_empty()) else { return kind.to_owned() };
    let mut text = format!("{kind}; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// `GET` and `HEAD /objects/{hash}`.
pub(crate) async fn object(
    State(app): State<App>,
    Path(text): Path<String>,
    Query(options): Query<Options>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let malformed = || ApiError::BadValue(format!("`{}` is not a hash: 64 hex digits", text.escape_debug()));
    let hash: Hash = text.parse().map_err(|_| malformed())?;
    let raw = options.raw.as_deref() == Some("1");
    let etag = if raw { format!("\"{hash}-raw\"") } else { format!("\"{hash}\"") };
    app.node.object_info(&hash)?.ok_or_else(|| unknown(&text))?;
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let matches = |list: &str| {
        list.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag == etag)
    };
    let common = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    if header(header::IF_NONE_MATCH).is_some_and(matches) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let bytes = fetch(&app.node, hash).await?.ok_or_else(|| unknown(&text))?;
    let content = open(&app.node, hash, bytes, raw)?;
    let (label, length) = (content.label(), content.length());
    let name = match &content {
        Content::File { manifest, .. } => Some(manifest.name().to_owned()),
        Content::Whole(_) => None,
    };
    let current = header(header::IF_RANGE).is_none_or(|tag| tag.trim() == etag);
    let asked = range::parse(header(header::RANGE).filter(|_| current), length);
    let (status, part) = match asked {
        Asked::All => (StatusCode::OK, 0..length),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Asked::Outside => return Err(ApiError::Range(length)),
    };
    let download = options.download.as_deref() == Some("1");
    let mut response = (status, common).into_response();
    let mut set = |name, value: String| {
        if let Ok(value) = value.parse::<HeaderValue>() {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, label.media_type.clone());
    set(header::CONTENT_DISPOSITION, disposition(&label, name.as_deref(), download));
    set(header::CONTENT_LENGTH, part.end.saturating_sub(part.start).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        let last = part.end.saturating_sub(1);
        set(header::CONTENT_RANGE, format!("bytes {}-{last}/{length}", part.start));
    }
    if method != Method::HEAD {
        *response.body_mut() = content.body(&app.node, part)?;
    }
    Ok(response)
}
