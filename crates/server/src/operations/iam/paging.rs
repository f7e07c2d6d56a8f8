//! Lists in pages. A marker is where the last page ended, sealed for the account, the operation and what it lists: it can
//! neither be made up nor used elsewhere.

use api::refusal::{Code, Refusal};
use iam::identity::{Constraint, Rule};

use super::checks::Checks;
use crate::call::Call;

/// What a page holds when the caller does not say.
const DEFAULT_ITEMS: usize = 100;
/// The most that a page holds.
const MAX_ITEMS: i64 = 1000;

/// What a request says about paging.
pub(super) struct Paging {
    limit: usize,
    marker: Option<String>,
    scope: String,
}

/// A page of a list.
pub(super) struct Page<T> {
    /// The elements.
    pub(super) items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    pub(super) marker: Option<String>,
}

impl<T> Page<T> {
    /// Whether there is more.
    pub(super) fn is_truncated(&self) -> bool {
        self.marker.is_some()
    }
}

impl Paging {
    /// Checks the members. `list` says which list is paged: markers of one are nothing in another.
    pub(super) fn new(
        checks: &mut Checks,
        list: String,
        marker: Option<String>,
        max_items: Option<i64>,
    ) -> Paging {
        checks.optional("marker", marker.as_deref(), Rule::MARKER);
        let wanted = max_items.unwrap_or_default();
        let shown = wanted.to_string();
        if wanted > MAX_ITEMS {
            checks.note("maxItems", Some(&shown), Constraint::MaxValue(MAX_ITEMS));
        }
        if max_items.is_some() && wanted < 1 {
            checks.note("maxItems", Some(&shown), Constraint::MinValue(1));
        }
        Paging {
            limit: usize::try_from(wanted)
                .ok()
                .filter(|wanted| *wanted > 0)
                .unwrap_or(DEFAULT_ITEMS),
            marker,
            scope: list,
        }
    }

    /// Cuts the page out of the whole list, which is in the order of its keys; no two elements have one key.
    ///
    /// # Errors
    /// The marker was not made for this list.
    pub(super) fn cut<T>(
        self,
        call: &Call,
        list: impl Iterator<Item = (String, T)>,
    ) -> Result<Page<T>, Refusal> {
        let identity = format!(
            "{}/marker/{}/{}",
            call.account_id(),
            call.facts().row.name,
            self.scope
        );
        let after = match &self.marker {
            None => None,
            Some(marker) => Some(
                call.services()
                    .open(marker, &identity)
                    .ok()
                    .and_then(|opened| String::from_utf8(opened.to_vec()).ok())
                    .ok_or_else(|| Refusal::new(Code::ValidationError, "Invalid Marker."))?,
            ),
        };
        let mut rest = list.skip_while(|(key, _)| after.as_ref().is_some_and(|after| key <= after));
        let mut items = Vec::with_capacity(self.limit.min(DEFAULT_ITEMS));
        let mut last = None;
        for (key, item) in rest.by_ref().take(self.limit) {
            items.push(item);
            last = Some(key);
        }
        let marker = match (last, rest.next()) {
            (Some(last), Some(_)) => Some(
                call.services()
                    .seal(&last, &identity)
                    .map_err(Refusal::internal)?,
            ),
            _ => None,
        };
        Ok(Page { items, marker })
    }
}
