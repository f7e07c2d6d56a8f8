//! IAM policies and identities: parse, compile, evaluate with reasons, without IO.
//!
//! The crate is the identity-policy language of AWS IAM as a library: no clock, no files, no
//! network, no randomness. It does not know Amazon MQ; any service can use it.
//!
//! # From text to decision
//!
//! ```
//! use iam::{
//!     CompiledPolicy, Context, Decision, DocumentKind, Layers, PolicyDocument, PolicyKind,
//!     PolicyRef, Question, evaluate,
//! };
//!
//! // When a policy is stored: refuse what AWS refuses, with AWS's message.
//! let text = r#"{"Version": "2012-10-17", "Statement": [
//!     {"Sid": "Own", "Effect": "Allow", "Action": "mq:*",
//!      "Resource": "arn:aws:mq:*:*:broker:${aws:username}-*:*"},
//!     {"Sid": "Keep", "Effect": "Deny", "Action": "mq:Delete*", "Resource": "*",
//!      "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]}"#;
//! let document = PolicyDocument::parse(text, DocumentKind::Managed)?;
//!
//! // When it is attached: compile once, share by `Arc`.
//! let policy = CompiledPolicy::compile(&document);
//!
//! // For each request: build the context from what the server knows, and ask.
//! let mut context = Context::new();
//! context.text("aws:username", "jane").flag("aws:SecureTransport", true);
//! let id = "arn:aws:iam::111122223333:policy/Brokers";
//! let identity = [PolicyRef { id, kind: PolicyKind::Managed, policy: &policy }];
//! let layers = Layers { identity: &identity, ..Layers::default() };
//! let resource = "arn:aws:mq:us-east-1:111122223333:broker:jane-orders:b-1";
//! let ask = |action| evaluate(&layers, &Question { action, resource, context: &context });
//!
//! assert!(ask("mq:RebootBroker").is_allowed());
//! let Decision::Denied(denial) = ask("mq:DeleteBroker") else { panic!("allowed") };
//! assert_eq!(
//!     denial.message("arn:aws:iam::111122223333:user/jane", "mq:DeleteBroker", Some(resource)),
//!     "User: arn:aws:iam::111122223333:user/jane is not authorized to perform: mq:DeleteBroker \
//!      on resource: arn:aws:mq:us-east-1:111122223333:broker:jane-orders:b-1 with an explicit \
//!      deny in an identity-based policy: arn:aws:iam::111122223333:policy/Brokers"
//! );
//! # Ok::<(), iam::PolicyError>(())
//! ```
//!
//! # How a decision is made
//!
//! 1. A **Deny** that matches in any policy of any layer refuses, wherever it stands.
//! 2. Otherwise every layer that exists must have an **Allow** that matches: the identity policies,
//!    then the permissions boundary, then the session policies. The first layer without one is named
//!    in the refusal. Boundary and session never grant.
//!
//! A statement matches if its action, its resource and all its conditions do. That result has three
//! values: a comparison can *fail* (a source address that is no address). A failure is no match in
//! an Allow and a match in a Deny, unless something else in the statement definitely does not match.
//!
//! # What is compared how
//!
//! | part | case | wildcards |
//! |---|---|---|
//! | action | ignored | `*`, `?` in the name |
//! | resource | matters | within each of the first five segments; in the sixth across `:` and `/` |
//! | condition key, tag key | ignored | none |
//! | condition value | by operator | `StringLike`, `Arn…` |
//!
//! Variables (`${aws:username}`, `${key, 'default'}`, `${*}`) exist in version 2012-10-17 only, in
//! the last segment of resources and in the values of `String…` and `Arn…` operators. What they
//! stand for is literal text, whatever it contains. A variable without a value (absent, or with
//! several values) makes its pattern match nothing, and a `NotResource` statement not apply.
//!
//! # Choices where AWS leaves one open
//!
//! Each takes the side that refuses:
//!
//! * A bare operator on a key with several values never makes an Allow match, and makes a Deny match
//!   as soon as one value does.
//! * A request's value that an operator cannot read is a failure also for negated operators
//!   (`NumericNotEquals`, `NotIpAddress` …) and with `IfExists`.
//! * A key without values (an empty list) counts as absent.
//! * Two tags that differ in case only are one key with two values.
//! * A resource entry with segments left off (`arn:aws:mq`), which AWS accepts, or with a variable in
//!   its first five segments, is a failure, so it allows nothing and its Deny holds everywhere.
//! * A value of an `Arn…` operator that has not six segments is a failure.
//! * A number, date, Boolean, address or Base64 text that cannot be read is refused when the policy
//!   is stored. [`CompiledPolicy::unreadable`] stands for a stored policy that cannot be read any
//!   more; it denies everything, to root too.
//! * Four digits in a date operator are a year; any other integer is epoch seconds.
//! * Numbers are exact decimals of any length, never floating point.
//!
//! # Modules
//!
//! [`policy`] parses and validates, [`compile`] prepares, [`context`] describes the request,
//! [`mod@evaluate`] decides; [`trust`] asks a role's trust policy who may assume it. [`arn`], [`operator`] and [`wildcard`] are the small parts they share.
//! [`identity`] is about who has policies: users, keys, names. [`session`] is about temporary credentials. [`mod@simulate`] says why, and [`mod@lint`]
//! what is odd about a document that is valid.
#![forbid(unsafe_code)]

pub mod arn;
pub mod compile;
pub mod context;
pub mod evaluate;
pub mod identity;
mod json;
pub mod lint;
pub mod operator;
mod pattern;
pub mod policy;
pub mod session;
pub mod simulate;
pub mod trust;
mod value;
pub mod wildcard;

pub use arn::{AccountId, Arn, ArnError};
pub use compile::CompiledPolicy;
pub use context::{Context, ContextKey, Value};
pub use evaluate::{
    Cause, Decision, Denial, Grant, Layer, Layers, Matched, PolicyKind, PolicyRef, Question,
    StatementRef, evaluate,
};
pub use policy::{DocumentKind, PolicyDocument, PolicyError};
pub use trust::{Caller, Trust, evaluate_trust};
