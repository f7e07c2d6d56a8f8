//! Managed policies: the customer's, and AWS's own.

use api::refusal::Refusal;
use api::table;
use api::wire::iam as wire;
use iam::identity::{AwsManagedPolicy, ManagedPolicy, Rule, UniqueIdKind, unique_id};
use store::Change;
use store::state::{Account, Record, aws_managed};

use super::checks::{self, Checks};
use super::{documents, refusals};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::settings::Quota;
use crate::time::iso_seconds;

/// Creates a customer managed policy.
pub async fn create_policy(
    call: Call,
    permit: Permit<table::CreatePolicy>,
    input: wire::CreatePolicyRequest,
) -> Result<wire::CreatePolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let name = checks.required("policyName", input.policy_name, Rule::NAME);
    checks.optional("path", input.path.as_deref(), Rule::POLICY_PATH);
    let document = checks.document("policyDocument", input.policy_document);
    checks.optional(
        "description",
        input.description.as_deref(),
        Rule::DESCRIPTION,
    );
    let tags = checks.tags(input.tags);
    checks.done()?;
    checks::distinct(&tags)?;
    documents::check_managed(&document)?;
    let policy = ManagedPolicy {
        account: call.account_id().to_owned(),
        path: input.path.unwrap_or_else(|| "/".into()),
        name,
        id: unique_id(UniqueIdKind::ManagedPolicy, call.random()?),
        created: call.now(),
        updated: call.now(),
        description: input.description.filter(|text| !text.is_empty()),
        tags,
        document,
    };
    let limit = call.services().settings.quota(Quota::IamPolicies);
    call.commit(permit, move |state| {
        let account = account_of(state, &policy.account)?;
        let mut count = 0_usize;
        for entry in account.policies() {
            // Names are unique whatever the path is.
            if entry.policy.name.eq_ignore_ascii_case(&policy.name) {
                return Err(refusals::policy_exists(&policy.name));
            }
            count += 1;
        }
        if count >= limit as usize {
            return Err(refusals::quota_reached("PoliciesPerAccount", limit));
        }
        let mut output = shown(account, &policy);
        output.tags = (!policy.tags.is_empty()).then(|| checks::shown(&policy.tags));
        Ok(Decided {
            changes: vec![Change::put(Record::Policy(policy.clone()))],
            output: wire::CreatePolicyResponse { policy: output },
        })
    })
    .await
}

/// Describes a managed policy.
pub async fn get_policy(
    call: Call,
    _permit: Permit<table::GetPolicy>,
    input: wire::GetPolicyRequest,
) -> Result<wire::GetPolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let account = call.account()?;
    if let Some(entry) = account.policy(&arn) {
        let policy = &entry.policy;
        let mut output = shown(account, policy);
        output.description = policy.description.clone();
        output.tags = Some(checks::shown(&policy.tags));
        return Ok(wire::GetPolicyResponse { policy: output });
    }
    let (policy, _) = aws_managed(&arn).ok_or_else(|| refusals::no_policy(&arn))?;
    Ok(wire::GetPolicyResponse {
        policy: shown_aws(account, policy),
    })
}

/// The policy as lists show it: without description and tags.
fn shown(account: &Account, policy: &ManagedPolicy) -> wire::Policy {
    let arn = policy.arn();
    wire::Policy {
        policy_name: policy.name.clone(),
        policy_id: policy.id.clone(),
        path: policy.path.clone(),
        default_version_id: "v1".into(),
        attachment_count: attachments(account, &arn),
        permissions_boundary_usage_count: boundaries(account, &arn),
        is_attachable: true,
        description: None,
        create_date: iso_seconds(policy.created),
        update_date: iso_seconds(policy.updated),
        tags: None,
        arn,
    }
}

/// AWS's policy as the account sees it.
fn shown_aws(account: &Account, policy: &AwsManagedPolicy) -> wire::Policy {
    let arn = policy.arn();
    wire::Policy {
        policy_name: policy.name.into(),
        policy_id: policy.id.into(),
        path: policy.path.into(),
        default_version_id: policy.version.into(),
        attachment_count: attachments(account, &arn),
        permissions_boundary_usage_count: boundaries(account, &arn),
        is_attachable: true,
        description: None,
        create_date: iso_seconds(policy.created),
        update_date: iso_seconds(policy.updated),
        tags: Some(Vec::new()),
        arn,
    }
}

fn attachments(account: &Account, arn: &str) -> i64 {
    i64::try_from(account.attachments(arn)).unwrap_or(i64::MAX)
}

fn boundaries(account: &Account, arn: &str) -> i64 {
    let users = account
        .users()
        .filter(|entry| entry.user.boundary.as_deref() == Some(arn))
        .count();
    i64::try_from(users).unwrap_or(i64::MAX)
}
