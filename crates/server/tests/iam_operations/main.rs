//! IAM's operations through the socket and the whole pipeline.

mod groups;
mod roles;
mod support;
mod users;
