//! Handlers of mq, one file per subject. A handler reads its request into a type of the `brokers` crate, decides on the newest
//! records in one commit, and answers; the reconciler does the rest.

mod brokers;
mod catalogue;
mod configurations;
mod describe;
mod lifecycle;
mod network;
mod pages;
mod refuse;
mod service_role;
mod tags;
mod update;
mod users;

pub use brokers::create_broker;
pub(crate) use brokers::fingerprint_identity;
pub use catalogue::{describe_broker_engine_types, describe_broker_instance_options};
pub use configurations::{
    create_configuration, delete_configuration, describe_configuration,
    describe_configuration_revision, list_configuration_revisions, list_configurations,
    update_configuration,
};
pub use describe::{describe_broker, list_brokers};
pub use lifecycle::{delete_broker, describe_shared_resources, promote, reboot_broker};
pub use tags::{create_tags, delete_tags, list_tags};
pub use update::update_broker;
pub use users::{create_user, delete_user, describe_user, list_users, update_user};
