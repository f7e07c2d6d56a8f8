//! The account's networks, and the interfaces of brokers.

use std::collections::BTreeSet;

use ::brokers::broker::{Broker, EngineType, Instance};
use ::brokers::ids::BrokerId;
use ::brokers::network::{Network, Placement};
use ::brokers::validate::Invalid;
use api::refusal::{Code, Refusal};
use api::row::{Dependent, NetworkKind, When};
use store::state::{Account, Record, State};
use vpc::{Grantee, InterfacePermission, NetworkInterface, free_address};

use super::refuse::refuse;
use crate::authorise::Target;
use crate::call::{Call, account_of};
use crate::network::Finder;
use crate::network_mode::ranges;
use crate::settings::Quota;

/// The networks of the account in the region.
pub(super) fn network<'a>(account: &'a Account, region: &str) -> Network<'a> {
    Network {
        vpcs: account
            .vpcs
            .values()
            .map(AsRef::as_ref)
            .filter(|vpc: &&vpc::Vpc| vpc.region == region)
            .collect(),
        subnets: account
            .subnets
            .values()
            .map(AsRef::as_ref)
            .filter(|subnet: &&vpc::Subnet| subnet.region == region)
            .collect(),
        groups: account
            .security_groups
            .values()
            .map(AsRef::as_ref)
            .filter(|group: &&vpc::SecurityGroup| group.region == region)
            .collect(),
    }
}

/// The ids of a broker's interfaces, one per instance at most.
pub(super) type InterfaceIds = [String; 3];

/// Makes ids for interfaces.
///
/// # Errors
/// There are no random bytes.
pub(super) fn interface_ids(call: &Call) -> Result<InterfaceIds, Refusal> {
    let id = || -> Result<String, Refusal> {
        let hex: String = call
            .random::<9>()?
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(format!("eni-{}", hex.get(..17).unwrap_or_default()))
    };
    Ok([id()?, id()?, id()?])
}

/// Gives each instance of a broker an interface with an address of its subnet.
///
/// # Errors
/// A subnet is full, or cannot hold a broker in this network mode, or the region has too many interfaces.
pub(super) fn interfaces(
    state: &State,
    call: &Call,
    broker: &BrokerId,
    placement: &Placement,
    ids: &InterfaceIds,
) -> Result<(Vec<Instance>, Vec<NetworkInterface>), Refusal> {
    let mode = &call.services().settings.network;
    if let Some(obstacle) = placement
        .instances
        .iter()
        .find_map(|subnet| ranges::obstacle(mode, state, subnet))
    {
        return Err(Refusal::new(Code::BadRequestException, obstacle).at("subnetIds"));
    }
    let most = call
        .services()
        .settings
        .quota(Quota::NetworkInterfacesPerRegion);
    let room = usize::try_from(most)
        .unwrap_or(usize::MAX)
        .saturating_sub(placement.instances.len());
    let there = &account_of(state, call.account_id())?.interfaces;
    // They are counted only where there are too many in all regions together.
    if there.len() > room
        && there
            .values()
            .filter(|interface| interface.region == call.region())
            .count()
            > room
    {
        return Err(Refusal::new(
            Code::BadRequestException,
            "The maximum number of network interfaces has been reached.",
        ));
    }
    let mut taken = BTreeSet::new();
    let (mut instances, mut made) = (Vec::new(), Vec::new());
    for ((subnet, id), number) in placement.instances.iter().zip(ids).zip(1_u8..) {
        let highest = state.highest_address(subnet.bound_range());
        let address = free_address(subnet, highest, |address| {
            taken.contains(&address) || state.address_is_taken(address)
        })
        .map_err(|_| refuse(Invalid::SubnetFull(subnet.id.clone())))?;
        taken.insert(address);
        instances.push(Instance {
            number,
            interface_id: id.clone(),
            address,
            availability_zone: subnet.availability_zone.clone(),
        });
        made.push(NetworkInterface {
            account: call.account_id().into(),
            id: id.clone(),
            region: call.region().into(),
            subnet_id: subnet.id.clone(),
            vpc_id: subnet.vpc_id.clone(),
            address,
            groups: placement.interface_groups.clone(),
            instance: Some(format!("{broker}-{number}")),
            // AWS: as cleaning scripts of users recognise it.
            description: format!("Amazon MQ network interface for broker {broker}"),
            created: call.now(),
            source_dest_check: true,
            permissions: vec![InterfacePermission {
                id: format!("eni-perm-{}", vpc::digits(id)),
                grantee: Grantee::Service(vpc::MANAGER.into()),
                permission: "INSTANCE-ATTACH".into(),
            }],
            client_token: None,
            tags: Default::default(),
        });
    }
    Ok((instances, made))
}

/// The broker's interfaces with other security groups.
pub(super) fn regrouped(account: &Account, broker: &Broker, groups: &[String]) -> Vec<Record> {
    broker
        .instances
        .iter()
        .filter_map(|instance| account.interfaces.get(&instance.interface_id))
        .map(|interface| {
            Record::NetworkInterface(NetworkInterface {
                groups: groups.to_vec(),
                ..(**interface).clone()
            })
        })
        .collect()
}

/// The row's actions that Amazon MQ does to the network on the caller's behalf. RabbitMQ brokers need none of them: they are
/// reached through what the service makes with a role of its own.
pub(super) fn network_actions(
    call: &Call,
    engine: EngineType,
) -> impl Iterator<Item = &'static Dependent> {
    call.facts()
        .row
        .dependent
        .iter()
        .filter(move |dependent| match (dependent.when, engine) {
            (When::ActiveMq, EngineType::ActiveMq) | (When::Always, _) => true,
            (When::ActiveMq, EngineType::RabbitMq)
            | (
                When::PrivateRabbitMq
                | When::Groups
                | When::Tags
                | When::Replica
                | When::PassesRole,
                _,
            ) => false,
        })
}

/// Whether the action only looks: it is asked before anything is said about what exists.
pub(super) fn looks(dependent: &Dependent) -> bool {
    dependent.action.starts_with("ec2:Describe")
}

/// What making an interface is done to: the interface to be, each subnet and each group ("Actions, resources, and condition
/// keys for Amazon EC2": CreateNetworkInterface). Its permission concerns the interface alone.
pub(super) fn creation_targets(
    call: &Call,
    account: &Account,
    dependent: &Dependent,
    placement: &Placement,
) -> Vec<Target> {
    let finder = finder(call, account);
    let subnets: BTreeSet<&str> = placement
        .instances
        .iter()
        .map(|subnet| subnet.id.as_str())
        .collect();
    let mut targets: Vec<Target> = subnets
        .iter()
        .map(|subnet| finder.new_interface(subnet))
        .collect();
    if dependent.action == "ec2:CreateNetworkInterface" {
        let known = |kind, id: &str| finder.target(kind, id);
        targets.extend(subnets.iter().map(|id| known(NetworkKind::Subnet, id)));
        let groups = placement.interface_groups.iter();
        targets.extend(groups.map(|id| known(NetworkKind::SecurityGroup, id)));
    }
    targets
}

/// The broker's interfaces, to be changed or removed.
pub(super) fn interface_targets(call: &Call, account: &Account, broker: &Broker) -> Vec<Target> {
    let finder = finder(call, account);
    let ids = broker
        .instances
        .iter()
        .map(|instance| &instance.interface_id);
    ids.map(|id| finder.target(NetworkKind::NetworkInterface, id))
        .collect()
}

/// The tag of what Amazon MQ makes in a VPC.
pub(super) const MANAGED: (&str, &str) = ("AMQManaged", "true");

pub(super) fn finder<'a>(call: &'a Call, account: &'a Account) -> Finder<'a> {
    Finder {
        account: Some(account),
        account_id: call.account_id(),
        region: call.region(),
    }
}
