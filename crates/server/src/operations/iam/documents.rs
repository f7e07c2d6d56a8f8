//! Policy documents and the ARNs of managed policies.

use api::protocol::form;
use api::refusal::Refusal;
use iam::Arn;
use iam::policy::{
    DocumentKind, InlineOwner, PolicyDocument, check_inline_size, check_managed_size,
    check_trust_size, non_whitespace_characters,
};
use store::state::{Account, aws_managed};

use super::refusals;

/// A document as it travels in answers.
pub(super) fn shown(document: &str) -> String {
    form::encode(document)
}

/// Checks the document of a managed policy.
pub(super) fn check_managed(document: &str) -> Result<(), Refusal> {
    PolicyDocument::parse(document, DocumentKind::Managed)
        .map_err(|error| refusals::malformed_document(&error))?;
    check_managed_size(document).map_err(|error| refusals::document_too_long(&error))
}

/// Checks the trust policy of a role.
pub(super) fn check_trust(document: &str) -> Result<(), Refusal> {
    PolicyDocument::parse(document, DocumentKind::Trust)
        .map_err(|error| refusals::malformed_document(&error))?;
    check_trust_size(document).map_err(|error| refusals::document_too_long(&error))
}

/// Checks the document of an inline policy. Its size is part of a sum: see [`check_inline_sum`].
pub(super) fn check_inline(document: &str) -> Result<(), Refusal> {
    PolicyDocument::parse(document, DocumentKind::Identity)
        .map(|_| ())
        .map_err(|error| refusals::malformed_document(&error))
}

/// Checks the sum of all inline policies of one identity.
pub(super) fn check_inline_sum<'a>(
    owner: InlineOwner,
    name: &str,
    documents: impl Iterator<Item = &'a String>,
) -> Result<(), Refusal> {
    let sum = documents.map(|text| non_whitespace_characters(text)).sum();
    check_inline_size(owner, name, sum).map_err(|error| refusals::document_too_long(&error))
}

/// Refuses what is no ARN of a managed policy.
pub(super) fn check_policy_arn(arn: &str) -> Result<(), Refusal> {
    let parsed = Arn::parse(arn).map_err(|_| refusals::unreadable_arn())?;
    let account = parsed.account();
    let is_account =
        account == "aws" || (account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()));
    let is_policy = parsed.service() == "iam"
        && parsed.region().is_empty()
        && is_account
        && parsed.resource().starts_with("policy/");
    if is_policy {
        Ok(())
    } else {
        Err(refusals::wrong_arn(arn))
    }
}

/// Whether the policy exists, and may be attached to the account's identities.
pub(super) enum Attachable {
    /// It may.
    Yes,
    /// It is a service-linked role's.
    ServicePolicy,
    /// There is no such policy.
    Missing,
}

/// Whether the policy may be attached to identities of the account.
pub(super) fn attachable(account: &Account, arn: &str) -> Attachable {
    if account.policy(arn).is_some() {
        return Attachable::Yes;
    }
    match aws_managed(arn) {
        Some((policy, _)) if policy.is_attachable() => Attachable::Yes,
        Some(_) => Attachable::ServicePolicy,
        None => Attachable::Missing,
    }
}

/// Refuses a permissions boundary that is not there.
pub(super) fn check_boundary(account: &Account, arn: &str) -> Result<(), Refusal> {
    match attachable(account, arn) {
        Attachable::Yes => Ok(()),
        Attachable::ServicePolicy | Attachable::Missing => Err(refusals::no_boundary(arn)),
    }
}

/// The name of the policy with this ARN: what stands behind the last slash.
pub(super) fn policy_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// Where the policy with this ARN stands in lists: by name, the customer's before AWS's of the same name.
pub(super) fn policy_order(arn: &str) -> String {
    let whose = if arn.starts_with("arn:aws:iam::aws:") {
        "aws"
    } else {
        ""
    };
    format!("{}/{whose}", policy_name(arn).to_lowercase())
}

/// The path of the policy with this ARN, from the first slash to the last.
pub(super) fn policy_path(arn: &str) -> &str {
    let start = arn.find('/').unwrap_or(0);
    let end = arn.rfind('/').map_or(arn.len(), |at| at + 1);
    arn.get(start..end).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_policies_are_told_from_others() {
        for (arn, valid) in [
            ("arn:aws:iam::111122223333:policy/p", true),
            ("arn:aws:iam::aws:policy/AmazonMQFullAccess", true),
            ("arn:aws:iam::111122223333:user/p", false),
            ("arn:aws:iam:us-east-1:111122223333:policy/p", false),
            ("arn:aws:mq::111122223333:policy/p", false),
            ("arn:aws:iam::11112222333:policy/p", false),
            ("not an arn at all, but long", false),
        ] {
            assert_eq!(check_policy_arn(arn).is_ok(), valid, "{arn}");
        }
        let arn = "arn:aws:iam::111122223333:policy/a/b/p";
        assert_eq!((policy_path(arn), policy_name(arn)), ("/a/b/", "p"));
        assert_eq!(policy_path("arn:aws:iam::aws:policy/p"), "/");
    }
}
