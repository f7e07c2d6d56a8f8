//! Which service and row answer a request. Nothing here trusts the request: the signature is verified afterwards for the
//! service that was chosen.

use api::protocol::form::{self, Node};
use api::protocol::json;
use api::refusal::{Code, Refusal};
use api::row::{Protocol, Row, Service};
use serde_json::Value;

use crate::incoming::Incoming;

/// A request that found its row.
pub struct Route {
    /// The row.
    pub row: &'static Row,
    /// The request's members, or why they cannot be read. Authorisation comes before this refusal is shown.
    pub members: Result<Members, Refusal>,
}

/// The members of a request.
pub enum Members {
    /// Of a REST-JSON request.
    Json(Value),
    /// Of a Query request.
    Form(Node),
}

impl Members {
    /// The members as JSON, for condition keys and audit records.
    pub fn to_json(&self) -> Value {
        match self {
            Members::Json(value) => value.clone(),
            Members::Form(node) => node.to_json(),
        }
    }
}

/// The service that answers: the one that the credential scope names; for calls without one, by path and `Version`.
pub fn service(incoming: &Incoming) -> Service {
    if let Some(service) = scope_service(incoming).and_then(|name| Service::from_name(&name)) {
        return service;
    }
    if incoming.path().starts_with("/v1/") {
        return Service::Mq;
    }
    let version = parameters(incoming).ok().and_then(|pairs| {
        pairs
            .into_iter()
            .find(|(name, _)| name == "Version")
            .map(|(_, version)| version)
    });
    Service::ALL
        .into_iter()
        .find(|service| version.is_some() && service.api_version() == version.as_deref())
        .unwrap_or(Service::Mq)
}

/// The service's name out of the credential scope, from the header or the query.
fn scope_service(incoming: &Incoming) -> Option<String> {
    let credential = match incoming.header("authorization") {
        Some(header) => {
            let (_, rest) = header.split_once("Credential=")?;
            rest.split([',', ' ']).next()?.to_owned()
        }
        None => {
            form::pairs(incoming.query()?)
                .ok()?
                .into_iter()
                .find(|(name, _)| name == "X-Amz-Credential")?
                .1
        }
    };
    credential.split('/').nth(3).map(str::to_owned)
}

/// Finds the row.
///
/// # Errors
/// The protocol's refusal for what does not exist.
pub fn find(incoming: &Incoming, service: Service) -> Result<Route, Refusal> {
    match service.protocol() {
        Protocol::RestJson => rest(incoming, service),
        Protocol::Query | Protocol::Ec2 => query(incoming, service),
    }
}

fn rest(incoming: &Incoming, service: Service) -> Result<Route, Refusal> {
    // AWS: API Gateway answers like this for a path or method that it does not have.
    let nothing = || {
        Refusal::new(
            Code::MissingAuthenticationTokenException,
            "Missing Authentication Token",
        )
    };
    let found = api::route::rest(service, &incoming.method, incoming.path()).ok_or_else(nothing)?;
    let members = json::members(&found, incoming.query(), &incoming.body).map(Members::Json);
    Ok(Route {
        row: found.row,
        members,
    })
}

fn query(incoming: &Incoming, service: Service) -> Result<Route, Refusal> {
    let malformed = |_| {
        Refusal::new(
            Code::ValidationError,
            "The request parameters are not well-formed.",
        )
    };
    let pairs = parameters(incoming).map_err(malformed)?;
    let value = |wanted: &str| {
        let mut found = pairs
            .iter()
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str());
        let first = found.next();
        if found.next().is_some() {
            Err(())
        } else {
            Ok(first)
        }
    };
    let repeated = |()| {
        Refusal::new(
            Code::ValidationError,
            "Action and Version may be given once only.",
        )
    };
    let version = value("Version").map_err(repeated)?;
    let action = value("Action").map_err(repeated)?;
    let missing = match service {
        Service::Ec2 => "The request must contain the parameter Action",
        Service::Iam | Service::Sts | Service::Mq => "Missing Action",
    };
    let action = action
        .filter(|action| !action.is_empty())
        .ok_or_else(|| Refusal::new(Code::MissingAction, missing))?;
    let unknown = || {
        let message = match service {
            Service::Ec2 => format!("The action {action} is not valid for this web service."),
            Service::Iam | Service::Sts | Service::Mq => {
                format!(
                    "Could not find operation {action} for version {}",
                    version.unwrap_or("NO_VERSION_SPECIFIED")
                )
            }
        };
        Refusal::new(Code::InvalidAction, message)
    };
    if version.is_some() && version != service.api_version() {
        return Err(unknown());
    }
    let row = api::route::query(service, action).ok_or_else(unknown)?;
    let members = Node::from_pairs(&pairs)
        .map(Members::Form)
        .map_err(|error| {
            Refusal::new(
                Code::ValidationError,
                format!("The request parameters are not well-formed: {error}."),
            )
        });
    Ok(Route { row, members })
}

/// The parameters of a Query request: of the body for POST, of the query string otherwise.
fn parameters(incoming: &Incoming) -> Result<Vec<(String, String)>, form::FormError> {
    if incoming.method == "POST" {
        let body = std::str::from_utf8(&incoming.body).map_err(|_| form::FormError::Text)?;
        form::pairs(body)
    } else {
        form::pairs(incoming.query().unwrap_or_default())
    }
}
