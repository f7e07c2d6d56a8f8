//! EC2's refusals. The texts are AWS's where they are known from its documentation ("Error codes for the Amazon EC2 API") or
//! from public reports.

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;

/// The last part of what the kind's ids are called in messages.
fn noun(kind: NetworkKind) -> &'static str {
    match kind {
        NetworkKind::Vpc => "vpc ID",
        NetworkKind::Subnet => "subnet ID",
        NetworkKind::SecurityGroup => "security group",
        NetworkKind::SecurityGroupRule => "security group rule ID",
        NetworkKind::InternetGateway => "internetGateway ID",
        NetworkKind::RouteTable => "routeTable ID",
        NetworkKind::NetworkAcl => "networkAcl ID",
        NetworkKind::NetworkInterface => "networkInterface ID",
    }
}

/// A resource is not there.
pub(super) fn not_found(kind: NetworkKind, id: &str) -> Refusal {
    let code = match kind {
        NetworkKind::Vpc => Code::InvalidVpcIdNotFound,
        NetworkKind::Subnet => Code::InvalidSubnetIdNotFound,
        NetworkKind::SecurityGroup => Code::InvalidGroupNotFound,
        NetworkKind::SecurityGroupRule => Code::InvalidSecurityGroupRuleIdNotFound,
        NetworkKind::InternetGateway => Code::InvalidInternetGatewayIdNotFound,
        NetworkKind::RouteTable => Code::InvalidRouteTableIdNotFound,
        NetworkKind::NetworkAcl => Code::InvalidNetworkAclIdNotFound,
        NetworkKind::NetworkInterface => Code::InvalidNetworkInterfaceIdNotFound,
    };
    Refusal::new(code, format!("The {} '{id}' does not exist", noun(kind)))
}

/// A text is not an id of this kind.
pub(super) fn malformed(kind: NetworkKind, id: &str) -> Refusal {
    let code = match kind {
        NetworkKind::Vpc => Code::InvalidVpcIdMalformed,
        NetworkKind::Subnet => Code::InvalidSubnetIdMalformed,
        NetworkKind::SecurityGroup => Code::InvalidGroupIdMalformed,
        NetworkKind::SecurityGroupRule => Code::InvalidSecurityGroupRuleIdMalformed,
        NetworkKind::InternetGateway => Code::InvalidInternetGatewayIdMalformed,
        NetworkKind::RouteTable => Code::InvalidRouteTableIdMalformed,
        NetworkKind::NetworkAcl => Code::InvalidNetworkAclIdMalformed,
        NetworkKind::NetworkInterface => Code::InvalidNetworkInterfaceIdMalformed,
    };
    Refusal::new(
        code,
        format!("Invalid id: \"{id}\" (expecting \"{}-...\")", kind.prefix()),
    )
}

/// Something still needs the resource.
pub(super) fn in_use(noun: &str, id: &str) -> Refusal {
    Refusal::new(
        Code::DependencyViolation,
        format!("The {noun} '{id}' has dependencies and cannot be deleted."),
    )
}

/// A parameter is missing.
pub(super) fn missing(name: &str) -> Refusal {
    Refusal::new(
        Code::MissingParameter,
        format!("The request must contain the parameter {name}"),
    )
}

/// A value is not acceptable.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(Code::InvalidParameterValue, message)
}

/// A parameter's value is not acceptable.
pub(super) fn invalid_value(value: &str, parameter: &str, because: &str) -> Refusal {
    invalid(format!(
        "Value ({value}) for parameter {parameter} is invalid. {because}"
    ))
}

/// An interface that Amazon MQ manages. AWS answers an attempt to change what a service owns with this code; the text is the
/// one it has for resources that the caller has no say over.
pub(super) fn managed() -> Refusal {
    Refusal::new(
        Code::OperationNotPermitted,
        "You do not have permission to access the specified resource.",
    )
}
