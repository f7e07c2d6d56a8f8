//! Encoded authorization messages: why a call was refused, sealed, so that only who may decode it learns it
//! ("DecodeAuthorizationMessage").

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use store::Sealed;

use super::token::{deflate, inflate};
use crate::authorise::Denied;
use crate::caller::Caller;
use crate::clock::random;
use crate::facts::Facts;
use crate::services::Services;

/// What the seal binds a message to: only the account that it is about can have it decoded.
fn identity(account: &str) -> String {
    format!("authorization-message/{account}")
}

/// Encodes why the caller was refused. `None` where the machine has no randomness: the refusal then goes without.
pub(crate) fn encode(
    services: &Services,
    caller: &Caller,
    facts: &Facts,
    denied: &Denied,
) -> Option<String> {
    let content = describe(caller, facts, denied).to_string();
    let sealed = services.master_key.load().seal(
        &deflate(content.as_bytes()),
        &identity(&caller.account),
        random().ok()?,
    );
    let bytes = STANDARD.decode(sealed.ok()?.as_text()).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// Decodes a message of the account. `None`: it is none.
pub(crate) fn decode(services: &Services, account: &str, message: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(message).ok()?;
    let sealed = Sealed::from_text(STANDARD.encode(bytes));
    let packed = services
        .master_key
        .load()
        .open(&sealed, &identity(account))
        .ok()?;
    String::from_utf8(inflate(&packed)?.to_vec()).ok()
}

/// AWS's members: whether a Deny decided, and who wanted to do what to what; and in words what decided.
fn describe(caller: &Caller, facts: &Facts, denied: &Denied) -> Value {
    json!({
        "allowed": false,
        "explicitDeny": denied.asked.explicit,
        "matchedStatements": { "items": [] },
        "failures": { "items": [] },
        "decision": denied.why,
        "context": {
            "principal": { "id": caller.unique_id(), "arn": caller.arn() },
            "action": denied.asked.action,
            "resource": denied.asked.resource,
            "conditions": { "items": [{
                "key": "aws:RequestedRegion",
                "values": { "items": [{ "value": facts.region }] },
            }] },
        },
    })
}
