//! Start-up to the first answer, and memory at rest.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use tempfile::TempDir;

use crate::load;
use crate::subject::{self, Subject};

/// Starts `postern serve` many times on a folder that is there, and prints how long the first answer to a signed request took.
///
/// # Errors
/// It does not start, or refuses the request.
pub(crate) async fn measure(program: &Path, starts: usize) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let begun = Instant::now();
    Subject::postern(program, &folder, &[])?.stop()?;
    println!(
        "first start of all (authority, keys, networks made), to its end: {:.1} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    let (mut times, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..starts {
        let begun = Instant::now();
        let server = Subject::postern(program, &folder, &[])?;
        let request = subject::root().mq("GET", "/v1/brokers", "")?;
        let (status, body) = load::once(server.address, &request).await?;
        ensure!(status == 200, "{status}: {body}");
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        resident.push(server.resident_mib()?);
        server.stop()?;
    }
    times.sort_by(f64::total_cmp);
    resident.sort_by(f64::total_cmp);
    let at = |list: &[f64], part: usize| list.get(list.len() * part / 100).copied();
    println!(
        "start to the first answer: least {:.1} ms, median {:.1} ms; resident after it: median {:.1} MiB ({starts} starts)",
        at(&times, 0).context("no starts")?,
        at(&times, 50).context("no starts")?,
        at(&resident, 50).context("no starts")?,
    );
    Ok(())
}
