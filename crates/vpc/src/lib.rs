//! # The network that brokers live in
//!
//! VPCs, subnets, security groups, route tables, gateways and network interfaces as records, the arithmetic of their
//! addresses, and what the security groups of an interface let through ([`Filter`], as rules of nftables). In the `loopback` network mode every address that a socket is bound to lies inside 127.0.0.0/8, so that each
//! broker has an address of its own with the standard ports on any Linux machine, without privileges. The default VPC's range
//! is such a range itself; the ranges of other VPCs are their owner's, and each of their subnets has one in 127.0.0.0/8 that
//! stands for it ([`bound_range`]).
#![forbid(unsafe_code)]

mod cidr;
mod cidr6;
mod default_vpc;
mod firewall;
mod interface;
mod mapping;
mod nftables;
mod records;
mod routing;
mod security_group;

pub use cidr::{Cidr, CidrError};
pub use cidr6::Cidr6;
pub use default_vpc::{DefaultVpc, Furnishings, management_address};
pub use firewall::{Filter, Neighbourhood, Opening, Protocol};
pub use interface::{
    AddressError, Grantee, InterfacePermission, MANAGER, NetworkInterface, digits, free_address,
    hardware_address,
};
pub use mapping::{bound_range, free_range, further_range};
pub use nftables::{addresses_ruleset, no_ruleset, node_ruleset};
pub use records::{Subnet, Tags, Vpc};
pub use routing::{
    ClientToken, Destination, InternetGateway, NetworkAcl, Route, RouteTable,
    RouteTableAssociation, RouteTarget,
};
pub use security_group::{Allows, Peer, SecurityGroup, SecurityGroupRule};
