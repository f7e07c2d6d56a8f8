//! IAM users, keys and policies through the whole pipeline.

use crate::support::{ACCOUNT, Server};
use api::protocol::form;

const FULL_ACCESS: &str = "arn:aws:iam::aws:policy/AmazonMQFullAccess";

fn document(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#
    )
}

#[tokio::test]
async fn a_user_is_created_described_listed_and_deleted() {
    let server = Server::start().await;
    let reply = server
        .done(
            "CreateUser",
            &[
                ("UserName", "Jane"),
                ("Path", "/team/"),
                ("PermissionsBoundary", FULL_ACCESS),
                ("Tags.member.1.Key", "Cost"),
                ("Tags.member.1.Value", "a+b"),
            ],
        )
        .await;
    assert_eq!(
        reply.children("User"),
        [
            "Path",
            "UserName",
            "UserId",
            "Arn",
            "CreateDate",
            "PermissionsBoundary",
            "Tags"
        ]
    );
    assert_eq!(
        reply.text("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:user/team/Jane")
    );
    assert_eq!(reply.text("CreateDate"), "2026-11-25T12:00:00Z");
    assert!(reply.text("UserId").starts_with("AIDA") && reply.text("UserId").len() == 21);
    assert_eq!(reply.text("Value"), "a+b");

    server
        .call(&server.root, "CreateUser", &[("UserName", "jANE")])
        .await
        .refused(
            409,
            "EntityAlreadyExists",
            "User with name jANE already exists.",
        );
    let got = server.done("GetUser", &[("UserName", "jane")]).await;
    assert_eq!(got.text("UserName"), "Jane");
    assert_eq!(got.text("PermissionsBoundaryArn"), FULL_ACCESS);

    server.done("CreateUser", &[("UserName", "Adam")]).await;
    let all = server.done("ListUsers", &[]).await;
    assert_eq!(all.texts("UserName"), ["Adam", "Jane"]);
    assert_eq!(all.text("IsTruncated"), "false");
    assert!(!all.body.contains("<Tags>"), "lists are without tags");
    let team = server.done("ListUsers", &[("PathPrefix", "/team/")]).await;
    assert_eq!(team.texts("UserName"), ["Jane"]);

    let deleted = server.done("DeleteUser", &[("UserName", "jane")]).await;
    assert!(!deleted.body.contains("DeleteUserResult"));
    for action in ["GetUser", "DeleteUser"] {
        server
            .call(&server.root, action, &[("UserName", "Jane")])
            .await
            .refused(
                404,
                "NoSuchEntity",
                "The user with name Jane cannot be found.",
            );
    }
}

#[tokio::test]
async fn wrong_members_are_refused_in_awss_words() {
    let server = Server::start().await;
    let long = "a".repeat(65);
    for (members, message) in [
        (
            vec![("UserName", "a/b")],
            "1 validation error detected: Value 'a/b' at 'userName' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [\\w+=,.@-]+"
                .to_owned(),
        ),
        (
            vec![],
            "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null"
                .to_owned(),
        ),
        (
            vec![("UserName", long.as_str())],
            format!(
                "1 validation error detected: Value '{long}' at 'userName' failed to satisfy constraint: Member must have \
                 length less than or equal to 64"
            ),
        ),
        (
            vec![("UserName", "a"), ("Path", "x")],
            "1 validation error detected: Value 'x' at 'path' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"
                .to_owned(),
        ),
    ] {
        server
            .call(&server.root, "CreateUser", &members)
            .await
            .refused(400, "ValidationError", &message);
    }
    server
        .call(
            &server.root,
            "CreateUser",
            &[
                ("UserName", "a"),
                ("Tags.member.1.Key", "k"),
                ("Tags.member.1.Value", "1"),
                ("Tags.member.2.Key", "K"),
                ("Tags.member.2.Value", "2"),
            ],
        )
        .await
        .refused(
            400,
            "InvalidInput",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        );
    let arn = format!("arn:aws:iam::{ACCOUNT}:policy/none");
    server
        .call(
            &server.root,
            "CreateUser",
            &[("UserName", "a"), ("PermissionsBoundary", &arn)],
        )
        .await
        .refused(
            404,
            "NoSuchEntity",
            &format!("Scope ARN: {arn} does not exist or is not attachable."),
        );
}

#[tokio::test]
async fn lists_come_in_pages_and_markers_cannot_be_made_up() {
    let server = Server::start().await;
    for index in 0..7 {
        let name = format!("user{index}");
        server.done("CreateUser", &[("UserName", &name)]).await;
    }
    let mut seen = Vec::new();
    let mut marker = String::new();
    loop {
        let mut members = vec![("MaxItems", "3")];
        if !marker.is_empty() {
            members.push(("Marker", &marker));
        }
        let page = server.done("ListUsers", &members).await;
        assert!(page.texts("UserName").len() <= 3);
        seen.extend(page.texts("UserName"));
        if page.text("IsTruncated") == "false" {
            assert!(page.texts("Marker").is_empty());
            break;
        }
        marker = page.text("Marker");
        assert!(marker.len() <= 320);
    }
    assert_eq!(seen.len(), 7);
    for (members, message) in [
        (vec![("Marker", "user3")], "Invalid Marker.".to_owned()),
        (
            vec![("Marker", marker.as_str()), ("PathPrefix", "/a/")],
            "Invalid Marker.".to_owned(),
        ),
        (
            vec![("MaxItems", "0")],
            "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value \
             greater than or equal to 1"
                .to_owned(),
        ),
        (
            vec![("MaxItems", "1001")],
            "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: Member must have value \
             less than or equal to 1000"
                .to_owned(),
        ),
    ] {
        server
            .call(&server.root, "ListUsers", &members)
            .await
            .refused(400, "ValidationError", &message);
    }
}

#[tokio::test]
async fn a_revoked_key_counts_for_the_very_next_request() {
    let server = Server::start().await;
    let key = server.user("Jane").await;
    assert!(key.id.starts_with("AKIA") && key.id.len() == 20);
    assert_eq!(key.secret.len(), 40);
    let who = server.call(&key, "GetCallerIdentity", &[]).await.ok();
    assert_eq!(who.text("Arn"), format!("arn:aws:iam::{ACCOUNT}:user/Jane"));

    let second = server
        .done("CreateAccessKey", &[("UserName", "jane")])
        .await;
    assert_eq!(second.text("UserName"), "Jane");
    server
        .call(&server.root, "CreateAccessKey", &[("UserName", "Jane")])
        .await
        .refused(
            409,
            "LimitExceeded",
            "Cannot exceed quota for AccessKeysPerUser: 2",
        );

    let invalid = "The security token included in the request is invalid.";
    let named = [("UserName", "Jane"), ("AccessKeyId", key.id.as_str())];
    for status in ["Inactive", "Active", "Inactive"] {
        let mut members = named.to_vec();
        members.push(("Status", status));
        server.done("UpdateAccessKey", &members).await;
        let reply = server.call(&key, "GetCallerIdentity", &[]).await;
        if status == "Active" {
            reply.ok();
        } else {
            reply.refused(403, "InvalidClientTokenId", invalid);
        }
    }
    let listed = server.done("ListAccessKeys", &[("UserName", "Jane")]).await;
    assert_eq!(listed.texts("AccessKeyId").len(), 2);
    assert!(!listed.body.contains("Secret"));
    server.done("DeleteAccessKey", &named).await;
    server
        .call(&server.root, "DeleteAccessKey", &named)
        .await
        .refused(
            404,
            "NoSuchEntity",
            &format!("The Access Key with id {} cannot be found.", key.id),
        );
    server
        .call(&key, "GetCallerIdentity", &[])
        .await
        .refused(403, "InvalidClientTokenId", invalid);
    let mut members = named.to_vec();
    members.push(("Status", "Off"));
    server
        .call(&server.root, "UpdateAccessKey", &members)
        .await
        .refused(
            400,
            "ValidationError",
            "1 validation error detected: Value 'Off' at 'status' failed to satisfy constraint: Member must satisfy enum \
             value set: [Active, Inactive]",
        );
}

#[tokio::test]
async fn without_a_name_keys_are_the_callers_own() {
    let server = Server::start().await;
    let made = server.done("CreateAccessKey", &[]).await;
    assert!(made.texts("UserName").is_empty());
    let second = made.key();
    let who = server.call(&second, "GetCallerIdentity", &[]).await.ok();
    assert_eq!(who.text("Arn"), format!("arn:aws:iam::{ACCOUNT}:root"));
    server
        .call(&server.root, "CreateAccessKey", &[])
        .await
        .refused(
            409,
            "LimitExceeded",
            "Cannot exceed quota for AccessKeysPerUser: 2",
        );
    assert_eq!(
        server
            .done("ListAccessKeys", &[])
            .await
            .texts("AccessKeyId")
            .len(),
        2
    );
    let root = server.done("GetUser", &[]).await;
    assert_eq!(root.children("User"), ["UserId", "Arn", "CreateDate"]);
    server
        .done("DeleteAccessKey", &[("AccessKeyId", &second.id)])
        .await;

    let jane = server.user("Jane").await;
    server.call(&jane, "ListAccessKeys", &[]).await.refused(
        403,
        "AccessDenied",
        &format!(
            "User: arn:aws:iam::{ACCOUNT}:user/Jane is not authorized to perform: iam:ListAccessKeys on resource: \
             arn:aws:iam::{ACCOUNT}:user/Jane because no identity-based policy allows the iam:ListAccessKeys action"
        ),
    );
    let own = document("iam:*").replace(
        "\"Resource\":\"*\"",
        "\"Resource\":\"arn:aws:iam::*:user/${aws:username}\"",
    );
    server
        .done(
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "own"),
                ("PolicyDocument", &own),
            ],
        )
        .await;
    let listed = server.call(&jane, "ListAccessKeys", &[]).await.ok();
    assert_eq!(listed.texts("AccessKeyId"), [jane.id.as_str()]);
    assert_eq!(listed.text("UserName"), "Jane");
    assert_eq!(
        server
            .call(&jane, "GetUser", &[])
            .await
            .ok()
            .text("UserName"),
        "Jane"
    );
    let denied = server
        .call(&jane, "ListAccessKeys", &[("UserName", "Adam")])
        .await;
    assert_eq!(
        (denied.status, denied.text("Code").as_str()),
        (403, "AccessDenied")
    );
}

#[tokio::test]
async fn inline_policies_are_written_read_and_count_at_once() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let named = [("UserName", "Jane"), ("PolicyName", "p1")];
    let mut put = named.to_vec();
    let text = document("iam:ListUsers").replace("iam:ListUsers\"", "iam:List*\"");
    put.push(("PolicyDocument", &text));
    assert_eq!(server.call(&jane, "ListUsers", &[]).await.status, 403);
    server.done("PutUserPolicy", &put).await;
    server.call(&jane, "ListUsers", &[]).await.ok();
    let got = server.done("GetUserPolicy", &named).await;
    assert_eq!(
        got.children("GetUserPolicyResult"),
        ["UserName", "PolicyName", "PolicyDocument"]
    );
    assert_eq!(got.text("PolicyDocument"), form::encode(&text));
    assert_eq!(
        server
            .done("ListUserPolicies", &[("UserName", "Jane")])
            .await
            .texts("member"),
        ["p1"]
    );

    // Version 2008-10-17 and none at all are good for inline policies.
    for version in ["\"Version\":\"2008-10-17\",", ""] {
        let old = text.replace("\"Version\":\"2012-10-17\",", version);
        let put = [named[0], named[1], ("PolicyDocument", old.as_str())];
        server.done("PutUserPolicy", &put).await;
    }
    let big = text.replace(
        "\"Resource\":\"*\"",
        &format!("\"Resource\":\"arn:aws:mq:::{}\"", "x".repeat(2000)),
    );
    server
        .call(
            &server.root,
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "p2"),
                ("PolicyDocument", &big),
            ],
        )
        .await
        .refused(
            409,
            "LimitExceeded",
            "Maximum policy size of 2048 bytes exceeded for user Jane",
        );
    server
        .call(
            &server.root,
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "p2"),
                ("PolicyDocument", "{}"),
            ],
        )
        .await
        .refused(400, "MalformedPolicyDocument", "Syntax errors in policy.");

    server
        .call(&server.root, "DeleteUser", &[("UserName", "Jane")])
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must delete policies first.",
        );
    server.done("DeleteUserPolicy", &named).await;
    assert_eq!(server.call(&jane, "ListUsers", &[]).await.status, 403);
    for action in ["GetUserPolicy", "DeleteUserPolicy"] {
        server.call(&server.root, action, &named).await.refused(
            404,
            "NoSuchEntity",
            "The user policy with name p1 cannot be found.",
        );
    }
    server
        .call(&server.root, "DeleteUser", &[("UserName", "Jane")])
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must delete access keys first.",
        );
}

#[tokio::test]
async fn managed_policies_are_created_attached_and_detached() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let text = document("iam:List*");
    let made = server
        .done(
            "CreatePolicy",
            &[
                ("PolicyName", "Lists"),
                ("Path", "/a/"),
                ("PolicyDocument", &text),
                ("Description", "what it is"),
            ],
        )
        .await;
    let arn = format!("arn:aws:iam::{ACCOUNT}:policy/a/Lists");
    assert_eq!(made.text("Arn"), arn);
    assert_eq!(
        made.children("Policy"),
        [
            "PolicyName",
            "PolicyId",
            "Arn",
            "Path",
            "DefaultVersionId",
            "AttachmentCount",
            "PermissionsBoundaryUsageCount",
            "IsAttachable",
            "CreateDate",
            "UpdateDate"
        ]
    );
    server
        .call(
            &server.root,
            "CreatePolicy",
            &[("PolicyName", "lists"), ("PolicyDocument", &text)],
        )
        .await
        .refused(
            409,
            "EntityAlreadyExists",
            "A policy called lists already exists. Duplicate names are not allowed.",
        );
    let old = text.replace("2012-10-17", "2008-10-17");
    server
        .call(
            &server.root,
            "CreatePolicy",
            &[("PolicyName", "old"), ("PolicyDocument", &old)],
        )
        .await
        .refused(
            400,
            "MalformedPolicyDocument",
            "Policy document must be version 2012-10-17 or greater.",
        );
    let long = text.replace(
        "\"Resource\":\"*\"",
        &format!("\"Resource\":\"arn:aws:mq:::{}\"", "x".repeat(6200)),
    );
    server
        .call(
            &server.root,
            "CreatePolicy",
            &[("PolicyName", "long"), ("PolicyDocument", &long)],
        )
        .await
        .refused(
            409,
            "LimitExceeded",
            "Cannot exceed quota for PolicySize: 6144",
        );

    let attach = [("UserName", "Jane"), ("PolicyArn", arn.as_str())];
    server.done("AttachUserPolicy", &attach).await;
    server.done("AttachUserPolicy", &attach).await;
    server.call(&jane, "ListUsers", &[]).await.ok();
    server
        .done(
            "AttachUserPolicy",
            &[("UserName", "Jane"), ("PolicyArn", FULL_ACCESS)],
        )
        .await;
    let listed = server
        .done("ListAttachedUserPolicies", &[("UserName", "Jane")])
        .await;
    assert_eq!(listed.texts("PolicyName"), ["AmazonMQFullAccess", "Lists"]);
    let listed = server
        .done(
            "ListAttachedUserPolicies",
            &[("UserName", "Jane"), ("PathPrefix", "/a/")],
        )
        .await;
    assert_eq!(listed.texts("PolicyArn"), [arn.as_str()]);
    let got = server.done("GetPolicy", &[("PolicyArn", &arn)]).await;
    assert_eq!(
        (got.text("AttachmentCount"), got.text("Description")),
        ("1".into(), "what it is".into())
    );
    let got = server
        .done("GetPolicy", &[("PolicyArn", FULL_ACCESS)])
        .await;
    assert_eq!(
        (got.text("DefaultVersionId"), got.text("AttachmentCount")),
        ("v5".into(), "1".into())
    );

    server
        .call(&server.root, "DeleteUser", &[("UserName", "Jane")])
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must detach all policies first.",
        );
    server.done("DetachUserPolicy", &attach).await;
    assert_eq!(server.call(&jane, "ListUsers", &[]).await.status, 403);
    server
        .call(&server.root, "DetachUserPolicy", &attach)
        .await
        .refused(404, "NoSuchEntity", &format!("Policy {arn} was not found."));
}

#[tokio::test]
async fn policies_that_cannot_be_attached_are_refused() {
    let server = Server::start().await;
    server.done("CreateUser", &[("UserName", "Jane")]).await;
    let missing = format!("arn:aws:iam::{ACCOUNT}:policy/none");
    let service = "arn:aws:iam::aws:policy/aws-service-role/AmazonMQServiceRolePolicy";
    for (arn, status, code, message) in [
        (
            missing.as_str(),
            404,
            "NoSuchEntity",
            format!("Policy {missing} does not exist or is not attachable."),
        ),
        (
            service,
            400,
            "PolicyNotAttachable",
            "Cannot attach a Service Role Policy to a Customer Role.".into(),
        ),
        (
            "no arn but long enough",
            400,
            "ValidationError",
            "Invalid ARN:  Could not be parsed!".into(),
        ),
        (
            "arn:aws:iam::111122223333:user/Jane",
            400,
            "InvalidInput",
            "ARN arn:aws:iam::111122223333:user/Jane is not valid.".into(),
        ),
    ] {
        server
            .call(
                &server.root,
                "AttachUserPolicy",
                &[("UserName", "Jane"), ("PolicyArn", arn)],
            )
            .await
            .refused(status, code, &message);
    }
    server
        .call(&server.root, "GetPolicy", &[("PolicyArn", &missing)])
        .await
        .refused(
            404,
            "NoSuchEntity",
            &format!("Policy {missing} was not found."),
        );
    for index in 0..11 {
        let name = format!("p{index}");
        let text = document("mq:*");
        let made = server
            .done(
                "CreatePolicy",
                &[("PolicyName", &name), ("PolicyDocument", &text)],
            )
            .await;
        let arn = made.text("Arn");
        let reply = server
            .call(
                &server.root,
                "AttachUserPolicy",
                &[("UserName", "Jane"), ("PolicyArn", &arn)],
            )
            .await;
        if index < 10 {
            reply.ok();
        } else {
            reply.refused(
                409,
                "LimitExceeded",
                "Cannot exceed quota for PoliciesPerUser: 10",
            );
        }
    }
}

#[tokio::test]
async fn a_secret_is_in_no_file_and_in_no_audit_record() {
    let server = Server::start().await;
    let key = server.user("Jane").await;
    server.call(&key, "GetCallerIdentity", &[]).await.ok();
    let mut files = 0;
    let mut records = 0;
    let mut folders = vec![server.postern.folder().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let secret = key.secret.as_bytes();
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret),
                "{}",
                path.display()
            );
            let text = String::from_utf8_lossy(&bytes);
            records += text.matches("\"eventName\":\"CreateAccessKey\"").count();
            files += 1;
        }
    }
    assert!(files > 1 && records > 0, "{files} files, {records} records");
}
