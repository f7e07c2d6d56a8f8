//! Credential reports, and users who change their passwords.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use testkit::NOW;

use crate::support::{ACCOUNT, Reply, Server};

const OLD: &str = "Tr0ub4dor-and-three";
const NEW: &str = "Correct-horse-battery-1";

#[expect(clippy::unwrap_used, reason = "a helper of tests may fail the test")]
fn report(reply: &Reply) -> Vec<Vec<String>> {
    let text = String::from_utf8(STANDARD.decode(reply.text("Content")).unwrap()).unwrap();
    text.lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[tokio::test]
async fn a_credential_report_is_asked_for_and_fetched() {
    let server = Server::start().await;
    server
        .call(&server.root, "GetCredentialReport", &[])
        .await
        .refused(
            410,
            "ReportNotPresent",
            "No report present. Please generate a new one.",
        );
    let jane = server.user("Jane").await;
    server.postern.clock.set(NOW + 1000);
    server
        .done("CreateAccessKey", &[("UserName", "Jane")])
        .await;
    server
        .done(
            "UpdateAccessKey",
            &[
                ("UserName", "Jane"),
                ("AccessKeyId", &jane.id),
                ("Status", "Inactive"),
            ],
        )
        .await;
    server
        .done(
            "CreateLoginProfile",
            &[("UserName", "Jane"), ("Password", OLD)],
        )
        .await;
    server
        .done("UpdateAccountPasswordPolicy", &[("MaxPasswordAge", "10")])
        .await;
    server.done("CreateUser", &[("UserName", "a,b")]).await;

    let started = server.done("GenerateCredentialReport", &[]).await;
    assert_eq!(started.text("State"), "STARTED");
    let done = server.done("GenerateCredentialReport", &[]).await;
    assert_eq!(done.text("State"), "COMPLETE");
    let reply = server.done("GetCredentialReport", &[]).await;
    assert_eq!(reply.text("ReportFormat"), "text/csv");
    let lines = report(&reply);
    // "Generate credential reports for your AWS account".
    assert_eq!(
        lines[0],
        [
            "user",
            "arn",
            "user_creation_time",
            "password_enabled",
            "password_last_used",
            "password_last_changed",
            "password_next_rotation",
            "mfa_active",
            "access_key_1_active",
            "access_key_1_last_rotated",
            "access_key_1_last_used_date",
            "access_key_1_last_used_region",
            "access_key_1_last_used_service",
            "access_key_2_active",
            "access_key_2_last_rotated",
            "access_key_2_last_used_date",
            "access_key_2_last_used_region",
            "access_key_2_last_used_service",
            "cert_1_active",
            "cert_1_last_rotated",
            "cert_2_active",
            "cert_2_last_rotated",
        ]
    );
    assert_eq!(lines.len(), 4);
    let root = &lines[1];
    assert_eq!(root.len(), 22);
    assert_eq!(root[0], "<root_account>");
    assert_eq!(root[1], format!("arn:aws:iam::{ACCOUNT}:root"));
    assert_eq!(
        root[3..9],
        [
            "not_supported",
            "N/A",
            "not_supported",
            "not_supported",
            "false",
            "true"
        ]
    );
    assert_eq!(root[11..13], ["us-east-1", "iam"]);
    // A name with a comma stands in quotes, and so does its ARN.
    assert_eq!(lines[2][..2], ["\"a", "b\""]);
    assert_eq!(lines[2].len(), 24);
    let jane = &lines[3];
    assert_eq!(jane[0], "Jane");
    assert!(jane[2].ends_with("+00:00"), "{}", jane[2]);
    assert_eq!(jane[3..5], ["true", "no_information"]);
    let parse = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let kept = parse(&jane[6]).duration_since(parse(&jane[5]));
    assert_eq!(kept.as_secs(), 10 * 86_400);
    assert_eq!(jane[8], "false");
    assert_eq!(jane[10..14], ["N/A", "N/A", "N/A", "true"]);
    assert_eq!(jane[18..], ["false", "N/A", "false", "N/A"]);

    server.postern.clock.set(NOW + 1000 + 4 * 3_600_000);
    server
        .call(&server.root, "GetCredentialReport", &[])
        .await
        .refused(
            410,
            "ReportExpired",
            "The most recent report has expired. Please generate a new one.",
        );
    let again = server.done("GenerateCredentialReport", &[]).await;
    assert_eq!(again.text("State"), "STARTED");
    server.postern.stop().await;
}

#[tokio::test]
async fn users_change_their_passwords_knowing_the_old_one() {
    let server = Server::start().await;
    let jane = server.user("Jane").await;
    let change = |old, new| [("OldPassword", old), ("NewPassword", new)];
    server
        .call(&server.root, "ChangePassword", &change(OLD, NEW))
        .await
        .refused(
            400,
            "InvalidUserType",
            "Only IAM Users can change their own password",
        );
    let denied = server
        .call(&jane, "ChangePassword", &change(OLD, NEW))
        .await;
    assert_eq!(denied.status, 403, "{}", denied.body);
    assert!(denied.body.contains(&format!(
        "is not authorized to perform: iam:ChangePassword on resource: arn:aws:iam::{ACCOUNT}:user/Jane"
    )));
    // The account may let all its users.
    server
        .done(
            "UpdateAccountPasswordPolicy",
            &[
                ("AllowUsersToChangePassword", "true"),
                ("MinimumPasswordLength", "8"),
                ("PasswordReusePrevention", "2"),
            ],
        )
        .await;
    server
        .call(&jane, "ChangePassword", &change(OLD, NEW))
        .await
        .refused(
            404,
            "NoSuchEntity",
            "Login Profile for User Jane cannot be found.",
        );
    server
        .done(
            "CreateLoginProfile",
            &[
                ("UserName", "Jane"),
                ("Password", OLD),
                ("PasswordResetRequired", "true"),
            ],
        )
        .await;
    server
        .call(&jane, "ChangePassword", &change("Tr0ub4dor-and-four", NEW))
        .await
        .refused(403, "AccessDenied", "The old password was incorrect.");
    let violation = "Password does not conform to the account password policy.";
    for new in ["short", OLD] {
        server
            .call(&jane, "ChangePassword", &change(OLD, new))
            .await
            .refused(400, "PasswordPolicyViolation", violation);
    }
    // Another's name in the request changes nothing about whose password it is.
    server.user("Joe").await;
    let named = [
        ("UserName", "Joe"),
        ("OldPassword", OLD),
        ("NewPassword", NEW),
    ];
    server.call(&jane, "ChangePassword", &named).await.ok();
    let profile = server
        .done("GetLoginProfile", &[("UserName", "Jane")])
        .await;
    assert_eq!(profile.text("PasswordResetRequired"), "false");
    server
        .call(&jane, "ChangePassword", &change(OLD, NEW))
        .await
        .refused(403, "AccessDenied", "The old password was incorrect.");
    // The last two are remembered, the one before is not.
    let third = "Battery-staple-3";
    for (old, new) in [(NEW, OLD), (NEW, NEW)] {
        server
            .call(&jane, "ChangePassword", &change(old, new))
            .await
            .refused(400, "PasswordPolicyViolation", violation);
    }
    server
        .call(&jane, "ChangePassword", &change(NEW, third))
        .await
        .ok();
    server
        .call(&jane, "ChangePassword", &change(third, OLD))
        .await
        .ok();
    // What the account gives is a policy like others: a Deny wins.
    let deny = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:ChangePassword","Resource":"*"}}"#;
    server
        .done(
            "PutUserPolicy",
            &[
                ("UserName", "Jane"),
                ("PolicyName", "no"),
                ("PolicyDocument", deny),
            ],
        )
        .await;
    let denied = server
        .call(&jane, "ChangePassword", &change(OLD, third))
        .await;
    assert!(denied.body.contains("explicit deny"), "{}", denied.body);
    server.postern.stop().await;
}
