//! IAM roles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::user::Tag;

/// An IAM role with what is written on it. Names are unique in the account without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The account, 12 digits.
    pub account: String,
    /// The path, `/` or `/a/b/`.
    pub path: String,
    /// The name as it was given.
    pub name: String,
    /// The unique id, `AROA…`.
    pub id: String,
    /// When it was made.
    pub created: i64,
    /// The trust policy, as it was given.
    pub trust: String,
    /// The unique ids that the users, roles and sessions of roles in the trust policy had when it was written, by ARN. They are
    /// whom it trusts.
    #[serde(default)]
    pub trusted: BTreeMap<String, String>,
    /// The description.
    #[serde(default)]
    pub description: Option<String>,
    /// The longest session, in seconds, 3,600 to 43,200.
    pub max_session: i64,
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
    /// The service whose service-linked role it is: nobody else may change it.
    #[serde(default)]
    pub service: Option<String>,
}

impl Role {
    /// `arn:aws:iam::<account>:role<path><name>`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:role{}{}",
            self.account, self.path, self.name
        )
    }
}

/// An instance profile: a name under which one role is handed to a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceProfile {
    /// The account, 12 digits.
    pub account: String,
    /// The path, `/` or `/a/b/`.
    pub path: String,
    /// The name as it was given.
    pub name: String,
    /// The unique id, `AIPA…`.
    pub id: String,
    /// When it was made.
    pub created: i64,
    /// The name of its role.
    #[serde(default)]
    pub role: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<Tag>,
}

impl InstanceProfile {
    /// `arn:aws:iam::<account>:instance-profile<path><name>`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:instance-profile{}{}",
            self.account, self.path, self.name
        )
    }
}

/// How the deletion of a service-linked role ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionTask {
    /// The account, 12 digits.
    pub account: String,
    /// The id, `task/aws-service-role/<service>/<role>/<uuid>`.
    pub id: String,
    /// What still used the role, by region: ARNs. Empty if the role is gone.
    pub usage: BTreeMap<String, Vec<String>>,
}
