//! The name of a configuration.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ConfigurationError;

/// The longest configuration name, in characters.
pub const MAX_NAME_CHARS: usize = 150;

/// The name of a configuration: 1 to 150 ASCII letters, digits and `- . _ ~` (API reference, "Configurations").
///
/// Names need not be unique; the id is what identifies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConfigurationName(String);

impl ConfigurationName {
    /// Reads a name, or says what is wrong with it.
    pub fn parse(name: &str) -> Result<Self, ConfigurationError> {
        let fits = !name.is_empty() && name.len() <= MAX_NAME_CHARS;
        let plain = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'));
        if fits && plain {
            Ok(Self(name.to_owned()))
        } else {
            Err(ConfigurationError::InvalidName {
                name: name.to_owned(),
            })
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConfigurationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ConfigurationName {
    type Error = ConfigurationError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::parse(&name)
    }
}

impl From<ConfigurationName> for String {
    fn from(name: ConfigurationName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_four_marks_make_a_name_of_at_most_150_characters() {
        for good in ["a", "my-config", "A.b_c~d-9", "~", &"x".repeat(150)] {
            assert_eq!(ConfigurationName::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            " ",
            "a b",
            "a/b",
            "ü",
            "a\n",
            "a\0",
            "a$",
            "a,b",
            "a:b",
            &"x".repeat(151),
        ] {
            assert!(ConfigurationName::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_bad_name_is_quoted_in_the_refusal() {
        let error = ConfigurationName::parse("a b").unwrap_err();
        assert_eq!(
            error.to_string(),
            "Configuration name [a b] is invalid. Use 1 to 150 characters: letters, digits, and [- . _ ~]."
        );
        assert_eq!(error.attribute(), "name");
    }
}
