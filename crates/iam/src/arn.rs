//! Amazon Resource Names and account ids.

use std::fmt;
use std::str::FromStr;

/// Why a name is not an ARN or not an account id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArnError {
    /// Fewer than six colon-separated parts, or the first one is not `arn`.
    #[error("`{0}` is not an ARN of the form arn:partition:service:region:account:resource")]
    Shape(String),
    /// Partition, service or resource is empty.
    #[error("the {part} of ARN `{arn}` is empty")]
    Empty {
        /// The name of the empty part.
        part: &'static str,
        /// The text that was given.
        arn: String,
    },
    /// An account id that is not 12 digits.
    #[error("`{0}` is not an account id of 12 digits")]
    Account(String),
}

/// A complete ARN: `arn:partition:service:region:account:resource`.
///
/// Only the first five colons separate; the resource may hold more of them
/// (`broker:NAME:b-ID`). Region and account may be empty. Wildcards are not interpreted here.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    text: Box<str>,
    /// Byte offsets of the first five colons.
    colons: [usize; 5],
}

impl Arn {
    /// Parses an ARN.
    ///
    /// # Errors
    /// [`ArnError::Shape`] if there are not six parts beginning with `arn`, [`ArnError::Empty`] if
    /// partition, service or resource is missing.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let shape = || ArnError::Shape(text.to_owned());
        let mut colons = [0; 5];
        let mut found = text.match_indices(':').map(|(at, _)| at);
        for colon in &mut colons {
            *colon = found.next().ok_or_else(shape)?;
        }
        let arn = Self {
            text: text.into(),
            colons,
        };
        if arn.part(0) != "arn" {
            return Err(shape());
        }
        for (index, part) in [(1, "partition"), (2, "service"), (5, "resource")] {
            if arn.part(index).is_empty() {
                return Err(ArnError::Empty {
                    part,
                    arn: text.to_owned(),
                });
            }
        }
        Ok(arn)
    }

    /// Builds an ARN from its parts.
    ///
    /// # Errors
    /// As [`Arn::parse`]; also if a part other than the resource holds a colon.
    pub fn new(
        partition: &str,
        service: &str,
        region: &str,
        account: &str,
        resource: &str,
    ) -> Result<Self, ArnError> {
        let arn = Self::parse(&format!(
            "arn:{partition}:{service}:{region}:{account}:{resource}"
        ))?;
        if arn.partition() == partition
            && arn.service() == service
            && arn.region() == region
            && arn.account() == account
        {
            Ok(arn)
        } else {
            Err(ArnError::Shape(arn.text.into()))
        }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub fn partition(&self) -> &str {
        self.part(1)
    }

    /// The service, for example `mq`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The region; empty for global services.
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The account: 12 digits, `aws`, or empty.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// Everything behind the fifth colon.
    pub fn resource(&self) -> &str {
        self.part(5)
    }

    fn part(&self, index: usize) -> &str {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => self.colons.get(before).map_or(0, |colon| colon + 1),
        };
        let end = self.colons.get(index).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default()
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arn({})", self.text)
    }
}

impl FromStr for Arn {
    type Err = ArnError;
    fn from_str(text: &str) -> Result<Self, ArnError> {
        Self::parse(text)
    }
}

impl AsRef<str> for Arn {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl serde::Serialize for Arn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for Arn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// An account id: exactly 12 ASCII digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId([u8; 12]);

impl AccountId {
    /// Parses an account id.
    ///
    /// # Errors
    /// [`ArnError::Account`] unless `text` is 12 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        <[u8; 12]>::try_from(text.as_bytes())
            .ok()
            .filter(|digits| digits.iter().all(u8::is_ascii_digit))
            .map(Self)
            .ok_or_else(|| ArnError::Account(text.to_owned()))
    }

    /// The 12 digits.
    pub fn as_str(&self) -> &str {
        // Invariant: only ASCII digits get in, so this is never the fallback.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The ARN of the account's root, `arn:aws:iam::ACCOUNT:root`.
    pub fn root_arn(&self) -> String {
        format!("arn:aws:iam::{self}:root")
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({self})")
    }
}

impl FromStr for AccountId {
    type Err = ArnError;
    fn from_str(text: &str) -> Result<Self, ArnError> {
        Self::parse(text)
    }
}

impl serde::Serialize for AccountId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for AccountId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_keeps_its_colons() {
        let arn = Arn::parse("arn:aws:mq:us-east-1:111122223333:broker:B:b-1").unwrap();
        assert_eq!(arn.partition(), "aws");
        assert_eq!(arn.service(), "mq");
        assert_eq!(arn.region(), "us-east-1");
        assert_eq!(arn.account(), "111122223333");
        assert_eq!(arn.resource(), "broker:B:b-1");
        assert_eq!(
            arn.to_string(),
            "arn:aws:mq:us-east-1:111122223333:broker:B:b-1"
        );
    }

    #[test]
    fn incomplete_names_are_refused() {
        for text in [
            "",
            "*",
            "arn",
            "arn:aws",
            "arn:aws:mq:r:a",
            "x:aws:mq:r:a:b",
            "arn::mq:r:a:b",
            "arn:aws::r:a:b",
            "arn:aws:mq:r:a:",
        ] {
            assert!(Arn::parse(text).is_err(), "{text}");
        }
        assert!(Arn::new("aws", "mq:x", "", "", "b").is_err());
        assert!(Arn::new("aws", "iam", "", "111122223333", "user/jane").is_ok());
    }

    #[test]
    fn account_ids_are_twelve_digits() {
        assert_eq!(
            AccountId::parse("111122223333").unwrap().root_arn(),
            "arn:aws:iam::111122223333:root"
        );
        for text in [
            "",
            "11112222333",
            "1111222233334",
            "11112222333a",
            "１１１１２２",
        ] {
            assert!(AccountId::parse(text).is_err(), "{text}");
        }
    }
}
