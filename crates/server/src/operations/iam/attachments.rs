//! Managed policies on users.

use api::refusal::Refusal;
use api::table;
use api::wire::{iam as wire, mq};
use iam::identity::Rule;
use store::state::Record;

use super::checks::Checks;
use super::documents::{self, Attachable};
use super::paging::Paging;
use super::{refusals, users};
use crate::authorise::Permit;
use crate::call::{Call, account_of};
use crate::settings::Quota;

/// Attaches a managed policy to a user. Attaching it again changes nothing.
pub async fn attach_user_policy(
    call: Call,
    permit: Permit<table::AttachUserPolicy>,
    input: wire::AttachUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let limit = call
        .services()
        .settings
        .quota(Quota::AttachedPoliciesPerUser);
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        match documents::attachable(account_of(state, &account)?, &arn) {
            Attachable::Yes => {}
            Attachable::ServicePolicy => return Err(refusals::service_policy()),
            Attachable::Missing => return Err(refusals::not_attachable(&arn)),
        }
        if !user.attached.contains(&arn) {
            if user.attached.len() >= limit as usize {
                return Err(refusals::quota_reached("PoliciesPerUser", limit));
            }
            user.attached.push(arn.clone());
        }
        Ok(users::put(Record::User(user)))
    })
    .await
}

/// Detaches a managed policy from a user.
pub async fn detach_user_policy(
    call: Call,
    permit: Permit<table::DetachUserPolicy>,
    input: wire::DetachUserPolicyRequest,
) -> Result<mq::Empty, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut user = users::copy(state, &account, &name)?;
        let before = user.attached.len();
        user.attached.retain(|attached| *attached != arn);
        if user.attached.len() == before {
            return Err(refusals::no_policy(&arn));
        }
        Ok(users::put(Record::User(user)))
    })
    .await
}

/// Lists the managed policies attached to a user.
pub async fn list_attached_user_policies(
    call: Call,
    _permit: Permit<table::ListAttachedUserPolicies>,
    input: wire::ListAttachedUserPoliciesRequest,
) -> Result<wire::ListAttachedUserPoliciesResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("userName", input.user_name, Rule::USER);
    let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
    checks.optional("pathPrefix", Some(&prefix), Rule::PATH_PREFIX);
    let paging = Paging::new(
        &mut checks,
        format!("{}{prefix}", name.to_lowercase()),
        input.marker,
        input.max_items,
    );
    checks.done()?;
    let user = &users::find(call.account()?, &name)?.user;
    let page = paging.cut(&call, listed(&user.attached, &prefix).into_iter())?;
    Ok(wire::ListAttachedUserPoliciesResponse {
        is_truncated: page.is_truncated(),
        attached_policies: page.items,
        marker: page.marker,
    })
}

/// The attached policies under the path, in the order of their names; the customer's before AWS's of the same name.
fn listed(attached: &[String], prefix: &str) -> Vec<(String, wire::AttachedPolicy)> {
    let mut list: Vec<(String, wire::AttachedPolicy)> = attached
        .iter()
        .filter(|arn| documents::policy_path(arn).starts_with(prefix))
        .map(|arn| {
            let name = documents::policy_name(arn);
            let whose = if arn.starts_with("arn:aws:iam::aws:") {
                "aws"
            } else {
                ""
            };
            let shown = wire::AttachedPolicy {
                policy_name: name.into(),
                policy_arn: arn.clone(),
            };
            (format!("{}/{whose}", name.to_lowercase()), shown)
        })
        .collect();
    list.sort_by(|(one, _), (other, _)| one.cmp(other));
    list
}
