//! Roles, service-linked roles, passwords and what is set for the account as a whole.

use crate::support::{ACCOUNT, Server};
use api::protocol::form;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}]}"#;
const READ: &str = "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess";

#[tokio::test]
async fn a_role_is_created_changed_and_deleted() {
    let server = Server::start().await;
    let made = server
        .done(
            "CreateRole",
            &[
                ("RoleName", "Admin"),
                ("AssumeRolePolicyDocument", TRUST),
                ("MaxSessionDuration", "7200"),
                ("Tags.member.1.Key", "k"),
                ("Tags.member.1.Value", "v"),
            ],
        )
        .await;
    assert_eq!(
        made.text("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:role/Admin")
    );
    assert!(made.text("RoleId").starts_with("AROA"));
    assert_eq!(made.text("AssumeRolePolicyDocument"), form::encode(TRUST));
    server
        .call(
            &server.root,
            "CreateRole",
            &[("RoleName", "admin"), ("AssumeRolePolicyDocument", TRUST)],
        )
        .await
        .refused(
            409,
            "EntityAlreadyExists",
            "Role with name admin already exists.",
        );
    server
        .call(
            &server.root,
            "CreateRole",
            &[("RoleName", "x"), ("AssumeRolePolicyDocument", "not json")],
        )
        .await
        .refused(
            400,
            "MalformedPolicyDocument",
            "This policy contains invalid Json",
        );
    server
        .call(
            &server.root,
            "CreateRole",
            &[
                ("RoleName", "x"),
                ("AssumeRolePolicyDocument", TRUST),
                ("MaxSessionDuration", "60"),
            ],
        )
        .await
        .refused(
            400,
            "ValidationError",
            "1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have \
             value greater than or equal to 3600",
        );
    let role = [("RoleName", "Admin")];
    let updated = server
        .done(
            "UpdateRole",
            &[
                role[0],
                ("Description", "d"),
                ("MaxSessionDuration", "3600"),
            ],
        )
        .await;
    assert!(
        updated.body.contains("<UpdateRoleResult>"),
        "an empty output is an empty element: {}",
        updated.body
    );
    let got = server.done("GetRole", &role).await;
    assert_eq!(
        (got.text("Description"), got.text("MaxSessionDuration")),
        ("d".into(), "3600".into())
    );
    assert_eq!(got.text("Value"), "v");
    assert_eq!(
        server.done("ListRoles", &[]).await.texts("RoleName"),
        ["Admin"]
    );
    server
        .done("AttachRolePolicy", &[role[0], ("PolicyArn", READ)])
        .await;
    server
        .call(&server.root, "DeleteRole", &role)
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must detach all policies first.",
        );
    server
        .done("DetachRolePolicy", &[role[0], ("PolicyArn", READ)])
        .await;
    let profile = [("InstanceProfileName", "P"), role[0]];
    server.done("CreateInstanceProfile", &profile[..1]).await;
    server.done("AddRoleToInstanceProfile", &profile).await;
    assert_eq!(
        server
            .done("ListInstanceProfilesForRole", &role)
            .await
            .texts("InstanceProfileName"),
        ["P"]
    );
    server
        .call(&server.root, "DeleteRole", &role)
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must remove roles from instance profile first.",
        );
    server.done("RemoveRoleFromInstanceProfile", &profile).await;
    server.done("DeleteInstanceProfile", &profile[..1]).await;
    server.done("DeleteRole", &role).await;
    server.call(&server.root, "GetRole", &role).await.refused(
        404,
        "NoSuchEntity",
        "The role with name Admin cannot be found.",
    );
}

#[tokio::test]
async fn nobody_changes_the_role_of_a_service() {
    let server = Server::start().await;
    let service = [("AWSServiceName", "mq.amazonaws.com")];
    let made = server.done("CreateServiceLinkedRole", &service).await;
    let name = "AWSServiceRoleForAmazonMQ";
    assert_eq!(
        made.text("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:role/aws-service-role/mq.amazonaws.com/{name}")
    );
    server
        .call(&server.root, "CreateServiceLinkedRole", &service)
        .await
        .refused(
            400,
            "InvalidInput",
            &format!("Service role name {name} has been taken in this account, please try a different suffix."),
        );
    let role = ("RoleName", name);
    let protected = format!(
        "Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
    );
    for (action, members) in [
        ("DeleteRole", vec![role]),
        ("UpdateRole", vec![role, ("Description", "d")]),
        (
            "UpdateAssumeRolePolicy",
            vec![role, ("PolicyDocument", TRUST)],
        ),
        ("AttachRolePolicy", vec![role, ("PolicyArn", READ)]),
        (
            "PutRolePermissionsBoundary",
            vec![role, ("PermissionsBoundary", READ)],
        ),
    ] {
        server.call(&server.root, action, &members).await.refused(
            400,
            "UnmodifiableEntity",
            &protected,
        );
    }
    let attached = server.done("ListAttachedRolePolicies", &[role]).await;
    assert_eq!(attached.texts("PolicyName"), ["AmazonMQServiceRolePolicy"]);
    let task = server
        .done("DeleteServiceLinkedRole", &[role])
        .await
        .text("DeletionTaskId");
    assert!(task.starts_with("task/aws-service-role/mq.amazonaws.com/"));
    let status = server
        .done(
            "GetServiceLinkedRoleDeletionStatus",
            &[("DeletionTaskId", &task)],
        )
        .await;
    assert_eq!(status.text("Status"), "SUCCEEDED");
    assert_eq!(
        server.call(&server.root, "GetRole", &[role]).await.status,
        404
    );
}

#[tokio::test]
async fn a_password_is_checked_and_kept_nowhere() {
    let server = Server::start().await;
    server.done("CreateUser", &[("UserName", "Jane")]).await;
    let user = ("UserName", "Jane");
    let password = "Tr0ub4dor-and-three";
    server
        .call(&server.root, "GetLoginProfile", &[user])
        .await
        .refused(
            404,
            "NoSuchEntity",
            "Login Profile for User Jane cannot be found.",
        );
    server
        .call(
            &server.root,
            "CreateLoginProfile",
            &[user, ("Password", "short")],
        )
        .await
        .refused(
            400,
            "PasswordPolicyViolation",
            "Password does not conform to the account password policy.",
        );
    server
        .done("CreateLoginProfile", &[user, ("Password", password)])
        .await;
    server.done("GetLoginProfile", &[user]).await;
    server
        .call(&server.root, "DeleteUser", &[user])
        .await
        .refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must delete login profile first.",
        );
    server
        .done(
            "UpdateAccountPasswordPolicy",
            &[("MinimumPasswordLength", "30")],
        )
        .await;
    server
        .call(
            &server.root,
            "UpdateLoginProfile",
            &[user, ("Password", password)],
        )
        .await
        .refused(
            400,
            "PasswordPolicyViolation",
            "Password does not conform to the account password policy.",
        );
    server.done("DeleteLoginProfile", &[user]).await;
    let mut files = 0;
    let mut folders = vec![server.postern.folder().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes
                .windows(password.len())
                .any(|window| window == password.as_bytes());
            assert!(!found, "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 1);
}

#[tokio::test]
async fn the_account_has_one_name_and_its_settings_survive_a_restart() {
    let mut server = Server::start().await;
    server
        .done("CreateAccountAlias", &[("AccountAlias", "first")])
        .await;
    server
        .done("CreateAccountAlias", &[("AccountAlias", "my-name")])
        .await;
    server
        .call(&server.root, "GetAccountPasswordPolicy", &[])
        .await
        .refused(
            404,
            "NoSuchEntity",
            &format!("The Password Policy with domain name {ACCOUNT} cannot be found."),
        );
    server
        .done("UpdateAccountPasswordPolicy", &[("MaxPasswordAge", "90")])
        .await;
    server.postern.restart().await.unwrap();
    assert_eq!(
        server.done("ListAccountAliases", &[]).await.texts("member"),
        ["my-name"]
    );
    let policy = server.done("GetAccountPasswordPolicy", &[]).await;
    assert_eq!(
        (
            policy.text("ExpirePasswords"),
            policy.text("MaxPasswordAge")
        ),
        ("true".into(), "90".into())
    );
    server
        .call(
            &server.root,
            "DeleteAccountAlias",
            &[("AccountAlias", "first")],
        )
        .await
        .refused(
            404,
            "NoSuchEntity",
            "The account alias with name first cannot be found.",
        );
    server
        .done("DeleteAccountAlias", &[("AccountAlias", "my-name")])
        .await;
}

#[tokio::test]
async fn identity_providers_are_records_with_arns_of_their_own() {
    let mut server = Server::start().await;
    let arn = server
        .done(
            "CreateOpenIDConnectProvider",
            &[
                ("Url", "https://issuer.example"),
                ("ClientIDList.member.1", "app"),
            ],
        )
        .await
        .text("OpenIDConnectProviderArn");
    assert_eq!(
        arn,
        format!("arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example")
    );
    server
        .call(
            &server.root,
            "CreateOpenIDConnectProvider",
            &[("Url", "https://issuer.example")],
        )
        .await
        .refused(
            409,
            "EntityAlreadyExists",
            "Provider with url https://issuer.example already exists.",
        );
    server
        .call(
            &server.root,
            "CreateOpenIDConnectProvider",
            &[("Url", "http://issuer.example")],
        )
        .await
        .refused(400, "InvalidInput", "Invalid Open ID Connect Provider URL");
    // A policy may name the provider.
    let jane = server.user("Jane").await;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"iam:GetOpenIDConnectProvider","Resource":"{arn}"}}]}}"#
    );
    server
        .done(
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "p"),
                ("PolicyDocument", &policy),
            ],
        )
        .await;
    let named = [("OpenIDConnectProviderArn", arn.as_str())];
    server.postern.restart().await.unwrap();
    let got = server
        .call(&jane, "GetOpenIDConnectProvider", &named)
        .await
        .ok();
    assert_eq!(got.texts("member"), ["app"]);
    assert_eq!(
        server
            .call(&jane, "DeleteOpenIDConnectProvider", &named)
            .await
            .status,
        403
    );
    server.done("DeleteOpenIDConnectProvider", &named).await;
    let short = "<EntityDescriptor/>";
    let filler = format!("{short}<!--{}-->", "x".repeat(1000));
    server
        .done(
            "CreateSAMLProvider",
            &[("Name", "corp"), ("SAMLMetadataDocument", &filler)],
        )
        .await;
    let nonsense = "x".repeat(1000);
    server
        .call(
            &server.root,
            "CreateSAMLProvider",
            &[("Name", "other"), ("SAMLMetadataDocument", &nonsense)],
        )
        .await
        .refused(400, "InvalidInput", "Could not parse metadata");
}

#[tokio::test]
async fn a_trust_policy_keeps_whom_it_names_and_not_the_name() {
    let server = Server::start().await;
    let trust = |arn: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{arn}"}},"Action":"sts:AssumeRole"}}]}}"#
        )
    };
    for missing in [
        "arn:aws:iam::111122223333:user/jane",
        "arn:aws:iam::111122223333:role/jane",
        "arn:aws:iam::444455556666:user/jane",
        "arn:aws:sts::111122223333:assumed-role/jane/session",
    ] {
        let document = trust(missing);
        server
            .call(
                &server.root,
                "CreateRole",
                &[
                    ("RoleName", "Held"),
                    ("AssumeRolePolicyDocument", &document),
                ],
            )
            .await
            .refused(
                400,
                "MalformedPolicyDocument",
                &format!(r#"Invalid principal in policy: "AWS":"{missing}""#),
            );
    }
    let made = server.done("CreateUser", &[("UserName", "jane")]).await;
    let (arn, id) = (made.text("Arn"), made.text("UserId"));
    let document = trust(&arn);
    server
        .done(
            "CreateRole",
            &[
                ("RoleName", "Held"),
                ("AssumeRolePolicyDocument", &document),
            ],
        )
        .await;
    let shown = async || {
        let role = server.done("GetRole", &[("RoleName", "Held")]).await;
        role.text("AssumeRolePolicyDocument")
    };
    assert_eq!(shown().await, form::encode(&document));
    let renamed = [("UserName", "jane"), ("NewUserName", "joan")];
    server.done("UpdateUser", &renamed).await;
    let now = arn.replace("jane", "joan");
    assert_eq!(shown().await, form::encode(&trust(&now)));
    server.done("DeleteUser", &[("UserName", "joan")]).await;
    server.done("CreateUser", &[("UserName", "jane")]).await;
    assert_eq!(shown().await, form::encode(&trust(&id)), "another jane");
}
