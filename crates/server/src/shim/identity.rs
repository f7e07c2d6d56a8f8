//! Who a process is: its number alone does not say, since numbers are used again.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::Timespec;
use rustix::process::{Pid, PidfdFlags, Signal};
use serde::{Deserialize, Serialize};

/// A process of the current boot: its number and the moment it was started (field 22 of `/proc/<pid>/stat`, in clock ticks since boot).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) pid: u32,
    pub(crate) start: u64,
}

impl Identity {
    /// Reads the identity of the process that has the number now.
    pub(crate) fn of(pid: u32) -> io::Result<Self> {
        Ok(Self {
            pid,
            start: Stat::read(pid)?.start,
        })
    }
}

/// What `/proc/<pid>/stat` says that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) state: u8,
    pub(crate) parent: u32,
    pub(crate) start: u64,
}

impl Stat {
    pub(crate) fn read(pid: u32) -> io::Result<Self> {
        let text = std::fs::read(format!("/proc/{pid}/stat"))?;
        Self::parse(&text).ok_or_else(|| io::Error::other("unreadable process record"))
    }

    /// The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    fn parse(text: &[u8]) -> Option<Self> {
        let end = text.iter().rposition(|&c| c == b')')?;
        let rest = std::str::from_utf8(text.get(end + 1..)?).ok()?;
        let mut fields = rest.split_ascii_whitespace();
        let state = *fields.next()?.as_bytes().first()?;
        let parent = fields.next()?.parse().ok()?;
        // Field 22; the two before and the one consumed just now are fields 3 and 4, so 17 lie between.
        let start = fields.nth(17)?.parse().ok()?;
        Some(Self {
            state,
            parent,
            start,
        })
    }

    /// Whether it has ended and only waits to be reaped.
    pub(crate) fn is_dead(self) -> bool {
        matches!(self.state, b'Z' | b'X' | b'x')
    }
}

/// A process whose identity was verified, held by a descriptor that can never come to mean another one.
#[derive(Debug)]
pub(crate) struct Process {
    fd: OwnedFd,
    identity: Identity,
}

impl Process {
    /// Opens the process if it is the one that is meant and has not ended.
    ///
    /// Order: the descriptor first, the comparison second. If the descriptor's process still lives after the comparison, the
    /// record that was compared was its own.
    pub(crate) fn open(identity: Identity) -> io::Result<Option<Self>> {
        let number = i32::try_from(identity.pid).ok().and_then(Pid::from_raw);
        let Some(pid) = number else { return Ok(None) };
        let fd = match rustix::process::pidfd_open(pid, PidfdFlags::empty()) {
            Ok(fd) => fd,
            Err(rustix::io::Errno::SRCH | rustix::io::Errno::INVAL) => return Ok(None),
            Err(errno) => return Err(errno.into()),
        };
        let stat = match Stat::read(identity.pid) {
            Ok(stat) => stat,
            Err(error) if gone(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let process = Self { fd, identity };
        // Alive is asked of the descriptor: an unreaped process keeps its /proc record.
        Ok(
            (stat.start == identity.start && !stat.is_dead() && process.is_alive())
                .then_some(process),
        )
    }

    pub(crate) fn identity(&self) -> Identity {
        self.identity
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    /// Whether it has not ended. A process that waits to be reaped has ended.
    pub(crate) fn is_alive(&self) -> bool {
        let mut fds = [PollFd::new(&self.fd, PollFlags::IN)];
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        // Deny when in doubt: an error counts as alive, so that nothing is started beside it.
        !matches!(rustix::event::poll(&mut fds, Some(&now)), Ok(ready) if ready > 0)
    }

    /// Sends a signal to this very process; one that has ended is no error.
    pub(crate) fn signal(&self, signal: Signal) -> io::Result<()> {
        match rustix::process::pidfd_send_signal(&self.fd, signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }
}

/// Whether an error of reading `/proc/<pid>` means that the process is gone.
pub(crate) fn gone(error: &io::Error) -> bool {
    let errno = rustix::io::Errno::from_io_error(error);
    matches!(
        errno,
        Some(rustix::io::Errno::NOENT | rustix::io::Errno::SRCH)
    )
}

/// The id of this boot of the machine.
pub(crate) fn boot_id() -> io::Result<String> {
    Ok(std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?
        .trim()
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_record_is_read_whatever_the_program_is_called() {
        let text = b"42 (a b) R 1) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1 2 3 4";
        assert_eq!(
            Stat::parse(text),
            Some(Stat {
                state: b'S',
                parent: 7,
                start: 98765
            })
        );
        assert_eq!(Stat::parse(b""), None);
        assert_eq!(Stat::parse(b"42 (x) S 7"), None);
    }

    #[test]
    fn a_process_with_another_start_time_is_not_opened() {
        let own = Identity::of(std::process::id()).unwrap();
        assert!(Process::open(own).unwrap().is_some());
        assert!(
            Process::open(Identity {
                start: own.start + 1,
                ..own
            })
            .unwrap()
            .is_none()
        );
        assert!(
            Process::open(Identity { pid: 0, start: 0 })
                .unwrap()
                .is_none()
        );
        assert!(
            Process::open(Identity {
                pid: u32::MAX,
                start: 0
            })
            .unwrap()
            .is_none()
        );
    }

    #[test]
    fn a_process_that_ended_and_was_not_reaped_counts_as_dead() {
        let mut child = std::process::Command::new("/bin/cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let identity = Identity::of(child.id()).unwrap();
        let process = Process::open(identity).unwrap().unwrap();
        assert!(process.is_alive());
        drop(child.stdin.take());
        let mut fds = [PollFd::new(&process.fd, PollFlags::IN)];
        rustix::event::poll(&mut fds, None).unwrap();
        assert!(!process.is_alive());
        assert!(Stat::read(identity.pid).unwrap().is_dead());
        assert!(Process::open(identity).unwrap().is_none());
        child.wait().unwrap();
    }
}
