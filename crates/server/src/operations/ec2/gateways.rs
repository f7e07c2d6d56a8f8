//! Internet gateways.

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::state::Record;
use store::{Change, Document};
use vpc::{InternetGateway, Tags};

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{Unique, birth_tags, find_gateway, find_vpc, required, shown as shown_tags};
use super::quotas;
use super::refusals::{in_use, invalid};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};

impl Listed for InternetGateway {
    const FILTERS: &'static [Filter<InternetGateway>] = &[
        ("internet-gateway-id", |_, gateway| one(&gateway.id)),
        ("attachment.vpc-id", |_, gateway| {
            gateway.vpc_id.iter().cloned().collect()
        }),
        ("attachment.state", |_, gateway| {
            gateway.vpc_id.iter().map(|_| "available".into()).collect()
        }),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

fn shown(gateway: &InternetGateway) -> wire::InternetGateway {
    wire::InternetGateway {
        attachments: gateway
            .vpc_id
            .iter()
            .map(|vpc| wire::InternetGatewayAttachment {
                state: "available".into(),
                vpc_id: vpc.clone(),
            })
            .collect(),
        internet_gateway_id: gateway.id.clone(),
        owner_id: gateway.account.clone(),
        tags: shown_tags(&gateway.tags),
    }
}

/// Lists internet gateways.
pub async fn describe_internet_gateways(
    call: Call,
    _permit: Permit<table::DescribeInternetGateways>,
    input: wire::DescribeInternetGatewaysRequest,
) -> Result<wire::DescribeInternetGatewaysResponse, Refusal> {
    let account = call.account()?;
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.internet_gateway_ids,
        kind: Some(NetworkKind::InternetGateway),
    };
    let all = account.internet_gateways.values().map(AsRef::as_ref);
    let here = all.filter(|gateway: &&InternetGateway| gateway.region == call.region());
    let (gateways, next_token) = page(&call, account, &asked, here)?;
    Ok(wire::DescribeInternetGatewaysResponse {
        internet_gateways: gateways.into_iter().map(shown).collect(),
        next_token: next_token.unwrap_or_default(),
    })
}

/// Creates an internet gateway that is attached to nothing.
pub async fn create_internet_gateway(
    call: Call,
    permit: Permit<table::CreateInternetGateway>,
    input: wire::CreateInternetGatewayRequest,
) -> Result<wire::CreateInternetGatewayResponse, Refusal> {
    let gateway = InternetGateway {
        account: call.account_id().into(),
        id: Unique::new(&call)?.id(NetworkKind::InternetGateway),
        region: call.region().into(),
        vpc_id: None,
        tags: birth_tags(NetworkKind::InternetGateway, &input.tag_specifications)?,
    };
    let cx = call.clone();
    call.commit(permit, move |state| {
        let gateways = account_of(state, cx.account_id())?
            .internet_gateways
            .values();
        let gateways = gateways.filter(|gateway| gateway.region == cx.region());
        quotas::INTERNET_GATEWAYS.room(&cx, gateways.count())?;
        Ok(Decided {
            changes: vec![Change::put(Record::InternetGateway(gateway.clone()))],
            output: wire::CreateInternetGatewayResponse {
                internet_gateway: Some(shown(&gateway)),
            },
        })
    })
    .await
}

/// Deletes an internet gateway that is not attached.
pub async fn delete_internet_gateway(
    call: Call,
    permit: Permit<table::DeleteInternetGateway>,
    input: wire::DeleteInternetGatewayRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("internetGatewayId", input.internet_gateway_id.as_deref())?;
        let gateway = find_gateway(account, cx.region(), id)?;
        if gateway.vpc_id.is_some() {
            return Err(in_use("internetGateway", id));
        }
        Ok(Decided {
            changes: vec![Change::Delete(
                Record::InternetGateway((**gateway).clone()).key(),
            )],
            output: wire::Return::DONE,
        })
    })
    .await
}

/// Attaches an internet gateway to a VPC that has none.
pub async fn attach_internet_gateway(
    call: Call,
    permit: Permit<table::AttachInternetGateway>,
    input: wire::AttachInternetGatewayRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("internetGatewayId", input.internet_gateway_id.as_deref())?;
        let vpc = required("vpcId", input.vpc_id.as_deref())?;
        let gateway = find_gateway(account, cx.region(), id)?;
        find_vpc(account, cx.region(), vpc)?;
        if let Some(other) = &gateway.vpc_id {
            return Err(Refusal::new(
                Code::ResourceAlreadyAssociated,
                format!("resource {id} is already attached to network {other}"),
            ));
        }
        if account
            .internet_gateways
            .values()
            .any(|gateway| gateway.vpc_id.as_deref() == Some(vpc))
        {
            return Err(invalid(format!(
                "Network {vpc} already has an internet gateway attached"
            )));
        }
        Ok(with_vpc(gateway, Some(vpc)))
    })
    .await
}

/// Detaches an internet gateway from its VPC. Routes that lead to it lead nowhere from then on.
pub async fn detach_internet_gateway(
    call: Call,
    permit: Permit<table::DetachInternetGateway>,
    input: wire::DetachInternetGatewayRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("internetGatewayId", input.internet_gateway_id.as_deref())?;
        let vpc = required("vpcId", input.vpc_id.as_deref())?;
        let gateway = find_gateway(account, cx.region(), id)?;
        find_vpc(account, cx.region(), vpc)?;
        if gateway.vpc_id.as_deref() != Some(vpc) {
            return Err(Refusal::new(
                Code::GatewayNotAttached,
                format!("resource {id} is not attached to network {vpc}"),
            ));
        }
        Ok(with_vpc(gateway, None))
    })
    .await
}

fn with_vpc(gateway: &InternetGateway, vpc: Option<&str>) -> Decided<wire::Return> {
    Decided {
        changes: vec![Change::put(Record::InternetGateway(InternetGateway {
            vpc_id: vpc.map(str::to_owned),
            ..gateway.clone()
        }))],
        output: wire::Return::DONE,
    }
}
