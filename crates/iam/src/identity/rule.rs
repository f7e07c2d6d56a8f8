//! What texts may be ("IAM and AWS STS quotas, name requirements, and character limits", and the constraints of IAM's
//! service model).

use std::fmt;

/// What a text may be: its length in characters, and which characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The fewest characters.
    pub min: usize,
    /// The most characters.
    pub max: usize,
    /// Which characters.
    pub pattern: Option<Pattern>,
}

/// Which characters a text is made of. AWS names the patterns in its refusals, so they are an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Names: letters, digits and `_+=,.@-`.
    Name,
    /// Names of sessions and source identities: letters, digits and `_+=,.@-`.
    SessionName,
    /// External ids: letters, digits and `_+=,.@:/-`.
    ExternalId,
    /// Letters, digits and `_`.
    Word,
    /// Letters, digits and `_.-`.
    SamlName,
    /// Paths: `/`, or printable ASCII between two slashes.
    Path,
    /// The beginning of a path.
    PathPrefix,
    /// Paths of policies: `/`, or segments of letters, digits and `.,+@=_-`.
    PolicyPath,
    /// Ids of policy versions.
    Version,
    /// Policy documents and passwords: Latin-1 without control characters other than tab and line ends.
    Document,
    /// Descriptions of roles: Latin-1 without control characters other than tab and line ends.
    Description,
    /// Names of accounts: small letters, digits and single hyphens between them.
    Alias,
    /// Markers: Latin-1 without control characters.
    Marker,
    /// Keys of tags.
    TagKey,
    /// Values of tags.
    TagValue,
}

impl Pattern {
    /// The pattern as AWS writes it.
    pub fn text(self) -> &'static str {
        match self {
            Pattern::Name => r"[\w+=,.@-]+",
            Pattern::SessionName => r"[\w+=,.@-]*",
            Pattern::ExternalId => r"[\w+=,.@:\/-]*",
            Pattern::Word => r"[\w]+",
            Pattern::SamlName => r"[\w._-]+",
            Pattern::Path => r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)",
            Pattern::PathPrefix => r"\u002F[\u0021-\u007F]*",
            Pattern::PolicyPath => r"((/[A-Za-z0-9\.,\+@=_-]+)*)/",
            Pattern::Version => r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?",
            Pattern::Document => r"[\u0009\u000A\u000D\u0020-\u00FF]+",
            Pattern::Description => r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*",
            Pattern::Alias => r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$",
            Pattern::Marker => r"[\u0020-\u00FF]+",
            Pattern::TagKey => r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+",
            Pattern::TagValue => r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*",
        }
    }

    /// Whether the whole text is of the pattern.
    pub fn matches(self, text: &str) -> bool {
        match self {
            Pattern::Name => {
                !text.is_empty()
                    && text
                        .bytes()
                        .all(|b| is_word(b) || matches!(b, b'+' | b'=' | b',' | b'.' | b'@' | b'-'))
            }
            Pattern::SessionName => text.is_empty() || Pattern::Name.matches(text),
            Pattern::ExternalId => text.bytes().all(|b| {
                is_word(b) || matches!(b, b'+' | b'=' | b',' | b'.' | b'@' | b':' | b'/' | b'-')
            }),
            Pattern::Word => !text.is_empty() && text.bytes().all(is_word),
            Pattern::SamlName => {
                !text.is_empty() && text.bytes().all(|b| is_word(b) || matches!(b, b'.' | b'-'))
            }
            Pattern::Path => {
                text == "/"
                    || (text.len() >= 3
                        && text.starts_with('/')
                        && text.ends_with('/')
                        && text.bytes().all(|b| (0x21..=0x7e).contains(&b)))
            }
            Pattern::PathPrefix => {
                text.starts_with('/') && text.bytes().skip(1).all(|b| (0x21..=0x7f).contains(&b))
            }
            Pattern::PolicyPath => {
                let segments = text
                    .strip_prefix('/')
                    .map(|rest| rest.strip_suffix('/').unwrap_or(rest));
                (text == "/" || text.ends_with('/'))
                    && segments.is_some_and(|segments| {
                        text == "/" || segments.split('/').all(is_policy_segment)
                    })
            }
            Pattern::Version => {
                let (number, rest) = text.split_once('.').unwrap_or((text, ""));
                number.strip_prefix('v').is_some_and(|digits| {
                    !digits.starts_with('0')
                        && !digits.is_empty()
                        && digits.bytes().all(|b| b.is_ascii_digit())
                }) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            }
            Pattern::Document => {
                !text.is_empty()
                    && text
                        .chars()
                        .all(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}'))
            }
            Pattern::Description => text.chars().all(
                |c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{7e}' | '\u{a1}'..='\u{ff}'),
            ),
            Pattern::Alias => {
                let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
                text.len() >= 3
                    && text.bytes().all(|b| is_plain(b) || b == b'-')
                    && !text.contains("--")
                    && !text.starts_with('-')
                    && !text.ends_with('-')
            }
            Pattern::Marker => {
                !text.is_empty() && text.chars().all(|c| ('\u{20}'..='\u{ff}').contains(&c))
            }
            Pattern::TagKey => !text.is_empty() && text.chars().all(is_tag_character),
            Pattern::TagValue => text.chars().all(is_tag_character),
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_policy_segment(segment: &str) -> bool {
    !segment.is_empty()
        && segment
            .bytes()
            .all(|b| is_word(b) || matches!(b, b'.' | b',' | b'+' | b'@' | b'=' | b'-'))
}

/// Letters, separators, digits and some punctuation. Differs: of combining marks, those that are alphabetic are taken too.
fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric()
        || (c.is_whitespace() && !c.is_control())
        || matches!(c, '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@')
}

/// A constraint that a value breaks; `Display` is AWS's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// The value is missing.
    NotNull,
    /// It is longer than this.
    MaxLength(usize),
    /// It is shorter than this.
    MinLength(usize),
    /// It holds other characters.
    Pattern(Pattern),
    /// It is none of these.
    OneOf(&'static [&'static str]),
    /// It is more than this.
    MaxValue(i64),
    /// It is less than this.
    MinValue(i64),
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Constraint::NotNull => f.write_str("Member must not be null"),
            Constraint::MaxLength(max) => {
                write!(f, "Member must have length less than or equal to {max}")
            }
            Constraint::MinLength(min) => {
                write!(f, "Member must have length greater than or equal to {min}")
            }
            Constraint::Pattern(pattern) => write!(
                f,
                "Member must satisfy regular expression pattern: {}",
                pattern.text()
            ),
            Constraint::OneOf(values) => write!(
                f,
                "Member must satisfy enum value set: [{}]",
                values.join(", ")
            ),
            Constraint::MaxValue(max) => {
                write!(f, "Member must have value less than or equal to {max}")
            }
            Constraint::MinValue(min) => {
                write!(f, "Member must have value greater than or equal to {min}")
            }
        }
    }
}

const fn rule(min: usize, max: usize, pattern: Pattern) -> Rule {
    Rule {
        min,
        max,
        pattern: Some(pattern),
    }
}

impl Rule {
    /// The name of a user or role about to be made.
    pub const NEW_USER: Rule = rule(1, 64, Pattern::Name);
    /// The name of a user that exists.
    pub const USER: Rule = rule(1, 128, Pattern::Name);
    /// The name of a role.
    pub const ROLE: Rule = rule(1, 64, Pattern::Name);
    /// The name of a group, policy or instance profile.
    pub const NAME: Rule = rule(1, 128, Pattern::Name);
    /// A path.
    pub const PATH: Rule = rule(1, 512, Pattern::Path);
    /// The path of a policy.
    pub const POLICY_PATH: Rule = rule(1, 512, Pattern::PolicyPath);
    /// The beginning of a path.
    pub const PATH_PREFIX: Rule = rule(1, 512, Pattern::PathPrefix);
    /// A policy document.
    pub const DOCUMENT: Rule = rule(1, 131_072, Pattern::Document);
    /// A marker.
    pub const MARKER: Rule = rule(1, 320, Pattern::Marker);
    /// An access key id.
    pub const ACCESS_KEY_ID: Rule = rule(16, 128, Pattern::Word);
    /// The key of a tag.
    pub const TAG_KEY: Rule = rule(1, 128, Pattern::TagKey);
    /// The value of a tag.
    pub const TAG_VALUE: Rule = rule(0, 256, Pattern::TagValue);
    /// An ARN.
    pub const ARN: Rule = Rule {
        min: 20,
        max: 2048,
        pattern: None,
    };
    /// The id of a policy version.
    pub const VERSION: Rule = rule(0, usize::MAX, Pattern::Version);
    /// The URL of an OpenID Connect provider.
    pub const URL: Rule = Rule {
        min: 1,
        max: 255,
        pattern: None,
    };
    /// A client id of an OpenID Connect provider.
    pub const CLIENT_ID: Rule = Rule::URL;
    /// A fingerprint of a certificate.
    pub const THUMBPRINT: Rule = Rule {
        min: 40,
        max: 40,
        pattern: None,
    };
    /// The name of a SAML provider.
    pub const SAML_NAME: Rule = rule(1, 128, Pattern::SamlName);
    /// The metadata of a SAML provider.
    pub const SAML_METADATA: Rule = Rule {
        min: 1000,
        max: 10_000_000,
        pattern: None,
    };
    /// The description of a role.
    pub const ROLE_DESCRIPTION: Rule = rule(0, 1000, Pattern::Description);
    /// The name of an account.
    pub const ALIAS: Rule = rule(3, 63, Pattern::Alias);
    /// A password.
    pub const PASSWORD: Rule = rule(1, 128, Pattern::Document);
    /// The id of a deletion task.
    pub const TASK_ID: Rule = Rule {
        min: 1,
        max: 1000,
        pattern: None,
    };
    /// The name of a role's session.
    pub const ROLE_SESSION_NAME: Rule = rule(2, 64, Pattern::SessionName);
    /// The source identity of a session.
    pub const SOURCE_IDENTITY: Rule = rule(2, 64, Pattern::SessionName);
    /// The name of a federated user.
    pub const FEDERATED_USER: Rule = rule(2, 32, Pattern::SessionName);
    /// An external id.
    pub const EXTERNAL_ID: Rule = rule(2, 1224, Pattern::ExternalId);
    /// A session policy. Its length is counted apart.
    pub const SESSION_POLICY: Rule = rule(1, 2048, Pattern::Document);
    /// The description of a policy.
    pub const DESCRIPTION: Rule = Rule {
        min: 0,
        max: 1000,
        pattern: None,
    };

    /// The constraints that the text breaks, in AWS's order.
    pub fn broken_by(&self, text: &str) -> Vec<Constraint> {
        let length = text.chars().count();
        let mut broken = Vec::new();
        if length > self.max {
            broken.push(Constraint::MaxLength(self.max));
        }
        if length < self.min {
            broken.push(Constraint::MinLength(self.min));
        }
        if let Some(pattern) = self.pattern.filter(|pattern| !pattern.matches(text)) {
            broken.push(Constraint::Pattern(pattern));
        }
        broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_their_patterns_say() {
        let long = "a".repeat(65);
        for (rule, text, valid) in [
            (Rule::NEW_USER, "jane.doe@x=1,2+3-_", true),
            (Rule::NEW_USER, "jane doe", false),
            (Rule::NEW_USER, "jäne", false),
            (Rule::NEW_USER, "", false),
            (Rule::NEW_USER, long.as_str(), false),
            (Rule::USER, long.as_str(), true),
            (Rule::PATH, "/", true),
            (Rule::PATH, "/a/b/", true),
            (Rule::PATH, "//", false),
            (Rule::PATH, "a/", false),
            (Rule::PATH, "/a", false),
            (Rule::PATH, "/ä/", false),
            (Rule::POLICY_PATH, "/", true),
            (Rule::POLICY_PATH, "/a/b.c/", true),
            (Rule::POLICY_PATH, "/a", false),
            (Rule::POLICY_PATH, "/a//b/", false),
            (Rule::POLICY_PATH, "/a!/", false),
            (Rule::PATH_PREFIX, "/a", true),
            (Rule::PATH_PREFIX, "a", false),
            (Rule::DOCUMENT, "{\n\t\"ä\"}", true),
            (Rule::DOCUMENT, "{\u{0}}", false),
            (Rule::DOCUMENT, "{\"\u{100}\"}", false),
            (Rule::ACCESS_KEY_ID, "AKIA0123456789AB", true),
            (Rule::ACCESS_KEY_ID, "AKIA", false),
            (Rule::TAG_KEY, "Straße 1: a/b=c+d-e@f", true),
            (Rule::TAG_KEY, "a\tb", false),
            (Rule::TAG_KEY, "", false),
            (Rule::ALIAS, "my-account", true),
            (Rule::ALIAS, "my--account", false),
            (Rule::ALIAS, "-my", false),
            (Rule::ALIAS, "My", false),
            (Rule::VERSION, "v1", true),
            (Rule::VERSION, "v12.a-b", true),
            (Rule::VERSION, "v01", false),
            (Rule::VERSION, "1", false),
            (Rule::ROLE_SESSION_NAME, "me@here", true),
            (Rule::ROLE_SESSION_NAME, "a:b", false),
            (Rule::ROLE_SESSION_NAME, "a", false),
            (Rule::EXTERNAL_ID, "a:b/c", true),
            (Rule::EXTERNAL_ID, "a b", false),
            (Rule::TAG_VALUE, "", true),
            (Rule::TAG_VALUE, "a*b", false),
        ] {
            assert_eq!(rule.broken_by(text).is_empty(), valid, "{text}");
        }
    }

    #[test]
    fn constraints_read_as_awss_do() {
        let broken = Rule::NEW_USER.broken_by("a/b");
        assert_eq!(
            broken[0].to_string(),
            r"Member must satisfy regular expression pattern: [\w+=,.@-]+"
        );
        assert_eq!(
            Rule::ARN.broken_by("x")[0].to_string(),
            "Member must have length greater than or equal to 20"
        );
        assert_eq!(
            Constraint::OneOf(&["Active", "Inactive"]).to_string(),
            "Member must satisfy enum value set: [Active, Inactive]"
        );
    }
}
