//! Network interfaces and the addresses they own.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::records::{Subnet, Tags};
use crate::routing::ClientToken;

/// A network interface. Those of brokers are made and removed by Amazon MQ alone ("Never modify or delete the Amazon MQ
/// elastic network interface").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkInterface {
    /// The account.
    pub account: String,
    /// `eni-` and 17 hexadecimal digits.
    pub id: String,
    /// The region.
    pub region: String,
    /// Its subnet.
    pub subnet_id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The address that its sockets are bound to, which nobody else has. Its owner may see
    /// [another](Subnet::shown_address).
    pub address: Ipv4Addr,
    /// Its security groups.
    pub groups: Vec<String>,
    /// The broker instance it belongs to, such as `b-…-1`; absent for one that a user made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The text that describes it.
    pub description: String,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created: i64,
    /// `sourceDestCheck`.
    #[serde(default = "yes")]
    pub source_dest_check: bool,
    /// Who else may attach it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<InterfacePermission>,
    /// The token of the request that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_token: Option<ClientToken>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

fn yes() -> bool {
    true
}

/// A permission to attach an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfacePermission {
    /// `eni-perm-` and 17 hexadecimal digits.
    pub id: String,
    /// Who has it.
    pub grantee: Grantee,
    /// `INSTANCE-ATTACH` or `EIP-ASSOCIATE`.
    pub permission: String,
}

/// Who has a permission on an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grantee {
    /// An account.
    Account(String),
    /// A service, such as `mq.amazonaws.com`.
    Service(String),
}

/// The service that owns the interfaces of brokers.
pub const MANAGER: &str = "mq.amazonaws.com";

impl NetworkInterface {
    /// Whether Amazon MQ made it for a broker: users may look at it and tag it, nothing else.
    pub fn is_managed(&self) -> bool {
        self.instance.is_some()
    }

    /// The attachment of a broker's interface. `ela-attach` is how EC2 names those that only a service may detach.
    pub fn attachment_id(&self) -> Option<String> {
        self.is_managed()
            .then(|| format!("ela-attach-{}", digits(&self.id)))
    }

    /// Its hardware address: locally administered, and as unique as its address.
    pub fn mac_address(&self) -> String {
        hardware_address(self.address)
    }
}

/// The hardware address of what has this address in a subnet: locally administered, and one for each address.
pub fn hardware_address(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("0a:ff:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}

/// What follows the last dash of an id.
pub fn digits(id: &str) -> &str {
    id.rsplit('-').next().unwrap_or_default()
}

/// Why no address could be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Every address of the subnet is taken.
    #[error("the subnet `{0}` has no free address")]
    Exhausted(String),
}

/// Which address of a subnet is the first that is not reserved.
const FIRST: u64 = 4;

/// An address that sockets of the subnet can be bound to and that is not taken: the one after the highest that is, as long as
/// there is one, else the lowest that was given back. AWS keeps the first four addresses and the last one of every subnet
/// (Amazon VPC user guide, "Subnet sizing"), and so do we. `highest` only says where to begin.
///
/// # Errors
/// [`AddressError::Exhausted`].
pub fn free_address(
    subnet: &Subnet,
    highest: Option<Ipv4Addr>,
    taken: impl Fn(Ipv4Addr) -> bool,
) -> Result<Ipv4Addr, AddressError> {
    let range = subnet.bound_range();
    let end = range.size().saturating_sub(1);
    let begin = highest
        .and_then(|highest| range.position(highest)?.checked_add(1))
        .unwrap_or(FIRST)
        .clamp(FIRST, end.max(FIRST));
    (begin..end)
        .chain(FIRST..begin)
        .filter_map(|n| range.address(n))
        .find(|address| !taken(*address))
        .ok_or_else(|| AddressError::Exhausted(subnet.id.clone()))
}
