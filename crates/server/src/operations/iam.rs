//! Handlers of iam.

use api::refusal::Refusal;
use api::table;
use api::wire::{iam, mq};

use crate::authorise::Permit;
use crate::call::Call;

/// CreateUser.
pub async fn create_user(
    _call: Call,
    _permit: Permit<table::IamCreateUser>,
    _input: iam::CreateUserRequest,
) -> Result<iam::CreateUserResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// GetUser.
pub async fn get_user(
    _call: Call,
    _permit: Permit<table::GetUser>,
    _input: iam::GetUserRequest,
) -> Result<iam::GetUserResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DeleteUser.
pub async fn delete_user(
    _call: Call,
    _permit: Permit<table::IamDeleteUser>,
    _input: iam::DeleteUserRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListUsers.
pub async fn list_users(
    _call: Call,
    _permit: Permit<table::IamListUsers>,
    _input: iam::ListUsersRequest,
) -> Result<iam::ListUsersResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// CreateAccessKey.
pub async fn create_access_key(
    _call: Call,
    _permit: Permit<table::CreateAccessKey>,
    _input: iam::CreateAccessKeyRequest,
) -> Result<iam::CreateAccessKeyResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DeleteAccessKey.
pub async fn delete_access_key(
    _call: Call,
    _permit: Permit<table::DeleteAccessKey>,
    _input: iam::DeleteAccessKeyRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListAccessKeys.
pub async fn list_access_keys(
    _call: Call,
    _permit: Permit<table::ListAccessKeys>,
    _input: iam::ListAccessKeysRequest,
) -> Result<iam::ListAccessKeysResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// UpdateAccessKey.
pub async fn update_access_key(
    _call: Call,
    _permit: Permit<table::UpdateAccessKey>,
    _input: iam::UpdateAccessKeyRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// PutUserPolicy.
pub async fn put_user_policy(
    _call: Call,
    _permit: Permit<table::PutUserPolicy>,
    _input: iam::PutUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// GetUserPolicy.
pub async fn get_user_policy(
    _call: Call,
    _permit: Permit<table::GetUserPolicy>,
    _input: iam::GetUserPolicyRequest,
) -> Result<iam::GetUserPolicyResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DeleteUserPolicy.
pub async fn delete_user_policy(
    _call: Call,
    _permit: Permit<table::DeleteUserPolicy>,
    _input: iam::DeleteUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListUserPolicies.
pub async fn list_user_policies(
    _call: Call,
    _permit: Permit<table::ListUserPolicies>,
    _input: iam::ListUserPoliciesRequest,
) -> Result<iam::ListUserPoliciesResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// CreatePolicy.
pub async fn create_policy(
    _call: Call,
    _permit: Permit<table::CreatePolicy>,
    _input: iam::CreatePolicyRequest,
) -> Result<iam::CreatePolicyResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// GetPolicy.
pub async fn get_policy(
    _call: Call,
    _permit: Permit<table::GetPolicy>,
    _input: iam::GetPolicyRequest,
) -> Result<iam::GetPolicyResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// AttachUserPolicy.
pub async fn attach_user_policy(
    _call: Call,
    _permit: Permit<table::AttachUserPolicy>,
    _input: iam::AttachUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// DetachUserPolicy.
pub async fn detach_user_policy(
    _call: Call,
    _permit: Permit<table::DetachUserPolicy>,
    _input: iam::DetachUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}

/// ListAttachedUserPolicies.
pub async fn list_attached_user_policies(
    _call: Call,
    _permit: Permit<table::ListAttachedUserPolicies>,
    _input: iam::ListAttachedUserPoliciesRequest,
) -> Result<iam::ListAttachedUserPoliciesResponse, Refusal> {
    Err(Refusal::internal("this handler is being written"))
}
