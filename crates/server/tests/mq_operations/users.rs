//! Users of ActiveMQ brokers, and the refusals of RabbitMQ's.

use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn users_are_created_changed_and_removed_by_a_reboot() {
    let server = Server::start().await;
    let id = server.running(activemq("b")).await;
    let path = |name: &str| format!("/v1/brokers/{id}/users/{name}");
    let new = json!({"password": PASSWORD, "consoleAccess": true, "groups": ["ops", "dev"]});
    assert_eq!(
        server.done("POST", &path("jane"), new.clone()).await,
        json!({})
    );
    assert_eq!(
        server.done("GET", &path("jane"), Value::Null).await,
        json!({
            "brokerId": id, "username": "jane", "consoleAccess": false, "groups": [], "replicationUser": false,
            "pending": {"pendingChange": "CREATE", "consoleAccess": true, "groups": ["ops", "dev"]},
        })
    );
    assert_eq!(
        server.describe(&id).await["users"],
        json!([{"username": "admin"}, {"username": "jane", "pendingChange": "CREATE"}])
    );
    let reply = server.call("POST", &path("jane"), new).await;
    refused(
        &reply,
        409,
        "username",
        "User [jane] already exists. Use a different username, and then retry your request.",
    );
    server
        .done("PUT", &path("admin"), json!({"groups": ["ops"]}))
        .await;
    assert_eq!(
        server.done("GET", &path("admin"), Value::Null).await,
        json!({
            "brokerId": id, "username": "admin", "consoleAccess": false, "groups": [], "replicationUser": false,
            "pending": {"pendingChange": "UPDATE", "consoleAccess": false, "groups": ["ops"]},
        })
    );
    // A change of one that waits to be created leaves it waiting to be created.
    server
        .done("PUT", &path("jane"), json!({"consoleAccess": false}))
        .await;
    reboot(&server, &id).await;
    assert_eq!(
        server
            .done("GET", &format!("/v1/brokers/{id}/users"), Value::Null)
            .await,
        json!({"brokerId": id, "maxResults": 20, "users": [{"username": "admin"}, {"username": "jane"}]})
    );
    assert_eq!(
        server.done("GET", &path("jane"), Value::Null).await,
        json!({"brokerId": id, "username": "jane", "consoleAccess": false, "groups": ["ops", "dev"], "replicationUser": false})
    );

    assert_eq!(
        server.done("DELETE", &path("jane"), Value::Null).await,
        json!({})
    );
    server.done("DELETE", &path("jane"), Value::Null).await;
    assert_eq!(
        server.done("GET", &path("jane"), Value::Null).await["pending"],
        json!({"pendingChange": "DELETE"})
    );
    reboot(&server, &id).await;
    let reply = server.call("GET", &path("jane"), Value::Null).await;
    refused(
        &reply,
        404,
        "username",
        "Can't find requested user [jane]. Make sure your user exists.",
    );
    for (method, body) in [("PUT", json!({})), ("DELETE", Value::Null)] {
        let reply = server.call(method, &path("jane"), body).await;
        assert_eq!(reply.status, 404);
    }
    // One that was never applied leaves no trace, and one that waits to go can be made again.
    server
        .done("POST", &path("brief"), json!({"password": PASSWORD}))
        .await;
    server.done("DELETE", &path("brief"), Value::Null).await;
    assert_eq!(
        server.call("GET", &path("brief"), Value::Null).await.status,
        404
    );
    server.done("DELETE", &path("admin"), Value::Null).await;
    server
        .done(
            "POST",
            &path("admin"),
            json!({"password": "another-Pa55word"}),
        )
        .await;
    assert_eq!(
        server.describe(&id).await["users"],
        json!([{"username": "admin", "pendingChange": "UPDATE"}])
    );
}

async fn reboot(server: &Server, id: &str) {
    server
        .done("POST", &format!("/v1/brokers/{id}/reboot"), Value::Null)
        .await;
    let reply = server
        .call(
            "POST",
            &format!("/v1/brokers/{id}/users/late"),
            json!({"password": PASSWORD}),
        )
        .await;
    refused(
        &reply,
        400,
        "broker-id",
        &format!(
            "Can't change users of broker [{id}] in state [REBOOT_IN_PROGRESS]. Wait until the broker is in state [RUNNING], and then retry your request."
        ),
    );
    server.ready(id).await;
}

#[tokio::test]
async fn passwords_are_kept_sealed_for_their_user_and_a_rotation_waits() {
    let server = Server::start().await;
    let id = server.running(activemq("b")).await;
    let path = format!("/v1/brokers/{id}/users/admin");
    server
        .done("PUT", &path, json!({"password": "rotated-Pa55word"}))
        .await;
    let record = server.record(&id);
    let user = &record.users["admin"];
    let services = server.postern.service().services();
    let identity = brokers::broker::BrokerUser::seal_identity(&id, "admin");
    let open = |sealed: &str| services.open(sealed, &identity).unwrap().to_vec();
    assert_eq!(
        open(&user.current.as_ref().unwrap().sealed_password),
        PASSWORD.as_bytes()
    );
    let pending = user.pending.as_ref().unwrap().settings.as_ref().unwrap();
    assert_eq!(open(&pending.sealed_password), b"rotated-Pa55word");
    let other = brokers::broker::BrokerUser::seal_identity(&id, "other");
    assert!(services.open(&pending.sealed_password, &other).is_err());
    reboot(&server, &id).await;
    let record = server.record(&id);
    assert_eq!(
        open(
            &record.users["admin"]
                .current
                .as_ref()
                .unwrap()
                .sealed_password
        ),
        b"rotated-Pa55word"
    );
}

#[tokio::test]
async fn wrong_users_are_refused() {
    let server = Server::start_with(|settings| {
        settings
            .quotas
            .insert(server::settings::Quota::UsersPerBroker, 2);
    })
    .await;
    let id = server.running(activemq("b")).await;
    let groups: Vec<String> = (0..21).map(|n| format!("group{n}")).collect();
    for (name, body, attribute, message) in [
        (
            "a",
            json!({"password": PASSWORD}),
            "username",
            "Username [a] is invalid. Use 2 to 100 characters: letters, digits, and [- . _ ~].",
        ),
        (
            "a%2Cb",
            json!({"password": PASSWORD}),
            "username",
            "Username [a,b] is invalid. Use 2 to 100 characters: letters, digits, and [- . _ ~].",
        ),
        (
            "jane",
            json!({}),
            "password",
            "Specify a value for [password].",
        ),
        (
            "jane",
            json!({"password": "aaaaaaaaaaaa"}),
            "password",
            "Make sure your password contains at least [4] unique characters.",
        ),
        (
            "jane",
            json!({"password": "pässword-long-1"}),
            "password",
            "Make sure your password contains printable ASCII characters only.",
        ),
        (
            "jane",
            json!({"password": PASSWORD, "groups": groups}),
            "groups",
            "Specify at most [20] groups per user.",
        ),
        (
            "jane",
            json!({"password": PASSWORD, "groups": ["x"]}),
            "groups",
            "Group [x] is invalid. Use 2 to 100 characters: letters, digits, and [- . _ ~].",
        ),
        (
            "jane",
            json!({"password": PASSWORD, "replicationUser": true, "consoleAccess": true}),
            "",
            "Replication user couldn't have console access. [replicationUser] and [consoleAccess] are mutually exclusive parameters.",
        ),
    ] {
        let reply = server
            .call("POST", &format!("/v1/brokers/{id}/users/{name}"), body)
            .await;
        refused(&reply, 400, attribute, message);
    }
    server
        .done(
            "POST",
            &format!("/v1/brokers/{id}/users/second"),
            json!({"password": PASSWORD}),
        )
        .await;
    let reply = server
        .call(
            "POST",
            &format!("/v1/brokers/{id}/users/third"),
            json!({"password": PASSWORD}),
        )
        .await;
    refused(
        &reply,
        400,
        "username",
        "You have reached the quota of [2] users per broker.",
    );
}

#[tokio::test]
async fn rabbitmq_keeps_its_users_itself() {
    let server = Server::start().await;
    let id = server.running(rabbitmq("r")).await;
    let message =
        "To manage broker users, please use the RabbitMQ web console, or the management API";
    for (method, rest, body) in [
        ("GET", "/admin", Value::Null),
        ("POST", "/jane", json!({"password": PASSWORD})),
        ("POST", "/jane", json!({})),
        ("PUT", "/admin", json!({"password": PASSWORD})),
        ("DELETE", "/admin", Value::Null),
    ] {
        let reply = server
            .call(method, &format!("/v1/brokers/{id}/users{rest}"), body)
            .await;
        refused(&reply, 400, "", message);
    }
    assert_eq!(
        server
            .done("GET", &format!("/v1/brokers/{id}/users"), Value::Null)
            .await,
        json!({"brokerId": id, "maxResults": 20, "users": []})
    );
}
