//! # Amazon MQ's model
//!
//! Brokers, configurations, users and tags; what is valid; which state a broker is in; what has to be done next; and how an
//! engine is run, all without IO: time, ids and random bytes come in as arguments.
#![forbid(unsafe_code)]

pub mod broker;
pub mod catalogue;
pub mod configuration;
pub mod engine;
pub mod ids;
pub mod network;
pub mod pages;
pub mod plan;
pub mod validate;
