//! Byte ranges of RFC 9110, section 14: one range; anything else is answered in full.

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Everything: no header, another unit, several ranges, or a malformed one.
    All,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that do not exist.
    Outside,
}

/// Reads a header for `length` bytes.
pub(crate) fn parse(header: Option<&str>, length: u64) -> Asked {
    let Some(spec) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Asked::All;
    };
    let Some((from, to)) = spec.trim().split_once('-') else { return Asked::All };
    let number = |text: &str| match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse::<u64>().ok(),
        false => None,
    };
    match (from.is_empty(), to.is_empty()) {
        (true, true) => Asked::All,
        (true, false) => match number(to) {
            Some(0) => Asked::Outside,
            Some(_) if length == 0 => Asked::Outside,
            Some(suffix) => Asked::Part(length.saturating_sub(suffix)..length),
            None => Asked::All,
        },
        (false, open) => {
            let (Some(start), Some(last)) = (number(from), if open { Some(u64::MAX) } else { number(to) })
            else {
                return Asked::All;
            };
            if last < start {
                Asked::All
            } else if start >= length {
                Asked::Outside
            } else {
                Asked::Part(start..last.saturating_add(1).min(length))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_cut_to_the_length() {
        for (header, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=2-", Asked::Part(2..10)),
            ("bytes=2-99", Asked::Part(2..10)),
            ("bytes=-3", Asked::Part(7..10)),
            ("bytes=-30", Asked::Part(0..10)),
            ("bytes=10-", Asked::Outside),
            ("bytes=-0", Asked::Outside),
            ("bytes=5-4", Asked::All),
            ("bytes=a-4", Asked::All),
            ("bytes=0-1,3-4", Asked::All),
            ("bytes=-", Asked::All),
            ("lines=0-1", Asked::All),
            ("bytes=99999999999999999999-", Asked::All),
        ] {
            assert_eq!(parse(Some(header), 10), expected, "{header}");
        }
        assert_eq!(parse(None, 10), Asked::All);
        assert_eq!(parse(Some("bytes=-1"), 0), Asked::Outside);
    }

    proptest::proptest! {
        #[test]
        fn parts_lie_inside(text in "bytes=[0-9]{0,21}-[0-9]{0,21}", length in 0u64..1000) {
            if let Asked::Part(part) = parse(Some(&text), length) {
                proptest::prop_assert!(part.start < part.end && part.end <= length);
            }
        }
    }
}
