//! The columns of the operation table.

use crate::table::OperationId;

/// A service that Postern answers for. The credential scope of a request names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Amazon MQ, REST-JSON.
    Mq,
    /// AWS Identity and Access Management, AWS Query.
    Iam,
    /// AWS Security Token Service, AWS Query.
    Sts,
    /// Amazon EC2, EC2 Query: the network part that Amazon MQ needs.
    Ec2,
}

impl Service {
    /// Every service, in the order of the documentation.
    pub const ALL: [Service; 4] = [Service::Mq, Service::Iam, Service::Sts, Service::Ec2];

    /// The service's name in credential scopes, actions and ARNs.
    pub fn name(self) -> &'static str {
        match self {
            Service::Mq => "mq",
            Service::Iam => "iam",
            Service::Sts => "sts",
            Service::Ec2 => "ec2",
        }
    }

    /// The service with this signing name.
    pub fn from_name(name: &str) -> Option<Service> {
        Service::ALL
            .into_iter()
            .find(|service| service.name() == name)
    }

    /// The protocol the service speaks.
    pub fn protocol(self) -> Protocol {
        match self {
            Service::Mq => Protocol::RestJson,
            Service::Iam | Service::Sts => Protocol::Query,
            Service::Ec2 => Protocol::Ec2,
        }
    }

    /// `eventSource` of audit records, as CloudTrail has it (Amazon MQ: "Logging Amazon MQ API calls using AWS
    /// CloudTrail").
    pub fn event_source(self) -> &'static str {
        match self {
            Service::Mq => "amazonmq.amazonaws.com",
            Service::Iam => "iam.amazonaws.com",
            Service::Sts => "sts.amazonaws.com",
            Service::Ec2 => "ec2.amazonaws.com",
        }
    }

    /// The `Version` that Query requests of the service carry; `None` for REST.
    pub fn api_version(self) -> Option<&'static str> {
        match self {
            Service::Mq => None,
            Service::Iam => Some("2010-05-08"),
            Service::Sts => Some("2011-06-15"),
            Service::Ec2 => Some("2016-11-15"),
        }
    }
}

/// A wire protocol: it decides how requests are read and answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// JSON bodies, operations by method and path.
    RestJson,
    /// Form bodies with `Action`, XML answers.
    Query,
    /// EC2's dialect of Query.
    Ec2,
}

/// How an operation is addressed on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// A REST operation.
    Rest {
        /// The HTTP method.
        method: &'static str,
        /// The path with `{label}` segments.
        path: &'static str,
        /// The status of success.
        status: u16,
        /// The query members it reads.
        query: &'static [QueryMember],
    },
    /// A Query operation, addressed by `Action=<name>`.
    Query,
}

/// A member that travels in the query string of a REST operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryMember {
    /// The name on the wire.
    pub name: &'static str,
    /// How its text becomes a value.
    pub shape: QueryShape,
}

/// The shape of a query member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryShape {
    /// One text.
    Text,
    /// One whole number.
    Integer,
    /// A list by repeating the key.
    List,
}

/// What has to be true of a caller besides a right signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Its policies allow the action.
    Policies,
    /// The trust policy of the role and, unless it names the caller itself, the caller's policies.
    Trust,
    /// No signature but a token of an identity provider, and the trust policy of the role.
    WebIdentity,
    /// Nothing: no policy can give or take the action away ("GetCallerIdentity").
    SignatureAlone,
}

/// IAM's access levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLevel {
    /// Lists resources.
    List,
    /// Reads one resource.
    Read,
    /// Changes resources.
    Write,
    /// Changes tags only.
    Tagging,
    /// Changes who may do what.
    PermissionsManagement,
}

impl AccessLevel {
    /// Whether calls of this level change anything: they are refused when they cannot be recorded.
    pub fn mutates(self) -> bool {
        match self {
            AccessLevel::List | AccessLevel::Read => false,
            AccessLevel::Write | AccessLevel::Tagging | AccessLevel::PermissionsManagement => true,
        }
    }

    /// The level's name in the Service Authorization Reference.
    pub fn name(self) -> &'static str {
        match self {
            AccessLevel::List => "List",
            AccessLevel::Read => "Read",
            AccessLevel::Write => "Write",
            AccessLevel::Tagging => "Tagging",
            AccessLevel::PermissionsManagement => "Permissions management",
        }
    }
}

/// Which resource a call is authorised on, and where its identity stands in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// No resource type: evaluated on `*`. It has to be spelled out.
    Any,
    /// The broker whose id is the path label.
    Broker(&'static str),
    /// The configuration whose id is the path label.
    Configuration(&'static str),
    /// The broker or configuration whose ARN is the path label.
    Tagged(&'static str),
    /// The IAM user named by the member; the caller itself where the member is absent.
    User(&'static str),
    /// The IAM user that calls, whatever the request names.
    CallingUser,
    /// The IAM user about to be made: path and name out of the request.
    NewUser,
    /// The IAM user whom the access key belongs to whose id is the member; `*` where there is no such key.
    KeyOwner(&'static str),
    /// The IAM group named by the member.
    Group(&'static str),
    /// The IAM group about to be made: path and name out of the request.
    NewGroup,
    /// The IAM role named by the member.
    Role(&'static str),
    /// The IAM role about to be made: path and name out of the request.
    NewRole,
    /// The service-linked role about to be made, of the service that the member names.
    NewServiceLinkedRole(&'static str),
    /// The instance profile named by the member.
    InstanceProfile(&'static str),
    /// The instance profile about to be made: path and name out of the request.
    NewInstanceProfile,
    /// The OpenID Connect provider whose ARN is the member.
    OidcProvider(&'static str),
    /// The OpenID Connect provider about to be made for the URL that is the member.
    NewOidcProvider(&'static str),
    /// The SAML provider whose ARN is the member.
    SamlProvider(&'static str),
    /// The SAML provider about to be made with the name that is the member.
    NewSamlProvider(&'static str),
    /// The IAM user, group or role whose ARN is the member.
    PolicySource(&'static str),
    /// The IAM role whose ARN is the member.
    RoleArn(&'static str),
    /// The federated user whose name is the member.
    Federated(&'static str),
    /// The customer managed policy whose ARN is the member.
    Policy(&'static str),
    /// The customer managed policy about to be made: path and name out of the request.
    NewPolicy,
    /// The resources of EC2 that the request concerns: the action has to be allowed on each of them.
    Network(&'static [Part]),
}

/// A part of the network, in the Service Authorization Reference's names of resource types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetworkKind {
    /// `vpc`.
    Vpc,
    /// `subnet`.
    Subnet,
    /// `security-group`.
    SecurityGroup,
    /// `security-group-rule`.
    SecurityGroupRule,
    /// `internet-gateway`.
    InternetGateway,
    /// `route-table`.
    RouteTable,
    /// `network-acl`.
    NetworkAcl,
    /// `network-interface`.
    NetworkInterface,
}

impl NetworkKind {
    /// Every kind.
    pub const ALL: [NetworkKind; 8] = [
        NetworkKind::Vpc,
        NetworkKind::Subnet,
        NetworkKind::SecurityGroup,
        NetworkKind::SecurityGroupRule,
        NetworkKind::InternetGateway,
        NetworkKind::RouteTable,
        NetworkKind::NetworkAcl,
        NetworkKind::NetworkInterface,
    ];

    /// The name in ARNs, and the resource type of tags.
    pub fn name(self) -> &'static str {
        match self {
            NetworkKind::Vpc => "vpc",
            NetworkKind::Subnet => "subnet",
            NetworkKind::SecurityGroup => "security-group",
            NetworkKind::SecurityGroupRule => "security-group-rule",
            NetworkKind::InternetGateway => "internet-gateway",
            NetworkKind::RouteTable => "route-table",
            NetworkKind::NetworkAcl => "network-acl",
            NetworkKind::NetworkInterface => "network-interface",
        }
    }

    /// What ids begin with, before the dash.
    pub fn prefix(self) -> &'static str {
        match self {
            NetworkKind::Vpc => "vpc",
            NetworkKind::Subnet => "subnet",
            NetworkKind::SecurityGroup => "sg",
            NetworkKind::SecurityGroupRule => "sgr",
            NetworkKind::InternetGateway => "igw",
            NetworkKind::RouteTable => "rtb",
            NetworkKind::NetworkAcl => "acl",
            NetworkKind::NetworkInterface => "eni",
        }
    }

    /// The kind that an id's beginning tells.
    pub fn of_id(id: &str) -> Option<NetworkKind> {
        let (prefix, _) = id.split_once('-')?;
        NetworkKind::ALL
            .into_iter()
            .find(|kind| kind.prefix() == prefix)
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<NetworkKind> {
        NetworkKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// One of the resources that an EC2 request concerns. Members are named as audit records name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// One about to be made: it has no id yet.
    New(NetworkKind),
    /// The one whose id is the member, which has to be there.
    Required(NetworkKind, &'static str),
    /// The one, or each of those, whose id is the member, where it is there.
    Given(NetworkKind, &'static str),
    /// The security group whose id is the first member, or whose name in the default VPC is the second.
    Group(&'static str, &'static str),
    /// The route table, and the subnet, of the association whose id is the member.
    Association(&'static str),
    /// The network interface of the attachment whose id is the member.
    Attachment(&'static str),
    /// The network interface of the permission whose id is the member.
    Permission(&'static str),
    /// Each of those whose ids are the member, of any kind.
    Tagged(&'static str),
}

impl Resource {
    /// The resource type of the Service Authorization Reference; `None` where the action has none.
    pub fn types(self) -> &'static [&'static str] {
        match self {
            Resource::Any => &[],
            Resource::Broker(_) => &["brokers"],
            Resource::Configuration(_) => &["configurations"],
            Resource::Tagged(_) => &["brokers", "configurations"],
            Resource::User(_)
            | Resource::CallingUser
            | Resource::NewUser
            | Resource::KeyOwner(_) => &["user"],
            Resource::Group(_) | Resource::NewGroup => &["group"],
            Resource::RoleArn(_) => &["role"],
            Resource::PolicySource(_) => &["user", "group", "role"],
            // The Service Authorization Reference says the user that calls; AWS asks for the federated one.
            Resource::Federated(_) => &["user"],
            Resource::Role(_) | Resource::NewRole | Resource::NewServiceLinkedRole(_) => &["role"],
            Resource::OidcProvider(_) | Resource::NewOidcProvider(_) => &["oidc-provider"],
            Resource::SamlProvider(_) | Resource::NewSamlProvider(_) => &["saml-provider"],
            Resource::InstanceProfile(_) | Resource::NewInstanceProfile => &["instance-profile"],
            Resource::Policy(_) | Resource::NewPolicy => &["policy"],
            Resource::Network(parts) => match parts.first() {
                None => &[],
                Some(Part::New(kind) | Part::Required(kind, _) | Part::Given(kind, _)) => {
                    match kind {
                        NetworkKind::Vpc => &["vpc"],
                        NetworkKind::Subnet => &["subnet"],
                        NetworkKind::SecurityGroup => &["security-group"],
                        NetworkKind::SecurityGroupRule => &["security-group-rule"],
                        NetworkKind::InternetGateway => &["internet-gateway"],
                        NetworkKind::RouteTable => &["route-table"],
                        NetworkKind::NetworkAcl => &["network-acl"],
                        NetworkKind::NetworkInterface => &["network-interface"],
                    }
                }
                Some(Part::Group(..)) => &["security-group"],
                Some(Part::Association(_)) => &["route-table"],
                Some(Part::Attachment(_) | Part::Permission(_)) => &["network-interface"],
                Some(Part::Tagged(_)) => &["*"],
            },
        }
    }
}

/// An action that the caller needs besides the operation's own, because Postern acts on the caller's behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The action, such as `ec2:CreateNetworkInterface`.
    pub action: &'static str,
    /// When it is needed.
    pub when: When,
    /// Whether `ec2:AuthorizedService` = `mq.amazonaws.com` is part of the question.
    pub authorized_service: bool,
}

/// When a dependent action is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On every call.
    Always,
    /// When the broker's engine is ActiveMQ, which has a network interface in the caller's VPC.
    ActiveMq,
    /// When a RabbitMQ broker that is not publicly accessible is the first that needs the service-linked role.
    PrivateRabbitMq,
    /// When security groups change.
    Groups,
    /// When the request carries tags.
    Tags,
    /// When a cross-region replica is asked for.
    Replica,
    /// When the request puts a role into the hands of a service: the role that `RoleName` names.
    PassesRole,
}

/// One row of the operation table. There are no defaults: every column of every row is written down.
#[derive(Debug)]
pub struct Row {
    /// The operation.
    pub id: OperationId,
    /// AWS's name of the operation.
    pub name: &'static str,
    /// The service it belongs to.
    pub service: Service,
    /// How it is addressed.
    pub wire: Wire,
    /// The IAM action.
    pub action: &'static str,
    /// What has to be true of the caller.
    pub gate: Gate,
    /// IAM's access level.
    pub access: AccessLevel,
    /// What it is authorised on.
    pub resource: Resource,
    /// What else the caller needs.
    pub dependent: &'static [Dependent],
    /// The condition keys the request supplies besides the global ones.
    pub condition_keys: &'static [&'static str],
    /// The error codes the operation's model lists.
    pub errors: &'static [crate::refusal::Code],
    /// The members that never reach a log or an audit record.
    pub redactions: &'static [&'static str],
    /// One sentence on what it does.
    pub doc: &'static str,
}

/// A marker type per operation ties its row to its input and output.
pub trait Operation: Send + Sync + 'static {
    /// The row of the table.
    const ROW: &'static Row;
    /// What a call carries.
    type Input: serde::de::DeserializeOwned + Send + 'static;
    /// What success answers.
    type Output: serde::Serialize + Send + 'static;
}
