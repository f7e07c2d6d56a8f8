//! Sizes of policies, apart from their meaning.
//!
//! AWS counts characters without white space for everything but session policies
//! ("IAM and AWS STS quotas").

use std::fmt;

/// The longest document that any operation takes, white space included.
pub const MAX_DOCUMENT_CHARACTERS: usize = 131_072;

/// A size beyond AWS's quota; `Display` is AWS's message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// A managed policy: code `LimitExceeded`.
    #[error("Cannot exceed quota for PolicySize: {0}")]
    Managed(usize),
    /// The sum of the inline policies of one identity: code `LimitExceeded`.
    #[error("Maximum policy size of {maximum} bytes exceeded for {kind} {name}")]
    Inline {
        /// The quota in characters.
        maximum: usize,
        /// What holds the policies.
        kind: InlineOwner,
        /// Its name.
        name: String,
    },
    /// A trust policy: code `LimitExceeded`.
    #[error("Cannot exceed quota for ACLSizePerRole: {0}")]
    Trust(usize),
    /// A session policy, and any document beyond the parameter's length: code `ValidationError`.
    #[error(
        "1 validation error detected: Value at '{parameter}' failed to satisfy constraint: Member must have length less than or equal to {maximum}"
    )]
    Parameter {
        /// The parameter's name.
        parameter: &'static str,
        /// Its maximum length in characters.
        maximum: usize,
    },
}

impl LimitError {
    /// The AWS error code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Managed(_) | Self::Inline { .. } | Self::Trust(_) => "LimitExceeded",
            Self::Parameter { .. } => "ValidationError",
        }
    }
}

/// Who holds inline policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InlineOwner {
    /// A user: 2,048 characters in all.
    User,
    /// A group: 5,120.
    Group,
    /// A role: 10,240.
    Role,
}

impl InlineOwner {
    /// The quota for the sum of all inline policies, in characters without white space.
    pub fn maximum(self) -> usize {
        match self {
            Self::User => 2_048,
            Self::Group => 5_120,
            Self::Role => 10_240,
        }
    }
}

impl fmt::Display for InlineOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
        })
    }
}

/// Counts the characters that quotas count: all but space, tab and line ends.
pub fn non_whitespace_characters(text: &str) -> usize {
    text.chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'))
        .count()
}

/// Checks a managed policy: 6,144 characters.
///
/// # Errors
/// [`LimitError::Managed`].
pub fn check_managed_size(text: &str) -> Result<(), LimitError> {
    within(non_whitespace_characters(text), 6_144, LimitError::Managed)
}

/// Checks the inline policies of one identity: pass the sum of [`non_whitespace_characters`] over
/// all of them, the new one included.
///
/// # Errors
/// [`LimitError::Inline`].
pub fn check_inline_size(kind: InlineOwner, name: &str, total: usize) -> Result<(), LimitError> {
    within(total, kind.maximum(), |maximum| LimitError::Inline {
        maximum,
        kind,
        name: name.to_owned(),
    })
}

/// Checks a trust policy: 2,048 characters.
///
/// # Errors
/// [`LimitError::Trust`].
pub fn check_trust_size(text: &str) -> Result<(), LimitError> {
    within(non_whitespace_characters(text), 2_048, LimitError::Trust)
}

/// Checks a session policy: 2,048 characters, white space included.
///
/// # Errors
/// [`LimitError::Parameter`].
pub fn check_session_size(text: &str) -> Result<(), LimitError> {
    within(text.chars().count(), 2_048, |maximum| {
        LimitError::Parameter {
            parameter: "policy",
            maximum,
        }
    })
}

/// Checks the length of the `policyDocument` parameter, [`MAX_DOCUMENT_CHARACTERS`]; do this first.
///
/// # Errors
/// [`LimitError::Parameter`].
pub fn check_document_length(text: &str) -> Result<(), LimitError> {
    within(text.chars().count(), MAX_DOCUMENT_CHARACTERS, |maximum| {
        LimitError::Parameter {
            parameter: "policyDocument",
            maximum,
        }
    })
}

fn within(
    size: usize,
    maximum: usize,
    error: impl FnOnce(usize) -> LimitError,
) -> Result<(), LimitError> {
    if size <= maximum {
        Ok(())
    } else {
        Err(error(maximum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_free_and_the_quota_itself_fits() {
        let exact = format!("{}\n\t \r{}", "x".repeat(6_000), "é".repeat(144));
        assert_eq!(check_managed_size(&exact), Ok(()));
        let error = check_managed_size(&(exact + "x")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Cannot exceed quota for PolicySize: 6144"
        );
        assert_eq!(error.code(), "LimitExceeded");
    }

    #[test]
    fn inline_policies_are_counted_together() {
        for (kind, maximum) in [
            (InlineOwner::User, 2_048),
            (InlineOwner::Group, 5_120),
            (InlineOwner::Role, 10_240),
        ] {
            assert_eq!(check_inline_size(kind, "jane", maximum), Ok(()));
            assert!(check_inline_size(kind, "jane", maximum + 1).is_err());
        }
        let error = check_inline_size(InlineOwner::User, "jane", 2_049).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Maximum policy size of 2048 bytes exceeded for user jane"
        );
    }

    #[test]
    fn other_sizes_have_their_texts() {
        let long = "x".repeat(2_049);
        assert_eq!(
            check_trust_size(&long).unwrap_err().to_string(),
            "Cannot exceed quota for ACLSizePerRole: 2048"
        );
        assert_eq!(
            check_session_size(&" ".repeat(2_049)).unwrap_err().code(),
            "ValidationError"
        );
        assert_eq!(check_session_size(&" ".repeat(2_048)), Ok(()));
        assert!(check_document_length(&" ".repeat(131_073)).is_err());
    }
}
