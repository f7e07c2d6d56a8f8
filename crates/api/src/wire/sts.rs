//! AWS STS's shapes.

use serde::{Deserialize, Serialize};

use super::iam::Tag;
use crate::secret::Secret;

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

macro_rules! shapes {
    ($( $name:ident { $( $field:ident: $type:ty = $wire:literal ),* $(,)? } )*) => { $(
        #[doc = concat!("`", stringify!($name), "` of the service model.")]
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        pub struct $name { $(
            #[doc = concat!("`", $wire, "`.")]
            #[serde(rename = $wire, default, skip_serializing_if = "absent")]
            pub $field: $type,
        )* }
    )* };
}

/// Whether a member is left out of an answer.
fn absent<T: Serialize>(value: &T) -> bool {
    matches!(serde_json::to_value(value), Ok(serde_json::Value::Null))
}

shapes! {
    Credentials {
        access_key_id: String = "AccessKeyId",
        secret_access_key: Secret = "SecretAccessKey",
        session_token: Secret = "SessionToken",
        expiration: String = "Expiration",
    }
    PolicyDescriptorType { arn: Option<String> = "arn" }
    AssumeRoleRequest {
        role_arn: Option<String> = "RoleArn",
        role_session_name: Option<String> = "RoleSessionName",
        policy_arns: Option<Vec<PolicyDescriptorType>> = "PolicyArns",
        policy: Option<String> = "Policy",
        duration_seconds: Option<i64> = "DurationSeconds",
        tags: Option<Vec<Tag>> = "Tags",
        transitive_tag_keys: Option<Vec<String>> = "TransitiveTagKeys",
        external_id: Option<String> = "ExternalId",
        serial_number: Option<String> = "SerialNumber",
        token_code: Option<Secret> = "TokenCode",
        source_identity: Option<String> = "SourceIdentity",
        minimum_session_token_size: Option<i64> = "MinimumSessionTokenSize",
    }
    AssumedRoleUser {
        assumed_role_id: String = "AssumedRoleId",
        arn: String = "Arn",
    }
    AssumeRoleResponse {
        credentials: Credentials = "Credentials",
        assumed_role_user: AssumedRoleUser = "AssumedRoleUser",
        packed_policy_size: Option<i64> = "PackedPolicySize",
        source_identity: Option<String> = "SourceIdentity",
        session_token_utilization: i64 = "SessionTokenUtilization",
        session_token_size: i64 = "SessionTokenSize",
    }
    AssumeRoleWithWebIdentityRequest {
        role_arn: Option<String> = "RoleArn",
        role_session_name: Option<String> = "RoleSessionName",
        web_identity_token: Option<Secret> = "WebIdentityToken",
        provider_id: Option<String> = "ProviderId",
        policy_arns: Option<Vec<PolicyDescriptorType>> = "PolicyArns",
        policy: Option<String> = "Policy",
        duration_seconds: Option<i64> = "DurationSeconds",
        minimum_session_token_size: Option<i64> = "MinimumSessionTokenSize",
    }
    AssumeRoleWithWebIdentityResponse {
        credentials: Credentials = "Credentials",
        subject_from_web_identity_token: String = "SubjectFromWebIdentityToken",
        assumed_role_user: AssumedRoleUser = "AssumedRoleUser",
        packed_policy_size: Option<i64> = "PackedPolicySize",
        provider: String = "Provider",
        audience: String = "Audience",
        source_identity: Option<String> = "SourceIdentity",
        session_token_utilization: i64 = "SessionTokenUtilization",
        session_token_size: i64 = "SessionTokenSize",
    }
    GetSessionTokenRequest {
        duration_seconds: Option<i64> = "DurationSeconds",
        serial_number: Option<String> = "SerialNumber",
        token_code: Option<Secret> = "TokenCode",
        minimum_session_token_size: Option<i64> = "MinimumSessionTokenSize",
    }
    GetSessionTokenResponse {
        credentials: Credentials = "Credentials",
        session_token_utilization: i64 = "SessionTokenUtilization",
        session_token_size: i64 = "SessionTokenSize",
    }
    GetFederationTokenRequest {
        name: Option<String> = "Name",
        policy: Option<String> = "Policy",
        policy_arns: Option<Vec<PolicyDescriptorType>> = "PolicyArns",
        duration_seconds: Option<i64> = "DurationSeconds",
        tags: Option<Vec<Tag>> = "Tags",
        minimum_session_token_size: Option<i64> = "MinimumSessionTokenSize",
    }
    FederatedUser {
        federated_user_id: String = "FederatedUserId",
        arn: String = "Arn",
    }
    GetFederationTokenResponse {
        credentials: Credentials = "Credentials",
        federated_user: FederatedUser = "FederatedUser",
        packed_policy_size: Option<i64> = "PackedPolicySize",
        session_token_utilization: i64 = "SessionTokenUtilization",
        session_token_size: i64 = "SessionTokenSize",
    }
    GetAccessKeyInfoRequest { access_key_id: Option<String> = "AccessKeyId" }
    GetAccessKeyInfoResponse { account: String = "Account" }
    DecodeAuthorizationMessageRequest { encoded_message: Option<String> = "EncodedMessage" }
    DecodeAuthorizationMessageResponse { decoded_message: String = "DecodedMessage" }
}
