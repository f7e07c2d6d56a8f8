//! The protocols that a broker speaks, their ports, and the URLs that clients are given.

use std::net::IpAddr;

/// The port of the web console.
pub const CONSOLE_PORT: u16 = 8162;

/// A client protocol with a connector of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Connector {
    /// OpenWire over TLS.
    OpenWire,
    /// AMQP 1.0 over TLS.
    Amqp,
    /// STOMP over TLS.
    Stomp,
    /// MQTT over TLS.
    Mqtt,
    /// STOMP or MQTT over secure WebSocket.
    WebSocket,
}

impl Connector {
    // AWS: the order of `endpoints` in DescribeBroker; users index into it.
    /// All connectors, in the order in which Amazon MQ lists endpoints.
    pub const ALL: [Self; 5] = [
        Self::OpenWire,
        Self::Amqp,
        Self::Stomp,
        Self::Mqtt,
        Self::WebSocket,
    ];

    /// The URL scheme, which is ActiveMQ's transport scheme too.
    #[must_use]
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::OpenWire => "ssl",
            Self::Amqp => "amqp+ssl",
            Self::Stomp => "stomp+ssl",
            Self::Mqtt => "mqtt+ssl",
            Self::WebSocket => "wss",
        }
    }

    /// The standard port ("Broker instance endpoints" of the Amazon MQ developer guide).
    #[must_use]
    pub const fn port(self) -> u16 {
        match self {
            Self::OpenWire => 61617,
            Self::Amqp => 5671,
            Self::Stomp => 61614,
            Self::Mqtt => 8883,
            Self::WebSocket => 61619,
        }
    }

    /// The connector's name in the broker's configuration and in its MBeans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenWire => "openwire",
            Self::Amqp => "amqp",
            Self::Stomp => "stomp",
            Self::Mqtt => "mqtt",
            Self::WebSocket => "wss",
        }
    }
}

/// The host name that Amazon gives to instance `instance` (1, or 2 for a standby) of broker `broker_id` (`b-…`).
#[must_use]
pub fn amazon_host(broker_id: &str, instance: u8, region: &str) -> String {
    format!("{broker_id}-{instance}.mq.{region}.amazonaws.com")
}

/// The endpoint URLs of one instance, in Amazon's order. `host` is a name or an address.
#[must_use]
pub fn endpoints(host: &str) -> Vec<String> {
    let host = url_host(host);
    Connector::ALL
        .iter()
        .map(|connector| {
            [
                connector.scheme(),
                "://",
                &host,
                ":",
                &connector.port().to_string(),
            ]
            .concat()
        })
        .collect()
}

/// The web console's URL of one instance.
#[must_use]
pub fn console_url(host: &str) -> String {
    format!("https://{}:{CONSOLE_PORT}", url_host(host))
}

/// A host as it stands in a URL: IPv6 addresses in brackets.
pub(super) fn url_host(host: &str) -> String {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(_)) | Err(_) => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_in_amazons_order() {
        let host = amazon_host("b-1234", 1, "eu-central-1");
        assert_eq!(host, "b-1234-1.mq.eu-central-1.amazonaws.com");
        assert_eq!(
            endpoints("127.0.10.5"),
            [
                "ssl://127.0.10.5:61617",
                "amqp+ssl://127.0.10.5:5671",
                "stomp+ssl://127.0.10.5:61614",
                "mqtt+ssl://127.0.10.5:8883",
                "wss://127.0.10.5:61619",
            ]
        );
        assert_eq!(console_url("::1"), "https://[::1]:8162");
    }
}
