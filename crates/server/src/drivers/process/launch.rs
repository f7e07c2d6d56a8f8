//! Starts a node: everything from taking its lock to the word of the shim that the broker's program runs. Blocking.

use std::fs::{self, DirBuilder, File as StdFile};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::{Gid, Timespec};

use super::Inner;
use super::files::DataFolder;
use super::folder::{self, ControlFolder, NodeLock};
use crate::drivers::{DriverError, Launch, Namespace, NodeId};
use crate::shim::identity::{Identity, Process};
use crate::shim::records::{
    self, Failure, FailureKind, Handshake, LaunchRecord, LogRecord, StateRecord,
};

/// How long a shim may take to say what became of it: it writes to a disk that may be slow.
const HANDSHAKE_SECONDS: i64 = 30;

/// What a start came to.
pub(super) enum Started {
    /// The broker runs.
    Runs {
        broker: Process,
        shim: Option<Process>,
        state: StateRecord,
    },
    /// The program was executed and has ended already.
    Ended,
}

/// Starts a node that does not run. The caller has the node's turn.
pub(super) fn launch(inner: &Inner, launch: Launch) -> Result<Started, DriverError> {
    check(&launch)?;
    let control = inner.control(&launch.node);
    make_control(&control)?;
    let lock = control
        .try_lock()?
        .ok_or_else(|| DriverError::FolderInUse {
            node: launch.node.to_string(),
        })?;

    // From here on nothing else can be writing to the folder, unless it closed the lock's descriptor.
    end_strays(inner, &control, &launch.node)?;
    let user = inner
        .users
        .as_ref()
        .map(|users| users.of(&control))
        .transpose()?;
    if let Some(user) = user {
        if let Some(closed) = folder::closed_ancestor(&inner.config.nodes) {
            return Err(DriverError::Unreachable { folder: closed });
        }
        // Its group may pass through, to its data and nowhere else.
        let failed = |error| DriverError::io("give away", control.path(), error);
        let group = Some(Gid::from_raw(user));
        rustix::fs::chown(control.path(), None, group).map_err(|errno| failed(errno.into()))?;
        fs::set_permissions(control.path(), fs::Permissions::from_mode(0o710)).map_err(failed)?;
    }
    let data = DataFolder::open(&control.data(), user)?;
    for path in &launch.folders {
        data.make_folder(path)?;
    }
    for file in &launch.files {
        data.write(file)?;
    }
    for old in [records::EXIT, records::STATE] {
        remove_file(&control.path().join(old))?;
    }
    let groups = inner.groups.prepare(&launch.node, &launch.limits)?;

    let program = launch.argv.first().cloned().unwrap_or_default();
    let mut reexec = inner.config.shim_args.clone();
    reexec.push("--stage2".to_owned());
    let record = LaunchRecord {
        argv: launch.argv,
        env: launch.env,
        folder: control.path().to_path_buf(),
        stop_grace_ms: u64::try_from(launch.stop_grace.as_millis()).unwrap_or(u64::MAX),
        log: LogRecord {
            file_bytes: launch.log.file_bytes,
            old_files: launch.log.old_files,
        },
        open_files: launch.limits.open_files,
        user,
        groups: groups.procs,
        kill_group: groups.kill,
        memory_events: groups.memory_events,
        shim_group: inner.groups.shims(),
        hosts: match &launch.namespace {
            Some(namespace) => Some(write_hosts(&control, namespace)?),
            None => None,
        },
        namespace: launch.namespace.map(|namespace| namespace.file),
        reexec,
        lock: -1,
    };
    let path = control.path().join(records::LAUNCH);
    records::write(&path, &record).map_err(|error| DriverError::io("write", &path, error))?;
    drop(record);
    spawn(inner, &control, lock, &launch.node, &program)
}

fn spawn(
    inner: &Inner,
    control: &ControlFolder,
    lock: NodeLock,
    node: &NodeId,
    program: &str,
) -> Result<Started, DriverError> {
    let words = control.path().join("shim.log");
    let words = StdFile::create(&words).map_err(|error| DriverError::io("write", &words, error))?;
    let mut command = Command::new(&inner.config.shim);
    command.arg0("postern");
    command
        .args(&inner.config.shim_args)
        .arg(control.path())
        .env_clear();
    let lock = lock.into_file().map_or_else(Stdio::null, Stdio::from);
    command.stdin(lock).stdout(Stdio::piped()).stderr(words);
    let child = command.spawn();
    // The lock now lives in the child alone.
    drop(command);
    let mut child = child.map_err(|error| DriverError::io("execute", &inner.config.shim, error))?;
    // It is not reaped before it is waited for, so its number is its own until then.
    let shim = Identity::of(child.id())
        .and_then(Process::open)
        .ok()
        .flatten();
    match handshake(&mut child) {
        Some(Handshake::Started) => {}
        Some(Handshake::Failed(failure)) => {
            let _ = child.wait();
            return Err(explain(failure, program, control.path()));
        }
        None => {
            let why = "it did not say what became of it".to_owned();
            return Err(give_up(
                inner,
                control,
                node,
                &mut child,
                DriverError::Shim { why },
            ));
        }
    }
    let Some(state) = control.state_of_this_boot() else {
        let why = "its record cannot be read".to_owned();
        return Err(give_up(
            inner,
            control,
            node,
            &mut child,
            DriverError::Shim { why },
        ));
    };
    match Process::open(state.broker) {
        // The child is reaped by the watch, through its pidfd.
        Ok(Some(broker)) => Ok(Started::Runs {
            broker,
            shim,
            state,
        }),
        Ok(None) => {
            // Its shim is about to end too.
            let _ = child.wait();
            Ok(Started::Ended)
        }
        // What cannot be watched must not run.
        Err(error) => {
            let error = DriverError::io("watch", control.path(), error);
            Err(give_up(inner, control, node, &mut child, error))
        }
    }
}

/// Ends a start that went wrong, so that nothing of it runs.
fn give_up(
    inner: &Inner,
    control: &ControlFolder,
    node: &NodeId,
    shim: &mut Child,
    error: DriverError,
) -> DriverError {
    let _ = shim.kill();
    let _ = shim.wait();
    end_failed_start(inner, control, node)
        .err()
        .unwrap_or(error)
}

/// Waits for the shim's one line.
fn handshake(child: &mut Child) -> Option<Handshake> {
    let pipe: ChildStdout = child.stdout.take()?;
    let mut fds = [PollFd::new(&pipe, PollFlags::IN)];
    let timeout = Timespec {
        tv_sec: HANDSHAKE_SECONDS,
        tv_nsec: 0,
    };
    while rustix::event::poll(&mut fds, Some(&timeout)) == Err(rustix::io::Errno::INTR) {}
    let [fd] = fds;
    if fd.revents().is_empty() {
        return None;
    }
    let mut line = String::new();
    BufReader::new(pipe).read_line(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}

fn explain(failure: Failure, program: &str, folder: &Path) -> DriverError {
    let (program, why) = (program.to_owned(), failure.why);
    match failure.kind {
        FailureKind::NotFound => DriverError::ProgramNotFound { program },
        FailureKind::Refused => DriverError::ProgramRefused { program, why },
        FailureKind::DiskFull => DriverError::DiskFull {
            path: folder.to_path_buf(),
        },
        FailureKind::OutOfProcesses => DriverError::Exhausted { what: "processes" },
        FailureKind::OutOfMemory => DriverError::Exhausted { what: "memory" },
        FailureKind::OutOfFiles => DriverError::Exhausted { what: "open files" },
        FailureKind::Other => DriverError::Shim { why },
    }
}

/// Ends what an earlier run of the node left behind and the lock does not show.
fn end_strays(inner: &Inner, control: &ControlFolder, node: &NodeId) -> Result<(), DriverError> {
    until(node, || super::node::end_kin(inner, control, node))
}

/// Ends what a start that went wrong left behind. The second stage is not known for the node's before it is executed, so that
/// finding nothing is not enough: the lock must be free as well.
fn end_failed_start(
    inner: &Inner,
    control: &ControlFolder,
    node: &NodeId,
) -> Result<(), DriverError> {
    until(node, || {
        Ok(super::node::end_kin(inner, control, node)? && control.is_unlocked()?)
    })
}

/// Tries again until it is done, during five seconds.
fn until(node: &NodeId, done: impl Fn() -> Result<bool, DriverError>) -> Result<(), DriverError> {
    for _ in 0..250 {
        if done()? {
            return Ok(());
        }
        let none: &mut [PollFd<'_>] = &mut [];
        let moment = Timespec {
            tv_sec: 0,
            tv_nsec: 20_000_000,
        };
        let _ = rustix::event::poll(none, Some(&moment));
    }
    Err(DriverError::Unkillable {
        node: node.to_string(),
    })
}

/// What the operating system could not be told.
fn check(launch: &Launch) -> Result<(), DriverError> {
    let bad = |why| {
        Err(DriverError::BadLaunch {
            node: launch.node.to_string(),
            why,
        })
    };
    if launch.argv.first().is_none_or(String::is_empty) {
        return bad("it has no program");
    }
    if launch.argv.iter().any(|argument| argument.contains('\0')) {
        return bad("an argument has a zero byte");
    }
    let unfit = |(name, value): &(String, String)| {
        name.is_empty()
            || name.contains(['=', '\0'])
            || value.contains('\0')
            || name == records::MARKER
    };
    if launch.env.iter().any(unfit) {
        return bad("a variable of its environment has an impossible name or value");
    }
    Ok(())
}

/// What the node finds as `/etc/hosts`: the machine's, and the node's own address.
fn write_hosts(control: &ControlFolder, namespace: &Namespace) -> Result<PathBuf, DriverError> {
    let path = control.path().join(records::HOSTS);
    let mut text = fs::read_to_string("/etc/hosts").unwrap_or_default();
    text.push_str(&format!("\n{0} {0}\n", namespace.address));
    let written = fs::write(&path, text)
        .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o644)));
    written.map_err(|error| DriverError::io("write", &path, error))?;
    Ok(path)
}

fn make_control(control: &ControlFolder) -> Result<(), DriverError> {
    let made = DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(control.path());
    made.map_err(|error| DriverError::io("make", control.path(), error))
}

fn remove_file(path: &Path) -> Result<(), DriverError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(DriverError::io("remove", path, error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
