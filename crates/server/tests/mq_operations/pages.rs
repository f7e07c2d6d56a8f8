//! Pages: every list, page by page, and tokens that nobody gave out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::*;

fn escaped(token: &str) -> String {
    token
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

/// Walks through a list with pages of two.
async fn walk(server: &Server, path: &str, member: &str) -> (Vec<Value>, usize, String) {
    let (mut all, mut pages, mut token) = (Vec::new(), 0, None::<String>);
    let mut first = String::new();
    loop {
        let next = token
            .map(|token| format!("&nextToken={}", escaped(&token)))
            .unwrap_or_default();
        let page = server
            .done("GET", &format!("{path}?maxResults=2{next}"), Value::Null)
            .await;
        all.extend(page[member].as_array().unwrap().iter().cloned());
        pages += 1;
        token = page["nextToken"].as_str().map(str::to_owned);
        match &token {
            None => return (all, pages, first),
            Some(token) if first.is_empty() => first = token.clone(),
            Some(_) => {}
        }
    }
}

#[tokio::test]
async fn a_list_shows_each_broker_as_it_is_now() {
    let server = Server::start().await;
    let states = |list: Value| -> Vec<(String, String)> {
        let text = |broker: &Value, member: &str| broker[member].as_str().unwrap().to_owned();
        let brokers = list["brokerSummaries"].as_array().unwrap().clone();
        brokers
            .iter()
            .map(|broker| (text(broker, "brokerName"), text(broker, "brokerState")))
            .collect()
    };
    let list = || async { states(server.done("GET", "/v1/brokers", Value::Null).await) };
    let expected = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter()
            .map(|(name, state)| ((*name).to_owned(), (*state).to_owned()))
            .collect()
    };
    assert_eq!(list().await, []);
    let first = server.broker(activemq("a")).await;
    assert_eq!(list().await, expected(&[("a", "CREATION_IN_PROGRESS")]));
    server.ready(&first).await;
    server.postern.clock.advance(1);
    server.broker(activemq("b")).await;
    for _ in 0..2 {
        let wanted = [("a", "RUNNING"), ("b", "CREATION_IN_PROGRESS")];
        assert_eq!(list().await, expected(&wanted));
    }
    let reboot = format!("/v1/brokers/{first}/reboot");
    server.done("POST", &reboot, Value::Null).await;
    let wanted = [("a", "REBOOT_IN_PROGRESS"), ("b", "CREATION_IN_PROGRESS")];
    assert_eq!(list().await, expected(&wanted));
    let one = server
        .done("GET", "/v1/brokers?maxResults=1", Value::Null)
        .await;
    assert!(one["nextToken"].is_string(), "{one}");
    assert_eq!(states(one), expected(&wanted[..1]));
}

#[tokio::test]
async fn every_list_is_walked_page_by_page_without_loss_or_repetition() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for name in ["b1", "b2", "b3", "b4", "b5"] {
        ids.push(server.running(activemq(name)).await);
        server.postern.clock.advance(1);
    }
    let id = &ids[0];
    for name in ["u1", "u2", "u3", "u4"] {
        server
            .done(
                "POST",
                &format!("/v1/brokers/{id}/users/{name}"),
                json!({"password": PASSWORD}),
            )
            .await;
    }
    let own = server.describe(id).await["configurations"]["current"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let data = STANDARD.encode(brokers::configuration::activemq::DEFAULT_TEXT);
    for _ in 0..4 {
        server
            .done(
                "PUT",
                &format!("/v1/configurations/{own}"),
                json!({"data": data}),
            )
            .await;
    }
    let text = |member: &'static str| move |item: &Value| item[member].to_string();
    let (found, pages, brokers) = walk(&server, "/v1/brokers", "brokerSummaries").await;
    assert_eq!(
        (
            found
                .iter()
                .map(text("brokerName"))
                .collect::<Vec<_>>()
                .join(","),
            pages
        ),
        (r#""b1","b2","b3","b4","b5""#.to_owned(), 3)
    );
    let (found, pages, configurations) =
        walk(&server, "/v1/configurations", "configurations").await;
    assert_eq!((found.len(), pages), (5, 3));
    let users_path = format!("/v1/brokers/{id}/users");
    let (found, pages, users) = walk(&server, &users_path, "users").await;
    assert_eq!(
        (
            found
                .iter()
                .map(text("username"))
                .collect::<Vec<_>>()
                .join(","),
            pages
        ),
        (r#""admin","u1","u2","u3","u4""#.to_owned(), 3)
    );
    let revisions_path = format!("/v1/configurations/{own}/revisions");
    let (found, pages, revisions) = walk(&server, &revisions_path, "revisions").await;
    assert_eq!(
        (
            found
                .iter()
                .map(text("revision"))
                .collect::<Vec<_>>()
                .join(","),
            pages
        ),
        ("5,4,3,2,1".to_owned(), 3)
    );
    let (found, pages, options) = walk(
        &server,
        "/v1/broker-instance-options",
        "brokerInstanceOptions",
    )
    .await;
    assert_eq!((found.len(), pages), (21, 11));

    // A token is good for its own list alone.
    let lists = [
        ("/v1/brokers".to_owned(), brokers),
        ("/v1/configurations".to_owned(), configurations),
        (users_path, users),
        (revisions_path, revisions),
        ("/v1/broker-instance-options".to_owned(), options),
        (format!("/v1/brokers/{}/users", ids[1]), String::new()),
        ("/v1/broker-engine-types".to_owned(), String::new()),
        (
            "/v1/broker-instance-options?storageType=EBS".to_owned(),
            String::new(),
        ),
    ];
    for (path, _) in &lists {
        for (other, token) in lists.iter().filter(|(_, token)| !token.is_empty()) {
            let mark = if path.contains('?') { '&' } else { '?' };
            let reply = server
                .call(
                    "GET",
                    &format!("{path}{mark}nextToken={}", escaped(token)),
                    Value::Null,
                )
                .await;
            if path == other {
                assert_eq!(reply.status, 200, "{path}: {}", reply.body);
            } else {
                refused(&reply, 400, "nextToken", WRONG);
            }
        }
    }
    // Every byte of it counts.
    let token = &lists[0].1;
    let bytes = STANDARD.decode(token).unwrap();
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 1;
        let forged = STANDARD.encode(forged);
        let reply = server
            .call(
                "GET",
                &format!("/v1/brokers?nextToken={}", escaped(&forged)),
                Value::Null,
            )
            .await;
        refused(&reply, 400, "nextToken", WRONG);
    }
    for text in ["x", "AAAA", "null", &"A".repeat(5000)] {
        let reply = server
            .call("GET", &format!("/v1/brokers?nextToken={text}"), Value::Null)
            .await;
        refused(&reply, 400, "nextToken", WRONG);
    }
    server.postern.clock.advance(25 * 60 * 60 * 1000);
    let reply = server
        .call(
            "GET",
            &format!("/v1/brokers?nextToken={}", escaped(token)),
            Value::Null,
        )
        .await;
    refused(&reply, 400, "nextToken", WRONG);
}

const WRONG: &str = "The value of [nextToken] is invalid. Use the value that the previous response of the same request returned.";

#[tokio::test]
async fn page_sizes_outside_their_range_are_refused() {
    let server = Server::start().await;
    for path in [
        "/v1/brokers",
        "/v1/configurations",
        "/v1/broker-engine-types",
        "/v1/broker-instance-options",
    ] {
        for size in ["0", "101", "-1"] {
            let reply = server
                .call("GET", &format!("{path}?maxResults={size}"), Value::Null)
                .await;
            refused(
                &reply,
                400,
                "maxResults",
                &format!("The value [{size}] of [maxResults] is invalid. Valid values: [1-100]."),
            );
        }
        assert_eq!(
            server
                .call("GET", &format!("{path}?maxResults=ten"), Value::Null)
                .await
                .status,
            400
        );
    }
}
