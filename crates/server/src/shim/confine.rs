//! The second stage: takes its description, gives up what it may and turns into the broker's program.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use rustix::fs::{Gid, Uid};
use rustix::mount::MountPropagationFlags;
use rustix::process::{Resource, Rlimit};
use rustix::thread::{CapabilitySet, CapabilitySets, UnshareFlags};

use crate::network_mode::enter;

use super::records::{self, Failure, LaunchRecord};

pub(super) fn main() -> ExitCode {
    // A close-on-exec copy: its closing tells the shim that the program was executed.
    let Ok(socket) = rustix::io::fcntl_dupfd_cloexec(io::stdin(), 3) else {
        return ExitCode::FAILURE;
    };
    let mut socket = UnixStream::from(socket);
    let failure = become_broker(&mut socket);
    if let Ok(text) = serde_json::to_vec(&failure) {
        let _ = socket.write_all(&text);
    }
    ExitCode::FAILURE
}

/// Returns only if it failed.
fn become_broker(socket: &mut UnixStream) -> Failure {
    let mut text = Vec::new();
    let launch = match socket.read_to_end(&mut text) {
        Ok(_) => serde_json::from_slice::<LaunchRecord>(&text).map_err(io::Error::from),
        Err(error) => Err(error),
    };
    let launch = match launch {
        Ok(launch) => launch,
        Err(error) => return Failure::other("understand its description", &error),
    };
    if let Err(failure) = confine(&launch) {
        return failure;
    }
    let Some((program, arguments)) = launch.argv.split_first() else {
        return Failure::other("execute it", &io::Error::other("no program"));
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(launch.env.iter().map(|(name, value)| (name, value)));
    command
        .env(records::MARKER, &launch.folder)
        .stdin(Stdio::null());
    Failure::executing(&command.exec())
}

/// Order: groups and the namespace while root may still enter them, limits, then the user, then what remains of capabilities.
fn confine(launch: &LaunchRecord) -> Result<(), Failure> {
    for group in &launch.groups {
        std::fs::write(group, "0")
            .map_err(|error| Failure::other("enter its control group", &error))?;
    }
    if let Some(namespace) = &launch.namespace {
        // This process has one thread, so what is done to the thread is done to the process.
        enter(namespace).map_err(|error| Failure::other("enter its network namespace", &error))?;
    }
    if let Some(hosts) = &launch.hosts
        && let Err(error) = own_hosts(hosts)
    {
        // It only costs time: look-ups of the node's own address are answered late.
        eprintln!("the node has the machine's /etc/hosts: {error}");
    }
    limits(launch).map_err(|error| Failure::other("limit its resources", &error))?;
    if let Some(user) = launch.user {
        change_user(user).map_err(|error| Failure::other("change to its own user", &error))?;
    }
    rustix::thread::set_no_new_privs(true)
        .map_err(|errno| Failure::other("give up gaining privileges", &errno.into()))?;
    let data = launch.folder.join(records::DATA);
    std::env::set_current_dir(data).map_err(|error| Failure::other("enter its data folder", &error))
}

/// Puts a file in the place of `/etc/hosts`, for this process and what it starts. What is mounted later elsewhere is still seen.
#[expect(
    deprecated,
    reason = "sound without FILES, which alone is unsafe; and this crate has no unsafe code"
)]
fn own_hosts(hosts: &Path) -> io::Result<()> {
    rustix::thread::unshare(UnshareFlags::NEWNS)?;
    let ours_alone = MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC;
    rustix::mount::mount_change("/", ours_alone)?;
    rustix::mount::mount_bind(hosts, "/etc/hosts")?;
    Ok(())
}

fn limits(launch: &LaunchRecord) -> io::Result<()> {
    rustix::process::setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )?;
    if let Some(wanted) = launch.open_files {
        let granted = rustix::process::getrlimit(Resource::Nofile)
            .maximum
            .map_or(wanted, |most| most.min(wanted));
        let limit = Rlimit {
            current: Some(granted),
            maximum: Some(granted),
        };
        rustix::process::setrlimit(Resource::Nofile, limit)?;
    }
    Ok(())
}

/// Becomes the user and drops every capability, also those a program could bring back. This process has one thread, so what
/// rustix does to the thread is done to the process.
fn change_user(user: u32) -> io::Result<()> {
    for capability in CapabilitySet::all().iter() {
        // EINVAL: the kernel does not know this one. Anything else would leave it in.
        match rustix::thread::remove_capability_from_bounding_set(capability) {
            Ok(()) | Err(rustix::io::Errno::INVAL) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    let (uid, gid) = (Uid::from_raw(user), Gid::from_raw(user));
    rustix::thread::set_thread_groups(&[])?;
    rustix::thread::set_thread_res_gid(gid, gid, gid)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid)?;
    match rustix::thread::clear_ambient_capability_set() {
        Ok(()) | Err(rustix::io::Errno::INVAL) => {}
        Err(errno) => return Err(errno.into()),
    }
    let none = CapabilitySet::empty();
    rustix::thread::set_capabilities(
        None,
        CapabilitySets {
            effective: none,
            permitted: none,
            inheritable: none,
        },
    )?;
    Ok(())
}
