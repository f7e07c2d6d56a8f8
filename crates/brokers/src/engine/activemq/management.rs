//! Management through Jolokia's agent: its settings, its policy, the requests that Postern makes and what the answers mean.

use base64::Engine as _;
use serde_json::Value;

use super::{Management, NodeSpec, Properties, RenderError, path_text};

/// The policy under which the agent runs; everything that it does not list is refused.
pub const POLICY: &str = include_str!("../../../../../engines/activemq/jolokia-policy.xml");

pub(super) fn agent_properties(
    spec: &NodeSpec,
    management: &Management,
) -> Result<Vec<u8>, RenderError> {
    let base = path_text(&spec.directories.base)?;
    let mut file = Properties::new();
    file.set("host", &management.listen.ip().to_string())
        .set("port", &management.listen.port().to_string())
        .set("user", &management.username)
        .set("password", management.password.expose())
        .set(
            "policyLocation",
            &format!("file://{base}/conf/jolokia-policy.xml"),
        )
        .set("discoveryEnabled", "false")
        .set("agentDescription", "postern");
    Ok(file.into_bytes())
}

/// An HTTP request to the agent.
pub struct ManagementRequest {
    /// Always `POST`.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// The value of `Authorization`.
    pub authorization: super::Secret,
    /// A JSON document.
    pub body: String,
}

/// Attributes that [`read_broker`] asks for.
const ATTRIBUTES: &[&str] = &[
    "BrokerVersion",
    "Slave",
    "UptimeMillis",
    "CurrentConnectionsCount",
    "TotalConnectionsCount",
    "TotalConsumerCount",
    "TotalProducerCount",
    "TotalMessageCount",
    "MemoryPercentUsage",
    "StorePercentUsage",
    "TempPercentUsage",
];

/// What a broker says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BrokerReading {
    /// The engine's own version.
    pub version: String,
    /// Whether it waits for the store's lock.
    pub standby: bool,
    /// Milliseconds since its start.
    pub uptime_ms: u64,
    /// Connections now.
    pub connections: u64,
    /// Connections since the start.
    pub connections_ever: u64,
    /// Consumers now.
    pub consumers: u64,
    /// Producers now.
    pub producers: u64,
    /// Messages held.
    pub messages: u64,
    /// Use of the memory for messages, in percent.
    pub memory_percent: u64,
    /// Use of the store, in percent.
    pub store_percent: u64,
    /// Use of the space for temporary messages, in percent.
    pub temp_percent: u64,
}

/// Why an answer of the agent is not a reading.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ManagementError {
    /// Not JSON, or not of the expected shape.
    #[error("the answer is not what the management agent sends")]
    Unreadable,
    /// The agent answered with an error of its own.
    #[error("the management agent answered with status {status}")]
    Refused {
        /// Its status: 403 policy, 404 no such broker.
        status: u64,
    },
}

/// The request that reads the state of a broker.
#[must_use]
pub fn read_broker(broker_name: &str, login: &Management) -> ManagementRequest {
    let body = serde_json::json!({
        "type": "read",
        "mbean": format!("org.apache.activemq:type=Broker,brokerName={broker_name}"),
        "attribute": ATTRIBUTES,
        // A standby has no statistics yet: attributes that fail are left out instead of failing the whole.
        "config": { "ignoreErrors": true },
    });
    request(login, &body)
}

fn request(login: &Management, body: &Value) -> ManagementRequest {
    let pair = format!("{}:{}", login.username, login.password.expose());
    let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
    ManagementRequest {
        method: "POST",
        path: "/jolokia/",
        authorization: super::Secret::new(format!("Basic {encoded}")),
        body: body.to_string(),
    }
}

/// Reads the answer to [`read_broker`].
///
/// # Errors
///
/// See [`ManagementError`].
pub fn reading_of(body: &[u8]) -> Result<BrokerReading, ManagementError> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| ManagementError::Unreadable)?;
    let status = answer
        .get("status")
        .and_then(Value::as_u64)
        .ok_or(ManagementError::Unreadable)?;
    if status != 200 {
        return Err(ManagementError::Refused { status });
    }
    let value = answer.get("value").ok_or(ManagementError::Unreadable)?;
    let number = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or(0);
    Ok(BrokerReading {
        version: value
            .get("BrokerVersion")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        // Invariant: only a broker that says so is active; one that says nothing is not.
        standby: value.get("Slave").and_then(Value::as_bool).unwrap_or(true),
        uptime_ms: number("UptimeMillis"),
        connections: number("CurrentConnectionsCount"),
        connections_ever: number("TotalConnectionsCount"),
        consumers: number("TotalConsumerCount"),
        producers: number("TotalProducerCount"),
        messages: number("TotalMessageCount"),
        memory_percent: number("MemoryPercentUsage"),
        store_percent: number("StorePercentUsage"),
        temp_percent: number("TempPercentUsage"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_that_does_not_say_that_it_is_active_is_a_standby() {
        let reading = reading_of(br#"{"status":200,"value":{"BrokerVersion":"5.18.6"}}"#).unwrap();
        assert!(reading.standby);
        let reading =
            reading_of(br#"{"status":200,"value":{"Slave":false,"TotalMessageCount":3}}"#).unwrap();
        assert!(!reading.standby);
        assert_eq!(reading.messages, 3);
    }

    #[test]
    fn refusals_and_nonsense_are_told_apart() {
        assert_eq!(
            reading_of(br#"{"status":403,"error":"no"}"#),
            Err(ManagementError::Refused { status: 403 })
        );
        assert_eq!(reading_of(b"<html>"), Err(ManagementError::Unreadable));
    }
}
