//! Configurations and their revisions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::*;

async fn create(server: &Server, members: Value) -> Value {
    let request = json!({"engineType": "ACTIVEMQ", "engineVersion": "5.18", "name": "my-config"});
    server
        .done("POST", "/v1/configurations", with(request, members))
        .await
}

#[tokio::test]
async fn a_configuration_begins_with_the_engines_default() {
    let server = Server::start().await;
    let made = create(&server, json!({"tags": {"a": "b"}})).await;
    let id = made["id"].as_str().unwrap();
    let first = json!({
        "created": "2026-11-25T12:00:00.000Z",
        "description": "Auto-generated default for my-config on ActiveMQ 5.18.6",
        "revision": 1,
    });
    let arn = format!("arn:aws:mq:us-east-1:{ACCOUNT}:configuration:{id}");
    assert_eq!(
        made,
        json!({
            "arn": arn, "authenticationStrategy": "simple", "created": "2026-11-25T12:00:00.000Z",
            "id": id, "latestRevision": first, "name": "my-config",
        })
    );
    let shown = json!({
        "arn": arn, "authenticationStrategy": "simple", "created": "2026-11-25T12:00:00.000Z",
        "description": "Auto-generated default for my-config on ActiveMQ 5.18.6",
        "engineType": "ActiveMQ", "engineVersion": "5.18", "id": id, "latestRevision": first,
        "name": "my-config", "tags": {"a": "b"},
    });
    assert_eq!(
        server
            .done("GET", &format!("/v1/configurations/{id}"), Value::Null)
            .await,
        shown
    );
    assert_eq!(
        server.done("GET", "/v1/configurations", Value::Null).await,
        json!({"configurations": [shown], "maxResults": 20})
    );
    let revision = server
        .done(
            "GET",
            &format!("/v1/configurations/{id}/revisions/1"),
            Value::Null,
        )
        .await;
    let data = STANDARD.decode(revision["data"].as_str().unwrap()).unwrap();
    assert_eq!(
        data,
        brokers::configuration::activemq::DEFAULT_TEXT.as_bytes()
    );
    assert_eq!(
        revision,
        json!({
            "configurationId": id, "created": "2026-11-25T12:00:00.000Z", "data": revision["data"],
            "description": "Auto-generated default for my-config on ActiveMQ 5.18.6",
        })
    );
    let rabbit = create(
        &server,
        json!({"engineType": "RabbitMQ", "engineVersion": "3.13"}),
    )
    .await;
    assert_eq!(
        rabbit["latestRevision"]["description"],
        "Auto-generated default for my-config on RabbitMQ 3.13"
    );
}

#[tokio::test]
async fn every_update_is_a_new_revision_of_what_is_left_after_sanitising() {
    let server = Server::start().await;
    let made = create(&server, json!({})).await;
    let id = made["id"].as_str().unwrap();
    let path = format!("/v1/configurations/{id}");
    let xml = r#"<broker xmlns="http://activemq.apache.org/schema/core" schedulePeriodForDestinationPurge="10000" brokerName="x"><managementContext/></broker>"#;
    let clean = r#"<broker xmlns="http://activemq.apache.org/schema/core" schedulePeriodForDestinationPurge="10000"></broker>"#;
    server.postern.clock.advance(1500);
    let updated = server
        .done(
            "PUT",
            &path,
            json!({"data": STANDARD.encode(xml), "description": "second"}),
        )
        .await;
    assert_eq!(
        updated,
        json!({
            "arn": made["arn"], "created": "2026-11-25T12:00:00.000Z", "id": id, "name": "my-config",
            "latestRevision": {"created": "2026-11-25T12:00:01.500Z", "description": "second", "revision": 2},
            "warnings": [
                {"attributeName": "brokerName", "elementName": "broker", "reason": "DISALLOWED_ATTRIBUTE_REMOVED"},
                {"elementName": "managementContext", "reason": "DISALLOWED_ELEMENT_REMOVED"},
            ],
        })
    );
    let stored = server
        .done("GET", &format!("{path}/revisions/2"), Value::Null)
        .await;
    let text =
        String::from_utf8(STANDARD.decode(stored["data"].as_str().unwrap()).unwrap()).unwrap();
    let text = text.replace("/>", "></broker>");
    assert_eq!(text.trim(), clean);
    // The same again, without a description.
    let again = server
        .done("PUT", &path, json!({"data": STANDARD.encode(clean)}))
        .await;
    assert_eq!(
        again["latestRevision"],
        json!({"created": "2026-11-25T12:00:01.500Z", "revision": 3})
    );
    assert_eq!(again["warnings"], json!([]));
    let revisions = server
        .done("GET", &format!("{path}/revisions"), Value::Null)
        .await;
    let numbers: Vec<_> = revisions["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["revision"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert_eq!(
        (&revisions["configurationId"], &revisions["maxResults"]),
        (&json!(id), &json!(20))
    );
    assert_eq!(
        server.done("GET", &path, Value::Null).await["description"],
        ""
    );
    // The first one is as it was.
    let first = server
        .done("GET", &format!("{path}/revisions/1"), Value::Null)
        .await;
    assert_ne!(first["data"], stored["data"]);
}

#[tokio::test]
async fn wrong_configurations_are_refused() {
    let server = Server::start_with(|settings| {
        settings
            .quotas
            .insert(server::settings::Quota::RevisionsPerConfiguration, 2);
        settings
            .quotas
            .insert(server::settings::Quota::ConfigurationsPerRegion, 2);
    })
    .await;
    let request = json!({"engineType": "ACTIVEMQ", "engineVersion": "5.18", "name": "c"});
    for (members, attribute, message) in [
        (
            json!({"name": "a b"}),
            "name",
            "Configuration name [a b] is invalid. Use 1 to 150 characters: letters, digits, and [- . _ ~].",
        ),
        (json!({"name": null}), "name", "Specify a value for [name]."),
        (
            json!({"engineType": null}),
            "engineType",
            "Specify a value for [engineType].",
        ),
        (
            json!({"engineVersion": "4.0"}),
            "engineVersion",
            "Broker engine version [4.0] is invalid for broker engine type [ACTIVEMQ]. Valid values: [5.19, 5.18].",
        ),
        (
            json!({"authenticationStrategy": "CONFIG_MANAGED"}),
            "authenticationStrategy",
            "Authentication strategy [CONFIG_MANAGED] is invalid for broker engine type [ACTIVEMQ]. Valid values: [SIMPLE, LDAP].",
        ),
    ] {
        let reply = server
            .call("POST", "/v1/configurations", with(request.clone(), members))
            .await;
        refused(&reply, 400, attribute, message);
    }
    let active = create(&server, json!({})).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let rabbit = create(
        &server,
        json!({"engineType": "RABBITMQ", "engineVersion": "4.2"}),
    )
    .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let reply = server.call("POST", "/v1/configurations", request).await;
    refused(
        &reply,
        400,
        "name",
        "You have reached the quota of [2] configurations in this Region.",
    );
    let put = async |id: &str, data: Value| {
        server
            .call(
                "PUT",
                &format!("/v1/configurations/{id}"),
                json!({"data": data}),
            )
            .await
    };
    refused(
        &put(&active, Value::Null).await,
        400,
        "data",
        "Specify a value for [data].",
    );
    refused(
        &put(&active, json!("***")).await,
        400,
        "data",
        "Configuration data is not valid base64.",
    );
    refused(
        &put(&active, json!(STANDARD.encode("<broker"))).await,
        400,
        "data",
        "Configuration XML is not well-formed. Error at line [1], column [1].",
    );
    refused(
        &put(&rabbit, json!(STANDARD.encode("no_such_key = 1"))).await,
        400,
        "data",
        "Configuration key [no_such_key] on line [1] is not supported.",
    );
    let good = json!(STANDARD.encode("heartbeat = 90"));
    assert_eq!(
        put(&rabbit, good.clone()).await.json()["latestRevision"]["revision"],
        2
    );
    refused(
        &put(&rabbit, good).await,
        400,
        "configuration_id",
        "You have reached the quota of [2] revisions per configuration.",
    );
    let revision = async |text: &str| {
        server
            .call(
                "GET",
                &format!("/v1/configurations/{active}/revisions/{text}"),
                Value::Null,
            )
            .await
    };
    refused(
        &revision("one").await,
        400,
        "configuration_revision",
        "Configuration revision [one] is invalid. Use a whole number.",
    );
    for number in ["2", "0", "-1", "99999999999"] {
        refused(
            &revision(number).await,
            404,
            "configuration_revision",
            &format!(
                "Can't find requested configuration revision [{number}] of configuration [{active}]. Make sure your configuration revision exists."
            ),
        );
    }
    let unknown = "c-00000000-0000-4000-8000-000000000000";
    for (method, rest, body) in [
        ("GET", "", Value::Null),
        ("PUT", "", json!({"data": ""})),
        ("DELETE", "", Value::Null),
        ("GET", "/revisions", Value::Null),
        ("GET", "/revisions/1", Value::Null),
    ] {
        let reply = server
            .call(method, &format!("/v1/configurations/{unknown}{rest}"), body)
            .await;
        refused(
            &reply,
            404,
            "configuration_id",
            &format!(
                "Can't find requested configuration [{unknown}]. Make sure your configuration exists."
            ),
        );
    }
}

#[tokio::test]
async fn a_configuration_is_deleted_once_no_broker_uses_it() {
    let server = Server::start().await;
    let id = create(&server, json!({})).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/configurations/{id}");
    let broker = server.running(activemq("b")).await;
    server
        .done(
            "PUT",
            &format!("/v1/brokers/{broker}"),
            json!({"configuration": {"id": id}}),
        )
        .await;
    let own = server.describe(&broker).await["configurations"]["current"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for used in [&path, &format!("/v1/configurations/{own}")] {
        let reply = server.call("DELETE", used, Value::Null).await;
        refused(
            &reply,
            409,
            "configuration_id",
            "Configuration ID is already in use. Remove the configuration from all brokers and retry the request",
        );
    }
    server
        .done(
            "PUT",
            &format!("/v1/brokers/{broker}"),
            json!({"configuration": {"id": own, "revision": 1}}),
        )
        .await;
    assert_eq!(
        server.done("DELETE", &path, Value::Null).await,
        json!({"configurationId": id})
    );
    assert_eq!(server.call("GET", &path, Value::Null).await.status, 404);
    let snapshot = server.postern.service().services().store.snapshot();
    let of = brokers::broker::ConfigurationRef {
        id: brokers::ids::ConfigurationId::parse(&id).unwrap(),
        revision: 1,
    };
    assert!(
        snapshot
            .state
            .account(ACCOUNT)
            .unwrap()
            .revision_data(&of)
            .is_none()
    );
}

#[tokio::test]
async fn a_configuration_has_to_go_with_the_broker() {
    let server = Server::start().await;
    let rabbit = create(
        &server,
        json!({"engineType": "RABBITMQ", "engineVersion": "4.2"}),
    )
    .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let limits = STANDARD.encode("cluster_queue_limit = 100000000");
    server
        .done(
            "PUT",
            &format!("/v1/configurations/{rabbit}"),
            json!({"data": limits}),
        )
        .await;
    let ldap = create(&server, json!({"authenticationStrategy": "LDAP"})).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let oauth = create(
        &server,
        json!({"engineType": "RABBITMQ", "engineVersion": "4.2"}),
    )
    .await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    server.done("PUT", &format!("/v1/configurations/{oauth}"), json!({"data": STANDARD.encode("auth_backends.1 = ldap\nauth_ldap.servers.1 = ldap.example.test\nauth_ldap.use_ssl = true")})).await;
    let four = json!({"engineVersion": "4.2", "hostInstanceType": "mq.m7g.medium"});
    let using = |base: Value, id: &str, revision: Value| {
        with(
            base,
            json!({"configuration": {"id": id, "revision": revision}}),
        )
    };
    for (request, attribute, message) in [
        (using(activemq("b"), &rabbit, json!(1)), "configuration", format!("Configuration [{rabbit}] for engine type [RABBITMQ] is invalid for broker engine type [ACTIVEMQ].")),
        (using(activemq("b"), &ldap, json!(1)), "configuration", format!("Configuration [{ldap}] with authentication strategy [LDAP] is invalid for broker authentication strategy [SIMPLE].")),
        (using(activemq("b"), &ldap, json!(7)), "configuration", format!("Can't find requested configuration revision [7] of configuration [{ldap}]. Make sure your configuration revision exists.")),
        (using(with(rabbitmq("b"), four.clone()), &rabbit, json!(2)), "configuration", "Configuration Revision 2 for configuration:cluster_queue_limit has limit: of value: 100000000 larger than maximum allowed limit:2500".to_owned()),
        (with(using(with(rabbitmq("b"), four.clone()), &rabbit, json!(1)), json!({"users": []})), "users", "Specify exactly one user for engine type [RABBITMQ].".to_owned()),
    ] {
        let reply = server.call("POST", "/v1/brokers", request).await;
        refused(&reply, 400, attribute, &message);
    }
    // The latest revision, if none is named; with another back end no user is needed.
    let id = server
        .running(with(
            with(rabbitmq("managed"), four),
            json!({"configuration": {"id": oauth}, "users": []}),
        ))
        .await;
    let shown = server.describe(&id).await;
    assert_eq!(shown["authenticationStrategy"], "config_managed");
    assert_eq!(
        shown["configurations"],
        json!({"current": {"id": oauth, "revision": 2}, "history": []})
    );
}
