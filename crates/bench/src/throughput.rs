//! Requests per second of a user with the policy of AWS's page, the gate on, over kept connections, at several sizes.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Args;
use tempfile::TempDir;

use crate::load::{self, Outcome, Requests, count};
use crate::sign::{Signer, form};
use crate::subject::{self, Subject};

/// The policy of "API Authentication and Authorization for Amazon MQ".
pub(crate) const GUIDE_POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Action":["mq:*","ec2:CreateNetworkInterface","ec2:DeleteNetworkInterface","ec2:DetachNetworkInterface","ec2:DescribeInternetGateways","ec2:DescribeNetworkInterfaces","ec2:DescribeRouteTables","ec2:DescribeSecurityGroups","ec2:DescribeSubnets","ec2:DescribeVpcs"],"Effect":"Allow","Resource":"*"},{"Action":["ec2:CreateNetworkInterfacePermission","ec2:DeleteNetworkInterfacePermission","ec2:DescribeNetworkInterfacePermission"],"Effect":"Allow","Resource":"*","Condition":{"StringEquals":{"ec2:AuthorizedService":"mq.amazonaws.com"}}}]}"#;

/// How many requests are signed at a time: a signature is good for five minutes.
const BATCH: usize = 10_000;
/// How long to look whether the service is idle. Its processor time is counted in hundredths of a second.
const IDLE: Duration = Duration::from_millis(500);
/// How long it may take to become so.
const SETTLED: Duration = Duration::from_secs(600);

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Sizes {
    /// At how many brokers to measure, in ascending order.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 1_000, 100_000])]
    brokers: Vec<usize>,
    /// At how many users to measure, in ascending order.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 10_000])]
    users: Vec<usize>,
    /// How long each measurement of reads takes, in seconds.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// How many connections.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How often each measurement of reads is repeated; the median is shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Measures, and prints a table.
///
/// # Errors
/// A server does not start, or a request is refused.
pub(crate) async fn measure(program: &Path, sizes: &Sizes) -> anyhow::Result<()> {
    let most = sizes.brokers.iter().max().copied().unwrap_or_default();
    let folder = TempDir::new()?;
    let options = options(sizes);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let server = Subject::postern(program, &folder, &options)?;
    let signer = user(&server, "measured").await?;
    println!(
        "{} connections, keep-alive, {} rounds of {} s; every request is signed and authorised",
        sizes.connections, sizes.rounds, sizes.seconds
    );
    println!(
        "{:<34} {:>9} {:>9} {:>9} {:>11} {:>9}",
        "", "per s", "p50 ms", "p99 ms", "CPU us/req", "of bare"
    );
    let subnets = subnets(&server, most).await?;
    let (mut made, mut users) = (0, 1);
    for (place, wanted) in sizes.brokers.iter().enumerate() {
        made += create(&server, &signer, made, *wanted, &subnets, sizes).await?;
        let settled = settle(&server).await?;
        println!(
            "  {:.1} s until every broker was made and the service idle",
            settled.as_secs_f64()
        );
        reads(&server, &signer, made, users, sizes).await?;
        // The users at the first size: what they cost must not hide behind what brokers cost.
        if place == 0 {
            for wanted in &sizes.users {
                users += add_users(&server, users, *wanted).await?;
                if *wanted > 10 {
                    reads(&server, &signer, made, users, sizes).await?;
                }
            }
        }
        println!(
            "  resident with {made} brokers and {users} users: {:.0} MiB",
            server.resident_mib()?
        );
    }
    server.stop()?;
    let again = Subject::postern(program, &folder, &options)?;
    println!(
        "  start with all of it: {:.0} ms to the open port, {:.0} MiB",
        again.started_in.as_secs_f64() * 1e3,
        again.resident_mib()?
    );
    again.stop()
}

/// No rate limit, and quotas with room for everything that is made.
fn options(sizes: &Sizes) -> Vec<String> {
    let brokers = sizes.brokers.iter().max().copied().unwrap_or_default() + 100;
    let users = sizes.users.iter().max().copied().unwrap_or_default() + 100;
    let mut options: Vec<String> = ["--api-rate", "1000000000", "--api-burst", "1000000000"]
        .map(str::to_owned)
        .to_vec();
    for (quota, room) in [
        ("brokers", brokers),
        ("configurations", brokers),
        ("network-interfaces", brokers),
        ("iam-users", users),
        ("vpcs", 200),
    ] {
        options.extend(["--quota".to_owned(), format!("{quota}={room}")]);
    }
    options
}

/// Makes a user with the page's policy, and gives back a signer with its key.
///
/// # Errors
/// A request is refused.
pub(crate) async fn user(server: &Subject, name: &str) -> anyhow::Result<Signer> {
    let call = |pairs: Vec<(&'static str, &str)>| {
        form(&[&[("Version", "2010-05-08")], pairs.as_slice()].concat())
    };
    let make = call(vec![("Action", "CreateUser"), ("UserName", name)]);
    iam(server, &make).await?;
    let put = call(vec![
        ("Action", "PutUserPolicy"),
        ("UserName", name),
        ("PolicyName", "page"),
        ("PolicyDocument", GUIDE_POLICY),
    ]);
    iam(server, &put).await?;
    let answer = iam(
        server,
        &call(vec![("Action", "CreateAccessKey"), ("UserName", name)]),
    )
    .await?;
    let id = element(&answer, "AccessKeyId").context("no key id")?;
    let secret = element(&answer, "SecretAccessKey").context("no secret")?;
    Ok(Signer::new(id, secret))
}

async fn iam(server: &Subject, form: &str) -> anyhow::Result<String> {
    let (status, body) = load::once(server.address, &subject::root().query("iam", form)?).await?;
    ensure!(status == 200, "{status}: {body}");
    Ok(body)
}

async fn ec2(server: &Subject, pairs: &[(&str, &str)]) -> anyhow::Result<String> {
    let form = form(&[&[("Version", "2016-11-15")], pairs].concat());
    let (status, body) = load::once(server.address, &subject::root().query("ec2", &form)?).await?;
    ensure!(status == 200, "{status}: {body}");
    Ok(body)
}

/// The text of the first element of this name.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

/// Subnets with room for so many brokers, in VPCs of their own: the default VPC's three are too small.
///
/// # Errors
/// A request is refused.
pub(crate) async fn subnets(server: &Subject, brokers: usize) -> anyhow::Result<Vec<String>> {
    let mut subnets = Vec::new();
    let mut room = 0;
    let mut number = 0;
    while room < brokers + 1_000 {
        let block = format!("10.{number}.0.0/16");
        let vpc = ec2(server, &[("Action", "CreateVpc"), ("CidrBlock", &block)]).await?;
        let vpc = element(&vpc, "vpcId").context("no VPC id")?;
        for part in 0..16 {
            let block = format!("10.{number}.{}.0/20", part * 16);
            let made = ec2(
                server,
                &[
                    ("Action", "CreateSubnet"),
                    ("VpcId", vpc),
                    ("CidrBlock", &block),
                ],
            )
            .await?;
            subnets.push(
                element(&made, "subnetId")
                    .context("no subnet id")?
                    .to_owned(),
            );
            room += 4_091;
        }
        number += 1;
    }
    Ok(subnets)
}

/// Creates brokers up to this number, and shows the rate.
async fn create(
    server: &Subject,
    signer: &Signer,
    from: usize,
    to: usize,
    subnets: &[String],
    sizes: &Sizes,
) -> anyhow::Result<usize> {
    let mut number = from;
    while number < to {
        let until = to.min(number + BATCH);
        let requests = (number..until)
            .map(|n| {
                let subnet = subnets.get(n % subnets.len()).map_or("", String::as_str);
                signer.mq("POST", "/v1/brokers", &broker(&format!("b{n}"), subnet))
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let before = server.processor_time()?;
        let outcome = load::run(server.address, sizes.connections, Requests::Each(requests))
            .await?
            .all_good()?;
        let spent = server.processor_time()? - before;
        if until == to || number == from {
            row(
                &format!("CreateBroker {number}..{until}"),
                &outcome,
                Some(spent),
                None,
            );
        }
        number = until;
    }
    Ok(to.saturating_sub(from))
}

/// Waits until the service has nothing to do: until it used less than a fiftieth of a processor for a while.
async fn settle(server: &Subject) -> anyhow::Result<Duration> {
    let began = Instant::now();
    loop {
        let before = server.processor_time()?;
        tokio::time::sleep(IDLE).await;
        if server.processor_time()? - before < IDLE / 50 {
            return Ok(began.elapsed().saturating_sub(IDLE));
        }
        ensure!(
            began.elapsed() < SETTLED,
            "the service is still busy after {} s",
            SETTLED.as_secs()
        );
    }
}

/// A CreateBroker request for the smallest broker.
pub(crate) fn broker(name: &str, subnet: &str) -> String {
    serde_json::json!({
        "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18", "hostInstanceType": "mq.t3.micro",
        "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
        "subnetIds": [subnet], "creatorRequestId": name,
        "users": [{"username": "admin", "password": "correct-horse-battery", "consoleAccess": true}],
    })
    .to_string()
}

async fn add_users(server: &Subject, from: usize, to: usize) -> anyhow::Result<usize> {
    let mut requests = Vec::new();
    for number in from..to {
        let name = format!("user{number}");
        requests.push(subject::root().query(
            "iam",
            &form(&[
                ("Version", "2010-05-08"),
                ("Action", "CreateUser"),
                ("UserName", &name),
            ]),
        )?);
    }
    load::run(server.address, 16, Requests::Each(requests))
        .await?
        .all_good()?;
    Ok(to.saturating_sub(from))
}

/// Measures DescribeBroker and ListBrokers, each in turn with a bare server that gives the same answer.
async fn reads(
    server: &Subject,
    signer: &Signer,
    brokers: usize,
    users: usize,
    sizes: &Sizes,
) -> anyhow::Result<()> {
    let list = signer.mq("GET", "/v1/brokers?maxResults=100", "")?;
    let (status, listed) = load::once(server.address, &list).await?;
    ensure!(status == 200, "{status}: {listed}");
    let page: serde_json::Value = serde_json::from_str(&listed)?;
    let id = page
        .pointer("/brokerSummaries/0/brokerId")
        .and_then(serde_json::Value::as_str)
        .context("no broker")?;
    let describe = signer.mq("GET", &format!("/v1/brokers/{id}"), "")?;
    let (status, described) = load::once(server.address, &describe).await?;
    ensure!(status == 200, "{status}: {described}");
    for (name, request, answer) in [
        ("DescribeBroker", describe, described),
        ("ListBrokers, 100 a page", list, listed),
    ] {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bare", &answer]);
        let bare = Subject::start(command, "http://")?;
        let time = Duration::from_secs_f64(sizes.seconds);
        let (mut theirs, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..sizes.rounds {
            for (subject, outcomes) in [(&bare, &mut theirs), (server, &mut ours)] {
                let before = subject.processor_time()?;
                let requests = Requests::Same(request.clone(), time);
                let outcome = load::run(subject.address, sizes.connections, requests)
                    .await?
                    .all_good()?;
                outcomes.push((outcome, subject.processor_time()? - before));
            }
        }
        let (bare, spent_bare) = median(theirs).context("no rounds")?;
        let (outcome, spent) = median(ours).context("no rounds")?;
        row(
            &format!("bare hyper, same answer ({} B)", answer.len()),
            &bare,
            Some(spent_bare),
            None,
        );
        let name = format!("{name} ({brokers} b, {users} u)");
        row(
            &name,
            &outcome,
            Some(spent),
            Some(outcome.rate() / bare.rate()),
        );
    }
    Ok(())
}

fn median(mut outcomes: Vec<(Outcome, Duration)>) -> Option<(Outcome, Duration)> {
    outcomes.sort_by(|(a, _), (b, _)| a.rate().total_cmp(&b.rate()));
    let middle = outcomes.len() / 2;
    (middle < outcomes.len()).then(|| outcomes.swap_remove(middle))
}

fn row(name: &str, outcome: &Outcome, spent: Option<Duration>, of_bare: Option<f64>) {
    let spent = spent.map_or(String::new(), |spent| {
        format!("{:.1}", spent.as_secs_f64() * 1e6 / count(outcome.good))
    });
    let of_bare = of_bare.map_or(String::new(), |part| format!("{:.0} %", part * 100.0));
    println!(
        "{name:<34} {:>9.0} {:>9.2} {:>9.2} {spent:>11} {of_bare:>9}",
        outcome.rate(),
        outcome.good_ms(0.5),
        outcome.good_ms(0.99),
    );
}
