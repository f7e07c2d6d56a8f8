//! AWS STS.

use api::refusal::Refusal;
use api::table::GetCallerIdentity;
use api::wire::sts::{GetCallerIdentityRequest, GetCallerIdentityResponse};

use crate::authorise::Permit;
use crate::call::Call;

/// Tells who the caller is.
pub async fn get_caller_identity(
    call: Call,
    _permit: Permit<GetCallerIdentity>,
    _input: GetCallerIdentityRequest,
) -> Result<GetCallerIdentityResponse, Refusal> {
    let caller = call.caller();
    Ok(GetCallerIdentityResponse {
        arn: caller.arn(),
        user_id: caller.unique_id().to_owned(),
        account: caller.account.clone(),
    })
}
