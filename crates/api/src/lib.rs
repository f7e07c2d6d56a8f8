//! # The operation table
//!
//! What Postern's API is, without IO: one row per operation ([`table`]), the shapes that travel ([`wire`]), how they are read and
//! written in each protocol ([`protocol`]), and how a call is refused ([`refusal`]). The server derives routing, authorisation,
//! auditing and the handlers' signatures from the rows; the references in `docs/` are generated from them.
//!
//! To add an operation: write its row in `table.rs`, its shapes in `wire/`, and its handler in the server. The compiler names
//! every place that is still missing.
#![forbid(unsafe_code)]

pub mod protocol;
pub mod refusal;
pub mod route;
pub mod row;
pub mod secret;
pub mod table;
pub mod wire;
