//! From another account.

use serde_json::json;
use testkit::{Client, OTHER_ACCOUNT};

use crate::book::Book;
use crate::support_sts::{ACCOUNT, allow, done, policy, role, role_arn, trust, user};

const DENIED: &str = "AccessDenied";
const ABSENT: &str = "NoSuchEntity";

pub(crate) async fn attempts(book: &mut Book) {
    let stranger = book.postern.other_account(OTHER_ACCOUNT).await.unwrap();
    let visitor = visitor(book, &stranger).await;
    names(book, &stranger).await;
    brokers(book, &stranger).await;
    network(book, &stranger).await;
    roles(book, &stranger, &visitor).await;
}

/// A user of the other account that may do everything there.
async fn visitor(book: &Book, stranger: &Client) -> Client {
    let all = policy(json!([allow("*")]));
    done(stranger, "iam", "CreateUser", &[("UserName", "visitor")]).await;
    let members = [
        ("UserName", "visitor"),
        ("PolicyName", "p"),
        ("PolicyDocument", all.as_str()),
    ];
    done(stranger, "iam", "PutUserPolicy", &members).await;
    let key = done(
        stranger,
        "iam",
        "CreateAccessKey",
        &[("UserName", "visitor")],
    )
    .await;
    book.postern.client(
        &key.element("AccessKeyId").unwrap(),
        &key.element("SecretAccessKey").unwrap(),
    )
}

async fn names(book: &mut Book, stranger: &Client) {
    let all = policy(json!([allow("*")]));
    let keys = book.set("ListAccessKeys", &[("UserName", "admin")]).await;
    let key = keys.element("AccessKeyId").unwrap();
    let wide = format!("arn:aws:iam::{ACCOUNT}:policy/wide");
    for (name, action, members) in [
        (
            "another account's root writes a policy of a user",
            "PutUserPolicy",
            vec![
                ("UserName", "admin"),
                ("PolicyName", "q"),
                ("PolicyDocument", all.as_str()),
            ],
        ),
        (
            "another account's root makes a key for a user",
            "CreateAccessKey",
            vec![("UserName", "admin")],
        ),
        (
            "another account's root deletes a key",
            "DeleteAccessKey",
            vec![("AccessKeyId", key.as_str())],
        ),
        (
            "another account's root reads when a key was used",
            "GetAccessKeyLastUsed",
            vec![("AccessKeyId", key.as_str())],
        ),
        (
            "another account's root rewrites a policy",
            "CreatePolicyVersion",
            vec![
                ("PolicyArn", wide.as_str()),
                ("PolicyDocument", all.as_str()),
                ("SetAsDefault", "true"),
            ],
        ),
        (
            "another account's root attaches a policy to a user of its own",
            "AttachUserPolicy",
            vec![("UserName", "visitor"), ("PolicyArn", wide.as_str())],
        ),
        (
            "another account's root takes a policy as a boundary of its own",
            "PutUserPermissionsBoundary",
            vec![
                ("UserName", "visitor"),
                ("PermissionsBoundary", wide.as_str()),
            ],
        ),
        (
            "another account's root makes a role trust it",
            "UpdateAssumeRolePolicy",
            vec![("RoleName", "admins"), ("PolicyDocument", all.as_str())],
        ),
    ] {
        let code = if action == "UpdateAssumeRolePolicy" {
            // The document is looked at before the role.
            "MalformedPolicyDocument"
        } else {
            ABSENT
        };
        book.refused(name, code, stranger, ("iam", action), &members)
            .await;
    }
    done(
        stranger,
        "iam",
        "CreateInstanceProfile",
        &[("InstanceProfileName", "box")],
    )
    .await;
    book.refused(
        "another account's root passes a role",
        ABSENT,
        stranger,
        ("iam", "AddRoleToInstanceProfile"),
        &[("InstanceProfileName", "box"), ("RoleName", "admins")],
    )
    .await;
    book.set("CreateAccountAlias", &[("AccountAlias", "ours")])
        .await;
    book.refused(
        "another account takes the account's alias",
        "EntityAlreadyExists",
        stranger,
        ("iam", "CreateAccountAlias"),
        &[("AccountAlias", "ours")],
    )
    .await;
    book.refused(
        "another account deletes the account's alias",
        ABSENT,
        stranger,
        ("iam", "DeleteAccountAlias"),
        &[("AccountAlias", "ours")],
    )
    .await;
}

async fn brokers(book: &mut Book, stranger: &Client) {
    let root = book.root.clone();
    let request = json!({
        "brokerName": "ours", "engineType": "ACTIVEMQ", "engineVersion": "5.18", "hostInstanceType": "mq.t3.micro",
        "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": "correct-horse-battery"}],
    });
    let made = root.mq_json("POST", "/v1/brokers", &request).await.unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    let made = made.json();
    let id = made["brokerId"].as_str().unwrap();
    let path = format!("/v1/brokers/{id}");
    // What the reconciler writes for a new broker is no attempt's doing.
    loop {
        let described = root.mq("GET", &path, "").await.unwrap().json();
        if described["brokerState"] == "RUNNING" {
            break;
        }
        tokio::task::yield_now().await;
    }
    let arn = made["brokerArn"].as_str().unwrap().replace(':', "%3A");
    for (name, method, target, body) in [
        (
            "another account's root deletes a broker",
            "DELETE",
            path.clone(),
            "",
        ),
        (
            "another account's root reads a broker",
            "GET",
            path.clone(),
            "",
        ),
        (
            "another account's root makes itself a user of a broker",
            "POST",
            format!("{path}/users/mallory"),
            r#"{"password":"correct-horse-battery"}"#,
        ),
        (
            "another account's root tags a broker by its ARN",
            "POST",
            format!("/v1/tags/{arn}"),
            r#"{"tags":{"team":"blue"}}"#,
        ),
        (
            "another account's root tags a broker by its ARN with the own account in it",
            "POST",
            format!("/v1/tags/{}", arn.replace(ACCOUNT, OTHER_ACCOUNT)),
            r#"{"tags":{"team":"blue"}}"#,
        ),
    ] {
        book.mq_refused(name, "NotFoundException", stranger, (method, &target), body)
            .await;
    }
}

async fn network(book: &mut Book, stranger: &Client) {
    let root = book.root.clone();
    let subnets = root.query("ec2", "DescribeSubnets", &[]).await.unwrap();
    let subnet = subnets.element("subnetId").unwrap();
    let groups = root
        .query("ec2", "DescribeSecurityGroups", &[])
        .await
        .unwrap();
    let group = groups.element("groupId").unwrap();
    book.refused(
        "another account's root puts an interface into a subnet",
        "InvalidSubnetID.NotFound",
        stranger,
        ("ec2", "CreateNetworkInterface"),
        &[("SubnetId", &subnet)],
    )
    .await;
    book.refused(
        "another account's root opens a security group",
        "InvalidGroup.NotFound",
        stranger,
        ("ec2", "AuthorizeSecurityGroupIngress"),
        &[
            ("GroupId", &group),
            ("IpPermissions.1.IpProtocol", "-1"),
            ("IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"),
        ],
    )
    .await;
    let nosy = user(&book.postern, "nosy", json!([allow("mq:List*")])).await;
    let refused = nosy
        .query("ec2", "CreateVpc", &[("CidrBlock", "10.0.0.0/16")])
        .await
        .unwrap();
    let message = refused.message();
    let (_, sealed) = message.split_once("failure message: ").unwrap();
    book.refused(
        "another account's root opens the reason of a refusal",
        "InvalidAuthorizationMessageException",
        stranger,
        ("sts", "DecodeAuthorizationMessage"),
        &[("EncodedMessage", sealed)],
    )
    .await;
}

/// Both sides have to allow ("Cross-account policy evaluation logic").
async fn roles(book: &mut Book, stranger: &Client, visitor: &Client) {
    let visitor_arn = format!("arn:aws:iam::{OTHER_ACCOUNT}:user/visitor");
    let all = json!([allow("*")]);
    role(
        &book.postern,
        "open",
        json!([trust(&visitor_arn, "sts:AssumeRole")]),
        all.clone(),
    )
    .await;
    let with_id = json!({ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": OTHER_ACCOUNT },
        "Condition": { "StringEquals": { "sts:ExternalId": "Zebra-7" } } });
    role(&book.postern, "for-partner", json!([with_id]), all).await;
    let open = [
        ("RoleArn", "arn:aws:iam::111122223333:role/open"),
        ("RoleSessionName", "session"),
    ];
    let partner = role_arn("for-partner");
    let partner = [
        ("RoleArn", partner.as_str()),
        ("RoleSessionName", "session"),
    ];
    let closed = role_arn("admins");
    let closed = [("RoleArn", closed.as_str()), ("RoleSessionName", "session")];
    let assume = ("sts", "AssumeRole");
    book.refused(
        "a role that does not trust the other account is assumed from it",
        DENIED,
        visitor,
        assume,
        &closed,
    )
    .await;
    book.refused(
        "a role of another account is assumed without its external id",
        DENIED,
        visitor,
        assume,
        &partner,
    )
    .await;
    book.refused(
        "another account's root assumes a role that trusts it",
        DENIED,
        stranger,
        assume,
        &[partner[0], partner[1], ("ExternalId", "Zebra-7")],
    )
    .await;
    // Both sides allow: this is what the attempts are measured against.
    done(visitor, "sts", "AssumeRole", &open).await;
    done(
        visitor,
        "sts",
        "AssumeRole",
        &[partner[0], partner[1], ("ExternalId", "Zebra-7")],
    )
    .await;
    let narrow = policy(json!([allow("mq:*")]));
    let members = [
        ("UserName", "visitor"),
        ("PolicyName", "p"),
        ("PolicyDocument", narrow.as_str()),
    ];
    done(stranger, "iam", "PutUserPolicy", &members).await;
    book.refused(
        "a role that trusts a user of another account is assumed without that account's leave",
        DENIED,
        visitor,
        assume,
        &open,
    )
    .await;
    let deny =
        policy(json!([allow("*"), { "Effect": "Deny", "Action": "sts:*", "Resource": "*" }]));
    let members = [members[0], members[1], ("PolicyDocument", deny.as_str())];
    done(stranger, "iam", "PutUserPolicy", &members).await;
    book.refused(
        "a role that trusts a user of another account is assumed against that account's Deny",
        DENIED,
        visitor,
        assume,
        &open,
    )
    .await;
}
