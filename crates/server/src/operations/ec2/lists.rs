//! Lists: by ids, by filters, in pages. A filter is a row of its resource's table; what is in none of them is refused, because
//! a list that ignored a filter would show what was not asked for.

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::wire::ec2 as wire;
use store::state::Account;
use vpc::Tags;

use super::members::{check_id, shortened};
use super::refusals::{invalid, invalid_value, not_found};
use crate::call::Call;

/// What a page holds when the caller does not say, and the most that it holds.
const MAX_RESULTS: i64 = 1000;
/// The fewest that a caller may ask for.
const MIN_RESULTS: i64 = 5;
/// The most values that a filter may have.
const MAX_VALUES: usize = 200;

/// A filter's name, and the values that a resource has for it.
pub(super) type Filter<T> = (&'static str, fn(&Account, &T) -> Vec<String>);

/// What can be listed.
pub(super) trait Listed: 'static {
    /// Its filters, besides `tag:<key>`, `tag-key` and `owner-id`.
    const FILTERS: &'static [Filter<Self>];
    /// Its id.
    fn id(&self) -> &str;
    /// Its tags.
    fn tags(&self) -> &Tags;
}

/// What a request asks of a list.
pub(super) struct Asked<'a> {
    /// Its filters.
    pub(super) filters: &'a [wire::Filter],
    /// How many.
    pub(super) max_results: Option<i64>,
    /// Where to go on.
    pub(super) next_token: Option<&'a str>,
    /// The ids, where the list is not the whole one.
    pub(super) ids: &'a [String],
    /// What is listed, for the messages; `None` where ids are not checked.
    pub(super) kind: Option<NetworkKind>,
}

/// The page that was asked for out of everything, which is in the order of its ids.
///
/// # Errors
/// An id is malformed or unknown, a filter is unknown, or the page's size or token is not acceptable.
pub(super) fn page<'a, T: Listed>(
    call: &Call,
    account: &Account,
    asked: &Asked<'_>,
    all: impl Iterator<Item = &'a T>,
) -> Result<(Vec<&'a T>, Option<String>), Refusal> {
    let filters = compile::<T>(asked.filters)?;
    if let Some(kind) = asked.kind {
        asked.ids.iter().try_for_each(|id| check_id(kind, id))?;
    }
    if !asked.ids.is_empty() && asked.max_results.is_some() {
        return Err(Refusal::new(
            Code::InvalidParameterCombination,
            "The parameter maxResults cannot be used with a list of ids in the same request",
        ));
    }
    let limit = limit(asked.max_results)?;
    let scope = format!("{:?}", asked.filters);
    let identity = format!(
        "{}/ec2-token/{}/{scope}",
        call.account_id(),
        call.facts().row.name
    );
    let after = match asked.next_token.filter(|token| !token.is_empty()) {
        None => None,
        Some(token) => Some(
            call.services()
                .open(token, &identity)
                .ok()
                .and_then(|opened| String::from_utf8(opened.to_vec()).ok())
                .ok_or_else(|| {
                    Refusal::new(
                        Code::InvalidNextToken,
                        "The specified nextToken is not valid",
                    )
                })?,
        ),
    };
    let mut named: Vec<&T> = all.collect();
    if !asked.ids.is_empty() {
        for id in asked.ids {
            if !named.iter().any(|item| item.id() == id) {
                return Err(match asked.kind {
                    Some(kind) => not_found(kind, id),
                    None => invalid(format!("The ID '{}' does not exist", shortened(id))),
                });
            }
        }
        named.retain(|item| asked.ids.iter().any(|id| id == item.id()));
    }
    let mut rest = named
        .into_iter()
        .filter(|item| after.as_deref().is_none_or(|after| item.id() > after))
        .filter(|item| {
            filters
                .iter()
                .all(|filter| filter.matches(account, call.account_id(), *item))
        });
    let items: Vec<&T> = rest.by_ref().take(limit).collect();
    let next = match (items.last(), rest.next()) {
        (Some(last), Some(_)) => Some(
            call.services()
                .seal(last.id(), &identity)
                .map_err(Refusal::internal)?,
        ),
        _ => None,
    };
    Ok((items, next))
}

fn limit(max_results: Option<i64>) -> Result<usize, Refusal> {
    let wanted = max_results.unwrap_or(MAX_RESULTS);
    if wanted < MIN_RESULTS {
        return Err(invalid_value(
            &wanted.to_string(),
            "maxResults",
            "Expecting a value greater than 5.",
        ));
    }
    // AWS: more than the most is answered with the most.
    Ok(usize::try_from(wanted.min(MAX_RESULTS)).unwrap_or_default())
}

enum Subject<T: 'static> {
    Tag(String),
    TagKey,
    Owner,
    Values(fn(&Account, &T) -> Vec<String>),
}

struct Compiled<'a, T: 'static> {
    subject: Subject<T>,
    wanted: &'a [String],
}

fn compile<T: Listed>(filters: &[wire::Filter]) -> Result<Vec<Compiled<'_, T>>, Refusal> {
    filters
        .iter()
        .map(|filter| {
            let name = filter.name.as_deref().unwrap_or_default();
            if filter.values.len() > MAX_VALUES {
                return Err(Refusal::new(
                    Code::InvalidParameterValue,
                    "The maximum number of filter values specified on a single call is 200",
                ));
            }
            let subject = match name.strip_prefix("tag:") {
                Some(key) => Subject::Tag(key.to_owned()),
                None => match name {
                    "tag-key" => Subject::TagKey,
                    "owner-id" => Subject::Owner,
                    name => T::FILTERS
                        .iter()
                        .find(|(candidate, _)| *candidate == name)
                        .map(|(_, values)| Subject::Values(*values))
                        .ok_or_else(|| {
                            invalid(format!("The filter '{}' is invalid", shortened(name)))
                        })?,
                },
            };
            Ok(Compiled {
                subject,
                wanted: &filter.values,
            })
        })
        .collect()
}

impl<T: Listed> Compiled<'_, T> {
    fn matches(&self, account: &Account, owner: &str, item: &T) -> bool {
        let any = |value: &str| self.wanted.iter().any(|wanted| wildcard(wanted, value));
        match &self.subject {
            Subject::Tag(key) => item.tags().get(key).is_some_and(|value| any(value)),
            Subject::TagKey => item.tags().keys().any(|key| any(key)),
            Subject::Owner => any(owner),
            Subject::Values(values) => values(account, item).iter().any(|value| any(value)),
        }
    }
}

/// Whether the value is what the filter wants: `*` is any text, `?` any character, `\` takes the meaning away ("Filter your
/// Amazon EC2 resources"). Capitals count. No recursion: a filter is a caller's text.
fn wildcard(wanted: &str, value: &str) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum Piece {
        Any,
        One,
        Is(char),
    }
    let mut pieces = Vec::new();
    let mut characters = wanted.chars();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            '*' => Piece::Any,
            '?' => Piece::One,
            '\\' => Piece::Is(characters.next().unwrap_or('\\')),
            other => Piece::Is(other),
        });
    }
    let value: Vec<char> = value.chars().collect();
    let (mut at, mut piece) = (0, 0);
    // Where to go on when what follows the last `*` does not fit: that `*` takes one character more.
    let mut again: Option<(usize, usize)> = None;
    while let Some(character) = value.get(at) {
        match pieces.get(piece) {
            Some(Piece::Any) => {
                again = Some((piece, at));
                piece += 1;
            }
            Some(Piece::One) => {
                piece += 1;
                at += 1;
            }
            Some(Piece::Is(wanted)) if wanted == character => {
                piece += 1;
                at += 1;
            }
            _ => match again {
                Some((star, from)) => {
                    again = Some((star, from + 1));
                    piece = star + 1;
                    at = from + 1;
                }
                None => return false,
            },
        }
    }
    pieces
        .get(piece..)
        .is_none_or(|rest| rest.iter().all(|piece| *piece == Piece::Any))
}

/// A filter's only value.
pub(super) fn one(value: impl ToString) -> Vec<String> {
    vec![value.to_string()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_know_stars_question_marks_and_backslashes() {
        for (wanted, value, matches) in [
            ("abc", "abc", true),
            ("abc", "Abc", false),
            ("a*", "a", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcdf", false),
            ("*b*b", "abab", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            (r"a\*", "a*", true),
            (r"a\*", "ab", false),
            (r"a\?\\", r"a?\", true),
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(wildcard(wanted, value), matches, "{wanted} {value}");
        }
        assert!(!wildcard(&"*a".repeat(60), &"a".repeat(59)));
    }
}
