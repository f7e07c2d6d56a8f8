//! All that bears on who may do what, in one list.

use std::collections::BTreeMap;

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::{Constraint, Group, ManagedPolicy, Role, User};
use store::state::{Account, State, aws_managed_policies};

use super::checks::{self, Checks};
use super::paging::Paging;
use super::{
    attachments, boundaries, documents, instance_profiles, managed_policies, policy_versions,
    principals,
};
use crate::authorise::Permit;
use crate::call::Call;
use crate::time::iso_seconds;

const ENTITIES: &[&str] = &[
    "User",
    "Role",
    "Group",
    "LocalManagedPolicy",
    "AWSManagedPolicy",
];

enum Entity {
    User(wire::UserDetail),
    Group(wire::GroupDetail),
    Role(wire::RoleDetail),
    Policy(wire::ManagedPolicyDetail),
}

/// Lists users, groups, roles and policies with all that bears on what they may do. Of AWS's policies those that are used.
pub async fn get_account_authorization_details(
    call: Call,
    _permit: Permit<table::GetAccountAuthorizationDetails>,
    input: wire::GetAccountAuthorizationDetailsRequest,
) -> Result<wire::GetAccountAuthorizationDetailsResponse, Refusal> {
    let mut checks = Checks::default();
    let filter = input.filter.unwrap_or_default();
    if let Some(wrong) = filter
        .iter()
        .find(|kind| !ENTITIES.contains(&kind.as_str()))
    {
        checks.note("filter", Some(wrong), Constraint::OneOf(ENTITIES));
    }
    let paging = Paging::new(&mut checks, filter.join(","), input.marker, input.max_items);
    checks.done()?;
    let account = call.account()?;
    let wanted = |kind: &str| filter.is_empty() || filter.iter().any(|wanted| wanted == kind);
    let key = |kind: &str, name: &str| format!("{kind}/{}", name.to_lowercase());
    let users = account.users().filter(|_| wanted("User")).map(|entry| {
        (
            key("a", &entry.user.name),
            Entity::User(user(account, &entry.user)),
        )
    });
    let groups = account.groups().filter(|_| wanted("Group")).map(|entry| {
        (
            key("b", &entry.group.name),
            Entity::Group(group(&entry.group)),
        )
    });
    let roles = account.roles().filter(|_| wanted("Role")).map(|entry| {
        (
            key("c", &entry.role.name),
            Entity::Role(role(call.state(), account, &entry.role)),
        )
    });
    let mut own: Vec<_> = account
        .policies()
        .filter(|_| wanted("LocalManagedPolicy"))
        .map(|entry| {
            let detail = policy(account, &entry.policy);
            (key("d", &entry.policy.name), Entity::Policy(detail))
        })
        .collect();
    own.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut awss: Vec<_> = aws_managed_policies()
        .filter(|_| wanted("AWSManagedPolicy"))
        .map(|policy| {
            let shown = managed_policies::shown_aws(account, policy);
            let version = wire::PolicyVersion {
                document: Some(documents::shown(policy.document)),
                ..policy_versions::shown_aws(policy)
            };
            (key("e", policy.name), detail(shown, vec![version]))
        })
        .filter(|(_, detail)| detail.attachment_count + detail.permissions_boundary_usage_count > 0)
        .map(|(key, detail)| (key, Entity::Policy(detail)))
        .collect();
    awss.sort_by(|(one, _), (other, _)| one.cmp(other));
    let all = users.chain(groups).chain(roles).chain(own).chain(awss);
    let page = paging.cut(&call, all)?;
    let mut output = wire::GetAccountAuthorizationDetailsResponse {
        is_truncated: page.is_truncated(),
        marker: page.marker,
        ..Default::default()
    };
    for entity in page.items {
        match entity {
            Entity::User(user) => output.user_detail_list.push(user),
            Entity::Group(group) => output.group_detail_list.push(group),
            Entity::Role(role) => output.role_detail_list.push(role),
            Entity::Policy(policy) => output.policies.push(policy),
        }
    }
    Ok(output)
}

fn user(account: &Account, user: &User) -> wire::UserDetail {
    wire::UserDetail {
        path: user.path.clone(),
        user_name: user.name.clone(),
        user_id: user.id.clone(),
        arn: user.arn(),
        create_date: iso_seconds(user.created),
        user_policy_list: inline(&user.inline),
        group_list: user
            .groups
            .iter()
            .filter_map(|id| account.group_of_id(id))
            .map(|entry| entry.group.name.clone())
            .collect(),
        attached_managed_policies: attached(&user.attached),
        permissions_boundary: boundaries::shown(user.boundary.as_ref()),
        tags: Some(checks::shown(&user.tags)),
    }
}

fn group(group: &Group) -> wire::GroupDetail {
    wire::GroupDetail {
        path: group.path.clone(),
        group_name: group.name.clone(),
        group_id: group.id.clone(),
        arn: group.arn(),
        create_date: iso_seconds(group.created),
        group_policy_list: inline(&group.inline),
        attached_managed_policies: attached(&group.attached),
    }
}

fn role(state: &State, account: &Account, role: &Role) -> wire::RoleDetail {
    let profiles = account.instance_profiles.values();
    wire::RoleDetail {
        path: role.path.clone(),
        role_name: role.name.clone(),
        role_id: role.id.clone(),
        arn: role.arn(),
        create_date: iso_seconds(role.created),
        assume_role_policy_document: documents::shown(&principals::shown(state, role)),
        instance_profile_list: profiles
            .filter(|profile| profile.role.as_ref() == Some(&role.name))
            .map(|profile| instance_profiles::shown(state, account, profile))
            .collect(),
        role_policy_list: inline(&role.inline),
        attached_managed_policies: attached(&role.attached),
        permissions_boundary: boundaries::shown(role.boundary.as_ref()),
        tags: Some(checks::shown(&role.tags)),
        role_last_used: wire::RoleLastUsed::default(),
    }
}

fn policy(account: &Account, policy: &ManagedPolicy) -> wire::ManagedPolicyDetail {
    let versions = policy
        .versions
        .iter()
        .rev()
        .map(|version| wire::PolicyVersion {
            document: Some(documents::shown(&version.document)),
            ..policy_versions::shown(policy, version)
        });
    wire::ManagedPolicyDetail {
        description: policy.description.clone(),
        ..detail(managed_policies::shown(account, policy), versions.collect())
    }
}

fn detail(
    shown: wire::Policy,
    policy_version_list: Vec<wire::PolicyVersion>,
) -> wire::ManagedPolicyDetail {
    wire::ManagedPolicyDetail {
        policy_name: shown.policy_name,
        policy_id: shown.policy_id,
        arn: shown.arn,
        path: shown.path,
        default_version_id: shown.default_version_id,
        attachment_count: shown.attachment_count,
        permissions_boundary_usage_count: shown.permissions_boundary_usage_count,
        is_attachable: shown.is_attachable,
        description: None,
        create_date: shown.create_date,
        update_date: shown.update_date,
        policy_version_list,
    }
}

fn inline(policies: &BTreeMap<String, String>) -> Vec<wire::PolicyDetail> {
    policies
        .iter()
        .map(|(name, document)| wire::PolicyDetail {
            policy_name: name.clone(),
            policy_document: documents::shown(document),
        })
        .collect()
}

fn attached(arns: &[String]) -> Vec<wire::AttachedPolicy> {
    arns.iter().map(|arn| attachments::shown(arn)).collect()
}
