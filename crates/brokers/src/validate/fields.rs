//! Rules of single members.

use std::collections::BTreeMap;

use jiff::tz::TimeZoneDatabase;

use super::invalid::{Invalid, shortened};
use super::new_broker::WindowRequest;
use crate::broker::{DayOfWeek, WeeklyStartTime};
use crate::catalogue::joined;

/// The quotas that requests are read under ("Quotas in Amazon MQ").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// ActiveMQ users per broker.
    pub users: u32,
    /// Groups per user.
    pub groups_per_user: u32,
    /// Tags per resource.
    pub tags: u32,
    /// Security groups per broker.
    pub security_groups: u32,
}

/// A member that has to be there.
pub(super) fn required<T>(value: Option<T>, member: &'static str) -> Result<T, Invalid> {
    value.ok_or(Invalid::Missing(member))
}

/// A value of one of our enums.
pub(super) fn one_of<T: Copy>(
    text: &str,
    parse: fn(&str) -> Option<T>,
    all: &[T],
    model: fn(T) -> &'static str,
    what: &'static str,
    attribute: &'static str,
) -> Result<T, Invalid> {
    parse(text).ok_or_else(|| Invalid::NotOneOf {
        what,
        value: shortened(text),
        valid: joined(all.iter().map(|value| model(*value))),
        attribute,
    })
}

pub(super) fn plain(text: &str, marks: &[u8], least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
}

/// `brokerName`: 1 to 50 letters, digits, `-` and `_`.
pub(super) fn broker_name(text: &str) -> Result<String, Invalid> {
    if plain(text, b"-_", 1, 50) {
        return Ok(text.into());
    }
    Err(Invalid::Malformed {
        what: "Broker name",
        value: shortened(text),
        rule: "Use 1 to 50 characters: letters, digits, and [- _].",
        attribute: "brokerName",
    })
}

/// Reads tags: at most as many as the quota says, each with a valid key and value.
///
/// # Errors
/// The first tag that breaks a rule.
pub fn tags(
    tags: Option<&BTreeMap<String, String>>,
    most: u32,
) -> Result<BTreeMap<String, String>, Invalid> {
    let tags = tags.cloned().unwrap_or_default();
    for (key, value) in &tags {
        tag_key(key)?;
        if value.chars().count() > 256 || !value.chars().all(tag_char) {
            return Err(Invalid::Malformed {
                what: "Tag value",
                value: shortened(value),
                rule: "Use at most 256 characters: letters, digits, spaces, and [_ . : / = + - @].",
                attribute: "tags",
            });
        }
    }
    check_tags(&tags, most)?;
    Ok(tags)
}

/// Checks the number of a resource's tags.
///
/// # Errors
/// There are more than the quota allows.
pub fn check_tags(tags: &BTreeMap<String, String>, most: u32) -> Result<(), Invalid> {
    if tags.len() > most as usize {
        return Err(Invalid::TooMany {
            what: "tags",
            most,
            attribute: "tags",
        });
    }
    Ok(())
}

/// Checks a tag's key ("Tagging Amazon MQ resources": the rules common to AWS).
///
/// # Errors
/// It breaks a rule, or is reserved.
pub fn tag_key(key: &str) -> Result<(), Invalid> {
    if key
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
    {
        return Err(Invalid::ReservedTag(shortened(key)));
    }
    if (1..=128).contains(&key.chars().count()) && key.chars().all(tag_char) {
        return Ok(());
    }
    Err(Invalid::Malformed {
        what: "Tag key",
        value: shortened(key),
        rule: "Use 1 to 128 characters: letters, digits, spaces, and [_ . : / = + - @].",
        attribute: "tags",
    })
}

fn tag_char(mark: char) -> bool {
    mark.is_alphanumeric() || mark == ' ' || "_.:/=+-@".contains(mark)
}

/// Reads `maintenanceWindowStartTime`. The time zone is kept as given, UTC if there is none.
///
/// # Errors
/// A member is missing or wrong.
pub fn maintenance_window(window: &WindowRequest<'_>) -> Result<WeeklyStartTime, Invalid> {
    let day = required(window.day_of_week, "maintenanceWindowStartTime.dayOfWeek")?;
    let day_of_week = one_of(
        day,
        DayOfWeek::parse,
        DayOfWeek::ALL,
        DayOfWeek::model,
        "Day of week",
        "maintenanceWindowStartTime.dayOfWeek",
    )?;
    let time = required(window.time_of_day, "maintenanceWindowStartTime.timeOfDay")?;
    if !is_time_of_day(time) {
        return Err(Invalid::Malformed {
            what: "Time of day",
            value: shortened(time),
            rule: "Use the 24-hour format [HH:MM].",
            attribute: "maintenanceWindowStartTime.timeOfDay",
        });
    }
    let zone = window.time_zone.unwrap_or("UTC");
    if !is_time_zone(zone) {
        return Err(Invalid::Malformed {
            what: "Time zone",
            value: shortened(zone),
            rule: "Use the format [Country/City], or an offset from UTC such as [+02:00].",
            attribute: "maintenanceWindowStartTime.timeZone",
        });
    }
    Ok(WeeklyStartTime {
        day_of_week,
        time_of_day: time.into(),
        time_zone: zone.into(),
    })
}

fn is_time_of_day(text: &str) -> bool {
    two_numbers(text).is_some_and(|(hours, minutes)| hours < 24 && minutes < 60)
}

fn two_numbers(text: &str) -> Option<(u8, u8)> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())
            .flatten()
    };
    Some((number(hours)?, number(minutes)?))
}

fn is_time_zone(text: &str) -> bool {
    let offset = text.strip_prefix("UTC").unwrap_or(text);
    match offset.strip_prefix(['+', '-']) {
        Some(offset) => {
            two_numbers(offset).is_some_and(|(hours, minutes)| hours <= 14 && minutes < 60)
        }
        None => TimeZoneDatabase::bundled().get(text).is_ok(),
    }
}
