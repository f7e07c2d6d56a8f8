//! VPCs and subnets as they are stored.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::cidr::Cidr;

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// A virtual private cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// The account.
    pub account: String,
    /// `vpc-` and 17 hexadecimal digits.
    pub id: String,
    /// The region.
    pub region: String,
    /// The range.
    pub cidr: Cidr,
    /// Whether brokers go here when nothing is said.
    pub is_default: bool,
    /// `enableDnsSupport`.
    #[serde(default = "yes")]
    pub dns_support: bool,
    /// `enableDnsHostnames`.
    #[serde(default)]
    pub dns_hostnames: bool,
    /// `enableNetworkAddressUsageMetrics`.
    #[serde(default)]
    pub address_usage_metrics: bool,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A subnet: a range of a VPC in one availability zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// The account.
    pub account: String,
    /// `subnet-` and 17 hexadecimal digits.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The region.
    pub region: String,
    /// The availability zone, such as `us-east-1a`.
    pub availability_zone: String,
    /// The range as its owner sees it.
    pub cidr: Cidr,
    /// The range in 127.0.0.0/8 that stands for it where `cidr` itself is not there. As large as `cidr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Cidr>,
    /// Whether it is its zone's default subnet.
    pub default_for_az: bool,
    /// `mapPublicIpOnLaunch`.
    #[serde(default)]
    pub map_public_ip_on_launch: bool,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

impl Subnet {
    /// The range that sockets are bound in.
    pub fn bound_range(&self) -> Cidr {
        self.bound.unwrap_or(self.cidr)
    }

    /// The address as the subnet's owner sees it; `None` where it is not an address of the subnet.
    pub fn shown_address(&self, bound: Ipv4Addr) -> Option<Ipv4Addr> {
        self.cidr.address(self.bound_range().position(bound)?)
    }

    /// The address that sockets are bound to; `None` where it is not an address of the subnet.
    pub fn bound_address(&self, shown: Ipv4Addr) -> Option<Ipv4Addr> {
        self.bound_range().address(self.cidr.position(shown)?)
    }

    /// How many addresses it can give.
    pub fn usable(&self) -> u64 {
        self.cidr.size().saturating_sub(5)
    }

    /// Whether the address, as its owner sees it, may be given: AWS keeps the first four and the last one of every subnet
    /// (Amazon VPC user guide, "Subnet sizing").
    pub fn gives(&self, shown: Ipv4Addr) -> bool {
        self.cidr
            .position(shown)
            .is_some_and(|position| (4..self.cidr.size().saturating_sub(1)).contains(&position))
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_mapped_there_and_back() {
        let subnet = Subnet {
            account: "111122223333".into(),
            id: "subnet-1".into(),
            vpc_id: "vpc-1".into(),
            region: "us-east-1".into(),
            availability_zone: "us-east-1a".into(),
            cidr: "10.0.1.0/24".parse().unwrap(),
            bound: Some("127.66.7.0/24".parse().unwrap()),
            default_for_az: false,
            map_public_ip_on_launch: false,
            tags: Tags::new(),
        };
        let (shown, bound) = (Ipv4Addr::new(10, 0, 1, 9), Ipv4Addr::new(127, 66, 7, 9));
        assert_eq!(subnet.bound_address(shown), Some(bound));
        assert_eq!(subnet.shown_address(bound), Some(shown));
        assert_eq!(subnet.bound_address(bound), None);
        assert_eq!(subnet.usable(), 251);
        assert!(subnet.gives(shown) && !subnet.gives(bound));
        assert!(!subnet.gives(Ipv4Addr::new(10, 0, 1, 3)));
        assert!(!subnet.gives(Ipv4Addr::new(10, 0, 1, 255)));
    }
}
