//! The reconciler with the driver that starts nothing: a broker's whole life, by a clock set by hand.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

use std::sync::Arc;

use brokers::broker::{Broker, BrokerState, Pending};
use brokers::ids::BrokerId;
use server::drivers::{NodeId, Observation};
use testkit::Postern;

const ACCOUNT: &str = "111122223333";

/// Creates a broker; gives its id.
async fn create(postern: &Postern, name: &str, mode: &str) -> BrokerId {
    let body = serde_json::json!({
        "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18", "deploymentMode": mode,
        "hostInstanceType": "mq.m5.large", "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": "a-long-password-1"}],
    });
    let reply = postern
        .root()
        .mq_json("POST", "/v1/brokers", &body)
        .await
        .unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    BrokerId::parse(reply.json()["brokerId"].as_str().unwrap()).unwrap()
}

async fn describe(postern: &Postern, id: &BrokerId) -> testkit::Reply {
    let root = postern.root();
    root.mq("GET", &format!("/v1/brokers/{id}"), "")
        .await
        .unwrap()
}

async fn call(postern: &Postern, method: &str, target: &str, body: &serde_json::Value) {
    let reply = postern.root().mq_json(method, target, body).await.unwrap();
    assert_eq!(reply.status, 200, "{method} {target}: {}", reply.body);
}

async fn delete(postern: &Postern, id: &BrokerId) {
    let root = postern.root();
    let reply = root
        .mq("DELETE", &format!("/v1/brokers/{id}"), "")
        .await
        .unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
}

fn read(postern: &Postern, id: &BrokerId) -> Option<Arc<Broker>> {
    let snapshot = postern.service().services().store.snapshot();
    snapshot
        .state
        .account(ACCOUNT)?
        .broker(id.as_str())
        .cloned()
}

/// Waits for a snapshot in which the broker is as it should be.
async fn until(
    postern: &Postern,
    id: &BrokerId,
    what: &str,
    wanted: impl Fn(Option<&Broker>) -> bool,
) {
    let mut changes = postern.service().services().store.changes();
    let wait = async {
        loop {
            changes.mark_unchanged();
            if wanted(read(postern, id).as_deref()) {
                return;
            }
            changes.changed().await.unwrap();
        }
    };
    let limit = std::time::Duration::from_secs(20);
    if tokio::time::timeout(limit, wait).await.is_err() {
        panic!(
            "{what}: {:?}",
            read(postern, id).map(|broker| broker.observed.clone())
        );
    }
}

fn in_state(state: BrokerState) -> impl Fn(Option<&Broker>) -> bool {
    move |broker| broker.is_some_and(|broker| broker.state() == state)
}

fn node(id: &BrokerId, number: u8) -> NodeId {
    NodeId::parse(&format!("{id}-{number}")).unwrap()
}

async fn runs(postern: &Postern, node: &NodeId) -> bool {
    let seen = postern.service().driver().observe(node).await.unwrap();
    matches!(seen, Observation::Running(_))
}

#[tokio::test]
async fn a_broker_is_created_rebooted_with_what_waited_and_deleted_without_a_trace() {
    let postern = Postern::start().await.unwrap();
    let id = create(&postern, "one", "SINGLE_INSTANCE").await;
    until(&postern, &id, "running", in_state(BrokerState::Running)).await;
    assert!(runs(&postern, &node(&id, 1)).await);
    let described = describe(&postern, &id).await.json();
    assert_eq!(described["brokerState"], "RUNNING");

    let target = format!("/v1/brokers/{id}");
    let update = serde_json::json!({"hostInstanceType": "mq.m5.xlarge"});
    call(&postern, "PUT", &target, &update).await;
    let user = serde_json::json!({"password": "a-long-password-2"});
    call(&postern, "POST", &format!("{target}/users/app"), &user).await;
    let waiting = read(&postern, &id).unwrap();
    assert_eq!(waiting.current.host_instance_type, "mq.m5.large");
    assert!(waiting.users["app"].current.is_none());

    call(
        &postern,
        "POST",
        &format!("{target}/reboot"),
        &serde_json::json!({}),
    )
    .await;
    until(&postern, &id, "rebooted", |broker| {
        broker.is_some_and(|broker| broker.observed.reboots_done == 1)
    })
    .await;
    let rebooted = read(&postern, &id).unwrap();
    assert_eq!(rebooted.state(), BrokerState::Running);
    assert_eq!(rebooted.current.host_instance_type, "mq.m5.xlarge");
    assert_eq!(rebooted.pending, Pending::default());
    let user = &rebooted.users["app"];
    assert!(user.current.is_some() && user.pending.is_none());
    let events = rebooted.observed.events.iter();
    let texts: Vec<&str> = events.map(|event| event.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "instance 1 was started",
            "every endpoint of instance 1 answers, 0.0 s after its start",
            "the broker was created in 0.0 s",
            "instance 1 is rebooted",
            "instance 1 was started",
            "every endpoint of instance 1 answers, 0.0 s after its start",
            "the reboot is finished",
        ]
    );

    let address = rebooted.instances[0].address;
    let taken = |postern: &Postern| {
        let snapshot = postern.service().services().store.snapshot();
        snapshot.state.address_is_taken(address)
    };
    assert!(taken(&postern));
    delete(&postern, &id).await;
    until(&postern, &id, "gone", |broker| broker.is_none()).await;
    assert!(!taken(&postern));
    assert_eq!(describe(&postern, &id).await.status, 404);
    let left = postern.service().driver().adopt().await.unwrap();
    assert_eq!(left, []);
    postern.stop().await;
}

#[tokio::test]
async fn a_broker_is_running_only_after_all_its_nodes_have_started() {
    let postern = Postern::start_with(|settings| settings.simulate_start_ms = 5000)
        .await
        .unwrap();
    let id = create(&postern, "two", "ACTIVE_STANDBY_MULTI_AZ").await;
    until(&postern, &id, "started", |broker| {
        broker.is_some_and(|broker| {
            let nodes = &broker.observed.nodes;
            nodes.len() == 2 && nodes.iter().all(|node| node.started.is_some())
        })
    })
    .await;
    let described = describe(&postern, &id).await.json();
    assert_eq!(described["brokerState"], "CREATION_IN_PROGRESS");
    postern.clock.advance(5000);
    until(&postern, &id, "running", in_state(BrokerState::Running)).await;
    postern.stop().await;
}

#[tokio::test]
async fn a_node_that_ends_is_started_again_after_a_pause_that_grows() {
    let postern = Postern::start().await.unwrap();
    let id = create(&postern, "three", "SINGLE_INSTANCE").await;
    until(&postern, &id, "running", in_state(BrokerState::Running)).await;
    for crash in 1..=5_usize {
        // Ending it behind the reconciler's back is a crash.
        let driver = postern.service().driver();
        driver.stop(&node(&id, 1)).await.unwrap();
        until(&postern, &id, "noticed", |broker| {
            broker.is_some_and(|broker| broker.observed.nodes[0].crashes.len() == crash)
        })
        .await;
        let observed = read(&postern, &id).unwrap().observed.clone();
        let now = postern.service().services().clock.now();
        let pause = observed.nodes[0].not_before.unwrap() - now;
        let least = 1000 << (crash - 1);
        assert!((least..=least * 5 / 4).contains(&pause), "{crash}: {pause}");
        assert!(!runs(&postern, &node(&id, 1)).await);
        postern.clock.advance(pause);
        until(&postern, &id, "back", |broker| {
            broker.is_some_and(|broker| broker.observed.nodes[0].ready)
        })
        .await;
    }
    let described = describe(&postern, &id).await.json();
    assert_eq!(described["brokerState"], "CRITICAL_ACTION_REQUIRED");
    let action = &described["actionsRequired"][0];
    assert_eq!(action["actionRequiredCode"], "BROKER_CRASH_LOOP");
    // Two minutes without an end, and nothing is required any more.
    postern.clock.advance(120_001);
    until(&postern, &id, "recovered", in_state(BrokerState::Running)).await;
    postern.stop().await;
}

#[tokio::test]
async fn brokers_of_an_earlier_service_run_again_and_stay_what_they_were() {
    let mut postern = Postern::start().await.unwrap();
    let kept = create(&postern, "kept", "ACTIVE_STANDBY_MULTI_AZ").await;
    let doomed = create(&postern, "doomed", "SINGLE_INSTANCE").await;
    for id in [&kept, &doomed] {
        until(&postern, id, "running", in_state(BrokerState::Running)).await;
    }
    postern.restart().await.unwrap();
    delete(&postern, &doomed).await;
    until(&postern, &doomed, "gone", |broker| broker.is_none()).await;
    let mut nodes_run = false;
    while !nodes_run {
        nodes_run = runs(&postern, &node(&kept, 1)).await && runs(&postern, &node(&kept, 2)).await;
        tokio::task::yield_now().await;
    }
    until(&postern, &kept, "back", |broker| {
        broker.is_some_and(|broker| broker.observed.nodes.iter().all(|node| node.ready))
    })
    .await;
    let broker = read(&postern, &kept).unwrap();
    assert_eq!(broker.state(), BrokerState::Running);
    assert!(
        broker
            .observed
            .nodes
            .iter()
            .all(|node| node.crashes.is_empty())
    );
    postern.stop().await;
}

#[tokio::test]
async fn a_hundred_brokers_are_created_side_by_side() {
    let postern = Postern::start().await.unwrap();
    let mut made = Vec::new();
    for number in 0..100 {
        made.push(create(&postern, &format!("b{number}"), "SINGLE_INSTANCE").await);
    }
    for id in &made {
        until(&postern, id, "running", in_state(BrokerState::Running)).await;
    }
    postern.stop().await;
}
