//! One account's records.

use std::ops::Bound;
use std::sync::Arc;

use brokers::broker::{Broker, Configuration, ConfigurationRef, RevisionData};
use iam::compile::CompiledPolicy;
use iam::identity::{
    AccessKey, AccountSettings, DeletionTask, Group, InstanceProfile, KeyOwner, ManagedPolicy,
    OidcProvider, Role, SamlProvider, User,
};
use imbl::{HashMap, OrdMap};
use vpc::{InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup, Subnet, Vpc};

use super::identity::{GroupEntry, PolicyEntry, RoleEntry, UserEntry, aws_managed};
use super::record::{AccountRecord, AuthorityRecord};

/// The records of one account. Nothing in it refers to another account.
#[derive(Clone, Default)]
pub struct Account {
    pub(super) record: Option<Arc<AccountRecord>>,
    pub(super) authority: Option<Arc<AuthorityRecord>>,
    users: OrdMap<String, UserEntry>,
    groups: OrdMap<String, GroupEntry>,
    roles: OrdMap<String, RoleEntry>,
    pub(super) settings: Option<Arc<AccountSettings>>,
    /// Instance profiles by name in small letters.
    pub instance_profiles: OrdMap<String, Arc<InstanceProfile>>,
    /// OpenID Connect providers by ARN.
    pub oidc_providers: OrdMap<String, Arc<OidcProvider>>,
    /// SAML providers by ARN.
    pub saml_providers: OrdMap<String, Arc<SamlProvider>>,
    /// Deletions of service-linked roles by the task's id.
    pub deletion_tasks: OrdMap<String, Arc<DeletionTask>>,
    /// Names in small letters by unique id.
    group_names: HashMap<String, String>,
    /// By group id and the user's name in small letters.
    members: OrdMap<(String, String), ()>,
    /// By owner (small letters; empty for root) and key id.
    keys: OrdMap<(String, String), Arc<AccessKey>>,
    policies: OrdMap<String, PolicyEntry>,
    brokers: HashMap<String, Arc<Broker>>,
    /// Region, time of creation, id: the order of lists.
    broker_order: OrdMap<(String, i64, String), ()>,
    broker_names: HashMap<(String, String), String>,
    /// By region.
    broker_counts: HashMap<String, usize>,
    configuration_counts: HashMap<String, usize>,
    broker_tokens: HashMap<(String, String), String>,
    configurations: HashMap<String, Arc<Configuration>>,
    configuration_order: OrdMap<(String, i64, String), ()>,
    revision_data: HashMap<String, Arc<RevisionData>>,
    /// VPCs by id.
    pub vpcs: OrdMap<String, Arc<Vpc>>,
    /// Subnets by id.
    pub subnets: OrdMap<String, Arc<Subnet>>,
    /// Security groups by id.
    pub security_groups: OrdMap<String, Arc<SecurityGroup>>,
    /// Network interfaces by id.
    pub interfaces: OrdMap<String, Arc<NetworkInterface>>,
    /// Internet gateways by id.
    pub internet_gateways: OrdMap<String, Arc<InternetGateway>>,
    /// Route tables by id.
    pub route_tables: OrdMap<String, Arc<RouteTable>>,
    /// Network ACLs by id.
    pub network_acls: OrdMap<String, Arc<NetworkAcl>>,
}

/// Part of a list, and the place to go on from.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The elements.
    pub items: Vec<T>,
    /// Where the next page starts; absent on the last one.
    pub next: Option<(i64, String)>,
}

impl Account {
    /// The account's own record, where it has one.
    pub fn record(&self) -> Option<&Arc<AccountRecord>> {
        self.record.as_ref()
    }

    /// The certificate authority that was made for the account.
    pub fn authority(&self) -> Option<&AuthorityRecord> {
        self.authority.as_deref()
    }

    /// The user with this name in any case.
    pub fn user(&self, name: &str) -> Option<&UserEntry> {
        self.users.get(&name.to_lowercase())
    }

    /// All users by name.
    pub fn users(&self) -> impl Iterator<Item = &UserEntry> {
        self.users.values()
    }

    /// How many users there are.
    pub fn user_count(&self) -> usize {
        self.users.len()
    }

    /// The group with this name in any case.
    pub fn group(&self, name: &str) -> Option<&GroupEntry> {
        self.groups.get(&name.to_lowercase())
    }

    /// The group with this unique id.
    pub fn group_of_id(&self, id: &str) -> Option<&GroupEntry> {
        self.groups.get(self.group_names.get(id)?)
    }

    /// All groups by name.
    pub fn groups(&self) -> impl Iterator<Item = &GroupEntry> {
        self.groups.values()
    }

    /// How many groups there are.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// The role with this name in any case.
    pub fn role(&self, name: &str) -> Option<&RoleEntry> {
        self.roles.get(&name.to_lowercase())
    }

    /// All roles by name.
    pub fn roles(&self) -> impl Iterator<Item = &RoleEntry> {
        self.roles.values()
    }

    /// How many roles there are.
    pub fn role_count(&self) -> usize {
        self.roles.len()
    }

    /// What is set for the account as a whole.
    pub fn settings(&self) -> Option<&AccountSettings> {
        self.settings.as_deref()
    }

    /// The users in the group with this unique id, by name.
    pub fn members<'a>(&'a self, group: &str) -> impl Iterator<Item = &'a UserEntry> + use<'a> {
        let group = group.to_owned();
        self.members
            .range((group.clone(), String::new())..)
            .map(|(key, ())| key)
            .take_while(move |(candidate, _)| *candidate == group)
            .filter_map(|(_, user)| self.users.get(user))
    }

    /// The access keys of an owner, by id.
    pub fn keys_of<'a>(
        &'a self,
        owner: &KeyOwner,
    ) -> impl Iterator<Item = &'a Arc<AccessKey>> + use<'a> {
        let owner = owner_key(owner);
        self.keys
            .range((owner.clone(), String::new())..)
            .take_while(move |((candidate, _), _)| *candidate == owner)
            .map(|(_, key)| key)
    }

    /// All access keys, by owner.
    pub fn access_keys(&self) -> impl Iterator<Item = &Arc<AccessKey>> {
        self.keys.values()
    }

    /// The customer managed policy with this ARN.
    pub fn policy(&self, arn: &str) -> Option<&PolicyEntry> {
        self.policies.get(arn)
    }

    /// All customer managed policies by ARN.
    pub fn policies(&self) -> impl Iterator<Item = &PolicyEntry> {
        self.policies.values()
    }

    /// The compiled document of a managed policy, the customer's or AWS's.
    pub fn managed(&self, arn: &str) -> Option<&Arc<CompiledPolicy>> {
        self.policies
            .get(arn)
            .map(|entry| &entry.compiled)
            .or_else(|| aws_managed(arn).map(|(_, compiled)| compiled))
    }

    /// How many identities have this managed policy attached.
    pub fn attachments(&self, arn: &str) -> usize {
        let has = |attached: &[String]| attached.iter().any(|attached| attached == arn);
        let users = self
            .users
            .values()
            .filter(|entry| has(&entry.user.attached));
        let groups = self
            .groups
            .values()
            .filter(|entry| has(&entry.group.attached));
        let roles = self
            .roles
            .values()
            .filter(|entry| has(&entry.role.attached));
        users.count() + groups.count() + roles.count()
    }

    /// How many identities have this managed policy as their permissions boundary.
    pub fn boundaries(&self, arn: &str) -> usize {
        let is = |boundary: &Option<String>| boundary.as_deref() == Some(arn);
        let users = self.users.values().filter(|entry| is(&entry.user.boundary));
        let roles = self.roles.values().filter(|entry| is(&entry.role.boundary));
        users.count() + roles.count()
    }

    /// The broker with this id.
    pub fn broker(&self, id: &str) -> Option<&Arc<Broker>> {
        self.brokers.get(id)
    }

    /// All brokers, in no order.
    pub fn brokers(&self) -> impl Iterator<Item = &Arc<Broker>> {
        self.brokers.values()
    }

    /// How many brokers the region has.
    pub fn broker_count(&self, region: &str) -> usize {
        self.broker_counts.get(region).copied().unwrap_or_default()
    }

    /// How many configurations the region has.
    pub fn configuration_count(&self, region: &str) -> usize {
        self.configuration_counts
            .get(region)
            .copied()
            .unwrap_or_default()
    }

    /// The broker with this name in the region.
    pub fn broker_named(&self, region: &str, name: &str) -> Option<&Arc<Broker>> {
        self.brokers.get(
            self.broker_names
                .get(&(region.to_owned(), name.to_owned()))?,
        )
    }

    /// The broker that was made with this `creatorRequestId` in the region.
    pub fn broker_of_token(&self, region: &str, token: &str) -> Option<&Arc<Broker>> {
        self.brokers.get(
            self.broker_tokens
                .get(&(region.to_owned(), token.to_owned()))?,
        )
    }

    /// A page of the region's brokers, oldest first, after the place given.
    pub fn brokers_page(
        &self,
        region: &str,
        after: Option<&(i64, String)>,
        limit: usize,
    ) -> Page<Arc<Broker>> {
        page(&self.broker_order, &self.brokers, region, after, limit)
    }

    /// The configuration with this id.
    pub fn configuration(&self, id: &str) -> Option<&Arc<Configuration>> {
        self.configurations.get(id)
    }

    /// All configurations, in no order.
    pub fn configurations(&self) -> impl Iterator<Item = &Arc<Configuration>> {
        self.configurations.values()
    }

    /// A page of the region's configurations, oldest first, after the place given.
    pub fn configurations_page(
        &self,
        region: &str,
        after: Option<&(i64, String)>,
        limit: usize,
    ) -> Page<Arc<Configuration>> {
        page(
            &self.configuration_order,
            &self.configurations,
            region,
            after,
            limit,
        )
    }

    /// The content of a revision.
    pub fn revision_data(&self, of: &ConfigurationRef) -> Option<&Arc<RevisionData>> {
        self.revision_data.get(&revision_key(of))
    }

    pub(super) fn put_user(&mut self, user: &User) {
        let name = user.name.to_lowercase();
        self.remove_user(&name);
        for group in &user.groups {
            self.members.insert((group.clone(), name.clone()), ());
        }
        self.users.insert(name, UserEntry::new(user));
    }

    pub(super) fn remove_user(&mut self, id: &str) {
        let Some(before) = self.users.remove(id) else {
            return;
        };
        for group in &before.user.groups {
            self.members.remove(&(group.clone(), id.to_owned()));
        }
    }

    pub(super) fn put_role(&mut self, role: &Role) {
        self.roles
            .insert(role.name.to_lowercase(), RoleEntry::new(role));
    }

    pub(super) fn remove_role(&mut self, id: &str) {
        self.roles.remove(id);
    }

    pub(super) fn put_group(&mut self, group: &Group) {
        let name = group.name.to_lowercase();
        self.group_names.insert(group.id.clone(), name.clone());
        self.groups.insert(name, GroupEntry::new(group));
    }

    pub(super) fn remove_group(&mut self, id: &str) {
        // A renamed group's id may have its new name already.
        if let Some(before) = self.groups.remove(id)
            && self
                .group_names
                .get(&before.group.id)
                .is_some_and(|name| name == id)
        {
            self.group_names.remove(&before.group.id);
        }
    }

    pub(super) fn put_key(&mut self, key: Arc<AccessKey>) {
        self.keys
            .insert((owner_key(&key.owner), key.id.clone()), key);
    }

    pub(super) fn remove_key(&mut self, key: &AccessKey) {
        self.keys.remove(&(owner_key(&key.owner), key.id.clone()));
    }

    pub(super) fn put_policy(&mut self, policy: &ManagedPolicy) {
        self.policies.insert(policy.arn(), PolicyEntry::new(policy));
    }

    pub(super) fn remove_policy(&mut self, arn: &str) {
        self.policies.remove(arn);
    }

    pub(super) fn put_broker(&mut self, broker: Arc<Broker>) {
        if let Some(before) = self.brokers.get_mut(broker.id.as_str())
            && is_indexed_alike(before, &broker)
        {
            *before = broker;
            return;
        }
        let id = broker.id.to_string();
        self.broker_order
            .insert((broker.region.clone(), broker.created, id.clone()), ());
        self.broker_names
            .insert((broker.region.clone(), broker.name.clone()), id.clone());
        if let Some(request) = &broker.creator_request {
            self.broker_tokens
                .insert((broker.region.clone(), request.token.clone()), id.clone());
        }
        let region = broker.region.clone();
        if self.brokers.insert(id, broker).is_none() {
            count(&mut self.broker_counts, region, 1);
        }
    }

    pub(super) fn remove_broker(&mut self, id: &str) {
        let Some(broker) = self.brokers.remove(id) else {
            return;
        };
        count(&mut self.broker_counts, broker.region.clone(), -1);
        self.broker_order
            .remove(&(broker.region.clone(), broker.created, id.to_owned()));
        self.broker_names
            .remove(&(broker.region.clone(), broker.name.clone()));
        if let Some(request) = &broker.creator_request {
            self.broker_tokens
                .remove(&(broker.region.clone(), request.token.clone()));
        }
    }

    pub(super) fn put_configuration(&mut self, configuration: Arc<Configuration>) {
        let id = configuration.id.to_string();
        self.configuration_order.insert(
            (
                configuration.region.clone(),
                configuration.created,
                id.clone(),
            ),
            (),
        );
        let region = configuration.region.clone();
        if self.configurations.insert(id, configuration).is_none() {
            count(&mut self.configuration_counts, region, 1);
        }
    }

    pub(super) fn remove_configuration(&mut self, id: &str) {
        let Some(configuration) = self.configurations.remove(id) else {
            return;
        };
        count(
            &mut self.configuration_counts,
            configuration.region.clone(),
            -1,
        );
        self.configuration_order.remove(&(
            configuration.region.clone(),
            configuration.created,
            id.to_owned(),
        ));
    }

    pub(super) fn put_revision_data(&mut self, data: Arc<RevisionData>) {
        self.revision_data.insert(revision_key(&data.of), data);
    }

    pub(super) fn remove_revision_data(&mut self, id: &str) {
        self.revision_data.remove(id);
    }
}

/// Whether the indices say the same of both: most changes of a broker are none of these.
fn is_indexed_alike(before: &Broker, after: &Broker) -> bool {
    before.region == after.region
        && before.created == after.created
        && before.name == after.name
        && before.creator_request == after.creator_request
}

fn count(counts: &mut HashMap<String, usize>, region: String, by: isize) {
    let count = counts.entry(region).or_default();
    *count = count.saturating_add_signed(by);
}

fn owner_key(owner: &KeyOwner) -> String {
    match owner {
        KeyOwner::Root => String::new(),
        KeyOwner::User(name) => name.to_lowercase(),
    }
}

fn revision_key(of: &ConfigurationRef) -> String {
    format!("{}/{}", of.id, of.revision)
}

fn page<T: Clone>(
    order: &OrdMap<(String, i64, String), ()>,
    records: &HashMap<String, T>,
    region: &str,
    after: Option<&(i64, String)>,
    limit: usize,
) -> Page<T> {
    let start = match after {
        Some((created, id)) => Bound::Excluded((region.to_owned(), *created, id.clone())),
        None => Bound::Included((region.to_owned(), i64::MIN, String::new())),
    };
    let mut keys = order
        .range((start, Bound::Unbounded))
        .map(|(key, ())| key)
        .take_while(|(candidate, ..)| candidate == region);
    let mut items = Vec::with_capacity(limit.min(100));
    let mut last = None;
    for (_, created, id) in keys.by_ref().take(limit) {
        items.extend(records.get(id).cloned());
        last = Some((*created, id.clone()));
    }
    let next = if keys.next().is_some() { last } else { None };
    Page { items, next }
}
