//! Reading the text of a RabbitMQ configuration.

use std::collections::btree_map::Entry;

use super::super::{ConfigurationError, encoding};
use super::keys::rule_of;
use super::settings::{Setting, Settings};
use super::{Series, SettingValue};

/// Reads the decoded `data` of a RabbitMQ configuration.
///
/// Each line is blank, a comment that begins with `#`, or `key = value` with an optional comment behind it. Refused are
/// other lines, keys that are not supported (in that series), keys set twice, and values that a key does not take.
pub fn parse(data: &[u8], series: Series) -> Result<Settings, ConfigurationError> {
    let text = encoding::text(data)?;
    let mut settings = Settings::default();
    for (line, content) in (1..).zip(text.split('\n')) {
        let content = content.strip_suffix('\r').unwrap_or(content);
        let content = content
            .split('#')
            .next()
            .unwrap_or_default()
            .trim_matches([' ', '\t']);
        if content.is_empty() {
            continue;
        }
        let (key, value) = content
            .split_once('=')
            .ok_or(ConfigurationError::Line { line })?;
        let (key, value) = (
            key.trim_matches([' ', '\t']),
            value.trim_matches([' ', '\t']),
        );
        let key_fits = !key.is_empty()
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !key_fits {
            return Err(ConfigurationError::Line { line });
        }
        let value = read(key, value, line, series)?;
        match settings.by_key.entry(key.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(Setting { value, line });
            }
            Entry::Occupied(earlier) => {
                return Err(ConfigurationError::RepeatedKey {
                    key: shortened(key),
                    line,
                    first: earlier.get().line,
                });
            }
        }
    }
    check_together(&settings)?;
    Ok(settings)
}

fn read(
    key: &str,
    value: &str,
    line: usize,
    series: Series,
) -> Result<SettingValue, ConfigurationError> {
    let rule = rule_of(key).ok_or_else(|| ConfigurationError::UnsupportedKey {
        key: shortened(key),
        line,
    })?;
    if rule.since > series {
        let version = match series {
            Series::Three => "3".to_owned(),
            Series::Four => "4".to_owned(),
        };
        return Err(ConfigurationError::UnsupportedForVersion {
            key: shortened(key),
            line,
            version,
        });
    }
    rule.kind
        .read(value)
        .ok_or_else(|| ConfigurationError::InvalidValue {
            key: shortened(key),
            line,
            value: shortened(value),
            valid: rule.kind.valid(),
        })
}

/// Settings that are only valid with another one beside them.
fn check_together(settings: &Settings) -> Result<(), ConfigurationError> {
    let first_below = |prefix: &str, except: &str| {
        settings
            .by_key
            .iter()
            .filter(|(key, _)| key.starts_with(prefix) && key.as_str() != except)
            .min_by_key(|(_, setting)| setting.line)
    };
    let require = |found: Option<(&String, &Setting)>, met: bool, requires: &str| match found {
        Some((key, setting)) if !met => Err(ConfigurationError::Requires {
            key: shortened(key),
            line: setting.line,
            requires: requires.to_owned(),
        }),
        _ => Ok(()),
    };
    let on = |key: &str| settings.get(key) == Some(&SettingValue::Flag(true));

    let encrypted = on("auth_ldap.use_ssl") || on("auth_ldap.use_starttls");
    require(
        first_below("auth_ldap.", ""),
        encrypted,
        "auth_ldap.use_ssl = true or auth_ldap.use_starttls = true",
    )?;

    let role = "aws.arns.assume_role_arn";
    require(
        first_below("aws.arns.", role),
        settings.get(role).is_some(),
        role,
    )
}

fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}
