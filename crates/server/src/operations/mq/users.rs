//! Users of ActiveMQ brokers. Every change waits for a reboot.

use std::collections::BTreeMap;
use std::ops::Bound;

use ::brokers::broker::{
    Broker, BrokerState, BrokerUser, ChangeType, EngineType, PendingUser, UserSettings,
};
use ::brokers::pages::Position;
use ::brokers::validate::{Invalid, NewUser, UserChange, UserRequest};
use api::refusal::Refusal;
use api::secret::Secret;
use api::table;
use api::wire::mq;
use store::state::State;

use super::brokers::quota;
use super::describe::user_summary;
use super::lifecycle::put;
use super::pages::Wanted;
use super::refuse::{find_broker, limits, refuse, shortened};
use crate::authorise::Permit;
use crate::call::{Call, Decided};
use crate::settings::Quota;

/// The broker, if it has users of its own.
fn find_active(call: &Call, state: &State, id: Option<&str>) -> Result<Broker, Refusal> {
    let broker = find_broker(call, state, id)?;
    match broker.engine {
        EngineType::ActiveMq => Ok((*broker).clone()),
        EngineType::RabbitMq => Err(refuse(Invalid::RabbitUsers)),
    }
}

/// The broker, if its users can be changed. During a reboot they cannot: what is set then would count as applied without the
/// engine ever having read it.
fn find_changeable(call: &Call, state: &State, id: Option<&str>) -> Result<Broker, Refusal> {
    let broker = find_active(call, state, id)?;
    match broker.state() {
        BrokerState::Running
        | BrokerState::CriticalActionRequired
        | BrokerState::CreationInProgress
        | BrokerState::Replica => Ok(broker),
        state @ (BrokerState::RebootInProgress
        | BrokerState::CreationFailed
        | BrokerState::DeletionInProgress) => Err(refuse(Invalid::State {
            verb: "change users of",
            id: broker.id.to_string(),
            state: state.model(),
        })),
    }
}

fn find_user<'a>(broker: &'a Broker, name: &str) -> Result<&'a BrokerUser, Refusal> {
    broker
        .users
        .get(name)
        .ok_or_else(|| refuse(Invalid::NoSuchUser(shortened(name))))
}

fn sealed(
    call: &Call,
    broker_id: Option<&str>,
    username: &str,
    password: &str,
) -> Result<String, Refusal> {
    let identity = BrokerUser::seal_identity(broker_id.unwrap_or_default(), username);
    call.services()
        .seal(password, &identity)
        .map_err(Refusal::internal)
}

/// CreateUser.
pub async fn create_user(
    call: Call,
    permit: Permit<table::CreateUser>,
    input: mq::CreateUserRequest,
) -> Result<mq::Empty, Refusal> {
    // RabbitMQ's refusal comes before any about the request: nothing about it could be right.
    find_active(&call, call.state(), input.broker_id.as_deref())?;
    let new = NewUser::read(
        &UserRequest {
            username: input.username.as_deref(),
            password: input.password.as_ref().map(Secret::expose),
            console_access: input.console_access,
            groups: input.groups.as_deref(),
            replication_user: input.replication_user,
        },
        EngineType::ActiveMq,
        &limits(&call.services().settings),
    )
    .map_err(refuse)?;
    let broker_id = input.broker_id;
    let settings = UserSettings {
        sealed_password: sealed(
            &call,
            broker_id.as_deref(),
            &new.username,
            new.password.expose(),
        )?,
        console_access: new.console_access,
        groups: new.groups,
        replication_user: new.replication_user,
    };
    let username = new.username;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let mut broker = find_changeable(&cx, state, broker_id.as_deref())?;
        let (current, change) = match broker.users.get(&username) {
            None => {
                quota(
                    &cx,
                    broker.users.len(),
                    Quota::UsersPerBroker,
                    "users per broker",
                    "username",
                )?;
                (None, ChangeType::Create)
            }
            // One that is about to go may come back, as the one that is wanted now.
            Some(BrokerUser {
                current,
                pending:
                    Some(PendingUser {
                        change: ChangeType::Delete,
                        ..
                    }),
            }) => (current.clone(), ChangeType::Update),
            Some(_) => return Err(refuse(Invalid::UserExists(username.clone()))),
        };
        broker.users.insert(
            username.clone(),
            BrokerUser {
                current,
                pending: Some(PendingUser {
                    change,
                    settings: Some(settings.clone()),
                }),
            },
        );
        Ok(Decided {
            changes: vec![put(broker)],
            output: mq::Empty {},
        })
    })
    .await
}

/// UpdateUser. Members that are absent stay as they are, or as they wait.
pub async fn update_user(
    call: Call,
    permit: Permit<table::UpdateUser>,
    input: mq::UpdateUserRequest,
) -> Result<mq::Empty, Refusal> {
    let username = input.username.clone().unwrap_or_default();
    let found = find_active(&call, call.state(), input.broker_id.as_deref())?;
    find_user(&found, &username)?;
    let change = UserChange::read(
        &UserRequest {
            username: None,
            password: input.password.as_ref().map(Secret::expose),
            console_access: input.console_access,
            groups: input.groups.as_deref(),
            replication_user: input.replication_user,
        },
        &limits(&call.services().settings),
    )
    .map_err(refuse)?;
    let broker_id = input.broker_id;
    let sealed_password = change
        .password
        .as_ref()
        .map(|password| sealed(&call, broker_id.as_deref(), &username, password.expose()))
        .transpose()?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let mut broker = find_changeable(&cx, state, broker_id.as_deref())?;
        let user = find_user(&broker, &username)?;
        let waiting = user
            .pending
            .as_ref()
            .and_then(|pending| pending.settings.as_ref());
        let before = waiting
            .or(user.current.as_ref())
            .ok_or_else(|| Refusal::internal("a user without settings"))?;
        let settings = UserSettings {
            sealed_password: sealed_password
                .clone()
                .unwrap_or_else(|| before.sealed_password.clone()),
            console_access: change.console_access.unwrap_or(before.console_access),
            groups: change
                .groups
                .clone()
                .unwrap_or_else(|| before.groups.clone()),
            replication_user: change.replication_user.unwrap_or(before.replication_user),
        };
        let current = user.current.clone();
        let kind = match current {
            None => ChangeType::Create,
            Some(_) => ChangeType::Update,
        };
        broker.users.insert(
            username.clone(),
            BrokerUser {
                current,
                pending: Some(PendingUser {
                    change: kind,
                    settings: Some(settings),
                }),
            },
        );
        Ok(Decided {
            changes: vec![put(broker)],
            output: mq::Empty {},
        })
    })
    .await
}

/// DeleteUser. One that was never applied is gone at once.
pub async fn delete_user(
    call: Call,
    permit: Permit<table::DeleteUser>,
    input: mq::DeleteUserRequest,
) -> Result<mq::Empty, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let username = input.username.as_deref().unwrap_or_default();
        let found = find_active(&cx, state, input.broker_id.as_deref())?;
        find_user(&found, username)?;
        let mut broker = find_changeable(&cx, state, input.broker_id.as_deref())?;
        let user = find_user(&broker, username)?.clone();
        match user.current {
            None => {
                broker.users.remove(username);
            }
            Some(current) => {
                broker.users.insert(
                    username.to_owned(),
                    BrokerUser {
                        current: Some(current),
                        pending: Some(PendingUser {
                            change: ChangeType::Delete,
                            settings: None,
                        }),
                    },
                );
            }
        }
        Ok(Decided {
            changes: vec![put(broker)],
            output: mq::Empty {},
        })
    })
    .await
}

/// DescribeUser.
pub async fn describe_user(
    call: Call,
    _permit: Permit<table::DescribeUser>,
    input: mq::DescribeUserRequest,
) -> Result<mq::DescribeUserResponse, Refusal> {
    let broker = find_active(&call, call.state(), input.broker_id.as_deref())?;
    let username = input.username.unwrap_or_default();
    let user = find_user(&broker, &username)?;
    let current = user.current.as_ref();
    Ok(mq::DescribeUserResponse {
        broker_id: Some(broker.id.to_string()),
        console_access: Some(current.is_some_and(|current| current.console_access)),
        groups: current
            .map(|current| current.groups.clone())
            .unwrap_or_default(),
        pending: user.pending.as_ref().map(|pending| {
            let settings = pending.settings.as_ref();
            mq::UserPendingChanges {
                console_access: settings.map(|settings| settings.console_access),
                groups: settings.map(|settings| settings.groups.clone()),
                pending_change: Some(pending.change.model().into()),
            }
        }),
        username: Some(username),
        replication_user: Some(current.is_some_and(|current| current.replication_user)),
    })
}

/// ListUsers.
pub async fn list_users(
    call: Call,
    _permit: Permit<table::ListUsers>,
    input: mq::ListUsersRequest,
) -> Result<mq::ListUsersResponse, Refusal> {
    let broker = find_broker(&call, call.state(), input.broker_id.as_deref())?;
    let wanted = Wanted::read(
        &call,
        input.max_results,
        input.next_token.as_deref(),
        &[input.broker_id.as_deref()],
    )?;
    let start = match &wanted.after {
        None => Bound::Unbounded,
        Some(Position::Name(name)) => Bound::Excluded(name.as_str()),
        Some(Position::Created(..) | Position::Revision(_) | Position::Place(_)) => {
            return Err(refuse(Invalid::NextToken));
        }
    };
    // AWS: "RabbitMQ users will not be stored or displayed via the Amazon MQ Users API."
    let none = BTreeMap::new();
    let listed = match broker.engine {
        EngineType::ActiveMq => &broker.users,
        EngineType::RabbitMq => &none,
    };
    let mut found = listed.range::<str, _>((start, Bound::Unbounded)).peekable();
    let mut users = Vec::new();
    let mut last = None;
    for (name, user) in found.by_ref().take(wanted.limit) {
        users.push(user_summary(name, user));
        last = Some(Position::Name(name.clone()));
    }
    let more = found.peek().is_some();
    Ok(mq::ListUsersResponse {
        broker_id: Some(broker.id.to_string()),
        max_results: wanted.max_results(),
        next_token: wanted.token(last.filter(|_| more))?,
        users,
    })
}
