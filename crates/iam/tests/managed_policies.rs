//! The five AmazonMQ managed policies, and the policy of the guide page "API Authentication and
//! Authorization for Amazon MQ".

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod data;

use iam::{
    CompiledPolicy, Context, DocumentKind, Layers, PolicyDocument, PolicyKind, PolicyRef, Question,
    evaluate,
};

fn compile(text: &str) -> CompiledPolicy {
    CompiledPolicy::compile(&PolicyDocument::parse(text, DocumentKind::Managed).unwrap())
}

fn allowed(
    policy: &CompiledPolicy,
    action: &str,
    resource: &str,
    keys: &[(&'static str, &str)],
) -> bool {
    let mut context = Context::new();
    for (key, value) in keys {
        context.text(key, (*value).to_owned());
    }
    let identity = [PolicyRef {
        id: "p",
        kind: PolicyKind::Managed,
        policy,
    }];
    let layers = Layers {
        identity: &identity,
        ..Layers::default()
    };
    evaluate(
        &layers,
        &Question {
            action,
            resource,
            context: &context,
        },
    )
    .is_allowed()
}

type Case = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    bool,
);

const BROKER: &str = "arn:aws:mq:us-east-1:111122223333:broker:B:b-1";
const LOGS: &str = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/amazonmq/broker/b-1/general";
const ENDPOINT: &str = "arn:aws:ec2:us-east-1:111122223333:vpc-endpoint/vpce-1";
const LINKED_ROLE: (&str, &str) = ("iam:AWSServiceName", "mq.amazonaws.com");
const OTHER_ROLE: (&str, &str) = ("iam:AWSServiceName", "rds.amazonaws.com");

const FULL: [Case; 10] = [
    ("mq:CreateBroker", "*", &[], true),
    ("mq:DeleteBroker", BROKER, &[], true),
    ("ec2:DescribeVpcs", "*", &[], true),
    ("ec2:CreateNetworkInterfacePermission", "*", &[], true),
    ("ec2:RunInstances", "*", &[], false),
    ("logs:CreateLogGroup", LOGS, &[], true),
    (
        "logs:CreateLogGroup",
        "arn:aws:logs:us-east-1:111122223333:log-group:other",
        &[],
        false,
    ),
    (
        "iam:CreateServiceLinkedRole",
        "arn:aws:iam::111122223333:role/aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ",
        &[LINKED_ROLE],
        true,
    ),
    (
        "iam:CreateServiceLinkedRole",
        "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/X",
        &[OTHER_ROLE],
        false,
    ),
    ("iam:CreateServiceLinkedRole", "*", &[], false),
];

const READ_ONLY: [Case; 6] = [
    ("mq:DescribeBroker", BROKER, &[], true),
    ("mq:ListBrokers", "*", &[], true),
    ("ec2:DescribeSubnets", "*", &[], true),
    ("mq:CreateUser", BROKER, &[], false),
    ("mq:RebootBroker", BROKER, &[], false),
    ("ec2:CreateNetworkInterface", "*", &[], false),
];

const SERVICE_ROLE: [Case; 12] = [
    ("ec2:DescribeVpcEndpoints", "*", &[], true),
    (
        "ec2:CreateVpcEndpoint",
        "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1",
        &[],
        true,
    ),
    (
        "ec2:CreateVpcEndpoint",
        ENDPOINT,
        &[("aws:RequestTag/amqmanaged", "true")],
        true,
    ),
    (
        "ec2:CreateVpcEndpoint",
        ENDPOINT,
        &[("aws:RequestTag/AMQManaged", "True")],
        false,
    ),
    ("ec2:CreateVpcEndpoint", ENDPOINT, &[], false),
    (
        "ec2:CreateTags",
        ENDPOINT,
        &[("ec2:CreateAction", "CreateVpcEndpoint")],
        true,
    ),
    (
        "ec2:CreateTags",
        ENDPOINT,
        &[("ec2:CreateAction", "CreateVpc")],
        false,
    ),
    (
        "ec2:DeleteVpcEndpoints",
        ENDPOINT,
        &[("ec2:ResourceTag/AMQManaged", "true")],
        true,
    ),
    ("ec2:DeleteVpcEndpoints", ENDPOINT, &[], false),
    ("logs:PutLogEvents", LOGS, &[], true),
    ("logs:DeleteLogGroup", LOGS, &[], false),
    ("mq:ListBrokers", "*", &[], false),
];

#[test]
fn the_five_managed_policies_allow_and_refuse_what_they_should() {
    let Some(file) = data::json("iam/managed-policies.json") else {
        return;
    };
    let policies = file["policies"].as_array().unwrap();
    let mut cases = 0;
    for entry in policies {
        let name = entry["name"].as_str().unwrap();
        let policy = compile(&entry["document"].to_string());
        let table: &[Case] = match name {
            "AmazonMQFullAccess" | "AmazonMQApiFullAccess" => &FULL,
            "AmazonMQReadOnlyAccess" | "AmazonMQApiReadOnlyAccess" => &READ_ONLY,
            "AmazonMQServiceRolePolicy" => &SERVICE_ROLE,
            other => panic!("unknown policy {other}"),
        };
        for (action, resource, keys, expected) in table {
            let answer = allowed(&policy, action, resource, keys);
            assert_eq!(
                answer, *expected,
                "{name}: {action} on {resource} with {keys:?}"
            );
            cases += 1;
        }
        // The only differences between the two "full" policies.
        for action in [
            "cloudformation:CreateStack",
            "ec2:CreateSecurityGroup",
            "ec2:AuthorizeSecurityGroupIngress",
        ] {
            assert_eq!(
                allowed(&policy, action, "*", &[]),
                name == "AmazonMQFullAccess",
                "{name} {action}"
            );
            cases += 1;
        }
    }
    println!(
        "managed policies: {} policies, {cases} cases",
        policies.len()
    );
    assert!(policies.len() >= 5);
}

#[test]
fn every_mq_action_is_allowed_by_full_access_and_only_reads_by_read_only() {
    let Some(file) = data::json("iam/managed-policies.json") else {
        return;
    };
    let Some(actions) = data::json("iam/mq.actions.json") else {
        return;
    };
    let policy = |name: &str| {
        let entries = file["policies"].as_array().unwrap();
        compile(
            &entries.iter().find(|entry| entry["name"] == name).unwrap()["document"].to_string(),
        )
    };
    let (full, read_only) = (
        policy("AmazonMQFullAccess"),
        policy("AmazonMQReadOnlyAccess"),
    );
    let actions: Vec<_> = actions.as_object().unwrap().values().collect();
    for action in &actions {
        let name = format!("mq:{}", action["name"].as_str().unwrap());
        let level = action["accessLevel"].as_str().unwrap();
        assert!(allowed(&full, &name, BROKER, &[]), "{name}");
        let reads = matches!(level, "Read" | "List");
        assert_eq!(
            allowed(&read_only, &name, BROKER, &[]),
            reads,
            "{name} {level}"
        );
    }
    println!("mq actions: {}", actions.len());
    assert!(actions.len() >= 27);
}

/// The policy of the guide page, with the markdown links around its actions removed. Its
/// `ec2:DescribeNetworkInterfacePermission` is the page's own spelling.
const GUIDE: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [{
        "Action": [
            "mq:*",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DetachNetworkInterface",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs"
        ],
        "Effect": "Allow",
        "Resource": "*"
    },{
        "Action": [
            "ec2:CreateNetworkInterfacePermission",
            "ec2:DeleteNetworkInterfacePermission",
            "ec2:DescribeNetworkInterfacePermission"
        ],
        "Effect": "Allow",
        "Resource": "*",
        "Condition": {
            "StringEquals": {
                "ec2:AuthorizedService": "mq.amazonaws.com"
            }
        }
    }]
}"#;

#[test]
fn the_guide_policy_grants_interface_permissions_to_amazon_mq_only() {
    let policy = compile(GUIDE);
    let mq = [("ec2:AuthorizedService", "mq.amazonaws.com")];
    let other = [("ec2:AuthorizedService", "rds.amazonaws.com")];
    let interface = "arn:aws:ec2:us-east-1:111122223333:network-interface/eni-1";
    for action in [
        "CreateBroker",
        "DeleteBroker",
        "CreateUser",
        "UpdateConfiguration",
    ] {
        assert!(allowed(&policy, &format!("mq:{action}"), BROKER, &[]));
    }
    assert!(allowed(
        &policy,
        "ec2:CreateNetworkInterface",
        interface,
        &[]
    ));
    for action in ["Create", "Delete", "Describe"] {
        let action = format!("ec2:{action}NetworkInterfacePermission");
        assert!(allowed(&policy, &action, interface, &mq), "{action}");
        assert!(!allowed(&policy, &action, interface, &other), "{action}");
        assert!(!allowed(&policy, &action, interface, &[]), "{action}");
    }
    // The page's typing error is not corrected: the plural action is another one.
    assert!(!allowed(
        &policy,
        "ec2:DescribeNetworkInterfacePermissions",
        "*",
        &mq
    ));
    assert!(!allowed(
        &policy,
        "ec2:ModifyNetworkInterfaceAttribute",
        interface,
        &[]
    ));
    assert!(!allowed(
        &policy,
        "iam:CreateServiceLinkedRole",
        "*",
        &[LINKED_ROLE]
    ));
}

#[test]
fn the_guide_page_with_its_links_stripped_is_this_policy() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/spec/founding-page.md"
    );
    let Ok(page) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared/spec/founding-page.md not found");
        return;
    };
    let block = page.split("```").nth(1).unwrap();
    let mut text = String::new();
    for piece in block.split("\"[") {
        // `"[action](link)"` becomes `"action"`.
        match piece.split_once("](") {
            Some((action, rest)) => {
                let (_, after) = rest.split_once(')').unwrap();
                text.push('"');
                text.push_str(action);
                text.push_str(after);
            }
            None => text.push_str(piece),
        }
    }
    assert_eq!(compile(text.trim()), compile(GUIDE));
}
