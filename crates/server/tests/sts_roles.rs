//! Roles through the socket: who may assume one, and what its sessions may do.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

mod support_sts;

use serde_json::{Value, json};
use support_sts::*;
use testkit::{Client, NOW, Postern};

const ASSUME: &str = "sts:AssumeRole";

async fn set_trust(postern: &Postern, role: &str, statements: Value) {
    let document = policy(statements);
    let members = [("RoleName", role), ("PolicyDocument", document.as_str())];
    done(&postern.root(), "iam", "UpdateAssumeRolePolicy", &members).await;
}

async fn may_assume(client: &Client, role: &str, members: &[(&str, &str)]) -> bool {
    let reply = assume(client, role, members).await;
    if reply.status == 200 {
        return true;
    }
    assert_eq!(
        (reply.status, refusal(&reply).0.as_str()),
        (403, "AccessDenied"),
        "{}",
        reply.body
    );
    false
}

#[tokio::test]
async fn a_role_is_assumed_where_trust_and_policies_allow() {
    let postern = Postern::start().await.unwrap();
    let with = user(&postern, "with", json!([allow("sts:AssumeRole")])).await;
    let without = user(&postern, "without", json!([allow("mq:*")])).await;
    let deny = json!({ "Effect": "Deny", "Action": "sts:*", "Resource": role_arn("ops") });
    let denied = user(&postern, "denied", json!([allow("*"), deny])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    // Who is let in: with the permission, without it, and with a Deny.
    for (statements, expected) in [
        (json!([trust(ACCOUNT, ASSUME)]), [true, false, false]),
        (json!([trust("*", ASSUME)]), [true, false, false]),
        (
            json!([trust(&user_arn("without"), ASSUME)]),
            [false, true, false],
        ),
        (
            json!([trust(&user_arn("denied"), ASSUME)]),
            [false, false, false],
        ),
        (
            json!([trust("444455556666", ASSUME)]),
            [false, false, false],
        ),
        (
            json!([trust(ACCOUNT, ASSUME), {
                "Effect": "Deny", "Action": ASSUME, "Principal": { "AWS": user_arn("with") },
            }]),
            [false, false, false],
        ),
        (
            json!([trust(ACCOUNT, "sts:TagSession")]),
            [false, false, false],
        ),
    ] {
        set_trust(&postern, "ops", statements.clone()).await;
        let found = [
            may_assume(&with, "ops", &[]).await,
            may_assume(&without, "ops", &[]).await,
            may_assume(&denied, "ops", &[]).await,
        ];
        assert_eq!(found, expected, "{statements}");
    }
    postern.stop().await;
}

#[tokio::test]
async fn refusals_do_not_tell_whether_there_is_a_role() {
    let postern = Postern::start().await.unwrap();
    let with = user(&postern, "with", json!([allow("sts:AssumeRole")])).await;
    let without = user(&postern, "without", json!([allow("mq:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust("444455556666", ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    for (client, name, end) in [
        (&with, "with", ""),
        (
            &without,
            "without",
            " because no identity-based policy allows the sts:AssumeRole action",
        ),
    ] {
        for role in ["ops", "missing"] {
            let reply = assume(client, role, &[]).await;
            let text = format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {}{end}",
                user_arn(name),
                role_arn(role)
            );
            assert_eq!(refusal(&reply), ("AccessDenied".into(), text));
        }
    }
    let reply = assume(&postern.root(), "ops", &[]).await;
    let text = "Roles may not be assumed by root accounts.";
    assert_eq!(refusal(&reply), ("AccessDenied".into(), text.into()));
    // A role of another path is another role.
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/path/ops");
    set_trust(&postern, "ops", json!([trust(ACCOUNT, ASSUME)])).await;
    for arn in [arn.as_str(), "arn:aws:iam::444455556666:role/ops"] {
        let members = [("RoleArn", arn), ("RoleSessionName", "session")];
        let reply = with.query("sts", "AssumeRole", &members).await.unwrap();
        assert_eq!(refusal(&reply).0, "AccessDenied");
    }
    postern.stop().await;
}

#[tokio::test]
async fn members_that_cannot_be_are_refused_in_awss_words() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, "sts:*")]),
        json!([allow("mq:*")]),
    )
    .await;
    let shorter = [("RoleName", "ops"), ("MaxSessionDuration", "3600")];
    done(&postern.root(), "iam", "UpdateRole", &shorter).await;
    let arn = role_arn("ops");
    let one = |text: &str| format!("1 validation error detected: Value {text}");
    for (members, text) in [
        (
            vec![("RoleArn", arn.as_str()), ("RoleSessionName", "Session1:2")],
            one(
                r"'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*",
            ),
        ),
        (
            vec![("RoleArn", arn.as_str())],
            one("at 'roleSessionName' failed to satisfy constraint: Member must not be null"),
        ),
        (
            vec![
                ("RoleArn", "nothing-valid-in-here"),
                ("RoleSessionName", "ok"),
            ],
            "nothing-valid-in-here is invalid".into(),
        ),
        (
            vec![
                ("RoleArn", arn.as_str()),
                ("RoleSessionName", "ok"),
                ("DurationSeconds", "899"),
            ],
            one(
                "'899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
            ),
        ),
        (
            vec![
                ("RoleArn", arn.as_str()),
                ("RoleSessionName", "ok"),
                ("DurationSeconds", "43201"),
            ],
            one(
                "'43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
            ),
        ),
        (
            vec![
                ("RoleArn", arn.as_str()),
                ("RoleSessionName", "ok"),
                ("DurationSeconds", "3601"),
            ],
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
                .into(),
        ),
        (
            vec![
                ("RoleArn", arn.as_str()),
                ("RoleSessionName", "ok"),
                ("ExternalId", "x"),
            ],
            one(
                "'x' at 'externalId' failed to satisfy constraint: Member must have length greater than or equal to 2",
            ),
        ),
    ] {
        let reply = jane.query("sts", "AssumeRole", &members).await.unwrap();
        assert_eq!(
            (reply.status, refusal(&reply)),
            (400, ("ValidationError".into(), text))
        );
    }
    let reply = assume(&jane, "ops", &[("Policy", "[]")]).await;
    let text = "Syntax errors in policy.";
    assert_eq!(
        refusal(&reply),
        ("MalformedPolicyDocument".into(), text.into())
    );
    postern.stop().await;
}

#[tokio::test]
async fn conditions_of_trust_policies_see_what_the_request_says() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    for (condition, members, expected) in [
        (
            json!({ "StringEquals": { "sts:ExternalId": "id-42" } }),
            vec![("ExternalId", "id-42")],
            true,
        ),
        (
            json!({ "StringEquals": { "sts:ExternalId": "id-42" } }),
            vec![("ExternalId", "id-43")],
            false,
        ),
        (
            json!({ "StringEquals": { "sts:ExternalId": "id-42" } }),
            vec![],
            false,
        ),
        (
            json!({ "StringEquals": { "sts:RoleSessionName": "session" } }),
            vec![],
            true,
        ),
        (
            json!({ "StringLike": { "sts:RoleSessionName": "${aws:username}" } }),
            vec![],
            false,
        ),
        (
            json!({ "NumericLessThanEquals": { "sts:DurationSeconds": "1800" } }),
            vec![],
            false,
        ),
        (
            json!({ "NumericLessThanEquals": { "sts:DurationSeconds": "1800" } }),
            vec![("DurationSeconds", "1800")],
            true,
        ),
        (
            json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::*:user/jane" } }),
            vec![],
            true,
        ),
        (
            json!({ "IpAddress": { "aws:SourceIp": "127.0.0.0/8" } }),
            vec![],
            true,
        ),
        (
            json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } }),
            vec![],
            false,
        ),
        (
            json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }),
            vec![],
            false,
        ),
        (
            json!({ "StringEquals": { "aws:ResourceAccount": ACCOUNT } }),
            vec![],
            true,
        ),
    ] {
        let mut statement = trust(ACCOUNT, ASSUME);
        statement["Condition"] = condition.clone();
        set_trust(&postern, "ops", json!([statement])).await;
        assert_eq!(
            may_assume(&jane, "ops", &members).await,
            expected,
            "{condition} {members:?}"
        );
    }
    postern.stop().await;
}

#[tokio::test]
async fn a_roles_session_may_do_what_role_boundary_and_session_policies_allow() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    let reply = assume(&jane, "ops", &[]).await;
    assert_eq!(reply.element("Expiration").unwrap(), "2026-11-25T13:00:00Z");
    let id = reply.element("AssumedRoleId").unwrap();
    assert!(id.starts_with("AROA") && id.ends_with(":session"), "{id}");
    assert_eq!(reply.element("PackedPolicySize"), None);
    let plain = session(&postern, &reply);
    let who = done(&plain, "sts", "GetCallerIdentity", &[]).await;
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/ops/session");
    assert_eq!(who.element("Arn").unwrap(), arn);
    assert_eq!(who.element("UserId").unwrap(), id);
    assert!(lists(&plain).await);
    // IAM knows roles' sessions, and has no user to take for granted.
    put_role_policy(&postern, "ops", "iam", json!([allow("iam:*")])).await;
    done(&plain, "iam", "ListUsers", &[]).await;
    for action in ["GetUser", "CreateAccessKey", "ListAccessKeys"] {
        let reply = plain.query("iam", action, &[]).await.unwrap();
        let text = "Must specify userName when calling with non-User credentials";
        assert_eq!(
            refusal(&reply),
            ("ValidationError".into(), text.into()),
            "{action}"
        );
    }

    let list = policy(json!([allow("mq:List*")]));
    let iam_only = policy(json!([allow("iam:*")]));
    let read = "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess";
    for (members, may_list, may_create) in [
        (vec![("Policy", list.as_str())], true, false),
        (vec![("Policy", iam_only.as_str())], false, false),
        (vec![("PolicyArns.member.1.arn", read)], true, false),
        (
            vec![
                ("Policy", iam_only.as_str()),
                ("PolicyArns.member.1.arn", read),
            ],
            true,
            false,
        ),
    ] {
        let limited = assumed(&postern, &jane, "ops", &members).await;
        assert_eq!(lists(&limited).await, may_list, "{members:?}");
        let reply = limited
            .mq("POST", "/v1/configurations", "{}")
            .await
            .unwrap();
        let denied = reply.code().as_deref() == Some("AccessDeniedException");
        assert_eq!(!denied, may_create, "{members:?}: {}", reply.body);
        assert!(
            refusal(&reply)
                .1
                .contains("because no session policy allows"),
            "{}",
            reply.body
        );
    }

    // A boundary limits sessions that there are already.
    let document = policy(json!([allow("iam:*")]));
    let members = [
        ("PolicyName", "edge"),
        ("PolicyDocument", document.as_str()),
    ];
    let edge = done(&root, "iam", "CreatePolicy", &members)
        .await
        .element("Arn")
        .unwrap();
    let members = [("RoleName", "ops"), ("PermissionsBoundary", edge.as_str())];
    done(&root, "iam", "PutRolePermissionsBoundary", &members).await;
    let reply = plain.mq("GET", "/v1/brokers", "").await.unwrap();
    let text = format!(
        "User: {arn} is not authorized to perform: mq:ListBrokers because no permissions boundary allows the mq:ListBrokers action"
    );
    assert_eq!(refusal(&reply), ("AccessDeniedException".into(), text));
    postern.stop().await;
}

#[tokio::test]
async fn condition_keys_tell_a_roles_session() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, "sts:*")]),
        json!([allow("sts:*")]),
    )
    .await;
    let tags = [
        ("RoleName", "ops"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "role"),
        ("Tags.member.2.Key", "cost"),
        ("Tags.member.2.Value", "1"),
    ];
    done(&root, "iam", "TagRole", &tags).await;
    let members = [
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "session"),
        ("SourceIdentity", "someone"),
    ];
    let client = assumed(&postern, &jane, "ops", &members).await;
    let id = done(&client, "sts", "GetCallerIdentity", &[])
        .await
        .element("UserId")
        .unwrap();
    for (condition, expected) in [
        (
            json!({ "ArnEquals": { "aws:PrincipalArn": role_arn("ops") } }),
            true,
        ),
        (
            json!({ "StringEquals": { "aws:PrincipalType": "AssumedRole" } }),
            true,
        ),
        (json!({ "StringEquals": { "aws:userid": id } }), true),
        (json!({ "Null": { "aws:username": "true" } }), true),
        (
            json!({ "StringEquals": { "aws:PrincipalTag/team": "session" } }),
            true,
        ),
        (
            json!({ "StringEquals": { "aws:PrincipalTag/team": "role" } }),
            false,
        ),
        (
            json!({ "StringEquals": { "aws:PrincipalTag/cost": "1" } }),
            true,
        ),
        (
            json!({ "StringEquals": { "aws:SourceIdentity": "someone" } }),
            true,
        ),
        (
            json!({ "Bool": { "aws:MultiFactorAuthPresent": "false" } }),
            true,
        ),
        (
            json!({ "DateEquals": { "aws:TokenIssueTime": "2026-11-25T12:00:00Z" } }),
            true,
        ),
        (json!({ "Null": { "aws:FederatedProvider": "true" } }), true),
        (json!({ "Null": { "sts:RoleSessionName": "true" } }), true),
    ] {
        let statement =
            json!({ "Effect": "Allow", "Action": "mq:*", "Resource": "*", "Condition": condition });
        put_role_policy(&postern, "ops", "c", json!([statement])).await;
        assert_eq!(lists(&client).await, expected, "{condition}");
    }
    postern.stop().await;
}

#[tokio::test]
async fn tags_and_source_identity_need_their_own_permissions_on_both_sides() {
    let postern = Postern::start().await.unwrap();
    let tagged = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
    ];
    let identified = [("SourceIdentity", "someone")];
    let jane = user(&postern, "jane", json!([allow("mq:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    for (own, trusted, expected) in [
        (
            json!(["sts:AssumeRole"]),
            json!(["sts:AssumeRole"]),
            [true, false, false],
        ),
        (
            json!(["sts:*"]),
            json!(["sts:AssumeRole"]),
            [true, false, false],
        ),
        (
            json!(["sts:AssumeRole"]),
            json!(["sts:*"]),
            [true, false, false],
        ),
        (
            json!(["sts:AssumeRole", "sts:TagSession"]),
            json!(["sts:AssumeRole", "sts:TagSession"]),
            [true, true, false],
        ),
        (
            json!(["sts:AssumeRole", "sts:SetSourceIdentity"]),
            json!(["sts:AssumeRole", "sts:SetSourceIdentity"]),
            [true, false, true],
        ),
    ] {
        let mine = json!([{ "Effect": "Allow", "Action": own, "Resource": "*" }]);
        put_user_policy(&postern, "jane", "p", mine).await;
        let theirs =
            json!([{ "Effect": "Allow", "Action": trusted, "Principal": { "AWS": ACCOUNT } }]);
        set_trust(&postern, "ops", theirs).await;
        let found = [
            may_assume(&jane, "ops", &[]).await,
            may_assume(&jane, "ops", &tagged).await,
            may_assume(&jane, "ops", &identified).await,
        ];
        assert_eq!(found, expected, "{own} {trusted}");
    }
    // Which tags may be given is a condition of the trust policy.
    put_user_policy(&postern, "jane", "p", json!([allow("sts:*")])).await;
    let mut statement = trust(ACCOUNT, "sts:TagSession");
    statement["Condition"] = json!({
        "StringEquals": { "aws:RequestTag/team": "blue" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"], "sts:TransitiveTagKeys": ["team"] },
    });
    set_trust(&postern, "ops", json!([trust(ACCOUNT, ASSUME), statement])).await;
    assert!(may_assume(&jane, "ops", &tagged).await);
    let other = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "red"),
    ];
    assert!(!may_assume(&jane, "ops", &other).await);
    let mut more = tagged.to_vec();
    more.extend([("Tags.member.2.Key", "cost"), ("Tags.member.2.Value", "1")]);
    assert!(!may_assume(&jane, "ops", &more).await);
    postern.stop().await;
}

#[tokio::test]
async fn a_chain_of_roles_hands_on_what_is_transitive_and_lasts_an_hour() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    for name in ["first", "second"] {
        role(
            &postern,
            name,
            json!([trust(ACCOUNT, "sts:*")]),
            json!([allow("sts:*")]),
        )
        .await;
    }
    let members = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
        ("Tags.member.2.Key", "cost"),
        ("Tags.member.2.Value", "1"),
        ("TransitiveTagKeys.member.1", "Team"),
        ("SourceIdentity", "someone"),
        ("DurationSeconds", "43200"),
    ];
    let first = assumed(&postern, &jane, "first", &members).await;
    for (members, code, text) in [
        (
            vec![("DurationSeconds", "3601")],
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ),
        (
            vec![
                ("Tags.member.1.Key", "TEAM"),
                ("Tags.member.1.Value", "red"),
            ],
            "InvalidParameterValue",
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
        ),
        (
            vec![("SourceIdentity", "another")],
            "AccessDenied",
            "Source identity cannot be changed after it has been set",
        ),
    ] {
        let reply = assume(&first, "second", &members).await;
        assert_eq!(refusal(&reply), (code.into(), text.into()));
    }
    for action in ["GetSessionToken", "GetFederationToken"] {
        let reply = first
            .query("sts", action, &[("Name", "bob")])
            .await
            .unwrap();
        let text = format!("Cannot call {action} with session credentials");
        assert_eq!(refusal(&reply), ("AccessDenied".into(), text));
    }
    let reply = assume(&first, "second", &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.element("Expiration").unwrap(), "2026-11-25T13:00:00Z");
    assert_eq!(reply.element("SourceIdentity").unwrap(), "someone");
    let second = session(&postern, &reply);
    let condition = json!({
        "StringEquals": { "aws:PrincipalTag/team": "blue", "aws:SourceIdentity": "someone" },
        "Null": { "aws:PrincipalTag/cost": "true" },
    });
    let statement =
        json!({ "Effect": "Allow", "Action": "mq:*", "Resource": "*", "Condition": condition });
    put_role_policy(&postern, "second", "c", json!([statement])).await;
    assert!(lists(&second).await);
    // What is inherited needs the permissions too.
    set_trust(&postern, "second", json!([trust(ACCOUNT, ASSUME)])).await;
    let reply = assume(&first, "second", &[]).await;
    assert!(
        refusal(&reply)
            .1
            .contains("not authorized to perform: sts:TagSession"),
        "{}",
        reply.body
    );
    // A session of a user may assume a role, and that is no chain yet.
    set_trust(&postern, "second", json!([trust(ACCOUNT, ASSUME)])).await;
    let temporary = session(&postern, &done(&jane, "sts", "GetSessionToken", &[]).await);
    let reply = assume(&temporary, "second", &[("DurationSeconds", "43200")]).await;
    assert_eq!(reply.element("Expiration").unwrap(), "2026-11-26T00:00:00Z");
    postern.stop().await;
}

#[tokio::test]
async fn a_trust_policy_that_names_a_role_leaves_its_boundary_and_sessions_limits() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    role(
        &postern,
        "first",
        json!([trust(ACCOUNT, ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    role(
        &postern,
        "second",
        json!([trust(&role_arn("first"), ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    let free = assumed(&postern, &jane, "first", &[]).await;
    let mq = policy(json!([allow("mq:*")]));
    let limited = assumed(&postern, &jane, "first", &[("Policy", mq.as_str())]).await;
    // The role's own policies say nothing of sts, but the trust policy names the role.
    assert!(may_assume(&free, "second", &[]).await);
    assert!(!may_assume(&limited, "second", &[]).await);
    // The session itself may be named: then nothing else need allow.
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/first/session");
    set_trust(&postern, "second", json!([trust(&arn, ASSUME)])).await;
    assert!(may_assume(&limited, "second", &[]).await);
    set_trust(
        &postern,
        "second",
        json!([trust(&role_arn("first"), ASSUME)]),
    )
    .await;
    let members = [("PolicyName", "edge"), ("PolicyDocument", mq.as_str())];
    let edge = done(&root, "iam", "CreatePolicy", &members)
        .await
        .element("Arn")
        .unwrap();
    let members = [
        ("RoleName", "first"),
        ("PermissionsBoundary", edge.as_str()),
    ];
    done(&root, "iam", "PutRolePermissionsBoundary", &members).await;
    assert!(!may_assume(&free, "second", &[]).await);
    postern.stop().await;
}

#[tokio::test]
async fn a_roles_sessions_end_by_revocation_and_with_the_role() {
    let mut postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    let before = assume(&jane, "ops", &[]).await;
    postern.clock.set(NOW + 60_000);
    let after = assume(&jane, "ops", &[]).await;
    postern.restart().await.unwrap();
    let root = postern.root();
    let (before, after) = (session(&postern, &before), session(&postern, &after));
    assert!(lists(&before).await && lists(&after).await);
    // What the console's "Revoke active sessions" attaches.
    let older = json!({ "DateLessThan": { "aws:TokenIssueTime": "2026-11-25T12:00:30.000Z" } });
    let revoke =
        json!([{ "Effect": "Deny", "Action": ["*"], "Resource": ["*"], "Condition": older }]);
    put_role_policy(&postern, "ops", "AWSRevokeOlderSessions", revoke).await;
    assert!(!lists(&before).await);
    assert!(lists(&after).await);
    for name in ["p", "AWSRevokeOlderSessions"] {
        let members = [("RoleName", "ops"), ("PolicyName", name)];
        done(&root, "iam", "DeleteRolePolicy", &members).await;
    }
    assert!(!lists(&after).await);
    done(&root, "iam", "DeleteRole", &[("RoleName", "ops")]).await;
    // The same name is another role.
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, ASSUME)]),
        json!([allow("mq:*")]),
    )
    .await;
    let reply = after.mq("GET", "/v1/brokers", "").await.unwrap();
    assert_eq!(
        refusal(&reply),
        ("UnrecognizedClientException".into(), INVALID.into())
    );
    postern.stop().await;
}

#[tokio::test]
async fn a_roles_sessions_change_what_they_may_and_the_records_tell_who_it_was() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    role(
        &postern,
        "ops",
        json!([trust(ACCOUNT, "sts:*")]),
        json!([allow("mq:*")]),
    )
    .await;
    let client = assumed(&postern, &jane, "ops", &[("SourceIdentity", "someone")]).await;
    let body = json!({ "name": "c", "engineType": "ACTIVEMQ", "engineVersion": "5.18" });
    let made = client
        .mq_json("POST", "/v1/configurations", &body)
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    let text = std::fs::read_to_string(postern.folder().join("data/audit/audit.jsonl")).unwrap();
    let records: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let identity = |event: &str| {
        let found = records
            .iter()
            .find(|record| record["eventName"] == event)
            .unwrap();
        found["userIdentity"].clone()
    };
    let made = identity("CreateConfiguration");
    assert_eq!(made["type"], "AssumedRole");
    assert_eq!(
        made["arn"],
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/ops/session")
    );
    assert_eq!(made.get("userName"), None);
    let context = &made["sessionContext"];
    assert_eq!(context["sourceIdentity"], "someone");
    assert_eq!(context["attributes"]["mfaAuthenticated"], "false");
    let issuer = &context["sessionIssuer"];
    assert_eq!(
        (&issuer["type"], &issuer["userName"]),
        (&json!("Role"), &json!("ops"))
    );
    assert_eq!(issuer["arn"], role_arn("ops"));
    assert!(
        made["principalId"]
            .as_str()
            .unwrap()
            .starts_with(issuer["principalId"].as_str().unwrap())
    );
    let assumed = records
        .iter()
        .find(|record| record["eventName"] == "AssumeRole")
        .unwrap();
    let answer = &assumed["responseElements"];
    assert_eq!(answer["Credentials"]["SecretAccessKey"], "***");
    assert_eq!(answer["Credentials"]["SessionToken"], "***");
    assert!(
        answer["Credentials"]["AccessKeyId"]
            .as_str()
            .unwrap()
            .starts_with("ASIA")
    );
    postern.stop().await;
}
