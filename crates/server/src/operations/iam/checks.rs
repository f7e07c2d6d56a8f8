//! Checking members: all of them are looked at before the call is refused, as AWS does it.

use api::refusal::{Code, Refusal};
use api::wire::iam as wire;
use iam::identity::{Constraint, Rule, Tag};

/// The most tags of one entity.
pub(crate) const MAX_TAGS: usize = 50;

/// Collects what is wrong with the members of one request.
#[derive(Default)]
pub(crate) struct Checks {
    broken: Vec<String>,
}

impl Checks {
    /// Notes that the member breaks the constraint. The value is shown where there is one.
    pub(crate) fn note(&mut self, member: &str, value: Option<&str>, constraint: Constraint) {
        let shown = value.map(|value| format!(" '{value}'")).unwrap_or_default();
        self.broken.push(format!(
            "Value{shown} at '{member}' failed to satisfy constraint: {constraint}"
        ));
    }

    /// A member that has to be there. What is returned means something only if [`Checks::done`] agrees.
    pub(crate) fn required(&mut self, member: &str, value: Option<String>, rule: Rule) -> String {
        match value {
            Some(value) => {
                self.text(member, &value, rule);
                value
            }
            None => {
                self.note(member, None, Constraint::NotNull);
                String::new()
            }
        }
    }

    /// A member that may be there.
    pub(crate) fn optional(&mut self, member: &str, value: Option<&str>, rule: Rule) {
        if let Some(value) = value {
            self.text(member, value, rule);
        }
    }

    /// A document: it is not shown in the refusal, for its length.
    pub(crate) fn document(&mut self, member: &str, value: Option<String>) -> String {
        match value {
            Some(value) => {
                for constraint in Rule::DOCUMENT.broken_by(&value) {
                    self.note(member, None, constraint);
                }
                value
            }
            None => {
                self.note(member, None, Constraint::NotNull);
                String::new()
            }
        }
    }

    /// A member that has to be there and is too long to be shown in a refusal.
    pub(crate) fn long(&mut self, member: &str, value: Option<&str>, rule: Rule) {
        match value {
            Some(value) => {
                for constraint in rule.broken_by(value) {
                    self.note(member, None, constraint);
                }
            }
            None => self.note(member, None, Constraint::NotNull),
        }
    }

    /// The tags of a request.
    pub(crate) fn tags(&mut self, tags: Option<Vec<wire::Tag>>) -> Vec<Tag> {
        let tags = tags.unwrap_or_default();
        if tags.len() > MAX_TAGS {
            self.note("tags", None, Constraint::MaxLength(MAX_TAGS));
        }
        tags.into_iter()
            .enumerate()
            .map(|(index, tag)| {
                let at = |part: &str| format!("tags.{}.member.{part}", index + 1);
                Tag {
                    key: self.required(&at("key"), tag.key, Rule::TAG_KEY),
                    value: self.required(&at("value"), tag.value, Rule::TAG_VALUE),
                }
            })
            .collect()
    }

    /// The keys of tags to be removed.
    pub(crate) fn tag_keys(&mut self, keys: Option<Vec<String>>) -> Vec<String> {
        let Some(keys) = keys else {
            self.note("tagKeys", None, Constraint::NotNull);
            return Vec::new();
        };
        if keys.len() > MAX_TAGS {
            self.note("tagKeys", None, Constraint::MaxLength(MAX_TAGS));
        }
        for (index, key) in keys.iter().enumerate() {
            self.text(&format!("tagKeys.{}.member", index + 1), key, Rule::TAG_KEY);
        }
        keys
    }

    /// A member that is one of these words, where it is there.
    pub(crate) fn one_of(
        &mut self,
        member: &str,
        value: Option<&str>,
        words: &'static [&'static str],
    ) {
        if let Some(value) = value.filter(|value| !words.contains(value)) {
            self.note(member, Some(value), Constraint::OneOf(words));
        }
    }

    fn text(&mut self, member: &str, value: &str, rule: Rule) {
        for constraint in rule.broken_by(value) {
            self.note(member, Some(value), constraint);
        }
    }

    /// Refuses the request if anything is wrong with it.
    pub(crate) fn done(self) -> Result<(), Refusal> {
        let count = self.broken.len();
        if count == 0 {
            return Ok(());
        }
        let errors = if count == 1 { "error" } else { "errors" };
        Err(Refusal::new(
            Code::ValidationError,
            format!(
                "{count} validation {errors} detected: {}",
                self.broken.join("; ")
            ),
        ))
    }
}

/// Refuses tags whose keys differ in case only, and keys that are AWS's.
pub(crate) fn distinct(tags: &[Tag]) -> Result<(), Refusal> {
    let mut keys: Vec<String> = tags.iter().map(|tag| tag.key.to_lowercase()).collect();
    if keys.iter().any(|key| key.starts_with("aws:")) {
        return Err(Refusal::new(
            Code::InvalidInput,
            "Tag keys that begin with aws: are reserved for AWS use.",
        ));
    }
    keys.sort_unstable();
    let count = keys.len();
    keys.dedup();
    if keys.len() < count {
        return Err(Refusal::new(
            Code::InvalidInput,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ));
    }
    Ok(())
}

/// The tags as they are answered.
pub(crate) fn shown(tags: &[Tag]) -> Vec<wire::Tag> {
    tags.iter()
        .map(|tag| wire::Tag {
            key: Some(tag.key.clone()),
            value: Some(tag.value.clone()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_member_is_named_in_one_refusal() {
        let mut checks = Checks::default();
        checks.required("userName", Some("a/b".into()), Rule::NEW_USER);
        let refusal = checks.done().unwrap_err();
        assert_eq!(
            refusal.message,
            "1 validation error detected: Value 'a/b' at 'userName' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [\\w+=,.@-]+"
        );
        let mut checks = Checks::default();
        checks.required("userName", None, Rule::NEW_USER);
        checks.tags(Some(vec![wire::Tag {
            key: Some("k".into()),
            value: None,
        }]));
        assert_eq!(
            checks.done().unwrap_err().message,
            "2 validation errors detected: Value at 'userName' failed to satisfy constraint: Member must not be null; \
             Value at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn tag_keys_are_unique_without_regard_to_case() {
        let tag = |key: &str| Tag {
            key: key.into(),
            value: String::new(),
        };
        assert!(distinct(&[tag("a"), tag("b")]).is_ok());
        assert_eq!(
            distinct(&[tag("a"), tag("A")]).unwrap_err().message,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        );
        assert!(distinct(&[tag("AWS:x")]).is_err());
    }
}
