//! Policies, ARNs and patterns.

use iam::trust::{Caller, evaluate_trust};
use iam::{
    AccountId, Arn, CompiledPolicy, Context, DocumentKind, Layers, PolicyDocument, PolicyKind,
    PolicyRef, Question,
};
use serde_json::{Value, json};

use crate::naive::Documents;
use crate::naive::cases::{Breadth, Case, Choices, case};
use crate::naive::differential::compare;

/// A policy's text: parse, compile, evaluate; and what another writer makes of the same JSON decides
/// the same.
pub(super) fn parse(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    for kind in [
        DocumentKind::Identity,
        DocumentKind::Managed,
        DocumentKind::Session,
        DocumentKind::Trust,
    ] {
        match PolicyDocument::parse(text, kind) {
            Err(error) => {
                let _text = (error.code(), error.to_string());
            }
            Ok(document) => {
                let policy = CompiledPolicy::compile(&document);
                assert!(!policy.is_unreadable(), "accepted and not compiled");
                let _keys = document.context_keys();
                let value: Value = serde_json::from_str(text).expect("accepted, so it is JSON");
                let printed = PolicyDocument::parse(&value.to_string(), kind)
                    .expect("accepted, so its reprint is");
                let again = CompiledPolicy::compile(&printed);
                assert_eq!(decisions(&policy, kind), decisions(&again, kind));
            }
        }
    }
}

fn decisions(policy: &CompiledPolicy, kind: DocumentKind) -> Vec<bool> {
    let mut context = Context::new();
    context
        .text("aws:username", "jane")
        .texts("aws:TagKeys", ["a", "b"])
        .flag("aws:SecureTransport", true)
        .number("aws:MultiFactorAuthAge", 10)
        .text("aws:CurrentTime", "2026-11-23T00:00:00Z")
        .text("aws:SourceIp", "10.1.2.3")
        .text("aws:PrincipalArn", "arn:aws:iam::111122223333:user/jane");
    let reference = [PolicyRef {
        id: "p",
        kind: PolicyKind::Inline,
        policy,
    }];
    if kind == DocumentKind::Trust {
        let role = &reference[0];
        let users = [
            "arn:aws:iam::111122223333:user/jane",
            "arn:aws:iam::111122223333:root",
        ];
        return users
            .iter()
            .map(|arn| assumed(role, arn, &context))
            .collect();
    }
    let layers = Layers {
        identity: &reference,
        ..Layers::default()
    };
    let broker = "arn:aws:mq:us-east-1:111122223333:broker:jane-orders:b-1";
    [
        ("mq:CreateUser", broker),
        ("mq:ListBrokers", "*"),
        ("iam:GetUser", "arn:aws:iam::1:user/a"),
    ]
    .map(|(action, resource)| {
        iam::evaluate(
            &layers,
            &Question {
                action,
                resource,
                context: &context,
            },
        )
        .is_allowed()
    })
    .to_vec()
}

fn assumed(role: &PolicyRef<'_>, arn: &str, context: &Context<'_>) -> bool {
    let account = AccountId::parse("111122223333").expect("twelve digits");
    let caller = if arn.ends_with(":root") {
        Caller::Root { account }
    } else {
        Caller::User {
            account,
            arn,
            id: "AIDAJANEJANEJANEJANE",
        }
    };
    !matches!(
        evaluate_trust(role, &caller, "sts:AssumeRole", context),
        iam::Trust::Refused(_)
    )
}

/// Cases chosen by the fuzzer's bytes: both evaluators agree.
pub(super) fn differential(data: &[u8]) {
    let case = case(Breadth::All, &mut Choices::from_bytes(data));
    if let Err(difference) = compare(&case) {
        panic!("{difference}");
    }
}

/// Three lines, operator, value of the policy, value of the request: both evaluators agree, on an
/// Allow and on a Deny.
pub(super) fn condition(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let mut lines = text.splitn(3, '\n');
    let (Some(operator), Some(wanted), Some(value)) = (lines.next(), lines.next(), lines.next())
    else {
        return;
    };
    // Policies hold no other characters; the naive evaluator does not ask.
    let writable = |c: char| matches!(c, '\t' | '\r' | ' '..='\u{ff}');
    if !operator.chars().chain(wanted.chars()).all(writable) {
        return;
    }
    // What long patterns cost is a question for `wildcard`; the naive matcher is exponential.
    if wanted.matches(['*', '?']).count() > 4 || text.len() > 400 {
        return;
    }
    let statement = |effect: &str| {
        json!({"Effect": effect, "Action": "mq:*", "Resource": "*",
               "Condition": {operator: {"mq:key": wanted}}})
    };
    let policy = |statements: Value| json!({"Version": "2012-10-17", "Statement": statements});
    let plain = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    for policy in [
        policy(json!([statement("Allow")])),
        policy(json!([plain, statement("Deny")])),
    ] {
        let case = Case {
            documents: Documents {
                identity: vec![policy],
                boundary: None,
                session: None,
            },
            action: "mq:CreateUser".to_owned(),
            resource: "*".to_owned(),
            facts: vec![
                ("mq:key".to_owned(), vec![value.to_owned()]),
                ("aws:username".to_owned(), vec!["jane".to_owned()]),
            ],
        };
        if let Err(difference) = compare(&case) {
            panic!("{difference}");
        }
    }
}

/// What is read as an ARN is written as it was, and its parts make it again.
pub(super) fn arn(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let Ok(arn) = Arn::parse(text) else { return };
    assert_eq!(arn.as_str(), text);
    let parts = [
        arn.partition(),
        arn.service(),
        arn.region(),
        arn.account(),
        arn.resource(),
    ]
    .join(":");
    assert_eq!(format!("arn:{parts}"), text);
}

/// Two lines, pattern and text: the matcher equals its definition, as a table.
pub(super) fn wildcard(data: &[u8]) {
    let Ok(both) = str::from_utf8(data) else {
        return;
    };
    let Some((pattern, text)) = both.split_once('\n') else {
        return;
    };
    let (tokens, letters): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    if tokens.len() * letters.len() > 40_000 {
        return;
    }
    // `reached[j]`: the pattern so far matches the first `j` letters.
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for token in tokens {
        let before = reached.clone();
        for j in 0..=letters.len() {
            reached[j] = match token {
                '*' => before[..=j].contains(&true),
                '?' => j > 0 && before[j - 1],
                c => j > 0 && before[j - 1] && letters[j - 1] == c,
            };
        }
    }
    let expected = reached[letters.len()];
    assert_eq!(
        iam::wildcard::matches(pattern, text),
        expected,
        "`{pattern}` on `{text}`"
    );
}
