//! The condition operators: 27 names, two set prefixes and one suffix.

use std::fmt;

/// How two ordered values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// Equal.
    Equals,
    /// Not equal; negated, so a missing key is a match.
    NotEquals,
    /// The request's value is below the policy's.
    LessThan,
    /// Below or equal.
    LessThanEquals,
    /// The request's value is above the policy's.
    GreaterThan,
    /// Above or equal.
    GreaterThanEquals,
}

/// What an operator compares, without prefix and suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperatorKind {
    /// `StringEquals`
    StringEquals,
    /// `StringNotEquals`
    StringNotEquals,
    /// `StringEqualsIgnoreCase`
    StringEqualsIgnoreCase,
    /// `StringNotEqualsIgnoreCase`
    StringNotEqualsIgnoreCase,
    /// `StringLike`
    StringLike,
    /// `StringNotLike`
    StringNotLike,
    /// `NumericEquals` and its five sisters
    Numeric(Comparison),
    /// `DateEquals` and its five sisters
    Date(Comparison),
    /// `Bool`
    Bool,
    /// `BinaryEquals`
    BinaryEquals,
    /// `IpAddress`
    IpAddress,
    /// `NotIpAddress`
    NotIpAddress,
    /// `ArnEquals` (the same as `ArnLike`)
    ArnEquals,
    /// `ArnNotEquals` (the same as `ArnNotLike`)
    ArnNotEquals,
    /// `ArnLike`
    ArnLike,
    /// `ArnNotLike`
    ArnNotLike,
    /// `Null`
    Null,
}

impl OperatorKind {
    /// Every operator with its name, in the order of the AWS page
    /// "IAM JSON policy elements: Condition operators".
    pub const ALL: [(&'static str, Self); 27] = [
        ("StringEquals", Self::StringEquals),
        ("StringNotEquals", Self::StringNotEquals),
        ("StringEqualsIgnoreCase", Self::StringEqualsIgnoreCase),
        ("StringNotEqualsIgnoreCase", Self::StringNotEqualsIgnoreCase),
        ("StringLike", Self::StringLike),
        ("StringNotLike", Self::StringNotLike),
        ("NumericEquals", Self::Numeric(Comparison::Equals)),
        ("NumericNotEquals", Self::Numeric(Comparison::NotEquals)),
        ("NumericLessThan", Self::Numeric(Comparison::LessThan)),
        (
            "NumericLessThanEquals",
            Self::Numeric(Comparison::LessThanEquals),
        ),
        ("NumericGreaterThan", Self::Numeric(Comparison::GreaterThan)),
        (
            "NumericGreaterThanEquals",
            Self::Numeric(Comparison::GreaterThanEquals),
        ),
        ("DateEquals", Self::Date(Comparison::Equals)),
        ("DateNotEquals", Self::Date(Comparison::NotEquals)),
        ("DateLessThan", Self::Date(Comparison::LessThan)),
        ("DateLessThanEquals", Self::Date(Comparison::LessThanEquals)),
        ("DateGreaterThan", Self::Date(Comparison::GreaterThan)),
        (
            "DateGreaterThanEquals",
            Self::Date(Comparison::GreaterThanEquals),
        ),
        ("Bool", Self::Bool),
        ("BinaryEquals", Self::BinaryEquals),
        ("IpAddress", Self::IpAddress),
        ("NotIpAddress", Self::NotIpAddress),
        ("ArnEquals", Self::ArnEquals),
        ("ArnNotEquals", Self::ArnNotEquals),
        ("ArnLike", Self::ArnLike),
        ("ArnNotLike", Self::ArnNotLike),
        ("Null", Self::Null),
    ];

    /// Whether the operator is one of the `…Not…` ones: true on a missing key, and its policy
    /// values are joined by NOR.
    pub fn is_negated(self) -> bool {
        match self {
            Self::StringNotEquals
            | Self::StringNotEqualsIgnoreCase
            | Self::StringNotLike
            | Self::Numeric(Comparison::NotEquals)
            | Self::Date(Comparison::NotEquals)
            | Self::NotIpAddress
            | Self::ArnNotEquals
            | Self::ArnNotLike => true,
            Self::StringEquals
            | Self::StringEqualsIgnoreCase
            | Self::StringLike
            | Self::Numeric(_)
            | Self::Date(_)
            | Self::Bool
            | Self::BinaryEquals
            | Self::IpAddress
            | Self::ArnEquals
            | Self::ArnLike
            | Self::Null => false,
        }
    }
}

/// How the values of a multi-valued key are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetPrefix {
    /// `ForAllValues:`: every value of the request; true when there is none.
    ForAllValues,
    /// `ForAnyValue:`: at least one value of the request; false when there is none.
    ForAnyValue,
}

/// A condition operator as it stands in a policy, for example `ForAnyValue:StringLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The set prefix, if there is one.
    pub set: Option<SetPrefix>,
    /// The operator proper.
    pub kind: OperatorKind,
    /// Whether the name ends in `IfExists`.
    pub if_exists: bool,
}

impl Operator {
    /// Parses an operator's name. Names are case-sensitive; `Null` takes neither prefix nor suffix.
    pub fn parse(name: &str) -> Option<Self> {
        let (set, rest) = if let Some(rest) = name.strip_prefix("ForAllValues:") {
            (Some(SetPrefix::ForAllValues), rest)
        } else if let Some(rest) = name.strip_prefix("ForAnyValue:") {
            (Some(SetPrefix::ForAnyValue), rest)
        } else {
            (None, name)
        };
        let (bare, if_exists) = match rest.strip_suffix("IfExists") {
            Some(bare) => (bare, true),
            None => (rest, false),
        };
        let (_, kind) = OperatorKind::ALL
            .into_iter()
            .find(|(known, _)| *known == bare)?;
        if kind == OperatorKind::Null && (set.is_some() || if_exists) {
            return None;
        }
        Some(Self {
            set,
            kind,
            if_exists,
        })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.set {
            Some(SetPrefix::ForAllValues) => "ForAllValues:",
            Some(SetPrefix::ForAnyValue) => "ForAnyValue:",
            None => "",
        })?;
        if let Some((name, _)) = OperatorKind::ALL
            .iter()
            .find(|(_, kind)| *kind == self.kind)
        {
            f.write_str(name)?;
        }
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_reads_back_as_itself() {
        let mut count = 0;
        for (name, kind) in OperatorKind::ALL {
            for prefix in ["", "ForAllValues:", "ForAnyValue:"] {
                for suffix in ["", "IfExists"] {
                    let spelling = format!("{prefix}{name}{suffix}");
                    match Operator::parse(&spelling) {
                        Some(operator) => assert_eq!(operator.to_string(), spelling),
                        None => assert!(kind == OperatorKind::Null && spelling != "Null"),
                    }
                    count += 1;
                }
            }
        }
        assert_eq!(count, 27 * 6);
    }

    #[test]
    fn names_are_case_sensitive_and_exact() {
        for name in [
            "stringEquals",
            "StringEquals ",
            "",
            "IfExists",
            "NullIfExists",
            "ForAnyValue:Null",
            "forAnyValue:StringEquals",
            "ForAnyValue:ForAllValues:Bool",
            "BoolIfExistsIfExists",
            "StringMatches",
        ] {
            assert_eq!(Operator::parse(name), None, "{name}");
        }
    }
}
