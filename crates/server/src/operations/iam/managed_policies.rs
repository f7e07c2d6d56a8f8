//! Managed policies: the customer's, and AWS's own.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use iam::identity::{
    AwsManagedPolicy, ManagedPolicy, PolicyVersion, Rule, UniqueIdKind, unique_id,
};
use store::Change;
use store::state::{Account, Record, aws_managed, aws_managed_policies};

use super::changes;
use super::checks::{self, Checks};
use super::paging::Paging;
use super::{documents, refusals};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::settings::Quota;
use crate::time::iso_seconds;

/// A copy of the customer managed policy with this ARN, to be changed.
///
/// # Errors
/// NoSuchEntity; AccessDenied for AWS's policies.
pub(super) fn to_change(account: &Account, arn: &str) -> Result<ManagedPolicy, Refusal> {
    match account.policy(arn) {
        Some(entry) => Ok((*entry.policy).clone()),
        None if aws_managed(arn).is_some() => Err(refusals::policy_of_aws(arn)),
        None => Err(refusals::no_policy(arn)),
    }
}

/// Creates a customer managed policy.
pub async fn create_policy(
    call: Call,
    permit: Permit<table::CreatePolicy>,
    input: wire::CreatePolicyRequest,
) -> Result<wire::CreatePolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("policyName", input.policy_name, Rule::NAME);
    checks.optional("path", input.path.as_deref(), Rule::POLICY_PATH);
    let document = checks.document("policyDocument", input.policy_document);
    checks.optional(
        "description",
        input.description.as_deref(),
        Rule::DESCRIPTION,
    );
    let tags = checks.tags(input.tags);
    checks.done()?;
    checks::distinct(&tags)?;
    documents::check_managed(&document)?;
    let policy = ManagedPolicy {
        account: call.account_id().to_owned(),
        path: input.path.unwrap_or_else(|| "/".into()),
        name,
        id: unique_id(UniqueIdKind::ManagedPolicy, call.random()?),
        created: call.now(),
        updated: call.now(),
        description: input.description.filter(|text| !text.is_empty()),
        tags,
        versions: vec![PolicyVersion {
            number: 1,
            created: call.now(),
            document,
        }],
        default_version: 1,
        newest_version: 1,
    };
    let limit = call.services().settings.quota(Quota::IamPolicies);
    call.commit(permit, move |state| {
        let account = account_of(state, &policy.account)?;
        let mut count = 0_usize;
        for entry in account.policies() {
            // Names are unique whatever the path is.
            if entry.policy.name.eq_ignore_ascii_case(&policy.name) {
                return Err(refusals::policy_exists(&policy.name));
            }
            count += 1;
        }
        if count >= limit as usize {
            return Err(refusals::quota_reached("PoliciesPerAccount", limit));
        }
        let mut output = shown(account, &policy);
        output.tags = (!policy.tags.is_empty()).then(|| checks::shown(&policy.tags));
        Ok(Decided {
            changes: vec![Change::put(Record::Policy(policy.clone()))],
            output: wire::CreatePolicyResponse { policy: output },
        })
    })
    .await
}

/// Describes a managed policy.
pub async fn get_policy(
    call: Call,
    _permit: Permit<table::GetPolicy>,
    input: wire::GetPolicyRequest,
) -> Result<wire::GetPolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account()?;
    if let Some(entry) = account.policy(&arn) {
        let policy = &entry.policy;
        let mut output = shown(account, policy);
        output.description.clone_from(&policy.description);
        output.tags = Some(checks::shown(&policy.tags));
        return Ok(wire::GetPolicyResponse { policy: output });
    }
    let (policy, _) = aws_managed(&arn).ok_or_else(|| refusals::no_policy(&arn))?;
    let mut output = shown_aws(account, policy);
    output.tags = Some(Vec::new());
    Ok(wire::GetPolicyResponse { policy: output })
}

/// Lists managed policies.
pub async fn list_policies(
    call: Call,
    _permit: Permit<table::ListPolicies>,
    input: wire::ListPoliciesRequest,
) -> Result<wire::ListPoliciesResponse, Refusal> {
    let mut checks = Checks::default();
    let scope = input.scope.unwrap_or_else(|| "All".into());
    checks.one_of("scope", Some(&scope), &["All", "AWS", "Local"]);
    let usage = input.policy_usage_filter;
    checks.one_of("policyUsageFilter", usage.as_deref(), USAGES);
    let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::POLICY_PATH);
    let only_attached = input.only_attached.unwrap_or(false);
    let usage = usage.as_deref();
    let list = format!("{scope}/{usage:?}/{only_attached}{prefix}");
    let paging = Paging::new(&mut checks, list, input.marker, input.max_items);
    checks.done()?;
    let account = call.account()?;
    let customers = account
        .policies()
        .filter(|_| scope != "AWS")
        .map(|entry| shown(account, &entry.policy));
    let awss = aws_managed_policies()
        .filter(|_| scope != "Local")
        .map(|policy| shown_aws(account, policy));
    let mut policies: Vec<(String, wire::Policy)> = customers
        .chain(awss)
        .filter(|policy| policy.path.starts_with(&prefix))
        .filter(|policy| {
            let (attached, boundary) = (
                policy.attachment_count > 0,
                policy.permissions_boundary_usage_count > 0,
            );
            match usage {
                Some("PermissionsPolicy") => attached,
                Some("PermissionsBoundary") => boundary,
                _ => !only_attached || attached || boundary,
            }
        })
        .map(|policy| (documents::policy_order(&policy.arn), policy))
        .collect();
    policies.sort_by(|(one, _), (other, _)| one.cmp(other));
    let page = paging.cut(&call, policies.into_iter())?;
    Ok(wire::ListPoliciesResponse {
        is_truncated: page.is_truncated(),
        policies: page.items,
        marker: page.marker,
    })
}

/// Deletes a customer managed policy that is attached to nothing and has one version.
pub async fn delete_policy(
    call: Call,
    permit: Permit<table::DeletePolicy>,
    input: wire::DeletePolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let account = account_of(state, &account)?;
        let policy = to_change(account, &arn)?;
        let conflict = |message: &str| Err(Refusal::new(Code::DeleteConflict, message));
        if account.attachments(&arn) + account.boundaries(&arn) > 0 {
            return conflict("Cannot delete a policy attached to entities.");
        }
        if policy.versions.len() > 1 {
            return conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. \
                 The default version is deleted with the policy.",
            );
        }
        Ok(changes::delete(&Record::Policy(policy)))
    })
    .await
}

/// Lists whom a managed policy is attached to, and whose permissions boundary it is.
pub async fn list_entities_for_policy(
    call: Call,
    _permit: Permit<table::ListEntitiesForPolicy>,
    input: wire::ListEntitiesForPolicyRequest,
) -> Result<wire::ListEntitiesForPolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    let filter = input.entity_filter;
    checks.one_of("entityFilter", filter.as_deref(), ENTITIES);
    let usage = input.policy_usage_filter;
    checks.one_of("policyUsageFilter", usage.as_deref(), USAGES);
    let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::PATH);
    let (filter, usage) = (filter.as_deref(), usage.as_deref());
    let list = format!("{arn}/{filter:?}/{usage:?}{prefix}");
    let paging = Paging::new(&mut checks, list, input.marker, input.max_items);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account()?;
    if account.managed(&arn).is_none() {
        return Err(refusals::no_policy(&arn));
    }
    let wanted = |kind: &str| filter.is_none_or(|filter| filter == kind);
    let used = |attached: &[String], boundary: Option<&String>, path: &str| {
        let attached = attached.contains(&arn);
        let boundary = boundary == Some(&arn);
        path.starts_with(&prefix)
            && match usage {
                Some("PermissionsPolicy") => attached,
                Some("PermissionsBoundary") => boundary,
                _ => attached || boundary,
            }
    };
    let groups = account
        .groups()
        .map(|entry| &entry.group)
        .filter(|group| wanted("Group") && used(&group.attached, None, &group.path))
        .map(|group| {
            let shown = wire::PolicyGroup {
                group_name: group.name.clone(),
                group_id: group.id.clone(),
            };
            (
                format!("group/{}", group.name.to_lowercase()),
                Entity::Group(shown),
            )
        });
    let users = account
        .users()
        .map(|entry| &entry.user)
        .filter(|user| wanted("User") && used(&user.attached, user.boundary.as_ref(), &user.path))
        .map(|user| {
            let shown = wire::PolicyUser {
                user_name: user.name.clone(),
                user_id: user.id.clone(),
            };
            (
                format!("user/{}", user.name.to_lowercase()),
                Entity::User(shown),
            )
        });
    let roles = account
        .roles()
        .map(|entry| &entry.role)
        .filter(|role| wanted("Role") && used(&role.attached, role.boundary.as_ref(), &role.path))
        .map(|role| {
            let shown = wire::PolicyRole {
                role_name: role.name.clone(),
                role_id: role.id.clone(),
            };
            (
                format!("role/{}", role.name.to_lowercase()),
                Entity::Role(shown),
            )
        });
    let page = paging.cut(&call, groups.chain(roles).chain(users))?;
    let mut output = wire::ListEntitiesForPolicyResponse {
        is_truncated: page.is_truncated(),
        marker: page.marker,
        ..Default::default()
    };
    for entity in page.items {
        match entity {
            Entity::Group(group) => output.policy_groups.push(group),
            Entity::Role(role) => output.policy_roles.push(role),
            Entity::User(user) => output.policy_users.push(user),
        }
    }
    Ok(output)
}

enum Entity {
    Group(wire::PolicyGroup),
    Role(wire::PolicyRole),
    User(wire::PolicyUser),
}

const USAGES: &[&str] = &["PermissionsPolicy", "PermissionsBoundary"];
const ENTITIES: &[&str] = &[
    "User",
    "Role",
    "Group",
    "LocalManagedPolicy",
    "AWSManagedPolicy",
];

/// The policy as lists show it: without description and tags.
pub(super) fn shown(account: &Account, policy: &ManagedPolicy) -> wire::Policy {
    let arn = policy.arn();
    wire::Policy {
        policy_name: policy.name.clone(),
        policy_id: policy.id.clone(),
        path: policy.path.clone(),
        default_version_id: format!("v{}", policy.default_version),
        attachment_count: count(account.attachments(&arn)),
        permissions_boundary_usage_count: count(account.boundaries(&arn)),
        is_attachable: true,
        description: None,
        create_date: iso_seconds(policy.created),
        update_date: iso_seconds(policy.updated),
        tags: None,
        arn,
    }
}

/// AWS's policy as the account sees it.
pub(super) fn shown_aws(account: &Account, policy: &AwsManagedPolicy) -> wire::Policy {
    let arn = policy.arn();
    wire::Policy {
        policy_name: policy.name.into(),
        policy_id: policy.id.into(),
        path: policy.path.into(),
        default_version_id: policy.version.into(),
        attachment_count: count(account.attachments(&arn)),
        permissions_boundary_usage_count: count(account.boundaries(&arn)),
        is_attachable: true,
        description: None,
        create_date: iso_seconds(policy.created),
        update_date: iso_seconds(policy.updated),
        tags: None,
        arn,
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
