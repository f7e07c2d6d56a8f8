//! A broker as it is stored: what its owner asked for, what waits for a reboot, and what was seen of it. Times are milliseconds
//! since the Unix epoch.

mod configuration;
mod endpoints;
mod observed;
mod record;
mod settings;
mod state;
mod user;

pub use configuration::{Configuration, ConfigurationRef, Revision, RevisionData};
pub use endpoints::InstanceEndpoints;
pub use observed::{ActionRequired, Event, Failure, NodeStatus, Observed};
pub use record::{Broker, CreatorRequest, Encryption, Instance, Intent};
pub use settings::{
    AuthenticationStrategy, BrokerState, DataReplicationMode, DayOfWeek, DeploymentMode,
    EngineType, Ldap, Logs, Pending, Settings, StorageType, WeeklyStartTime,
};
pub use user::{BrokerUser, ChangeType, PendingUser, UserSettings};
