//! One record of the journal: a JSON object on one line.

use serde::Serialize;
use serde_json::{Map, Value};

/// An audit record, CloudTrail-shaped, ready to be written. Has no line break and no control
/// character, whatever the caller's user agent or names contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    event_id: String,
    /// With the end of its line.
    text: String,
    /// Those that are written right after it.
    further: Vec<AuditLine>,
}

/// The record has no `eventID`, by which it is known after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an audit record needs an eventID")]
pub struct NoEventId;

impl AuditLine {
    /// Makes the line of a record. Secrets must already be masked.
    ///
    /// # Errors
    /// The record has no `eventID` that is a string with text.
    pub fn new(record: &Map<String, Value>) -> Result<Self, NoEventId> {
        let event_id = match record.get("eventID") {
            Some(Value::String(id)) if !id.is_empty() => id.clone(),
            Some(_) | None => return Err(NoEventId),
        };
        Self::of(event_id, record).map_err(|_| NoEventId)
    }

    /// Makes the line of a record that is a JSON object with this `eventID`. Secrets must already be masked.
    ///
    /// # Errors
    /// The record cannot be written as JSON.
    pub fn of(event_id: String, record: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self {
            event_id,
            text: ended(plain(json(record)?)),
            further: Vec::new(),
        })
    }

    /// The line, and right after it these: what a service did on the caller's behalf is kept with the call or not at all.
    #[must_use]
    pub fn followed_by(mut self, further: Vec<AuditLine>) -> Self {
        self.further.extend(further);
        self
    }

    /// The line and those that follow it, each on its own.
    pub(crate) fn into_lines(mut self) -> Vec<AuditLine> {
        let further = std::mem::take(&mut self.further);
        let mut lines = vec![self];
        lines.extend(further.into_iter().flat_map(AuditLine::into_lines));
        lines
    }

    /// A line that was stored.
    pub(crate) fn stored(event_id: String, text: String) -> Self {
        Self {
            event_id,
            text: ended(text),
            further: Vec::new(),
        }
    }

    /// The record's `eventID`.
    #[must_use]
    pub fn event_id(&self) -> &str {
        &self.event_id
    }

    /// The line without its end.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.strip_suffix('\n').unwrap_or(&self.text)
    }

    /// The line as it stands in the file.
    pub(super) fn written(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

fn ended(mut text: String) -> String {
    text.push('\n');
    text
}

/// What most records fit in, in bytes.
const USUAL: usize = 1024;

fn json(record: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut text, record)?;
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

/// JSON without characters that can end or colour a line. serde escapes the controls below U+0020. The others (DEL, C1 and
/// Unicode's line breaks) can only be within strings, so an escape may take their place.
fn plain(json: String) -> String {
    let unsafe_character = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}');
    // DEL is the only one of them in ASCII.
    if json.is_ascii() && !json.contains('\u{7f}') {
        return json;
    }
    let mut text = String::with_capacity(json.len() + 8);
    for character in json.chars() {
        if unsafe_character(character) {
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}

/// The `eventID` of a line of the file; `None` if the line is not a record.
pub(super) fn event_id_of(line: &[u8]) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Record {
        #[serde(rename = "eventID")]
        event_id: String,
    }
    serde_json::from_slice::<Record>(line)
        .ok()
        .map(|record| record.event_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_can_end_or_colour_a_line() {
        let mut tried = 0;
        for character in (0..=0x2100).filter_map(char::from_u32) {
            let mut record = Map::new();
            record.insert("eventID".into(), format!("e{character}").into());
            record.insert(
                format!("key{character}"),
                format!("{character}\"}}\r\n{{").into(),
            );
            let line = AuditLine::new(&record).unwrap();
            assert!(!line.text().chars().any(char::is_control), "{character:?}");
            assert!(!line.text().contains(['\u{2028}', '\u{2029}']));
            let read: Map<String, Value> = serde_json::from_str(line.text()).unwrap();
            assert_eq!(read, record);
            assert_eq!(
                event_id_of(line.text().as_bytes()).as_deref(),
                Some(line.event_id())
            );
            tried += 1;
        }
        assert!(tried > 8_000);
    }

    #[test]
    fn record_without_an_event_id_is_refused() {
        for id in [Value::Null, "".into(), 5.into()] {
            let mut record = Map::new();
            record.insert("eventID".into(), id);
            assert_eq!(AuditLine::new(&record), Err(NoEventId));
        }
        assert_eq!(AuditLine::new(&Map::new()), Err(NoEventId));
    }
}
