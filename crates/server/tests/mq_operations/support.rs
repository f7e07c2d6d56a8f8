//! A whole service, whose brokers are made ready by the test: nothing happens to them by itself.

use std::sync::Arc;

use brokers::broker::{ActionRequired, Broker};
use serde_json::{Value, json};
use store::state::{Record, State};
use store::{Change, Commit};
use testkit::{Client, Postern, Reply};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const PASSWORD: &str = "s3cret-Pa55word!";

pub(crate) struct Server {
    pub(crate) postern: Postern,
}

impl Server {
    pub(crate) async fn start() -> Server {
        Server::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut server::settings::Settings)) -> Server {
        let postern = Postern::start_with(|settings| {
            // The clock stands still, so a simulated node is never ready by itself.
            settings.simulate_start_ms = 3_600_000;
            change(settings);
        })
        .await
        .unwrap();
        Server { postern }
    }

    /// Calls as root.
    pub(crate) async fn call(&self, method: &str, target: &str, body: Value) -> Reply {
        send(&self.postern.root(), method, target, body).await
    }

    /// Calls as root; it has to succeed.
    pub(crate) async fn done(&self, method: &str, target: &str, body: Value) -> Value {
        let reply = self.call(method, target, body).await;
        assert!(reply.status < 300, "{method} {target}: {}", reply.body);
        reply.json()
    }

    /// Makes a user with this policy, and a client for it.
    pub(crate) async fn user(&self, name: &str, policy: &Value) -> Client {
        let root = self.postern.root();
        let policy = policy.to_string();
        let query = async |action: &str, members: &[(&str, &str)]| {
            let reply = root.query("iam", action, members).await.unwrap();
            assert_eq!(reply.status, 200, "{}", reply.body);
            reply
        };
        query("CreateUser", &[("UserName", name)]).await;
        query(
            "PutUserPolicy",
            &[
                ("UserName", name),
                ("PolicyName", "p"),
                ("PolicyDocument", &policy),
            ],
        )
        .await;
        let key = query("CreateAccessKey", &[("UserName", name)]).await;
        self.postern.client(
            &key.element("AccessKeyId").unwrap(),
            &key.element("SecretAccessKey").unwrap(),
        )
    }

    /// Creates a broker as root and returns its id.
    pub(crate) async fn broker(&self, request: Value) -> String {
        let made = self.done("POST", "/v1/brokers", request).await;
        made["brokerId"].as_str().unwrap().to_owned()
    }

    /// Creates a broker as root and makes it run.
    pub(crate) async fn running(&self, request: Value) -> String {
        let id = self.broker(request).await;
        self.ready(&id).await;
        id
    }

    pub(crate) async fn describe(&self, id: &str) -> Value {
        self.done("GET", &format!("/v1/brokers/{id}"), Value::Null)
            .await
    }

    /// The broker's record.
    pub(crate) fn record(&self, id: &str) -> Broker {
        let snapshot = self.postern.service().services().store.snapshot();
        let account = snapshot.state.account(ACCOUNT).unwrap();
        (**account.broker(id).unwrap()).clone()
    }

    /// What the reconciler does once every endpoint answers: a reboot is finished, too, and what waited is applied.
    pub(crate) async fn ready(&self, id: &str) {
        self.observe(id, |broker| {
            broker.observed.created = true;
            if broker.observed.reboots_done < broker.reboots {
                broker.observed.reboots_done = broker.reboots;
                broker.apply_pending();
            }
        })
        .await;
    }

    pub(crate) async fn require(&self, id: &str, code: &str) {
        let code = code.to_owned();
        self.observe(id, move |broker| {
            broker.observed.actions_required = vec![ActionRequired {
                code: code.clone(),
                info: "resolve it".into(),
            }];
        })
        .await;
    }

    pub(crate) async fn observe(&self, id: &str, change: impl Fn(&mut Broker) + Send + 'static) {
        let id = id.to_owned();
        let store = &self.postern.service().services().store;
        let committed = store
            .commit(ACCOUNT, move |state: &State, _| {
                let account = state.account(ACCOUNT).unwrap();
                let mut broker = (**account.broker(&id).unwrap()).clone();
                change(&mut broker);
                Ok::<_, ()>(Commit {
                    changes: vec![Change::put(Record::Broker(Arc::new(broker)))],
                    record: None,
                    value: (),
                })
            })
            .await;
        assert!(committed.is_ok());
    }

    /// How many documents of the kinds that CreateBroker writes there are.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let snapshot = self.postern.service().services().store.snapshot();
        let account = snapshot.state.account(ACCOUNT).unwrap();
        (
            account.brokers().count(),
            account.configurations().count(),
            account.interfaces.len(),
        )
    }

    /// The default subnets by zone, and the default group.
    pub(crate) fn network(&self) -> (Vec<String>, String) {
        let snapshot = self.postern.service().services().store.snapshot();
        let account = snapshot.state.account(ACCOUNT).unwrap();
        let mut subnets: Vec<_> = account.subnets.values().collect();
        subnets.sort_by(|a, b| a.availability_zone.cmp(&b.availability_zone));
        let subnets = subnets.iter().map(|subnet| subnet.id.clone()).collect();
        let group = account.security_groups.keys().next().unwrap().clone();
        (subnets, group)
    }
}

pub(crate) async fn send(client: &Client, method: &str, target: &str, body: Value) -> Reply {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    client.mq(method, target, &body).await.unwrap()
}

/// Checks that the reply is a refusal of mq with exactly these parts.
#[track_caller]
pub(crate) fn refused(reply: &Reply, status: u16, attribute: &str, message: &str) {
    let code = match status {
        400 => "BadRequestException",
        404 => "NotFoundException",
        409 => "ConflictException",
        other => panic!("{other}: {}", reply.body),
    };
    let expected = if attribute.is_empty() {
        json!({"message": message})
    } else {
        json!({"errorAttribute": attribute, "message": message})
    };
    assert_eq!(
        (reply.status, reply.code().as_deref(), reply.json()),
        (status, Some(code), expected)
    );
}

/// An ActiveMQ broker as small as it can be.
pub(crate) fn activemq(name: &str) -> Value {
    json!({
        "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18",
        "hostInstanceType": "mq.m5.large", "deploymentMode": "SINGLE_INSTANCE",
        "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": PASSWORD}],
    })
}

/// A RabbitMQ broker as small as it can be.
pub(crate) fn rabbitmq(name: &str) -> Value {
    json!({
        "brokerName": name, "engineType": "RABBITMQ", "engineVersion": "3.13",
        "hostInstanceType": "mq.m5.large", "deploymentMode": "SINGLE_INSTANCE",
        "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": PASSWORD}],
    })
}

/// The request with these members instead; null removes one.
pub(crate) fn with(mut request: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        if value.is_null() {
            request.as_object_mut().unwrap().remove(name);
        } else {
            request[name] = value.clone();
        }
    }
    request
}
