//! The gate, derived from the table: nobody gets in by omission.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

use api::row::{Gate, Protocol, Row, Wire};
use api::table::ROWS;
use testkit::{Client, Postern, Reply};

/// A request for the row with something in every label.
async fn call(client: &Client, row: &Row) -> Reply {
    match row.wire {
        Wire::Rest { method, .. } => {
            let body = if method == "POST" || method == "PUT" {
                "{}"
            } else {
                ""
            };
            client.mq(method, &path(row), body).await.unwrap()
        }
        Wire::Query => {
            let members = [
                ("UserName", "somebody"),
                ("PolicyArn", "arn:aws:iam::111122223333:policy/p"),
            ];
            client
                .query(row.service.name(), row.name, &members)
                .await
                .unwrap()
        }
    }
}

fn path(row: &Row) -> String {
    let Wire::Rest { path, .. } = row.wire else {
        panic!("a REST row")
    };
    path.replace("{broker-id}", "b-00000000-0000-4000-8000-000000000000")
        .replace(
            "{configuration-id}",
            "c-00000000-0000-4000-8000-000000000000",
        )
        .replace(
            "{resource-arn}",
            "arn%3Aaws%3Amq%3Aus-east-1%3A111122223333%3Aconfiguration%3Ac-1",
        )
        .replace("{configuration-revision}", "1")
        .replace("{username}", "somebody")
}

/// A user with one inline policy, or none, and its client.
async fn user(postern: &Postern, name: &str, policy: Option<&str>) -> Client {
    let root = postern.root();
    assert_eq!(
        root.query("iam", "CreateUser", &[("UserName", name)])
            .await
            .unwrap()
            .status,
        200
    );
    if let Some(policy) = policy {
        let members = [
            ("UserName", name),
            ("PolicyName", "p"),
            ("PolicyDocument", policy),
        ];
        let put = root.query("iam", "PutUserPolicy", &members).await.unwrap();
        assert_eq!(put.status, 200, "{}", put.body);
    }
    let key = root
        .query("iam", "CreateAccessKey", &[("UserName", name)])
        .await
        .unwrap();
    postern.client(
        &key.element("AccessKeyId").unwrap(),
        &key.element("SecretAccessKey").unwrap(),
    )
}

#[tokio::test]
async fn every_row_refuses_an_unsigned_call() {
    let postern = Postern::start().await.unwrap();
    let client = postern.root();
    let mut seen = 0;
    for row in ROWS {
        let reply = match row.wire {
            Wire::Rest { method, .. } => {
                client.send_raw(method, &path(row), &[], b"").await.unwrap()
            }
            Wire::Query => {
                let version = row.service.api_version().unwrap();
                let form = format!("Action={}&Version={version}", row.name);
                client
                    .send_raw("POST", "/", &[], form.as_bytes())
                    .await
                    .unwrap()
            }
        };
        // The one operation that nobody signs: without a provider's token it goes nowhere.
        if row.gate == Gate::WebIdentity {
            let code = reply.code();
            assert_eq!(
                (reply.status, code.as_deref()),
                (400, Some("ValidationError"))
            );
            continue;
        }
        let code = match row.service.protocol() {
            Protocol::RestJson => "MissingAuthenticationTokenException",
            Protocol::Query | Protocol::Ec2 => "MissingAuthenticationToken",
        };
        assert_eq!(
            (reply.status, reply.code().as_deref()),
            (403, Some(code)),
            "{}: {}",
            row.name,
            reply.body
        );
        assert!(
            reply.header("x-amzn-requestid").is_some() && reply.header("date").is_some(),
            "{}",
            row.name
        );
        seen += 1;
    }
    println!("{seen} rows refuse an unsigned call");
    assert_eq!(seen + 1, ROWS.len());
    postern.stop().await;
}

#[tokio::test]
async fn every_row_refuses_a_signed_call_without_a_policy() {
    let postern = Postern::start().await.unwrap();
    let nobody = user(&postern, "nobody", None).await;
    refused_everywhere(&nobody, "nobody", |row| {
        format!(
            "because no identity-based policy allows the {} action",
            row.action
        )
    })
    .await;
    postern.stop().await;
}

#[tokio::test]
async fn every_row_refuses_a_call_under_an_explicit_deny() {
    let postern = Postern::start().await.unwrap();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
        {"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    let denied = user(&postern, "denied", Some(policy)).await;
    refused_everywhere(&denied, "denied", |_| {
        "with an explicit deny in an identity-based policy".into()
    })
    .await;
    postern.stop().await;
}

async fn refused_everywhere(client: &Client, name: &str, reason: impl Fn(&Row) -> String) {
    for row in ROWS {
        let reply = call(client, row).await;
        match row.gate {
            Gate::WebIdentity => assert_eq!(reply.status, 400, "{}", row.name),
            Gate::SignatureAlone => assert_eq!(reply.status, 200, "{}", row.name),
            Gate::Policies | Gate::Trust => {
                let code = match row.service.protocol() {
                    Protocol::RestJson => "AccessDeniedException",
                    Protocol::Query => "AccessDenied",
                    Protocol::Ec2 => "UnauthorizedOperation",
                };
                assert_eq!(
                    (reply.status, reply.code().as_deref()),
                    (403, Some(code)),
                    "{}: {}",
                    row.name,
                    reply.body
                );
                let message = reply.message();
                // AWS: EC2 adds a sealed copy of the reason.
                let encoded = ". Encoded authorization failure message: ";
                let (message, sealed) = message.split_once(encoded).unwrap_or((&message, ""));
                assert_eq!(!sealed.is_empty(), row.service.protocol() == Protocol::Ec2);
                let before = match row.service.protocol() {
                    Protocol::RestJson | Protocol::Query => "",
                    Protocol::Ec2 => "You are not authorized to perform this operation. ",
                };
                let begin = format!(
                    "{before}User: arn:aws:iam::111122223333:user/{name} is not authorized to perform: {}",
                    row.action
                );
                assert!(
                    message.starts_with(&begin) && message.ends_with(&reason(row)),
                    "{}: {message}",
                    row.name
                );
            }
        }
    }
    println!("{} rows refuse {name}", ROWS.len());
}

#[tokio::test]
async fn every_row_has_a_handler() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    for row in ROWS {
        let reply = call(&root, row).await;
        assert!(
            reply.status < 500,
            "{}: {} {}",
            row.name,
            reply.status,
            reply.body
        );
    }
    postern.stop().await;
}

#[tokio::test]
async fn what_does_not_exist_is_refused_in_the_protocols_shape() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let mq = root.mq("PATCH", "/v1/brokers", "").await.unwrap();
    assert_eq!(
        (mq.status, mq.code().as_deref()),
        (403, Some("MissingAuthenticationTokenException"))
    );
    for service in ["iam", "sts", "ec2"] {
        let reply = root.query(service, "NoSuchAction", &[]).await.unwrap();
        assert_eq!(
            (reply.status, reply.code().as_deref()),
            (400, Some("InvalidAction")),
            "{}",
            reply.body
        );
    }
    postern.stop().await;
}
