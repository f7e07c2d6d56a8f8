//! # The network that brokers live in
//!
//! VPCs, subnets, security groups and network interfaces as records, and the arithmetic of their addresses. In the default
//! (`loopback`) network mode every range lies inside 127.0.0.0/8, so that each broker has an address of its own with the standard
//! ports on any Linux machine, without privileges.
#![forbid(unsafe_code)]

mod cidr;
mod default_vpc;
mod interface;
mod records;

pub use cidr::{Cidr, CidrError};
pub use default_vpc::{DefaultVpc, management_address};
pub use interface::{AddressError, NetworkInterface, free_address};
pub use records::{SecurityGroup, Subnet, Vpc};
