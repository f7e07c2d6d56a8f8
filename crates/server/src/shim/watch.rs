//! The shim's life after the broker was started.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags};
use rustix::fs::Timespec;
use rustix::io::Errno;
use rustix::process::{Signal, WaitId, WaitIdOptions, WaitIdStatus};

use super::identity::Process;
use super::kin::{self, Kin};
use super::records::{self, ExitRecord, LaunchRecord, LogRecord, StateRecord};
use super::socket::{self, Answer, Ask};
use super::{now_ms, output};

/// How long the shim sleeps at least and at most when nobody wants anything of it: longer, the quieter the broker is.
const PAUSE_SECONDS: std::ops::RangeInclusive<i64> = 1..=5;

pub(super) struct Watch {
    state: StateRecord,
    log: LogRecord,
    kill_group: Option<PathBuf>,
    memory_events: Option<PathBuf>,
    folder: PathBuf,
    broker: Process,
    listener: UnixListener,
    /// Only held.
    _lock: OwnedFd,
}

impl Watch {
    pub(super) fn new(
        state: StateRecord,
        launch: LaunchRecord,
        folder: PathBuf,
        broker: Process,
        listener: UnixListener,
        lock: OwnedFd,
    ) -> Self {
        // The rest of the description, with the environment, is dropped here.
        let LaunchRecord {
            log,
            kill_group,
            memory_events,
            ..
        } = launch;
        Self {
            state,
            log,
            kill_group,
            memory_events,
            folder,
            broker,
            listener,
            _lock: lock,
        }
    }

    /// Watches until the broker has ended, tidies up after it and writes down how it ended.
    pub(super) fn run(self) -> ExitCode {
        let status = self.wait();
        let at_ms = now_ms();
        let record = ExitRecord {
            version: records::VERSION,
            broker: self.state.broker,
            started_ms: self.state.started_ms,
            at_ms,
            code: status.as_ref().and_then(WaitIdStatus::exit_status),
            signal: status.as_ref().and_then(WaitIdStatus::terminating_signal),
            out_of_memory: self.memory_events.as_deref().is_some_and(was_out_of_memory),
        };
        // Order: how it ended is kept even if what it left behind cannot be killed at once. Nobody takes it for over before
        // this process has ended too.
        let written = records::write(Path::new(records::EXIT), &record);
        self.sweep();
        let _ = std::fs::remove_file(records::SOCKET);
        match written {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                use io::Write;
                let _ = writeln!(
                    io::stderr(),
                    "could not write how the broker ended: {error}"
                );
                ExitCode::FAILURE
            }
        }
    }

    /// Serves until the main process has ended, and reaps it.
    fn wait(&self) -> Option<WaitIdStatus> {
        let mut pause = *PAUSE_SECONDS.start();
        let mut size = 0;
        loop {
            let mut fds = [
                PollFd::from_borrowed_fd(self.broker.fd(), PollFlags::IN),
                PollFd::new(&self.listener, PollFlags::IN),
            ];
            let timeout = Timespec {
                tv_sec: pause,
                tv_nsec: 0,
            };
            let _ = rustix::event::poll(&mut fds, Some(&timeout));
            let [broker, listener] = fds.map(|fd| !fd.revents().is_empty());
            if broker {
                return reap(WaitId::PidFd(self.broker.fd()), WaitIdOptions::EXITED);
            }
            if listener {
                // One at a time; who asks is Postern.
                if let Ok((client, _)) = self.listener.accept() {
                    let _ = self.answer(&client);
                }
            }
            self.reap_orphans();
            let before = size;
            size = output::rotate(Path::new(records::OUTPUT), self.log).unwrap_or(before);
            pause = if size == before {
                (pause + 1).min(*PAUSE_SECONDS.end())
            } else {
                *PAUSE_SECONDS.start()
            };
        }
    }

    /// Reaps what the broker left to its reaper, but never the broker itself: how that ended is wanted. Looking through all
    /// processes is dear, so the kernel is asked first whether there is any to reap.
    fn reap_orphans(&self) {
        let peek = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        if matches!(rustix::process::waitid(WaitId::All, peek), Ok(Some(_)))
            && self.broker.is_alive()
        {
            for pid in self.dead_orphans() {
                reap(
                    WaitId::Pid(pid),
                    WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
                );
            }
        }
    }

    fn dead_orphans(&self) -> Vec<rustix::process::Pid> {
        let own = std::process::id();
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
            .filter(|&pid| pid != self.state.broker.pid)
            .filter(|&pid| {
                super::identity::Stat::read(pid)
                    .is_ok_and(|stat| stat.parent == own && stat.is_dead())
            })
            .filter_map(|pid| rustix::process::Pid::from_raw(i32::try_from(pid).ok()?))
            .collect()
    }

    fn answer(&self, client: &UnixStream) -> io::Result<()> {
        client.set_nonblocking(false)?;
        client.set_read_timeout(Some(Duration::from_secs(1)))?;
        client.set_write_timeout(Some(Duration::from_secs(1)))?;
        let answer = match socket::receive(client)? {
            Ask::Status => Answer::Status {
                shim: self.state.shim.pid,
                pid: self.state.broker.pid,
                start: self.state.broker.start,
                resident_kib: resident_kib(),
            },
            Ask::Signal { signal } => match Signal::from_named_raw(signal) {
                Some(signal) => done(self.broker.signal(signal)),
                None => Answer::Refused {
                    why: format!("`{signal}` is no signal"),
                },
            },
            Ask::Exit => done(self.broker.signal(Signal::KILL)),
        };
        socket::send(client, &answer)
    }

    /// Ends all the broker left behind, and reaps it. Everything it started is a child of this process by now, or will be.
    fn sweep(&self) {
        kin::kill_group(self.kill_group.as_deref());
        let kin = Kin::new(&self.folder, Some(std::process::id()), self.state.user);
        loop {
            let left = kin.kill().unwrap_or(1);
            match rustix::process::waitid(
                WaitId::All,
                WaitIdOptions::EXITED | WaitIdOptions::NOHANG,
            ) {
                Ok(Some(_)) | Err(Errno::INTR) => {}
                Ok(None) => wait_for(&kin),
                // No children any more. What is left then is not below this process, and got its signal.
                Err(_) if left == 0 => return,
                Err(_) => wait_for(&kin),
            }
        }
    }
}

/// Waits until one of the kin has ended, or a moment has passed.
fn wait_for(kin: &Kin) {
    let living = kin.living().unwrap_or_default();
    let mut fds: Vec<PollFd<'_>> = living
        .iter()
        .map(|process| PollFd::from_borrowed_fd(process.fd(), PollFlags::IN))
        .collect();
    let _ = rustix::event::poll(
        &mut fds,
        Some(&Timespec {
            tv_sec: 0,
            tv_nsec: 100_000_000,
        }),
    );
}

fn reap(id: WaitId<'_>, options: WaitIdOptions) -> Option<WaitIdStatus> {
    loop {
        match rustix::process::waitid(id.clone(), options) {
            Ok(status) => return status,
            Err(Errno::INTR) => {}
            Err(_) => return None,
        }
    }
}

fn done(result: io::Result<()>) -> Answer {
    match result {
        Ok(()) => Answer::Done,
        Err(error) => Answer::Refused {
            why: error.to_string(),
        },
    }
}

/// Whether the kernel killed anything in the control group for lack of memory: `oom_kill 1` in `memory.events` (v2) and in
/// `memory.oom_control` (v1) alike.
fn was_out_of_memory(events: &Path) -> bool {
    let text = std::fs::read_to_string(events).unwrap_or_default();
    text.lines().any(|line| {
        line.strip_prefix("oom_kill ")
            .is_some_and(|count| count.trim() != "0")
    })
}

fn resident_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok())
        .unwrap_or(0)
}
