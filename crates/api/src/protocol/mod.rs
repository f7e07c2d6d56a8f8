//! Reading requests and writing answers, per protocol.

pub mod form;
pub mod json;
pub mod xml;
