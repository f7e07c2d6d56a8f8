//! `postern key`: the master key.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand};
use server::clock::{Clock, SystemClock};
use store::state::State;
use store::{MasterKey, OpenError, Options, Store};

use crate::exit::NotFound;
use crate::policy::DataArgs;

/// What can be done with the master key.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Say which keys the file has, and whether everything is sealed under the current one.
    Show(KeyArgs),
    /// Make a new master key and seal everything under it, while the service runs or while it does not.
    Rotate(RotateArgs),
    /// Take the older keys out of the file.
    Forget(KeyArgs),
}

/// Arguments of `key show` and `key forget`.
#[derive(Debug, Args)]
#[command(after_help = "\
`forget` ends session tokens that were made before the rotation. They end by
themselves after 36 hours at most. Keep the older key with backups made before:
they open with it only.")]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    data: DataArgs,
}

/// Arguments of `key rotate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern key rotate --data-dir /srv/postern
  postern key forget --data-dir /srv/postern
      A day and a half later, or at once where the old key is in wrong hands.

The new key is put before the old one in the key file, durably. A running service
sees that within a second, seals with the new key from then on and seals every
record anew; this command waits for it. Whatever is stopped or killed in between:
the next start goes on. The old key stays in the file for session tokens.

Exit codes: 0 done, 1 failed, 3 there is no such folder or no store in it, 5 not
ready in time: the service goes on with it, ask `postern key show`")]
pub(crate) struct RotateArgs {
    #[command(flatten)]
    data: DataArgs,
    /// How long to wait for a running service, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "300")]
    wait: u64,
}

/// Runs a command of `postern key`.
///
/// # Errors
/// What went wrong; [`crate::exit::code_of`] tells the exit code.
pub(crate) fn run(command: &KeyCommand) -> anyhow::Result<ExitCode> {
    let data = match command {
        KeyCommand::Show(args) | KeyCommand::Forget(args) => &args.data,
        KeyCommand::Rotate(args) => &args.data,
    };
    let folder = data.folder()?;
    if !Store::<State>::exists(&folder.path) {
        let shown = folder.path.display();
        return Err(NotFound(format!("there is no store in `{shown}`")).into());
    }
    let file = &folder.master_key_file;
    let mut keys = MasterKey::load(file)?;
    let finished = Store::<State>::is_sealed_with(&folder.path, &keys)?;
    match command {
        KeyCommand::Show(_) => {
            for (at, id) in keys.ids().iter().enumerate() {
                println!("{id} {}", if at == 0 { "current" } else { "older" });
            }
            println!(
                "{}",
                if finished {
                    "everything is sealed under the current key"
                } else {
                    "not everything is sealed under the current key yet"
                }
            );
            Ok(ExitCode::SUCCESS)
        }
        KeyCommand::Forget(_) => {
            anyhow::ensure!(
                finished,
                "not everything is sealed under the current key yet: run `postern key rotate` first"
            );
            keys.forget_older(file)?;
            println!("{} is the only key now", keys.id());
            Ok(ExitCode::SUCCESS)
        }
        KeyCommand::Rotate(args) => {
            // One that is not finished is gone on with.
            let keys = if finished { keys.add_new(file)? } else { keys };
            println!("{} is the new key", keys.id());
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(finish(&folder.path, Arc::new(keys), args.wait))
        }
    }
}

/// Seals everything anew, or waits until the running service has.
async fn finish(folder: &Path, keys: Arc<MasterKey>, wait: u64) -> anyhow::Result<ExitCode> {
    let ended = tokio::time::Instant::now() + Duration::from_secs(wait);
    loop {
        if Store::<State>::is_sealed_with(folder, &keys)? {
            println!(
                "everything is sealed under it; the older key is good for session tokens only"
            );
            return Ok(ExitCode::SUCCESS);
        }
        let clock: store::Clock = Arc::new(|| SystemClock.now().div_euclid(1000));
        match Store::<State>::open(folder, Options::new(&keys, clock)) {
            Ok(store) => {
                let sealed = server::key_rotation::finish(&store, &keys).await;
                store.close();
                sealed?;
            }
            // The service that has it tells nobody when it lets go.
            Err(OpenError::InUse(_)) => tokio::time::sleep(Duration::from_millis(200)).await,
            Err(error) => return Err(error.into()),
        }
        if tokio::time::Instant::now() >= ended {
            eprintln!(
                "postern: the service has not finished yet; `postern key show` tells when it has"
            );
            return Ok(ExitCode::from(5));
        }
    }
}
