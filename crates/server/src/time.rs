//! Times as texts.

use jiff::Timestamp;

fn stamp(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// `2026-11-25T16:53:31.123Z`: Amazon MQ's timestamps.
pub fn iso_millis(millis: i64) -> String {
    format!("{:.3}", stamp(millis))
}

/// `2026-11-25T16:53:31Z`: IAM's timestamps and CloudTrail's.
pub fn iso_seconds(millis: i64) -> String {
    format!("{:.0}", stamp(millis.div_euclid(1000).saturating_mul(1000)))
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
    }
}
