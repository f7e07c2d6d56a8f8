//! UpdateBroker: what changes at once, and what waits for a reboot.

use super::Limits;
use super::fields::maintenance_window;
use super::invalid::{Invalid, shortened};
use super::new_broker::{
    LogsRequest, WindowRequest, configuration, logs, needs_patches, rabbit_ldap,
    rabbit_replication, replication_mode, security_groups, storage_size, strategy,
};
use super::usable::{Configurations, MeantFor};
use crate::broker::{
    AuthenticationStrategy, Broker, BrokerState, DataReplicationMode, EngineType, Ldap,
};
use crate::catalogue::{Catalogue, InstanceType, Offer, line, numbers};

/// The members of UpdateBroker as they came.
#[derive(Default)]
pub struct UpdateRequest<'a> {
    /// `authenticationStrategy`.
    pub authentication_strategy: Option<&'a str>,
    /// `autoMinorVersionUpgrade`.
    pub auto_minor_version_upgrade: Option<bool>,
    /// `configuration`: id and revision.
    pub configuration: Option<(Option<&'a str>, Option<i64>)>,
    /// `engineVersion`.
    pub engine_version: Option<&'a str>,
    /// `hostInstanceType`.
    pub host_instance_type: Option<&'a str>,
    /// `ldapServerMetadata`, read and sealed.
    pub ldap: Option<Ldap>,
    /// `logs`.
    pub logs: Option<LogsRequest>,
    /// `maintenanceWindowStartTime`.
    pub maintenance_window: Option<WindowRequest<'a>>,
    /// `resourceShareArns`.
    pub resource_share_arns: Option<&'a [String]>,
    /// `securityGroups`.
    pub security_groups: Option<&'a [String]>,
    /// `storageSize`.
    pub storage_size: Option<i64>,
    /// `dataReplicationMode`.
    pub data_replication_mode: Option<&'a str>,
}

/// Whether a broker is in a state in which it can be changed or rebooted.
///
/// # Errors
/// It is not; the text says in which state it is.
pub fn settled(broker: &Broker, verb: &'static str) -> Result<(), Invalid> {
    match broker.state() {
        BrokerState::Running | BrokerState::CriticalActionRequired | BrokerState::Replica => Ok(()),
        state @ (BrokerState::CreationInProgress
        | BrokerState::CreationFailed
        | BrokerState::DeletionInProgress
        | BrokerState::RebootInProgress) => Err(Invalid::State {
            verb,
            id: broker.id.to_string(),
            state: state.model(),
        }),
    }
}

/// The broker as it is after the update. What is set to its current value no longer waits. Security groups are checked and
/// not looked up; none at all ask for the default group.
///
/// # Errors
/// The first member that is wrong, or does not go with the broker.
pub fn updated(
    request: &UpdateRequest<'_>,
    broker: &Broker,
    catalogue: &Catalogue,
    configurations: Configurations<'_>,
    limits: &Limits,
) -> Result<Broker, Invalid> {
    settled(broker, "update")?;
    let mut made = broker.clone();
    if let Some(upgrade) = request.auto_minor_version_upgrade {
        made.auto_minor_version_upgrade = upgrade;
    }
    if let Some(window) = &request.maintenance_window {
        made.maintenance_window = maintenance_window(window)?;
    }
    engine_version(request, broker, &mut made, catalogue)?;
    instance_type(request, broker, &mut made, catalogue)?;
    if let Some(groups) = request.security_groups {
        match broker.engine {
            // Terraform sends an empty list for groups that its configuration leaves out: that changes nothing.
            EngineType::RabbitMq
                if groups.is_empty() || groups == broker.current.security_groups.as_slice() => {}
            EngineType::RabbitMq => {
                return Err(Invalid::NotSupported {
                    what: "Changing security groups is",
                    engine: EngineType::RabbitMq,
                    attribute: "securityGroups",
                });
            }
            // AWS: Terraform reads them back without a reboot, so they do not wait.
            EngineType::ActiveMq => {
                made.current.security_groups = security_groups(groups, limits)?;
            }
        }
    }
    let rabbit_audit = Invalid::NotSupported {
        what: "Audit logs are",
        engine: EngineType::RabbitMq,
        attribute: "logs.audit",
    };
    if let Some(given) = request.logs {
        // What is not said stays as it is, or as it waits.
        let before = broker.pending.logs.unwrap_or(broker.current.logs);
        let given = LogsRequest {
            general: given.general.or(Some(before.general)),
            audit: given.audit.or(before.audit),
        };
        let logs = logs(Some(given), broker.engine, rabbit_audit)?;
        made.pending.logs = logs.filter(|logs| *logs != broker.current.logs);
    }
    authentication(request, broker, &mut made, catalogue)?;
    use_configuration(request, broker, &mut made, configurations)?;
    if let Some(size) = request.storage_size {
        let version = target_version(&made);
        let name = made
            .pending
            .host_instance_type
            .as_deref()
            .unwrap_or(&made.current.host_instance_type);
        let kind =
            InstanceType::named(broker.engine, name).ok_or(Invalid::StorageSizeNotSupported)?;
        let size = storage_size(size, broker.engine, version, broker.deployment_mode, kind)?;
        // Zero stands for the default.
        made.pending.storage_size =
            (size != broker.current.storage_size).then_some(size.unwrap_or(0));
    }
    if let Some(text) = request.data_replication_mode {
        match (replication_mode(text)?, broker.engine) {
            (DataReplicationMode::None, _) => {
                made.pending.data_replication_mode = (broker.current.data_replication_mode
                    != DataReplicationMode::None)
                    .then_some(DataReplicationMode::None);
            }
            (DataReplicationMode::Crdr, EngineType::RabbitMq) => return Err(rabbit_replication()),
            (DataReplicationMode::Crdr, EngineType::ActiveMq) => {
                return Err(Invalid::ReplicationRegion(broker.region.clone()));
            }
        }
    }
    if let Some(shares) = request.resource_share_arns {
        match (broker.engine, shares.first()) {
            (EngineType::ActiveMq, _) => {
                return Err(Invalid::NotSupported {
                    what: "Resource shares are",
                    engine: EngineType::ActiveMq,
                    attribute: "resourceShareArns",
                });
            }
            (EngineType::RabbitMq, Some(share)) => {
                return Err(Invalid::NoSuchShare(shortened(share)));
            }
            // None are associated, and none shall be.
            (EngineType::RabbitMq, None) => {}
        }
    }
    Ok(made)
}

/// The version that the broker will run after its next reboot.
fn target_version(broker: &Broker) -> &str {
    broker
        .pending
        .engine_version
        .as_deref()
        .unwrap_or(&broker.current.engine_version)
}

fn engine_version(
    request: &UpdateRequest<'_>,
    broker: &Broker,
    made: &mut Broker,
    catalogue: &Catalogue,
) -> Result<(), Invalid> {
    let current = &broker.current.engine_version;
    let current_line = line(current);
    if let Some(text) = request.engine_version {
        if text == current || text == current_line {
            made.pending.engine_version = None;
        } else {
            let offer = catalogue.version(broker.engine, Some(text))?;
            if numbers(&offer.version) < numbers(current) {
                return Err(Invalid::EngineDowngrade {
                    from: current.clone(),
                    to: text.into(),
                });
            }
            step(broker.engine, &current_line, &offer.line, catalogue)?;
            if !made.auto_minor_version_upgrade && needs_patches(broker.engine, &offer.line) {
                return Err(Invalid::UpgradingWithoutAutoMinorVersionUpgrade {
                    engine: broker.engine,
                    version: offer.line.clone(),
                });
            }
            made.pending.engine_version = Some(offer.version.clone());
        }
    }
    if request.auto_minor_version_upgrade == Some(false)
        && needs_patches(broker.engine, &current_line)
    {
        return Err(Invalid::AutoMinorVersionUpgrade {
            engine: broker.engine,
            version: current_line,
        });
    }
    Ok(())
}

/// AWS: RabbitMQ is upgraded from one supported minor version to the next.
fn step(engine: EngineType, from: &str, to: &str, catalogue: &Catalogue) -> Result<(), Invalid> {
    match engine {
        EngineType::ActiveMq => Ok(()),
        EngineType::RabbitMq => {
            let lines = catalogue.lines(engine);
            let next = lines
                .iter()
                .rev()
                .find(|candidate| numbers(candidate) > numbers(from))
                .copied()
                .unwrap_or(to);
            if to == from || to == next {
                return Ok(());
            }
            Err(Invalid::NotFor {
                what: "Broker engine version",
                value: to.into(),
                of: "current engine version",
                with: from.into(),
                valid: next.into(),
                attribute: "engineVersion",
            })
        }
    }
}

fn instance_type(
    request: &UpdateRequest<'_>,
    broker: &Broker,
    made: &mut Broker,
    catalogue: &Catalogue,
) -> Result<(), Invalid> {
    let current = &broker.current.host_instance_type;
    let version = target_version(made).to_owned();
    let offer = Offer {
        engine: broker.engine,
        line: line(&version),
        version,
    };
    if let Some(name) = request.host_instance_type {
        if name == current {
            made.pending.host_instance_type = None;
        } else {
            match broker.engine {
                EngineType::RabbitMq if name == "mq.t3.micro" => {
                    return Err(Invalid::InstanceDowngrade {
                        from: current.clone(),
                        to: name.into(),
                    });
                }
                EngineType::RabbitMq | EngineType::ActiveMq => {}
            }
            catalogue.check(&offer, name, broker.storage_type, broker.deployment_mode)?;
            made.pending.host_instance_type = Some(name.into());
        }
    }
    // A version that does not run on the type the broker keeps.
    let name = made.pending.host_instance_type.as_ref().unwrap_or(current);
    let runs = InstanceType::named(broker.engine, name).is_none_or(|kind| kind.runs(&offer.line));
    if request.engine_version.is_some() && !runs {
        catalogue.check(&offer, name, broker.storage_type, broker.deployment_mode)?;
    }
    Ok(())
}

fn authentication(
    request: &UpdateRequest<'_>,
    broker: &Broker,
    made: &mut Broker,
    catalogue: &Catalogue,
) -> Result<(), Invalid> {
    match broker.engine {
        EngineType::RabbitMq => {
            if request.ldap.is_some() {
                return Err(rabbit_ldap());
            }
            // The configuration decides; a strategy that is none of RabbitMQ's is refused all the same.
            strategy(request.authentication_strategy, broker.engine, catalogue).map(|_| ())
        }
        EngineType::ActiveMq => {
            if let Some(text) = request.authentication_strategy {
                let wanted = strategy(Some(text), broker.engine, catalogue)?;
                made.pending.authentication_strategy =
                    (wanted != broker.current.authentication_strategy).then_some(wanted);
            }
            let target = made
                .pending
                .authentication_strategy
                .unwrap_or(broker.current.authentication_strategy);
            match (target, &request.ldap) {
                (AuthenticationStrategy::Ldap, Some(ldap)) => {
                    made.pending.ldap = Some(ldap.clone());
                }
                (AuthenticationStrategy::Ldap, None) => {
                    if made.pending.ldap.is_none() && broker.current.ldap.is_none() {
                        return Err(Invalid::NoLdap);
                    }
                }
                (
                    AuthenticationStrategy::Simple | AuthenticationStrategy::ConfigManaged,
                    Some(_),
                ) => return Err(Invalid::LdapWithoutStrategy),
                (AuthenticationStrategy::Simple | AuthenticationStrategy::ConfigManaged, None) => {
                    made.pending.ldap = None;
                }
            }
            Ok(())
        }
    }
}

fn use_configuration(
    request: &UpdateRequest<'_>,
    broker: &Broker,
    made: &mut Broker,
    configurations: Configurations<'_>,
) -> Result<(), Invalid> {
    let given = request.configuration.map(configuration).transpose()?;
    // Another version, type or strategy has to go with the configuration that the broker keeps.
    let kept = made
        .pending
        .configuration
        .as_ref()
        .or(broker.current.configuration.as_ref())
        .map(|kept| (kept.id.clone(), Some(i64::from(kept.revision))));
    let changes = request.engine_version.is_some()
        || request.host_instance_type.is_some()
        || request.authentication_strategy.is_some();
    let Some((id, revision)) = given.clone().or(kept.filter(|_| changes)) else {
        return Ok(());
    };
    let usable = configurations.usable(
        &id,
        revision,
        MeantFor {
            engine: broker.engine,
            engine_version: target_version(made),
            host_instance_type: made
                .pending
                .host_instance_type
                .as_deref()
                .unwrap_or(&broker.current.host_instance_type),
            deployment_mode: broker.deployment_mode,
            authentication_strategy: made
                .pending
                .authentication_strategy
                .unwrap_or(broker.current.authentication_strategy),
        },
    )?;
    if given.is_some() {
        let same = broker.current.configuration.as_ref() == Some(&usable.reference);
        made.pending.configuration = (!same).then_some(usable.reference);
    }
    match broker.engine {
        EngineType::ActiveMq => {}
        EngineType::RabbitMq => {
            made.pending.authentication_strategy = (usable.authentication_strategy
                != broker.current.authentication_strategy)
                .then_some(usable.authentication_strategy);
        }
    }
    Ok(())
}
