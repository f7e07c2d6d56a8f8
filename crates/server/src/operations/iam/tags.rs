//! Tags of users and customer managed policies.

use api::refusal::{Code, Refusal};
use api::row::Operation;
use api::table;
use api::wire::iam as wire;
use iam::identity::{Constraint, ManagedPolicy, Rule, Tag, User};
use store::state::{Account, Record, aws_managed};

use super::changes::put;
use super::checks::{self, Checks, MAX_TAGS};
use super::paging::{Page, Paging};
use super::{documents, managed_policies, refusals, users};
use crate::authorise::Permit;
use crate::call::{Call, account_of};

/// What can be tagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    User,
    Policy,
}

impl Kind {
    /// The member that names it, and what it may be.
    fn member(self) -> (&'static str, Rule) {
        match self {
            Kind::User => ("userName", Rule::USER),
            Kind::Policy => ("policyArn", Rule::ARN),
        }
    }
}

/// A copy of what is tagged.
enum Tagged {
    User(User),
    Policy(ManagedPolicy),
}

impl Tagged {
    fn find(account: &Account, kind: Kind, name: &str) -> Result<Tagged, Refusal> {
        Ok(match kind {
            Kind::User => Tagged::User((*users::find(account, name)?.user).clone()),
            Kind::Policy => {
                documents::check_policy_arn(name)?;
                Tagged::Policy(managed_policies::to_change(account, name)?)
            }
        })
    }

    fn tags(&mut self) -> &mut Vec<Tag> {
        match self {
            Tagged::User(user) => &mut user.tags,
            Tagged::Policy(policy) => &mut policy.tags,
        }
    }

    fn into_record(self) -> Record {
        match self {
            Tagged::User(user) => Record::User(user),
            Tagged::Policy(policy) => Record::Policy(policy),
        }
    }
}

/// Adds tags to a user, or changes them.
pub async fn tag_user(
    call: Call,
    permit: Permit<table::TagUser>,
    input: wire::TagUserRequest,
) -> Result<wire::Nothing, Refusal> {
    add(call, permit, Kind::User, input.user_name, input.tags).await
}

/// Removes tags from a user.
pub async fn untag_user(
    call: Call,
    permit: Permit<table::UntagUser>,
    input: wire::UntagUserRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(call, permit, Kind::User, input.user_name, input.tag_keys).await
}

/// Lists the tags of a user.
pub async fn list_user_tags(
    call: Call,
    _permit: Permit<table::ListUserTags>,
    input: wire::ListUserTagsRequest,
) -> Result<wire::ListUserTagsResponse, Refusal> {
    let page = list(
        &call,
        Kind::User,
        input.user_name,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListUserTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

/// Adds tags to a customer managed policy, or changes them.
pub async fn tag_policy(
    call: Call,
    permit: Permit<table::TagPolicy>,
    input: wire::TagPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    add(call, permit, Kind::Policy, input.policy_arn, input.tags).await
}

/// Removes tags from a customer managed policy.
pub async fn untag_policy(
    call: Call,
    permit: Permit<table::UntagPolicy>,
    input: wire::UntagPolicyRequest,
) -> Result<wire::Nothing, Refusal> {
    remove(call, permit, Kind::Policy, input.policy_arn, input.tag_keys).await
}

/// Lists the tags of a managed policy. AWS's have none.
pub async fn list_policy_tags(
    call: Call,
    _permit: Permit<table::ListPolicyTags>,
    input: wire::ListPolicyTagsRequest,
) -> Result<wire::ListPolicyTagsResponse, Refusal> {
    if input
        .policy_arn
        .as_deref()
        .is_some_and(|arn| aws_managed(arn).is_some())
    {
        return Ok(wire::ListPolicyTagsResponse::default());
    }
    let page = list(
        &call,
        Kind::Policy,
        input.policy_arn,
        input.marker,
        input.max_items,
    )?;
    Ok(wire::ListPolicyTagsResponse {
        is_truncated: page.is_truncated(),
        tags: page.items,
        marker: page.marker,
    })
}

async fn add<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    name: Option<String>,
    tags: Option<Vec<wire::Tag>>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let (member, rule) = kind.member();
    let name = checks.required(member, name, rule);
    if tags.is_none() {
        checks.note("tags", None, Constraint::NotNull);
    }
    let tags = checks.tags(tags);
    checks.done()?;
    checks::distinct(&tags)?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut found = Tagged::find(account_of(state, &account)?, kind, &name)?;
        let all = found.tags();
        for tag in &tags {
            all.retain(|before| before.key.to_lowercase() != tag.key.to_lowercase());
            all.push(tag.clone());
        }
        if all.len() > MAX_TAGS {
            return Err(Refusal::new(
                Code::LimitExceeded,
                "The number of tags has reached the maximum limit.",
            ));
        }
        Ok(put(found.into_record()))
    })
    .await
}

async fn remove<Op: Operation<Output = wire::Nothing>>(
    call: Call,
    permit: Permit<Op>,
    kind: Kind,
    name: Option<String>,
    keys: Option<Vec<String>>,
) -> Result<wire::Nothing, Refusal> {
    let mut checks = Checks::default();
    let (member, rule) = kind.member();
    let name = checks.required(member, name, rule);
    let keys = checks.tag_keys(keys);
    checks.done()?;
    let account = call.account_id().to_owned();
    call.commit(permit, move |state| {
        let mut found = Tagged::find(account_of(state, &account)?, kind, &name)?;
        found.tags().retain(|tag| {
            let key = tag.key.to_lowercase();
            !keys.iter().any(|gone| gone.to_lowercase() == key)
        });
        Ok(put(found.into_record()))
    })
    .await
}

fn list(
    call: &Call,
    kind: Kind,
    name: Option<String>,
    marker: Option<String>,
    max_items: Option<i64>,
) -> Result<Page<wire::Tag>, Refusal> {
    let mut checks = Checks::default();
    let (member, rule) = kind.member();
    let name = checks.required(member, name, rule);
    let paging = Paging::new(&mut checks, name.to_lowercase(), marker, max_items);
    checks.done()?;
    let mut found = Tagged::find(call.account()?, kind, &name).map_err(|refusal| match kind {
        Kind::Policy if refusal.code == Code::AccessDenied => refusals::no_policy(&name),
        Kind::Policy | Kind::User => refusal,
    })?;
    let tags = found.tags();
    tags.sort_by_key(|tag| tag.key.to_lowercase());
    let shown = checks::shown(tags);
    let keys = tags.iter().map(|tag| tag.key.to_lowercase());
    paging.cut(call, keys.zip(shown))
}
