//! By tags, headers and members that condition keys are made of.

use serde_json::json;

use crate::book::Book;
use crate::support_sts::{ACCOUNT, allow, policy, trust, user};

const DENIED: &str = "AccessDenied";
const MQ_DENIED: &str = "AccessDeniedException";
const EC2_DENIED: &str = "UnauthorizedOperation";

pub(crate) async fn attempts(book: &mut Book) {
    own_tags(book).await;
    tags_at_birth(book).await;
    tags_of_brokers(book).await;
    forged_keys(book).await;
}

async fn own_tags(book: &mut Book) {
    let by_tag = json!({ "Effect": "Allow", "Action": "iam:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:PrincipalTag/role": "admin" } } });
    let tess = user(&book.postern, "tess", json!([allow("mq:List*"), by_tag])).await;
    let tag = [
        ("UserName", "tess"),
        ("Tags.member.1.Key", "role"),
        ("Tags.member.1.Value", "admin"),
    ];
    book.refused(
        "a user tags itself to be what a policy asks for",
        DENIED,
        &tess,
        ("iam", "TagUser"),
        &tag,
    )
    .await;
    let barred = json!({ "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:PrincipalTag/state": "barred" } } });
    let bart = user(&book.postern, "bart", json!([allow("*"), barred])).await;
    book.set(
        "TagUser",
        &[
            ("UserName", "bart"),
            ("Tags.member.1.Key", "State"),
            ("Tags.member.1.Value", "barred"),
        ],
    )
    .await;
    for (name, action, members) in [
        (
            "a user that a tag bars takes it off",
            "UntagUser",
            vec![("UserName", "bart"), ("TagKeys.member.1", "State")],
        ),
        (
            "a user that a tag bars writes another value over it",
            "TagUser",
            vec![
                ("UserName", "bart"),
                ("Tags.member.1.Key", "STATE"),
                ("Tags.member.1.Value", "free"),
            ],
        ),
    ] {
        book.refused(name, DENIED, &bart, ("iam", action), &members)
            .await;
    }
    // Tags that only some may write.
    let only_blue = json!({ "Effect": "Allow", "Action": "iam:TagUser", "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestTag/team": "blue" } } });
    let painter = user(&book.postern, "painter", json!([only_blue])).await;
    for (name, key, value) in [
        (
            "who may tag with one value tags with another",
            "team",
            "red",
        ),
        (
            "who may tag with one value spells the key in capitals for another",
            "TEAM",
            "red",
        ),
        (
            "who may tag with one value spells the value in capitals",
            "team",
            "BLUE",
        ),
        ("who may tag with one key tags with another", "role", "blue"),
    ] {
        let members = [
            ("UserName", "painter"),
            ("Tags.member.1.Key", key),
            ("Tags.member.1.Value", value),
        ];
        book.refused(name, DENIED, &painter, ("iam", "TagUser"), &members)
            .await;
    }
}

async fn tags_at_birth(book: &mut Book) {
    let maker = user(
        &book.postern,
        "tag-maker",
        json!([
            allow("iam:Create*"),
            allow("mq:CreateConfiguration"),
            allow("ec2:CreateVpc")
        ]),
    )
    .await;
    let document = policy(json!([allow("mq:List*")]));
    let trusting = policy(json!([trust(ACCOUNT, "sts:AssumeRole")]));
    let tags = [
        ("Tags.member.1.Key", "role"),
        ("Tags.member.1.Value", "admin"),
    ];
    for (name, action, own) in [
        (
            "a user is made with tags by who may not tag",
            "CreateUser",
            vec![("UserName", "puppet")],
        ),
        (
            "a role is made with tags by who may not tag",
            "CreateRole",
            vec![
                ("RoleName", "puppet"),
                ("AssumeRolePolicyDocument", trusting.as_str()),
            ],
        ),
        (
            "a policy is made with tags by who may not tag",
            "CreatePolicy",
            vec![
                ("PolicyName", "puppet"),
                ("PolicyDocument", document.as_str()),
            ],
        ),
        (
            "an instance profile is made with tags by who may not tag",
            "CreateInstanceProfile",
            vec![("InstanceProfileName", "puppet")],
        ),
        (
            "an identity provider is made with tags by who may not tag",
            "CreateOpenIDConnectProvider",
            vec![("Url", "https://puppet.example.com")],
        ),
    ] {
        let mut members = own;
        members.extend(tags);
        book.refused(name, DENIED, &maker, ("iam", action), &members)
            .await;
    }
    book.mq_refused(
        "a configuration is made with tags by who may not tag",
        MQ_DENIED,
        &maker,
        ("POST", "/v1/configurations"),
        r#"{"name":"c","engineType":"ACTIVEMQ","engineVersion":"5.18","tags":{"team":"blue"}}"#,
    )
    .await;
    book.refused(
        "a VPC is made with tags by who may not tag",
        EC2_DENIED,
        &maker,
        ("ec2", "CreateVpc"),
        &[
            ("CidrBlock", "10.0.0.0/16"),
            ("TagSpecification.1.ResourceType", "vpc"),
            ("TagSpecification.1.Tag.1.Key", "team"),
            ("TagSpecification.1.Tag.1.Value", "blue"),
        ],
    )
    .await;
}

async fn tags_of_brokers(book: &mut Book) {
    let made = book
        .root
        .mq(
            "POST",
            "/v1/configurations",
            r#"{"name":"red","engineType":"ACTIVEMQ","engineVersion":"5.18","tags":{"team":"red"}}"#,
        )
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let arn = made.json()["arn"].as_str().unwrap().replace(':', "%3A");
    let blue = json!({ "Effect": "Allow", "Action": "mq:*", "Resource": "*",
        "Condition": { "StringEquals": { "aws:ResourceTag/team": "blue" } } });
    let bob = user(&book.postern, "blue-bob", json!([blue])).await;
    let (tags, configuration) = (
        format!("/v1/tags/{arn}"),
        format!("/v1/configurations/{id}"),
    );
    book.mq_refused(
        "a configuration of another team is tagged as one's own",
        MQ_DENIED,
        &bob,
        ("POST", &tags),
        r#"{"tags":{"team":"blue"}}"#,
    )
    .await;
    book.mq_refused(
        "a configuration of another team gets one's own tag beside it in capitals",
        MQ_DENIED,
        &bob,
        ("POST", &tags),
        r#"{"tags":{"TEAM":"blue"}}"#,
    )
    .await;
    let untag = format!("{tags}?tagKeys=team");
    book.mq_refused(
        "the tag of another team is taken off",
        MQ_DENIED,
        &bob,
        ("DELETE", &untag),
        "",
    )
    .await;
    book.mq_refused(
        "a configuration of another team is deleted",
        MQ_DENIED,
        &bob,
        ("DELETE", &configuration),
        "",
    )
    .await;
    // Amazon MQ tells tag keys by their case, conditions do not.
    let only_blue = json!({ "Effect": "Allow", "Action": "mq:CreateTags", "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestTag/team": "blue" } } });
    let painter = user(&book.postern, "mq-painter", json!([only_blue])).await;
    book.mq_refused(
        "who may tag with one value adds another under the key in capitals",
        MQ_DENIED,
        &painter,
        ("POST", &tags),
        r#"{"tags":{"team":"blue","TEAM":"red"}}"#,
    )
    .await;
    let not_red = json!({ "Effect": "Deny", "Action": "mq:CreateTags", "Resource": "*",
        "Condition": { "StringEquals": { "aws:RequestTag/team": "red" } } });
    let restrained = user(&book.postern, "restrained", json!([allow("mq:*"), not_red])).await;
    book.mq_refused(
        "who may not tag with one value hides it behind another in capitals",
        MQ_DENIED,
        &restrained,
        ("POST", &tags),
        r#"{"tags":{"TEAM":"blue","team":"red"}}"#,
    )
    .await;
    // Both tags on one resource: neither of them alone decides for an Allow.
    let root = book.root.clone();
    let both = root
        .mq("POST", &tags, r#"{"tags":{"TEAM":"blue"}}"#)
        .await
        .unwrap();
    assert!(both.status < 300, "{}", both.body);
    book.mq_refused(
        "a configuration with both spellings of a tag is taken for one's own",
        MQ_DENIED,
        &bob,
        ("DELETE", &configuration),
        "",
    )
    .await;
}

async fn forged_keys(book: &mut Book) {
    let via = json!({ "Effect": "Allow", "Action": "ec2:*", "Resource": "*",
        "Condition": { "Bool": { "aws:ViaAWSService": "true" } } });
    let from = json!({ "Effect": "Allow", "Action": "mq:*", "Resource": "*",
        "Condition": { "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } } });
    let forger = user(&book.postern, "forger", json!([via, from])).await;
    let before = book.revisions();
    let headers = [
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        ),
        ("x-amz-via-aws-service", "true"),
        ("aws-viaawsservice", "true"),
        ("x-amzn-via-aws-service", "mq.amazonaws.com"),
    ];
    let form = "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16";
    let reply = forger
        .send("ec2", "POST", "/", &headers, form)
        .await
        .unwrap();
    book.note(
        "a caller says in headers that a service calls for it",
        EC2_DENIED,
        &before,
        &reply,
    );
    book.refused(
        "a caller says in a member that a service calls for it",
        EC2_DENIED,
        &forger,
        ("ec2", "CreateVpc"),
        &[("CidrBlock", "10.0.0.0/16"), ("aws:ViaAWSService", "true")],
    )
    .await;
    let before = book.revisions();
    let headers = [
        ("content-type", "application/json"),
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("x-real-ip", "203.0.113.7"),
    ];
    let body = r#"{"name":"c","engineType":"ACTIVEMQ","engineVersion":"5.18"}"#;
    let reply = forger
        .send("mq", "POST", "/v1/configurations", &headers, body)
        .await
        .unwrap();
    book.note(
        "a caller says in headers that it comes from another address",
        MQ_DENIED,
        &before,
        &reply,
    );
    // The developer guide's policy: permissions on interfaces are for Amazon MQ only.
    let for_mq = json!({ "Effect": "Allow", "Action": "ec2:*NetworkInterfacePermission", "Resource": "*",
        "Condition": { "StringEquals": { "ec2:AuthorizedService": "mq.amazonaws.com" } } });
    let guide = user(&book.postern, "guide", json!([for_mq])).await;
    let root = book.root.clone();
    let subnets = root.query("ec2", "DescribeSubnets", &[]).await.unwrap();
    let subnet = subnets.element("subnetId").unwrap();
    let made = root
        .query("ec2", "CreateNetworkInterface", &[("SubnetId", &subnet)])
        .await
        .unwrap();
    let interface = made.element("networkInterfaceId").unwrap();
    let members = [
        ("NetworkInterfaceId", interface.as_str()),
        ("Permission", "INSTANCE-ATTACH"),
        ("AwsAccountId", "432143214321"),
    ];
    let create = ("ec2", "CreateNetworkInterfacePermission");
    book.refused(
        "a permission that is for Amazon MQ only is given to an account",
        EC2_DENIED,
        &guide,
        create,
        &members,
    )
    .await;
    let forged = [
        members[0],
        members[1],
        members[2],
        ("ec2:AuthorizedService", "mq.amazonaws.com"),
    ];
    book.refused(
        "a permission is given to an account with the service's name as a member",
        EC2_DENIED,
        &guide,
        create,
        &forged,
    )
    .await;
    let made = root
        .query("ec2", "CreateNetworkInterfacePermission", &members)
        .await
        .unwrap();
    let permission = made.element("networkInterfacePermissionId").unwrap();
    book.refused(
        "an account's permission is taken away by who may take Amazon MQ's",
        EC2_DENIED,
        &guide,
        ("ec2", "DeleteNetworkInterfacePermission"),
        &[("NetworkInterfacePermissionId", &permission)],
    )
    .await;
}
