//! Dates of conditions: ISO 8601 in the W3C profiles, and epoch seconds.

/// A point in time in nanoseconds since 1970-01-01T00:00:00Z.
///
/// Read as AWS's date parser reads them (observed through the published table of policies that
/// CreatePolicy accepts and refuses): `YYYY[-MM[-DD]][T[hh[:mm[:ss[.fffffffff]]]][offset]]`, where
/// numbers may be shorter than usual (`01T`), a year may have a sign, `T` may be in lower case, at most nine digits of
/// fraction count, and an offset is `Z` or `±hh[[:]mm[[:]ss]]`. Without an offset it is UTC.
/// An integer is epoch seconds, unless it is four digits without a sign, which is a year.
/// Not read, although ISO 8601 has them: ordinal and week dates, a comma as the decimal sign,
/// fractions of hours or minutes, hour 24, second 60.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(i128);

const NANOS: i128 = 1_000_000_000;
/// The years that AWS's date library can represent.
const YEARS: std::ops::RangeInclusive<i64> = -292_275_054..=292_278_993;

impl Instant {
    /// Parses a date; `None` if `text` is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(seconds) = epoch_seconds(text) {
            return Some(Self::from_epoch(seconds, 0));
        }
        let (date, time) = match text.find(['T', 't']) {
            Some(at) => (text.get(..at)?, text.get(at + 1..)?),
            None => (text, ""),
        };
        let days = parse_date(date)?;
        let nanos = parse_time(time)?;
        Some(Self(i128::from(days) * 86_400 * NANOS + nanos))
    }

    /// The instant `seconds` and `nanos` after the epoch.
    pub(crate) fn from_epoch(seconds: i64, nanos: i32) -> Self {
        Self(i128::from(seconds) * NANOS + i128::from(nanos))
    }
}

fn epoch_seconds(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let year = digits.len() == 4 && digits.len() == text.len();
    if year || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Days since the epoch.
fn parse_date(text: &str) -> Option<i64> {
    let (sign, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (-1, text.get(1..)?),
        Some(b'+') => (1, text.get(1..)?),
        Some(_) | None => (1, text),
    };
    let mut parts = unsigned.split('-');
    let year = sign * number(parts.next()?, 9)?;
    let month = parts.next().map_or(Some(1), |part| number(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| number(part, 2))?;
    if parts.next().is_some() || !YEARS.contains(&year) {
        return None;
    }
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    // Days from a year that begins in March, so that the leap day is the last one.
    let shifted = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let month_from_march = (month + 9) % 12;
    let of_year = (153 * month_from_march + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Nanoseconds since midnight UTC of the written day; may be negative because of the offset.
fn parse_time(text: &str) -> Option<i128> {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None => (text, ""),
    };
    let mut parts = clock.split(':');
    let hour = match parts.next() {
        None | Some("") if clock.is_empty() => 0,
        hour => in_range(number(hour?, 2)?, 23)?,
    };
    let minute = parts
        .next()
        .map_or(Some(0), |part| in_range(number(part, 2)?, 59))?;
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(part) => {
            let (second, fraction) = match part.split_once('.') {
                Some((second, fraction)) => (second, nanos(fraction)?),
                None => (part, 0),
            };
            (in_range(number(second, 2)?, 59)?, fraction)
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let seconds = hour * 3_600 + minute * 60 + second - parse_offset(offset)?;
    Some(i128::from(seconds) * NANOS + i128::from(fraction))
}

/// Seconds east of UTC.
fn parse_offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.as_bytes().first() {
        None => return Some(0),
        Some(b'Z' | b'z') => return (text.len() == 1).then_some(0),
        Some(b'-') => (-1, text.get(1..)?),
        Some(_) => (1, text.get(1..)?),
    };
    let separated = rest.contains(':');
    let mut fields = [0_i64; 3];
    let mut remaining = rest;
    for (index, field) in fields.iter_mut().enumerate() {
        if index > 0 {
            if remaining.is_empty() {
                break;
            }
            if separated {
                remaining = remaining.strip_prefix(':')?;
            }
        }
        let digits = remaining.get(..2)?;
        *field = in_range(number(digits, 2)?, if index == 0 { 23 } else { 59 })?;
        remaining = remaining.get(2..)?;
    }
    let [hours, minutes, seconds] = fields;
    remaining
        .is_empty()
        .then_some(sign * (hours * 3_600 + minutes * 60 + seconds))
}

fn number(text: &str, longest: usize) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= longest;
    (digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn in_range(value: i64, last: i64) -> Option<i64> {
    (0..=last).contains(&value).then_some(value)
}

fn nanos(fraction: &str) -> Option<i64> {
    let value = number(fraction, 9)?;
    let missing = u32::try_from(9_usize.checked_sub(fraction.len())?).ok()?;
    Some(value * 10_i64.pow(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_instant_are_equal() {
        let same = [
            "2026-11-23T12:00:00Z",
            "2026-11-23T12:00:00.000Z",
            "2026-11-23t12:00z",
            "2026-11-23T12Z",
            "2026-11-23T12",
            "2026-11-23T13:00:00+01:00",
            "2026-11-23T11:30-0030",
            "1795435200",
            "2026-11-23T21:00:00+09",
        ];
        for text in same {
            assert_eq!(
                Instant::parse(text),
                Some(Instant::from_epoch(1_795_435_200, 0)),
                "{text}"
            );
        }
    }

    #[test]
    fn calendar_days_agree_with_the_calendar_library() {
        for seconds in (-70_000_000_000_i64..=70_000_000_000).step_by(12_345_677) {
            let text = jiff::Timestamp::from_second(seconds).unwrap().to_string();
            assert_eq!(
                Instant::parse(&text),
                Some(Instant::from_epoch(seconds, 0)),
                "{text}"
            );
        }
        assert_eq!(
            Instant::parse("2017-07-01T00:00:00.5Z"),
            Some(Instant::from_epoch(1_498_867_200, 500_000_000))
        );
        assert_eq!(
            Instant::parse("2024-02"),
            Instant::parse("2024-02-01T00:00:00Z")
        );
        assert_eq!(Instant::parse("2024"), Instant::parse("2024-01-01"));
        assert_eq!(Instant::parse("-5"), Some(Instant::from_epoch(-5, 0)));
    }

    #[test]
    fn what_aws_accepts_is_accepted() {
        for text in [
            "01T",
            "2019-07-01T13:20:15Z",
            "2016-12-13t2:00:00.593194+23",
            "2016TZ",
            "0",
            "-2016-01-01",
            "2024-02-29",
            "+2024-01-01",
            "292278993-01-01",
        ] {
            assert!(Instant::parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "sdfdsf",
            "234-13",
            "2016-12-13t2:00:00.1999999999+10:59",
            "T",
            "T10:00",
            "2023-02-29",
            "2024-00-01",
            "2024-04-31",
            "2024-1-1-1",
            "2024-01-01T24:00",
            "2024-01-01T10:60",
            "2024-01-01T10:00:60Z",
            "2024-01-01T10:00:00+24",
            "2024-01-01T10:00:00+1",
            "2024-01-01Z",
            "2024-01-01T10:00:00Zx",
            "2024-01-01T10:00:00+10:60",
            "2024-01-01T:10",
            "292278994",
            "2024-001",
            "2024-W01-1",
            "2024-01-01T10:00:00,5",
            "99999999999999999999",
            "é",
            "T\u{e9}",
        ] {
            // "292278994" alone is epoch seconds; with a month it is a year that is too large.
            let text = if text == "292278994" {
                "292278994-01"
            } else {
                text
            };
            assert!(Instant::parse(text).is_none(), "{text}");
        }
    }
}
