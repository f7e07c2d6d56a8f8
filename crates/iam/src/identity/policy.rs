//! Managed policies: the customer's, and AWS's own.

use serde::{Deserialize, Serialize};

use super::user::Tag;

/// A customer managed policy with its versions, of which one is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedPolicy {
    /// The account.
    pub account: String,
    /// The path.
    pub path: String,
    /// The name as it was given.
    pub name: String,
    /// The unique id, `ANPA…`.
    pub id: String,
    /// When it was made.
    pub created: i64,
    /// When it was last changed.
    pub updated: i64,
    /// The description, which cannot be changed.
    #[serde(default)]
    pub description: Option<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// The versions, oldest first; at least one, at most five.
    pub versions: Vec<PolicyVersion>,
    /// The number of the version in force.
    pub default_version: u32,
    /// The number of the newest version there ever was: numbers are not used again.
    pub newest_version: u32,
}

/// A version of a customer managed policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub created: i64,
    /// The document, as it was given.
    pub document: String,
}

impl PolicyVersion {
    /// The id on the wire, such as `v1`.
    pub fn id(&self) -> String {
        format!("v{}", self.number)
    }
}

impl ManagedPolicy {
    /// The version with this id.
    pub fn version(&self, id: &str) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.id() == id)
    }

    /// The document in force. Empty, which denies everything, if there were none.
    pub fn document(&self) -> &str {
        self.versions
            .iter()
            .find(|version| version.number == self.default_version)
            .map_or("", |version| version.document.as_str())
    }

    /// `arn:aws:iam::<account>:policy<path><name>`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:policy{}{}",
            self.account, self.path, self.name
        )
    }
}

/// A managed policy of AWS. Nobody can change it.
#[derive(Clone, Copy, Debug)]
pub struct AwsManagedPolicy {
    /// The name.
    pub name: &'static str,
    /// The path.
    pub path: &'static str,
    /// The unique id. Of its policies for Amazon MQ AWS publishes none: these are made from the names.
    pub id: &'static str,
    /// The version AWS is at, such as `v5`.
    pub version: &'static str,
    /// When AWS made it, in milliseconds since the Unix epoch.
    pub created: i64,
    /// When AWS changed it last.
    pub updated: i64,
    /// The document.
    pub document: &'static str,
}

impl AwsManagedPolicy {
    /// `arn:aws:iam::aws:policy<path><name>`.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }

    /// Whether users may have it: the service role's policy belongs to its service-linked role alone.
    pub fn is_attachable(&self) -> bool {
        !self.path.starts_with("/aws-service-role/")
    }
}

const READ_ONLY: &str = r#"{"Version":"2012-10-17","Statement":[{"Action":["mq:Describe*","mq:List*","ec2:DescribeNetworkInterfaces","ec2:DescribeSecurityGroups","ec2:DescribeSubnets","ec2:DescribeVpcs"],"Effect":"Allow","Resource":"*"}]}"#;

/// AWS's managed policies for Amazon MQ ("AWS managed policies for Amazon MQ"), and those for job functions and for IAM that
/// accounts are administered by ("AWS managed policies for job functions").
pub static AWS_MANAGED: &[AwsManagedPolicy] = &[
    AwsManagedPolicy {
        name: "AmazonMQFullAccess",
        path: "/",
        id: "ANPAMNV7AF5X42U3XLWDZ",
        version: "v5",
        created: 1_604_507_649_000,
        updated: 1_604_507_649_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["mq:*","cloudformation:CreateStack","ec2:CreateNetworkInterface","ec2:CreateNetworkInterfacePermission","ec2:DeleteNetworkInterface","ec2:DeleteNetworkInterfacePermission","ec2:DetachNetworkInterface","ec2:DescribeInternetGateways","ec2:DescribeNetworkInterfaces","ec2:DescribeNetworkInterfacePermissions","ec2:DescribeRouteTables","ec2:DescribeSecurityGroups","ec2:DescribeSubnets","ec2:DescribeVpcs","ec2:CreateSecurityGroup","ec2:AuthorizeSecurityGroupIngress"],"Resource":"*"},{"Effect":"Allow","Action":["logs:CreateLogGroup"],"Resource":["arn:aws:logs:*:*:log-group:/aws/amazonmq/*"]},{"Effect":"Allow","Action":["iam:CreateServiceLinkedRole"],"Resource":"*","Condition":{"StringLike":{"iam:AWSServiceName":"mq.amazonaws.com"}}}]}"#,
    },
    AwsManagedPolicy {
        name: "AmazonMQApiFullAccess",
        path: "/",
        id: "ANPAMOUSZERD4LKFZVREG",
        version: "v2",
        created: 1_604_508_335_000,
        updated: 1_604_508_335_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["mq:*","ec2:CreateNetworkInterface","ec2:CreateNetworkInterfacePermission","ec2:DeleteNetworkInterface","ec2:DeleteNetworkInterfacePermission","ec2:DetachNetworkInterface","ec2:DescribeInternetGateways","ec2:DescribeNetworkInterfaces","ec2:DescribeNetworkInterfacePermissions","ec2:DescribeRouteTables","ec2:DescribeSecurityGroups","ec2:DescribeSubnets","ec2:DescribeVpcs"],"Resource":"*"},{"Effect":"Allow","Action":["logs:CreateLogGroup"],"Resource":["arn:aws:logs:*:*:log-group:/aws/amazonmq/*"]},{"Effect":"Allow","Action":["iam:CreateServiceLinkedRole"],"Resource":"*","Condition":{"StringLike":{"iam:AWSServiceName":"mq.amazonaws.com"}}}]}"#,
    },
    AwsManagedPolicy {
        name: "AmazonMQReadOnlyAccess",
        path: "/",
        id: "ANPAZIV3LYF46JM6E5WQR",
        version: "v2",
        created: 1_511_895_723_000,
        updated: 1_511_895_723_000,
        document: READ_ONLY,
    },
    AwsManagedPolicy {
        name: "AmazonMQApiReadOnlyAccess",
        path: "/",
        id: "ANPAHZRRABVNXAHFLNH6T",
        version: "v1",
        created: 1_545_165_073_000,
        updated: 1_545_165_073_000,
        document: READ_ONLY,
    },
    AwsManagedPolicy {
        name: "AmazonMQServiceRolePolicy",
        path: "/aws-service-role/",
        id: "ANPAPHLPUEPVTX265YCDO",
        version: "v1",
        created: 1_604_506_037_000,
        updated: 1_604_506_037_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:DescribeVpcEndpoints"],"Resource":"*"},{"Effect":"Allow","Action":["ec2:CreateVpcEndpoint"],"Resource":["arn:aws:ec2:*:*:vpc/*","arn:aws:ec2:*:*:subnet/*","arn:aws:ec2:*:*:security-group/*"]},{"Effect":"Allow","Action":["ec2:CreateVpcEndpoint"],"Resource":["arn:aws:ec2:*:*:vpc-endpoint/*"],"Condition":{"StringEquals":{"aws:RequestTag/AMQManaged":"true"}}},{"Effect":"Allow","Action":["ec2:CreateTags"],"Resource":"arn:aws:ec2:*:*:vpc-endpoint/*","Condition":{"StringEquals":{"ec2:CreateAction":"CreateVpcEndpoint"}}},{"Effect":"Allow","Action":["ec2:DeleteVpcEndpoints"],"Resource":"arn:aws:ec2:*:*:vpc-endpoint/*","Condition":{"StringEquals":{"ec2:ResourceTag/AMQManaged":"true"}}},{"Effect":"Allow","Action":["logs:PutLogEvents","logs:DescribeLogStreams","logs:DescribeLogGroups","logs:CreateLogStream","logs:CreateLogGroup"],"Resource":["arn:aws:logs:*:*:log-group:/aws/amazonmq/*"]}]}"#,
    },
    AwsManagedPolicy {
        name: "AdministratorAccess",
        path: "/",
        id: "ANPAIWMBCKSKIEE64ZLYK",
        version: "v1",
        created: 1_423_247_986_000,
        updated: 1_423_247_986_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    },
    AwsManagedPolicy {
        name: "PowerUserAccess",
        path: "/",
        id: "ANPAJYRXTHIB4FOVS3ZXS",
        version: "v12",
        created: 1_423_247_987_000,
        updated: 1_770_919_154_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"Effect":"Allow","Action":["account:GetAccountInformation","account:GetGovCloudAccountInformation","account:GetPrimaryEmail","account:ListRegions","iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeEffectivePolicy","organizations:DescribeOrganization"],"Resource":"*"}]}"#,
    },
    AwsManagedPolicy {
        name: "IAMFullAccess",
        path: "/",
        id: "ANPAI7XKCFMBPM3QQRRVQ",
        version: "v2",
        created: 1_423_248_038_000,
        updated: 1_561_146_000_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:*","organizations:DescribeAccount","organizations:DescribeOrganization","organizations:DescribeOrganizationalUnit","organizations:DescribePolicy","organizations:ListChildren","organizations:ListParents","organizations:ListPoliciesForTarget","organizations:ListRoots","organizations:ListPolicies","organizations:ListTargetsForPolicy"],"Resource":"*"}]}"#,
    },
    AwsManagedPolicy {
        name: "IAMReadOnlyAccess",
        path: "/",
        id: "ANPAJKSO7NDY4T57MWDSQ",
        version: "v4",
        created: 1_423_248_039_000,
        updated: 1_516_907_487_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport","iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*","iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Resource":"*"}]}"#,
    },
    // Differs: AWS's has an entry or more for each of its services; these are the ones of the services that are here.
    AwsManagedPolicy {
        name: "ReadOnlyAccess",
        path: "/",
        id: "ANPAILL3HVNFSB6DCOWYQ",
        version: "v1",
        created: 1_423_247_988_000,
        updated: 1_423_247_988_000,
        document: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:Describe*","ec2:Get*","iam:Generate*","iam:Get*","iam:List*","iam:Simulate*","logs:Describe*","logs:FilterLogEvents","logs:Get*","logs:List*","mq:Describe*","mq:List*","sts:GetAccessKeyInfo","sts:GetCallerIdentity","sts:GetSessionToken"],"Resource":"*"}]}"#,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_managed_policies_are_awss() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/data/iam/managed-policies.json"
        );
        let Ok(text) = std::fs::read_to_string(file) else {
            println!("skipped: ../shared/data/iam not found");
            return;
        };
        let published: serde_json::Value = serde_json::from_str(&text).unwrap();
        let published = published["policies"].as_array().unwrap();
        println!("{} managed policies compared", published.len());
        assert!(published.len() >= 5);
        for policy in published {
            let ours = AWS_MANAGED
                .iter()
                .find(|ours| policy["arn"] == ours.arn())
                .unwrap();
            let document: serde_json::Value = serde_json::from_str(ours.document).unwrap();
            assert_eq!(document, policy["document"], "{}", ours.name);
            assert_eq!(ours.version, policy["defaultVersionId"]);
        }
    }
}
