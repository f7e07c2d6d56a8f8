//! The statements that SQLite and PostgreSQL share, word for word.
//!
//! `$1, $2, …` are PostgreSQL's parameters. SQLite takes them for names and numbers them by first
//! appearance, so every statement must name them in order; a test below holds them to it.

pub(super) const META: &str = "SELECT value FROM meta WHERE name = $1";
pub(super) const SET_META: &str = "INSERT INTO meta (name, value) VALUES ($1, $2) \
     ON CONFLICT (name) DO UPDATE SET value = excluded.value";
pub(super) const REVISIONS: &str = "SELECT k, rev FROM shard ORDER BY k";
pub(super) const DOCUMENTS: &str = "SELECT account, kind, id, rev, body, sum FROM document";
pub(super) const OUTBOX: &str =
    "SELECT seq, event_id, line, file, place, sum FROM outbox ORDER BY seq";
pub(super) const EVENTS: &str = "SELECT rev, part, happened, account, kind, id, op FROM event \
     WHERE shard = $1 AND rev > $2 ORDER BY rev, part LIMIT $3";
pub(super) const NEWEST_EVENTS: &str = "SELECT shard, max(rev) FROM event GROUP BY shard";
pub(super) const BUMP: &str = "UPDATE shard SET rev = rev + $1 WHERE k = $2 RETURNING rev";
pub(super) const PUT: &str = "INSERT INTO document (account, kind, id, rev, body, sum) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account, kind, id) \
     DO UPDATE SET rev = excluded.rev, body = excluded.body, sum = excluded.sum";
pub(super) const DELETE: &str = "DELETE FROM document WHERE account = $1 AND kind = $2 AND id = $3";
pub(super) const EVENT: &str = "INSERT INTO event \
     (shard, rev, part, happened, account, kind, id, op) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(super) const KEEP: &str = "INSERT INTO outbox (seq, event_id, line, file, place, sum) \
     VALUES ($1, $2, $3, $4, $5, $6)";
pub(super) const TRIM_OUTBOX: &str = "DELETE FROM outbox WHERE seq <= $1";
/// Looks at a few hundred of the oldest events only, so that its cost is bounded.
pub(super) const TRIM_EVENTS: &str = "DELETE FROM event WHERE shard = $1 AND rev <= \
     (SELECT max(rev) FROM (SELECT rev, happened FROM event WHERE shard = $1 \
      ORDER BY rev LIMIT 500) AS oldest WHERE happened < $2)";

#[cfg(test)]
mod tests {
    #[test]
    fn parameters_first_appear_in_order() {
        let all = [
            super::META,
            super::SET_META,
            super::EVENTS,
            super::BUMP,
            super::PUT,
            super::DELETE,
            super::EVENT,
            super::KEEP,
            super::TRIM_OUTBOX,
            super::TRIM_EVENTS,
        ];
        for statement in all {
            let mut highest = 0;
            for (at, _) in statement.match_indices('$') {
                let digits: String = statement[at + 1..]
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                let number: u32 = digits.parse().unwrap();
                assert!(number <= highest + 1, "${number} too early in: {statement}");
                highest = highest.max(number);
            }
            assert!(highest > 0, "no parameter in: {statement}");
        }
    }
}
