//! DescribeBroker and ListBrokers.

use ::brokers::broker::{
    Broker, BrokerUser, ConfigurationRef, DeploymentMode, EngineType, Ldap, WeeklyStartTime,
};
use ::brokers::catalogue::InstanceType;
use ::brokers::pages::Position;
use ::brokers::validate::Invalid;
use api::refusal::Refusal;
use api::table;
use api::wire::mq;

use super::pages::Wanted;
use super::refuse::{find_broker, refuse};
use crate::authorise::Permit;
use crate::call::Call;
use crate::time::iso_millis;
use crate::written::Written;

/// ListBrokers.
pub async fn list_brokers(
    call: Call,
    _permit: Permit<table::ListBrokers>,
    input: mq::ListBrokersRequest,
) -> Result<Written<table::ListBrokers>, Refusal> {
    let wanted = Wanted::read(&call, input.max_results, input.next_token.as_deref(), &[])?;
    let after = created_after(&wanted)?;
    let page = call
        .account()?
        .brokers_page(call.region(), after.as_ref(), wanted.limit);
    let next_token = wanted.token(page.next.map(|(at, id)| Position::Created(at, id)))?;
    call.services()
        .descriptions
        .page(&page.items, next_token, summary)
}

/// The place in a list that is ordered by time of creation.
pub(super) fn created_after(wanted: &Wanted<'_>) -> Result<Option<(i64, String)>, Refusal> {
    match &wanted.after {
        None => Ok(None),
        Some(Position::Created(at, id)) => Ok(Some((*at, id.clone()))),
        Some(Position::Name(_) | Position::Revision(_) | Position::Place(_)) => {
            Err(refuse(Invalid::NextToken))
        }
    }
}

fn summary(broker: &Broker) -> mq::BrokerSummary {
    mq::BrokerSummary {
        broker_arn: Some(broker.arn()),
        broker_id: Some(broker.id.to_string()),
        broker_name: Some(broker.name.clone()),
        broker_state: Some(broker.state().model().into()),
        created: Some(iso_millis(broker.created)),
        deployment_mode: Some(broker.deployment_mode.model().into()),
        engine_type: Some(broker.engine.described().into()),
        host_instance_type: Some(broker.current.host_instance_type.clone()),
    }
}

/// DescribeBroker.
pub async fn describe_broker(
    call: Call,
    _permit: Permit<table::DescribeBroker>,
    input: mq::DescribeBrokerRequest,
) -> Result<Written<table::DescribeBroker>, Refusal> {
    let broker = find_broker(&call, call.state(), input.broker_id.as_deref())?;
    let services = call.services();
    let domain = services.settings.endpoint_domain.as_deref();
    services
        .descriptions
        .of(&broker, |broker| described(broker, domain))
}

/// What DescribeBroker shows. Members without a value are absent, as on AWS.
fn described(broker: &Broker, domain: Option<&str>) -> mq::DescribeBrokerResponse {
    let (current, pending) = (&broker.current, &broker.pending);
    mq::DescribeBrokerResponse {
        actions_required: broker
            .observed
            .actions_required
            .iter()
            .map(|action| mq::ActionRequired {
                action_required_code: Some(action.code.clone()),
                action_required_info: Some(action.info.clone()),
            })
            .collect(),
        authentication_strategy: Some(current.authentication_strategy.described().into()),
        auto_minor_version_upgrade: Some(broker.auto_minor_version_upgrade),
        broker_arn: Some(broker.arn()),
        broker_id: Some(broker.id.to_string()),
        broker_instances: broker
            .instance_endpoints(domain)
            .into_iter()
            .map(|instance| mq::BrokerInstance {
                console_url: Some(instance.console_url),
                endpoints: instance.endpoints,
                ip_address: instance.ip_address,
            })
            .collect(),
        broker_name: Some(broker.name.clone()),
        broker_state: Some(broker.state().model().into()),
        configurations: Some(configurations(broker)),
        created: Some(iso_millis(broker.created)),
        deployment_mode: Some(broker.deployment_mode.model().into()),
        encryption_options: Some(mq::EncryptionOptions {
            kms_key_id: broker.encryption.kms_key_id.clone(),
            use_aws_owned_key: Some(broker.encryption.use_aws_owned_key),
        }),
        engine_type: Some(broker.engine.described().into()),
        engine_version: Some(current.engine_version.clone()),
        host_instance_type: Some(current.host_instance_type.clone()),
        ldap_server_metadata: current.ldap.as_ref().map(ldap),
        logs: Some(logs(broker)),
        maintenance_window_start_time: Some(window(&broker.maintenance_window)),
        pending_authentication_strategy: pending
            .authentication_strategy
            .map(|strategy| strategy.described().into()),
        pending_engine_version: pending.engine_version.clone(),
        pending_host_instance_type: pending.host_instance_type.clone(),
        pending_ldap_server_metadata: pending.ldap.as_ref().map(ldap),
        pending_security_groups: pending.security_groups.clone(),
        pending_storage_size: pending.storage_size.map(|size| match size {
            0 => default_storage(broker).unwrap_or_default(),
            set => i64::from(set),
        }),
        publicly_accessible: Some(broker.publicly_accessible),
        security_groups: current.security_groups.clone(),
        storage_size: current
            .storage_size
            .map(i64::from)
            .or_else(|| default_storage(broker)),
        storage_type: Some(broker.storage_type.described().into()),
        subnet_ids: broker.subnet_ids.clone(),
        tags: broker.tags.clone(),
        users: match broker.engine {
            EngineType::ActiveMq => broker
                .users
                .iter()
                .map(|(name, user)| user_summary(name, user))
                .collect(),
            // AWS: "RabbitMQ users will not be stored or displayed via the Amazon MQ Users API."
            EngineType::RabbitMq => Vec::new(),
        },
        data_replication_metadata: None,
        data_replication_mode: Some(current.data_replication_mode.model().into()),
        pending_data_replication_metadata: None,
        pending_data_replication_mode: pending
            .data_replication_mode
            .map(|mode| mode.model().into()),
    }
}

/// The storage of a RabbitMQ node in gigabytes where none was set.
fn default_storage(broker: &Broker) -> Option<i64> {
    let kind = InstanceType::named(broker.engine, &broker.current.host_instance_type)?;
    let sizes = kind.sizes?;
    Some(i64::from(match broker.deployment_mode {
        DeploymentMode::SingleInstance => sizes.single,
        DeploymentMode::ActiveStandbyMultiAz | DeploymentMode::ClusterMultiAz => sizes.cluster,
    }))
}

/// AWS: until the broker was created, its configuration is pending.
fn configurations(broker: &Broker) -> mq::Configurations {
    let current = broker.current.configuration.as_ref().map(reference);
    let pending = broker.pending.configuration.as_ref().map(reference);
    let history = broker.configuration_history.iter().map(reference).collect();
    if broker.observed.created {
        mq::Configurations {
            current,
            history,
            pending,
        }
    } else {
        mq::Configurations {
            current: None,
            history,
            pending: current,
        }
    }
}

pub(super) fn reference(of: &ConfigurationRef) -> mq::ConfigurationId {
    mq::ConfigurationId {
        id: Some(of.id.to_string()),
        revision: Some(i64::from(of.revision)),
    }
}

/// AWS: the names of the log groups are always there. RabbitMQ has no audit log.
fn logs(broker: &Broker) -> mq::LogsSummary {
    let group = |kind: &str| Some(format!("/aws/amazonmq/broker/{}/{kind}", broker.id));
    let (audit, audit_log_group) = match broker.engine {
        EngineType::ActiveMq => (
            Some(broker.current.logs.audit.unwrap_or(false)),
            group("audit"),
        ),
        EngineType::RabbitMq => (None, None),
    };
    mq::LogsSummary {
        audit,
        audit_log_group,
        general: Some(broker.current.logs.general),
        general_log_group: group("general"),
        pending: broker.pending.logs.map(|logs| mq::PendingLogs {
            audit: logs.audit,
            general: Some(logs.general),
        }),
    }
}

pub(super) fn window(window: &WeeklyStartTime) -> mq::WeeklyStartTime {
    mq::WeeklyStartTime {
        day_of_week: Some(window.day_of_week.model().into()),
        time_of_day: Some(window.time_of_day.clone()),
        time_zone: Some(window.time_zone.clone()),
    }
}

/// Everything but the service account's password.
pub(super) fn ldap(ldap: &Ldap) -> mq::LdapServerMetadataOutput {
    mq::LdapServerMetadataOutput {
        hosts: Some(ldap.hosts.clone()),
        role_base: Some(ldap.role_base.clone()),
        role_name: ldap.role_name.clone(),
        role_search_matching: Some(ldap.role_search_matching.clone()),
        role_search_subtree: ldap.role_search_subtree,
        service_account_username: Some(ldap.service_account_username.clone()),
        user_base: Some(ldap.user_base.clone()),
        user_role_name: ldap.user_role_name.clone(),
        user_search_matching: Some(ldap.user_search_matching.clone()),
        user_search_subtree: ldap.user_search_subtree,
    }
}

pub(super) fn user_summary(name: &str, user: &BrokerUser) -> mq::UserSummary {
    mq::UserSummary {
        pending_change: user
            .pending
            .as_ref()
            .map(|pending| pending.change.model().into()),
        username: Some(name.into()),
    }
}
