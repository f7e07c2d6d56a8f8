//! Every figure of docs/performance.md, in one run.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// Builds for release and measures everything, one after the other; words are given to `bench throughput`.
///
/// # Errors
/// A part does not build or fails.
pub(crate) fn run(root: &Path, throughput: &[String]) -> anyhow::Result<()> {
    cargo(
        root,
        &["build", "--release", "-p", "postern", "-p", "bench"],
    )?;
    for package in ["sigv4", "iam", "store"] {
        println!("== {package}");
        cargo(
            root,
            &[
                "run",
                "--release",
                "--quiet",
                "-p",
                package,
                "--example",
                "bench",
            ],
        )?;
    }
    for part in ["start", "throughput", "iam-scale", "overload"] {
        println!("== {part}");
        let mut words = vec!["run", "--release", "--quiet", "-p", "bench", "--", part];
        if part == "throughput" {
            words.extend(throughput.iter().map(String::as_str));
        }
        cargo(root, &words)?;
    }
    Ok(())
}

fn cargo(root: &Path, words: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(words)
        .current_dir(root)
        .status()
        .context("cargo")?;
    ensure!(
        status.success(),
        "cargo {} failed: {status}",
        words.join(" ")
    );
    Ok(())
}
