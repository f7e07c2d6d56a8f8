//! Session tokens through the socket: what they are good for, and that nothing but themselves is taken for one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

mod support_sts;

use serde_json::json;
use support_sts::*;
use testkit::{NOW, Postern};

#[tokio::test]
async fn a_session_of_a_user_does_what_the_user_may_do() {
    let postern = Postern::start().await.unwrap();
    let jane = user(
        &postern,
        "jane",
        json!([allow("mq:List*"), allow("iam:*"), allow("sts:*")]),
    )
    .await;
    let reply = done(&jane, "sts", "GetSessionToken", &[]).await;
    assert!(reply.element("AccessKeyId").unwrap().starts_with("ASIA"));
    assert_eq!(reply.element("Expiration").unwrap(), "2026-11-26T00:00:00Z");
    let temporary = session(&postern, &reply);
    let who = done(&temporary, "sts", "GetCallerIdentity", &[]).await;
    assert_eq!(who.element("Arn").unwrap(), user_arn("jane"));
    assert!(who.element("UserId").unwrap().starts_with("AIDA"));
    assert!(lists(&temporary).await);
    // The policies are asked at each call, not when the session is made.
    put_user_policy(&postern, "jane", "p", json!([allow("sts:*")])).await;
    assert!(!lists(&temporary).await);

    // Without MFA IAM does not take it, and STS neither, but for two operations.
    let iam = temporary.query("iam", "ListUsers", &[]).await.unwrap();
    assert_eq!(
        refusal(&iam),
        ("InvalidClientTokenId".into(), INVALID.into())
    );
    for action in [
        "GetSessionToken",
        "GetFederationToken",
        "GetAccessKeyInfo",
        "DecodeAuthorizationMessage",
    ] {
        let reply = temporary
            .query("sts", action, &[("Name", "bob")])
            .await
            .unwrap();
        let text = format!("Cannot call {action} with session credentials");
        assert_eq!(
            (reply.status, refusal(&reply)),
            (403, ("AccessDenied".into(), text))
        );
    }
    postern.stop().await;
}

#[tokio::test]
async fn no_changed_or_moved_token_is_taken() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("*")])).await;
    let first = done(&jane, "sts", "GetSessionToken", &[]).await;
    let second = done(&jane, "sts", "GetSessionToken", &[]).await;
    let good = session(&postern, &first);
    let other = session(&postern, &second);
    let token = good.session_token.clone().unwrap();
    let other_token = other.session_token.clone().unwrap();
    // Both are in the cache now: it must not mix them up.
    assert!(lists(&good).await && lists(&other).await);

    let mut tokens = Vec::new();
    for step in 0..40 {
        let at = step * token.len() / 40;
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        tokens.push(String::from_utf8(changed).unwrap());
        if step > 0 {
            tokens.push(token[..at].to_owned());
        }
    }
    tokens.push(other_token.clone());
    tokens.push(format!("{token}{token}"));
    tokens.push(format!("{token}AAAA"));
    tokens.push(token.to_lowercase());
    tokens.push("AAAA".into());
    tokens.push("not a token".into());
    tokens.push(token.trim_end_matches('=').to_owned() + "!");
    // A secret that the same master key sealed for something else.
    let marker = postern
        .service()
        .services()
        .seal("secret", "session/other")
        .unwrap();
    tokens.push(marker);
    let mut refused = 0;
    for changed in tokens {
        assert_ne!(changed, token);
        let mut client = good.clone();
        client.session_token = Some(changed);
        let mq = client.mq("GET", "/v1/brokers", "").await.unwrap();
        assert_eq!(
            refusal(&mq),
            ("UnrecognizedClientException".into(), INVALID.into())
        );
        let sts = client.query("sts", "GetCallerIdentity", &[]).await.unwrap();
        assert_eq!(
            refusal(&sts),
            ("InvalidClientTokenId".into(), INVALID.into())
        );
        refused += 1;
    }
    // The token left out; a token with the key of a user; one session's key with the other's token.
    let mut without = good.clone();
    without.session_token = None;
    let mut long_term = jane.clone();
    long_term.session_token = Some(token.clone());
    let mut swapped = other.clone();
    swapped.session_token = Some(token.clone());
    for client in [without, long_term, swapped] {
        let reply = client.query("sts", "GetCallerIdentity", &[]).await.unwrap();
        assert_eq!(
            refusal(&reply),
            ("InvalidClientTokenId".into(), INVALID.into())
        );
        refused += 1;
    }
    // The right token with a wrong secret: now it is the signature.
    let mut forged = postern.client(&first.element("AccessKeyId").unwrap(), "wrong");
    forged.session_token = Some(token);
    let reply = forged.query("sts", "GetCallerIdentity", &[]).await.unwrap();
    assert_eq!(refusal(&reply).0, "SignatureDoesNotMatch");
    println!("{refused} changed, moved or missing tokens are refused");
    assert!(refused >= 40);
    assert!(lists(&good).await);
    postern.stop().await;
}

#[tokio::test]
async fn a_session_is_over_at_the_second_and_outlives_a_restart_until_then() {
    let mut postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("*")])).await;
    let reply = done(
        &jane,
        "sts",
        "GetSessionToken",
        &[("DurationSeconds", "900")],
    )
    .await;
    assert_eq!(reply.element("Expiration").unwrap(), "2026-11-25T12:15:00Z");
    postern.restart().await.unwrap();
    let temporary = session(&postern, &reply);
    postern.clock.set(NOW + 899_999);
    assert!(lists(&temporary).await);
    postern.clock.set(NOW + 900_000);
    let mq = temporary.mq("GET", "/v1/brokers", "").await.unwrap();
    assert_eq!(
        (mq.status, refusal(&mq)),
        (403, ("ExpiredTokenException".into(), EXPIRED.into()))
    );
    let sts = temporary
        .query("sts", "GetCallerIdentity", &[])
        .await
        .unwrap();
    assert_eq!(
        (sts.status, refusal(&sts)),
        (403, ("ExpiredToken".into(), EXPIRED.into()))
    );
    // Order: the token is judged before the signature.
    let mut forged = postern.client(&reply.element("AccessKeyId").unwrap(), "wrong");
    forged.session_token = temporary.session_token.clone();
    let sts = forged.query("sts", "GetCallerIdentity", &[]).await.unwrap();
    assert_eq!(refusal(&sts).0, "ExpiredToken");
    postern.stop().await;
}

#[tokio::test]
async fn sessions_last_as_long_as_aws_lets_them() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    let root = postern.root();
    for (client, seconds, end) in [
        (&jane, "129600", "2026-11-27T00:00:00Z"),
        (&root, "129600", "2026-11-25T13:00:00Z"),
        (&root, "900", "2026-11-25T12:15:00Z"),
    ] {
        let duration = ("DurationSeconds", seconds);
        let own = done(client, "sts", "GetSessionToken", &[duration]).await;
        assert_eq!(own.element("Expiration").unwrap(), end);
        let federated = done(
            client,
            "sts",
            "GetFederationToken",
            &[("Name", "bob"), duration],
        )
        .await;
        assert_eq!(federated.element("Expiration").unwrap(), end);
    }
    for (seconds, constraint) in [
        ("899", "greater than or equal to 900"),
        ("129601", "less than or equal to 129600"),
    ] {
        let reply = jane
            .query("sts", "GetSessionToken", &[("DurationSeconds", seconds)])
            .await
            .unwrap();
        let text = format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value {constraint}"
        );
        assert_eq!(refusal(&reply), ("ValidationError".into(), text));
    }
    // A token can be asked to be longer, up to the longest there is.
    for (wanted, size) in [("0", None), ("1001", Some(1004)), ("4096", Some(4096))] {
        let members = [("MinimumSessionTokenSize", wanted)];
        let reply = done(&jane, "sts", "GetSessionToken", &members).await;
        let token = reply.element("SessionToken").unwrap();
        assert_eq!(
            reply.element("SessionTokenSize").unwrap(),
            token.len().to_string()
        );
        let share = (token.len() * 100).div_ceil(4096).to_string();
        assert_eq!(reply.element("SessionTokenUtilization").unwrap(), share);
        assert!(
            size.is_none_or(|size| size == token.len()),
            "{wanted}: {}",
            token.len()
        );
        assert!(token.len() < 700 || size.is_some());
        done(&session(&postern, &reply), "sts", "GetCallerIdentity", &[]).await;
    }
    let members = [("MinimumSessionTokenSize", "4097")];
    let reply = jane
        .query("sts", "GetSessionToken", &members)
        .await
        .unwrap();
    assert_eq!(refusal(&reply).0, "ValidationError");
    // There is no MFA device whose code could be right.
    let mfa = [
        ("SerialNumber", "arn:aws:iam::111122223333:mfa/jane"),
        ("TokenCode", "123456"),
    ];
    let reply = jane.query("sts", "GetSessionToken", &mfa).await.unwrap();
    let text = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    assert_eq!(refusal(&reply), ("AccessDenied".into(), text.into()));
    postern.stop().await;
}

#[tokio::test]
async fn a_federated_user_may_do_what_both_policies_allow() {
    let postern = Postern::start().await.unwrap();
    let statements = json!([
        allow("mq:List*"),
        allow("sts:GetFederationToken"),
        allow("iam:*")
    ]);
    let jane = user(&postern, "jane", statements).await;
    let all = policy(json!([allow("*")]));
    let none = done(&jane, "sts", "GetFederationToken", &[("Name", "bob")]).await;
    assert_eq!(none.element("FederatedUserId").unwrap(), "111122223333:bob");
    assert_eq!(none.element("PackedPolicySize"), None);
    let none = session(&postern, &none);
    let who = done(&none, "sts", "GetCallerIdentity", &[]).await;
    let arn = "arn:aws:sts::111122223333:federated-user/bob";
    assert_eq!(who.element("Arn").unwrap(), arn);
    assert_eq!(who.element("UserId").unwrap(), "111122223333:bob");
    let reply = none.mq("GET", "/v1/brokers", "").await.unwrap();
    assert_eq!(
        refusal(&reply),
        (
            "AccessDeniedException".into(),
            format!(
                "User: {arn} is not authorized to perform: mq:ListBrokers because no session policy allows the mq:ListBrokers action"
            )
        )
    );

    let members = [("Name", "bob"), ("Policy", all.as_str())];
    let both = done(&jane, "sts", "GetFederationToken", &members).await;
    assert!(
        both.element("PackedPolicySize")
            .unwrap()
            .parse::<u32>()
            .unwrap()
            >= 1
    );
    let both = session(&postern, &both);
    assert!(lists(&both).await);
    // More than the user itself may do it cannot.
    let reply = both.mq("POST", "/v1/configurations", "{}").await.unwrap();
    assert!(
        refusal(&reply)
            .1
            .contains("no identity-based policy allows"),
        "{}",
        reply.body
    );
    let iam = both.query("iam", "ListUsers", &[]).await.unwrap();
    assert_eq!(refusal(&iam).0, "InvalidClientTokenId");
    let sts = assume(&both, "any", &[]).await;
    assert_eq!(
        refusal(&sts).1,
        "Cannot call AssumeRole with session credentials"
    );

    // By ARN, and of root.
    let arn = "arn:aws:iam::aws:policy/AmazonMQReadOnlyAccess";
    let members = [("Name", "eve"), ("PolicyArns.member.1.arn", arn)];
    let read = done(&postern.root(), "sts", "GetFederationToken", &members).await;
    let read = session(&postern, &read);
    assert!(lists(&read).await);
    let reply = read.mq("POST", "/v1/configurations", "{}").await.unwrap();
    assert!(
        refusal(&reply).1.contains("no session policy allows"),
        "{}",
        reply.body
    );
    postern.stop().await;
}

#[tokio::test]
async fn session_policies_that_cannot_be_are_refused() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let long = format!("{{\"x\":\"{}\"}}", "y".repeat(2048));
    let noise: Vec<(String, String)> = (0_u32..50)
        .flat_map(|n| {
            let digits: String = (0..16)
                .map(|m| format!("{:.14}", f64::from(n * 16 + m + 1).sqrt()))
                .collect();
            [
                (format!("Tags.member.{}.Key", n + 1), format!("key-{n}")),
                (
                    format!("Tags.member.{}.Value", n + 1),
                    digits.chars().take(256).collect(),
                ),
            ]
        })
        .collect();
    let noise: Vec<(&str, &str)> = noise
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    for (members, code, text) in [
        (
            vec![("Policy", "{")],
            "MalformedPolicyDocument",
            "Syntax errors in policy.",
        ),
        (
            vec![("Policy", long.as_str())],
            "ValidationError",
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048",
        ),
        (
            vec![(
                "PolicyArns.member.1.arn",
                "arn:aws:iam::aws:policy/NoSuchPolicy",
            )],
            "ValidationError",
            "Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.",
        ),
        (noise, "PackedPolicyTooLarge", "Packed policy consumes"),
        (
            vec![
                ("Tags.member.1.Key", "Team"),
                ("Tags.member.1.Value", "a"),
                ("Tags.member.2.Key", "team"),
                ("Tags.member.2.Value", "b"),
            ],
            "InvalidParameterValue",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
    ] {
        let mut all = vec![("Name", "bob")];
        all.extend(members);
        let reply = root.query("sts", "GetFederationToken", &all).await.unwrap();
        let (found, message) = refusal(&reply);
        assert_eq!((reply.status, found.as_str()), (400, code), "{message}");
        assert!(message.starts_with(text), "{message}");
    }
    postern.stop().await;
}

#[tokio::test]
async fn a_session_ends_with_its_user_and_not_with_the_users_key() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let jane = user(&postern, "jane", json!([allow("*")])).await;
    let temporary = session(&postern, &done(&jane, "sts", "GetSessionToken", &[]).await);
    let all = policy(json!([allow("*")]));
    let members = [("Name", "bob"), ("Policy", all.as_str())];
    let federated = session(
        &postern,
        &done(&jane, "sts", "GetFederationToken", &members).await,
    );
    let keys = done(&root, "iam", "ListAccessKeys", &[("UserName", "jane")]).await;
    let key = keys.element("AccessKeyId").unwrap();
    let members = [("UserName", "jane"), ("AccessKeyId", key.as_str())];
    done(&root, "iam", "DeleteAccessKey", &members).await;
    assert!(lists(&temporary).await && lists(&federated).await);
    // A new name is the same user.
    let members = [("UserName", "jane"), ("NewUserName", "joan")];
    done(&root, "iam", "UpdateUser", &members).await;
    let who = done(&temporary, "sts", "GetCallerIdentity", &[]).await;
    assert_eq!(who.element("Arn").unwrap(), user_arn("joan"));
    assert!(lists(&federated).await);
    let members = [("UserName", "joan"), ("PolicyName", "p")];
    done(&root, "iam", "DeleteUserPolicy", &members).await;
    assert!(!lists(&temporary).await && !lists(&federated).await);
    done(&root, "iam", "DeleteUser", &[("UserName", "joan")]).await;
    // The same name is another user.
    user(&postern, "joan", json!([allow("*")])).await;
    for client in [&temporary, &federated] {
        let reply = client.query("sts", "GetCallerIdentity", &[]).await.unwrap();
        assert_eq!(
            refusal(&reply),
            ("InvalidClientTokenId".into(), INVALID.into())
        );
    }
    postern.stop().await;
}

#[tokio::test]
async fn sessions_are_revoked_by_the_time_they_were_issued() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("mq:*")])).await;
    let before = session(&postern, &done(&jane, "sts", "GetSessionToken", &[]).await);
    postern.clock.set(NOW + 60_000);
    let after = session(&postern, &done(&jane, "sts", "GetSessionToken", &[]).await);
    let older = json!({ "DateLessThan": { "aws:TokenIssueTime": "2026-11-25T12:00:30Z" } });
    let revoke = json!([{ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": older }]);
    put_user_policy(&postern, "jane", "revoke", revoke).await;
    assert!(!lists(&before).await);
    assert!(lists(&after).await);
    // A long-term key has no such key, so a positive operator does not match.
    assert!(lists(&jane).await);
    postern.stop().await;
}

#[tokio::test]
async fn condition_keys_tell_sessions_from_long_term_keys() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let jane = user(&postern, "jane", json!([allow("sts:*")])).await;
    let tag = [
        ("UserName", "jane"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
    ];
    done(&root, "iam", "TagUser", &tag).await;
    let temporary = session(&postern, &done(&jane, "sts", "GetSessionToken", &[]).await);
    let all = policy(json!([allow("*")]));
    let members = [
        ("Name", "bob"),
        ("Policy", all.as_str()),
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "red"),
    ];
    let federated = session(
        &postern,
        &done(&jane, "sts", "GetFederationToken", &members).await,
    );
    // Long-term key, session, federated user.
    for (condition, expected) in [
        (
            json!({ "Null": { "aws:TokenIssueTime": "true" } }),
            [true, false, false],
        ),
        (
            json!({ "Null": { "aws:MultiFactorAuthPresent": "true" } }),
            [true, false, false],
        ),
        (
            json!({ "Bool": { "aws:MultiFactorAuthPresent": "false" } }),
            [false, true, true],
        ),
        (
            json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "true" } }),
            [true, false, false],
        ),
        (
            json!({ "Null": { "aws:username": "false" } }),
            [true, true, false],
        ),
        (
            json!({ "StringEquals": { "aws:PrincipalType": "User" } }),
            [true, true, false],
        ),
        (
            json!({ "StringEquals": { "aws:PrincipalType": "FederatedUser" } }),
            [false, false, true],
        ),
        (
            json!({ "StringEquals": { "aws:userid": "111122223333:bob" } }),
            [false, false, true],
        ),
        (
            json!({ "StringEquals": { "aws:PrincipalTag/team": "blue" } }),
            [true, true, false],
        ),
        (
            json!({ "StringEquals": { "aws:PrincipalTag/team": "red" } }),
            [false, false, true],
        ),
        (
            json!({ "ArnEquals": { "aws:PrincipalArn": "arn:aws:sts::111122223333:federated-user/bob" } }),
            [false, false, true],
        ),
        (
            json!({ "Null": { "aws:SourceIdentity": "true" } }),
            [true, true, true],
        ),
        (
            json!({ "Null": { "aws:FederatedProvider": "true" } }),
            [true, true, true],
        ),
    ] {
        let statement =
            json!({ "Effect": "Allow", "Action": "mq:*", "Resource": "*", "Condition": condition });
        put_user_policy(&postern, "jane", "c", json!([statement])).await;
        let found = [
            lists(&jane).await,
            lists(&temporary).await,
            lists(&federated).await,
        ];
        assert_eq!(found, expected, "{condition}");
    }
    postern.stop().await;
}

#[tokio::test]
async fn the_account_of_a_key_is_told() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let reply = done(&root, "sts", "GetSessionToken", &[]).await;
    for key in [
        reply.element("AccessKeyId").unwrap(),
        testkit::ROOT_KEY_ID.into(),
    ] {
        let info = done(&root, "sts", "GetAccessKeyInfo", &[("AccessKeyId", &key)]).await;
        assert_eq!(info.element("Account").unwrap(), ACCOUNT);
    }
    let unknown = [("AccessKeyId", "AKIA2222222222222222")];
    let reply = root
        .query("sts", "GetAccessKeyInfo", &unknown)
        .await
        .unwrap();
    assert_eq!(refusal(&reply).0, "ValidationError");
    postern.stop().await;
}

#[tokio::test]
async fn a_refusal_of_ec2_can_be_decoded_by_who_may() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let jane = user(&postern, "jane", json!([allow("mq:*")])).await;
    let reply = jane.query("ec2", "DescribeVpcs", &[]).await.unwrap();
    let (code, message) = refusal(&reply);
    assert_eq!(code, "UnauthorizedOperation");
    let (text, encoded) = message
        .split_once(" Encoded authorization failure message: ")
        .unwrap();
    assert!(
        text.starts_with("You are not authorized to perform this operation. User: "),
        "{text}"
    );
    let decoded = done(
        &root,
        "sts",
        "DecodeAuthorizationMessage",
        &[("EncodedMessage", encoded)],
    )
    .await;
    let decoded: serde_json::Value =
        serde_json::from_str(&decoded.element("DecodedMessage").unwrap()).unwrap();
    assert_eq!(decoded["allowed"], false);
    assert_eq!(decoded["explicitDeny"], false);
    assert_eq!(decoded["context"]["action"], "ec2:DescribeVpcs");
    assert_eq!(decoded["context"]["principal"]["arn"], user_arn("jane"));
    let reply = jane
        .query(
            "sts",
            "DecodeAuthorizationMessage",
            &[("EncodedMessage", encoded)],
        )
        .await
        .unwrap();
    assert_eq!(refusal(&reply).0, "AccessDenied");
    for wrong in [&encoded[1..], "AAAA", "?"] {
        let reply = root
            .query(
                "sts",
                "DecodeAuthorizationMessage",
                &[("EncodedMessage", wrong)],
            )
            .await
            .unwrap();
        assert_eq!(
            (reply.status, refusal(&reply).0.as_str()),
            (400, "InvalidAuthorizationMessageException")
        );
    }
    postern.stop().await;
}

#[tokio::test]
async fn audit_records_tell_sessions_and_keep_no_secret() {
    let postern = Postern::start().await.unwrap();
    let jane = user(&postern, "jane", json!([allow("*")])).await;
    let reply = done(&jane, "sts", "GetSessionToken", &[]).await;
    let temporary = session(&postern, &reply);
    assert!(lists(&temporary).await);
    let all = policy(json!([allow("*")]));
    let members = [("Name", "bob"), ("Policy", all.as_str())];
    let federated = done(&jane, "sts", "GetFederationToken", &members).await;
    assert!(lists(&session(&postern, &federated)).await);
    let text = std::fs::read_to_string(postern.folder().join("data/audit/audit.jsonl")).unwrap();
    for made in [&reply, &federated] {
        assert!(!text.contains(&made.element("SecretAccessKey").unwrap()));
        assert!(!text.contains(&made.element("SessionToken").unwrap()));
    }
    let identities: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|record| record["eventName"] == "ListBrokers")
        .map(|record| record["userIdentity"].clone())
        .collect();
    assert_eq!(identities.len(), 2);
    assert_eq!(identities[0]["type"], "IAMUser");
    assert_eq!(identities[0]["userName"], "jane");
    assert_eq!(
        identities[0]["sessionContext"],
        json!({ "attributes": { "creationDate": "2026-11-25T12:00:00Z", "mfaAuthenticated": "false" } })
    );
    assert_eq!(identities[1]["type"], "FederatedUser");
    assert_eq!(identities[1]["principalId"], "111122223333:bob");
    let issuer = &identities[1]["sessionContext"]["sessionIssuer"];
    assert_eq!(
        (&issuer["type"], &issuer["userName"]),
        (&json!("IAMUser"), &json!("jane"))
    );
    postern.stop().await;
}
