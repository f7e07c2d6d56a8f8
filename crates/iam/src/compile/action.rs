//! Names of actions, compared and hashed without case, eight bytes at a time. Only ASCII letters have a case here.

/// Hashes an action. Collisions are compared, so they cost time only, and only to whoever writes a policy full of them.
pub(crate) fn hash_action(action: &str) -> u64 {
    let (words, last) = words(action);
    words.iter().fold(mixed(0, last), |hash, word| {
        mixed(hash, u64::from_le_bytes(*word))
    })
}

fn mixed(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ lower_case(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Whether two actions are the same.
#[inline]
pub(crate) fn same_action(one: &str, other: &str) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let ((one, one_last), (other, other_last)) = (words(one), words(other));
    let same = |one: u64, other: u64| lower_case(one) == lower_case(other);
    same(one_last, other_last)
        && one
            .iter()
            .zip(other)
            .all(|(one, other)| same(u64::from_le_bytes(*one), u64::from_le_bytes(*other)))
}

/// Whether an action begins so.
#[inline]
pub(crate) fn begins(action: &str, start: &str) -> bool {
    action
        .get(..start.len())
        .is_some_and(|begin| same_action(begin, start))
}

/// The words of a text and its last eight bytes, which may overlap them; of a shorter one all its bytes.
fn words(text: &str) -> (&[[u8; 8]], u64) {
    let bytes = text.as_bytes();
    match bytes.last_chunk() {
        Some(last) => (bytes.as_chunks().0, u64::from_le_bytes(*last)),
        None => {
            let last = bytes.iter().rev();
            let last = last.fold(0, |word, byte| word << 8 | u64::from(*byte));
            (&[], last)
        }
    }
}

/// Each of the eight bytes, an ASCII capital as its small letter.
fn lower_case(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    let without_high = word & !HIGH;
    // The high bit of a byte says that it is `A` or more, or more than `Z`.
    let from_a = without_high + (0x80 - u64::from(b'A')) * EACH;
    let past_z = without_high + (0x7f - u64::from(b'Z')) * EACH;
    let capital = from_a & !past_z & !word & HIGH;
    word | capital >> 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_byte_has_the_case_that_ascii_gives_it() {
        for byte in 0..=u8::MAX {
            for neighbour in [0, b'@', b'A', b'Z', b'[', b'z', 0x7f, 0x80, 0xff] {
                let bytes = [byte, neighbour, byte, byte, neighbour, byte, byte, byte];
                let lower = bytes.map(|byte| byte.to_ascii_lowercase());
                let word = u64::from_le_bytes(bytes);
                assert_eq!(lower_case(word), u64::from_le_bytes(lower), "{bytes:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn comparing_is_comparing_small_letters(one in "[aAbBzZ@é:]{0,20}", other in "[aAbBzZ@é:]{0,20}") {
            let same = one.eq_ignore_ascii_case(&other);
            prop_assert_eq!(same_action(&one, &other), same);
            prop_assert!(!same || hash_action(&one) == hash_action(&other));
            let lower = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
            prop_assert_eq!(begins(&one, &other), lower.0.starts_with(&lower.1));
            prop_assert!(same_action(&one, &lower.0) && same_action(&one, &one.to_ascii_uppercase()));
            prop_assert_eq!(hash_action(&one), hash_action(&lower.0));
        }
    }
}
