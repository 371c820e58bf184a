//! The range of keys that a scan covers.

use crate::Direction;

/// Keys from `lower` on and below `upper`; without an upper end, all keys from `lower` on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct KeyRange {
    /// The smallest key.
    pub(crate) lower: Vec<u8>,
    /// The smallest key that is no longer part of the range.
    pub(crate) upper: Option<Vec<u8>>,
}

impl KeyRange {
    /// The range of a scan; `None` when no key can lie in it.
    pub(crate) fn of_scan(prefix: &[u8], from: Option<&[u8]>, direction: Direction) -> Option<Self> {
        let mut range = Self { lower: prefix.to_vec(), upper: successor(prefix) };
        match (from, direction) {
            (None, _) => {}
            (Some(from), Direction::Forward) => {
                if from > range.lower.as_slice() {
                    range.lower = from.to_vec();
                }
            }
            (Some(from), Direction::Reverse) => {
                // The next key after `from` is `from` with a zero byte.
                let after = [from, &[0]].concat();
                if range.upper.as_ref().is_none_or(|upper| after < *upper) {
                    range.upper = Some(after);
                }
            }
        }
        range.upper.as_ref().is_none_or(|upper| range.lower < *upper).then_some(range)
    }
}

/// The smallest key behind all keys that start with `prefix`; `None` when there is no such key.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut key = prefix.get(..=kept)?.to_vec();
    *key.last_mut()? += 1;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_skips_full_bytes() {
        assert_eq!(successor(b""), None);
        assert_eq!(successor(&[255, 255]), None);
        assert_eq!(successor(&[1, 255]), Some(vec![2]));
        assert_eq!(successor(&[1, 2]), Some(vec![1, 3]));
    }

    #[test]
    fn a_start_behind_the_prefix_leaves_nothing() {
        assert_eq!(KeyRange::of_scan(b"b", Some(b"c"), Direction::Forward), None);
        assert_eq!(KeyRange::of_scan(b"b", Some(b"a"), Direction::Reverse), None);
        let whole = KeyRange { lower: b"b".to_vec(), upper: Some(b"c".to_vec()) };
        assert_eq!(KeyRange::of_scan(b"b", Some(b"a"), Direction::Forward), Some(whole));
    }
}
