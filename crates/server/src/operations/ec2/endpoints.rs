//! VPC endpoints. AWS makes them for private RabbitMQ brokers, with the service-linked role, and tags them `AMQManaged`; here
//! each such broker has one, which is what its interfaces are shown as.

use ::brokers::broker::{Broker, EngineType};
use api::refusal::{Code, Refusal};
use api::table;
use api::wire::ec2 as wire;
use store::state::Account;
use vpc::{NetworkInterface, Tags};

use super::interfaces::engine_of;
use super::lists::{Asked, Filter, Listed, one, page};
use super::members::{shortened, shown as shown_tags};
use crate::authorise::Permit;
use crate::call::Call;
use crate::time::iso_millis;

/// The endpoint of a broker, by the broker's id: hexadecimal digits of it.
pub(crate) fn endpoint_id(broker: &str) -> String {
    let digits: String = broker
        .trim_start_matches("b-")
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(17)
        .collect();
    format!("vpce-{digits}")
}

/// The endpoint that an interface belongs to.
pub(super) fn of_interface(account: &Account, interface: &NetworkInterface) -> Option<String> {
    match engine_of(account, interface)? {
        EngineType::ActiveMq => None,
        EngineType::RabbitMq => {
            let (broker, _) = interface.instance.as_deref()?.rsplit_once('-')?;
            account
                .broker(broker)
                .filter(|broker| !broker.publicly_accessible)
                .map(|_| endpoint_id(broker))
        }
    }
}

struct Endpoint {
    id: String,
    tags: Tags,
    service: String,
    created: i64,
    interfaces: Vec<NetworkInterface>,
}

impl Endpoint {
    fn of(account: &Account, broker: &Broker) -> Option<Endpoint> {
        match broker.engine {
            EngineType::RabbitMq if !broker.publicly_accessible => {}
            EngineType::RabbitMq | EngineType::ActiveMq => return None,
        }
        let interfaces: Vec<NetworkInterface> = broker
            .instances
            .iter()
            .filter_map(|instance| account.interfaces.get(&instance.interface_id))
            .map(|interface| (**interface).clone())
            .collect();
        let id = endpoint_id(&broker.id.to_string());
        Some(Endpoint {
            service: format!(
                "com.amazonaws.vpce.{}.{}",
                broker.region,
                id.replace("vpce-", "vpce-svc-")
            ),
            id,
            tags: [
                ("AMQManaged".to_owned(), "true".to_owned()),
                ("Broker".to_owned(), broker.id.to_string()),
            ]
            .into(),
            created: broker.created,
            interfaces,
        })
    }

    fn vpc(&self) -> &str {
        self.interfaces
            .first()
            .map_or("", |interface| interface.vpc_id.as_str())
    }

    fn subnets(&self) -> Vec<String> {
        let mut subnets: Vec<String> = Vec::new();
        for interface in &self.interfaces {
            if !subnets.contains(&interface.subnet_id) {
                subnets.push(interface.subnet_id.clone());
            }
        }
        subnets
    }
}

impl Listed for Endpoint {
    const FILTERS: &'static [Filter<Endpoint>] = &[
        ("vpc-endpoint-id", |_, endpoint| one(&endpoint.id)),
        ("vpc-endpoint-type", |_, _| one("Interface")),
        ("vpc-endpoint-state", |_, _| one("available")),
        ("service-name", |_, endpoint| one(&endpoint.service)),
        ("vpc-id", |_, endpoint| one(endpoint.vpc())),
        ("ip-address-type", |_, _| one("ipv4")),
    ];
    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
}

/// Lists VPC endpoints.
pub async fn describe_vpc_endpoints(
    call: Call,
    _permit: Permit<table::DescribeVpcEndpoints>,
    input: wire::DescribeVpcEndpointsRequest,
) -> Result<wire::DescribeVpcEndpointsResponse, Refusal> {
    let account = call.account()?;
    let mut all: Vec<Endpoint> = account
        .brokers()
        .filter(|broker| broker.region == call.region())
        .filter_map(|broker| Endpoint::of(account, broker))
        .collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    if let Some(unknown) = input
        .vpc_endpoint_ids
        .iter()
        .find(|id| !all.iter().any(|endpoint| endpoint.id == **id))
    {
        return Err(Refusal::new(
            Code::InvalidVpcEndpointIdNotFound,
            format!(
                "The Vpc Endpoint Id '{}' does not exist",
                shortened(unknown)
            ),
        ));
    }
    let asked = Asked {
        filters: &input.filters,
        max_results: input.max_results,
        next_token: input.next_token.as_deref(),
        ids: &input.vpc_endpoint_ids,
        kind: None,
    };
    let (endpoints, next_token) = page(&call, account, &asked, all.iter())?;
    let group = |id: &String| wire::SecurityGroupIdentifier {
        group_id: id.clone(),
        group_name: account
            .security_groups
            .get(id)
            .map(|group| group.name.clone())
            .unwrap_or_default(),
    };
    Ok(wire::DescribeVpcEndpointsResponse {
        vpc_endpoints: endpoints
            .into_iter()
            .map(|endpoint| wire::VpcEndpoint {
                vpc_endpoint_id: endpoint.id.clone(),
                vpc_endpoint_type: "Interface".into(),
                vpc_id: endpoint.vpc().into(),
                service_name: endpoint.service.clone(),
                state: "available".into(),
                subnet_ids: endpoint.subnets(),
                groups: endpoint
                    .interfaces
                    .first()
                    .map(|interface| interface.groups.iter().map(group).collect())
                    .unwrap_or_default(),
                private_dns_enabled: false,
                requester_managed: true,
                network_interface_ids: endpoint
                    .interfaces
                    .iter()
                    .map(|interface| interface.id.clone())
                    .collect(),
                creation_timestamp: iso_millis(endpoint.created),
                tags: shown_tags(&endpoint.tags),
                owner_id: call.account_id().into(),
            })
            .collect(),
        next_token: next_token.unwrap_or_default(),
    })
}
