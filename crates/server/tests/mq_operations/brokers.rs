//! CreateBroker, DescribeBroker, ListBrokers, RebootBroker, DeleteBroker, Promote, DescribeSharedResources.

use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn a_broker_is_described_member_by_member_while_it_is_created_and_when_it_runs() {
    let server = Server::start().await;
    let (subnets, group) = server.network();
    let made = server
        .done(
            "POST",
            "/v1/brokers",
            with(activemq("b1"), json!({"tags": {"team": "x"}})),
        )
        .await;
    let id = made["brokerId"].as_str().unwrap();
    assert!(brokers::ids::BrokerId::parse(id).is_some());
    assert_eq!(
        made,
        json!({"brokerArn": format!("arn:aws:mq:us-east-1:{ACCOUNT}:broker:b1:{id}"), "brokerId": id})
    );

    let creating = server.describe(id).await;
    let configuration = creating["configurations"]["pending"]["id"].clone();
    let window = creating["maintenanceWindowStartTime"].clone();
    assert_eq!(window["timeZone"], "UTC");
    let expected = |state: &str, configurations: Value, instances: Value| {
        json!({
            "actionsRequired": [],
            "authenticationStrategy": "simple",
            "autoMinorVersionUpgrade": true,
            "brokerArn": made["brokerArn"],
            "brokerId": id,
            "brokerInstances": instances,
            "brokerName": "b1",
            "brokerState": state,
            "configurations": configurations,
            "created": "2026-11-25T12:00:00.000Z",
            "dataReplicationMode": "NONE",
            "deploymentMode": "SINGLE_INSTANCE",
            "encryptionOptions": {"useAwsOwnedKey": true},
            "engineType": "ActiveMQ",
            "engineVersion": "5.18.6",
            "hostInstanceType": "mq.m5.large",
            "logs": {
                "audit": false, "auditLogGroup": format!("/aws/amazonmq/broker/{id}/audit"),
                "general": false, "generalLogGroup": format!("/aws/amazonmq/broker/{id}/general"),
            },
            "maintenanceWindowStartTime": window,
            "publiclyAccessible": false,
            "securityGroups": [group],
            "storageType": "efs",
            "subnetIds": [subnets[0]],
            "tags": {"team": "x"},
            "users": [{"username": "admin"}],
        })
    };
    let reference = json!({"id": configuration, "revision": 1});
    assert_eq!(
        creating,
        expected(
            "CREATION_IN_PROGRESS",
            json!({"history": [], "pending": reference}),
            json!([])
        )
    );

    server.ready(id).await;
    let address = server.record(id).instances[0].address;
    assert_eq!(
        server.describe(id).await,
        expected(
            "RUNNING",
            json!({"history": [], "current": reference}),
            json!([{
                "consoleURL": format!("https://{address}:8162"),
                "endpoints": [
                    format!("ssl://{address}:61617"), format!("amqp+ssl://{address}:5671"),
                    format!("stomp+ssl://{address}:61614"), format!("mqtt+ssl://{address}:8883"),
                    format!("wss://{address}:61619"),
                ],
                "ipAddress": address.to_string(),
            }])
        )
    );
    let list = server.done("GET", "/v1/brokers", Value::Null).await;
    assert_eq!(
        list,
        json!({"brokerSummaries": [{
            "brokerArn": made["brokerArn"], "brokerId": id, "brokerName": "b1",
            "brokerState": "RUNNING", "created": "2026-11-25T12:00:00.000Z",
            "deploymentMode": "SINGLE_INSTANCE", "engineType": "ActiveMQ",
            "hostInstanceType": "mq.m5.large",
        }]})
    );
}

#[tokio::test]
async fn an_active_standby_pair_has_two_instances_in_two_zones_with_names_of_the_domain() {
    let server =
        Server::start_with(|settings| settings.endpoint_domain = Some("example.test".into())).await;
    let (subnets, _) = server.network();
    let id = server
        .running(with(
            activemq("pair"),
            json!({"deploymentMode": "ACTIVE_STANDBY_MULTI_AZ"}),
        ))
        .await;
    let shown = server.describe(&id).await;
    assert_eq!(shown["subnetIds"], json!([subnets[0], subnets[1]]));
    let instances = shown["brokerInstances"].as_array().unwrap();
    assert_eq!(instances.len(), 2);
    for (number, instance) in (1..).zip(instances) {
        assert_eq!(
            instance["consoleURL"],
            format!("https://{id}-{number}.mq.us-east-1.example.test:8162")
        );
        assert_eq!(
            instance["endpoints"][0],
            format!("ssl://{id}-{number}.mq.us-east-1.example.test:61617")
        );
    }
    let record = server.record(&id);
    let zones: Vec<_> = record
        .instances
        .iter()
        .map(|instance| instance.availability_zone.as_str())
        .collect();
    assert_eq!(zones, ["us-east-1a", "us-east-1b"]);
    assert_eq!(server.counts(), (1, 1, 2));
}

#[tokio::test]
async fn a_rabbitmq_broker_shows_one_endpoint_no_users_no_address_and_no_audit_log() {
    let server = Server::start().await;
    let (subnets, group) = server.network();
    let id = server.running(rabbitmq("r")).await;
    let shown = server.describe(&id).await;
    let address = server.record(&id).instances[0].address;
    assert_eq!(
        shown["brokerInstances"],
        json!([{"consoleURL": format!("https://{address}"), "endpoints": [format!("amqps://{address}:5671")]}])
    );
    assert_eq!(shown["users"], json!([]));
    assert_eq!(shown["engineType"], "RabbitMQ");
    assert_eq!(shown["engineVersion"], "3.13");
    assert_eq!(shown["storageType"], "ebs");
    assert_eq!(
        shown["logs"],
        json!({"general": false, "generalLogGroup": format!("/aws/amazonmq/broker/{id}/general")})
    );
    assert_eq!(shown["subnetIds"], json!([subnets[0]]));
    assert_eq!(shown["securityGroups"], json!([group]));
    // The user is kept, sealed, for the engine.
    let record = server.record(&id);
    let sealed = &record.users["admin"]
        .current
        .as_ref()
        .unwrap()
        .sealed_password;
    let identity = brokers::broker::BrokerUser::seal_identity(&id, "admin");
    let opened = server
        .postern
        .service()
        .services()
        .open(sealed, &identity)
        .unwrap();
    assert_eq!(opened.as_slice(), PASSWORD.as_bytes());
    assert!(!serde_json::to_string(&record).unwrap().contains(PASSWORD));

    let cluster = server
        .running(with(
            rabbitmq("c"),
            json!({"deploymentMode": "CLUSTER_MULTI_AZ"}),
        ))
        .await;
    let shown = server.describe(&cluster).await;
    assert_eq!(shown["subnetIds"], json!(subnets));
    assert_eq!(shown["brokerInstances"].as_array().unwrap().len(), 1);
    assert_eq!(server.record(&cluster).instances.len(), 3);

    let public = server
        .running(with(rabbitmq("p"), json!({"publiclyAccessible": true})))
        .await;
    let shown = server.describe(&public).await;
    assert_eq!(shown["subnetIds"], json!([]));
    assert_eq!(shown["securityGroups"], json!([]));
}

#[tokio::test]
async fn what_was_given_is_read_back() {
    let server = Server::start().await;
    let (subnets, group) = server.network();
    let ldap = json!({
        "hosts": ["ldap.example.test", "ldap2.example.test"], "roleBase": "ou=Role", "roleName": "cn",
        "roleSearchMatching": "(member:=uid={1})", "roleSearchSubtree": true,
        "serviceAccountUsername": "cn=admin", "userBase": "ou=Users", "userRoleName": "role",
        "userSearchMatching": "(uid={0})", "userSearchSubtree": false,
    });
    let given = with(
        ldap.clone(),
        json!({"serviceAccountPassword": "directory-Secret"}),
    );
    let id = server
        .running(with(
            activemq("full"),
            json!({
                "authenticationStrategy": "ldap", "ldapServerMetadata": given,
                "engineType": "ActiveMQ", "engineVersion": "5.19", "storageType": "ebs",
                "encryptionOptions": {"useAwsOwnedKey": false, "kmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1"},
                "logs": {"audit": true, "general": true},
                "maintenanceWindowStartTime": {"dayOfWeek": "tuesday", "timeOfDay": "02:00", "timeZone": "CET"},
                "publiclyAccessible": true, "subnetIds": [subnets[2]], "securityGroups": [group],
                "users": null,
            }),
        ))
        .await;
    let shown = server.describe(&id).await;
    assert_eq!(shown["ldapServerMetadata"], ldap);
    assert_eq!(shown["authenticationStrategy"], "ldap");
    assert_eq!(shown["engineVersion"], "5.19.1");
    assert_eq!(shown["storageType"], "ebs");
    assert_eq!(
        shown["encryptionOptions"],
        json!({"kmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1", "useAwsOwnedKey": false})
    );
    assert_eq!(shown["logs"]["audit"], true);
    assert_eq!(
        shown["maintenanceWindowStartTime"],
        json!({"dayOfWeek": "TUESDAY", "timeOfDay": "02:00", "timeZone": "CET"})
    );
    assert_eq!(shown["publiclyAccessible"], true);
    assert_eq!(shown["subnetIds"], json!([subnets[2]]));
    assert!(
        !serde_json::to_string(&server.record(&id))
            .unwrap()
            .contains("directory-Secret")
    );
}

#[tokio::test]
async fn wrong_requests_are_refused_and_write_nothing() {
    let server = Server::start().await;
    let (subnets, group) = server.network();
    let user = |name: &str| json!({"username": name, "password": PASSWORD});
    for (request, attribute, message) in [
        (
            with(activemq("b"), json!({"brokerName": null})),
            "brokerName",
            "Specify a value for [brokerName].",
        ),
        (
            with(activemq("b"), json!({"brokerName": "a b"})),
            "brokerName",
            "Broker name [a b] is invalid. Use 1 to 50 characters: letters, digits, and [- _].",
        ),
        (
            with(activemq("b"), json!({"engineType": "KAFKA"})),
            "engineType",
            "Broker engine type [KAFKA] is invalid. Valid values are: [ACTIVEMQ, RABBITMQ]",
        ),
        (
            with(activemq("b"), json!({"engineVersion": "5.17.6"})),
            "engineVersion",
            "Broker engine version [5.17.6] is invalid for broker engine type [ACTIVEMQ]. Valid values: [5.19, 5.18].",
        ),
        (
            with(activemq("b"), json!({"autoMinorVersionUpgrade": false})),
            "autoMinorVersionUpgrade",
            "Brokers on [ActiveMQ] version [5.18] must have [autoMinorVersionUpgrade] set to [true].",
        ),
        (
            with(activemq("b"), json!({"users": []})),
            "users",
            "Specify at least one user for engine type [ACTIVEMQ].",
        ),
        (
            with(rabbitmq("b"), json!({"users": []})),
            "users",
            "Specify exactly one user for engine type [RABBITMQ].",
        ),
        (
            with(rabbitmq("b"), json!({"users": [user("one"), user("two")]})),
            "users",
            "Specify exactly one user for engine type [RABBITMQ].",
        ),
        (
            with(
                rabbitmq("b"),
                json!({"logs": {"audit": false, "general": true}}),
            ),
            "logs.audit",
            "Audit logging is not supported for RabbitMQ brokers.",
        ),
        (
            with(activemq("b"), json!({"subnetIds": ["subnet-0"]})),
            "subnetIds",
            "Can't find requested subnet [subnet-0]. Make sure your subnet exists.",
        ),
        (
            with(
                activemq("b"),
                json!({"subnetIds": [subnets[0], subnets[1]]}),
            ),
            "subnetIds",
            "Specify exactly [1] subnets for deployment mode [SINGLE_INSTANCE].",
        ),
        (
            with(activemq("b"), json!({"securityGroups": ["sg-0"]})),
            "securityGroups",
            "Can't find requested security group [sg-0]. Make sure your security group exists.",
        ),
        (
            with(
                activemq("b"),
                json!({"securityGroups": ["a", "b", "c", "d", "e", group]}),
            ),
            "securityGroups",
            "Specify at most [5] security groups per broker.",
        ),
        (
            with(
                activemq("b"),
                json!({"configuration": {"id": "c-00000000-0000-4000-8000-000000000000", "revision": 1}}),
            ),
            "configuration",
            "Can't find requested configuration [c-00000000-0000-4000-8000-000000000000]. Make sure your configuration exists.",
        ),
        (
            with(activemq("b"), json!({"tags": {"aws:x": "y"}})),
            "tags",
            "Tag key [aws:x] is invalid. Keys that begin with [aws:] are reserved.",
        ),
        (
            with(
                activemq("b"),
                json!({"users": [{"username": "admin", "password": "short"}]}),
            ),
            "password",
            "Make sure your password is 12 to 250 characters long.",
        ),
        (
            with(
                activemq("b"),
                json!({"users": [{"username": "admin", "password": "has,a:comma=x"}]}),
            ),
            "password",
            "Make sure your password doesn't contain invalid characters [, :=].",
        ),
        (
            with(
                activemq("b"),
                json!({"users": [{"username": "repl", "password": PASSWORD, "replicationUser": true, "consoleAccess": false}]}),
            ),
            "",
            "Replication user couldn't have console access. [replicationUser] and [consoleAccess] are mutually exclusive parameters.",
        ),
        (
            with(
                activemq("b"),
                json!({"dataReplicationMode": "CRDR", "dataReplicationPrimaryBrokerArn": format!("arn:aws:mq:us-east-2:{ACCOUNT}:broker:p:b-00000000-0000-4000-8000-000000000000")}),
            ),
            "dataReplicationMode",
            "Data replication mode [CRDR] is not supported in Region [us-east-1]. Valid values: [NONE].",
        ),
    ] {
        let reply = server.call("POST", "/v1/brokers", request).await;
        refused(&reply, 400, attribute, message);
    }
    assert_eq!(server.counts(), (0, 0, 0));
    // Unknown members are ignored, and what Terraform always sends is accepted.
    server
        .broker(with(
            activemq("tf"),
            json!({
                "storageConfiguration": {"efs": {"throughputMode": "ELASTIC"}},
                "users": [{"username": "admin", "password": PASSWORD, "consoleAccess": true, "replicationUser": false, "groups": []}],
            }),
        ))
        .await;
}

#[tokio::test]
async fn a_name_is_taken_once_and_the_quota_holds() {
    let server = Server::start_with(|settings| {
        settings
            .quotas
            .insert(server::settings::Quota::BrokersPerRegion, 2);
    })
    .await;
    server.broker(activemq("same")).await;
    let reply = server.call("POST", "/v1/brokers", rabbitmq("same")).await;
    refused(
        &reply,
        409,
        "brokerName",
        "Broker name [same] is already in use. Use a different broker name, and then retry your request.",
    );
    server.broker(activemq("other")).await;
    let reply = server.call("POST", "/v1/brokers", activemq("third")).await;
    refused(
        &reply,
        400,
        "brokerName",
        "You have reached the quota of [2] brokers in this Region.",
    );
}

#[tokio::test]
async fn the_same_request_with_the_same_token_is_answered_again_and_another_one_is_refused() {
    let server = Server::start().await;
    let request = with(activemq("once"), json!({"creatorRequestId": "token-1"}));
    let first = server.done("POST", "/v1/brokers", request.clone()).await;
    let again = server.done("POST", "/v1/brokers", request.clone()).await;
    assert_eq!(first, again);
    assert_eq!(server.counts(), (1, 1, 1));
    for other in [
        with(request.clone(), json!({"hostInstanceType": "mq.m5.xlarge"})),
        with(
            request.clone(),
            json!({"users": [{"username": "admin", "password": "another-Pa55word"}]}),
        ),
    ] {
        let reply = server.call("POST", "/v1/brokers", other).await;
        refused(
            &reply,
            409,
            "creatorRequestId",
            "Creator request ID [token-1] was already used for a different request. Use a different creator request ID, and then retry your request.",
        );
    }
    // Nothing of the request can be tried against what is stored.
    let id = first["brokerId"].as_str().unwrap();
    let kept = server.record(id).creator_request.unwrap();
    assert_eq!(kept.token, "token-1");
    assert!(kept.fingerprint.len() > 100 && !kept.fingerprint.contains("once"));
}

#[tokio::test]
async fn a_reboot_shows_before_the_answer_and_is_refused_in_other_states() {
    let server = Server::start().await;
    let id = server.broker(activemq("b")).await;
    let path = format!("/v1/brokers/{id}/reboot");
    let state = |state: &str| {
        format!(
            "Can't reboot broker [{id}] in state [{state}]. Wait until the broker is in state [RUNNING], and then retry your request."
        )
    };
    let reply = server.call("POST", &path, Value::Null).await;
    refused(&reply, 400, "broker-id", &state("CREATION_IN_PROGRESS"));
    server.ready(&id).await;
    assert_eq!(server.done("POST", &path, Value::Null).await, json!({}));
    assert_eq!(
        server.describe(&id).await["brokerState"],
        "REBOOT_IN_PROGRESS"
    );
    let reply = server.call("POST", &path, Value::Null).await;
    refused(&reply, 400, "broker-id", &state("REBOOT_IN_PROGRESS"));
    server.ready(&id).await;
    assert_eq!(server.describe(&id).await["brokerState"], "RUNNING");
    server.require(&id, "BROKER_OOM").await;
    let shown = server.describe(&id).await;
    assert_eq!(shown["brokerState"], "CRITICAL_ACTION_REQUIRED");
    assert_eq!(
        shown["actionsRequired"],
        json!([{"actionRequiredCode": "BROKER_OOM", "actionRequiredInfo": "resolve it"}])
    );
    server.require(&id, "RABBITMQ_MEMORY_ALARM").await;
    let reply = server.call("POST", &path, Value::Null).await;
    refused(
        &reply,
        400,
        "broker-id",
        &format!(
            "Can't reboot broker [{id}] while action [RABBITMQ_MEMORY_ALARM] is required. Resolve the required action, and then retry your request."
        ),
    );
    server.require(&id, "BROKER_OOM").await;
    server.done("POST", &path, Value::Null).await;
}

#[tokio::test]
async fn a_broker_is_deleted_from_every_state_but_creation() {
    let server = Server::start().await;
    let id = server.broker(activemq("b")).await;
    let path = format!("/v1/brokers/{id}");
    let reply = server.call("DELETE", &path, Value::Null).await;
    assert_eq!(
        (reply.status, reply.code().as_deref()),
        (400, Some("BadRequestException"))
    );
    assert!(
        reply.message().contains("in state [CREATION_IN_PROGRESS"),
        "{}",
        reply.body
    );
    server.ready(&id).await;
    let answer = json!({"brokerId": id});
    assert_eq!(server.done("DELETE", &path, Value::Null).await, answer);
    let reply = server.call("GET", &path, Value::Null).await;
    assert!(reply.status == 404 || reply.json()["brokerState"] == "DELETION_IN_PROGRESS");

    let failed = server.broker(activemq("failed")).await;
    server
        .observe(&failed, |broker| {
            broker.observed.failure = Some(brokers::broker::Failure {
                at: 1,
                reason: "x".into(),
            });
        })
        .await;
    assert_eq!(
        server.describe(&failed).await["brokerState"],
        "CREATION_FAILED"
    );
    server
        .done("DELETE", &format!("/v1/brokers/{failed}"), Value::Null)
        .await;

    let rebooting = server.running(activemq("rebooting")).await;
    server
        .done(
            "POST",
            &format!("/v1/brokers/{rebooting}/reboot"),
            Value::Null,
        )
        .await;
    server
        .done("DELETE", &format!("/v1/brokers/{rebooting}"), Value::Null)
        .await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_in_aws_words() {
    let server = Server::start().await;
    let unknown = "b-00000000-0000-4000-8000-000000000000";
    for id in [unknown, "b-x", "nonsense"] {
        let message = format!("Can't find requested broker [{id}]. Make sure your broker exists.");
        for (method, rest, body) in [
            ("GET", "", Value::Null),
            ("PUT", "", json!({})),
            ("DELETE", "", Value::Null),
            ("POST", "/reboot", Value::Null),
            ("POST", "/promote", json!({"mode": "FAILOVER"})),
            ("GET", "/shared-resources", Value::Null),
            ("GET", "/users", Value::Null),
            ("GET", "/users/admin", Value::Null),
            ("POST", "/users/admin", json!({"password": PASSWORD})),
            ("PUT", "/users/admin", json!({})),
            ("DELETE", "/users/admin", Value::Null),
        ] {
            let reply = server
                .call(method, &format!("/v1/brokers/{id}{rest}"), body)
                .await;
            refused(&reply, 404, "broker-id", &message);
        }
    }
}

#[tokio::test]
async fn promote_and_shared_resources_say_what_they_are_for() {
    let server = Server::start().await;
    let active = server.running(activemq("a")).await;
    let rabbit = server.running(rabbitmq("r")).await;
    let promote = async |id: &str, body| {
        server
            .call("POST", &format!("/v1/brokers/{id}/promote"), body)
            .await
    };
    refused(
        &promote(&active, json!({"mode": "SWITCHOVER"})).await,
        400,
        "broker-id",
        &format!(
            "Broker [{active}] is not a data replication replica. Only replicas can be promoted."
        ),
    );
    refused(
        &promote(&active, json!({"mode": "x"})).await,
        400,
        "mode",
        "Promote mode [x] is invalid. Valid values: [SWITCHOVER, FAILOVER].",
    );
    refused(
        &promote(&active, json!({})).await,
        400,
        "mode",
        "Specify a value for [mode].",
    );
    refused(
        &promote(&rabbit, json!({"mode": "FAILOVER"})).await,
        400,
        "broker-id",
        "Data replication is not supported for RabbitMQ brokers.",
    );
    let shared = async |id: &str| {
        server
            .call(
                "GET",
                &format!("/v1/brokers/{id}/shared-resources"),
                Value::Null,
            )
            .await
    };
    assert_eq!(shared(&rabbit).await.json(), json!({"sharedResources": []}));
    refused(
        &shared(&active).await,
        400,
        "broker-id",
        "Shared resources are not supported for ActiveMQ brokers.",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_creations_at_once_one_name_and_one_token_give_one_broker() {
    let server = Server::start().await;
    let root = server.postern.root();
    let together = async |requests: Vec<Value>| {
        let calls: Vec<_> = requests
            .into_iter()
            .map(|request| {
                let root = root.clone();
                tokio::spawn(async move { send(&root, "POST", "/v1/brokers", request).await })
            })
            .collect();
        let mut replies = Vec::new();
        for call in calls {
            replies.push(call.await.unwrap());
        }
        replies
    };
    let same = with(activemq("once"), json!({"creatorRequestId": "t"}));
    let replies = together(vec![same; 12]).await;
    let ids: std::collections::BTreeSet<String> = replies
        .iter()
        .map(|reply| {
            assert_eq!(reply.status, 200, "{}", reply.body);
            reply.json()["brokerId"].to_string()
        })
        .collect();
    assert_eq!(ids.len(), 1);
    let named: Vec<Value> = (0..12)
        .map(|n| {
            with(
                activemq("named"),
                json!({"creatorRequestId": format!("n{n}")}),
            )
        })
        .collect();
    let replies = together(named).await;
    let made = replies.iter().filter(|reply| reply.status == 200).count();
    let conflicts = replies.iter().filter(|reply| reply.status == 409).count();
    assert_eq!((made, conflicts), (1, 11));
    // Twelve at once, and no address twice.
    let many: Vec<Value> = (0..12).map(|n| activemq(&format!("m{n}"))).collect();
    for reply in together(many).await {
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    assert_eq!(server.counts(), (14, 14, 14));
    let snapshot = server.postern.service().services().store.snapshot();
    let account = snapshot.state.account(ACCOUNT).unwrap();
    let addresses: std::collections::BTreeSet<_> = account
        .interfaces
        .values()
        .map(|interface| interface.address)
        .collect();
    assert_eq!(addresses.len(), 14);
}

#[tokio::test]
async fn what_one_region_has_another_one_does_not_know() {
    let server = Server::start_with(|settings| {
        settings
            .regions
            .push(server::settings::Region::with_default_zones("eu-west-1"));
    })
    .await;
    let id = server
        .running(with(activemq("b"), json!({"creatorRequestId": "t"})))
        .await;
    let own = server.describe(&id).await;
    let mut elsewhere = server.postern.root();
    elsewhere.region = "eu-west-1".into();
    let reply = send(&elsewhere, "GET", &format!("/v1/brokers/{id}"), Value::Null).await;
    assert_eq!(reply.status, 404);
    let reply = send(&elsewhere, "GET", "/v1/brokers", Value::Null).await;
    assert_eq!(reply.json(), json!({"brokerSummaries": []}));
    let configuration = own["configurations"]["current"]["id"].as_str().unwrap();
    let path = format!("/v1/configurations/{configuration}");
    assert_eq!(
        send(&elsewhere, "GET", &path, Value::Null).await.status,
        404
    );
    let request = with(
        activemq("c"),
        json!({"configuration": {"id": configuration}}),
    );
    let reply = send(&elsewhere, "POST", "/v1/brokers", request).await;
    refused(
        &reply,
        400,
        "configuration",
        &format!(
            "Can't find requested configuration [{configuration}]. Make sure your configuration exists."
        ),
    );
    // Name and token are the region's own, and so is the network.
    let request = with(activemq("b"), json!({"creatorRequestId": "t"}));
    let reply = send(&elsewhere, "POST", "/v1/brokers", request).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let other = reply.json()["brokerId"].as_str().unwrap().to_owned();
    assert!(
        reply.json()["brokerArn"]
            .as_str()
            .unwrap()
            .contains(":eu-west-1:")
    );
    assert_ne!(
        server.record(&other).subnet_ids,
        server.record(&id).subnet_ids
    );
    let subnet = own["subnetIds"].clone();
    let reply = send(
        &elsewhere,
        "POST",
        "/v1/brokers",
        with(activemq("d"), json!({"subnetIds": subnet})),
    )
    .await;
    assert_eq!(reply.status, 400);
}
