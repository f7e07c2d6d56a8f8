//! IPv6 ranges. They are recorded in rules and routes; nothing in a VPC has an IPv6 address.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::cidr::CidrError;

/// An IPv6 range whose address is its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cidr6 {
    base: u128,
    prefix: u8,
}

impl FromStr for Cidr6 {
    type Err = CidrError;

    /// Any address of the range names it: `2001:db8::1/32` is 2001:db8::/32.
    fn from_str(text: &str) -> Result<Cidr6, CidrError> {
        let error = || CidrError::new(text);
        let (address, prefix) = text.split_once('/').ok_or_else(error)?;
        let address: Ipv6Addr = address.parse().map_err(|_| error())?;
        let prefix: u8 = prefix.parse().map_err(|_| error())?;
        let host = 128_u32.checked_sub(u32::from(prefix)).ok_or_else(error)?;
        let mask = u128::MAX.checked_shl(host).unwrap_or(0);
        Ok(Cidr6 {
            base: u128::from(address) & mask,
            prefix,
        })
    }
}

impl fmt::Display for Cidr6 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv6Addr::from(self.base), self.prefix)
    }
}

impl TryFrom<String> for Cidr6 {
    type Error = CidrError;
    fn try_from(text: String) -> Result<Cidr6, CidrError> {
        text.parse()
    }
}

impl From<Cidr6> for String {
    fn from(range: Cidr6) -> String {
        range.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_canonical() {
        let text = |text: &str| text.parse::<Cidr6>().map(|range| range.to_string());
        assert_eq!(text("::/0").unwrap(), "::/0");
        assert_eq!(text("2001:DB8:0::7/32").unwrap(), "2001:db8::/32");
        assert_eq!(text("::1/128").unwrap(), "::1/128");
        for wrong in ["::", "::/129", "10.0.0.0/8", "x/8"] {
            assert!(text(wrong).is_err(), "{wrong}");
        }
    }
}
