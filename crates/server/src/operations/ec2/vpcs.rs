//! VPCs.

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::state::{Account, Record};
use store::{Change, Document};
use vpc::{Furnishings, Tags, Vpc, digits};

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{Unique, birth_tags, find_vpc, range, required, shown as shown_tags};
use super::quotas;
use super::refusals::{in_use, invalid, invalid_value};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};

impl Listed for Vpc {
    const FILTERS: &'static [Filter<Vpc>] = &[
        ("vpc-id", |_, vpc| one(&vpc.id)),
        ("cidr", |_, vpc| one(vpc.cidr)),
        ("cidr-block", |_, vpc| one(vpc.cidr)),
        ("cidrBlock", |_, vpc| one(vpc.cidr)),
        ("cidr-block-association.cidr-block", |_, vpc| one(vpc.cidr)),
        ("cidr-block-association.association-id", |_, vpc| {
            one(association_id(vpc))
        }),
        ("cidr-block-association.state", |_, _| one("associated")),
        ("dhcp-options-id", |_, _| one("default")),
        ("is-default", |_, vpc| one(vpc.is_default)),
        ("isDefault", |_, vpc| one(vpc.is_default)),
        ("state", |_, _| one("available")),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

fn association_id(vpc: &Vpc) -> String {
    format!("vpc-cidr-assoc-{}", digits(&vpc.id))
}

fn shown(vpc: &Vpc) -> wire::Vpc {
    wire::Vpc {
        owner_id: vpc.account.clone(),
        instance_tenancy: "default".into(),
        cidr_block_association_set: vec![wire::VpcCidrBlockAssociation {
            association_id: association_id(vpc),
            cidr_block: vpc.cidr.to_string(),
            cidr_block_state: Some(wire::VpcCidrBlockState {
                state: "associated".into(),
            }),
        }],
        is_default: vpc.is_default,
        tags: shown_tags(&vpc.tags),
        vpc_id: vpc.id.clone(),
        state: "available".into(),
        cidr_block: vpc.cidr.to_string(),
        // AWS: "or `default` if the default options are associated with the VPC". There are no others.
        dhcp_options_id: "default".into(),
    }
}

/// Lists VPCs.
pub async fn describe_vpcs(
    call: Call,
    _permit: Permit<table::DescribeVpcs>,
    input: wire::DescribeVpcsRequest,
) -> Result<wire::DescribeVpcsResponse, Refusal> {
    let account = call.account()?;
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.vpc_ids,
        kind: Some(NetworkKind::Vpc),
    };
    let all = account.vpcs.values().map(AsRef::as_ref);
    let here = all.filter(|vpc: &&Vpc| vpc.region == call.region());
    let (vpcs, next_token) = page(&call, account, &asked, here)?;
    Ok(wire::DescribeVpcsResponse {
        next_token: next_token.unwrap_or_default(),
        vpcs: vpcs.into_iter().map(shown).collect(),
    })
}

/// Tells one attribute of a VPC.
pub async fn describe_vpc_attribute(
    call: Call,
    _permit: Permit<table::DescribeVpcAttribute>,
    input: wire::DescribeVpcAttributeRequest,
) -> Result<wire::DescribeVpcAttributeResponse, Refusal> {
    let id = required("vpcId", input.vpc_id.as_deref())?;
    let attribute = required("attribute", input.attribute.as_deref())?;
    let vpc = find_vpc(call.account()?, call.region(), id)?;
    let mut answer = wire::DescribeVpcAttributeResponse {
        vpc_id: vpc.id.clone(),
        ..Default::default()
    };
    let value = |value| Some(wire::AttributeBooleanValue { value });
    match attribute {
        "enableDnsSupport" => answer.enable_dns_support = value(vpc.dns_support),
        "enableDnsHostnames" => answer.enable_dns_hostnames = value(vpc.dns_hostnames),
        "enableNetworkAddressUsageMetrics" => {
            answer.enable_network_address_usage_metrics = value(vpc.address_usage_metrics);
        }
        other => return Err(invalid_value(other, "attribute", "Unknown attribute.")),
    }
    Ok(answer)
}

/// Creates a VPC and what comes with every VPC. Its range is its owner's business: nothing here answers for 10.0.0.0/16, and
/// each of its subnets is given a range in 127.0.0.0/8 that stands for it.
pub async fn create_vpc(
    call: Call,
    permit: Permit<table::CreateVpc>,
    input: wire::CreateVpcRequest,
) -> Result<wire::CreateVpcResponse, Refusal> {
    let cidr = range(
        required("cidrBlock", input.cidr_block.as_deref())?,
        "cidrBlock",
    )?;
    if !(16..=28).contains(&cidr.prefix()) {
        return Err(Refusal::new(
            Code::InvalidVpcRange,
            format!("The CIDR '{cidr}' is invalid."),
        ));
    }
    if input.amazon_provided_ipv6_cidr_block == Some(true) {
        return Err(Refusal::new(
            Code::UnsupportedOperation,
            "IPv6 ranges are not supported.",
        ));
    }
    match input.instance_tenancy.as_deref() {
        None | Some("default") => {}
        Some(other) => {
            return Err(invalid_value(
                other,
                "instanceTenancy",
                "Only the tenancy default is supported.",
            ));
        }
    }
    let tags = birth_tags(NetworkKind::Vpc, &input.tag_specifications)?;
    let mut unique = Unique::new(&call)?;
    let vpc = Vpc {
        account: call.account_id().into(),
        id: unique.id(NetworkKind::Vpc),
        region: call.region().into(),
        cidr,
        is_default: false,
        dns_support: true,
        dns_hostnames: false,
        address_usage_metrics: false,
        tags,
    };
    let made = Furnishings::of(&vpc, || unique.digits());
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let here = |region: &str| region == cx.region();
        let vpcs = account.vpcs.values().filter(|vpc| here(&vpc.region));
        quotas::VPCS.room(&cx, vpcs.count())?;
        let groups = account.security_groups.values();
        let groups = groups.filter(|group| here(&group.region));
        quotas::SECURITY_GROUPS.room(&cx, groups.count())?;
        let mut new = shown(&vpc);
        new.state = "pending".into();
        Ok(Decided {
            changes: vec![
                Change::put(Record::Vpc(vpc.clone())),
                Change::put(Record::RouteTable(made.route_table.clone())),
                Change::put(Record::NetworkAcl(made.network_acl.clone())),
                Change::put(Record::SecurityGroup(made.group.clone())),
            ],
            output: wire::CreateVpcResponse { vpc: Some(new) },
        })
    })
    .await
}

/// Deletes a VPC that nothing is in but what came with it.
pub async fn delete_vpc(
    call: Call,
    permit: Permit<table::DeleteVpc>,
    input: wire::DeleteVpcRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("vpcId", input.vpc_id.as_deref())?;
        let vpc = find_vpc(account, cx.region(), id)?;
        if vpc.is_default {
            // Differs: on AWS it can go, and CreateDefaultVpc brings it back. Brokers without subnets live in it here.
            return Err(Refusal::new(
                Code::OperationNotPermitted,
                "The default VPC cannot be deleted.",
            ));
        }
        if has_dependencies(account, vpc) {
            return Err(in_use("vpc", id));
        }
        let tables = account.route_tables.values();
        let acls = account.network_acls.values();
        let groups = account.security_groups.values();
        let records = tables
            .filter(|table| table.vpc_id == id)
            .map(|table| Record::RouteTable((**table).clone()))
            .chain(
                acls.filter(|acl| acl.vpc_id == id)
                    .map(|acl| Record::NetworkAcl((**acl).clone())),
            )
            .chain(
                groups
                    .filter(|group| group.vpc_id == id)
                    .map(|group| Record::SecurityGroup((**group).clone())),
            )
            .chain([Record::Vpc((**vpc).clone())]);
        Ok(Decided {
            changes: records.map(|record| Change::Delete(record.key())).collect(),
            output: wire::Return::DONE,
        })
    })
    .await
}

fn has_dependencies(account: &Account, vpc: &Vpc) -> bool {
    let id = vpc.id.as_str();
    account.subnets.values().any(|subnet| subnet.vpc_id == id)
        || account
            .interfaces
            .values()
            .any(|interface| interface.vpc_id == id)
        || account
            .internet_gateways
            .values()
            .any(|gateway| gateway.vpc_id.as_deref() == Some(id))
        || account
            .route_tables
            .values()
            .any(|table| table.vpc_id == id && !table.is_main())
        || account
            .security_groups
            .values()
            .any(|group| group.vpc_id == id && group.name != "default")
}

/// Changes one attribute of a VPC.
pub async fn modify_vpc_attribute(
    call: Call,
    permit: Permit<table::ModifyVpcAttribute>,
    input: wire::ModifyVpcAttributeRequest,
) -> Result<wire::Return, Refusal> {
    let value = |attribute: &Option<wire::RequestedAttributeBooleanValue>| {
        attribute.as_ref().and_then(|attribute| attribute.value)
    };
    let support = value(&input.enable_dns_support);
    let hostnames = value(&input.enable_dns_hostnames);
    let metrics = value(&input.enable_network_address_usage_metrics);
    match [support, hostnames, metrics].iter().flatten().count() {
        0 => {
            return Err(Refusal::new(
                Code::MissingParameter,
                "No attributes specified.",
            ));
        }
        1 => {}
        _ => {
            return Err(Refusal::new(
                Code::InvalidParameterCombination,
                "Fields for multiple attribute types specified",
            ));
        }
    }
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("vpcId", input.vpc_id.as_deref())?;
        let mut vpc = (**find_vpc(account, cx.region(), id)?).clone();
        vpc.dns_support = support.unwrap_or(vpc.dns_support);
        vpc.dns_hostnames = hostnames.unwrap_or(vpc.dns_hostnames);
        vpc.address_usage_metrics = metrics.unwrap_or(vpc.address_usage_metrics);
        if hostnames == Some(true) && !vpc.dns_support {
            return Err(invalid(
                "Cannot enable dns hostnames for a VPC that does not have dns support enabled.",
            ));
        }
        Ok(Decided {
            changes: vec![Change::put(Record::Vpc(vpc))],
            output: wire::Return::DONE,
        })
    })
    .await
}
