//! The 25 operations of Amazon MQ through the whole service, field by field.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod brokers;
mod catalogue;
mod configurations;
mod pages;
mod permissions;
mod support;
mod tags;
mod updates;
mod users;
