//! Who it is.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::sts as wire;
use iam::identity::Rule;
use iam::session::account_of_key_id;

use crate::authorise::Permit;
use crate::call::Call;
use crate::operations::iam::checks::Checks;

/// Tells who the caller is.
pub async fn get_caller_identity(
    call: Call,
    _permit: Permit<table::GetCallerIdentity>,
    _input: wire::GetCallerIdentityRequest,
) -> Result<wire::GetCallerIdentityResponse, Refusal> {
    let caller = call.caller();
    Ok(wire::GetCallerIdentityResponse {
        arn: caller.arn(),
        user_id: caller.unique_id().to_owned(),
        account: caller.account.clone(),
    })
}

/// Tells which account an access key belongs to: of temporary keys it is written in the id, of others in the record.
pub async fn get_access_key_info(
    call: Call,
    _permit: Permit<table::GetAccessKeyInfo>,
    input: wire::GetAccessKeyInfoRequest,
) -> Result<wire::GetAccessKeyInfoResponse, Refusal> {
    let mut checks = Checks::default();
    let id = checks.required("accessKeyId", input.access_key_id, Rule::ACCESS_KEY_ID);
    checks.done()?;
    let account = match account_of_key_id(&id) {
        Some(account) => Some(account.as_str().to_owned()),
        None => call.state().access_key(&id).map(|key| key.account.clone()),
    };
    match account {
        Some(account) => Ok(wire::GetAccessKeyInfoResponse { account }),
        None => Err(Refusal::new(
            Code::ValidationError,
            format!("The Access Key with id {id} cannot be found."),
        )),
    }
}
