//! IAM's operations through the socket and the whole pipeline.

mod credentials;
mod groups;
mod roles;
mod simulation;
mod support;
mod users;
