//! Subnets.

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::state::{Account, Record, State};
use store::{Change, Document};
use vpc::{RouteTable, Subnet, Tags, Vpc};

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{
    Unique, birth_tags, default_vpc, find_subnet, find_vpc, range, required, shortened,
    shown as shown_tags,
};
use super::quotas;
use super::refusals::{in_use, invalid_value};
use super::zones;
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::network;
use crate::network_mode::ranges;

impl Listed for Subnet {
    const FILTERS: &'static [Filter<Subnet>] = &[
        ("subnet-id", |_, subnet| one(&subnet.id)),
        ("vpc-id", |_, subnet| one(&subnet.vpc_id)),
        ("availability-zone", |_, subnet| {
            one(&subnet.availability_zone)
        }),
        ("availabilityZone", |_, subnet| {
            one(&subnet.availability_zone)
        }),
        ("availability-zone-id", |_, subnet| one(zone_id(subnet))),
        ("availabilityZoneId", |_, subnet| one(zone_id(subnet))),
        ("available-ip-address-count", |account, subnet| {
            one(free_addresses(account, subnet))
        }),
        ("cidr", |_, subnet| one(subnet.cidr)),
        ("cidr-block", |_, subnet| one(subnet.cidr)),
        ("cidrBlock", |_, subnet| one(subnet.cidr)),
        ("default-for-az", |_, subnet| one(subnet.default_for_az)),
        ("defaultForAz", |_, subnet| one(subnet.default_for_az)),
        ("map-public-ip-on-launch", |_, subnet| {
            one(subnet.map_public_ip_on_launch)
        }),
        ("state", |_, _| one("available")),
        ("subnet-arn", |_, subnet| one(subnet_arn(subnet))),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

fn subnet_arn(subnet: &Subnet) -> String {
    network::arn(
        &subnet.region,
        &subnet.account,
        NetworkKind::Subnet,
        &subnet.id,
    )
}

fn zone_id(subnet: &Subnet) -> String {
    zones::id_of(&subnet.region, &subnet.availability_zone)
}

fn free_addresses(account: &Account, subnet: &Subnet) -> u64 {
    let taken = account
        .interfaces
        .values()
        .filter(|interface| interface.subnet_id == subnet.id)
        .count();
    subnet
        .usable()
        .saturating_sub(u64::try_from(taken).unwrap_or(u64::MAX))
}

fn shown(account: &Account, subnet: &Subnet) -> wire::Subnet {
    wire::Subnet {
        availability_zone_id: zone_id(subnet),
        map_customer_owned_ip_on_launch: false,
        owner_id: subnet.account.clone(),
        assign_ipv6_address_on_creation: false,
        tags: shown_tags(&subnet.tags),
        subnet_arn: subnet_arn(subnet),
        enable_dns64: false,
        ipv6_native: false,
        private_dns_name_options_on_launch: Some(wire::PrivateDnsNameOptionsOnLaunch {
            hostname_type: "ip-name".into(),
            enable_resource_name_dns_record_a: false,
            enable_resource_name_dns_aaaa_record: false,
        }),
        subnet_id: subnet.id.clone(),
        state: "available".into(),
        vpc_id: subnet.vpc_id.clone(),
        cidr_block: subnet.cidr.to_string(),
        available_ip_address_count: i64::try_from(free_addresses(account, subnet)).ok(),
        availability_zone: subnet.availability_zone.clone(),
        default_for_az: subnet.default_for_az,
        map_public_ip_on_launch: subnet.map_public_ip_on_launch,
    }
}

/// Lists subnets.
pub async fn describe_subnets(
    call: Call,
    _permit: Permit<table::DescribeSubnets>,
    input: wire::DescribeSubnetsRequest,
) -> Result<wire::DescribeSubnetsResponse, Refusal> {
    let account = call.account()?;
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.subnet_ids,
        kind: Some(NetworkKind::Subnet),
    };
    let all = account.subnets.values().map(AsRef::as_ref);
    let here = all.filter(|subnet: &&Subnet| subnet.region == call.region());
    let (subnets, next_token) = page(&call, account, &asked, here)?;
    Ok(wire::DescribeSubnetsResponse {
        next_token: next_token.unwrap_or_default(),
        subnets: subnets
            .into_iter()
            .map(|subnet| shown(account, subnet))
            .collect(),
    })
}

/// Creates a subnet.
pub async fn create_subnet(
    call: Call,
    permit: Permit<table::CreateSubnet>,
    input: wire::CreateSubnetRequest,
) -> Result<wire::CreateSubnetResponse, Refusal> {
    let cidr = range(
        required("cidrBlock", input.cidr_block.as_deref())?,
        "cidrBlock",
    )?;
    let out_of_range = || {
        Refusal::new(
            Code::InvalidSubnetRange,
            format!("The CIDR '{cidr}' is invalid."),
        )
    };
    if !(16..=28).contains(&cidr.prefix()) {
        return Err(out_of_range());
    }
    if input.ipv6_native == Some(true) {
        return Err(Refusal::new(
            Code::UnsupportedOperation,
            "IPv6 ranges are not supported.",
        ));
    }
    let zone = zone(&call, &input)?;
    let tags = birth_tags(NetworkKind::Subnet, &input.tag_specifications)?;
    let id = Unique::new(&call)?.id(NetworkKind::Subnet);
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let vpc_id = required("vpcId", input.vpc_id.as_deref())?;
        let vpc = find_vpc(account, cx.region(), vpc_id)?;
        if !vpc.cidr.covers(cidr) {
            return Err(Refusal::new(
                Code::InvalidSubnetRange,
                format!("The CIDR '{cidr}' is invalid."),
            ));
        }
        if account
            .subnets
            .values()
            .any(|subnet| subnet.vpc_id == vpc_id && subnet.cidr.overlaps(cidr))
        {
            return Err(Refusal::new(
                Code::InvalidSubnetConflict,
                format!("The CIDR '{cidr}' conflicts with another subnet"),
            ));
        }
        let subnets = account.subnets.values();
        let subnets = subnets.filter(|subnet| subnet.vpc_id == vpc_id);
        quotas::SUBNETS.room(&cx, subnets.count())?;
        let subnet = Subnet {
            account: cx.account_id().into(),
            id: id.clone(),
            vpc_id: vpc_id.into(),
            region: cx.region().into(),
            availability_zone: zone.clone(),
            cidr,
            bound: bound(&cx, state, vpc, cidr)?,
            default_for_az: false,
            map_public_ip_on_launch: false,
            tags: tags.clone(),
        };
        let output = wire::CreateSubnetResponse {
            subnet: Some(shown(account, &subnet)),
        };
        Ok(Decided {
            changes: vec![Change::put(Record::Subnet(subnet))],
            output,
        })
    })
    .await
}

/// The range that stands for a new subnet where its own is not there. The default VPC's range always is.
fn bound(
    call: &Call,
    state: &State,
    vpc: &Vpc,
    cidr: vpc::Cidr,
) -> Result<Option<vpc::Cidr>, Refusal> {
    if vpc.is_default {
        return Ok(None);
    }
    let account = account_of(state, call.account_id())?;
    let default = default_vpc(account, &vpc.region).map(|default| default.cidr.base().octets());
    let start = default.map_or(64, |[_, block, ..]| block.wrapping_add(2));
    let mode = &call.services().settings.network;
    ranges::for_subnet(mode, state, cidr, start)
        .map_err(|full| Refusal::new(Code::InsufficientAddressCapacity, full))
}

/// The zone that was asked for; the first one where none was.
fn zone(call: &Call, input: &wire::CreateSubnetRequest) -> Result<String, Refusal> {
    let zones = zones::of(call);
    let valid = || {
        format!(
            "Subnets can currently only be created in the following availability zones: {}.",
            zones.join(", ")
        )
    };
    match (&input.availability_zone, &input.availability_zone_id) {
        (Some(name), _) => zones
            .iter()
            .find(|zone| *zone == name)
            .cloned()
            .ok_or_else(|| invalid_value(&shortened(name), "availabilityZone", &valid())),
        (None, Some(id)) => zones
            .iter()
            .find(|zone| zones::id_of(call.region(), zone) == *id)
            .cloned()
            .ok_or_else(|| invalid_value(&shortened(id), "availabilityZoneId", &valid())),
        (None, None) => zones
            .first()
            .cloned()
            .ok_or_else(|| Refusal::internal("the region has no zones")),
    }
}

/// Deletes a subnet that no interface is in.
pub async fn delete_subnet(
    call: Call,
    permit: Permit<table::DeleteSubnet>,
    input: wire::DeleteSubnetRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("subnetId", input.subnet_id.as_deref())?;
        let subnet = find_subnet(account, cx.region(), id)?;
        if account
            .interfaces
            .values()
            .any(|interface| interface.subnet_id == id)
        {
            return Err(in_use("subnet", id));
        }
        // Its association with a route table goes with it.
        let mut changes: Vec<Change<Record>> = account
            .route_tables
            .values()
            .filter(|table| {
                table
                    .associations
                    .iter()
                    .any(|association| association.subnet_id.as_deref() == Some(id))
            })
            .map(|table| {
                let mut table: RouteTable = (**table).clone();
                table
                    .associations
                    .retain(|association| association.subnet_id.as_deref() != Some(id));
                Change::put(Record::RouteTable(table))
            })
            .collect();
        changes.push(Change::Delete(Record::Subnet((**subnet).clone()).key()));
        Ok(Decided {
            changes,
            output: wire::Return::DONE,
        })
    })
    .await
}

/// Changes `mapPublicIpOnLaunch`. It is recorded; nothing is launched here.
pub async fn modify_subnet_attribute(
    call: Call,
    permit: Permit<table::ModifySubnetAttribute>,
    input: wire::ModifySubnetAttributeRequest,
) -> Result<wire::Return, Refusal> {
    let map = input
        .map_public_ip_on_launch
        .as_ref()
        .and_then(|attribute| attribute.value)
        .ok_or_else(|| Refusal::new(Code::MissingParameter, "No attributes specified."))?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("subnetId", input.subnet_id.as_deref())?;
        let subnet = find_subnet(account, cx.region(), id)?;
        Ok(Decided {
            changes: vec![Change::put(Record::Subnet(Subnet {
                map_public_ip_on_launch: map,
                ..(**subnet).clone()
            }))],
            output: wire::Return::DONE,
        })
    })
    .await
}
