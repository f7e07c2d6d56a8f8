//! Who calls: the identity behind a verified signature.

use iam::identity::{AccessKeyStatus, KeyOwner};
use store::state::State;

/// The identity behind a signature. It is only made in [`crate::identity`], from a verified request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: String,
    /// The access key the request was signed with.
    pub access_key_id: String,
    /// Who the key belongs to.
    pub principal: Principal,
}

/// The kinds of callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// The account itself.
    Root,
    /// An IAM user.
    User {
        /// The name as it was given.
        name: String,
        /// The unique id, `AIDA…`.
        id: String,
        /// `arn:aws:iam::<account>:user/…`.
        arn: String,
    },
}

impl Caller {
    /// The caller that an access key stands for now. `None`: there is no such key, it is inactive, or its user is gone.
    pub(crate) fn of_key(state: &State, access_key_id: &str) -> Option<Caller> {
        let key = state.access_key(access_key_id)?;
        match key.status {
            AccessKeyStatus::Active => {}
            AccessKeyStatus::Inactive => return None,
        }
        let principal = match &key.owner {
            KeyOwner::Root => Principal::Root,
            KeyOwner::User(name) => {
                let user = &state.account(&key.account)?.user(name)?.user;
                Principal::User {
                    name: user.name.clone(),
                    id: user.id.clone(),
                    arn: user.arn(),
                }
            }
        };
        Some(Caller {
            account: key.account.clone(),
            access_key_id: key.id.clone(),
            principal,
        })
    }

    /// The caller's ARN, as it stands in refusals and audit records.
    pub fn arn(&self) -> String {
        match &self.principal {
            Principal::Root => format!("arn:aws:iam::{}:root", self.account),
            Principal::User { arn, .. } => arn.clone(),
        }
    }

    /// The caller's unique id (`aws:userid`).
    pub fn unique_id(&self) -> &str {
        match &self.principal {
            Principal::Root => &self.account,
            Principal::User { id, .. } => id,
        }
    }

    /// `aws:PrincipalType`.
    pub fn principal_type(&self) -> &'static str {
        match &self.principal {
            Principal::Root => "Account",
            Principal::User { .. } => "User",
        }
    }
}
