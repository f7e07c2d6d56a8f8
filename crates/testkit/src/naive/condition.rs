//! One operator, one key, its values: does the condition hold?

use super::text::{self, Token};
use super::{Question, Tri, values};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    Bare,
    ForAll,
    ForAny,
}

/// Evaluates `{operator: {key: wanted}}`.
pub(super) fn holds(
    operator: &str,
    key: &str,
    wanted: &[String],
    variables: bool,
    question: &Question,
) -> Result<Tri, String> {
    let (set, rest) = if let Some(rest) = operator.strip_prefix("ForAllValues:") {
        (Set::ForAll, rest)
    } else if let Some(rest) = operator.strip_prefix("ForAnyValue:") {
        (Set::ForAny, rest)
    } else {
        (Set::Bare, operator)
    };
    let (name, if_exists) = match rest.strip_suffix("IfExists") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    let present = question.values(key);
    if name == "Null" {
        if if_exists || set != Set::Bare {
            return Err(format!("operator {operator}"));
        }
        let absent = present.is_empty();
        let mut results = Vec::new();
        for text in wanted {
            let wanted = values::boolean(text).ok_or_else(|| format!("no Boolean: {text}"))?;
            results.push(Tri::from(wanted == absent));
        }
        return Ok(Tri::any(&results));
    }
    let (negated, relation) = relation(name).ok_or_else(|| format!("operator {operator}"))?;

    // Reading the policy's values comes first: one that cannot be read is an error of the policy.
    let mut readers = Vec::new();
    for text in wanted {
        readers.push(read(relation, text, variables, question)?);
    }
    // One value of the request: does it equal one of those wanted, or none, if negated?
    let passes = |value: &str| {
        if !is_readable(relation, value) {
            return Tri::Failed;
        }
        let results: Vec<Tri> = readers
            .iter()
            .map(|wanted| compare(wanted, value))
            .collect();
        let one = Tri::any(&results);
        if negated { one.not() } else { one }
    };
    let results: Vec<Tri> = present.iter().map(|value| passes(value)).collect();
    Ok(match (set, results.as_slice()) {
        (Set::ForAll, results) => Tri::all(results),
        (Set::ForAny, []) => Tri::from(if_exists),
        (Set::ForAny, results) => Tri::any(results),
        (Set::Bare, []) => Tri::from(if_exists || negated),
        (Set::Bare, [one]) => *one,
        // An operator for one value on several: nothing an Allow may build on, enough for a Deny.
        (Set::Bare, results) if results.iter().all(|result| *result == Tri::No) => Tri::No,
        (Set::Bare, _) => Tri::Failed,
    })
}

/// Is a value of the request what the operator compares? If not, nothing can be said, not even that
/// the two differ.
fn is_readable(relation: Relation, value: &str) -> bool {
    match relation {
        Relation::Text { .. } => true,
        Relation::Number(_) => values::number(value).is_some(),
        Relation::Date(_) => values::date(value).is_some(),
        Relation::Bool => values::boolean(value).is_some(),
        Relation::Binary => values::base64(value).is_some(),
        Relation::Address => values::address(value).is_some(),
        Relation::Arn => value.starts_with("arn:") && value.matches(':').count() >= 5,
    }
}

#[derive(Clone, Copy)]
enum Relation {
    Text { like: bool, fold: bool },
    Number(Order),
    Date(Order),
    Bool,
    Binary,
    Address,
    Arn,
}

#[derive(Clone, Copy)]
enum Order {
    Same,
    Less,
    LessOrSame,
    Greater,
    GreaterOrSame,
}

/// The operator's meaning, and whether it is the negation of that.
fn relation(name: &str) -> Option<(bool, Relation)> {
    let order = |name: &str| {
        Some(match name {
            "Equals" => (false, Order::Same),
            "NotEquals" => (true, Order::Same),
            "LessThan" => (false, Order::Less),
            "LessThanEquals" => (false, Order::LessOrSame),
            "GreaterThan" => (false, Order::Greater),
            "GreaterThanEquals" => (false, Order::GreaterOrSame),
            _ => return None,
        })
    };
    if let Some(rest) = name.strip_prefix("Numeric") {
        return order(rest).map(|(negated, order)| (negated, Relation::Number(order)));
    }
    if let Some(rest) = name.strip_prefix("Date") {
        return order(rest).map(|(negated, order)| (negated, Relation::Date(order)));
    }
    Some(match name {
        "StringEquals" => (
            false,
            Relation::Text {
                like: false,
                fold: false,
            },
        ),
        "StringNotEquals" => (
            true,
            Relation::Text {
                like: false,
                fold: false,
            },
        ),
        "StringEqualsIgnoreCase" => (
            false,
            Relation::Text {
                like: false,
                fold: true,
            },
        ),
        "StringNotEqualsIgnoreCase" => (
            true,
            Relation::Text {
                like: false,
                fold: true,
            },
        ),
        "StringLike" => (
            false,
            Relation::Text {
                like: true,
                fold: false,
            },
        ),
        "StringNotLike" => (
            true,
            Relation::Text {
                like: true,
                fold: false,
            },
        ),
        "Bool" => (false, Relation::Bool),
        "BinaryEquals" => (false, Relation::Binary),
        "IpAddress" => (false, Relation::Address),
        "NotIpAddress" => (true, Relation::Address),
        "ArnEquals" | "ArnLike" => (false, Relation::Arn),
        "ArnNotEquals" | "ArnNotLike" => (true, Relation::Arn),
        _ => return None,
    })
}

/// A value of the policy, read.
enum Wanted {
    /// A variable in it has no value: it equals nothing.
    Nothing,
    Pattern(Vec<Token>),
    Folded(String),
    Number(Order, values::Number),
    Date(Order, i128),
    Bool(bool),
    Binary(Vec<u8>),
    Network((std::net::IpAddr, u32)),
    Arn(Vec<Vec<Token>>),
    /// A text that should be an ARN and is none: whether it equals something cannot be said.
    NoArn,
}

fn read(
    relation: Relation,
    written: &str,
    variables: bool,
    question: &Question,
) -> Result<Wanted, String> {
    let unreadable = || format!("unreadable: `{written}`");
    let expanded = || text::expand(&text::tokens(written, variables), question);
    Ok(match relation {
        Relation::Text { like, fold } => match expanded() {
            None => Wanted::Nothing,
            Some(pattern) if like => Wanted::Pattern(pattern),
            Some(pattern) if fold => Wanted::Folded(literal(&pattern).to_lowercase()),
            Some(pattern) => Wanted::Pattern(literal(&pattern).chars().map(Token::Plain).collect()),
        },
        Relation::Number(order) => {
            Wanted::Number(order, values::number(written).ok_or_else(unreadable)?)
        }
        Relation::Date(order) => Wanted::Date(order, values::date(written).ok_or_else(unreadable)?),
        Relation::Bool => Wanted::Bool(values::boolean(written).ok_or_else(unreadable)?),
        Relation::Binary => Wanted::Binary(values::base64(written).ok_or_else(unreadable)?),
        Relation::Address => Wanted::Network(values::network(written).ok_or_else(unreadable)?),
        // Six segments as they are written; what a variable stands for makes none.
        Relation::Arn => {
            let written = text::tokens(written, variables);
            let segments = text::split_arn(&written, |token| *token == Token::Plain(':'));
            if segments.len() != 6 {
                return Ok(Wanted::NoArn);
            }
            let expanded: Option<Vec<Vec<Token>>> = segments
                .iter()
                .map(|segment| text::expand(segment, question))
                .collect();
            expanded.map_or(Wanted::Nothing, Wanted::Arn)
        }
    })
}

/// The pattern as the text it is when wildcards mean nothing.
fn literal(pattern: &[Token]) -> String {
    let letter = |token: &Token| match token {
        Token::Plain(c) | Token::Escaped(c) => Some(*c),
        Token::Any => Some('*'),
        Token::One => Some('?'),
        Token::Variable { .. } => None,
    };
    pattern.iter().filter_map(letter).collect()
}

/// A value of the policy against a value of the request.
fn compare(wanted: &Wanted, value: &str) -> Tri {
    let yes_if = |found: Option<bool>| found.map_or(Tri::Failed, Tri::from);
    match wanted {
        Wanted::Nothing => Tri::No,
        Wanted::NoArn => Tri::Failed,
        Wanted::Pattern(pattern) => Tri::from(text::matches(
            pattern,
            &value.chars().collect::<Vec<char>>(),
        )),
        Wanted::Folded(text) => Tri::from(*text == value.to_lowercase()),
        Wanted::Number(order, wanted) => yes_if(values::number(value).map(|value| {
            ordered(
                *order,
                value.is_less_than(wanted),
                wanted.is_less_than(&value),
            )
        })),
        Wanted::Date(order, wanted) => yes_if(
            values::date(value).map(|value| ordered(*order, value < *wanted, value > *wanted)),
        ),
        Wanted::Bool(wanted) => yes_if(values::boolean(value).map(|value| value == *wanted)),
        Wanted::Binary(wanted) => yes_if(values::base64(value).map(|value| value == *wanted)),
        Wanted::Network(wanted) => {
            yes_if(values::address(value).map(|value| values::contains(wanted, &value)))
        }
        Wanted::Arn(wanted) => {
            let value: Vec<char> = value.chars().collect();
            let value = text::split_arn(&value, |c| *c == ':');
            let pairs = wanted.iter().zip(&value);
            Tri::from(
                pairs
                    .into_iter()
                    .all(|(pattern, text)| text::matches(pattern, text)),
            )
        }
    }
}

fn ordered(order: Order, less: bool, greater: bool) -> bool {
    match order {
        Order::Same => !less && !greater,
        Order::Less => less,
        Order::LessOrSame => !greater,
        Order::Greater => greater,
        Order::GreaterOrSame => !less,
    }
}
