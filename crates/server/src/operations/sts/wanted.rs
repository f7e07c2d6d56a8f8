//! What requests for sessions have in common: durations, policies, tags, MFA.

use api::refusal::{Code, Refusal};
use api::secret::Secret;
use api::wire::sts as wire;
use iam::arn::Arn;
use iam::identity::{Constraint, Rule};
use iam::policy::{DocumentKind, PolicyDocument};
use iam::session::TagError;
use store::state::Account;

use crate::operations::iam::checks::Checks;
use crate::sessions::MAX_TOKEN;

/// The most managed session policies.
const MAX_POLICY_ARNS: usize = 10;

/// Session policies as they were asked for.
pub(super) struct Policies {
    /// The inline one.
    pub inline: Option<String>,
    /// ARNs of the managed ones.
    pub arns: Vec<String>,
}

impl Policies {
    /// Reads them out of a request.
    pub(super) fn read(
        checks: &mut Checks,
        inline: Option<String>,
        arns: Option<Vec<wire::PolicyDescriptorType>>,
    ) -> Policies {
        if let Some(text) = &inline {
            for constraint in Rule::SESSION_POLICY.broken_by(text) {
                checks.note("policy", None, constraint);
            }
        }
        let arns = arns.unwrap_or_default();
        if arns.len() > MAX_POLICY_ARNS {
            checks.note("policyArns", None, Constraint::MaxLength(MAX_POLICY_ARNS));
        }
        let arns = arns
            .into_iter()
            .enumerate()
            .map(|(index, policy)| {
                let at = format!("policyArns.{}.member.arn", index + 1);
                checks.required(&at, policy.arn, Rule::ARN)
            })
            .collect();
        Policies { inline, arns }
    }

    /// Refuses an inline policy that is none, and managed ones that the account does not have.
    pub(super) fn accept(&self, account: &Account) -> Result<(), Refusal> {
        if let Some(text) = &self.inline {
            PolicyDocument::parse(text, DocumentKind::Session)
                .map_err(|error| Refusal::new(Code::MalformedPolicyDocument, error.to_string()))?;
        }
        for arn in &self.arns {
            if Arn::parse(arn).is_err() {
                return Err(Refusal::new(
                    Code::ValidationError,
                    "Invalid ARN:  Could not be parsed!",
                ));
            }
            if account.managed(arn).is_none() {
                return Err(Refusal::new(
                    Code::ValidationError,
                    format!("Policy {arn} does not exist or is not attachable."),
                ));
            }
        }
        Ok(())
    }
}

/// A duration within these bounds.
pub(super) fn check_duration(checks: &mut Checks, seconds: Option<i64>, min: i64, max: i64) {
    let Some(seconds) = seconds else { return };
    let shown = seconds.to_string();
    if seconds > max {
        checks.note("durationSeconds", Some(&shown), Constraint::MaxValue(max));
    }
    if seconds < min {
        checks.note("durationSeconds", Some(&shown), Constraint::MinValue(min));
    }
}

/// A size of a token that there can be.
pub(super) fn check_token_size(checks: &mut Checks, size: Option<i64>) {
    let Some(size) = size else { return };
    let shown = size.to_string();
    let member = "minimumSessionTokenSize";
    if size > MAX_TOKEN {
        checks.note(member, Some(&shown), Constraint::MaxValue(MAX_TOKEN));
    }
    if size < 0 {
        checks.note(member, Some(&shown), Constraint::MinValue(0));
    }
}

/// There are no MFA devices here, so no code of one is right.
pub(super) fn refuse_mfa(serial: Option<&str>, code: Option<&Secret>) -> Result<(), Refusal> {
    if serial.is_none() && code.is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        Code::AccessDenied,
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    ))
}

/// The refusal of tags.
pub(super) fn refuse_tags(error: TagError) -> Refusal {
    let code = match error {
        TagError::Duplicate | TagError::Reserved | TagError::NotATag | TagError::Inherited => {
            Code::InvalidParameterValue
        }
        TagError::TooMany => Code::ValidationError,
    };
    Refusal::new(code, error.to_string())
}
