//! Filters written as rulesets for `nft -f`. Each replaces its whole table in one transaction: there is no moment at which
//! half of the rules hold.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::cidr::Cidr;
use crate::firewall::{Filter, Opening, Protocol};

/// The ruleset of a network namespace that belongs to one interface: the table `inet postern`. Nothing comes in and nothing
/// goes out but what the filter lets through, answers to it, and what the namespace says to itself.
pub fn node_ruleset(filter: &Filter) -> String {
    let mut text = replaced("postern");
    text.push_str("  chain in {\n    type filter hook input priority filter; policy drop;\n");
    text.push_str("    iif \"lo\" accept\n");
    chain_body(&mut text, Side::Source, &filter.ingress);
    text.push_str("  chain out {\n    type filter hook output priority filter; policy drop;\n");
    text.push_str("    oif \"lo\" accept\n");
    chain_body(&mut text, Side::Destination, &filter.egress);
    text.push_str("}\n");
    text
}

/// The ruleset of a machine whose own addresses the interfaces have: the table of this name, with two chains for each
/// filter, by the address. The names of the filters become the chains' and have letters, digits and `_` alone. What does not
/// concern these addresses is left to the other tables. An address may always talk to itself.
pub fn addresses_ruleset(table: &str, filters: &BTreeMap<String, Filter>) -> String {
    let mut text = replaced(table);
    for (name, filter) in filters {
        let address = filter.address;
        let _ = writeln!(text, "  chain in_{name} {{");
        let _ = writeln!(text, "    iif \"lo\" ip saddr {address} accept");
        chain_body(&mut text, Side::Source, &filter.ingress);
        let _ = writeln!(text, "  chain out_{name} {{");
        let _ = writeln!(text, "    oif \"lo\" ip daddr {address} accept");
        chain_body(&mut text, Side::Destination, &filter.egress);
    }
    for (chain, hook, field) in [("in", "input", "daddr"), ("out", "output", "saddr")] {
        let _ = writeln!(text, "  chain {chain} {{");
        let _ = writeln!(
            text,
            "    type filter hook {hook} priority filter; policy accept;"
        );
        let jumps: Vec<String> = filters
            .iter()
            .map(|(name, filter)| format!("{} : jump {chain}_{name}", filter.address))
            .collect();
        if !jumps.is_empty() {
            let _ = writeln!(text, "    ip {field} vmap {{ {} }}", jumps.join(", "));
        }
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

/// The ruleset that removes a table, whether or not it is there.
pub fn no_ruleset(table: &str) -> String {
    format!("table inet {table}\ndelete table inet {table}\n")
}

/// Declared, deleted and declared anew: nft takes the whole as one replacement, and the first line makes that the second
/// never fails.
fn replaced(table: &str) -> String {
    format!("{}table inet {table} {{\n", no_ruleset(table))
}

#[derive(Clone, Copy)]
enum Side {
    Source,
    Destination,
}

/// What follows the chain's head. Order: answers first, they are the most.
fn chain_body(text: &mut String, side: Side, openings: &[Opening]) {
    text.push_str("    ct state established,related accept\n");
    for opening in openings {
        let _ = writeln!(
            text,
            "    {}{} accept",
            peers(side, &opening.peers),
            traffic(opening.protocol)
        );
    }
    text.push_str("    counter drop\n  }\n");
}

fn peers(side: Side, ranges: &[Cidr]) -> String {
    if ranges.contains(&Cidr::ANYWHERE) {
        return "meta nfproto ipv4".to_owned();
    }
    let field = match side {
        Side::Source => "saddr",
        Side::Destination => "daddr",
    };
    let shown: Vec<String> = ranges
        .iter()
        .map(|range| match range.prefix() {
            32 => range.base().to_string(),
            _ => range.to_string(),
        })
        .collect();
    format!("ip {field} {{ {} }}", shown.join(", "))
}

fn traffic(protocol: Protocol) -> String {
    let ports = |name: &str, first: u16, last: u16| match (first, last) {
        (0, u16::MAX) => format!(" meta l4proto {name}"),
        (first, last) if first == last => format!(" {name} dport {first}"),
        (first, last) => format!(" {name} dport {first}-{last}"),
    };
    match protocol {
        Protocol::Any => String::new(),
        Protocol::Tcp(first, last) => ports("tcp", first, last),
        Protocol::Udp(first, last) => ports("udp", first, last),
        Protocol::Icmp(None, _) => " meta l4proto icmp".to_owned(),
        Protocol::Icmp(Some(kind), None) => format!(" icmp type {kind}"),
        Protocol::Icmp(Some(kind), Some(code)) => format!(" icmp type {kind} icmp code {code}"),
        Protocol::Number(number) => format!(" meta l4proto {number}"),
    }
}
