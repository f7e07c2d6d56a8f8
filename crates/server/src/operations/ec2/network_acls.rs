//! Network ACLs, which can only be looked at.

use api::refusal::Refusal;
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::state::Account;
use vpc::{Cidr, NetworkAcl, Tags, digits};

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::shown as shown_tags;
use crate::authorise::Permit;
use crate::call::Call;

fn subnets_of<'a>(
    account: &'a Account,
    acl: &'a NetworkAcl,
) -> impl Iterator<Item = &'a str> + use<'a> {
    account
        .subnets
        .values()
        .filter(|subnet| subnet.vpc_id == acl.vpc_id)
        .map(|subnet| subnet.id.as_str())
}

impl Listed for NetworkAcl {
    const FILTERS: &'static [Filter<NetworkAcl>] = &[
        ("network-acl-id", |_, acl| one(&acl.id)),
        ("vpc-id", |_, acl| one(&acl.vpc_id)),
        ("default", |_, _| one(true)),
        ("association.association-id", |account, acl| {
            subnets_of(account, acl).map(acl_association).collect()
        }),
        ("association.network-acl-id", |_, acl| one(&acl.id)),
        ("association.subnet-id", |account, acl| {
            subnets_of(account, acl).map(str::to_owned).collect()
        }),
        ("entry.cidr", |_, _| one(Cidr::ANYWHERE)),
        ("entry.protocol", |_, _| one("-1")),
        ("entry.rule-action", |_, _| {
            vec!["allow".into(), "deny".into()]
        }),
        ("entry.egress", |_, _| vec!["true".into(), "false".into()]),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

/// Every subnet has one association with its VPC's ACL, so its id tells the association's.
fn acl_association(subnet: &str) -> String {
    format!("aclassoc-{}", digits(subnet))
}

fn shown_acl(account: &Account, acl: &NetworkAcl) -> wire::NetworkAcl {
    let entry = |egress, rule_number, rule_action: &str| wire::NetworkAclEntry {
        cidr_block: Cidr::ANYWHERE.to_string(),
        egress,
        protocol: "-1".into(),
        rule_action: rule_action.into(),
        rule_number: Some(rule_number),
    };
    wire::NetworkAcl {
        associations: subnets_of(account, acl)
            .map(|subnet| wire::NetworkAclAssociation {
                network_acl_association_id: acl_association(subnet),
                network_acl_id: acl.id.clone(),
                subnet_id: subnet.into(),
            })
            .collect(),
        entries: [true, false]
            .into_iter()
            .flat_map(|egress| [entry(egress, 100, "allow"), entry(egress, 32767, "deny")])
            .collect(),
        is_default: true,
        network_acl_id: acl.id.clone(),
        tags: shown_tags(&acl.tags),
        vpc_id: acl.vpc_id.clone(),
        owner_id: acl.account.clone(),
    }
}

/// Lists network ACLs: one per VPC, which lets everything pass.
pub async fn describe_network_acls(
    call: Call,
    _permit: Permit<table::DescribeNetworkAcls>,
    input: wire::DescribeNetworkAclsRequest,
) -> Result<wire::DescribeNetworkAclsResponse, Refusal> {
    let account = call.account()?;
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.network_acl_ids,
        kind: Some(NetworkKind::NetworkAcl),
    };
    let all = account.network_acls.values().map(AsRef::as_ref);
    let here = all.filter(|acl: &&NetworkAcl| acl.region == call.region());
    let (acls, next_token) = page(&call, account, &asked, here)?;
    Ok(wire::DescribeNetworkAclsResponse {
        network_acls: acls
            .into_iter()
            .map(|acl| shown_acl(account, acl))
            .collect(),
        next_token: next_token.unwrap_or_default(),
    })
}
