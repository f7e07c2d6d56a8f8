//! Versions of managed policies.

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use iam::identity::{AwsManagedPolicy, ManagedPolicy, PolicyVersion, Rule};
use store::Change;
use store::state::{Record, aws_managed};

use super::changes::put;
use super::checks::Checks;
use super::managed_policies::to_change;
use super::paging::Paging;
use super::{documents, refusals};
use crate::authorise::Permit;
use crate::call::{Call, Decided, account_of};
use crate::time::iso_seconds;

/// The most versions that a policy has at once.
const MAX_VERSIONS: usize = 5;

/// Adds a version to a customer managed policy.
pub async fn create_policy_version(
    call: Call,
    permit: Permit<table::CreatePolicyVersion>,
    input: wire::CreatePolicyVersionRequest,
) -> Result<wire::CreatePolicyVersionResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    let document = checks.document("policyDocument", input.policy_document);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    documents::check_managed(&document)?;
    let set_as_default = input.set_as_default.unwrap_or(false);
    let (account, now) = (call.account_id().to_owned(), call.now());
    call.commit(permit, move |state| {
        let mut policy = to_change(account_of(state, &account)?, &arn)?;
        if policy.versions.len() >= MAX_VERSIONS {
            return Err(Refusal::new(
                Code::LimitExceeded,
                "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing \
                 version.",
            ));
        }
        policy.newest_version = policy.newest_version.saturating_add(1);
        let version = PolicyVersion {
            number: policy.newest_version,
            created: now,
            document: document.clone(),
        };
        policy.updated = now;
        if set_as_default {
            policy.default_version = version.number;
        }
        let output = wire::CreatePolicyVersionResponse {
            policy_version: shown(&policy, &version),
        };
        policy.versions.push(version);
        Ok(Decided {
            changes: vec![Change::put(Record::Policy(policy))],
            output,
        })
    })
    .await
}

/// Returns one version of a managed policy with its document.
pub async fn get_policy_version(
    call: Call,
    _permit: Permit<table::GetPolicyVersion>,
    input: wire::GetPolicyVersionRequest,
) -> Result<wire::GetPolicyVersionResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    let id = checks.required("versionId", input.version_id, Rule::VERSION);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let missing = || refusals::no_policy_version(&arn, &id);
    let policy_version = match (call.account()?.policy(&arn), aws_managed(&arn)) {
        (Some(entry), _) => {
            let version = entry.policy.version(&id).ok_or_else(missing)?;
            wire::PolicyVersion {
                document: Some(documents::shown(&version.document)),
                ..shown(&entry.policy, version)
            }
        }
        (None, Some((policy, _))) if policy.version == id => wire::PolicyVersion {
            document: Some(documents::shown(policy.document)),
            ..shown_aws(policy)
        },
        (None, Some(_)) => return Err(missing()),
        (None, None) => return Err(refusals::no_policy(&arn)),
    };
    Ok(wire::GetPolicyVersionResponse { policy_version })
}

/// Lists the versions of a managed policy, the newest first. Of AWS's policies there is the version in force.
pub async fn list_policy_versions(
    call: Call,
    _permit: Permit<table::ListPolicyVersions>,
    input: wire::ListPolicyVersionsRequest,
) -> Result<wire::ListPolicyVersionsResponse, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    let paging = Paging::new(&mut checks, arn.clone(), input.marker, input.max_items);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let versions: Vec<(String, wire::PolicyVersion)> =
        match (call.account()?.policy(&arn), aws_managed(&arn)) {
            (Some(entry), _) => entry
                .policy
                .versions
                .iter()
                .rev()
                // The newest first: keys of lists ascend.
                .map(|version| {
                    let order = format!("{:010}", u32::MAX - version.number);
                    (order, shown(&entry.policy, version))
                })
                .collect(),
            (None, Some((policy, _))) => vec![(String::new(), shown_aws(policy))],
            (None, None) => return Err(refusals::no_policy(&arn)),
        };
    let page = paging.cut(&call, versions.into_iter())?;
    Ok(wire::ListPolicyVersionsResponse {
        is_truncated: page.is_truncated(),
        versions: page.items,
        marker: page.marker,
    })
}

/// Deletes a version that is not in force.
pub async fn delete_policy_version(
    call: Call,
    permit: Permit<table::DeletePolicyVersion>,
    input: wire::DeletePolicyVersionRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    let id = checks.required("versionId", input.version_id, Rule::VERSION);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let (account, now) = (call.account_id().to_owned(), call.now());
    call.commit(permit, move |state| {
        let mut policy = to_change(account_of(state, &account)?, &arn)?;
        let number = policy
            .version(&id)
            .ok_or_else(|| refusals::no_policy_version(&arn, &id))?
            .number;
        if number == policy.default_version {
            return Err(Refusal::new(
                Code::DeleteConflict,
                "Cannot delete the default version of a policy.",
            ));
        }
        policy.versions.retain(|version| version.number != number);
        policy.updated = now;
        Ok(put(Record::Policy(policy)))
    })
    .await
}

/// Puts a version into force. It counts for the very next request.
pub async fn set_default_policy_version(
    call: Call,
    permit: Permit<table::SetDefaultPolicyVersion>,
    input: wire::SetDefaultPolicyVersionRequest,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let arn = checks.required("policyArn", input.policy_arn, Rule::ARN);
    let id = checks.required("versionId", input.version_id, Rule::VERSION);
    checks.done()?;
    documents::check_policy_arn(&arn)?;
    let (account, now) = (call.account_id().to_owned(), call.now());
    call.commit(permit, move |state| {
        let mut policy = to_change(account_of(state, &account)?, &arn)?;
        policy.default_version = policy
            .version(&id)
            .ok_or_else(|| refusals::no_policy_version(&arn, &id))?
            .number;
        policy.updated = now;
        Ok(put(Record::Policy(policy)))
    })
    .await
}

/// A version as lists show it: without its document.
pub(super) fn shown(policy: &ManagedPolicy, version: &PolicyVersion) -> wire::PolicyVersion {
    wire::PolicyVersion {
        document: None,
        version_id: version.id(),
        is_default_version: version.number == policy.default_version,
        create_date: iso_seconds(version.created),
    }
}

/// The version of AWS's policy that is in force.
pub(super) fn shown_aws(policy: &AwsManagedPolicy) -> wire::PolicyVersion {
    wire::PolicyVersion {
        document: None,
        version_id: policy.version.into(),
        is_default_version: true,
        create_date: iso_seconds(policy.updated),
    }
}
