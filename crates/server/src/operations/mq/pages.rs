//! Pages: `maxResults` and `nextToken`. A token is sealed for one account, region, operation and set of filters, so that nobody
//! can make one, and none is good for another list.

use ::brokers::pages::{Continuation, Position, limit};
use ::brokers::validate::Invalid;
use api::refusal::Refusal;

use super::refuse::refuse;
use crate::call::Call;

/// The longest token that is looked at, in bytes. Ours are far shorter.
const LONGEST: usize = 2048;

/// What a request says about the page it wants.
pub(super) struct Wanted<'a> {
    call: &'a Call,
    identity: String,
    /// How many elements.
    pub(super) limit: usize,
    /// The element that the page before ended with.
    pub(super) after: Option<Position>,
}

impl<'a> Wanted<'a> {
    /// Reads `maxResults` and `nextToken`. `filters` is everything else that the list depends on.
    ///
    /// # Errors
    /// One of the two is wrong.
    pub(super) fn read(
        call: &'a Call,
        max_results: Option<i64>,
        next_token: Option<&str>,
        filters: &[Option<&str>],
    ) -> Result<Wanted<'a>, Refusal> {
        let limit = limit(max_results).map_err(refuse)?;
        let filters = serde_json::to_string(filters).map_err(Refusal::internal)?;
        let identity = format!(
            "page/{}/{}/{}/{filters}",
            call.account_id(),
            call.region(),
            call.facts().row.name
        );
        let after = match next_token {
            None => None,
            Some(token) if token.len() > LONGEST => return Err(refuse(Invalid::NextToken)),
            Some(token) => {
                let opened = call.services().open(token, &identity);
                let text = opened.map_err(|_| refuse(Invalid::NextToken))?;
                let continuation: Continuation =
                    serde_json::from_slice(&text).map_err(|_| refuse(Invalid::NextToken))?;
                Some(continuation.at(call.now()).map_err(refuse)?)
            }
        };
        Ok(Wanted {
            call,
            identity,
            limit: limit as usize,
            after,
        })
    }

    /// `maxResults` of the answer.
    pub(super) fn max_results(&self) -> Option<i64> {
        i64::try_from(self.limit).ok()
    }

    /// The token for the page after this position; none after the last page.
    ///
    /// # Errors
    /// There are no random bytes.
    pub(super) fn token(&self, after: Option<Position>) -> Result<Option<String>, Refusal> {
        let Some(after) = after else {
            return Ok(None);
        };
        let continuation = Continuation {
            after,
            made: self.call.now(),
        };
        let text = serde_json::to_string(&continuation).map_err(Refusal::internal)?;
        self.call
            .services()
            .seal(&text, &self.identity)
            .map(Some)
            .map_err(Refusal::internal)
    }

    /// The page of a list that is at hand as a whole, by place.
    ///
    /// # Errors
    /// The token is for another kind of list, or there are no random bytes.
    pub(super) fn slice<T>(&self, list: Vec<T>) -> Result<(Vec<T>, Option<String>), Refusal> {
        let start = match &self.after {
            None => 0,
            Some(Position::Place(place)) => *place,
            Some(Position::Created(..) | Position::Name(_) | Position::Revision(_)) => {
                return Err(refuse(Invalid::NextToken));
            }
        };
        let end = start.saturating_add(self.limit);
        let more = end < list.len();
        let page = list.into_iter().skip(start).take(self.limit).collect();
        Ok((page, self.token(more.then_some(Position::Place(end)))?))
    }
}
