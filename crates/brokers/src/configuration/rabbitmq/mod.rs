//! RabbitMQ configurations: `key = value` lines, read into typed settings.
//!
//! [`parse`] takes the keys of one table (developer guide, "RabbitMQ broker configuration") and refuses every other one,
//! naming the key and its line; nothing is removed silently. The text is stored as it was given. What an engine gets is
//! [`Settings`], never the text: a value can hold no line end, quote, comment mark or substitution, so
//! [`Settings::to_text`] reads back as the same settings.
//!
//! Limits of resources depend on the broker, so they are checked when a configuration meets one:
//! [`Settings::check_limits`].

mod keys;
mod limits;
mod parse;
mod settings;
mod value;

pub use limits::{Limits, default_limits, maximum_limits};
pub use parse::parse;
pub use settings::{Setting, Settings};
pub use value::SettingValue;

/// The RabbitMQ series of a configuration, which decides what keys it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// RabbitMQ 3.x.
    Three,
    /// RabbitMQ 4.x and later.
    Four,
}

impl Series {
    /// The series of an engine version such as `3.13` or `4.2`, nothing if it does not begin with a number from 3 up.
    pub fn of_version(version: &str) -> Option<Self> {
        match version.split('.').next()?.parse::<u16>().ok()? {
            0..=2 => None,
            3 => Some(Self::Three),
            4.. => Some(Self::Four),
        }
    }
}

/// The text of the first revision of every RabbitMQ configuration of that series.
///
/// Amazon's own text is not public; the comments are ours, the defaults are the developer guide's.
pub const fn default_text(series: Series) -> &'static str {
    match series {
        Series::Three => include_str!("default_3.conf"),
        Series::Four => include_str!("default_4.conf"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_is_the_first_number_of_the_version() {
        assert_eq!(Series::of_version("3.13"), Some(Series::Three));
        assert_eq!(Series::of_version("3.13.7"), Some(Series::Three));
        assert_eq!(Series::of_version("4.2"), Some(Series::Four));
        assert_eq!(Series::of_version("5"), Some(Series::Four));
        for bad in ["", "2.8", "x.1", "-3.1", ".3"] {
            assert_eq!(Series::of_version(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_default_texts_hold_the_developer_guides_defaults() {
        for series in [Series::Three, Series::Four] {
            let settings = parse(default_text(series).as_bytes(), series).unwrap();
            assert_eq!(
                settings.get("consumer_timeout"),
                Some(&SettingValue::Number(1_800_000))
            );
            assert_eq!(settings.get("heartbeat"), Some(&SettingValue::Number(60)));
            assert_eq!(
                settings.get("secure.management.http.headers.enabled"),
                Some(&SettingValue::Flag(true))
            );
            let examples = default_text(series).replace("# > ", "");
            parse(examples.as_bytes(), series).unwrap();
        }
    }
}
