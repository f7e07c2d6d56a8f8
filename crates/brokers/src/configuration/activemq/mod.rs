//! ActiveMQ configurations: XML, sanitised against one allow-list.
//!
//! [`sanitise`] reads the bytes a customer sent and gives a [`Document`] in which only elements and attributes of the
//! [`table`] exist, each attribute with a value of its kind, and the [`Warning`](super::Warning)s about what was removed.
//! [`Document::to_xml`] is the form that is stored and that DescribeConfigurationRevision returns: comments and the order
//! of attributes as given, because Terraform compares the text with nothing but white space removed.
//! [`Document::broker_attributes`] and its neighbours are what an engine's file is written from: no comments, and apart
//! from each other, so that the broker's own settings can be laid around them.

mod connector_uri;
mod default;
mod document;
mod engine;
mod sanitise;
mod scan;
pub mod table;
mod value;

pub use connector_uri::{Composite, ConnectorUri, SslAddress};
pub use default::{DEFAULT_TEXT, default_document};
pub use document::{Attribute, Document, Element, Node, Role};
pub use engine::{NetworkConnector, SystemUsage};
pub use sanitise::{Sanitised, sanitise};
pub use scan::{MAX_ATTRIBUTES, MAX_ATTRIBUTES_PER_ELEMENT, MAX_DEPTH, MAX_NAMESPACES, MAX_NODES};
pub use value::ValueKind;

use crate::broker::AuthenticationStrategy;

/// The namespace of ActiveMQ's own elements.
pub const CORE_NAMESPACE: &str = "http://activemq.apache.org/schema/core";

/// How the brokers of a configuration authenticate their users, which decides what the configuration may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// The users of the API (`SIMPLE`).
    Simple,
    /// A directory (`LDAP`): `cachedLDAPAuthorizationMap` is permitted.
    Ldap,
}

impl From<AuthenticationStrategy> for Strategy {
    fn from(strategy: AuthenticationStrategy) -> Self {
        match strategy {
            AuthenticationStrategy::Ldap => Self::Ldap,
            // The second is RabbitMQ's; its configurations do not come here.
            AuthenticationStrategy::Simple | AuthenticationStrategy::ConfigManaged => Self::Simple,
        }
    }
}
