//! Access keys.

use serde::{Deserialize, Serialize};

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessKeyStatus {
    /// It signs requests.
    Active,
    /// It is refused as if it did not exist.
    Inactive,
}

impl AccessKeyStatus {
    /// The spelling on the wire.
    pub fn name(self) -> &'static str {
        match self {
            AccessKeyStatus::Active => "Active",
            AccessKeyStatus::Inactive => "Inactive",
        }
    }
}

/// Whom a key belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyOwner {
    /// The account itself.
    Root,
    /// The user of this name.
    User(String),
}

/// An access key. Its secret is kept sealed: SigV4 needs the secret itself, so a hash would not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// The key id, `AKIA…`.
    pub id: String,
    /// The account.
    pub account: String,
    /// The owner.
    pub owner: KeyOwner,
    /// The sealed secret; the key id is its associated data.
    pub sealed_secret: String,
    /// Whether it works.
    pub status: AccessKeyStatus,
    /// When it was made.
    pub created: i64,
}

impl AccessKey {
    /// The associated data that ties the sealed secret to this key of this account.
    pub fn seal_identity(account: &str, id: &str) -> String {
        format!("{account}/access-key/{id}")
    }
}
