//! Prints how long an evaluation takes, on one thread: minimum and median of many batches.
//!
//! Run with `cargo run --release -p iam --example bench`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use iam::{
    CompiledPolicy, Context, DocumentKind, Layers, PolicyDocument, PolicyError, PolicyKind,
    PolicyRef, Question, evaluate,
};
use serde_json::json;

fn main() -> Result<(), PolicyError> {
    let guide = compile(&json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Resource": "*", "Action": [
            "mq:*", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
            "ec2:DetachNetworkInterface", "ec2:DescribeInternetGateways",
            "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"]},
        {"Effect": "Allow", "Resource": "*", "Action": [
            "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterfacePermission",
            "ec2:DescribeNetworkInterfacePermission"],
         "Condition": {"StringEquals": {"ec2:AuthorizedService": "mq.amazonaws.com"}}}]}))?;
    let context = typical_context();
    let broker = "arn:aws:mq:us-east-1:111122223333:broker:jane-orders:b-99";
    for (name, action, expected) in [
        ("guide policy, allow", "mq:CreateBroker", true),
        (
            "guide policy, allow with condition",
            "ec2:CreateNetworkInterfacePermission",
            true,
        ),
        ("guide policy, implicit deny", "ec2:RunInstances", false),
    ] {
        report(name, &guide, action, "*", &context, expected);
    }

    // Every statement names the action asked for, so only resource and conditions tell them apart.
    let worst = compile(&hundred(|i| {
        json!([
            "mq:DescribeBroker",
            format!("mq:Describe{i}"),
            "mq:RebootBroker"
        ])
    }))?;
    report(
        "100 statements, all name the action",
        &worst,
        "mq:RebootBroker",
        broker,
        &context,
        true,
    );
    // Every statement names another action.
    let spread = compile(&hundred(|i| {
        json!([format!("mq:A{i}"), format!("mq:B{i}"), format!("mq:C{i}*")])
    }))?;
    report(
        "100 statements, one names the action",
        &spread,
        "mq:B99",
        broker,
        &context,
        true,
    );

    let many: Vec<PolicyRef<'_>> = std::iter::repeat_n(&spread, 100)
        .map(|policy| PolicyRef {
            id: "p",
            kind: PolicyKind::Managed,
            policy,
        })
        .collect();
    for (name, count) in [
        ("10 policies of 100 statements", 10),
        ("100 policies of 100 statements", 100),
    ] {
        let identity = many.get(..count).unwrap_or_default();
        let layers = Layers {
            identity,
            ..Layers::default()
        };
        // Spelt out nowhere, so every statement's actions are looked at.
        let question = Question {
            action: "mq:Z",
            resource: broker,
            context: &context,
        };
        let (min, median) = measure(|| {
            black_box(evaluate(black_box(&layers), black_box(&question)));
        });
        println!("{name:<45} min {min:>8.1} ns   median {median:>8.1} ns");
    }

    let text = "a".repeat(2_048);
    for (name, pattern) in [
        ("6 KiB of `*a` on 2 KiB of text", "*a".repeat(3_072) + "b"),
        (
            "long literal that nearly matches, 2 KiB",
            "*".to_owned() + &"a".repeat(1_000) + "?b*",
        ),
    ] {
        let (min, median) = measure(|| {
            black_box(iam::wildcard::matches(
                black_box(&pattern),
                black_box(&text),
            ));
        });
        println!("{name:<45} min {min:>8.1} ns   median {median:>8.1} ns");
    }

    let build = measure(|| {
        black_box(typical_context());
    });
    println!(
        "{:<45} min {:>8.1} ns   median {:>8.1} ns",
        "building a context of 16 keys", build.0, build.1
    );
    Ok(())
}

/// 100 statements with 3 actions, 2 resources (one with a variable) and 2 operators; the last matches.
fn hundred(actions: impl Fn(usize) -> serde_json::Value) -> serde_json::Value {
    let statements = (0..100).map(|i| {
        json!({"Effect": "Allow", "Action": actions(i),
            "Resource": [format!("arn:aws:mq:us-east-1:111122223333:broker:team-{i}:*"),
                         format!("arn:aws:mq:us-east-1:111122223333:broker:${{aws:username}}-*:b-{i}")],
            "Condition": {
                "StringEquals": {"aws:PrincipalTag/team": "payments"},
                "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})
    });
    json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>()})
}

fn typical_context() -> Context<'static> {
    let mut context = Context::new();
    context
        .text("aws:CurrentTime", "2026-11-25T12:00:00Z")
        .text("aws:EpochTime", "1795608000")
        .flag("aws:SecureTransport", true)
        .address("aws:SourceIp", [10, 1, 2, 3].into())
        .text("aws:UserAgent", "aws-cli/2.31")
        .text("aws:RequestedRegion", "us-east-1")
        .text("aws:PrincipalArn", "arn:aws:iam::111122223333:user/jane")
        .text("aws:PrincipalAccount", "111122223333")
        .text("aws:PrincipalType", "User")
        .text("aws:userid", "AIDAEXAMPLE")
        .text("aws:username", "jane")
        .tag("aws:PrincipalTag/", "team", "payments")
        .tag("aws:ResourceTag/", "team", "payments")
        .text("aws:ResourceAccount", "111122223333")
        .flag("aws:ViaAWSService", false)
        .text("ec2:AuthorizedService", "mq.amazonaws.com");
    context
}

fn compile(document: &serde_json::Value) -> Result<CompiledPolicy, PolicyError> {
    let document = PolicyDocument::parse(&document.to_string(), DocumentKind::Managed)?;
    Ok(CompiledPolicy::compile(&document))
}

fn report(
    name: &str,
    policy: &CompiledPolicy,
    action: &str,
    resource: &str,
    context: &Context<'_>,
    expected: bool,
) {
    let identity = [PolicyRef {
        id: "p",
        kind: PolicyKind::Inline,
        policy,
    }];
    let layers = Layers {
        identity: &identity,
        ..Layers::default()
    };
    let question = Question {
        action,
        resource,
        context,
    };
    assert_eq!(
        evaluate(&layers, &question).is_allowed(),
        expected,
        "{name}"
    );
    let (min, median) = measure(|| {
        black_box(evaluate(black_box(&layers), black_box(&question)));
    });
    println!("{name:<45} min {min:>8.1} ns   median {median:>8.1} ns");
}

/// Minimum and median over 200 batches of about a millisecond, in nanoseconds per call.
fn measure(mut call: impl FnMut()) -> (f64, f64) {
    let mut calls = 1_u32;
    loop {
        let took = batch(&mut call, calls);
        if took > Duration::from_millis(1) || calls > 1 << 26 {
            break;
        }
        calls *= 2;
    }
    let mut times: Vec<f64> = (0..200)
        .map(|_| batch(&mut call, calls).as_secs_f64() * 1e9 / f64::from(calls))
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |index: usize| times.get(index).copied().unwrap_or_default();
    (at(0), at(100))
}

fn batch(call: &mut impl FnMut(), calls: u32) -> Duration {
    let started = Instant::now();
    for _ in 0..calls {
        call();
    }
    started.elapsed()
}
