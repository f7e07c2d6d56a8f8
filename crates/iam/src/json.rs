//! Strict JSON for policy documents: no duplicate keys, order kept, position of statements known.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::policy::{Position, Span};

/// A JSON value in document order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Null,
    Flag(bool),
    /// The number's text; beyond 64 bits it is the nearest double, written out.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

/// The members of an object whose values are still unparsed text.
pub(crate) struct RawObject<'a>(pub(crate) Vec<(String, &'a RawValue)>);

/// Parses a whole text as one object, leaving its members as text.
pub(crate) fn parse_object(text: &str) -> Option<RawObject<'_>> {
    serde_json::from_str(text).ok()
}

/// Parses a whole text; nesting is limited by the JSON library (128 levels).
pub(crate) fn parse_node(text: &str) -> Option<Node> {
    serde_json::from_str(text).ok()
}

/// Splits the text of a list into the texts of its elements.
pub(crate) fn parse_list(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text).ok()
}

/// The line, from 1, on which `part` begins; `part` must be a slice of `whole`.
pub(crate) fn line_of(whole: &str, part: &str) -> u32 {
    Places::new(whole).span(part).start.line
}

/// Tells where parts of a text stand; quick for parts that are asked for in their order.
pub(crate) struct Places<'a> {
    whole: &'a str,
    /// The offset that was asked for last, and its position.
    offset: usize,
    position: Position,
}

impl<'a> Places<'a> {
    pub(crate) fn new(whole: &'a str) -> Self {
        Self {
            whole,
            offset: 0,
            position: Position { line: 1, column: 1 },
        }
    }

    /// Where `part` stands; it must be a slice of the text.
    pub(crate) fn span(&mut self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).wrapping_sub(self.whole.as_ptr() as usize);
        Span {
            start: self.position(start),
            end: self.position(start.saturating_add(part.len())),
        }
    }

    fn position(&mut self, offset: usize) -> Position {
        if offset < self.offset {
            *self = Self::new(self.whole);
        }
        let Some(between) = self.whole.get(self.offset..offset) else {
            return self.position;
        };
        let from = match between.rfind('\n') {
            Some(newline) => {
                let newlines = memchr::memchr_iter(b'\n', between.as_bytes()).count();
                self.position.line = more(self.position.line, newlines);
                self.position.column = 1;
                newline + 1
            }
            None => 0,
        };
        let characters = between.get(from..).unwrap_or_default().chars().count();
        self.position.column = more(self.position.column, characters);
        self.offset = offset;
        self.position
    }
}

fn more(number: u32, by: usize) -> u32 {
    number.saturating_add(u32::try_from(by).unwrap_or(u32::MAX))
}

struct ObjectVisitor<V>(std::marker::PhantomData<V>);

/// Reads all members of an object and refuses a key that comes twice.
fn members<'de, A: MapAccess<'de>, V: Deserialize<'de>>(
    mut map: A,
) -> Result<Vec<(String, V)>, A::Error> {
    let mut members: Vec<(String, V)> = Vec::new();
    let mut known = std::collections::HashSet::new();
    while let Some(key) = map.next_key::<String>()? {
        if !known.insert(key.clone()) {
            return Err(serde::de::Error::custom("duplicate key"));
        }
        let value = map.next_value::<V>()?;
        members.push((key, value));
    }
    Ok(members)
}

impl<'de, V: Deserialize<'de>> Visitor<'de> for ObjectVisitor<V> {
    type Value = Vec<(String, V)>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        members(map)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_map(ObjectVisitor(std::marker::PhantomData))
            .map(Self)
    }
}

struct NodeVisitor;

impl<'de> DeserializeSeed<'de> for NodeVisitor {
    type Value = Node;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Node, E> {
        Ok(Node::Flag(flag))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Number(number.to_string()))
    }
    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }
    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(NodeVisitor)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Node, A::Error> {
        members(map).map(Node::Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicate_keys_are_refused_at_every_depth() {
        assert!(parse_node(r#"{"a":1,"b":[{"c":1}]}"#).is_some());
        assert!(parse_node(r#"{"a":1,"b":[{"c":1,"c":1}]}"#).is_none());
        assert!(parse_object(r#"{"a":1,"\u0061":1}"#).is_none());
        assert!(parse_object(r#"{"a":1} x"#).is_none());
        assert!(parse_object("[]").is_none());
    }

    #[test]
    fn lines_are_counted_from_one() {
        let text = "{\"a\":\n\n [1,\n {}]}";
        let object = parse_object(text).unwrap();
        let list = parse_list(object.0[0].1.get()).unwrap();
        assert_eq!(line_of(text, list[0].get()), 3);
        assert_eq!(line_of(text, list[1].get()), 4);
    }

    #[test]
    fn depth_is_limited_without_a_panic() {
        assert!(parse_node(&("[".repeat(100_000) + &"]".repeat(100_000))).is_none());
        assert!(
            parse_object(&format!(
                "{{\"a\":{}{}}}",
                "[".repeat(100_000),
                "]".repeat(100_000)
            ))
            .is_some()
        );
    }
}
