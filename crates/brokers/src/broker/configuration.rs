//! Configurations and their revisions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::settings::{AuthenticationStrategy, EngineType};
use crate::ids::{ConfigurationId, configuration_arn};

/// One revision of one configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConfigurationRef {
    /// The configuration.
    pub id: ConfigurationId,
    /// The revision, from 1.
    pub revision: u32,
}

/// A revision. Its content never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// From 1, one more each time.
    pub revision: u32,
    /// When it was made.
    pub created: i64,
    /// The description, where one was given.
    #[serde(default)]
    pub description: Option<String>,
}

/// The content of a revision, a document of its own: a new revision does not write the old ones again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionData {
    /// The account.
    pub account: String,
    /// Which revision of which configuration.
    pub of: ConfigurationRef,
    /// For ActiveMQ the sanitised XML, for RabbitMQ the cuttlefish text.
    pub data: String,
}

/// A configuration with its revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The id.
    pub id: ConfigurationId,
    /// The name; it need not be unique.
    pub name: String,
    /// When it was made.
    pub created: i64,
    /// The engine it is for.
    pub engine: EngineType,
    /// The engine version it was made for.
    pub engine_version: String,
    /// The strategy it was made for.
    pub authentication_strategy: AuthenticationStrategy,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Its revisions, oldest first, never empty.
    pub revisions: Vec<Revision>,
}

impl Configuration {
    /// Its ARN.
    pub fn arn(&self) -> String {
        configuration_arn(&self.region, &self.account, self.id.as_str())
    }

    /// The newest revision.
    pub fn latest(&self) -> Option<&Revision> {
        self.revisions.last()
    }

    /// The revision with this number.
    pub fn revision(&self, revision: u32) -> Option<&Revision> {
        self.revisions
            .iter()
            .find(|candidate| candidate.revision == revision)
    }
}
