//! Policy documents: the data model and the strict parser.
//!
//! [`PolicyDocument::parse`] accepts what AWS's CreatePolicy accepts and refuses the rest with AWS's
//! message. The checks run in AWS's order, in stages that each look at the whole document:
//! syntax, version, "legacy parsing" (effects, condition values, shape of ARNs), statement ids,
//! presence of actions and resources, the first bad resource, the first bad action.

mod limits;
mod rules;
mod syntax;

use std::fmt;

pub use limits::{
    InlineOwner, LimitError, MAX_DOCUMENT_CHARACTERS, check_document_length, check_inline_size,
    check_managed_size, check_session_size, check_trust_size, non_whitespace_characters,
};

use crate::operator::Operator;
use crate::pattern::variable_keys;

/// What a document is for; it decides which elements are required and which versions are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// An inline policy of a user, group or role. Any version; absent means 2008-10-17.
    Identity,
    /// A managed policy. Version 2012-10-17 is required.
    Managed,
    /// A session policy of AssumeRole or GetFederationToken; read like [`DocumentKind::Identity`].
    Session,
    /// A role's trust policy: `Principal` instead of `Resource`.
    Trust,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `2008-10-17`, also when the element is absent: `${…}` is literal text.
    V2008,
    /// `2012-10-17`: policy variables are substituted.
    V2012,
}

/// Whether a statement grants or refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// Why a document is refused. `Display` is AWS's message, the code is `MalformedPolicyDocument`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not JSON, an unknown, duplicate or missing element, or an element of the wrong type.
    #[error("Syntax errors in policy.")]
    Syntax,
    /// A trust policy that is not JSON.
    #[error("This policy contains invalid Json")]
    InvalidJson,
    /// A managed policy of version 2008-10-17 or without a version.
    #[error("Policy document must be version 2012-10-17 or greater.")]
    Version,
    /// `Principal` or `NotPrincipal` in a policy that is attached to an identity.
    #[error("Policy document should not specify a principal.")]
    PrincipalNotAllowed,
    /// An effect in the wrong case, a condition value of the wrong form, an ARN with parts missing.
    #[error("The policy failed legacy parsing")]
    LegacyParsing,
    /// A `Sid` with other characters than letters and digits.
    #[error(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    )]
    SidCharacters,
    /// Two statements with one `Sid`.
    #[error("Statement IDs (SID) in a single policy must be unique.")]
    SidNotUnique,
    /// No `Action` or `NotAction`, or an empty list.
    #[error("Policy statement must contain actions.")]
    NoActions,
    /// No `Resource` or `NotResource`, or an empty list.
    #[error("Policy statement must contain resources.")]
    NoResources,
    /// A resource that is neither `*` nor separated by colons.
    #[error("Resource {0} must be in ARN format or \"*\".")]
    ResourceNotArn(String),
    /// An unknown partition.
    #[error("Partition \"{partition}\" is not valid for resource \"{resource}\".")]
    Partition {
        /// The partition as written.
        partition: String,
        /// The resource as AWS completes it.
        resource: String,
    },
    /// The service of a resource is missing or holds wildcards.
    #[error("Resource vendor must be fully qualified and cannot contain regexes.")]
    ResourceVendor,
    /// An IAM resource with a region.
    #[error("IAM resource {0} cannot contain region information.")]
    IamRegion(String),
    /// A resource with a region although its service has none there.
    #[error("Resource {0} can not contain region information.")]
    Region(String),
    /// An IAM resource of an unknown kind.
    #[error(
        "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/."
    )]
    IamPath,
    /// An action without a service prefix.
    #[error("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")]
    ActionPrefix,
    /// An action with several colons.
    #[error("Actions/Condition can contain only one colon.")]
    ActionColons,
    /// The service prefix of an action is no service name.
    #[error("Vendor {0} is not valid")]
    ActionVendor(String),
    /// A trust policy without a principal.
    #[error("Missing required field Principal")]
    PrincipalMissing,
    /// A trust policy with an element that it may not have.
    #[error("Has prohibited field {0}")]
    Prohibited(&'static str),
    /// A trust policy with other actions than those that assume a role.
    #[error("AssumeRole policy may only specify STS AssumeRole actions.")]
    TrustActions,
    /// A principal of a trust policy that cannot exist.
    #[error("Invalid principal in policy: {0}")]
    Principal(String),
}

impl PolicyError {
    /// The AWS error code.
    pub fn code(&self) -> &'static str {
        "MalformedPolicyDocument"
    }
}

/// A parsed policy document.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyDocument {
    pub(crate) kind: DocumentKind,
    pub(crate) version: Version,
    pub(crate) id: Option<String>,
    pub(crate) statements: Vec<Statement>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub(crate) index: usize,
    pub(crate) span: Span,
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) actions: Entries,
    pub(crate) resources: Option<Entries>,
    pub(crate) principals: Option<Principals>,
    pub(crate) conditions: Vec<Condition>,
}

/// A place in the text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub column: u32,
}

/// A part of the text of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its first character.
    pub start: Position,
    /// The place behind its last character.
    pub end: Position,
}

/// The values of `Action`/`NotAction` or `Resource`/`NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries {
    /// Whether the element is the `Not…` one.
    pub negated: bool,
    /// The values as written.
    pub values: Vec<String>,
}

/// The `Principal` element of a trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// `"*"`
    Anyone,
    /// The values by kind.
    Listed {
        /// `AWS`: ARNs, account ids, unique ids or `*`.
        aws: Vec<String>,
        /// `Service`: service principals such as `mq.amazonaws.com`.
        service: Vec<String>,
        /// `Federated`: identity providers.
        federated: Vec<String>,
    },
}

/// One key of one operator of a `Condition` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The context key as written.
    pub key: String,
    /// The values as text; numbers and Booleans of the document in their JSON spelling.
    pub values: Vec<String>,
}

impl PolicyDocument {
    /// Parses and validates a document. Sizes are checked apart, by the functions of this module.
    ///
    /// # Errors
    /// A [`PolicyError`] with the message that AWS gives for the same document.
    pub fn parse(text: &str, kind: DocumentKind) -> Result<Self, PolicyError> {
        let draft = syntax::parse(text, kind)?;
        rules::check(draft, kind)
    }

    /// What the document was parsed as.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The version of the language.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The `Id` element.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The statements in document order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// All context keys that conditions and variables name, in the document's spelling, each once
    /// (case-insensitively) and in order of appearance: the answer of GetContextKeysForCustomPolicy.
    pub fn context_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        let mut add = |key| {
            if !keys
                .iter()
                .any(|known: &&str| known.eq_ignore_ascii_case(key))
            {
                keys.push(key);
            }
        };
        for statement in &self.statements {
            let with_variables = self.version == Version::V2012;
            let resources = statement
                .resources
                .iter()
                .flat_map(|entries| &entries.values);
            if with_variables {
                resources
                    .flat_map(|value| variable_keys(value))
                    .for_each(&mut add);
            }
            for condition in &statement.conditions {
                add(&condition.key);
                if with_variables {
                    let values = condition.values.iter();
                    values
                        .flat_map(|value| variable_keys(value))
                        .for_each(&mut add);
                }
            }
        }
        keys
    }
}

impl Statement {
    /// The position in the document, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The line of the document on which the statement begins, from 1.
    pub fn line(&self) -> u32 {
        self.span.start.line
    }

    /// Where the statement stands in the text of the document.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The `Sid`, if there is one and it is not empty.
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Allow or Deny.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// `Action` or `NotAction`.
    pub fn actions(&self) -> &Entries {
        &self.actions
    }

    /// `Resource` or `NotResource`; `None` in trust policies.
    pub fn resources(&self) -> Option<&Entries> {
        self.resources.as_ref()
    }

    /// `Principal`; `None` except in trust policies.
    pub fn principals(&self) -> Option<&Principals> {
        self.principals.as_ref()
    }

    /// The conditions, one per operator and key.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        })
    }
}

#[cfg(test)]
mod tests;
