//! Text forms of bytes: base64url without padding, and multibase in base58btc.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Longest base58 text that is decoded: the work grows with its square.
const BASE58_MAX: usize = 160;

/// Decodes base64url without padding; only the canonical text of some bytes.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(crate) fn to_base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes `z` and base58btc.
pub(crate) fn from_multibase(text: &str) -> Option<Vec<u8>> {
    let body = text.strip_prefix('z').filter(|body| (1..=BASE58_MAX).contains(&body.len()))?;
    bs58::decode(body).into_vec().ok()
}

pub(crate) fn to_multibase(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_texts_decode() {
        assert_eq!(from_base64url("Zm8").unwrap(), b"fo");
        // The bits beyond the last octet of `Zm9` are not zero.
        for bad in ["Zm9", "Zm8=", "Zm+v", "Zm/v", "Z", "Zm8\n", " Zm8"] {
            assert!(from_base64url(bad).is_none(), "{bad}");
        }
        assert_eq!(from_multibase("zQm").map(|bytes| to_multibase(&bytes)).as_deref(), Some("zQm"));
        for bad in ["", "z", "Qm", "mZm8", "z0", "zl", &format!("z{}", "1".repeat(BASE58_MAX + 1))] {
            assert!(from_multibase(bad).is_none(), "{bad}");
        }
    }
}
