//! What the security groups of an interface let through: their rules, with every reference resolved to ranges.
//!
//! As on AWS ("Security group rules", Amazon VPC user guide): rules only allow, all rules of all groups of an interface
//! count together, answers to what was allowed are always let through, and a rule that names a group means the addresses of
//! the interfaces that have it, at this moment. Of rules for IPv6 nothing follows: interfaces have IPv4 addresses only.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::cidr::Cidr;
use crate::interface::NetworkInterface;
use crate::records::{Subnet, Vpc};
use crate::security_group::{Allows, Peer, SecurityGroup};

/// What may reach an interface, and what it may reach by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The address that the interface's sockets are bound to.
    pub address: Ipv4Addr,
    /// Who may begin to talk to it; nobody else.
    pub ingress: Vec<Opening>,
    /// With whom it may begin to talk; with nobody else.
    pub egress: Vec<Opening>,
}

/// One kind of traffic and the other side's addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opening {
    /// What.
    pub protocol: Protocol,
    /// The other side: none of them lies in another, at least one.
    pub peers: Vec<Cidr>,
}

/// A kind of traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// Everything.
    Any,
    /// TCP to these ports, first and last.
    Tcp(u16, u16),
    /// UDP to these ports, first and last.
    Udp(u16, u16),
    /// ICMP of this type and code; `None` is every one.
    Icmp(Option<u8>, Option<u8>),
    /// A protocol by its number.
    Number(u8),
}

impl Protocol {
    /// What a rule is about; `None` where it cannot be understood or does not concern IPv4: then nothing is let through by it.
    fn of(allows: &Allows) -> Option<Protocol> {
        let port = |given: Option<i32>, all: u16| match given {
            None | Some(-1) => Some(all),
            Some(port) => u16::try_from(port).ok(),
        };
        let ports = || {
            let ports = (port(allows.from_port, 0)?, port(allows.to_port, u16::MAX)?);
            (ports.0 <= ports.1).then_some(ports)
        };
        let part = |given: Option<i32>| match given {
            None | Some(-1) => Some(None),
            Some(value) => u8::try_from(value).ok().map(Some),
        };
        match allows.protocol.as_str() {
            "-1" => Some(Protocol::Any),
            "tcp" | "6" => ports().map(|(first, last)| Protocol::Tcp(first, last)),
            "udp" | "17" => ports().map(|(first, last)| Protocol::Udp(first, last)),
            "icmp" | "1" => Some(Protocol::Icmp(
                part(allows.from_port)?,
                part(allows.to_port)?,
            )),
            "icmpv6" | "58" => None,
            number => number.parse().ok().map(Protocol::Number),
        }
    }
}

/// What the rules of one VPC refer to.
#[derive(Clone, Debug)]
pub struct Neighbourhood<'a> {
    groups: BTreeMap<&'a str, &'a SecurityGroup>,
    members: BTreeMap<&'a str, Vec<Cidr>>,
    subnets: Vec<&'a Subnet>,
    /// Where the VPC really is: its range, and the ranges that stand for its subnets.
    inside: Vec<Cidr>,
}

impl<'a> Neighbourhood<'a> {
    /// Sorts out what belongs to the VPC.
    pub fn new(
        vpc: &'a Vpc,
        groups: impl IntoIterator<Item = &'a SecurityGroup>,
        interfaces: impl IntoIterator<Item = &'a NetworkInterface>,
        subnets: impl IntoIterator<Item = &'a Subnet>,
    ) -> Neighbourhood<'a> {
        let mut members: BTreeMap<&str, Vec<Cidr>> = BTreeMap::new();
        for interface in interfaces {
            if interface.vpc_id != vpc.id {
                continue;
            }
            for group in &interface.groups {
                let member = Cidr::new(interface.address, 32);
                members.entry(group).or_default().extend(member);
            }
        }
        let subnets: Vec<&Subnet> = subnets
            .into_iter()
            .filter(|subnet| subnet.vpc_id == vpc.id)
            .collect();
        let bound = subnets.iter().filter_map(|subnet| subnet.bound);
        Neighbourhood {
            groups: groups
                .into_iter()
                .filter(|group| group.vpc_id == vpc.id)
                .map(|group| (group.id.as_str(), group))
                .collect(),
            members,
            inside: minimal([vpc.cidr].into_iter().chain(bound).collect()),
            subnets,
        }
    }

    /// What the groups of an interface of this VPC let through. Who is not `public` is reached from the VPC alone, whatever
    /// the rules say.
    pub fn filter(&self, interface: &NetworkInterface, public: bool) -> Filter {
        let openings = |egress: bool| {
            let mut found: Vec<Opening> = interface
                .groups
                .iter()
                .filter_map(|id| self.groups.get(id.as_str()))
                .flat_map(|group| &group.rules)
                .filter(|rule| rule.allows.egress == egress)
                .filter_map(|rule| {
                    let protocol = Protocol::of(&rule.allows)?;
                    let peers = self.ranges(&rule.allows.peer);
                    let peers = minimal(if egress || public {
                        peers
                    } else {
                        intersection(&peers, &self.inside)
                    });
                    (!peers.is_empty()).then_some(Opening { protocol, peers })
                })
                .collect();
            found.sort();
            found.dedup();
            found
        };
        Filter {
            address: interface.address,
            ingress: openings(false),
            egress: openings(true),
        }
    }

    /// The ranges that the other side of a rule has here. Where another range stands for a subnet, the part of it that stands
    /// for what was meant is meant as well.
    fn ranges(&self, peer: &Peer) -> Vec<Cidr> {
        match peer {
            Peer::Ipv4(range) => {
                let standing = self.subnets.iter().filter_map(|subnet| {
                    let bound = subnet.bound?;
                    if range.covers(subnet.cidr) {
                        Some(bound)
                    } else if subnet.cidr.covers(*range) {
                        Cidr::new(subnet.bound_address(range.base())?, range.prefix())
                    } else {
                        None
                    }
                });
                [*range].into_iter().chain(standing).collect()
            }
            Peer::Ipv6(_) => Vec::new(),
            Peer::Group(group) => self
                .members
                .get(group.as_str())
                .cloned()
                .unwrap_or_default(),
        }
    }
}

/// The same addresses without ranges that lie in others. Ranges never overlap in part.
fn minimal(mut ranges: Vec<Cidr>) -> Vec<Cidr> {
    // Order: a range comes right before what lies in it.
    ranges.sort();
    let mut kept: Vec<Cidr> = Vec::with_capacity(ranges.len());
    for range in ranges {
        if !kept.last().is_some_and(|last| last.covers(range)) {
            kept.push(range);
        }
    }
    kept
}

fn intersection(some: &[Cidr], others: &[Cidr]) -> Vec<Cidr> {
    let mut common = Vec::new();
    for one in some {
        for other in others {
            if other.covers(*one) {
                common.push(*one);
            } else if one.covers(*other) {
                common.push(*other);
            }
        }
    }
    common
}

#[cfg(test)]
#[path = "firewall/tests.rs"]
mod tests;
