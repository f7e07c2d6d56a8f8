//! What the tests of sessions share.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part, and helpers of tests may fail the test"
)]

use serde_json::{Value, json};
use testkit::{Client, Postern, Reply};

pub(crate) const ACCOUNT: &str = "111122223333";

/// The text that stands for any call that is refused for its token.
pub(crate) const INVALID: &str = "The security token included in the request is invalid";
/// And for one whose token is over.
pub(crate) const EXPIRED: &str = "The security token included in the request is expired";

/// A policy of these statements.
pub(crate) fn policy(statements: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

pub(crate) fn allow(actions: &str) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })
}

/// A trust policy of these statements; the principal is `AWS`.
pub(crate) fn trust(principal: &str, action: &str) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Principal": { "AWS": principal } })
}

pub(crate) fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

pub(crate) fn user_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

/// Calls, and expects success.
pub(crate) async fn done(
    client: &Client,
    service: &str,
    action: &str,
    members: &[(&str, &str)],
) -> Reply {
    let reply = client.query(service, action, members).await.unwrap();
    assert_eq!(reply.status, 200, "{action}: {}", reply.body);
    reply
}

/// A user with one inline policy.
pub(crate) async fn user(postern: &Postern, name: &str, statements: Value) -> Client {
    let root = postern.root();
    done(&root, "iam", "CreateUser", &[("UserName", name)]).await;
    put_user_policy(postern, name, "p", statements).await;
    let key = done(&root, "iam", "CreateAccessKey", &[("UserName", name)]).await;
    postern.client(
        &key.element("AccessKeyId").unwrap(),
        &key.element("SecretAccessKey").unwrap(),
    )
}

pub(crate) async fn put_user_policy(postern: &Postern, user: &str, name: &str, statements: Value) {
    let document = policy(statements);
    let members = [
        ("UserName", user),
        ("PolicyName", name),
        ("PolicyDocument", document.as_str()),
    ];
    done(&postern.root(), "iam", "PutUserPolicy", &members).await;
}

/// A role with this trust policy and one inline policy.
pub(crate) async fn role(postern: &Postern, name: &str, trust: Value, statements: Value) {
    let trust = policy(trust);
    let members = [
        ("RoleName", name),
        ("AssumeRolePolicyDocument", trust.as_str()),
        ("MaxSessionDuration", "43200"),
    ];
    done(&postern.root(), "iam", "CreateRole", &members).await;
    put_role_policy(postern, name, "p", statements).await;
}

pub(crate) async fn put_role_policy(postern: &Postern, role: &str, name: &str, statements: Value) {
    let document = policy(statements);
    let members = [
        ("RoleName", role),
        ("PolicyName", name),
        ("PolicyDocument", document.as_str()),
    ];
    done(&postern.root(), "iam", "PutRolePolicy", &members).await;
}

/// A client with the credentials of an answer.
pub(crate) fn session(postern: &Postern, reply: &Reply) -> Client {
    let mut client = postern.client(
        &reply.element("AccessKeyId").unwrap(),
        &reply.element("SecretAccessKey").unwrap(),
    );
    client.session_token = reply.element("SessionToken");
    assert!(client.session_token.is_some());
    client
}

/// Asks for a session of a role, whatever comes of it.
pub(crate) async fn assume(client: &Client, role: &str, members: &[(&str, &str)]) -> Reply {
    let arn = role_arn(role);
    let mut all = vec![("RoleArn", arn.as_str()), ("RoleSessionName", "session")];
    all.extend_from_slice(members);
    client.query("sts", "AssumeRole", &all).await.unwrap()
}

/// A session of a role.
pub(crate) async fn assumed(
    postern: &Postern,
    client: &Client,
    role: &str,
    members: &[(&str, &str)],
) -> Client {
    let reply = assume(client, role, members).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    session(postern, &reply)
}

/// Whether mq lists brokers for the client; anything but success and AccessDenied fails the test.
pub(crate) async fn lists(client: &Client) -> bool {
    let reply = client.mq("GET", "/v1/brokers", "").await.unwrap();
    if reply.status == 200 {
        return true;
    }
    let code = reply.code();
    assert_eq!(
        code.as_deref(),
        Some("AccessDeniedException"),
        "{}",
        reply.body
    );
    false
}

/// What a refusal says: code and message.
pub(crate) fn refusal(reply: &Reply) -> (String, String) {
    assert_ne!(reply.status, 200, "{}", reply.body);
    (reply.code().unwrap_or_default(), reply.message())
}
