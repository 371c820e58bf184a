//! Media types that a browser may show; everything else is a download.

/// Types that cannot run scripts, by their first bytes.
const MAGICS: [(&[u8], &str); 6] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
];

/// Types that may be shown in place when a manifest names them.
const SHOWN: [&str; 14] = [
    "text/plain",
    "application/json",
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "video/mp4",
    "video/webm",
    "video/ogg",
];

/// How bytes are labelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// The media type to send.
    pub(crate) media_type: String,
    /// Whether a browser may show it in place.
    pub(crate) shown: bool,
}

/// The label of an object, by its bytes.
pub(crate) fn of_bytes(bytes: &[u8]) -> Label {
    if let Some((_, name)) = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Label { media_type: (*name).to_owned(), shown: true };
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Label { media_type: "image/webp".to_owned(), shown: true };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if is_markup(text) => {
            Label { media_type: "text/html; charset=utf-8".to_owned(), shown: false }
        }
        Ok(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
            Label { media_type: "text/plain; charset=utf-8".to_owned(), shown: true }
        }
        _ => Label { media_type: "application/octet-stream".to_owned(), shown: false },
    }
}

/// The label of a file, by the media type in its manifest.
pub(crate) fn of_name(media_type: &str) -> Label {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let shown = SHOWN.contains(&essence.as_str());
    match essence.split_once('/') {
        _ if essence == "text/plain" => Label { media_type: "text/plain; charset=utf-8".to_owned(), shown },
        Some((kind, subtype)) if token(kind) && token(subtype) => Label { media_type: essence, shown },
        _ => Label { media_type: "application/octet-stream".to_owned(), shown: false },
    }
}

fn is_markup(text: &str) -> bool {
    let head: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(15).collect();
    let head = head.to_ascii_lowercase();
    ["<!doctype", "<html", "<script", "<svg", "<?xml", "<!--", "<head", "<body", "<iframe"]
        .iter()
        .any(|tag| head.starts_with(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_never_shown_in_place() {
        for text in [" <!DOCTYPE html><script>", "<svg onload=1>", "\u{feff}<html>", "<?xml version='1.0'?>"]
        {
            assert!(!of_bytes(text.as_bytes()).shown, "{text}");
        }
        for name in ["text/html", "image/svg+xml", "text/html; charset=utf-8", "TEXT/HTML", "a b/c", ""] {
            assert!(!of_name(name).shown, "{name}");
        }
        assert_eq!(of_name("x\r\ny/z").media_type, "application/octet-stream");
    }

    #[test]
    fn harmless_types_are_shown() {
        assert_eq!(of_bytes(b"plain words\n").media_type, "text/plain; charset=utf-8");
        assert_eq!(of_bytes(b"\x89PNG\r\n\x1a\nrest").media_type, "image/png");
        assert!(of_name("image/png").shown);
        assert!(!of_bytes(b"\x00\x01").shown);
    }
}
