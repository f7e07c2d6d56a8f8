//! The settings of a broker: those in force and those that wait for a reboot.

use serde::{Deserialize, Serialize};

use super::configuration::ConfigurationRef;

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EngineType {
    /// Apache ActiveMQ Classic.
    ActiveMq,
    /// RabbitMQ.
    RabbitMq,
}

impl EngineType {
    /// Every value, in the order of the service model.
    pub const ALL: &[EngineType] = &[EngineType::ActiveMq, EngineType::RabbitMq];

    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            EngineType::ActiveMq => "ACTIVEMQ",
            EngineType::RabbitMq => "RABBITMQ",
        }
    }

    /// The spelling in descriptions of brokers and configurations.
    pub fn described(self) -> &'static str {
        match self {
            EngineType::ActiveMq => "ActiveMQ",
            EngineType::RabbitMq => "RabbitMQ",
        }
    }

    /// Reads a value in any case, as the service does.
    pub fn parse(text: &str) -> Option<EngineType> {
        EngineType::ALL
            .iter()
            .copied()
            .find(|value| value.model().eq_ignore_ascii_case(text))
    }
}

/// How many instances a broker has, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DeploymentMode {
    /// One instance.
    SingleInstance,
    /// ActiveMQ: two instances in two zones, one of them active.
    ActiveStandbyMultiAz,
    /// RabbitMQ: three nodes in three zones.
    ClusterMultiAz,
}

impl DeploymentMode {
    /// Every value, in the order of the service model.
    pub const ALL: &[DeploymentMode] = &[
        DeploymentMode::SingleInstance,
        DeploymentMode::ActiveStandbyMultiAz,
        DeploymentMode::ClusterMultiAz,
    ];

    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            DeploymentMode::SingleInstance => "SINGLE_INSTANCE",
            DeploymentMode::ActiveStandbyMultiAz => "ACTIVE_STANDBY_MULTI_AZ",
            DeploymentMode::ClusterMultiAz => "CLUSTER_MULTI_AZ",
        }
    }

    /// Reads a value in any case, as the service does.
    pub fn parse(text: &str) -> Option<DeploymentMode> {
        DeploymentMode::ALL
            .iter()
            .copied()
            .find(|value| value.model().eq_ignore_ascii_case(text))
    }
}

/// Where messages are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StorageType {
    /// Block storage of one zone.
    Ebs,
    /// Shared storage of several zones.
    Efs,
}

impl StorageType {
    /// Every value, in the order of the service model.
    pub const ALL: &[StorageType] = &[StorageType::Ebs, StorageType::Efs];

    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            StorageType::Ebs => "EBS",
            StorageType::Efs => "EFS",
        }
    }

    /// The spelling in descriptions of brokers and configurations.
    pub fn described(self) -> &'static str {
        match self {
            StorageType::Ebs => "ebs",
            StorageType::Efs => "efs",
        }
    }

    /// Reads a value in any case, as the service does.
    pub fn parse(text: &str) -> Option<StorageType> {
        StorageType::ALL
            .iter()
            .copied()
            .find(|value| value.model().eq_ignore_ascii_case(text))
    }
}

/// Who decides on logins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AuthenticationStrategy {
    /// The users of the Amazon MQ API.
    Simple,
    /// An LDAP server.
    Ldap,
    /// The broker's own configuration (RabbitMQ).
    ConfigManaged,
}

impl AuthenticationStrategy {
    /// Every value, in the order of the service model.
    pub const ALL: &[AuthenticationStrategy] = &[
        AuthenticationStrategy::Simple,
        AuthenticationStrategy::Ldap,
        AuthenticationStrategy::ConfigManaged,
    ];

    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            AuthenticationStrategy::Simple => "SIMPLE",
            AuthenticationStrategy::Ldap => "LDAP",
            AuthenticationStrategy::ConfigManaged => "CONFIG_MANAGED",
        }
    }

    /// The spelling in descriptions of brokers and configurations.
    pub fn described(self) -> &'static str {
        match self {
            AuthenticationStrategy::Simple => "simple",
            AuthenticationStrategy::Ldap => "ldap",
            AuthenticationStrategy::ConfigManaged => "config_managed",
        }
    }

    /// Reads a value in any case, as the service does.
    pub fn parse(text: &str) -> Option<AuthenticationStrategy> {
        AuthenticationStrategy::ALL
            .iter()
            .copied()
            .find(|value| value.model().eq_ignore_ascii_case(text))
    }
}

/// Whether data goes to another region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DataReplicationMode {
    /// No replication.
    None,
    /// Cross-region data replication.
    Crdr,
}

impl DataReplicationMode {
    /// Every value, in the order of the service model.
    pub const ALL: &[DataReplicationMode] = &[DataReplicationMode::None, DataReplicationMode::Crdr];

    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            DataReplicationMode::None => "NONE",
            DataReplicationMode::Crdr => "CRDR",
        }
    }

    /// Reads a value in any case, as the service does.
    pub fn parse(text: &str) -> Option<DataReplicationMode> {
        DataReplicationMode::ALL
            .iter()
            .copied()
            .find(|value| value.model().eq_ignore_ascii_case(text))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DayOfWeek {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl DayOfWeek {
    /// Every value, in the order of the service model.
    pub const ALL: &[DayOfWeek] = &[
        DayOfWeek::Monday,
        DayOfWeek::Tuesday,
        DayOfWeek::Wednesday,
        DayOfWeek::Thursday,
        DayOfWeek::Friday,
        DayOfWeek::Saturday,
        DayOfWeek::Sunday,
    ];

    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            DayOfWeek::Monday => "MONDAY",
            DayOfWeek::Tuesday => "TUESDAY",
            DayOfWeek::Wednesday => "WEDNESDAY",
            DayOfWeek::Thursday => "THURSDAY",
            DayOfWeek::Friday => "FRIDAY",
            DayOfWeek::Saturday => "SATURDAY",
            DayOfWeek::Sunday => "SUNDAY",
        }
    }

    /// Reads a value in any case, as the service does.
    pub fn parse(text: &str) -> Option<DayOfWeek> {
        DayOfWeek::ALL
            .iter()
            .copied()
            .find(|value| value.model().eq_ignore_ascii_case(text))
    }
}

/// The state of a broker ("Broker statuses").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BrokerState {
    /// It is being created.
    CreationInProgress,
    /// It could not be created.
    CreationFailed,
    /// It is being deleted.
    DeletionInProgress,
    /// Every promised endpoint answers.
    Running,
    /// It is rebooting.
    RebootInProgress,
    /// It needs its owner: see `actionsRequired`.
    CriticalActionRequired,
    /// It is a data replication replica.
    Replica,
}

impl BrokerState {
    /// Every value, in the order of the service model.
    pub const ALL: &[BrokerState] = &[
        BrokerState::CreationInProgress,
        BrokerState::CreationFailed,
        BrokerState::DeletionInProgress,
        BrokerState::Running,
        BrokerState::RebootInProgress,
        BrokerState::CriticalActionRequired,
        BrokerState::Replica,
    ];

    /// The spelling of the service model.
    pub fn model(self) -> &'static str {
        match self {
            BrokerState::CreationInProgress => "CREATION_IN_PROGRESS",
            BrokerState::CreationFailed => "CREATION_FAILED",
            BrokerState::DeletionInProgress => "DELETION_IN_PROGRESS",
            BrokerState::Running => "RUNNING",
            BrokerState::RebootInProgress => "REBOOT_IN_PROGRESS",
            BrokerState::CriticalActionRequired => "CRITICAL_ACTION_REQUIRED",
            BrokerState::Replica => "REPLICA",
        }
    }

    /// Reads a value in any case, as the service does.
    pub fn parse(text: &str) -> Option<BrokerState> {
        BrokerState::ALL
            .iter()
            .copied()
            .find(|value| value.model().eq_ignore_ascii_case(text))
    }
}

/// Which logs are kept for the owner to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logs {
    /// The engine's log.
    pub general: bool,
    /// ActiveMQ: management actions. Absent for RabbitMQ.
    pub audit: Option<bool>,
}

/// The weekly maintenance window's begin; it lasts two hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyStartTime {
    /// The day.
    pub day_of_week: DayOfWeek,
    /// `HH:MM`, 24 hours.
    pub time_of_day: String,
    /// `Country/City` or an offset from UTC, as it was given.
    pub time_zone: String,
}

/// The LDAP server that decides on logins. The service account's password is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ldap {
    /// One or two fully qualified host names.
    pub hosts: Vec<String>,
    /// Where roles are searched.
    pub role_base: String,
    /// The attribute that names a role.
    pub role_name: Option<String>,
    /// The search for roles.
    pub role_search_matching: String,
    /// Whether the search for roles goes deep.
    pub role_search_subtree: Option<bool>,
    /// The service account.
    pub service_account_username: String,
    /// Its sealed password.
    pub sealed_service_account_password: String,
    /// Where users are searched.
    pub user_base: String,
    /// The attribute of a user that names its roles.
    pub user_role_name: Option<String>,
    /// The search for users.
    pub user_search_matching: String,
    /// Whether the search for users goes deep.
    pub user_search_subtree: Option<bool>,
}

impl Ldap {
    /// The associated data that ties the sealed password to this broker.
    pub fn seal_identity(broker: &str) -> String {
        format!("{broker}/ldap")
    }
}

/// The settings that a running broker has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The engine version that runs, with its patch where it is known.
    pub engine_version: String,
    /// `mq.m5.large` and the like.
    pub host_instance_type: String,
    /// The security groups.
    pub security_groups: Vec<String>,
    /// The configuration's revision in force; RabbitMQ brokers may have none.
    pub configuration: Option<ConfigurationRef>,
    /// The logs.
    pub logs: Logs,
    /// Who decides on logins.
    pub authentication_strategy: AuthenticationStrategy,
    /// The LDAP server.
    #[serde(default)]
    pub ldap: Option<Ldap>,
    /// Gigabytes, where it was set (RabbitMQ clusters).
    #[serde(default)]
    pub storage_size: Option<u32>,
    /// Whether data goes to another region.
    pub data_replication_mode: DataReplicationMode,
}

/// The settings that wait for the next reboot; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pending {
    /// The engine version to come.
    pub engine_version: Option<String>,
    /// The instance type to come.
    pub host_instance_type: Option<String>,
    /// The security groups to come.
    pub security_groups: Option<Vec<String>>,
    /// The configuration's revision to come.
    pub configuration: Option<ConfigurationRef>,
    /// The logs to come.
    pub logs: Option<Logs>,
    /// The strategy to come.
    pub authentication_strategy: Option<AuthenticationStrategy>,
    /// The LDAP server to come.
    pub ldap: Option<Ldap>,
    /// The storage size to come.
    pub storage_size: Option<u32>,
    /// The replication to come.
    pub data_replication_mode: Option<DataReplicationMode>,
}
