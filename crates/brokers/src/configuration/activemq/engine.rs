//! A sanitised configuration as the parts of an engine's file.
//!
//! The engine's file needs things of its own around the customer's: the broker's name and folders, the listeners, the
//! login plugin, passwords of network connectors. So the parts come apart, and each comes without comments, white space,
//! empty collections and elements with which ActiveMQ would not start.

use std::fmt::Write as _;

use super::ConnectorUri;
use super::document::{Attribute, Document, Element, Role, write_attribute};
use super::table::ElementRule;

/// The system usage a configuration asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SystemUsage<'a> {
    /// The attributes of the inner `systemUsage`: `sendFailIfNoSpace`, `sendFailIfNoSpaceAfterTimeout`.
    pub attributes: &'a [Attribute],
    /// How much of the heap messages may take, in percent from 0 to 70; Amazon MQ's default is 70.
    pub percent_of_jvm_heap: Option<u8>,
}

/// A network connector that a configuration asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkConnector<'a> {
    /// Where it connects to.
    pub uri: ConnectorUri,
    /// The broker user it logs in as over there; the engine's file needs that user's password beside it.
    pub user_name: Option<&'a str>,
    /// The other attributes, `name` among them, without `uri` and `userName`.
    pub attributes: Vec<&'a Attribute>,
    element: &'a Element,
}

impl NetworkConnector<'_> {
    /// What stands inside the connector (its lists of destinations), as XML for the engine; often empty.
    pub fn inner_xml(&self) -> String {
        let mut out = String::new();
        write_collections(self.element, &mut out);
        out
    }
}

impl Document {
    /// The attributes of `broker`, without the namespace.
    pub fn broker_attributes(&self) -> &[Attribute] {
        &self.root.attributes
    }

    /// The children of `broker` that an engine takes as they are: `destinationInterceptors`, `destinationPolicy` and
    /// `destinations`, as far as there are any.
    ///
    /// The others have methods of their own, because the engine adds to them.
    pub fn broker_children(&self) -> impl Iterator<Item = &Element> {
        self.root
            .elements()
            .filter(|child| {
                matches!(
                    child.name,
                    "destinationInterceptors" | "destinationPolicy" | "destinations"
                )
            })
            .filter(|child| usable(child).next().is_some())
    }

    /// The plugins, in order. Those of the engine (login) go before them.
    pub fn plugins(&self) -> impl Iterator<Item = &Element> {
        self.values_of("plugins")
            .filter(|plugin| is_complete(plugin))
    }

    /// Whether the plugins need the broker's scheduler: `redeliveryPlugin` stops a broker without `schedulerSupport` from
    /// starting, whatever the attribute says.
    pub fn needs_scheduler(&self) -> bool {
        self.plugins()
            .any(|plugin| plugin.name == "redeliveryPlugin")
    }

    /// The attributes of `kahaDB`, empty when the configuration says nothing about it.
    pub fn kaha_db(&self) -> &[Attribute] {
        self.values_of("persistenceAdapter")
            .next()
            .map_or(&[], |adapter| &adapter.attributes)
    }

    /// What the configuration says about memory and full stores.
    pub fn system_usage(&self) -> SystemUsage<'_> {
        let Some(usage) = self.values_of("systemUsage").next() else {
            return SystemUsage::default();
        };
        let memory = usage.elements().flat_map(Element::elements).next();
        SystemUsage {
            attributes: &usage.attributes,
            percent_of_jvm_heap: memory
                .and_then(|memory| memory.attribute("percentOfJvmHeap"))
                .and_then(|percent| percent.parse().ok()),
        }
    }

    /// The attributes for the OpenWire connector other than its name, the only connector a configuration may speak of.
    pub fn openwire_attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.values_of("transportConnectors")
            .find(|connector| connector.attribute("name").is_some())
            .into_iter()
            .flat_map(|connector| &connector.attributes)
            .filter(|attribute| attribute.name != "name")
    }

    /// The network connectors that say where they connect to, in order.
    pub fn network_connectors(&self) -> impl Iterator<Item = NetworkConnector<'_>> {
        self.values_of("networkConnectors").filter_map(|element| {
            Some(NetworkConnector {
                uri: ConnectorUri::parse(element.attribute("uri")?)?,
                user_name: element.attribute("userName"),
                attributes: element
                    .attributes
                    .iter()
                    .filter(|attribute| !matches!(attribute.name, "uri" | "userName"))
                    .collect(),
                element,
            })
        })
    }

    fn values_of(&self, collection: &'static str) -> impl Iterator<Item = &Element> {
        self.root
            .elements()
            .filter(move |child| child.name == collection)
            .flat_map(Element::elements)
    }
}

impl Element {
    /// The element as XML for the engine: what the customer may say and nothing else, no comments, no white space.
    ///
    /// It carries no namespace; the element it is put into must have ActiveMQ's as its default. Empty for a collection
    /// in which nothing is left.
    pub fn to_engine_xml(&self) -> String {
        let mut out = String::new();
        match self.role {
            Role::Object => write_object(self, &mut out),
            Role::Collection => write_collection(self, &mut out),
        }
        out
    }
}

fn write_object(object: &Element, out: &mut String) {
    out.push('<');
    out.push_str(object.name);
    for attribute in &object.attributes {
        write_attribute(out, attribute.name, &attribute.value);
    }
    let mut inner = String::new();
    write_collections(object, &mut inner);
    if inner.is_empty() {
        out.push_str("/>");
    } else {
        let _ = write!(out, ">{inner}</{}>", object.name);
    }
}

fn write_collections(object: &Element, out: &mut String) {
    for collection in object.elements() {
        write_collection(collection, out);
    }
    if let Some(entry) = misplaced_temporary_entry(object) {
        let _ = write!(out, "<{TEMPORARY}>");
        write_object(entry, out);
        let _ = write!(out, "</{TEMPORARY}>");
    }
}

/// The property of an authorization map, and the element, that say who may use temporary destinations.
const TEMPORARY: &str = "tempDestinationAuthorizationEntry";

/// The entry for temporary destinations that stands among the other entries of an authorization map.
///
/// The developer guide permits it there; no broker starts with it. Left out, it would open what the customer closed, so
/// it is written where ActiveMQ takes it, unless there is one already.
fn misplaced_temporary_entry(object: &Element) -> Option<&Element> {
    let in_place = |child: &Element| child.name == TEMPORARY && usable(child).next().is_some();
    if object.name != "authorizationMap" || object.elements().any(in_place) {
        return None;
    }
    let entries = object
        .elements()
        .find(|child| child.name == "authorizationEntries")?;
    entries.elements().find(|entry| entry.name == TEMPORARY)
}

/// Writes a collection unless nothing in it can be used: ActiveMQ would take an empty one for an empty text.
fn write_collection(collection: &Element, out: &mut String) {
    let mut values = String::new();
    for value in usable(collection) {
        write_object(value, &mut values);
    }
    if !values.is_empty() {
        let _ = write!(out, "<{0}>{values}</{0}>", collection.name);
    }
}

/// The values of a collection with which ActiveMQ can start.
fn usable(collection: &Element) -> impl Iterator<Item = &Element> {
    // A default entry applies to every destination and needs to name none.
    let default = matches!(collection.name, "defaultEntry" | TEMPORARY);
    let of_destinations = collection.name == "authorizationEntries";
    collection.elements().filter(move |value| {
        (default || is_complete(value)) && !(of_destinations && value.name == TEMPORARY)
    })
}

/// Whether an object has one of the attributes, or the `destination`, that it needs.
fn is_complete(object: &Element) -> bool {
    ElementRule::of(object.name).is_some_and(|rule| {
        rule.needs.is_empty()
            || rule
                .needs
                .iter()
                .any(|name| object.attribute(name).is_some())
            || object
                .elements()
                .any(|child| child.name == "destination" && usable(child).next().is_some())
    })
}
