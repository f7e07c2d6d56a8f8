//! What is wanted of a network, made of the records alone.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use store::state::{Account, State};
use vpc::{Cidr, Filter, Neighbourhood, NetworkInterface, Vpc};

/// Every node, and the subnets that have any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    /// The subnets with nodes, by their ids.
    pub subnets: BTreeMap<String, Router>,
    /// The nodes by their names, such as `b-…-1`.
    pub nodes: BTreeMap<String, Node>,
}

/// Where a subnet's traffic leaves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Router {
    /// The subnet's second address, as on AWS ("Subnet sizing": reserved for the VPC router).
    pub address: Ipv4Addr,
    /// The subnet's range.
    pub range: Cidr,
}

/// A broker's node in its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The id of its interface.
    pub interface: String,
    /// The hardware address that EC2 shows.
    pub mac: String,
    /// The id of its subnet.
    pub subnet: String,
    /// What its security groups let through; its address too.
    pub filter: Filter,
}

impl Topology {
    /// What these records want.
    pub fn of(state: &State) -> Topology {
        let mut topology = Topology::default();
        for (_, account) in state.accounts() {
            for vpc in account.vpcs.values() {
                topology.add(account, vpc);
            }
        }
        topology
    }

    fn add(&mut self, account: &Account, vpc: &Vpc) {
        let here: Vec<&NetworkInterface> = account
            .interfaces
            .values()
            .filter(|interface| interface.vpc_id == vpc.id)
            .map(AsRef::as_ref)
            .collect();
        let nodes: Vec<(&NetworkInterface, &str)> = here
            .iter()
            .filter_map(|interface| Some((*interface, interface.instance.as_deref()?)))
            .collect();
        if nodes.is_empty() {
            return;
        }
        let around = Neighbourhood::new(
            vpc,
            account.security_groups.values().map(AsRef::as_ref),
            here.iter().copied(),
            account.subnets.values().map(AsRef::as_ref),
        );
        for (interface, name) in nodes {
            let Some(subnet) = account.subnets.get(&interface.subnet_id) else {
                continue;
            };
            let range = subnet.bound_range();
            let Some(address) = range.address(1) else {
                continue;
            };
            // Who belongs to no broker that is known is not public.
            let public = name
                .rsplit_once('-')
                .and_then(|(broker, _)| account.broker(broker))
                .is_some_and(|broker| broker.publicly_accessible);
            self.subnets
                .insert(subnet.id.clone(), Router { address, range });
            let node = Node {
                interface: interface.id.clone(),
                mac: interface.mac_address(),
                subnet: subnet.id.clone(),
                filter: around.filter(interface, public),
            };
            self.nodes.insert(name.to_owned(), node);
        }
    }
}
