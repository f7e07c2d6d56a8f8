//! What clients connect to.

use super::record::Broker;
use super::settings::EngineType;
use crate::engine::activemq;

/// One entry of `brokerInstances`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceEndpoints {
    /// The web console.
    pub console_url: String,
    /// One URL per protocol, in Amazon's order.
    pub endpoints: Vec<String>,
    /// The instance's address; RabbitMQ shows none.
    pub ip_address: Option<String>,
}

impl Broker {
    /// The host name or address of an instance (from 1), for clients. Without a domain endpoints are addresses.
    pub fn instance_host(&self, number: u8, domain: Option<&str>) -> Option<String> {
        let instance = self
            .instances
            .iter()
            .find(|instance| instance.number == number)?;
        Some(match domain {
            None => instance.address.to_string(),
            Some(domain) => match self.engine {
                EngineType::ActiveMq => {
                    format!("{}-{number}.mq.{}.{domain}", self.id, self.region)
                }
                EngineType::RabbitMq => format!("{}.mq.{}.{domain}", self.id, self.region),
            },
        })
    }

    /// `brokerInstances`: nothing until the broker was ready once. A RabbitMQ broker has one entry, however many nodes.
    pub fn instance_endpoints(&self, domain: Option<&str>) -> Vec<InstanceEndpoints> {
        if !self.observed.created {
            return Vec::new();
        }
        match self.engine {
            EngineType::ActiveMq => self
                .instances
                .iter()
                .filter_map(|instance| {
                    let host = self.instance_host(instance.number, domain)?;
                    Some(InstanceEndpoints {
                        console_url: activemq::console_url(&host),
                        endpoints: activemq::endpoints(&host),
                        ip_address: Some(instance.address.to_string()),
                    })
                })
                .collect(),
            EngineType::RabbitMq => self
                .instance_host(1, domain)
                .map(|host| InstanceEndpoints {
                    console_url: format!("https://{host}"),
                    endpoints: vec![format!("amqps://{host}:5671")],
                    ip_address: None,
                })
                .into_iter()
                .collect(),
        }
    }
}
