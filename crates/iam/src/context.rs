//! The request context: what is known about a request, as condition keys with typed values.
//!
//! A key that is not known is *absent*; never insert an empty string for it, because `Null`,
//! `IfExists` and the negated operators tell the two apart. Keys are case-insensitive, the tag key
//! behind the slash included.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::compile::decode_base64;
use crate::value::{Address, Decimal, Instant, Network};

/// A condition key of a policy, folded and hashed once when the policy is compiled.
#[derive(Debug, Clone)]
pub struct ContextKey {
    hash: u64,
    folded: Box<str>,
    /// As the policy spells it, which is nearly always as the server does.
    written: Box<str>,
}

impl PartialEq for ContextKey {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for ContextKey {}

impl ContextKey {
    /// Folds a key's case.
    pub fn new(key: &str) -> Self {
        let folded: String = key.chars().map(fold).collect();
        Self {
            hash: hash_of(&folded, ""),
            folded: folded.into(),
            written: key.into(),
        }
    }

    /// The key in its folded (lower-case) spelling.
    pub fn as_str(&self) -> &str {
        &self.folded
    }
}

/// A value of a context key: its text, and its typed form where the server knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Value<'a> {
    text: Cow<'a, str>,
    typed: Typed,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Typed {
    Text,
    Flag(bool),
    Instant(Instant),
    Address(Address),
}

impl<'a> Value<'a> {
    /// The value as text, as `${key}` substitutes it.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        match self.typed {
            Typed::Flag(flag) => Some(flag),
            Typed::Text | Typed::Instant(_) | Typed::Address(_) => parse_bool(&self.text),
        }
    }

    pub(crate) fn instant(&self) -> Option<Instant> {
        match self.typed {
            Typed::Instant(instant) => Some(instant),
            Typed::Text | Typed::Flag(_) | Typed::Address(_) => Instant::parse(&self.text),
        }
    }

    pub(crate) fn address(&self) -> Option<Address> {
        match self.typed {
            Typed::Address(address) => Some(address),
            Typed::Text | Typed::Flag(_) | Typed::Instant(_) => Address::parse(&self.text),
        }
    }

    fn of(text: impl Into<Cow<'a, str>>, typed: Typed) -> Self {
        Self {
            text: text.into(),
            typed,
        }
    }
}

/// What the text of a value is to be read as: the base types of SimulateCustomPolicy's context entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// `string`
    String,
    /// `numeric`: a decimal number.
    Numeric,
    /// `boolean`
    Boolean,
    /// `ip`: one address, or a range of them.
    Ip,
    /// `binary`: Base64.
    Binary,
    /// `date`: ISO 8601, or epoch seconds.
    Date,
}

impl ValueType {
    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::String,
            "numeric" => Self::Numeric,
            "boolean" => Self::Boolean,
            "ip" => Self::Ip,
            "binary" => Self::Binary,
            "date" => Self::Date,
            _ => return None,
        })
    }

    /// Whether the text can be read as a value of the type.
    pub fn reads(self, text: &str) -> bool {
        match self {
            Self::String => true,
            Self::Numeric => Decimal::parse(text).is_some(),
            Self::Boolean => parse_bool(text).is_some(),
            Self::Ip => Address::parse(text).is_some() || Network::parse(text).is_some(),
            Self::Binary => decode_base64(text).is_some(),
            Self::Date => Instant::parse(text).is_some(),
        }
    }
}

/// `true` and `false` in any case.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

#[derive(Debug, Clone)]
struct Entry<'a> {
    /// The key is `prefix` followed by `suffix`; the suffix is the tag key of tag conditions.
    prefix: &'a str,
    suffix: &'a str,
    values: Values<'a>,
}

#[derive(Debug, Clone)]
enum Values<'a> {
    One(Value<'a>),
    Many(Vec<Value<'a>>),
}

/// The context of one request. Cheap to build: it borrows keys and, where it can, values.
///
/// Setting a key twice does not overwrite: different values make the key multi-valued, equal ones
/// change nothing. So two tags that differ only in case (`env`, `Env`), which are one condition key
/// with two answers, can never satisfy an Allow with whichever came last.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// For each value of a hash's top six bits the first entry that has it, counted from 1;
    /// 0 if there is none, so that most absent keys are known to be absent at once.
    first: [u8; 64],
    /// The hashes of the keys, apart so that a look-up runs over one short piece of memory.
    hashes: Vec<u64>,
    /// Invariant: as long as `hashes`, in the same order.
    entries: Vec<Entry<'a>>,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self {
            first: [0; 64],
            hashes: Vec::new(),
            entries: Vec::new(),
        }
    }
}

impl<'a> Context<'a> {
    /// An empty context.
    pub fn new() -> Self {
        Self {
            hashes: Vec::with_capacity(24),
            entries: Vec::with_capacity(24),
            ..Self::default()
        }
    }

    /// Adds a text value.
    pub fn text(&mut self, key: &'a str, value: impl Into<Cow<'a, str>>) -> &mut Self {
        self.insert(key, "", Values::One(Value::of(value, Typed::Text)))
    }

    /// Adds a text value if there is one; an absent value leaves the key absent.
    pub fn optional(&mut self, key: &'a str, value: Option<impl Into<Cow<'a, str>>>) -> &mut Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    /// Adds a multi-valued key such as `aws:TagKeys`. An empty list is a key without values, which
    /// every operator treats as an absent one. No variable stands for it, even where it has one value.
    pub fn texts<T: Into<Cow<'a, str>>>(
        &mut self,
        key: &'a str,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        let values = values
            .into_iter()
            .map(|value| Value::of(value, Typed::Text))
            .collect();
        self.insert(key, "", Values::Many(values))
    }

    /// Adds a Boolean such as `aws:SecureTransport`.
    pub fn flag(&mut self, key: &'a str, value: bool) -> &mut Self {
        let text = if value { "true" } else { "false" };
        self.insert(key, "", Values::One(Value::of(text, Typed::Flag(value))))
    }

    /// Adds an integer such as `aws:MultiFactorAuthAge` (seconds).
    pub fn number(&mut self, key: &'a str, value: i64) -> &mut Self {
        self.insert(
            key,
            "",
            Values::One(Value::of(value.to_string(), Typed::Text)),
        )
    }

    /// Adds a point in time such as `aws:CurrentTime`; its text is ISO 8601 in UTC.
    pub fn time(&mut self, key: &'a str, value: jiff::Timestamp) -> &mut Self {
        let typed = Typed::Instant(instant_of(value));
        self.insert(key, "", Values::One(Value::of(value.to_string(), typed)))
    }

    /// Adds a point in time whose text is epoch seconds, such as `aws:EpochTime`.
    pub fn epoch(&mut self, key: &'a str, value: jiff::Timestamp) -> &mut Self {
        let seconds = value.as_second();
        let typed = Typed::Instant(Instant::from_epoch(seconds, 0));
        self.insert(key, "", Values::One(Value::of(seconds.to_string(), typed)))
    }

    /// Adds an IP address such as `aws:SourceIp`; an IPv4-mapped IPv6 address counts as IPv4.
    pub fn address(&mut self, key: &'a str, value: IpAddr) -> &mut Self {
        let typed = Typed::Address(value.into());
        self.insert(
            key,
            "",
            Values::One(Value::of(value.to_canonical().to_string(), typed)),
        )
    }

    /// Adds a tag condition: `tag("aws:ResourceTag/", "team", "payments")`.
    pub fn tag(
        &mut self,
        prefix: &'a str,
        tag_key: &'a str,
        value: impl Into<Cow<'a, str>>,
    ) -> &mut Self {
        self.insert(prefix, tag_key, Values::One(Value::of(value, Typed::Text)))
    }

    /// Makes a key absent.
    pub fn remove(&mut self, key: &str) -> &mut Self {
        if let Some(at) = self.position(&ContextKey::new(key)) {
            self.hashes.remove(at);
            self.entries.remove(at);
            self.first = [0; 64];
            for (at, hash) in self.hashes.iter().enumerate() {
                note_first(&mut self.first, *hash, at);
            }
        }
        self
    }

    /// The values of a key; `None` if it is absent.
    pub fn get(&self, key: &str) -> Option<&[Value<'a>]> {
        self.values(&ContextKey::new(key))
    }

    /// The values of a folded key; `None` if it is absent.
    pub fn values(&self, key: &ContextKey) -> Option<&[Value<'a>]> {
        let at = self.position(key)?;
        self.entries.get(at).map(|entry| entry.values.as_slice())
    }

    fn position(&self, key: &ContextKey) -> Option<usize> {
        let first = usize::from(*self.first.get(slot(key.hash))?).checked_sub(1)?;
        let candidates = self.hashes.iter().zip(&self.entries).enumerate();
        candidates
            .skip(first)
            .find(|(_, (known, entry))| {
                **known == key.hash && (entry.is_spelt(&key.written) || entry.is(&key.folded, ""))
            })
            .map(|(at, _)| at)
    }

    fn find(&self, hash: u64, prefix: &str, suffix: &str) -> Option<usize> {
        if self.first.get(slot(hash)) == Some(&0) {
            return None;
        }
        let mut candidates = self.hashes.iter().zip(&self.entries).enumerate();
        candidates
            .find(|(_, (known, entry))| **known == hash && entry.is(prefix, suffix))
            .map(|(at, _)| at)
    }

    /// The text of a single-valued key: what a policy variable may stand for.
    // AWS: "You cannot use a multivalued condition key as a policy variable", and a key is multivalued by what it may have, not by
    // what it has ("Single-valued vs. multivalued condition keys").
    pub(crate) fn single(&self, key: &ContextKey) -> Option<&str> {
        match &self.entries.get(self.position(key)?)?.values {
            Values::One(value) => Some(value.text()),
            Values::Many(_) => None,
        }
    }

    /// All keys in their given spelling with their values, for audit records.
    pub fn iter(&self) -> impl Iterator<Item = (String, &[Value<'a>])> {
        self.entries.iter().map(|entry| {
            (
                format!("{}{}", entry.prefix, entry.suffix),
                entry.values.as_slice(),
            )
        })
    }

    fn insert(&mut self, prefix: &'a str, suffix: &'a str, values: Values<'a>) -> &mut Self {
        let hash = hash_of(prefix, suffix);
        let known = self
            .find(hash, prefix, suffix)
            .and_then(|at| self.entries.get_mut(at));
        match known {
            Some(entry) => entry.values.join(values),
            None => {
                note_first(&mut self.first, hash, self.hashes.len());
                self.hashes.push(hash);
                self.entries.push(Entry {
                    prefix,
                    suffix,
                    values,
                });
            }
        }
        self
    }
}

fn slot(hash: u64) -> usize {
    usize::try_from(hash >> 58).unwrap_or_default()
}

fn note_first(first: &mut [u8; 64], hash: u64, at: usize) {
    if let Some(entry @ 0) = first.get_mut(slot(hash)) {
        // An index that does not fit only means that the look-up runs over all hashes.
        *entry = u8::try_from(at + 1).unwrap_or(u8::MAX);
    }
}

impl Entry<'_> {
    fn is_spelt(&self, key: &str) -> bool {
        key.strip_prefix(self.prefix) == Some(self.suffix)
    }

    fn is(&self, prefix: &str, suffix: &str) -> bool {
        if suffix.is_empty()
            && let Some((head, tail)) = prefix.split_at_checked(self.prefix.len())
            && head.eq_ignore_ascii_case(self.prefix)
            && tail.eq_ignore_ascii_case(self.suffix)
        {
            return true;
        }
        let own = self.prefix.chars().chain(self.suffix.chars()).map(fold);
        own.eq(prefix.chars().chain(suffix.chars()).map(fold))
    }
}

impl<'a> Values<'a> {
    fn as_slice(&self) -> &[Value<'a>] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    fn join(&mut self, more: Values<'a>) {
        if let (Self::One(known), Self::One(value)) = (&*self, &more)
            && known.text == value.text
        {
            return;
        }
        let more = match more {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        };
        let mut all = self.as_slice().to_vec();
        for value in more {
            if !all.iter().any(|known| known.text == value.text) {
                all.push(value);
            }
        }
        *self = Self::Many(all);
    }
}

fn instant_of(value: jiff::Timestamp) -> Instant {
    Instant::from_epoch(value.as_second(), value.subsec_nanosecond())
}

/// The case folding of keys: simple lower case, one character for one.
pub(crate) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        (Some(_) | None, _) => c,
    }
}

/// FNV-1a over the folded key. A collision costs a comparison, never a wrong answer.
fn hash_of(prefix: &str, suffix: &str) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in [prefix, suffix] {
        if part.is_ascii() {
            for byte in part.bytes() {
                hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME);
            }
        } else {
            for c in part.chars().map(fold) {
                hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(PRIME);
            }
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ignore_case_and_absent_stays_absent() {
        let mut context = Context::new();
        context
            .text("aws:username", "jane")
            .tag("aws:ResourceTag/", "Équipe", "A");
        context.optional("aws:userid", None::<&str>);
        assert_eq!(context.get("AWS:UserName").unwrap()[0].text(), "jane");
        assert_eq!(
            context.get("aws:resourcetag/éQUIPE").unwrap()[0].text(),
            "A"
        );
        assert!(context.get("aws:userid").is_none());
        assert!(context.get("aws:usernam").is_none());
        assert!(context.get("aws:ResourceTag/").is_none());
        context.remove("AWS:username");
        assert!(context.get("aws:username").is_none());
    }

    #[test]
    fn two_answers_to_one_key_make_it_multi_valued() {
        let mut context = Context::new();
        context
            .tag("aws:RequestTag/", "env", "test")
            .tag("aws:RequestTag/", "Env", "prod");
        context.text("k", "same").text("K", "same");
        assert_eq!(context.get("aws:RequestTag/env").unwrap().len(), 2);
        assert_eq!(context.get("k").unwrap().len(), 1);
    }

    #[test]
    fn typed_values_have_a_text() {
        let mut context = Context::new();
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        context
            .flag("aws:SecureTransport", true)
            .number("n", -3)
            .time("aws:CurrentTime", now)
            .epoch("aws:EpochTime", now)
            .address("aws:SourceIp", "::ffff:10.1.2.3".parse().unwrap());
        let texts: Vec<_> = context
            .iter()
            .map(|(_, values)| values[0].text().to_owned())
            .collect();
        assert_eq!(
            texts,
            [
                "true",
                "-3",
                "2026-11-23T12:00:00Z",
                "1795435200",
                "10.1.2.3"
            ]
        );
    }
}
