//! Soak: a steady mixed load for a long time. Memory and descriptors must stay flat, and every request must have its record.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tempfile::TempDir;

use crate::load::{self, Requests};
use crate::sign::form;
use crate::subject::{self, Subject};
use crate::throughput;

/// Requests per round, before what makes and unmakes things.
const READS: usize = 200;
/// How long a run must be for early and late samples to be compared.
const COMPARED: Duration = Duration::from_secs(600);
/// How many lines at least.
const LINES: u32 = 10;
/// By how much the memory may have grown between early and late samples.
const GROWTH: f64 = 1.1;
/// How many descriptors more may be open late: connections come and go while they are counted.
const SPARE: usize = 4;

/// Runs rounds until the time is over and prints a line a minute.
///
/// # Errors
/// The server does not start, a request is refused, records are missing or too many, or memory or descriptors grow.
pub(crate) async fn measure(program: &Path, time: Duration) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let options = ["--api-rate", "1000000", "--api-burst", "1000000"];
    let server = Subject::postern(program, &folder, &options)?;
    let signer = throughput::user(&server, "soaking").await?;
    let subnets = throughput::subnets(&server, 1).await?;
    let subnet = subnets.first().context("no subnet")?;
    let records_before = records(folder.path())?;
    let (start, mut sent, mut round) = (Instant::now(), 0, 0_usize);
    let mut next_line = Duration::ZERO;
    let mut samples = Vec::new();
    println!("minutes  requests  resident MiB  descriptors");
    while start.elapsed() < time {
        let name = format!("soak-{round}");
        let broker = throughput::broker(&name, subnet);
        let (status, made) =
            load::once(server.address, &signer.mq("POST", "/v1/brokers", &broker)?).await?;
        ensure!(status == 200, "{status}: {made}");
        let made: serde_json::Value = serde_json::from_str(&made)?;
        let id = made
            .get("brokerId")
            .and_then(serde_json::Value::as_str)
            .context("no broker id")?;
        let (looks, configuration) = running(&server, &signer, id).await?;
        let describe = signer.mq("GET", &format!("/v1/brokers/{id}"), "")?;
        let list = signer.mq("GET", "/v1/brokers", "")?;
        let reads = (0..READS)
            .map(|n| {
                if n % 4 == 0 {
                    list.clone()
                } else {
                    describe.clone()
                }
            })
            .collect();
        load::run(server.address, 4, Requests::Each(reads))
            .await?
            .all_good()?;
        let user = |action: &str| {
            let pairs = [
                ("Version", "2010-05-08"),
                ("Action", action),
                ("UserName", name.as_str()),
            ];
            subject::root().query("iam", &form(&pairs))
        };
        let rest = vec![
            user("CreateUser")?,
            user("DeleteUser")?,
            signer.mq("DELETE", &format!("/v1/brokers/{id}"), "")?,
        ];
        for request in rest {
            let (status, body) = load::once(server.address, &request).await?;
            ensure!(status == 200, "{status}: {body}");
        }
        sent += READS + 4 + looks + forget(&server, &signer, id, &configuration).await?;
        round += 1;
        if start.elapsed() >= next_line {
            let sample = (server.resident_mib()?, server.descriptors()?);
            println!(
                "{:>7.1} {sent:>9} {:>13.1} {:>12}",
                start.elapsed().as_secs_f64() / 60.0,
                sample.0,
                sample.1
            );
            samples.push(sample);
            next_line += Duration::from_secs(60).min(time / LINES);
        }
    }
    server.stop()?;
    let records = records(folder.path())? - records_before;
    ensure!(
        records == sent,
        "{sent} requests were answered, and {records} have a record"
    );
    println!("{sent} requests, each with one record");
    if time < COMPARED {
        println!("memory and descriptors are compared from ten minutes on: caches fill at first");
        return Ok(());
    }
    flat(&samples)
}

/// Compares the second fifth of the samples with the last: what is cached is there by then.
fn flat(samples: &[(f64, usize)]) -> anyhow::Result<()> {
    let fifth = samples.len() / 5;
    let (Some(early), Some(late)) = (
        samples.get(fifth..2 * fifth),
        samples.get(samples.len() - fifth..),
    ) else {
        return Ok(());
    };
    ensure!(fifth > 0, "too short to compare anything");
    let middle = |part: &[(f64, usize)]| {
        let mut memory: Vec<f64> = part.iter().map(|(memory, _)| *memory).collect();
        memory.sort_by(f64::total_cmp);
        let most = part.iter().map(|(_, descriptors)| *descriptors).max();
        (
            memory.get(memory.len() / 2).copied().unwrap_or_default(),
            most.unwrap_or_default(),
        )
    };
    let (before, after) = (middle(early), middle(late));
    println!(
        "resident {:.1} MiB early and {:.1} MiB late, descriptors {} and {}",
        before.0, after.0, before.1, after.1
    );
    ensure!(
        after.0 <= before.0 * GROWTH && after.1 <= before.1 + SPARE,
        "memory or descriptors grow"
    );
    Ok(())
}

/// Waits until the broker runs; gives back how many requests that took, and the configuration that the broker was given.
async fn running(
    server: &Subject,
    signer: &crate::sign::Signer,
    broker: &str,
) -> anyhow::Result<(usize, String)> {
    let request = signer.mq("GET", &format!("/v1/brokers/{broker}"), "")?;
    let mut requests = 0;
    loop {
        let (status, body) = load::once(server.address, &request).await?;
        requests += 1;
        ensure!(status == 200, "{status}: {body}");
        let body: serde_json::Value = serde_json::from_str(&body)?;
        let text = |place| body.pointer(place).and_then(serde_json::Value::as_str);
        if text("/brokerState") == Some("RUNNING") {
            let configuration = text("/configurations/current/id").context("no configuration")?;
            return Ok((requests, configuration.to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until the broker is gone, and deletes its configuration; gives back how many requests that took.
async fn forget(
    server: &Subject,
    signer: &crate::sign::Signer,
    broker: &str,
    configuration: &str,
) -> anyhow::Result<usize> {
    let look = signer.mq("GET", &format!("/v1/brokers/{broker}"), "")?;
    let mut requests = 1;
    loop {
        let (status, _) = load::once(server.address, &look).await?;
        requests += 1;
        if status == 404 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let delete = signer.mq("DELETE", &format!("/v1/configurations/{configuration}"), "")?;
    let (status, body) = load::once(server.address, &delete).await?;
    ensure!(status == 200, "{status}: {body}");
    Ok(requests)
}

/// How many records of requests there are: those of calls on a caller's behalf belong to theirs.
fn records(folder: &Path) -> anyhow::Result<usize> {
    let mut found = 0;
    for entry in std::fs::read_dir(folder.join("data/audit"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with("audit") {
            continue;
        }
        for line in BufReader::new(std::fs::File::open(&path)?).lines() {
            if !line?.contains("\"invokedBy\"") {
                found += 1;
            }
        }
    }
    Ok(found)
}
