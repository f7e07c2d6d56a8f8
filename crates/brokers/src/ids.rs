//! Identifiers and ARNs of brokers and configurations.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads an id: the prefix and the text form of a UUID. `None` for anything else.
            pub fn parse(text: &str) -> Option<$name> {
                let uuid = text.strip_prefix($prefix)?;
                is_uuid(uuid).then(|| $name(text.into()))
            }

            /// Makes an id out of random bytes (UUID version 4, RFC 9562).
            pub fn new(random: [u8; 16]) -> $name {
                $name(format!("{}{}", $prefix, uuid_v4(random)))
            }

            /// The id as it travels.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<$name, String> {
                $name::parse(&text).ok_or_else(|| format!("`{text}` is not an id"))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

id! {
    /// A broker's id, `b-` and a UUID. It is the only name of a broker that reaches paths, arguments and node names.
    BrokerId, "b-"
}

id! {
    /// A configuration's id, `c-` and a UUID.
    ConfigurationId, "c-"
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

/// The text of a version 4 UUID made of these random bytes.
pub fn uuid_v4(mut random: [u8; 16]) -> String {
    random[6] = (random[6] & 0x0f) | 0x40;
    random[8] = (random[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (place, byte) in random.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(hex_digit(byte >> 4));
        text.push(hex_digit(byte & 0x0f));
    }
    text
}

fn hex_digit(nibble: u8) -> char {
    char::from(match nibble {
        0..=9 => b'0' + nibble,
        10.. => b'a' + (nibble & 0x0f) - 10,
    })
}

/// `arn:aws:mq:<region>:<account>:broker:<name>:<id>`.
pub fn broker_arn(region: &str, account: &str, name: &str, id: &str) -> String {
    // Every decision and every summary needs one: put together without a formatter.
    let parts = [
        "arn:aws:mq:",
        region,
        ":",
        account,
        ":broker:",
        name,
        ":",
        id,
    ];
    parts.concat()
}

/// `arn:aws:mq:<region>:<account>:configuration:<id>`.
pub fn configuration_arn(region: &str, account: &str, id: &str) -> String {
    format!("arn:aws:mq:{region}:{account}:configuration:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_prefix_and_uuid() {
        let id = BrokerId::new([0xff; 16]);
        assert_eq!(id.as_str(), "b-ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(BrokerId::parse(id.as_str()), Some(id));
        for wrong in [
            "b-",
            "c-ffffffff-ffff-4fff-bfff-ffffffffffff",
            "b-FFFFFFFF-ffff-4fff-bfff-ffffffffffff",
            "b-../../etc",
        ] {
            assert_eq!(BrokerId::parse(wrong), None, "{wrong}");
        }
    }
}
