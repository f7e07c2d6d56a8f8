//! Exit codes, as `postern --help` lists them.

use std::process::ExitCode;

/// What the exit codes mean; printed by `postern --help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0   done
  1   failed
  2   the command line, environment or configuration file is wrong
  3   not found
  4   it would be refused (policy explain --exit-code)
  5   not ready in time, or not checked (fsck)
  70  the disk failed while the service ran: what is stored is known after a restart";

/// The command line, the environment or the configuration file is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub String);

/// What was named does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotFound(pub String);

/// The exit code for an error.
pub(crate) fn code_of(error: &anyhow::Error) -> ExitCode {
    if error.is::<Usage>() {
        ExitCode::from(2)
    } else if error.is::<NotFound>() {
        ExitCode::from(3)
    } else {
        ExitCode::FAILURE
    }
}
