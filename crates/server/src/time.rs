//! Times as texts.

use jiff::Timestamp;

fn stamp(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// `2026-11-25T16:53:31.123Z`: Amazon MQ's timestamps.
pub fn iso_millis(millis: i64) -> String {
    iso(millis, true)
}

/// `2026-11-25T16:53:31Z`: IAM's timestamps and CloudTrail's.
pub fn iso_seconds(millis: i64) -> String {
    iso(millis, false)
}

/// Every record and every broker of a list has one: written digit by digit, which takes a tenth of what a formatter takes.
fn iso(millis: i64, with_millis: bool) -> String {
    let stamp = stamp(millis);
    let at = jiff::tz::Offset::UTC.to_datetime(stamp);
    let Ok(year) = u32::try_from(at.year()) else {
        return stamp.to_string();
    };
    let mut text = String::with_capacity("2026-11-25T16:53:31.123Z".len());
    let part = |value: i8| u32::from(value.unsigned_abs());
    put(&mut text, year, 1000, '-');
    put(&mut text, part(at.month()), 10, '-');
    put(&mut text, part(at.day()), 10, 'T');
    put(&mut text, part(at.hour()), 10, ':');
    put(&mut text, part(at.minute()), 10, ':');
    if with_millis {
        put(&mut text, part(at.second()), 10, '.');
        let millis = u32::from(at.millisecond().unsigned_abs());
        put(&mut text, millis, 100, 'Z');
    } else {
        put(&mut text, part(at.second()), 10, 'Z');
    }
    text
}

/// A number with leading zeros, the highest of its digits standing for `highest`, and what stands behind it.
fn put(text: &mut String, number: u32, mut highest: u32, behind: char) {
    while highest > 0 {
        let digit = number / highest % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
        highest /= 10;
    }
    text.push(behind);
}

/// The timestamp for condition keys.
pub fn timestamp(millis: i64) -> Timestamp {
    stamp(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_awss_forms() {
        assert_eq!(iso_millis(1_608_655_998_703), "2020-12-22T16:53:18.703Z");
        assert_eq!(iso_seconds(1_608_655_998_703), "2020-12-22T16:53:18Z");
        assert_eq!(iso_millis(1_608_655_998_000), "2020-12-22T16:53:18.000Z");
        assert_eq!(iso_seconds(1_608_655_998_000), "2020-12-22T16:53:18Z");
        assert_eq!(iso_millis(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(iso_seconds(-1), "1969-12-31T23:59:59Z");
        for step in 0..5000_i64 {
            let millis = (step - 1000) * 123_456_789_123 / 7;
            if Timestamp::from_millisecond(millis)
                .is_ok_and(|at| at >= Timestamp::constant(-62_135_596_800, 0))
            {
                assert_eq!(iso_millis(millis), format!("{:.3}", stamp(millis)));
                let seconds = millis.div_euclid(1000) * 1000;
                assert_eq!(iso_seconds(millis), format!("{:.0}", stamp(seconds)));
            }
        }
    }
}
