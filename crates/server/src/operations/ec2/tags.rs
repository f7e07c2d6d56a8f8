//! Tags of the network's parts, of every kind in one call.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::Change;
use store::state::{Account, Record};
use vpc::{SecurityGroup, Tags};

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{
    check_count, check_id, check_tag, find_acl, find_gateway, find_group, find_interface,
    find_route_table, find_subnet, find_vpc, required, shortened,
};
use super::refusals::{invalid, missing, not_found};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};

/// The most resources and tags of one call ("CreateTags").
const MAX_RESOURCES: usize = 1000;

/// Records that are changed, by their ids: two rules of one group are in one record.
#[derive(Default)]
struct Changed(BTreeMap<String, Record>);

impl Changed {
    /// Changes the tags of one part of the network.
    fn change(
        &mut self,
        account: &Account,
        region: &str,
        id: &str,
        change: impl FnOnce(&mut Tags) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let kind = NetworkKind::of_id(id).ok_or_else(|| {
            Refusal::new(
                Code::InvalidId,
                format!("The ID '{}' is not valid", shortened(id)),
            )
        })?;
        if kind == NetworkKind::SecurityGroupRule {
            return self.change_rule(account, region, id, change);
        }
        let record = match self.0.remove(id) {
            Some(record) => record,
            None => find(account, region, kind, id)?,
        };
        let mut record = record;
        let tags = match &mut record {
            Record::Vpc(vpc) => &mut vpc.tags,
            Record::Subnet(subnet) => &mut subnet.tags,
            Record::SecurityGroup(group) => &mut group.tags,
            Record::InternetGateway(gateway) => &mut gateway.tags,
            Record::RouteTable(table) => &mut table.tags,
            Record::NetworkAcl(acl) => &mut acl.tags,
            Record::NetworkInterface(interface) => &mut interface.tags,
            _ => return Err(Refusal::internal("a record of no kind that has tags")),
        };
        change(tags)?;
        self.0.insert(id.into(), record);
        Ok(())
    }

    fn change_rule(
        &mut self,
        account: &Account,
        region: &str,
        id: &str,
        change: impl FnOnce(&mut Tags) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        check_id(NetworkKind::SecurityGroupRule, id)?;
        let group: &Arc<SecurityGroup> = account
            .security_groups
            .values()
            .filter(|group| group.region == region)
            .find(|group| group.rules.iter().any(|rule| rule.id == id))
            .ok_or_else(|| not_found(NetworkKind::SecurityGroupRule, id))?;
        let mut changed = match self.0.remove(&group.id) {
            Some(Record::SecurityGroup(changed)) => changed,
            _ => (**group).clone(),
        };
        if let Some(rule) = changed.rules.iter_mut().find(|rule| rule.id == id) {
            change(&mut rule.tags)?;
        }
        self.0
            .insert(group.id.clone(), Record::SecurityGroup(changed));
        Ok(())
    }

    fn done(self) -> Decided<wire::Return> {
        Decided {
            changes: self.0.into_values().map(Change::put).collect(),
            output: wire::Return::DONE,
        }
    }
}

fn find(account: &Account, region: &str, kind: NetworkKind, id: &str) -> Result<Record, Refusal> {
    Ok(match kind {
        NetworkKind::Vpc => Record::Vpc((**find_vpc(account, region, id)?).clone()),
        NetworkKind::Subnet => Record::Subnet((**find_subnet(account, region, id)?).clone()),
        NetworkKind::SecurityGroup => {
            Record::SecurityGroup((**find_group(account, region, id)?).clone())
        }
        NetworkKind::InternetGateway => {
            Record::InternetGateway((**find_gateway(account, region, id)?).clone())
        }
        NetworkKind::RouteTable => {
            Record::RouteTable((**find_route_table(account, region, id)?).clone())
        }
        NetworkKind::NetworkAcl => Record::NetworkAcl((**find_acl(account, region, id)?).clone()),
        NetworkKind::NetworkInterface => {
            Record::NetworkInterface((**find_interface(account, region, id)?).clone())
        }
        NetworkKind::SecurityGroupRule => {
            return Err(Refusal::internal("a rule is no record of its own"));
        }
    })
}

/// Adds tags, or changes them: on all of the resources, or on none.
pub async fn create_tags(
    call: Call,
    permit: Permit<table::Ec2CreateTags>,
    input: wire::CreateTagsRequest,
) -> Result<wire::Return, Refusal> {
    check_size(&input.resources)?;
    if input.tags.is_empty() {
        return Err(missing("Tag"));
    }
    let mut tags = Tags::new();
    for tag in &input.tags {
        let (key, value) = check_tag(tag)?;
        if tags.insert(key.clone(), value).is_some() {
            return Err(invalid(format!("Duplicate tag key '{key}' specified.")));
        }
    }
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let mut changed = Changed::default();
        for id in &input.resources {
            changed.change(account, cx.region(), id, |old| {
                old.extend(tags.clone());
                check_count(old)
            })?;
        }
        Ok(changed.done())
    })
    .await
}

/// Removes tags: those with the value that is given, or with any; all of them where none is named.
pub async fn delete_tags(
    call: Call,
    permit: Permit<table::Ec2DeleteTags>,
    input: wire::DeleteTagsRequest,
) -> Result<wire::Return, Refusal> {
    check_size(&input.resources)?;
    for tag in &input.tags {
        required("Tag.Key", tag.key.as_deref())?;
    }
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let mut changed = Changed::default();
        for id in &input.resources {
            changed.change(account, cx.region(), id, |old| {
                old.retain(|key, value| {
                    !input.tags.is_empty()
                        && !input.tags.iter().any(|tag| {
                            tag.key.as_ref() == Some(key)
                                && tag.value.as_ref().is_none_or(|wanted| wanted == value)
                        })
                });
                Ok(())
            })?;
        }
        Ok(changed.done())
    })
    .await
}

fn check_size(resources: &[String]) -> Result<(), Refusal> {
    if resources.is_empty() {
        return Err(missing("resourceIdSet"));
    }
    if resources.len() > MAX_RESOURCES {
        return Err(invalid("Too many resources in one request"));
    }
    Ok(())
}

/// One tag of one resource.
struct Tagged {
    /// The resource's id, the key and a dash between: what lists are ordered by.
    place: String,
    resource: String,
    kind: NetworkKind,
    key: String,
    value: String,
    tags: Tags,
}

impl Listed for Tagged {
    const FILTERS: &'static [Filter<Tagged>] = &[
        ("key", |_, tagged| one(&tagged.key)),
        ("resource-id", |_, tagged| one(&tagged.resource)),
        ("resource-type", |_, tagged| one(tagged.kind.name())),
        ("value", |_, tagged| one(&tagged.value)),
    ];
    fn id(&self) -> &str {
        &self.place
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

/// Lists the tags of the network's parts.
pub async fn describe_tags(
    call: Call,
    _permit: Permit<table::DescribeTags>,
    input: wire::DescribeTagsRequest,
) -> Result<wire::DescribeTagsResponse, Refusal> {
    let account = call.account()?;
    let mut all = everything(account, call.region());
    all.sort_by(|a, b| a.place.cmp(&b.place));
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &[],
        kind: None,
    };
    let (tags, next_token) = page(&call, account, &asked, all.iter())?;
    Ok(wire::DescribeTagsResponse {
        next_token: next_token.unwrap_or_default(),
        tags: tags
            .into_iter()
            .map(|tagged| wire::TagDescription {
                key: tagged.key.clone(),
                resource_id: tagged.resource.clone(),
                resource_type: tagged.kind.name().into(),
                value: tagged.value.clone(),
            })
            .collect(),
    })
}

fn everything(account: &Account, region: &str) -> Vec<Tagged> {
    let mut all = Vec::new();
    let mut add = |kind: NetworkKind, of: &str, id: &str, tags: &Tags| {
        if of != region {
            return;
        }
        all.extend(tags.iter().map(|(key, value)| Tagged {
            place: format!("{id}-{key}"),
            resource: id.to_owned(),
            kind,
            key: key.clone(),
            value: value.clone(),
            tags: [(key.clone(), value.clone())].into(),
        }));
    };
    for vpc in account.vpcs.values() {
        add(NetworkKind::Vpc, &vpc.region, &vpc.id, &vpc.tags);
    }
    for subnet in account.subnets.values() {
        add(
            NetworkKind::Subnet,
            &subnet.region,
            &subnet.id,
            &subnet.tags,
        );
    }
    for group in account.security_groups.values() {
        add(
            NetworkKind::SecurityGroup,
            &group.region,
            &group.id,
            &group.tags,
        );
        for rule in &group.rules {
            add(
                NetworkKind::SecurityGroupRule,
                &group.region,
                &rule.id,
                &rule.tags,
            );
        }
    }
    for gateway in account.internet_gateways.values() {
        add(
            NetworkKind::InternetGateway,
            &gateway.region,
            &gateway.id,
            &gateway.tags,
        );
    }
    for table in account.route_tables.values() {
        add(
            NetworkKind::RouteTable,
            &table.region,
            &table.id,
            &table.tags,
        );
    }
    for acl in account.network_acls.values() {
        add(NetworkKind::NetworkAcl, &acl.region, &acl.id, &acl.tags);
    }
    for interface in account.interfaces.values() {
        add(
            NetworkKind::NetworkInterface,
            &interface.region,
            &interface.id,
            &interface.tags,
        );
    }
    all
}
