//! What has to be done next for a broker: a pure function of what is wanted, what was noted and what is seen.
//!
//! The reconciler observes a broker's nodes, asks [`plan`] for steps, carries them out and begins anew. There is no program
//! counter: whatever was interrupted is found again by looking. What has to be remembered between looks (that a node was
//! started, how often it failed, which reboot it has been through) is written into [`Observed`](crate::broker::Observed) by
//! [`Change`]s, each committed before the steps that rely on it.
//!
//! Every step may be repeated: starting what runs, stopping what does not, removing what is gone change nothing, and a
//! change that no longer fits the record is left out.

mod change;
mod reason;

#[cfg(test)]
mod tests;

pub use change::{Change, is_ours};
pub use reason::{Cause, Reason, diagnose};

use crate::broker::{Broker, Intent, NodeStatus};

/// How long a node may take from its start until every promised endpoint answers. A large journal is read in that time.
pub const START_LIMIT_MS: i64 = 300_000;
/// How long a node has to be well before what was required of its owner is taken back.
pub const STABLE_MS: i64 = 120_000;
/// How often a ready node is asked whether it is well.
pub const HEALTH_PERIOD_MS: i64 = 10_000;
/// How long an answer may take.
pub const HEALTH_LIMIT_MS: i64 = 5_000;
/// How many answers in a row have to be missed before a node is restarted.
pub const HEALTH_MISSES: u32 = 3;

/// What is seen of a node's process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessSeen {
    /// Nothing of it is there.
    Absent,
    /// Its driver was told to start it and shows nothing yet.
    Starting,
    /// It runs since then.
    Running {
        /// Milliseconds since the Unix epoch.
        started: i64,
    },
    /// It has ended.
    Ended(Reason),
}

/// What is known of a running node's answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It was not asked yet.
    Unknown,
    /// Everything that was asked answers.
    Answers,
    /// It did not answer so often in a row.
    Silent {
        /// How often.
        misses: u32,
        /// What was missed, for people.
        what: String,
    },
}

/// What is seen of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSeen {
    /// The instance's number.
    pub node: u8,
    /// Its process.
    pub process: ProcessSeen,
    /// Its answers.
    pub health: Health,
}

/// Something to be done. Steps are carried out in their order; when one fails the rest is left, and everything is looked at anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write the node's files and start it; then note [`Change::Started`] or, where it fails, [`Change::Ended`].
    Start(u8),
    /// End the node's processes; its folder stays.
    Stop(u8),
    /// Remove all there is of the node.
    Remove(u8),
    /// Ask every promised endpoint.
    Probe(u8),
    /// Write into the record.
    Note(Change),
    /// Remove network interfaces and record, in one commit.
    RemoveRecord,
    /// Nothing is to be done before this time, or before something changes.
    Wait(Option<i64>),
}

impl Step {
    /// What is to be noted, where that is the step.
    pub fn into_note(self) -> Option<Change> {
        match self {
            Step::Note(change) => Some(change),
            Step::Start(_)
            | Step::Stop(_)
            | Step::Remove(_)
            | Step::Probe(_)
            | Step::RemoveRecord
            | Step::Wait(_) => None,
        }
    }
}

/// The steps that bring a broker nearer to what is wanted of it. Never empty; a wait is always alone.
pub fn plan(broker: &Broker, seen: &[NodeSeen], now: i64) -> Vec<Step> {
    let nodes: Vec<u8> = broker
        .instances
        .iter()
        .map(|instance| instance.number)
        .collect();
    let look = |node: u8| seen.iter().find(|seen| seen.node == node);
    match broker.intent {
        Intent::Delete => return delete(&nodes, look),
        Intent::Run => {}
    }
    if broker.observed.failure.is_some() {
        let mut steps: Vec<Step> = nodes
            .iter()
            .filter(|node| look(**node).is_some_and(NodeSeen::runs))
            .map(|node| Step::Stop(*node))
            .collect();
        if steps.is_empty() {
            steps.push(Step::Wait(None));
        }
        return steps;
    }
    let mut steps = Vec::new();
    let mut until: Option<i64> = None;
    let mut wait = |time: i64| until = Some(until.map_or(time, |earlier| earlier.min(time)));
    let mut everything_well = true;
    // So it is once what is noted in this round is noted.
    let mut well_when_noted = true;
    for node in &nodes {
        let status = broker.observed.node(*node);
        let seen = look(*node);
        // One after the other: a node is taken down only when those before it are back.
        if status.reboot < broker.reboots && everything_well && broker.observed.created {
            everything_well = false;
            well_when_noted = false;
            if seen.is_some_and(NodeSeen::runs) {
                steps.push(Step::Stop(*node));
            }
            steps.push(Step::Note(Change::RebootBegun {
                node: *node,
                number: broker.reboots,
            }));
            continue;
        }
        match keep(*node, &status, seen, now) {
            Kept::Well => {
                let stable = status.started.unwrap_or(now).saturating_add(STABLE_MS);
                if broker.observed.needs_owner() && now < stable {
                    wait(stable);
                }
            }
            Kept::Steps(more) => {
                everything_well = false;
                well_when_noted &= matches!(&more[..], [Step::Note(Change::Ready { .. })]);
                steps.extend(more);
            }
            Kept::Until(time) => {
                everything_well = false;
                well_when_noted = false;
                wait(time);
            }
        }
    }
    let observed = &broker.observed;
    if well_when_noted && !observed.created {
        steps.push(Step::Note(Change::Created));
    } else if everything_well {
        if observed.reboots_done < broker.reboots {
            steps.push(Step::Note(Change::RebootFinished {
                number: broker.reboots,
            }));
        } else if observed.needs_owner() && until.is_none() {
            steps.push(Step::Note(Change::Recovered));
        }
    }
    if steps.is_empty() {
        steps.push(Step::Wait(until));
    }
    steps
}

fn delete<'a>(nodes: &[u8], look: impl Fn(u8) -> Option<&'a NodeSeen>) -> Vec<Step> {
    let running = nodes
        .iter()
        .filter(|node| look(**node).is_some_and(NodeSeen::runs));
    running
        .map(|node| Step::Stop(*node))
        // Whatever is seen: a folder without a process shows as nothing.
        .chain(nodes.iter().map(|node| Step::Remove(*node)))
        .chain([Step::RemoveRecord])
        .collect()
}

/// What keeps one node running.
enum Kept {
    /// It runs and is ready.
    Well,
    /// These steps.
    Steps(Vec<Step>),
    /// Nothing before this time.
    Until(i64),
}

fn keep(node: u8, status: &NodeStatus, seen: Option<&NodeSeen>, now: i64) -> Kept {
    let note = |change| Kept::Steps(vec![Step::Note(change)]);
    let Some(seen) = seen else {
        return Kept::Until(now);
    };
    match (&seen.process, status.started) {
        (ProcessSeen::Running { started }, noted) if noted != Some(*started) => {
            note(Change::Started {
                node,
                started: *started,
            })
        }
        (ProcessSeen::Running { started }, _) => answers(node, status, &seen.health, *started, now),
        (ProcessSeen::Starting, Some(started)) if overdue(started, now) => {
            note(Change::Lost { node })
        }
        (ProcessSeen::Starting, _) => Kept::Until(now.saturating_add(1)),
        (ProcessSeen::Ended(reason), Some(_)) => note(Change::Ended {
            node,
            reason: reason.clone(),
        }),
        (ProcessSeen::Absent, Some(_)) => note(Change::Lost { node }),
        (ProcessSeen::Absent | ProcessSeen::Ended(_), None) => match status.not_before {
            Some(time) if now < time => Kept::Until(time),
            Some(_) | None => Kept::Steps(vec![Step::Start(node)]),
        },
    }
}

fn answers(node: u8, status: &NodeStatus, health: &Health, started: i64, now: i64) -> Kept {
    let restart = |what: String| {
        let reason = Reason::new(Cause::Silent, what);
        Kept::Steps(vec![
            Step::Note(Change::Ended { node, reason }),
            Step::Stop(node),
        ])
    };
    match (status.ready, health) {
        (true, Health::Silent { misses, what }) if *misses >= HEALTH_MISSES => {
            restart(format!("it did not answer {misses} times in a row: {what}"))
        }
        (true, _) => Kept::Well,
        (false, Health::Answers) => Kept::Steps(vec![Step::Note(Change::Ready { node })]),
        (false, Health::Silent { what, .. }) if overdue(started, now) => restart(format!(
            "it was not ready {} seconds after its start: {what}",
            START_LIMIT_MS / 1000
        )),
        (false, Health::Unknown | Health::Silent { .. }) => Kept::Steps(vec![Step::Probe(node)]),
    }
}

fn overdue(started: i64, now: i64) -> bool {
    now.saturating_sub(started) > START_LIMIT_MS
}

impl NodeSeen {
    /// Whether there may be a process.
    fn runs(&self) -> bool {
        match self.process {
            ProcessSeen::Running { .. } | ProcessSeen::Starting => true,
            ProcessSeen::Absent | ProcessSeen::Ended(_) => false,
        }
    }
}
