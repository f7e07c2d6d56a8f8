//! Rules about the principals of trust policies.

use super::known::distance;
use super::{Examiner, Rule};
use crate::arn::Arn;
use crate::policy::Principals;

pub(super) fn examine(it: &mut Examiner<'_>) {
    let (aws, anyone) = match it.statement.principals() {
        None => return,
        Some(Principals::Anyone) => (&[][..], true),
        Some(Principals::Listed { aws, .. }) => {
            (aws.as_slice(), aws.iter().any(|entry| entry == "*"))
        }
    };
    if anyone && it.is_allow() && it.statement.conditions().is_empty() {
        it.warn(
            Rule::AnyPrincipal,
            Some("*"),
            "anybody of any account may assume the role: name principals, or add a condition",
        );
    }
    let Some(own) = it.known.account.clone() else {
        return;
    };
    for principal in aws {
        let account = match Arn::parse(principal) {
            Ok(arn) => arn.account().to_owned(),
            Err(_) => principal.clone(),
        };
        let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        if digits && account != own && distance(&account, &own) <= 2 {
            it.warn(
                Rule::PrincipalAccount,
                Some(principal),
                format!(
                    "`{principal}` is of account `{account}`, which is nearly `{own}`: a slip?"
                ),
            );
        }
    }
}
