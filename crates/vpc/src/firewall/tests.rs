//! Which rules become which openings, and which text.

use super::*;
use crate::nftables::{addresses_ruleset, no_ruleset, node_ruleset};
use crate::records::Tags;
use crate::security_group::SecurityGroupRule;

fn vpc(cidr: &str) -> Vpc {
    Vpc {
        account: "111122223333".into(),
        id: "vpc-1".into(),
        region: "us-east-1".into(),
        cidr: cidr.parse().unwrap(),
        is_default: false,
        dns_support: true,
        dns_hostnames: false,
        address_usage_metrics: false,
        tags: Tags::new(),
    }
}

fn subnet(cidr: &str, bound: Option<&str>) -> Subnet {
    Subnet {
        account: "111122223333".into(),
        id: "subnet-1".into(),
        vpc_id: "vpc-1".into(),
        region: "us-east-1".into(),
        availability_zone: "us-east-1a".into(),
        cidr: cidr.parse().unwrap(),
        bound: bound.map(|range| range.parse().unwrap()),
        default_for_az: false,
        map_public_ip_on_launch: false,
        tags: Tags::new(),
    }
}

fn interface(id: &str, address: &str, groups: &[&str]) -> NetworkInterface {
    NetworkInterface {
        account: "111122223333".into(),
        id: id.into(),
        region: "us-east-1".into(),
        subnet_id: "subnet-1".into(),
        vpc_id: "vpc-1".into(),
        address: address.parse().unwrap(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        instance: None,
        description: String::new(),
        created: 0,
        source_dest_check: true,
        permissions: Vec::new(),
        client_token: None,
        tags: Tags::new(),
    }
}

fn allows(protocol: &str, ports: Option<(i32, i32)>, peer: Peer) -> Allows {
    Allows {
        egress: false,
        protocol: protocol.into(),
        from_port: ports.map(|(from, _)| from),
        to_port: ports.map(|(_, to)| to),
        peer,
    }
}

fn group(id: &str, rules: Vec<Allows>) -> SecurityGroup {
    SecurityGroup {
        account: "111122223333".into(),
        id: id.into(),
        vpc_id: "vpc-1".into(),
        region: "us-east-1".into(),
        name: id.into(),
        description: String::new(),
        rules: rules
            .into_iter()
            .map(|allows| SecurityGroupRule {
                id: "sgr-1".into(),
                allows,
                description: None,
                tags: Tags::new(),
            })
            .collect(),
        tags: Tags::new(),
    }
}

fn v4(range: &str) -> Peer {
    Peer::Ipv4(range.parse().unwrap())
}

/// The lines between the rule for answers and the final drop of the first chain.
fn ingress(filter: &Filter) -> Vec<String> {
    let text = node_ruleset(filter);
    text.lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with("ct state"))
        .skip(1)
        .take_while(|line| *line != "counter drop")
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_kind_of_rule_becomes_its_line() {
    let v6 = Peer::Ipv6("2001:db8::/32".parse().unwrap());
    let there = v4("10.1.0.0/16");
    type Row<'a> = (&'a str, Option<(i32, i32)>, Peer, &'a [&'a str]);
    let table: &[Row<'_>] = &[
        (
            "tcp",
            Some((5671, 5671)),
            there.clone(),
            &["ip saddr { 10.1.0.0/16 } tcp dport 5671 accept"],
        ),
        (
            "tcp",
            Some((8000, 8010)),
            v4("10.1.2.3/32"),
            &["ip saddr { 10.1.2.3 } tcp dport 8000-8010 accept"],
        ),
        (
            "tcp",
            Some((0, 65535)),
            there.clone(),
            &["ip saddr { 10.1.0.0/16 } meta l4proto tcp accept"],
        ),
        (
            "6",
            Some((1, 2)),
            there.clone(),
            &["ip saddr { 10.1.0.0/16 } tcp dport 1-2 accept"],
        ),
        (
            "udp",
            Some((53, 53)),
            v4("0.0.0.0/0"),
            &["meta nfproto ipv4 udp dport 53 accept"],
        ),
        ("-1", None, v4("0.0.0.0/0"), &["meta nfproto ipv4 accept"]),
        (
            "icmp",
            Some((8, 0)),
            there.clone(),
            &["ip saddr { 10.1.0.0/16 } icmp type 8 icmp code 0 accept"],
        ),
        (
            "icmp",
            Some((8, -1)),
            there.clone(),
            &["ip saddr { 10.1.0.0/16 } icmp type 8 accept"],
        ),
        (
            "icmp",
            Some((-1, -1)),
            there.clone(),
            &["ip saddr { 10.1.0.0/16 } meta l4proto icmp accept"],
        ),
        (
            "47",
            None,
            there.clone(),
            &["ip saddr { 10.1.0.0/16 } meta l4proto 47 accept"],
        ),
        // What lets nothing through.
        ("icmpv6", Some((-1, -1)), there.clone(), &[]),
        ("tcp", Some((5671, 5671)), v6, &[]),
        ("tcp", Some((70000, 70001)), there.clone(), &[]),
        ("tcp", Some((10, 5)), there.clone(), &[]),
        ("icmp", Some((300, 0)), there.clone(), &[]),
        ("999", None, there.clone(), &[]),
        ("what", None, there, &[]),
        (
            "tcp",
            Some((5671, 5671)),
            Peer::Group("sg-empty".into()),
            &[],
        ),
    ];
    let (vpc, subject) = (vpc("10.0.0.0/8"), interface("eni-1", "10.1.0.4", &["sg-1"]));
    for (protocol, ports, peer, expected) in table {
        let group = group("sg-1", vec![allows(protocol, *ports, peer.clone())]);
        let around = Neighbourhood::new(&vpc, [&group], [&subject], []);
        assert_eq!(
            ingress(&around.filter(&subject, true)),
            *expected,
            "{protocol} {ports:?} {peer:?}"
        );
    }
}

#[test]
fn all_groups_count_together_and_nothing_is_listed_twice() {
    let vpc = vpc("10.0.0.0/8");
    let one = group(
        "sg-1",
        vec![
            allows("tcp", Some((5671, 5671)), v4("10.1.0.0/16")),
            allows("tcp", Some((5671, 5671)), v4("10.1.0.0/16")),
        ],
    );
    let two = group(
        "sg-2",
        vec![allows("tcp", Some((8162, 8162)), v4("10.2.0.0/16"))],
    );
    let other = group("sg-3", vec![allows("-1", None, v4("0.0.0.0/0"))]);
    let subject = interface("eni-1", "10.1.0.4", &["sg-1", "sg-2", "sg-gone"]);
    let around = Neighbourhood::new(&vpc, [&one, &two, &other], [&subject], []);
    assert_eq!(
        ingress(&around.filter(&subject, true)),
        [
            "ip saddr { 10.1.0.0/16 } tcp dport 5671 accept",
            "ip saddr { 10.2.0.0/16 } tcp dport 8162 accept"
        ]
    );
}

#[test]
fn a_group_means_the_addresses_that_have_it_now() {
    let vpc = vpc("10.0.0.0/16");
    let broker = group(
        "sg-b",
        vec![allows(
            "tcp",
            Some((5671, 5671)),
            Peer::Group("sg-c".into()),
        )],
    );
    let clients = group("sg-c", Vec::new());
    let subject = interface("eni-1", "10.0.0.4", &["sg-b"]);
    let first = interface("eni-2", "10.0.0.9", &["sg-c"]);
    let second = interface("eni-3", "10.0.1.7", &["sg-other", "sg-c"]);
    let mut stranger = interface("eni-4", "10.9.0.4", &["sg-c"]);
    stranger.vpc_id = "vpc-2".into();
    let groups = [&broker, &clients];
    let around = Neighbourhood::new(&vpc, groups, [&subject, &first, &second, &stranger], []);
    // Also for a broker that is not public: they are in its VPC.
    for public in [true, false] {
        assert_eq!(
            ingress(&around.filter(&subject, public)),
            ["ip saddr { 10.0.0.9, 10.0.1.7 } tcp dport 5671 accept"]
        );
    }
    let around = Neighbourhood::new(&vpc, groups, [&subject], []);
    assert!(around.filter(&subject, true).ingress.is_empty());
}

#[test]
fn who_is_not_public_is_reached_from_the_vpc_alone() {
    let vpc = vpc("10.0.0.0/16");
    let subject = interface("eni-1", "10.0.0.4", &["sg-1"]);
    for (peer, public, expected) in [
        ("0.0.0.0/0", true, "meta nfproto ipv4 tcp dport 5671 accept"),
        (
            "0.0.0.0/0",
            false,
            "ip saddr { 10.0.0.0/16 } tcp dport 5671 accept",
        ),
        (
            "10.0.0.0/8",
            false,
            "ip saddr { 10.0.0.0/16 } tcp dport 5671 accept",
        ),
        (
            "10.0.7.0/24",
            false,
            "ip saddr { 10.0.7.0/24 } tcp dport 5671 accept",
        ),
        (
            "10.1.0.0/16",
            true,
            "ip saddr { 10.1.0.0/16 } tcp dport 5671 accept",
        ),
        ("10.1.0.0/16", false, ""),
        ("192.0.2.0/24", false, ""),
    ] {
        let group = group("sg-1", vec![allows("tcp", Some((5671, 5671)), v4(peer))]);
        let around = Neighbourhood::new(&vpc, [&group], [&subject], []);
        assert_eq!(
            ingress(&around.filter(&subject, public)).join("\n"),
            expected,
            "{peer} {public}"
        );
    }
}

#[test]
fn a_range_that_stands_for_a_subnet_is_meant_with_it() {
    let vpc = vpc("10.0.0.0/16");
    let subnet = subnet("10.0.1.0/28", Some("192.0.2.32/28"));
    let subject = interface("eni-1", "192.0.2.36", &["sg-1"]);
    for (peer, expected) in [
        (
            "10.0.0.0/16",
            "ip saddr { 10.0.0.0/16, 192.0.2.32/28 } tcp dport 5671 accept",
        ),
        (
            "10.0.1.8/30",
            "ip saddr { 10.0.1.8/30, 192.0.2.40/30 } tcp dport 5671 accept",
        ),
        (
            "10.0.2.0/24",
            "ip saddr { 10.0.2.0/24 } tcp dport 5671 accept",
        ),
        (
            "192.0.2.0/24",
            "ip saddr { 192.0.2.32/28 } tcp dport 5671 accept",
        ),
    ] {
        let group = group("sg-1", vec![allows("tcp", Some((5671, 5671)), v4(peer))]);
        let around = Neighbourhood::new(&vpc, [&group], [&subject], [&subnet]);
        assert_eq!(
            ingress(&around.filter(&subject, false)).join("\n"),
            expected,
            "{peer}"
        );
    }
}

#[test]
fn ranges_in_others_are_left_out() {
    let ranges = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    assert_eq!(
        minimal(ranges(&[
            "10.1.0.0/16",
            "10.0.0.0/8",
            "10.1.2.3/32",
            "11.0.0.0/8",
            "10.0.0.0/8"
        ])),
        ranges(&["10.0.0.0/8", "11.0.0.0/8"])
    );
}

const NODE: &str = "\
table inet postern
delete table inet postern
table inet postern {
  chain in {
    type filter hook input priority filter; policy drop;
    iif \"lo\" accept
    ct state established,related accept
    ip saddr { 10.1.0.0/16 } tcp dport 61617 accept
    counter drop
  }
  chain out {
    type filter hook output priority filter; policy drop;
    oif \"lo\" accept
    ct state established,related accept
    ip daddr { 10.0.0.0/8 } accept
    counter drop
  }
}
";

const MACHINE: &str = "\
table inet postern_1
delete table inet postern_1
table inet postern_1 {
  chain in_a {
    iif \"lo\" ip saddr 10.0.0.4 accept
    ct state established,related accept
    ip saddr { 10.1.0.0/16 } tcp dport 61617 accept
    counter drop
  }
  chain out_a {
    oif \"lo\" ip daddr 10.0.0.4 accept
    ct state established,related accept
    ip daddr { 10.0.0.0/8 } accept
    counter drop
  }
  chain in {
    type filter hook input priority filter; policy accept;
    ip daddr vmap { 10.0.0.4 : jump in_a }
  }
  chain out {
    type filter hook output priority filter; policy accept;
    ip saddr vmap { 10.0.0.4 : jump out_a }
  }
}
";

#[test]
fn whole_rulesets_read_as_they_should() {
    let filter = Filter {
        address: "10.0.0.4".parse().unwrap(),
        ingress: vec![Opening {
            protocol: Protocol::Tcp(61617, 61617),
            peers: vec!["10.1.0.0/16".parse().unwrap()],
        }],
        egress: vec![Opening {
            protocol: Protocol::Any,
            peers: vec!["10.0.0.0/8".parse().unwrap()],
        }],
    };
    assert_eq!(node_ruleset(&filter), NODE);
    let one = BTreeMap::from([("a".to_owned(), filter)]);
    assert_eq!(addresses_ruleset("postern_1", &one), MACHINE);
    let none = addresses_ruleset("postern_1", &BTreeMap::new());
    assert!(!none.contains("vmap"), "{none}");
    assert_eq!(no_ruleset("t"), "table inet t\ndelete table inet t\n");
}
