//! What policies are written on: users, groups and roles. Their inline and attached policies are handled alike.

use std::collections::BTreeMap;

use api::refusal::Refusal;
use iam::identity::{Group, Role, Rule, User};
use iam::policy::InlineOwner;
use store::state::{Account, Record};

use super::{groups, roles, users};

/// The kinds of identities that hold policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
}

impl Kind {
    /// The member that names it.
    pub(super) fn member(self) -> &'static str {
        match self {
            Kind::User => "userName",
            Kind::Group => "groupName",
            Kind::Role => "roleName",
        }
    }

    /// What its name may be.
    pub(super) fn rule(self) -> Rule {
        match self {
            Kind::User => Rule::USER,
            Kind::Group => Rule::NAME,
            Kind::Role => Rule::ROLE,
        }
    }

    /// AWS's word for it in refusals.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Role => "role",
        }
    }

    /// Whose limit on inline policies it has.
    pub(super) fn inline_owner(self) -> InlineOwner {
        match self {
            Kind::User => InlineOwner::User,
            Kind::Group => InlineOwner::Group,
            Kind::Role => InlineOwner::Role,
        }
    }

    /// AWS's name of the quota on attached policies.
    pub(super) fn attached_quota(self) -> &'static str {
        match self {
            Kind::User => "PoliciesPerUser",
            Kind::Group => "PoliciesPerGroup",
            Kind::Role => "PoliciesPerRole",
        }
    }
}

/// A copy of an identity that holds policies.
pub(super) enum Holder {
    /// A user.
    User(User),
    /// A group.
    Group(Group),
    /// A role.
    Role(Role),
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
            Kind::Role => Holder::Role((*roles::find(account, name)?.role).clone()),
        })
    }

    /// The identity of this name, for somebody who wants to change its policies.
    ///
    /// # Errors
    /// NoSuchEntity; UnmodifiableEntity for the role of a service.
    pub(super) fn to_change(account: &Account, kind: Kind, name: &str) -> Result<Holder, Refusal> {
        match kind {
            Kind::User | Kind::Group => Holder::find(account, kind, name),
            Kind::Role => roles::to_change(account, name).map(Holder::Role),
        }
    }

    /// The name as it was given.
    pub(super) fn name(&self) -> &str {
        match self {
            Holder::User(user) => &user.name,
            Holder::Group(group) => &group.name,
            Holder::Role(role) => &role.name,
        }
    }

    /// Inline policies: name to document.
    pub(super) fn inline(&self) -> &BTreeMap<String, String> {
        match self {
            Holder::User(user) => &user.inline,
            Holder::Group(group) => &group.inline,
            Holder::Role(role) => &role.inline,
        }
    }

    /// The same, to be changed.
    pub(super) fn inline_mut(&mut self) -> &mut BTreeMap<String, String> {
        match self {
            Holder::User(user) => &mut user.inline,
            Holder::Group(group) => &mut group.inline,
            Holder::Role(role) => &mut role.inline,
        }
    }

    /// ARNs of attached policies.
    pub(super) fn attached(&self) -> &[String] {
        match self {
            Holder::User(user) => &user.attached,
            Holder::Group(group) => &group.attached,
            Holder::Role(role) => &role.attached,
        }
    }

    /// The same, to be changed.
    pub(super) fn attached_mut(&mut self) -> &mut Vec<String> {
        match self {
            Holder::User(user) => &mut user.attached,
            Holder::Group(group) => &mut group.attached,
            Holder::Role(role) => &mut role.attached,
        }
    }

    /// The record to be put.
    pub(super) fn into_record(self) -> Record {
        match self {
            Holder::User(user) => Record::User(user),
            Holder::Group(group) => Record::Group(group),
            Holder::Role(role) => Record::Role(role),
        }
    }
}
