//! Pages of lists: how many elements, and where the next page starts.

use serde::{Deserialize, Serialize};

use crate::validate::Invalid;

/// The number of elements of a page that asks for none.
pub const DEFAULT_RESULTS: u32 = 20;

/// The most elements of a page.
pub const MAX_RESULTS: u32 = 100;

/// The element that a page ended with, by what the list is ordered by. Sealed, it is a `nextToken`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// By time of creation and id.
    Created(i64, String),
    /// By name.
    Name(String),
    /// By revision, newest first.
    Revision(u32),
    /// By the place in a list that seldom changes.
    Place(usize),
}

/// What a `nextToken` holds. It is sealed together with the account, the region, the operation and its filters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continuation {
    /// Where the page before ended.
    pub after: Position,
    /// When it was made, in milliseconds since the Unix epoch.
    pub made: i64,
}

/// How long a `nextToken` is good for, in milliseconds: a day.
pub const LIFETIME: i64 = 24 * 60 * 60 * 1000;

impl Continuation {
    /// The position, if the token is still good at this time.
    ///
    /// # Errors
    /// It is too old, or from the future.
    pub fn at(self, now: i64) -> Result<Position, Invalid> {
        let age = now.saturating_sub(self.made);
        // Clocks of replicas may differ a little.
        if (-60_000..=LIFETIME).contains(&age) {
            Ok(self.after)
        } else {
            Err(Invalid::NextToken)
        }
    }
}

/// Reads `maxResults`.
///
/// # Errors
/// It is not between 1 and 100. (The documentation says from 5; SDKs let 1 to 4 through.)
pub fn limit(max_results: Option<i64>) -> Result<u32, Invalid> {
    let Some(given) = max_results else {
        return Ok(DEFAULT_RESULTS);
    };
    u32::try_from(given)
        .ok()
        .filter(|limit| (1..=MAX_RESULTS).contains(limit))
        .ok_or(Invalid::MaxResults(given))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_one_to_a_hundred_elements_and_twenty_if_nothing_is_said() {
        assert_eq!(limit(None), Ok(20));
        for good in [1, 4, 5, 100] {
            assert_eq!(limit(Some(good)), Ok(good as u32));
        }
        for bad in [0, -1, 101, i64::MAX, i64::MIN] {
            let refused = limit(Some(bad)).unwrap_err();
            assert_eq!(
                refused.to_string(),
                format!("The value [{bad}] of [maxResults] is invalid. Valid values: [1-100].")
            );
            assert_eq!(refused.attribute(), Some("maxResults"));
        }
    }

    #[test]
    fn a_token_is_good_for_a_day() {
        let token = Continuation {
            after: Position::Revision(3),
            made: 1_000_000,
        };
        assert_eq!(
            token.clone().at(1_000_000 + LIFETIME),
            Ok(Position::Revision(3))
        );
        assert_eq!(
            token.clone().at(1_000_001 + LIFETIME),
            Err(Invalid::NextToken)
        );
        assert_eq!(token.at(1_000_000 - 60_001), Err(Invalid::NextToken));
    }
}
