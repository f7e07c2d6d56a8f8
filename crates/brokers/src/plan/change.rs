//! What is noted about a broker, and what follows from it for the record.

use super::reason::{Cause, Reason};
use crate::broker::{ActionRequired, Broker, Event, Failure, NodeStatus, Observed};

/// How many failed starts are taken before a creation is given up.
const CREATION_TRIES: u32 = 3;
/// How many ends in ten minutes are taken before the owner is asked for help.
const CRASHES: usize = 5;
/// The ten minutes.
const CRASH_WINDOW_MS: i64 = 600_000;
/// The longest wait before a restart.
const BACK_OFF_MAX_MS: i64 = 300_000;
/// How many events are kept.
const EVENTS: usize = 50;

/// Amazon's code for a broker that runs out of memory.
const OUT_OF_MEMORY: &str = "BROKER_OOM";
/// Our code for a broker that keeps ending.
const CRASH_LOOP: &str = "BROKER_CRASH_LOOP";
/// Our code for a broker that could not be created.
const CREATION_FAILED: &str = "BROKER_CREATION_FAILED";

/// Whether an action required is one that the reconciler gives and takes back.
pub fn is_ours(code: &str) -> bool {
    matches!(code, OUT_OF_MEMORY | CRASH_LOOP | CREATION_FAILED)
}

/// Something to be noted in a broker's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The broker's own secret was made; it is kept if there is one already.
    Secret {
        /// The sealed secret.
        sealed: String,
    },
    /// A node runs.
    Started {
        /// The instance's number.
        node: u8,
        /// Since when.
        started: i64,
    },
    /// Every promised endpoint of a node answers.
    Ready {
        /// The instance's number.
        node: u8,
    },
    /// A node ended unasked, could not be started, or has to be restarted.
    Ended {
        /// The instance's number.
        node: u8,
        /// Why.
        reason: Reason,
    },
    /// A node that was started is not there any more.
    Lost {
        /// The instance's number.
        node: u8,
    },
    /// A node was stopped for a reboot. With the first node of a broker everything that waited becomes current.
    RebootBegun {
        /// The instance's number.
        node: u8,
        /// The number of the reboot.
        number: u64,
    },
    /// Every node has been through the reboot and is ready.
    RebootFinished {
        /// The number of the reboot.
        number: u64,
    },
    /// The broker is ready for the first time.
    Created,
    /// The broker has been well for a while: nothing is required of its owner any more.
    Recovered,
}

impl Observed {
    /// What was noted of a node.
    pub fn node(&self, node: u8) -> NodeStatus {
        let at = usize::from(node.saturating_sub(1));
        self.nodes.get(at).cloned().unwrap_or_default()
    }

    /// Whether the reconciler requires something of the owner.
    pub fn needs_owner(&self) -> bool {
        self.actions_required
            .iter()
            .any(|action| is_ours(&action.code))
    }

    fn node_mut(&mut self, node: u8) -> Option<&mut NodeStatus> {
        let at = usize::from(node.checked_sub(1)?);
        if self.nodes.len() <= at {
            self.nodes
                .resize_with(at.saturating_add(1), NodeStatus::default);
        }
        self.nodes.get_mut(at)
    }

    fn say(&mut self, at: i64, text: String) {
        self.events.push(Event { at, text });
        let surplus = self.events.len().saturating_sub(EVENTS);
        self.events.drain(..surplus);
    }

    fn take_back_actions(&mut self) {
        self.actions_required
            .retain(|action| !is_ours(&action.code));
    }

    fn require(&mut self, code: &str, info: String) {
        self.take_back_actions();
        self.actions_required.push(ActionRequired {
            code: code.to_owned(),
            info,
        });
    }
}

impl Change {
    /// Writes the change into a record, which may be newer than the one it was planned for. `jitter` is by how many
    /// thousandths a wait is lengthened. Gives whether anything changed.
    pub fn apply(&self, broker: &mut Broker, now: i64, jitter: u16) -> bool {
        let before = broker.clone();
        let created = broker.observed.created;
        match self {
            Change::Secret { sealed } => {
                broker
                    .observed
                    .sealed_secret
                    .get_or_insert_with(|| sealed.clone());
            }
            Change::Started { node, started } => {
                let (reboots, first) = (broker.reboots, !created);
                if let Some(status) = broker.observed.node_mut(*node)
                    && status.started != Some(*started)
                {
                    status.started = Some(*started);
                    status.ready = false;
                    // Before it is created nothing can wait for a reboot.
                    if first {
                        status.reboot = reboots;
                    }
                    broker
                        .observed
                        .say(now, format!("instance {node} was started"));
                }
            }
            Change::Ready { node } => ready(&mut broker.observed, *node, now),
            Change::Ended { node, reason } => ended(broker, *node, reason, now, jitter),
            Change::Lost { node } => {
                if let Some(status) = broker.observed.node_mut(*node)
                    && status.started.take().is_some()
                {
                    status.ready = false;
                    broker.observed.say(
                        now,
                        format!("instance {node} was gone with its folder; it is made anew"),
                    );
                }
            }
            Change::RebootBegun { node, number } => reboot_begun(broker, *node, *number, now),
            Change::RebootFinished { number } => {
                if *number > broker.observed.reboots_done && *number <= broker.reboots {
                    broker.observed.reboots_done = *number;
                    broker.observed.take_back_actions();
                    broker
                        .observed
                        .say(now, "the reboot is finished".to_owned());
                }
            }
            Change::Created => {
                if !created && broker.observed.failure.is_none() {
                    broker.observed.created = true;
                    let text =
                        format!("the broker was created in {}", seconds(now, broker.created));
                    broker.observed.say(now, text);
                }
            }
            Change::Recovered => {
                if broker.observed.needs_owner() {
                    broker.observed.take_back_actions();
                    broker
                        .observed
                        .say(now, "the broker is well again".to_owned());
                }
            }
        }
        *broker != before
    }
}

fn ready(observed: &mut Observed, node: u8, now: i64) {
    let Some(status) = observed.node_mut(node) else {
        return;
    };
    if let (Some(started), false) = (status.started, status.ready) {
        status.ready = true;
        status.not_before = None;
        let text = format!(
            "every endpoint of instance {node} answers, {} after its start",
            seconds(now, started)
        );
        observed.say(now, text);
    }
}

fn ended(broker: &mut Broker, node: u8, reason: &Reason, now: i64, jitter: u16) {
    let (reboots, creation) = (broker.reboots, !broker.observed.created);
    let observed = &mut broker.observed;
    let Some(status) = observed.node_mut(node) else {
        return;
    };
    // Who ran well for long begins anew.
    let lasted = status
        .started
        .map_or(0, |started| now.saturating_sub(started));
    if status.ready && lasted >= CRASH_WINDOW_MS {
        status.tries = 0;
    }
    status.started = None;
    status.ready = false;
    status.tries = status.tries.saturating_add(1);
    status.crashes.push(now);
    status
        .crashes
        .retain(|crash| now.saturating_sub(*crash) < CRASH_WINDOW_MS);
    let wait = back_off(status.tries, jitter);
    status.not_before = Some(now.saturating_add(wait));
    let (tries, crashes, number) = (status.tries, status.crashes.len(), status.reboot);
    let text = &reason.text;
    if creation {
        if reason.cause.is_definite() || tries >= CREATION_TRIES {
            let advice = advice(reason.cause);
            observed.failure = Some(Failure {
                at: now,
                reason: text.clone(),
            });
            observed.require(
                CREATION_FAILED,
                format!("The broker could not be created: {text}. {advice}, delete this broker and create it again."),
            );
            observed.say(now, format!("the creation was given up: {text}"));
        } else {
            observed.say(
                now,
                format!("instance {node} did not come up and is tried again: {text}"),
            );
        }
        return;
    }
    observed.say(
        now,
        format!(
            "instance {node} is down and is started again in {} s: {text}",
            wait.saturating_add(999).div_euclid(1000)
        ),
    );
    if crashes >= CRASHES || tries > u32::try_from(CRASHES).unwrap_or(u32::MAX) {
        let code = match reason.cause {
            Cause::Memory => OUT_OF_MEMORY,
            Cause::PortTaken
            | Cause::NoAddress
            | Cause::NoEngine
            | Cause::DiskFull
            | Cause::Impossible
            | Cause::Silent
            | Cause::Other => CRASH_LOOP,
        };
        let advice = advice(reason.cause);
        observed.require(
            code,
            format!("The broker ended {crashes} times in ten minutes: {text}. {advice}; it is started again after pauses of up to {} s, and at once by RebootBroker.", BACK_OFF_MAX_MS / 1000),
        );
        if number == reboots {
            observed.reboots_done = reboots;
        }
    }
}

fn reboot_begun(broker: &mut Broker, node: u8, number: u64, now: i64) {
    let fits = broker.observed.created && number == broker.reboots;
    let first = broker
        .instances
        .first()
        .is_some_and(|instance| instance.number == node);
    let Some(status) = broker.observed.node_mut(node) else {
        return;
    };
    if !fits || status.reboot >= number {
        return;
    }
    *status = NodeStatus {
        reboot: number,
        ..NodeStatus::default()
    };
    broker
        .observed
        .say(now, format!("instance {node} is rebooted"));
    if first {
        broker.apply_pending();
    }
}

/// 1, 2, 4 … 300 seconds, lengthened by up to `jitter` thousandths.
fn back_off(tries: u32, jitter: u16) -> i64 {
    let doubled = 1000_i64
        .checked_shl(tries.saturating_sub(1).min(20))
        .unwrap_or(BACK_OFF_MAX_MS);
    let wait = doubled.min(BACK_OFF_MAX_MS);
    wait.saturating_add(wait.saturating_mul(i64::from(jitter)).div_euclid(1000))
}

/// What the owner can do, without an end.
fn advice(cause: Cause) -> &'static str {
    match cause {
        Cause::Memory => "Choose a larger instance type or let clients send less",
        Cause::PortTaken => "End the process that holds the port",
        Cause::NoAddress => "Give the machine the address",
        Cause::NoEngine => "Install what is missing (`postern doctor` tells)",
        Cause::DiskFull => "Make room on the disk",
        Cause::Impossible => "Ask for something that this service can run",
        Cause::Silent | Cause::Other => {
            "Look at the broker's log and its configuration, correct what is wrong"
        }
    }
}

fn seconds(now: i64, since: i64) -> String {
    let tenths = now.saturating_sub(since).max(0).div_euclid(100);
    format!("{}.{} s", tenths.div_euclid(10), tenths.rem_euclid(10))
}
