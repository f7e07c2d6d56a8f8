//! `postern audit`, and reading the audit log.

mod records;
mod verify;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::cli::Output;
use crate::policy::DataArgs;

pub(crate) use records::{Record, records};

/// What can be done with the audit log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Say whether anybody changed the audit log since it was written.
    Verify(VerifyArgs),
}

/// Arguments of `audit verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern audit verify --data-dir /srv/postern
  postern audit verify --output json

Compares the files of <data-dir>/audit with the chain of digests that the service
signs each minute and when it ends, and with the newest digest, which its database
remembers. Needs the master key; changes nothing; the service may run.

Exit codes: 0 as written, 1 changed, 3 there is no such folder")]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    data: DataArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// Runs a command of `postern audit`.
///
/// # Errors
/// What went wrong; [`crate::exit::code_of`] tells the exit code.
pub(crate) fn run(command: &AuditCommand) -> anyhow::Result<ExitCode> {
    match command {
        AuditCommand::Verify(args) => verify::run(args),
    }
}
