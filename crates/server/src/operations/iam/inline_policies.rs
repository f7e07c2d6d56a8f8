//! Inline policies of users.

use api::refusal::Refusal;
use api::table;
use api::wire::{iam as wire, mq};
use iam::identity::Rule;
use iam::policy::InlineOwner;
use store::state::Record;

use super::checks::Checks;
use super::paging::Paging;
use super::{documents, refusals, users};
use crate::authorise::Permit;
use crate::call::Call;

/// Writes an inline policy of a user, in the place of one with the same name.
pub async fn put_user_policy(
    call: Call,
    permit: Permit<table::PutUserPolicy>,
    input: wire::PutUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    let mut checks = Checks::default();
    let user_name = checks.required("userName", input.user_name, Rule::USER);
    let policy_name = checks.required("policyName", input.policy_name, Rule::NAME);
    let document = checks.document("policyDocument", input.policy_document);
    checks.done()?;
    documents::check_inline(&document)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &user_name)?;
        user.inline.insert(policy_name.clone(), document.clone());
        documents::check_inline_sum(InlineOwner::User, &user.name, user.inline.values())?;
        Ok(users::put(Record::User(user)))
    })
    .await
}

/// Returns an inline policy of a user.
pub async fn get_user_policy(
    call: Call,
    _permit: Permit<table::GetUserPolicy>,
    input: wire::GetUserPolicyRequest,
) -> Result<wire::GetUserPolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let user_name = checks.required("userName", input.user_name, Rule::USER);
    let policy_name = checks.required("policyName", input.policy_name, Rule::NAME);
    checks.done()?;
    let user = &users::find(call.account()?, &user_name)?.user;
    let document = user
        .inline
        .get(&policy_name)
        .ok_or_else(|| refusals::no_inline_policy("user", &policy_name))?;
    Ok(wire::GetUserPolicyResponse {
        user_name: user.name.clone(),
        policy_document: documents::shown(document),
        policy_name,
    })
}

/// Deletes an inline policy of a user.
pub async fn delete_user_policy(
    call: Call,
    permit: Permit<table::DeleteUserPolicy>,
    input: wire::DeleteUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    let mut checks = Checks::default();
    let user_name = checks.required("userName", input.user_name, Rule::USER);
    let policy_name = checks.required("policyName", input.policy_name, Rule::NAME);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &user_name)?;
        if user.inline.remove(&policy_name).is_none() {
            return Err(refusals::no_inline_policy("user", &policy_name));
        }
        Ok(users::put(Record::User(user)))
    })
    .await
}

/// Lists the names of a user's inline policies.
pub async fn list_user_policies(
    call: Call,
    _permit: Permit<table::ListUserPolicies>,
    input: wire::ListUserPoliciesRequest,
) -> Result<wire::ListUserPoliciesResponse, Refusal> {
    let mut checks = Checks::default();
    let user_name = checks.required("userName", input.user_name, Rule::USER);
    let paging = Paging::new(
        &mut checks,
        user_name.to_lowercase(),
        input.marker,
        input.max_items,
    );
    checks.done()?;
    let user = &users::find(call.account()?, &user_name)?.user;
    let names = user.inline.keys().map(|name| (name.clone(), name.clone()));
    let page = paging.cut(&call, names)?;
    Ok(wire::ListUserPoliciesResponse {
        is_truncated: page.is_truncated(),
        policy_names: page.items,
        marker: page.marker,
    })
}
