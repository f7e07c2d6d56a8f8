//! Session tags ("Pass session tags in AWS STS").

use std::collections::BTreeSet;

use crate::identity::Tag;

/// The most tags of a session.
const MAX_TAGS: usize = 50;

/// The tags of a session about to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionTags {
    /// The tags that were asked for, and the inherited ones.
    pub tags: Vec<Tag>,
    /// The keys of those that later sessions of the chain inherit.
    pub transitive: Vec<String>,
}

/// Why session tags are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// Two keys differ in case only, or not at all.
    #[error("Duplicate tag keys found. Please note that Tag keys are case insensitive.")]
    Duplicate,
    /// A key that begins with `aws:`.
    #[error("Tag keys that begin with aws: are reserved for AWS use.")]
    Reserved,
    /// A key is to be transitive that no tag has.
    #[error("The specified transitive tag key must be included in the requested tags.")]
    NotATag,
    /// A tag that the caller's session hands on is to be changed.
    #[error(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
    )]
    Inherited,
    /// More than fifty with the inherited ones.
    #[error("The number of session tags exceeds the limit of 50.")]
    TooMany,
}

/// Puts together the tags that were asked for and those that the caller's session hands on.
///
/// # Errors
/// [`TagError`].
pub fn session_tags(
    requested: Vec<Tag>,
    transitive: Vec<String>,
    inherited: Vec<Tag>,
) -> Result<SessionTags, TagError> {
    let mut keys = BTreeSet::new();
    for tag in &requested {
        let key = tag.key.to_lowercase();
        if key.starts_with("aws:") {
            return Err(TagError::Reserved);
        }
        if !keys.insert(key) {
            return Err(TagError::Duplicate);
        }
    }
    if inherited
        .iter()
        .any(|tag| keys.contains(&tag.key.to_lowercase()))
    {
        return Err(TagError::Inherited);
    }
    if !transitive
        .iter()
        .all(|key| keys.contains(&key.to_lowercase()))
    {
        return Err(TagError::NotATag);
    }
    if requested.len() + inherited.len() > MAX_TAGS {
        return Err(TagError::TooMany);
    }
    let mut transitive = transitive;
    transitive.extend(inherited.iter().map(|tag| tag.key.clone()));
    let mut tags = requested;
    tags.extend(inherited);
    Ok(SessionTags { tags, transitive })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag {
            key: key.into(),
            value: value.into(),
        }
    }

    #[test]
    fn inherited_tags_stay_as_they_are_and_are_handed_on() {
        let made = session_tags(
            vec![tag("Team", "a"), tag("Cost", "1")],
            vec!["team".into()],
            vec![tag("Origin", "x")],
        )
        .unwrap();
        assert_eq!(
            made.tags,
            [tag("Team", "a"), tag("Cost", "1"), tag("Origin", "x")]
        );
        assert_eq!(made.transitive, ["team", "Origin"]);
        let change = session_tags(vec![tag("ORIGIN", "y")], vec![], vec![tag("Origin", "x")]);
        assert_eq!(change, Err(TagError::Inherited));
    }

    #[test]
    fn tags_that_cannot_be_are_refused() {
        let none = Vec::new;
        let refused = |tags: Vec<Tag>, transitive: &[&str]| {
            let keys = transitive.iter().map(|key| (*key).to_owned()).collect();
            session_tags(tags, keys, none()).unwrap_err()
        };
        assert_eq!(
            refused(vec![tag("Key", "1"), tag("key", "2")], &[]),
            TagError::Duplicate
        );
        assert_eq!(refused(vec![tag("AWS:x", "1")], &[]), TagError::Reserved);
        assert_eq!(refused(vec![tag("a", "1")], &["b"]), TagError::NotATag);
        let many = (0..51).map(|n| tag(&n.to_string(), "")).collect();
        assert_eq!(refused(many, &[]), TagError::TooMany);
    }
}
