//! Moments of time in the form of RFC 3339.

use alloc::{borrow::ToOwned, vec::Vec};

use crate::x509::time;

/// Reads a time such as `2024-01-01T00:00:00+00:00`; parts of seconds are cut off, as certificates have
/// whole ones.
pub(super) fn rfc3339(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(19)?;
    let fields = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2)];
    let mut values = [0i64; 6];
    for (value, (at, length)) in values.iter_mut().zip(fields) {
        *value = digits(date.get(at..at + length)?)?;
    }
    let separators: Vec<u8> =
        [4, 7, 10, 13, 16].iter().filter_map(|at| date.as_bytes().get(*at).copied()).collect();
    if !matches!(separators.as_slice(), b"--T::" | b"--t::" | b"-- ::") {
        return None;
    }
    let [year, month, day, hour, minute, second] = values;
    if !(1..=12).contains(&month) || day < 1 || day > time::days_in(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
        }
        None => rest,
    };
    let seconds = time::days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds - offset(zone)?)
}

/// The seconds by which a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn two_digits(text: &str) -> Option<i64> {
    if text.len() == 2 { digits(text) } else { None }
}

fn digits(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.to_owned().parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_zones_and_whole_seconds() {
        assert_eq!(rfc3339("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(rfc3339("2024-01-01T00:00:00+00:00"), Some(1_704_067_200));
        assert_eq!(rfc3339("2024-01-01T02:00:00.999+02:00"), Some(1_704_067_200));
        assert_eq!(rfc3339("2023-12-31T22:30:00-01:30"), Some(1_704_067_200));
        for bad in [
            "",
            "2024-01-01",
            "2024-02-30T00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T24:00:00Z",
        ] {
            assert_eq!(rfc3339(bad), None, "{bad}");
        }
    }
}
