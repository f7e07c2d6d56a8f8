//! The role by which Amazon MQ acts in the account ("Using service-linked roles for Amazon MQ").

use std::collections::BTreeMap;

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use iam::identity::{DeletionTask, Role, Rule, UniqueIdKind, unique_id};
use store::state::{Account, Record};
use store::{Change, Document};

use super::checks::Checks;
use super::{refusals, roles};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::settings::Quota;

const SERVICE: &str = "mq.amazonaws.com";
/// The role's name.
pub(crate) const ROLE_NAME: &str = "AWSServiceRoleForAmazonMQ";
const POLICY: &str = "arn:aws:iam::aws:policy/aws-service-role/AmazonMQServiceRolePolicy";
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"mq.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// Creates the role by which Amazon MQ acts in the account. Other services have none here.
pub async fn create_service_linked_role(
    call: Call,
    permit: Permit<table::CreateServiceLinkedRole>,
    input: wire::CreateServiceLinkedRoleRequest,
) -> Result<wire::CreateServiceLinkedRoleResponse, Refusal> {
    let mut checks = Checks::default();
    let service = checks.required("awsServiceName", input.aws_service_name, Rule::NAME);
    let description = input.description;
    checks.optional(
        "description",
        description.as_deref(),
        Rule::ROLE_DESCRIPTION,
    );
    checks.optional("customSuffix", input.custom_suffix.as_deref(), Rule::ROLE);
    checks.done()?;
    if service != SERVICE {
        return Err(Refusal::new(
            Code::InvalidInput,
            format!("Service {service} has no service-linked role."),
        ));
    }
    if input.custom_suffix.is_some() {
        return Err(Refusal::new(
            Code::InvalidInput,
            format!("Custom suffix is not allowed for {service}"),
        ));
    }
    let description = description.filter(|text| !text.is_empty());
    let role = new_role(&call, description)?;
    let limit = call.services().settings.quota(Quota::IamRoles);
    call.commit(permit, move |state| {
        let account = account_of(state, &role.account)?;
        if account.role(&role.name).is_some() {
            return Err(taken());
        }
        if account.role_count() >= limit as usize {
            return Err(refusals::quota_reached("RolesPerAccount", limit));
        }
        Ok(Decided {
            changes: vec![Change::put(Record::Role(role.clone()))],
            output: wire::CreateServiceLinkedRoleResponse {
                role: roles::described(state, &role),
            },
        })
    })
    .await
}

/// The role, to be made.
///
/// # Errors
/// There are no random bytes.
pub(crate) fn new_role(call: &Call, description: Option<String>) -> Result<Role, Refusal> {
    Ok(Role {
        account: call.account_id().to_owned(),
        path: format!("/aws-service-role/{SERVICE}/"),
        name: ROLE_NAME.into(),
        id: unique_id(UniqueIdKind::Role, call.random()?),
        created: call.now(),
        trust: TRUST.into(),
        trusted: Default::default(),
        description,
        max_session: roles::DEFAULT_SESSION,
        tags: Vec::new(),
        boundary: None,
        inline: Default::default(),
        attached: vec![POLICY.into()],
        service: Some(SERVICE.into()),
    })
}

/// There is a role of that name.
pub(crate) fn taken() -> Refusal {
    Refusal::new(
        Code::InvalidInput,
        format!(
            "Service role name {ROLE_NAME} has been taken in this account, please try a different suffix."
        ),
    )
}

/// Deletes a service-linked role by a task, which fails while the account has brokers. The task has ended when this answers.
pub async fn delete_service_linked_role(
    call: Call,
    permit: Permit<table::DeleteServiceLinkedRole>,
    input: wire::DeleteServiceLinkedRoleRequest,
) -> Result<wire::DeleteServiceLinkedRoleResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("roleName", input.role_name, Rule::ROLE);
    checks.done()?;
    let uuid = brokers::ids::uuid_v4(call.random()?);
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let records = account_of(state, &account)?;
        let role = &roles::find(records, &name)?.role;
        let Some(service) = &role.service else {
            return Err(refusals::no_role(&name));
        };
        let task = DeletionTask {
            account: account.clone(),
            id: format!("task/aws-service-role/{service}/{}/{uuid}", role.name),
            usage: usage(records),
        };
        let mut changes = Vec::new();
        if task.usage.is_empty() {
            changes.push(Change::Delete(Record::Role((**role).clone()).key()));
        }
        let output = wire::DeleteServiceLinkedRoleResponse {
            deletion_task_id: task.id.clone(),
        };
        changes.push(Change::put(Record::DeletionTask(task)));
        Ok(Decided { changes, output })
    })
    .await
}

/// Tells how the deletion of a service-linked role ended.
pub async fn get_service_linked_role_deletion_status(
    call: Call,
    _permit: Permit<table::GetServiceLinkedRoleDeletionStatus>,
    input: wire::GetServiceLinkedRoleDeletionStatusRequest,
) -> Result<wire::GetServiceLinkedRoleDeletionStatusResponse, Refusal> {
    let mut checks = Checks::default();
    let id = checks.required("deletionTaskId", input.deletion_task_id, Rule::TASK_ID);
    checks.done()?;
    let account = call.account()?;
    let task = account.deletion_tasks.get(&id).ok_or_else(|| {
        Refusal::new(
            Code::NoSuchEntity,
            format!("Deletion task {id} cannot be found."),
        )
    })?;
    if task.usage.is_empty() {
        return Ok(wire::GetServiceLinkedRoleDeletionStatusResponse {
            status: "SUCCEEDED".into(),
            reason: None,
        });
    }
    let used = task.usage.iter().map(|(region, arns)| wire::RoleUsageType {
        region: region.clone(),
        resources: arns.clone(),
    });
    Ok(wire::GetServiceLinkedRoleDeletionStatusResponse {
        status: "FAILED".into(),
        reason: Some(wire::DeletionTaskFailureReasonType {
            reason: Some("Role is used by Amazon MQ brokers. Delete them first.".into()),
            role_usage_list: used.collect(),
        }),
    })
}

/// What uses the role: every broker, by region.
fn usage(account: &Account) -> BTreeMap<String, Vec<String>> {
    let mut usage: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for broker in account.brokers() {
        usage
            .entry(broker.region.clone())
            .or_default()
            .push(broker.arn());
    }
    usage
}
