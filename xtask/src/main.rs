//! `cargo xtask`: the project's own checks and generators.
#![forbid(unsafe_code)]

mod bench;
mod generate;
mod layering;
mod sizes;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own checks and generators.
#[derive(Debug, Parser)]
#[command(
    name = "xtask",
    after_help = "Example: cargo xtask generate && git diff docs/"
)]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build for release and measure: signatures, policies, store, start-up, requests per second.
    ///
    /// Words after `--` go to `bench throughput`, such as `-- --brokers 10,1000 --seconds 1`.
    Bench {
        /// Options of `bench throughput`.
        #[arg(last = true)]
        throughput: Vec<String>,
    },
    /// Check layering, sizes and that the generated pages are up to date.
    Check,
    /// Write the generated pages: docs/permissions.md and docs/api-coverage.md.
    Generate,
    /// Check which crate depends on which, and that the pure ones touch nothing.
    Layering,
    /// List source files past 600 lines.
    Sizes,
}

fn main() -> ExitCode {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let done = match Xtask::parse().command {
        Command::Check => layering::check(&root)
            .and_then(|()| generate::check(&root))
            .and_then(|()| sizes::list(&root)),
        Command::Bench { throughput } => bench::run(&root, &throughput),
        Command::Generate => generate::write(&root),
        Command::Layering => layering::check(&root),
        Command::Sizes => sizes::list(&root),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
