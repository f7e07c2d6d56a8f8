//! The typed values that conditions compare: exact decimals, instants and address ranges.

mod date;
mod network;
mod number;

pub(crate) use date::Instant;
pub(crate) use network::{Address, Network};
pub(crate) use number::Decimal;
