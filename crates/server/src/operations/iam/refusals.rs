//! IAM's refusals in AWS's words.

use api::refusal::{Code, Refusal};
use iam::policy::{LimitError, PolicyError};

/// Only a user, or root, may leave out whose it is.
pub(super) fn name_needed() -> Refusal {
    Refusal::new(
        Code::ValidationError,
        "Must specify userName when calling with non-User credentials",
    )
}

/// The user is not there.
pub(super) fn no_user(name: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("The user with name {name} cannot be found."),
    )
}

/// The name is a user's already.
pub(super) fn user_exists(name: &str) -> Refusal {
    Refusal::new(
        Code::EntityAlreadyExists,
        format!("User with name {name} already exists."),
    )
}

/// The group is not there.
pub(super) fn no_group(name: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("The group with name {name} cannot be found."),
    )
}

/// The name is a group's already.
pub(super) fn group_exists(name: &str) -> Refusal {
    Refusal::new(
        Code::EntityAlreadyExists,
        format!("Group with name {name} already exists."),
    )
}

/// The role is not there.
pub(super) fn no_role(name: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("The role with name {name} cannot be found."),
    )
}

/// The name is a role's already.
pub(super) fn role_exists(name: &str) -> Refusal {
    Refusal::new(
        Code::EntityAlreadyExists,
        format!("Role with name {name} already exists."),
    )
}

/// The role is a service's, and nobody else's to change.
pub(super) fn protected_role(name: &str) -> Refusal {
    Refusal::new(
        Code::UnmodifiableEntity,
        format!(
            "Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
        ),
    )
}

/// The instance profile is not there.
pub(super) fn no_instance_profile(name: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("Instance Profile {name} cannot be found."),
    )
}

/// The name is an instance profile's already.
pub(super) fn instance_profile_exists(name: &str) -> Refusal {
    Refusal::new(
        Code::EntityAlreadyExists,
        format!("Instance Profile {name} already exists."),
    )
}

/// The user has no password.
pub(super) fn no_login_profile(user: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("Login Profile for User {user} cannot be found."),
    )
}

/// The user is not in the group.
pub(super) fn not_in_group(user: &str, group: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("User {user} not in group {group}"),
    )
}

/// There is no permissions boundary to be removed. `kind` is `user` or `role`.
pub(super) fn boundary_not_set(kind: &str, name: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("The {kind} with name {name} has no permissions boundary."),
    )
}

/// The policy is AWS's own, and nobody else's to change.
pub(super) fn policy_of_aws(arn: &str) -> Refusal {
    Refusal::new(
        Code::AccessDenied,
        format!("Policy {arn} is managed by AWS and cannot be changed."),
    )
}

/// The version is not there.
pub(super) fn no_policy_version(arn: &str, version: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("Policy {arn} version {version} does not exist or is not attachable."),
    )
}

/// The key is not there, or not its owner's.
pub(super) fn no_access_key(id: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("The Access Key with id {id} cannot be found."),
    )
}

/// The inline policy is not there. `kind` is `user`, `group` or `role`.
pub(super) fn no_inline_policy(kind: &str, name: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("The {kind} policy with name {name} cannot be found."),
    )
}

/// The managed policy is not there.
pub(super) fn no_policy(arn: &str) -> Refusal {
    Refusal::new(Code::NoSuchEntity, format!("Policy {arn} was not found."))
}

/// The managed policy is not there, to somebody who wants to attach it.
pub(super) fn not_attachable(arn: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("Policy {arn} does not exist or is not attachable."),
    )
}

/// The managed policy is a service-linked role's.
pub(super) fn service_policy() -> Refusal {
    Refusal::new(
        Code::PolicyNotAttachable,
        "Cannot attach a Service Role Policy to a Customer Role.",
    )
}

/// The policy that is to be a permissions boundary is not there.
pub(super) fn no_boundary(arn: &str) -> Refusal {
    Refusal::new(
        Code::NoSuchEntity,
        format!("Scope ARN: {arn} does not exist or is not attachable."),
    )
}

/// The name is a policy's already.
pub(super) fn policy_exists(name: &str) -> Refusal {
    Refusal::new(
        Code::EntityAlreadyExists,
        format!("A policy called {name} already exists. Duplicate names are not allowed."),
    )
}

/// The text is not an ARN.
pub(super) fn unreadable_arn() -> Refusal {
    Refusal::new(Code::ValidationError, "Invalid ARN:  Could not be parsed!")
}

/// The ARN is not one of a managed policy.
pub(super) fn wrong_arn(arn: &str) -> Refusal {
    Refusal::new(Code::InvalidInput, format!("ARN {arn} is not valid."))
}

/// A quota is reached. `name` is AWS's, such as `AccessKeysPerUser`.
pub(super) fn quota_reached(name: &str, limit: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        Code::LimitExceeded,
        format!("Cannot exceed quota for {name}: {limit}"),
    )
}

/// What still hangs on the entity has to go first. `first` is AWS's text, such as `detach all policies`.
pub(super) fn delete_conflict(first: &str) -> Refusal {
    Refusal::new(
        Code::DeleteConflict,
        format!("Cannot delete entity, must {first} first."),
    )
}

/// The policy document is not acceptable.
pub(super) fn malformed_document(error: &PolicyError) -> Refusal {
    Refusal::new(Code::MalformedPolicyDocument, error.to_string())
}

/// The policy document is too long.
pub(super) fn document_too_long(error: &LimitError) -> Refusal {
    let code = match error {
        LimitError::Managed(_) | LimitError::Inline { .. } | LimitError::Trust(_) => {
            Code::LimitExceeded
        }
        LimitError::Parameter { .. } => Code::ValidationError,
    };
    Refusal::new(code, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_awss() {
        for (refusal, code, message) in [
            (
                no_user("x"),
                Code::NoSuchEntity,
                "The user with name x cannot be found.",
            ),
            (
                user_exists("x"),
                Code::EntityAlreadyExists,
                "User with name x already exists.",
            ),
            (
                no_access_key("AKIA"),
                Code::NoSuchEntity,
                "The Access Key with id AKIA cannot be found.",
            ),
            (
                no_inline_policy("user", "p"),
                Code::NoSuchEntity,
                "The user policy with name p cannot be found.",
            ),
            (
                no_policy("arn:p"),
                Code::NoSuchEntity,
                "Policy arn:p was not found.",
            ),
            (
                not_attachable("arn:p"),
                Code::NoSuchEntity,
                "Policy arn:p does not exist or is not attachable.",
            ),
            (
                no_boundary("arn:p"),
                Code::NoSuchEntity,
                "Scope ARN: arn:p does not exist or is not attachable.",
            ),
            (
                policy_exists("p"),
                Code::EntityAlreadyExists,
                "A policy called p already exists. Duplicate names are not allowed.",
            ),
            (
                unreadable_arn(),
                Code::ValidationError,
                "Invalid ARN:  Could not be parsed!",
            ),
            (
                wrong_arn("arn:p"),
                Code::InvalidInput,
                "ARN arn:p is not valid.",
            ),
            (
                quota_reached("AccessKeysPerUser", 2),
                Code::LimitExceeded,
                "Cannot exceed quota for AccessKeysPerUser: 2",
            ),
            (
                delete_conflict("detach all policies"),
                Code::DeleteConflict,
                "Cannot delete entity, must detach all policies first.",
            ),
            (
                document_too_long(&LimitError::Managed(6144)),
                Code::LimitExceeded,
                "Cannot exceed quota for PolicySize: 6144",
            ),
        ] {
            assert_eq!((refusal.code, refusal.message.as_str()), (code, message));
        }
    }
}
