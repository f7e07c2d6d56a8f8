//! The kinds of records and how they are kept.

use std::sync::Arc;

use brokers::broker::{Broker, Configuration, RevisionData};
use iam::identity::{
    AccessKey, AccountSettings, DeletionTask, Group, InstanceProfile, ManagedPolicy, OidcProvider,
    Role, SamlProvider, User,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vpc::{InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup, Subnet, Vpc};

use crate::document::{CorruptDocument, Document, Key};

/// An account: it exists when this record does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// The account id, 12 digits.
    pub id: String,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created: i64,
}

/// The certificate authority. Its key is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityRecord {
    /// The account that it was made for.
    pub account: String,
    /// The certificate, PEM.
    pub certificate: String,
    /// The sealed private key.
    pub sealed_key: String,
}

macro_rules! records {
    ($( $(#[$doc:meta])* $kind:ident($type:ty) = $name:literal ),+ $(,)?) => {
        /// One record of one account.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Record {
            $( $(#[$doc])* $kind($type), )+
        }

        /// The kinds of records.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind { $( $kind, )+ }

        impl Kind {
            pub(super) fn of(name: &str) -> Option<Kind> {
                match name {
                    $( $name => Some(Kind::$kind), )+
                    _ => None,
                }
            }
        }

        impl Record {
            fn kind(&self) -> &'static str {
                match self { $( Record::$kind(_) => $name, )+ }
            }

            fn json(&self) -> serde_json::Result<String> {
                match self { $( Record::$kind(record) => serde_json::to_string(record), )+ }
            }

            fn read(kind: &str, json: &str) -> Result<Record, CorruptDocument> {
                match kind {
                    $( $name => parse(json).map(Record::$kind), )+
                    other => Err(CorruptDocument::new(format!("unknown kind `{other}`"))),
                }
            }
        }
    };
}

fn parse<T: DeserializeOwned>(json: &str) -> Result<T, CorruptDocument> {
    serde_json::from_str(json).map_err(CorruptDocument::from)
}

records! {
    /// An account.
    Account(AccountRecord) = "account",
    /// The certificate authority.
    Authority(AuthorityRecord) = "authority",
    /// An IAM user, by its name in small letters.
    User(User) = "user",
    /// An IAM group, by its name in small letters.
    Group(Group) = "group",
    /// An IAM role, by its name in small letters.
    Role(Role) = "role",
    /// An instance profile, by its name in small letters.
    InstanceProfile(InstanceProfile) = "instance-profile",
    /// An OpenID Connect provider, by its ARN.
    OidcProvider(OidcProvider) = "oidc-provider",
    /// A SAML provider, by its ARN.
    SamlProvider(SamlProvider) = "saml-provider",
    /// The deletion of a service-linked role, by the task's id.
    DeletionTask(DeletionTask) = "deletion-task",
    /// What is set for the account as a whole, by the account's id.
    AccountSettings(AccountSettings) = "account-settings",
    /// An access key, by its id.
    AccessKey(AccessKey) = "access-key",
    /// A customer managed policy, by its ARN.
    Policy(ManagedPolicy) = "policy",
    /// A broker, by its id.
    Broker(Arc<Broker>) = "broker",
    /// A configuration, by its id.
    Configuration(Arc<Configuration>) = "configuration",
    /// The content of a configuration's revision, by `<configuration id>/<revision>`.
    RevisionData(Arc<RevisionData>) = "configuration-revision",
    /// A VPC, by its id.
    Vpc(Vpc) = "vpc",
    /// A subnet, by its id.
    Subnet(Subnet) = "subnet",
    /// A security group, by its id.
    SecurityGroup(SecurityGroup) = "security-group",
    /// A network interface, by its id.
    NetworkInterface(NetworkInterface) = "network-interface",
    /// An internet gateway, by its id.
    InternetGateway(InternetGateway) = "internet-gateway",
    /// A route table, by its id.
    RouteTable(RouteTable) = "route-table",
    /// A network ACL, by its id.
    NetworkAcl(NetworkAcl) = "network-acl",
}

impl Record {
    /// The account the record belongs to.
    pub fn account(&self) -> &str {
        match self {
            Record::Account(record) => &record.id,
            Record::Authority(record) => &record.account,
            Record::User(user) => &user.account,
            Record::Group(group) => &group.account,
            Record::Role(role) => &role.account,
            Record::InstanceProfile(profile) => &profile.account,
            Record::OidcProvider(provider) => &provider.account,
            Record::SamlProvider(provider) => &provider.account,
            Record::DeletionTask(task) => &task.account,
            Record::AccountSettings(settings) => &settings.account,
            Record::AccessKey(key) => &key.account,
            Record::Policy(policy) => &policy.account,
            Record::Broker(broker) => &broker.account,
            Record::Configuration(configuration) => &configuration.account,
            Record::RevisionData(data) => &data.account,
            Record::Vpc(vpc) => &vpc.account,
            Record::Subnet(subnet) => &subnet.account,
            Record::SecurityGroup(group) => &group.account,
            Record::NetworkInterface(interface) => &interface.account,
            Record::InternetGateway(gateway) => &gateway.account,
            Record::RouteTable(table) => &table.account,
            Record::NetworkAcl(acl) => &acl.account,
        }
    }

    fn id(&self) -> String {
        match self {
            Record::Account(record) => record.id.clone(),
            Record::Authority(record) => record.account.clone(),
            Record::User(user) => user.name.to_lowercase(),
            Record::Group(group) => group.name.to_lowercase(),
            Record::Role(role) => role.name.to_lowercase(),
            Record::InstanceProfile(profile) => profile.name.to_lowercase(),
            Record::OidcProvider(provider) => provider.arn(),
            Record::SamlProvider(provider) => provider.arn(),
            Record::DeletionTask(task) => task.id.clone(),
            Record::AccountSettings(settings) => settings.account.clone(),
            Record::AccessKey(key) => key.id.clone(),
            Record::Policy(policy) => policy.arn(),
            Record::Broker(broker) => broker.id.to_string(),
            Record::Configuration(configuration) => configuration.id.to_string(),
            Record::RevisionData(data) => format!("{}/{}", data.of.id, data.of.revision),
            Record::Vpc(vpc) => vpc.id.clone(),
            Record::Subnet(subnet) => subnet.id.clone(),
            Record::SecurityGroup(group) => group.id.clone(),
            Record::NetworkInterface(interface) => interface.id.clone(),
            Record::InternetGateway(gateway) => gateway.id.clone(),
            Record::RouteTable(table) => table.id.clone(),
            Record::NetworkAcl(acl) => acl.id.clone(),
        }
    }
}

impl Document for Record {
    fn key(&self) -> Key {
        Key::new(self.account(), self.kind(), self.id())
    }

    fn encode(&self) -> String {
        #[expect(
            clippy::expect_used,
            reason = "plain structs of texts and numbers with text keys always serialise"
        )]
        self.json().expect("a record serialises")
    }

    fn decode(
        _account: &str,
        kind: &str,
        _id: &str,
        json: &str,
    ) -> Result<Record, CorruptDocument> {
        Record::read(kind, json)
    }
}
