//! Moments, as credentials write them.

/// The first second of the year 0, and of the year 10,000.
const WRITTEN_FROM: i64 = -62_167_219_200;
const WRITTEN_UNTIL: i64 = 253_402_300_800;

/// Reads an XML Schema dateTimeStamp such as `2024-01-01T00:00:00Z`, as Unix seconds; parts of a second are
/// cut off. There must be a zone.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (moment, rest) = text.split_at_checked(19)?;
    let bytes = moment.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|(at, separator)| bytes.get(*at) != Some(separator)) {
        return None;
    }
    let field = |from: usize, length: usize| digits(moment.get(from..from + length)?);
    let (year, month, day) = (field(0, 4)?, field(5, 2)?, field(8, 2)?);
    let (hour, minute, second) = (field(11, 2)?, field(14, 2)?, field(17, 2)?);
    let is_date = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
        }
        None => rest,
    };
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset(zone)?)
}

/// Writes Unix seconds in UTC; nothing outside the years 0 to 9999.
pub(crate) fn write(seconds: i64) -> Option<String> {
    if !(WRITTEN_FROM..WRITTEN_UNTIL).contains(&seconds) {
        return None;
    }
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Never too early, by the shortest years after 1970 and the longest before.
    let estimate = 1970 + days.div_euclid(if days < 0 { 366 } else { 365 });
    let year = (0..=estimate).rev().find(|year| days_since_1970(*year, 1, 1) <= days)?;
    let month = (1..=12).rev().find(|month| days_since_1970(year, *month, 1) <= days)?;
    let day = days - days_since_1970(year, month, 1) + 1;
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

fn digits(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// The seconds by which a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let (hours, minutes) =
        rest.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    let seconds = digits(hours)? * 3_600 + digits(minutes)? * 60;
    let seconds = Some(seconds)
        .filter(|seconds| *seconds <= 14 * 3_600 && !minutes.starts_with(['6', '7', '8', '9']))?;
    match sign {
        "+" => Some(seconds),
        "-" => Some(-seconds),
        _ => None,
    }
}

fn days_of(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years start in March, so that leap days come last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (month * 153 + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_read_and_written() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2024-02-29T12:00:00Z", 1_709_208_000),
            ("2024-01-01T02:00:00.999+02:00", 1_704_067_200),
            ("2023-12-31T22:30:00-01:30", 1_704_067_200),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(parse(text), Some(seconds), "{text}");
        }
        assert_eq!(write(1_709_208_000).unwrap(), "2024-02-29T12:00:00Z");
        for bad in [
            "",
            "2024-01-01",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00z",
            "2024-01-01T00:00:00+15:00",
            "2024-01-01T00:00:00+1:00",
            "+024-01-01T00:00:00Z",
            "2024-01-01T00:00:00Z ",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!((write(i64::MAX), write(i64::MIN)), (None, None));
    }

    proptest! {
        #[test]
        fn every_moment_is_read_back(seconds in -62_167_219_200_i64..253_402_300_800) {
            prop_assert_eq!(parse(&write(seconds).unwrap()), Some(seconds));
        }
    }
}
