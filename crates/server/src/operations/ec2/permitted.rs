//! Reading what the rules of a request allow.

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::wire::ec2 as wire;
use store::state::Account;
use vpc::{Allows, Cidr, Cidr6, Peer, SecurityGroup};

use super::members::{find_group, required, shortened};
use super::refusals::{invalid, missing, not_found};

/// What a request asks to allow, with the description.
pub(super) type Wanted = (Allows, Option<String>);

/// The members of the old, flat form of ingress requests.
pub(super) fn flat(
    protocol: Option<String>,
    from_port: Option<i64>,
    to_port: Option<i64>,
    cidr: Option<String>,
) -> Vec<wire::RequestedIpPermission> {
    if protocol.is_none() && cidr.is_none() {
        return Vec::new();
    }
    vec![wire::RequestedIpPermission {
        ip_protocol: protocol,
        from_port,
        to_port,
        ip_ranges: cidr
            .into_iter()
            .map(|cidr| wire::RequestedIpRange {
                description: None,
                cidr_ip: Some(cidr),
            })
            .collect(),
        ..Default::default()
    }]
}

/// Reads permissions: each range and group of each is a rule.
pub(super) fn read(
    account: &Account,
    group: &SecurityGroup,
    egress: bool,
    permissions: &[wire::RequestedIpPermission],
) -> Result<Vec<Wanted>, Refusal> {
    let mut wanted: Vec<Wanted> = Vec::new();
    if permissions.is_empty() {
        return Err(Refusal::new(
            Code::MissingParameter,
            "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
        ));
    }
    for permission in permissions {
        let (protocol, from_port, to_port) = ports(
            permission.ip_protocol.as_deref(),
            permission.from_port,
            permission.to_port,
        )?;
        let mut add = |peer: Peer, description: Option<&str>| -> Result<(), Refusal> {
            let description = checked_description(description)?;
            wanted.push((
                Allows {
                    egress,
                    protocol: protocol.clone(),
                    from_port,
                    to_port,
                    peer,
                },
                description,
            ));
            Ok(())
        };
        for range in &permission.ip_ranges {
            let cidr = required("cidrIp", range.cidr_ip.as_deref())?;
            add(Peer::Ipv4(ipv4(cidr)?), range.description.as_deref())?;
        }
        for range in &permission.ipv6_ranges {
            let cidr = required("cidrIpv6", range.cidr_ipv6.as_deref())?;
            add(Peer::Ipv6(ipv6(cidr)?), range.description.as_deref())?;
        }
        for pair in &permission.user_id_group_pairs {
            let peer = peer_group(account, group, pair)?;
            add(peer, pair.description.as_deref())?;
        }
        if let Some(list) = permission.prefix_list_ids.first() {
            return Err(no_prefix_list(list.prefix_list_id.as_deref()));
        }
        let peers = permission.ip_ranges.len()
            + permission.ipv6_ranges.len()
            + permission.user_id_group_pairs.len();
        if peers == 0 {
            return Err(Refusal::new(
                Code::MissingParameter,
                "The request must contain at least one range or security group",
            ));
        }
    }
    for (at, (allows, _)) in wanted.iter().enumerate() {
        if wanted.iter().take(at).any(|(other, _)| other == allows) {
            return Err(invalid(
                "The same permission must not appear multiple times",
            ));
        }
    }
    Ok(wanted)
}

fn no_prefix_list(id: Option<&str>) -> Refusal {
    Refusal::new(
        Code::InvalidPrefixListIdNotFound,
        format!(
            "The prefix list ID '{}' does not exist",
            shortened(id.unwrap_or_default())
        ),
    )
}

fn ipv4(text: &str) -> Result<Cidr, Refusal> {
    text.parse().map_err(|_| malformed(text))
}

fn ipv6(text: &str) -> Result<Cidr6, Refusal> {
    text.parse().map_err(|_| malformed(text))
}

fn malformed(text: &str) -> Refusal {
    invalid(format!("CIDR block {} is malformed", shortened(text)))
}

pub(super) fn checked_description(text: Option<&str>) -> Result<Option<String>, Refusal> {
    match text.filter(|text| !text.is_empty()) {
        Some(text) if text.chars().count() > 255 => Err(invalid(
            "Invalid rule description. Descriptions must be less than 256 characters long.",
        )),
        text => Ok(text.map(str::to_owned)),
    }
}

/// The group that a rule names: of the same VPC.
fn peer_group(
    account: &Account,
    group: &SecurityGroup,
    pair: &wire::RequestedUserIdGroupPair,
) -> Result<Peer, Refusal> {
    let named = match (&pair.group_id, &pair.group_name) {
        (Some(id), _) => find_group(account, &group.region, id)?,
        (None, Some(name)) => account
            .security_groups
            .values()
            .find(|other| other.vpc_id == group.vpc_id && other.name == *name)
            .ok_or_else(|| not_found(NetworkKind::SecurityGroup, &shortened(name)))?,
        (None, None) => return Err(missing("groupId")),
    };
    if named.vpc_id != group.vpc_id {
        return Err(invalid(format!(
            "You have specified two resources that belong to different networks: {}, {}",
            group.id, named.id
        )));
    }
    Ok(Peer::Group(named.id.clone()))
}

pub(super) type Ports = (String, Option<i32>, Option<i32>);

/// The protocol in EC2's spelling, and its ports or ICMP type and code.
pub(super) fn ports(
    protocol: Option<&str>,
    from: Option<i64>,
    to: Option<i64>,
) -> Result<Ports, Refusal> {
    let asked = required("ipProtocol", protocol)?;
    let protocol = match asked.to_ascii_lowercase().as_str() {
        "-1" | "all" => return Ok(("-1".into(), None, None)),
        "tcp" | "6" => "tcp",
        "udp" | "17" => "udp",
        "icmp" | "1" => "icmp",
        "icmpv6" | "58" => "icmpv6",
        other => {
            return match other.parse::<u8>() {
                // Protocols without ports: what is given for them is not looked at.
                Ok(number) => Ok((number.to_string(), None, None)),
                Err(_) => Err(Refusal::new(
                    Code::InvalidPermissionMalformed,
                    format!("Unsupported IP protocol \"{}\"", shortened(asked)),
                )),
            };
        }
    };
    let (Some(from), Some(to)) = (from, to) else {
        return match protocol {
            // AWS: every version-6 type where none is named.
            "icmpv6" => Ok((protocol.into(), None, None)),
            _ => Err(invalid(
                "Invalid value '(null)' for portRange. Must specify both from and to ports with TCP/UDP.",
            )),
        };
    };
    let within = match protocol {
        "tcp" | "udp" => (0..=65535).contains(&from) && (from..=65535).contains(&to),
        _ => (-1..=255).contains(&from) && (-1..=255).contains(&to),
    };
    match (within, i32::try_from(from), i32::try_from(to)) {
        (true, Ok(from), Ok(to)) => Ok((protocol.into(), Some(from), Some(to))),
        _ if protocol.starts_with("icmp") => Err(invalid(format!(
            "ICMP code ({to}) or type ({from}) out of range"
        ))),
        _ => Err(invalid(format!(
            "Invalid {} port range ({from}-{to})",
            protocol.to_ascii_uppercase()
        ))),
    }
}

pub(super) fn peer(
    account: &Account,
    group: &SecurityGroup,
    asked: &wire::SecurityGroupRuleRequest,
) -> Result<Peer, Refusal> {
    match (
        &asked.cidr_ipv4,
        &asked.cidr_ipv6,
        &asked.referenced_group_id,
        &asked.prefix_list_id,
    ) {
        (Some(text), None, None, None) => ipv4(text).map(Peer::Ipv4),
        (None, Some(text), None, None) => ipv6(text).map(Peer::Ipv6),
        (None, None, Some(id), None) => peer_group(
            account,
            group,
            &wire::RequestedUserIdGroupPair {
                group_id: Some(id.clone()),
                ..Default::default()
            },
        ),
        (None, None, None, Some(id)) => Err(no_prefix_list(Some(id))),
        _ => Err(Refusal::new(
            Code::InvalidParameterCombination,
            "Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId has to be given",
        )),
    }
}
