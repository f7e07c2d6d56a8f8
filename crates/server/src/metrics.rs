//! Counters for `/metrics`.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    service: &'static str,
    operation: &'static str,
    result: &'static str,
}

/// The counters of a service.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    connections: Gauge,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let requests = Family::<Labels, Counter>::default();
        let connections = Gauge::default();
        let mut registry = Registry::with_prefix("postern");
        registry.register(
            "requests",
            "Requests by service, operation and result",
            requests.clone(),
        );
        registry.register(
            "connections",
            "Open connections of the API",
            connections.clone(),
        );
        Metrics {
            registry,
            requests,
            connections,
        }
    }
}

impl Metrics {
    /// Counts a request.
    pub fn count(&self, service: &'static str, operation: &'static str, result: &'static str) {
        let labels = Labels {
            service,
            operation,
            result,
        };
        self.requests.get_or_create(&labels).inc();
    }

    /// The gauge of open connections.
    pub fn connections(&self) -> &Gauge {
        &self.connections
    }

    /// The text of `/metrics`.
    ///
    /// # Errors
    /// The text cannot be formatted.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
