//! Why a call was refused.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::sts as wire;
use iam::identity::Rule;

use crate::authorise::Permit;
use crate::call::Call;
use crate::operations::iam::checks::Checks;
use crate::sessions;

/// A text of 1 to 10,240 characters.
const MESSAGE: Rule = Rule {
    min: 1,
    max: 10_240,
    pattern: None,
};

/// Decodes the message that came with a refusal of EC2.
pub async fn decode_authorization_message(
    call: Call,
    _permit: Permit<table::DecodeAuthorizationMessage>,
    input: wire::DecodeAuthorizationMessageRequest,
) -> Result<wire::DecodeAuthorizationMessageResponse, Refusal> {
    let mut checks = Checks::default();
    let message = checks.required("encodedMessage", input.encoded_message, MESSAGE);
    checks.done()?;
    sessions::decode_message(call.services(), call.account_id(), &message)
        .map(|decoded_message| wire::DecodeAuthorizationMessageResponse { decoded_message })
        .ok_or_else(|| {
            Refusal::new(
                Code::InvalidAuthorizationMessageException,
                "Message is invalid",
            )
        })
}
