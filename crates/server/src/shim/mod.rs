//! The shim: the small process between Postern and one broker node, that outlives Postern.
//!
//! `postern shim <folder>` is started by [`crate::drivers::process`] with the node's lock as its standard input and a pipe to
//! report on as its standard output. It becomes the leader of its own session and the reaper of everything the broker starts,
//! writes down who the broker is (`state.json`) *before* it lets the broker's program run, keeps the broker's output
//! within bounds, answers on `shim.sock`, and when the broker ends kills what it left behind and writes down how it ended (`exit.json`).
//! It restarts nothing. It knows the folder, and nothing of brokers.
//!
//! The broker is started in two steps, because what must happen between fork and exec would need unsafe code here: the shim
//! executes itself as `postern shim --stage2`, which takes the description over a socket, gives up its privileges
//! ([`confine`]) and turns into the broker's program. The broker inherits the lock, so that the folder is free only when
//! nothing that might write to it is left.
//!
//! No tokio: one thread, about 2 MiB resident.

#![forbid(unsafe_code)]

mod confine;
pub(crate) mod identity;
pub(crate) mod kin;
pub(crate) mod output;
pub(crate) mod records;
pub mod socket;
mod watch;

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use rustix::fs::{FlockOperation, Mode};
use rustix::io::FdFlags;
use rustix::process::{WaitId, WaitIdOptions};

use crate::clock::{Clock, SystemClock};
use identity::{Identity, Process};
use records::{Failure, Handshake, LaunchRecord, StateRecord};

/// The `shim` subcommand: `args` is what follows it, either the node's control folder or `--stage2`.
///
/// Not for people: without the descriptors [`crate::drivers::process::ProcessDriver`] hands over it refuses to run.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut args = args.into_iter();
    let (first, rest) = (args.next(), args.next());
    match (first, rest) {
        (Some(stage), None) if stage == "--stage2" => confine::main(),
        (Some(folder), None) => {
            drop_strangers();
            supervise(Path::new(&folder))
        }
        _ => {
            let _ = writeln!(io::stderr(), "the shim is started by postern itself");
            ExitCode::from(64)
        }
    }
}

/// Gets rid of descriptors that whoever started Postern let it inherit (Postern's own are all close-on-exec): the shim lives
/// long, and somebody may be waiting for the other end. Executing this program anew closes them, and is only done if there are any.
fn drop_strangers() {
    const CLEAN: &str = "POSTERN_SHIM_CLEAN";
    let own = |entry: &std::fs::DirEntry| {
        let number = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<i32>().ok());
        // The listing's own descriptor is gone when it is looked at.
        number.is_none_or(|number| number < 3) || std::fs::read_link(entry.path()).is_err()
    };
    let entries: Vec<_> = std::fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    if std::env::var_os(CLEAN).is_some() || entries.iter().all(own) {
        return;
    }
    close_fds::set_fds_cloexec(3, &[]);
    let mut again = Command::new("/proc/self/exe");
    again
        .arg0("postern")
        .args(std::env::args_os().skip(1))
        .env_clear()
        .env(CLEAN, "1");
    // If that fails the strangers stay, which is no reason not to start a broker.
    let _ = again.exec();
}

/// Reports on standard output, which nobody may be reading any more: Postern can have died since, and then finds the records.
fn report(handshake: &Handshake) {
    if let Ok(mut line) = serde_json::to_vec(handshake) {
        line.push(b'\n');
        let _ = io::stdout()
            .write_all(&line)
            .and_then(|()| io::stdout().flush());
    }
}

fn supervise(folder: &Path) -> ExitCode {
    match start(folder) {
        Ok(watch) => {
            report(&Handshake::Started);
            watch.run()
        }
        Err(failure) => {
            report(&Handshake::Failed(failure));
            ExitCode::FAILURE
        }
    }
}

/// Everything up to the execution of the broker's program.
fn start(folder: &Path) -> Result<watch::Watch, Failure> {
    let other = |what: &'static str| move |error: io::Error| Failure::other(what, &error);
    std::env::set_current_dir(folder).map_err(other("enter its folder"))?;
    rustix::process::umask(Mode::from_raw_mode(0o077));
    let mut launch: LaunchRecord = records::read(Path::new(records::LAUNCH))
        .map_err(other("read its description"))?
        .ok_or_else(|| Failure::other("read its description", &io::ErrorKind::NotFound.into()))?;
    std::fs::remove_file(records::LAUNCH).map_err(other("remove its description"))?;
    let lock = inherited_lock().map_err(other("hold the lock of its folder"))?;
    launch.lock = std::os::fd::AsRawFd::as_raw_fd(&lock);

    // EPERM: it leads its session already.
    let _ = rustix::process::setsid();
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
        .map_err(|errno| Failure::other("become a reaper", &errno.into()))?;
    if let Some(group) = &launch.shim_group {
        // Outside Postern's own group, so that ending Postern's service does not end it. Without, it still works.
        let _ = std::fs::write(group, "0");
    }
    match std::fs::remove_file(records::SOCKET) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::other("remove its old socket", &error)),
    }
    let listener = UnixListener::bind(records::SOCKET).map_err(other("listen on its socket"))?;
    listener
        .set_nonblocking(true)
        .map_err(other("listen on its socket"))?;

    let log =
        output::begin(Path::new(records::OUTPUT), launch.log).map_err(other("open its log"))?;
    let (mut ours, theirs) = UnixStream::pair().map_err(other("make a socket"))?;
    let mut second = Command::new("/proc/self/exe");
    second
        .arg0("postern")
        .args(&launch.reexec)
        .env_clear()
        .env(records::MARKER, folder);
    second.stdin(Stdio::from(OwnedFd::from(theirs)));
    second
        .stdout(log.try_clone().map_err(other("share its log"))?)
        .stderr(log);
    let child = second.spawn().map_err(other("start a process"))?;
    // Not `second` itself: it keeps the child's ends open.
    drop(second);
    let broker = Identity::of(child.id()).map_err(other("look at its child"))?;
    let broker = Process::open(broker)
        .map_err(other("look at its child"))?
        .ok_or_else(|| {
            Failure::other("look at its child", &io::Error::other("it ended at once"))
        })?;

    // Order: the record is on the disk before the broker's program can run, so that no broker is ever unknown.
    let state = StateRecord {
        version: records::VERSION,
        boot_id: identity::boot_id().map_err(other("read the boot id"))?,
        shim: Identity::of(std::process::id()).map_err(other("look at itself"))?,
        broker: broker.identity(),
        started_ms: now_ms(),
        stop_grace_ms: launch.stop_grace_ms,
        log: launch.log,
        user: launch.user,
    };
    let result = records::write(Path::new(records::STATE), &state)
        .map_err(other("write its record"))
        .and_then(|()| release(&mut ours, &launch));
    if let Err(failure) = result {
        drop(ours);
        let _ = broker.signal(rustix::process::Signal::KILL);
        let _ = rustix::process::waitid(WaitId::PidFd(broker.fd()), WaitIdOptions::EXITED);
        let _ = std::fs::remove_file(records::STATE);
        let _ = std::fs::remove_file(records::SOCKET);
        return Err(failure);
    }
    Ok(watch::Watch::new(
        state,
        launch,
        folder.to_path_buf(),
        broker,
        listener,
        lock,
    ))
}

/// Takes the lock that came as standard input and makes it one that children inherit.
fn inherited_lock() -> io::Result<OwnedFd> {
    let stdin = io::stdin();
    // The lock belongs to the open file description, so asking again is granted exactly if it was really handed over.
    rustix::fs::flock(&stdin, FlockOperation::NonBlockingLockExclusive)?;
    let lock = rustix::io::fcntl_dupfd_cloexec(&stdin, 3)?;
    rustix::io::fcntl_setfd(&lock, FdFlags::empty())?;
    Ok(lock)
}

/// Tells the second stage what to become, and waits until it has: it closes the socket by executing the program.
fn release(socket: &mut UnixStream, launch: &LaunchRecord) -> Result<(), Failure> {
    let other = |error: io::Error| Failure::other("talk to its child", &error);
    let text = serde_json::to_vec(launch).map_err(|error| other(error.into()))?;
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .map_err(other)?;
    socket.write_all(&text).map_err(other)?;
    socket.shutdown(Shutdown::Write).map_err(other)?;
    let mut answer = Vec::new();
    socket
        .take(64 * 1024)
        .read_to_end(&mut answer)
        .map_err(other)?;
    if answer.is_empty() {
        return Ok(());
    }
    Err(serde_json::from_slice(&answer).unwrap_or_else(|error| other(error.into())))
}

/// Milliseconds since the Unix epoch, by the machine's clock: the shim is a process of its own, and nobody hands it another.
fn now_ms() -> u64 {
    u64::try_from(SystemClock.now()).unwrap_or(0)
}
