//! What travels on the wire, per service.

pub mod ec2;
pub mod iam;
pub mod mq;
pub mod sts;
