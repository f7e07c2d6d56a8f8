//! IPv4 ranges.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An IPv4 range whose address is its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cidr {
    base: u32,
    prefix: u8,
}

/// Why a text is not a range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a range such as 10.0.0.0/16")]
pub struct CidrError(String);

impl CidrError {
    pub(crate) fn new(text: &str) -> CidrError {
        CidrError(text.into())
    }
}

impl Cidr {
    /// Every address: 0.0.0.0/0.
    pub const ANYWHERE: Cidr = Cidr { base: 0, prefix: 0 };

    /// The range of this prefix length that holds the address; `None` for a length over 32.
    pub fn new(address: Ipv4Addr, prefix: u8) -> Option<Cidr> {
        (prefix <= 32).then(|| Cidr {
            base: u32::from(address) & mask(prefix),
            prefix,
        })
    }

    /// Reads a range whose address may be any of its own: `10.0.0.9/16` is 10.0.0.0/16 (EC2's CreateVpc: "We modify the
    /// specified CIDR block to its canonical form").
    ///
    /// # Errors
    /// The text is not an address and a prefix length.
    pub fn canonical(text: &str) -> Result<Cidr, CidrError> {
        let error = || CidrError(text.into());
        let (address, prefix) = text.split_once('/').ok_or_else(error)?;
        Cidr::new(
            address.parse().map_err(|_| error())?,
            prefix.parse().map_err(|_| error())?,
        )
        .ok_or_else(error)
    }

    /// The prefix length.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// How many addresses it has.
    pub fn size(self) -> u64 {
        1_u64 << (32 - u32::from(self.prefix))
    }

    /// Its `n`th address, `None` past the end.
    pub fn address(self, n: u64) -> Option<Ipv4Addr> {
        (n < self.size())
            .then(|| u32::try_from(n).ok())
            .flatten()
            .map(|n| Ipv4Addr::from(self.base | n))
    }

    /// Its first address.
    pub fn base(self) -> Ipv4Addr {
        Ipv4Addr::from(self.base)
    }

    /// Its last address.
    pub fn last(self) -> Ipv4Addr {
        Ipv4Addr::from(self.base | !mask(self.prefix))
    }

    /// The place of an address in the range; `None` where it lies outside.
    pub fn position(self, address: Ipv4Addr) -> Option<u64> {
        self.contains(address)
            .then(|| u64::from(u32::from(address) & !mask(self.prefix)))
    }

    /// Whether the ranges have an address in common.
    pub fn overlaps(self, other: Cidr) -> bool {
        let shorter = mask(self.prefix.min(other.prefix));
        self.base & shorter == other.base & shorter
    }

    /// Whether the other range lies inside this one.
    pub fn covers(self, other: Cidr) -> bool {
        other.prefix >= self.prefix && self.overlaps(other)
    }

    /// Whether the address lies inside.
    pub fn contains(self, address: Ipv4Addr) -> bool {
        u32::from(address) & mask(self.prefix) == self.base
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Cidr, CidrError> {
        let error = || CidrError(text.into());
        let range = Cidr::canonical(text)?;
        let (address, _) = text.split_once('/').ok_or_else(error)?;
        (address.parse() == Ok(range.base()))
            .then_some(range)
            .ok_or_else(error)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.base), self.prefix)
    }
}

impl TryFrom<String> for Cidr {
    type Error = CidrError;
    fn try_from(text: String) -> Result<Cidr, CidrError> {
        text.parse()
    }
}

impl From<Cidr> for String {
    fn from(range: Cidr) -> String {
        range.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_parsed_and_counted() {
        let range: Cidr = "127.64.16.0/20".parse().unwrap();
        assert_eq!((range.size(), range.prefix()), (4096, 20));
        assert_eq!(range.address(4), Some(Ipv4Addr::new(127, 64, 16, 4)));
        assert_eq!(range.address(4096), None);
        assert!(
            range.contains(Ipv4Addr::new(127, 64, 31, 255))
                && !range.contains(Ipv4Addr::new(127, 64, 32, 0))
        );
        for wrong in ["127.64.16.1/20", "127.0.0.0", "127.0.0.0/33", "x/8"] {
            assert!(wrong.parse::<Cidr>().is_err(), "{wrong}");
        }
        assert_eq!(
            Cidr::canonical("10.0.5.9/16").unwrap().to_string(),
            "10.0.0.0/16"
        );
        let small: Cidr = "127.64.17.0/24".parse().unwrap();
        assert!(range.covers(small) && !small.covers(range) && small.overlaps(range));
        assert!(!range.overlaps("127.64.32.0/20".parse().unwrap()));
        assert_eq!(range.position(Ipv4Addr::new(127, 64, 17, 1)), Some(257));
        assert_eq!(range.position(Ipv4Addr::new(127, 64, 32, 1)), None);
        assert_eq!("0.0.0.0/0".parse::<Cidr>().unwrap().size(), 1 << 32);
    }
}
