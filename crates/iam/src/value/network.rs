//! IP addresses and ranges, with IPv4-mapped IPv6 addresses folded into IPv4.

use std::net::IpAddr;

/// An address of a request. `::ffff:10.1.2.3` *is* `10.1.2.3`: a caller who arrives over IPv6 must
/// not slip past a condition that is written in IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address(IpAddr);

impl Address {
    /// Parses an address without a prefix length; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.parse::<IpAddr>().ok().map(Self::from)
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }
}

/// An address range in CIDR notation; without a prefix length it is one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    family: Family,
    bits: u128,
    mask: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    V4,
    V6,
}

impl Network {
    /// Parses `203.0.113.0/24`, `2001:db8::/32` or a single address. Bits behind the prefix are
    /// ignored, as on AWS. `None` if the address is malformed or the prefix too long.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(parse_prefix(prefix)?)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().ok()?;
        let width = match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        let prefix = prefix.unwrap_or(width);
        if prefix > width {
            return None;
        }
        // A range inside ::ffff:0:0/96 is an IPv4 range.
        let canonical = address.to_canonical();
        let (address, prefix) = match (address, canonical) {
            (IpAddr::V6(_), IpAddr::V4(_)) if prefix >= 96 => (canonical, prefix - 96),
            (address, _) => (address, prefix),
        };
        let (family, bits) = split(address);
        let mask = match family {
            Family::V4 => u128::from(u32::MAX.checked_shl(32 - prefix).unwrap_or(0)),
            Family::V6 => u128::MAX.checked_shl(128 - prefix).unwrap_or(0),
        };
        Some(Self {
            family,
            bits: bits & mask,
            mask,
        })
    }

    /// Whether the address lies in the range. Families do not mix: `::/0` holds no IPv4 address.
    pub(crate) fn contains(&self, address: Address) -> bool {
        let (family, bits) = split(address.0);
        family == self.family && bits & self.mask == self.bits
    }
}

fn parse_prefix(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn split(address: IpAddr) -> (Family, u128) {
    match address {
        IpAddr::V4(v4) => (Family::V4, u128::from(u32::from(v4))),
        IpAddr::V6(v6) => (Family::V6, u128::from(v6)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_they_should() {
        for (range, address, expected) in [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.9.9.9/8", "10.0.0.1", true),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "8.8.8.8", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "::ffff:11.1.2.3", false),
            (
                "2001:DB8:1234:5678::/64",
                "2001:db8:1234:5678:ffff::1",
                true,
            ),
            ("2001:db8::1/128", "2001:db8::2", false),
        ] {
            let range = Network::parse(range).unwrap();
            assert_eq!(
                range.contains(Address::parse(address).unwrap()),
                expected,
                "{range:?} {address}"
            );
        }
    }

    #[test]
    fn malformed_ranges_are_refused() {
        for text in [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "::/129",
            "010.0.0.1",
            "10.0.0.0/8/8",
            "fe80::1%eth0",
            "example.com",
            " 10.0.0.1",
        ] {
            assert!(Network::parse(text).is_none(), "{text}");
        }
    }
}
