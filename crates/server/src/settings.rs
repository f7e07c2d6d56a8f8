//! What a running service was told. The program reads flags, environment and file; this is what comes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;

use api::row::Service;

use crate::sessions::KeySource;
pub use vpc::Cidr;

/// How brokers are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriverKind {
    /// As processes of this machine.
    Process,
    /// Not at all: states advance, no engine runs.
    Simulate,
}

/// Where the addresses of brokers are, and who enforces their security groups ([`crate::network_mode`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NetworkMode {
    /// In 127.0.0.0/8. Security groups are not enforced.
    #[default]
    Loopback,
    /// Of a pool, added to a device of the machine.
    Host {
        /// The device, such as `eth0`.
        device: String,
        /// The pool, with a prefix of 16 to 28.
        pool: Cidr,
    },
    /// In network namespaces of the nodes' own.
    Netns,
}

impl NetworkMode {
    /// The name that `--network` takes.
    pub fn name(&self) -> &'static str {
        match self {
            NetworkMode::Loopback => "loopback",
            NetworkMode::Host { .. } => "host",
            NetworkMode::Netns => "netns",
        }
    }

    /// What a person has to know of it; `None` where there is nothing.
    pub fn warning(&self) -> Option<&'static str> {
        match self {
            NetworkMode::Loopback => Some(
                "loopback: only clients on this machine reach the brokers, and security groups are not enforced",
            ),
            NetworkMode::Host { .. } | NetworkMode::Netns => None,
        }
    }
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
    /// IAM groups per account (AWS: 300).
    IamGroups,
    /// IAM roles per account (AWS: 1,000).
    IamRoles,
    /// Customer managed policies per account (AWS: 1,500).
    IamPolicies,
    /// Access keys per user (AWS: 2).
    AccessKeysPerUser,
    /// Managed policies per user (AWS: 10).
    AttachedPoliciesPerUser,
    /// VPCs per region (AWS: 5).
    VpcsPerRegion,
    /// Subnets per VPC (AWS: 200).
    SubnetsPerVpc,
    /// Security groups per region (AWS: 2,500).
    VpcSecurityGroupsPerRegion,
    /// Internet gateways per region (AWS: 5, as VPCs).
    InternetGatewaysPerRegion,
    /// Route tables per VPC (AWS: 200).
    RouteTablesPerVpc,
    /// Network interfaces per region (AWS: 5,000).
    NetworkInterfacesPerRegion,
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
            Quota::IamGroups,
            "iam-groups",
            300,
            "IAM groups per account",
        ),
        (Quota::IamRoles, "iam-roles", 1000, "IAM roles per account"),
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
        (Quota::VpcsPerRegion, "vpcs", 5, "VPCs per region"),
        (Quota::SubnetsPerVpc, "subnets", 200, "subnets per VPC"),
        (
            Quota::VpcSecurityGroupsPerRegion,
            "vpc-security-groups",
            2500,
            "security groups per region",
        ),
        (
            Quota::InternetGatewaysPerRegion,
            "internet-gateways",
            5,
            "internet gateways per region",
        ),
        (
            Quota::RouteTablesPerVpc,
            "route-tables",
            200,
            "route tables per VPC",
        ),
        (
            Quota::NetworkInterfacesPerRegion,
            "network-interfaces",
            5000,
            "network interfaces per region, those of brokers among them",
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
    /// Where the keys of OpenID Connect providers are, by the provider's URL without `https://`.
    pub oidc_keys: BTreeMap<String, KeySource>,
    /// The certificate authorities that addresses of keys are checked against, as PEM; the machine's if absent.
    pub oidc_ca: Option<PathBuf>,
    /// How brokers are run.
    pub driver: DriverKind,
    /// How long a simulated broker takes to start, in milliseconds.
    pub simulate_start_ms: u64,
    /// Where engines are installed.
    pub engines_dir: PathBuf,
    /// The domain of endpoint names; without it endpoints are addresses.
    pub endpoint_domain: Option<String>,
    /// Where the names of endpoints are answered by DNS.
    pub dns_listen: Option<SocketAddr>,
    /// The second octet of the default VPC's range in 127.0.0.0/8; chosen at first start if absent.
    pub vpc_block: Option<u8>,
    /// Where the addresses of brokers are.
    pub network: NetworkMode,
    /// The first region's default VPC's range in the modes whose ranges are really there.
    pub vpc_range: Option<Cidr>,
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Settings for tests of this crate.
    pub(crate) fn settings() -> Settings {
        Settings {
            data_dir: PathBuf::from("/nonexistent"),
            listen: ([127, 0, 0, 1], 0).into(),
            admin_listen: None,
            tls: Tls::Off,
            regions: vec![Region::with_default_zones("us-east-1")],
            allow_plain_http: false,
            master_key_file: None,
            account_id: None,
            api_rate: 15.0,
            api_burst: 100,
            quotas: BTreeMap::new(),
            clock_windows: BTreeMap::new(),
            presigned_off: BTreeSet::new(),
            oidc_keys: BTreeMap::new(),
            oidc_ca: None,
            driver: DriverKind::Simulate,
            simulate_start_ms: 0,
            engines_dir: PathBuf::from("/nonexistent"),
            endpoint_domain: None,
            dns_listen: None,
            vpc_block: None,
            network: NetworkMode::Loopback,
            vpc_range: None,
            max_connections: 1,
            max_connections_per_address: 1,
        }
    }

    #[test]
    fn only_loopback_warns_that_groups_are_not_enforced() {
        assert!(
            NetworkMode::Loopback
                .warning()
                .is_some_and(|text| text.contains("security groups are not enforced"))
        );
        assert_eq!(NetworkMode::Netns.warning(), None);
        assert_eq!(settings().network.name(), "loopback");
    }
}
