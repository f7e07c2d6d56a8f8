//! Policy simulation through the whole pipeline.

use crate::support::{ACCOUNT, Reply, Server};

const BROKER: &str = "arn:aws:mq:us-east-1:111122223333:broker:orders:b-1";

/// Lines and columns of its statements are what the tests are about.
const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{
      "Sid": "Read",
      "Effect": "Allow",
      "Action": "mq:Describe*",
      "Resource": "*"
    },
    {"Effect": "Deny", "Action": "mq:DeleteBroker", "Resource": "*",
     "Condition": {"StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}]
}"#;
const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
const LISTS: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"mq:List*","Resource":"*"}}"#;

/// An action with its members, and the status, code and message that it is refused with.
type Refused<'a> = (&'a str, Vec<(&'a str, &'a str)>, u16, &'a str, String);

async fn custom(server: &Server, members: &[(&str, &str)]) -> Reply {
    server.done("SimulateCustomPolicy", members).await
}

#[tokio::test]
async fn a_simulation_says_what_decides_and_where_it_stands() {
    let server = Server::start().await;
    let reply = custom(
        &server,
        &[
            ("PolicyInputList.member.1", ALL),
            ("PolicyInputList.member.2", POLICY),
            ("ActionNames.member.1", "mq:DescribeBroker"),
            ("ActionNames.member.2", "mq:DeleteBroker"),
            ("ResourceArns.member.1", BROKER),
        ],
    )
    .await;
    assert_eq!(
        reply.texts("EvalActionName"),
        ["mq:DescribeBroker", "mq:DeleteBroker"]
    );
    assert_eq!(reply.texts("EvalDecision"), ["allowed", "explicitDeny"]);
    assert_eq!(
        reply.texts("EvalResourceDecision"),
        ["allowed", "explicitDeny"]
    );
    assert_eq!(reply.texts("EvalResourceName"), [BROKER; 4]);
    // Of an allowed action every Allow, of a denied one the Deny; each once more with the resource.
    let (one, two) = ("PolicyInputList.1", "PolicyInputList.2");
    assert_eq!(
        reply.texts("SourcePolicyId"),
        [one, two, one, two, two, two]
    );
    assert_eq!(reply.texts("SourcePolicyType"), ["IAM Policy"; 6]);
    let positions: Vec<String> = ["StartPosition", "EndPosition"]
        .into_iter()
        .flat_map(|name| reply.texts(name))
        .map(|it| it.split_whitespace().collect())
        .collect();
    let at = |line, column| format!("<Line>{line}</Line><Column>{column}</Column>");
    let (all, read, deny) = (at(1, 37), at(3, 17), at(9, 5));
    assert_eq!(
        positions[..6].iter().collect::<Vec<_>>(),
        [&all, &read, &all, &read, &deny, &deny]
    );
    let (all, read, deny) = (at(1, 83), at(8, 6), at(10, 93));
    assert_eq!(
        positions[6..].iter().collect::<Vec<_>>(),
        [&all, &read, &all, &read, &deny, &deny]
    );
    assert!(!reply.body.contains("PermissionsBoundaryDecisionDetail"));
    assert!(reply.body.contains("<EvalDecisionDetails>"));
    assert_eq!(
        reply.texts("MissingContextValues")[0]
            .split_whitespace()
            .collect::<String>(),
        "<member>aws:ResourceTag/team</member><member>aws:PrincipalTag/team</member>"
    );
}

#[tokio::test]
async fn condition_keys_come_from_the_request() {
    let server = Server::start().await;
    let ask = async |values: &[(&str, &str)]| {
        let mut members = vec![
            ("PolicyInputList.member.1", ALL),
            ("PolicyInputList.member.2", POLICY),
            ("ActionNames.member.1", "mq:DeleteBroker"),
            (
                "ContextEntries.member.1.ContextKeyName",
                "aws:ResourceTag/team",
            ),
            ("ContextEntries.member.1.ContextKeyType", "string"),
            (
                "ContextEntries.member.2.ContextKeyName",
                "aws:PrincipalTag/team",
            ),
            ("ContextEntries.member.2.ContextKeyType", "string"),
        ];
        members.extend(values);
        custom(&server, &members).await
    };
    for (other, decision) in [("red", "allowed"), ("blue", "explicitDeny")] {
        let reply = ask(&[
            ("ContextEntries.member.1.ContextKeyValues.member.1", "red"),
            ("ContextEntries.member.2.ContextKeyValues.member.1", other),
        ])
        .await;
        assert_eq!(reply.text("EvalDecision"), decision, "{other}");
        assert_eq!(reply.text("MissingContextValues"), "");
        // Asked on everything, there are no results of single resources.
        assert_eq!(reply.text("EvalResourceName"), "*");
        assert!(!reply.body.contains("ResourceSpecificResults"));
    }
    let refused = server
        .call(
            &server.root,
            "SimulateCustomPolicy",
            &[
                ("PolicyInputList.member.1", ALL),
                ("ActionNames.member.1", "mq:DeleteBroker"),
                ("ContextEntries.member.1.ContextKeyName", "aws:EpochTime"),
                ("ContextEntries.member.1.ContextKeyType", "numeric"),
                ("ContextEntries.member.1.ContextKeyValues.member.1", "soon"),
            ],
        )
        .await;
    refused.refused(
        400,
        "InvalidInput",
        "Invalid value for context key aws:EpochTime: soon is not of the type numeric.",
    );
}

#[tokio::test]
async fn a_boundary_limits_and_says_so() {
    let server = Server::start().await;
    let reply = custom(
        &server,
        &[
            ("PolicyInputList.member.1", ALL),
            ("PermissionsBoundaryPolicyInputList.member.1", LISTS),
            ("ActionNames.member.1", "mq:ListBrokers"),
            ("ActionNames.member.2", "mq:DeleteBroker"),
        ],
    )
    .await;
    assert_eq!(reply.texts("EvalDecision"), ["allowed", "implicitDeny"]);
    assert_eq!(
        reply.texts("AllowedByPermissionsBoundary"),
        ["true", "false"]
    );
}

#[tokio::test]
async fn a_users_own_policies_its_groups_and_its_boundary_are_asked() {
    let server = Server::start().await;
    let arn = format!("arn:aws:iam::{ACCOUNT}:user/team/jane");
    server
        .done(
            "CreateUser",
            &[
                ("UserName", "jane"),
                ("Path", "/team/"),
                ("Tags.member.1.Key", "team"),
                ("Tags.member.1.Value", "red"),
            ],
        )
        .await;
    server.done("CreateGroup", &[("GroupName", "ops")]).await;
    server
        .done(
            "AddUserToGroup",
            &[("GroupName", "ops"), ("UserName", "jane")],
        )
        .await;
    server
        .done(
            "PutUserPolicy",
            &[
                ("UserName", "jane"),
                ("PolicyName", "own"),
                ("PolicyDocument", POLICY),
            ],
        )
        .await;
    server
        .done(
            "PutGroupPolicy",
            &[
                ("GroupName", "ops"),
                ("PolicyName", "lists"),
                ("PolicyDocument", LISTS),
            ],
        )
        .await;
    let managed = "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess";
    server
        .done(
            "AttachUserPolicy",
            &[("UserName", "jane"), ("PolicyArn", managed)],
        )
        .await;
    let ask = async |more: &[(&str, &str)]| {
        let mut members = vec![
            ("PolicySourceArn", arn.as_str()),
            ("ActionNames.member.1", "mq:ListBrokers"),
        ];
        members.extend(more);
        server.done("SimulatePrincipalPolicy", &members).await
    };
    let reply = ask(&[]).await;
    assert_eq!(reply.text("EvalDecision"), "allowed");
    assert_eq!(
        reply.texts("SourcePolicyId"),
        ["AmazonMQReadOnlyAccess", "group_ops_lists"]
    );
    // The tags of the user are known, those of a resource are not.
    assert_eq!(
        reply
            .text("MissingContextValues")
            .split_whitespace()
            .collect::<String>(),
        "<member>aws:ResourceTag/team</member>"
    );
    let without = ask(&[
        (
            "PolicyExclusionList.member.1.PolicyArn",
            "arn:aws:iam::aws:policy/AmazonMQ*",
        ),
        (
            "PolicyExclusionList.member.2.InlinePolicyIdentifier.PolicyName",
            "lists",
        ),
        (
            "PolicyExclusionList.member.2.InlinePolicyIdentifier.AttachmentType",
            "group",
        ),
        (
            "PolicyExclusionList.member.2.InlinePolicyIdentifier.AttachmentName",
            "o*",
        ),
    ])
    .await;
    assert_eq!(without.text("EvalDecision"), "implicitDeny");

    server
        .done(
            "PutUserPermissionsBoundary",
            &[
                ("UserName", "jane"),
                (
                    "PermissionsBoundary",
                    "arn:aws:iam::aws:policy/IAMReadOnlyAccess",
                ),
            ],
        )
        .await;
    let bounded = ask(&[]).await;
    assert_eq!(bounded.text("EvalDecision"), "implicitDeny");
    assert_eq!(bounded.text("AllowedByPermissionsBoundary"), "false");
    // One that is given takes the place of the user's own.
    let replaced = ask(&[("PermissionsBoundaryPolicyInputList.member.1", ALL)]).await;
    assert_eq!(replaced.text("EvalDecision"), "allowed");

    let keys = server
        .done(
            "GetContextKeysForPrincipalPolicy",
            &[("PolicySourceArn", &arn)],
        )
        .await;
    assert_eq!(
        keys.texts("member"),
        ["aws:ResourceTag/team", "aws:PrincipalTag/team"]
    );
    let keys = server
        .done(
            "GetContextKeysForCustomPolicy",
            &[("PolicyInputList.member.1", LISTS)],
        )
        .await;
    assert!(keys.body.contains("<ContextKeyNames/>"), "{}", keys.body);
}

#[tokio::test]
async fn what_is_decided_in_a_simulation_is_what_happens() {
    let server = Server::start().await;
    let jane = server.user("jane").await;
    let arn = format!("arn:aws:iam::{ACCOUNT}:user/jane");
    for (allowed, document) in [
        (false, LISTS),
        (
            true,
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:SimulatePrincipalPolicy"],
                "Resource":"arn:aws:iam::*:user/${aws:username}"}}"#,
        ),
    ] {
        server
            .done(
                "PutUserPolicy",
                &[
                    ("UserName", "jane"),
                    ("PolicyName", "p"),
                    ("PolicyDocument", document),
                ],
            )
            .await;
        let members = [
            ("PolicySourceArn", arn.as_str()),
            ("ActionNames.member.1", "iam:SimulatePrincipalPolicy"),
            ("ResourceArns.member.1", &arn),
        ];
        let said = server.done("SimulatePrincipalPolicy", &members).await;
        assert_eq!(said.text("EvalDecision") == "allowed", allowed);
        let did = server
            .call(&jane, "SimulatePrincipalPolicy", &members)
            .await;
        assert_eq!(did.status == 200, allowed, "{}", did.body);
    }
}

#[tokio::test]
async fn results_come_in_pages() {
    let server = Server::start().await;
    let mut members = vec![
        ("PolicyInputList.member.1".to_owned(), ALL.to_owned()),
        ("MaxItems".to_owned(), "2".to_owned()),
    ];
    for number in 1..=5 {
        members.push((
            format!("ActionNames.member.{number}"),
            format!("mq:Action{number}"),
        ));
    }
    let mut seen = Vec::new();
    let mut marker: Option<String> = None;
    loop {
        let mut page: Vec<(&str, &str)> = members
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        if let Some(marker) = &marker {
            page.push(("Marker", marker));
        }
        let reply = custom(&server, &page).await;
        let names = reply.texts("EvalActionName");
        assert!(names.len() <= 2);
        seen.extend(names);
        if reply.text("IsTruncated") == "false" {
            break;
        }
        marker = Some(reply.text("Marker"));
    }
    let expected: Vec<String> = (1..=5).map(|it| format!("mq:Action{it}")).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn simulations_are_refused_in_awss_words() {
    let server = Server::start().await;
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/admin/me");
    let nobody = format!("arn:aws:iam::{ACCOUNT}:role/nobody");
    let cases: Vec<Refused<'_>> = vec![
        (
            "SimulatePrincipalPolicy",
            vec![("PolicySourceArn", &session), ("ActionNames.member.1", "mq:ListBrokers")],
            400,
            "InvalidInput",
            format!("Invalid Entity Arn: {session} does not clearly define entity type and name."),
        ),
        (
            "SimulatePrincipalPolicy",
            vec![("PolicySourceArn", &nobody), ("ActionNames.member.1", "mq:ListBrokers")],
            404,
            "NoSuchEntity",
            "The role with name nobody cannot be found.".into(),
        ),
        (
            "SimulateCustomPolicy",
            vec![
                ("PolicyInputList.member.1", ALL),
                ("ActionNames.member.1", "mq:ListBrokers"),
                ("ResourceArns.member.1", "orders"),
            ],
            400,
            "InvalidInput",
            "ResourceNames are not in a valid ARN format: orders.".into(),
        ),
        (
            "SimulateCustomPolicy",
            vec![
                ("PolicyInputList.member.1", ALL),
                ("ActionNames.member.1", "mq:ListBrokers"),
                ("CallerArn", &session),
            ],
            400,
            "InvalidInput",
            "Invalid caller - Caller must be an IAM user, role or group in this context.".into(),
        ),
        (
            "SimulateCustomPolicy",
            vec![("PolicyInputList.member.1", "{}"), ("ActionNames.member.1", "mq:ListBrokers")],
            400,
            "InvalidInput",
            "Invalid policy PolicyInputList.1: Syntax errors in policy.".into(),
        ),
        (
            "SimulateCustomPolicy",
            vec![],
            400,
            "ValidationError",
            "2 validation errors detected: Value at 'policyInputList' failed to satisfy constraint: Member must not be null; \
             Value at 'actionNames' failed to satisfy constraint: Member must not be null"
                .into(),
        ),
    ];
    for (action, members, status, code, message) in cases {
        let reply = server.call(&server.root, action, &members).await;
        reply.refused(status, code, &message);
    }
}
