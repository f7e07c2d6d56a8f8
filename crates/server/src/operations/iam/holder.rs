//! What policies are written on: users and groups. Their inline and attached policies are handled alike.

use std::collections::BTreeMap;

use api::refusal::Refusal;
use iam::identity::{Group, Rule, User};
use iam::policy::InlineOwner;
use store::state::{Account, Record};

use super::{groups, users};

/// The kinds of identities that hold policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A user.
    User,
    /// A group.
    Group,
}

impl Kind {
    /// The member that names it.
    pub(super) fn member(self) -> &'static str {
        match self {
            Kind::User => "userName",
            Kind::Group => "groupName",
        }
    }

    /// What its name may be.
    pub(super) fn rule(self) -> Rule {
        match self {
            Kind::User => Rule::USER,
            Kind::Group => Rule::NAME,
        }
    }

    /// AWS's word for it in refusals.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
        }
    }

    /// Whose limit on inline policies it has.
    pub(super) fn inline_owner(self) -> InlineOwner {
        match self {
            Kind::User => InlineOwner::User,
            Kind::Group => InlineOwner::Group,
        }
    }

    /// AWS's name of the quota on attached policies.
    pub(super) fn attached_quota(self) -> &'static str {
        match self {
            Kind::User => "PoliciesPerUser",
            Kind::Group => "PoliciesPerGroup",
        }
    }
}

/// A copy of an identity that holds policies.
pub(super) enum Holder {
    /// A user.
    User(User),
    /// A group.
    Group(Group),
}

impl Holder {
    /// The identity of this name.
    ///
    /// # Errors
    /// NoSuchEntity.
    pub(super) fn find(account: &Account, kind: Kind, name: &str) -> Result<Holder, Refusal> {
        Ok(match kind {
            Kind::User => Holder::User((*users::find(account, name)?.user).clone()),
            Kind::Group => Holder::Group((*groups::find(account, name)?.group).clone()),
        })
    }

    /// The identity of this name, for somebody who wants to change its policies.
    ///
    /// # Errors
    /// NoSuchEntity.
    pub(super) fn to_change(account: &Account, kind: Kind, name: &str) -> Result<Holder, Refusal> {
        Holder::find(account, kind, name)
    }

    /// The name as it was given.
    pub(super) fn name(&self) -> &str {
        match self {
            Holder::User(user) => &user.name,
            Holder::Group(group) => &group.name,
        }
    }

    /// Inline policies: name to document.
    pub(super) fn inline(&self) -> &BTreeMap<String, String> {
        match self {
            Holder::User(user) => &user.inline,
            Holder::Group(group) => &group.inline,
        }
    }

    /// The same, to be changed.
    pub(super) fn inline_mut(&mut self) -> &mut BTreeMap<String, String> {
        match self {
            Holder::User(user) => &mut user.inline,
            Holder::Group(group) => &mut group.inline,
        }
    }

    /// ARNs of attached policies.
    pub(super) fn attached(&self) -> &[String] {
        match self {
            Holder::User(user) => &user.attached,
            Holder::Group(group) => &group.attached,
        }
    }

    /// The same, to be changed.
    pub(super) fn attached_mut(&mut self) -> &mut Vec<String> {
        match self {
            Holder::User(user) => &mut user.attached,
            Holder::Group(group) => &mut group.attached,
        }
    }

    /// The record to be put.
    pub(super) fn into_record(self) -> Record {
        match self {
            Holder::User(user) => Record::User(user),
            Holder::Group(group) => Record::Group(group),
        }
    }
}
