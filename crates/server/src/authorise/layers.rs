//! The policies that bind a caller, layer by layer.

use std::sync::{Arc, LazyLock};

use iam::compile::CompiledPolicy;
use iam::evaluate::{Layers, PolicyKind, PolicyRef};
use iam::policy::{DocumentKind, PolicyDocument};
use store::state::Account;

use crate::caller::{Caller, Principal, Voucher};
use crate::sessions::LiveSession;

/// Collects the caller's policies. A user or role that is gone, and an attached policy that is gone, give nothing.
pub(crate) fn with_layers<T>(
    account: &Account,
    caller: &Caller,
    ask: impl FnOnce(&Layers<'_>) -> T,
) -> T {
    let mut found = Found::default();
    match &caller.principal {
        Principal::Root => found.root = true,
        Principal::User { name, id, .. } => {
            found.user(account, name, id);
            found.own_password(account);
        }
        Principal::AssumedRole { role, role_id, .. } => {
            if let Some(entry) = account.role(role).filter(|it| it.role.id == *role_id) {
                written_on(
                    &mut found.identity,
                    account,
                    &entry.inline,
                    &entry.role.attached,
                );
                found.boundary = boundary(account, entry.role.boundary.as_deref());
            }
        }
        Principal::FederatedUser { by, .. } => match by {
            Voucher::Root => found.root = true,
            Voucher::User { name, id, .. } => found.user(account, name, id),
        },
        // Nothing of its own: only the role's trust policy speaks for it.
        Principal::WebIdentity { .. } => {}
    }
    let session = caller
        .session
        .as_ref()
        .filter(|live| live.session.has_policies())
        .map(|live| session_policies(account, live));
    ask(&Layers {
        identity: &found.identity,
        boundary: found.boundary.as_deref(),
        session: session.as_deref(),
        root: found.root,
    })
}

/// The policies of a caller without those of its session.
#[derive(Default)]
struct Found<'a> {
    identity: Vec<PolicyRef<'a>>,
    boundary: Option<Vec<PolicyRef<'a>>>,
    root: bool,
}

impl<'a> Found<'a> {
    /// Adds those of a user and its groups.
    fn user(&mut self, account: &'a Account, name: &str, id: &str) {
        let Some(entry) = account.user(name).filter(|entry| entry.user.id == id) else {
            return;
        };
        written_on(
            &mut self.identity,
            account,
            &entry.inline,
            &entry.user.attached,
        );
        let groups = entry.user.groups.iter();
        for group in groups.filter_map(|id| account.group_of_id(id)) {
            written_on(
                &mut self.identity,
                account,
                &group.inline,
                &group.group.attached,
            );
        }
        self.boundary = boundary(account, entry.user.boundary.as_deref());
    }

    /// Adds what the account's password policy gives its users.
    fn own_password(&mut self, account: &Account) {
        let policy = account
            .settings()
            .and_then(|settings| settings.password_policy.as_ref());
        if policy.is_some_and(|policy| policy.users_may_change) {
            self.identity.push(PolicyRef {
                id: "account-password-policy",
                kind: PolicyKind::Inline,
                policy: &OWN_PASSWORD,
            });
        }
    }
}

/// What `AllowUsersToChangePassword` gives to every user of the account ("Set an account password policy for IAM users"). It is
/// no more than a policy of theirs: boundaries and denials count.
static OWN_PASSWORD: LazyLock<CompiledPolicy> = LazyLock::new(|| {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"iam:ChangePassword","Resource":"arn:aws:iam::*:user/${aws:username}"},
        {"Effect":"Allow","Action":"iam:ChangePassword","Resource":"arn:aws:iam::*:user/*/${aws:username}"},
        {"Effect":"Allow","Action":"iam:GetAccountPasswordPolicy","Resource":"*"}]}"#;
    match PolicyDocument::parse(text, DocumentKind::Identity) {
        Ok(document) => CompiledPolicy::compile(&document),
        Err(_) => CompiledPolicy::unreadable(),
    }
});

/// A boundary that is gone allows nothing.
fn boundary<'a>(account: &'a Account, arn: Option<&'a str>) -> Option<Vec<PolicyRef<'a>>> {
    let arn = arn?;
    let policy = account.managed(arn).map(|policy| managed(arn, policy));
    Some(policy.into_iter().collect())
}

/// A managed session policy that is gone allows nothing.
fn session_policies<'a>(account: &'a Account, live: &'a LiveSession) -> Vec<PolicyRef<'a>> {
    let inline = live.policy.as_ref().map(|policy| PolicyRef {
        id: "of the session",
        kind: PolicyKind::Inline,
        policy,
    });
    let arns = live.session.policy_arns.iter();
    let managed = arns.filter_map(|arn| account.managed(arn).map(|policy| managed(arn, policy)));
    inline.into_iter().chain(managed).collect()
}

/// Adds the policies of one identity.
fn written_on<'a>(
    policies: &mut Vec<PolicyRef<'a>>,
    account: &'a Account,
    inline: &'a [(String, Arc<CompiledPolicy>)],
    attached: &'a [String],
) {
    policies.extend(inline.iter().map(|(name, policy)| PolicyRef {
        id: name,
        kind: PolicyKind::Inline,
        policy,
    }));
    policies.extend(
        attached
            .iter()
            .filter_map(|arn| account.managed(arn).map(|policy| managed(arn, policy))),
    );
}

fn managed<'a>(arn: &'a str, policy: &'a CompiledPolicy) -> PolicyRef<'a> {
    PolicyRef {
        id: arn,
        kind: PolicyKind::Managed,
        policy,
    }
}
