//! Engines without IO: what to write, what to run, what to ask, and what the answers mean.
//!
//! An engine turns one broker node into files and a command ([`Rendered`]), and says which ports it promises. Whether a
//! node is up is found out by talking to it: a [`probe`] says what to send, is fed what comes back, and ends with an
//! outcome. Sockets, files, processes and the clock are the server's business.
//!
//! * [`activemq`]: Apache ActiveMQ Classic, assembled by the server's installer or imported from an official archive;
//! * [`catalogue`]: what is known of an installed version, as tried once at install;
//! * [`probe`]: conversations over the engines' own protocols.

pub mod activemq;
pub mod catalogue;
pub mod probe;
mod rendered;
mod secret;

pub use rendered::{Command, FileMode, PromisedPort, Rendered, RenderedFile};
pub use secret::Secret;
