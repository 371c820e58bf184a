//! Files that pages load, built into the program.

use crate::ApiError;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

const ICON: &str = include_str!("../../assets/icon.svg");
const ASSETS: [(&str, &str, &str); 4] = [
    ("style.css", "text/css; charset=utf-8", include_str!("../../assets/style.css")),
    ("live.js", "text/javascript; charset=utf-8", include_str!("../../assets/live.js")),
    ("editor.js", "text/javascript; charset=utf-8", include_str!("../../assets/editor.js")),
    ("icon.svg", "image/svg+xml", ICON),
];

/// One asset.
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, ApiError> {
    let found = ASSETS.iter().find(|(known, ..)| *known == name);
    let (_, media_type, content) =
        found.ok_or_else(|| ApiError::NotFound { what: "asset", which: name.clone() })?;
    Ok(file(media_type, content))
}

/// The icon under the name that browsers ask for unprompted.
pub(crate) async fn icon() -> Response {
    file("image/svg+xml", ICON)
}

fn file(media_type: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")], content).into_response()
}
