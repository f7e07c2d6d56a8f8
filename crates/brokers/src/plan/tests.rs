use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::*;
use crate::broker::{
    AuthenticationStrategy, BrokerState, DataReplicationMode, DayOfWeek, DeploymentMode,
    Encryption, EngineType, Instance, Logs, Observed, Pending, Settings, StorageType,
    WeeklyStartTime,
};
use crate::ids::BrokerId;

fn broker(nodes: u8) -> Broker {
    Broker {
        account: "111122223333".into(),
        region: "us-east-1".into(),
        id: BrokerId::new([1; 16]),
        name: "b".into(),
        created: 0,
        creator_request: None,
        engine: EngineType::ActiveMq,
        deployment_mode: DeploymentMode::SingleInstance,
        storage_type: StorageType::Efs,
        publicly_accessible: false,
        subnet_ids: vec![],
        encryption: Encryption {
            use_aws_owned_key: true,
            kms_key_id: None,
        },
        auto_minor_version_upgrade: true,
        maintenance_window: WeeklyStartTime {
            day_of_week: DayOfWeek::Monday,
            time_of_day: "02:00".into(),
            time_zone: "UTC".into(),
        },
        tags: BTreeMap::new(),
        current: Settings {
            engine_version: "5.18.6".into(),
            host_instance_type: "mq.t3.micro".into(),
            security_groups: vec![],
            configuration: None,
            logs: Logs::default(),
            authentication_strategy: AuthenticationStrategy::Simple,
            ldap: None,
            storage_size: None,
            data_replication_mode: DataReplicationMode::None,
        },
        pending: Pending::default(),
        configuration_history: vec![],
        users: BTreeMap::new(),
        instances: (1..=nodes)
            .map(|number| Instance {
                number,
                interface_id: format!("eni-{number}"),
                address: Ipv4Addr::new(127, 64, 0, 10 + number),
                availability_zone: "us-east-1a".into(),
            })
            .collect(),
        intent: Intent::Run,
        reboots: 0,
        observed: Observed::default(),
    }
}

fn seen(process: ProcessSeen, health: Health) -> Vec<NodeSeen> {
    vec![NodeSeen {
        node: 1,
        process,
        health,
    }]
}

fn running(started: i64) -> ProcessSeen {
    ProcessSeen::Running { started }
}

fn crash() -> Reason {
    Reason::new(Cause::Other, "it fell")
}

fn silent(misses: u32) -> Health {
    Health::Silent {
        misses,
        what: "openwire".into(),
    }
}

fn ready(started: i64) -> Broker {
    let mut broker = broker(1);
    let node = 1;
    for change in [
        Change::Started { node, started },
        Change::Ready { node },
        Change::Created,
    ] {
        assert!(change.apply(&mut broker, started, 0));
    }
    broker
}

#[test]
fn each_situation_has_its_steps() {
    let node = 1;
    let hung = |what: &str| Reason::new(Cause::Silent, what);
    let mut waiting = ready(0);
    assert!(
        Change::Ended {
            node,
            reason: crash()
        }
        .apply(&mut waiting, 1000, 0)
    );
    let mut rebooting = ready(0);
    rebooting.reboots = 1;
    let mut deleted = ready(0);
    deleted.intent = Intent::Delete;
    let mut failed = broker(1);
    let reason = Reason::new(Cause::PortTaken, "taken");
    assert!(Change::Ended { node, reason }.apply(&mut failed, 0, 0));
    let mut starting = broker(1);
    assert!(Change::Started { node, started: 5 }.apply(&mut starting, 5, 0));
    let begun = Step::Note(Change::RebootBegun { node, number: 1 });
    let ended = |reason: Reason| Step::Note(Change::Ended { node, reason });
    use Health::{Answers, Unknown};
    use ProcessSeen::{Absent, Ended, Starting};
    let (fresh, well) = (broker(1), ready(0));
    type Case<'a> = (&'a str, &'a Broker, Vec<NodeSeen>, i64, Vec<Step>);
    let cases: Vec<Case<'_>> = vec![
        (
            "new",
            &fresh,
            seen(Absent, Unknown),
            0,
            vec![Step::Start(1)],
        ),
        (
            "found running",
            &fresh,
            seen(running(7), Unknown),
            9,
            vec![Step::Note(Change::Started { node, started: 7 })],
        ),
        (
            "starting",
            &starting,
            seen(Starting, Unknown),
            9,
            vec![Step::Wait(Some(10))],
        ),
        (
            "not seen for long",
            &starting,
            seen(Starting, Unknown),
            300_006,
            vec![Step::Note(Change::Lost { node })],
        ),
        (
            "not asked",
            &starting,
            seen(running(5), Unknown),
            9,
            vec![Step::Probe(1)],
        ),
        (
            "silent at first",
            &starting,
            seen(running(5), silent(9)),
            9,
            vec![Step::Probe(1)],
        ),
        (
            "silent for long",
            &starting,
            seen(running(5), silent(9)),
            300_006,
            vec![
                ended(hung(
                    "it was not ready 300 seconds after its start: openwire",
                )),
                Step::Stop(1),
            ],
        ),
        (
            "answers",
            &starting,
            seen(running(5), Answers),
            9,
            vec![
                Step::Note(Change::Ready { node }),
                Step::Note(Change::Created),
            ],
        ),
        (
            "well",
            &well,
            seen(running(0), Unknown),
            9,
            vec![Step::Wait(None)],
        ),
        (
            "one miss",
            &well,
            seen(running(0), silent(1)),
            9,
            vec![Step::Wait(None)],
        ),
        (
            "two misses",
            &well,
            seen(running(0), silent(2)),
            9,
            vec![Step::Wait(None)],
        ),
        (
            "three misses",
            &well,
            seen(running(0), silent(3)),
            9,
            vec![
                ended(hung("it did not answer 3 times in a row: openwire")),
                Step::Stop(1),
            ],
        ),
        (
            "crashed",
            &well,
            seen(Ended(crash()), Unknown),
            9,
            vec![ended(crash())],
        ),
        (
            "gone",
            &well,
            seen(Absent, Unknown),
            9,
            vec![Step::Note(Change::Lost { node })],
        ),
        (
            "backing off",
            &waiting,
            seen(Ended(crash()), Unknown),
            1999,
            vec![Step::Wait(Some(2000))],
        ),
        (
            "backed off",
            &waiting,
            seen(Ended(crash()), Unknown),
            2000,
            vec![Step::Start(1)],
        ),
        (
            "to be rebooted",
            &rebooting,
            seen(running(0), Unknown),
            9,
            vec![Step::Stop(1), begun.clone()],
        ),
        (
            "stopped for a reboot",
            &rebooting,
            seen(Ended(crash()), Unknown),
            9,
            vec![begun],
        ),
        (
            "to be deleted",
            &deleted,
            seen(running(0), Unknown),
            9,
            vec![Step::Stop(1), Step::Remove(1), Step::RemoveRecord],
        ),
        (
            "deleted before",
            &deleted,
            seen(Absent, Unknown),
            9,
            vec![Step::Remove(1), Step::RemoveRecord],
        ),
        (
            "failed",
            &failed,
            seen(Absent, Unknown),
            9,
            vec![Step::Wait(None)],
        ),
        (
            "failed and running",
            &failed,
            seen(running(0), Unknown),
            9,
            vec![Step::Stop(1)],
        ),
    ];
    for (name, broker, seen, now, steps) in cases {
        assert_eq!(plan(broker, &seen, now), steps, "{name}");
    }
}

#[test]
fn a_broker_is_created_with_the_answer_of_its_last_node() {
    let mut broker = broker(2);
    for node in [1, 2] {
        assert!(Change::Started { node, started: 0 }.apply(&mut broker, 0, 0));
    }
    let running = ProcessSeen::Running { started: 0 };
    let look = |node, health| NodeSeen {
        node,
        process: running.clone(),
        health,
    };
    let ready = |node| Step::Note(Change::Ready { node });
    let first = [look(1, Health::Answers), look(2, Health::Unknown)];
    assert_eq!(plan(&broker, &first, 9), [ready(1), Step::Probe(2)]);
    let both = [look(1, Health::Answers), look(2, Health::Answers)];
    let created = Step::Note(Change::Created);
    assert_eq!(
        plan(&broker, &both, 9),
        [ready(1), ready(2), created.clone()]
    );
    assert!(Change::Ready { node: 1 }.apply(&mut broker, 9, 0));
    assert_eq!(plan(&broker, &both, 9), [ready(2), created]);
}

#[test]
fn a_creation_is_given_up_after_three_tries_or_at_once_where_trying_is_in_vain() {
    for (cause, tries) in [
        (Cause::Other, 3),
        (Cause::Memory, 3),
        (Cause::Silent, 3),
        (Cause::PortTaken, 1),
        (Cause::NoAddress, 1),
        (Cause::NoEngine, 1),
        (Cause::DiskFull, 1),
        (Cause::Impossible, 1),
    ] {
        let mut broker = broker(1);
        for _ in 0..tries {
            assert_eq!(broker.state(), BrokerState::CreationInProgress, "{cause:?}");
            let reason = Reason::new(cause, "the reason");
            assert!(Change::Ended { node: 1, reason }.apply(&mut broker, 0, 0));
        }
        assert_eq!(broker.state(), BrokerState::CreationFailed, "{cause:?}");
        let observed = &broker.observed;
        assert_eq!(observed.failure.as_ref().unwrap().reason, "the reason");
        let [action] = observed.actions_required.as_slice() else {
            panic!("{cause:?}")
        };
        assert_eq!(action.code, "BROKER_CREATION_FAILED");
        assert!(action.info.contains("the reason"), "{}", action.info);
        let last = &observed.events.last().unwrap().text;
        assert_eq!(last, "the creation was given up: the reason");
    }
}

#[test]
fn waits_double_up_to_five_minutes_and_begin_anew_after_ten_good_minutes() {
    let mut broker = ready(0);
    let mut now = 0;
    let mut waits = Vec::new();
    for _ in 0..11 {
        let reason = crash();
        Change::Ended { node: 1, reason }.apply(&mut broker, now, 0);
        let until = broker.observed.node(1).not_before.unwrap();
        waits.push((until - now) / 1000);
        now = until;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    let started = now;
    Change::Started { node: 1, started }.apply(&mut broker, now, 0);
    Change::Ready { node: 1 }.apply(&mut broker, now, 0);
    now += 600_000;
    let reason = crash();
    Change::Ended { node: 1, reason }.apply(&mut broker, now, 250);
    // With a quarter of jitter.
    assert_eq!(broker.observed.node(1).not_before, Some(now + 1250));
}

#[test]
fn five_ends_in_ten_minutes_ask_the_owner_and_a_reboot_takes_it_back() {
    let mut broker = ready(0);
    for crash in 1..=5 {
        assert_eq!(broker.state(), BrokerState::Running);
        let reason = Reason::new(Cause::Memory, "its Java heap was exhausted");
        Change::Ended { node: 1, reason }.apply(&mut broker, crash * 1000, 0);
    }
    assert_eq!(broker.state(), BrokerState::CriticalActionRequired);
    assert_eq!(broker.observed.actions_required[0].code, "BROKER_OOM");

    broker.reboots = 1;
    broker.pending.host_instance_type = Some("mq.m5.large".into());
    assert_eq!(broker.state(), BrokerState::RebootInProgress);
    let steps = plan(
        &broker,
        &seen(ProcessSeen::Ended(crash()), Health::Unknown),
        6000,
    );
    let [Step::Note(begun)] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert!(begun.apply(&mut broker, 6000, 0));
    assert!(!begun.apply(&mut broker, 6000, 0));
    assert_eq!(broker.current.host_instance_type, "mq.m5.large");
    // No back-off is left.
    let steps = plan(
        &broker,
        &seen(ProcessSeen::Ended(crash()), Health::Unknown),
        6000,
    );
    assert_eq!(steps, [Step::Start(1)]);
    let started = 6001;
    for change in [
        Change::Started { node: 1, started },
        Change::Ready { node: 1 },
        Change::RebootFinished { number: 1 },
    ] {
        assert!(change.apply(&mut broker, started, 0));
    }
    assert_eq!(broker.state(), BrokerState::Running);
}

#[test]
fn a_reboot_that_only_crashes_ends_as_a_broker_that_needs_its_owner() {
    let mut broker = ready(0);
    broker.reboots = 1;
    assert!(Change::RebootBegun { node: 1, number: 1 }.apply(&mut broker, 0, 0));
    for _ in 0..5 {
        assert_eq!(broker.state(), BrokerState::RebootInProgress);
        let reason = crash();
        Change::Ended { node: 1, reason }.apply(&mut broker, 0, 0);
    }
    assert_eq!(broker.state(), BrokerState::CriticalActionRequired);
    assert_eq!(
        broker.observed.actions_required[0].code,
        "BROKER_CRASH_LOOP"
    );
}

#[test]
fn nodes_are_rebooted_one_after_the_other() {
    let mut broker = broker(2);
    let all = |process: [ProcessSeen; 2]| -> Vec<NodeSeen> {
        let health = Health::Answers;
        (1..)
            .zip(process)
            .map(|(node, process)| NodeSeen {
                node,
                process,
                health: health.clone(),
            })
            .collect()
    };
    for node in [1, 2] {
        Change::Started { node, started: 0 }.apply(&mut broker, 0, 0);
        Change::Ready { node }.apply(&mut broker, 0, 0);
    }
    Change::Created.apply(&mut broker, 0, 0);
    broker.reboots = 1;
    let begun = |node| Step::Note(Change::RebootBegun { node, number: 1 });
    assert_eq!(
        plan(&broker, &all([running(0), running(0)]), 1),
        [Step::Stop(1), begun(1)]
    );
    Change::RebootBegun { node: 1, number: 1 }.apply(&mut broker, 1, 0);
    assert_eq!(
        plan(&broker, &all([ProcessSeen::Absent, running(0)]), 1),
        [Step::Start(1)]
    );
    Change::Started {
        node: 1,
        started: 2,
    }
    .apply(&mut broker, 2, 0);
    Change::Ready { node: 1 }.apply(&mut broker, 2, 0);
    assert_eq!(
        plan(&broker, &all([running(2), running(0)]), 2),
        [Step::Stop(2), begun(2)]
    );
}

#[test]
fn events_are_bounded() {
    let mut broker = ready(0);
    for now in 0..200 {
        let reason = Reason::new(Cause::Other, now.to_string());
        Change::Ended { node: 1, reason }.apply(&mut broker, now, 0);
    }
    assert_eq!(broker.observed.events.len(), 50);
    assert!(broker.observed.events[49].text.ends_with(": 199"));
}

/// A machine on which nodes may crash, hang and refuse to start.
#[derive(Clone, Debug, Default)]
struct World {
    nodes: BTreeMap<u8, Node>,
}

#[derive(Clone, Debug)]
struct Node {
    started: i64,
    runs: bool,
    hangs: bool,
    /// What it was started with.
    instance_type: String,
}

/// What happens between two looks.
#[derive(Clone, Debug)]
enum Happening {
    /// Time goes on by so much.
    Time(i64),
    /// A node crashes.
    Crash(u8),
    /// A node stops answering.
    Hang(u8),
    /// Somebody removes a node's folder.
    Vanish(u8),
    /// The next start fails like this.
    Refuse(Cause),
    /// The owner asks for a reboot with another instance type.
    Reboot(bool),
    /// The owner deletes the broker.
    Delete,
    /// Postern dies after so many steps of the next round, and nothing of the round is noted after that.
    Die(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => (1..400_000_i64).prop_map(Happening::Time),
        3 => (1..3_u8).prop_map(Happening::Crash),
        2 => (1..3_u8).prop_map(Happening::Hang),
        1 => (1..3_u8).prop_map(Happening::Vanish),
        1 => prop_oneof![Just(Cause::Other), Just(Cause::Memory), Just(Cause::PortTaken)].prop_map(Happening::Refuse),
        2 => any::<bool>().prop_map(Happening::Reboot),
        1 => Just(Happening::Delete),
        4 => (0..3_usize).prop_map(Happening::Die),
    ]
}

struct Run {
    world: World,
    /// `None` when the record is gone.
    broker: Option<Broker>,
    now: i64,
    refuse: Option<Cause>,
    /// What the reconciler remembers of answers; lost when it dies.
    misses: BTreeMap<u8, u32>,
    answered: BTreeMap<u8, bool>,
    /// Each step is carried out so often.
    times: usize,
}

impl Run {
    fn look(&self, broker: &Broker) -> Vec<NodeSeen> {
        let nodes = broker.instances.iter().map(|instance| instance.number);
        nodes
            .map(|node| NodeSeen {
                node,
                process: match self.world.nodes.get(&node) {
                    None => ProcessSeen::Absent,
                    Some(found) if found.runs => running(found.started),
                    Some(_) => ProcessSeen::Ended(crash()),
                },
                health: match (self.answered.get(&node), self.misses.get(&node)) {
                    (Some(true), _) => Health::Answers,
                    (_, Some(misses)) if *misses > 0 => silent(*misses),
                    _ => Health::Unknown,
                },
            })
            .collect()
    }

    fn carry_out(&mut self, step: &Step) {
        let Some(broker) = &mut self.broker else {
            return;
        };
        match step {
            Step::Start(node) => {
                let change = match self.refuse.take() {
                    Some(cause) => Change::Ended {
                        node: *node,
                        reason: Reason::new(cause, "no"),
                    },
                    None => {
                        let kind = broker.current.host_instance_type.clone();
                        let now = self.now;
                        let entry = self.world.nodes.entry(*node).or_insert(Node {
                            started: now,
                            runs: false,
                            hangs: false,
                            instance_type: kind.clone(),
                        });
                        if !entry.runs {
                            *entry = Node {
                                started: now,
                                runs: true,
                                hangs: false,
                                instance_type: kind,
                            };
                        }
                        self.answered.remove(node);
                        self.misses.remove(node);
                        Change::Started {
                            node: *node,
                            started: entry.started,
                        }
                    }
                };
                change.apply(broker, self.now, 0);
            }
            Step::Stop(node) => {
                if let Some(found) = self.world.nodes.get_mut(node) {
                    found.runs = false;
                }
                self.answered.remove(node);
                self.misses.remove(node);
            }
            Step::Remove(node) => {
                self.world.nodes.remove(node);
            }
            Step::Probe(node) => self.ask(*node),
            Step::Note(change) => {
                if let Change::Ended { node, .. } | Change::Lost { node } = change {
                    self.answered.remove(node);
                    self.misses.remove(node);
                }
                change.apply(broker, self.now, 0);
            }
            Step::RemoveRecord => self.broker = None,
            Step::Wait(until) => {
                let ready: Vec<u8> = broker
                    .instances
                    .iter()
                    .map(|instance| instance.number)
                    .filter(|node| broker.observed.node(*node).ready)
                    .collect();
                self.now = until.unwrap_or(self.now + 10_000).max(self.now);
                for node in ready {
                    self.ask(node);
                }
            }
        }
    }

    fn ask(&mut self, node: u8) {
        self.now += 200;
        let answers = self
            .world
            .nodes
            .get(&node)
            .is_some_and(|found| found.runs && !found.hangs);
        self.answered.insert(node, answers);
        let misses = self.misses.entry(node).or_default();
        *misses = if answers { 0 } else { *misses + 1 };
    }

    fn round(&mut self, limit: usize) {
        let Some(broker) = self.broker.clone() else {
            return;
        };
        let steps = plan(&broker, &self.look(&broker), self.now);
        assert!(!steps.is_empty());
        for step in steps.iter().take(limit) {
            for _ in 0..self.times {
                self.carry_out(step);
            }
        }
    }

    fn settled(&self) -> bool {
        let Some(broker) = &self.broker else {
            return self.world.nodes.is_empty();
        };
        let runs = |node: u8| {
            self.world.nodes.get(&node).is_some_and(|found| {
                found.runs
                    && !found.hangs
                    && found.instance_type == broker.current.host_instance_type
            })
        };
        let all = broker
            .instances
            .iter()
            .all(|instance| runs(instance.number));
        match broker.state() {
            BrokerState::Running => all && broker.observed.nodes.iter().all(|node| node.ready),
            BrokerState::CreationFailed => self.world.nodes.values().all(|node| !node.runs),
            BrokerState::CreationInProgress
            | BrokerState::DeletionInProgress
            | BrokerState::RebootInProgress
            | BrokerState::CriticalActionRequired
            | BrokerState::Replica => false,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever happens, in whatever order, and wherever Postern dies in between: when it stops happening, the broker becomes what
    /// is wanted of it. Carrying out every step twice changes nothing about that.
    #[test]
    fn every_history_converges(happenings in prop::collection::vec(happening(), 0..40), nodes in 1..3_u8, times in 1..3_usize) {
        let mut run = Run {
            world: World::default(),
            broker: Some(broker(nodes)),
            now: 0,
            refuse: None,
            misses: BTreeMap::new(),
            answered: BTreeMap::new(),
            times,
        };
        for happening in &happenings {
            let mut limit = usize::MAX;
            match happening {
                Happening::Time(time) => run.now += time,
                Happening::Crash(node) => if let Some(found) = run.world.nodes.get_mut(node) { found.runs = false },
                Happening::Hang(node) => if let Some(found) = run.world.nodes.get_mut(node) { found.hangs = true },
                Happening::Vanish(node) => { run.world.nodes.remove(node); },
                Happening::Refuse(cause) => run.refuse = Some(*cause),
                Happening::Reboot(large) => if let Some(broker) = &mut run.broker && broker.observed.created && broker.intent == Intent::Run {
                    broker.reboots += 1;
                    broker.pending.host_instance_type = Some(if *large { "mq.m5.large" } else { "mq.t3.micro" }.into());
                },
                Happening::Delete => if let Some(broker) = &mut run.broker { broker.intent = Intent::Delete },
                Happening::Die(after) => limit = *after,
            }
            run.round(limit);
            if limit != usize::MAX {
                run.misses.clear();
                run.answered.clear();
            }
        }
        run.refuse = None;
        for _ in 0..8000 {
            if run.settled() {
                break;
            }
            run.round(usize::MAX);
        }
        prop_assert!(run.settled(), "{:?} {:?}", run.broker.as_ref().map(|broker| (broker.state(), broker.observed.clone())), run.world);
        if let Some(broker) = &run.broker {
            prop_assert!(broker.observed.failure.is_some() || broker.observed.reboots_done == broker.reboots);
            // What is well is left alone.
            if broker.state() == BrokerState::Running {
                let before = run.world.nodes.clone();
                for _ in 0..5 {
                    run.round(usize::MAX);
                }
                for (node, then) in before {
                    prop_assert_eq!(run.world.nodes[&node].started, then.started);
                }
            }
        }
    }
}
