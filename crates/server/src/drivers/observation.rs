//! What a driver sees.

use std::time::SystemTime;

/// What a node is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// There is nothing of it, or only a folder in which nothing was ever started.
    Absent,
    /// Its program runs. Whether it answers is for the engine's probe.
    Running(Running),
    /// It ran and has ended.
    Exited(Exited),
}

/// A running node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its main process.
    pub pid: u32,
    /// When that was started, by the machine's clock at that time.
    pub started_at: SystemTime,
    /// Whether its shim runs. Without (somebody killed it) the node serves on and is watched, but how it ends will not be known.
    pub shim: bool,
}

/// A node that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exited {
    /// How.
    pub ending: Ending,
    /// When, if known.
    pub at: Option<SystemTime>,
    /// When it had been started.
    pub started_at: SystemTime,
    /// Whether the kernel killed a process of it for lack of memory; false where that cannot be known.
    pub out_of_memory: bool,
    /// The last lines of its output, oldest first, at most 20.
    pub tail: Vec<String>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this code.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// The machine was restarted under it.
    MachineRestarted,
    /// Nobody was there to see it. Treat it as a failure.
    Unknown,
}

impl Ending {
    /// A clause for people: "ended with code 78", "was killed by signal 9".
    pub fn describe(self) -> String {
        match self {
            Self::Code(code) => format!("ended with code {code}"),
            Self::Signal(signal) => format!("was killed by signal {signal}"),
            Self::MachineRestarted => "ended when the machine was restarted".to_owned(),
            Self::Unknown => "ended unobserved".to_owned(),
        }
    }
}

/// What a driver can do on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether each node has a user id of its own.
    pub own_user: bool,
    /// Whether [`super::Limits::memory_bytes`] is enforced.
    pub memory_limit: bool,
    /// Whether [`super::Limits::tasks`] is enforced.
    pub task_limit: bool,
    /// Whether a whole node can be killed at one stroke by its control group.
    pub group_kill: bool,
    /// Sentences for people: one for each thing that is missing, and why.
    pub notes: Vec<String>,
}
