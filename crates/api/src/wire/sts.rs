//! AWS STS's shapes.

use serde::{Deserialize, Serialize};

/// `GetCallerIdentityRequest` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GetCallerIdentityRequest {}

/// `GetCallerIdentityResponse` of the service model.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetCallerIdentityResponse {
    /// The caller's ARN.
    pub arn: String,
    /// The caller's unique id.
    pub user_id: String,
    /// The caller's account.
    pub account: String,
}
