//! CreateBroker.

use std::collections::{BTreeMap, BTreeSet};

use super::Limits;
use super::fields::{broker_name, maintenance_window, one_of, required, tags};
use super::invalid::{Invalid, shortened};
use super::ldap::{LdapRequest, NewLdap};
use super::user::{NewUser, UserRequest};
use crate::broker::{
    AuthenticationStrategy, DataReplicationMode, DeploymentMode, Encryption, EngineType, Logs,
    StorageType, WeeklyStartTime,
};
use crate::catalogue::{Catalogue, InstanceType, Offer, numbers};
use crate::ids::ConfigurationId;

/// The members of CreateBroker as they came.
#[derive(Default)]
pub struct BrokerRequest<'a> {
    /// `authenticationStrategy`.
    pub authentication_strategy: Option<&'a str>,
    /// `autoMinorVersionUpgrade`.
    pub auto_minor_version_upgrade: Option<bool>,
    /// `brokerName`.
    pub broker_name: Option<&'a str>,
    /// `configuration`: id and revision.
    pub configuration: Option<(Option<&'a str>, Option<i64>)>,
    /// `creatorRequestId`.
    pub creator_request_id: Option<&'a str>,
    /// `deploymentMode`.
    pub deployment_mode: Option<&'a str>,
    /// `encryptionOptions`.
    pub encryption: Option<EncryptionRequest<'a>>,
    /// `engineType`.
    pub engine_type: Option<&'a str>,
    /// `engineVersion`.
    pub engine_version: Option<&'a str>,
    /// `hostInstanceType`.
    pub host_instance_type: Option<&'a str>,
    /// `ldapServerMetadata`.
    pub ldap: Option<LdapRequest<'a>>,
    /// `logs`.
    pub logs: Option<LogsRequest>,
    /// `maintenanceWindowStartTime`.
    pub maintenance_window: Option<WindowRequest<'a>>,
    /// `publiclyAccessible`.
    pub publicly_accessible: Option<bool>,
    /// `securityGroups`.
    pub security_groups: Option<&'a [String]>,
    /// `storageSize`.
    pub storage_size: Option<i64>,
    /// `storageType`.
    pub storage_type: Option<&'a str>,
    /// `subnetIds`.
    pub subnet_ids: Option<&'a [String]>,
    /// `tags`.
    pub tags: Option<&'a BTreeMap<String, String>>,
    /// `users`.
    pub users: Vec<UserRequest<'a>>,
    /// `dataReplicationMode`.
    pub data_replication_mode: Option<&'a str>,
    /// `dataReplicationPrimaryBrokerArn`.
    pub data_replication_primary_broker_arn: Option<&'a str>,
}

/// `encryptionOptions` as they came.
#[derive(Clone, Copy, Default)]
pub struct EncryptionRequest<'a> {
    /// `kmsKeyId`.
    pub kms_key_id: Option<&'a str>,
    /// `useAwsOwnedKey`.
    pub use_aws_owned_key: Option<bool>,
}

/// `logs` as they came.
#[derive(Clone, Copy, Default)]
pub struct LogsRequest {
    /// `audit`.
    pub audit: Option<bool>,
    /// `general`.
    pub general: Option<bool>,
}

/// `maintenanceWindowStartTime` as it came.
#[derive(Clone, Copy, Default)]
pub struct WindowRequest<'a> {
    /// `dayOfWeek`.
    pub day_of_week: Option<&'a str>,
    /// `timeOfDay`.
    pub time_of_day: Option<&'a str>,
    /// `timeZone`.
    pub time_zone: Option<&'a str>,
}

/// A broker to be made, consistent in itself. Made by [`NewBroker::read`] alone.
#[derive(Clone)]
pub struct NewBroker {
    /// The name.
    pub name: String,
    /// The engine and the version that will run.
    pub offer: Offer,
    /// The instance type.
    pub host_instance_type: String,
    /// The deployment mode.
    pub deployment_mode: DeploymentMode,
    /// The storage type.
    pub storage_type: StorageType,
    /// The storage size, where it was set.
    pub storage_size: Option<u32>,
    /// Whether patches are applied by themselves.
    pub auto_minor_version_upgrade: bool,
    /// The configuration and its revision; without a revision the latest.
    pub configuration: Option<(ConfigurationId, Option<i64>)>,
    /// The idempotency token.
    pub creator_request_id: Option<String>,
    /// The key.
    pub encryption: Encryption,
    /// The LDAP server.
    pub ldap: Option<NewLdap>,
    /// The logs.
    pub logs: Logs,
    /// The maintenance window; without one the service chooses.
    pub maintenance_window: Option<WeeklyStartTime>,
    /// Whether it is reachable from beyond its VPC.
    pub publicly_accessible: bool,
    /// Security groups as given.
    pub security_groups: Vec<String>,
    /// Subnets as given.
    pub subnet_ids: Vec<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Users. A RabbitMQ broker whose configuration brings other back ends may have none.
    pub users: Vec<NewUser>,
    /// Who decides on logins; for RabbitMQ the configuration says.
    pub authentication_strategy: AuthenticationStrategy,
    /// The broker it shall replicate, an ARN.
    pub replica_of: Option<String>,
}

impl NewBroker {
    /// Reads the request.
    ///
    /// # Errors
    /// The first member that is missing, wrong, or does not go with the others.
    pub fn read(
        request: &BrokerRequest<'_>,
        catalogue: &Catalogue,
        limits: &Limits,
    ) -> Result<NewBroker, Invalid> {
        let name = broker_name(required(request.broker_name, "brokerName")?)?;
        let engine = catalogue.engine(required(request.engine_type, "engineType")?)?;
        let offer = catalogue.version(engine, request.engine_version)?;
        let host_instance_type = required(request.host_instance_type, "hostInstanceType")?;
        let deployment_mode = one_of(
            required(request.deployment_mode, "deploymentMode")?,
            DeploymentMode::parse,
            DeploymentMode::ALL,
            DeploymentMode::model,
            "Broker deployment mode",
            "deploymentMode",
        )?;
        let storage_type = match request.storage_type {
            Some(text) => one_of(
                text,
                StorageType::parse,
                StorageType::ALL,
                StorageType::model,
                "Broker storage type",
                "storageType",
            )?,
            None => match engine {
                EngineType::ActiveMq => StorageType::Efs,
                EngineType::RabbitMq => StorageType::Ebs,
            },
        };
        let kind = catalogue.check(offer, host_instance_type, storage_type, deployment_mode)?;
        let storage_size = match request.storage_size {
            None => None,
            Some(size) => storage_size(size, engine, &offer.line, deployment_mode, kind)?,
        };
        let auto_minor_version_upgrade = request.auto_minor_version_upgrade.unwrap_or(true);
        if !auto_minor_version_upgrade && needs_patches(engine, &offer.line) {
            return Err(Invalid::AutoMinorVersionUpgrade {
                engine,
                version: offer.line.clone(),
            });
        }
        let strategy = strategy(request.authentication_strategy, engine, catalogue)?;
        let ldap = ldap(request.ldap.as_ref(), engine, strategy)?;
        let users = users(request, engine, strategy, limits)?;
        let configuration = request.configuration.map(configuration).transpose()?;
        Ok(NewBroker {
            name,
            offer: offer.clone(),
            host_instance_type: host_instance_type.into(),
            deployment_mode,
            storage_type,
            storage_size,
            auto_minor_version_upgrade,
            configuration,
            creator_request_id: creator_request_id(request.creator_request_id)?,
            encryption: encryption(request.encryption, engine, catalogue)?,
            ldap,
            logs: logs(request.logs, engine, Invalid::RabbitAudit)?.unwrap_or(Logs {
                general: false,
                audit: match engine {
                    EngineType::ActiveMq => Some(false),
                    EngineType::RabbitMq => None,
                },
            }),
            maintenance_window: request
                .maintenance_window
                .as_ref()
                .map(maintenance_window)
                .transpose()?,
            publicly_accessible: request.publicly_accessible.unwrap_or(false),
            security_groups: security_groups(request.security_groups.unwrap_or_default(), limits)?,
            subnet_ids: distinct(request.subnet_ids.unwrap_or_default()),
            tags: tags(request.tags, limits.tags)?,
            users,
            authentication_strategy: strategy,
            replica_of: replica_of(request, engine)?,
        })
    }
}

/// AWS: since these versions patches are not optional.
pub fn needs_patches(engine: EngineType, line: &str) -> bool {
    let since = match engine {
        EngineType::ActiveMq => [5, 18],
        EngineType::RabbitMq => [3, 13],
    };
    numbers(line).as_slice() >= since.as_slice()
}

/// `storageSize` in gigabytes; 0 asks for the default and is only of use in an update.
pub(super) fn storage_size(
    size: i64,
    engine: EngineType,
    version: &str,
    mode: DeploymentMode,
    kind: &InstanceType,
) -> Result<Option<u32>, Invalid> {
    let four = numbers(version).first().is_some_and(|major| *major >= 4);
    let cluster = match (engine, mode) {
        (EngineType::RabbitMq, DeploymentMode::ClusterMultiAz) => four,
        (EngineType::RabbitMq, _) | (EngineType::ActiveMq, _) => false,
    };
    let sizes = kind
        .sizes
        .and_then(|sizes| Some((sizes.cluster, sizes.cluster_most?)));
    let Some((least, most)) = sizes.filter(|_| cluster) else {
        return Err(Invalid::StorageSizeNotSupported);
    };
    if size == 0 {
        return Ok(None);
    }
    u32::try_from(size)
        .ok()
        .filter(|size| (least..=most).contains(size) && size % 5 == 0)
        .map(Some)
        .ok_or_else(|| Invalid::StorageSize {
            size,
            instance_type: kind.name.into(),
            least,
            most,
        })
}

pub(super) fn strategy(
    text: Option<&str>,
    engine: EngineType,
    catalogue: &Catalogue,
) -> Result<AuthenticationStrategy, Invalid> {
    let Some(text) = text else {
        return Ok(AuthenticationStrategy::Simple);
    };
    let valid = catalogue.strategies(engine);
    AuthenticationStrategy::parse(text)
        .filter(|strategy| valid.contains(strategy))
        .ok_or_else(|| Invalid::NotFor {
            what: "Authentication strategy",
            value: shortened(text),
            of: "broker engine type",
            with: engine.model().into(),
            valid: crate::catalogue::joined(valid.iter().map(|value| value.model())),
            attribute: "authenticationStrategy",
        })
}

fn ldap(
    request: Option<&LdapRequest<'_>>,
    engine: EngineType,
    strategy: AuthenticationStrategy,
) -> Result<Option<NewLdap>, Invalid> {
    match (request, engine, strategy) {
        (Some(_), EngineType::RabbitMq, _) => Err(rabbit_ldap()),
        (Some(request), EngineType::ActiveMq, AuthenticationStrategy::Ldap) => {
            NewLdap::read(request).map(Some)
        }
        (
            Some(_),
            EngineType::ActiveMq,
            AuthenticationStrategy::Simple | AuthenticationStrategy::ConfigManaged,
        ) => Err(Invalid::LdapWithoutStrategy),
        (None, _, AuthenticationStrategy::Ldap) => Err(Invalid::NoLdap),
        (None, _, AuthenticationStrategy::Simple | AuthenticationStrategy::ConfigManaged) => {
            Ok(None)
        }
    }
}

pub(super) fn rabbit_ldap() -> Invalid {
    Invalid::NotSupported {
        what: "LDAP server metadata is",
        engine: EngineType::RabbitMq,
        attribute: "ldapServerMetadata",
    }
}

fn users(
    request: &BrokerRequest<'_>,
    engine: EngineType,
    strategy: AuthenticationStrategy,
    limits: &Limits,
) -> Result<Vec<NewUser>, Invalid> {
    let count = request.users.len();
    match engine {
        // Without a configuration nothing else than the user could log in.
        EngineType::RabbitMq if count > 1 || (count == 0 && request.configuration.is_none()) => {
            return Err(Invalid::OneRabbitUser);
        }
        EngineType::RabbitMq => {}
        EngineType::ActiveMq => match strategy {
            AuthenticationStrategy::Simple if count == 0 => return Err(Invalid::NoUser),
            AuthenticationStrategy::Simple
            | AuthenticationStrategy::Ldap
            | AuthenticationStrategy::ConfigManaged => {}
        },
    }
    if count > limits.users as usize {
        return Err(Invalid::TooMany {
            what: "users per broker",
            most: limits.users,
            attribute: "users",
        });
    }
    let mut names = BTreeSet::new();
    let mut users = Vec::with_capacity(count);
    for user in &request.users {
        let user = NewUser::read(user, engine, limits)?;
        if !names.insert(user.username.clone()) {
            return Err(Invalid::RepeatedUser(user.username));
        }
        users.push(user);
    }
    Ok(users)
}

pub(super) fn configuration(
    (id, revision): (Option<&str>, Option<i64>),
) -> Result<(ConfigurationId, Option<i64>), Invalid> {
    let id = required(id, "configuration.id")?;
    let parsed =
        ConfigurationId::parse(id).ok_or_else(|| Invalid::UnknownConfiguration(shortened(id)))?;
    Ok((parsed, revision))
}

fn creator_request_id(text: Option<&str>) -> Result<Option<String>, Invalid> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) if text.len() <= 256 && !text.chars().any(char::is_control) => {
            Ok(Some(text.into()))
        }
        Some(text) => Err(Invalid::Malformed {
            what: "Creator request ID",
            value: shortened(text).replace(char::is_control, "?"),
            rule: "Use at most 256 characters, without control characters.",
            attribute: "creatorRequestId",
        }),
    }
}

fn encryption(
    request: Option<EncryptionRequest<'_>>,
    engine: EngineType,
    catalogue: &Catalogue,
) -> Result<Encryption, Invalid> {
    let Some(request) = request else {
        return Ok(Encryption {
            use_aws_owned_key: true,
            kms_key_id: None,
        });
    };
    let use_aws_owned_key = required(
        request.use_aws_owned_key,
        "encryptionOptions.useAwsOwnedKey",
    )?;
    let kms_key_id = request.kms_key_id.filter(|key| !key.is_empty());
    if use_aws_owned_key && kms_key_id.is_some() {
        return Err(Invalid::KeyAndOwnedKey);
    }
    if kms_key_id.is_some() && !catalogue.customer_keys() {
        return Err(Invalid::NotSupported {
            what: "Encryption with a KMS key is",
            engine,
            attribute: "encryptionOptions.kmsKeyId",
        });
    }
    if let Some(key) = kms_key_id
        && (key.len() > 2048 || !key.bytes().all(|byte| byte.is_ascii_graphic()))
    {
        return Err(Invalid::Malformed {
            what: "KMS key ID",
            value: shortened(key),
            rule: "Use a key ID, a key ARN, an alias, or an alias ARN.",
            attribute: "encryptionOptions.kmsKeyId",
        });
    }
    Ok(Encryption {
        use_aws_owned_key,
        kms_key_id: kms_key_id.map(str::to_owned),
    })
}

/// AWS: for RabbitMQ `audit` is refused even as false; create and update have different texts.
pub(super) fn logs(
    request: Option<LogsRequest>,
    engine: EngineType,
    rabbit_audit: Invalid,
) -> Result<Option<Logs>, Invalid> {
    let Some(request) = request else {
        return Ok(None);
    };
    let audit = match (engine, request.audit) {
        (EngineType::RabbitMq, Some(_)) => return Err(rabbit_audit),
        (EngineType::RabbitMq, None) => None,
        (EngineType::ActiveMq, audit) => Some(audit.unwrap_or(false)),
    };
    Ok(Some(Logs {
        general: request.general.unwrap_or(false),
        audit,
    }))
}

pub(super) fn security_groups(given: &[String], limits: &Limits) -> Result<Vec<String>, Invalid> {
    let given = distinct(given);
    if given.len() > limits.security_groups as usize {
        return Err(Invalid::TooMany {
            what: "security groups per broker",
            most: limits.security_groups,
            attribute: "securityGroups",
        });
    }
    Ok(given)
}

fn distinct(given: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    given
        .iter()
        .filter(|value| seen.insert(value.as_str()))
        .cloned()
        .collect()
}

fn replica_of(request: &BrokerRequest<'_>, engine: EngineType) -> Result<Option<String>, Invalid> {
    let mode = request
        .data_replication_mode
        .map(replication_mode)
        .transpose()?
        .unwrap_or(DataReplicationMode::None);
    match (mode, request.data_replication_primary_broker_arn) {
        (DataReplicationMode::None, None) => Ok(None),
        (DataReplicationMode::None, Some(_)) => Err(Invalid::PrimaryWithoutReplication),
        (DataReplicationMode::Crdr, None) => Err(Invalid::NoPrimary),
        (DataReplicationMode::Crdr, Some(arn)) => match engine {
            EngineType::RabbitMq => Err(rabbit_replication()),
            EngineType::ActiveMq if is_broker_arn(arn) => Ok(Some(arn.into())),
            EngineType::ActiveMq => Err(Invalid::Malformed {
                what: "Data replication primary broker ARN",
                value: shortened(arn),
                rule: "Use the ARN of a broker.",
                attribute: "dataReplicationPrimaryBrokerArn",
            }),
        },
    }
}

pub(super) fn rabbit_replication() -> Invalid {
    Invalid::NotSupported {
        what: "Data replication is",
        engine: EngineType::RabbitMq,
        attribute: "dataReplicationMode",
    }
}

pub(super) fn replication_mode(text: &str) -> Result<DataReplicationMode, Invalid> {
    one_of(
        text,
        DataReplicationMode::parse,
        DataReplicationMode::ALL,
        DataReplicationMode::model,
        "Data replication mode",
        "dataReplicationMode",
    )
}

fn is_broker_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    matches!(parts.as_slice(), ["arn", _, "mq", region, account, "broker", _, id]
        if !region.is_empty() && !account.is_empty() && crate::ids::BrokerId::parse(id).is_some())
}
