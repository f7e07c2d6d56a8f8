//! The rules of security groups.

use api::refusal::{Code, Refusal};
use api::row::{NetworkKind, Operation};
use api::table;
use api::wire::ec2 as wire;
use store::Change;
use store::state::{Account, Record};
use vpc::{Allows, Peer, SecurityGroup, SecurityGroupRule, Tags};

use super::groups::wanted;
use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{Unique, birth_tags, check_id, required, shown as shown_tags};
use super::permitted::{checked_description, flat, peer, ports, read};
use super::refusals::{missing, not_found};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::network;

/// The most rules of a group in one direction ("Amazon VPC quotas").
const MAX_RULES: usize = 60;

/// A rule with its group.
struct Ruled {
    group: SecurityGroup,
    rule: SecurityGroupRule,
}

impl Listed for Ruled {
    const FILTERS: &'static [Filter<Ruled>] = &[
        ("group-id", |_, ruled| one(&ruled.group.id)),
        ("security-group-rule-id", |_, ruled| one(&ruled.rule.id)),
    ];
    fn id(&self) -> &str {
        &self.rule.id
    }
    fn tags(&self) -> &Tags {
        &self.rule.tags
    }
}

fn shown(group: &SecurityGroup, rule: &SecurityGroupRule) -> wire::SecurityGroupRule {
    let mut shown = wire::SecurityGroupRule {
        security_group_rule_id: rule.id.clone(),
        group_id: group.id.clone(),
        group_owner_id: group.account.clone(),
        is_egress: rule.allows.egress,
        ip_protocol: rule.allows.protocol.clone(),
        // AWS: -1 where the protocol has no ports.
        from_port: Some(rule.allows.from_port.map_or(-1, i64::from)),
        to_port: Some(rule.allows.to_port.map_or(-1, i64::from)),
        description: rule.description.clone().unwrap_or_default(),
        tags: shown_tags(&rule.tags),
        security_group_rule_arn: network::arn(
            &group.region,
            &group.account,
            NetworkKind::SecurityGroupRule,
            &rule.id,
        ),
        ..Default::default()
    };
    match &rule.allows.peer {
        Peer::Ipv4(range) => shown.cidr_ipv4 = range.to_string(),
        Peer::Ipv6(range) => shown.cidr_ipv6 = range.to_string(),
        Peer::Group(other) => {
            shown.referenced_group_info = Some(wire::ReferencedSecurityGroup {
                group_id: other.clone(),
                user_id: group.account.clone(),
            });
        }
    }
    shown
}

/// Lists rules.
pub async fn describe_security_group_rules(
    call: Call,
    _permit: Permit<table::DescribeSecurityGroupRules>,
    input: wire::DescribeSecurityGroupRulesRequest,
) -> Result<wire::DescribeSecurityGroupRulesResponse, Refusal> {
    let account = call.account()?;
    let mut all: Vec<Ruled> = account
        .security_groups
        .values()
        .filter(|group| group.region == call.region())
        .flat_map(|group| {
            group.rules.iter().map(|rule| Ruled {
                group: (**group).clone(),
                rule: rule.clone(),
            })
        })
        .collect();
    all.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.security_group_rule_ids,
        kind: Some(NetworkKind::SecurityGroupRule),
    };
    let (rules, next_token) = page(&call, account, &asked, all.iter())?;
    Ok(wire::DescribeSecurityGroupRulesResponse {
        security_group_rules: rules
            .into_iter()
            .map(|ruled| shown(&ruled.group, &ruled.rule))
            .collect(),
        next_token: next_token.unwrap_or_default(),
    })
}

fn spelled(allows: &Allows) -> String {
    let peer = match &allows.peer {
        Peer::Ipv4(range) => range.to_string(),
        Peer::Ipv6(range) => range.to_string(),
        Peer::Group(group) => group.clone(),
    };
    let protocol = match allows.protocol.as_str() {
        "-1" => "ALL".into(),
        other => other.to_ascii_uppercase(),
    };
    let mut text = format!("peer: {peer}, {protocol}");
    if let (Some(from), Some(to)) = (allows.from_port, allows.to_port) {
        text.push_str(&format!(", from port: {from}, to port: {to}"));
    }
    text.push_str(", ALLOW");
    text
}

/// Adds rules; answers those that were added.
fn authorized(
    account: &Account,
    group: &SecurityGroup,
    egress: bool,
    permissions: &[wire::RequestedIpPermission],
    tags: &Tags,
    mut unique: Unique,
) -> Result<(SecurityGroup, Vec<wire::SecurityGroupRule>), Refusal> {
    let wanted = read(account, group, egress, permissions)?;
    let mut group = group.clone();
    let mut added = Vec::new();
    for (allows, description) in wanted {
        if group.rule_that_allows(&allows).is_some() {
            return Err(Refusal::new(
                Code::InvalidPermissionDuplicate,
                format!("the specified rule \"{}\" already exists", spelled(&allows)),
            ));
        }
        let rule = SecurityGroupRule {
            id: unique.id(NetworkKind::SecurityGroupRule),
            allows,
            description,
            tags: tags.clone(),
        };
        added.push(shown(&group, &rule));
        group.rules.push(rule);
    }
    let count = group
        .rules
        .iter()
        .filter(|rule| rule.allows.egress == egress)
        .count();
    if count > MAX_RULES {
        return Err(Refusal::new(
            Code::RulesPerSecurityGroupLimitExceeded,
            "The maximum number of rules per security group has been reached.",
        ));
    }
    Ok((group, added))
}

/// Adds rules for what may come in.
pub async fn authorize_security_group_ingress(
    call: Call,
    permit: Permit<table::AuthorizeSecurityGroupIngress>,
    input: wire::AuthorizeSecurityGroupIngressRequest,
) -> Result<wire::AuthorizeSecurityGroupIngressResponse, Refusal> {
    let tags = birth_tags(NetworkKind::SecurityGroupRule, &input.tag_specifications)?;
    let mut permissions = input.ip_permissions;
    permissions.extend(flat(
        input.ip_protocol,
        input.from_port,
        input.to_port,
        input.cidr_ip,
    ));
    let unique = Unique::new(&call)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let group = wanted(
            account,
            cx.region(),
            input.group_id.as_deref(),
            input.group_name.as_deref(),
        )?;
        let (group, added) = authorized(account, group, false, &permissions, &tags, unique)?;
        Ok(Decided {
            changes: vec![Change::put(Record::SecurityGroup(group))],
            output: wire::AuthorizeSecurityGroupIngressResponse {
                r#return: true,
                security_group_rules: added,
            },
        })
    })
    .await
}

/// Adds rules for what may go out.
pub async fn authorize_security_group_egress(
    call: Call,
    permit: Permit<table::AuthorizeSecurityGroupEgress>,
    input: wire::AuthorizeSecurityGroupEgressRequest,
) -> Result<wire::AuthorizeSecurityGroupEgressResponse, Refusal> {
    let tags = birth_tags(NetworkKind::SecurityGroupRule, &input.tag_specifications)?;
    let unique = Unique::new(&call)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let group = wanted(account, cx.region(), input.group_id.as_deref(), None)?;
        let (group, added) =
            authorized(account, group, true, &input.ip_permissions, &tags, unique)?;
        Ok(Decided {
            changes: vec![Change::put(Record::SecurityGroup(group))],
            output: wire::AuthorizeSecurityGroupEgressResponse {
                r#return: true,
                security_group_rules: added,
            },
        })
    })
    .await
}

/// What a request asks to take away.
struct Revocation {
    egress: bool,
    group_id: Option<String>,
    group_name: Option<String>,
    rule_ids: Vec<String>,
    permissions: Vec<wire::RequestedIpPermission>,
}

/// Takes rules away: all of them or none.
async fn revoke<Op: Operation>(
    call: Call,
    permit: Permit<Op>,
    asked: Revocation,
    answer: fn(Vec<wire::RevokedSecurityGroupRule>) -> Op::Output,
) -> Result<Op::Output, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let group = wanted(
            account,
            cx.region(),
            asked.group_id.as_deref(),
            asked.group_name.as_deref(),
        )?;
        let mut gone: Vec<&SecurityGroupRule> = Vec::new();
        if !asked.rule_ids.is_empty() && !asked.permissions.is_empty() {
            return Err(Refusal::new(
                Code::InvalidParameterCombination,
                "The parameters ipPermissions and securityGroupRuleIds may not be used together",
            ));
        }
        for id in &asked.rule_ids {
            check_id(NetworkKind::SecurityGroupRule, id)?;
            let mut rules = group.rules.iter();
            let rule = rules
                .find(|rule| rule.id == *id && rule.allows.egress == asked.egress)
                .ok_or_else(|| not_found(NetworkKind::SecurityGroupRule, id))?;
            gone.push(rule);
        }
        if asked.rule_ids.is_empty() {
            for (allows, _) in read(account, group, asked.egress, &asked.permissions)? {
                let rule = group.rule_that_allows(&allows).ok_or_else(|| {
                    Refusal::new(
                        Code::InvalidPermissionNotFound,
                        "The specified rule does not exist in this security group.",
                    )
                })?;
                gone.push(rule);
            }
        }
        let mut changed = group.clone();
        changed
            .rules
            .retain(|rule| !gone.iter().any(|gone| gone.id == rule.id));
        let revoked = gone.into_iter().map(|rule| revoked(group, rule)).collect();
        Ok(Decided {
            changes: vec![Change::put(Record::SecurityGroup(changed))],
            output: answer(revoked),
        })
    })
    .await
}

fn revoked(group: &SecurityGroup, rule: &SecurityGroupRule) -> wire::RevokedSecurityGroupRule {
    let shown = shown(group, rule);
    wire::RevokedSecurityGroupRule {
        security_group_rule_id: shown.security_group_rule_id,
        group_id: shown.group_id,
        is_egress: shown.is_egress,
        ip_protocol: shown.ip_protocol,
        from_port: shown.from_port,
        to_port: shown.to_port,
        cidr_ipv4: shown.cidr_ipv4,
        cidr_ipv6: shown.cidr_ipv6,
        referenced_group_id: shown
            .referenced_group_info
            .map(|group| group.group_id)
            .unwrap_or_default(),
        description: shown.description,
    }
}

/// Removes rules for what may come in.
pub async fn revoke_security_group_ingress(
    call: Call,
    permit: Permit<table::RevokeSecurityGroupIngress>,
    input: wire::RevokeSecurityGroupIngressRequest,
) -> Result<wire::RevokeSecurityGroupIngressResponse, Refusal> {
    let mut permissions = input.ip_permissions;
    permissions.extend(flat(
        input.ip_protocol,
        input.from_port,
        input.to_port,
        input.cidr_ip,
    ));
    let asked = Revocation {
        egress: false,
        group_id: input.group_id,
        group_name: input.group_name,
        rule_ids: input.security_group_rule_ids,
        permissions,
    };
    revoke(call, permit, asked, |revoked| {
        wire::RevokeSecurityGroupIngressResponse {
            r#return: true,
            revoked_security_group_rules: revoked,
        }
    })
    .await
}

/// Removes rules for what may go out.
pub async fn revoke_security_group_egress(
    call: Call,
    permit: Permit<table::RevokeSecurityGroupEgress>,
    input: wire::RevokeSecurityGroupEgressRequest,
) -> Result<wire::RevokeSecurityGroupEgressResponse, Refusal> {
    let asked = Revocation {
        egress: true,
        group_id: input.group_id,
        group_name: None,
        rule_ids: input.security_group_rule_ids,
        permissions: input.ip_permissions,
    };
    revoke(call, permit, asked, |revoked| {
        wire::RevokeSecurityGroupEgressResponse {
            r#return: true,
            revoked_security_group_rules: revoked,
        }
    })
    .await
}

/// Changes rules: what each of them allows is replaced as a whole, its id and direction stay.
pub async fn modify_security_group_rules(
    call: Call,
    permit: Permit<table::ModifySecurityGroupRules>,
    input: wire::ModifySecurityGroupRulesRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let mut group = wanted(account, cx.region(), input.group_id.as_deref(), None)?.clone();
        if input.security_group_rules.is_empty() {
            return Err(missing("SecurityGroupRule"));
        }
        for update in &input.security_group_rules {
            let id = required(
                "SecurityGroupRuleId",
                update.security_group_rule_id.as_deref(),
            )?;
            check_id(NetworkKind::SecurityGroupRule, id)?;
            let asked = update
                .security_group_rule
                .as_ref()
                .ok_or_else(|| missing("SecurityGroupRule"))?;
            let egress = group
                .rules
                .iter()
                .find(|rule| rule.id == id)
                .ok_or_else(|| not_found(NetworkKind::SecurityGroupRule, id))?
                .allows
                .egress;
            let (protocol, from_port, to_port) =
                ports(asked.ip_protocol.as_deref(), asked.from_port, asked.to_port)?;
            let allows = Allows {
                egress,
                protocol,
                from_port,
                to_port,
                peer: peer(account, &group, asked)?,
            };
            if group
                .rule_that_allows(&allows)
                .is_some_and(|other| other.id != id)
            {
                return Err(Refusal::new(
                    Code::InvalidPermissionDuplicate,
                    format!("the specified rule \"{}\" already exists", spelled(&allows)),
                ));
            }
            let description = checked_description(asked.description.as_deref())?;
            if let Some(rule) = group.rules.iter_mut().find(|rule| rule.id == id) {
                rule.allows = allows;
                rule.description = description;
            }
        }
        Ok(Decided {
            changes: vec![Change::put(Record::SecurityGroup(group))],
            output: wire::Return::DONE,
        })
    })
    .await
}
