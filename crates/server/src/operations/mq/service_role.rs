//! The role by which Amazon MQ makes private RabbitMQ brokers reachable in a VPC ("Using service-linked roles for Amazon MQ"): it
//! is made with the first such broker, for callers that may, and the VPC endpoint is made and removed by it, not by the caller.

use std::sync::Arc;

use ::brokers::broker::{Broker, EngineType};
use api::refusal::{Code, Refusal};
use api::row::{NetworkKind, When};
use iam::identity::Role;
use store::state::{Account, Record, State};
use store::{Change, Revision, State as _};

use super::network::{MANAGED, finder};
use crate::authorise::Target;
use crate::call::{Call, account_of};
use crate::caller::{Caller, Principal};
use crate::operations::ec2::endpoint_id;
use crate::operations::iam::service_linked_roles::{ROLE_NAME, new_role, taken};

/// The name of the sessions in which Amazon MQ takes the role.
const SESSION: &str = "AmazonMQ";

/// Whether the role is needed for such a broker.
pub(super) fn is_needed(engine: EngineType, publicly_accessible: bool) -> bool {
    match engine {
        EngineType::RabbitMq => !publicly_accessible,
        EngineType::ActiveMq => false,
    }
}

/// The role in use, and the records with it.
pub(super) struct InUse {
    /// The role's session.
    session: Caller,
    /// The records, the role among them.
    state: State,
}

/// Finds the role, or makes it where the caller may.
///
/// # Errors
/// The caller may not, or the name is another role's.
pub(super) fn find_or_make(
    call: &Call,
    state: &State,
    changes: &mut Vec<Change<Record>>,
) -> Result<InUse, Refusal> {
    if let Some(found) = find(account_of(state, call.account_id())?)? {
        return Ok(InUse {
            session: session(&found),
            state: state.clone(),
        });
    }
    let role = new_role(call, None)?;
    let target = Target::arn(role.arn()).with("iam:AWSServiceName", vpc::MANAGER);
    let dependents = call.facts().row.dependent.iter();
    for dependent in dependents.filter(|dependent| dependent.when == When::PrivateRabbitMq) {
        call.on_behalf(state, dependent, std::slice::from_ref(&target))?;
    }
    let mut with_role = state.clone();
    let record = Record::Role(role.clone());
    with_role.put(Arc::new(record.clone()), Revision::default());
    changes.push(Change::put(record));
    Ok(InUse {
        session: session(&role),
        state: with_role,
    })
}

/// The role, where it is there.
///
/// # Errors
/// The name is that of a role which is not Amazon MQ's.
fn find(account: &Account) -> Result<Option<Role>, Refusal> {
    match account.role(ROLE_NAME) {
        None => Ok(None),
        Some(entry) if entry.role.service.as_deref() == Some(vpc::MANAGER) => {
            Ok(Some((*entry.role).clone()))
        }
        Some(_) => Err(Refusal::new(Code::BadRequestException, taken().message)),
    }
}

fn session(role: &Role) -> Caller {
    Caller {
        account: role.account.clone(),
        access_key_id: String::new(),
        principal: Principal::AssumedRole {
            role: role.name.clone(),
            role_id: role.id.clone(),
            role_arn: role.arn(),
            session: SESSION.into(),
            id: format!("{}:{SESSION}", role.id),
        },
        session: None,
    }
}

/// Makes the broker's VPC endpoint by the role: looked for, made in each subnet with each group, and tagged.
///
/// # Errors
/// The role's policy does not allow it.
pub(super) fn make_endpoint(call: &Call, role: &InUse, broker: &Broker) -> Result<(), Refusal> {
    let account = account_of(&role.state, call.account_id())?;
    let finder = finder(call, account);
    let made = |action| call_as(call, role, action);
    made("ec2:DescribeVpcEndpoints")(&[Target::any()])?;
    let endpoint = || Target::arn(endpoint_arn(broker));
    let mut targets = vec![endpoint().with("aws:RequestTag/AMQManaged", "true")];
    let subnets = broker.subnet_ids.iter();
    let vpc = subnets
        .clone()
        .find_map(|subnet| account.subnets.get(subnet))
        .map(|subnet| subnet.vpc_id.as_str());
    targets.extend(vpc.map(|id| finder.target(NetworkKind::Vpc, id)));
    targets.extend(subnets.map(|id| finder.target(NetworkKind::Subnet, id)));
    let groups = broker.current.security_groups.iter();
    targets.extend(groups.map(|id| finder.target(NetworkKind::SecurityGroup, id)));
    made("ec2:CreateVpcEndpoint")(&targets)?;
    made("ec2:CreateTags")(&[endpoint().with("ec2:CreateAction", "CreateVpcEndpoint")])
}

/// Removes the broker's VPC endpoint by the role. A broker without the role (which cannot be deleted before the brokers) has
/// nothing that was made by it.
///
/// # Errors
/// The role's policy does not allow it.
pub(super) fn remove_endpoint(call: &Call, state: &State, broker: &Broker) -> Result<(), Refusal> {
    if !is_needed(broker.engine, broker.publicly_accessible) {
        return Ok(());
    }
    let Some(found) = find(account_of(state, call.account_id())?)? else {
        return Ok(());
    };
    let (key, value) = (MANAGED.0.to_owned(), MANAGED.1.to_owned());
    let target = Target::tagged(endpoint_arn(broker), [(&key, &value)]);
    call.as_role(state, &session(&found), "ec2:DeleteVpcEndpoints", &[target])
}

fn call_as<'a>(
    call: &'a Call,
    role: &'a InUse,
    action: &'static str,
) -> impl Fn(&[Target]) -> Result<(), Refusal> + 'a {
    move |targets| call.as_role(&role.state, &role.session, action, targets)
}

fn endpoint_arn(broker: &Broker) -> String {
    format!(
        "arn:aws:ec2:{}:{}:vpc-endpoint/{}",
        broker.region,
        broker.account,
        endpoint_id(broker.id.as_str())
    )
}
