//! Query-string and form decoding, and AWS Query's nested members (`Tags.member.1.Key`).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// The most members a form may have, and the most elements one list may have.
pub const MAX_MEMBERS: usize = 1000;

/// Why a form could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// An escape sequence is broken.
    #[error("the form holds a broken `%` escape")]
    Escape,
    /// A decoded text is not UTF-8.
    #[error("the form holds text that is not UTF-8")]
    Text,
    /// A parameter is given twice.
    #[error("the parameter `{0}` is given twice")]
    Duplicate(String),
    /// A parameter is both a value and a structure.
    #[error("the parameter `{0}` is both a value and a structure")]
    Mixed(String),
    /// Too many members.
    #[error("the form has more than {MAX_MEMBERS} members")]
    TooMany,
    /// A member that the operation does not have, where its shape says that there are no others.
    #[error("the parameter `{0}` is not recognized")]
    Unknown(String),
    /// A value does not have its member's type.
    #[error("{0}")]
    Value(String),
}

impl serde::de::Error for FormError {
    fn custom<T: fmt::Display>(message: T) -> FormError {
        FormError::Value(message.to_string())
    }

    fn unknown_field(field: &str, _expected: &'static [&'static str]) -> FormError {
        FormError::Unknown(field.into())
    }
}

/// Decodes `%XX`, and `+` as a space where asked.
///
/// # Errors
/// [`FormError::Escape`] or [`FormError::Text`].
pub fn decode(text: &str, plus: bool) -> Result<String, FormError> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let high = bytes
                    .next()
                    .and_then(|b| char::from(b).to_digit(16))
                    .ok_or(FormError::Escape)?;
                let low = bytes
                    .next()
                    .and_then(|b| char::from(b).to_digit(16))
                    .ok_or(FormError::Escape)?;
                out.push(u8::try_from(high * 16 + low).map_err(|_| FormError::Escape)?);
            }
            b'+' if plus => out.push(b' '),
            other => out.push(other),
        }
    }
    String::from_utf8(out).map_err(|_| FormError::Text)
}

/// Encodes every byte but RFC 3986's unreserved ones as `%XX`: how policy documents travel in answers.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => {
                let hex = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
                out.push('%');
                out.push(hex(other >> 4).to_ascii_uppercase());
                out.push(hex(other & 15).to_ascii_uppercase());
            }
        }
    }
    out
}

/// The decoded pairs of a query string or form, in order; a piece without `=` has an empty value.
///
/// # Errors
/// [`FormError`], also for more than [`MAX_MEMBERS`] pairs.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, FormError> {
    let mut found = Vec::new();
    for piece in text.split('&').filter(|piece| !piece.is_empty()) {
        if found.len() >= MAX_MEMBERS {
            return Err(FormError::TooMany);
        }
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        found.push((decode(name, true)?, decode(value, true)?));
    }
    Ok(found)
}

/// The members of a Query request as a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A value.
    Text(String),
    /// Members by name; lists have `member` (Query) or numbers (EC2) as names.
    Members(BTreeMap<String, Node>),
}

impl Node {
    /// Builds the tree. `Action`, `Version` and what signs a request are not members.
    ///
    /// # Errors
    /// [`FormError`] for repeated or contradicting parameters.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Node, FormError> {
        let mut root = BTreeMap::new();
        for (name, value) in pairs {
            if name == "Action" || name == "Version" || name.starts_with("X-Amz-") {
                continue;
            }
            insert(&mut root, name, name, value)?;
        }
        Ok(Node::Members(root))
    }

    /// The text of a top-level member.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self {
            Node::Members(members) => match members.get(name)? {
                Node::Text(text) => Some(text),
                Node::Members(_) => None,
            },
            Node::Text(_) => None,
        }
    }

    /// Reads an operation's input from the tree: numbers and booleans are parsed from text, lists may be spelled
    /// `Name.member.1` or `Name.1`.
    ///
    /// # Errors
    /// [`FormError::Value`] where a text does not have its member's type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, FormError> {
        T::deserialize(self)
    }

    /// The tree as JSON, for audit records. All values are texts; lists become arrays.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Node::Text(text) => text.clone().into(),
            Node::Members(_) => match self.elements() {
                Some(elements) => elements.into_iter().map(Node::to_json).collect(),
                None => serde_json::Value::Object(
                    self.members()
                        .map(|(name, node)| (lower_first(name), node.to_json()))
                        .collect(),
                ),
            },
        }
    }

    fn members(&self) -> impl Iterator<Item = (&String, &Node)> {
        match self {
            Node::Members(members) => Some(members.iter()),
            Node::Text(_) => None,
        }
        .into_iter()
        .flatten()
    }

    /// The elements where this is a list, in the order of their numbers.
    fn elements(&self) -> Option<Vec<&Node>> {
        let Node::Members(members) = self else {
            return None;
        };
        if members.is_empty() {
            return None;
        }
        if let (1, Some(inner)) = (members.len(), members.get("member")) {
            return inner.elements();
        }
        let mut numbered = members
            .iter()
            .map(|(name, node)| name.parse::<u32>().ok().map(|number| (number, node)))
            .collect::<Option<Vec<_>>>()?;
        numbered.sort_by_key(|(number, _)| *number);
        Some(numbered.into_iter().map(|(_, node)| node).collect())
    }
}

/// CloudTrail spells request parameters with a small first letter.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}

fn insert(
    members: &mut BTreeMap<String, Node>,
    whole: &str,
    path: &str,
    value: &str,
) -> Result<(), FormError> {
    match path.split_once('.') {
        None => match members.insert(path.into(), Node::Text(value.into())) {
            None => Ok(()),
            Some(Node::Text(_)) => Err(FormError::Duplicate(whole.into())),
            Some(Node::Members(_)) => Err(FormError::Mixed(whole.into())),
        },
        Some((head, rest)) => {
            let node = members
                .entry(head.into())
                .or_insert_with(|| Node::Members(BTreeMap::new()));
            match node {
                Node::Members(inner) => insert(inner, whole, rest, value),
                Node::Text(_) => Err(FormError::Mixed(whole.into())),
            }
        }
    }
}

impl<'de> serde::Deserializer<'de> for &Node {
    type Error = FormError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match self {
            Node::Text(text) => visitor.visit_str(text),
            Node::Members(_) => match self.elements() {
                Some(elements) if !elements.is_empty() => {
                    visitor.visit_seq(Elements(elements.into_iter()))
                }
                _ => self.deserialize_map(visitor),
            },
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match self.scalar()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(FormError::Value(format!("`{other}` is not a boolean"))),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let text = self.scalar()?;
        visitor.visit_i64(
            text.parse()
                .map_err(|_| FormError::Value(format!("`{text}` is not a whole number")))?,
        )
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FormError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match self {
            // `Tags=` is how the SDKs send an empty list.
            Node::Text(text) if text.is_empty() => {
                visitor.visit_seq(Elements(Vec::new().into_iter()))
            }
            Node::Text(_) => Err(FormError::Value("a list is spelled `Name.member.N`".into())),
            Node::Members(_) => {
                let elements = self
                    .elements()
                    .ok_or_else(|| FormError::Value("a list is spelled `Name.member.N`".into()))?;
                visitor.visit_seq(Elements(elements.into_iter()))
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match self {
            Node::Members(members) => visitor.visit_map(Entries {
                entries: members.iter(),
                value: None,
            }),
            Node::Text(_) => Err(FormError::Value(
                "a structure is spelled `Name.Member`".into(),
            )),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FormError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        enum identifier
    }
}

impl Node {
    fn scalar(&self) -> Result<&str, FormError> {
        match self {
            Node::Text(text) => Ok(text),
            Node::Members(_) => Err(FormError::Value(
                "a value was expected, a structure is given".into(),
            )),
        }
    }
}

struct Elements<'a>(std::vec::IntoIter<&'a Node>);

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = FormError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FormError> {
        self.0.next().map(|node| seed.deserialize(node)).transpose()
    }
}

struct Entries<'a> {
    entries: std::collections::btree_map::Iter<'a, String, Node>,
    value: Option<&'a Node>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = FormError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FormError> {
        let Some((name, node)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(node);
        let name: StringDeserializer<FormError> = name.clone().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, FormError> {
        let node = self
            .value
            .take()
            .ok_or_else(|| FormError::Value("a value without a name".into()))?;
        seed.deserialize(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::iam;

    fn tree(form: &str) -> Result<Node, FormError> {
        Node::from_pairs(&pairs(form).unwrap())
    }

    #[test]
    fn lists_numbers_and_texts_are_read() {
        let node = tree(
            "Action=CreateUser&Version=2010-05-08&UserName=j%2Be+x&Tags.member.2.Key=b&Tags.member.2.Value=2\
             &Tags.member.1.Key=a&Tags.member.1.Value=",
        )
        .unwrap();
        let request: iam::CreateUserRequest = node.read().unwrap();
        assert_eq!(request.user_name.as_deref(), Some("j+e x"));
        let tags = request.tags.unwrap();
        assert_eq!(
            (tags[0].key.as_deref(), tags[1].value.as_deref()),
            (Some("a"), Some("2"))
        );
        let request: iam::ListUsersRequest = tree("MaxItems=7").unwrap().read().unwrap();
        assert_eq!(request.max_items, Some(7));
        assert!(
            tree("MaxItems=x")
                .unwrap()
                .read::<iam::ListUsersRequest>()
                .is_err()
        );
    }

    #[test]
    fn ec2_spells_lists_by_number_and_knows_all_its_members() {
        use crate::wire::ec2;
        let request: ec2::DescribeVpcsRequest = tree(
            "Filter.1.Name=tag%3AName&Filter.1.Value.1=a&Filter.1.Value.2=b&VpcId.2=vpc-2&VpcId.1=vpc-1&DryRun=true",
        )
        .unwrap()
        .read()
        .unwrap();
        assert_eq!(request.filters[0].values, ["a", "b"]);
        assert_eq!(request.vpc_ids, ["vpc-1", "vpc-2"]);
        assert_eq!(request.dry_run, Some(true));
        assert_eq!(
            tree("Ipv4IpamPoolId=x")
                .unwrap()
                .read::<ec2::CreateVpcRequest>()
                .unwrap_err(),
            FormError::Unknown("Ipv4IpamPoolId".into())
        );
    }

    #[test]
    fn documents_are_encoded_as_rfc_3986_says() {
        let text = "{\"a b\": [\"*~-._/+ä\"]}\n";
        let encoded = encode(text);
        assert_eq!(
            encoded,
            "%7B%22a%20b%22%3A%20%5B%22%2A~-._%2F%2B%C3%A4%22%5D%7D%0A"
        );
        assert_eq!(decode(&encoded, false).unwrap(), text);
    }

    #[test]
    fn repeated_and_contradicting_parameters_are_refused() {
        assert_eq!(tree("A=1&A=2"), Err(FormError::Duplicate("A".into())));
        assert_eq!(tree("A=1&A.B=2"), Err(FormError::Mixed("A.B".into())));
        assert_eq!(tree("A.B=1&A=2"), Err(FormError::Mixed("A".into())));
        assert_eq!(pairs("a=%4"), Err(FormError::Escape));
        assert_eq!(pairs("a=%FF"), Err(FormError::Text));
    }
}
