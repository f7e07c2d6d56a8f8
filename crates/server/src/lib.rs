//! # Postern's server
//!
//! The HTTP edge ([`edge`]), the one pipeline that every request passes through ([`pipeline`]), the gate ([`authorise`]), the
//! operations ([`operations`]), and what runs the brokers.
//!
//! Read [`pipeline`] first: it is short, and everything else is one of its steps.
#![forbid(unsafe_code)]

pub mod admin;
pub mod audit;
pub mod authorise;
pub mod authority;
pub mod call;
pub mod caller;
pub mod clock;
mod dispatch;
pub mod dns;
pub mod drivers;
pub mod edge;
pub mod engines;
pub mod facts;
pub mod first_start;
mod framing;
pub mod fsck;
mod generations;
pub mod identity;
pub mod incoming;
pub mod key_rotation;
pub mod last_used;
pub mod metrics;
mod network;
pub mod network_mode;
mod opened;
pub mod operations;
mod peers;
pub mod pipeline;
pub mod reachable;
pub mod reconciler;
pub mod respond;
pub mod route;
pub mod service;
pub mod services;
pub mod sessions;
pub mod settings;
pub mod shim;
mod stall;
mod target;
pub mod throttle;
pub mod time;
pub mod tls;
pub mod written;
