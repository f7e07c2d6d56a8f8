//! Who calls: the identity behind a verified signature.

use std::sync::Arc;

use iam::identity::{AccessKeyStatus, KeyOwner};
use iam::session::{Issuer, SessionPrincipal, WebIdentity};
use store::state::{Account, State, UserEntry};

use crate::sessions::LiveSession;

/// The identity behind a signature. It is only made in [`crate::identity`], from a verified request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: String,
    /// The access key the request was signed with.
    pub access_key_id: String,
    /// Who the key belongs to.
    pub principal: Principal,
    /// The session, where the key is a temporary one.
    pub session: Option<Arc<LiveSession>>,
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
    /// A session of a role.
    AssumedRole {
        /// The role's name as it was given.
        role: String,
        /// The role's unique id, `AROA…`.
        role_id: String,
        /// `arn:aws:iam::<account>:role/…`.
        role_arn: String,
        /// The session's name.
        session: String,
        /// `AROA…:<session>`.
        id: String,
    },
    /// A user outside IAM whom root or an IAM user vouches for.
    FederatedUser {
        /// The name that was given.
        name: String,
        /// `<account>:<name>`.
        id: String,
        /// Whose permissions are the most it can have.
        by: Voucher,
    },
    /// Somebody whom an OpenID Connect provider vouches for. All they can call is AssumeRoleWithWebIdentity.
    WebIdentity {
        /// `<provider's ARN>:<audience>:<subject>`, as in CloudTrail's records.
        id: String,
        /// The provider's ARN.
        provider: String,
        /// The provider's URL without `https://`.
        issuer: String,
        /// The names of its condition keys.
        keys: TokenKeys,
        /// What the token says.
        identity: Arc<WebIdentity>,
    },
}

/// The names of the condition keys that a provider's tokens have ("Keys for AWS OIDC federation").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenKeys {
    /// `<issuer>:aud`.
    pub audience: String,
    /// `<issuer>:sub`.
    pub subject: String,
    /// `<issuer>:amr`.
    pub methods: String,
}

impl TokenKeys {
    /// The names for an issuer, its URL without `https://`.
    pub(crate) fn of(issuer: &str) -> TokenKeys {
        TokenKeys {
            audience: format!("{issuer}:aud"),
            subject: format!("{issuer}:sub"),
            methods: format!("{issuer}:amr"),
        }
    }
}

/// Who vouches for a federated user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voucher {
    /// The account's root.
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
    /// The caller that a long-term access key stands for now. `None`: there is no such key, it is inactive, or its user is
    /// gone.
    pub(crate) fn of_key(state: &State, access_key_id: &str) -> Option<Caller> {
        let key = state.access_key(access_key_id)?;
        match key.status {
            AccessKeyStatus::Active => {}
            AccessKeyStatus::Inactive => return None,
        }
        let principal = match &key.owner {
            KeyOwner::Root => Principal::Root,
            KeyOwner::User(name) => user(state.account(&key.account)?.user(name)?),
        };
        Some(Caller {
            account: key.account.clone(),
            access_key_id: key.id.clone(),
            principal,
            session: None,
        })
    }

    /// The caller that a session stands for now. `None`: the user or role is gone. A session outlives the access key that
    /// asked for it, as on AWS: it is ended by a policy (`aws:TokenIssueTime`) or with its user or role.
    pub(crate) fn of_session(state: &State, live: &Arc<LiveSession>) -> Option<Caller> {
        let session = &live.session;
        let account = state.account(&session.account)?;
        let principal = match &session.principal {
            SessionPrincipal::Root => Principal::Root,
            SessionPrincipal::User { id, name } => user(user_of(account, name, id)?),
            SessionPrincipal::Federated { name, by } => Principal::FederatedUser {
                name: name.clone(),
                id: format!("{}:{name}", session.account),
                by: match by {
                    Issuer::Root => Voucher::Root,
                    Issuer::User { id, name } => {
                        let user = &user_of(account, name, id)?.user;
                        Voucher::User {
                            name: user.name.clone(),
                            id: user.id.clone(),
                            arn: user.arn(),
                        }
                    }
                },
            },
            SessionPrincipal::Role {
                id,
                name,
                session: session_name,
                ..
            } => {
                let role = &account
                    .role(name)
                    .filter(|entry| entry.role.id == *id)?
                    .role;
                Principal::AssumedRole {
                    role: role.name.clone(),
                    role_id: role.id.clone(),
                    role_arn: role.arn(),
                    session: session_name.clone(),
                    id: format!("{}:{session_name}", role.id),
                }
            }
        };
        Some(Caller {
            account: session.account.clone(),
            access_key_id: session.key_id.clone(),
            principal,
            session: Some(Arc::clone(live)),
        })
    }

    /// Whether the same key, or the same session, stands for the same caller on these records.
    pub(crate) fn still_holds(&self, state: &State) -> bool {
        if let Principal::WebIdentity { provider, .. } = &self.principal {
            let account = state.account(&self.account);
            return account.is_some_and(|account| account.oidc_providers.contains_key(provider));
        }
        let now = match &self.session {
            None => Caller::of_key(state, &self.access_key_id),
            Some(session) => Caller::of_session(state, session),
        };
        now.as_ref() == Some(self)
    }

    /// The caller's ARN, as it stands in refusals and audit records.
    pub fn arn(&self) -> String {
        let account = &self.account;
        match &self.principal {
            Principal::Root => format!("arn:aws:iam::{account}:root"),
            Principal::User { arn, .. } => arn.clone(),
            Principal::AssumedRole { role, session, .. } => {
                format!("arn:aws:sts::{account}:assumed-role/{role}/{session}")
            }
            Principal::FederatedUser { name, .. } => {
                format!("arn:aws:sts::{account}:federated-user/{name}")
            }
            Principal::WebIdentity { id, .. } => id.clone(),
        }
    }

    /// `aws:PrincipalArn`: of a role's session the role's.
    pub fn principal_arn(&self) -> String {
        match &self.principal {
            Principal::AssumedRole { role_arn, .. } => role_arn.clone(),
            Principal::Root
            | Principal::User { .. }
            | Principal::FederatedUser { .. }
            | Principal::WebIdentity { .. } => self.arn(),
        }
    }

    /// The caller's unique id (`aws:userid`).
    pub fn unique_id(&self) -> &str {
        match &self.principal {
            Principal::Root => &self.account,
            Principal::User { id, .. }
            | Principal::AssumedRole { id, .. }
            | Principal::FederatedUser { id, .. }
            | Principal::WebIdentity { id, .. } => id,
        }
    }

    /// `aws:PrincipalType`.
    pub fn principal_type(&self) -> &'static str {
        match &self.principal {
            Principal::Root => "Account",
            Principal::User { .. } => "User",
            Principal::AssumedRole { .. } => "AssumedRole",
            Principal::FederatedUser { .. } => "FederatedUser",
            Principal::WebIdentity { .. } => "WebIdentityUser",
        }
    }

    /// The name of the IAM user that calls, where it is one.
    pub fn user_name(&self) -> Option<&str> {
        match &self.principal {
            Principal::User { name, .. } => Some(name),
            Principal::Root
            | Principal::AssumedRole { .. }
            | Principal::FederatedUser { .. }
            | Principal::WebIdentity { .. } => None,
        }
    }
}

fn user(entry: &UserEntry) -> Principal {
    Principal::User {
        name: entry.user.name.clone(),
        id: entry.user.id.clone(),
        arn: entry.user.arn(),
    }
}

/// The user with this id, who had this name.
fn user_of<'a>(account: &'a Account, name: &str, id: &str) -> Option<&'a UserEntry> {
    let is = |entry: &&UserEntry| entry.user.id == id;
    account
        .user(name)
        .filter(is)
        .or_else(|| account.users().find(is))
}
