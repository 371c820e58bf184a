//! Where the document of a `did:web` is.

use super::{Did, DidError, Method};

/// Longest host name.
const HOST_MAX: usize = 253;

/// The address of the document of a `did:web`; always `https`.
///
/// The host is a DNS name of letters, digits and hyphens, never an address of the internet protocol; a port
/// follows as `%3A` and digits. Segments of the path hold no percent-encoding and are neither `.` nor `..`.
///
/// # Errors
/// When the DID is of another method or breaks a rule.
pub fn web_url(did: &Did) -> Result<String, DidError> {
    if did.method()? != Method::Web {
        return Err(DidError::Method { method: did.method_name().to_owned() });
    }
    let mut segments = did.id().split(':');
    let authority = segments.next().unwrap_or_default();
    let refused = || DidError::Host { host: authority.chars().take(HOST_MAX).collect() };
    let port_sign = authority.find('%');
    let (host, port) = authority.split_at(port_sign.unwrap_or(authority.len()));
    let port = match port.strip_prefix("%3A").or_else(|| port.strip_prefix("%3a")) {
        Some(digits) => {
            let port = digits.parse::<u16>().ok().filter(|port| *port > 0 && port.to_string() == digits);
            format!(":{}", port.ok_or_else(refused)?)
        }
        None if port.is_empty() => String::new(),
        None => return Err(refused()),
    };
    if !is_host(host) {
        return Err(refused());
    }
    let path: Vec<_> = segments.collect();
    let is_name =
        |segment: &&str| !segment.is_empty() && !segment.contains('%') && !matches!(*segment, "." | "..");
    if !path.iter().all(is_name) {
        return Err(DidError::Text {
            text: did.as_str().chars().take(80).collect(),
            why: "a segment of its path is empty, a dot segment or percent-encoded",
        });
    }
    let folder = if path.is_empty() { ".well-known".to_owned() } else { path.join("/") };
    Ok(format!("https://{}{port}/{folder}/did.json", host.to_ascii_lowercase()))
}

/// Whether a text is a DNS name whose last label is not a number, which would make it an address.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_number =
        last.bytes().all(|byte| byte.is_ascii_digit()) || last.to_ascii_lowercase().starts_with("0x");
    host.len() <= HOST_MAX && host.split('.').all(is_label) && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::ErrorCode;

    #[test]
    fn addresses_follow_the_method() {
        for (did, url) in [
            ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
            ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
            ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
            ("did:web:EXAMPLE.com", "https://example.com/.well-known/did.json"),
        ] {
            assert_eq!(web_url(&did.parse().unwrap()).unwrap(), url);
        }
    }

    #[test]
    fn threat_49_hosts_that_are_addresses_or_tricks_are_refused() {
        for id in [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "a.0x7f",
            "10.0.0.1%3A80",
            "%5B%3A%3A1%5D",
            "a_b.example",
            "-a.example",
            "a-.example",
            "a..example",
            ".example",
            "example.",
            "a.example%3A0",
            "a.example%3A080",
            "a.example%3A65536",
            "a.example%3A",
            "a.example%2F..",
            "user%40a.example",
            "a.example%00",
            "a%2eexample",
        ] {
            let did: Did = format!("did:web:{id}").parse().unwrap();
            assert_eq!(web_url(&did).unwrap_err().code(), "DID-0005", "{id}");
        }
        for id in ["a.example:..", "a.example:.", "a.example:%2e%2e", "a.example:a%2Fb", "a.example::a"] {
            let did: Did = format!("did:web:{id}").parse().unwrap();
            assert_eq!(web_url(&did).unwrap_err().code(), "DID-0001", "{id}");
        }
        assert_eq!(web_url(&"did:key:z6Mk".parse().unwrap()).unwrap_err().code(), "DID-0002");
    }
}
