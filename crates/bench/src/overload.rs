//! Overload: an account that asks for far more than its rate, and more connections than there are processors to serve.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tempfile::TempDir;

use crate::load::{self, Outcome, Requests, count};
use crate::sign::form;
use crate::subject::{self, Subject};
use crate::throughput;

/// The rate of an account in this measurement, per second.
const RATE: u32 = 2_000;
/// How many times the rate is asked for where the load is paced.
const TIMES: f64 = 3.0;
/// How many connections ask for too much.
const GREEDY: usize = 256;
/// How many requests per second the polite one sends.
const POLITE: u32 = 50;

/// Measures goodput, refusals, a polite neighbour and recovery, and prints them.
///
/// Buckets are per account and service. A data folder has one account, so the polite neighbour is another service of it: its bucket
/// is as separate as another account's would be.
///
/// # Errors
/// The server does not start, or answers something else than it should.
pub(crate) async fn measure(program: &Path, time: Duration) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let rate = RATE.to_string();
    let options = ["--api-rate", &rate, "--api-burst", &rate];
    let server = Subject::postern(program, &folder, &options)?;
    let signer = throughput::user(&server, "greedy").await?;
    let subnets = throughput::subnets(&server, 1).await?;
    let subnet = subnets.first().context("no subnet")?;
    let made = signer.mq("POST", "/v1/brokers", &throughput::broker("b", subnet))?;
    let (status, body) = load::once(server.address, &made).await?;
    ensure!(status == 200, "{status}: {body}");
    let body: serde_json::Value = serde_json::from_str(&body)?;
    let id = body
        .get("brokerId")
        .and_then(serde_json::Value::as_str)
        .context("no broker id")?;
    let describe = signer.mq("GET", &format!("/v1/brokers/{id}"), "")?;
    let polite = subject::root().query(
        "iam",
        &form(&[
            ("Version", "2010-05-08"),
            ("Action", "GetUser"),
            ("UserName", "greedy"),
        ]),
    )?;

    let quiet = politely(&server, &polite, Duration::from_secs(2)).await?;
    println!(
        "a polite neighbour alone, {POLITE}/s: p99 {:.2} ms",
        quiet.good_ms(0.99)
    );
    let paced = Requests::Paced(describe.clone(), f64::from(RATE) * TIMES, time);
    for (load, what) in [
        (paced, "paced"),
        (Requests::Same(describe, time), "without a pause"),
    ] {
        let before = server.resident_mib()?;
        let load = load::run(server.address, GREEDY, load);
        let (greedy, during) = tokio::join!(load, politely(&server, &polite, time));
        let after = server.resident_mib()?;
        let recovered = recovery(&server, &polite, quiet.good_ms(0.99)).await?;
        println!("{GREEDY} connections, {what}");
        show(&greedy?, &during?);
        println!(
            "  back to its time before in {:.2} s; resident {before:.0} MiB before, {after:.0} MiB after",
            recovered.as_secs_f64()
        );
        // Order: the next load finds a full bucket, as this one did.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    server.stop()
}

fn show(greedy: &Outcome, polite: &Outcome) {
    // The bucket is full at the start: its burst is served on top of the rate.
    let allowed = f64::from(RATE) * (greedy.elapsed.as_secs_f64() + 1.0);
    let asked = count(greedy.good + greedy.bad);
    println!(
        "  ask for {:.1} times the rate of {RATE}/s, for {:.1} s",
        asked / greedy.elapsed.as_secs_f64() / f64::from(RATE),
        greedy.elapsed.as_secs_f64()
    );
    println!(
        "  served: {} of {allowed:.0} that the rate allows ({:.1} %), p99 {:.2} ms",
        greedy.good,
        count(greedy.good) * 100.0 / allowed,
        greedy.good_ms(0.99)
    );
    println!(
        "  refused: {} ({:.0}/s), p99 {:.2} ms; the first: {}",
        greedy.bad,
        count(greedy.bad) / greedy.elapsed.as_secs_f64(),
        greedy.bad_ms(0.99),
        greedy.first_bad.as_deref().map_or("none", first_line)
    );
    println!(
        "  polite neighbour, {POLITE}/s: {:.2} % served, p99 {:.2} ms",
        count(polite.good) * 100.0 / count(polite.good + polite.bad),
        polite.good_ms(0.99)
    );
}

fn first_line(answer: &str) -> &str {
    answer.lines().next().unwrap_or_default()
}

/// Sends requests at a steady rate over one connection at a time.
async fn politely(server: &Subject, request: &[u8], time: Duration) -> anyhow::Result<Outcome> {
    let requests = usize::try_from(time.as_secs().saturating_mul(u64::from(POLITE)))?;
    load::steadily(
        server.address,
        request,
        requests,
        Duration::from_secs(1) / POLITE,
    )
    .await
}

/// How long it takes until answers take no longer than twice what they took before.
async fn recovery(server: &Subject, request: &[u8], before: f64) -> anyhow::Result<Duration> {
    let start = Instant::now();
    loop {
        let sent = Instant::now();
        let (status, body) = load::once(server.address, request).await?;
        ensure!(status == 200, "{status}: {body}");
        if sent.elapsed().as_secs_f64() * 1e3 <= (before * 2.0).max(2.0) {
            return Ok(start.elapsed());
        }
        ensure!(
            start.elapsed() < Duration::from_secs(60),
            "not recovered in a minute"
        );
    }
}
