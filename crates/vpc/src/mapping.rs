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
        .find_map(|block| in_block(Ipv4Addr::new(127, block, 0, 0), prefix, taken))
}

fn in_block(base: Ipv4Addr, prefix: u8, taken: &[Cidr]) -> Option<Cidr> {
    let block = Cidr::new(base, 16)?;
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
                    .unwrap_or(0)
                    .saturating_add(in_the_way.size());
                at = end.next_multiple_of(size).max(at.saturating_add(size));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

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
