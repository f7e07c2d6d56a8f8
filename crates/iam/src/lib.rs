//! IAM policies and identities: parse, compile, evaluate with reasons, without IO

pub mod identity;
