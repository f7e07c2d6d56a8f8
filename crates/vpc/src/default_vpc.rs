//! What comes with a VPC, and the default VPC of a region.

use std::net::Ipv4Addr;

use crate::cidr::Cidr;
use crate::records::{Subnet, Tags, Vpc};
use crate::routing::{Destination, InternetGateway, NetworkAcl, Route, RouteTable, RouteTarget};
use crate::security_group::SecurityGroup;

/// What comes with every VPC, and goes with it.
#[derive(Clone, Debug)]
pub struct Furnishings {
    /// Its main route table.
    pub route_table: RouteTable,
    /// Its network ACL.
    pub network_acl: NetworkAcl,
    /// Its default group.
    pub group: SecurityGroup,
}

impl Furnishings {
    /// Makes them. `unique` gives 17 hexadecimal digits at each call.
    pub fn of(vpc: &Vpc, mut unique: impl FnMut() -> String) -> Furnishings {
        Furnishings {
            route_table: RouteTable::main_of(vpc, &mut unique),
            network_acl: NetworkAcl::default_of(vpc, &mut unique),
            group: SecurityGroup::default_of(vpc, &mut unique),
        }
    }
}

/// A region's default VPC and what belongs to it.
#[derive(Clone, Debug)]
pub struct DefaultVpc {
    /// The VPC.
    pub vpc: Vpc,
    /// Its subnets, a /20 in each zone as on AWS.
    pub subnets: Vec<Subnet>,
    /// Its gateway.
    pub gateway: InternetGateway,
    /// What comes with every VPC; the main route table leads everything else to the gateway.
    pub furnishings: Furnishings,
}

impl DefaultVpc {
    /// Makes the records for a region. `block` is the second octet of 127.x.0.0/16 and must be even: the odd one after it
    /// holds the [management addresses](management_address). `unique` gives 17 hexadecimal digits at each call. At most 15
    /// zones.
    pub fn new(
        account: &str,
        region: &str,
        zones: &[String],
        block: u8,
        unique: impl FnMut() -> String,
    ) -> DefaultVpc {
        let cidr = range(Ipv4Addr::new(127, block, 0, 0), 16);
        DefaultVpc::with_subnets(account, region, zones, cidr, 20, unique)
    }

    /// Makes the records for a region in a range that is really there. Each zone's subnet is a sixteenth of it, as on AWS
    /// (`172.31.0.0/16` and a /20 in each zone), or, where such a subnet would be smaller than a /28, the largest part that as
    /// many zones can have. `None`: the range is too small.
    pub fn within(
        account: &str,
        region: &str,
        zones: &[String],
        cidr: Cidr,
        unique: impl FnMut() -> String,
    ) -> Option<DefaultVpc> {
        let fewest = zones.len().checked_next_power_of_two()?.trailing_zeros();
        let fewest = u8::try_from(fewest).ok()?;
        let bits = SMALLEST.checked_sub(cidr.prefix())?.min(4);
        (bits >= fewest).then(|| {
            let prefix = cidr.prefix().saturating_add(bits);
            DefaultVpc::with_subnets(account, region, zones, cidr, prefix, unique)
        })
    }

    fn with_subnets(
        account: &str,
        region: &str,
        zones: &[String],
        whole: Cidr,
        prefix: u8,
        mut unique: impl FnMut() -> String,
    ) -> DefaultVpc {
        let size = 1_u64 << (32 - u32::from(prefix.min(32)));
        let parts = (0_u64..)
            .map_while(|n| whole.address(n.checked_mul(size)?))
            .filter_map(|base| Cidr::new(base, prefix));
        let vpc = Vpc {
            account: account.into(),
            id: format!("vpc-{}", unique()),
            region: region.into(),
            cidr: whole,
            is_default: true,
            dns_support: true,
            dns_hostnames: true,
            address_usage_metrics: false,
            tags: Tags::new(),
        };
        let subnets = zones
            .iter()
            .zip(parts)
            .map(|(zone, cidr)| Subnet {
                account: account.into(),
                id: format!("subnet-{}", unique()),
                vpc_id: vpc.id.clone(),
                region: region.into(),
                availability_zone: zone.clone(),
                cidr,
                bound: None,
                default_for_az: true,
                map_public_ip_on_launch: true,
                tags: Tags::new(),
            })
            .collect();
        let (gateway, furnishings) = DefaultVpc::complete(&vpc, unique);
        DefaultVpc {
            vpc,
            subnets,
            gateway,
            furnishings,
        }
    }

    /// The gateway and the furnishings of a default VPC.
    pub fn complete(
        vpc: &Vpc,
        mut unique: impl FnMut() -> String,
    ) -> (InternetGateway, Furnishings) {
        let gateway = InternetGateway::of(vpc, &mut unique);
        let mut furnishings = Furnishings::of(vpc, unique);
        furnishings.route_table.routes.push(Route {
            destination: Destination::Ipv4(Cidr::ANYWHERE),
            target: RouteTarget::InternetGateway(gateway.id.clone()),
        });
        (gateway, furnishings)
    }
}

/// The smallest subnet ("Subnet sizing").
const SMALLEST: u8 = 28;

fn range(address: Ipv4Addr, prefix: u8) -> Cidr {
    #[expect(clippy::expect_used, reason = "the prefix length above is under 33")]
    Cidr::new(address, prefix).expect("a prefix length under 33")
}

/// Where the node with this address is managed: the same address in the odd /16 beside its VPC. Clients are never given it.
pub fn management_address(address: Ipv4Addr) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(address) | 0x0001_0000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interface::free_address;

    #[test]
    fn a_range_that_is_there_is_divided_as_on_aws_or_as_far_as_it_goes() {
        let zones: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let subnets = |range: &str| {
            let made = DefaultVpc::within("1", "r", &zones, range.parse().unwrap(), String::new)?;
            let shown = made.subnets.iter().map(|subnet| subnet.cidr.to_string());
            Some(shown.collect::<Vec<_>>().join(" "))
        };
        for (range, expected) in [
            (
                "172.31.0.0/16",
                Some("172.31.0.0/20 172.31.16.0/20 172.31.32.0/20"),
            ),
            (
                "192.168.1.0/24",
                Some("192.168.1.0/28 192.168.1.16/28 192.168.1.32/28"),
            ),
            (
                "192.168.1.0/26",
                Some("192.168.1.0/28 192.168.1.16/28 192.168.1.32/28"),
            ),
            ("192.168.1.0/27", None),
            ("192.168.1.0/30", None),
        ] {
            assert_eq!(subnets(range).as_deref(), expected, "{range}");
        }
    }

    #[test]
    fn a_subnet_per_zone_and_addresses_of_its_own() {
        let zones = ["us-east-1a".to_owned(), "us-east-1b".to_owned()];
        let mut n = 0;
        let made = DefaultVpc::new("111122223333", "us-east-1", &zones, 64, || {
            n += 1;
            format!("{n:017x}")
        });
        assert_eq!(made.subnets[1].cidr.to_string(), "127.64.16.0/20");
        assert_eq!(made.vpc.cidr.to_string(), "127.64.0.0/16");
        let first = free_address(&made.subnets[0], None, |_| false).unwrap();
        assert_eq!(first, Ipv4Addr::new(127, 64, 0, 4));
        assert_eq!(
            free_address(&made.subnets[0], None, |a| a == first),
            Ok(Ipv4Addr::new(127, 64, 0, 5))
        );
        assert!(free_address(&made.subnets[0], Some(first), |_| true).is_err());
        let last = Ipv4Addr::new(127, 64, 15, 254);
        for (highest, expected) in [
            (Ipv4Addr::new(127, 64, 0, 7), Ipv4Addr::new(127, 64, 0, 8)),
            // Nothing is above it: what was given back is taken again.
            (last, first),
            // Of another range.
            (Ipv4Addr::new(127, 63, 0, 7), first),
            (Ipv4Addr::new(127, 70, 0, 7), first),
        ] {
            let free = free_address(&made.subnets[0], Some(highest), |a| a == highest);
            assert_eq!(free, Ok(expected), "{highest}");
        }
        assert_eq!(management_address(first), Ipv4Addr::new(127, 65, 0, 4));
        assert_eq!(made.gateway.vpc_id.as_deref(), Some(made.vpc.id.as_str()));
        assert!(made.furnishings.route_table.is_main());
        assert_eq!(
            made.furnishings.route_table.routes[0].target,
            RouteTarget::InternetGateway(made.gateway.id)
        );
        assert!(made.furnishings.group.names(&made.furnishings.group.id));
    }
}
