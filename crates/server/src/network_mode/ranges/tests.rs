//! Ranges of default VPCs and subnets, and where no broker can be, by mode.

use std::sync::Arc;

use store::State as _;
use store::state::Record;
use vpc::{NetworkInterface, Tags, Vpc};

use super::*;
use crate::settings::Region;

fn range(text: &str) -> Cidr {
    text.parse().unwrap()
}

fn host(pool: &str) -> NetworkMode {
    NetworkMode::Host {
        device: "eth0".into(),
        pool: range(pool),
    }
}

fn vpc(id: &str, cidr: &str, is_default: bool) -> Vpc {
    Vpc {
        account: "111122223333".into(),
        id: id.into(),
        region: "us-east-1".into(),
        cidr: range(cidr),
        is_default,
        dns_support: true,
        dns_hostnames: false,
        address_usage_metrics: false,
        tags: Tags::new(),
    }
}

fn subnet(id: &str, vpc: &str, cidr: &str, bound: Option<&str>) -> Subnet {
    Subnet {
        account: "111122223333".into(),
        id: id.into(),
        vpc_id: vpc.into(),
        region: "us-east-1".into(),
        availability_zone: "us-east-1a".into(),
        cidr: range(cidr),
        bound: bound.map(range),
        default_for_az: false,
        map_public_ip_on_launch: false,
        tags: Tags::new(),
    }
}

fn broker_in(subnet: &Subnet) -> NetworkInterface {
    NetworkInterface {
        account: subnet.account.clone(),
        id: format!("eni-{}", subnet.id),
        region: subnet.region.clone(),
        subnet_id: subnet.id.clone(),
        vpc_id: subnet.vpc_id.clone(),
        address: subnet.bound_range().address(4).unwrap(),
        groups: Vec::new(),
        instance: Some("b-1-1".into()),
        description: String::new(),
        created: 0,
        source_dest_check: true,
        permissions: Vec::new(),
        client_token: None,
        tags: Tags::new(),
    }
}

fn state(records: Vec<Record>) -> State {
    let mut state = State::default();
    for record in records {
        state.put(Arc::new(record), Default::default());
    }
    state
}

fn settings(network: NetworkMode, vpc_range: Option<&str>, regions: usize) -> Settings {
    let mut settings = crate::settings::tests::settings();
    settings.network = network;
    settings.vpc_range = vpc_range.map(range);
    settings.regions = vec![Region::with_default_zones("us-east-1"); regions];
    settings
}

#[test]
fn a_default_vpc_has_awss_range_the_one_that_was_asked_for_or_its_part_of_the_pool() {
    type Row<'a> = (
        NetworkMode,
        Option<&'a str>,
        usize,
        &'a [&'a str],
        Option<&'a str>,
    );
    let table: &[Row<'_>] = &[
        (NetworkMode::Netns, None, 1, &[], Some("172.31.0.0/16")),
        (
            NetworkMode::Netns,
            None,
            2,
            &["172.31.0.0/16"],
            Some("172.30.0.0/16"),
        ),
        (
            NetworkMode::Netns,
            Some("10.8.0.0/20"),
            1,
            &[],
            Some("10.8.0.0/20"),
        ),
        (
            NetworkMode::Netns,
            Some("10.8.0.0/20"),
            2,
            &["10.8.0.0/20"],
            Some("10.7.240.0/20"),
        ),
        (host("192.0.2.0/24"), None, 1, &[], Some("192.0.2.0/25")),
        (
            host("192.0.2.0/24"),
            None,
            3,
            &["192.0.2.0/26"],
            Some("192.0.2.64/26"),
        ),
        (
            host("192.0.2.0/24"),
            Some("192.0.2.128/25"),
            1,
            &[],
            Some("192.0.2.128/25"),
        ),
        (
            host("192.0.2.0/24"),
            Some("192.0.2.128/25"),
            2,
            &["192.0.2.128/25"],
            Some("192.0.2.0/25"),
        ),
        (host("192.0.2.0/24"), None, 1, &["192.0.2.0/24"], None),
        (NetworkMode::Loopback, None, 1, &[], None),
    ];
    for (mode, first, regions, taken, expected) in table {
        let settings = settings(mode.clone(), *first, *regions);
        let taken: Vec<Cidr> = taken.iter().map(|text| range(text)).collect();
        assert_eq!(
            default_vpc_range(&settings, &taken),
            expected.map(range),
            "{mode:?} {first:?} {taken:?}"
        );
    }
}

#[test]
fn a_subnet_of_ones_own_is_there_itself_or_has_a_range_that_stands_for_it() {
    let state = state(vec![
        Record::Vpc(vpc("vpc-d", "192.0.2.0/25", true)),
        Record::Vpc(vpc("vpc-1", "10.0.0.0/16", false)),
        Record::Subnet(subnet(
            "subnet-1",
            "vpc-1",
            "10.0.1.0/28",
            Some("192.0.2.128/28"),
        )),
    ]);
    let pool = host("192.0.2.0/24");
    for (mode, cidr, expected) in [
        (&NetworkMode::Netns, "10.0.2.0/24", Ok(None)),
        (
            &NetworkMode::Loopback,
            "10.0.2.0/24",
            Ok(Some("127.64.0.0/24")),
        ),
        (&pool, "192.0.2.160/28", Ok(None)),
        (&pool, "192.0.2.128/27", Ok(Some("192.0.2.160/27"))),
        (&pool, "10.0.2.0/26", Ok(Some("192.0.2.192/26"))),
        (&pool, "10.0.2.0/25", Err(())),
    ] {
        let found = for_subnet(mode, &state, range(cidr), 64).map_err(drop);
        assert_eq!(
            found,
            expected.map(|text| text.map(range)),
            "{mode:?} {cidr}"
        );
    }
}

#[test]
fn a_broker_is_refused_where_its_range_is_not_there_or_is_another_vpcs() {
    let used = subnet("subnet-1", "vpc-1", "10.0.0.0/16", None);
    let idle = subnet("subnet-2", "vpc-2", "10.5.0.0/16", None);
    let state = state(vec![
        Record::NetworkInterface(broker_in(&used)),
        Record::Subnet(used.clone()),
        Record::Subnet(idle),
    ]);
    let netns = NetworkMode::Netns;
    for (mode, vpc, cidr, bound, refused) in [
        (&netns, "vpc-1", "10.0.0.0/16", None, None),
        (&netns, "vpc-3", "10.5.0.0/16", None, None),
        (
            &netns,
            "vpc-3",
            "10.0.9.0/24",
            None,
            Some("overlaps the subnet [subnet-1]"),
        ),
        (
            &netns,
            "vpc-3",
            "127.1.0.0/16",
            None,
            Some("cannot be used for a network"),
        ),
        (
            &netns,
            "vpc-3",
            "240.0.0.0/16",
            None,
            Some("cannot be used for a network"),
        ),
        (
            &NetworkMode::Loopback,
            "vpc-3",
            "10.0.9.0/24",
            Some("127.64.0.0/24"),
            None,
        ),
        (
            &host("192.0.2.0/24"),
            "vpc-3",
            "10.0.9.0/28",
            Some("192.0.2.16/28"),
            None,
        ),
        (
            &host("192.0.2.0/24"),
            "vpc-3",
            "10.0.9.0/28",
            None,
            Some("is not in the network pool"),
        ),
    ] {
        let wanted = subnet("subnet-9", vpc, cidr, bound);
        let found = obstacle(mode, &state, &wanted);
        match refused {
            None => assert_eq!(found, None, "{mode:?} {cidr}"),
            Some(part) => {
                let found = found.unwrap_or_default();
                assert!(found.contains(part), "{mode:?} {cidr}: {found:?}");
            }
        }
    }
}

#[test]
fn records_of_another_mode_are_told_apart() {
    let records = |default: &str, bound: Option<&str>| {
        state(vec![
            Record::Vpc(vpc("vpc-d", default, true)),
            Record::Subnet(subnet("subnet-1", "vpc-1", "10.0.1.0/28", bound)),
        ])
    };
    let pool = host("192.0.2.0/24");
    for (mode, default, bound, fits) in [
        (
            &NetworkMode::Loopback,
            "127.64.0.0/16",
            Some("127.66.0.0/28"),
            true,
        ),
        (&NetworkMode::Loopback, "172.31.0.0/16", None, false),
        (&NetworkMode::Netns, "172.31.0.0/16", None, true),
        (&NetworkMode::Netns, "127.64.0.0/16", None, false),
        (
            &NetworkMode::Netns,
            "172.31.0.0/16",
            Some("127.66.0.0/28"),
            false,
        ),
        (&pool, "192.0.2.0/25", Some("192.0.2.128/28"), true),
        (&pool, "192.0.2.0/25", Some("198.51.100.0/28"), false),
        (&pool, "172.31.0.0/16", None, false),
    ] {
        let found = unfit(mode, &records(default, bound));
        assert_eq!(
            found.is_none(),
            fits,
            "{mode:?} {default} {bound:?} {found:?}"
        );
    }
    assert_eq!(unfit(&NetworkMode::Netns, &State::default()), None);
}
