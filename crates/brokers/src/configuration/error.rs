//! Why a configuration is refused, in texts meant for the caller.

use super::MAX_DATA_BYTES;
use super::activemq::{
    MAX_ATTRIBUTES, MAX_ATTRIBUTES_PER_ELEMENT, MAX_DEPTH, MAX_NAMESPACES, MAX_NODES,
};

/// Why a configuration, its name or its use with a broker is refused; each becomes a 400 BadRequestException.
///
/// The texts follow the house style of Amazon MQ's own messages, `[value]` in square brackets and a full stop, because
/// callers see them as they are. Only [`ConfigurationError::LimitExceeded`] has Amazon's own wording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// The name has a character or length that names may not have.
    #[error(
        "Configuration name [{name}] is invalid. Use 1 to 150 characters: letters, digits, and [- . _ ~]."
    )]
    InvalidName {
        /// The name as given.
        name: String,
    },
    /// `data` is not strict base64.
    #[error("Configuration data is not valid base64.")]
    NotBase64,
    /// The decoded data is larger than [`MAX_DATA_BYTES`].
    #[error("Configuration data is too large. The maximum is [{MAX_DATA_BYTES}] bytes.")]
    TooLarge,
    /// The decoded data is not UTF-8.
    #[error("Configuration data is not valid UTF-8 text.")]
    NotUtf8,

    /// The XML declares an encoding other than UTF-8.
    #[error("Configuration XML encoding [{encoding}] is not supported. Valid values: [UTF-8].")]
    Encoding {
        /// The encoding as declared.
        encoding: String,
    },
    /// The XML has a document type declaration, the home of entity bombs and of files included from elsewhere.
    #[error("Configuration XML must not contain a document type declaration [DOCTYPE].")]
    DocumentType,
    /// The XML refers to an entity other than the five predefined ones.
    #[error("Configuration XML must not refer to the entity [{name}].")]
    Entity {
        /// The entity's name.
        name: String,
    },
    /// The XML is not well-formed.
    #[error("Configuration XML is not well-formed. Error at line [{line}], column [{column}].")]
    NotWellFormed {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
    },
    /// Elements are nested too deeply.
    #[error("Configuration XML is nested too deeply. The maximum depth is [{MAX_DEPTH}].")]
    TooDeep,
    /// The document has too many nodes.
    #[error("Configuration XML has too many nodes. The maximum is [{MAX_NODES}].")]
    TooManyNodes,
    /// An element, or the whole document, has too many attributes.
    #[error(
        "Configuration XML has too many attributes. The maximum is [{MAX_ATTRIBUTES_PER_ELEMENT}] per element and [{MAX_ATTRIBUTES}] in all."
    )]
    TooManyAttributes,
    /// The document declares too many namespaces.
    #[error("Configuration XML declares too many namespaces. The maximum is [{MAX_NAMESPACES}].")]
    TooManyNamespaces,
    /// The root element is not ActiveMQ's `broker`.
    #[error(
        "Configuration XML root element [{name}] in namespace [{namespace}] is invalid. Valid values: [broker] in namespace [http://activemq.apache.org/schema/core]."
    )]
    WrongRoot {
        /// The root's local name.
        name: String,
        /// The root's namespace, empty when it has none.
        namespace: String,
    },

    /// A line of a RabbitMQ configuration is not `key = value`, a comment or blank.
    #[error(
        "Configuration line [{line}] is invalid. Use [key = value], a comment that begins with [#], or a blank line."
    )]
    Line {
        /// The line, from 1.
        line: usize,
    },
    /// A key that may not be set.
    #[error("Configuration key [{key}] on line [{line}] is not supported.")]
    UnsupportedKey {
        /// The key as given.
        key: String,
        /// The line, from 1.
        line: usize,
    },
    /// A key that exists, though not in this version of the engine.
    #[error(
        "Configuration key [{key}] on line [{line}] is not supported for RabbitMQ version [{version}]."
    )]
    UnsupportedForVersion {
        /// The key as given.
        key: String,
        /// The line, from 1.
        line: usize,
        /// The engine version of the configuration.
        version: String,
    },
    /// A key that is set twice.
    #[error("Configuration key [{key}] on line [{line}] is already set on line [{first}].")]
    RepeatedKey {
        /// The key as given.
        key: String,
        /// The line of the repetition, from 1.
        line: usize,
        /// The line that set it first.
        first: usize,
    },
    /// A value that the key does not take.
    #[error(
        "Configuration key [{key}] on line [{line}] has an invalid value [{value}]. Valid values: [{valid}]."
    )]
    InvalidValue {
        /// The key as given.
        key: String,
        /// The line, from 1.
        line: usize,
        /// The value as given, cut after 100 characters.
        value: String,
        /// What would be valid, in words.
        valid: String,
    },
    /// A key that is only valid together with another one.
    #[error("Configuration key [{key}] on line [{line}] requires [{requires}].")]
    Requires {
        /// The key as given.
        key: String,
        /// The line, from 1.
        line: usize,
        /// The missing setting, as `key = value` or as a key.
        requires: String,
    },

    /// A resource limit above what the broker's instance type allows.
    ///
    /// AWS: the text as the developer guide quotes it, grammar included ("Resource limits").
    #[error(
        "Configuration Revision {revision} for configuration:{key} has limit: of value: {value} larger than maximum allowed limit:{maximum}"
    )]
    LimitExceeded {
        /// The configuration's revision.
        revision: u32,
        /// The key of the limit.
        key: String,
        /// The value asked for.
        value: u64,
        /// The largest value allowed.
        maximum: u64,
    },
    /// A resource limit for an instance type that has fixed ones.
    #[error(
        "Configuration key [{key}] is not supported for broker instance type [{instance_type}]."
    )]
    LimitsFixed {
        /// The key of the limit.
        key: String,
        /// The instance type.
        instance_type: String,
    },
}

impl ConfigurationError {
    /// The request member that was wrong: the `errorAttribute` of the answer.
    pub const fn attribute(&self) -> &'static str {
        match self {
            Self::InvalidName { .. } => "name",
            Self::NotBase64
            | Self::TooLarge
            | Self::NotUtf8
            | Self::Encoding { .. }
            | Self::DocumentType
            | Self::Entity { .. }
            | Self::NotWellFormed { .. }
            | Self::TooDeep
            | Self::TooManyNodes
            | Self::TooManyAttributes
            | Self::TooManyNamespaces
            | Self::WrongRoot { .. }
            | Self::Line { .. }
            | Self::UnsupportedKey { .. }
            | Self::UnsupportedForVersion { .. }
            | Self::RepeatedKey { .. }
            | Self::InvalidValue { .. }
            | Self::Requires { .. } => "data",
            Self::LimitExceeded { .. } | Self::LimitsFixed { .. } => "configuration",
        }
    }
}
