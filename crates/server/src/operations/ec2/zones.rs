//! Regions, availability zones, and what is to be said of the account.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::ec2 as wire;
use store::state::Account;
use vpc::Tags;

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{default_vpc, shortened};
use super::refusals::invalid_value;
use crate::authorise::Permit;
use crate::call::Call;

/// The zones of the call's region.
pub(super) fn of(call: &Call) -> &[String] {
    call.services()
        .settings
        .regions
        .iter()
        .find(|region| region.name == call.region())
        .map(|region| region.zones.as_slice())
        .unwrap_or_default()
}

/// A zone's id, as AWS forms them: `us-east-1a` is `use1-az1`.
pub(super) fn id_of(region: &str, zone: &str) -> String {
    let short: String = region
        .split('-')
        .enumerate()
        .map(|(at, word)| match (at, word) {
            (0, word) => word.to_owned(),
            (_, "gov") => "g".into(),
            (_, "northeast") => "ne".into(),
            (_, "northwest") => "nw".into(),
            (_, "southeast") => "se".into(),
            (_, "southwest") => "sw".into(),
            (_, word) => word.chars().take(1).collect(),
        })
        .collect();
    let letter = zone.bytes().next_back().unwrap_or(b'a');
    let number = u32::from(letter.to_ascii_lowercase().saturating_sub(b'a')).saturating_add(1);
    format!("{short}-az{number}")
}

/// A zone or region in a list.
struct Place {
    name: String,
    zone_id: String,
    region: String,
    tags: Tags,
}

impl Listed for Place {
    const FILTERS: &'static [Filter<Place>] = &[
        ("zone-name", |_, place| one(&place.name)),
        ("zone-id", |_, place| one(&place.zone_id)),
        ("zone-type", |_, _| one("availability-zone")),
        ("region-name", |_, place| one(&place.region)),
        ("group-name", |_, place| one(group(&place.region))),
        ("opt-in-status", |_, _| one("opt-in-not-required")),
        ("state", |_, _| one("available")),
        ("message", |_, _| Vec::new()),
        ("endpoint", |_, _| Vec::new()),
    ];
    fn id(&self) -> &str {
        &self.name
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

fn group(region: &str) -> String {
    format!("{region}-zg-1")
}

/// Lists the zones of the region.
pub async fn describe_availability_zones(
    call: Call,
    _permit: Permit<table::DescribeAvailabilityZones>,
    input: wire::DescribeAvailabilityZonesRequest,
) -> Result<wire::DescribeAvailabilityZonesResponse, Refusal> {
    let places: Vec<Place> = of(&call)
        .iter()
        .map(|zone| Place {
            name: zone.clone(),
            zone_id: id_of(call.region(), zone),
            region: call.region().to_owned(),
            tags: Tags::new(),
        })
        .collect();
    let mut names = input.zone_names;
    for id in input.zone_ids {
        match places.iter().find(|place| place.zone_id == id) {
            Some(place) => names.push(place.name.clone()),
            None => names.push(id),
        }
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| !places.iter().any(|place| place.name == **name))
    {
        return Err(Refusal::new(
            Code::InvalidParameterValue,
            format!("Invalid availability zone: [{}]", shortened(unknown)),
        ));
    }
    let asked = Asked {
        filters: &input.filters,
        max_results: None,
        next_token: None,
        ids: &names,
        kind: None,
    };
    let (places, _) = page(&call, call.account()?, &asked, places.iter())?;
    Ok(wire::DescribeAvailabilityZonesResponse {
        availability_zones: places
            .into_iter()
            .map(|place| wire::AvailabilityZone {
                opt_in_status: "opt-in-not-required".into(),
                region_name: place.region.clone(),
                zone_name: place.name.clone(),
                zone_id: place.zone_id.clone(),
                group_name: group(&place.region),
                network_border_group: place.region.clone(),
                zone_type: "availability-zone".into(),
                state: "available".into(),
            })
            .collect(),
    })
}

/// Lists the regions that are served. They have no endpoint of AWS's form: all are served at the one that was called.
pub async fn describe_regions(
    call: Call,
    _permit: Permit<table::DescribeRegions>,
    input: wire::DescribeRegionsRequest,
) -> Result<wire::DescribeRegionsResponse, Refusal> {
    let places: Vec<Place> = call
        .services()
        .settings
        .regions
        .iter()
        .map(|region| Place {
            name: region.name.clone(),
            zone_id: String::new(),
            region: region.name.clone(),
            tags: Tags::new(),
        })
        .collect();
    if let Some(unknown) = input
        .region_names
        .iter()
        .find(|name| !places.iter().any(|place| place.name == **name))
    {
        return Err(Refusal::new(
            Code::InvalidParameterValue,
            format!("Invalid region name: {}", shortened(unknown)),
        ));
    }
    let asked = Asked {
        filters: &input.filters,
        max_results: None,
        next_token: None,
        ids: &input.region_names,
        kind: None,
    };
    let (places, _) = page(&call, call.account()?, &asked, places.iter())?;
    Ok(wire::DescribeRegionsResponse {
        regions: places
            .into_iter()
            .map(|place| wire::Region {
                opt_in_status: "opt-in-not-required".into(),
                region_name: place.name.clone(),
                endpoint: String::new(),
            })
            .collect(),
    })
}

/// Tells the attributes of the account.
pub async fn describe_account_attributes(
    call: Call,
    _permit: Permit<table::DescribeAccountAttributes>,
    input: wire::DescribeAccountAttributesRequest,
) -> Result<wire::DescribeAccountAttributesResponse, Refusal> {
    let account: &Account = call.account()?;
    let known = [
        ("supported-platforms", "VPC".to_owned()),
        (
            "default-vpc",
            default_vpc(account, call.region()).map_or("none".into(), |vpc| vpc.id.clone()),
        ),
        (
            "vpc-max-security-groups-per-interface",
            super::interfaces::MAX_GROUPS.to_string(),
        ),
        ("vpc-max-elastic-ips", "0".into()),
        ("max-elastic-ips", "0".into()),
        ("max-instances", "0".into()),
    ];
    if let Some(unknown) = input
        .attribute_names
        .iter()
        .find(|name| !known.iter().any(|(candidate, _)| candidate == *name))
    {
        return Err(invalid_value(
            &shortened(unknown),
            "attributeName",
            "Unknown attribute.",
        ));
    }
    Ok(wire::DescribeAccountAttributesResponse {
        account_attributes: known
            .into_iter()
            .filter(|(name, _)| {
                input.attribute_names.is_empty()
                    || input.attribute_names.iter().any(|asked| asked == name)
            })
            .map(|(name, value)| wire::AccountAttribute {
                attribute_name: name.into(),
                attribute_values: vec![wire::AccountAttributeValue {
                    attribute_value: value,
                }],
            })
            .collect(),
    })
}

/// Lists Elastic IP addresses. There are none: in the `loopback` network mode nothing has an address beyond the machine.
pub async fn describe_addresses(
    _call: Call,
    _permit: Permit<table::DescribeAddresses>,
    input: wire::DescribeAddressesRequest,
) -> Result<wire::DescribeAddressesResponse, Refusal> {
    if let Some(id) = input.allocation_ids.first() {
        return Err(Refusal::new(
            Code::InvalidAllocationIdNotFound,
            format!("The allocation ID '{}' does not exist", shortened(id)),
        ));
    }
    if let Some(address) = input.public_ips.first() {
        return Err(Refusal::new(
            Code::InvalidAddressNotFound,
            format!("Address '{}' not found.", shortened(address)),
        ));
    }
    Ok(wire::DescribeAddressesResponse::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zone_ids_are_formed_as_aws_forms_them() {
        for (region, zone, id) in [
            ("us-east-1", "us-east-1a", "use1-az1"),
            ("eu-central-1", "eu-central-1c", "euc1-az3"),
            ("ap-southeast-2", "ap-southeast-2b", "apse2-az2"),
            ("us-gov-west-1", "us-gov-west-1a", "usgw1-az1"),
        ] {
            assert_eq!(id_of(region, zone), id);
        }
    }
}
