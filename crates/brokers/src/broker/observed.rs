//! What the reconciler saw of a broker. It is compared with what is wanted; no step is ever chosen by it alone.

use serde::{Deserialize, Serialize};

/// Something the owner has to do ("Amazon MQ: action required codes").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRequired {
    /// The code, such as `BROKER_OOM`.
    pub code: String,
    /// A sentence that says what happened and what to do.
    pub info: String,
}

/// Why a broker could not be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When it was given up.
    pub at: i64,
    /// The reason, for people.
    pub reason: String,
}

/// Something that happened to a broker, for people. Events are never read back to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: i64,
    /// What and why.
    pub text: String,
}

/// One node as it was last seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeStatus {
    /// When its process was last started.
    pub started: Option<i64>,
    /// Whether every promised endpoint answered since then.
    pub ready: bool,
    /// When it ended unasked, newest last, the last ten minutes only.
    pub crashes: Vec<i64>,
    /// Not started again before this time.
    pub not_before: Option<i64>,
    /// The number of the reboot its process was started for.
    pub reboot: u64,
    /// How often it ended or could not be started since it last ran well for ten minutes: what the back-off grows by.
    pub tries: u32,
}

/// What was seen of a broker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// Whether it was ever ready: before that it is being created.
    pub created: bool,
    /// The number of the last reboot that was finished.
    pub reboots_done: u64,
    /// Its nodes by instance number - 1.
    pub nodes: Vec<NodeStatus>,
    /// Why its creation was given up.
    pub failure: Option<Failure>,
    /// What its owner has to do.
    pub actions_required: Vec<ActionRequired>,
    /// What happened to it, newest last, a bounded list.
    pub events: Vec<Event>,
    /// A sealed secret of the broker's own, out of which the passwords of its management are derived.
    pub sealed_secret: Option<String>,
}
