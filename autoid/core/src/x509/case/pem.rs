//! PEM blocks (RFC 7468), exactly one of a kind in a text.

use alloc::{format, vec::Vec};

/// Decodes the only block with this label; text around it is skipped, as the standard lets tools explain.
pub(super) fn decode(text: &str, label: &str) -> Option<Vec<u8>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let (_, rest) = text.split_once(&begin)?;
    let (body, after) = rest.split_once(&end)?;
    if after.contains(&begin) { None } else { base64(body) }
}

fn base64(body: &str) -> Option<Vec<u8>> {
    let mut symbols = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>();
    if symbols.len() % 4 != 0 {
        return None;
    }
    let padding = symbols.iter().rev().take_while(|symbol| **symbol == b'=').count();
    if padding > 2 {
        return None;
    }
    symbols.truncate(symbols.len().saturating_sub(padding));
    let mut bytes = Vec::with_capacity(symbols.len() / 4 * 3 + 2);
    for group in symbols.chunks(4) {
        let bits = group.iter().try_fold(0u32, |bits, symbol| Some((bits << 6) | value(*symbol)?))?;
        let missing = 4usize.saturating_sub(group.len());
        let whole = (bits << (6 * missing)).to_be_bytes();
        let kept = 3usize.saturating_sub(missing);
        let (used, unused) = whole.get(1..)?.split_at_checked(kept)?;
        // Bits beyond the last octet must be zero, or one certificate would have several texts.
        if unused.iter().any(|octet| *octet != 0) {
            return None;
        }
        bytes.extend_from_slice(used);
    }
    Some(bytes)
}

fn value(symbol: u8) -> Option<u32> {
    let value = match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_decode_and_others_do_not() {
        let block = |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
        assert_eq!(decode(&block("Zm9v"), "CERTIFICATE").unwrap(), b"foo");
        assert_eq!(decode(&block("Zm8="), "CERTIFICATE").unwrap(), b"fo");
        assert_eq!(decode(&block("Zg=="), "CERTIFICATE").unwrap(), b"f");
        assert_eq!(decode(&block("Zm\r\n9v"), "CERTIFICATE").unwrap(), b"foo");
        for bad in ["Zm9", "Zh==", "Zm9=", "Z===", "Zm9v!", "Zm=v"] {
            assert!(decode(&block(bad), "CERTIFICATE").is_none(), "{bad}");
        }
        assert!(decode(&block("Zm9v"), "X509 CRL").is_none());
        assert!(decode(&(block("Zm9v") + &block("Zm9v")), "CERTIFICATE").is_none());
        let explained = format!("Subject: CN=x\n{}\nend", block("Zm9v"));
        assert_eq!(decode(&explained, "CERTIFICATE").unwrap(), b"foo");
        for bad in ["", "-----BEGIN CERTIFICATE-----\nZm9v", "Zm9v\n-----END CERTIFICATE-----"] {
            assert!(decode(bad, "CERTIFICATE").is_none(), "{bad}");
        }
        let twice = format!("-----BEGIN CERTIFICATE-----\n{}", block("Zm9v"));
        assert!(decode(&twice, "CERTIFICATE").is_none());
    }
}
