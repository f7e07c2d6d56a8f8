//! UpdateBroker.

use ::brokers::broker::{Broker, Ldap};
use ::brokers::validate::{NewLdap, UpdateRequest, updated};
use api::refusal::Refusal;
use api::row::{Dependent, When};
use api::table;
use api::wire::mq;
use store::state::Account;

use super::brokers::{PASS_ROLE, ldap_request, logs_request, window_request, with_configurations};
use super::describe::{ldap, reference, window};
use super::lifecycle::put;
use super::network::{interface_targets, network, regrouped};
use super::refuse::{find_broker, limits, refuse};
use crate::authorise::{Permit, Target};
use crate::call::{Call, Decided, account_of};
use store::Change;

/// Whoever changes how a RabbitMQ broker decides on logins needs this besides (Service Authorization Reference: permission
/// only).
const ACCESS_CONFIGURATION: Dependent = Dependent {
    action: "mq:UpdateBrokerAccessConfiguration",
    when: When::Always,
    authorized_service: false,
};

/// UpdateBroker.
pub async fn update_broker(
    call: Call,
    permit: Permit<table::UpdateBroker>,
    input: mq::UpdateBrokerRequest,
) -> Result<mq::UpdateBrokerResponse, Refusal> {
    let catalogue = call.services().catalogue.load_full();
    let limits = limits(&call.services().settings);
    let sealed = sealed_ldap(&call, &input)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let broker = find_broker(&cx, state, input.broker_id.as_deref())?;
        let account = account_of(state, cx.account_id())?;
        let request = update_request(&input, sealed.clone());
        let mut made = with_configurations(&cx, account, |configurations| {
            updated(&request, &broker, &catalogue, configurations, &limits)
        })
        .map_err(refuse)?;
        let mut changes = Vec::new();
        if made.current.security_groups != broker.current.security_groups {
            let vpc = broker
                .instances
                .first()
                .and_then(|instance| account.interfaces.get(&instance.interface_id))
                .map(|interface| interface.vpc_id.as_str());
            let network = network(account, cx.region());
            if made.current.security_groups.is_empty() {
                made.current.security_groups = network.default_groups(vpc);
            }
            let dependents = cx.facts().row.dependent.iter();
            for dependent in dependents.filter(|dependent| dependent.when == When::Groups) {
                cx.on_behalf(state, dependent, &[Target::any()])?;
            }
            let groups = &made.current.security_groups;
            network.check_groups(groups, vpc).map_err(refuse)?;
            changes.extend(
                regrouped(account, &broker, groups)
                    .into_iter()
                    .map(Change::put),
            );
            cx.as_service(
                "ec2:ModifyNetworkInterfaceAttribute",
                &interface_targets(&cx, account, &broker),
                "the broker's interfaces are Amazon MQ's to manage",
            )?;
        }
        let access = access(account, &made, &broker);
        if access.changed {
            cx.on_behalf(state, &ACCESS_CONFIGURATION, &[Target::arn(broker.arn())])?;
        }
        if let Some(role) = &access.role {
            cx.on_behalf(state, &PASS_ROLE, &[Target::arn(role.as_str())])?;
        }
        let output = answer(&input, &made);
        changes.push(put(made));
        Ok(Decided { changes, output })
    })
    .await
}

struct Access {
    changed: bool,
    role: Option<String>,
}

/// What a new configuration means for who decides on logins (RabbitMQ): its keys on authentication and authorisation, compared
/// with those of the configuration in force.
fn access(account: &Account, made: &Broker, before: &Broker) -> Access {
    let lines = |broker: &Broker, pending: bool| -> Vec<String> {
        let of = if pending {
            broker.pending.configuration.as_ref()
        } else {
            broker.current.configuration.as_ref()
        };
        let data = of.and_then(|of| account.revision_data(of));
        ::brokers::validate::access_settings(
            broker.engine,
            &broker.current.engine_version,
            data.map(|data| data.data.as_str()),
        )
    };
    if made.pending.configuration.is_none()
        || made.pending.configuration == before.pending.configuration
    {
        return Access {
            changed: false,
            role: None,
        };
    }
    let new = lines(made, true);
    Access {
        changed: new != lines(before, false),
        role: new
            .iter()
            .find_map(|line| line.strip_prefix("aws.arns.assume_role_arn = "))
            .map(str::to_owned),
    }
}

fn sealed_ldap(call: &Call, input: &mq::UpdateBrokerRequest) -> Result<Option<Ldap>, Refusal> {
    let Some(given) = &input.ldap_server_metadata else {
        return Ok(None);
    };
    let id = input.broker_id.as_deref().unwrap_or_default();
    let read = NewLdap::read(&ldap_request(given)).map_err(refuse)?;
    let sealed = call
        .services()
        .seal(read.password.expose(), &Ldap::seal_identity(id))
        .map_err(Refusal::internal)?;
    Ok(Some(read.sealed(sealed)))
}

fn update_request(input: &mq::UpdateBrokerRequest, ldap: Option<Ldap>) -> UpdateRequest<'_> {
    UpdateRequest {
        authentication_strategy: input.authentication_strategy.as_deref(),
        auto_minor_version_upgrade: input.auto_minor_version_upgrade,
        configuration: input
            .configuration
            .as_ref()
            .map(|given| (given.id.as_deref(), given.revision)),
        engine_version: input.engine_version.as_deref(),
        host_instance_type: input.host_instance_type.as_deref(),
        ldap,
        logs: input.logs.as_ref().map(logs_request),
        maintenance_window: input
            .maintenance_window_start_time
            .as_ref()
            .map(window_request),
        resource_share_arns: input.resource_share_arns.as_deref(),
        security_groups: input.security_groups.as_deref(),
        storage_size: input.storage_size,
        data_replication_mode: input.data_replication_mode.as_deref(),
    }
}

/// AWS: the values that were set, as they will be; nothing else but the id.
fn answer(input: &mq::UpdateBrokerRequest, made: &Broker) -> mq::UpdateBrokerResponse {
    let (current, pending) = (&made.current, &made.pending);
    mq::UpdateBrokerResponse {
        authentication_strategy: input.authentication_strategy.as_ref().map(|_| {
            pending
                .authentication_strategy
                .unwrap_or(current.authentication_strategy)
                .described()
                .into()
        }),
        auto_minor_version_upgrade: input
            .auto_minor_version_upgrade
            .map(|_| made.auto_minor_version_upgrade),
        broker_id: Some(made.id.to_string()),
        configuration: input
            .configuration
            .as_ref()
            .and_then(|_| {
                pending
                    .configuration
                    .as_ref()
                    .or(current.configuration.as_ref())
            })
            .map(reference),
        engine_version: input.engine_version.clone(),
        host_instance_type: input.host_instance_type.as_ref().map(|_| {
            pending
                .host_instance_type
                .as_ref()
                .unwrap_or(&current.host_instance_type)
                .clone()
        }),
        ldap_server_metadata: input
            .ldap_server_metadata
            .as_ref()
            .and_then(|_| pending.ldap.as_ref().or(current.ldap.as_ref()))
            .map(ldap),
        logs: input.logs.as_ref().map(|_| {
            let logs = pending.logs.unwrap_or(current.logs);
            mq::Logs {
                audit: logs.audit,
                general: Some(logs.general),
            }
        }),
        maintenance_window_start_time: input
            .maintenance_window_start_time
            .as_ref()
            .map(|_| window(&made.maintenance_window)),
        resource_share_arns: input.resource_share_arns.as_ref().map(|_| Vec::new()),
        security_groups: input
            .security_groups
            .as_ref()
            .map(|_| current.security_groups.clone()),
        data_replication_metadata: None,
        data_replication_mode: input
            .data_replication_mode
            .as_ref()
            .map(|_| current.data_replication_mode.model().into()),
        pending_data_replication_metadata: None,
        pending_data_replication_mode: pending
            .data_replication_mode
            .map(|mode| mode.model().into()),
        storage_size: input.storage_size,
    }
}
