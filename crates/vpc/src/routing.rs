//! Internet gateways, route tables and network ACLs.

use serde::{Deserialize, Serialize};

use crate::cidr::Cidr;
use crate::cidr6::Cidr6;
use crate::records::{Tags, Vpc};

/// An internet gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternetGateway {
    /// The account.
    pub account: String,
    /// `igw-` and 17 hexadecimal digits.
    pub id: String,
    /// The region.
    pub region: String,
    /// The VPC that it is attached to.
    #[serde(default)]
    pub vpc_id: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// A route table. The VPC's own range is always routed inside and is not written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// The account.
    pub account: String,
    /// `rtb-` and 17 hexadecimal digits.
    pub id: String,
    /// The region.
    pub region: String,
    /// Its VPC.
    pub vpc_id: String,
    /// What it is used for.
    #[serde(default)]
    pub associations: Vec<RouteTableAssociation>,
    /// Its routes besides the local one.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// The token of the request that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_token: Option<ClientToken>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// What a route table is used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTableAssociation {
    /// `rtbassoc-` and 17 hexadecimal digits.
    pub id: String,
    /// The subnet; absent for the VPC's main table, which serves all subnets without one of their own.
    #[serde(default)]
    pub subnet_id: Option<String>,
}

/// One route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Where to.
    pub destination: Destination,
    /// By what.
    pub target: RouteTarget,
}

/// Where a route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Destination {
    /// An IPv4 range.
    Ipv4(Cidr),
    /// An IPv6 range.
    Ipv6(Cidr6),
}

/// By what a route leads there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RouteTarget {
    /// An internet gateway.
    InternetGateway(String),
    /// A network interface.
    NetworkInterface(String),
}

/// The token of a request, by which its repetition is known, and what the request asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientToken {
    /// The token.
    pub token: String,
    /// What was asked for, in a form that two equal requests share.
    pub request: String,
}

/// A network ACL. There are no others than those that come with a VPC, and they let everything pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkAcl {
    /// The account.
    pub account: String,
    /// `acl-` and 17 hexadecimal digits.
    pub id: String,
    /// The region.
    pub region: String,
    /// Its VPC.
    pub vpc_id: String,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

impl InternetGateway {
    /// A gateway that is attached to the VPC.
    pub fn of(vpc: &Vpc, mut unique: impl FnMut() -> String) -> InternetGateway {
        InternetGateway {
            account: vpc.account.clone(),
            id: format!("igw-{}", unique()),
            region: vpc.region.clone(),
            vpc_id: Some(vpc.id.clone()),
            tags: Tags::new(),
        }
    }
}

impl RouteTable {
    /// A table of the VPC without routes of its own.
    pub fn of(vpc: &Vpc, mut unique: impl FnMut() -> String) -> RouteTable {
        RouteTable {
            account: vpc.account.clone(),
            id: format!("rtb-{}", unique()),
            region: vpc.region.clone(),
            vpc_id: vpc.id.clone(),
            associations: Vec::new(),
            routes: Vec::new(),
            client_token: None,
            tags: Tags::new(),
        }
    }

    /// The VPC's main table.
    pub fn main_of(vpc: &Vpc, mut unique: impl FnMut() -> String) -> RouteTable {
        let mut table = RouteTable::of(vpc, &mut unique);
        table.associations.push(RouteTableAssociation {
            id: format!("rtbassoc-{}", unique()),
            subnet_id: None,
        });
        table
    }

    /// Whether it is the VPC's main table.
    pub fn is_main(&self) -> bool {
        self.associations
            .iter()
            .any(|association| association.subnet_id.is_none())
    }

    /// The route to exactly this destination.
    pub fn route(&self, destination: Destination) -> Option<&Route> {
        self.routes
            .iter()
            .find(|route| route.destination == destination)
    }
}

impl NetworkAcl {
    /// The VPC's own.
    pub fn default_of(vpc: &Vpc, mut unique: impl FnMut() -> String) -> NetworkAcl {
        NetworkAcl {
            account: vpc.account.clone(),
            id: format!("acl-{}", unique()),
            region: vpc.region.clone(),
            vpc_id: vpc.id.clone(),
            tags: Tags::new(),
        }
    }
}
