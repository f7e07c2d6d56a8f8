//! What a session token says.

use serde::{Deserialize, Serialize};

use crate::identity::Tag;

/// A session as its token says it, its secret apart. Names of the members are short because a token travels with every
/// request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The account, 12 digits.
    #[serde(rename = "a")]
    pub account: String,
    /// The access key, `ASIA…`.
    #[serde(rename = "k")]
    pub key_id: String,
    /// Whose session it is.
    #[serde(rename = "p")]
    pub principal: SessionPrincipal,
    /// When it was made, in seconds since the Unix epoch (`aws:TokenIssueTime`).
    #[serde(rename = "i")]
    pub issued: i64,
    /// The first second at which it is no longer good.
    #[serde(rename = "e")]
    pub expires: i64,
    /// The inline session policy.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// ARNs of the managed session policies.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub policy_arns: Vec<String>,
    /// The session's tags, inherited ones included.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// The keys of the tags that sessions assumed from this one inherit.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub transitive: Vec<String>,
    /// The source identity, which no later session of the chain can change.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<String>,
}

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionPrincipal {
    /// The account's root (GetSessionToken).
    #[serde(rename = "o")]
    Root,
    /// An IAM user (GetSessionToken).
    #[serde(rename = "u")]
    User {
        /// The unique id, `AIDA…`.
        id: String,
        /// The name when the session was made.
        name: String,
    },
    /// A user outside IAM whom an IAM user or root vouches for (GetFederationToken).
    #[serde(rename = "f")]
    Federated {
        /// The name that was given.
        name: String,
        /// Who vouches.
        by: Issuer,
    },
    /// A role.
    #[serde(rename = "r")]
    Role {
        /// The role's unique id, `AROA…`.
        id: String,
        /// The role's name.
        name: String,
        /// The name of the session.
        session: String,
        /// The identity provider that vouched (`aws:FederatedProvider`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
    },
}

/// Who vouches for a federated user: its own permissions are the most that the session can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Issuer {
    /// The account's root.
    #[serde(rename = "o")]
    Root,
    /// An IAM user.
    #[serde(rename = "u")]
    User {
        /// The unique id, `AIDA…`.
        id: String,
        /// The name when the session was made.
        name: String,
    },
}

impl Session {
    /// Whether the session is over at this second.
    pub fn is_expired(&self, now: i64) -> bool {
        now >= self.expires
    }

    /// Whether the session is limited by session policies. A federated user always is: without any it may do nothing.
    pub fn has_policies(&self) -> bool {
        match self.principal {
            SessionPrincipal::Federated { .. } => true,
            SessionPrincipal::Root
            | SessionPrincipal::User { .. }
            | SessionPrincipal::Role { .. } => {
                self.policy.is_some() || !self.policy_arns.is_empty()
            }
        }
    }

    /// The tags that sessions assumed from this one inherit.
    pub fn inherited_tags(&self) -> impl Iterator<Item = &Tag> {
        self.tags.iter().filter(|tag| {
            let mut keys = self.transitive.iter();
            keys.any(|key| key.to_lowercase() == tag.key.to_lowercase())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(principal: SessionPrincipal) -> Session {
        Session {
            account: "111122223333".into(),
            key_id: "ASIAQAAAAAAAAAAAAAAA".into(),
            principal,
            issued: 100,
            expires: 1000,
            policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive: Vec::new(),
            source_identity: None,
        }
    }

    #[test]
    fn a_session_is_over_at_the_second_of_its_end() {
        let session = session(SessionPrincipal::Root);
        assert!(!session.is_expired(999));
        assert!(session.is_expired(1000));
    }

    #[test]
    fn only_a_federated_user_is_limited_without_a_policy() {
        let by = Issuer::Root;
        let name = String::from("bob");
        assert!(session(SessionPrincipal::Federated { name, by }).has_policies());
        let mut user = session(SessionPrincipal::Root);
        assert!(!user.has_policies());
        user.policy_arns.push("arn:aws:iam::aws:policy/x".into());
        assert!(user.has_policies());
    }

    #[test]
    fn claims_that_are_not_known_are_not_read() {
        let text = serde_json::to_string(&session(SessionPrincipal::Root)).unwrap();
        assert!(serde_json::from_str::<Session>(&text).is_ok());
        let more = text.replacen('{', "{\"mfa\":true,", 1);
        assert!(serde_json::from_str::<Session>(&more).is_err());
    }
}
