//! The gate: who may do what. A [`Permit`] is only made here, and a handler cannot be called without one.

mod context;
mod denied;
mod layers;
mod permit;
mod targets;

use api::refusal::{Code, Refusal};
use api::row::{Gate, Service, When};
use iam::context::Context;
use iam::evaluate::{Decision, Grant as Allowed, Question, evaluate};
use store::Revision;
use store::state::State;

use crate::caller::Caller;
use crate::facts::Facts;
use crate::sessions;
pub use crate::target::Target;

pub(crate) use context::context;
pub use denied::{Asked, Denied};
pub(crate) use denied::{named, reason};
pub(crate) use layers::with_layers;
pub use permit::{Grant, Permit};
use targets::{future_targets, passed_role, targets};

/// Decides whether the caller may carry out the row of the request.
///
/// # Errors
/// The first action that is missing.
pub fn authorise(
    state: &State,
    revision: Revision,
    caller: &Caller,
    facts: &Facts,
) -> Result<Grant, Denied> {
    let why = decide(state, caller, facts)?;
    Ok(Grant::new(facts.row, revision, why))
}

/// Decides, and says what decided.
///
/// # Errors
/// The first action that is missing.
pub fn decide(state: &State, caller: &Caller, facts: &Facts) -> Result<String, Denied> {
    if let Some(refusal) = sessions::refusal_of_sts(caller, facts.row) {
        let why = "temporary credentials cannot call it";
        let (action, resource) = (facts.row.action, "*");
        return Err(Denied::without_statement(refusal, why, action, resource));
    }
    match facts.row.gate {
        Gate::Policies => {}
        Gate::Trust | Gate::WebIdentity => return sessions::trust::decide(state, caller, facts),
        Gate::SignatureAlone => return Ok("no permission is needed".into()),
    }
    let mut why = String::new();
    for target in targets(state, caller, facts) {
        let way = Way::Direct;
        why = ask(state, caller, facts, facts.row.action, &target, way, false)?;
    }
    for dependent in facts.row.dependent {
        match dependent.when {
            When::Tags if !facts.request_tags().is_empty() => {
                for target in future_targets(state, caller, facts) {
                    let way = Way::Direct;
                    ask(state, caller, facts, dependent.action, &target, way, false)?;
                }
            }
            When::PassesRole => {
                if let Some(target) = passed_role(state, caller, facts) {
                    let way = Way::Direct;
                    ask(state, caller, facts, dependent.action, &target, way, false)?;
                }
            }
            // The handler asks these: it knows subnets, groups and engine.
            When::Tags
            | When::Always
            | When::ActiveMq
            | When::PrivateRabbitMq
            | When::Groups
            | When::Replica => {}
        }
    }
    Ok(why)
}

/// Decides whether the caller may have an action done on its behalf by Amazon MQ (IAM user guide, "Forward access
/// sessions"): the caller's own policies are asked, `aws:ViaAWSService` is true, and the caller's address is not known. Says
/// what decided.
///
/// # Errors
/// The action is missing.
pub fn authorise_on_behalf(
    state: &State,
    caller: &Caller,
    facts: &Facts,
    action: &str,
    authorized_service: bool,
    target: &Target,
) -> Result<String, Denied> {
    ask(
        state,
        caller,
        facts,
        action,
        target,
        Way::OnBehalf,
        authorized_service,
    )
}

/// Decides whether a role of Amazon MQ's own in the account allows what it does there by itself ("Using service-linked roles
/// for Amazon MQ"): the role's policies are asked, not those of whoever called. Says what decided.
///
/// # Errors
/// The action is missing.
pub fn authorise_own(
    state: &State,
    role: &Caller,
    facts: &Facts,
    action: &str,
    target: &Target,
) -> Result<String, Denied> {
    ask(state, role, facts, action, target, Way::Own, false)
}

/// In whose hands an action is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The caller's own.
    Direct,
    /// The service's, on the caller's behalf.
    OnBehalf,
    /// The service's, by a role of its own.
    Own,
}

pub(crate) fn ask(
    state: &State,
    caller: &Caller,
    facts: &Facts,
    action: &str,
    target: &Target,
    way: Way,
    authorized_service: bool,
) -> Result<String, Denied> {
    // A principal that is gone may do nothing.
    let Some(account) = state.account(&caller.account) else {
        let arn = caller.arn();
        let refusal = Refusal::new(
            Code::AccessDeniedException,
            format!("User: {arn} is not authorized to perform: {action}"),
        );
        return Err(Denied::without_statement(
            refusal,
            "the account is gone",
            action,
            &target.arn,
        ));
    };
    with_layers(account, caller, |layers| {
        let mut context = if layers.reads_context(action) {
            context(account, caller, facts, target, way, authorized_service)
        } else {
            Context::default()
        };
        if action == "iam:PassRole" && facts.row.service == Service::Mq {
            context.text("iam:PassedToService", "mq.amazonaws.com");
        }
        let question = Question {
            action,
            resource: &target.arn,
            context: &context,
        };
        match evaluate(layers, &question) {
            Decision::Allowed { by: Allowed::Root } => {
                Ok("allowed: the caller is the account's root".to_owned())
            }
            Decision::Allowed {
                by: Allowed::Statement(by),
            } => Ok(format!("allowed by {}", named(&by))),
            Decision::Denied(denial) => {
                let shown = (target.arn != "*").then_some(target.arn.as_str());
                let mut message = denial.message(&caller.arn(), action, shown);
                if facts.row.service == Service::Ec2 {
                    // The pipeline adds the encoded copy of the reason.
                    message.insert_str(0, "You are not authorized to perform this operation. ");
                }
                Err(Denied {
                    why: reason(&denial, action, target),
                    refusal: Refusal::new(Code::AccessDeniedException, message),
                    asked: Box::new(Asked {
                        explicit: denial.is_explicit(),
                        action: action.into(),
                        resource: target.arn.clone(),
                    }),
                })
            }
        }
    })
}
