//! ActiveMQ users of a broker. Their changes wait for a reboot.

use serde::{Deserialize, Serialize};

/// What is about to happen to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeType {
    /// It will be added.
    Create,
    /// It will be changed.
    Update,
    /// It will be removed.
    Delete,
}

impl ChangeType {
    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            ChangeType::Create => "CREATE",
            ChangeType::Update => "UPDATE",
            ChangeType::Delete => "DELETE",
        }
    }
}

/// What a user is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSettings {
    /// The sealed password; broker id and user name are its associated data.
    pub sealed_password: String,
    /// Whether it may use the web console.
    pub console_access: bool,
    /// Its groups, as they were given.
    pub groups: Vec<String>,
    /// Whether it carries data replication.
    #[serde(default)]
    pub replication_user: bool,
}

/// What waits for a reboot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingUser {
    /// The kind of change.
    pub change: ChangeType,
    /// The settings to come; absent for a removal.
    pub settings: Option<UserSettings>,
}

/// A user of a broker: what it is now, and what it will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokerUser {
    /// What it is now; absent while it waits to be added.
    pub current: Option<UserSettings>,
    /// What waits.
    #[serde(default)]
    pub pending: Option<PendingUser>,
}

impl BrokerUser {
    /// The associated data that ties a sealed password to this user of this broker.
    pub fn seal_identity(broker: &str, username: &str) -> String {
        format!("{broker}/user/{username}")
    }
}
