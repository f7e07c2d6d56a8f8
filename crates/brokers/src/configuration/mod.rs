//! The configurations of Amazon MQ: what customers upload, checked and made harmless.
//!
//! A configuration is a document in the engine's own language: XML for ActiveMQ, `key = value` lines for RabbitMQ. Both
//! languages can name classes, files, addresses and secrets, so the customer's bytes never reach an engine. ActiveMQ's
//! are read into a tree in which only the names of one table exist ([`activemq`]); what the table does not have is
//! removed with a [`Warning`], as Amazon MQ does. RabbitMQ's are read into typed settings ([`rabbitmq`]); what is not
//! known is refused. The engine's files are written anew from the tree and the settings.
//!
//! [`decode`] turns the `data` member of the API into bytes, with the size limit that both languages share.

pub mod activemq;
mod encoding;
mod error;
mod name;
pub mod rabbitmq;
mod revision;
mod warning;

pub use encoding::{MAX_DATA_BYTES, decode, encode};
pub use error::ConfigurationError;
pub use name::{ConfigurationName, MAX_NAME_CHARS};
pub use revision::{Accepted, MAX_REVISIONS, accept, default_data, default_description};
pub use warning::{MAX_REPORTED_WARNINGS, Warning, WarningReason};
