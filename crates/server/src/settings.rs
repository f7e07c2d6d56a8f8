//! What a running service was told. The program reads flags, environment and file; this is what comes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;

use api::row::Service;

/// How brokers are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriverKind {
    /// As processes of this machine.
    Process,
    /// Not at all: states advance, no engine runs.
    Simulate,
}

/// A region that is served, with its availability zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its name, such as `us-east-1`.
    pub name: String,
    /// Its zones, such as `us-east-1a`; 1 to 15.
    pub zones: Vec<String>,
}

impl Region {
    /// A region with three zones, `a` to `c`.
    pub fn with_default_zones(name: &str) -> Region {
        Region {
            name: name.into(),
            zones: ["a", "b", "c"].map(|zone| format!("{name}{zone}")).to_vec(),
        }
    }
}

/// How the API is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// In the clear. Only on loopback, unless that was allowed by name.
    Off,
    /// With a certificate of Postern's own authority.
    Own,
    /// With the certificate chain and key of these PEM files.
    Files {
        /// The certificate chain.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

/// A limit that can be set by `--quota NAME=N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quota {
    /// Brokers per region (AWS: 200).
    BrokersPerRegion,
    /// Configurations per region (AWS: 1,000).
    ConfigurationsPerRegion,
    /// Revisions per configuration (AWS: 300).
    RevisionsPerConfiguration,
    /// Users per broker (AWS: 250).
    UsersPerBroker,
    /// Tags per resource (AWS: 50).
    TagsPerResource,
    /// Security groups per broker (AWS: 5).
    SecurityGroupsPerBroker,
    /// Groups per ActiveMQ user (AWS: 20).
    GroupsPerUser,
    /// IAM users per account (AWS: 5,000).
    IamUsers,
    /// Customer managed policies per account (AWS: 1,500).
    IamPolicies,
    /// Access keys per user (AWS: 2).
    AccessKeysPerUser,
    /// Managed policies per user (AWS: 10).
    AttachedPoliciesPerUser,
}

impl Quota {
    /// Every quota with its name on the command line, AWS's value, and what it limits.
    pub const ALL: &[(Quota, &str, u32, &str)] = &[
        (
            Quota::BrokersPerRegion,
            "brokers",
            200,
            "brokers per region",
        ),
        (
            Quota::ConfigurationsPerRegion,
            "configurations",
            1000,
            "configurations per region",
        ),
        (
            Quota::RevisionsPerConfiguration,
            "revisions",
            300,
            "revisions per configuration",
        ),
        (
            Quota::UsersPerBroker,
            "broker-users",
            250,
            "ActiveMQ users per broker",
        ),
        (
            Quota::TagsPerResource,
            "tags",
            50,
            "tags per broker or configuration",
        ),
        (
            Quota::SecurityGroupsPerBroker,
            "security-groups",
            5,
            "security groups per broker",
        ),
        (
            Quota::GroupsPerUser,
            "user-groups",
            20,
            "groups per ActiveMQ user",
        ),
        (Quota::IamUsers, "iam-users", 5000, "IAM users per account"),
        (
            Quota::IamPolicies,
            "iam-policies",
            1500,
            "customer managed policies per account",
        ),
        (
            Quota::AccessKeysPerUser,
            "access-keys",
            2,
            "access keys per IAM user",
        ),
        (
            Quota::AttachedPoliciesPerUser,
            "attached-policies",
            10,
            "managed policies attached to an IAM user",
        ),
    ];

    /// The quota with this name on the command line.
    pub fn named(name: &str) -> Option<Quota> {
        Quota::ALL
            .iter()
            .find(|(_, candidate, ..)| *candidate == name)
            .map(|(quota, ..)| *quota)
    }
}

/// What a running service was told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where `/healthz`, `/readyz` and `/metrics` are; nowhere if absent.
    pub admin_listen: Option<SocketAddr>,
    /// How the API is served.
    pub tls: Tls,
    /// The regions; the first is the default.
    pub regions: Vec<Region>,
    /// Whether plain HTTP may be served beyond loopback.
    pub allow_plain_http: bool,
    /// The file of the master key; `master.key` in the data folder if absent.
    pub master_key_file: Option<PathBuf>,
    /// The account, 12 digits; chosen at first start if absent.
    pub account_id: Option<String>,
    /// Requests per second of an account.
    pub api_rate: f64,
    /// Requests an account may send at once.
    pub api_burst: u32,
    /// Quotas that are not AWS's.
    pub quotas: BTreeMap<Quota, u32>,
    /// How long before or after the server's time a request may be signed, in seconds, where it is not AWS's
    /// ([`default_clock_window`]).
    pub clock_windows: BTreeMap<Service, u32>,
    /// Services that refuse presigned requests.
    pub presigned_off: BTreeSet<Service>,
    /// The files of the keys of OpenID Connect providers, by the provider's URL without `https://`.
    pub oidc_keys: BTreeMap<String, PathBuf>,
    /// How brokers are run.
    pub driver: DriverKind,
    /// How long a simulated broker takes to start, in milliseconds.
    pub simulate_start_ms: u64,
    /// Where engines are installed.
    pub engines_dir: PathBuf,
    /// The domain of endpoint names; without it endpoints are addresses.
    pub endpoint_domain: Option<String>,
    /// The second octet of the default VPC's range in 127.0.0.0/8; chosen at first start if absent.
    pub vpc_block: Option<u8>,
    /// The most connections at once.
    pub max_connections: usize,
    /// The most connections of one address at once.
    pub max_connections_per_address: usize,
}

/// How long before or after the server's time a request may be signed, in seconds, as AWS has it: five minutes for Amazon MQ,
/// fifteen for the Query services ("Signing AWS API requests": in most cases five minutes; the Query services' own messages say
/// fifteen).
pub fn default_clock_window(service: Service) -> u32 {
    match service {
        Service::Mq => 300,
        Service::Iam | Service::Sts | Service::Ec2 => 900,
    }
}

impl Settings {
    /// How long before or after the server's time a request for the service may be signed, in seconds.
    pub fn clock_window(&self, service: Service) -> u32 {
        self.clock_windows
            .get(&service)
            .copied()
            .unwrap_or_else(|| default_clock_window(service))
    }

    /// The limit in force.
    pub fn quota(&self, quota: Quota) -> u32 {
        self.quotas.get(&quota).copied().unwrap_or_else(|| {
            Quota::ALL
                .iter()
                .find(|(candidate, ..)| *candidate == quota)
                .map_or(u32::MAX, |(_, _, value, _)| *value)
        })
    }

    /// The region with this name.
    pub fn region(&self, name: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.name == name)
    }
}
