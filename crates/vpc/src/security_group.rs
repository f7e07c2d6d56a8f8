//! Security groups and their rules.

use serde::{Deserialize, Serialize};

use crate::cidr::Cidr;
use crate::cidr6::Cidr6;
use crate::records::Tags;

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
    /// Its rules. No two of them allow the same.
    #[serde(default)]
    pub rules: Vec<SecurityGroupRule>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroupRule {
    /// `sgr-` and 17 hexadecimal digits.
    pub id: String,
    /// What it allows.
    pub allows: Allows,
    /// Its description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Tags,
}

/// What a rule allows: two rules of a group never have the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Allows {
    /// Whether it is a rule for what goes out.
    pub egress: bool,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `-1` for every protocol.
    pub protocol: String,
    /// The first port, or the ICMP type; absent where the protocol has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_port: Option<i32>,
    /// The last port, or the ICMP code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_port: Option<i32>,
    /// Who is on the other side.
    pub peer: Peer,
}

/// The other side of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Peer {
    /// An IPv4 range.
    Ipv4(Cidr),
    /// An IPv6 range.
    Ipv6(Cidr6),
    /// What has this security group of the same VPC.
    Group(String),
}

impl SecurityGroup {
    /// The rule that allows this.
    pub fn rule_that_allows(&self, allows: &Allows) -> Option<&SecurityGroupRule> {
        self.rules.iter().find(|rule| rule.allows == *allows)
    }

    /// Whether a rule names the other group.
    pub fn names(&self, group: &str) -> bool {
        self.rules.iter().any(|rule| match &rule.allows.peer {
            Peer::Group(named) => named == group,
            Peer::Ipv4(_) | Peer::Ipv6(_) => false,
        })
    }
}

/// The rule that every group starts with: everything may go out.
pub(crate) fn everything_out(id: String) -> SecurityGroupRule {
    rule(id, true, Peer::Ipv4(Cidr::ANYWHERE))
}

/// The rule that a VPC's default group has besides: its members may reach each other.
pub(crate) fn everything_from(id: String, group: &str) -> SecurityGroupRule {
    rule(id, false, Peer::Group(group.into()))
}

fn rule(id: String, egress: bool, peer: Peer) -> SecurityGroupRule {
    SecurityGroupRule {
        id,
        allows: Allows {
            egress,
            protocol: "-1".into(),
            from_port: None,
            to_port: None,
            peer,
        },
        description: None,
        tags: Tags::new(),
    }
}

impl SecurityGroup {
    /// A new group with the rule that everything may go out. `unique` gives 17 hexadecimal digits at each call.
    pub fn new(
        vpc: &crate::Vpc,
        name: &str,
        description: &str,
        mut unique: impl FnMut() -> String,
    ) -> SecurityGroup {
        SecurityGroup {
            account: vpc.account.clone(),
            id: format!("sg-{}", unique()),
            vpc_id: vpc.id.clone(),
            region: vpc.region.clone(),
            name: name.into(),
            description: description.into(),
            rules: vec![everything_out(format!("sgr-{}", unique()))],
            tags: Tags::new(),
        }
    }

    /// A VPC's own group.
    pub fn default_of(vpc: &crate::Vpc, mut unique: impl FnMut() -> String) -> SecurityGroup {
        let mut group =
            SecurityGroup::new(vpc, "default", "default VPC security group", &mut unique);
        group.give_default_rules(unique);
        group
    }

    /// Gives a VPC's own group the rules it starts with. Groups of older stores have none at all.
    pub fn give_default_rules(&mut self, mut unique: impl FnMut() -> String) {
        let own = everything_from(format!("sgr-{}", unique()), &self.id);
        self.rules = vec![own, everything_out(format!("sgr-{}", unique()))];
    }
}
