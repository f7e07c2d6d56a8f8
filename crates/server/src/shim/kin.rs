//! What belongs to a node besides its main process, and how all of it is ended.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::Signal;

use super::identity::{Identity, Process, Stat};
use super::records::MARKER;

/// By what the processes of a node are recognised. Any one is enough: programs may clear their environment, be orphaned, or run
/// where Postern may not read environments.
pub(crate) struct Kin {
    marker: Vec<u8>,
    parent: Option<u32>,
    user: Option<u32>,
}

impl Kin {
    /// Of the node with this control folder; `parent` is the shim if it is the caller, `user` the node's own user id if it has one.
    pub(crate) fn new(folder: &Path, parent: Option<u32>, user: Option<u32>) -> Self {
        let mut marker = MARKER.as_bytes().to_vec();
        marker.push(b'=');
        marker.extend_from_slice(OsStr::as_bytes(folder.as_os_str()));
        // Root is never a node's own user: everything on the machine would be kin.
        Self {
            marker,
            parent,
            user: user.filter(|&user| user != 0),
        }
    }

    /// Sends SIGKILL to all that live, and says how many there were. What they start meanwhile is for the next call.
    pub(crate) fn kill(&self) -> io::Result<usize> {
        let living = self.living()?;
        for process in &living {
            process.signal(Signal::KILL)?;
        }
        Ok(living.len())
    }

    /// All that live, each verified to be kin while its descriptor was held.
    pub(crate) fn living(&self) -> io::Result<Vec<Process>> {
        let own = std::process::id();
        let mut living = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            // A process may vanish at any moment: whatever cannot be read is not there.
            let Ok(entry) = entry else { continue };
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u32>().ok())
            else {
                continue;
            };
            if pid == own || !self.includes(pid) {
                continue;
            }
            let Ok(identity) = Identity::of(pid) else {
                continue;
            };
            let Some(process) = Process::open(identity)? else {
                continue;
            };
            // Order: asked again now that the number cannot change its meaning.
            if self.includes(pid) && process.is_alive() {
                living.push(process);
            }
        }
        Ok(living)
    }

    /// Cheapest questions first: this is asked about every process of the machine.
    fn includes(&self, pid: u32) -> bool {
        let Ok(about) = std::fs::metadata(format!("/proc/{pid}")) else {
            return false;
        };
        if self.user == Some(about.uid()) {
            return true;
        }
        if self
            .parent
            .is_some_and(|parent| Stat::read(pid).is_ok_and(|stat| stat.parent == parent))
        {
            return true;
        }
        // Whoever belongs to the node and has not its user has this process's, as a second stage before it changes.
        about.uid() == rustix::process::geteuid().as_raw() && self.has_marker(pid)
    }

    fn has_marker(&self, pid: u32) -> bool {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment
            .split(|&c| c == 0)
            .any(|variable| variable == self.marker)
    }
}

/// Ends everything in a control group at one stroke; false where there is none or it cannot.
pub(crate) fn kill_group(kill_file: Option<&Path>) -> bool {
    kill_file.is_some_and(|file| std::fs::write(file, "1").is_ok())
}
