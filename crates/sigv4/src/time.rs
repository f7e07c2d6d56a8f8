//! Request dates: ISO 8601 basic format in, unix seconds out, and back.

/// A moment in whole seconds with its basic-format text, `20150830T123600Z`.
#[derive(Clone, Copy)]
pub(crate) struct Timestamp {
    unix: i64,
    text: [u8; 16],
}

impl Timestamp {
    /// Reads `YYYYMMDDTHHMMSSZ`; `None` when the form or the calendar is wrong.
    pub(crate) fn parse_basic(bytes: &[u8]) -> Option<Self> {
        let text = <&[u8; 16]>::try_from(bytes).ok()?;
        let [
            y1,
            y2,
            y3,
            y4,
            o1,
            o2,
            d1,
            d2,
            b'T',
            h1,
            h2,
            m1,
            m2,
            s1,
            s2,
            b'Z',
        ] = *text
        else {
            return None;
        };
        let year = i64::from(two(y1, y2)?) * 100 + i64::from(two(y3, y4)?);
        let (month, day) = (two(o1, o2)?, two(d1, d2)?);
        let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
        if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        let unix = days_from_civil(year, month, day) * 86_400 + seconds;
        Some(Timestamp { unix, text: *text })
    }

    /// Reads a header's date: basic format, or the extended `2015-08-30T12:36:00Z`,
    /// which AWS tolerates in a header and never prints in a string to sign.
    pub(crate) fn parse_header(bytes: &[u8]) -> Option<Self> {
        let Ok(extended) = <&[u8; 20]>::try_from(bytes) else {
            return Self::parse_basic(bytes);
        };
        let [
            y1,
            y2,
            y3,
            y4,
            b'-',
            o1,
            o2,
            b'-',
            d1,
            d2,
            b'T',
            h1,
            h2,
            b':',
            m1,
            m2,
            b':',
            s1,
            s2,
            b'Z',
        ] = *extended
        else {
            return None;
        };
        Self::parse_basic(&[
            y1, y2, y3, y4, o1, o2, d1, d2, b'T', h1, h2, m1, m2, s1, s2, b'Z',
        ])
    }

    /// The moment `unix` seconds after 1970-01-01T00:00:00Z, held inside the
    /// years 0000 to 9999 that the format can write.
    pub(crate) fn from_unix(unix: i64) -> Self {
        let unix = unix.clamp(FIRST, LAST);
        let (day, second) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(day);
        let mut text = *b"00000000T000000Z";
        let digits = [
            year / 1000,
            year / 100,
            year / 10,
            year,
            month / 10,
            month,
            day / 10,
            day,
            -1,
            second / 36_000,
            second / 3600,
            second % 3600 / 600,
            second / 60,
            second % 60 / 10,
            second,
        ];
        for (place, digit) in text.iter_mut().zip(digits) {
            if digit >= 0 {
                *place = b'0' + u8::try_from(digit % 10).unwrap_or_default();
            }
        }
        Timestamp { unix, text }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) fn unix(&self) -> i64 {
        self.unix
    }

    /// The basic-format text.
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The day, `YYYYMMDD`, as it stands in a credential scope.
    pub(crate) fn day(&self) -> &str {
        self.text().get(..8).unwrap_or_default()
    }
}

const FIRST: i64 = -62_167_219_200;
const LAST: i64 = 253_402_300_799;

fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

fn days_in(year: i64, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar, counting
/// years from March so that the leap day is the last of its year.
fn days_from_civil(year: i64, month: u8, day: u8) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_and_odd_seconds_round_trip() {
        for day in -146_097_i64..146_097 {
            let unix = day * 86_400 + (day * 7919).rem_euclid(86_400);
            let written = Timestamp::from_unix(unix);
            let read =
                Timestamp::parse_basic(written.text().as_bytes()).expect("a date it wrote itself");
            assert_eq!(read.unix(), unix, "{}", written.text());
        }
    }

    #[test]
    fn known_moments_have_their_known_seconds() {
        for (text, unix) in [
            ("20150830T123600Z", 1_440_938_160),
            ("19700101T000000Z", 0),
            ("20240229T235959Z", 1_709_251_199),
            ("20000229T130709Z", 951_829_629),
        ] {
            assert_eq!(
                Timestamp::parse_basic(text.as_bytes()).map(|t| t.unix()),
                Some(unix)
            );
            assert_eq!(Timestamp::from_unix(unix).text(), text);
        }
        let extended = Timestamp::parse_header(b"2015-08-30T12:36:00Z").expect("extended form");
        assert_eq!(extended.text(), "20150830T123600Z");
    }

    #[test]
    fn dates_outside_the_calendar_or_the_form_are_refused() {
        for text in [
            "",
            "20150830",
            "20150830T123600",
            "20150830T123600z",
            "20150830t123600Z",
            "20150229T000000Z",
            "21000229T000000Z",
            "20151301T000000Z",
            "20150001T000000Z",
            "20150100T000000Z",
            "20150832T000000Z",
            "20150830T240000Z",
            "20150830T236000Z",
            "20150830T235960Z",
            "2015083 T123600Z",
            "+0150830T123600Z",
            "20150830T123600Z ",
            "2015-08-30T12:36:00Z",
            "Sun, 30 Aug 2015 12:36:00 GMT",
        ] {
            assert!(Timestamp::parse_basic(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn moments_beyond_the_format_are_held_at_its_ends() {
        assert_eq!(Timestamp::from_unix(i64::MAX).text(), "99991231T235959Z");
        assert_eq!(Timestamp::from_unix(i64::MIN).text(), "00000101T000000Z");
    }
}
