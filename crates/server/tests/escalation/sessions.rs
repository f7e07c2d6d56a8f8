//! By temporary credentials.

use serde_json::json;

use crate::book::Book;
use crate::identity::delete_user;
use crate::support_sts::{
    ACCOUNT, allow, assumed, done, policy, role, role_arn, session, trust, user, user_arn,
};

const DENIED: &str = "AccessDenied";

pub(crate) async fn attempts(book: &mut Book) {
    policies_of_sessions(book).await;
    chains(book).await;
    ghosts(book).await;
    trusts(book).await;
}

async fn policies_of_sessions(book: &mut Book) {
    let jane = user(
        &book.postern,
        "jane",
        json!([allow("sts:*"), allow("mq:List*")]),
    )
    .await;
    role(
        &book.postern,
        "lister",
        json!([trust(ACCOUNT, "sts:*")]),
        json!([allow("mq:List*"), allow("iam:GetUser")]),
    )
    .await;
    let all = policy(json!([allow("*")]));
    let wide = assumed(&book.postern, &jane, "lister", &[("Policy", &all)]).await;
    book.refused(
        "a session policy is to give what the role does not have",
        DENIED,
        &wide,
        ("iam", "CreateUser"),
        &[("UserName", "puppet")],
    )
    .await;
    book.mq_refused(
        "a session policy is to let a role that lists create",
        "AccessDeniedException",
        &wide,
        ("POST", "/v1/configurations"),
        r#"{"name":"c","engineType":"ACTIVEMQ","engineVersion":"5.18"}"#,
    )
    .await;
    let arn = (
        "PolicyArns.member.1.arn",
        "arn:aws:iam::aws:policy/AmazonMQFullAccess",
    );
    let wide = assumed(&book.postern, &jane, "lister", &[arn]).await;
    book.mq_refused(
        "a managed session policy is to let a role that lists create",
        "AccessDeniedException",
        &wide,
        ("POST", "/v1/configurations"),
        r#"{"name":"c","engineType":"ACTIVEMQ","engineVersion":"5.18"}"#,
    )
    .await;
    let narrow = policy(json!([allow("mq:List*")]));
    let boss = user(&book.postern, "boss", json!([allow("*")])).await;
    let limited = assumed(&book.postern, &boss, "admins", &[("Policy", &narrow)]).await;
    for (name, service, action, members) in [
        (
            "a session with a narrow policy makes a key of its own account's root's kind",
            "iam",
            "CreateUser",
            vec![("UserName", "puppet")],
        ),
        (
            "a session with a narrow policy rewrites its role",
            "iam",
            "PutRolePolicy",
            vec![
                ("RoleName", "admins"),
                ("PolicyName", "q"),
                ("PolicyDocument", all.as_str()),
            ],
        ),
        (
            "a session with a narrow policy assumes its own role again without it",
            "sts",
            "AssumeRole",
            vec![
                ("RoleArn", "arn:aws:iam::111122223333:role/admins"),
                ("RoleSessionName", "session"),
            ],
        ),
        (
            "a session asks for a session token",
            "sts",
            "GetSessionToken",
            vec![],
        ),
        (
            "a session asks for a federation token",
            "sts",
            "GetFederationToken",
            vec![("Name", "bob"), ("Policy", all.as_str())],
        ),
    ] {
        book.refused(name, DENIED, &limited, (service, action), &members)
            .await;
    }
    let reply = done(&boss, "sts", "GetSessionToken", &[]).await;
    let token = session(&book.postern, &reply);
    book.refused(
        "a session token without MFA calls IAM",
        "InvalidClientTokenId",
        &token,
        ("iam", "CreateUser"),
        &[("UserName", "puppet")],
    )
    .await;
    let members = [("Name", "bob"), ("Policy", all.as_str())];
    let reply = done(&boss, "sts", "GetFederationToken", &members).await;
    let federated = session(&book.postern, &reply);
    book.refused(
        "a federated user calls IAM",
        "InvalidClientTokenId",
        &federated,
        ("iam", "CreateUser"),
        &[("UserName", "puppet")],
    )
    .await;
    book.refused(
        "a federated user assumes a role",
        DENIED,
        &federated,
        ("sts", "AssumeRole"),
        &[
            ("RoleArn", &role_arn("admins")),
            ("RoleSessionName", "session"),
        ],
    )
    .await;
    let reply = done(&jane, "sts", "GetFederationToken", &members).await;
    let federated = session(&book.postern, &reply);
    book.mq_refused(
        "a federated user is to have what its user does not have",
        "AccessDeniedException",
        &federated,
        ("POST", "/v1/configurations"),
        r#"{"name":"c","engineType":"ACTIVEMQ","engineVersion":"5.18"}"#,
    )
    .await;
    let mut stolen = wide.clone();
    stolen.session_token = limited.session_token.clone();
    book.refused(
        "one session's token goes with another one's key",
        "InvalidClientTokenId",
        &stolen,
        ("sts", "AssumeRole"),
        &[
            ("RoleArn", &role_arn("admins")),
            ("RoleSessionName", "session"),
        ],
    )
    .await;
    let mut bare = limited.clone();
    bare.session_token = None;
    book.refused(
        "a session's key comes without its token, and so without its policy",
        "InvalidClientTokenId",
        &bare,
        ("iam", "CreateUser"),
        &[("UserName", "puppet")],
    )
    .await;
    let root = book.root.clone();
    book.refused(
        "root assumes a role",
        DENIED,
        &root,
        ("sts", "AssumeRole"),
        &[
            ("RoleArn", &role_arn("admins")),
            ("RoleSessionName", "session"),
        ],
    )
    .await;
}

async fn chains(book: &mut Book) {
    let chain = user(&book.postern, "chain", json!([allow("sts:*")])).await;
    for name in ["first", "second"] {
        let trusting = json!([trust(ACCOUNT, "sts:*")]);
        role(&book.postern, name, trusting, json!([allow("sts:*")])).await;
    }
    let members = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
        ("TransitiveTagKeys.member.1", "team"),
        ("SourceIdentity", "someone"),
    ];
    let first = assumed(&book.postern, &chain, "first", &members).await;
    for (name, code, extra) in [
        (
            "a chain of roles is to last longer than an hour",
            "ValidationError",
            vec![("DurationSeconds", "3601")],
        ),
        (
            "a chain of roles changes a transitive tag",
            "InvalidParameterValue",
            vec![
                ("Tags.member.1.Key", "team"),
                ("Tags.member.1.Value", "red"),
            ],
        ),
        (
            "a chain of roles changes a transitive tag in capitals",
            "InvalidParameterValue",
            vec![
                ("Tags.member.1.Key", "TEAM"),
                ("Tags.member.1.Value", "red"),
            ],
        ),
        (
            "a chain of roles changes the source identity",
            DENIED,
            vec![("SourceIdentity", "another")],
        ),
    ] {
        let arn = role_arn("second");
        let mut members = vec![("RoleArn", arn.as_str()), ("RoleSessionName", "session")];
        members.extend(extra);
        book.refused(name, code, &first, ("sts", "AssumeRole"), &members)
            .await;
    }
    let untagged = user(&book.postern, "untagged", json!([allow("sts:AssumeRole")])).await;
    let arn = role_arn("first");
    let session = [("RoleArn", arn.as_str()), ("RoleSessionName", "session")];
    book.refused(
        "a session gets a tag without TagSession",
        DENIED,
        &untagged,
        ("sts", "AssumeRole"),
        &[session[0], session[1], members[0], members[1]],
    )
    .await;
    book.refused(
        "a session gets a source identity without SetSourceIdentity",
        DENIED,
        &untagged,
        ("sts", "AssumeRole"),
        &[session[0], session[1], members[3]],
    )
    .await;
    book.set(
        "UpdateRole",
        &[("RoleName", "first"), ("MaxSessionDuration", "3600")],
    )
    .await;
    book.refused(
        "a session is to last longer than its role's sessions do",
        "ValidationError",
        &untagged,
        ("sts", "AssumeRole"),
        &[session[0], session[1], ("DurationSeconds", "3601")],
    )
    .await;
}

/// Users and roles that were deleted and made again.
async fn ghosts(book: &mut Book) {
    let ghost = user(&book.postern, "ghost", json!([allow("*")])).await;
    let reply = done(&ghost, "sts", "GetSessionToken", &[]).await;
    let token = session(&book.postern, &reply);
    role(
        &book.postern,
        "haunted",
        json!([trust(&user_arn("ghost"), "sts:AssumeRole")]),
        json!([allow("*")]),
    )
    .await;
    let walking = assumed(&book.postern, &ghost, "haunted", &[]).await;
    delete_user(book, "ghost").await;
    let new = user(&book.postern, "ghost", json!([allow("mq:*")])).await;
    book.mq_refused(
        "a session of a deleted user is tried on the new user of that name",
        "UnrecognizedClientException",
        &token,
        ("POST", "/v1/configurations"),
        r#"{"name":"c","engineType":"ACTIVEMQ","engineVersion":"5.18"}"#,
    )
    .await;
    book.refused(
        "a new user of a trusted user's name is taken for it",
        DENIED,
        &new,
        ("sts", "AssumeRole"),
        &[
            ("RoleArn", &role_arn("haunted")),
            ("RoleSessionName", "session"),
        ],
    )
    .await;
    book.set(
        "DeleteRolePolicy",
        &[("RoleName", "haunted"), ("PolicyName", "p")],
    )
    .await;
    book.set("DeleteRole", &[("RoleName", "haunted")]).await;
    role(
        &book.postern,
        "haunted",
        json!([trust(ACCOUNT, "sts:AssumeRole")]),
        json!([allow("*")]),
    )
    .await;
    book.refused(
        "a session of a deleted role is tried on the new role of that name",
        "InvalidClientTokenId",
        &walking,
        ("iam", "CreateUser"),
        &[("UserName", "puppet")],
    )
    .await;
}

async fn trusts(book: &mut Book) {
    let dave = user(&book.postern, "dave", json!([allow("sts:AssumeRole")])).await;
    let only = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": "*" },
        "Condition": { "ArnEquals": { "aws:PrincipalArn": user_arn("boss") } } });
    let with_id = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": ACCOUNT },
        "Condition": { "StringEquals": { "sts:ExternalId": "Zebra-7" } } });
    role(&book.postern, "only", json!([only]), json!([allow("*")])).await;
    role(
        &book.postern,
        "with-id",
        json!([with_id]),
        json!([allow("*")]),
    )
    .await;
    let arn = [
        role_arn("only"),
        role_arn("with-id"),
        format!("arn:aws:iam::{ACCOUNT}:role/x/../with-id"),
    ];
    let name = ("RoleSessionName", "session");
    for (sentence, arn, extra) in [
        (
            "a role that trusts anybody under a condition is assumed without it",
            &arn[0],
            vec![],
        ),
        (
            "a deputy is made to assume a role without the external id",
            &arn[1],
            vec![],
        ),
        (
            "a deputy is made to assume a role with another external id",
            &arn[1],
            vec![("ExternalId", "Zebra-8")],
        ),
        (
            "a deputy is made to assume a role with the external id in another case",
            &arn[1],
            vec![("ExternalId", "zebra-7")],
        ),
        (
            "a role is named by a path with dots",
            &arn[2],
            vec![("ExternalId", "Zebra-7")],
        ),
    ] {
        let mut members = vec![("RoleArn", arn.as_str()), name];
        members.extend(extra);
        book.refused(sentence, DENIED, &dave, ("sts", "AssumeRole"), &members)
            .await;
    }
}
