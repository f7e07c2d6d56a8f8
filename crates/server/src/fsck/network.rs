//! Networks: whatever one names is there, and addresses are had once.

use std::collections::HashMap;

use store::state::{Account, State};

use super::expect;

pub(super) fn check(id: &str, account: &Account, damage: &mut Vec<String>) {
    let vpc = |damage: &mut Vec<String>, what: &str, vpc: &str| {
        expect(damage, account.vpcs.contains_key(vpc), || {
            format!("{what} of account {id}: there is no VPC {vpc}")
        });
    };
    for subnet in account.subnets.values() {
        vpc(damage, &format!("subnet {}", subnet.id), &subnet.vpc_id);
    }
    for group in account.security_groups.values() {
        vpc(
            damage,
            &format!("security group {}", group.id),
            &group.vpc_id,
        );
    }
    for gateway in account.internet_gateways.values() {
        if let Some(attached) = &gateway.vpc_id {
            vpc(
                damage,
                &format!("internet gateway {}", gateway.id),
                attached,
            );
        }
    }
    for acl in account.network_acls.values() {
        vpc(damage, &format!("network ACL {}", acl.id), &acl.vpc_id);
    }
    for table in account.route_tables.values() {
        let what = format!("route table {}", table.id);
        vpc(damage, &what, &table.vpc_id);
        let subnets = table.associations.iter();
        for subnet in subnets.filter_map(|association| association.subnet_id.as_ref()) {
            expect(damage, account.subnets.contains_key(subnet), || {
                format!("{what}: there is no subnet {subnet}")
            });
        }
    }
    for interface in account.interfaces.values() {
        let what = format!("network interface {}", interface.id);
        vpc(damage, &what, &interface.vpc_id);
        expect(
            damage,
            account.subnets.contains_key(&interface.subnet_id),
            || format!("{what}: there is no subnet {}", interface.subnet_id),
        );
        for group in &interface.groups {
            expect(damage, account.security_groups.contains_key(group), || {
                format!("{what}: there is no security group {group}")
            });
        }
    }
}

/// Addresses are had once in a VPC.
pub(super) fn check_addresses(state: &State, damage: &mut Vec<String>) {
    let mut owners = HashMap::new();
    let interfaces = state
        .accounts()
        .flat_map(|(_, account)| account.interfaces.values());
    for interface in interfaces {
        let place = (&interface.account, &interface.vpc_id, interface.address);
        if let Some(other) = owners.insert(place, &interface.id) {
            damage.push(format!(
                "address {}: network interfaces {other} and {} both have it",
                interface.address, interface.id
            ));
        }
    }
}
