//! `postern`: a self-hosted Amazon MQ. The command line.
#![forbid(unsafe_code)]

mod audit;
mod cli;
mod config;
mod doctor;
mod engine;
mod exit;
mod explain;
mod fsck;
mod key;
mod policy;
mod serve;
mod suggest;

use std::process::ExitCode;

use clap::Parser;

/// Requests make and drop many small things on every thread: docs/decisions/0006-allocator.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match cli::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("postern: {error:#}");
            exit::code_of(&error)
        }
    }
}
