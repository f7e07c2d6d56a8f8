//! The targets by name. Each takes any bytes and panics where a property does not hold.

mod operations;
mod policies;
mod signatures;
mod texts;

/// Takes one input.
pub type Target = fn(&[u8]);

/// Every target; `script/fuzz --list` prints the names.
pub const TARGETS: &[(&str, Target)] = &[
    ("sigv4_request", signatures::request),
    ("sigv4_authorization", signatures::authorization),
    ("sigv4_presigned", signatures::presigned),
    ("policy_parse", policies::parse),
    ("policy_diff", policies::differential),
    ("policy_condition", policies::condition),
    ("arn", policies::arn),
    ("wildcard", policies::wildcard),
    ("query_form", operations::form),
    ("operation_inputs", operations::inputs),
    ("routes", operations::routes),
    ("activemq_xml", texts::activemq),
    ("rabbitmq_conf", texts::rabbitmq),
    ("page_token", texts::page_token),
];
