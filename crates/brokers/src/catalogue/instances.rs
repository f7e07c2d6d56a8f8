//! Instance types and what they go with ("Amazon MQ: broker instance types").

use super::numbers;
use crate::broker::{DeploymentMode, EngineType, StorageType};

/// An instance type of an engine.
#[derive(Debug, PartialEq, Eq)]
pub struct InstanceType {
    /// `mq.m5.large` and the like.
    pub name: &'static str,
    /// Whether new brokers can have it.
    pub creatable: bool,
    /// The storage types it goes with, the default first.
    pub storage: &'static [StorageType],
    /// The storage of a node in gigabytes (RabbitMQ).
    pub sizes: Option<StorageSizes>,
    /// The highest major version that runs on it; `None`: any.
    newest_major: Option<u32>,
}

/// How much storage a RabbitMQ node has, in gigabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageSizes {
    /// Of the only node.
    pub single: u32,
    /// Of each node of a cluster, unless it was set.
    pub cluster: u32,
    /// The highest that can be set for nodes of a cluster; `None`: it cannot be set.
    pub cluster_most: Option<u32>,
}

impl InstanceType {
    /// The instance types of an engine, smallest first.
    pub fn all(engine: EngineType) -> &'static [InstanceType] {
        match engine {
            EngineType::ActiveMq => ACTIVEMQ,
            EngineType::RabbitMq => RABBITMQ,
        }
    }

    /// The instance type of an engine with this name.
    pub fn named(engine: EngineType, name: &str) -> Option<&'static InstanceType> {
        InstanceType::all(engine)
            .iter()
            .find(|kind| kind.name == name)
    }

    /// The deployment modes of an engine, in the order in which Amazon lists them.
    pub fn modes(engine: EngineType) -> &'static [DeploymentMode] {
        match engine {
            EngineType::ActiveMq => &[
                DeploymentMode::ActiveStandbyMultiAz,
                DeploymentMode::SingleInstance,
            ],
            EngineType::RabbitMq => &[
                DeploymentMode::ClusterMultiAz,
                DeploymentMode::SingleInstance,
            ],
        }
    }

    /// The storage types of an engine, the default first.
    pub fn storage(engine: EngineType) -> &'static [StorageType] {
        match engine {
            EngineType::ActiveMq => EFS_EBS,
            EngineType::RabbitMq => EBS,
        }
    }

    /// Whether a version line of its engine runs on it.
    pub fn runs(&self, line: &str) -> bool {
        let major = numbers(line).first().copied().unwrap_or_default();
        self.newest_major.is_none_or(|newest| major <= newest)
    }

    /// The deployment modes that go with the storage type: an active/standby pair shares its storage between zones.
    pub fn modes_with(&self, engine: EngineType, storage: StorageType) -> Vec<DeploymentMode> {
        InstanceType::modes(engine)
            .iter()
            .copied()
            .filter(|mode| match (engine, mode, storage) {
                (_, DeploymentMode::SingleInstance, _)
                | (EngineType::ActiveMq, DeploymentMode::ActiveStandbyMultiAz, StorageType::Efs)
                | (EngineType::RabbitMq, DeploymentMode::ClusterMultiAz, StorageType::Ebs) => true,
                (EngineType::ActiveMq, DeploymentMode::ActiveStandbyMultiAz, StorageType::Ebs)
                | (EngineType::ActiveMq, DeploymentMode::ClusterMultiAz, _)
                | (EngineType::RabbitMq, DeploymentMode::ClusterMultiAz, StorageType::Efs)
                | (EngineType::RabbitMq, DeploymentMode::ActiveStandbyMultiAz, _) => false,
            })
            .collect()
    }
}

const EFS_EBS: &[StorageType] = &[StorageType::Efs, StorageType::Ebs];
const EFS: &[StorageType] = &[StorageType::Efs];
const EBS: &[StorageType] = &[StorageType::Ebs];

const fn activemq(name: &'static str, storage: &'static [StorageType]) -> InstanceType {
    InstanceType {
        name,
        creatable: true,
        storage,
        sizes: None,
        newest_major: None,
    }
}

const fn m7g(name: &'static str, cluster: u32, most: u32) -> InstanceType {
    InstanceType {
        name,
        creatable: true,
        storage: EBS,
        sizes: Some(StorageSizes {
            single: 200,
            cluster,
            cluster_most: Some(most),
        }),
        newest_major: None,
    }
}

/// RabbitMQ 4 runs on mq.m7g only.
const fn rabbit_3(name: &'static str, creatable: bool, size: u32) -> InstanceType {
    InstanceType {
        name,
        creatable,
        storage: EBS,
        sizes: Some(StorageSizes {
            single: size,
            cluster: size,
            cluster_most: None,
        }),
        newest_major: Some(3),
    }
}

const ACTIVEMQ: &[InstanceType] = &[
    activemq("mq.t3.micro", EFS),
    activemq("mq.m5.large", EFS_EBS),
    activemq("mq.m5.xlarge", EFS_EBS),
    activemq("mq.m5.2xlarge", EFS_EBS),
    activemq("mq.m5.4xlarge", EFS_EBS),
];

const RABBITMQ: &[InstanceType] = &[
    // AWS: since 2026 for brokers that have it; no new ones.
    rabbit_3("mq.t3.micro", false, 20),
    rabbit_3("mq.m5.large", true, 200),
    rabbit_3("mq.m5.xlarge", true, 200),
    rabbit_3("mq.m5.2xlarge", true, 200),
    rabbit_3("mq.m5.4xlarge", true, 200),
    m7g("mq.m7g.medium", 5, 25),
    m7g("mq.m7g.large", 15, 75),
    m7g("mq.m7g.xlarge", 25, 125),
    m7g("mq.m7g.2xlarge", 45, 180),
    m7g("mq.m7g.4xlarge", 90, 250),
    m7g("mq.m7g.8xlarge", 175, 400),
    m7g("mq.m7g.12xlarge", 260, 500),
    m7g("mq.m7g.16xlarge", 345, 500),
];
