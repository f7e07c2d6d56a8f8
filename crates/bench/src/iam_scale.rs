//! Whether an account of thousands of users, groups and policies is as quick as one of ten: decisions, changes of policies,
//! start-up.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Args;
use tempfile::TempDir;

use crate::load::{self, Outcome, Requests, count};
use crate::sign::{Signer, form};
use crate::subject::{self, Subject};
use crate::throughput::{GUIDE_POLICY, element, user};

/// The user who asks.
const MEASURED: &str = "measured";
/// The policy of every group, which is what changes.
const SHARED: &str = "arn:aws:iam::111122223333:policy/shared";
const DENIES: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"mq:ListBrokers","Resource":"*"}]}"#;
/// The goals: a change is published in this time, and everything starts in that.
const PUBLISH_MS: f64 = 10.0;
const START_MS: f64 = 1_000.0;
/// How much more a decision may cost: what two runs of the same thing differ by on a busy machine.
const DECISION: f64 = 1.15;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Sizes {
    /// Users, each in a group and with a policy attached.
    #[arg(long, default_value_t = 10_000)]
    users: usize,
    /// Groups, each with two policies attached, one of which all have.
    #[arg(long, default_value_t = 1_000)]
    groups: usize,
    /// Managed policies.
    #[arg(long, default_value_t = 5_000)]
    policies: usize,
    /// How many changes of a policy.
    #[arg(long, default_value_t = 200)]
    changes: usize,
    /// How long each measurement of decisions takes, in seconds.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How often each measurement of decisions is repeated; the median is shown.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many starts; the median is shown.
    #[arg(long, default_value_t = 5)]
    starts: usize,
}

/// Measures, prints, and says which goals are missed.
///
/// # Errors
/// A server does not start, a request is refused, a change is not in force for the next request, or a goal is missed.
pub(crate) async fn measure(program: &Path, sizes: &Sizes) -> anyhow::Result<()> {
    let options = [
        "--api-rate",
        "1000000000",
        "--api-burst",
        "1000000000",
        "--quota",
        "iam-users=1000000",
        "--quota",
        "iam-groups=1000000",
        "--quota",
        "iam-policies=1000000",
    ];
    let (small_folder, folder) = (TempDir::new()?, TempDir::new()?);
    let small = Subject::postern(program, &small_folder, &options)?;
    let small_signer = fill(&small, 10, 10, 10).await?;
    let server = Subject::postern(program, &folder, &options)?;
    let begun = Instant::now();
    let signer = fill(&server, sizes.users, sizes.groups, sizes.policies).await?;
    println!(
        "{} users in {} groups with {} policies: made in {:.1} s; resident {:.0} MiB",
        sizes.users,
        sizes.groups,
        sizes.policies,
        begun.elapsed().as_secs_f64(),
        server.resident_mib()?
    );
    let mut missed = Vec::new();
    let mut goal = |name: &str, is: f64, at_most: f64| {
        let met = is <= at_most;
        println!(
            "  goal: {name} at most {at_most}: {}",
            if met { "met" } else { "MISSED" }
        );
        if !met {
            missed.push(name.to_owned());
        }
    };

    let (ten, many) = decisions(&small, &small_signer, &server, &signer, sizes).await?;
    println!(
        "a signed request that is decided by two groups and two policies: {ten:.1} us of processor with 10 users, {many:.1} us \
         with {}: {:.2} times",
        sizes.users,
        many / ten
    );
    goal("times the cost", many / ten, DECISION);
    small.stop()?;

    for (name, times) in [
        (
            "PutUserPolicy",
            inline_changes(&server, sizes.changes).await?,
        ),
        (
            "SetDefaultPolicyVersion of a policy that every group has",
            shared_changes(&server, &signer, sizes.changes).await?,
        ),
    ] {
        println!(
            "{name}, {} times, with fsync and audit: median {:.2} ms, p99 {:.2} ms",
            times.len(),
            at(&times, 0.5),
            at(&times, 0.99)
        );
        goal("ms at the median", at(&times, 0.5), PUBLISH_MS);
    }
    println!("  each change was in force for the next request, over another connection");

    server.stop()?;
    let (mut open, mut answered) = (Vec::new(), Vec::new());
    let mut resident = 0.0;
    for _ in 0..sizes.starts {
        let begun = Instant::now();
        let server = Subject::postern(program, &folder, &options)?;
        open.push(server.started_in.as_secs_f64() * 1e3);
        let (status, body) =
            load::once(server.address, &signer.mq("GET", "/v1/brokers", "")?).await?;
        ensure!(status == 200, "{status}: {body}");
        answered.push(begun.elapsed().as_secs_f64() * 1e3);
        resident = server.resident_mib()?;
        server.stop()?;
    }
    open.sort_by(f64::total_cmp);
    answered.sort_by(f64::total_cmp);
    println!(
        "start with all of it: {:.0} ms to the open port, {:.0} ms to the first answer, resident {resident:.0} MiB (median of {})",
        at(&open, 0.5),
        at(&answered, 0.5),
        sizes.starts
    );
    goal("ms to the first answer", at(&answered, 0.5), START_MS);
    if !missed.is_empty() {
        bail!("missed: {}", missed.join(", "));
    }
    Ok(())
}

/// Makes the user who asks, and as many others.
async fn fill(
    server: &Subject,
    users: usize,
    groups: usize,
    policies: usize,
) -> anyhow::Result<Signer> {
    let signer = user(server, MEASURED).await?;
    let document = |number: usize| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["mq:Describe*","mq:RebootBroker"],"Resource":"arn:aws:mq:*:*:broker:team{number}-*"}}]}}"#
        )
    };
    one(
        server,
        &[
            ("Action", "CreatePolicy"),
            ("PolicyName", "shared"),
            ("PolicyDocument", GUIDE_POLICY),
        ],
    )
    .await?;
    one(
        server,
        &[
            ("Action", "CreatePolicyVersion"),
            ("PolicyArn", SHARED),
            ("PolicyDocument", DENIES),
        ],
    )
    .await?;
    let arn = |number: usize| format!("arn:aws:iam::111122223333:policy/policy{number}");
    let name = |kind: &str, number: usize| format!("{kind}{number}");
    let mut first = Vec::new();
    for number in 0..policies.saturating_sub(1) {
        first.push(call(&[
            ("Action", "CreatePolicy"),
            ("PolicyName", &name("policy", number)),
            ("PolicyDocument", &document(number)),
        ]));
    }
    for number in 0..groups {
        first.push(call(&[
            ("Action", "CreateGroup"),
            ("GroupName", &name("group", number)),
        ]));
    }
    for number in 0..users.saturating_sub(1) {
        first.push(call(&[
            ("Action", "CreateUser"),
            ("UserName", &name("user", number)),
        ]));
    }
    send(server, &first).await?;
    let mut then = Vec::new();
    let some = |number: usize| arn(number % policies.saturating_sub(1).max(1));
    for number in 0..groups {
        for policy in [SHARED.to_owned(), some(number)] {
            then.push(call(&[
                ("Action", "AttachGroupPolicy"),
                ("GroupName", &name("group", number)),
                ("PolicyArn", &policy),
            ]));
        }
    }
    for number in 0..users.saturating_sub(1) {
        then.push(call(&[
            ("Action", "AddUserToGroup"),
            ("UserName", &name("user", number)),
            ("GroupName", &name("group", number % groups)),
        ]));
        then.push(call(&[
            ("Action", "AttachUserPolicy"),
            ("UserName", &name("user", number)),
            ("PolicyArn", &some(number)),
        ]));
    }
    for number in 0..2 {
        then.push(call(&[
            ("Action", "AddUserToGroup"),
            ("UserName", MEASURED),
            ("GroupName", &name("group", number)),
        ]));
    }
    send(server, &then).await?;
    Ok(signer)
}

/// Processor time of a request in microseconds, with few and with many, measured in turn.
async fn decisions(
    small: &Subject,
    small_signer: &Signer,
    large: &Subject,
    large_signer: &Signer,
    sizes: &Sizes,
) -> anyhow::Result<(f64, f64)> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for _ in 0..sizes.rounds {
        for (server, signer, costs) in [
            (small, small_signer, &mut few),
            (large, large_signer, &mut many),
        ] {
            let request = signer.mq("GET", "/v1/brokers", "")?;
            let time = Duration::from_secs_f64(sizes.seconds);
            let before = server.processor_time()?;
            let outcome: Outcome = load::run(server.address, 16, Requests::Same(request, time))
                .await?
                .all_good()?;
            let spent = server.processor_time()? - before;
            costs.push(spent.as_secs_f64() * 1e6 / count(outcome.good));
        }
    }
    few.sort_by(f64::total_cmp);
    many.sort_by(f64::total_cmp);
    Ok((at(&few, 0.5), at(&many, 0.5)))
}

/// Replaces an inline policy so often; the times in milliseconds, sorted.
async fn inline_changes(server: &Subject, changes: usize) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    for number in 0..changes {
        let document = if number % 2 == 0 {
            DENIES
        } else {
            GUIDE_POLICY
        };
        let request = call(&[
            ("Action", "PutUserPolicy"),
            ("UserName", "user0"),
            ("PolicyName", "own"),
            ("PolicyDocument", document),
        ]);
        times.push(timed(server, &request).await?);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// Has the policy of all groups deny and allow in turn, and asks after each change; the times in milliseconds, sorted.
async fn shared_changes(
    server: &Subject,
    signer: &Signer,
    changes: usize,
) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::new();
    // An even number, so that it ends as it began.
    for number in 0..changes.next_multiple_of(2) {
        let (version, expected) = if number % 2 == 0 {
            ("v2", 403)
        } else {
            ("v1", 200)
        };
        let request = call(&[
            ("Action", "SetDefaultPolicyVersion"),
            ("PolicyArn", SHARED),
            ("VersionId", version),
        ]);
        times.push(timed(server, &request).await?);
        let asks = signer.mq("GET", "/v1/brokers", "")?;
        let (status, body) = load::once(server.address, &asks).await?;
        ensure!(status == expected, "after {version}: {status}: {body}");
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

async fn timed(server: &Subject, form: &str) -> anyhow::Result<f64> {
    let request = subject::root().query("iam", form)?;
    let begun = Instant::now();
    let (status, body) = load::once(server.address, &request).await?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    ensure!(status == 200, "{status}: {body}");
    Ok(took)
}

fn call(pairs: &[(&str, &str)]) -> String {
    form(&[&[("Version", "2010-05-08")], pairs].concat())
}

async fn one(server: &Subject, pairs: &[(&str, &str)]) -> anyhow::Result<String> {
    let request = subject::root().query("iam", &call(pairs))?;
    let (status, body) = load::once(server.address, &request).await?;
    ensure!(status == 200, "{status}: {body}");
    element(&body, "RequestId").context("no request id")?;
    Ok(body)
}

/// Sends many, signed no more than a few thousand at a time: a signature is good for five minutes.
async fn send(server: &Subject, forms: &[String]) -> anyhow::Result<()> {
    for part in forms.chunks(5_000) {
        let requests = part
            .iter()
            .map(|form| subject::root().query("iam", form))
            .collect::<anyhow::Result<Vec<_>>>()?;
        load::run(server.address, 16, Requests::Each(requests))
            .await?
            .all_good()?;
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list"
)]
fn at(sorted: &[f64], part: f64) -> f64 {
    let place = (count(sorted.len().saturating_sub(1)) * part) as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}
