//! Addresses have one owner, whatever is done in whatever order; and what Amazon MQ does to the network for a caller is
//! recorded with who asked and what decided.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde_json::{Value, json};
use testkit::{Client, Postern};

const ACCOUNT: &str = "111122223333";

/// Numbers that look random and are the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.below(of.len())])
    }
}

async fn ec2(client: &Client, action: &str, members: &[(&str, &str)]) -> testkit::Reply {
    client.query("ec2", action, members).await.unwrap()
}

fn broker(name: &str, subnet: &str) -> Value {
    json!({
        "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18",
        "hostInstanceType": "mq.t3.micro", "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": false,
        "autoMinorVersionUpgrade": true, "subnetIds": [subnet],
        "users": [{"username": "admin", "password": "correct-horse-battery"}],
    })
}

/// Every address has one owner and lies in its subnet, no two ranges meet, and nothing is taken but by an interface; every
/// broker has the interface that its description names. Returns how many interfaces there are.
fn check(postern: &Postern) -> usize {
    let snapshot = postern.service().services().store.snapshot();
    let state = &snapshot.state;
    let account = state.account(ACCOUNT).unwrap();
    let mut seen: BTreeSet<Ipv4Addr> = BTreeSet::new();
    for interface in account.interfaces.values() {
        assert!(
            seen.insert(interface.address),
            "{} twice",
            interface.address
        );
        assert!(state.address_is_taken(interface.address));
        let subnet = &account.subnets[&interface.subnet_id];
        assert!(subnet.gives(subnet.shown_address(interface.address).unwrap()));
        match interface.instance.as_deref() {
            None => {}
            Some(instance) => {
                let (id, _) = instance.rsplit_once('-').unwrap();
                assert!(account.broker(id).is_some(), "{instance} is left over");
            }
        }
    }
    for broker in account.brokers() {
        for instance in &broker.instances {
            assert_eq!(
                account.interfaces[&instance.interface_id].address,
                instance.address
            );
        }
    }
    let ranges = state.bound_ranges();
    for (at, range) in ranges.iter().enumerate() {
        assert!(!ranges.iter().take(at).any(|other| other.overlaps(*range)));
    }
    // Leaked addresses would be taken without an owner.
    for subnet in account
        .subnets
        .values()
        .filter(|subnet| subnet.bound.is_some())
    {
        let range = subnet.bound_range();
        let taken = (0..range.size())
            .filter_map(|n| range.address(n))
            .filter(|address| state.address_is_taken(*address))
            .count();
        let owned = account
            .interfaces
            .values()
            .filter(|interface| interface.subnet_id == subnet.id)
            .count();
        assert_eq!(taken, owned, "{}", subnet.id);
    }
    account.interfaces.len()
}

#[tokio::test]
async fn no_sequence_of_calls_and_restarts_leaks_or_shares_an_address() {
    let mut steps = 0;
    for seed in 1..=4_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut postern = Postern::start().await.unwrap();
        let vpc = ec2(
            &postern.root(),
            "CreateVpc",
            &[("CidrBlock", "10.0.0.0/16")],
        )
        .await
        .element("vpcId")
        .unwrap();
        let (mut subnets, mut interfaces, mut brokers): (Vec<String>, Vec<String>, Vec<String>) =
            Default::default();
        for step in 0..80 {
            let root = postern.root();
            match dice.below(10) {
                0 => {
                    let range = format!("10.0.{}.0/28", dice.below(4));
                    let members = [("VpcId", vpc.as_str()), ("CidrBlock", &range)];
                    let made = ec2(&root, "CreateSubnet", &members).await;
                    subnets.extend(made.element("subnetId"));
                }
                1 => {
                    if let Some(subnet) = dice.pick(&subnets).cloned() {
                        let gone = ec2(&root, "DeleteSubnet", &[("SubnetId", &subnet)]).await;
                        if gone.status == 200 {
                            subnets.retain(|other| *other != subnet);
                        }
                    }
                }
                2..=5 => {
                    if let Some(subnet) = dice.pick(&subnets) {
                        let members = [("SubnetId", subnet.as_str())];
                        let made = ec2(&root, "CreateNetworkInterface", &members).await;
                        interfaces.extend(made.element("networkInterfaceId"));
                    }
                }
                6 => {
                    if let Some(interface) = dice.pick(&interfaces).cloned() {
                        let members = [("NetworkInterfaceId", interface.as_str())];
                        let gone = ec2(&root, "DeleteNetworkInterface", &members).await;
                        assert_eq!(gone.status, 200, "{}", gone.body);
                        interfaces.retain(|other| *other != interface);
                    }
                }
                7 => {
                    if let Some(subnet) = dice.pick(&subnets) {
                        let request = broker(&format!("b{step}"), subnet);
                        let made = root.mq_json("POST", "/v1/brokers", &request).await.unwrap();
                        let id = made.json()["brokerId"].as_str().map(str::to_owned);
                        brokers.extend(id);
                    }
                }
                8 => {
                    // Refused while it is being made: then it stays.
                    if let Some(broker) = dice.pick(&brokers) {
                        root.mq("DELETE", &format!("/v1/brokers/{broker}"), "")
                            .await
                            .unwrap();
                    }
                }
                _ => postern.restart().await.unwrap(),
            }
            check(&postern);
            steps += 1;
        }
        postern.stop().await;
    }
    println!("{steps} steps");
    assert_eq!(steps, 320);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_calls_at_once_are_given_a_thousand_addresses() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let subnet = ec2(&root, "DescribeSubnets", &[])
        .await
        .element("subnetId")
        .unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let (root, subnet) = (root.clone(), subnet.clone());
        calls.spawn(async move {
            let made = ec2(&root, "CreateNetworkInterface", &[("SubnetId", &subnet)]).await;
            made.element("privateIpAddress")
                .unwrap_or_else(|| panic!("{}", made.body))
        });
    }
    let addresses: BTreeSet<String> = calls.join_all().await.into_iter().collect();
    println!("{} addresses", addresses.len());
    assert_eq!(addresses.len(), 1000);
    assert_eq!(check(&postern), 1000);
    postern.stop().await;
}

fn records(postern: &Postern) -> Vec<Value> {
    let text = std::fs::read_to_string(postern.folder().join("data/audit/audit.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn what_amazon_mq_does_for_the_caller_is_recorded_with_who_and_why() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    ec2(&root, "DescribeSubnets", &[]).await;
    let subnet = ec2(&root, "DescribeSubnets", &[])
        .await
        .element("subnetId")
        .unwrap();
    root.query("iam", "CreateUser", &[("UserName", "jane")])
        .await
        .unwrap();
    let policy = json!({"Version": "2012-10-17", "Statement":
        {"Sid": "Network", "Effect": "Allow", "Action": ["mq:*", "ec2:*"], "Resource": "*"}});
    let members = [
        ("UserName", "jane"),
        ("PolicyName", "network"),
        ("PolicyDocument", &policy.to_string()),
    ];
    root.query("iam", "PutUserPolicy", &members).await.unwrap();
    let key = root
        .query("iam", "CreateAccessKey", &[("UserName", "jane")])
        .await
        .unwrap();
    let jane = postern.client(
        &key.element("AccessKeyId").unwrap(),
        &key.element("SecretAccessKey").unwrap(),
    );
    let made = jane
        .mq_json("POST", "/v1/brokers", &broker("b", &subnet))
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    let request = made.header("x-amzn-requestid").unwrap();
    let all: Vec<Value> = records(&postern)
        .into_iter()
        .filter(|record| record["requestID"] == request)
        .collect();
    let names: Vec<&str> = all
        .iter()
        .map(|record| record["eventName"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "CreateBroker",
            "DescribeVpcs",
            "DescribeSubnets",
            "DescribeSecurityGroups",
            "DescribeInternetGateways",
            "DescribeRouteTables",
            "DescribeNetworkInterfaces",
            "CreateNetworkInterface",
            "CreateNetworkInterfacePermission",
        ]
    );
    let interface = &all[7];
    assert_eq!(interface["eventSource"], "ec2.amazonaws.com");
    assert_eq!(interface["userIdentity"]["userName"], "jane");
    assert_eq!(interface["userIdentity"]["invokedBy"], "mq.amazonaws.com");
    assert_eq!(interface["sourceIPAddress"], "mq.amazonaws.com");
    assert_eq!(interface["readOnly"], false);
    assert_eq!(
        interface["additionalEventData"],
        json!({"decision": "allowed by inline policy network, statement 0 (Network), line 1", "onBehalfOf": "mq:CreateBroker"})
    );
    let resources = interface["resources"].to_string();
    assert!(
        resources.contains(&format!("subnet/{subnet}")) && resources.contains("security-group/sg-"),
        "{resources}"
    );
    let ids: BTreeSet<&str> = all
        .iter()
        .map(|record| record["eventID"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), all.len());

    // A call that is refused for want of one of them leaves its own record alone.
    let policy = policy.to_string().replace("ec2:*", "ec2:Describe*");
    let members = [
        ("UserName", "jane"),
        ("PolicyName", "network"),
        ("PolicyDocument", policy.as_str()),
    ];
    root.query("iam", "PutUserPolicy", &members).await.unwrap();
    let refused = jane
        .mq_json("POST", "/v1/brokers", &broker("c", &subnet))
        .await
        .unwrap();
    assert_eq!(refused.status, 403);
    let request = refused.header("x-amzn-requestid").unwrap();
    let left: Vec<Value> = records(&postern)
        .into_iter()
        .filter(|record| record["requestID"] == request)
        .collect();
    let [record] = &left[..] else {
        panic!("one record: {left:?}")
    };
    let message = record["errorMessage"].as_str().unwrap();
    assert!(message.contains("ec2:CreateNetworkInterface"), "{message}");
    postern.stop().await;
}

fn rabbitmq(name: &str, public: bool) -> Value {
    json!({
        "brokerName": name, "engineType": "RABBITMQ", "engineVersion": "3.13",
        "hostInstanceType": "mq.m5.large", "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": public,
        "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": "correct-horse-battery"}],
    })
}

/// A user with this policy.
async fn user(postern: &Postern, name: &str, statements: Value) -> Client {
    let root = postern.root();
    root.query("iam", "CreateUser", &[("UserName", name)])
        .await
        .unwrap();
    let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let members = [
        ("UserName", name),
        ("PolicyName", "p"),
        ("PolicyDocument", policy.as_str()),
    ];
    let put = root.query("iam", "PutUserPolicy", &members).await.unwrap();
    assert_eq!(put.status, 200, "{}", put.body);
    let key = root
        .query("iam", "CreateAccessKey", &[("UserName", name)])
        .await
        .unwrap();
    postern.client(
        &key.element("AccessKeyId").unwrap(),
        &key.element("SecretAccessKey").unwrap(),
    )
}

fn of_request(postern: &Postern, reply: &testkit::Reply) -> Vec<Value> {
    let request = reply.header("x-amzn-requestid").unwrap();
    records(postern)
        .into_iter()
        .filter(|record| record["requestID"] == request)
        .collect()
}

fn has_role(postern: &Postern) -> bool {
    let snapshot = postern.service().services().store.snapshot();
    let account = snapshot.state.account(ACCOUNT).unwrap();
    account.role("AWSServiceRoleForAmazonMQ").is_some()
}

#[tokio::test]
async fn the_first_private_rabbitmq_broker_makes_the_service_linked_role_where_the_caller_may() {
    let postern = Postern::start().await.unwrap();
    let mq = json!({"Effect": "Allow", "Action": "mq:*", "Resource": "*"});
    let role_for = |service: &str| {
        json!([mq, {"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*",
            "Condition": {"StringLike": {"iam:AWSServiceName": service}}}])
    };
    // One that is publicly accessible needs no role.
    let without = user(&postern, "without", json!([mq])).await;
    let made = without
        .mq_json("POST", "/v1/brokers", &rabbitmq("public", true))
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(!has_role(&postern));
    let other = user(&postern, "other", role_for("elasticache.amazonaws.com")).await;
    for (name, client) in [("without", &without), ("other", &other)] {
        let refused = client
            .mq_json("POST", "/v1/brokers", &rabbitmq("private", false))
            .await
            .unwrap();
        assert_eq!(refused.status, 403);
        assert_eq!(
            refused.message(),
            format!(
                "User: arn:aws:iam::{ACCOUNT}:user/{name} is not authorized to perform: iam:CreateServiceLinkedRole on \
                 resource: arn:aws:iam::{ACCOUNT}:role/aws-service-role/mq.amazonaws.com/AWSServiceRoleForAmazonMQ because \
                 no identity-based policy allows the iam:CreateServiceLinkedRole action"
            )
        );
        assert_eq!(of_request(&postern, &refused).len(), 1);
        assert!(!has_role(&postern));
        let state = &postern.service().services().store.snapshot().state;
        assert_eq!(state.account(ACCOUNT).unwrap().brokers().count(), 1);
    }
    let allowed = user(&postern, "allowed", role_for("mq.amazonaws.com")).await;
    let made = allowed
        .mq_json("POST", "/v1/brokers", &rabbitmq("private", false))
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    assert!(has_role(&postern));
    let all = of_request(&postern, &made);
    let names: Vec<&str> = all
        .iter()
        .map(|record| record["eventName"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "CreateBroker",
            "CreateServiceLinkedRole",
            "DescribeVpcEndpoints",
            "CreateVpcEndpoint",
            "CreateTags"
        ]
    );
    let role = &all[1];
    assert_eq!(role["eventSource"], "iam.amazonaws.com");
    assert_eq!(role["userIdentity"]["userName"], "allowed");
    assert_eq!(role["userIdentity"]["invokedBy"], "mq.amazonaws.com");
    assert_eq!(role["additionalEventData"]["onBehalfOf"], "mq:CreateBroker");
    for record in &all[2..] {
        let who = &record["userIdentity"];
        assert_eq!(who["type"], "AssumedRole");
        assert_eq!(
            who["arn"],
            format!("arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForAmazonMQ/AmazonMQ")
        );
        assert_eq!(
            who["sessionContext"]["sessionIssuer"]["userName"],
            "AWSServiceRoleForAmazonMQ"
        );
        assert_eq!(who["invokedBy"], "mq.amazonaws.com");
        assert_eq!(record["eventSource"], "ec2.amazonaws.com");
        assert_eq!(record["additionalEventData"]["causedBy"], "mq:CreateBroker");
        let why = record["additionalEventData"]["decision"].as_str().unwrap();
        assert!(why.contains("AmazonMQServiceRolePolicy"), "{why}");
    }
    let resources = all[3]["resources"].to_string();
    for kind in [
        "vpc-endpoint/vpce-",
        "vpc/vpc-",
        "subnet/subnet-",
        "security-group/sg-",
    ] {
        assert!(resources.contains(kind), "{resources}");
    }

    // The role is there now: who may not make it can use it.
    let second = without
        .mq_json("POST", "/v1/brokers", &rabbitmq("second", false))
        .await
        .unwrap();
    assert_eq!(second.status, 200, "{}", second.body);
    assert_eq!(of_request(&postern, &second).len(), 4);
    postern.stop().await;
}

#[tokio::test]
async fn a_refused_call_of_ec2_is_recorded_with_whose_fault_it_is() {
    let postern = Postern::start().await.unwrap();
    let nobody = user(
        &postern,
        "nobody",
        json!([{"Effect": "Allow", "Action": "mq:*", "Resource": "*"}]),
    )
    .await;
    let denied = ec2(&nobody, "DescribeVpcs", &[]).await;
    assert_eq!(
        denied.element("Code").as_deref(),
        Some("UnauthorizedOperation")
    );
    let wrong = ec2(&postern.root(), "CreateVpc", &[("CidrBlock", "10.0.0.0/8")]).await;
    let code = wrong.element("Code").unwrap();
    let codes: Vec<Value> = records(&postern)
        .into_iter()
        .filter(|record| record["eventSource"] == "ec2.amazonaws.com")
        .map(|record| record["errorCode"].clone())
        .collect();
    assert_eq!(
        codes,
        [
            json!("Client.UnauthorizedOperation"),
            json!(format!("Client.{code}"))
        ]
    );
    postern.stop().await;
}
