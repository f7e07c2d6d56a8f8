//! THE operation table: one row per operation of every service. Routing, authorisation, `Permit<Op>`, audit records, the
//! permission reference, the coverage page and the tests "nobody gets in" are all derived from it.
//!
//! Sources: Amazon MQ's service model 2017-11-27, the Service Authorization Reference pages "Actions, resources, and
//! condition keys for Amazon MQ", "… for AWS Identity and Access Management (IAM)" and "… for Amazon EC2", and the developer guide's page "API
//! authentication and authorization for Amazon MQ".

use crate::refusal::Code::*;
use crate::row::AccessLevel::*;
use crate::row::Gate::*;
use crate::row::Resource::*;
use crate::row::Service::*;
use crate::row::Wire::*;
use crate::row::{Dependent, NetworkKind, Operation, Part, QueryMember, QueryShape, Row, When};
use crate::wire::{ec2, iam, mq, sts};

const MAX_RESULTS: QueryMember = QueryMember {
    name: "maxResults",
    shape: QueryShape::Integer,
};
const NEXT_TOKEN: QueryMember = text("nextToken");

const fn text(name: &'static str) -> QueryMember {
    QueryMember {
        name,
        shape: QueryShape::Text,
    }
}

const fn list(name: &'static str) -> QueryMember {
    QueryMember {
        name,
        shape: QueryShape::List,
    }
}

const NONE: &[Dependent] = &[];

const fn ec2(action: &'static str) -> Dependent {
    Dependent {
        action,
        when: When::ActiveMq,
        authorized_service: false,
    }
}

const fn ec2_permission(action: &'static str) -> Dependent {
    Dependent {
        action,
        when: When::ActiveMq,
        authorized_service: true,
    }
}

const fn ec2_groups(action: &'static str) -> Dependent {
    Dependent {
        action,
        when: When::Groups,
        authorized_service: false,
    }
}

const TAGGING: Dependent = Dependent {
    action: "mq:CreateTags",
    when: When::Tags,
    authorized_service: false,
};

/// What "IAM Permissions Required to Create an Amazon MQ Broker" demands of the caller (developer guide, "API
/// authentication and authorization for Amazon MQ"): Amazon MQ makes the network interface on the caller's behalf.
const DEPS_CREATE: &[Dependent] = &[
    ec2("ec2:DescribeVpcs"),
    ec2("ec2:DescribeSubnets"),
    ec2("ec2:DescribeSecurityGroups"),
    ec2("ec2:DescribeInternetGateways"),
    ec2("ec2:DescribeRouteTables"),
    ec2("ec2:CreateNetworkInterface"),
    ec2_permission("ec2:CreateNetworkInterfacePermission"),
    ec2("ec2:DescribeNetworkInterfaces"),
    Dependent {
        action: "iam:CreateServiceLinkedRole",
        when: When::PrivateRabbitMq,
        authorized_service: false,
    },
    TAGGING,
    Dependent {
        action: "mq:CreateReplicaBroker",
        when: When::Replica,
        authorized_service: false,
    },
];

/// Other security groups are looked up for the caller before anything is said about them. Changing the interfaces is Amazon
/// MQ's own, by the permission that it was given on them: the developer guide's policy has no action for it.
const DEPS_UPDATE: &[Dependent] = &[
    ec2_groups("ec2:DescribeSecurityGroups"),
    ec2_groups("ec2:DescribeNetworkInterfaces"),
];

const DEPS_DELETE: &[Dependent] = &[
    ec2("ec2:DetachNetworkInterface"),
    ec2_permission("ec2:DeleteNetworkInterfacePermission"),
    ec2("ec2:DeleteNetworkInterface"),
];

const DEPS_TAGS: &[Dependent] = &[TAGGING];

const DEPS_SESSION: &[Dependent] = &[Dependent {
    action: "sts:TagSession",
    when: When::Tags,
    authorized_service: false,
}];

/// Tags that something of IAM is made with ("Tags for IAM resources"): whoever may make it may not by that choose its tags,
/// which policies look at.
const fn iam_tags(action: &'static str) -> [Dependent; 1] {
    [Dependent {
        action,
        when: When::Tags,
        authorized_service: false,
    }]
}

const DEPS_TAG_USER: &[Dependent] = &iam_tags("iam:TagUser");
const DEPS_TAG_ROLE: &[Dependent] = &iam_tags("iam:TagRole");
const DEPS_TAG_POLICY: &[Dependent] = &iam_tags("iam:TagPolicy");
const DEPS_TAG_PROFILE: &[Dependent] = &iam_tags("iam:TagInstanceProfile");
const DEPS_TAG_OIDC: &[Dependent] = &iam_tags("iam:TagOpenIDConnectProvider");
const DEPS_TAG_SAML: &[Dependent] = &iam_tags("iam:TagSAMLProvider");

/// A role in an instance profile is one that Amazon EC2 may take ("Grant a user permissions to pass a role to an AWS service").
const DEPS_PASS_ROLE: &[Dependent] = &[Dependent {
    action: "iam:PassRole",
    when: When::PassesRole,
    authorized_service: false,
}];

/// Tags that something of EC2 is made with ("Grant permission to tag Amazon EC2 resources during creation").
const DEPS_EC2_TAGS: &[Dependent] = &[Dependent {
    action: "ec2:CreateTags",
    when: When::Tags,
    authorized_service: false,
}];

macro_rules! operations {
    ($(
        $(#[doc = $doc:literal])+
        $id:ident {
            name: $name:literal, service: $service:ident,
            wire: $wire:expr,
            action: $action:literal, gate: $gate:ident, access: $access:ident, resource: $resource:expr, dependent: $dependent:ident,
            condition_keys: [$($key:literal),*],
            errors: [$($error:ident),*], redactions: [$($redaction:literal),*],
            input: $input:ty, output: $output:ty,
        }
    )+) => {
        /// Every operation of every service. Names that two services share carry the service's name in front.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum OperationId {
            $( $(#[doc = $doc])+ $id, )+
        }

        impl OperationId {
            /// The row of this operation.
            pub fn row(self) -> &'static Row {
                match self { $( OperationId::$id => $id::ROW, )+ }
            }
        }

        $(
            $(#[doc = $doc])+
            #[derive(Debug)]
            pub enum $id {}

            impl Operation for $id {
                const ROW: &'static Row = &Row {
                    id: OperationId::$id,
                    name: $name,
                    service: $service,
                    wire: $wire,
                    action: $action,
                    gate: $gate,
                    access: $access,
                    resource: $resource,
                    dependent: $dependent,
                    condition_keys: &[$($key),*],
                    errors: &[$($error),*],
                    redactions: &[$($redaction),*],
                    doc: concat!($($doc),+),
                };
                type Input = $input;
                type Output = $output;
            }
        )+

        /// The table.
        pub static ROWS: &[&Row] = &[$( $id::ROW ),+];

        /// Calls another macro with the names of all operations, for what must be written once for each type.
        #[macro_export]
        macro_rules! for_every_operation {
            ($callback:ident) => { $callback! { $($id)+ } };
        }
    };
}

operations! {
    /// Creates a broker. The answer comes at once; the broker is `CREATION_IN_PROGRESS` until every endpoint answers.
    CreateBroker {
        name: "CreateBroker", service: Mq,
        wire: Rest { method: "POST", path: "/v1/brokers", status: 200, query: &[] },
        action: "mq:CreateBroker", gate: Policies, access: Write, resource: Any, dependent: DEPS_CREATE,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [BadRequestException, UnauthorizedException, ForbiddenException, ConflictException, InternalServerErrorException], redactions: ["password", "serviceAccountPassword"],
        input: mq::CreateBrokerRequest, output: mq::CreateBrokerResponse,
    }
    /// Lists the account's brokers in the region.
    ListBrokers {
        name: "ListBrokers", service: Mq,
        wire: Rest { method: "GET", path: "/v1/brokers", status: 200, query: &[MAX_RESULTS, NEXT_TOKEN] },
        action: "mq:ListBrokers", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [BadRequestException, ForbiddenException, InternalServerErrorException], redactions: [],
        input: mq::ListBrokersRequest, output: mq::ListBrokersResponse,
    }
    /// Describes one broker.
    DescribeBroker {
        name: "DescribeBroker", service: Mq,
        wire: Rest { method: "GET", path: "/v1/brokers/{broker-id}", status: 200, query: &[] },
        action: "mq:DescribeBroker", gate: Policies, access: Read, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DescribeBrokerRequest, output: mq::DescribeBrokerResponse,
    }
    /// Sets changes of a broker; most of them wait for its next reboot.
    UpdateBroker {
        name: "UpdateBroker", service: Mq,
        wire: Rest { method: "PUT", path: "/v1/brokers/{broker-id}", status: 200, query: &[] },
        action: "mq:UpdateBroker", gate: Policies, access: Write, resource: Broker("broker-id"), dependent: DEPS_UPDATE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, ConflictException, InternalServerErrorException], redactions: ["serviceAccountPassword"],
        input: mq::UpdateBrokerRequest, output: mq::UpdateBrokerResponse,
    }
    /// Deletes a broker, its data and its network interfaces.
    DeleteBroker {
        name: "DeleteBroker", service: Mq,
        wire: Rest { method: "DELETE", path: "/v1/brokers/{broker-id}", status: 200, query: &[] },
        action: "mq:DeleteBroker", gate: Policies, access: Write, resource: Broker("broker-id"), dependent: DEPS_DELETE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DeleteBrokerRequest, output: mq::DeleteBrokerResponse,
    }
    /// Reboots a broker and applies what is pending.
    RebootBroker {
        name: "RebootBroker", service: Mq,
        wire: Rest { method: "POST", path: "/v1/brokers/{broker-id}/reboot", status: 200, query: &[] },
        action: "mq:RebootBroker", gate: Policies, access: Write, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::RebootBrokerRequest, output: mq::Empty,
    }
    /// Promotes a data replication replica to primary.
    Promote {
        name: "Promote", service: Mq,
        wire: Rest { method: "POST", path: "/v1/brokers/{broker-id}/promote", status: 200, query: &[] },
        action: "mq:Promote", gate: Policies, access: Write, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::PromoteRequest, output: mq::PromoteResponse,
    }
    /// Lists the shared resources a broker can reach.
    DescribeSharedResources {
        name: "DescribeSharedResources", service: Mq,
        wire: Rest { method: "GET", path: "/v1/brokers/{broker-id}/shared-resources", status: 200, query: &[MAX_RESULTS, NEXT_TOKEN] },
        action: "mq:DescribeSharedResources", gate: Policies, access: Read, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DescribeSharedResourcesRequest, output: mq::DescribeSharedResourcesResponse,
    }
    /// Adds an ActiveMQ user at the next reboot.
    CreateUser {
        name: "CreateUser", service: Mq,
        wire: Rest { method: "POST", path: "/v1/brokers/{broker-id}/users/{username}", status: 200, query: &[] },
        action: "mq:CreateUser", gate: Policies, access: Write, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, ConflictException, InternalServerErrorException], redactions: ["password"],
        input: mq::CreateUserRequest, output: mq::Empty,
    }
    /// Lists a broker's ActiveMQ users.
    ListUsers {
        name: "ListUsers", service: Mq,
        wire: Rest { method: "GET", path: "/v1/brokers/{broker-id}/users", status: 200, query: &[MAX_RESULTS, NEXT_TOKEN] },
        action: "mq:ListUsers", gate: Policies, access: List, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::ListUsersRequest, output: mq::ListUsersResponse,
    }
    /// Describes an ActiveMQ user and what is pending for it.
    DescribeUser {
        name: "DescribeUser", service: Mq,
        wire: Rest { method: "GET", path: "/v1/brokers/{broker-id}/users/{username}", status: 200, query: &[] },
        action: "mq:DescribeUser", gate: Policies, access: Read, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DescribeUserRequest, output: mq::DescribeUserResponse,
    }
    /// Changes an ActiveMQ user at the next reboot.
    UpdateUser {
        name: "UpdateUser", service: Mq,
        wire: Rest { method: "PUT", path: "/v1/brokers/{broker-id}/users/{username}", status: 200, query: &[] },
        action: "mq:UpdateUser", gate: Policies, access: Write, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, ConflictException, InternalServerErrorException], redactions: ["password"],
        input: mq::UpdateUserRequest, output: mq::Empty,
    }
    /// Removes an ActiveMQ user at the next reboot.
    DeleteUser {
        name: "DeleteUser", service: Mq,
        wire: Rest { method: "DELETE", path: "/v1/brokers/{broker-id}/users/{username}", status: 200, query: &[] },
        action: "mq:DeleteUser", gate: Policies, access: Write, resource: Broker("broker-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DeleteUserRequest, output: mq::Empty,
    }
    /// Creates a configuration with the engine's default content.
    CreateConfiguration {
        name: "CreateConfiguration", service: Mq,
        wire: Rest { method: "POST", path: "/v1/configurations", status: 200, query: &[] },
        action: "mq:CreateConfiguration", gate: Policies, access: Write, resource: Any, dependent: DEPS_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [BadRequestException, ForbiddenException, ConflictException, InternalServerErrorException], redactions: [],
        input: mq::CreateConfigurationRequest, output: mq::CreateConfigurationResponse,
    }
    /// Lists the account's configurations in the region.
    ListConfigurations {
        name: "ListConfigurations", service: Mq,
        wire: Rest { method: "GET", path: "/v1/configurations", status: 200, query: &[MAX_RESULTS, NEXT_TOKEN] },
        action: "mq:ListConfigurations", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [BadRequestException, ForbiddenException, InternalServerErrorException], redactions: [],
        input: mq::ListConfigurationsRequest, output: mq::ListConfigurationsResponse,
    }
    /// Describes a configuration.
    DescribeConfiguration {
        name: "DescribeConfiguration", service: Mq,
        wire: Rest { method: "GET", path: "/v1/configurations/{configuration-id}", status: 200, query: &[] },
        action: "mq:DescribeConfiguration", gate: Policies, access: Read, resource: Configuration("configuration-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DescribeConfigurationRequest, output: mq::DescribeConfigurationResponse,
    }
    /// Adds a revision to a configuration.
    UpdateConfiguration {
        name: "UpdateConfiguration", service: Mq,
        wire: Rest { method: "PUT", path: "/v1/configurations/{configuration-id}", status: 200, query: &[] },
        action: "mq:UpdateConfiguration", gate: Policies, access: Write, resource: Configuration("configuration-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, ConflictException, InternalServerErrorException], redactions: ["data"],
        input: mq::UpdateConfigurationRequest, output: mq::UpdateConfigurationResponse,
    }
    /// Deletes a configuration that no broker uses.
    DeleteConfiguration {
        name: "DeleteConfiguration", service: Mq,
        wire: Rest { method: "DELETE", path: "/v1/configurations/{configuration-id}", status: 200, query: &[] },
        action: "mq:DeleteConfiguration", gate: Policies, access: Write, resource: Configuration("configuration-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, ConflictException, InternalServerErrorException], redactions: [],
        input: mq::DeleteConfigurationRequest, output: mq::DeleteConfigurationResponse,
    }
    /// Lists a configuration's revisions.
    ListConfigurationRevisions {
        name: "ListConfigurationRevisions", service: Mq,
        wire: Rest { method: "GET", path: "/v1/configurations/{configuration-id}/revisions", status: 200, query: &[MAX_RESULTS, NEXT_TOKEN] },
        action: "mq:ListConfigurationRevisions", gate: Policies, access: List, resource: Configuration("configuration-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::ListConfigurationRevisionsRequest, output: mq::ListConfigurationRevisionsResponse,
    }
    /// Returns the content of one revision.
    DescribeConfigurationRevision {
        name: "DescribeConfigurationRevision", service: Mq,
        wire: Rest { method: "GET", path: "/v1/configurations/{configuration-id}/revisions/{configuration-revision}", status: 200, query: &[] },
        action: "mq:DescribeConfigurationRevision", gate: Policies, access: Read, resource: Configuration("configuration-id"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DescribeConfigurationRevisionRequest, output: mq::DescribeConfigurationRevisionResponse,
    }
    /// Adds tags to a broker or configuration, or changes them.
    CreateTags {
        name: "CreateTags", service: Mq,
        wire: Rest { method: "POST", path: "/v1/tags/{resource-arn}", status: 204, query: &[] },
        action: "mq:CreateTags", gate: Policies, access: Tagging, resource: Tagged("resource-arn"), dependent: NONE,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::CreateTagsRequest, output: mq::Empty,
    }
    /// Lists the tags of a broker or configuration.
    ListTags {
        name: "ListTags", service: Mq,
        wire: Rest { method: "GET", path: "/v1/tags/{resource-arn}", status: 200, query: &[] },
        action: "mq:ListTags", gate: Policies, access: List, resource: Tagged("resource-arn"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::ListTagsRequest, output: mq::ListTagsResponse,
    }
    /// Removes tags from a broker or configuration.
    DeleteTags {
        name: "DeleteTags", service: Mq,
        wire: Rest { method: "DELETE", path: "/v1/tags/{resource-arn}", status: 204, query: &[list("tagKeys")] },
        action: "mq:DeleteTags", gate: Policies, access: Tagging, resource: Tagged("resource-arn"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [BadRequestException, ForbiddenException, NotFoundException, InternalServerErrorException], redactions: [],
        input: mq::DeleteTagsRequest, output: mq::Empty,
    }
    /// Lists the engines and versions that brokers can be created with.
    DescribeBrokerEngineTypes {
        name: "DescribeBrokerEngineTypes", service: Mq,
        wire: Rest { method: "GET", path: "/v1/broker-engine-types", status: 200, query: &[text("engineType"), MAX_RESULTS, NEXT_TOKEN] },
        action: "mq:DescribeBrokerEngineTypes", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [BadRequestException, ForbiddenException, InternalServerErrorException], redactions: [],
        input: mq::DescribeBrokerEngineTypesRequest, output: mq::DescribeBrokerEngineTypesResponse,
    }
    /// Lists the instance types, storage types and deployment modes that brokers can be created with.
    DescribeBrokerInstanceOptions {
        name: "DescribeBrokerInstanceOptions", service: Mq,
        wire: Rest { method: "GET", path: "/v1/broker-instance-options", status: 200, query: &[text("engineType"), text("hostInstanceType"), text("storageType"), MAX_RESULTS, NEXT_TOKEN] },
        action: "mq:DescribeBrokerInstanceOptions", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [BadRequestException, ForbiddenException, InternalServerErrorException], redactions: [],
        input: mq::DescribeBrokerInstanceOptionsRequest, output: mq::DescribeBrokerInstanceOptionsResponse,
    }
    /// Creates an IAM user.
    IamCreateUser {
        name: "CreateUser", service: Iam,
        wire: Query,
        action: "iam:CreateUser", gate: Policies, access: Write, resource: NewUser, dependent: DEPS_TAG_USER,
        condition_keys: ["iam:PermissionsBoundary", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [EntityAlreadyExists, InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::CreateUserRequest, output: iam::CreateUserResponse,
    }
    /// Describes an IAM user, by default the caller.
    GetUser {
        name: "GetUser", service: Iam,
        wire: Query,
        action: "iam:GetUser", gate: Policies, access: Read, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetUserRequest, output: iam::GetUserResponse,
    }
    /// Deletes an IAM user that nothing hangs on.
    IamDeleteUser {
        name: "DeleteUser", service: Iam,
        wire: Query,
        action: "iam:DeleteUser", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [DeleteConflict, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteUserRequest, output: iam::Nothing,
    }
    /// Lists the account's IAM users.
    IamListUsers {
        name: "ListUsers", service: Iam,
        wire: Query,
        action: "iam:ListUsers", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListUsersRequest, output: iam::ListUsersResponse,
    }
    /// Creates an access key of a user; its secret is shown once.
    CreateAccessKey {
        name: "CreateAccessKey", service: Iam,
        wire: Query,
        action: "iam:CreateAccessKey", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, NoSuchEntity], redactions: ["SecretAccessKey"],
        input: iam::CreateAccessKeyRequest, output: iam::CreateAccessKeyResponse,
    }
    /// Deletes an access key.
    DeleteAccessKey {
        name: "DeleteAccessKey", service: Iam,
        wire: Query,
        action: "iam:DeleteAccessKey", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteAccessKeyRequest, output: iam::Nothing,
    }
    /// Lists a user's access keys.
    ListAccessKeys {
        name: "ListAccessKeys", service: Iam,
        wire: Query,
        action: "iam:ListAccessKeys", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListAccessKeysRequest, output: iam::ListAccessKeysResponse,
    }
    /// Activates or deactivates an access key.
    UpdateAccessKey {
        name: "UpdateAccessKey", service: Iam,
        wire: Query,
        action: "iam:UpdateAccessKey", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::UpdateAccessKeyRequest, output: iam::Nothing,
    }
    /// Writes an inline policy of a user.
    PutUserPolicy {
        name: "PutUserPolicy", service: Iam,
        wire: Query,
        action: "iam:PutUserPolicy", gate: Policies, access: PermissionsManagement, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, MalformedPolicyDocument, NoSuchEntity], redactions: [],
        input: iam::PutUserPolicyRequest, output: iam::Nothing,
    }
    /// Returns an inline policy of a user.
    GetUserPolicy {
        name: "GetUserPolicy", service: Iam,
        wire: Query,
        action: "iam:GetUserPolicy", gate: Policies, access: Read, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetUserPolicyRequest, output: iam::GetUserPolicyResponse,
    }
    /// Deletes an inline policy of a user.
    DeleteUserPolicy {
        name: "DeleteUserPolicy", service: Iam,
        wire: Query,
        action: "iam:DeleteUserPolicy", gate: Policies, access: PermissionsManagement, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteUserPolicyRequest, output: iam::Nothing,
    }
    /// Lists a user's inline policies.
    ListUserPolicies {
        name: "ListUserPolicies", service: Iam,
        wire: Query,
        action: "iam:ListUserPolicies", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListUserPoliciesRequest, output: iam::ListUserPoliciesResponse,
    }
    /// Creates a customer managed policy.
    CreatePolicy {
        name: "CreatePolicy", service: Iam,
        wire: Query,
        action: "iam:CreatePolicy", gate: Policies, access: PermissionsManagement, resource: NewPolicy, dependent: DEPS_TAG_POLICY,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [EntityAlreadyExists, InvalidInput, LimitExceeded, MalformedPolicyDocument], redactions: [],
        input: iam::CreatePolicyRequest, output: iam::CreatePolicyResponse,
    }
    /// Describes a managed policy.
    GetPolicy {
        name: "GetPolicy", service: Iam,
        wire: Query,
        action: "iam:GetPolicy", gate: Policies, access: Read, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::GetPolicyRequest, output: iam::GetPolicyResponse,
    }
    /// Attaches a managed policy to a user.
    AttachUserPolicy {
        name: "AttachUserPolicy", service: Iam,
        wire: Query,
        action: "iam:AttachUserPolicy", gate: Policies, access: PermissionsManagement, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:PolicyARN", "iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity, PolicyNotAttachable], redactions: [],
        input: iam::AttachUserPolicyRequest, output: iam::Nothing,
    }
    /// Detaches a managed policy from a user.
    DetachUserPolicy {
        name: "DetachUserPolicy", service: Iam,
        wire: Query,
        action: "iam:DetachUserPolicy", gate: Policies, access: PermissionsManagement, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:PolicyARN", "iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DetachUserPolicyRequest, output: iam::Nothing,
    }
    /// Lists the managed policies attached to a user.
    ListAttachedUserPolicies {
        name: "ListAttachedUserPolicies", service: Iam,
        wire: Query,
        action: "iam:ListAttachedUserPolicies", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListAttachedUserPoliciesRequest, output: iam::ListAttachedUserPoliciesResponse,
    }
    /// Creates an IAM group.
    CreateGroup {
        name: "CreateGroup", service: Iam,
        wire: Query,
        action: "iam:CreateGroup", gate: Policies, access: Write, resource: NewGroup, dependent: NONE,
        condition_keys: [],
        errors: [EntityAlreadyExists, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::CreateGroupRequest, output: iam::CreateGroupResponse,
    }
    /// Describes an IAM group and lists its users.
    GetGroup {
        name: "GetGroup", service: Iam,
        wire: Query,
        action: "iam:GetGroup", gate: Policies, access: Read, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetGroupRequest, output: iam::GetGroupResponse,
    }
    /// Lists the account's IAM groups.
    ListGroups {
        name: "ListGroups", service: Iam,
        wire: Query,
        action: "iam:ListGroups", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListGroupsRequest, output: iam::ListGroupsResponse,
    }
    /// Renames an IAM group or moves it to another path.
    UpdateGroup {
        name: "UpdateGroup", service: Iam,
        wire: Query,
        action: "iam:UpdateGroup", gate: Policies, access: Write, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [EntityAlreadyExists, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::UpdateGroupRequest, output: iam::Nothing,
    }
    /// Deletes an IAM group that nothing hangs on.
    DeleteGroup {
        name: "DeleteGroup", service: Iam,
        wire: Query,
        action: "iam:DeleteGroup", gate: Policies, access: Write, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [DeleteConflict, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteGroupRequest, output: iam::Nothing,
    }
    /// Puts a user into a group.
    AddUserToGroup {
        name: "AddUserToGroup", service: Iam,
        wire: Query,
        action: "iam:AddUserToGroup", gate: Policies, access: Write, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::AddUserToGroupRequest, output: iam::Nothing,
    }
    /// Takes a user out of a group.
    RemoveUserFromGroup {
        name: "RemoveUserFromGroup", service: Iam,
        wire: Query,
        action: "iam:RemoveUserFromGroup", gate: Policies, access: Write, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::RemoveUserFromGroupRequest, output: iam::Nothing,
    }
    /// Lists the groups of a user.
    ListGroupsForUser {
        name: "ListGroupsForUser", service: Iam,
        wire: Query,
        action: "iam:ListGroupsForUser", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListGroupsForUserRequest, output: iam::ListGroupsForUserResponse,
    }
    /// Writes an inline policy of a group.
    PutGroupPolicy {
        name: "PutGroupPolicy", service: Iam,
        wire: Query,
        action: "iam:PutGroupPolicy", gate: Policies, access: PermissionsManagement, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded, MalformedPolicyDocument, NoSuchEntity], redactions: [],
        input: iam::PutGroupPolicyRequest, output: iam::Nothing,
    }
    /// Returns an inline policy of a group.
    GetGroupPolicy {
        name: "GetGroupPolicy", service: Iam,
        wire: Query,
        action: "iam:GetGroupPolicy", gate: Policies, access: Read, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetGroupPolicyRequest, output: iam::GetGroupPolicyResponse,
    }
    /// Deletes an inline policy of a group.
    DeleteGroupPolicy {
        name: "DeleteGroupPolicy", service: Iam,
        wire: Query,
        action: "iam:DeleteGroupPolicy", gate: Policies, access: PermissionsManagement, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteGroupPolicyRequest, output: iam::Nothing,
    }
    /// Lists a group's inline policies.
    ListGroupPolicies {
        name: "ListGroupPolicies", service: Iam,
        wire: Query,
        action: "iam:ListGroupPolicies", gate: Policies, access: List, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListGroupPoliciesRequest, output: iam::ListGroupPoliciesResponse,
    }
    /// Attaches a managed policy to a group.
    AttachGroupPolicy {
        name: "AttachGroupPolicy", service: Iam,
        wire: Query,
        action: "iam:AttachGroupPolicy", gate: Policies, access: PermissionsManagement, resource: Group("GroupName"), dependent: NONE,
        condition_keys: ["iam:PolicyARN"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity, PolicyNotAttachable], redactions: [],
        input: iam::AttachGroupPolicyRequest, output: iam::Nothing,
    }
    /// Detaches a managed policy from a group.
    DetachGroupPolicy {
        name: "DetachGroupPolicy", service: Iam,
        wire: Query,
        action: "iam:DetachGroupPolicy", gate: Policies, access: PermissionsManagement, resource: Group("GroupName"), dependent: NONE,
        condition_keys: ["iam:PolicyARN"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DetachGroupPolicyRequest, output: iam::Nothing,
    }
    /// Lists the managed policies attached to a group.
    ListAttachedGroupPolicies {
        name: "ListAttachedGroupPolicies", service: Iam,
        wire: Query,
        action: "iam:ListAttachedGroupPolicies", gate: Policies, access: List, resource: Group("GroupName"), dependent: NONE,
        condition_keys: [],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListAttachedGroupPoliciesRequest, output: iam::ListAttachedGroupPoliciesResponse,
    }
    /// Renames an IAM user or moves it to another path.
    IamUpdateUser {
        name: "UpdateUser", service: Iam,
        wire: Query,
        action: "iam:UpdateUser", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [EntityAlreadyExists, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::UpdateUserRequest, output: iam::Nothing,
    }
    /// Adds tags to a user, or changes them.
    TagUser {
        name: "TagUser", service: Iam,
        wire: Query,
        action: "iam:TagUser", gate: Policies, access: Tagging, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::TagUserRequest, output: iam::Nothing,
    }
    /// Removes tags from a user.
    UntagUser {
        name: "UntagUser", service: Iam,
        wire: Query,
        action: "iam:UntagUser", gate: Policies, access: Tagging, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::UntagUserRequest, output: iam::Nothing,
    }
    /// Lists the tags of a user.
    ListUserTags {
        name: "ListUserTags", service: Iam,
        wire: Query,
        action: "iam:ListUserTags", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListUserTagsRequest, output: iam::ListUserTagsResponse,
    }
    /// Sets the permissions boundary of a user.
    PutUserPermissionsBoundary {
        name: "PutUserPermissionsBoundary", service: Iam,
        wire: Query,
        action: "iam:PutUserPermissionsBoundary", gate: Policies, access: PermissionsManagement, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity, PolicyNotAttachable], redactions: [],
        input: iam::PutUserPermissionsBoundaryRequest, output: iam::Nothing,
    }
    /// Removes the permissions boundary of a user.
    DeleteUserPermissionsBoundary {
        name: "DeleteUserPermissionsBoundary", service: Iam,
        wire: Query,
        action: "iam:DeleteUserPermissionsBoundary", gate: Policies, access: PermissionsManagement, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::DeleteUserPermissionsBoundaryRequest, output: iam::Nothing,
    }
    /// Adds a version to a customer managed policy.
    CreatePolicyVersion {
        name: "CreatePolicyVersion", service: Iam,
        wire: Query,
        action: "iam:CreatePolicyVersion", gate: Policies, access: PermissionsManagement, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, MalformedPolicyDocument, NoSuchEntity], redactions: [],
        input: iam::CreatePolicyVersionRequest, output: iam::CreatePolicyVersionResponse,
    }
    /// Returns one version of a managed policy.
    GetPolicyVersion {
        name: "GetPolicyVersion", service: Iam,
        wire: Query,
        action: "iam:GetPolicyVersion", gate: Policies, access: Read, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::GetPolicyVersionRequest, output: iam::GetPolicyVersionResponse,
    }
    /// Lists the versions of a managed policy.
    ListPolicyVersions {
        name: "ListPolicyVersions", service: Iam,
        wire: Query,
        action: "iam:ListPolicyVersions", gate: Policies, access: List, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListPolicyVersionsRequest, output: iam::ListPolicyVersionsResponse,
    }
    /// Deletes a version that is not the default.
    DeletePolicyVersion {
        name: "DeletePolicyVersion", service: Iam,
        wire: Query,
        action: "iam:DeletePolicyVersion", gate: Policies, access: PermissionsManagement, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [DeleteConflict, InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeletePolicyVersionRequest, output: iam::Nothing,
    }
    /// Makes a version of a customer managed policy the one in force.
    SetDefaultPolicyVersion {
        name: "SetDefaultPolicyVersion", service: Iam,
        wire: Query,
        action: "iam:SetDefaultPolicyVersion", gate: Policies, access: PermissionsManagement, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::SetDefaultPolicyVersionRequest, output: iam::Nothing,
    }
    /// Deletes a customer managed policy that is attached to nothing.
    DeletePolicy {
        name: "DeletePolicy", service: Iam,
        wire: Query,
        action: "iam:DeletePolicy", gate: Policies, access: PermissionsManagement, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [DeleteConflict, InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeletePolicyRequest, output: iam::Nothing,
    }
    /// Lists managed policies, the customer's and AWS's.
    ListPolicies {
        name: "ListPolicies", service: Iam,
        wire: Query,
        action: "iam:ListPolicies", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListPoliciesRequest, output: iam::ListPoliciesResponse,
    }
    /// Lists whom a managed policy is attached to.
    ListEntitiesForPolicy {
        name: "ListEntitiesForPolicy", service: Iam,
        wire: Query,
        action: "iam:ListEntitiesForPolicy", gate: Policies, access: List, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListEntitiesForPolicyRequest, output: iam::ListEntitiesForPolicyResponse,
    }
    /// Adds tags to a customer managed policy, or changes them.
    TagPolicy {
        name: "TagPolicy", service: Iam,
        wire: Query,
        action: "iam:TagPolicy", gate: Policies, access: Tagging, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::TagPolicyRequest, output: iam::Nothing,
    }
    /// Removes tags from a customer managed policy.
    UntagPolicy {
        name: "UntagPolicy", service: Iam,
        wire: Query,
        action: "iam:UntagPolicy", gate: Policies, access: Tagging, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::UntagPolicyRequest, output: iam::Nothing,
    }
    /// Lists the tags of a customer managed policy.
    ListPolicyTags {
        name: "ListPolicyTags", service: Iam,
        wire: Query,
        action: "iam:ListPolicyTags", gate: Policies, access: List, resource: Policy("PolicyArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListPolicyTagsRequest, output: iam::ListPolicyTagsResponse,
    }
    /// Tells when and for which service an access key was used last.
    GetAccessKeyLastUsed {
        name: "GetAccessKeyLastUsed", service: Iam,
        wire: Query,
        action: "iam:GetAccessKeyLastUsed", gate: Policies, access: Read, resource: KeyOwner("AccessKeyId"), dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::GetAccessKeyLastUsedRequest, output: iam::GetAccessKeyLastUsedResponse,
    }
    /// Creates an IAM role.
    CreateRole {
        name: "CreateRole", service: Iam,
        wire: Query,
        action: "iam:CreateRole", gate: Policies, access: Write, resource: NewRole, dependent: DEPS_TAG_ROLE,
        condition_keys: ["iam:PermissionsBoundary", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [EntityAlreadyExists, InvalidInput, LimitExceeded, MalformedPolicyDocument], redactions: [],
        input: iam::CreateRoleRequest, output: iam::CreateRoleResponse,
    }
    /// Describes an IAM role.
    GetRole {
        name: "GetRole", service: Iam,
        wire: Query,
        action: "iam:GetRole", gate: Policies, access: Read, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetRoleRequest, output: iam::GetRoleResponse,
    }
    /// Lists the account's IAM roles.
    ListRoles {
        name: "ListRoles", service: Iam,
        wire: Query,
        action: "iam:ListRoles", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListRolesRequest, output: iam::ListRolesResponse,
    }
    /// Changes a role's description or the longest session it gives.
    UpdateRole {
        name: "UpdateRole", service: Iam,
        wire: Query,
        action: "iam:UpdateRole", gate: Policies, access: Write, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::UpdateRoleRequest, output: iam::UpdateRoleResponse,
    }
    /// Changes a role's description.
    UpdateRoleDescription {
        name: "UpdateRoleDescription", service: Iam,
        wire: Query,
        action: "iam:UpdateRoleDescription", gate: Policies, access: Write, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::UpdateRoleDescriptionRequest, output: iam::UpdateRoleDescriptionResponse,
    }
    /// Deletes an IAM role that nothing hangs on.
    DeleteRole {
        name: "DeleteRole", service: Iam,
        wire: Query,
        action: "iam:DeleteRole", gate: Policies, access: Write, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [DeleteConflict, LimitExceeded, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::DeleteRoleRequest, output: iam::Nothing,
    }
    /// Changes who may assume a role.
    UpdateAssumeRolePolicy {
        name: "UpdateAssumeRolePolicy", service: Iam,
        wire: Query,
        action: "iam:UpdateAssumeRolePolicy", gate: Policies, access: PermissionsManagement, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, MalformedPolicyDocument, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::UpdateAssumeRolePolicyRequest, output: iam::Nothing,
    }
    /// Writes an inline policy of a role.
    PutRolePolicy {
        name: "PutRolePolicy", service: Iam,
        wire: Query,
        action: "iam:PutRolePolicy", gate: Policies, access: PermissionsManagement, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, MalformedPolicyDocument, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::PutRolePolicyRequest, output: iam::Nothing,
    }
    /// Returns an inline policy of a role.
    GetRolePolicy {
        name: "GetRolePolicy", service: Iam,
        wire: Query,
        action: "iam:GetRolePolicy", gate: Policies, access: Read, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetRolePolicyRequest, output: iam::GetRolePolicyResponse,
    }
    /// Deletes an inline policy of a role.
    DeleteRolePolicy {
        name: "DeleteRolePolicy", service: Iam,
        wire: Query,
        action: "iam:DeleteRolePolicy", gate: Policies, access: PermissionsManagement, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::DeleteRolePolicyRequest, output: iam::Nothing,
    }
    /// Lists a role's inline policies.
    ListRolePolicies {
        name: "ListRolePolicies", service: Iam,
        wire: Query,
        action: "iam:ListRolePolicies", gate: Policies, access: List, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListRolePoliciesRequest, output: iam::ListRolePoliciesResponse,
    }
    /// Attaches a managed policy to a role.
    AttachRolePolicy {
        name: "AttachRolePolicy", service: Iam,
        wire: Query,
        action: "iam:AttachRolePolicy", gate: Policies, access: PermissionsManagement, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:PolicyARN", "iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity, PolicyNotAttachable, UnmodifiableEntity], redactions: [],
        input: iam::AttachRolePolicyRequest, output: iam::Nothing,
    }
    /// Detaches a managed policy from a role.
    DetachRolePolicy {
        name: "DetachRolePolicy", service: Iam,
        wire: Query,
        action: "iam:DetachRolePolicy", gate: Policies, access: PermissionsManagement, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:PolicyARN", "iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::DetachRolePolicyRequest, output: iam::Nothing,
    }
    /// Lists the managed policies attached to a role.
    ListAttachedRolePolicies {
        name: "ListAttachedRolePolicies", service: Iam,
        wire: Query,
        action: "iam:ListAttachedRolePolicies", gate: Policies, access: List, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListAttachedRolePoliciesRequest, output: iam::ListAttachedRolePoliciesResponse,
    }
    /// Sets the permissions boundary of a role.
    PutRolePermissionsBoundary {
        name: "PutRolePermissionsBoundary", service: Iam,
        wire: Query,
        action: "iam:PutRolePermissionsBoundary", gate: Policies, access: PermissionsManagement, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity, PolicyNotAttachable, UnmodifiableEntity], redactions: [],
        input: iam::PutRolePermissionsBoundaryRequest, output: iam::Nothing,
    }
    /// Removes the permissions boundary of a role.
    DeleteRolePermissionsBoundary {
        name: "DeleteRolePermissionsBoundary", service: Iam,
        wire: Query,
        action: "iam:DeleteRolePermissionsBoundary", gate: Policies, access: PermissionsManagement, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:PermissionsBoundary", "iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::DeleteRolePermissionsBoundaryRequest, output: iam::Nothing,
    }
    /// Adds tags to a role, or changes them.
    TagRole {
        name: "TagRole", service: Iam,
        wire: Query,
        action: "iam:TagRole", gate: Policies, access: Tagging, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::TagRoleRequest, output: iam::Nothing,
    }
    /// Removes tags from a role.
    UntagRole {
        name: "UntagRole", service: Iam,
        wire: Query,
        action: "iam:UntagRole", gate: Policies, access: Tagging, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::UntagRoleRequest, output: iam::Nothing,
    }
    /// Lists the tags of a role.
    ListRoleTags {
        name: "ListRoleTags", service: Iam,
        wire: Query,
        action: "iam:ListRoleTags", gate: Policies, access: List, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListRoleTagsRequest, output: iam::ListRoleTagsResponse,
    }
    /// Creates the role by which a service acts in the account.
    CreateServiceLinkedRole {
        name: "CreateServiceLinkedRole", service: Iam,
        wire: Query,
        action: "iam:CreateServiceLinkedRole", gate: Policies, access: Write, resource: NewServiceLinkedRole("AWSServiceName"), dependent: NONE,
        condition_keys: ["iam:AWSServiceName"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::CreateServiceLinkedRoleRequest, output: iam::CreateServiceLinkedRoleResponse,
    }
    /// Deletes a service-linked role by a task.
    DeleteServiceLinkedRole {
        name: "DeleteServiceLinkedRole", service: Iam,
        wire: Query,
        action: "iam:DeleteServiceLinkedRole", gate: Policies, access: Write, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteServiceLinkedRoleRequest, output: iam::DeleteServiceLinkedRoleResponse,
    }
    /// Tells how far the deletion of a service-linked role has come.
    GetServiceLinkedRoleDeletionStatus {
        name: "GetServiceLinkedRoleDeletionStatus", service: Iam,
        wire: Query,
        action: "iam:GetServiceLinkedRoleDeletionStatus", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::GetServiceLinkedRoleDeletionStatusRequest, output: iam::GetServiceLinkedRoleDeletionStatusResponse,
    }
    /// Lists the instance profiles with a role.
    ListInstanceProfilesForRole {
        name: "ListInstanceProfilesForRole", service: Iam,
        wire: Query,
        action: "iam:ListInstanceProfilesForRole", gate: Policies, access: List, resource: Role("RoleName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListInstanceProfilesForRoleRequest, output: iam::ListInstanceProfilesForRoleResponse,
    }
    /// Creates an instance profile.
    CreateInstanceProfile {
        name: "CreateInstanceProfile", service: Iam,
        wire: Query,
        action: "iam:CreateInstanceProfile", gate: Policies, access: Write, resource: NewInstanceProfile, dependent: DEPS_TAG_PROFILE,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [EntityAlreadyExists, InvalidInput, LimitExceeded], redactions: [],
        input: iam::CreateInstanceProfileRequest, output: iam::CreateInstanceProfileResponse,
    }
    /// Describes an instance profile.
    GetInstanceProfile {
        name: "GetInstanceProfile", service: Iam,
        wire: Query,
        action: "iam:GetInstanceProfile", gate: Policies, access: Read, resource: InstanceProfile("InstanceProfileName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetInstanceProfileRequest, output: iam::GetInstanceProfileResponse,
    }
    /// Lists the account's instance profiles.
    ListInstanceProfiles {
        name: "ListInstanceProfiles", service: Iam,
        wire: Query,
        action: "iam:ListInstanceProfiles", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListInstanceProfilesRequest, output: iam::ListInstanceProfilesResponse,
    }
    /// Deletes an instance profile without a role.
    DeleteInstanceProfile {
        name: "DeleteInstanceProfile", service: Iam,
        wire: Query,
        action: "iam:DeleteInstanceProfile", gate: Policies, access: Write, resource: InstanceProfile("InstanceProfileName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [DeleteConflict, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteInstanceProfileRequest, output: iam::Nothing,
    }
    /// Puts a role into an instance profile.
    AddRoleToInstanceProfile {
        name: "AddRoleToInstanceProfile", service: Iam,
        wire: Query,
        action: "iam:AddRoleToInstanceProfile", gate: Policies, access: Write, resource: InstanceProfile("InstanceProfileName"), dependent: DEPS_PASS_ROLE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [EntityAlreadyExists, LimitExceeded, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::AddRoleToInstanceProfileRequest, output: iam::Nothing,
    }
    /// Takes the role out of an instance profile.
    RemoveRoleFromInstanceProfile {
        name: "RemoveRoleFromInstanceProfile", service: Iam,
        wire: Query,
        action: "iam:RemoveRoleFromInstanceProfile", gate: Policies, access: Write, resource: InstanceProfile("InstanceProfileName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, NoSuchEntity, UnmodifiableEntity], redactions: [],
        input: iam::RemoveRoleFromInstanceProfileRequest, output: iam::Nothing,
    }
    /// Adds tags to an instance profile, or changes them.
    TagInstanceProfile {
        name: "TagInstanceProfile", service: Iam,
        wire: Query,
        action: "iam:TagInstanceProfile", gate: Policies, access: Tagging, resource: InstanceProfile("InstanceProfileName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::TagInstanceProfileRequest, output: iam::Nothing,
    }
    /// Removes tags from an instance profile.
    UntagInstanceProfile {
        name: "UntagInstanceProfile", service: Iam,
        wire: Query,
        action: "iam:UntagInstanceProfile", gate: Policies, access: Tagging, resource: InstanceProfile("InstanceProfileName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::UntagInstanceProfileRequest, output: iam::Nothing,
    }
    /// Lists the tags of an instance profile.
    ListInstanceProfileTags {
        name: "ListInstanceProfileTags", service: Iam,
        wire: Query,
        action: "iam:ListInstanceProfileTags", gate: Policies, access: List, resource: InstanceProfile("InstanceProfileName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListInstanceProfileTagsRequest, output: iam::ListInstanceProfileTagsResponse,
    }
    /// Gives the account a name.
    CreateAccountAlias {
        name: "CreateAccountAlias", service: Iam,
        wire: Query,
        action: "iam:CreateAccountAlias", gate: Policies, access: Write, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [EntityAlreadyExists, LimitExceeded], redactions: [],
        input: iam::CreateAccountAliasRequest, output: iam::Nothing,
    }
    /// Lists the account's name.
    ListAccountAliases {
        name: "ListAccountAliases", service: Iam,
        wire: Query,
        action: "iam:ListAccountAliases", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListAccountAliasesRequest, output: iam::ListAccountAliasesResponse,
    }
    /// Takes the account's name away.
    DeleteAccountAlias {
        name: "DeleteAccountAlias", service: Iam,
        wire: Query,
        action: "iam:DeleteAccountAlias", gate: Policies, access: Write, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteAccountAliasRequest, output: iam::Nothing,
    }
    /// Counts the account's entities and tells its quotas.
    GetAccountSummary {
        name: "GetAccountSummary", service: Iam,
        wire: Query,
        action: "iam:GetAccountSummary", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::GetAccountSummaryRequest, output: iam::GetAccountSummaryResponse,
    }
    /// Returns the rules for users' passwords.
    GetAccountPasswordPolicy {
        name: "GetAccountPasswordPolicy", service: Iam,
        wire: Query,
        action: "iam:GetAccountPasswordPolicy", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetAccountPasswordPolicyRequest, output: iam::GetAccountPasswordPolicyResponse,
    }
    /// Sets the rules for users' passwords.
    UpdateAccountPasswordPolicy {
        name: "UpdateAccountPasswordPolicy", service: Iam,
        wire: Query,
        action: "iam:UpdateAccountPasswordPolicy", gate: Policies, access: Write, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded, MalformedPolicyDocument, NoSuchEntity], redactions: [],
        input: iam::UpdateAccountPasswordPolicyRequest, output: iam::Nothing,
    }
    /// Removes the rules for users' passwords.
    DeleteAccountPasswordPolicy {
        name: "DeleteAccountPasswordPolicy", service: Iam,
        wire: Query,
        action: "iam:DeleteAccountPasswordPolicy", gate: Policies, access: Write, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteAccountPasswordPolicyRequest, output: iam::Nothing,
    }
    /// Lists users, groups, roles and policies with all that bears on what they may do.
    GetAccountAuthorizationDetails {
        name: "GetAccountAuthorizationDetails", service: Iam,
        wire: Query,
        action: "iam:GetAccountAuthorizationDetails", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::GetAccountAuthorizationDetailsRequest, output: iam::GetAccountAuthorizationDetailsResponse,
    }
    /// Decides what given policies would allow.
    SimulateCustomPolicy {
        name: "SimulateCustomPolicy", service: Iam,
        wire: Query,
        action: "iam:SimulateCustomPolicy", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [InvalidInput], redactions: [],
        input: iam::SimulateCustomPolicyRequest, output: iam::SimulatePolicyResponse,
    }
    /// Decides what the policies of a user, group or role allow.
    SimulatePrincipalPolicy {
        name: "SimulatePrincipalPolicy", service: Iam,
        wire: Query,
        action: "iam:SimulatePrincipalPolicy", gate: Policies, access: Read, resource: PolicySource("PolicySourceArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::SimulatePrincipalPolicyRequest, output: iam::SimulatePolicyResponse,
    }
    /// Lists the condition keys that given policies ask about.
    GetContextKeysForCustomPolicy {
        name: "GetContextKeysForCustomPolicy", service: Iam,
        wire: Query,
        action: "iam:GetContextKeysForCustomPolicy", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [InvalidInput], redactions: [],
        input: iam::GetContextKeysForCustomPolicyRequest, output: iam::GetContextKeysForPolicyResponse,
    }
    /// Lists the condition keys that the policies of a user, group or role ask about.
    GetContextKeysForPrincipalPolicy {
        name: "GetContextKeysForPrincipalPolicy", service: Iam,
        wire: Query,
        action: "iam:GetContextKeysForPrincipalPolicy", gate: Policies, access: Read, resource: PolicySource("PolicySourceArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::GetContextKeysForPrincipalPolicyRequest, output: iam::GetContextKeysForPolicyResponse,
    }
    /// Gives a user a password.
    CreateLoginProfile {
        name: "CreateLoginProfile", service: Iam,
        wire: Query,
        action: "iam:CreateLoginProfile", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [EntityAlreadyExists, LimitExceeded, NoSuchEntity, PasswordPolicyViolation], redactions: ["Password"],
        input: iam::CreateLoginProfileRequest, output: iam::CreateLoginProfileResponse,
    }
    /// Tells whether a user has a password.
    GetLoginProfile {
        name: "GetLoginProfile", service: Iam,
        wire: Query,
        action: "iam:GetLoginProfile", gate: Policies, access: Read, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::GetLoginProfileRequest, output: iam::GetLoginProfileResponse,
    }
    /// Changes a user's password.
    UpdateLoginProfile {
        name: "UpdateLoginProfile", service: Iam,
        wire: Query,
        action: "iam:UpdateLoginProfile", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity, PasswordPolicyViolation], redactions: ["Password"],
        input: iam::UpdateLoginProfileRequest, output: iam::Nothing,
    }
    /// Takes a user's password away.
    DeleteLoginProfile {
        name: "DeleteLoginProfile", service: Iam,
        wire: Query,
        action: "iam:DeleteLoginProfile", gate: Policies, access: Write, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteLoginProfileRequest, output: iam::Nothing,
    }
    /// Changes the password of the user that calls.
    ChangePassword {
        name: "ChangePassword", service: Iam,
        wire: Query,
        action: "iam:ChangePassword", gate: Policies, access: Write, resource: CallingUser, dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidUserType, LimitExceeded, NoSuchEntity, PasswordPolicyViolation], redactions: ["OldPassword", "NewPassword"],
        input: iam::ChangePasswordRequest, output: iam::Nothing,
    }
    /// Has a report written on the account's users and their credentials.
    GenerateCredentialReport {
        name: "GenerateCredentialReport", service: Iam,
        wire: Query,
        action: "iam:GenerateCredentialReport", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [LimitExceeded], redactions: [],
        input: iam::GenerateCredentialReportRequest, output: iam::GenerateCredentialReportResponse,
    }
    /// Returns the report on the account's users and their credentials.
    GetCredentialReport {
        name: "GetCredentialReport", service: Iam,
        wire: Query,
        action: "iam:GetCredentialReport", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [ReportNotPresent, ReportExpired], redactions: [],
        input: iam::GetCredentialReportRequest, output: iam::GetCredentialReportResponse,
    }
    /// Lists a user's SSH public keys, of which there are none.
    ListSSHPublicKeys {
        name: "ListSSHPublicKeys", service: Iam,
        wire: Query,
        action: "iam:ListSSHPublicKeys", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListSSHPublicKeysRequest, output: iam::ListSSHPublicKeysResponse,
    }
    /// Lists a user's MFA devices, of which there are none.
    ListMFADevices {
        name: "ListMFADevices", service: Iam,
        wire: Query,
        action: "iam:ListMFADevices", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListMFADevicesRequest, output: iam::ListMFADevicesResponse,
    }
    /// Lists the account's virtual MFA devices, of which there are none.
    ListVirtualMFADevices {
        name: "ListVirtualMFADevices", service: Iam,
        wire: Query,
        action: "iam:ListVirtualMFADevices", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListVirtualMFADevicesRequest, output: iam::ListVirtualMFADevicesResponse,
    }
    /// Lists a user's signing certificates, of which there are none.
    ListSigningCertificates {
        name: "ListSigningCertificates", service: Iam,
        wire: Query,
        action: "iam:ListSigningCertificates", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListSigningCertificatesRequest, output: iam::ListSigningCertificatesResponse,
    }
    /// Lists a user's credentials for single services, of which there are none.
    ListServiceSpecificCredentials {
        name: "ListServiceSpecificCredentials", service: Iam,
        wire: Query,
        action: "iam:ListServiceSpecificCredentials", gate: Policies, access: List, resource: User("UserName"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [NoSuchEntity], redactions: [],
        input: iam::ListServiceSpecificCredentialsRequest, output: iam::ListServiceSpecificCredentialsResponse,
    }
    /// Lists the account's server certificates, of which there are none.
    ListServerCertificates {
        name: "ListServerCertificates", service: Iam,
        wire: Query,
        action: "iam:ListServerCertificates", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListServerCertificatesRequest, output: iam::ListServerCertificatesResponse,
    }
    /// Creates an OpenID Connect provider.
    CreateOpenIDConnectProvider {
        name: "CreateOpenIDConnectProvider", service: Iam,
        wire: Query,
        action: "iam:CreateOpenIDConnectProvider", gate: Policies, access: Write, resource: NewOidcProvider("Url"), dependent: DEPS_TAG_OIDC,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [EntityAlreadyExists, InvalidInput, LimitExceeded], redactions: [],
        input: iam::CreateOpenIDConnectProviderRequest, output: iam::CreateOpenIDConnectProviderResponse,
    }
    /// Describes an OpenID Connect provider.
    GetOpenIDConnectProvider {
        name: "GetOpenIDConnectProvider", service: Iam,
        wire: Query,
        action: "iam:GetOpenIDConnectProvider", gate: Policies, access: Read, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::GetOpenIDConnectProviderRequest, output: iam::GetOpenIDConnectProviderResponse,
    }
    /// Lists the account's OpenID Connect providers.
    ListOpenIDConnectProviders {
        name: "ListOpenIDConnectProviders", service: Iam,
        wire: Query,
        action: "iam:ListOpenIDConnectProviders", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListOpenIDConnectProvidersRequest, output: iam::ListOpenIDConnectProvidersResponse,
    }
    /// Deletes an OpenID Connect provider.
    DeleteOpenIDConnectProvider {
        name: "DeleteOpenIDConnectProvider", service: Iam,
        wire: Query,
        action: "iam:DeleteOpenIDConnectProvider", gate: Policies, access: Write, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::DeleteOpenIDConnectProviderRequest, output: iam::Nothing,
    }
    /// Changes the thumbprints of an OpenID Connect provider.
    UpdateOpenIDConnectProviderThumbprint {
        name: "UpdateOpenIDConnectProviderThumbprint", service: Iam,
        wire: Query,
        action: "iam:UpdateOpenIDConnectProviderThumbprint", gate: Policies, access: Write, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::UpdateOpenIDConnectProviderThumbprintRequest, output: iam::Nothing,
    }
    /// Adds a client id to an OpenID Connect provider.
    AddClientIDToOpenIDConnectProvider {
        name: "AddClientIDToOpenIDConnectProvider", service: Iam,
        wire: Query,
        action: "iam:AddClientIDToOpenIDConnectProvider", gate: Policies, access: Write, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::AddClientIDToOpenIDConnectProviderRequest, output: iam::Nothing,
    }
    /// Removes a client id from an OpenID Connect provider.
    RemoveClientIDFromOpenIDConnectProvider {
        name: "RemoveClientIDFromOpenIDConnectProvider", service: Iam,
        wire: Query,
        action: "iam:RemoveClientIDFromOpenIDConnectProvider", gate: Policies, access: Write, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::RemoveClientIDFromOpenIDConnectProviderRequest, output: iam::Nothing,
    }
    /// Adds tags to an OpenID Connect provider, or changes them.
    TagOpenIDConnectProvider {
        name: "TagOpenIDConnectProvider", service: Iam,
        wire: Query,
        action: "iam:TagOpenIDConnectProvider", gate: Policies, access: Tagging, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::TagOpenIDConnectProviderRequest, output: iam::Nothing,
    }
    /// Removes tags from an OpenID Connect provider.
    UntagOpenIDConnectProvider {
        name: "UntagOpenIDConnectProvider", service: Iam,
        wire: Query,
        action: "iam:UntagOpenIDConnectProvider", gate: Policies, access: Tagging, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::UntagOpenIDConnectProviderRequest, output: iam::Nothing,
    }
    /// Lists the tags of an OpenID Connect provider.
    ListOpenIDConnectProviderTags {
        name: "ListOpenIDConnectProviderTags", service: Iam,
        wire: Query,
        action: "iam:ListOpenIDConnectProviderTags", gate: Policies, access: List, resource: OidcProvider("OpenIDConnectProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListOpenIDConnectProviderTagsRequest, output: iam::ListOpenIDConnectProviderTagsResponse,
    }
    /// Creates a SAML provider.
    CreateSAMLProvider {
        name: "CreateSAMLProvider", service: Iam,
        wire: Query,
        action: "iam:CreateSAMLProvider", gate: Policies, access: Write, resource: NewSamlProvider("Name"), dependent: DEPS_TAG_SAML,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [EntityAlreadyExists, InvalidInput, LimitExceeded], redactions: [],
        input: iam::CreateSAMLProviderRequest, output: iam::CreateSAMLProviderResponse,
    }
    /// Describes a SAML provider.
    GetSAMLProvider {
        name: "GetSAMLProvider", service: Iam,
        wire: Query,
        action: "iam:GetSAMLProvider", gate: Policies, access: Read, resource: SamlProvider("SAMLProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::GetSAMLProviderRequest, output: iam::GetSAMLProviderResponse,
    }
    /// Lists the account's SAML providers.
    ListSAMLProviders {
        name: "ListSAMLProviders", service: Iam,
        wire: Query,
        action: "iam:ListSAMLProviders", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: iam::ListSAMLProvidersRequest, output: iam::ListSAMLProvidersResponse,
    }
    /// Changes the metadata of a SAML provider.
    UpdateSAMLProvider {
        name: "UpdateSAMLProvider", service: Iam,
        wire: Query,
        action: "iam:UpdateSAMLProvider", gate: Policies, access: Write, resource: SamlProvider("SAMLProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::UpdateSAMLProviderRequest, output: iam::UpdateSAMLProviderResponse,
    }
    /// Deletes a SAML provider.
    DeleteSAMLProvider {
        name: "DeleteSAMLProvider", service: Iam,
        wire: Query,
        action: "iam:DeleteSAMLProvider", gate: Policies, access: Write, resource: SamlProvider("SAMLProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::DeleteSAMLProviderRequest, output: iam::Nothing,
    }
    /// Adds tags to a SAML provider, or changes them.
    TagSAMLProvider {
        name: "TagSAMLProvider", service: Iam,
        wire: Query,
        action: "iam:TagSAMLProvider", gate: Policies, access: Tagging, resource: SamlProvider("SAMLProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, LimitExceeded, NoSuchEntity], redactions: [],
        input: iam::TagSAMLProviderRequest, output: iam::Nothing,
    }
    /// Removes tags from a SAML provider.
    UntagSAMLProvider {
        name: "UntagSAMLProvider", service: Iam,
        wire: Query,
        action: "iam:UntagSAMLProvider", gate: Policies, access: Tagging, resource: SamlProvider("SAMLProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::UntagSAMLProviderRequest, output: iam::Nothing,
    }
    /// Lists the tags of a SAML provider.
    ListSAMLProviderTags {
        name: "ListSAMLProviderTags", service: Iam,
        wire: Query,
        action: "iam:ListSAMLProviderTags", gate: Policies, access: List, resource: SamlProvider("SAMLProviderArn"), dependent: NONE,
        condition_keys: ["iam:ResourceTag/${TagKey}", "aws:ResourceTag/${TagKey}"],
        errors: [InvalidInput, NoSuchEntity], redactions: [],
        input: iam::ListSAMLProviderTagsRequest, output: iam::ListSAMLProviderTagsResponse,
    }
    /// Tells who the caller is. It needs no permission, and no policy can take it away.
    GetCallerIdentity {
        name: "GetCallerIdentity", service: Sts,
        wire: Query,
        action: "sts:GetCallerIdentity", gate: SignatureAlone, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: sts::GetCallerIdentityRequest, output: sts::GetCallerIdentityResponse,
    }
    /// Makes temporary credentials of a role that trusts the caller.
    AssumeRole {
        name: "AssumeRole", service: Sts,
        wire: Query,
        action: "sts:AssumeRole", gate: Trust, access: Write, resource: RoleArn("RoleArn"), dependent: DEPS_SESSION,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys", "iam:ResourceTag/${TagKey}", "sts:DurationSeconds", "sts:ExternalId", "sts:RoleSessionName", "sts:SourceIdentity", "sts:TransitiveTagKeys"],
        errors: [MalformedPolicyDocument, PackedPolicyTooLarge], redactions: ["SecretAccessKey", "SessionToken", "TokenCode"],
        input: sts::AssumeRoleRequest, output: sts::AssumeRoleResponse,
    }
    /// Makes temporary credentials of a role that trusts the OpenID Connect provider that vouches for the caller. Tags and
    /// source identity are in the token.
    AssumeRoleWithWebIdentity {
        name: "AssumeRoleWithWebIdentity", service: Sts,
        wire: Query,
        action: "sts:AssumeRoleWithWebIdentity", gate: WebIdentity, access: Write, resource: RoleArn("RoleArn"), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "iam:ResourceTag/${TagKey}", "sts:DurationSeconds", "sts:RoleSessionName"],
        errors: [MalformedPolicyDocument, PackedPolicyTooLarge, InvalidIdentityToken, ExpiredTokenException], redactions: ["SecretAccessKey", "SessionToken", "WebIdentityToken"],
        input: sts::AssumeRoleWithWebIdentityRequest, output: sts::AssumeRoleWithWebIdentityResponse,
    }
    /// Makes temporary credentials of the user that calls, or of root.
    GetSessionToken {
        name: "GetSessionToken", service: Sts,
        wire: Query,
        action: "sts:GetSessionToken", gate: SignatureAlone, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: ["SecretAccessKey", "SessionToken", "TokenCode"],
        input: sts::GetSessionTokenRequest, output: sts::GetSessionTokenResponse,
    }
    /// Makes temporary credentials of a user outside IAM, limited to what the caller may do.
    GetFederationToken {
        name: "GetFederationToken", service: Sts,
        wire: Query,
        action: "sts:GetFederationToken", gate: Policies, access: Read, resource: Federated("Name"), dependent: DEPS_SESSION,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [MalformedPolicyDocument, PackedPolicyTooLarge], redactions: ["SecretAccessKey", "SessionToken"],
        input: sts::GetFederationTokenRequest, output: sts::GetFederationTokenResponse,
    }
    /// Tells which account an access key belongs to.
    GetAccessKeyInfo {
        name: "GetAccessKeyInfo", service: Sts,
        wire: Query,
        action: "sts:GetAccessKeyInfo", gate: Policies, access: Read, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: sts::GetAccessKeyInfoRequest, output: sts::GetAccessKeyInfoResponse,
    }
    /// Decodes why a call was refused.
    DecodeAuthorizationMessage {
        name: "DecodeAuthorizationMessage", service: Sts,
        wire: Query,
        action: "sts:DecodeAuthorizationMessage", gate: Policies, access: Write, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [InvalidAuthorizationMessageException], redactions: ["DecodedMessage"],
        input: sts::DecodeAuthorizationMessageRequest, output: sts::DecodeAuthorizationMessageResponse,
    }
    /// Lists VPCs.
    DescribeVpcs {
        name: "DescribeVpcs", service: Ec2,
        wire: Query,
        action: "ec2:DescribeVpcs", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeVpcsRequest, output: ec2::DescribeVpcsResponse,
    }
    /// Lists subnets.
    DescribeSubnets {
        name: "DescribeSubnets", service: Ec2,
        wire: Query,
        action: "ec2:DescribeSubnets", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeSubnetsRequest, output: ec2::DescribeSubnetsResponse,
    }
    /// Lists the availability zones of the region.
    DescribeAvailabilityZones {
        name: "DescribeAvailabilityZones", service: Ec2,
        wire: Query,
        action: "ec2:DescribeAvailabilityZones", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeAvailabilityZonesRequest, output: ec2::DescribeAvailabilityZonesResponse,
    }
    /// Lists the regions that are served.
    DescribeRegions {
        name: "DescribeRegions", service: Ec2,
        wire: Query,
        action: "ec2:DescribeRegions", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeRegionsRequest, output: ec2::DescribeRegionsResponse,
    }
    /// Lists security groups.
    DescribeSecurityGroups {
        name: "DescribeSecurityGroups", service: Ec2,
        wire: Query,
        action: "ec2:DescribeSecurityGroups", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeSecurityGroupsRequest, output: ec2::DescribeSecurityGroupsResponse,
    }
    /// Lists the rules of security groups.
    DescribeSecurityGroupRules {
        name: "DescribeSecurityGroupRules", service: Ec2,
        wire: Query,
        action: "ec2:DescribeSecurityGroupRules", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeSecurityGroupRulesRequest, output: ec2::DescribeSecurityGroupRulesResponse,
    }
    /// Lists internet gateways.
    DescribeInternetGateways {
        name: "DescribeInternetGateways", service: Ec2,
        wire: Query,
        action: "ec2:DescribeInternetGateways", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeInternetGatewaysRequest, output: ec2::DescribeInternetGatewaysResponse,
    }
    /// Lists route tables.
    DescribeRouteTables {
        name: "DescribeRouteTables", service: Ec2,
        wire: Query,
        action: "ec2:DescribeRouteTables", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeRouteTablesRequest, output: ec2::DescribeRouteTablesResponse,
    }
    /// Lists network ACLs.
    DescribeNetworkAcls {
        name: "DescribeNetworkAcls", service: Ec2,
        wire: Query,
        action: "ec2:DescribeNetworkAcls", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeNetworkAclsRequest, output: ec2::DescribeNetworkAclsResponse,
    }
    /// Lists network interfaces.
    DescribeNetworkInterfaces {
        name: "DescribeNetworkInterfaces", service: Ec2,
        wire: Query,
        action: "ec2:DescribeNetworkInterfaces", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeNetworkInterfacesRequest, output: ec2::DescribeNetworkInterfacesResponse,
    }
    /// Lists the permissions on network interfaces.
    DescribeNetworkInterfacePermissions {
        name: "DescribeNetworkInterfacePermissions", service: Ec2,
        wire: Query,
        action: "ec2:DescribeNetworkInterfacePermissions", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeNetworkInterfacePermissionsRequest, output: ec2::DescribeNetworkInterfacePermissionsResponse,
    }
    /// Lists VPC endpoints: those by which private RabbitMQ brokers are reached.
    DescribeVpcEndpoints {
        name: "DescribeVpcEndpoints", service: Ec2,
        wire: Query,
        action: "ec2:DescribeVpcEndpoints", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeVpcEndpointsRequest, output: ec2::DescribeVpcEndpointsResponse,
    }
    /// Lists Elastic IP addresses: there are none.
    DescribeAddresses {
        name: "DescribeAddresses", service: Ec2,
        wire: Query,
        action: "ec2:DescribeAddresses", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeAddressesRequest, output: ec2::DescribeAddressesResponse,
    }
    /// Tells one attribute of a VPC.
    DescribeVpcAttribute {
        name: "DescribeVpcAttribute", service: Ec2,
        wire: Query,
        action: "ec2:DescribeVpcAttribute", gate: Policies, access: List, resource: Network(&[Part::Required(NetworkKind::Vpc, "vpcId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DescribeVpcAttributeRequest, output: ec2::DescribeVpcAttributeResponse,
    }
    /// Tells the attributes of the account.
    DescribeAccountAttributes {
        name: "DescribeAccountAttributes", service: Ec2,
        wire: Query,
        action: "ec2:DescribeAccountAttributes", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeAccountAttributesRequest, output: ec2::DescribeAccountAttributesResponse,
    }
    /// Lists the tags of the network.
    DescribeTags {
        name: "DescribeTags", service: Ec2,
        wire: Query,
        action: "ec2:DescribeTags", gate: Policies, access: List, resource: Any, dependent: NONE,
        condition_keys: [],
        errors: [], redactions: [],
        input: ec2::DescribeTagsRequest, output: ec2::DescribeTagsResponse,
    }
    /// Creates a VPC with its main route table, network ACL and default security group.
    CreateVpc {
        name: "CreateVpc", service: Ec2,
        wire: Query,
        action: "ec2:CreateVpc", gate: Policies, access: Write, resource: Network(&[Part::New(NetworkKind::Vpc)]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [], redactions: [],
        input: ec2::CreateVpcRequest, output: ec2::CreateVpcResponse,
    }
    /// Deletes a VPC that nothing is in.
    DeleteVpc {
        name: "DeleteVpc", service: Ec2,
        wire: Query,
        action: "ec2:DeleteVpc", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::Vpc, "vpcId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteVpcRequest, output: ec2::Return,
    }
    /// Changes one attribute of a VPC.
    ModifyVpcAttribute {
        name: "ModifyVpcAttribute", service: Ec2,
        wire: Query,
        action: "ec2:ModifyVpcAttribute", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::Vpc, "vpcId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::ModifyVpcAttributeRequest, output: ec2::Return,
    }
    /// Creates a subnet.
    CreateSubnet {
        name: "CreateSubnet", service: Ec2,
        wire: Query,
        action: "ec2:CreateSubnet", gate: Policies, access: Write, resource: Network(&[Part::New(NetworkKind::Subnet), Part::Required(NetworkKind::Vpc, "vpcId")]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [], redactions: [],
        input: ec2::CreateSubnetRequest, output: ec2::CreateSubnetResponse,
    }
    /// Deletes a subnet that no interface is in.
    DeleteSubnet {
        name: "DeleteSubnet", service: Ec2,
        wire: Query,
        action: "ec2:DeleteSubnet", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::Subnet, "subnetId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteSubnetRequest, output: ec2::Return,
    }
    /// Changes one attribute of a subnet.
    ModifySubnetAttribute {
        name: "ModifySubnetAttribute", service: Ec2,
        wire: Query,
        action: "ec2:ModifySubnetAttribute", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::Subnet, "subnetId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::ModifySubnetAttributeRequest, output: ec2::Return,
    }
    /// Creates an internet gateway.
    CreateInternetGateway {
        name: "CreateInternetGateway", service: Ec2,
        wire: Query,
        action: "ec2:CreateInternetGateway", gate: Policies, access: Write, resource: Network(&[Part::New(NetworkKind::InternetGateway)]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [], redactions: [],
        input: ec2::CreateInternetGatewayRequest, output: ec2::CreateInternetGatewayResponse,
    }
    /// Deletes an internet gateway that is not attached.
    DeleteInternetGateway {
        name: "DeleteInternetGateway", service: Ec2,
        wire: Query,
        action: "ec2:DeleteInternetGateway", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::InternetGateway, "internetGatewayId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteInternetGatewayRequest, output: ec2::Return,
    }
    /// Attaches an internet gateway to a VPC.
    AttachInternetGateway {
        name: "AttachInternetGateway", service: Ec2,
        wire: Query,
        action: "ec2:AttachInternetGateway", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::InternetGateway, "internetGatewayId"), Part::Required(NetworkKind::Vpc, "vpcId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::AttachInternetGatewayRequest, output: ec2::Return,
    }
    /// Detaches an internet gateway from its VPC.
    DetachInternetGateway {
        name: "DetachInternetGateway", service: Ec2,
        wire: Query,
        action: "ec2:DetachInternetGateway", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::InternetGateway, "internetGatewayId"), Part::Required(NetworkKind::Vpc, "vpcId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DetachInternetGatewayRequest, output: ec2::Return,
    }
    /// Creates a route table.
    CreateRouteTable {
        name: "CreateRouteTable", service: Ec2,
        wire: Query,
        action: "ec2:CreateRouteTable", gate: Policies, access: Write, resource: Network(&[Part::New(NetworkKind::RouteTable), Part::Required(NetworkKind::Vpc, "vpcId")]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [], redactions: [],
        input: ec2::CreateRouteTableRequest, output: ec2::CreateRouteTableResponse,
    }
    /// Deletes a route table that no subnet uses.
    DeleteRouteTable {
        name: "DeleteRouteTable", service: Ec2,
        wire: Query,
        action: "ec2:DeleteRouteTable", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::RouteTable, "routeTableId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteRouteTableRequest, output: ec2::Return,
    }
    /// Adds a route to a route table.
    CreateRoute {
        name: "CreateRoute", service: Ec2,
        wire: Query,
        action: "ec2:CreateRoute", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::RouteTable, "routeTableId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::CreateRouteRequest, output: ec2::Return,
    }
    /// Removes a route from a route table.
    DeleteRoute {
        name: "DeleteRoute", service: Ec2,
        wire: Query,
        action: "ec2:DeleteRoute", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::RouteTable, "routeTableId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteRouteRequest, output: ec2::Return,
    }
    /// Changes where a route leads by.
    ReplaceRoute {
        name: "ReplaceRoute", service: Ec2,
        wire: Query,
        action: "ec2:ReplaceRoute", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::RouteTable, "routeTableId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::ReplaceRouteRequest, output: ec2::Return,
    }
    /// Has a subnet use a route table.
    AssociateRouteTable {
        name: "AssociateRouteTable", service: Ec2,
        wire: Query,
        action: "ec2:AssociateRouteTable", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::RouteTable, "routeTableId"), Part::Given(NetworkKind::Subnet, "subnetId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::AssociateRouteTableRequest, output: ec2::AssociateRouteTableResponse,
    }
    /// Has a subnet use the main route table again.
    DisassociateRouteTable {
        name: "DisassociateRouteTable", service: Ec2,
        wire: Query,
        action: "ec2:DisassociateRouteTable", gate: Policies, access: Write, resource: Network(&[Part::Association("associationId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DisassociateRouteTableRequest, output: ec2::Return,
    }
    /// Has a subnet, or the VPC, use another route table.
    ReplaceRouteTableAssociation {
        name: "ReplaceRouteTableAssociation", service: Ec2,
        wire: Query,
        action: "ec2:ReplaceRouteTableAssociation", gate: Policies, access: Write, resource: Network(&[Part::Association("associationId"), Part::Required(NetworkKind::RouteTable, "routeTableId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::ReplaceRouteTableAssociationRequest, output: ec2::ReplaceRouteTableAssociationResponse,
    }
    /// Creates a security group.
    CreateSecurityGroup {
        name: "CreateSecurityGroup", service: Ec2,
        wire: Query,
        action: "ec2:CreateSecurityGroup", gate: Policies, access: Write, resource: Network(&[Part::New(NetworkKind::SecurityGroup), Part::Given(NetworkKind::Vpc, "vpcId")]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [], redactions: [],
        input: ec2::CreateSecurityGroupRequest, output: ec2::CreateSecurityGroupResponse,
    }
    /// Deletes a security group that nothing uses.
    DeleteSecurityGroup {
        name: "DeleteSecurityGroup", service: Ec2,
        wire: Query,
        action: "ec2:DeleteSecurityGroup", gate: Policies, access: Write, resource: Network(&[Part::Group("groupId", "groupName")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteSecurityGroupRequest, output: ec2::DeleteSecurityGroupResponse,
    }
    /// Adds rules for what may come in.
    AuthorizeSecurityGroupIngress {
        name: "AuthorizeSecurityGroupIngress", service: Ec2,
        wire: Query,
        action: "ec2:AuthorizeSecurityGroupIngress", gate: Policies, access: Write, resource: Network(&[Part::Group("groupId", "groupName")]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys", "aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::AuthorizeSecurityGroupIngressRequest, output: ec2::AuthorizeSecurityGroupIngressResponse,
    }
    /// Adds rules for what may go out.
    AuthorizeSecurityGroupEgress {
        name: "AuthorizeSecurityGroupEgress", service: Ec2,
        wire: Query,
        action: "ec2:AuthorizeSecurityGroupEgress", gate: Policies, access: Write, resource: Network(&[Part::Group("groupId", "groupName")]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys", "aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::AuthorizeSecurityGroupEgressRequest, output: ec2::AuthorizeSecurityGroupEgressResponse,
    }
    /// Removes rules for what may come in.
    RevokeSecurityGroupIngress {
        name: "RevokeSecurityGroupIngress", service: Ec2,
        wire: Query,
        action: "ec2:RevokeSecurityGroupIngress", gate: Policies, access: Write, resource: Network(&[Part::Group("groupId", "groupName")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::RevokeSecurityGroupIngressRequest, output: ec2::RevokeSecurityGroupIngressResponse,
    }
    /// Removes rules for what may go out.
    RevokeSecurityGroupEgress {
        name: "RevokeSecurityGroupEgress", service: Ec2,
        wire: Query,
        action: "ec2:RevokeSecurityGroupEgress", gate: Policies, access: Write, resource: Network(&[Part::Group("groupId", "groupName")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::RevokeSecurityGroupEgressRequest, output: ec2::RevokeSecurityGroupEgressResponse,
    }
    /// Changes rules.
    ModifySecurityGroupRules {
        name: "ModifySecurityGroupRules", service: Ec2,
        wire: Query,
        action: "ec2:ModifySecurityGroupRules", gate: Policies, access: Write, resource: Network(&[Part::Group("groupId", "groupName")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::ModifySecurityGroupRulesRequest, output: ec2::Return,
    }
    /// Creates a network interface with a free address of a subnet.
    CreateNetworkInterface {
        name: "CreateNetworkInterface", service: Ec2,
        wire: Query,
        action: "ec2:CreateNetworkInterface", gate: Policies, access: Write, resource: Network(&[Part::New(NetworkKind::NetworkInterface), Part::Required(NetworkKind::Subnet, "subnetId"), Part::Given(NetworkKind::SecurityGroup, "securityGroupId")]), dependent: DEPS_EC2_TAGS,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys"],
        errors: [], redactions: [],
        input: ec2::CreateNetworkInterfaceRequest, output: ec2::CreateNetworkInterfaceResponse,
    }
    /// Deletes a network interface that no service manages.
    DeleteNetworkInterface {
        name: "DeleteNetworkInterface", service: Ec2,
        wire: Query,
        action: "ec2:DeleteNetworkInterface", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::NetworkInterface, "networkInterfaceId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteNetworkInterfaceRequest, output: ec2::Return,
    }
    /// Changes one attribute of a network interface that no service manages.
    ModifyNetworkInterfaceAttribute {
        name: "ModifyNetworkInterfaceAttribute", service: Ec2,
        wire: Query,
        action: "ec2:ModifyNetworkInterfaceAttribute", gate: Policies, access: Write, resource: Network(&[Part::Required(NetworkKind::NetworkInterface, "networkInterfaceId"), Part::Given(NetworkKind::SecurityGroup, "securityGroupId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::ModifyNetworkInterfaceAttributeRequest, output: ec2::Return,
    }
    /// Detaches a network interface: those that are attached are managed by a service, which alone may do it.
    DetachNetworkInterface {
        name: "DetachNetworkInterface", service: Ec2,
        wire: Query,
        action: "ec2:DetachNetworkInterface", gate: Policies, access: Write, resource: Network(&[Part::Attachment("attachmentId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DetachNetworkInterfaceRequest, output: ec2::Return,
    }
    /// Permits an account or a service to attach a network interface.
    CreateNetworkInterfacePermission {
        name: "CreateNetworkInterfacePermission", service: Ec2,
        wire: Query,
        action: "ec2:CreateNetworkInterfacePermission", gate: Policies, access: PermissionsManagement, resource: Network(&[Part::Required(NetworkKind::NetworkInterface, "networkInterfaceId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::CreateNetworkInterfacePermissionRequest, output: ec2::CreateNetworkInterfacePermissionResponse,
    }
    /// Takes such a permission back.
    DeleteNetworkInterfacePermission {
        name: "DeleteNetworkInterfacePermission", service: Ec2,
        wire: Query,
        action: "ec2:DeleteNetworkInterfacePermission", gate: Policies, access: PermissionsManagement, resource: Network(&[Part::Permission("networkInterfacePermissionId")]), dependent: NONE,
        condition_keys: ["aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteNetworkInterfacePermissionRequest, output: ec2::Return,
    }
    /// Adds tags to parts of the network, or changes them.
    Ec2CreateTags {
        name: "CreateTags", service: Ec2,
        wire: Query,
        action: "ec2:CreateTags", gate: Policies, access: Tagging, resource: Network(&[Part::Tagged("resourceId")]), dependent: NONE,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys", "aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::CreateTagsRequest, output: ec2::Return,
    }
    /// Removes tags from parts of the network.
    Ec2DeleteTags {
        name: "DeleteTags", service: Ec2,
        wire: Query,
        action: "ec2:DeleteTags", gate: Policies, access: Tagging, resource: Network(&[Part::Tagged("resourceId")]), dependent: NONE,
        condition_keys: ["aws:RequestTag/${TagKey}", "aws:TagKeys", "aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}"],
        errors: [], redactions: [],
        input: ec2::DeleteTagsRequest, output: ec2::Return,
    }
}
