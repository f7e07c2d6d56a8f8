//! The program that is measured: `postern serve` in a temporary folder.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::sign::Signer;

const ROOT_KEY: &str = "AKIAPOSTERNBENCHROOT";
const ROOT_SECRET: &str = "root+secret/of+the+benchmark/0123456789ab";

/// A running server, ended when dropped.
pub(crate) struct Subject {
    child: Child,
    /// Where the API listens.
    pub(crate) address: SocketAddr,
    /// From the start of the process to its first open port.
    pub(crate) started_in: Duration,
}

impl Subject {
    /// Starts `postern serve` with the data of this folder; brokers are simulated.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn postern(program: &Path, folder: &TempDir, more: &[&str]) -> anyhow::Result<Self> {
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        let data = folder.path().join("data");
        let mut command = Command::new(program);
        command
            .arg("serve")
            .arg("--data-dir")
            .arg(&data)
            .args(["--listen", "127.0.0.1:0", "--admin-listen", "off"])
            .args(["--driver", "simulate", "--simulate-start-ms", "0"])
            .args(["--log", "error", "--account-id", "111122223333"])
            .args(more)
            .env("POSTERN_ROOT_ACCESS_KEY_ID", ROOT_KEY)
            .env("POSTERN_ROOT_SECRET_ACCESS_KEY", ROOT_SECRET);
        Self::start(command, "http://")
    }

    /// Starts a program that prints its address after `mark` when its port is open.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn start(mut command: Command, mark: &str) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let mut child = command
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        let output = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output);
        let mut line = String::new();
        let address = loop {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                bail!("{} did not start", command.get_program().display());
            }
            if let Some((_, rest)) = line.split_once(mark) {
                let text = rest.split(|c: char| c.is_whitespace() || c == '/').next();
                break text.unwrap_or_default().parse()?;
            }
        };
        let started_in = begun.elapsed();
        // The rest of what it says is read and dropped, so that it never waits for us.
        std::thread::spawn(
            move || while lines.read_line(&mut String::new()).is_ok_and(|n| n > 0) {},
        );
        Ok(Self {
            child,
            address,
            started_in,
        })
    }

    /// The resident memory in MiB.
    ///
    /// # Errors
    /// The process is gone.
    pub(crate) fn resident_mib(&self) -> anyhow::Result<f64> {
        self.status("VmRSS:").map(|kib| kib / 1024.0)
    }

    /// How many descriptors are open.
    ///
    /// # Errors
    /// The process is gone.
    pub(crate) fn descriptors(&self) -> anyhow::Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.child.id()))?.count())
    }

    fn status(&self, name: &str) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .context("no such line")?;
        Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
    }

    /// The processor time used so far.
    ///
    /// # Errors
    /// The process is gone.
    pub(crate) fn processor_time(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, rest) = stat.rsplit_once(')').context("no name")?;
        // proc(5): fields 14 and 15, in hundredths of a second.
        let ticks: u64 = rest
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u64>().ok())
            .sum();
        Ok(Duration::from_millis(ticks * 10))
    }

    /// Ends it in order, and waits for the end.
    ///
    /// # Errors
    /// It cannot be told or waited for.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.tell_to_stop()?;
        self.child.wait()?;
        Ok(())
    }

    fn tell_to_stop(&self) -> anyhow::Result<()> {
        let id = i32::try_from(self.child.id())?;
        let id = rustix::process::Pid::from_raw(id).context("no process id")?;
        rustix::process::kill_process(id, rustix::process::Signal::TERM)?;
        Ok(())
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            // Nobody is left to be told of a failure.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The account's root, who signs what prepares a measurement.
pub(crate) fn root() -> Signer {
    Signer::new(ROOT_KEY, ROOT_SECRET)
}

/// The release build of `postern` beside this program.
///
/// # Errors
/// There is none.
pub(crate) fn beside() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("postern");
    if !program.exists() {
        bail!(
            "{} is missing: run `cargo xtask bench`, which builds it, or give --postern",
            program.display()
        );
    }
    Ok(program)
}
