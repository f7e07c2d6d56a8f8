//! Whether a condition holds.
//!
//! Written out from the AWS page "IAM JSON policy elements: Condition operators":
//!
//! | key of the request | bare | negated | `…IfExists` | `ForAllValues:` | `ForAnyValue:` |
//! |---|---|---|---|---|---|
//! | absent or without values | false | true | true | true | false |
//! | one value | compare | compare, invert | as bare | as bare | as bare |
//! | several values | error if any compares, else false | 〃 inverted per value | as bare | every | some |
//!
//! A bare operator on several values is undefined on AWS ("do not use"); as an error it never makes
//! an Allow match and makes a Deny match as soon as one value does.

use std::cmp::Ordering;

use super::statement::{SplitArn, Truth};
use crate::compile::{CompiledCondition, Test, decode_base64};
use crate::context::{Context, Value};
use crate::operator::{Comparison, SetPrefix};
use crate::pattern::Pattern;
use crate::value::Decimal;

impl CompiledCondition {
    pub(crate) fn holds(&self, context: &Context<'_>) -> Truth {
        let values = context.values(&self.key).unwrap_or_default();
        if let Test::Null(wanted) = &self.test {
            return Truth::of(wanted.contains(&values.is_empty()));
        }
        match (values, self.set) {
            ([], set) => Truth::of(
                self.if_exists
                    || match set {
                        Some(SetPrefix::ForAllValues) => true,
                        Some(SetPrefix::ForAnyValue) => false,
                        None => self.negated,
                    },
            ),
            ([value], _) => self.holds_for(value, context),
            (values, Some(SetPrefix::ForAllValues)) => {
                Truth::all(values.iter().map(|value| self.holds_for(value, context)))
            }
            (values, Some(SetPrefix::ForAnyValue)) => {
                Truth::any(values.iter().map(|value| self.holds_for(value, context)))
            }
            (values, None) => {
                match Truth::any(values.iter().map(|value| self.holds_for(value, context))) {
                    Truth::Yes | Truth::Error => Truth::Error,
                    Truth::No => Truth::No,
                }
            }
        }
    }

    /// Compares one value of the request with all values of the policy: OR, or NOR when negated.
    fn holds_for(&self, value: &Value<'_>, context: &Context<'_>) -> Truth {
        let found = self.test.finds(value, context);
        if self.negated { found.not() } else { found }
    }
}

impl Test {
    /// Whether some value of the policy compares. `Error` if the request's value cannot be read.
    fn finds(&self, value: &Value<'_>, context: &Context<'_>) -> Truth {
        match self {
            Self::Text(patterns) => Truth::of(patterns.iter().any(|pattern| match pattern {
                Pattern::Exact(literal) => **literal == *value.text(),
                pattern => pattern.matches(value.text(), context),
            })),
            Self::TextIgnoringCase(patterns) => Truth::of(
                patterns
                    .iter()
                    .any(|pattern| pattern.equals_ignoring_case(value.text(), context)),
            ),
            Self::Number(comparison, numbers) => match Decimal::parse(value.text()) {
                Some(given) => Truth::of(numbers.iter().any(|number| {
                    Decimal::parse(number)
                        .is_some_and(|number| comparison.accepts(given.compare(&number)))
                })),
                None => Truth::Error,
            },
            Self::Date(comparison, dates) => match value.instant() {
                Some(given) => {
                    Truth::of(dates.iter().any(|date| comparison.accepts(given.cmp(date))))
                }
                None => Truth::Error,
            },
            Self::Flag(flags) => match value.flag() {
                Some(given) => Truth::of(flags.contains(&given)),
                None => Truth::Error,
            },
            Self::Binary(blobs) => match decode_base64(value.text()) {
                Some(given) => Truth::of(blobs.iter().any(|blob| **blob == *given)),
                None => Truth::Error,
            },
            Self::Address(networks) => match value.address() {
                Some(given) => Truth::of(networks.iter().any(|network| network.contains(given))),
                None => Truth::Error,
            },
            Self::Arn(patterns) => match SplitArn::parse(value.text()) {
                Some(given) => Truth::any(patterns.iter().map(|pattern| match pattern {
                    Some(pattern) => Truth::of(pattern.matches(&given, context)),
                    None => Truth::Error,
                })),
                None => Truth::Error,
            },
            Self::Null(wanted) => Truth::of(wanted.contains(&false)),
        }
    }
}

impl Comparison {
    /// Whether the order of request value and policy value satisfies the operator. `NotEquals`
    /// answers as `Equals` does, because negation is applied to the whole list of policy values.
    fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Equals | Self::NotEquals => order.is_eq(),
            Self::LessThan => order.is_lt(),
            Self::LessThanEquals => order.is_le(),
            Self::GreaterThan => order.is_gt(),
            Self::GreaterThanEquals => order.is_ge(),
        }
    }
}
