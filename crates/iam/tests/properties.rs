//! Properties of the evaluator (property 7 of the threat model's authorisation table) and of the
//! parser, over generated policies whose vocabulary is small enough to overlap.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use iam::{
    CompiledPolicy, Context, Decision, DocumentKind, Layers, PolicyDocument, PolicyKind, PolicyRef,
    Question, evaluate,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const ACTIONS: [&str; 9] = [
    "*",
    "mq:*",
    "mq:Describe*",
    "mq:DescribeBroker",
    "mq:?eleteUser",
    "mq:*User",
    "ec2:*",
    "ec2:DescribeVpcs",
    "*:Describe*",
];
const ASKED_ACTIONS: [&str; 5] = [
    "mq:DescribeBroker",
    "mq:DeleteUser",
    "mq:CreateBroker",
    "ec2:DescribeVpcs",
    "iam:GetUser",
];
const RESOURCES: [&str; 8] = [
    "*",
    "arn:aws:mq:*:*:*",
    "arn:aws:mq:us-east-1:111122223333:broker:A:b-1",
    "arn:aws:mq:us-*-1:1111????3333:broker:*:b-?",
    "arn:aws:mq:*:*:broker:${aws:username}:*",
    "arn:aws:mq:*:*:broker:${aws:PrincipalTag/team, 'A'}*",
    "arn:aws:mq:*:*:configuration:*",
    "arn:aws:mq",
];
const ASKED_RESOURCES: [&str; 4] = [
    "*",
    "arn:aws:mq:us-east-1:111122223333:broker:A:b-1",
    "arn:aws:mq:eu-west-1:111122223333:broker:jane:b-2",
    "not an arn",
];
const CONDITIONS: [(&str, &str, &str); 12] = [
    ("StringEquals", "aws:username", "jane"),
    ("StringNotEquals", "aws:username", "jane"),
    ("StringLikeIfExists", "aws:PrincipalTag/team", "a*"),
    ("StringEquals", "aws:PrincipalTag/team", "${aws:username}"),
    ("NumericLessThan", "aws:MultiFactorAuthAge", "300"),
    ("NumericNotEquals", "aws:MultiFactorAuthAge", "300"),
    ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
    ("Bool", "aws:SecureTransport", "true"),
    ("ForAllValues:StringLike", "aws:TagKeys", "e*"),
    ("ForAnyValue:StringNotLike", "aws:TagKeys", "e*"),
    ("Null", "aws:username", "true"),
];
const FACTS: [(&str, &[&str]); 11] = [
    ("aws:username", &["jane"]),
    ("aws:username", &["*"]),
    ("aws:PrincipalTag/team", &["apples"]),
    ("aws:PrincipalTag/team", &["jane"]),
    ("aws:MultiFactorAuthAge", &["12"]),
    ("aws:MultiFactorAuthAge", &["old"]),
    ("aws:SourceIp", &["::ffff:10.1.2.3"]),
    ("aws:SourceIp", &["192.0.2.1"]),
    ("aws:SecureTransport", &["true"]),
    ("aws:TagKeys", &["env", "team"]),
    ("aws:TagKeys", &[]),
];

type Fact = (&'static str, &'static [&'static str]);

fn context_of(facts: &[Fact]) -> Context<'static> {
    let mut context = Context::new();
    for (key, values) in facts {
        context.texts(key, values.iter().copied());
    }
    context
}

fn statement(effect: &'static str) -> impl Strategy<Value = Value> {
    let actions = proptest::collection::vec(select(&ACTIONS[..]), 1..3);
    let resources = proptest::collection::vec(select(&RESOURCES[..]), 1..3);
    let conditions = proptest::collection::vec(select(&CONDITIONS[..]), 0..3);
    (actions, resources, conditions, any::<bool>(), any::<bool>()).prop_map(
        move |(actions, resources, conditions, not_action, not_resource)| {
            let mut statement = json!({"Effect": effect});
            statement[if not_action { "NotAction" } else { "Action" }] = json!(actions);
            statement[if not_resource {
                "NotResource"
            } else {
                "Resource"
            }] = json!(resources);
            for (operator, key, value) in conditions {
                statement["Condition"][operator][key] = json!(value);
            }
            statement
        },
    )
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    let any_statement = prop_oneof![2 => statement("Allow"), 1 => statement("Deny")];
    proptest::collection::vec(any_statement, 1..5)
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    proptest::collection::vec(select(&FACTS[..]), 0..6)
}

fn compile(statements: &[Value]) -> CompiledPolicy {
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    CompiledPolicy::compile(&PolicyDocument::parse(&text, DocumentKind::Managed).unwrap())
}

/// What a decision is about, without the statement that happened to come first.
#[derive(Debug, PartialEq, Clone, Copy)]
enum Outcome {
    Allowed,
    Denied { layer: iam::Layer, explicit: bool },
}

fn outcome(decision: &Decision<'_>) -> Outcome {
    match decision {
        Decision::Allowed { .. } => Outcome::Allowed,
        Decision::Denied(denial) => Outcome::Denied {
            layer: denial.layer,
            explicit: denial.is_explicit(),
        },
    }
}

fn ask(policies: &[&[Value]], facts: &[Fact], action: &str, resource: &str) -> Outcome {
    ask_in(policies, None, facts, action, resource)
}

fn ask_in(
    policies: &[&[Value]],
    session: Option<&[Value]>,
    facts: &[Fact],
    action: &str,
    resource: &str,
) -> Outcome {
    let compiled: Vec<_> = policies
        .iter()
        .map(|statements| compile(statements))
        .collect();
    let identity: Vec<_> = compiled
        .iter()
        .map(|policy| PolicyRef {
            id: "p",
            kind: PolicyKind::Inline,
            policy,
        })
        .collect();
    let session = session.map(compile);
    let session = session.as_ref().map(|policy| {
        [PolicyRef {
            id: "s",
            kind: PolicyKind::Inline,
            policy,
        }]
    });
    let layers = Layers {
        identity: &identity,
        session: session.as_ref().map(|list| &list[..]),
        ..Layers::default()
    };
    let context = context_of(facts);
    outcome(&evaluate(
        &layers,
        &Question {
            action,
            resource,
            context: &context,
        },
    ))
}

/// The resource match, segment by segment and recursively: the definition.
fn reference_arn(pattern: &str, arn: &str) -> bool {
    let (p, a): (Vec<_>, Vec<_>) = (
        pattern.splitn(6, ':').collect(),
        arn.splitn(6, ':').collect(),
    );
    p.len() == 6
        && a.len() == 6
        && p.iter()
            .zip(&a)
            .all(|(p, a)| glob(p.as_bytes(), a.as_bytes()))
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some((b'*', rest)), _) => {
            glob(rest, text)
                || text
                    .split_first()
                    .is_some_and(|(_, after)| glob(pattern, after))
        }
        (Some((b'?', rest)), Some((_, after))) => glob(rest, after),
        (Some((p, rest)), Some((t, after))) => p == t && glob(rest, after),
        (Some(_), None) => false,
    }
}

fn flip_case(text: &str, mask: u64) -> String {
    let flip = |(i, c): (usize, char)| {
        if mask >> (i % 64) & 1 == 0 {
            c
        } else if c.is_ascii_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    text.chars().enumerate().map(flip).collect()
}

/// Four times the library's number: 1,024, or 4 × `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: default.cases.saturating_mul(4),
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn without_an_allow_everything_is_denied(
        denies in proptest::collection::vec(statement("Deny"), 1..4),
        facts in facts(), action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        prop_assert_ne!(ask(&[&denies], &facts, action, resource), Outcome::Allowed);
        prop_assert_ne!(ask(&[], &facts, action, resource), Outcome::Allowed);
    }

    #[test]
    fn adding_a_deny_never_adds_an_allow(
        statements in statements(), deny in statement("Deny"), at in any::<prop::sample::Index>(),
        facts in facts(), action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        let before = ask(&[&statements], &facts, action, resource);
        let mut more = statements.clone();
        more.insert(at.index(statements.len() + 1), deny.clone());
        let after = ask(&[&more], &facts, action, resource);
        let elsewhere = ask(&[&statements, &[deny]], &facts, action, resource);
        prop_assert_eq!(after, elsewhere);
        if before != Outcome::Allowed {
            prop_assert_ne!(after, Outcome::Allowed);
        }
    }

    #[test]
    fn a_deny_refuses_exactly_where_the_same_allow_would_grant_or_fail(
        deny in statement("Deny"), facts in facts(),
        action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        let everything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
        let mut allow = deny.clone();
        allow["Effect"] = json!("Allow");
        if ask(&[&[allow]], &facts, action, resource) == Outcome::Allowed {
            let refused = ask(&[&[everything, deny]], &facts, action, resource);
            prop_assert_eq!(refused, Outcome::Denied { layer: iam::Layer::Identity, explicit: true });
        }
    }

    #[test]
    fn order_and_duplicates_do_not_matter(
        statements in statements().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        facts in facts(), action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        let (original, shuffled) = statements;
        let expected = ask(&[&original], &facts, action, resource);
        prop_assert_eq!(ask(&[&shuffled], &facts, action, resource), expected);
        let twice = [original.clone(), shuffled.clone()].concat();
        prop_assert_eq!(ask(&[&twice], &facts, action, resource), expected);
        let (left, right) = shuffled.split_at(shuffled.len() / 2);
        let policies: Vec<&[Value]> = [right, left].into_iter().filter(|it| !it.is_empty()).collect();
        prop_assert_eq!(ask(&policies, &facts, action, resource), expected);
    }

    #[test]
    fn an_unrelated_statement_is_neutral(
        statements in statements(), deny in any::<bool>(), kind in 0..3_u8,
        facts in facts(), action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        let effect = if deny { "Deny" } else { "Allow" };
        let unrelated = match kind {
            0 => json!({"Effect": effect, "Action": "zz:*", "Resource": "*"}),
            1 => json!({"Effect": effect, "NotAction": "*", "Resource": "*"}),
            _ => json!({"Effect": effect, "Action": "*", "Resource": "*",
                        "Condition": {"StringLike": {"aws:NeverSet": "*"}}}),
        };
        let more = [statements.clone(), vec![unrelated]].concat();
        let expected = ask(&[&statements], &facts, action, resource);
        prop_assert_eq!(ask(&[&more], &facts, action, resource), expected);
    }

    #[test]
    fn what_reads_no_context_decides_the_same_without_one(
        statements in statements(), facts in facts(),
        action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        let compiled = compile(&statements);
        let identity = [PolicyRef { id: "p", kind: PolicyKind::Inline, policy: &compiled }];
        let layers = Layers { identity: &identity, ..Layers::default() };
        let without = ask(&[&statements], &[], action, resource);
        if !layers.reads_context(action) {
            prop_assert_eq!(ask(&[&statements], &facts, action, resource), without);
        }
        // Statements that ask for nothing are seen to.
        let plain = statements.iter().all(|statement| {
            statement.get("Condition").is_none() && !statement.to_string().contains("${")
        });
        prop_assert!(!(plain && layers.reads_context(action)));
    }

    #[test]
    fn a_session_policy_only_narrows(
        statements in statements(), session in statements(),
        facts in facts(), action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        let with = ask_in(&[&statements], Some(&session), &facts, action, resource);
        let both = ask(&[&statements], &facts, action, resource) == Outcome::Allowed
            && ask(&[&session], &facts, action, resource) == Outcome::Allowed;
        prop_assert_eq!(with == Outcome::Allowed, both);
    }

    #[test]
    fn the_case_of_actions_and_keys_does_not_matter(
        mut statements in statements(), mask in any::<u64>(),
        facts in facts(), action in select(&ASKED_ACTIONS[..]), resource in select(&ASKED_RESOURCES[..]),
    ) {
        let expected = ask(&[&statements], &facts, action, resource);
        for statement in &mut statements {
            for name in ["Action", "NotAction"] {
                if let Some(actions) = statement.get_mut(name).and_then(Value::as_array_mut) {
                    for action in actions {
                        *action = json!(flip_case(action.as_str().unwrap(), mask));
                    }
                }
            }
            if let Some(condition) = statement.get_mut("Condition").and_then(Value::as_object_mut) {
                for keys in condition.values_mut() {
                    let flipped = keys.as_object().unwrap().iter();
                    *keys = flipped.map(|(key, value)| (flip_case(key, mask), value.clone())).collect();
                }
            }
        }
        prop_assert_eq!(ask(&[&statements], &facts, action, resource), expected);
        prop_assert_eq!(ask(&[&statements], &facts, &flip_case(action, mask), resource), expected);
    }

    #[test]
    fn the_case_of_resources_matters(mask in any::<u64>()) {
        let resource = "arn:aws:mq:us-east-1:111122223333:broker:Orders:b-1";
        let flipped = flip_case(resource, mask);
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": resource});
        let allowed = ask(&[&[statement]], &[], "mq:X", &flipped) == Outcome::Allowed;
        prop_assert_eq!(allowed, flipped == resource);
    }

    #[test]
    fn arn_patterns_match_by_segment(
        pattern in proptest::collection::vec("[ab*?]{0,3}", 3..4), tail in "[ab:/*?]{0,6}",
        segments in proptest::collection::vec("[ab]{0,3}", 3..4), end in "[ab:/]{0,6}",
    ) {
        // The service and partition of a stored pattern are literal.
        let pattern = format!("arn:aws:mq:{}:{}:{tail}", pattern[0], pattern[1]);
        let arn = format!("arn:aws:mq:{}:{}:{end}", segments[0], segments[1]);
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": pattern});
        let allowed = ask(&[&[statement]], &[], "mq:X", &arn) == Outcome::Allowed;
        prop_assert_eq!(allowed, reference_arn(&pattern, &arn), "{} on {}", pattern, arn);
    }

    #[test]
    fn substituted_text_is_never_a_pattern(
        value in "[a*?${}\\[\\]|\\\\]{0,5}", other in "[a*?${}\\[\\]|\\\\]{0,5}",
    ) {
        let resource = json!({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:mq:::broker:${aws:username}:*"});
        let like = json!({"Effect": "Allow", "Action": "*", "Resource": "*",
                          "Condition": {"StringLike": {"k": "x${aws:username}"}}});
        let mut context = Context::new();
        context.text("aws:username", value.clone()).text("k", format!("x{other}"));
        for (statement, resource) in [(resource, format!("arn:aws:mq:::broker:{other}:b-1")), (like, "*".to_owned())] {
            let policy = compile(&[statement]);
            let identity = [PolicyRef { id: "p", kind: PolicyKind::Inline, policy: &policy }];
            let layers = Layers { identity: &identity, ..Layers::default() };
            let question = Question { action: "mq:X", resource: &resource, context: &context };
            prop_assert_eq!(evaluate(&layers, &question).is_allowed(), value == other);
        }
    }

    #[test]
    fn any_text_is_parsed_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        for kind in [DocumentKind::Identity, DocumentKind::Managed, DocumentKind::Session, DocumentKind::Trust] {
            let _outcome = PolicyDocument::parse(&text, kind).map(|document| CompiledPolicy::compile(&document));
        }
    }

    #[test]
    fn damaged_policies_are_parsed_and_evaluated_without_a_panic(
        statements in statements(), facts in facts(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), " -~"), 1..4),
    ) {
        let mut text: Vec<char> =
            json!({"Version": "2012-10-17", "Statement": statements}).to_string().chars().collect();
        for (at, replacement) in &damage {
            let at = at.index(text.len());
            text.splice(at..=at, replacement.chars());
        }
        let text: String = text.into_iter().collect();
        if let Ok(document) = PolicyDocument::parse(&text, DocumentKind::Identity) {
            let policy = CompiledPolicy::compile(&document);
            prop_assert!(!policy.is_unreadable(), "{}", text);
            let identity = [PolicyRef { id: "p", kind: PolicyKind::Inline, policy: &policy }];
            let layers = Layers { identity: &identity, ..Layers::default() };
            let context = context_of(&facts);
            for resource in ASKED_RESOURCES {
                let question = Question { action: "mq:DescribeBroker", resource, context: &context };
                let _decision = evaluate(&layers, &question);
            }
        }
    }

    #[test]
    fn layout_and_member_order_do_not_matter(statements in statements()) {
        let text = json!({"Version": "2012-10-17", "Statement": statements});
        let parse = |text: &str| {
            let document = PolicyDocument::parse(text, DocumentKind::Managed).unwrap();
            let parts = document.statements().iter().map(|it| {
                (it.effect(), it.actions().clone(), it.resources().cloned(), it.conditions().to_vec())
            });
            parts.collect::<Vec<_>>()
        };
        let reversed: Vec<Value> = statements
            .iter()
            .map(|statement| {
                let members: Vec<_> = statement.as_object().unwrap().clone().into_iter().collect();
                members.into_iter().rev().collect::<serde_json::Map<_, _>>().into()
            })
            .collect();
        let reversed = json!({"Statement": reversed, "Version": "2012-10-17"});
        prop_assert_eq!(parse(&text.to_string()), parse(&serde_json::to_string_pretty(&reversed).unwrap()));
    }
}
