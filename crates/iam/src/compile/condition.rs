//! Conditions with parsed values.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::resource::ArnPattern;
use crate::context::{ContextKey, parse_bool};
use crate::operator::{Comparison, OperatorKind, SetPrefix};
use crate::pattern::{Pattern, Reading};
use crate::policy::Condition;
use crate::value::{Decimal, Instant, Network};

/// One key of one operator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CompiledCondition {
    pub(crate) key: ContextKey,
    pub(crate) set: Option<SetPrefix>,
    pub(crate) if_exists: bool,
    pub(crate) negated: bool,
    pub(crate) test: Test,
}

/// What is compared, with the policy's values. Negation is not part of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// `StringEquals` and `StringLike`; their patterns differ in how they were read.
    Text(Box<[Pattern]>),
    TextIgnoringCase(Box<[Pattern]>),
    Number(Comparison, Box<[Box<str>]>),
    Date(Comparison, Box<[Instant]>),
    Flag(Box<[bool]>),
    Binary(Box<[Box<[u8]>]>),
    Address(Box<[Network]>),
    /// `None` is a value that is no ARN pattern: comparing with it is an error.
    Arn(Box<[Option<ArnPattern>]>),
    /// The wanted answers to "is the key absent?".
    Null(Box<[bool]>),
}

impl CompiledCondition {
    /// `None` if a value cannot be read, which the parser prevents.
    pub(crate) fn compile(condition: &Condition, variables: bool) -> Option<Self> {
        let values = &condition.values;
        let texts = |wildcards| {
            let reading = Reading {
                wildcards,
                variables,
            };
            values
                .iter()
                .map(|value| Pattern::compile(value, reading))
                .collect()
        };
        let operator = condition.operator;
        let test = match operator.kind {
            OperatorKind::StringEquals | OperatorKind::StringNotEquals => Test::Text(texts(false)),
            OperatorKind::StringLike | OperatorKind::StringNotLike => Test::Text(texts(true)),
            OperatorKind::StringEqualsIgnoreCase | OperatorKind::StringNotEqualsIgnoreCase => {
                Test::TextIgnoringCase(texts(false))
            }
            OperatorKind::Numeric(comparison) => {
                if !values.iter().all(|value| Decimal::parse(value).is_some()) {
                    return None;
                }
                Test::Number(
                    comparison,
                    values.iter().map(|value| value.as_str().into()).collect(),
                )
            }
            OperatorKind::Date(comparison) => {
                let dates = values.iter().map(|value| Instant::parse(value));
                Test::Date(comparison, dates.collect::<Option<_>>()?)
            }
            OperatorKind::Bool => Test::Flag(
                values
                    .iter()
                    .map(|value| parse_bool(value))
                    .collect::<Option<_>>()?,
            ),
            OperatorKind::Null => Test::Null(
                values
                    .iter()
                    .map(|value| parse_bool(value))
                    .collect::<Option<_>>()?,
            ),
            OperatorKind::BinaryEquals => {
                let decoded = values
                    .iter()
                    .map(|value| decode_base64(value).map(Into::into));
                Test::Binary(decoded.collect::<Option<_>>()?)
            }
            OperatorKind::IpAddress | OperatorKind::NotIpAddress => {
                let networks = values.iter().map(|value| Network::parse(value));
                Test::Address(networks.collect::<Option<_>>()?)
            }
            OperatorKind::ArnEquals
            | OperatorKind::ArnLike
            | OperatorKind::ArnNotEquals
            | OperatorKind::ArnNotLike => {
                let patterns = values
                    .iter()
                    .map(|value| ArnPattern::compile(value, variables));
                Test::Arn(patterns.collect())
            }
        };
        Some(Self {
            key: ContextKey::new(&condition.key),
            set: operator.set,
            if_exists: operator.if_exists,
            negated: operator.kind.is_negated(),
            test,
        })
    }
}

/// Whether a policy's value can be read by an operator. The parser refuses a document with one
/// that cannot, so that evaluation never has to choose.
pub(crate) fn is_readable(kind: OperatorKind, value: &str) -> bool {
    match kind {
        OperatorKind::Numeric(_) => Decimal::parse(value).is_some(),
        OperatorKind::Date(_) => Instant::parse(value).is_some(),
        OperatorKind::Bool | OperatorKind::Null => parse_bool(value).is_some(),
        OperatorKind::BinaryEquals => decode_base64(value).is_some(),
        OperatorKind::IpAddress | OperatorKind::NotIpAddress => Network::parse(value).is_some(),
        OperatorKind::StringEquals
        | OperatorKind::StringNotEquals
        | OperatorKind::StringEqualsIgnoreCase
        | OperatorKind::StringNotEqualsIgnoreCase
        | OperatorKind::StringLike
        | OperatorKind::StringNotLike
        | OperatorKind::ArnEquals
        | OperatorKind::ArnNotEquals
        | OperatorKind::ArnLike
        | OperatorKind::ArnNotLike => true,
    }
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Base64 in the standard alphabet, with or without padding.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}
