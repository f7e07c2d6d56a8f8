//! Why a request is refused: AWS's texts where they are known, its house style where they are not.

use crate::broker::EngineType;
use crate::configuration::ConfigurationError;

/// Which of the service's refusals it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidKind {
    /// 400: the input is wrong.
    BadRequest,
    /// 404: there is no such thing.
    NotFound,
    /// 409: something is in the way.
    Conflict,
}

/// Why a request is refused. The texts are for the caller, as they are.
///
/// Texts that Amazon MQ is known to send are marked `AWS:`; the others follow their style.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A member that has to be there is not.
    #[error("Specify a value for [{0}].")]
    Missing(&'static str),
    /// A value that is not one of a list.
    #[error("{what} [{value}] is invalid. Valid values: [{valid}].")]
    NotOneOf {
        /// What the value should be, in words.
        what: &'static str,
        /// The value as given.
        value: String,
        /// The list.
        valid: String,
        /// The member.
        attribute: &'static str,
    },
    /// A value that something else rules out.
    #[error("{what} [{value}] is invalid for {of} [{with}]. Valid values: [{valid}].")]
    NotFor {
        /// What the value should be, in words.
        what: &'static str,
        /// The value as given.
        value: String,
        /// What rules it out, in words.
        of: &'static str,
        /// The value that rules it out.
        with: String,
        /// What is possible.
        valid: String,
        /// The member.
        attribute: &'static str,
    },
    /// A text that breaks its rule.
    #[error("{what} [{value}] is invalid. {rule}")]
    Malformed {
        /// What the text should be, in words.
        what: &'static str,
        /// The text, shortened.
        value: String,
        /// The rule, a sentence.
        rule: &'static str,
        /// The member.
        attribute: &'static str,
    },
    /// More elements than there may be.
    #[error("Specify at most [{most}] {what}.")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// The limit.
        most: u32,
        /// The member.
        attribute: &'static str,
    },
    /// The wrong number of elements.
    #[error("Specify exactly [{count}] {what} for deployment mode [{mode}].")]
    Exactly {
        /// What is counted.
        what: &'static str,
        /// The number.
        count: usize,
        /// The deployment mode.
        mode: &'static str,
        /// The member.
        attribute: &'static str,
    },
    /// Something that the engine does not have.
    ///
    /// AWS: `Audit logs are not supported for RabbitMQ brokers.`, `Changing security groups is not supported for RabbitMQ
    /// brokers.`
    #[error("{what} not supported for {} brokers.", engine.described())]
    NotSupported {
        /// What, with its verb.
        what: &'static str,
        /// The engine.
        engine: EngineType,
        /// The member.
        attribute: &'static str,
    },
    /// A quota is reached.
    #[error("You have reached the quota of [{limit}] {what}.")]
    Quota {
        /// What is counted.
        what: &'static str,
        /// The quota.
        limit: u32,
        /// The member.
        attribute: &'static str,
    },

    /// AWS: the engine type is unknown, or is not offered here.
    #[error("Broker engine type [{value}] is invalid. Valid values are: [{valid}]")]
    EngineType {
        /// As given.
        value: String,
        /// What is offered.
        valid: String,
    },
    /// No engine is installed at all.
    #[error(
        "No broker engine is installed. Run [postern engine install activemq], and then retry your request."
    )]
    NoEngine,
    /// AWS: the engine version is not offered.
    #[error(
        "Broker engine version [{version}] is invalid for broker engine type [{}]. Valid values: [{valid}].",
        engine.model()
    )]
    EngineVersion {
        /// As given.
        version: String,
        /// The engine.
        engine: EngineType,
        /// What is offered, newest first.
        valid: String,
    },
    /// Going back to an older version.
    #[error(
        "Downgrading from current engine version [{from}] to requested engine version [{to}] is not supported."
    )]
    EngineDowngrade {
        /// What runs.
        from: String,
        /// What was asked for.
        to: String,
    },
    /// AWS: newer engines have to be patched by themselves.
    #[error(
        "Brokers on [{}] version [{version}] must have [autoMinorVersionUpgrade] set to [true].",
        engine.described()
    )]
    AutoMinorVersionUpgrade {
        /// The engine.
        engine: EngineType,
        /// Major and minor version.
        version: String,
    },
    /// AWS: the beginning of this text; the rest of it is not public.
    #[error(
        "Brokers upgrading to [{}] version [{version}] must have [autoMinorVersionUpgrade] set to [true].",
        engine.described()
    )]
    UpgradingWithoutAutoMinorVersionUpgrade {
        /// The engine.
        engine: EngineType,
        /// Major and minor version.
        version: String,
    },
    /// AWS: to the smallest type there is no way back.
    #[error(
        "Downgrading from current instance type [{from}] to requested instance type [{to}] is not supported for RabbitMQ brokers."
    )]
    InstanceDowngrade {
        /// What it has.
        from: String,
        /// What was asked for.
        to: String,
    },
    /// AWS: RabbitMQ brokers have one user.
    #[error("Specify exactly one user for engine type [RABBITMQ].")]
    OneRabbitUser,
    /// ActiveMQ brokers with their own users need one.
    #[error("Specify at least one user for engine type [ACTIVEMQ].")]
    NoUser,
    /// AWS: `audit` may not even be false.
    #[error("Audit logging is not supported for RabbitMQ brokers.")]
    RabbitAudit,
    /// AWS: a replication user has nothing to do in the console.
    #[error(
        "Replication user couldn't have console access. [replicationUser] and [consoleAccess] are mutually exclusive parameters."
    )]
    ReplicationConsole,
    /// AWS: the password has characters that files and URLs do not take.
    #[error("Make sure your password doesn't contain invalid characters [, :=].")]
    PasswordCharacters,
    /// The password has characters beyond printable ASCII.
    #[error("Make sure your password contains printable ASCII characters only.")]
    PasswordNotAscii,
    /// The password is too short or too long.
    #[error("Make sure your password is 12 to 250 characters long.")]
    PasswordLength,
    /// The password repeats itself.
    #[error("Make sure your password contains at least [4] unique characters.")]
    PasswordUnique,
    /// Two users of one name.
    #[error("User [{0}] is specified more than once.")]
    RepeatedUser(String),
    /// AWS, approximately: RabbitMQ keeps its users itself.
    #[error("To manage broker users, please use the RabbitMQ web console, or the management API")]
    RabbitUsers,
    /// A user that exists.
    #[error("User [{0}] already exists. Use a different username, and then retry your request.")]
    UserExists(String),
    /// AWS: no such user.
    #[error("Can't find requested user [{0}]. Make sure your user exists.")]
    NoSuchUser(String),
    /// AWS: no such broker.
    #[error("Can't find requested broker [{0}]. Make sure your broker exists.")]
    NoSuchBroker(String),
    /// AWS: no such configuration.
    #[error("Can't find requested configuration [{0}]. Make sure your configuration exists.")]
    NoSuchConfiguration(String),
    /// No such revision.
    #[error(
        "Can't find requested configuration revision [{revision}] of configuration [{id}]. Make sure your configuration revision exists."
    )]
    NoSuchRevision {
        /// The configuration.
        id: String,
        /// The revision.
        revision: String,
    },
    /// A request names a configuration that is not there: the request is wrong.
    #[error("Can't find requested configuration [{0}]. Make sure your configuration exists.")]
    UnknownConfiguration(String),
    /// A request names a revision that is not there: the request is wrong.
    #[error(
        "Can't find requested configuration revision [{revision}] of configuration [{id}]. Make sure your configuration revision exists."
    )]
    UnknownRevision {
        /// The configuration.
        id: String,
        /// The revision.
        revision: i64,
    },
    /// Nothing with this ARN.
    #[error("Can't find requested resource [{0}]. Make sure your resource exists.")]
    NoSuchResource(String),
    /// The name is taken.
    #[error(
        "Broker name [{0}] is already in use. Use a different broker name, and then retry your request."
    )]
    BrokerNameInUse(String),
    /// The token was used for something else.
    #[error(
        "Creator request ID [{0}] was already used for a different request. Use a different creator request ID, and then retry your request."
    )]
    CreatorRequestInUse(String),
    /// AWS: a broker uses the configuration.
    #[error(
        "Configuration ID is already in use. Remove the configuration from all brokers and retry the request"
    )]
    ConfigurationInUse,
    /// A configuration of another engine.
    #[error(
        "Configuration [{id}] for engine type [{}] is invalid for broker engine type [{}].",
        engine.model(),
        broker.model()
    )]
    ConfigurationEngine {
        /// The configuration.
        id: String,
        /// Its engine.
        engine: EngineType,
        /// The broker's engine.
        broker: EngineType,
    },
    /// A configuration of another authentication strategy.
    #[error(
        "Configuration [{id}] with authentication strategy [{strategy}] is invalid for broker authentication strategy [{broker}]."
    )]
    ConfigurationStrategy {
        /// The configuration.
        id: String,
        /// Its strategy.
        strategy: &'static str,
        /// The broker's strategy.
        broker: &'static str,
    },
    /// A configuration that cannot be used or stored.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),

    /// AWS: nothing to put a broker into.
    #[error("Default VPC not found")]
    NoDefaultVpc,
    /// No such subnet.
    #[error("Can't find requested subnet [{0}]. Make sure your subnet exists.")]
    NoSuchSubnet(String),
    /// No such group.
    #[error("Can't find requested security group [{0}]. Make sure your security group exists.")]
    NoSuchSecurityGroup(String),
    /// AWS: subnets of several VPCs.
    #[error("Subnets must belong to the same VPC.")]
    SubnetsOfSeveralVpcs,
    /// Groups of another VPC than the subnets'.
    #[error("Security groups must belong to the same VPC as the subnets.")]
    GroupsOfAnotherVpc,
    /// Subnets that share a zone.
    #[error("Subnets must belong to different Availability Zones.")]
    SubnetsOfOneZone,
    /// Fewer zones than the deployment mode needs.
    #[error("Deployment mode [{mode}] requires subnets in at least [{count}] Availability Zones.")]
    TooFewZones {
        /// The deployment mode.
        mode: &'static str,
        /// How many it needs.
        count: usize,
    },
    /// No address left.
    #[error(
        "Subnet [{0}] has no free IP address. Use a different subnet, and then retry your request."
    )]
    SubnetFull(String),

    /// The strategy needs a directory.
    #[error("Specify [ldapServerMetadata] for authentication strategy [LDAP].")]
    NoLdap,
    /// A directory without the strategy.
    #[error("[ldapServerMetadata] is only supported for authentication strategy [LDAP].")]
    LdapWithoutStrategy,
    /// One key or the other.
    #[error("[kmsKeyId] and [useAwsOwnedKey] set to [true] are mutually exclusive parameters.")]
    KeyAndOwnedKey,
    /// A storage size where none can be set.
    #[error(
        "[storageSize] is only supported for RabbitMQ 4 brokers with deployment mode [CLUSTER_MULTI_AZ] on [mq.m7g] instance types."
    )]
    StorageSizeNotSupported,
    /// A storage size outside its range.
    #[error(
        "Storage size [{size}] is invalid for broker instance type [{instance_type}]. Use a multiple of [5] from [{least}] to [{most}]."
    )]
    StorageSize {
        /// As given.
        size: i64,
        /// The instance type.
        instance_type: String,
        /// The default.
        least: u32,
        /// The highest.
        most: u32,
    },
    /// The tag's key is reserved.
    #[error("Tag key [{0}] is invalid. Keys that begin with [aws:] are reserved.")]
    ReservedTag(String),
    /// Data replication needs a primary.
    #[error("Specify [dataReplicationPrimaryBrokerArn] for data replication mode [CRDR].")]
    NoPrimary,
    /// A primary without replication.
    #[error(
        "[dataReplicationPrimaryBrokerArn] is only supported for data replication mode [CRDR]."
    )]
    PrimaryWithoutReplication,
    /// Data replication is for some engines and regions only.
    #[error("Data replication mode [CRDR] is not supported in Region [{0}]. Valid values: [NONE].")]
    ReplicationRegion(String),
    /// The broker is no replica.
    #[error("Broker [{0}] is not a data replication replica. Only replicas can be promoted.")]
    NotAReplica(String),
    /// No such share.
    #[error("Can't find requested resource share [{0}]. Make sure your resource share exists.")]
    NoSuchShare(String),

    /// The state forbids it.
    #[error(
        "Can't {verb} broker [{id}] in state [{state}]. Wait until the broker is in state [RUNNING], and then retry your request."
    )]
    State {
        /// What was asked for.
        verb: &'static str,
        /// The broker.
        id: String,
        /// Its state.
        state: &'static str,
    },
    /// An alarm forbids it.
    #[error(
        "Can't {verb} broker [{id}] while action [{code}] is required. Resolve the required action, and then retry your request."
    )]
    Alarm {
        /// What was asked for.
        verb: &'static str,
        /// The broker.
        id: String,
        /// The required action.
        code: String,
    },
    /// A page size outside its range.
    #[error("The value [{0}] of [maxResults] is invalid. Valid values: [1-100].")]
    MaxResults(i64),
    /// A page token that was not made for this list.
    #[error(
        "The value of [nextToken] is invalid. Use the value that the previous response of the same request returned."
    )]
    NextToken,
}

impl Invalid {
    /// Which refusal it is.
    pub fn kind(&self) -> InvalidKind {
        match self {
            Invalid::NoSuchUser(_)
            | Invalid::NoSuchBroker(_)
            | Invalid::NoSuchConfiguration(_)
            | Invalid::NoSuchRevision { .. }
            | Invalid::NoSuchResource(_) => InvalidKind::NotFound,
            Invalid::UserExists(_)
            | Invalid::BrokerNameInUse(_)
            | Invalid::CreatorRequestInUse(_)
            | Invalid::ConfigurationInUse => InvalidKind::Conflict,
            Invalid::Missing(_)
            | Invalid::NotOneOf { .. }
            | Invalid::NotFor { .. }
            | Invalid::Malformed { .. }
            | Invalid::TooMany { .. }
            | Invalid::Exactly { .. }
            | Invalid::NotSupported { .. }
            | Invalid::Quota { .. }
            | Invalid::EngineType { .. }
            | Invalid::NoEngine
            | Invalid::EngineVersion { .. }
            | Invalid::EngineDowngrade { .. }
            | Invalid::AutoMinorVersionUpgrade { .. }
            | Invalid::UpgradingWithoutAutoMinorVersionUpgrade { .. }
            | Invalid::InstanceDowngrade { .. }
            | Invalid::OneRabbitUser
            | Invalid::NoUser
            | Invalid::RabbitAudit
            | Invalid::ReplicationConsole
            | Invalid::PasswordCharacters
            | Invalid::PasswordNotAscii
            | Invalid::PasswordLength
            | Invalid::PasswordUnique
            | Invalid::RepeatedUser(_)
            | Invalid::RabbitUsers
            | Invalid::UnknownConfiguration(_)
            | Invalid::UnknownRevision { .. }
            | Invalid::ConfigurationEngine { .. }
            | Invalid::ConfigurationStrategy { .. }
            | Invalid::Configuration(_)
            | Invalid::NoDefaultVpc
            | Invalid::NoSuchSubnet(_)
            | Invalid::NoSuchSecurityGroup(_)
            | Invalid::SubnetsOfSeveralVpcs
            | Invalid::GroupsOfAnotherVpc
            | Invalid::SubnetsOfOneZone
            | Invalid::TooFewZones { .. }
            | Invalid::SubnetFull(_)
            | Invalid::NoLdap
            | Invalid::LdapWithoutStrategy
            | Invalid::KeyAndOwnedKey
            | Invalid::StorageSizeNotSupported
            | Invalid::StorageSize { .. }
            | Invalid::ReservedTag(_)
            | Invalid::NoPrimary
            | Invalid::PrimaryWithoutReplication
            | Invalid::ReplicationRegion(_)
            | Invalid::NotAReplica(_)
            | Invalid::NoSuchShare(_)
            | Invalid::State { .. }
            | Invalid::Alarm { .. }
            | Invalid::MaxResults(_)
            | Invalid::NextToken => InvalidKind::BadRequest,
        }
    }

    /// `errorAttribute`: the member at fault. `None` where the service names none.
    pub fn attribute(&self) -> Option<&'static str> {
        Some(match self {
            Invalid::Missing(member) => member,
            Invalid::NotOneOf { attribute, .. }
            | Invalid::NotFor { attribute, .. }
            | Invalid::Malformed { attribute, .. }
            | Invalid::TooMany { attribute, .. }
            | Invalid::Exactly { attribute, .. }
            | Invalid::NotSupported { attribute, .. }
            | Invalid::Quota { attribute, .. } => attribute,
            Invalid::EngineType { .. } | Invalid::NoEngine => "engineType",
            Invalid::EngineVersion { .. } | Invalid::EngineDowngrade { .. } => "engineVersion",
            Invalid::AutoMinorVersionUpgrade { .. }
            | Invalid::UpgradingWithoutAutoMinorVersionUpgrade { .. } => "autoMinorVersionUpgrade",
            Invalid::InstanceDowngrade { .. } => "hostInstanceType",
            Invalid::OneRabbitUser | Invalid::NoUser | Invalid::RepeatedUser(_) => "users",
            Invalid::RabbitAudit => "logs.audit",
            // AWS: the recorded refusal has no errorAttribute.
            Invalid::ReplicationConsole | Invalid::RabbitUsers | Invalid::NoDefaultVpc => {
                return None;
            }
            Invalid::PasswordCharacters
            | Invalid::PasswordNotAscii
            | Invalid::PasswordLength
            | Invalid::PasswordUnique => "password",
            Invalid::UserExists(_) | Invalid::NoSuchUser(_) => "username",
            Invalid::NoSuchBroker(_)
            | Invalid::State { .. }
            | Invalid::Alarm { .. }
            | Invalid::NotAReplica(_) => "broker-id",
            Invalid::NoSuchConfiguration(_) | Invalid::ConfigurationInUse => "configuration_id",
            Invalid::NoSuchRevision { .. } => "configuration_revision",
            Invalid::UnknownConfiguration(_)
            | Invalid::UnknownRevision { .. }
            | Invalid::ConfigurationEngine { .. }
            | Invalid::ConfigurationStrategy { .. } => "configuration",
            Invalid::NoSuchResource(_) => "resource-arn",
            Invalid::BrokerNameInUse(_) => "brokerName",
            Invalid::CreatorRequestInUse(_) => "creatorRequestId",
            Invalid::Configuration(error) => error.attribute(),
            Invalid::NoSuchSubnet(_)
            | Invalid::SubnetsOfSeveralVpcs
            | Invalid::SubnetsOfOneZone
            | Invalid::TooFewZones { .. }
            | Invalid::SubnetFull(_) => "subnetIds",
            Invalid::NoSuchSecurityGroup(_) | Invalid::GroupsOfAnotherVpc => "securityGroups",
            Invalid::NoLdap | Invalid::LdapWithoutStrategy => "ldapServerMetadata",
            Invalid::KeyAndOwnedKey => "encryptionOptions",
            Invalid::StorageSizeNotSupported | Invalid::StorageSize { .. } => "storageSize",
            Invalid::ReservedTag(_) => "tags",
            Invalid::NoPrimary | Invalid::PrimaryWithoutReplication => {
                "dataReplicationPrimaryBrokerArn"
            }
            Invalid::ReplicationRegion(_) => "dataReplicationMode",
            Invalid::NoSuchShare(_) => "resourceShareArns",
            Invalid::MaxResults(_) => "maxResults",
            Invalid::NextToken => "nextToken",
        })
    }
}

/// A text of the caller's, short enough for a message.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}
