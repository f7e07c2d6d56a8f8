//! Network interfaces and the addresses they own.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::records::Subnet;

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
    /// Its address, which nobody else has.
    pub address: Ipv4Addr,
    /// Its security groups.
    pub groups: Vec<String>,
    /// The broker instance it belongs to, such as `b-…-1`.
    pub instance: String,
    /// The text that describes it.
    pub description: String,
    /// When it was made, in milliseconds since the Unix epoch.
    pub created: i64,
}

/// Why no address could be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Every address of the subnet is taken.
    #[error("the subnet `{0}` has no free address")]
    Exhausted(String),
}

/// The lowest address of the subnet that is not taken. AWS keeps the first four addresses and the last one of every subnet
/// (Amazon VPC user guide, "Subnet sizing"), and so do we.
///
/// # Errors
/// [`AddressError::Exhausted`].
pub fn free_address(
    subnet: &Subnet,
    taken: impl Fn(Ipv4Addr) -> bool,
) -> Result<Ipv4Addr, AddressError> {
    (4..subnet.cidr.size().saturating_sub(1))
        .filter_map(|n| subnet.cidr.address(n))
        .find(|address| !taken(*address))
        .ok_or_else(|| AddressError::Exhausted(subnet.id.clone()))
}
