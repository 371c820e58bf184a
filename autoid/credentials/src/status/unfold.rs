//! Compression with a bound on what comes out.

use crate::error::CredentialError;
use flate2::Compression;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::{Read, Write};

/// Largest list that is unfolded: eight million bits.
pub(super) const LIST_MAX: usize = 1 << 20;

/// The two containers of DEFLATE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Gzip,
    Zlib,
}

/// Unfolds a list of at most [`LIST_MAX`] bytes; nothing may follow it.
pub(super) fn unfold(folded: &[u8], container: Container) -> Result<Vec<u8>, CredentialError> {
    let malformed = |_| CredentialError::List { why: "it does not unfold" };
    let most = u64::try_from(LIST_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let mut rest = folded;
    match container {
        Container::Gzip => GzDecoder::new(&mut rest).take(most).read_to_end(&mut bytes).map_err(malformed)?,
        Container::Zlib => {
            ZlibDecoder::new(&mut rest).take(most).read_to_end(&mut bytes).map_err(malformed)?
        }
    };
    if bytes.len() > LIST_MAX {
        return Err(CredentialError::Bomb { most: LIST_MAX });
    }
    if rest.is_empty() { Ok(bytes) } else { Err(CredentialError::List { why: "bytes follow it" }) }
}

pub(super) fn fold(bytes: &[u8], container: Container) -> Result<Vec<u8>, CredentialError> {
    let failed = |_| CredentialError::List { why: "it cannot be folded" };
    match container {
        Container::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).map_err(failed)?;
            encoder.finish().map_err(failed)
        }
        Container::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).map_err(failed)?;
            encoder.finish().map_err(failed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::ErrorCode;

    #[test]
    fn threat_54_a_bomb_is_refused_without_unfolding_it() {
        for container in [Container::Gzip, Container::Zlib] {
            let bomb = fold(&vec![0; 64 * LIST_MAX], container).unwrap();
            assert!(bomb.len() < LIST_MAX);
            assert_eq!(unfold(&bomb, container).unwrap_err().code(), "VC-0033");
            let most = fold(&vec![0xa5; LIST_MAX], container).unwrap();
            assert_eq!(unfold(&most, container).unwrap().len(), LIST_MAX);
            let more = [most.as_slice(), b"x"].concat();
            for broken in [&[][..], &more, &most[..most.len() / 2], &most[1..], b"noise"] {
                assert_eq!(unfold(broken, container).unwrap_err().code(), "VC-0032");
            }
        }
    }
}
