//! The handlers, one function per row of the table. Each takes the permit of its own operation, so none can be called by
//! a path that did not ask the gate.

pub mod ec2;
pub mod iam;
pub mod mq;
pub mod sts;
