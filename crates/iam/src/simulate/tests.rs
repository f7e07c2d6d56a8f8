use proptest::prelude::*;

use super::*;
use crate::policy::DocumentKind;

fn parse(text: &str) -> PolicyDocument {
    PolicyDocument::parse(text, DocumentKind::Identity).unwrap()
}

fn sheet<'a>(id: &'a str, document: &'a PolicyDocument) -> Sheet<'a> {
    Sheet {
        id,
        kind: PolicyKind::Inline,
        document: Some(document),
    }
}

#[test]
fn each_part_that_does_not_match_is_named_with_what_was_there() {
    let document = parse(
        r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "mq:List*", "Resource": "*"},
            {"Sid": "Prod", "Effect": "Allow", "Action": "mq:RebootBroker",
             "Resource": "arn:aws:mq:us-east-1:111122223333:broker:prod-*",
             "Condition": {"StringEquals": {"aws:ResourceTag/env": "prod", "aws:username": "jane"},
                           "NumericLessThan": {"aws:n": 3}}}]}"#,
    );
    let sheets = [sheet("p", &document)];
    let mut context = Context::new();
    context.text("aws:username", "jane").text("aws:n", "many");
    let simulation = simulate(
        &Sheets {
            identity: &sheets,
            ..Sheets::default()
        },
        &Question {
            action: "mq:RebootBroker",
            resource: "arn:aws:mq:us-east-1:111122223333:broker:test-a:b-1",
            context: &context,
        },
    );
    assert_eq!(
        simulation.outcome,
        Outcome::Implicit {
            layer: Layer::Identity
        }
    );
    let near: Vec<&Examined> = simulation
        .statements
        .iter()
        .filter(|it| it.is_near())
        .collect();
    assert_eq!(near.len(), 1);
    assert_eq!(
        (near[0].place.sid.as_deref(), near[0].place.line),
        (Some("Prod"), 3)
    );
    assert_eq!(
        near[0].misses,
        [
            Miss::Resource {
                negated: false,
                entries: vec!["arn:aws:mq:us-east-1:111122223333:broker:prod-*".into()],
                failed: false
            },
            Miss::Condition {
                operator: "StringEquals".into(),
                key: "aws:ResourceTag/env".into(),
                wanted: vec!["prod".into()],
                got: vec![],
                failed: false
            },
            Miss::Condition {
                operator: "NumericLessThan".into(),
                key: "aws:n".into(),
                wanted: vec!["3".into()],
                got: vec!["many".into()],
                failed: true
            },
        ]
    );
}

#[test]
fn every_layer_without_an_allow_is_missing_even_behind_a_deny() {
    let deny = parse(
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"mq:*","Resource":"*"}}"#,
    );
    let (sheets, none) = ([sheet("deny", &deny)], []);
    let context = Context::new();
    let simulation = simulate(
        &Sheets {
            identity: &sheets,
            boundary: Some(&none),
            session: None,
            root: false,
        },
        &Question {
            action: "mq:ListBrokers",
            resource: "*",
            context: &context,
        },
    );
    assert_eq!(simulation.outcome.name(), "explicitDeny");
    assert_eq!(simulation.missing, [Layer::Identity, Layer::Boundary]);
}

#[test]
fn a_policy_that_cannot_be_read_denies_and_root_lacks_nothing() {
    let unreadable = [Sheet {
        id: "broken",
        kind: PolicyKind::Managed,
        document: None,
    }];
    let context = Context::new();
    let question = Question {
        action: "mq:ListBrokers",
        resource: "*",
        context: &context,
    };
    let root = Sheets {
        identity: &unreadable,
        root: true,
        ..Sheets::default()
    };
    let simulation = simulate(&root, &question);
    assert_eq!(
        simulation.outcome,
        Outcome::Explicit {
            layer: Layer::Identity,
            policy: "broken".into(),
            by: None
        }
    );
    assert!(simulation.missing.is_empty() && simulation.suggestion.is_none());
}

#[test]
fn a_resource_that_no_policy_can_name_is_covered_by_a_star() {
    let of = |resource| Suggestion::find("mq:X", resource).map(|it| it.resource);
    assert_eq!(
        of("arn:aws:mq:r:1:broker:a:b").as_deref(),
        Some("arn:aws:mq:r:1:broker:a:b")
    );
    assert_eq!(
        of("arn:aws:mq:r:1:broker:${x}:b").as_deref(),
        Some("arn:aws:mq:r:1:broker:${$}{x}:b")
    );
    assert_eq!(of("arn:mars:mq:r:1:broker:a").as_deref(), Some("*"));
    assert_eq!(of("no arn").as_deref(), Some("*"));
    assert_eq!(Suggestion::find("no action", "*"), None);
}

fn statement() -> impl Strategy<Value = String> {
    let effect = prop_oneof![4 => Just("Allow"), 1 => Just("Deny")];
    let actions = prop_oneof![
        Just("\"Action\":\"*\""),
        Just("\"Action\":\"mq:CreateBroker\""),
        Just("\"Action\":[\"mq:Describe*\",\"iam:*\"]"),
        Just("\"NotAction\":\"mq:Delete*\""),
    ];
    let resources = prop_oneof![
        Just("\"Resource\":\"*\""),
        Just("\"Resource\":\"arn:aws:mq:*:*:broker:a*:*\""),
        Just("\"Resource\":\"arn:aws:mq:*:*:broker:${aws:username}:*\""),
        Just("\"NotResource\":\"arn:aws:mq:*:*:broker:b*:*\""),
        Just("\"Resource\":\"arn:aws:mq\""),
    ];
    let condition = prop_oneof![
        Just(""),
        Just(",\"Condition\":{\"StringEquals\":{\"aws:username\":\"jane\"}}"),
        Just(",\"Condition\":{\"NumericLessThan\":{\"n\":3}}"),
        Just(",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}"),
        Just(",\"Condition\":{\"StringNotEquals\":{\"aws:username\":\"jane\"}}"),
    ];
    (effect, actions, resources, condition).prop_map(|(effect, actions, resources, condition)| {
        format!("{{\"Effect\":\"{effect}\",{actions},{resources}{condition}}}")
    })
}

fn policy() -> impl Strategy<Value = PolicyDocument> {
    proptest::collection::vec(statement(), 1..4).prop_map(|statements| {
        parse(&format!(
            "{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}",
            statements.join(",")
        ))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// The listing agrees with the decision, and adding what is suggested to each layer that lacks
    /// an Allow allows the question, unless a Deny stands.
    #[test]
    fn what_is_suggested_allows_unless_a_deny_stands(
        identity in policy(),
        boundary in proptest::option::of(policy()),
        session in proptest::option::of(policy()),
        action in prop_oneof![Just("mq:CreateBroker"), Just("MQ:DescribeBroker"), Just("iam:GetUser"), Just("mq:DeleteBroker")],
        resource in prop_oneof![
            Just("*"),
            Just("arn:aws:mq:us-east-1:111122223333:broker:ab:b-1"),
            Just("arn:aws:mq:us-east-1:111122223333:broker:b?*${x}:b-1"),
            Just("arn:aws:iam::111122223333:user/jane"),
            Just("not an arn"),
        ],
        name in proptest::option::of(prop_oneof![Just("jane"), Just("*")]),
        n in proptest::option::of(prop_oneof![Just("1"), Just("9"), Just("x")]),
    ) {
        let mut context = Context::new();
        context.optional("aws:username", name).optional("n", n).flag("aws:SecureTransport", true);
        let question = Question { action, resource, context: &context };
        let ask = |extra: Option<(&PolicyDocument, &[Layer])>| {
            let layer = |which: Layer, own: Option<&PolicyDocument>| {
                let mut documents: Vec<PolicyDocument> = own.into_iter().cloned().collect();
                documents.extend(extra.filter(|(_, layers)| layers.contains(&which)).map(|(it, _)| it.clone()));
                documents
            };
            let (a, b, c) = (
                layer(Layer::Identity, Some(&identity)),
                layer(Layer::Boundary, boundary.as_ref()),
                layer(Layer::Session, session.as_ref()),
            );
            let (a, b, c): (Vec<_>, Vec<_>, Vec<_>) = (
                a.iter().map(|it| sheet("p", it)).collect(),
                b.iter().map(|it| sheet("p", it)).collect(),
                c.iter().map(|it| sheet("p", it)).collect(),
            );
            simulate(&Sheets {
                identity: &a,
                boundary: boundary.is_some().then_some(b.as_slice()),
                session: session.is_some().then_some(c.as_slice()),
                root: false,
            }, &question)
        };
        let before = ask(None);
        let denied = before.statements.iter().any(|it| it.effect == Effect::Deny && it.applies());
        prop_assert_eq!(denied, matches!(before.outcome, Outcome::Explicit { .. }));
        prop_assert_eq!(before.outcome.is_allowed(), !denied && before.missing.is_empty());
        prop_assert_eq!(before.suggestion.is_some(), !before.missing.is_empty());
        if let Some(suggestion) = &before.suggestion {
            let added = parse(&suggestion.document().to_string());
            let after = ask(Some((&added, &before.missing)));
            prop_assert_eq!(after.outcome.is_allowed(), !denied);
            prop_assert!(after.missing.is_empty());
        }
    }
}
