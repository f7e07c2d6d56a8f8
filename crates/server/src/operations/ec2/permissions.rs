//! Permissions to attach network interfaces.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::ec2 as wire;
use store::Change;
use store::state::Record;
use vpc::{Grantee, InterfacePermission, NetworkInterface, Tags};

use super::interfaces::{own, put};
use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{Unique, required, shortened};
use super::refusals::{invalid_value, missing};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};

/// A permission with its interface.
struct Permitted {
    interface: NetworkInterface,
    permission: InterfacePermission,
    tags: Tags,
}

fn grantee(permission: &InterfacePermission) -> (&str, &str) {
    match &permission.grantee {
        Grantee::Account(account) => (account, ""),
        Grantee::Service(service) => ("", service),
    }
}

fn some(text: &str) -> Vec<String> {
    if text.is_empty() {
        Vec::new()
    } else {
        vec![text.to_owned()]
    }
}

impl Listed for Permitted {
    const FILTERS: &'static [Filter<Permitted>] = &[
        (
            "network-interface-permission.network-interface-permission-id",
            |_, p| one(&p.permission.id),
        ),
        (
            "network-interface-permission.network-interface-id",
            |_, p| one(&p.interface.id),
        ),
        ("network-interface-permission.aws-account-id", |_, p| {
            some(grantee(&p.permission).0)
        }),
        ("network-interface-permission.aws-service", |_, p| {
            some(grantee(&p.permission).1)
        }),
        ("network-interface-permission.permission", |_, p| {
            one(&p.permission.permission)
        }),
    ];
    fn id(&self) -> &str {
        &self.permission.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

fn shown_permission(
    interface: &NetworkInterface,
    permission: &InterfacePermission,
) -> wire::NetworkInterfacePermission {
    let (account, service) = grantee(permission);
    wire::NetworkInterfacePermission {
        network_interface_permission_id: permission.id.clone(),
        network_interface_id: interface.id.clone(),
        aws_account_id: account.into(),
        aws_service: service.into(),
        permission: permission.permission.clone(),
        permission_state: Some(wire::NetworkInterfacePermissionState {
            state: "granted".into(),
        }),
    }
}

/// Lists the permissions on network interfaces.
pub async fn describe_network_interface_permissions(
    call: Call,
    _permit: Permit<table::DescribeNetworkInterfacePermissions>,
    input: wire::DescribeNetworkInterfacePermissionsRequest,
) -> Result<wire::DescribeNetworkInterfacePermissionsResponse, Refusal> {
    let account = call.account()?;
    let mut all: Vec<Permitted> = account
        .interfaces
        .values()
        .filter(|interface| interface.region == call.region())
        .flat_map(|interface| {
            interface.permissions.iter().map(|permission| Permitted {
                interface: (**interface).clone(),
                permission: permission.clone(),
                tags: Tags::new(),
            })
        })
        .collect();
    all.sort_by(|a, b| a.permission.id.cmp(&b.permission.id));
    if let Some(unknown) = input
        .network_interface_permission_ids
        .iter()
        .find(|id| !all.iter().any(|one| one.permission.id == **id))
    {
        return Err(no_permission(unknown));
    }
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.network_interface_permission_ids,
        kind: None,
    };
    let (permissions, next_token) = page(&call, account, &asked, all.iter())?;
    Ok(wire::DescribeNetworkInterfacePermissionsResponse {
        network_interface_permissions: permissions
            .into_iter()
            .map(|one| shown_permission(&one.interface, &one.permission))
            .collect(),
        next_token: next_token.unwrap_or_default(),
    })
}

fn no_permission(id: &str) -> Refusal {
    Refusal::new(
        Code::InvalidPermissionIdNotFound,
        format!(
            "The networkInterfacePermission ID '{}' does not exist",
            shortened(id)
        ),
    )
}

/// Permits an account or a service to attach a network interface.
pub async fn create_network_interface_permission(
    call: Call,
    permit: Permit<table::CreateNetworkInterfacePermission>,
    input: wire::CreateNetworkInterfacePermissionRequest,
) -> Result<wire::CreateNetworkInterfacePermissionResponse, Refusal> {
    let permission = required("permission", input.permission.as_deref())?.to_owned();
    if !["INSTANCE-ATTACH", "EIP-ASSOCIATE"].contains(&permission.as_str()) {
        return Err(invalid_value(
            &shortened(&permission),
            "permission",
            "Valid values are INSTANCE-ATTACH and EIP-ASSOCIATE.",
        ));
    }
    let grantee = match (&input.aws_account_id, &input.aws_service) {
        (Some(account), None)
            if account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Grantee::Account(account.clone())
        }
        (Some(account), None) => {
            return Err(invalid_value(
                &shortened(account),
                "awsAccountId",
                "An account ID has 12 digits.",
            ));
        }
        (None, Some(service)) => Grantee::Service(shortened(service)),
        (None, None) => return Err(missing("awsAccountId")),
        (Some(_), Some(_)) => {
            return Err(Refusal::new(
                Code::InvalidParameterCombination,
                "The parameters awsAccountId and awsService may not be used together",
            ));
        }
    };
    let unique = Unique::new(&call)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("networkInterfaceId", input.network_interface_id.as_deref())?;
        let mut interface = own(account, cx.region(), id)?.clone();
        let same = interface
            .permissions
            .iter()
            .find(|one| one.grantee == grantee && one.permission == permission);
        if let Some(same) = same {
            return Ok(Decided {
                changes: Vec::new(),
                output: wire::CreateNetworkInterfacePermissionResponse {
                    interface_permission: Some(shown_permission(&interface, same)),
                },
            });
        }
        let mut unique = unique;
        let made = InterfacePermission {
            id: format!("eni-perm-{}", unique.digits()),
            grantee: grantee.clone(),
            permission: permission.clone(),
        };
        let output = wire::CreateNetworkInterfacePermissionResponse {
            interface_permission: Some(shown_permission(&interface, &made)),
        };
        interface.permissions.push(made);
        Ok(Decided {
            changes: vec![Change::put(Record::NetworkInterface(interface))],
            output,
        })
    })
    .await
}

/// Takes a permission back.
pub async fn delete_network_interface_permission(
    call: Call,
    permit: Permit<table::DeleteNetworkInterfacePermission>,
    input: wire::DeleteNetworkInterfacePermissionRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required(
            "networkInterfacePermissionId",
            input.network_interface_permission_id.as_deref(),
        )?;
        let found = account
            .interfaces
            .values()
            .filter(|interface| interface.region == cx.region())
            .find(|interface| interface.permissions.iter().any(|one| one.id == id))
            .ok_or_else(|| no_permission(id))?;
        let mut interface = own(account, cx.region(), &found.id)?.clone();
        interface.permissions.retain(|one| one.id != id);
        Ok(put(interface))
    })
    .await
}
