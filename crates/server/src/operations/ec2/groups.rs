//! Security groups.

use std::collections::HashMap;

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::state::{Account, Record};
use store::{Change, Document};
use vpc::{Allows, Peer, SecurityGroup, SecurityGroupRule, Tags};

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{
    Unique, birth_tags, check_id, default_vpc, find_group, find_vpc, required, shortened,
    shown as shown_tags,
};
use super::quotas;
use super::refusals::{invalid, invalid_value, not_found};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::network;

/// The values of the group's rules in one direction.
fn rules(
    group: &SecurityGroup,
    egress: bool,
    value: fn(&SecurityGroupRule) -> Option<String>,
) -> Vec<String> {
    let rules = group.rules.iter();
    rules
        .filter(|rule| rule.allows.egress == egress)
        .filter_map(value)
        .collect()
}

fn ipv4(rule: &SecurityGroupRule) -> Option<String> {
    match &rule.allows.peer {
        Peer::Ipv4(range) => Some(range.to_string()),
        Peer::Ipv6(_) | Peer::Group(_) => None,
    }
}

fn ipv6(rule: &SecurityGroupRule) -> Option<String> {
    match &rule.allows.peer {
        Peer::Ipv6(range) => Some(range.to_string()),
        Peer::Ipv4(_) | Peer::Group(_) => None,
    }
}

fn peer_group(rule: &SecurityGroupRule) -> Option<String> {
    match &rule.allows.peer {
        Peer::Group(group) => Some(group.clone()),
        Peer::Ipv4(_) | Peer::Ipv6(_) => None,
    }
}

fn protocol(rule: &SecurityGroupRule) -> Option<String> {
    Some(rule.allows.protocol.clone())
}

fn from_port(rule: &SecurityGroupRule) -> Option<String> {
    rule.allows.from_port.map(|port| port.to_string())
}

fn to_port(rule: &SecurityGroupRule) -> Option<String> {
    rule.allows.to_port.map(|port| port.to_string())
}

impl Listed for SecurityGroup {
    const FILTERS: &'static [Filter<SecurityGroup>] = &[
        ("group-id", |_, group| one(&group.id)),
        ("group-name", |_, group| one(&group.name)),
        ("description", |_, group| one(&group.description)),
        ("vpc-id", |_, group| one(&group.vpc_id)),
        ("ip-permission.cidr", |_, g| rules(g, false, ipv4)),
        ("ip-permission.ipv6-cidr", |_, g| rules(g, false, ipv6)),
        ("ip-permission.group-id", |_, g| rules(g, false, peer_group)),
        ("ip-permission.protocol", |_, g| rules(g, false, protocol)),
        ("ip-permission.from-port", |_, g| rules(g, false, from_port)),
        ("ip-permission.to-port", |_, g| rules(g, false, to_port)),
        ("egress.ip-permission.cidr", |_, g| rules(g, true, ipv4)),
        ("egress.ip-permission.ipv6-cidr", |_, g| {
            rules(g, true, ipv6)
        }),
        ("egress.ip-permission.group-id", |_, g| {
            rules(g, true, peer_group)
        }),
        ("egress.ip-permission.protocol", |_, g| {
            rules(g, true, protocol)
        }),
        ("egress.ip-permission.from-port", |_, g| {
            rules(g, true, from_port)
        }),
        ("egress.ip-permission.to-port", |_, g| {
            rules(g, true, to_port)
        }),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

fn group_arn(group: &SecurityGroup) -> String {
    network::arn(
        &group.region,
        &group.account,
        NetworkKind::SecurityGroup,
        &group.id,
    )
}

fn shown(group: &SecurityGroup) -> wire::SecurityGroup {
    wire::SecurityGroup {
        group_id: group.id.clone(),
        ip_permissions_egress: permissions(group, true),
        tags: shown_tags(&group.tags),
        vpc_id: group.vpc_id.clone(),
        security_group_arn: group_arn(group),
        owner_id: group.account.clone(),
        group_name: group.name.clone(),
        description: group.description.clone(),
        ip_permissions: permissions(group, false),
    }
}

/// The rules of one direction, those with the same protocol and ports together.
fn permissions(group: &SecurityGroup, egress: bool) -> Vec<wire::IpPermission> {
    let mut places: HashMap<(&str, Option<i32>, Option<i32>), usize> = HashMap::new();
    let mut shown: Vec<wire::IpPermission> = Vec::new();
    for rule in &group.rules {
        let Allows {
            protocol,
            from_port,
            to_port,
            peer,
            egress: of,
        } = &rule.allows;
        if *of != egress {
            continue;
        }
        let place = *places
            .entry((protocol, *from_port, *to_port))
            .or_insert_with(|| {
                shown.push(wire::IpPermission {
                    ip_protocol: protocol.clone(),
                    from_port: from_port.map(i64::from),
                    to_port: to_port.map(i64::from),
                    ..Default::default()
                });
                shown.len().saturating_sub(1)
            });
        let Some(permission) = shown.get_mut(place) else {
            continue;
        };
        let description = rule.description.clone().unwrap_or_default();
        match peer {
            Peer::Ipv4(range) => permission.ip_ranges.push(wire::IpRange {
                description,
                cidr_ip: range.to_string(),
            }),
            Peer::Ipv6(range) => permission.ipv6_ranges.push(wire::Ipv6Range {
                description,
                cidr_ipv6: range.to_string(),
            }),
            Peer::Group(other) => permission.user_id_group_pairs.push(wire::UserIdGroupPair {
                description,
                user_id: group.account.clone(),
                group_id: other.clone(),
            }),
        }
    }
    shown
}

/// Lists security groups.
pub async fn describe_security_groups(
    call: Call,
    _permit: Permit<table::DescribeSecurityGroups>,
    input: wire::DescribeSecurityGroupsRequest,
) -> Result<wire::DescribeSecurityGroupsResponse, Refusal> {
    let account = call.account()?;
    // Names are of the default VPC ("DescribeSecurityGroups").
    let mut ids = input.group_ids.clone();
    for name in &input.group_names {
        ids.push(named(account, call.region(), name)?.id.clone());
    }
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &ids,
        kind: Some(NetworkKind::SecurityGroup),
    };
    let all = account.security_groups.values().map(AsRef::as_ref);
    let here = all.filter(|group: &&SecurityGroup| group.region == call.region());
    let (groups, next_token) = page(&call, account, &asked, here)?;
    Ok(wire::DescribeSecurityGroupsResponse {
        next_token: next_token.unwrap_or_default(),
        security_groups: groups.into_iter().map(shown).collect(),
    })
}

/// The default VPC's group of this name.
fn named<'a>(account: &'a Account, region: &str, name: &str) -> Result<&'a SecurityGroup, Refusal> {
    let vpc = default_vpc(account, region);
    account
        .security_groups
        .values()
        .find(|group| group.name == name && vpc.is_some_and(|vpc| vpc.id == group.vpc_id))
        .map(AsRef::as_ref)
        .ok_or_else(|| not_found(NetworkKind::SecurityGroup, &shortened(name)))
}

/// The group that a request is about.
pub(super) fn wanted<'a>(
    account: &'a Account,
    region: &str,
    id: Option<&str>,
    name: Option<&str>,
) -> Result<&'a SecurityGroup, Refusal> {
    match (id, name) {
        (Some(id), _) => find_group(account, region, id).map(AsRef::as_ref),
        (None, Some(name)) => named(account, region, name),
        (None, None) => Err(Refusal::new(
            Code::MissingParameter,
            "The request must contain the parameter groupName or groupId",
        )),
    }
}

/// Creates a security group.
pub async fn create_security_group(
    call: Call,
    permit: Permit<table::CreateSecurityGroup>,
    input: wire::CreateSecurityGroupRequest,
) -> Result<wire::CreateSecurityGroupResponse, Refusal> {
    let name = required("groupName", input.group_name.as_deref())?.to_owned();
    let description = required("groupDescription", input.description.as_deref())?.to_owned();
    for (parameter, text) in [("groupName", &name), ("groupDescription", &description)] {
        if text.chars().count() > 255 || !text.chars().all(is_allowed) {
            return Err(invalid_value(
                &shortened(text),
                parameter,
                "Character sets beyond ASCII are not supported.",
            ));
        }
    }
    if name.starts_with("sg-") {
        return Err(invalid_value(
            &name,
            "groupName",
            "Group names may not be in the format sg-*.",
        ));
    }
    if name == "default" {
        return Err(Refusal::new(
            Code::InvalidGroupReserved,
            "The security group 'default' is reserved",
        ));
    }
    let tags = birth_tags(NetworkKind::SecurityGroup, &input.tag_specifications)?;
    let unique = Unique::new(&call)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let vpc = match &input.vpc_id {
            Some(id) => find_vpc(account, cx.region(), id)?,
            None => default_vpc(account, cx.region()).ok_or_else(|| {
                Refusal::new(Code::VpcIdNotSpecified, "No default VPC for this user")
            })?,
        };
        let groups = account.security_groups.values();
        let groups = groups.filter(|group| group.region == cx.region());
        quotas::SECURITY_GROUPS.room(&cx, groups.count())?;
        if account
            .security_groups
            .values()
            .any(|group| group.vpc_id == vpc.id && group.name == name)
        {
            return Err(Refusal::new(
                Code::InvalidGroupDuplicate,
                format!(
                    "The security group '{name}' already exists for VPC '{}'",
                    vpc.id
                ),
            ));
        }
        let mut unique = unique;
        let mut group = SecurityGroup::new(vpc, &name, &description, || unique.digits());
        group.tags.clone_from(&tags);
        let output = wire::CreateSecurityGroupResponse {
            group_id: group.id.clone(),
            tags: shown_tags(&group.tags),
            security_group_arn: group_arn(&group),
        };
        Ok(Decided {
            changes: vec![Change::put(Record::SecurityGroup(group))],
            output,
        })
    })
    .await
}

/// "a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*" (CreateSecurityGroup).
fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(character)
}

/// Deletes a security group that no interface has and no other group names.
pub async fn delete_security_group(
    call: Call,
    permit: Permit<table::DeleteSecurityGroup>,
    input: wire::DeleteSecurityGroupRequest,
) -> Result<wire::DeleteSecurityGroupResponse, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let group = wanted(
            account,
            cx.region(),
            input.group_id.as_deref(),
            input.group_name.as_deref(),
        )?;
        let id = group.id.as_str();
        if group.name == "default" {
            return Err(Refusal::new(
                Code::CannotDelete,
                format!(
                    "the specified group: \"{id}\" name: \"default\" cannot be deleted by a user"
                ),
            ));
        }
        let used = account
            .interfaces
            .values()
            .any(|interface| interface.groups.iter().any(|group| group == id));
        let named = account
            .security_groups
            .values()
            .any(|other| other.id != id && other.names(id));
        if used || named {
            return Err(Refusal::new(
                Code::DependencyViolation,
                format!("resource {id} has a dependent object"),
            ));
        }
        Ok(Decided {
            changes: vec![Change::Delete(Record::SecurityGroup(group.clone()).key())],
            output: wire::DeleteSecurityGroupResponse {
                r#return: true,
                group_id: id.into(),
            },
        })
    })
    .await
}

/// Checks that every one of the groups exists and is of the VPC.
pub(super) fn check_groups(
    account: &Account,
    region: &str,
    vpc: &str,
    ids: &[String],
) -> Result<(), Refusal> {
    for id in ids {
        check_id(NetworkKind::SecurityGroup, id)?;
        if find_group(account, region, id)?.vpc_id != vpc {
            return Err(invalid(format!(
                "You have specified two resources that belong to different networks: {id}, {vpc}"
            )));
        }
    }
    Ok(())
}
