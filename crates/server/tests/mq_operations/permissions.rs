//! What Amazon MQ does on the caller's behalf is the caller's to allow.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::Reply;

use crate::support::*;

/// What CreateBroker does on the caller's behalf, as the table has it.
fn dependents(row: &'static api::row::Row) -> Vec<&'static str> {
    let actions: Vec<_> = row
        .dependent
        .iter()
        .filter(|dependent| dependent.when == api::row::When::ActiveMq)
        .map(|dependent| dependent.action)
        .collect();
    assert!(!actions.is_empty());
    actions
}

fn allow(actions: &[&str]) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
}

#[track_caller]
fn denied(reply: &Reply, action: &str) {
    assert_eq!(
        (reply.status, reply.code().as_deref()),
        (403, Some("AccessDeniedException")),
        "{action}: {}",
        reply.body
    );
    let message = reply.message();
    assert!(
        message.contains(&format!("is not authorized to perform: {action}")),
        "{message}"
    );
    assert!(reply.json().get("Message").is_some());
}

#[tokio::test]
async fn creating_an_activemq_broker_needs_every_dependent_action_and_the_refusal_names_it() {
    let server = Server::start().await;
    let row = api::table::OperationId::CreateBroker.row();
    let all = dependents(row);
    for (number, missing) in all.iter().enumerate() {
        let mut actions: Vec<&str> = all
            .iter()
            .copied()
            .filter(|action| action != missing)
            .collect();
        actions.extend(["mq:*", "iam:CreateServiceLinkedRole"]);
        let client = server
            .user(&format!("user{number}"), &allow(&actions))
            .await;
        let reply = send(&client, "POST", "/v1/brokers", activemq("b")).await;
        denied(&reply, missing);
        assert_eq!(server.counts(), (0, 0, 0), "{missing}");
        // RabbitMQ brokers are reached through what the service makes itself.
        let reply = send(
            &client,
            "POST",
            "/v1/brokers",
            rabbitmq(&format!("r{number}")),
        )
        .await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let id = reply.json()["brokerId"].as_str().unwrap().to_owned();
        server.ready(&id).await;
        server
            .observe(&id, |broker| broker.name = "gone".into())
            .await;
        let store = &server.postern.service().services().store;
        let record = server.record(&id);
        let interface = record.instances[0].interface_id.clone();
        let committed = store
            .commit(ACCOUNT, move |state: &store::state::State, _| {
                use store::Document as _;
                let account = state.account(ACCOUNT).unwrap();
                let mut changes = vec![
                    store::Change::Delete(
                        store::state::Record::Broker(Arc::new(record.clone())).key(),
                    ),
                    store::Change::Delete(
                        store::state::Record::NetworkInterface(
                            (**account.interfaces.get(&interface).unwrap()).clone(),
                        )
                        .key(),
                    ),
                ];
                changes.extend(account.configurations().map(|configuration| {
                    store::Change::Delete(
                        store::state::Record::Configuration(Arc::clone(configuration)).key(),
                    )
                }));
                Ok::<_, ()>(store::Commit {
                    changes,
                    record: None,
                    value: (),
                })
            })
            .await;
        assert!(committed.is_ok());
    }
    let mut actions = all.clone();
    actions.push("mq:CreateBroker");
    let client = server.user("complete", &allow(&actions)).await;
    let reply = send(&client, "POST", "/v1/brokers", activemq("b")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn the_permission_is_asked_for_the_service_the_subnet_and_the_group() {
    let server = Server::start().await;
    let (subnets, group) = server.network();
    let arn = |kind: &str, id: &str| format!("arn:aws:ec2:{REGION}:{ACCOUNT}:{kind}/{id}");
    let policy = |resources: Value, service: &str| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["mq:*", "ec2:Describe*"], "Resource": "*"},
            {"Effect": "Allow", "Action": "ec2:CreateNetworkInterface", "Resource": resources},
            {"Effect": "Allow", "Action": "ec2:CreateNetworkInterfacePermission", "Resource": "*",
             "Condition": {"StringEquals": {"ec2:AuthorizedService": service}}},
        ]})
    };
    let whole = json!([
        arn("network-interface", "*"),
        arn("subnet", &subnets[0]),
        arn("security-group", &group)
    ]);
    for (name, resources, service, missing) in [
        (
            "other-service",
            whole.clone(),
            "other.amazonaws.com",
            "ec2:CreateNetworkInterfacePermission",
        ),
        (
            "other-subnet",
            json!([
                arn("network-interface", "*"),
                arn("subnet", &subnets[1]),
                arn("security-group", "*")
            ]),
            "mq.amazonaws.com",
            "ec2:CreateNetworkInterface",
        ),
        (
            "no-group",
            json!([arn("network-interface", "*"), arn("subnet", "*")]),
            "mq.amazonaws.com",
            "ec2:CreateNetworkInterface",
        ),
        (
            "no-interface",
            json!([arn("subnet", "*"), arn("security-group", "*")]),
            "mq.amazonaws.com",
            "ec2:CreateNetworkInterface",
        ),
    ] {
        let client = server.user(name, &policy(resources, service)).await;
        let reply = send(&client, "POST", "/v1/brokers", activemq("b")).await;
        denied(&reply, missing);
    }
    let client = server
        .user("right", &policy(whole, "mq.amazonaws.com"))
        .await;
    let reply = send(&client, "POST", "/v1/brokers", activemq("b")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    // Whoever may not look learns nothing about what exists.
    let client = server.user("blind", &allow(&["mq:*"])).await;
    let reply = send(
        &client,
        "POST",
        "/v1/brokers",
        with(activemq("c"), json!({"subnetIds": ["subnet-0"]})),
    )
    .await;
    assert_eq!(reply.status, 403);
    assert!(!reply.message().contains("subnet-0"));
}

#[tokio::test]
async fn deleting_an_activemq_broker_needs_every_dependent_action() {
    let server = Server::start().await;
    let id = server.running(activemq("b")).await;
    let all = dependents(api::table::OperationId::DeleteBroker.row());
    for (number, missing) in all.iter().enumerate() {
        let mut actions: Vec<&str> = all
            .iter()
            .copied()
            .filter(|action| action != missing)
            .collect();
        actions.push("mq:*");
        let client = server
            .user(&format!("user{number}"), &allow(&actions))
            .await;
        let reply = send(&client, "DELETE", &format!("/v1/brokers/{id}"), Value::Null).await;
        denied(&reply, missing);
        assert_eq!(server.describe(&id).await["brokerState"], "RUNNING");
    }
    let mut actions = all.clone();
    actions.push("mq:DeleteBroker");
    let client = server.user("complete", &allow(&actions)).await;
    let reply = send(&client, "DELETE", &format!("/v1/brokers/{id}"), Value::Null).await;
    assert_eq!(reply.json(), json!({"brokerId": id}));
}

#[tokio::test]
async fn a_replica_needs_permission_on_its_primary_before_anything_else_is_said() {
    let server = Server::start().await;
    let primary =
        format!("arn:aws:mq:us-east-2:{ACCOUNT}:broker:p:b-00000000-0000-4000-8000-000000000000");
    let request = with(
        activemq("b"),
        json!({"dataReplicationMode": "CRDR", "dataReplicationPrimaryBrokerArn": primary}),
    );
    let client = server
        .user("without", &allow(&["mq:CreateBroker", "ec2:*"]))
        .await;
    denied(
        &send(&client, "POST", "/v1/brokers", request.clone()).await,
        "mq:CreateReplicaBroker",
    );
    let client = server.user("with", &allow(&["mq:*", "ec2:*"])).await;
    assert_eq!(
        send(&client, "POST", "/v1/brokers", request).await.status,
        400
    );
}

#[tokio::test]
async fn a_role_in_a_configuration_has_to_be_the_callers_to_pass() {
    use base64::Engine as _;
    let server = Server::start().await;
    let made = server
        .done(
            "POST",
            "/v1/configurations",
            json!({"engineType": "RABBITMQ", "engineVersion": "4.2", "name": "c"}),
        )
        .await;
    let id = made["id"].as_str().unwrap();
    let role = format!("arn:aws:iam::{ACCOUNT}:role/broker");
    let data = base64::engine::general_purpose::STANDARD
        .encode(format!("aws.arns.assume_role_arn = {role}"));
    server
        .done(
            "PUT",
            &format!("/v1/configurations/{id}"),
            json!({"data": data}),
        )
        .await;
    let four = json!({"engineVersion": "4.2", "hostInstanceType": "mq.m7g.large"});
    let request = with(
        with(rabbitmq("r"), four.clone()),
        json!({"configuration": {"id": id, "revision": 2}}),
    );
    let service = [("AWSServiceName", "mq.amazonaws.com")];
    let root = server.postern.root();
    let role_made = root.query("iam", "CreateServiceLinkedRole", &service).await;
    assert_eq!(role_made.unwrap().status, 200);
    let without = server.user("without", &allow(&["mq:*"])).await;
    denied(
        &send(&without, "POST", "/v1/brokers", request.clone()).await,
        "iam:PassRole",
    );
    let with_role = server.user("with", &allow(&["mq:*", "iam:PassRole"])).await;
    assert_eq!(
        send(&with_role, "POST", "/v1/brokers", request)
            .await
            .status,
        200
    );

    let plain = server.running(with(rabbitmq("plain"), four)).await;
    let update = json!({"configuration": {"id": id, "revision": 2}});
    let path = format!("/v1/brokers/{plain}");
    let narrow = server
        .user("narrow", &allow(&["mq:UpdateBroker", "iam:PassRole"]))
        .await;
    denied(
        &send(&narrow, "PUT", &path, update.clone()).await,
        "mq:UpdateBrokerAccessConfiguration",
    );
    denied(
        &send(&without, "PUT", &path, update.clone()).await,
        "iam:PassRole",
    );
    assert_eq!(send(&with_role, "PUT", &path, update).await.status, 200);
}
