//! IAM groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An IAM group with what is written on it. Names are unique in the account without regard to case. Who is in it stands on
/// the users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The account, 12 digits.
    pub account: String,
    /// The path, `/` or `/a/b/`.
    pub path: String,
    /// The name as it was given.
    pub name: String,
    /// The unique id, `AGPA…`.
    pub id: String,
    /// When it was made.
    pub created: i64,
    /// Inline policies: name to document, as it was given.
    #[serde(default)]
    pub inline: BTreeMap<String, String>,
    /// ARNs of attached managed policies, in the order of attachment.
    #[serde(default)]
    pub attached: Vec<String>,
}

impl Group {
    /// `arn:aws:iam::<account>:group<path><name>`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:group{}{}",
            self.account, self.path, self.name
        )
    }
}
