//! Postern's state: every record of every account, indexed as requests need it.
//!
//! It is made of persistent maps. A clone is a handful of reference counts, and publishing one change costs the same with ten
//! records as with a hundred thousand. Policies are compiled when they are put, never when they are asked.

mod account;
mod identity;
mod record;

pub use account::{Account, Page};
pub use identity::{
    GroupEntry, PolicyEntry, RoleEntry, UserEntry, aws_managed, aws_managed_policies,
};
pub use record::{AccountRecord, AuthorityRecord, Record};

use std::net::Ipv4Addr;
use std::sync::Arc;

use iam::identity::AccessKey;
use imbl::{HashMap, OrdMap};

use crate::document::{Key, Revision, State as StoreState};

/// Every record, indexed.
#[derive(Clone, Default)]
pub struct State {
    accounts: OrdMap<String, Account>,
    keys: HashMap<String, Arc<AccessKey>>,
    addresses: OrdMap<Ipv4Addr, String>,
}

impl State {
    /// The account with this id.
    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id)
    }

    /// All accounts by id.
    pub fn accounts(&self) -> impl Iterator<Item = (&String, &Account)> {
        self.accounts.iter()
    }

    /// The access key with this id, whoever owns it.
    pub fn access_key(&self, id: &str) -> Option<&Arc<AccessKey>> {
        self.keys.get(id)
    }

    /// The ranges of 127.0.0.0/8 that are in use, of every account: those of default VPCs, and those that stand for subnets of
    /// others. The machine has them once.
    pub fn bound_ranges(&self) -> Vec<vpc::Cidr> {
        let mut ranges = Vec::new();
        for account in self.accounts.values() {
            ranges.extend(
                account
                    .vpcs
                    .values()
                    .filter(|vpc| vpc.is_default)
                    .map(|vpc| vpc.cidr),
            );
            ranges.extend(account.subnets.values().filter_map(|subnet| subnet.bound));
        }
        ranges
    }

    /// The highest address of the range that a network interface owns.
    pub fn highest_address(&self, range: vpc::Cidr) -> Option<Ipv4Addr> {
        let owned = self.addresses.range(range.base()..=range.last());
        owned.map(|(address, _)| *address).next_back()
    }

    /// Whether a network interface owns this address.
    pub fn address_is_taken(&self, address: Ipv4Addr) -> bool {
        self.addresses.contains_key(&address)
    }
}

impl StoreState for State {
    type Document = Record;

    fn put(&mut self, document: Arc<Record>, _revision: Revision) {
        let account = self
            .accounts
            .entry(document.account().to_owned())
            .or_default();
        match &*document {
            Record::Account(record) => account.record = Some(Arc::new(record.clone())),
            Record::Authority(record) => account.authority = Some(Arc::new(record.clone())),
            Record::User(user) => account.put_user(user),
            Record::Group(group) => account.put_group(group),
            Record::Role(role) => account.put_role(role),
            Record::InstanceProfile(profile) => {
                account
                    .instance_profiles
                    .insert(profile.name.to_lowercase(), Arc::new(profile.clone()));
            }
            Record::OidcProvider(provider) => {
                account
                    .oidc_providers
                    .insert(provider.arn(), Arc::new(provider.clone()));
            }
            Record::SamlProvider(provider) => {
                account
                    .saml_providers
                    .insert(provider.arn(), Arc::new(provider.clone()));
            }
            Record::DeletionTask(task) => {
                account
                    .deletion_tasks
                    .insert(task.id.clone(), Arc::new(task.clone()));
            }
            Record::AccountSettings(settings) => {
                account.settings = Some(Arc::new(settings.clone()))
            }
            Record::AccessKey(key) => {
                let key = Arc::new(key.clone());
                // Order: a key whose owner was renamed leaves its old place first.
                if let Some(before) = self.keys.insert(key.id.clone(), Arc::clone(&key)) {
                    account.remove_key(&before);
                }
                account.put_key(key);
            }
            Record::Policy(policy) => account.put_policy(policy),
            Record::Broker(broker) => account.put_broker(Arc::clone(broker)),
            Record::Configuration(configuration) => {
                account.put_configuration(Arc::clone(configuration))
            }
            Record::RevisionData(data) => account.put_revision_data(Arc::clone(data)),
            Record::Vpc(vpc) => {
                account.vpcs.insert(vpc.id.clone(), Arc::new(vpc.clone()));
            }
            Record::Subnet(subnet) => {
                account
                    .subnets
                    .insert(subnet.id.clone(), Arc::new(subnet.clone()));
            }
            Record::SecurityGroup(group) => {
                account
                    .security_groups
                    .insert(group.id.clone(), Arc::new(group.clone()));
            }
            Record::NetworkInterface(interface) => {
                let interface = Arc::new(interface.clone());
                if let Some(old) = account
                    .interfaces
                    .insert(interface.id.clone(), Arc::clone(&interface))
                {
                    self.addresses.remove(&old.address);
                }
                self.addresses
                    .insert(interface.address, interface.id.clone());
            }
            Record::InternetGateway(gateway) => {
                account
                    .internet_gateways
                    .insert(gateway.id.clone(), Arc::new(gateway.clone()));
            }
            Record::RouteTable(table) => {
                account
                    .route_tables
                    .insert(table.id.clone(), Arc::new(table.clone()));
            }
            Record::NetworkAcl(acl) => {
                account
                    .network_acls
                    .insert(acl.id.clone(), Arc::new(acl.clone()));
            }
        }
    }

    fn remove(&mut self, key: &Key, _revision: Revision) {
        let Some(account) = self.accounts.get_mut(&key.account) else {
            return;
        };
        match record::Kind::of(key.kind) {
            None => {}
            Some(record::Kind::Account) => account.record = None,
            Some(record::Kind::Authority) => account.authority = None,
            Some(record::Kind::User) => account.remove_user(&key.id),
            Some(record::Kind::Group) => account.remove_group(&key.id),
            Some(record::Kind::Role) => account.remove_role(&key.id),
            Some(record::Kind::InstanceProfile) => {
                account.instance_profiles.remove(&key.id);
            }
            Some(record::Kind::OidcProvider) => {
                account.oidc_providers.remove(&key.id);
            }
            Some(record::Kind::SamlProvider) => {
                account.saml_providers.remove(&key.id);
            }
            Some(record::Kind::DeletionTask) => {
                account.deletion_tasks.remove(&key.id);
            }
            Some(record::Kind::AccountSettings) => account.settings = None,
            Some(record::Kind::AccessKey) => {
                if let Some(removed) = self.keys.remove(&key.id) {
                    account.remove_key(&removed);
                }
            }
            Some(record::Kind::Policy) => account.remove_policy(&key.id),
            Some(record::Kind::Broker) => account.remove_broker(&key.id),
            Some(record::Kind::Configuration) => account.remove_configuration(&key.id),
            Some(record::Kind::RevisionData) => account.remove_revision_data(&key.id),
            Some(record::Kind::Vpc) => {
                account.vpcs.remove(&key.id);
            }
            Some(record::Kind::Subnet) => {
                account.subnets.remove(&key.id);
            }
            Some(record::Kind::SecurityGroup) => {
                account.security_groups.remove(&key.id);
            }
            Some(record::Kind::NetworkInterface) => {
                if let Some(removed) = account.interfaces.remove(&key.id) {
                    self.addresses.remove(&removed.address);
                }
            }
            Some(record::Kind::InternetGateway) => {
                account.internet_gateways.remove(&key.id);
            }
            Some(record::Kind::RouteTable) => {
                account.route_tables.remove(&key.id);
            }
            Some(record::Kind::NetworkAcl) => {
                account.network_acls.remove(&key.id);
            }
        }
    }
}

#[cfg(test)]
mod tests;
