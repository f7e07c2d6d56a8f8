//! UpdateBroker: what changes at once, what waits, and what a reboot makes of it.

use serde_json::{Value, json};

use crate::support::*;

async fn update(server: &Server, id: &str, body: Value) -> testkit::Reply {
    server.call("PUT", &format!("/v1/brokers/{id}"), body).await
}

async fn reboot(server: &Server, id: &str) {
    server
        .done("POST", &format!("/v1/brokers/{id}/reboot"), Value::Null)
        .await;
    server.ready(id).await;
}

#[tokio::test]
async fn window_patches_and_groups_change_at_once() {
    let server = Server::start().await;
    let id = server.running(activemq("b")).await;
    let (_, group) = server.network();
    let window = json!({"dayOfWeek": "FRIDAY", "timeOfDay": "23:59", "timeZone": "Europe/Berlin"});
    let answer = update(
        &server,
        &id,
        json!({"maintenanceWindowStartTime": window, "autoMinorVersionUpgrade": true, "securityGroups": [group]}),
    )
    .await
    .json();
    assert_eq!(
        answer,
        json!({"autoMinorVersionUpgrade": true, "brokerId": id, "maintenanceWindowStartTime": window, "securityGroups": [group]})
    );
    let shown = server.describe(&id).await;
    assert_eq!(shown["maintenanceWindowStartTime"], window);
    assert_eq!(shown.get("pendingSecurityGroups"), None);
    // Terraform's empty list means the default group, and changes nothing of a RabbitMQ broker.
    let rabbit = server.running(rabbitmq("r")).await;
    for broker in [&id, &rabbit] {
        let before = server.describe(broker).await;
        let reply = update(&server, broker, json!({"securityGroups": []})).await;
        assert_eq!(
            reply.json(),
            json!({"brokerId": broker, "securityGroups": [group]})
        );
        assert_eq!(server.describe(broker).await, before);
    }
}

#[tokio::test]
async fn the_rest_waits_for_a_reboot_and_setting_the_current_value_takes_it_back() {
    let server = Server::start().await;
    let made = server
        .done(
            "POST",
            "/v1/configurations",
            json!({"engineType": "ACTIVEMQ", "engineVersion": "5.18", "name": "c"}),
        )
        .await;
    let configuration = json!({"id": made["id"], "revision": 1});
    let id = server.running(activemq("b")).await;
    let before = server.describe(&id).await;
    let change = json!({
        "configuration": configuration, "engineVersion": "5.19", "hostInstanceType": "mq.m5.xlarge",
        "logs": {"general": true, "audit": true},
    });
    let answer = update(&server, &id, change.clone()).await.json();
    assert_eq!(
        answer,
        json!({
            "brokerId": id, "configuration": configuration, "engineVersion": "5.19",
            "hostInstanceType": "mq.m5.xlarge", "logs": {"audit": true, "general": true},
        })
    );
    let shown = server.describe(&id).await;
    let mut expected = before.clone();
    expected["pendingEngineVersion"] = json!("5.19.1");
    expected["pendingHostInstanceType"] = json!("mq.m5.xlarge");
    expected["configurations"]["pending"] = configuration.clone();
    expected["logs"]["pending"] = json!({"audit": true, "general": true});
    assert_eq!(shown, expected);

    // Back to the current values: nothing waits.
    update(
        &server,
        &id,
        json!({
            "configuration": before["configurations"]["current"], "engineVersion": "5.18",
            "hostInstanceType": "mq.m5.large", "logs": {"general": false, "audit": false},
        }),
    )
    .await;
    assert_eq!(server.describe(&id).await, before);

    update(&server, &id, change).await;
    reboot(&server, &id).await;
    let shown = server.describe(&id).await;
    let mut expected = before.clone();
    expected["engineVersion"] = json!("5.19.1");
    expected["hostInstanceType"] = json!("mq.m5.xlarge");
    expected["configurations"] =
        json!({"current": configuration, "history": [before["configurations"]["current"]]});
    expected["logs"]["audit"] = json!(true);
    expected["logs"]["general"] = json!(true);
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_broker_that_is_not_settled_and_values_that_do_not_go_are_refused() {
    let server = Server::start().await;
    let id = server.broker(activemq("b")).await;
    let reply = update(&server, &id, json!({})).await;
    refused(
        &reply,
        400,
        "broker-id",
        &format!(
            "Can't update broker [{id}] in state [CREATION_IN_PROGRESS]. Wait until the broker is in state [RUNNING], and then retry your request."
        ),
    );
    server.ready(&id).await;
    let rabbit = server.running(rabbitmq("r")).await;
    assert_eq!(
        update(&server, &id, json!({})).await.json(),
        json!({"brokerId": id})
    );
    for (broker, change, attribute, message) in [
        (
            &id,
            json!({"engineVersion": "5.17.6"}),
            "engineVersion",
            "Broker engine version [5.17.6] is invalid for broker engine type [ACTIVEMQ]. Valid values: [5.19, 5.18].",
        ),
        (
            &id,
            json!({"autoMinorVersionUpgrade": false}),
            "autoMinorVersionUpgrade",
            "Brokers on [ActiveMQ] version [5.18] must have [autoMinorVersionUpgrade] set to [true].",
        ),
        (
            &id,
            json!({"hostInstanceType": "mq.m7g.large"}),
            "hostInstanceType",
            "Broker instance type [mq.m7g.large] is invalid for broker engine type [ACTIVEMQ]. Valid values: [mq.t3.micro, mq.m5.large, mq.m5.xlarge, mq.m5.2xlarge, mq.m5.4xlarge].",
        ),
        (
            &id,
            json!({"securityGroups": ["sg-0"]}),
            "securityGroups",
            "Can't find requested security group [sg-0]. Make sure your security group exists.",
        ),
        (
            &id,
            json!({"authenticationStrategy": "LDAP"}),
            "ldapServerMetadata",
            "Specify [ldapServerMetadata] for authentication strategy [LDAP].",
        ),
        (
            &id,
            json!({"dataReplicationMode": "CRDR"}),
            "dataReplicationMode",
            "Data replication mode [CRDR] is not supported in Region [us-east-1]. Valid values: [NONE].",
        ),
        (
            &id,
            json!({"storageSize": 25}),
            "storageSize",
            "[storageSize] is only supported for RabbitMQ 4 brokers with deployment mode [CLUSTER_MULTI_AZ] on [mq.m7g] instance types.",
        ),
        (
            &id,
            json!({"resourceShareArns": []}),
            "resourceShareArns",
            "Resource shares are not supported for ActiveMQ brokers.",
        ),
        (
            &id,
            json!({"maintenanceWindowStartTime": {"dayOfWeek": "MONDAY", "timeOfDay": "24:00"}}),
            "maintenanceWindowStartTime.timeOfDay",
            "Time of day [24:00] is invalid. Use the 24-hour format [HH:MM].",
        ),
        (
            &rabbit,
            json!({"securityGroups": ["sg-0"]}),
            "securityGroups",
            "Changing security groups is not supported for RabbitMQ brokers.",
        ),
        (
            &rabbit,
            json!({"logs": {"audit": false}}),
            "logs.audit",
            "Audit logs are not supported for RabbitMQ brokers.",
        ),
        (
            &rabbit,
            json!({"hostInstanceType": "mq.t3.micro"}),
            "hostInstanceType",
            "Downgrading from current instance type [mq.m5.large] to requested instance type [mq.t3.micro] is not supported for RabbitMQ brokers.",
        ),
        (
            &rabbit,
            json!({"engineVersion": "4.3"}),
            "engineVersion",
            "Broker engine version [4.3] is invalid for current engine version [3.13]. Valid values: [4.2].",
        ),
        (
            &rabbit,
            json!({"engineVersion": "4.2"}),
            "hostInstanceType",
            "Broker instance type [mq.m5.large] is invalid for broker engine version [4.2]. Valid values: [mq.m7g.medium, mq.m7g.large, mq.m7g.xlarge, mq.m7g.2xlarge, mq.m7g.4xlarge, mq.m7g.8xlarge, mq.m7g.12xlarge, mq.m7g.16xlarge].",
        ),
        (
            &rabbit,
            json!({"resourceShareArns": ["arn:aws:ram:us-east-1:111122223333:resource-share/x"]}),
            "resourceShareArns",
            "Can't find requested resource share [arn:aws:ram:us-east-1:111122223333:resource-share/x]. Make sure your resource share exists.",
        ),
    ] {
        let before = server.describe(broker).await;
        refused(
            &update(&server, broker, change).await,
            400,
            attribute,
            message,
        );
        assert_eq!(server.describe(broker).await, before);
    }
    update(
        &server,
        &rabbit,
        json!({"engineVersion": "4.2", "hostInstanceType": "mq.m7g.large"}),
    )
    .await;
    reboot(&server, &rabbit).await;
    let shown = server.describe(&rabbit).await;
    assert_eq!(
        (&shown["engineVersion"], &shown["hostInstanceType"]),
        (&json!("4.2"), &json!("mq.m7g.large"))
    );
}

#[tokio::test]
async fn storage_of_a_rabbitmq_4_cluster_is_set_within_its_range_and_reset_by_zero() {
    let server = Server::start().await;
    let cluster = json!({"deploymentMode": "CLUSTER_MULTI_AZ", "engineVersion": "4.2", "hostInstanceType": "mq.m7g.large"});
    let reply = server
        .call(
            "POST",
            "/v1/brokers",
            with(
                with(rabbitmq("r"), cluster.clone()),
                json!({"storageSize": 17}),
            ),
        )
        .await;
    refused(
        &reply,
        400,
        "storageSize",
        "Storage size [17] is invalid for broker instance type [mq.m7g.large]. Use a multiple of [5] from [15] to [75].",
    );
    let id = server
        .running(with(
            with(rabbitmq("r"), cluster),
            json!({"storageSize": 20}),
        ))
        .await;
    assert_eq!(server.describe(&id).await["storageSize"], 20);
    update(&server, &id, json!({"storageSize": 75})).await;
    assert_eq!(server.describe(&id).await["pendingStorageSize"], 75);
    update(&server, &id, json!({"storageSize": 20})).await;
    assert_eq!(server.describe(&id).await.get("pendingStorageSize"), None);
    update(&server, &id, json!({"storageSize": 0})).await;
    assert_eq!(server.describe(&id).await["pendingStorageSize"], 15);
    reboot(&server, &id).await;
    assert_eq!(server.describe(&id).await["storageSize"], 15);
}

#[tokio::test]
async fn other_security_groups_are_put_on_the_interfaces_too() {
    let server = Server::start().await;
    let id = server.running(activemq("b")).await;
    let (_, group) = server.network();
    let store = &server.postern.service().services().store;
    let committed = store
        .commit(ACCOUNT, move |state: &store::state::State, _| {
            let account = state.account(ACCOUNT).unwrap();
            let own = account.security_groups.values().next().unwrap();
            let made = |id: &str, vpc: &str| {
                store::Change::put(store::state::Record::SecurityGroup(vpc::SecurityGroup {
                    id: id.into(),
                    vpc_id: vpc.into(),
                    name: id.into(),
                    ..(**own).clone()
                }))
            };
            Ok::<_, ()>(store::Commit {
                changes: vec![made("sg-new", &own.vpc_id), made("sg-other", "vpc-other")],
                record: None,
                value: (),
            })
        })
        .await;
    assert!(committed.is_ok());
    let both = json!([group, "sg-new"]);
    let reply = update(&server, &id, json!({"securityGroups": both})).await;
    assert_eq!(reply.json()["securityGroups"], both);
    assert_eq!(server.describe(&id).await["securityGroups"], both);
    let snapshot = store.snapshot();
    let account = snapshot.state.account(ACCOUNT).unwrap();
    let interface = account.interfaces.values().next().unwrap();
    assert_eq!(interface.groups, [group, "sg-new".to_owned()]);
    let reply = update(&server, &id, json!({"securityGroups": ["sg-other"]})).await;
    refused(
        &reply,
        400,
        "securityGroups",
        "Security groups must belong to the same VPC as the subnets.",
    );
}
