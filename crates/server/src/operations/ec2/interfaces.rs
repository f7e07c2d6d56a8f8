//! Network interfaces, those of users and those that Amazon MQ manages.

use std::net::Ipv4Addr;

use ::brokers::broker::EngineType;
use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::state::{Account, Record, State};
use store::{Change, Document};
use vpc::{NetworkInterface, Subnet, Tags, free_address};

use super::endpoints;
use super::groups::check_groups;
use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{
    Unique, birth_tags, client_token, find_interface, find_subnet, is_repeated, required,
    shortened, shown as shown_tags,
};
use super::quotas;
use super::refusals::{invalid, invalid_value, managed};
use super::zones;
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::time::iso_millis;

/// The most security groups of an interface ("Amazon VPC quotas").
pub(super) const MAX_GROUPS: usize = 5;

/// Who asked for the interfaces of brokers.
const REQUESTER: &str = "amazon-mq";

/// Whose public addresses are that no Elastic IP address gives.
const PUBLIC_OWNER: &str = "amazon";

fn managed_value(interface: &NetworkInterface, value: &str) -> Vec<String> {
    if interface.is_managed() {
        vec![value.to_owned()]
    } else {
        Vec::new()
    }
}

fn subnet_of<'a>(account: &'a Account, interface: &NetworkInterface) -> Option<&'a Subnet> {
    account.subnets.get(&interface.subnet_id).map(AsRef::as_ref)
}

/// The address as the subnet's owner sees it.
fn shown_address(account: &Account, interface: &NetworkInterface) -> Ipv4Addr {
    subnet_of(account, interface)
        .and_then(|subnet| subnet.shown_address(interface.address))
        .unwrap_or(interface.address)
}

fn zone(account: &Account, interface: &NetworkInterface) -> String {
    subnet_of(account, interface)
        .map(|subnet| subnet.availability_zone.clone())
        .unwrap_or_default()
}

fn description(account: &Account, interface: &NetworkInterface) -> String {
    match endpoints::of_interface(account, interface) {
        Some(endpoint) => format!("VPC Endpoint Interface {endpoint}"),
        None => interface.description.clone(),
    }
}

fn interface_type(account: &Account, interface: &NetworkInterface) -> &'static str {
    match endpoints::of_interface(account, interface) {
        Some(_) => "vpc_endpoint",
        None => "interface",
    }
}

fn status(interface: &NetworkInterface) -> &'static str {
    if interface.is_managed() {
        "in-use"
    } else {
        "available"
    }
}

/// The DNS name that AWS would give the address.
fn private_dns(account: &Account, interface: &NetworkInterface) -> String {
    let [a, b, c, d] = shown_address(account, interface).octets();
    let domain = match interface.region.as_str() {
        "us-east-1" => "ec2.internal".to_owned(),
        region => format!("{region}.compute.internal"),
    };
    format!("ip-{a}-{b}-{c}-{d}.{domain}")
}

fn group_names(account: &Account, interface: &NetworkInterface) -> Vec<String> {
    interface
        .groups
        .iter()
        .filter_map(|id| account.security_groups.get(id))
        .map(|group| group.name.clone())
        .collect()
}

impl Listed for NetworkInterface {
    const FILTERS: &'static [Filter<NetworkInterface>] = &[
        ("network-interface-id", |_, i| one(&i.id)),
        ("subnet-id", |_, i| one(&i.subnet_id)),
        ("vpc-id", |_, i| one(&i.vpc_id)),
        ("group-id", |_, i| i.groups.clone()),
        ("group-name", group_names),
        ("description", |account, i| one(description(account, i))),
        ("status", |_, i| one(status(i))),
        ("availability-zone", |account, i| one(zone(account, i))),
        ("interface-type", |account, i| {
            one(interface_type(account, i))
        }),
        ("mac-address", |_, i| one(i.mac_address())),
        ("private-dns-name", |account, i| {
            one(private_dns(account, i))
        }),
        ("private-ip-address", |account, i| {
            one(shown_address(account, i))
        }),
        ("addresses.private-ip-address", |account, i| {
            one(shown_address(account, i))
        }),
        ("addresses.primary", |_, _| one(true)),
        ("requester-id", |_, i| managed_value(i, REQUESTER)),
        ("requester-managed", |_, i| one(i.is_managed())),
        ("operator.managed", |_, i| one(i.is_managed())),
        ("operator.principal", |_, i| managed_value(i, vpc::MANAGER)),
        ("source-dest-check", |_, i| one(i.source_dest_check)),
        ("attachment.attachment-id", |_, i| {
            i.attachment_id().into_iter().collect()
        }),
        ("attachment.status", |_, i| managed_value(i, "attached")),
        ("attachment.instance-owner-id", |_, i| {
            managed_value(i, "amazon-aws")
        }),
        ("attachment.device-index", |_, i| managed_value(i, "1")),
        ("attachment.delete-on-termination", |_, i| {
            managed_value(i, "false")
        }),
        ("addresses.association.public-ip", |account, i| {
            public_address(account, i).into_iter().collect()
        }),
        ("association.public-ip", |account, i| {
            public_address(account, i).into_iter().collect()
        }),
        ("association.ip-owner-id", |account, i| {
            let public = public_address(account, i);
            public.map(|_| PUBLIC_OWNER.into()).into_iter().collect()
        }),
        // What nothing here has: no interface is attached to an instance, has an Elastic or an IPv6 address.
        ("attachment.instance-id", |_, _| Vec::new()),
        ("association.allocation-id", |_, _| Vec::new()),
        ("association.association-id", |_, _| Vec::new()),
        ("ipv6-addresses.ipv6-address", |_, _| Vec::new()),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

/// The address by which a publicly accessible broker is reached from beyond its VPC: the interface's own, as it is bound.
fn public_address(account: &Account, interface: &NetworkInterface) -> Option<String> {
    let (broker, _) = interface.instance.as_deref()?.rsplit_once('-')?;
    let broker = account.broker(broker)?;
    broker
        .publicly_accessible
        .then(|| interface.address.to_string())
}

fn shown(account: &Account, interface: &NetworkInterface) -> wire::NetworkInterface {
    let association =
        public_address(account, interface).map(|public_ip| wire::NetworkInterfaceAssociation {
            ip_owner_id: PUBLIC_OWNER.into(),
            public_ip,
        });
    let address = shown_address(account, interface).to_string();
    let dns = private_dns(account, interface);
    let zone = zone(account, interface);
    wire::NetworkInterface {
        association: association.clone(),
        attachment: interface
            .attachment_id()
            .map(|id| wire::NetworkInterfaceAttachment {
                attach_time: iso_millis(interface.created),
                attachment_id: id,
                delete_on_termination: false,
                device_index: Some(1),
                network_card_index: Some(0),
                instance_owner_id: "amazon-aws".into(),
                status: "attached".into(),
            }),
        availability_zone_id: zones::id_of(&interface.region, &zone),
        availability_zone: zone,
        description: description(account, interface),
        groups: interface
            .groups
            .iter()
            .map(|id| wire::GroupIdentifier {
                group_id: id.clone(),
                group_name: account
                    .security_groups
                    .get(id)
                    .map(|group| group.name.clone())
                    .unwrap_or_default(),
            })
            .collect(),
        interface_type: interface_type(account, interface).into(),
        ipv6_addresses: Vec::new(),
        mac_address: interface.mac_address(),
        network_interface_id: interface.id.clone(),
        owner_id: interface.account.clone(),
        private_dns_name: dns.clone(),
        private_ip_address: address.clone(),
        private_ip_addresses: vec![wire::NetworkInterfacePrivateIpAddress {
            association,
            primary: true,
            private_dns_name: dns,
            private_ip_address: address,
        }],
        requester_id: if interface.is_managed() {
            REQUESTER.into()
        } else {
            String::new()
        },
        requester_managed: interface.is_managed(),
        source_dest_check: interface.source_dest_check,
        status: status(interface).into(),
        subnet_id: interface.subnet_id.clone(),
        tag_set: shown_tags(&interface.tags),
        vpc_id: interface.vpc_id.clone(),
        operator: Some(wire::OperatorResponse {
            managed: interface.is_managed(),
            principal: if interface.is_managed() {
                vpc::MANAGER.into()
            } else {
                String::new()
            },
        }),
    }
}

/// Lists network interfaces.
pub async fn describe_network_interfaces(
    call: Call,
    _permit: Permit<table::DescribeNetworkInterfaces>,
    input: wire::DescribeNetworkInterfacesRequest,
) -> Result<wire::DescribeNetworkInterfacesResponse, Refusal> {
    let account = call.account()?;
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.network_interface_ids,
        kind: Some(NetworkKind::NetworkInterface),
    };
    let all = account.interfaces.values().map(AsRef::as_ref);
    let here = all.filter(|interface: &&NetworkInterface| interface.region == call.region());
    let (interfaces, next_token) = page(&call, account, &asked, here)?;
    Ok(wire::DescribeNetworkInterfacesResponse {
        network_interfaces: interfaces
            .into_iter()
            .map(|interface| shown(account, interface))
            .collect(),
        next_token: next_token.unwrap_or_default(),
    })
}

/// Creates a network interface with a free address of its subnet, or the one that was asked for.
pub async fn create_network_interface(
    call: Call,
    permit: Permit<table::CreateNetworkInterface>,
    input: wire::CreateNetworkInterfaceRequest,
) -> Result<wire::CreateNetworkInterfaceResponse, Refusal> {
    if let Some(other) = input
        .interface_type
        .as_deref()
        .filter(|kind| *kind != "interface")
    {
        return Err(invalid_value(
            &shortened(other),
            "interfaceType",
            "Only interface is supported.",
        ));
    }
    let wanted = wanted_address(&input)?;
    let tags = birth_tags(NetworkKind::NetworkInterface, &input.tag_specifications)?;
    let token = client_token(&call, input.client_token.as_deref())?;
    let id = Unique::new(&call)?.id(NetworkKind::NetworkInterface);
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let answer = |interface: &NetworkInterface| wire::CreateNetworkInterfaceResponse {
            network_interface: Some(shown(account, interface)),
            client_token: input.client_token.clone().unwrap_or_default(),
        };
        if token.is_some() {
            for interface in account.interfaces.values() {
                if interface.region == cx.region()
                    && is_repeated(token.as_ref(), interface.client_token.as_ref())?
                {
                    return Ok(Decided {
                        changes: Vec::new(),
                        output: answer(interface),
                    });
                }
            }
        }
        let subnet_id = required("subnetId", input.subnet_id.as_deref())?;
        let subnet = find_subnet(account, cx.region(), subnet_id)?;
        let groups = groups(account, cx.region(), subnet, &input.groups)?;
        if quotas::NETWORK_INTERFACES
            .room(&cx, account.interfaces.len())
            .is_err()
        {
            // There are too many in all regions together, which are quicker to count.
            let interfaces = account.interfaces.values();
            let interfaces = interfaces.filter(|interface| interface.region == cx.region());
            quotas::NETWORK_INTERFACES.room(&cx, interfaces.count())?;
        }
        let interface = NetworkInterface {
            account: cx.account_id().into(),
            id: id.clone(),
            region: cx.region().into(),
            subnet_id: subnet_id.into(),
            vpc_id: subnet.vpc_id.clone(),
            address: address(state, subnet, wanted)?,
            groups,
            instance: None,
            description: input.description.clone().unwrap_or_default(),
            created: cx.now(),
            source_dest_check: true,
            permissions: Vec::new(),
            client_token: token.clone(),
            tags: tags.clone(),
        };
        let mut output = answer(&interface);
        if let Some(new) = &mut output.network_interface {
            new.status = "pending".into();
        }
        Ok(Decided {
            changes: vec![Change::put(Record::NetworkInterface(interface))],
            output,
        })
    })
    .await
}

/// The address that the request names.
fn wanted_address(
    input: &wire::CreateNetworkInterfaceRequest,
) -> Result<Option<Ipv4Addr>, Refusal> {
    if input.private_ip_addresses.len() > 1 {
        return Err(Refusal::new(
            Code::UnsupportedOperation,
            "An interface has one address: secondary addresses are not supported.",
        ));
    }
    let listed = input
        .private_ip_addresses
        .first()
        .and_then(|address| address.private_ip_address.as_deref());
    if input.private_ip_address.is_some() && listed.is_some() {
        return Err(Refusal::new(
            Code::InvalidParameterCombination,
            "The parameters privateIpAddress and privateIpAddresses may not be used together",
        ));
    }
    input
        .private_ip_address
        .as_deref()
        .or(listed)
        .map(|text| {
            text.parse().map_err(|_| {
                invalid_value(
                    &shortened(text),
                    "privateIpAddress",
                    "Not a valid IPv4 address.",
                )
            })
        })
        .transpose()
}

/// The groups of an interface: those that were asked for, or the VPC's own.
fn groups(
    account: &Account,
    region: &str,
    subnet: &Subnet,
    asked: &[String],
) -> Result<Vec<String>, Refusal> {
    if asked.is_empty() {
        let own = account
            .security_groups
            .values()
            .find(|group| group.vpc_id == subnet.vpc_id && group.name == "default");
        return Ok(own.map(|group| group.id.clone()).into_iter().collect());
    }
    let mut groups: Vec<String> = Vec::new();
    for id in asked {
        if !groups.contains(id) {
            groups.push(id.clone());
        }
    }
    if groups.len() > MAX_GROUPS {
        return Err(Refusal::new(
            Code::SecurityGroupsPerInterfaceLimitExceeded,
            "The maximum number of security groups per interface has been reached.",
        ));
    }
    check_groups(account, region, &subnet.vpc_id, &groups)?;
    Ok(groups)
}

/// The address to bind: the one that stands for what was asked for, or a free one.
fn address(state: &State, subnet: &Subnet, wanted: Option<Ipv4Addr>) -> Result<Ipv4Addr, Refusal> {
    let Some(wanted) = wanted else {
        let highest = state.highest_address(subnet.bound_range());
        let free = free_address(subnet, highest, |address| state.address_is_taken(address));
        return free.map_err(|_| {
            Refusal::new(
                Code::InsufficientFreeAddressesInSubnet,
                format!(
                    "The specified subnet does not have enough free addresses to satisfy the request. Subnet: {}",
                    subnet.id
                ),
            )
        });
    };
    let bound = subnet
        .bound_address(wanted)
        .ok_or_else(|| invalid("Address does not fall within the subnet's address range"))?;
    if !subnet.gives(wanted) {
        return Err(invalid("Address is in subnet's reserved address range"));
    }
    if state.address_is_taken(bound) {
        return Err(Refusal::new(
            Code::InvalidIpAddressInUse,
            "The specified address is already in use.",
        ));
    }
    Ok(bound)
}

/// An interface that a user may change.
pub(super) fn own<'a>(
    account: &'a Account,
    region: &str,
    id: &str,
) -> Result<&'a NetworkInterface, Refusal> {
    let interface = find_interface(account, region, id)?;
    if interface.is_managed() {
        return Err(managed());
    }
    Ok(interface)
}

/// Deletes a network interface. Its address is free from then on.
pub async fn delete_network_interface(
    call: Call,
    permit: Permit<table::DeleteNetworkInterface>,
    input: wire::DeleteNetworkInterfaceRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("networkInterfaceId", input.network_interface_id.as_deref())?;
        let interface = own(account, cx.region(), id)?;
        Ok(Decided {
            changes: vec![Change::Delete(
                Record::NetworkInterface(interface.clone()).key(),
            )],
            output: wire::Return::DONE,
        })
    })
    .await
}

/// Changes one attribute of a network interface.
pub async fn modify_network_interface_attribute(
    call: Call,
    permit: Permit<table::ModifyNetworkInterfaceAttribute>,
    input: wire::ModifyNetworkInterfaceAttributeRequest,
) -> Result<wire::Return, Refusal> {
    let text = input
        .description
        .as_ref()
        .map(|description| description.value.clone().unwrap_or_default());
    let check = input
        .source_dest_check
        .as_ref()
        .and_then(|check| check.value);
    let attributes = usize::from(text.is_some())
        + usize::from(check.is_some())
        + usize::from(!input.groups.is_empty());
    match attributes {
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
        let id = required("networkInterfaceId", input.network_interface_id.as_deref())?;
        let mut interface = own(account, cx.region(), id)?.clone();
        if let Some(text) = &text {
            interface.description.clone_from(text);
        }
        if let Some(check) = check {
            interface.source_dest_check = check;
        }
        if !input.groups.is_empty() {
            let subnet = find_subnet(account, cx.region(), &interface.subnet_id)?;
            interface.groups = groups(account, cx.region(), subnet, &input.groups)?;
        }
        Ok(put(interface))
    })
    .await
}

pub(super) fn put(interface: NetworkInterface) -> Decided<wire::Return> {
    Decided {
        changes: vec![Change::put(Record::NetworkInterface(interface))],
        output: wire::Return::DONE,
    }
}

/// Detaches a network interface. What is attached here is attached by a service, which alone may take it away.
pub async fn detach_network_interface(
    call: Call,
    permit: Permit<table::DetachNetworkInterface>,
    input: wire::DetachNetworkInterfaceRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("attachmentId", input.attachment_id.as_deref())?;
        let is_there = account
            .interfaces
            .values()
            .any(|interface| interface.attachment_id().as_deref() == Some(id));
        // AWS: this text is what users report of attachments that a service made.
        Err(if is_there {
            Refusal::new(
                Code::OperationNotPermitted,
                "You are not allowed to manage 'ela-attach' attachments.",
            )
        } else {
            Refusal::new(
                Code::InvalidAttachmentIdNotFound,
                format!(
                    "The networkInterfaceAttachment ID '{}' does not exist",
                    shortened(id)
                ),
            )
        })
    })
    .await
}

/// The engine of the broker that an interface belongs to.
pub(super) fn engine_of(account: &Account, interface: &NetworkInterface) -> Option<EngineType> {
    let (broker, _) = interface.instance.as_deref()?.rsplit_once('-')?;
    account.broker(broker).map(|broker| broker.engine)
}
