//! What the rules are told about services.

use crate::wildcard;

/// Everything the rules know about the world.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The actions.
    pub actions: Vec<KnownAction>,
    /// The services that are served.
    pub services: Vec<KnownService>,
    /// The condition keys: those that come with every request, and those that actions name.
    pub keys: Vec<KnownKey>,
    /// The account, where it is known: 12 digits.
    pub account: Option<String>,
}

/// An action.
#[derive(Debug, Clone)]
pub struct KnownAction {
    /// `service:Name`.
    pub name: String,
    /// Patterns of the ARNs it is asked on; empty for an action that is asked on `*`.
    pub resources: Vec<String>,
    /// The condition keys that come with it besides the global ones; a tag key is written
    /// `aws:RequestTag/${TagKey}`.
    pub keys: Vec<String>,
}

/// A service.
#[derive(Debug, Clone)]
pub struct KnownService {
    /// Its prefix in actions.
    pub name: String,
    /// Whether every action that the service has on AWS is among the known ones.
    pub complete: bool,
}

/// A condition key.
#[derive(Debug, Clone)]
pub struct KnownKey {
    /// The key; a tag key is written `aws:RequestTag/${TagKey}`.
    pub name: String,
    /// The type of its values.
    pub kind: KeyKind,
    /// Whether it can have several values.
    pub many: bool,
    /// Whether it can come with any action.
    pub global: bool,
}

/// The type of a key's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Any text.
    Text,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Flag,
    /// A point in time.
    Date,
    /// A number.
    Number,
    /// An IP address.
    Address,
}

impl KeyKind {
    /// In a message: "… is an ARN".
    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Arn => "an ARN",
            Self::Flag => "a Boolean",
            Self::Date => "a date",
            Self::Number => "a number",
            Self::Address => "an IP address",
        }
    }
}

impl Known {
    pub(crate) fn service(&self, name: &str) -> Option<&KnownService> {
        self.services
            .iter()
            .find(|service| service.name.eq_ignore_ascii_case(name))
    }

    /// The known actions that an entry of `Action` means.
    pub(crate) fn matching<'a>(
        &'a self,
        entry: &str,
    ) -> impl Iterator<Item = &'a KnownAction> + use<'a> {
        let entry = entry.to_ascii_lowercase();
        let all = self.actions.iter();
        all.filter(move |action| wildcard::matches(&entry, &action.name.to_ascii_lowercase()))
    }

    /// Whether no action but known ones can be meant by an entry.
    pub(crate) fn knows_all_of(&self, entry: &str) -> bool {
        let complete = entry
            .split_once(':')
            .and_then(|(service, _)| self.service(service))
            .is_some_and(|service| service.complete);
        complete || (!entry.contains(['*', '?']) && self.matching(entry).next().is_some())
    }

    pub(crate) fn key(&self, key: &str) -> Option<&KnownKey> {
        self.keys.iter().find(|known| is_key(&known.name, key))
    }
}

impl KnownAction {
    pub(crate) fn supplies(&self, key: &str) -> bool {
        self.keys.iter().any(|known| is_key(known, key))
    }
}

/// Whether `key` is the known key, or one of a family such as `aws:RequestTag/${TagKey}`.
pub(crate) fn is_key(known: &str, key: &str) -> bool {
    match known.strip_suffix("${TagKey}") {
        None => known.eq_ignore_ascii_case(key),
        Some(family) => key
            .split_at_checked(family.len())
            .is_some_and(|(start, tag)| start.eq_ignore_ascii_case(family) && !tag.is_empty()),
    }
}

/// The candidate that is so near to a text that the text may be a slip for it, without regard to
/// case; at most a third of its letters differ.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&text, &candidate.to_lowercase()), candidate))
        .min()
        .filter(|(distance, _)| *distance * 3 <= text.chars().count())
        .map(|(_, candidate)| candidate)
}

/// How many letters have to change (Levenshtein).
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        let pairs = row.iter().zip(row.iter().skip(1)).zip(&b);
        for ((diagonal, above), y) in pairs {
            left = (above + 1)
                .min(left + 1)
                .min(diagonal + usize::from(x != *y));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
