//! The broker's record.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::configuration::ConfigurationRef;
use super::observed::Observed;
use super::settings::{
    DeploymentMode, EngineType, Pending, Settings, StorageType, WeeklyStartTime,
};
use super::user::BrokerUser;
use crate::ids::{BrokerId, broker_arn};

/// The token that makes CreateBroker repeatable, and what it was first used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatorRequest {
    /// `creatorRequestId`.
    pub token: String,
    /// A digest of the request it came with.
    pub fingerprint: String,
}

/// Which key encrypts the broker's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// Whether it is the service's own.
    pub use_aws_owned_key: bool,
    /// The customer's key.
    pub kms_key_id: Option<String>,
}

/// One instance of a broker and the address it owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// From 1.
    pub number: u8,
    /// Its network interface.
    pub interface_id: String,
    /// Its address.
    pub address: Ipv4Addr,
    /// Its zone.
    pub availability_zone: String,
}

/// What the owner wants of a broker as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    /// It shall run.
    Run,
    /// It shall be gone.
    Delete,
}

/// A broker: desired and observed. Its public state is a function of this record alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broker {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The id.
    pub id: BrokerId,
    /// The name, unique in account and region.
    pub name: String,
    /// When it was made.
    pub created: i64,
    /// The idempotency token it was made with.
    #[serde(default)]
    pub creator_request: Option<CreatorRequest>,
    /// The engine.
    pub engine: EngineType,
    /// How many instances.
    pub deployment_mode: DeploymentMode,
    /// The storage.
    pub storage_type: StorageType,
    /// Whether it is reachable from beyond its VPC.
    pub publicly_accessible: bool,
    /// Its subnets.
    pub subnet_ids: Vec<String>,
    /// Its key.
    pub encryption: Encryption,
    /// Whether patches are applied by themselves.
    pub auto_minor_version_upgrade: bool,
    /// When it is maintained.
    pub maintenance_window: WeeklyStartTime,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// The settings in force.
    pub current: Settings,
    /// The settings that wait.
    #[serde(default)]
    pub pending: Pending,
    /// Earlier configurations, newest first.
    #[serde(default)]
    pub configuration_history: Vec<ConfigurationRef>,
    /// Its ActiveMQ users by name; for RabbitMQ the one user it is first started with, which is never shown.
    #[serde(default)]
    pub users: BTreeMap<String, BrokerUser>,
    /// Its instances.
    #[serde(default)]
    pub instances: Vec<Instance>,
    /// What is wanted of it.
    pub intent: Intent,
    /// How often a reboot was asked for.
    #[serde(default)]
    pub reboots: u64,
    /// What was seen of it.
    #[serde(default)]
    pub observed: Observed,
}

impl Broker {
    /// Its ARN.
    pub fn arn(&self) -> String {
        broker_arn(&self.region, &self.account, &self.name, self.id.as_str())
    }
}
