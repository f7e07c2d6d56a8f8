//! `activemq.xml`: ours, with the customer's tree merged in.
//!
//! Who wins where: connectors' addresses and options, TLS, storage location and lock, authentication and management are
//! ours. The customer's are the `broker` attributes that are not ours, destinations and their policies, interceptors,
//! network connectors, plugins (behind authentication), KahaDB's tuning, and memory's share of the heap.

use super::endpoints::url_host;
use super::{Connector, Element, NodeSpec, RenderError, path_text};

/// Attributes of `broker` that the customer cannot set; ours are written instead.
const OUR_BROKER_ATTRIBUTES: &[&str] = &[
    "xmlns",
    "id",
    "brokerName",
    "brokerId",
    "dataDirectory",
    "useJmx",
    "start",
    "startAsync",
    "useShutdownHook",
];

/// Children of `broker` that are taken over as they are.
const CUSTOMERS_CHILDREN: &[&str] = &[
    "destinationInterceptors",
    "destinationPolicy",
    "destinations",
];

/// Attributes of a connector that the customer may set.
const CUSTOMERS_CONNECTOR_ATTRIBUTES: &[&str] = &[
    "updateClusterClients",
    "rebalanceClusterClients",
    "updateClusterClientsOnRemove",
];

/// Attributes of `kahaDB` that the customer cannot set.
const OUR_STORE_ATTRIBUTES: &[&str] = &["directory", "indexDirectory", "archiveDataLogs"];

/// Milliseconds between a standby's tries to get the store's lock; bounds the time of a fail-over.
const LOCK_INTERVAL_MS: &str = "1000";

pub(super) fn render(spec: &NodeSpec) -> Result<String, RenderError> {
    let mut beans = Element::new("beans")
        .with("xmlns", "http://www.springframework.org/schema/beans")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with(
            "xsi:schemaLocation",
            "http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd \
             http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd",
        )
        .child(broker(spec)?);
    if spec.console.is_some() {
        let base = path_text(&spec.directories.base)?;
        beans = beans.child(
            Element::new("import").with("resource", format!("file:{base}/conf/console.xml")),
        );
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    beans.write(&mut out)?;
    Ok(out)
}

fn broker(spec: &NodeSpec) -> Result<Element, RenderError> {
    let store = path_text(&spec.directories.store)?;
    let customers = Customers::sort(spec)?;
    let mut broker = Element::new("broker")
        .with("xmlns", "http://activemq.apache.org/schema/core")
        .with("id", "broker")
        .with("brokerName", spec.broker_name.as_str())
        .with("dataDirectory", store)
        .with("useJmx", "true")
        .with("startAsync", "false")
        .with("useShutdownHook", "true");
    for (name, value) in &spec.configuration.attributes {
        if !OUR_BROKER_ATTRIBUTES.contains(&name.as_str()) {
            broker.set(name, value.as_str());
        }
    }
    if broker.attribute("persistent").is_none() {
        broker.set("persistent", "true");
    }
    if broker.attribute("schedulerSupport").is_none() {
        broker.set("schedulerSupport", "false");
    }
    broker.children = customers.as_they_are.into_iter().cloned().collect();
    if let Some(connectors) = customers.network_connectors {
        broker
            .children
            .push(with_passwords(spec, connectors.clone()));
    }
    // No RMI port: management goes through the agent.
    broker.children.push(
        Element::new("managementContext")
            .child(Element::new("managementContext").with("createConnector", "false")),
    );
    broker
        .children
        .push(persistence(store, customers.persistence));
    broker.children.push(plugins(customers.plugins));
    broker.children.push(tls(spec)?);
    broker
        .children
        .push(system_usage(spec, customers.system_usage));
    broker
        .children
        .push(connectors(spec, customers.transport_connectors));
    Ok(broker)
}

/// The customer's children of `broker`, by what becomes of them.
#[derive(Default)]
struct Customers<'a> {
    as_they_are: Vec<&'a Element>,
    network_connectors: Option<&'a Element>,
    persistence: Option<&'a Element>,
    plugins: Option<&'a Element>,
    system_usage: Option<&'a Element>,
    transport_connectors: Option<&'a Element>,
}

impl<'a> Customers<'a> {
    /// An element that is none of these is an error, not silently dropped: the configuration is allow-listed long before.
    fn sort(spec: &'a NodeSpec) -> Result<Self, RenderError> {
        let mut sorted = Self::default();
        for child in &spec.configuration.children {
            match child.name.as_str() {
                "networkConnectors" => sorted.network_connectors = Some(child),
                "persistenceAdapter" => sorted.persistence = Some(child),
                "plugins" => sorted.plugins = Some(child),
                "systemUsage" => sorted.system_usage = Some(child),
                "transportConnectors" => sorted.transport_connectors = Some(child),
                name if CUSTOMERS_CHILDREN.contains(&name) => sorted.as_they_are.push(child),
                name => {
                    return Err(RenderError::Name {
                        name: name.to_owned(),
                    });
                }
            }
        }
        Ok(sorted)
    }
}

/// AWS: a network connector names a user of the broker, and the service supplies that user's password.
fn with_passwords(spec: &NodeSpec, mut connectors: Element) -> Element {
    for connector in &mut connectors.children {
        let user = connector.attribute("userName").and_then(|name| {
            spec.users
                .iter()
                .find(|user| user.username.as_str() == name)
        });
        if let Some(user) = user {
            connector.set("password", user.password.expose());
        }
    }
    connectors
}

fn persistence(store: &str, customers: Option<&Element>) -> Element {
    let mut kaha = Element::new("kahaDB");
    if let Some(theirs) = customers.and_then(|adapter| adapter.find("kahaDB")) {
        for (name, value) in &theirs.attributes {
            if !OUR_STORE_ATTRIBUTES.contains(&name.as_str()) {
                kaha.set(name, value.as_str());
            }
        }
    }
    kaha.set("directory", format!("{store}/kahadb"));
    let locker =
        Element::new("shared-file-locker").with("lockAcquireSleepInterval", LOCK_INTERVAL_MS);
    Element::new("persistenceAdapter").child(kaha.child(Element::new("locker").child(locker)))
}

/// Order: authentication comes first, so that every plugin of the customer sees who is there.
fn plugins(customers: Option<&Element>) -> Element {
    let mut plugins = Element::new("plugins")
        .child(Element::new("jaasAuthenticationPlugin").with("configuration", "activemq"));
    if let Some(theirs) = customers {
        plugins.children.extend(theirs.children.iter().cloned());
    }
    plugins
}

fn tls(spec: &NodeSpec) -> Result<Element, RenderError> {
    let mut context = Element::new("sslContext")
        .with(
            "keyStore",
            format!("file:{}", path_text(&spec.keystore.path)?),
        )
        .with("keyStoreType", "PKCS12")
        .with("keyStorePassword", spec.keystore.password.expose())
        .with("keyStoreKeyPassword", spec.keystore.password.expose());
    if let Some(trust) = &spec.truststore {
        context.set("trustStore", format!("file:{}", path_text(&trust.path)?));
        context.set("trustStoreType", "PKCS12");
        context.set("trustStorePassword", trust.password.expose());
    }
    Ok(Element::new("sslContext").child(context))
}

fn system_usage(spec: &NodeSpec, customers: Option<&Element>) -> Element {
    let theirs = customers.and_then(|outer| outer.find("systemUsage"));
    let mut usage = Element::new("systemUsage");
    for (name, value) in theirs.iter().flat_map(|element| &element.attributes) {
        usage.set(name, value.as_str());
    }
    let percent = theirs
        .and_then(|usage| usage.find("memoryUsage"))
        .and_then(|outer| outer.find("memoryUsage"))
        .and_then(|memory| memory.attribute("percentOfJvmHeap"))
        .unwrap_or("70");
    let limit = |name: &str, attribute: &str, value: String| {
        Element::new(name).child(Element::new(name).with(attribute, value))
    };
    let usage = usage
        .child(limit("memoryUsage", "percentOfJvmHeap", percent.to_owned()))
        .child(limit(
            "storeUsage",
            "limit",
            format!("{} gb", spec.size.store_gib()),
        ))
        .child(limit("tempUsage", "limit", "1 gb".to_owned()));
    Element::new("systemUsage").child(usage)
}

fn connectors(spec: &NodeSpec, customers: Option<&Element>) -> Element {
    let mut all = Element::new("transportConnectors");
    for connector in Connector::ALL {
        let mut element = Element::new("transportConnector")
            .with("name", connector.name())
            .with("uri", connector_uri(spec, connector));
        let theirs = customers.and_then(|all| {
            all.children
                .iter()
                .find(|theirs| theirs.attribute("name") == Some(connector.name()))
        });
        for (name, value) in theirs.iter().flat_map(|element| &element.attributes) {
            if CUSTOMERS_CONNECTOR_ATTRIBUTES.contains(&name.as_str()) {
                element.set(name, value.as_str());
            }
        }
        all.children.push(element);
    }
    all
}

/// A connector's URI with the options that this connector takes; each set was tried with its protocol's client.
///
/// `ssl` and not `nio+ssl` (CVE-2026-39304), and a frame limit on each.
fn connector_uri(spec: &NodeSpec, connector: Connector) -> String {
    let limit = spec.frame_limit;
    let connections = spec.size.connections();
    let tls =
        format!("transport.enabledProtocols=TLSv1.2,TLSv1.3&maximumConnections={connections}");
    let options = match connector {
        Connector::OpenWire => {
            format!("{tls}&wireFormat.maxFrameSize={limit}&wireFormat.maxFrameSizeEnabled=true")
        }
        Connector::Amqp => {
            format!("{tls}&transport.transformer=jms&wireFormat.maxFrameSize={limit}")
        }
        Connector::Stomp => {
            format!("{tls}&wireFormat.maxFrameSize={limit}&wireFormat.maxDataLength={limit}")
        }
        Connector::Mqtt => format!("{tls}&wireFormat.maxFrameSize={limit}"),
        // Without the last two, Jetty 11 would take a frame of any size in pieces and stop only once the limit has come in.
        Connector::WebSocket => format!(
            "websocket.maxTextMessageSize={limit}&websocket.maxBinaryMessageSize={limit}&wireFormat.maxFrameSize={limit}\
             &websocket.maxFrameSize={limit}&websocket.autoFragment=false"
        ),
    };
    format!(
        "{}://{}:{}?{options}",
        connector.scheme(),
        url_host(&spec.address.to_string()),
        connector.port()
    )
}
