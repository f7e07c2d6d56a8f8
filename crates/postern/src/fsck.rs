//! `postern fsck`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use store::state::State;
use store::{MasterKey, OpenError, Store};

use crate::cli::Output;
use crate::exit::NotFound;
use crate::policy::DataArgs;

/// Arguments of `fsck`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern fsck /srv/postern
  postern fsck --output json

Looks at every page of the database, every document and its checksum, whether
whatever a record names is there, whether addresses and names are had once, whether
each sealed value opens with the master key, and whether the audit log is as it was
written. It works on a copy and changes nothing. Stop the service before.

Exit codes: 0 all is well, 1 damage was found, 2 the command line is wrong, 3 there
is no such folder or no store in it, 5 not checked: the service runs, or the master
key is missing or another's")]
pub(crate) struct FsckArgs {
    /// The service's data folder, like --data-dir
    #[arg(value_name = "DATA-FOLDER", conflicts_with = "data_dir")]
    folder: Option<std::path::PathBuf>,
    #[command(flatten)]
    data: DataArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// Checks a data folder.
///
/// # Errors
/// What went wrong; [`crate::exit::code_of`] tells the exit code.
pub(crate) fn run(args: &FsckArgs) -> anyhow::Result<ExitCode> {
    let mut data = args.data.clone();
    data.data_dir = args.folder.clone().or(data.data_dir);
    let folder = data.folder()?;
    if !Store::<State>::exists(&folder.path) {
        let shown = folder.path.display();
        return Err(NotFound(format!("there is no store in `{shown}`")).into());
    }
    let key = match MasterKey::load(&folder.master_key_file) {
        Ok(key) => key,
        Err(error) => return Ok(not_checked(&error)),
    };
    let scratch = tempfile::tempdir()?;
    let found = match Store::<State>::examine(&folder.path, scratch.path(), &key) {
        Ok(found) => found,
        Err(error @ (OpenError::InUse(_) | OpenError::WrongMasterKey)) => {
            return Ok(not_checked(&error));
        }
        Err(error) => return Err(error.into()),
    };
    let (records, sealed) = server::fsck::examine(&found.state, &key);
    let damage: Vec<&String> = found.damage.iter().chain(&records).collect();
    let digests = found.audit.as_ref().map_or(0, |audit| audit.digests);
    match args.output {
        Output::Json => println!(
            "{:#}",
            json!({
                "sound": damage.is_empty(),
                "documents": found.documents,
                "sealedValues": sealed,
                "auditDigests": digests,
                "damage": damage,
            })
        ),
        Output::Table => {
            println!(
                "{} documents, {sealed} sealed values, {digests} digests of the audit log",
                found.documents
            );
            for line in &damage {
                println!("  {line}");
            }
            match damage.len() {
                0 => println!("all is well"),
                1 => println!("one thing is wrong"),
                count => println!("{count} things are wrong"),
            }
        }
    }
    Ok(if damage.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn not_checked(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("postern: not checked: {error}");
    ExitCode::from(5)
}
