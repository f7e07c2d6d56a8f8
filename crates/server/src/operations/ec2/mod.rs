//! Handlers of ec2, one file per subject. Lists are answered from the snapshot of the decision; what changes anything decides
//! on the newest records in one commit.

mod endpoints;
mod gateways;
mod groups;
mod interfaces;
mod lists;
mod members;
mod network_acls;
mod permissions;
mod permitted;
mod quotas;
mod refusals;
mod route_tables;
mod rules;
mod subnets;
mod tags;
mod vpcs;
mod zones;

pub use endpoints::describe_vpc_endpoints;
pub(crate) use endpoints::endpoint_id;
pub use gateways::{
    attach_internet_gateway, create_internet_gateway, delete_internet_gateway,
    describe_internet_gateways, detach_internet_gateway,
};
pub use groups::{create_security_group, delete_security_group, describe_security_groups};
pub use interfaces::{
    create_network_interface, delete_network_interface, describe_network_interfaces,
    detach_network_interface, modify_network_interface_attribute,
};
pub use network_acls::describe_network_acls;
pub use permissions::{
    create_network_interface_permission, delete_network_interface_permission,
    describe_network_interface_permissions,
};
pub use route_tables::{
    associate_route_table, create_route, create_route_table, delete_route, delete_route_table,
    describe_route_tables, disassociate_route_table, replace_route,
    replace_route_table_association,
};
pub use rules::{
    authorize_security_group_egress, authorize_security_group_ingress,
    describe_security_group_rules, modify_security_group_rules, revoke_security_group_egress,
    revoke_security_group_ingress,
};
pub use subnets::{create_subnet, delete_subnet, describe_subnets, modify_subnet_attribute};
pub use tags::{create_tags, delete_tags, describe_tags};
pub use vpcs::{
    create_vpc, delete_vpc, describe_vpc_attribute, describe_vpcs, modify_vpc_attribute,
};
pub use zones::{
    describe_account_attributes, describe_addresses, describe_availability_zones, describe_regions,
};
