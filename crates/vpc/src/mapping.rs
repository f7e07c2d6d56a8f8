//! Where the addresses of a customer's range really are.
//!
//! On one machine nothing answers for 10.0.0.0/16. In the `loopback` network mode each subnet of such a VPC therefore has a
//! range of its own in 127.0.0.0/8, as large as the subnet: the nth address of one stands for the nth of the other.

use std::net::Ipv4Addr;

use crate::cidr::Cidr;

/// The lowest free range of this prefix length in the even second octets of 127.0.0.0/8, beginning at `start` and going
/// round; the odd octets hold the [management addresses](crate::management_address), 127.0 and 127.1 are left to everybody
/// else. `None`: nothing that large is left, or the prefix is under 16.
pub fn bound_range(prefix: u8, start: u8, taken: &[Cidr]) -> Option<Cidr> {
    if !(16..=32).contains(&prefix) {
        return None;
    }
    (0..128_u8)
        .map(|step| (start & 0xfe).wrapping_add(step.wrapping_mul(2)))
        .filter(|block| (2..=252).contains(block))
        .filter_map(|block| Cidr::new(Ipv4Addr::new(127, block, 0, 0), 16))
        .find_map(|block| free_range(block, prefix, taken))
}

/// The lowest free range of this prefix length in a pool. `None`: nothing that large is left.
pub fn free_range(block: Cidr, prefix: u8, taken: &[Cidr]) -> Option<Cidr> {
    if prefix < block.prefix() || prefix > 32 {
        return None;
    }
    let size = 1_u64 << (32 - u32::from(prefix));
    let mut at = 0;
    while let Some(address) = block.address(at) {
        let candidate = Cidr::new(address, prefix)?;
        match taken.iter().find(|taken| taken.overlaps(candidate)) {
            None => return Some(candidate),
            // Order: past the whole range that is in the way, to the next place where one of this size may begin.
            Some(in_the_way) => {
                let end = block
                    .position(in_the_way.base())
                    // It begins before the pool: only one that covers all of it does.
                    .unwrap_or_else(|| block.size())
                    .saturating_add(in_the_way.size());
                at = end.next_multiple_of(size).max(at.saturating_add(size));
            }
        }
    }
    None
}

/// The ranges of the default VPCs of several regions, which may not overlap where they are really there: the first is the one
/// that was asked for; each other one is the nearest free range of that size below it, then above it, without leaving the
/// private block (RFC 1918) that the first lies in, where it lies in one. `None`: there is no room.
pub fn further_range(first: Cidr, taken: &[Cidr]) -> Option<Cidr> {
    let block = PRIVATE
        .iter()
        .filter_map(|(base, prefix)| Cidr::new(*base, *prefix))
        .find(|block| block.covers(first))
        .unwrap_or(Cidr::ANYWHERE);
    let is_free = |candidate: &Cidr| !taken.iter().any(|taken| taken.overlaps(*candidate));
    let (start, size) = (block.position(first.base())?, first.size());
    let below = (1..=start / size).map(|step| start.saturating_sub(step.saturating_mul(size)));
    let above = (start.saturating_add(size)..block.size()).step_by(usize::try_from(size).ok()?);
    below
        .chain(above)
        .filter_map(|at| Cidr::new(block.address(at)?, first.prefix()))
        .find(is_free)
}

/// RFC 1918, "Address Allocation for Private Internets".
const PRIVATE: [(Ipv4Addr, u8); 3] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_used_from_below_and_ends() {
        let pool = range("192.0.2.0/26");
        let mut taken = vec![range("192.0.2.0/27")];
        assert_eq!(free_range(pool, 28, &taken), Some(range("192.0.2.32/28")));
        taken.push(range("192.0.2.32/28"));
        assert_eq!(free_range(pool, 28, &taken), Some(range("192.0.2.48/28")));
        assert_eq!(free_range(pool, 27, &taken), None);
        assert_eq!(free_range(pool, 25, &[]), None);
        assert_eq!(free_range(pool, 28, &[range("192.0.0.0/16")]), None);
    }

    #[test]
    fn further_regions_lie_beside_the_first_and_stay_in_its_private_block() {
        let first = range("172.31.0.0/16");
        let mut taken = vec![first];
        let second = further_range(first, &taken).unwrap();
        assert_eq!(second, range("172.30.0.0/16"));
        taken.push(second);
        while let Some(next) = further_range(first, &taken) {
            assert!(range("172.16.0.0/12").covers(next));
            taken.push(next);
        }
        assert_eq!(taken.len(), 16);
        let low = range("10.0.0.0/16");
        assert_eq!(further_range(low, &[low]), Some(range("10.1.0.0/16")));
        let odd = range("198.18.0.0/24");
        assert_eq!(further_range(odd, &[odd]), Some(range("198.17.255.0/24")));
    }

    fn range(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn ranges_are_given_without_overlap_and_in_even_blocks() {
        let mut taken = vec![range("127.64.0.0/16"), range("127.66.0.0/24")];
        let found = bound_range(20, 64, &taken).unwrap();
        assert_eq!(found, range("127.66.16.0/20"));
        taken.push(found);
        assert_eq!(bound_range(24, 64, &taken), Some(range("127.66.1.0/24")));
        assert_eq!(bound_range(16, 64, &taken), Some(range("127.68.0.0/16")));
        assert_eq!(bound_range(28, 65, &[]), Some(range("127.64.0.0/28")));
        assert_eq!(bound_range(15, 64, &taken), None);
    }

    #[test]
    fn the_blocks_end_and_127_0_is_never_given() {
        let mut taken = Vec::new();
        while let Some(found) = bound_range(16, 250, &taken) {
            assert!(
                !range("127.0.0.0/15").overlaps(found) && !range("127.254.0.0/15").overlaps(found)
            );
            taken.push(found);
        }
        assert_eq!(taken.len(), 126);
    }

    #[test]
    fn no_sequence_of_giving_and_taking_back_makes_two_ranges_meet() {
        let mut random = 0x9E37_79B9_7F4A_7C15_u64;
        let mut below = |sides: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % sides
        };
        let mut taken: Vec<Cidr> = Vec::new();
        for _ in 0..4000 {
            if below(3) == 0 && !taken.is_empty() {
                let at = usize::try_from(below(u64::try_from(taken.len()).unwrap())).unwrap();
                taken.swap_remove(at);
                continue;
            }
            let prefix = 18 + u8::try_from(below(11)).unwrap();
            let start = u8::try_from(below(256)).unwrap();
            match bound_range(prefix, start, &taken) {
                Some(found) => {
                    assert_eq!(found.prefix(), prefix);
                    assert!(!taken.iter().any(|other| other.overlaps(found)));
                    taken.push(found);
                }
                // Only where nothing as large is free anywhere.
                None => assert_eq!(bound_range(prefix, 2, &taken), None),
            }
        }
        assert!(taken.len() > 100);
    }
}
