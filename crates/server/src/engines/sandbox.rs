//! Runs a rendered node as a plain child of this process, for trials and tests. Brokers of users are a driver's.

use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use brokers::engine::Rendered;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

/// Lines of output kept.
const KEPT_LINES: usize = 200;

/// A node that runs; it is killed when this is dropped.
pub struct Sandbox {
    child: Child,
    lines: mpsc::Receiver<String>,
    seen: Vec<String>,
}

impl Sandbox {
    /// Writes a node's folders and files below its working folder and starts it. `more_arguments` go first.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn start(rendered: &Rendered, more_arguments: &[String]) -> std::io::Result<Self> {
        write(rendered)?;
        let command = &rendered.command;
        let mut child = Command::new(&command.program)
            .args(more_arguments)
            .args(&command.arguments)
            .env_clear()
            .envs(
                command
                    .environment
                    .iter()
                    .map(|(name, value)| (name, value)),
            )
            .current_dir(&command.working_folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (send, lines) = mpsc::channel(1024);
        if let Some(output) = child.stdout.take() {
            forward(output, send.clone());
        }
        if let Some(output) = child.stderr.take() {
            forward(output, send);
        }
        Ok(Self {
            child,
            lines,
            seen: Vec::new(),
        })
    }

    /// Waits for a line of output that begins with one of `beginnings`, and gives it.
    ///
    /// # Errors
    ///
    /// What the node said last, when it ended or `limit` was over before.
    pub async fn wait_for(
        &mut self,
        beginnings: &[&str],
        limit: Duration,
    ) -> Result<String, String> {
        let wait = async {
            while let Some(line) = self.lines.recv().await {
                let found = beginnings.iter().any(|start| line.starts_with(start));
                if self.seen.len() < KEPT_LINES {
                    self.seen.push(line.clone());
                }
                if found {
                    return Ok(line);
                }
            }
            Err("it ended")
        };
        match tokio::time::timeout(limit, wait).await {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(why)) => Err(self.said(why)),
            Err(_) => Err(self.said("it was not ready in time")),
        }
    }

    /// The process id, while it runs.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it as a driver would: SIGTERM, then SIGKILL after `grace`. Gives how it ended, `None` if it had to be killed.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub async fn stop(mut self, grace: Duration) -> std::io::Result<Option<ExitStatus>> {
        let pid = self
            .child
            .id()
            .and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
        if let Some(pid) = pid {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        }
        // Output is read on, so that a full pipe does not hold the process up.
        let lines = &mut self.lines;
        let drain = async { while lines.recv().await.is_some() {} };
        let ended =
            tokio::time::timeout(grace, async { tokio::join!(self.child.wait(), drain).0 }).await;
        match ended {
            Ok(status) => status.map(Some),
            Err(_) => {
                self.child.kill().await?;
                Ok(None)
            }
        }
    }

    fn said(&self, why: &str) -> String {
        let reason = self
            .seen
            .iter()
            .find(|line| line.starts_with("BOOT-FAILED"))
            .or(self.seen.last());
        match reason {
            Some(line) => format!("{why}: {line}"),
            None => why.to_owned(),
        }
    }
}

fn forward(output: impl AsyncRead + Unpin + Send + 'static, to: mpsc::Sender<String>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if to.send(line).await.is_err() {
                return;
            }
        }
    });
}

/// Writes a node's folders and files.
fn write(rendered: &Rendered) -> std::io::Result<()> {
    let base = &rendered.command.working_folder;
    make_folder(base)?;
    for folder in &rendered.folders {
        make_folder(&base.join(folder))?;
    }
    for file in &rendered.files {
        let path = base.join(&file.path);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let mut new = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(file.mode.bits())
            .open(&path)?;
        std::io::Write::write_all(&mut new, &file.contents)?;
    }
    Ok(())
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
