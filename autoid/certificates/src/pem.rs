//! Certificates, requests and keys as text (RFC 7468).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Characters of a line of a block.
const LINE: usize = 64;

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pem {
    /// A certificate.
    Certificate,
    /// A request for one, of PKCS#10.
    Request,
    /// A private key, of PKCS#8.
    PrivateKey,
}

impl Pem {
    const fn label(self) -> &'static str {
        match self {
            Self::Certificate => "CERTIFICATE",
            Self::Request => "CERTIFICATE REQUEST",
            Self::PrivateKey => "PRIVATE KEY",
        }
    }

    /// A block with this content. It is wiped when dropped, for it may hold a key.
    #[must_use]
    pub fn encode(self, der: &[u8]) -> Zeroizing<String> {
        let label = self.label();
        let digits = Zeroizing::new(STANDARD.encode(der));
        let mut text = Zeroizing::new(String::with_capacity(digits.len() + digits.len() / LINE + 80));
        text.push_str(&format!("-----BEGIN {label}-----\n"));
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && at.is_multiple_of(LINE) {
                text.push('\n');
            }
            text.push(digit);
        }
        text.push_str(&format!("\n-----END {label}-----\n"));
        text
    }

    /// The content of the only block of this kind in a text; nothing when there is none, or more than one. What
    /// stands around it is skipped, as programs write explanations there.
    #[must_use]
    pub fn decode(self, text: &str) -> Option<Vec<u8>> {
        let label = self.label();
        let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
        let (_, rest) = text.split_once(&begin)?;
        let (body, after) = rest.split_once(&end)?;
        if after.contains(&begin) {
            return None;
        }
        let digits: String = body.split_ascii_whitespace().collect();
        STANDARD.decode(digits).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_reads_back_and_others_do_not() {
        for length in [0, 1, 47, 48, 49, 200] {
            let bytes = vec![7; length];
            let text = Pem::Request.encode(&bytes);
            assert_eq!(Pem::Request.decode(&text).as_deref(), Some(&*bytes));
            assert_eq!(Pem::Certificate.decode(&text), None);
            assert_eq!(Pem::Request.decode(&format!("{}{}", *text, *text)), None);
            assert_eq!(Pem::Request.decode(text.trim_end_matches("-----\n")), None);
            assert!(text.lines().all(|line| line.len() <= LINE));
        }
        assert_eq!(
            Pem::Certificate.encode(b"foo").as_str(),
            "-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE-----\n"
        );
        assert_eq!(
            Pem::Certificate.decode("-----BEGIN CERTIFICATE-----\nZm9\n-----END CERTIFICATE-----"),
            None
        );
    }
}
