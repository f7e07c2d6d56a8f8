//! A whole Postern for tests: on port 0, in a temporary folder, with a clock set by hand, and a client that signs.
#![forbid(unsafe_code)]

mod client;
pub mod naive;
mod postern;

pub use client::{Client, Reply};
pub use postern::{NOW, OTHER_ACCOUNT, Postern, ROOT_KEY_ID, ROOT_SECRET, settings};
