//! Records: every call has one, with the reason of its decision and without its secrets; what cannot be recorded is not done.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

use serde_json::Value;
use testkit::Postern;

fn records(postern: &Postern) -> Vec<Value> {
    let text = std::fs::read_to_string(postern.folder().join("data/audit/audit.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn a_change_a_read_and_a_refusal_are_each_recorded_once() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    root.query("iam", "CreateUser", &[("UserName", "jane")])
        .await
        .unwrap();
    let key = root
        .query("iam", "CreateAccessKey", &[("UserName", "jane")])
        .await
        .unwrap();
    let secret = key.element("SecretAccessKey").unwrap();
    let jane = postern.client(&key.element("AccessKeyId").unwrap(), &secret);
    let refused = jane.mq("GET", "/v1/brokers", "").await.unwrap();
    root.mq("GET", "/v1/brokers", "").await.unwrap();
    let records = records(&postern);
    assert_eq!(records.len(), 4);
    let [user, key, denied, list] = &records[..] else {
        panic!("four records")
    };
    assert_eq!(user["eventName"], "CreateUser");
    assert_eq!(user["requestParameters"]["userName"], "jane");
    assert_eq!(user["responseElements"]["User"]["UserName"], "jane");
    assert_eq!(
        key["responseElements"]["AccessKey"]["SecretAccessKey"],
        "***"
    );
    assert!(
        !records
            .iter()
            .any(|record| record.to_string().contains(&secret))
    );
    assert_eq!(denied["errorCode"], "AccessDeniedException");
    assert_eq!(
        denied["requestID"],
        refused.header("x-amzn-requestid").unwrap()
    );
    assert_eq!(denied["userIdentity"]["userName"], "jane");
    assert_eq!(
        denied["additionalEventData"]["decision"],
        "no statement of the Identity layer allows mq:ListBrokers on *"
    );
    assert_eq!(list["readOnly"], true);
    assert_eq!(
        list["additionalEventData"]["decision"],
        "allowed: the caller is the account's root"
    );
    postern.stop().await;
}

#[tokio::test]
async fn a_decision_names_the_policy_and_the_statement() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    root.query("iam", "CreateUser", &[("UserName", "jane")])
        .await
        .unwrap();
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"iam:*","Resource":"*"},
        {"Sid":"Look","Effect":"Allow","Action":"mq:List*","Resource":"*"}]}"#;
    let members = [
        ("UserName", "jane"),
        ("PolicyName", "reader"),
        ("PolicyDocument", policy),
    ];
    root.query("iam", "PutUserPolicy", &members).await.unwrap();
    let key = root
        .query("iam", "CreateAccessKey", &[("UserName", "jane")])
        .await
        .unwrap();
    let jane = postern.client(
        &key.element("AccessKeyId").unwrap(),
        &key.element("SecretAccessKey").unwrap(),
    );
    assert_eq!(jane.mq("GET", "/v1/brokers", "").await.unwrap().status, 200);
    let last = records(&postern).pop().unwrap();
    assert_eq!(
        last["additionalEventData"]["decision"],
        "allowed by inline policy reader, statement 1 (Look), line 3"
    );
    postern.stop().await;
}

#[tokio::test]
async fn a_change_that_cannot_be_recorded_is_refused_and_reads_go_on() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    assert_eq!(
        root.query("iam", "CreateUser", &[("UserName", "before")])
            .await
            .unwrap()
            .status,
        200
    );
    // A folder stands where the file was: nothing can be appended or made there. (Permissions would not stop root.)
    let file = postern.folder().join("data/audit/audit.jsonl");
    let away = postern.folder().join("away");
    std::fs::rename(&file, &away).unwrap();
    std::fs::create_dir(&file).unwrap();
    let journal = postern.service().services().store.journal();
    assert!(!journal.probe(), "the journal notices");
    let refused = root
        .query("iam", "CreateUser", &[("UserName", "during")])
        .await
        .unwrap();
    assert_eq!(
        (refused.status, refused.code().as_deref()),
        (503, Some("ServiceUnavailable")),
        "{}",
        refused.body
    );
    assert_eq!(
        root.query("iam", "GetUser", &[("UserName", "before")])
            .await
            .unwrap()
            .status,
        200
    );
    std::fs::remove_dir(&file).unwrap();
    assert!(journal.probe(), "the journal heals");
    assert_eq!(
        root.query("iam", "GetUser", &[("UserName", "during")])
            .await
            .unwrap()
            .status,
        404
    );
    assert_eq!(
        root.query("iam", "CreateUser", &[("UserName", "after")])
            .await
            .unwrap()
            .status,
        200
    );
    postern.stop().await;
}

#[tokio::test]
async fn a_revoked_key_and_a_changed_policy_count_for_the_next_request() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    root.query("iam", "CreateUser", &[("UserName", "jane")])
        .await
        .unwrap();
    let key = root
        .query("iam", "CreateAccessKey", &[("UserName", "jane")])
        .await
        .unwrap();
    let id = key.element("AccessKeyId").unwrap();
    let jane = postern.client(&id, &key.element("SecretAccessKey").unwrap());
    let arn = "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess";
    for _ in 0..20 {
        root.query(
            "iam",
            "AttachUserPolicy",
            &[("UserName", "jane"), ("PolicyArn", arn)],
        )
        .await
        .unwrap();
        assert_eq!(jane.mq("GET", "/v1/brokers", "").await.unwrap().status, 200);
        root.query(
            "iam",
            "DetachUserPolicy",
            &[("UserName", "jane"), ("PolicyArn", arn)],
        )
        .await
        .unwrap();
        assert_eq!(jane.mq("GET", "/v1/brokers", "").await.unwrap().status, 403);
    }
    for (status, code) in [
        ("Inactive", Some("UnrecognizedClientException")),
        ("Active", Some("AccessDeniedException")),
    ] {
        let members = [
            ("UserName", "jane"),
            ("AccessKeyId", id.as_str()),
            ("Status", status),
        ];
        root.query("iam", "UpdateAccessKey", &members)
            .await
            .unwrap();
        assert_eq!(
            jane.mq("GET", "/v1/brokers", "")
                .await
                .unwrap()
                .code()
                .as_deref(),
            code
        );
    }
    root.query(
        "iam",
        "DeleteAccessKey",
        &[("UserName", "jane"), ("AccessKeyId", &id)],
    )
    .await
    .unwrap();
    assert_eq!(
        jane.mq("GET", "/v1/brokers", "")
            .await
            .unwrap()
            .code()
            .as_deref(),
        Some("UnrecognizedClientException")
    );
    postern.stop().await;
}
