//! Which ranges VPCs and their subnets have in each mode, and which of them can hold a broker.

use std::net::Ipv4Addr;

use store::state::State;
use vpc::{Cidr, Subnet, bound_range, free_range, further_range};

use crate::settings::{NetworkMode, Settings};

/// The first region's default VPC where nothing was said, as on AWS ("Default VPCs").
const DEFAULT: (Ipv4Addr, u8) = (Ipv4Addr::new(172, 31, 0, 0), 16);
/// This machine's alone.
const LOOPBACK: (Ipv4Addr, u8) = (Ipv4Addr::new(127, 0, 0, 0), 8);
/// From here on no address is a host's.
const MULTICAST: (Ipv4Addr, u8) = (Ipv4Addr::new(224, 0, 0, 0), 3);
/// What is no network at all.
const NOWHERE: (Ipv4Addr, u8) = (Ipv4Addr::new(0, 0, 0, 0), 8);

fn lies_in(range: Cidr, (base, prefix): (Ipv4Addr, u8)) -> bool {
    Cidr::new(base, prefix).is_some_and(|other| other.overlaps(range))
}

/// The range of a region's default VPC in the modes whose ranges are really there, beside those that are taken; `None` where
/// there is no room.
pub(crate) fn default_vpc_range(settings: &Settings, taken: &[Cidr]) -> Option<Cidr> {
    let first = settings.vpc_range;
    match &settings.network {
        NetworkMode::Loopback => None,
        NetworkMode::Netns => {
            let first = first.or_else(|| Cidr::new(DEFAULT.0, DEFAULT.1))?;
            if taken.iter().any(|taken| taken.overlaps(first)) {
                further_range(first, taken)
            } else {
                Some(first)
            }
        }
        NetworkMode::Host { pool, .. } => {
            let parts = settings
                .regions
                .len()
                .saturating_add(1)
                .checked_next_power_of_two()?;
            let bits = u8::try_from(parts.trailing_zeros()).ok()?;
            let prefix = first.map_or(pool.prefix().saturating_add(bits), Cidr::prefix);
            first
                .filter(|first| !taken.iter().any(|taken| taken.overlaps(*first)))
                .or_else(|| free_range(*pool, prefix, taken))
        }
    }
}

/// The ranges that are really used: those of default VPCs, and of every other subnet the one that stands for it or its own.
pub(crate) fn real_ranges(state: &State) -> Vec<Cidr> {
    let mut ranges = Vec::new();
    for (_, account) in state.accounts() {
        let defaults = account.vpcs.values().filter(|vpc| vpc.is_default);
        ranges.extend(defaults.map(|vpc| vpc.cidr));
        let is_default = |subnet: &Subnet| {
            account
                .vpcs
                .get(&subnet.vpc_id)
                .is_some_and(|vpc| vpc.is_default)
        };
        let others = account
            .subnets
            .values()
            .filter(|subnet| !is_default(subnet));
        ranges.extend(others.map(|subnet| subnet.bound_range()));
    }
    ranges
}

/// Why records that were made in one mode cannot be used in this one. Nobody moves a broker to another address behind its
/// owner's back.
pub(crate) fn unfit(mode: &NetworkMode, state: &State) -> Option<String> {
    let fits = |range: Cidr| match mode {
        NetworkMode::Loopback => lies_in(range, LOOPBACK),
        NetworkMode::Netns => !lies_in(range, LOOPBACK),
        NetworkMode::Host { pool, .. } => pool.covers(range),
    };
    for (_, account) in state.accounts() {
        for vpc in account.vpcs.values() {
            if vpc.is_default && !fits(vpc.cidr) {
                return Some(format!(
                    "the default VPC of {} has the range {}",
                    vpc.region, vpc.cidr
                ));
            }
        }
        for subnet in account.subnets.values() {
            let fits = match (mode, subnet.bound) {
                (NetworkMode::Loopback, _) => fits(subnet.bound_range()),
                (NetworkMode::Netns, bound) => bound.is_none(),
                (NetworkMode::Host { .. }, bound) => bound.is_none_or(fits),
            };
            if !fits {
                return Some(format!(
                    "the range {} stands for the subnet {}",
                    subnet.bound_range(),
                    subnet.id
                ));
            }
        }
    }
    None
}

/// The range that is to stand for a new subnet of a VPC that is not the default one; `Ok(None)` where its own range is there.
///
/// # Errors
/// There is no room for it; a sentence for the caller.
pub(crate) fn for_subnet(
    mode: &NetworkMode,
    state: &State,
    cidr: Cidr,
    start: u8,
) -> Result<Option<Cidr>, &'static str> {
    match mode {
        NetworkMode::Loopback => bound_range(cidr.prefix(), start, &state.bound_ranges())
            .map(Some)
            .ok_or(
                "There is no free range of 127.0.0.0/8 left that is large enough for the subnet.",
            ),
        NetworkMode::Netns => Ok(None),
        NetworkMode::Host { pool, .. } => {
            let taken = real_ranges(state);
            if pool.covers(cidr) && !taken.iter().any(|taken| taken.overlaps(cidr)) {
                return Ok(None);
            }
            free_range(*pool, cidr.prefix(), &taken).map(Some).ok_or(
                "There is no free range of the network pool left that is large enough for the subnet.",
            )
        }
    }
}

/// Why no broker can be placed in a subnet; a sentence for the caller. In the `netns` mode ranges are really there, once on a
/// machine.
pub(crate) fn obstacle(mode: &NetworkMode, state: &State, subnet: &Subnet) -> Option<String> {
    let range = subnet.bound_range();
    match mode {
        NetworkMode::Loopback => None,
        NetworkMode::Host { pool, .. } => (!pool.covers(range)).then(|| {
            format!(
                "The subnet [{}] cannot hold a broker. Its range {range} is not in the network pool {pool}.",
                subnet.id
            )
        }),
        NetworkMode::Netns => {
            let no_network = [LOOPBACK, MULTICAST, NOWHERE];
            if no_network.into_iter().any(|special| lies_in(range, special)) {
                return Some(format!(
                    "The subnet [{}] cannot hold a broker. Its range {range} cannot be used for a network.",
                    subnet.id
                ));
            }
            let other = overlapping(state, subnet)?;
            Some(format!(
                "The subnet [{}] cannot hold a broker. Its range {range} overlaps the subnet [{}] of another VPC, in which there are brokers.",
                subnet.id, other.id
            ))
        }
    }
}

/// A subnet of another VPC, of any account, that has brokers and an address in common with this one.
fn overlapping<'a>(state: &'a State, subnet: &Subnet) -> Option<&'a Subnet> {
    state.accounts().find_map(|(_, account)| {
        let mut used = account
            .interfaces
            .values()
            .filter(|interface| interface.is_managed() && interface.vpc_id != subnet.vpc_id)
            .filter_map(|interface| account.subnets.get(&interface.subnet_id));
        used.find(|other| other.bound_range().overlaps(subnet.bound_range()))
            .map(AsRef::as_ref)
    })
}

#[cfg(test)]
#[path = "ranges/tests.rs"]
mod tests;
