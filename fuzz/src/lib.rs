//! Fuzz targets, and what they share with the policies' differential run.
//!
//! The naive evaluator and its cases are taken as source from `testkit`, so that this crate need not
//! build the server which that crate starts.

#[path = "../../crates/testkit/src/naive/mod.rs"]
pub mod naive;
pub mod targets;
