//! The settings of a RabbitMQ configuration.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::SettingValue;

/// What a RabbitMQ configuration sets: known keys with values of their kinds.
///
/// Made by [`parse`](super::parse) alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub(super) by_key: BTreeMap<String, Setting>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The value.
    pub value: SettingValue,
    /// The line of the text that set it, from 1.
    pub line: usize,
}

impl Settings {
    /// The value of a key, if it is set.
    pub fn get(&self, key: &str) -> Option<&SettingValue> {
        self.by_key.get(key).map(|setting| &setting.value)
    }

    /// Every key with its value, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SettingValue)> {
        self.by_key
            .iter()
            .map(|(key, setting)| (key.as_str(), &setting.value))
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// The settings as lines for RabbitMQ: sorted, no comments; reads back as the same settings.
    pub fn to_text(&self) -> String {
        self.iter().fold(String::new(), |mut text, (key, value)| {
            let _ = writeln!(text, "{key} = {value}");
            text
        })
    }
}
