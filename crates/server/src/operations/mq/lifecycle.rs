//! DeleteBroker, RebootBroker, Promote and DescribeSharedResources.

use std::sync::Arc;

use ::brokers::broker::{Broker, BrokerState, EngineType, Intent};
use ::brokers::validate::{Invalid, settled};
use api::refusal::Refusal;
use api::table;
use api::wire::mq;
use store::Change;
use store::state::Record;

use super::network::{interface_targets, network_actions};
use super::pages::Wanted;
use super::refuse::{find_broker, refuse, shortened};
use super::service_role;
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};

/// While one of these is required a reboot would lose data or not come back (developer guide, the pages of the codes).
const ALARMS: [&str; 3] = [
    "RABBITMQ_MEMORY_ALARM",
    "RABBITMQ_DISK_ALARM",
    "RABBITMQ_INVALID_KMS_KEY",
];

/// DeleteBroker. Asked again it answers the same until the broker is gone.
pub async fn delete_broker(
    call: Call,
    permit: Permit<table::DeleteBroker>,
    input: mq::DeleteBrokerRequest,
) -> Result<mq::DeleteBrokerResponse, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let broker = find_broker(&cx, state, input.broker_id.as_deref())?;
        let output = mq::DeleteBrokerResponse {
            broker_id: Some(broker.id.to_string()),
        };
        let changes = match broker.state() {
            BrokerState::DeletionInProgress => Vec::new(),
            state @ BrokerState::CreationInProgress => {
                return Err(refuse(Invalid::State {
                    verb: "delete",
                    id: broker.id.to_string(),
                    state: state.model(),
                }));
            }
            BrokerState::CreationFailed
            | BrokerState::Running
            | BrokerState::RebootInProgress
            | BrokerState::CriticalActionRequired
            | BrokerState::Replica => {
                let targets = interface_targets(&cx, account_of(state, cx.account_id())?, &broker);
                for dependent in network_actions(&cx, broker.engine) {
                    cx.on_behalf(state, dependent, &targets)?;
                }
                service_role::remove_endpoint(&cx, state, &broker)?;
                vec![put(Broker {
                    intent: Intent::Delete,
                    ..(*broker).clone()
                })]
            }
        };
        Ok(Decided { changes, output })
    })
    .await
}

/// RebootBroker. The state is REBOOT_IN_PROGRESS before the answer goes out: clients poll at once.
pub async fn reboot_broker(
    call: Call,
    permit: Permit<table::RebootBroker>,
    input: mq::RebootBrokerRequest,
) -> Result<mq::Empty, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let broker = find_broker(&cx, state, input.broker_id.as_deref())?;
        settled(&broker, "reboot").map_err(refuse)?;
        let alarm = broker
            .observed
            .actions_required
            .iter()
            .find(|action| ALARMS.contains(&action.code.as_str()));
        if let Some(alarm) = alarm {
            return Err(refuse(Invalid::Alarm {
                verb: "reboot",
                id: broker.id.to_string(),
                code: alarm.code.clone(),
            }));
        }
        let changes = vec![put(Broker {
            reboots: broker.reboots.saturating_add(1),
            ..(*broker).clone()
        })];
        Ok(Decided {
            changes,
            output: mq::Empty {},
        })
    })
    .await
}

/// Promote. No broker is a replica here, so what is right in itself is refused for that.
pub async fn promote(
    call: Call,
    permit: Permit<table::Promote>,
    input: mq::PromoteRequest,
) -> Result<mq::PromoteResponse, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let broker = find_broker(&cx, state, input.broker_id.as_deref())?;
        match input.mode.as_deref() {
            None => return Err(refuse(Invalid::Missing("mode"))),
            Some(mode)
                if ["SWITCHOVER", "FAILOVER"]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(mode)) => {}
            Some(mode) => {
                return Err(refuse(Invalid::NotOneOf {
                    what: "Promote mode",
                    value: shortened(mode),
                    valid: "SWITCHOVER, FAILOVER".into(),
                    attribute: "mode",
                }));
            }
        }
        Err(refuse(match broker.engine {
            EngineType::ActiveMq => Invalid::NotAReplica(broker.id.to_string()),
            EngineType::RabbitMq => Invalid::NotSupported {
                what: "Data replication is",
                engine: EngineType::RabbitMq,
                attribute: "broker-id",
            },
        }))
    })
    .await
}

/// DescribeSharedResources: RabbitMQ brokers have none, because no share can be associated; ActiveMQ brokers cannot have any.
pub async fn describe_shared_resources(
    call: Call,
    _permit: Permit<table::DescribeSharedResources>,
    input: mq::DescribeSharedResourcesRequest,
) -> Result<mq::DescribeSharedResourcesResponse, Refusal> {
    let broker = find_broker(&call, call.state(), input.broker_id.as_deref())?;
    let wanted = Wanted::read(
        &call,
        input.max_results,
        input.next_token.as_deref(),
        &[input.broker_id.as_deref()],
    )?;
    match broker.engine {
        EngineType::RabbitMq => {
            let (shared_resources, next_token) = wanted.slice(Vec::new())?;
            Ok(mq::DescribeSharedResourcesResponse {
                next_token,
                shared_resources,
            })
        }
        EngineType::ActiveMq => Err(refuse(Invalid::NotSupported {
            what: "Shared resources are",
            engine: EngineType::ActiveMq,
            attribute: "broker-id",
        })),
    }
}

pub(super) fn put(broker: Broker) -> Change<Record> {
    Change::put(Record::Broker(Arc::new(broker)))
}
