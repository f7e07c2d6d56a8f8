//! `postern explain`, `policy generate`, `policy … --user` and `audit verify` beside a running service.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use testkit::{Client, Postern};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err))
    }
}

fn run(data: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_postern"))
        .args(arguments)
        .arg("--data-dir")
        .arg(data)
        .env_clear()
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

const JANE: &str = "arn:aws:iam::111122223333:user/jane";

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[
  {"Sid":"Make","Effect":"Allow","Action":["mq:CreateBroker","mq:CreateTags","mq:List*","ec2:*"],"Resource":"*"},
  {"Sid":"Tagged","Effect":"Allow","Action":"mq:*","Resource":"*",
   "Condition":{"StringEquals":{"aws:ResourceTag/env":"prod"}}},
  {"Sid":"Never","Effect":"Deny","Action":"mq:CreateUser","Resource":"*"}]}"#;

/// A service with the user jane, her client, and the data folder.
async fn with_jane() -> (Postern, Client, PathBuf) {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let made = root
        .query("iam", "CreateUser", &[("UserName", "jane")])
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    let members = [
        ("UserName", "jane"),
        ("PolicyName", "brokers"),
        ("PolicyDocument", POLICY),
    ];
    let put = root.query("iam", "PutUserPolicy", &members).await.unwrap();
    assert_eq!(put.status, 200, "{}", put.body);
    let key = root
        .query("iam", "CreateAccessKey", &[("UserName", "jane")])
        .await
        .unwrap();
    let (id, secret) = (
        key.element("AccessKeyId").unwrap(),
        key.element("SecretAccessKey").unwrap(),
    );
    let jane = postern.client(&id, &secret);
    let data = postern.folder().join("data");
    (postern, jane, data)
}

/// A request for a broker: an engine and its version.
fn wanted(name: &str, engine: &str, version: &str) -> Value {
    json!({
        "brokerName": name, "engineType": engine, "engineVersion": version, "hostInstanceType": "mq.m5.large",
        "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": true, "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": "long-enough-1234"}], "tags": {"env": "test"},
    })
}

async fn create(client: &Client, name: &str) -> String {
    let body = wanted(name, "RABBITMQ", "3.13");
    let reply = client.mq_json("POST", "/v1/brokers", &body).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()["brokerArn"].as_str().unwrap().to_owned()
}

fn id_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_denial_is_explained_by_its_request_id() {
    let (postern, jane, data) = with_jane().await;
    let arn = create(&jane, "orders").await;
    let denied = jane
        .mq("POST", &format!("/v1/brokers/{}/reboot", id_of(&arn)), "")
        .await
        .unwrap();
    assert_eq!(denied.status, 403, "{}", denied.body);
    let request = denied.header("x-amzn-requestid").unwrap();
    let told = run(&data, &["explain", request, "--output", "json"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let told = told.json();
    assert_eq!(told["who"]["arn"], JANE);
    assert_eq!(told["action"], "mq:RebootBroker");
    assert_eq!(told["errorMessage"], denied.message());
    assert_eq!(
        told["add"],
        json!({"Effect": "Allow", "Action": "mq:RebootBroker", "Resource": arn})
    );
    // Decided again: the broker's tag is another one than the policy wants.
    let near = told["now"]["statements"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["sid"] == "Tagged")
        .unwrap();
    assert_eq!(near["misses"][0]["key"], "aws:ResourceTag/env");
    assert_eq!(
        (&near["misses"][0]["wanted"], &near["misses"][0]["got"]),
        (&json!(["prod"]), &json!(["test"]))
    );
    let text = run(&data, &["explain", request]);
    assert!(
        text.out.contains("wanted `prod`, the request has `test`"),
        "{}",
        text.out
    );

    let body = json!({"password": "long-enough-1234"});
    let target = format!("/v1/brokers/{}/users/joe", id_of(&arn));
    let explicit = jane.mq_json("POST", &target, &body).await.unwrap();
    let told = run(
        &data,
        &[
            "explain",
            explicit.header("x-amzn-requestid").unwrap(),
            "--output",
            "json",
        ],
    )
    .json();
    assert_eq!(
        (&told["add"], &told["now"]["decision"]),
        (&Value::Null, &json!("explicitDeny"))
    );
    assert!(
        told["decision"]
            .as_str()
            .unwrap()
            .contains("statement 2 (Never), line 5"),
        "{told}"
    );
    assert!(!told.to_string().contains("long-enough"));

    // What is proposed makes the same call pass.
    let statement = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "mq:RebootBroker", "Resource": arn}]})
    .to_string();
    let members = [
        ("UserName", "jane"),
        ("PolicyName", "more"),
        ("PolicyDocument", statement.as_str()),
    ];
    postern
        .root()
        .query("iam", "PutUserPolicy", &members)
        .await
        .unwrap();
    let again = jane
        .mq("POST", &format!("/v1/brokers/{}/reboot", id_of(&arn)), "")
        .await
        .unwrap();
    assert_ne!(again.status, 403, "{}", again.body);

    let unknown = run(&data, &["explain", "00000000-0000-0000-0000-000000000000"]);
    assert_eq!(unknown.code, 3);
    assert!(
        unknown.err.contains("no request `00000000"),
        "{}",
        unknown.err
    );
    postern.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_policies_are_asked_and_linted_beside_the_running_service() {
    let (postern, jane, data) = with_jane().await;
    let arn = create(&jane, "orders").await;
    let ask = |action: &str| {
        let arguments = [
            "policy",
            "explain",
            "--user",
            "jane",
            "--action",
            action,
            "--resource",
            &arn,
            "--output",
            "json",
        ];
        run(&data, &arguments).json()
    };
    assert_eq!(ask("mq:RebootBroker")["decision"], "implicitDeny");
    assert_eq!(ask("mq:CreateUser")["by"]["sid"], "Never");
    assert_eq!(ask("mq:ListUsers")["by"]["policy"], "jane/brokers");
    let check = run(&data, &["policy", "check"]);
    assert_eq!(
        (check.code, check.out.as_str()),
        (0, "jane/brokers: valid, 3 statements, version 2012-10-17\n")
    );
    assert_eq!(run(&data, &["policy", "lint"]).code, 0);
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}}}"#;
    let root = postern.root();
    let members = [("RoleName", "ci"), ("AssumeRolePolicyDocument", trust)];
    assert_eq!(
        root.query("iam", "CreateRole", &members)
            .await
            .unwrap()
            .status,
        200
    );
    let members = [
        ("RoleName", "ci"),
        ("PolicyName", "p"),
        ("PolicyDocument", POLICY),
    ];
    assert_eq!(
        root.query("iam", "PutRolePolicy", &members)
            .await
            .unwrap()
            .status,
        200
    );
    let role = run(
        &data,
        &[
            "policy",
            "explain",
            "--role",
            "ci",
            "--action",
            "mq:ListBrokers",
            "--output",
            "json",
        ],
    );
    assert_eq!(role.json()["by"]["policy"], "ci/p", "{}", role.out);
    let check = run(&data, &["policy", "check"]);
    assert!(check.out.contains("ci (trust): valid"), "{}", check.out);
    let nobody = run(
        &data,
        &[
            "policy",
            "explain",
            "--user",
            "nobody",
            "--action",
            "mq:ListBrokers",
        ],
    );
    assert_eq!(nobody.code, 3, "{}", nobody.err);
    postern.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_generated_policy_allows_what_was_done_and_no_more() {
    let (postern, jane, data) = with_jane().await;
    let arn = create(&jane, "orders").await;
    assert_eq!(jane.mq("GET", "/v1/brokers", "").await.unwrap().status, 200);
    assert_eq!(
        jane.mq("GET", &format!("/v1/brokers/{}/users", id_of(&arn)), "")
            .await
            .unwrap()
            .status,
        200
    );
    assert_eq!(
        jane.mq("POST", &format!("/v1/brokers/{}/reboot", id_of(&arn)), "")
            .await
            .unwrap()
            .status,
        403
    );
    let generated = run(
        &data,
        &["policy", "generate", "--from-audit", "--principal", JANE],
    );
    assert_eq!(generated.code, 0, "{}", generated.err);
    assert!(
        generated.err.starts_with("from 3 calls between "),
        "{}",
        generated.err
    );
    let policy = generated.json();
    let tags = arn.replace(id_of(&arn), "*");
    assert_eq!(
        policy,
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["mq:CreateBroker", "mq:ListBrokers"], "Resource": ["*"]},
            {"Effect": "Allow", "Action": ["mq:CreateTags"], "Resource": [tags]},
            {"Effect": "Allow", "Action": ["mq:ListUsers"], "Resource": [arn]},
        ]})
    );
    // Put in the place of the wide one, it lets the same calls pass.
    let text = policy.to_string();
    let members = [
        ("UserName", "jane"),
        ("PolicyName", "brokers"),
        ("PolicyDocument", text.as_str()),
    ];
    assert_eq!(
        postern
            .root()
            .query("iam", "PutUserPolicy", &members)
            .await
            .unwrap()
            .status,
        200
    );
    assert_eq!(jane.mq("GET", "/v1/brokers", "").await.unwrap().status, 200);
    assert_eq!(
        jane.mq("GET", &format!("/v1/brokers/{}/users", id_of(&arn)), "")
            .await
            .unwrap()
            .status,
        200
    );
    let later = [
        "policy",
        "generate",
        "--from-audit",
        "--principal",
        JANE,
        "--since",
        "2100-01-01",
    ];
    assert_eq!(run(&data, &later).code, 3);
    postern.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_single_edit_of_the_audit_log_is_found() {
    let (postern, jane, data) = with_jane().await;
    for _ in 0..20 {
        jane.mq("GET", "/v1/brokers", "").await.unwrap();
    }
    let running = run(&data, &["audit", "verify", "--output", "json"]);
    assert_eq!(running.code, 0, "{}{}", running.out, running.err);
    assert_eq!(running.json()["sound"], true);
    let copy = tempfile::tempdir().unwrap();
    // The service's folder ends with it, so an orderly end is made by a restart.
    let mut postern = postern;
    postern.restart().await.unwrap();
    for entry in ["store.db", "store.db-wal", "master.key", "audit"] {
        let status = Command::new("cp")
            .arg("-rp")
            .arg(data.join(entry))
            .arg(copy.path())
            .output();
        status.unwrap();
    }
    postern.stop().await;
    let data = copy.path();
    let file = data.join("audit/audit.jsonl");
    let whole = std::fs::read(&file).unwrap();
    let sound = run(data, &["audit", "verify", "--output", "json"]).json();
    assert_eq!(sound["sound"], true, "{sound}");
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    assert!(lines.len() >= 23, "{}", lines.len());
    assert_eq!(sound["records"], lines.len());
    assert_eq!(sound["uncoveredBytes"], 0);
    let verify = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        run(data, &["audit", "verify", "--output", "json"])
    };
    for number in [0, lines.len() / 2, lines.len() - 1] {
        let start: usize = lines[..number].iter().map(|line| line.len()).sum();
        // One letter within a text: still a well-formed record.
        let mut edited = whole.clone();
        let within = lines[number]
            .windows(6)
            .position(|six| six == b"us-eas")
            .unwrap();
        edited[start + within] = b'x';
        let ran = verify(&edited);
        let first = ran.json()["firstBad"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert_eq!(ran.code, 1, "line {number}: {}", ran.out);
        assert!(first.starts_with("audit.jsonl lines "), "{first}");
        // A line gone, a line twice, two lines exchanged.
        let mut others: Vec<Vec<&[u8]>> = vec![lines.clone(), lines.clone(), lines.clone()];
        others[0].remove(number);
        others[1].insert(number, lines[number]);
        others[2].swap(number, (number + 1) % lines.len());
        for other in others {
            assert_eq!(verify(&other.concat()).code, 1, "line {number}");
        }
        // No record any more: the line itself is named.
        let mut broken = whole.clone();
        broken[start] = b'x';
        let ran = verify(&broken);
        assert_eq!(ran.code, 1);
        let named = format!("audit.jsonl line {} is not a record", number + 1);
        assert!(
            ran.json()["firstBad"].as_str().unwrap().starts_with(&named),
            "{}",
            ran.out
        );
    }
    assert_eq!(verify(&whole).code, 0);
    let nowhere = run(&data.join("nowhere"), &["audit", "verify"]);
    assert_eq!(nowhere.code, 3, "{}", nowhere.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_on_the_callers_behalf_is_generated_and_explained_too() {
    let (postern, jane, data) = with_jane().await;
    let body = wanted("queues", "ACTIVEMQ", "5.18");
    let made = jane.mq_json("POST", "/v1/brokers", &body).await.unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    let arguments = ["policy", "generate", "--from-audit", "--principal", JANE];
    let mut policy = run(&data, &arguments).json();
    let put = async |policy: &Value| {
        let text = policy.to_string();
        let members = [
            ("UserName", "jane"),
            ("PolicyName", "brokers"),
            ("PolicyDocument", text.as_str()),
        ];
        assert_eq!(
            postern
                .root()
                .query("iam", "PutUserPolicy", &members)
                .await
                .unwrap()
                .status,
            200
        );
    };
    put(&policy).await;
    // Authorised, and refused for the name only.
    let again = jane.mq_json("POST", "/v1/brokers", &body).await.unwrap();
    assert_eq!(again.status, 409, "{}", again.body);

    // Without the one statement about the permission, the denial names it.
    let statements = policy["Statement"].as_array_mut().unwrap();
    let before = statements.len();
    statements.retain(|it| it["Action"] != json!(["ec2:CreateNetworkInterfacePermission"]));
    assert_eq!(statements.len(), before - 1);
    put(&policy).await;
    let denied = jane.mq_json("POST", "/v1/brokers", &body).await.unwrap();
    assert_eq!(denied.status, 403, "{}", denied.body);
    let request = denied.header("x-amzn-requestid").unwrap();
    let told = run(&data, &["explain", request, "--output", "json"]).json();
    let interface = "arn:aws:ec2:us-east-1:111122223333:network-interface/*";
    assert_eq!(told["action"], "mq:CreateBroker");
    assert_eq!(
        told["add"],
        json!({"Effect": "Allow", "Action": "ec2:CreateNetworkInterfacePermission", "Resource": interface})
    );
    assert_eq!(told["now"]["decision"], "implicitDeny");
    postern.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_boundary_that_is_silent_is_named_as_the_place_to_add_to() {
    let (postern, jane, data) = with_jane().await;
    let root = postern.root();
    let document = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}"#;
    let members = [("PolicyName", "limit"), ("PolicyDocument", document)];
    assert_eq!(
        root.query("iam", "CreatePolicy", &members)
            .await
            .unwrap()
            .status,
        200
    );
    let limit = "arn:aws:iam::111122223333:policy/limit";
    let members = [("UserName", "jane"), ("PermissionsBoundary", limit)];
    assert_eq!(
        root.query("iam", "PutUserPermissionsBoundary", &members)
            .await
            .unwrap()
            .status,
        200
    );
    let denied = jane.mq("GET", "/v1/brokers", "").await.unwrap();
    assert_eq!(denied.status, 403, "{}", denied.body);
    let request = denied.header("x-amzn-requestid").unwrap();
    let told = run(&data, &["explain", request]);
    assert!(
        told.out.contains("to add to the permissions boundary:"),
        "{}",
        told.out
    );
    assert!(
        told.out
            .contains("no Allow of the permissions boundary is about mq:ListBrokers"),
        "{}",
        told.out
    );
    let told = run(&data, &["explain", request, "--output", "json"]).json();
    assert_eq!(
        (&told["now"]["layer"], &told["now"]["missing"]),
        (&json!("boundary"), &json!(["boundary"]))
    );
    postern.stop().await;
}
