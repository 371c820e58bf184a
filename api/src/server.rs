//! The server: routes, headers, start and stop.

use crate::graphql::{self, ApiSchema, Limits, Node};
use crate::{ApiError, Backend, Finder, explorer, rest};
use auto_index::Index;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Where the API listens unless told: this machine only.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8700);

/// What can be set about the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Bounds on requests.
    pub limits: Limits,
    /// Expected times between two blocks after which `/health` fails when no block came.
    pub unhealthy_after_blocks: u64,
    /// The file of the index; in memory, where there is none: what the node forgot is then not found after a restart.
    pub index: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self { limits: Limits::default(), unhealthy_after_blocks: 60, index: None }
    }
}

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) node: Node,
    pub(crate) schema: ApiSchema,
    pub(crate) finder: Finder,
    pub(crate) config: Config,
    pub(crate) shutdown: CancellationToken,
}

impl App {
    /// Age in seconds at which the head is too old: so many times the expected time between blocks.
    pub(crate) fn head_age_limit_s(&self) -> u64 {
        let params = self.node.params();
        let (wins, slots) = params.slot_probability;
        let block_ms =
            params.slot_duration_ms.saturating_mul(u64::from(slots)).div_ceil(u64::from(wins.max(1)));
        block_ms.saturating_mul(self.config.unhealthy_after_blocks).div_ceil(1000).max(1)
    }
}

/// A running server.
#[derive(Debug)]
pub struct ServerHandle {
    /// Where it listens; the port that was found when zero was asked for.
    pub addr: SocketAddr,
    task: JoinHandle<()>,
    feeder: JoinHandle<()>,
}

impl ServerHandle {
    /// Waits until the server has stopped, which it does once its shutdown token is cancelled.
    pub async fn stopped(self) {
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the API server failed");
        }
        if let Err(error) = self.feeder.await {
            tracing::error!(%error, "the index failed");
        }
    }
}

/// Starts the server with default settings; it stops when `shutdown` is cancelled.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    backend: Arc<dyn Backend>,
    addr: SocketAddr,
    shutdown: CancellationToken,
) -> Result<ServerHandle, ApiError> {
    serve_with(backend, addr, Config::default(), shutdown).await
}

/// Starts the server; it stops when `shutdown` is cancelled.
///
/// # Errors
/// When the address cannot be listened on, or the index cannot be opened.
pub async fn serve_with(
    backend: Arc<dyn Backend>,
    addr: SocketAddr,
    config: Config,
    shutdown: CancellationToken,
) -> Result<ServerHandle, ApiError> {
    let listener = TcpListener::bind(addr).await.map_err(|error| refused(addr, &error))?;
    let addr = listener.local_addr().map_err(|error| refused(addr, &error))?;
    let index = match &config.index {
        Some(path) => Index::open(path)?,
        None => Index::in_memory()?,
    };
    let (finder, feeder) = Finder::start(Arc::clone(&backend), index, shutdown.clone());
    let schema = graphql::schema(Arc::clone(&backend), config.limits, finder.clone());
    let app = App { node: backend, schema, finder, config, shutdown: shutdown.clone() };
    let server = axum::serve(listener, router(app)).with_graceful_shutdown(shutdown.cancelled_owned());
    let task = tokio::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the API server stopped");
        }
    });
    tracing::info!(%addr, "API listening");
    Ok(ServerHandle { addr, task, feeder })
}

fn refused(addr: SocketAddr, error: &std::io::Error) -> ApiError {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => ApiError::PortInUse(addr),
        _ => ApiError::Bind { addr, detail: error.to_string() },
    }
}

fn router(app: App) -> Router {
    let body_max = rest::body_limit(&app.config.limits);
    Router::new()
        .route("/graphql", post(rest::execute).get(rest::editor).layer(DefaultBodyLimit::max(body_max)))
        .route("/graphql/ws", get(rest::websocket))
        .route("/objects/{hash}", get(rest::object))
        .route("/did/{did}", get(rest::did))
        .route("/status/{did}/{list}", get(rest::status))
        .route("/health", get(rest::health))
        .route("/metrics", get(rest::metrics))
        .merge(explorer::routes())
        .layer(map_response(protect))
        .with_state(app)
}

/// Headers of every response; a handler's own policy is stricter and stays.
async fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
