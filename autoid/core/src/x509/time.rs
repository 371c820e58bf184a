//! The two time forms of a certificate, as seconds since 1970 in UTC.

use super::{
    der::{GENERALIZED_TIME, Reader, UTC_TIME},
    error::DerError,
};

/// A moment read from a certificate or list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) unix: i64,
    /// Written as GeneralizedTime although its year is before 2050.
    pub(crate) early_generalized: bool,
}

/// Reads a `Time`: `YYMMDDHHMMSSZ` as UTCTime or `YYYYMMDDHHMMSSZ` as GeneralizedTime.
pub(crate) fn time(reader: &mut Reader<'_>) -> Result<Moment, DerError> {
    let tlv = reader.any()?;
    match tlv.tag {
        UTC_TIME => utc_time(tlv.value),
        GENERALIZED_TIME => generalized_time(tlv.value),
        _ => Err(DerError::UnexpectedTag),
    }
}

/// Reads GeneralizedTime content.
pub(crate) fn generalized_time(content: &[u8]) -> Result<Moment, DerError> {
    let (year, rest) = content.split_at_checked(4).ok_or(DerError::Time)?;
    let year = pair(year, 0)?.checked_mul(100).ok_or(DerError::Time)? + pair(year, 2)?;
    Ok(Moment { unix: moment(year, rest)?, early_generalized: year < 2050 })
}

fn utc_time(content: &[u8]) -> Result<Moment, DerError> {
    let (year, rest) = content.split_at_checked(2).ok_or(DerError::Time)?;
    let short = pair(year, 0)?;
    let year = if short >= 50 { 1900 + short } else { 2000 + short };
    Ok(Moment { unix: moment(year, rest)?, early_generalized: false })
}

fn moment(year: i64, rest: &[u8]) -> Result<i64, DerError> {
    if rest.len() != 11 || rest.last() != Some(&b'Z') {
        return Err(DerError::Time);
    }
    let [month, day, hour, minute, second] =
        [pair(rest, 0)?, pair(rest, 2)?, pair(rest, 4)?, pair(rest, 6)?, pair(rest, 8)?];
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return Err(DerError::Time);
    }
    if hour > 23 || minute > 59 || second > 59 {
        return Err(DerError::Time);
    }
    Ok(days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
pub(crate) const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years start in March here, so that the leap day is the last of its year.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_index = (month + 9) % 12;
    let day_of_year = (153 * month_index + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

pub(crate) const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Two decimal digits at an offset.
fn pair(digits: &[u8], at: usize) -> Result<i64, DerError> {
    match digits.get(at..).unwrap_or_default() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => {
            Ok(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
        }
        _ => Err(DerError::Time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_unix_seconds() {
        assert_eq!(utc_time(b"700101000000Z").unwrap().unix, 0);
        assert_eq!(utc_time(b"491231235959Z").unwrap().unix, 2_524_607_999);
        assert_eq!(utc_time(b"500101000000Z").unwrap().unix, -631_152_000);
        assert_eq!(generalized_time(b"20500101000000Z").unwrap().unix, 2_524_608_000);
        assert_eq!(generalized_time(b"99991231235959Z").unwrap().unix, 253_402_300_799);
        assert_eq!(utc_time(b"240229000000Z").unwrap().unix, 1_709_164_800);
        assert!(generalized_time(b"20240101000000Z").unwrap().early_generalized);
    }

    #[test]
    fn other_forms_are_refused() {
        let bad: [&[u8]; 8] = [
            b"7001010000Z",
            b"700101000000+0000",
            b"700101000060Z",
            b"230229000000Z",
            b"701301000000Z",
            b"700100000000Z",
            b"70010100000aZ",
            b"",
        ];
        for content in bad {
            assert!(utc_time(content).is_err(), "{content:?}");
        }
        assert!(generalized_time(b"20240101000000.5Z").is_err());
        assert!(generalized_time(b"202401010000Z").is_err());
    }
}
