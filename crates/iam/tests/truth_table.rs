//! The truth table of conditions: every operator × prefix × suffix × state of the key.
//!
//! The expected answers are written out below by hand, once for the positive operators and once for
//! the negated ones, after the AWS pages "IAM JSON policy elements: Condition operators" and "Set
//! operators for multivalued context keys". `y` holds, `n` does not hold, `e` is an error: no match
//! in an Allow, a match in a Deny.

#![expect(clippy::panic, reason = "a test may panic")]

use iam::{
    CompiledPolicy, Context, DocumentKind, Layers, PolicyDocument, PolicyKind, PolicyRef, Question,
    evaluate,
};

/// An operator with two values of the policy, two request values that compare with them in the
/// un-negated sense, two that do not, and one that cannot be read (if there is such a thing).
struct Operator {
    name: &'static str,
    negated: bool,
    policy: [&'static str; 2],
    hits: [&'static str; 2],
    misses: [&'static str; 2],
    unreadable: Option<&'static str>,
}

const fn operator(
    name: &'static str,
    negated: bool,
    policy: [&'static str; 2],
    hits: [&'static str; 2],
    misses: [&'static str; 2],
    unreadable: Option<&'static str>,
) -> Operator {
    Operator {
        name,
        negated,
        policy,
        hits,
        misses,
        unreadable,
    }
}

const D1: &str = "2026-01-01T00:00:00Z";
const D2: &str = "2026-06-01T00:00:00Z";
const ARN_A: &str = "arn:aws:iam::111122223333:role/a";
const ARN_B: &str = "arn:aws:iam::111122223333:role/b/c";
const ARN_C: &str = "arn:aws:iam::111122223333:user/a";
const ARN_D: &str = "arn:aws:iam::444455556666:role/a";
const ARN_PATTERNS: [&str; 2] = [
    "arn:aws:iam::1111*:role/a",
    "arn:aws:iam::111122223333:role/b*",
];

const OPERATORS: [Operator; 26] = [
    operator(
        "StringEquals",
        false,
        ["a", "b*"],
        ["a", "b*"],
        ["A", "bx"],
        None,
    ),
    operator(
        "StringNotEquals",
        true,
        ["a", "b*"],
        ["a", "b*"],
        ["A", "bx"],
        None,
    ),
    operator(
        "StringEqualsIgnoreCase",
        false,
        ["a", "É*"],
        ["A", "é*"],
        ["b", "éx"],
        None,
    ),
    operator(
        "StringNotEqualsIgnoreCase",
        true,
        ["a", "É*"],
        ["A", "é*"],
        ["b", "éx"],
        None,
    ),
    operator(
        "StringLike",
        false,
        ["a*", "?b"],
        ["axx", "éb"],
        ["A", "b"],
        None,
    ),
    operator(
        "StringNotLike",
        true,
        ["a*", "?b"],
        ["axx", "éb"],
        ["A", "b"],
        None,
    ),
    operator(
        "NumericEquals",
        false,
        ["5", "7.50"],
        ["5.0", "7.5"],
        ["6", "7.51"],
        Some("five"),
    ),
    operator(
        "NumericNotEquals",
        true,
        ["5", "7.50"],
        ["5.0", "7.5"],
        ["6", "7.51"],
        Some("five"),
    ),
    operator(
        "NumericLessThan",
        false,
        ["5", "-1"],
        ["4.9", "-2"],
        ["5", "6"],
        Some(""),
    ),
    operator(
        "NumericLessThanEquals",
        false,
        ["5", "-1"],
        ["5", "-2"],
        ["5.1", "6"],
        Some("1e0"),
    ),
    operator(
        "NumericGreaterThan",
        false,
        ["5", "9"],
        ["5.1", "10"],
        ["5", "-6"],
        Some("+9"),
    ),
    operator(
        "NumericGreaterThanEquals",
        false,
        ["5", "9"],
        ["5", "10"],
        ["4", "-6"],
        Some("9 "),
    ),
    operator(
        "DateEquals",
        false,
        [D1, D2],
        ["1767225600", "2026-06-01"],
        ["2026-01-02", "0"],
        Some("x"),
    ),
    operator(
        "DateNotEquals",
        true,
        [D1, D2],
        ["1767225600", "2026-06-01"],
        ["2026-01-02", "0"],
        Some("x"),
    ),
    operator(
        "DateLessThan",
        false,
        [D1, D1],
        ["2025-12-31T23:59:59.9Z", "0"],
        [D1, D2],
        Some(""),
    ),
    operator(
        "DateLessThanEquals",
        false,
        [D1, D1],
        [D1, "2026-01-01T01:00:00+01:00"],
        ["2026-01-01T00:00:00.1Z", D2],
        Some("2026-13-01"),
    ),
    operator(
        "DateGreaterThan",
        false,
        [D1, D2],
        ["2026-01-01T00:00:01Z", D2],
        [D1, "2025"],
        Some("now"),
    ),
    operator(
        "DateGreaterThanEquals",
        false,
        [D1, D2],
        [D1, "2027"],
        ["2025-12-31", "-5"],
        Some("now"),
    ),
    operator(
        "Bool",
        false,
        ["true", "TRUE"],
        ["true", "True"],
        ["false", "FALSE"],
        Some("1"),
    ),
    operator(
        "BinaryEquals",
        false,
        ["QQ==", "Qg"],
        ["QQ", "Qg=="],
        ["Qw==", ""],
        Some("*"),
    ),
    operator(
        "IpAddress",
        false,
        ["10.0.0.0/8", "2001:db8::/32"],
        ["::ffff:10.1.2.3", "2001:DB8::1"],
        ["11.0.0.1", "::1"],
        Some("10.0.0.0/8"),
    ),
    operator(
        "NotIpAddress",
        true,
        ["10.0.0.0/8", "2001:db8::/32"],
        ["::ffff:10.1.2.3", "2001:DB8::1"],
        ["11.0.0.1", "::1"],
        Some("10.0.0.0/8"),
    ),
    operator(
        "ArnEquals",
        false,
        ARN_PATTERNS,
        [ARN_A, ARN_B],
        [ARN_C, ARN_D],
        Some("role/a"),
    ),
    operator(
        "ArnNotEquals",
        true,
        ARN_PATTERNS,
        [ARN_A, ARN_B],
        [ARN_C, ARN_D],
        Some("role/a"),
    ),
    operator(
        "ArnLike",
        false,
        ARN_PATTERNS,
        [ARN_A, ARN_B],
        [ARN_C, ARN_D],
        Some("arn:aws:iam"),
    ),
    operator(
        "ArnNotLike",
        true,
        ARN_PATTERNS,
        [ARN_A, ARN_B],
        [ARN_C, ARN_D],
        Some("arn:aws:iam"),
    ),
];

const FORMS: [(&str, &str); 6] = [
    ("", ""),
    ("", "IfExists"),
    ("ForAllValues:", ""),
    ("ForAllValues:", "IfExists"),
    ("ForAnyValue:", ""),
    ("ForAnyValue:", "IfExists"),
];

#[derive(Clone, Copy, Debug)]
enum State {
    Absent,
    Empty,
    Hit,
    Miss,
    TwoHits,
    HitAndMiss,
    TwoMisses,
    Unreadable,
}

/// State of the key, and the answers in the order of [`FORMS`].
const POSITIVE: [(State, &str); 8] = [
    (State::Absent, "nyyyny"),
    (State::Empty, "nyyyny"),
    (State::Hit, "yyyyyy"),
    (State::Miss, "nnnnnn"),
    (State::TwoHits, "eeyyyy"),
    (State::HitAndMiss, "eennyy"),
    (State::TwoMisses, "nnnnnn"),
    (State::Unreadable, "eeeeee"),
];

const NEGATED: [(State, &str); 8] = [
    (State::Absent, "yyyyny"),
    (State::Empty, "yyyyny"),
    (State::Hit, "nnnnnn"),
    (State::Miss, "yyyyyy"),
    (State::TwoHits, "nnnnnn"),
    (State::HitAndMiss, "eennyy"),
    (State::TwoMisses, "eeyyyy"),
    (State::Unreadable, "eeeeee"),
];

fn values(operator: &Operator, state: State) -> Option<Vec<&'static str>> {
    let [hit, other_hit] = operator.hits;
    let [miss, other_miss] = operator.misses;
    match state {
        State::Absent => None,
        State::Empty => Some(vec![]),
        State::Hit => Some(vec![hit]),
        State::Miss => Some(vec![miss]),
        State::TwoHits => Some(vec![hit, other_hit]),
        State::HitAndMiss => Some(vec![miss, hit]),
        State::TwoMisses => Some(vec![miss, other_miss]),
        State::Unreadable => operator.unreadable.map(|value| vec![value]),
    }
}

/// Whether the action is allowed under an Allow with the condition, and under a Deny with it.
fn decide(operator: &str, policy: &[&str], key: Option<&[&'static str]>) -> (bool, bool) {
    let condition = serde_json::json!({operator: {"test:Key": policy}});
    let allow = serde_json::json!({
        "Effect": "Allow", "Action": "mq:*", "Resource": "*", "Condition": condition,
    });
    let deny = serde_json::json!([
        {"Effect": "Allow", "Action": "mq:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "mq:*", "Resource": "*", "Condition": condition},
    ]);
    let mut context = Context::new();
    match key {
        None => {}
        Some([single]) => {
            context.text("TEST:key", *single);
        }
        Some(values) => {
            context.texts("TEST:key", values.iter().copied());
        }
    }
    let ask = |statements: serde_json::Value| {
        let text = serde_json::json!({"Version": "2012-10-17", "Statement": statements});
        let document = PolicyDocument::parse(&text.to_string(), DocumentKind::Managed);
        let document = document.unwrap_or_else(|error| panic!("{operator} {policy:?}: {error}"));
        let policy = CompiledPolicy::compile(&document);
        let identity = [PolicyRef {
            id: "p",
            kind: PolicyKind::Inline,
            policy: &policy,
        }];
        let layers = Layers {
            identity: &identity,
            ..Layers::default()
        };
        let question = Question {
            action: "mq:X",
            resource: "*",
            context: &context,
        };
        evaluate(&layers, &question).is_allowed()
    };
    (ask(allow), ask(deny))
}

#[test]
fn truth_table_of_all_operators_holds() {
    let mut rows = 0;
    for operator in &OPERATORS {
        let table = if operator.negated { NEGATED } else { POSITIVE };
        for (state, answers) in table {
            let key = values(operator, state);
            if matches!(state, State::Unreadable) && key.is_none() {
                continue;
            }
            for ((prefix, suffix), answer) in FORMS.iter().zip(answers.chars()) {
                let name = format!("{prefix}{}{suffix}", operator.name);
                let (allow, deny) = decide(&name, &operator.policy, key.as_deref());
                assert_eq!(allow, answer == 'y', "Allow, {name}, {state:?}: {answer}");
                assert_eq!(deny, answer == 'n', "Deny, {name}, {state:?}: {answer}");
                rows += 1;
            }
        }
    }
    for (policy, key, holds) in [
        ("true", None, true),
        ("true", Some(vec![]), true),
        ("true", Some(vec!["x"]), false),
        ("true", Some(vec![""]), false),
        ("true", Some(vec!["x", "y"]), false),
        ("False", None, false),
        ("false", Some(vec![]), false),
        ("false", Some(vec!["x"]), true),
        ("false", Some(vec!["x", "y"]), true),
    ] {
        assert_eq!(
            decide("Null", &[policy], key.as_deref()),
            (holds, !holds),
            "Null {policy} {key:?}"
        );
        rows += 1;
    }
    println!("truth table: {rows} rows");
    assert!(rows >= 1_200, "{rows} rows");
}

#[test]
fn null_takes_neither_prefix_nor_suffix() {
    for name in ["NullIfExists", "ForAnyValue:Null", "ForAllValues:Null"] {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{name}":{{"a":"true"}}}}}}}}"#
        );
        assert!(
            PolicyDocument::parse(&text, DocumentKind::Managed).is_err(),
            "{name}"
        );
    }
}

#[test]
fn operators_and_keys_are_joined_by_and() {
    let both = |a: &str, b: &str| {
        let text = serde_json::json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {"StringEquals": {"k": a, "l": "1"}, "Bool": {"m": b}}}});
        let policy = CompiledPolicy::compile(
            &PolicyDocument::parse(&text.to_string(), DocumentKind::Managed).unwrap(),
        );
        let mut context = Context::new();
        context.text("k", "1").text("l", "1").flag("m", true);
        let identity = [PolicyRef {
            id: "p",
            kind: PolicyKind::Inline,
            policy: &policy,
        }];
        let layers = Layers {
            identity: &identity,
            ..Layers::default()
        };
        let question = Question {
            action: "mq:X",
            resource: "*",
            context: &context,
        };
        evaluate(&layers, &question).is_allowed()
    };
    assert!(both("1", "true"));
    assert!(!both("2", "true"));
    assert!(!both("1", "false"));
}
