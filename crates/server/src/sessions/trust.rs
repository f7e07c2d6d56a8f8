//! Who may assume a role: the role's trust policy and the caller's own policies together ("How IAM roles differ from
//! resource-based policies", "Cross-account policy evaluation logic").
//!
//! Within an account it is enough that the trust policy names the caller; where it names the account, the caller's own
//! policies must allow as well. Across accounts both sides must allow in any case. A Deny on either side refuses.

use api::refusal::{Code, Refusal};
use iam::arn::{AccountId, Arn};
use iam::evaluate::{Decision, Layers, PolicyKind, PolicyRef, Question, evaluate};
use iam::session::WebIdentity;
use iam::trust::{Caller as Trusted, Trust, evaluate_trust};
use store::state::{RoleEntry, State};

use crate::authorise::{Asked, Denied, Target, Way, context, named, reason, with_layers};
use crate::caller::{Caller, Principal};
use crate::facts::Facts;

/// The action of assuming a role.
const ASSUME: &str = "sts:AssumeRole";
/// The action of assuming a role by the word of a provider.
const ASSUME_WEB: &str = "sts:AssumeRoleWithWebIdentity";
/// Needed besides where the session has tags.
const TAG: &str = "sts:TagSession";
/// Needed besides where the session has a source identity.
const IDENTIFY: &str = "sts:SetSourceIdentity";

/// A role by its ARN.
pub(crate) struct RoleName {
    account: AccountId,
    name: String,
    arn: String,
}

impl RoleName {
    /// The role that the ARN names. `None`: the text is no ARN of a role.
    pub(crate) fn parse(text: &str) -> Option<RoleName> {
        let arn = Arn::parse(text).ok()?;
        if arn.service() != "iam" || !arn.region().is_empty() {
            return None;
        }
        let path = arn.resource().strip_prefix("role/")?;
        let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
        Some(RoleName {
            account: AccountId::parse(arn.account()).ok()?,
            name: name.to_owned(),
            arn: text.to_owned(),
        })
    }

    /// The account that the ARN names.
    pub(crate) fn account(&self) -> &str {
        self.account.as_str()
    }

    /// The role, where there is one of this very ARN.
    pub(crate) fn find<'a>(&self, state: &'a State) -> Option<&'a RoleEntry> {
        let entry = state.account(self.account.as_str())?.role(&self.name)?;
        (entry.role.arn() == self.arn).then_some(entry)
    }
}

/// Decides whether the caller may assume the role of the request, with the tags and the source identity it asks for.
/// A role that does not exist is refused like one that does not trust the caller.
///
/// # Errors
/// The first action that is missing.
pub(crate) fn decide(state: &State, caller: &Caller, facts: &Facts) -> Result<String, Denied> {
    let shown = facts.text("roleArn").unwrap_or("*");
    match caller.principal {
        Principal::Root => {
            // AWS: whatever the trust policy says.
            let text = "Roles may not be assumed by root accounts.";
            let refusal = Refusal::new(Code::AccessDeniedException, text);
            return Err(Denied::without_statement(refusal, text, ASSUME, shown));
        }
        Principal::User { .. }
        | Principal::AssumedRole { .. }
        | Principal::FederatedUser { .. }
        | Principal::WebIdentity { .. } => {}
    }
    let role = RoleName::parse(shown);
    if let Principal::WebIdentity { identity, .. } = &caller.principal {
        return decide_web_identity(state, caller, facts, role.as_ref(), identity);
    }
    let why = decide_action(state, caller, facts, role.as_ref(), ASSUME)?;
    let session = caller.session.as_ref().map(|live| &live.session);
    let inherits = session.is_some_and(|session| session.inherited_tags().next().is_some());
    if inherits || !facts.request_tags().is_empty() {
        decide_action(state, caller, facts, role.as_ref(), TAG)?;
    }
    let has_identity = session.is_some_and(|session| session.source_identity.is_some());
    if has_identity || facts.text("sourceIdentity").is_some() {
        decide_action(state, caller, facts, role.as_ref(), IDENTIFY)?;
    }
    Ok(why)
}

/// The same for somebody whom a provider vouches for: the tags and the source identity are in the token.
fn decide_web_identity(
    state: &State,
    caller: &Caller,
    facts: &Facts,
    role: Option<&RoleName>,
    identity: &WebIdentity,
) -> Result<String, Denied> {
    let ask = |action: &str| {
        decide_action(state, caller, facts, role, action).map_err(|mut denied| {
            // AWS: in the same words whether there is such a role or not.
            let text = format!("Not authorized to perform {ASSUME_WEB}");
            denied.refusal = Refusal::new(Code::AccessDeniedException, text);
            denied
        })
    };
    let why = ask(ASSUME_WEB)?;
    if !identity.tags.is_empty() {
        ask(TAG)?;
    }
    if identity.source_identity.is_some() {
        ask(IDENTIFY)?;
    }
    Ok(why)
}

/// One action on the role. Where the request names no role at all, the caller's policies decide whether it is told so.
fn decide_action(
    state: &State,
    caller: &Caller,
    facts: &Facts,
    role: Option<&RoleName>,
    action: &str,
) -> Result<String, Denied> {
    let arn = caller.arn();
    let resource = facts.text("roleArn").unwrap_or("*");
    let refused = |message: String, why: String, explicit: bool| Denied {
        refusal: Refusal::new(Code::AccessDeniedException, message),
        why,
        asked: Box::new(Asked {
            explicit,
            action: action.to_owned(),
            resource: resource.to_owned(),
        }),
    };
    let plain = || {
        let on = if resource == "*" {
            String::new()
        } else {
            format!(" on resource: {resource}")
        };
        format!("User: {arn} is not authorized to perform: {action}{on}")
    };
    let Some(account) = state.account(&caller.account) else {
        return Err(refused(plain(), "the account is gone".into(), false));
    };
    let entry = role.and_then(|role| role.find(state));
    let target = match entry {
        Some(entry) => Target::tagged(
            resource.to_owned(),
            entry.role.tags.iter().map(|tag| (&tag.key, &tag.value)),
        ),
        None => Target::arn(resource),
    };
    let mut context = context(account, caller, facts, &target, Way::Direct, false);
    if let Some(role) = role {
        context
            .remove("aws:ResourceAccount")
            .text("aws:ResourceAccount", role.account.as_str().to_owned());
    }
    let question = Question {
        action,
        resource,
        context: &context,
    };
    let shown = (resource != "*").then_some(resource);
    with_layers(account, caller, |layers| {
        // Order: a Deny of the caller's own comes first, whether there is such a role or not.
        let own = evaluate(layers, &question);
        let own_denial = match own {
            Decision::Allowed { .. } => None,
            Decision::Denied(denial) => Some(denial),
        };
        let deny = |denial: &iam::evaluate::Denial<'_>| {
            let message = denial.message(&arn, action, shown);
            refused(
                message,
                reason(denial, action, &target),
                denial.is_explicit(),
            )
        };
        if let Some(denial) = own_denial.filter(|denial| denial.is_explicit()) {
            return Err(deny(&denial));
        }
        let Some(role) = role else {
            return match own_denial {
                Some(denial) => Err(deny(&denial)),
                None => Ok("the request names no role".to_owned()),
            };
        };
        let trust = match (entry, trusted(caller, &arn)) {
            (Some(entry), Some(trusted)) => {
                let policy = PolicyRef {
                    id: "trust policy of the role",
                    kind: PolicyKind::Inline,
                    policy: &entry.trust,
                };
                Some(evaluate_trust(&policy, &trusted, action, &context))
            }
            (None, _) | (_, None) => None,
        };
        let is_own_account = role.account.as_str() == caller.account;
        let (by, must_allow) = match trust {
            Some(Trust::Delegated(by)) => (by, own_denial),
            Some(Trust::Named(by)) if is_own_account => (by, None),
            Some(Trust::Role(by)) if is_own_account => {
                // Naming the role is naming its identity policies' equal: boundary and session still limit it.
                let layers = Layers {
                    root: true,
                    ..*layers
                };
                let denial = match evaluate(&layers, &question) {
                    Decision::Allowed { .. } => None,
                    Decision::Denied(denial) => Some(denial),
                };
                (by, denial)
            }
            Some(Trust::Named(by) | Trust::Role(by)) => (by, own_denial),
            Some(Trust::Refused(iam::Cause::Explicit(by))) => {
                return Err(refused(
                    format!(
                        "{} with an explicit deny in a resource-based policy",
                        plain()
                    ),
                    format!("denied by {}", named(&by)),
                    true,
                ));
            }
            Some(Trust::Refused(iam::Cause::Implicit)) | None => {
                // The same words for a role that there is not.
                return Err(match own_denial {
                    Some(denial) => deny(&denial),
                    None => refused(plain(), "no role there trusts the caller".into(), false),
                });
            }
        };
        match must_allow {
            Some(denial) => Err(deny(&denial)),
            None => Ok(format!("allowed by {}", named(&by))),
        }
    })
}

/// The caller as trust policies name it. `None`: they cannot name it.
fn trusted<'a>(caller: &'a Caller, caller_arn: &'a str) -> Option<Trusted<'a>> {
    let account = AccountId::parse(&caller.account).ok()?;
    match &caller.principal {
        Principal::Root => Some(Trusted::Root { account }),
        Principal::User { id, arn, .. } => Some(Trusted::User { account, arn, id }),
        Principal::AssumedRole {
            role_id, role_arn, ..
        } => Some(Trusted::RoleSession {
            account,
            session_arn: caller_arn,
            role_arn,
            role_id,
        }),
        Principal::FederatedUser { .. } => None,
        Principal::WebIdentity { provider, .. } => Some(Trusted::Federated { provider }),
    }
}
