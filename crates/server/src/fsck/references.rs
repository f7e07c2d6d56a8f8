//! Identities, brokers and configurations: whatever one names is there.

use std::collections::HashSet;

use brokers::broker::{Broker, ConfigurationRef, Intent};
use iam::identity::KeyOwner;
use store::state::Account;

use super::expect;

pub(super) fn check(id: &str, account: &Account, damage: &mut Vec<String>) {
    expect(damage, account.record().is_some(), || {
        format!("account {id}: it has records and is not there itself")
    });
    identities(account, damage);
    let mut names = HashSet::new();
    for broker in account.brokers() {
        let is_first = names.insert((&broker.region, &broker.name));
        expect(damage, is_first, || {
            format!("broker {}: another one has its name", broker.id)
        });
        of_broker(account, broker, damage);
    }
    for configuration in account.configurations() {
        for revision in &configuration.revisions {
            let of = ConfigurationRef {
                id: configuration.id.clone(),
                revision: revision.revision,
            };
            expect(damage, account.revision_data(&of).is_some(), || {
                let number = revision.revision;
                format!(
                    "configuration {}: the content of revision {number} is missing",
                    of.id
                )
            });
        }
    }
}

fn identities(account: &Account, damage: &mut Vec<String>) {
    for key in account.access_keys() {
        match &key.owner {
            KeyOwner::Root => {}
            KeyOwner::User(name) => expect(damage, account.user(name).is_some(), || {
                format!("access key {}: there is no user {name}", key.id)
            }),
        }
    }
    for entry in account.users() {
        let user = &entry.user;
        let what = format!("user {}", user.name);
        for group in &user.groups {
            expect(damage, account.group_of_id(group).is_some(), || {
                format!("{what}: there is no group {group}")
            });
        }
        policies(
            account,
            &what,
            &user.attached,
            user.boundary.as_ref(),
            damage,
        );
    }
    for entry in account.groups() {
        let what = format!("group {}", entry.group.name);
        policies(account, &what, &entry.group.attached, None, damage);
    }
    for entry in account.roles() {
        let role = &entry.role;
        let what = format!("role {}", role.name);
        policies(
            account,
            &what,
            &role.attached,
            role.boundary.as_ref(),
            damage,
        );
    }
    for profile in account.instance_profiles.values() {
        let role = profile.role.as_ref();
        expect(
            damage,
            role.is_none_or(|role| account.role(role).is_some()),
            || format!("instance profile {}: its role is missing", profile.name),
        );
    }
}

fn policies(
    account: &Account,
    what: &str,
    attached: &[String],
    boundary: Option<&String>,
    damage: &mut Vec<String>,
) {
    for arn in attached.iter().chain(boundary) {
        expect(damage, account.managed(arn).is_some(), || {
            format!("{what}: there is no policy {arn}")
        });
    }
}

fn of_broker(account: &Account, broker: &Broker, damage: &mut Vec<String>) {
    let what = format!("broker {}", broker.id);
    let settings = [&broker.current.configuration, &broker.pending.configuration];
    for of in settings.into_iter().flatten() {
        expect(damage, account.revision_data(of).is_some(), || {
            format!(
                "{what}: there is no revision {} of configuration {}",
                of.revision, of.id
            )
        });
    }
    // A broker that goes may have lost them already.
    if broker.intent == Intent::Delete {
        return;
    }
    for instance in &broker.instances {
        let interface = account.interfaces.get(&instance.interface_id);
        expect(
            damage,
            interface.is_some_and(|it| it.address == instance.address),
            || {
                let id = &instance.interface_id;
                format!("{what}: its network interface {id} is missing or has another address")
            },
        );
    }
    for subnet in &broker.subnet_ids {
        expect(damage, account.subnets.contains_key(subnet), || {
            format!("{what}: there is no subnet {subnet}")
        });
    }
}
