//! `cargo xtask bench`: what the whole program does per second, side by side with a bare hyper server in the same run.
#![forbid(unsafe_code)]

mod bare;
mod iam_scale;
mod load;
mod overload;
mod sign;
mod soak;
mod start;
mod subject;
mod throughput;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

/// Measures `postern serve` over sockets. Everything runs on this machine, in temporary folders, and ends by itself.
#[derive(Debug, Parser)]
#[command(
    name = "bench",
    after_help = "Example: cargo xtask bench --brokers 10,1000 --seconds 1"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Common {
    /// The release build to measure [default: the one beside this program]
    #[arg(long, value_name = "FILE")]
    postern: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Requests per second and latencies, at several numbers of brokers and users.
    Throughput {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        sizes: throughput::Sizes,
    },
    /// Start-up to the first answer, and memory at rest.
    Start {
        #[command(flatten)]
        common: Common,
        /// How many starts.
        #[arg(long, default_value_t = 20)]
        starts: usize,
    },
    /// Decisions, changes of policies and start-up in an account with thousands of users, groups and policies.
    IamScale {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        sizes: iam_scale::Sizes,
    },
    /// An account that asks for far more than its rate.
    Overload {
        #[command(flatten)]
        common: Common,
        /// Seconds of overload.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// A steady mixed load; memory, descriptors and audit records are watched.
    Soak {
        #[command(flatten)]
        common: Common,
        /// How long, in minutes.
        #[arg(long, default_value_t = 30.0)]
        minutes: f64,
    },
    /// The yardstick; used by the others.
    #[command(hide = true)]
    Bare {
        /// The body of every answer.
        answer: String,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let program = |common: Common| common.postern.map_or_else(subject::beside, Ok);
    match cli.command {
        // As many threads as `postern serve` has: one a core.
        Command::Bare { answer } => tokio::runtime::Runtime::new()?.block_on(bare::serve(answer)),
        Command::Throughput { common, sizes } => {
            client()?.block_on(throughput::measure(&program(common)?, &sizes))
        }
        Command::Start { common, starts } => {
            client()?.block_on(start::measure(&program(common)?, starts))
        }
        Command::IamScale { common, sizes } => {
            client()?.block_on(iam_scale::measure(&program(common)?, &sizes))
        }
        Command::Overload { common, seconds } => client()?.block_on(overload::measure(
            &program(common)?,
            Duration::from_secs(seconds),
        )),
        Command::Soak { common, minutes } => client()?.block_on(soak::measure(
            &program(common)?,
            Duration::from_secs_f64(minutes * 60.0),
        )),
    }
}

/// The client has one thread, so that it takes no more than one core from what it measures.
fn client() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}
