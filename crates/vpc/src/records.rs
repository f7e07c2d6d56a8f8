//! VPCs, subnets and security groups as they are stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cidr::Cidr;

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
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
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
    /// The range.
    pub cidr: Cidr,
    /// Whether it is its zone's default subnet.
    pub default_for_az: bool,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// A security group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// The account.
    pub account: String,
    /// `sg-` and 17 hexadecimal digits.
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The region.
    pub region: String,
    /// Its name, `default` for a VPC's own.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}
