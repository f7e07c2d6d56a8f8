//! Groups, renaming, boundaries, tags and policy versions: what they change counts for the very next request.

use crate::support::{ACCOUNT, Key, Server};

fn document(effect: &str, action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}]}}"#
    )
}

async fn may_list(server: &Server, key: &Key) -> bool {
    let status = server.call(key, "ListUsers", &[]).await.status;
    assert!(status == 200 || status == 403, "status {status}");
    status == 200
}

#[tokio::test]
async fn policies_of_groups_are_policies_of_their_members() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let made = server
        .done("CreateGroup", &[("GroupName", "Ops"), ("Path", "/g/")])
        .await;
    assert_eq!(
        made.children("Group"),
        ["Path", "GroupName", "GroupId", "Arn", "CreateDate"]
    );
    assert_eq!(
        made.text("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:group/g/Ops")
    );
    server
        .call(&server.root, "CreateGroup", &[("GroupName", "ops")])
        .await
        .refused(
            409,
            "EntityAlreadyExists",
            "Group with name ops already exists.",
        );
    let allow = document("Allow", "iam:List*");
    let inline = [("GroupName", "Ops"), ("PolicyName", "lists")];
    let mut put = inline.to_vec();
    put.push(("PolicyDocument", &allow));
    server.done("PutGroupPolicy", &put).await;
    assert!(!may_list(&server, &jane).await);
    let member = [("GroupName", "Ops"), ("UserName", "Jane")];
    server.done("AddUserToGroup", &member).await;
    server.done("AddUserToGroup", &member).await;
    assert!(may_list(&server, &jane).await);

    // The group keeps its members under its new name.
    server
        .done(
            "UpdateGroup",
            &[
                ("GroupName", "Ops"),
                ("NewGroupName", "People"),
                ("NewPath", "/"),
            ],
        )
        .await;
    assert!(may_list(&server, &jane).await);
    server
        .call(&server.root, "GetGroup", &[("GroupName", "Ops")])
        .await
        .refused(
            404,
            "NoSuchEntity",
            "The group with name Ops cannot be found.",
        );
    let got = server.done("GetGroup", &[("GroupName", "people")]).await;
    assert_eq!(got.texts("UserName"), ["Jane"]);
    assert_eq!(
        server
            .done("ListGroupsForUser", &[("UserName", "Jane")])
            .await
            .texts("GroupName"),
        ["People"]
    );

    // A deny in an attached policy of the group wins over the user's own allow.
    let deny = server
        .done(
            "CreatePolicy",
            &[
                ("PolicyName", "No"),
                ("PolicyDocument", &document("Deny", "iam:ListUsers")),
            ],
        )
        .await
        .text("Arn");
    let attach = [("GroupName", "People"), ("PolicyArn", deny.as_str())];
    server.done("AttachGroupPolicy", &attach).await;
    assert!(!may_list(&server, &jane).await);
    let entities = server
        .done("ListEntitiesForPolicy", &[("PolicyArn", &deny)])
        .await;
    assert_eq!(entities.texts("GroupName"), ["People"]);
    let conflict = server
        .call(&server.root, "DeletePolicy", &[("PolicyArn", &deny)])
        .await;
    conflict.refused(
        409,
        "DeleteConflict",
        "Cannot delete a policy attached to entities.",
    );
    for (gone, message) in [
        ("RemoveUserFromGroup", "remove users from group"),
        ("DetachGroupPolicy", "detach all policies"),
        ("DeleteGroupPolicy", "delete policies"),
    ] {
        server
            .call(&server.root, "DeleteGroup", &[("GroupName", "People")])
            .await
            .refused(
                409,
                "DeleteConflict",
                &format!("Cannot delete entity, must {message} first."),
            );
        let members = match gone {
            "RemoveUserFromGroup" => vec![("GroupName", "People"), ("UserName", "Jane")],
            "DetachGroupPolicy" => attach.to_vec(),
            _ => vec![("GroupName", "People"), ("PolicyName", "lists")],
        };
        server.done(gone, &members).await;
    }
    server.done("DeleteGroup", &[("GroupName", "People")]).await;
    server.done("DeletePolicy", &[("PolicyArn", &deny)]).await;
    assert!(!may_list(&server, &jane).await);
}

#[tokio::test]
async fn a_user_in_a_group_is_not_deleted_and_is_in_ten_groups_at_most() {
    let server = Server::start().await;
    server.done("CreateUser", &[("UserName", "Jane")]).await;
    for index in 0..11 {
        let name = format!("g{index}");
        server.done("CreateGroup", &[("GroupName", &name)]).await;
        let reply = server
            .call(
                &server.root,
                "AddUserToGroup",
                &[("GroupName", &name), ("UserName", "Jane")],
            )
            .await;
        if index < 10 {
            reply.ok();
        } else {
            reply.refused(
                409,
                "LimitExceeded",
                "Cannot exceed quota for GroupsPerUser: 10",
            );
        }
    }
    server
        .call(&server.root, "DeleteUser", &[("UserName", "Jane")])
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must remove users from group first.",
        );
}

#[tokio::test]
async fn a_renamed_user_keeps_its_keys_groups_and_policies() {
    let mut server = Server::start().await;
    let jane = server.user("Jane").await;
    server.done("CreateGroup", &[("GroupName", "Ops")]).await;
    server
        .done(
            "AddUserToGroup",
            &[("GroupName", "Ops"), ("UserName", "Jane")],
        )
        .await;
    server
        .done(
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "p"),
                ("PolicyDocument", &document("Allow", "iam:List*")),
            ],
        )
        .await;
    server.done("CreateUser", &[("UserName", "Adam")]).await;
    server
        .call(
            &server.root,
            "UpdateUser",
            &[("UserName", "Jane"), ("NewUserName", "ADAM")],
        )
        .await
        .refused(
            409,
            "EntityAlreadyExists",
            "User with name ADAM already exists.",
        );
    server
        .done(
            "UpdateUser",
            &[
                ("UserName", "Jane"),
                ("NewUserName", "Joan"),
                ("NewPath", "/x/"),
            ],
        )
        .await;
    for _ in 0..2 {
        assert!(may_list(&server, &jane).await);
        let who = server.call(&jane, "GetCallerIdentity", &[]).await.ok();
        assert_eq!(
            who.text("Arn"),
            format!("arn:aws:iam::{ACCOUNT}:user/x/Joan")
        );
        let keys = server.done("ListAccessKeys", &[("UserName", "Joan")]).await;
        assert_eq!(keys.texts("AccessKeyId"), [jane.id.as_str()]);
        assert_eq!(keys.text("UserName"), "Joan");
        let group = server.done("GetGroup", &[("GroupName", "Ops")]).await;
        assert_eq!(group.texts("UserName"), ["Joan"]);
        assert_eq!(
            server
                .call(&server.root, "GetUser", &[("UserName", "Jane")])
                .await
                .status,
            404
        );
        // The same is true after a restart.
        server.postern.restart().await.unwrap();
    }
}

#[tokio::test]
async fn a_boundary_limits_and_never_grants() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let lists = server
        .done(
            "CreatePolicy",
            &[
                ("PolicyName", "Lists"),
                ("PolicyDocument", &document("Allow", "iam:List*")),
            ],
        )
        .await
        .text("Arn");
    let boundary = [
        ("UserName", "Jane"),
        ("PermissionsBoundary", lists.as_str()),
    ];
    server.done("PutUserPermissionsBoundary", &boundary).await;
    assert!(!may_list(&server, &jane).await);
    server
        .done(
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "all"),
                ("PolicyDocument", &document("Allow", "iam:*")),
            ],
        )
        .await;
    assert!(may_list(&server, &jane).await);
    let denied = server.call(&jane, "GetUser", &[]).await;
    assert!(
        denied
            .text("Message")
            .ends_with("because no permissions boundary allows the iam:GetUser action"),
        "{}",
        denied.body
    );
    let listed = server
        .done(
            "ListPolicies",
            &[
                ("Scope", "Local"),
                ("PolicyUsageFilter", "PermissionsBoundary"),
            ],
        )
        .await;
    assert_eq!(listed.texts("PolicyName"), ["Lists"]);
    assert_eq!(listed.text("PermissionsBoundaryUsageCount"), "1");
    server
        .call(&server.root, "DeletePolicy", &[("PolicyArn", &lists)])
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete a policy attached to entities.",
        );
    let named = [("UserName", "Jane")];
    server.done("DeleteUserPermissionsBoundary", &named).await;
    server.call(&jane, "GetUser", &[]).await.ok();
    let again = server
        .call(&server.root, "DeleteUserPermissionsBoundary", &named)
        .await;
    assert_eq!(
        (again.status, again.text("Code").as_str()),
        (404, "NoSuchEntity")
    );
}

#[tokio::test]
async fn the_version_in_force_decides() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let arn = server
        .done(
            "CreatePolicy",
            &[
                ("PolicyName", "P"),
                ("PolicyDocument", &document("Allow", "iam:List*")),
            ],
        )
        .await
        .text("Arn");
    let policy = [("PolicyArn", arn.as_str())];
    server
        .done("AttachUserPolicy", &[("UserName", "Jane"), policy[0]])
        .await;
    assert!(may_list(&server, &jane).await);
    let text = document("Deny", "iam:*");
    let new = [policy[0], ("PolicyDocument", text.as_str())];
    let second = server.done("CreatePolicyVersion", &new).await;
    assert_eq!(
        second.children("PolicyVersion"),
        ["VersionId", "IsDefaultVersion", "CreateDate"]
    );
    assert_eq!(
        (second.text("VersionId"), second.text("IsDefaultVersion")),
        ("v2".into(), "false".into())
    );
    assert!(may_list(&server, &jane).await);
    server
        .done("SetDefaultPolicyVersion", &[policy[0], ("VersionId", "v2")])
        .await;
    assert!(!may_list(&server, &jane).await);
    let third = server
        .done(
            "CreatePolicyVersion",
            &[
                policy[0],
                ("PolicyDocument", &document("Allow", "iam:List*")),
                ("SetAsDefault", "true"),
            ],
        )
        .await;
    assert_eq!(third.text("IsDefaultVersion"), "true");
    assert!(may_list(&server, &jane).await);
    server
        .done("DeletePolicyVersion", &[policy[0], ("VersionId", "v2")])
        .await;
    server
        .call(
            &server.root,
            "DeletePolicyVersion",
            &[policy[0], ("VersionId", "v3")],
        )
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete the default version of a policy.",
        );
    let missing = format!("Policy {arn} version v2 does not exist or is not attachable.");
    for action in [
        "GetPolicyVersion",
        "DeletePolicyVersion",
        "SetDefaultPolicyVersion",
    ] {
        server
            .call(&server.root, action, &[policy[0], ("VersionId", "v2")])
            .await
            .refused(404, "NoSuchEntity", &missing);
    }
    for _ in 0..3 {
        server.done("CreatePolicyVersion", &new).await;
    }
    let listed = server.done("ListPolicyVersions", &policy).await;
    assert_eq!(listed.texts("VersionId"), ["v6", "v5", "v4", "v3", "v1"]);
    server
        .call(&server.root, "CreatePolicyVersion", &new)
        .await
        .refused(
            409,
            "LimitExceeded",
            "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing \
             version.",
        );
    server
        .done("DetachUserPolicy", &[("UserName", "Jane"), policy[0]])
        .await;
    server
        .call(&server.root, "DeletePolicy", &policy)
        .await
        .refused(
            409,
            "DeleteConflict",
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The \
             default version is deleted with the policy.",
        );
    let full = "arn:aws:iam::aws:policy/AmazonMQFullAccess";
    let denied = server
        .call(&server.root, "DeletePolicy", &[("PolicyArn", full)])
        .await;
    assert_eq!(
        (denied.status, denied.text("Code").as_str()),
        (403, "AccessDenied")
    );
    let version = server
        .done(
            "GetPolicyVersion",
            &[("PolicyArn", full), ("VersionId", "v5")],
        )
        .await;
    assert!(version.text("Document").starts_with("%7B%22Version%22"));
}

#[tokio::test]
async fn tags_are_changed_without_regard_to_case_and_count_for_policies() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let by_tag = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}}]}"#;
    server
        .done(
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "p"),
                ("PolicyDocument", by_tag),
            ],
        )
        .await;
    assert!(!may_list(&server, &jane).await);
    let tag = |key: &'static str, value: &'static str| {
        vec![
            ("UserName", "Jane"),
            ("Tags.member.1.Key", key),
            ("Tags.member.1.Value", value),
        ]
    };
    server.done("TagUser", &tag("Team", "blue")).await;
    server.done("TagUser", &tag("TEAM", "red")).await;
    assert!(may_list(&server, &jane).await);
    let listed = server.done("ListUserTags", &[("UserName", "Jane")]).await;
    assert_eq!(
        (listed.texts("Key"), listed.texts("Value")),
        (vec!["TEAM".to_owned()], vec!["red".to_owned()])
    );
    server
        .done(
            "UntagUser",
            &[("UserName", "Jane"), ("TagKeys.member.1", "team")],
        )
        .await;
    assert!(!may_list(&server, &jane).await);
    for index in 0..51 {
        let key = format!("k{index}");
        let reply = server
            .call(
                &server.root,
                "TagUser",
                &[
                    ("UserName", "Jane"),
                    ("Tags.member.1.Key", &key),
                    ("Tags.member.1.Value", ""),
                ],
            )
            .await;
        if index < 50 {
            reply.ok();
        } else {
            reply.refused(
                409,
                "LimitExceeded",
                "The number of tags has reached the maximum limit.",
            );
        }
    }
}

#[tokio::test]
async fn the_last_use_of_a_key_is_told() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let key = [("AccessKeyId", jane.id.as_str())];
    let before = server.done("GetAccessKeyLastUsed", &key).await;
    assert_eq!(
        before.children("AccessKeyLastUsed"),
        ["ServiceName", "Region"]
    );
    assert_eq!(
        (before.text("UserName"), before.text("Region")),
        ("Jane".into(), "N/A".into())
    );
    server.call(&jane, "GetCallerIdentity", &[]).await.ok();
    let after = server.done("GetAccessKeyLastUsed", &key).await;
    assert_eq!(after.text("LastUsedDate"), "2026-11-25T12:00:00Z");
    assert_eq!(
        (after.text("ServiceName"), after.text("Region")),
        ("sts".into(), "us-east-1".into())
    );
}
