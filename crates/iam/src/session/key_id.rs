//! Ids of temporary access keys. As in AWS's own, the account is written in them, so that whoever finds a key can tell
//! whose it is ("GetAccessKeyInfo").

use crate::arn::AccountId;

const PREFIX: &str = "ASIA";
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Characters behind the prefix, 5 bits each: one set bit, 40 of the account, 39 of chance.
const CHARACTERS: u32 = 16;
const CHANCE_BITS: u32 = 39;
const ACCOUNT_MASK: u128 = (1 << 40) - 1;

/// Makes the id of a temporary access key of the account.
pub fn temporary_key_id(account: &AccountId, random: [u8; 5]) -> String {
    let number: u128 = account.as_str().bytes().fold(0, |number, digit| {
        number * 10 + u128::from(digit.wrapping_sub(b'0'))
    });
    let chance = random
        .iter()
        .fold(0, |chance: u128, byte| (chance << 8) | u128::from(*byte))
        & ((1 << CHANCE_BITS) - 1);
    let bits = (1 << (CHARACTERS * 5 - 1)) | ((number & ACCOUNT_MASK) << CHANCE_BITS) | chance;
    let mut id = String::from(PREFIX);
    id.extend((0..CHARACTERS).rev().filter_map(|place| {
        let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default();
        ALPHABET.get(index).map(|c| char::from(*c))
    }));
    id
}

/// Whether the id is of a temporary access key, so that a session token belongs to it.
pub fn is_temporary_key_id(id: &str) -> bool {
    id.starts_with(PREFIX)
}

/// The account that is written in the id of a temporary access key. `None`: it is none.
pub fn account_of_key_id(id: &str) -> Option<AccountId> {
    let characters = id.strip_prefix(PREFIX)?;
    if characters.len() != CHARACTERS as usize {
        return None;
    }
    let bits = characters.bytes().try_fold(0_u128, |bits, c| {
        let value = ALPHABET.iter().position(|known| *known == c)?;
        Some((bits << 5) | u128::try_from(value).ok()?)
    })?;
    let number = (bits >> CHANCE_BITS) & ACCOUNT_MASK;
    AccountId::parse(&format!("{number:012}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_can_be_read_from_a_key_id() {
        for account in ["000000000001", "111122223333", "999999999999"] {
            let account = AccountId::parse(account).unwrap();
            for random in [[0; 5], [0xff; 5], [1, 2, 3, 4, 5]] {
                let id = temporary_key_id(&account, random);
                assert_eq!(id.len(), 20);
                assert!(is_temporary_key_id(&id));
                assert_eq!(account_of_key_id(&id), Some(account));
            }
        }
    }

    #[test]
    fn a_key_id_of_aws_tells_the_account_that_it_is_known_to_belong_to() {
        // The published example of reading an account out of a key id.
        let account = account_of_key_id("ASIAQNZGKIQY56JQ7WML").unwrap();
        assert_eq!(account.as_str(), "029608264753");
    }

    #[test]
    fn other_ids_tell_no_account() {
        for id in [
            "",
            "ASIA",
            "AKIAQNZGKIQY56JQ7WML",
            "ASIAQNZGKIQY56JQ7WM",
            "ASIAQNZGKIQY56JQ7WM1",
        ] {
            assert_eq!(account_of_key_id(id), None, "{id}");
        }
    }
}
