//! Prints how long compiling and evaluating take, on one thread: minimum and median of many batches, and
//! the minimum's ratio to the floor of verifying a signature, the hashing that no verifier can avoid.
//!
//! Run with `cargo run --release -p iam --example bench`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use iam::{
    CompiledPolicy, Context, DocumentKind, Layers, PolicyDocument, PolicyError, PolicyKind,
    PolicyRef, Question, evaluate,
};
use ring::digest::{SHA256, digest};
use ring::hmac;
use serde_json::json;

fn main() -> Result<(), PolicyError> {
    let floor = floor();
    let guide = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Resource": "*", "Action": [
            "mq:*", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
            "ec2:DetachNetworkInterface", "ec2:DescribeInternetGateways",
            "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"]},
        {"Effect": "Allow", "Resource": "*", "Action": [
            "ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterfacePermission",
            "ec2:DescribeNetworkInterfacePermission"],
         "Condition": {"StringEquals": {"ec2:AuthorizedService": "mq.amazonaws.com"}}}]});
    compiling("guide policy, parse + compile", &guide, floor);
    let guide = compile(&guide)?;
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
        report(name, &guide, action, "*", &context, expected, floor);
    }

    // Every statement names the action asked for, so only resource and conditions tell them apart.
    let worst = hundred(|i| {
        json!([
            "mq:DescribeBroker",
            format!("mq:Describe{i}"),
            "mq:RebootBroker"
        ])
    });
    compiling("100 statements, parse + compile", &worst, floor);
    let worst = compile(&worst)?;
    report(
        "100 statements, all name the action",
        &worst,
        "mq:RebootBroker",
        broker,
        &context,
        true,
        floor,
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
        floor,
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
        measure(|| {
            black_box(evaluate(black_box(&layers), black_box(&question)));
        })
        .print(name, floor);
    }

    let text = "a".repeat(2_048);
    for (name, pattern) in [
        ("6 KiB of `*a` on 2 KiB of text", "*a".repeat(3_072) + "b"),
        (
            "long literal that nearly matches, 2 KiB",
            "*".to_owned() + &"a".repeat(1_000) + "?b*",
        ),
    ] {
        measure(|| {
            black_box(iam::wildcard::matches(
                black_box(&pattern),
                black_box(&text),
            ));
        })
        .print(name, floor);
    }

    measure(|| {
        black_box(typical_context());
    })
    .print("building a context of 16 keys", floor);
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

/// Hashing 600 bytes of body and 560 of canonical request, and one HMAC with a known key; in nanoseconds.
fn floor() -> f64 {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
    let floor = measure(|| {
        black_box(digest(&SHA256, black_box(&[b'x'; 600])));
        black_box(digest(&SHA256, black_box(&[b'c'; 560])));
        black_box(hmac::sign(&key, black_box(&[b's'; 137])));
    });
    floor.print("floor: body + 560 B canonical + cached HMAC", floor.min);
    floor.min
}

fn compiling(name: &str, document: &serde_json::Value, floor: f64) {
    let text = document.to_string();
    measure(|| {
        let document = PolicyDocument::parse(black_box(&text), DocumentKind::Managed);
        black_box(document.map(|document| CompiledPolicy::compile(&document))).ok();
    })
    .print(name, floor);
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
    floor: f64,
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
    measure(|| {
        black_box(evaluate(black_box(&layers), black_box(&question)));
    })
    .print(name, floor);
}

/// Nanoseconds per call.
struct Measured {
    min: f64,
    median: f64,
}

impl Measured {
    fn print(&self, name: &str, floor: f64) {
        println!(
            "{name:<45} min {:>10.1} ns   median {:>10.1} ns   {:>9.4} of the floor",
            self.min,
            self.median,
            self.min / floor
        );
    }
}

/// Over 200 batches of about a millisecond.
fn measure(mut call: impl FnMut()) -> Measured {
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
    Measured {
        min: at(0),
        median: at(100),
    }
}

fn batch(call: &mut impl FnMut(), calls: u32) -> Duration {
    let started = Instant::now();
    for _ in 0..calls {
        call();
    }
    started.elapsed()
}
