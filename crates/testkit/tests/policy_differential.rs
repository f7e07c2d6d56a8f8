//! The `iam` crate against a second evaluator, on cases made to nearly match.
//!
//! `CASES` and `SEED` change how many and which; the seed and the count are printed. Many millions run
//! with `script/fuzz --policies CASES [SEED]`.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a test reads its size from the environment, and fails by panicking"
)]

use std::collections::BTreeMap;

use testkit::naive::cases::{Breadth, Choices, case};
use testkit::naive::differential::{Agreement, compare};
use testkit::naive::{Answer, Documents, Where, decide};

fn number(name: &str, or: u64) -> u64 {
    std::env::var(name).map_or(or, |text| text.parse().expect("a number"))
}

/// Runs cases `from..to` and counts the agreements by kind.
fn run(seed: u64, from: u64, to: u64) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for index in from..to {
        let stream = seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(index);
        match compare(&case(Breadth::All, &mut Choices::seeded(stream))) {
            Ok(agreement) => *counts.entry(format!("{agreement:?}")).or_default() += 1,
            Err(difference) => panic!("seed {seed} case {index}:\n{difference}"),
        }
    }
    counts
}

#[test]
fn two_evaluators_agree_on_generated_cases() {
    let (cases, seed) = (number("CASES", 200_000), number("SEED", 1));
    let workers = 2;
    let share = cases.div_ceil(workers);
    let counts = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .map(|n| scope.spawn(move || run(seed, n * share, cases.min((n + 1) * share))))
            .collect();
        let mut all: BTreeMap<String, u64> = BTreeMap::new();
        for handle in handles {
            for (kind, count) in handle.join().expect("no difference") {
                *all.entry(kind).or_default() += count;
            }
        }
        all
    });
    println!("{cases} cases, seed {seed}: {counts:#?}");
    assert_eq!(counts.values().sum::<u64>(), cases);
    // A generator that only ever meets one answer would prove nothing.
    if cases >= 10_000 {
        for kind in [
            Agreement::Answer(Answer::Allowed),
            Agreement::Answer(Answer::ExplicitlyDenied(Where::Identity)),
            Agreement::Answer(Answer::ExplicitlyDenied(Where::Session)),
            Agreement::Answer(Answer::ImplicitlyDenied(Where::Identity)),
            Agreement::Answer(Answer::ImplicitlyDenied(Where::Boundary)),
            Agreement::Answer(Answer::ImplicitlyDenied(Where::Session)),
            Agreement::Refused,
        ] {
            let count = counts.get(&format!("{kind:?}")).copied().unwrap_or(0);
            assert!(count > cases / 200, "{kind:?}: {count} of {cases}");
        }
    }
}

/// One policy, one question: what the naive evaluator says. It must be right by itself; an evaluator
/// that always agreed would be worth nothing.
#[track_caller]
fn naive(expected: Answer, policy: serde_json::Value, facts: &[(&str, &[&str])]) {
    let facts = facts.iter().map(|(key, values)| {
        (
            (*key).to_owned(),
            values.iter().map(|value| (*value).to_owned()).collect(),
        )
    });
    let documents = Documents {
        identity: vec![policy],
        boundary: None,
        session: None,
    };
    let resource = "arn:aws:mq:us-east-1:111122223333:broker:jane-orders:b-1";
    let answer = decide(&documents, "mq:CreateUser", resource, &facts.collect());
    assert_eq!(answer, Ok(expected));
}

#[test]
fn the_naive_evaluator_knows_the_documented_pitfalls() {
    use serde_json::json;
    let allowed = Answer::Allowed;
    let implicit = Answer::ImplicitlyDenied(Where::Identity);
    let explicit = Answer::ExplicitlyDenied(Where::Identity);
    let with = |effect: &str, condition: serde_json::Value| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "mq:*", "Resource": "*",
             "Condition": if effect == "Allow" { condition.clone() } else { json!({}) }},
            {"Effect": "Deny", "Action": if effect == "Deny" { "mq:create*" } else { "ec2:*" },
             "Resource": "*", "Condition": condition}]})
    };
    // An Allow before a Deny does not save.
    naive(explicit, with("Deny", json!({})), &[]);
    // A negated operator holds for a key that is absent; a positive one does not.
    naive(
        allowed,
        with("Allow", json!({"StringNotEquals": {"aws:username": "x"}})),
        &[],
    );
    naive(
        implicit,
        with("Allow", json!({"StringEquals": {"aws:username": "x"}})),
        &[],
    );
    // A variable's value is text, and one without a value is nothing.
    let own = with(
        "Allow",
        json!({"StringLike": {"aws:username": "${aws:PrincipalTag/team}"}}),
    );
    naive(
        implicit,
        own.clone(),
        &[
            ("aws:username", &["jane"]),
            ("aws:PrincipalTag/team", &["*"]),
        ],
    );
    naive(implicit, own.clone(), &[("aws:username", &["jane"])]);
    naive(
        allowed,
        own,
        &[("aws:username", &["*"]), ("aws:PrincipalTag/team", &["*"])],
    );
    // Each value of the request is negated before all or any of them are asked for.
    let any = with(
        "Allow",
        json!({"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["a", "b"]}}),
    );
    naive(allowed, any.clone(), &[("aws:TagKeys", &["a", "c"])]);
    naive(implicit, any.clone(), &[("aws:TagKeys", &["a", "b"])]);
    naive(implicit, any, &[]);
    let all = with(
        "Allow",
        json!({"ForAllValues:StringNotEquals": {"aws:TagKeys": ["a", "b"]}}),
    );
    naive(implicit, all.clone(), &[("aws:TagKeys", &["a", "c"])]);
    naive(allowed, all, &[]);
    // An IPv4 address written as IPv6 is still in the network.
    let net = with("Deny", json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}));
    naive(explicit, net, &[("aws:SourceIp", &["::ffff:10.1.2.3"])]);
    // Epoch seconds and ISO 8601 are the same instants.
    let date = with(
        "Allow",
        json!({"DateEquals": {"aws:CurrentTime": "1795392000"}}),
    );
    naive(
        allowed,
        date,
        &[("aws:CurrentTime", &["2026-11-23T01:00:00+01:00"])],
    );
    // A Deny that cannot be evaluated holds; an Allow does not.
    let odd = |effect| {
        with(
            effect,
            json!({"NumericNotEquals": {"aws:MultiFactorAuthAge": "5"}}),
        )
    };
    naive(
        explicit,
        odd("Deny"),
        &[("aws:MultiFactorAuthAge", &["five"])],
    );
    naive(
        implicit,
        odd("Allow"),
        &[("aws:MultiFactorAuthAge", &["five"])],
    );
}
