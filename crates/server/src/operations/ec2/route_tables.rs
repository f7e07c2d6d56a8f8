//! Route tables, their routes and associations.

use api::refusal::{Code, Refusal};
use api::row::NetworkKind;
use api::table;
use api::wire::ec2 as wire;
use store::state::{Account, Record};
use store::{Change, Document};
use vpc::{Cidr, Destination, Route, RouteTable, RouteTableAssociation, RouteTarget, Tags};

use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{
    Unique, birth_tags, client_token, find_gateway, find_interface, find_route_table, find_subnet,
    find_vpc, is_repeated, range, required, shortened, shown as shown_tags,
};
use super::quotas;
use super::refusals::{in_use, invalid, invalid_value};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};

/// The most routes that a table has ("Amazon VPC quotas": the most it can be raised to).
const MAX_ROUTES: usize = 1000;

fn all<T: ToString>(
    table: &RouteTable,
    value: impl Fn(&RouteTableAssociation) -> Option<T>,
) -> Vec<String> {
    let found = table.associations.iter().filter_map(value);
    found.map(|value| value.to_string()).collect()
}

fn routes(account: &Account, table: &RouteTable, value: fn(&wire::Route) -> &str) -> Vec<String> {
    let routes = shown_routes(account, table);
    let values = routes.iter().map(|route| value(route).to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

impl Listed for RouteTable {
    const FILTERS: &'static [Filter<RouteTable>] = &[
        ("route-table-id", |_, table| one(&table.id)),
        ("vpc-id", |_, table| one(&table.vpc_id)),
        ("association.main", |_, table| {
            all(table, |one| Some(one.subnet_id.is_none()))
        }),
        ("association.route-table-association-id", |_, table| {
            all(table, |one| Some(one.id.clone()))
        }),
        ("association.route-table-id", |_, table| {
            all(table, |_| Some(table.id.clone()))
        }),
        ("association.subnet-id", |_, table| {
            all(table, |one| one.subnet_id.clone())
        }),
        ("association.gateway-id", |_, _| Vec::new()),
        ("route.destination-cidr-block", |account, table| {
            routes(account, table, |route| &route.destination_cidr_block)
        }),
        ("route.destination-ipv6-cidr-block", |account, table| {
            routes(account, table, |route| &route.destination_ipv6_cidr_block)
        }),
        ("route.gateway-id", |account, table| {
            routes(account, table, |route| &route.gateway_id)
        }),
        ("route.origin", |account, table| {
            routes(account, table, |route| &route.origin)
        }),
        ("route.state", |account, table| {
            routes(account, table, |route| &route.state)
        }),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

fn shown(account: &Account, table: &RouteTable) -> wire::RouteTable {
    wire::RouteTable {
        associations: table
            .associations
            .iter()
            .map(|association| wire::RouteTableAssociation {
                main: association.subnet_id.is_none(),
                route_table_association_id: association.id.clone(),
                route_table_id: table.id.clone(),
                subnet_id: association.subnet_id.clone().unwrap_or_default(),
                association_state: associated(),
            })
            .collect(),
        propagating_vgws: Vec::new(),
        route_table_id: table.id.clone(),
        routes: shown_routes(account, table),
        tags: shown_tags(&table.tags),
        vpc_id: table.vpc_id.clone(),
        owner_id: table.account.clone(),
    }
}

fn associated() -> Option<wire::RouteTableAssociationState> {
    Some(wire::RouteTableAssociationState {
        state: "associated".into(),
    })
}

fn shown_routes(account: &Account, table: &RouteTable) -> Vec<wire::Route> {
    let local = account.vpcs.get(&table.vpc_id).map(|vpc| wire::Route {
        destination_cidr_block: vpc.cidr.to_string(),
        gateway_id: "local".into(),
        origin: "CreateRouteTable".into(),
        state: "active".into(),
        ..Default::default()
    });
    let others = table.routes.iter().map(|route| {
        let mut shown = wire::Route {
            origin: "CreateRoute".into(),
            ..Default::default()
        };
        match route.destination {
            Destination::Ipv4(range) => shown.destination_cidr_block = range.to_string(),
            Destination::Ipv6(range) => shown.destination_ipv6_cidr_block = range.to_string(),
        }
        let leads_somewhere = match &route.target {
            RouteTarget::InternetGateway(id) => {
                shown.gateway_id.clone_from(id);
                let gateway = account.internet_gateways.get(id);
                gateway.is_some_and(|gateway| gateway.vpc_id.as_ref() == Some(&table.vpc_id))
            }
            RouteTarget::NetworkInterface(id) => {
                shown.network_interface_id.clone_from(id);
                account.interfaces.contains_key(id)
            }
        };
        shown.state = if leads_somewhere {
            "active"
        } else {
            "blackhole"
        }
        .into();
        shown
    });
    local.into_iter().chain(others).collect()
}

/// Lists route tables.
pub async fn describe_route_tables(
    call: Call,
    _permit: Permit<table::DescribeRouteTables>,
    input: wire::DescribeRouteTablesRequest,
) -> Result<wire::DescribeRouteTablesResponse, Refusal> {
    let account = call.account()?;
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.route_table_ids,
        kind: Some(NetworkKind::RouteTable),
    };
    let all = account.route_tables.values().map(AsRef::as_ref);
    let here = all.filter(|table: &&RouteTable| table.region == call.region());
    let (tables, next_token) = page(&call, account, &asked, here)?;
    Ok(wire::DescribeRouteTablesResponse {
        route_tables: tables
            .into_iter()
            .map(|table| shown(account, table))
            .collect(),
        next_token: next_token.unwrap_or_default(),
    })
}

/// Creates a route table.
pub async fn create_route_table(
    call: Call,
    permit: Permit<table::CreateRouteTable>,
    input: wire::CreateRouteTableRequest,
) -> Result<wire::CreateRouteTableResponse, Refusal> {
    let tags = birth_tags(NetworkKind::RouteTable, &input.tag_specifications)?;
    let token = client_token(&call, input.client_token.as_deref())?;
    let unique = Unique::new(&call)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let answer = |account: &Account, table: &RouteTable| wire::CreateRouteTableResponse {
            route_table: Some(shown(account, table)),
            client_token: input.client_token.clone().unwrap_or_default(),
        };
        for table in account.route_tables.values() {
            if table.region == cx.region()
                && is_repeated(token.as_ref(), table.client_token.as_ref())?
            {
                return Ok(Decided {
                    changes: Vec::new(),
                    output: answer(account, table),
                });
            }
        }
        let id = required("vpcId", input.vpc_id.as_deref())?;
        let vpc = find_vpc(account, cx.region(), id)?;
        let tables = account.route_tables.values();
        quotas::ROUTE_TABLES.room(&cx, tables.filter(|table| table.vpc_id == id).count())?;
        let mut unique = unique;
        let mut table = RouteTable::of(vpc, || unique.digits());
        table.tags.clone_from(&tags);
        table.client_token.clone_from(&token);
        let output = answer(account, &table);
        Ok(Decided {
            changes: vec![Change::put(Record::RouteTable(table))],
            output,
        })
    })
    .await
}

/// Deletes a route table that nothing uses.
pub async fn delete_route_table(
    call: Call,
    permit: Permit<table::DeleteRouteTable>,
    input: wire::DeleteRouteTableRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("routeTableId", input.route_table_id.as_deref())?;
        let table = find_route_table(account, cx.region(), id)?;
        if !table.associations.is_empty() {
            return Err(in_use("routeTable", id));
        }
        Ok(Decided {
            changes: vec![Change::Delete(Record::RouteTable((**table).clone()).key())],
            output: wire::Return::DONE,
        })
    })
    .await
}

/// The one destination of a request.
fn destination(ipv4: Option<&str>, ipv6: Option<&str>) -> Result<Destination, Refusal> {
    match (ipv4, ipv6) {
        (Some(text), None) => Ok(Destination::Ipv4(range(text, "destinationCidrBlock")?)),
        (None, Some(text)) => text.parse().map(Destination::Ipv6).map_err(|_| {
            invalid_value(
                &shortened(text),
                "destinationIpv6CidrBlock",
                "This is not a valid CIDR block.",
            )
        }),
        (None, None) => Err(Refusal::new(
            Code::MissingParameter,
            "The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock",
        )),
        (Some(_), Some(_)) => Err(Refusal::new(
            Code::InvalidParameterCombination,
            "The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock",
        )),
    }
}

/// What a route leads by: it has to be of the table's VPC.
fn target(
    account: &Account,
    region: &str,
    table: &RouteTable,
    gateway: Option<&str>,
    interface: Option<&str>,
) -> Result<RouteTarget, Refusal> {
    let elsewhere = |what: &str, id: &str| {
        invalid(format!(
            "route table {} and {what} {id} belong to different networks",
            table.id
        ))
    };
    match (gateway, interface) {
        (Some(id), None) => {
            let gateway = find_gateway(account, region, id)?;
            if gateway.vpc_id.as_ref() != Some(&table.vpc_id) {
                return Err(elsewhere("network gateway", id));
            }
            Ok(RouteTarget::InternetGateway(id.into()))
        }
        (None, Some(id)) => {
            let interface = find_interface(account, region, id)?;
            if interface.vpc_id != table.vpc_id {
                return Err(elsewhere("interface", id));
            }
            Ok(RouteTarget::NetworkInterface(id.into()))
        }
        (None, None) => Err(Refusal::new(
            Code::MissingParameter,
            "The request must contain exactly one of gatewayId, networkInterfaceId",
        )),
        (Some(_), Some(_)) => Err(Refusal::new(
            Code::InvalidParameterCombination,
            "The request must contain exactly one of gatewayId, networkInterfaceId",
        )),
    }
}

fn spelled(destination: Destination) -> String {
    match destination {
        Destination::Ipv4(range) => range.to_string(),
        Destination::Ipv6(range) => range.to_string(),
    }
}

/// Whether the destination is the table's local route.
fn is_local(account: &Account, table: &RouteTable, destination: Destination) -> bool {
    let local: Option<Cidr> = account.vpcs.get(&table.vpc_id).map(|vpc| vpc.cidr);
    local.map(Destination::Ipv4) == Some(destination)
}

fn no_such_route(table: &RouteTable, destination: Destination) -> Refusal {
    Refusal::new(
        Code::InvalidRouteNotFound,
        format!(
            "no route with destination-cidr-block {} in route table {}",
            spelled(destination),
            table.id
        ),
    )
}

fn put(table: RouteTable) -> Decided<wire::Return> {
    Decided {
        changes: vec![Change::put(Record::RouteTable(table))],
        output: wire::Return::DONE,
    }
}

/// Adds a route.
pub async fn create_route(
    call: Call,
    permit: Permit<table::CreateRoute>,
    input: wire::CreateRouteRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("routeTableId", input.route_table_id.as_deref())?;
        let mut table = (**find_route_table(account, cx.region(), id)?).clone();
        let destination = destination(
            input.destination_cidr_block.as_deref(),
            input.destination_ipv6_cidr_block.as_deref(),
        )?;
        let target = target(
            account,
            cx.region(),
            &table,
            input.gateway_id.as_deref(),
            input.network_interface_id.as_deref(),
        )?;
        if is_local(account, &table, destination) || table.route(destination).is_some() {
            return Err(Refusal::new(
                Code::RouteAlreadyExists,
                format!(
                    "The route identified by {} already exists.",
                    spelled(destination)
                ),
            ));
        }
        if table.routes.len() >= MAX_ROUTES {
            return Err(Refusal::new(
                Code::RouteLimitExceeded,
                "The maximum number of routes has been reached.",
            ));
        }
        table.routes.push(Route {
            destination,
            target,
        });
        Ok(put(table))
    })
    .await
}

/// Removes a route.
pub async fn delete_route(
    call: Call,
    permit: Permit<table::DeleteRoute>,
    input: wire::DeleteRouteRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("routeTableId", input.route_table_id.as_deref())?;
        let mut table = (**find_route_table(account, cx.region(), id)?).clone();
        let destination = destination(
            input.destination_cidr_block.as_deref(),
            input.destination_ipv6_cidr_block.as_deref(),
        )?;
        if is_local(account, &table, destination) {
            return Err(invalid(format!(
                "cannot remove local route {} in route table {id}",
                spelled(destination)
            )));
        }
        if table.route(destination).is_none() {
            return Err(no_such_route(&table, destination));
        }
        table
            .routes
            .retain(|route| route.destination != destination);
        Ok(put(table))
    })
    .await
}

/// Changes what a route leads by.
pub async fn replace_route(
    call: Call,
    permit: Permit<table::ReplaceRoute>,
    input: wire::ReplaceRouteRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("routeTableId", input.route_table_id.as_deref())?;
        let mut table = (**find_route_table(account, cx.region(), id)?).clone();
        let destination = destination(
            input.destination_cidr_block.as_deref(),
            input.destination_ipv6_cidr_block.as_deref(),
        )?;
        let target = target(
            account,
            cx.region(),
            &table,
            input.gateway_id.as_deref(),
            input.network_interface_id.as_deref(),
        )?;
        let found = table
            .routes
            .iter_mut()
            .find(|route| route.destination == destination);
        match found {
            Some(route) => route.target = target,
            None => return Err(no_such_route(&table, destination)),
        }
        Ok(put(table))
    })
    .await
}

/// Has a subnet use a route table.
pub async fn associate_route_table(
    call: Call,
    permit: Permit<table::AssociateRouteTable>,
    input: wire::AssociateRouteTableRequest,
) -> Result<wire::AssociateRouteTableResponse, Refusal> {
    let unique = Unique::new(&call)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("routeTableId", input.route_table_id.as_deref())?;
        let subnet_id = required("subnetId", input.subnet_id.as_deref())?;
        let mut table = (**find_route_table(account, cx.region(), id)?).clone();
        let subnet = find_subnet(account, cx.region(), subnet_id)?;
        if subnet.vpc_id != table.vpc_id {
            return Err(invalid(format!(
                "Route table {id} and network {subnet_id} belong to different networks"
            )));
        }
        let answer = |association: &str| wire::AssociateRouteTableResponse {
            association_id: association.into(),
            association_state: associated(),
        };
        let existing = account.route_tables.values().find_map(|table| {
            let mut all = table.associations.iter();
            let found = all.find(|one| one.subnet_id.as_deref() == Some(subnet_id))?;
            Some((table, found))
        });
        match existing {
            Some((of, found)) if of.id == id => {
                return Ok(Decided {
                    changes: Vec::new(),
                    output: answer(&found.id),
                });
            }
            Some(_) => {
                return Err(Refusal::new(
                    Code::ResourceAlreadyAssociated,
                    format!(
                        "the specified association for route table {id} conflicts with an existing association"
                    ),
                ));
            }
            None => {}
        }
        let mut unique = unique;
        let association = format!("rtbassoc-{}", unique.digits());
        table.associations.push(RouteTableAssociation {
            id: association.clone(),
            subnet_id: Some(subnet_id.into()),
        });
        Ok(Decided {
            changes: vec![Change::put(Record::RouteTable(table))],
            output: answer(&association),
        })
    })
    .await
}

/// The table and association of this id.
fn find_association<'a>(
    account: &'a Account,
    region: &str,
    id: &str,
) -> Result<(&'a RouteTable, &'a RouteTableAssociation), Refusal> {
    account
        .route_tables
        .values()
        .filter(|table| table.region == region)
        .find_map(|table| {
            let found = table.associations.iter().find(|one| one.id == id)?;
            Some((table.as_ref(), found))
        })
        .ok_or_else(|| {
            Refusal::new(
                Code::InvalidAssociationIdNotFound,
                format!("The association ID '{}' does not exist", shortened(id)),
            )
        })
}

/// Has a subnet use the main route table again.
pub async fn disassociate_route_table(
    call: Call,
    permit: Permit<table::DisassociateRouteTable>,
    input: wire::DisassociateRouteTableRequest,
) -> Result<wire::Return, Refusal> {
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("associationId", input.association_id.as_deref())?;
        let (table, association) = find_association(account, cx.region(), id)?;
        if association.subnet_id.is_none() {
            return Err(invalid(format!(
                "cannot disassociate the main route table association {id}"
            )));
        }
        let mut table = table.clone();
        table.associations.retain(|one| one.id != id);
        Ok(put(table))
    })
    .await
}

/// Moves an association, also the main one, to another route table of the VPC.
pub async fn replace_route_table_association(
    call: Call,
    permit: Permit<table::ReplaceRouteTableAssociation>,
    input: wire::ReplaceRouteTableAssociationRequest,
) -> Result<wire::ReplaceRouteTableAssociationResponse, Refusal> {
    let unique = Unique::new(&call)?;
    let cx = call.clone();
    call.commit(permit, move |state| {
        let account = account_of(state, cx.account_id())?;
        let id = required("associationId", input.association_id.as_deref())?;
        let to = required("routeTableId", input.route_table_id.as_deref())?;
        let (from, association) = find_association(account, cx.region(), id)?;
        let target = find_route_table(account, cx.region(), to)?;
        if target.vpc_id != from.vpc_id {
            return Err(invalid(format!(
                "Route table {to} and association {id} belong to different networks"
            )));
        }
        let mut unique = unique;
        let moved = RouteTableAssociation {
            id: format!("rtbassoc-{}", unique.digits()),
            subnet_id: association.subnet_id.clone(),
        };
        let output = wire::ReplaceRouteTableAssociationResponse {
            new_association_id: moved.id.clone(),
            association_state: associated(),
        };
        let mut old = from.clone();
        old.associations.retain(|one| one.id != id);
        // Order: the target is the changed table itself where it is moved to where it was.
        let mut new = if old.id == to {
            old.clone()
        } else {
            (**target).clone()
        };
        new.associations.push(moved);
        let mut changes = Vec::new();
        if old.id != new.id {
            changes.push(Change::put(Record::RouteTable(old)));
        }
        changes.push(Change::put(Record::RouteTable(new)));
        Ok(Decided { changes, output })
    })
    .await
}
