//! The customer's configuration as the parts that `activemq.xml` is made of.

use super::{Element, RenderError};
use crate::configuration::activemq::{Attribute, Document, NetworkConnector};

/// The customer's part of the configuration: attributes and children of `broker`, already allow-listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Attributes of `broker`.
    pub attributes: Vec<(String, String)>,
    /// Children of `broker`.
    pub children: Vec<Element>,
}

impl Configuration {
    /// Takes over a sanitised document.
    ///
    /// # Errors
    ///
    /// [`RenderError::Name`] should the document's own XML not be readable, which its making rules out.
    pub fn of(document: &Document) -> Result<Self, RenderError> {
        let mut children = Vec::new();
        for child in document.broker_children() {
            children.extend(parsed(&child.to_engine_xml())?);
        }
        let mut plugins = Element::new("plugins");
        for plugin in document.plugins() {
            plugins.children.extend(parsed(&plugin.to_engine_xml())?);
        }
        children.push(plugins);
        children.push(
            Element::new("persistenceAdapter").child(with_attributes("kahaDB", document.kaha_db())),
        );
        let usage = document.system_usage();
        let mut inner = with_attributes("systemUsage", usage.attributes);
        if let Some(percent) = usage.percent_of_jvm_heap {
            inner =
                inner.child(Element::new("memoryUsage").child(
                    Element::new("memoryUsage").with("percentOfJvmHeap", percent.to_string()),
                ));
        }
        children.push(Element::new("systemUsage").child(inner));
        let mut openwire = Element::new("transportConnector").with("name", "openwire");
        for attribute in document.openwire_attributes() {
            openwire.set(attribute.name(), attribute.value());
        }
        children.push(Element::new("transportConnectors").child(openwire));
        let mut bridges = Element::new("networkConnectors");
        for bridge in document.network_connectors() {
            bridges.children.push(network_connector(&bridge)?);
        }
        if !bridges.children.is_empty() {
            children.push(bridges);
        }
        Ok(Self {
            attributes: document
                .broker_attributes()
                .iter()
                .map(|attribute| (attribute.name().to_owned(), attribute.value().to_owned()))
                .collect(),
            children,
        })
    }
}

fn with_attributes(name: &str, attributes: &[Attribute]) -> Element {
    let mut element = Element::new(name);
    for attribute in attributes {
        element.set(attribute.name(), attribute.value());
    }
    element
}

fn network_connector(bridge: &NetworkConnector<'_>) -> Result<Element, RenderError> {
    let mut element = Element::new("networkConnector").with("uri", bridge.uri.to_string());
    if let Some(user) = bridge.user_name {
        element.set("userName", user);
    }
    for attribute in &bridge.attributes {
        element.set(attribute.name(), attribute.value());
    }
    element.children = parsed(&bridge.inner_xml())?;
    Ok(element)
}

/// Reads elements out of XML that the document wrote.
fn parsed(xml: &str) -> Result<Vec<Element>, RenderError> {
    let wrapped = format!("<x>{xml}</x>");
    let document = roxmltree::Document::parse(&wrapped).map_err(|_| RenderError::Name {
        name: "configuration".to_owned(),
    })?;
    Ok(children_of(document.root_element()))
}

fn children_of(node: roxmltree::Node<'_, '_>) -> Vec<Element> {
    node.children()
        .filter(roxmltree::Node::is_element)
        .map(|child| Element {
            name: child.tag_name().name().to_owned(),
            attributes: child
                .attributes()
                .map(|a| (a.name().to_owned(), a.value().to_owned()))
                .collect(),
            children: children_of(child),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::activemq::{Strategy, default_document, sanitise};

    #[test]
    fn the_default_configuration_brings_its_policies_and_attributes() {
        let taken = Configuration::of(&default_document().unwrap()).unwrap();
        assert_eq!(
            taken.attributes,
            [(
                "schedulePeriodForDestinationPurge".to_owned(),
                "10000".to_owned()
            )]
        );
        assert_eq!(taken.children[0].name, "destinationPolicy");
        assert_eq!(taken.children[0].children[0].name, "policyMap");
    }

    #[test]
    fn a_customers_document_arrives_whole() {
        let text = r#"<broker xmlns="http://activemq.apache.org/schema/core" schedulerSupport="true">
            <persistenceAdapter><kahaDB concurrentStoreAndDispatchQueues="false"/></persistenceAdapter>
            <plugins><authorizationPlugin><map><authorizationMap><authorizationEntries>
              <authorizationEntry admin="admins" queue="&gt;" read="admins" write="admins"/>
            </authorizationEntries></authorizationMap></map></authorizationPlugin></plugins>
            <networkConnectors><networkConnector name="up" userName="app" duplex="true"
               uri="static:(ssl://b-1-1.mq.eu-west-1.amazonaws.com:61617)"/></networkConnectors>
            <transportConnectors><transportConnector name="openwire" updateClusterClients="true"/></transportConnectors>
          </broker>"#;
        let clean = sanitise(text.as_bytes(), Strategy::Simple).unwrap();
        let taken = Configuration::of(&clean.document).unwrap();
        let find = |name: &str| taken.children.iter().find(|c| c.name == name).unwrap();
        let entry = &find("plugins").children[0].children[0].children[0].children[0].children[0];
        assert_eq!(entry.attribute("queue"), Some(">"));
        let bridge = &find("networkConnectors").children[0];
        assert_eq!(bridge.attribute("userName"), Some("app"));
        assert!(bridge.attribute("uri").unwrap().contains("ssl://b-1-1.mq."));
        assert_eq!(
            find("transportConnectors").children[0].attribute("updateClusterClients"),
            Some("true")
        );
        assert_eq!(
            find("persistenceAdapter").children[0].attribute("concurrentStoreAndDispatchQueues"),
            Some("false")
        );
    }
}
