//! One broker's worker: observes, asks for steps, carries them out, and begins anew.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use brokers::broker::{Broker, Instance};
use brokers::plan::{
    Cause, Change, HEALTH_MISSES, HEALTH_PERIOD_MS, Health, NodeSeen, ProcessSeen, Reason, Step,
    diagnose, plan,
};
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::time::Instant;

use super::context::Context;
use super::launch::{self, Place, Promise};
use super::probe::{self, Passed};
use super::records::{self, RecordError, Whose};
use super::secrets::OwnSecret;
use crate::clock::random;
use crate::drivers::{BadNodeId, DriverError, Observation};
use crate::services::SecretError;

/// How often a node that is starting is asked.
const READY_PERIOD: Duration = Duration::from_millis(200);
/// How soon a node that missed an answer is asked again.
const HEALTH_AGAIN: Duration = Duration::from_secs(1);
/// How long to sleep at most where the clock is waited for, which need not go as fast as the machine's.
const CLOCK_LOOK: Duration = Duration::from_millis(500);
/// The first and the longest pause after a round that failed.
const FAILED: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// How long a node may hold up the start of others.
const START_TURN: Duration = Duration::from_secs(60);
/// By how many thousandths a wait may be lengthened.
const JITTER: u16 = 250;
/// Without anything to wait for.
const IDLE: Duration = Duration::from_secs(3600);

/// Why a round could not be finished. The next one begins with looking, so nothing is lost.
#[derive(Debug, thiserror::Error)]
enum RoundError {
    #[error("the record cannot be written")]
    Record(#[from] RecordError),
    #[error("the driver failed: {0}")]
    Driver(#[from] DriverError),
    #[error(transparent)]
    Node(#[from] BadNodeId),
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// What comes after a round.
enum Next {
    /// Another one at once.
    Again,
    /// Another one after this time, or when woken.
    After(Duration),
    /// The broker is gone.
    Gone,
}

/// What this worker remembers of a node. All of it can be lost: it is found out again.
#[derive(Default)]
struct Memory {
    /// Whether the driver was told to start it by this worker.
    told: bool,
    passed: Passed,
    answered: bool,
    misses: u32,
    missed: String,
    asked: Option<Instant>,
    turn: Option<(Instant, OwnedSemaphorePermit)>,
}

/// One broker's worker.
pub(super) struct Worker {
    context: Arc<Context>,
    whose: Whose,
    wake: Arc<Notify>,
    memory: BTreeMap<u8, Memory>,
}

impl Worker {
    pub(super) fn new(context: Arc<Context>, broker: &Broker, wake: Arc<Notify>) -> Worker {
        Worker {
            context,
            whose: Whose {
                account: broker.account.clone(),
                id: broker.id.to_string(),
            },
            wake,
            memory: BTreeMap::new(),
        }
    }

    /// Works until the broker is gone; says whose it was. May be dropped at any moment.
    pub(super) async fn run(mut self) -> Whose {
        let mut pause_after_failure = FAILED.0;
        loop {
            // A round needs some KiB of its own, which a worker that waits does not keep.
            let pause = match Box::pin(self.round()).await {
                Ok(Next::Gone) => return self.whose,
                Ok(Next::Again) => {
                    pause_after_failure = FAILED.0;
                    continue;
                }
                Ok(Next::After(pause)) => {
                    pause_after_failure = FAILED.0;
                    pause
                }
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(broker = %self.whose.id, error, "a step failed; it is tried again");
                    let pause = pause_after_failure;
                    pause_after_failure = pause.saturating_mul(2).min(FAILED.1);
                    pause
                }
            };
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn round(&mut self) -> Result<Next, RoundError> {
        let Some(broker) = records::newest(&self.context.services.store, &self.whose) else {
            return Ok(Next::Gone);
        };
        let mut seen = Vec::with_capacity(broker.instances.len());
        for instance in &broker.instances {
            seen.push(self.look(&broker, instance.number).await?);
        }
        let mut next = Next::Again;
        let steps = plan(&broker, &seen, self.context.services.clock.now());
        let mut steps = steps.into_iter().peekable();
        while let Some(step) = steps.next() {
            match step {
                Step::Start(node) => self.start(&broker, node).await?,
                Step::Stop(node) => {
                    self.context
                        .driver
                        .stop(&launch::node_id(&broker, node)?)
                        .await?;
                    self.memory.remove(&node);
                }
                Step::Remove(node) => {
                    self.context
                        .driver
                        .remove(&launch::node_id(&broker, node)?)
                        .await?;
                    self.memory.remove(&node);
                }
                Step::Probe(node) => {
                    if !self.ask_ready(&broker, node).await? {
                        next = Next::After(READY_PERIOD);
                    }
                }
                Step::Note(change) => {
                    let mut changes = vec![change];
                    while let Some(Step::Note(_)) = steps.peek() {
                        changes.extend(steps.next().and_then(Step::into_note));
                    }
                    self.note(changes).await?;
                }
                Step::RemoveRecord => {
                    records::remove(&self.context.services.store, &self.whose).await?;
                    tracing::info!(broker = %self.whose.id, name = broker.name, "the broker is gone");
                    next = Next::Gone;
                }
                Step::Wait(until) => return self.wait(&broker, until).await,
            }
        }
        Ok(next)
    }

    async fn look(&mut self, broker: &Broker, node: u8) -> Result<NodeSeen, RoundError> {
        let id = launch::node_id(broker, node)?;
        let observation = self.context.driver.observe(&id).await?;
        let memory = self.memory.entry(node).or_default();
        let process = match observation {
            Observation::Absent if memory.told && !launch::is_real(self.context.kind) => {
                ProcessSeen::Starting
            }
            Observation::Absent => ProcessSeen::Absent,
            Observation::Running(running) => ProcessSeen::Running {
                started: millis(running.started_at),
            },
            Observation::Exited(exited) => {
                memory.told = false;
                ProcessSeen::Ended(diagnose(
                    &exited.ending.describe(),
                    exited.out_of_memory,
                    &exited.tail,
                ))
            }
        };
        let health = if memory.answered {
            Health::Answers
        } else if memory.misses > 0 {
            Health::Silent {
                misses: memory.misses,
                what: memory.missed.clone(),
            }
        } else {
            Health::Unknown
        };
        Ok(NodeSeen {
            node,
            process,
            health,
        })
    }

    /// Writes changes of the record in one commit.
    async fn note(&mut self, changes: Vec<Change>) -> Result<(), RoundError> {
        for change in &changes {
            self.follow(change);
        }
        let jitter = random::<2>()
            .map(|bytes| {
                u16::from_be_bytes(bytes)
                    .checked_rem(JITTER)
                    .unwrap_or_default()
            })
            .unwrap_or_default();
        let services = &self.context.services;
        records::note(
            &services.store,
            &self.whose,
            changes,
            services.clock.now(),
            jitter,
        )
        .await?;
        Ok(())
    }

    /// Forgets what a change makes untrue, and tells of it.
    fn follow(&mut self, change: &Change) {
        match change {
            Change::Ended { node, reason } => {
                self.memory.remove(node);
                tracing::warn!(broker = %self.whose.id, node, reason = reason.text, "a node is down");
            }
            Change::Lost { node } => {
                self.memory.remove(node);
                tracing::warn!(broker = %self.whose.id, node, "a node is gone");
            }
            Change::Ready { node } => {
                if let Some(memory) = self.memory.get_mut(node) {
                    memory.turn = None;
                }
                tracing::info!(broker = %self.whose.id, node, "every endpoint answers");
            }
            Change::Created => tracing::info!(broker = %self.whose.id, "the broker was created"),
            Change::RebootFinished { .. } => {
                tracing::info!(broker = %self.whose.id, "the reboot is finished");
            }
            Change::Secret { .. }
            | Change::Started { .. }
            | Change::RebootBegun { .. }
            | Change::Recovered => {}
        }
    }

    async fn start(&mut self, broker: &Arc<Broker>, node: u8) -> Result<(), RoundError> {
        let Some(instance) = instance(broker, node) else {
            return Ok(());
        };
        let turn = Arc::clone(&self.context.starting)
            .acquire_owned()
            .await
            .ok();
        let started = match self.launch(broker, instance).await? {
            Ok(launch) => {
                let started = self.context.driver.start(launch).await;
                started.map_err(|error| launch::refused(&error))
            }
            Err(reason) => Err(reason),
        };
        if let Err(reason) = started {
            return self.note(vec![Change::Ended { node, reason }]).await;
        }
        let memory = Memory {
            told: true,
            turn: turn.map(|turn| (Instant::now(), turn)),
            ..Memory::default()
        };
        self.memory.insert(node, memory);
        let observation = self
            .context
            .driver
            .observe(&launch::node_id(broker, node)?)
            .await?;
        let (started, is_running) = match observation {
            Observation::Running(running) => (millis(running.started_at), true),
            Observation::Exited(exited) => (millis(exited.started_at), false),
            Observation::Absent => (self.context.services.clock.now(), false),
        };
        let mut changes = vec![Change::Started { node, started }];
        // A node that only seems to run has nothing to wait for: what follows is noted in the same commit.
        if is_running && !launch::is_real(self.context.kind) && self.ask_ready(broker, node).await?
        {
            let following = self.following(broker, &changes).await?;
            changes.extend(following);
        }
        self.note(changes).await
    }

    /// What there will be to note at once when these changes are.
    async fn following(
        &mut self,
        broker: &Broker,
        changes: &[Change],
    ) -> Result<Vec<Change>, RoundError> {
        let now = self.context.services.clock.now();
        let mut next = broker.clone();
        for change in changes {
            change.apply(&mut next, now, 0);
        }
        let mut seen = Vec::with_capacity(next.instances.len());
        for instance in &broker.instances {
            seen.push(self.look(&next, instance.number).await?);
        }
        let steps = plan(&next, &seen, now).into_iter();
        Ok(steps.filter_map(Step::into_note).collect())
    }

    /// What the driver is to start, or why there is nothing to start.
    async fn launch(
        &mut self,
        broker: &Arc<Broker>,
        instance: &Instance,
    ) -> Result<Result<crate::drivers::Launch, Reason>, RoundError> {
        let id = launch::node_id(broker, instance.number)?;
        let services = Arc::clone(&self.context.services);
        // Order: before anything else, since a broker that runs has its address and its rules, whichever driver runs it.
        let obstacle = self.context.networks.obstacle(&services.store, id.as_str());
        if let Some(fault) = obstacle.await {
            return Ok(Err(launch::unconnected(&fault)));
        }
        if !launch::is_real(self.context.kind) {
            return Ok(Ok(launch::simulated(id)));
        }
        if let Err(reason) = launch::runnable(broker) {
            return Ok(Err(reason));
        }
        let Some(engine) = self
            .context
            .engines
            .find(&broker.current.engine_version)
            .await
        else {
            return Ok(Err(launch::not_installed(broker)));
        };
        if broker.observed.sealed_secret.is_none() {
            // Order: the master key is held until what was sealed with it is committed.
            let _sealing = services.master_key.load_full();
            let sealed = OwnSecret::make(&services, broker)?;
            self.note(vec![Change::Secret { sealed }]).await?;
        }
        // Order: the secret is read back from the record, so that what is used is what is kept.
        let Some(broker) = records::newest(&services.store, &self.whose) else {
            return Ok(Err(Reason::new(Cause::Other, "the broker is gone")));
        };
        let Some(own) = OwnSecret::open(&services, &broker)? else {
            return Ok(Err(Reason::new(Cause::Other, "its own secret is not kept")));
        };
        let place = Place::of(
            self.context.networks.network(),
            &broker,
            instance,
            self.context.driver.folder(&id),
        );
        let prepared =
            launch::prepare_apart(&services, &broker, instance, &engine, own, place).await;
        Ok(prepared.map(|prepared| prepared.launch))
    }

    /// What a node promises; `None` where there is nobody to ask.
    async fn promise(&self, broker: &Broker, node: u8) -> Result<Option<Promise>, RoundError> {
        if !launch::is_real(self.context.kind) {
            return Ok(None);
        }
        let engine = self
            .context
            .engines
            .find(&broker.current.engine_version)
            .await;
        let own = OwnSecret::open(&self.context.services, broker)?;
        Ok(match (instance(broker, node), engine, own) {
            (Some(instance), Some(engine), Some(own)) => {
                let network = self.context.networks.network();
                let namespace = network.namespace(&launch::node_name(broker, node));
                Some(launch::promise(instance, &engine, &own, namespace))
            }
            _ => None,
        })
    }

    /// Asks a starting node for everything it promises. Gives whether all of it answers.
    async fn ask_ready(&mut self, broker: &Broker, node: u8) -> Result<bool, RoundError> {
        let promise = self.promise(broker, node).await?;
        let memory = self.memory.entry(node).or_default();
        let answer = match &promise {
            Some(promise) => probe::ready(promise, &self.context.tls, &mut memory.passed).await,
            None if launch::is_real(self.context.kind) => {
                Err("its engine is not installed any more".to_owned())
            }
            None => Ok(()),
        };
        if memory
            .turn
            .as_ref()
            .is_some_and(|(since, _)| since.elapsed() > START_TURN)
        {
            memory.turn = None;
        }
        memory.hear(answer);
        Ok(memory.answered)
    }

    /// Asks ready nodes whether they are well, where it is time, and says how long there is nothing else to do.
    async fn wait(&mut self, broker: &Broker, until: Option<i64>) -> Result<Next, RoundError> {
        let period = Duration::from_millis(HEALTH_PERIOD_MS.unsigned_abs());
        let mut pause = match until {
            None => IDLE,
            Some(until) => {
                let left = until
                    .saturating_sub(self.context.services.clock.now())
                    .max(1);
                CLOCK_LOOK.min(Duration::from_millis(left.unsigned_abs()))
            }
        };
        for instance in &broker.instances {
            let node = instance.number;
            if !launch::is_real(self.context.kind) || !broker.observed.node(node).ready {
                continue;
            }
            let due = self.memory.entry(node).or_default().due(period);
            if due > Instant::now() {
                pause = pause.min(due.saturating_duration_since(Instant::now()));
                continue;
            }
            let Some(promise) = self.promise(broker, node).await? else {
                pause = pause.min(period);
                continue;
            };
            let answer = probe::well(&promise, &self.context.tls).await;
            let memory = self.memory.entry(node).or_default();
            memory.hear(answer);
            if memory.misses > 0 {
                tracing::warn!(broker = %self.whose.id, node, misses = memory.misses, missed = memory.missed, "a node did not answer");
            }
            if memory.misses >= HEALTH_MISSES {
                return Ok(Next::Again);
            }
            let due = memory.due(period);
            pause = pause.min(due.saturating_duration_since(Instant::now()));
        }
        Ok(Next::After(pause))
    }
}

impl Memory {
    fn hear(&mut self, answer: Result<(), String>) {
        self.asked = Some(Instant::now());
        match answer {
            Ok(()) => {
                self.answered = true;
                self.misses = 0;
            }
            Err(what) => {
                self.answered = false;
                self.misses = self.misses.saturating_add(1);
                self.missed = what;
            }
        }
    }

    /// When the node is to be asked next.
    fn due(&self, period: Duration) -> Instant {
        let pause = if self.misses > 0 {
            HEALTH_AGAIN
        } else {
            period
        };
        // A node that was never asked is asked now.
        self.asked.map_or_else(Instant::now, |asked| asked + pause)
    }
}

fn instance(broker: &Broker, node: u8) -> Option<&Instance> {
    broker
        .instances
        .iter()
        .find(|instance| instance.number == node)
}

fn millis(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}
