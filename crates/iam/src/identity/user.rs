//! IAM users.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::account::LoginProfile;

/// A tag of an identity, its key in the case it was given in. Keys are unique without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The key, 1 to 128 characters.
    pub key: String,
    /// The value, 0 to 256 characters.
    pub value: String,
}

/// An IAM user with what is written on it. Names are unique in the account without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The account, 12 digits.
    pub account: String,
    /// The path, `/` or `/a/b/`.
    pub path: String,
    /// The name as it was given.
    pub name: String,
    /// The unique id, `AIDA…`.
    pub id: String,
    /// When it was made.
    pub created: i64,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The ARN of its permissions boundary.
    #[serde(default)]
    pub boundary: Option<String>,
    /// Inline policies: name to document, as it was given.
    #[serde(default)]
    pub inline: BTreeMap<String, String>,
    /// ARNs of attached managed policies, in the order of attachment.
    #[serde(default)]
    pub attached: Vec<String>,
    /// The unique ids of the groups it is in.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Whether it has a password.
    #[serde(default)]
    pub login: Option<LoginProfile>,
}

impl User {
    /// `arn:aws:iam::<account>:user<path><name>`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:user{}{}",
            self.account, self.path, self.name
        )
    }
}
