//! A refusal: AWS's code, a public text and a cause that only the log sees.

use std::error::Error;
use std::fmt;

/// An error code as AWS spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// mq: the input is wrong.
    BadRequestException,
    /// mq: modelled for CreateBroker only; never sent for a signature or a policy.
    UnauthorizedException,
    /// mq: the service itself refuses. Never an IAM denial: Terraform takes it for "gone".
    ForbiddenException,
    /// mq: there is no such resource.
    NotFoundException,
    /// mq: the resource is in the way.
    ConflictException,
    /// mq: a fault of ours.
    InternalServerErrorException,
    /// mq: over the account's rate.
    TooManyRequestsException,
    /// mq: a policy refuses.
    AccessDeniedException,
    /// mq: nothing at this method and path, or no credentials.
    MissingAuthenticationTokenException,
    /// mq: too large.
    RequestEntityTooLargeException,
    /// Any: cannot serve now (audit or store not writable, snapshot stale).
    ServiceUnavailable,
    /// Query: a policy refuses.
    AccessDenied,
    /// Query: over the account's rate.
    Throttling,
    /// Query: no such action.
    InvalidAction,
    /// Query: no action given.
    MissingAction,
    /// Query: a parameter breaks its constraint.
    ValidationError,
    /// Query: a fault of ours.
    InternalFailure,
    /// iam: there is no such entity.
    NoSuchEntity,
    /// iam: the name is taken.
    EntityAlreadyExists,
    /// iam: something still hangs on it.
    DeleteConflict,
    /// iam: a quota is reached.
    LimitExceeded,
    /// iam: the policy document is not acceptable.
    MalformedPolicyDocument,
    /// sts: session policies and tags do not fit in a token.
    PackedPolicyTooLarge,
    /// sts: the token of the identity provider is none, or not for us.
    InvalidIdentityToken,
    /// sts: the token of the identity provider is over.
    ExpiredTokenException,
    /// sts: the encoded authorization message is none of the account's.
    InvalidAuthorizationMessageException,
    /// iam: the policy cannot be attached.
    PolicyNotAttachable,
    /// iam: the entity is AWS's own.
    UnmodifiableEntity,
    /// iam: the password is not acceptable.
    PasswordPolicyViolation,
    /// iam: a value is not acceptable.
    InvalidInput,
    /// iam: only users may do it.
    InvalidUserType,
    /// iam: no credential report was asked for.
    ReportNotPresent,
    /// iam: the credential report is too old.
    ReportExpired,
    /// ec2: a policy refuses.
    UnauthorizedOperation,
    /// ec2: over the account's rate.
    RequestLimitExceeded,
    /// ec2: a fault of ours.
    InternalError,
    /// ec2: the call would have been carried out.
    DryRunOperation,
    /// ec2: a parameter is not known.
    UnknownParameter,
    /// ec2: a parameter is missing.
    MissingParameter,
    /// ec2: a value is not acceptable.
    InvalidParameterValue,
    /// ec2: parameters do not go together.
    InvalidParameterCombination,
    /// ec2: the token was not made for this list.
    InvalidNextToken,
    /// ec2: the client token was used for another request.
    IdempotentParameterMismatch,
    /// ec2: it is not offered.
    UnsupportedOperation,
    /// ec2: a service manages the resource.
    OperationNotPermitted,
    /// ec2: something still needs it.
    DependencyViolation,
    /// ec2: the VPC own group, table or association cannot go.
    CannotDelete,
    /// ec2: an id is of no kind that is known.
    InvalidId,
    /// ec2: not the id of a VPC.
    InvalidVpcIdMalformed,
    /// ec2: there is no such VPC.
    InvalidVpcIdNotFound,
    /// ec2: the size of the range is not acceptable.
    InvalidVpcRange,
    /// ec2: not the id of a subnet.
    InvalidSubnetIdMalformed,
    /// ec2: there is no such subnet.
    InvalidSubnetIdNotFound,
    /// ec2: the range lies outside the VPC.
    InvalidSubnetRange,
    /// ec2: the range overlaps with another.
    InvalidSubnetConflict,
    /// ec2: the subnet is full.
    InsufficientFreeAddressesInSubnet,
    /// ec2: no range of 127.0.0.0/8 is left.
    InsufficientAddressCapacity,
    /// ec2: not the id of a group.
    InvalidGroupIdMalformed,
    /// ec2: there is no such group.
    InvalidGroupNotFound,
    /// ec2: the name is taken.
    InvalidGroupDuplicate,
    /// ec2: there is no such rule.
    InvalidSecurityGroupRuleIdNotFound,
    /// ec2: not the id of a rule.
    InvalidSecurityGroupRuleIdMalformed,
    /// ec2: the group has no such rule.
    InvalidPermissionNotFound,
    /// ec2: the group has such a rule.
    InvalidPermissionDuplicate,
    /// ec2: the rule is not acceptable.
    InvalidPermissionMalformed,
    /// ec2: the group is full.
    RulesPerSecurityGroupLimitExceeded,
    /// ec2: not the id of a gateway.
    InvalidInternetGatewayIdMalformed,
    /// ec2: there is no such gateway.
    InvalidInternetGatewayIdNotFound,
    /// ec2: it is attached already.
    ResourceAlreadyAssociated,
    /// ec2: it is not attached to that VPC.
    GatewayNotAttached,
    /// ec2: not the id of a route table.
    InvalidRouteTableIdMalformed,
    /// ec2: there is no such route table.
    InvalidRouteTableIdNotFound,
    /// ec2: there is no such association.
    InvalidAssociationIdNotFound,
    /// ec2: the table has such a route.
    RouteAlreadyExists,
    /// ec2: the table has no such route.
    InvalidRouteNotFound,
    /// ec2: not the id of a network ACL.
    InvalidNetworkAclIdMalformed,
    /// ec2: there is no such network ACL.
    InvalidNetworkAclIdNotFound,
    /// ec2: not the id of an interface.
    InvalidNetworkInterfaceIdMalformed,
    /// ec2: there is no such interface.
    InvalidNetworkInterfaceIdNotFound,
    /// ec2: there is no such attachment.
    InvalidAttachmentIdNotFound,
    /// ec2: the address is taken.
    InvalidIpAddressInUse,
    /// ec2: there is no such permission.
    InvalidPermissionIdNotFound,
    /// ec2: there is no such endpoint.
    InvalidVpcEndpointIdNotFound,
    /// ec2: there is no such address.
    InvalidAllocationIdNotFound,
    /// ec2: there is no such address.
    InvalidAddressNotFound,
    /// ec2: the name is reserved.
    InvalidGroupReserved,
    /// ec2: there is no default VPC.
    VpcIdNotSpecified,
    /// ec2: the table is full.
    RouteLimitExceeded,
    /// ec2: there is no such prefix list.
    InvalidPrefixListIdNotFound,
    /// ec2: too many groups.
    SecurityGroupsPerInterfaceLimitExceeded,
    /// ec2: a resource has too many tags.
    TagLimitExceeded,
    /// ec2: too many VPCs.
    VpcLimitExceeded,
    /// ec2: too many subnets.
    SubnetLimitExceeded,
    /// ec2: too many security groups.
    SecurityGroupLimitExceeded,
    /// ec2: too many internet gateways.
    InternetGatewayLimitExceeded,
    /// ec2: too many route tables.
    RouteTableLimitExceeded,
    /// ec2: too many network interfaces.
    NetworkInterfaceLimitExceeded,
}

impl Code {
    /// The code's spelling on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Code::BadRequestException => "BadRequestException",
            Code::UnauthorizedException => "UnauthorizedException",
            Code::ForbiddenException => "ForbiddenException",
            Code::NotFoundException => "NotFoundException",
            Code::ConflictException => "ConflictException",
            Code::InternalServerErrorException => "InternalServerErrorException",
            Code::TooManyRequestsException => "TooManyRequestsException",
            Code::AccessDeniedException => "AccessDeniedException",
            Code::MissingAuthenticationTokenException => "MissingAuthenticationTokenException",
            Code::RequestEntityTooLargeException => "RequestEntityTooLargeException",
            Code::ServiceUnavailable => "ServiceUnavailable",
            Code::AccessDenied => "AccessDenied",
            Code::Throttling => "Throttling",
            Code::InvalidAction => "InvalidAction",
            Code::MissingAction => "MissingAction",
            Code::ValidationError => "ValidationError",
            Code::InternalFailure => "InternalFailure",
            Code::NoSuchEntity => "NoSuchEntity",
            Code::EntityAlreadyExists => "EntityAlreadyExists",
            Code::DeleteConflict => "DeleteConflict",
            Code::LimitExceeded => "LimitExceeded",
            Code::MalformedPolicyDocument => "MalformedPolicyDocument",
            Code::PackedPolicyTooLarge => "PackedPolicyTooLarge",
            Code::InvalidIdentityToken => "InvalidIdentityToken",
            Code::ExpiredTokenException => "ExpiredTokenException",
            Code::InvalidAuthorizationMessageException => "InvalidAuthorizationMessageException",
            Code::PolicyNotAttachable => "PolicyNotAttachable",
            Code::UnmodifiableEntity => "UnmodifiableEntity",
            Code::PasswordPolicyViolation => "PasswordPolicyViolation",
            Code::InvalidInput => "InvalidInput",
            Code::InvalidUserType => "InvalidUserType",
            Code::ReportNotPresent => "ReportNotPresent",
            Code::ReportExpired => "ReportExpired",
            Code::UnauthorizedOperation => "UnauthorizedOperation",
            Code::RequestLimitExceeded => "RequestLimitExceeded",
            Code::InternalError => "InternalError",
            Code::DryRunOperation => "DryRunOperation",
            Code::UnknownParameter => "UnknownParameter",
            Code::MissingParameter => "MissingParameter",
            Code::InvalidParameterValue => "InvalidParameterValue",
            Code::InvalidParameterCombination => "InvalidParameterCombination",
            Code::InvalidNextToken => "InvalidNextToken",
            Code::IdempotentParameterMismatch => "IdempotentParameterMismatch",
            Code::UnsupportedOperation => "UnsupportedOperation",
            Code::OperationNotPermitted => "OperationNotPermitted",
            Code::DependencyViolation => "DependencyViolation",
            Code::CannotDelete => "CannotDelete",
            Code::InvalidId => "InvalidID",
            Code::InvalidVpcIdMalformed => "InvalidVpcID.Malformed",
            Code::InvalidVpcIdNotFound => "InvalidVpcID.NotFound",
            Code::InvalidVpcRange => "InvalidVpc.Range",
            Code::InvalidSubnetIdMalformed => "InvalidSubnetID.Malformed",
            Code::InvalidSubnetIdNotFound => "InvalidSubnetID.NotFound",
            Code::InvalidSubnetRange => "InvalidSubnet.Range",
            Code::InvalidSubnetConflict => "InvalidSubnet.Conflict",
            Code::InsufficientFreeAddressesInSubnet => "InsufficientFreeAddressesInSubnet",
            Code::InsufficientAddressCapacity => "InsufficientAddressCapacity",
            Code::InvalidGroupIdMalformed => "InvalidGroupId.Malformed",
            Code::InvalidGroupNotFound => "InvalidGroup.NotFound",
            Code::InvalidGroupDuplicate => "InvalidGroup.Duplicate",
            Code::InvalidSecurityGroupRuleIdNotFound => "InvalidSecurityGroupRuleId.NotFound",
            Code::InvalidSecurityGroupRuleIdMalformed => "InvalidSecurityGroupRuleId.Malformed",
            Code::InvalidPermissionNotFound => "InvalidPermission.NotFound",
            Code::InvalidPermissionDuplicate => "InvalidPermission.Duplicate",
            Code::InvalidPermissionMalformed => "InvalidPermission.Malformed",
            Code::RulesPerSecurityGroupLimitExceeded => "RulesPerSecurityGroupLimitExceeded",
            Code::InvalidInternetGatewayIdMalformed => "InvalidInternetGatewayID.Malformed",
            Code::InvalidInternetGatewayIdNotFound => "InvalidInternetGatewayID.NotFound",
            Code::ResourceAlreadyAssociated => "Resource.AlreadyAssociated",
            Code::GatewayNotAttached => "Gateway.NotAttached",
            Code::InvalidRouteTableIdMalformed => "InvalidRouteTableID.Malformed",
            Code::InvalidRouteTableIdNotFound => "InvalidRouteTableID.NotFound",
            Code::InvalidAssociationIdNotFound => "InvalidAssociationID.NotFound",
            Code::RouteAlreadyExists => "RouteAlreadyExists",
            Code::InvalidRouteNotFound => "InvalidRoute.NotFound",
            Code::InvalidNetworkAclIdMalformed => "InvalidNetworkAclID.Malformed",
            Code::InvalidNetworkAclIdNotFound => "InvalidNetworkAclID.NotFound",
            Code::InvalidNetworkInterfaceIdMalformed => "InvalidNetworkInterfaceID.Malformed",
            Code::InvalidNetworkInterfaceIdNotFound => "InvalidNetworkInterfaceID.NotFound",
            Code::InvalidAttachmentIdNotFound => "InvalidAttachmentID.NotFound",
            Code::InvalidIpAddressInUse => "InvalidIPAddress.InUse",
            Code::InvalidPermissionIdNotFound => "InvalidNetworkInterfacePermissionID.NotFound",
            Code::InvalidVpcEndpointIdNotFound => "InvalidVpcEndpointId.NotFound",
            Code::InvalidAllocationIdNotFound => "InvalidAllocationID.NotFound",
            Code::InvalidAddressNotFound => "InvalidAddress.NotFound",
            Code::InvalidGroupReserved => "InvalidGroup.Reserved",
            Code::VpcIdNotSpecified => "VPCIdNotSpecified",
            Code::RouteLimitExceeded => "RouteLimitExceeded",
            Code::InvalidPrefixListIdNotFound => "InvalidPrefixListID.NotFound",
            Code::SecurityGroupsPerInterfaceLimitExceeded => {
                "SecurityGroupsPerInterfaceLimitExceeded"
            }
            Code::TagLimitExceeded => "TagLimitExceeded",
            Code::VpcLimitExceeded => "VpcLimitExceeded",
            Code::SubnetLimitExceeded => "SubnetLimitExceeded",
            Code::SecurityGroupLimitExceeded => "SecurityGroupLimitExceeded",
            Code::InternetGatewayLimitExceeded => "InternetGatewayLimitExceeded",
            Code::RouteTableLimitExceeded => "RouteTableLimitExceeded",
            Code::NetworkInterfaceLimitExceeded => "NetworkInterfaceLimitExceeded",
        }
    }

    /// The HTTP status that goes with the code.
    pub fn status(self) -> u16 {
        match self {
            Code::BadRequestException
            | Code::InvalidAction
            | Code::MissingAction
            | Code::ValidationError
            | Code::MalformedPolicyDocument
            | Code::PackedPolicyTooLarge
            | Code::InvalidAuthorizationMessageException
            | Code::InvalidIdentityToken
            | Code::ExpiredTokenException
            | Code::PolicyNotAttachable
            | Code::UnmodifiableEntity
            | Code::PasswordPolicyViolation
            | Code::InvalidInput
            | Code::InvalidUserType
            | Code::Throttling
            | Code::UnknownParameter
            | Code::MissingParameter
            | Code::InvalidParameterValue
            | Code::InvalidParameterCombination
            | Code::InvalidNextToken
            | Code::IdempotentParameterMismatch
            | Code::UnsupportedOperation
            | Code::OperationNotPermitted
            | Code::DependencyViolation
            | Code::CannotDelete
            | Code::InvalidId
            | Code::InvalidVpcIdMalformed
            | Code::InvalidVpcIdNotFound
            | Code::InvalidVpcRange
            | Code::InvalidSubnetIdMalformed
            | Code::InvalidSubnetIdNotFound
            | Code::InvalidSubnetRange
            | Code::InvalidSubnetConflict
            | Code::InsufficientFreeAddressesInSubnet
            | Code::InvalidGroupIdMalformed
            | Code::InvalidGroupNotFound
            | Code::InvalidGroupDuplicate
            | Code::InvalidSecurityGroupRuleIdNotFound
            | Code::InvalidSecurityGroupRuleIdMalformed
            | Code::InvalidPermissionNotFound
            | Code::InvalidPermissionDuplicate
            | Code::InvalidPermissionMalformed
            | Code::RulesPerSecurityGroupLimitExceeded
            | Code::InvalidInternetGatewayIdMalformed
            | Code::InvalidInternetGatewayIdNotFound
            | Code::ResourceAlreadyAssociated
            | Code::GatewayNotAttached
            | Code::InvalidRouteTableIdMalformed
            | Code::InvalidRouteTableIdNotFound
            | Code::InvalidAssociationIdNotFound
            | Code::RouteAlreadyExists
            | Code::InvalidRouteNotFound
            | Code::InvalidNetworkAclIdMalformed
            | Code::InvalidNetworkAclIdNotFound
            | Code::InvalidNetworkInterfaceIdMalformed
            | Code::InvalidNetworkInterfaceIdNotFound
            | Code::InvalidAttachmentIdNotFound
            | Code::InvalidIpAddressInUse
            | Code::InvalidPermissionIdNotFound
            | Code::InvalidVpcEndpointIdNotFound
            | Code::InvalidAllocationIdNotFound
            | Code::InvalidAddressNotFound
            | Code::InvalidGroupReserved
            | Code::VpcIdNotSpecified
            | Code::RouteLimitExceeded
            | Code::InvalidPrefixListIdNotFound
            | Code::SecurityGroupsPerInterfaceLimitExceeded
            | Code::TagLimitExceeded
            | Code::VpcLimitExceeded
            | Code::SubnetLimitExceeded
            | Code::SecurityGroupLimitExceeded
            | Code::InternetGatewayLimitExceeded
            | Code::RouteTableLimitExceeded
            | Code::NetworkInterfaceLimitExceeded => 400,
            Code::DryRunOperation => 412,
            Code::UnauthorizedException => 401,
            Code::ForbiddenException
            | Code::AccessDeniedException
            | Code::MissingAuthenticationTokenException
            | Code::AccessDenied
            | Code::UnauthorizedOperation => 403,
            Code::NotFoundException | Code::NoSuchEntity => 404,
            Code::ConflictException
            | Code::EntityAlreadyExists
            | Code::DeleteConflict
            | Code::LimitExceeded => 409,
            Code::ReportNotPresent | Code::ReportExpired => 410,
            Code::RequestEntityTooLargeException => 413,
            Code::TooManyRequestsException => 429,
            Code::InternalServerErrorException
            | Code::InternalFailure
            | Code::InternalError
            | Code::InsufficientAddressCapacity => 500,
            Code::ServiceUnavailable | Code::RequestLimitExceeded => 503,
        }
    }
}

/// Why a call was not carried out. The message is for the caller; the cause is for the log alone.
pub struct Refusal {
    /// AWS's code.
    pub code: Code,
    /// The text the caller sees.
    pub message: String,
    /// mq's `errorAttribute`: the member at fault.
    pub attribute: Option<String>,
    /// What went wrong inside. It never leaves the server.
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Refusal {
    /// A refusal with a public text.
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal {
            code,
            message: message.into(),
            attribute: None,
            cause: None,
        }
    }

    /// mq: 400, the named member is wrong.
    pub fn bad_request(attribute: &str, message: impl Into<String>) -> Refusal {
        Refusal::new(Code::BadRequestException, message).at(attribute)
    }

    /// mq: 404.
    pub fn not_found(attribute: &str, message: impl Into<String>) -> Refusal {
        Refusal::new(Code::NotFoundException, message).at(attribute)
    }

    /// mq: 409.
    pub fn conflict(attribute: &str, message: impl Into<String>) -> Refusal {
        Refusal::new(Code::ConflictException, message).at(attribute)
    }

    /// A fault of ours: the caller learns nothing but that, the log gets the cause. The pipeline turns the code into
    /// the one of the protocol that answers.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Refusal {
        Refusal {
            code: Code::InternalServerErrorException,
            message:
                "Unexpected internal server error. Retrying your request might resolve the issue."
                    .into(),
            attribute: None,
            cause: Some(cause.into()),
        }
    }

    /// The same refusal, blaming this member.
    pub fn at(mut self, attribute: &str) -> Refusal {
        if !attribute.is_empty() {
            self.attribute = Some(attribute.into());
        }
        self
    }

    /// The same refusal with a cause for the log.
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Refusal {
        self.cause = Some(cause.into());
        self
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)?;
        if let Some(cause) = &self.cause {
            write!(f, " ({cause})")?;
        }
        Ok(())
    }
}
