//! An account with one of everything, and those who call.

use std::collections::BTreeMap;

use base64::Engine as _;
use serde_json::json;
use testkit::{Client, OTHER_ACCOUNT, Postern};

pub(crate) const ACCOUNT: &str = "111122223333";

/// Everybody is allowed to try everything in turn.
pub(crate) struct World {
    pub(crate) postern: Postern,
    things: BTreeMap<&'static str, String>,
    /// Those who call, in the order of the columns.
    pub(crate) callers: Vec<(Caller, Client)>,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Root,
    Admin,
    ReadOnly,
    Boundary,
    Session,
    OtherAccount,
    DeletedKey,
    Nobody,
}

impl Caller {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Caller::Root => "root",
            Caller::Admin => "admin",
            Caller::ReadOnly => "read-only",
            Caller::Boundary => "boundary",
            Caller::Session => "session",
            Caller::OtherAccount => "other-account",
            Caller::DeletedKey => "deleted-key",
            Caller::Nobody => "nobody",
        }
    }
}

const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
/// The verbs by which AWS names what only looks.
const READ_ONLY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*","Action":[
    "mq:Describe*","mq:List*","ec2:Describe*","iam:Get*","iam:List*","iam:Simulate*","iam:GenerateCredentialReport","sts:Get*"]}}"#;
/// The services of the boundary, and those of the session policy.
const BROKERS: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["mq:*","ec2:*"],"Resource":"*"}}"#;
const IDENTITY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:*","sts:*"],"Resource":"*"}}"#;

impl World {
    pub(crate) async fn new() -> World {
        let postern = Postern::start().await.unwrap();
        let mut world = World {
            postern,
            things: BTreeMap::new(),
            callers: Vec::new(),
        };
        world.documents();
        // Order: while there are brokers, a service-linked role is not deleted.
        world.identities().await;
        world.brokers().await;
        world.network().await;
        world.callers().await;
        world
    }

    /// Fills the things into a text.
    pub(crate) fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.things {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        filled
    }

    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.things.insert(name, value.into());
    }

    async fn iam(&self, action: &str, members: &[(&str, &str)]) -> testkit::Reply {
        self.done("iam", action, members).await
    }

    async fn done(&self, service: &str, action: &str, members: &[(&str, &str)]) -> testkit::Reply {
        let filled: Vec<(&str, String)> = members
            .iter()
            .map(|(name, value)| (*name, self.fill(value)))
            .collect();
        let members: Vec<(&str, &str)> = filled
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let reply = self
            .postern
            .root()
            .query(service, action, &members)
            .await
            .unwrap();
        assert_eq!(reply.status, 200, "{action}: {}", reply.body);
        reply
    }

    fn documents(&mut self) {
        self.set("document", ALL);
        self.set(
            "trust",
            json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"AWS": ACCOUNT}}})
            .to_string(),
        );
        self.set(
            "metadata",
            format!(
                "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"x\">{}</EntityDescriptor>",
                "<!-- filler -->".repeat(80)
            ),
        );
        self.set("web-token", "aaaa.bbbb.cccc");
        self.set("role", format!("arn:aws:iam::{ACCOUNT}:role/target"));
        self.set("target", format!("arn:aws:iam::{ACCOUNT}:user/target"));
        self.set("username", "somebody");
        self.set("configuration-revision", "1");
        self.set("new-broker", broker("fresh").to_string());
        let data = "<broker xmlns=\"http://activemq.apache.org/schema/core\"/>";
        let data = base64::engine::general_purpose::STANDARD.encode(data);
        self.set("configuration-data", data);
    }

    async fn brokers(&mut self) {
        let root = self.postern.root();
        for (thing, name) in [
            ("broker-id", "one"),
            ("broker-to-delete", "two"),
            ("broker-to-reboot", "three"),
        ] {
            let made = root
                .mq_json("POST", "/v1/brokers", &broker(name))
                .await
                .unwrap();
            assert_eq!(made.status, 200, "{}", made.body);
            let id = made.json()["brokerId"].as_str().unwrap().to_owned();
            // The simulated driver needs no time; the reconciler is woken by the commit.
            loop {
                let target = format!("/v1/brokers/{id}");
                let state =
                    root.mq("GET", &target, "").await.unwrap().json()["brokerState"].clone();
                if state == "RUNNING" {
                    break;
                }
                assert_eq!(state, "CREATION_IN_PROGRESS");
                tokio::task::yield_now().await;
            }
            self.set(thing, id);
        }
        for (thing, name) in [
            ("configuration-id", "one"),
            ("configuration-to-delete", "two"),
        ] {
            let request = json!({"name": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18"});
            let made = root
                .mq_json("POST", "/v1/configurations", &request)
                .await
                .unwrap();
            assert_eq!(made.status, 200, "{}", made.body);
            let made = made.json();
            self.set(thing, made["id"].as_str().unwrap());
            if name == "one" {
                let arn = made["arn"].as_str().unwrap().replace(':', "%3A");
                self.set("resource-arn", arn);
            }
        }
    }

    async fn identities(&mut self) {
        for name in ["target", "keyed", "user-to-delete"] {
            self.iam("CreateUser", &[("UserName", name)]).await;
        }
        for (thing, name) in [("key", "target"), ("key-to-delete", "keyed")] {
            let key = self.iam("CreateAccessKey", &[("UserName", name)]).await;
            self.set(thing, key.element("AccessKeyId").unwrap());
        }
        self.iam("UpdateAccountPasswordPolicy", &[]).await;
        for name in ["target", "group-to-delete"] {
            self.iam("CreateGroup", &[("GroupName", name)]).await;
        }
        for name in ["target", "role-to-delete"] {
            let members = [("RoleName", name), ("AssumeRolePolicyDocument", "{trust}")];
            self.iam("CreateRole", &members).await;
        }
        for name in ["target", "profile-to-delete"] {
            self.iam("CreateInstanceProfile", &[("InstanceProfileName", name)])
                .await;
        }
        for (thing, name) in [
            ("policy", "target"),
            ("policy-to-delete", "policy-to-delete"),
        ] {
            let members = [("PolicyName", name), ("PolicyDocument", "{document}")];
            let made = self.iam("CreatePolicy", &members).await;
            self.set(thing, made.element("Arn").unwrap());
        }
        for (thing, url) in [
            ("oidc", "https://issuer.example.com"),
            ("oidc-to-delete", "https://spare.example.com"),
        ] {
            let members = [("Url", url), ("ClientIDList.member.1", "app")];
            let made = self.iam("CreateOpenIDConnectProvider", &members).await;
            self.set(thing, made.element("OpenIDConnectProviderArn").unwrap());
        }
        for (thing, name) in [("saml", "target"), ("saml-to-delete", "spare")] {
            let members = [("Name", name), ("SAMLMetadataDocument", "{metadata}")];
            let made = self.iam("CreateSAMLProvider", &members).await;
            self.set(thing, made.element("SAMLProviderArn").unwrap());
        }
        let service = [("AWSServiceName", "mq.amazonaws.com")];
        self.iam("CreateServiceLinkedRole", &service).await;
        let role = [("RoleName", "AWSServiceRoleForAmazonMQ")];
        let deleted = self.iam("DeleteServiceLinkedRole", &role).await;
        self.set("deletion-task", deleted.element("DeletionTaskId").unwrap());
    }

    async fn network(&mut self) {
        let one = async |world: &World, action: &str, members: &[(&str, &str)], element: &str| {
            let made = world.done("ec2", action, members).await;
            made.element(element)
                .unwrap_or_else(|| panic!("{action}: {}", made.body))
        };
        for (thing, block) in [
            ("vpc", "10.8.0.0/16"),
            ("vpc-to-delete", "10.7.0.0/16"),
            ("vpc-to-attach", "10.6.0.0/16"),
        ] {
            let id = one(self, "CreateVpc", &[("CidrBlock", block)], "vpcId").await;
            self.set(thing, id);
        }
        for (thing, block) in [
            ("subnet", "10.8.1.0/24"),
            ("subnet-to-delete", "10.8.2.0/24"),
            ("third-subnet", "10.8.3.0/24"),
            ("fourth-subnet", "10.8.4.0/24"),
        ] {
            let members = [("VpcId", "{vpc}"), ("CidrBlock", block)];
            let id = one(self, "CreateSubnet", &members, "subnetId").await;
            self.set(thing, id);
        }
        for thing in ["gateway", "gateway-to-delete", "gateway-to-attach"] {
            let id = one(self, "CreateInternetGateway", &[], "internetGatewayId").await;
            self.set(thing, id);
        }
        let members = [("InternetGatewayId", "{gateway}"), ("VpcId", "{vpc}")];
        self.done("ec2", "AttachInternetGateway", &members).await;
        for thing in ["table", "table-to-delete", "third-table"] {
            let id = one(
                self,
                "CreateRouteTable",
                &[("VpcId", "{vpc}")],
                "routeTableId",
            )
            .await;
            self.set(thing, id);
        }
        let members = [
            ("RouteTableId", "{table}"),
            ("DestinationCidrBlock", "99.0.0.0/8"),
            ("GatewayId", "{gateway}"),
        ];
        self.done("ec2", "CreateRoute", &members).await;
        for (thing, subnet) in [
            ("association-to-delete", "{third-subnet}"),
            ("association-to-replace", "{fourth-subnet}"),
        ] {
            let members = [("RouteTableId", "{third-table}"), ("SubnetId", subnet)];
            let id = one(self, "AssociateRouteTable", &members, "associationId").await;
            self.set(thing, id);
        }
        for (thing, name) in [("group", "target"), ("group-to-delete", "spare")] {
            let members = [
                ("GroupName", name),
                ("GroupDescription", "d"),
                ("VpcId", "{vpc}"),
            ];
            let id = one(self, "CreateSecurityGroup", &members, "groupId").await;
            self.set(thing, id);
        }
        let members = [
            ("GroupId", "{group}"),
            ("IpPermissions.1.IpProtocol", "tcp"),
            ("IpPermissions.1.FromPort", "5671"),
            ("IpPermissions.1.ToPort", "5671"),
            ("IpPermissions.1.IpRanges.1.CidrIp", "192.0.2.0/24"),
        ];
        let id = one(
            self,
            "AuthorizeSecurityGroupIngress",
            &members,
            "securityGroupRuleId",
        )
        .await;
        self.set("rule", id);
        for thing in ["interface", "interface-to-delete"] {
            let members = [("SubnetId", "{subnet}")];
            let id = one(
                self,
                "CreateNetworkInterface",
                &members,
                "networkInterfaceId",
            )
            .await;
            self.set(thing, id);
        }
        let members = [
            ("NetworkInterfaceId", "{interface}"),
            ("AwsAccountId", "432143214321"),
            ("Permission", "INSTANCE-ATTACH"),
        ];
        let element = "networkInterfacePermissionId";
        let id = one(self, "CreateNetworkInterfacePermission", &members, element).await;
        self.set("permission", id);
    }

    /// A user with this inline policy, and its key.
    async fn user(&self, name: &str, policy: Option<&str>) -> Client {
        self.iam("CreateUser", &[("UserName", name)]).await;
        if let Some(policy) = policy {
            let members = [
                ("UserName", name),
                ("PolicyName", "p"),
                ("PolicyDocument", policy),
            ];
            self.iam("PutUserPolicy", &members).await;
        }
        let key = self.iam("CreateAccessKey", &[("UserName", name)]).await;
        self.postern.client(
            &key.element("AccessKeyId").unwrap(),
            &key.element("SecretAccessKey").unwrap(),
        )
    }

    async fn callers(&mut self) {
        let admin = self.user("admin", Some(ALL)).await;
        let read_only = self.user("read-only", Some(READ_ONLY)).await;
        let bounded = self.user("bounded", Some(ALL)).await;
        let members = [("PolicyName", "boundary"), ("PolicyDocument", BROKERS)];
        let made = self.iam("CreatePolicy", &members).await;
        let arn = made.element("Arn").unwrap();
        let members = [
            ("UserName", "bounded"),
            ("PermissionsBoundary", arn.as_str()),
        ];
        self.iam("PutUserPermissionsBoundary", &members).await;
        let members = [
            ("RoleName", "admins"),
            ("AssumeRolePolicyDocument", "{trust}"),
        ];
        self.iam("CreateRole", &members).await;
        let members = [
            ("RoleName", "admins"),
            ("PolicyName", "p"),
            ("PolicyDocument", ALL),
        ];
        self.iam("PutRolePolicy", &members).await;
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/admins");
        let members = [
            ("RoleArn", arn.as_str()),
            ("RoleSessionName", "narrow"),
            ("Policy", IDENTITY),
        ];
        let given = admin.query("sts", "AssumeRole", &members).await.unwrap();
        assert_eq!(given.status, 200, "{}", given.body);
        let mut session = self.postern.client(
            &given.element("AccessKeyId").unwrap(),
            &given.element("SecretAccessKey").unwrap(),
        );
        session.session_token = given.element("SessionToken");
        let deleted = self.user("deleted", Some(ALL)).await;
        let keys = self.iam("ListAccessKeys", &[("UserName", "deleted")]).await;
        let id = keys.element("AccessKeyId").unwrap();
        let members = [("UserName", "deleted"), ("AccessKeyId", id.as_str())];
        self.iam("DeleteAccessKey", &members).await;
        let nobody = self.user("nobody", None).await;
        let refused = nobody
            .query("ec2", "CreateVpc", &[("CidrBlock", "10.0.0.0/16")])
            .await
            .unwrap();
        let message = refused.message();
        let (_, sealed) = message
            .split_once("Encoded authorization failure message: ")
            .unwrap();
        self.set("sealed-refusal", sealed);
        let other = self.postern.other_account(OTHER_ACCOUNT).await.unwrap();
        self.callers = vec![
            (Caller::Root, self.postern.root()),
            (Caller::Admin, admin),
            (Caller::ReadOnly, read_only),
            (Caller::Boundary, bounded),
            (Caller::Session, session),
            (Caller::OtherAccount, other),
            (Caller::DeletedKey, deleted),
            (Caller::Nobody, nobody),
        ];
    }
}

fn broker(name: &str) -> serde_json::Value {
    json!({
        "brokerName": name, "engineType": "ACTIVEMQ", "engineVersion": "5.18", "hostInstanceType": "mq.t3.micro",
        "deploymentMode": "SINGLE_INSTANCE", "publiclyAccessible": false, "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": "correct-horse-battery"}],
    })
}
