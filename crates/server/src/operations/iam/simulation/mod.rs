//! Policy simulation: what policies would allow, decided by the evaluator that decides requests ("Testing IAM policies with the
//! IAM policy simulator"). Nothing is done and nothing is looked up but the policies themselves: what a condition asks about
//! comes from the request, besides what is known of the simulated caller.

mod request;
mod sources;

use api::refusal::{Code, Refusal};
use api::table;
use api::wire::iam as wire;
use iam::identity::{Constraint, Rule};
use iam::policy::{Effect, Position};
use iam::simulate::{Examined, Outcome, Sheet, Sheets, Simulation, Simulator};
use iam::{Context, Layer, Question};

use self::request::{Asked, Members, check_documents};
use self::sources::{Entity, Exclusion, Source, entity, given, named};
use super::checks::Checks;
use super::holder::Kind;
use super::paging::Paging;
use crate::authorise::Permit;
use crate::call::Call;
use crate::time::timestamp;

/// What answers call every policy, whatever its kind.
/// AWS: the service model has other words for it, which the service never says.
const SOURCE_TYPE: &str = "IAM Policy";
/// The most policy identifiers of one request.
const MAX_EXCLUSIONS: usize = 256;

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(Code::InvalidInput, message)
}

/// Decides what given policies would allow.
pub async fn simulate_custom_policy(
    call: Call,
    _permit: Permit<table::SimulateCustomPolicy>,
    input: wire::SimulateCustomPolicyRequest,
) -> Result<wire::SimulatePolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let policies = input.policy_input_list;
    if policies.is_none() {
        checks.note("policyInputList", None, Constraint::NotNull);
    }
    check_documents(&mut checks, "policyInputList", policies.as_deref());
    let members = Members {
        action_names: input.action_names,
        resource_arns: input.resource_arns,
        resource_policy: input.resource_policy,
        resource_owner: input.resource_owner,
        caller_arn: input.caller_arn,
        context_entries: input.context_entries,
        boundary: input.permissions_boundary_policy_input_list,
    };
    members.check(&mut checks);
    let paging = Paging::new(&mut checks, String::new(), input.marker, input.max_items);
    checks.done()?;
    let boundary = boundary_of(&members)?;
    let mut asked = members.read()?;
    let identity = given("PolicyInputList", policies.as_deref())?;
    let caller = asked.caller.clone();
    supply(&mut asked, &call, caller.as_deref(), None)?;
    answer(&call, paging, &asked, &identity, boundary.as_deref())
}

/// Decides what the policies of a user, group or role allow.
pub async fn simulate_principal_policy(
    call: Call,
    _permit: Permit<table::SimulatePrincipalPolicy>,
    input: wire::SimulatePrincipalPolicyRequest,
) -> Result<wire::SimulatePolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let source = checks.required("policySourceArn", input.policy_source_arn, Rule::ARN);
    let policies = input.policy_input_list;
    check_documents(&mut checks, "policyInputList", policies.as_deref());
    let exclusions = input.policy_exclusion_list.unwrap_or_default();
    if exclusions.len() > MAX_EXCLUSIONS {
        let most = Constraint::MaxLength(MAX_EXCLUSIONS);
        checks.note("policyExclusionList", None, most);
    }
    let members = Members {
        action_names: input.action_names,
        resource_arns: input.resource_arns,
        resource_policy: input.resource_policy,
        resource_owner: input.resource_owner,
        caller_arn: input.caller_arn,
        context_entries: input.context_entries,
        boundary: input.permissions_boundary_policy_input_list,
    };
    members.check(&mut checks);
    let paging = Paging::new(&mut checks, source.clone(), input.marker, input.max_items);
    checks.done()?;
    let given_boundary = boundary_of(&members)?;
    let mut asked = members.read()?;
    let exclusions = exclusions
        .into_iter()
        .map(Exclusion::read)
        .collect::<Result<Vec<_>, _>>()?;
    let mut entity = entity(call.account()?, call.account_id(), &source)?;
    exclude(&mut entity, &exclusions);
    let caller = asked.caller.clone().unwrap_or_else(|| entity.arn.clone());
    supply(&mut asked, &call, Some(&caller), Some(&entity))?;
    let mut identity = entity.policies;
    identity.extend(given("PolicyInputList", policies.as_deref())?);
    let boundary = given_boundary.or(entity.boundary);
    answer(&call, paging, &asked, &identity, boundary.as_deref())
}

/// Lists the condition keys that given policies ask about.
pub async fn get_context_keys_for_custom_policy(
    _call: Call,
    _permit: Permit<table::GetContextKeysForCustomPolicy>,
    input: wire::GetContextKeysForCustomPolicyRequest,
) -> Result<wire::GetContextKeysForPolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let policies = input.policy_input_list;
    if policies.is_none() {
        checks.note("policyInputList", None, Constraint::NotNull);
    }
    check_documents(&mut checks, "policyInputList", policies.as_deref());
    checks.done()?;
    let policies = given("PolicyInputList", policies.as_deref())?;
    Ok(wire::GetContextKeysForPolicyResponse {
        context_key_names: keys_of(policies.iter()),
    })
}

/// Lists the condition keys that the policies of a user, group or role ask about.
pub async fn get_context_keys_for_principal_policy(
    call: Call,
    _permit: Permit<table::GetContextKeysForPrincipalPolicy>,
    input: wire::GetContextKeysForPrincipalPolicyRequest,
) -> Result<wire::GetContextKeysForPolicyResponse, Refusal> {
    let mut checks = Checks::default();
    let source = checks.required("policySourceArn", input.policy_source_arn, Rule::ARN);
    let policies = input.policy_input_list;
    check_documents(&mut checks, "policyInputList", policies.as_deref());
    checks.done()?;
    let entity = entity(call.account()?, call.account_id(), &source)?;
    let policies = given("PolicyInputList", policies.as_deref())?;
    let boundary = entity.boundary.iter().flatten();
    Ok(wire::GetContextKeysForPolicyResponse {
        context_key_names: keys_of(entity.policies.iter().chain(boundary).chain(&policies)),
    })
}

/// All condition keys of the policies, each once.
fn keys_of<'a>(policies: impl Iterator<Item = &'a Source>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in policies.flat_map(Source::context_keys) {
        if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            keys.push(key.to_owned());
        }
    }
    keys
}

fn boundary_of(members: &Members) -> Result<Option<Vec<Source>>, Refusal> {
    let documents = members.boundary.as_deref().filter(|it| !it.is_empty());
    documents
        .map(|documents| given("PermissionsBoundaryPolicyInputList", Some(documents)))
        .transpose()
}

fn exclude(entity: &mut Entity, exclusions: &[Exclusion]) {
    let is_out = |source: &Source, is_boundary| {
        let mut all = exclusions.iter();
        all.any(|exclusion| exclusion.covers(source, is_boundary))
    };
    entity.policies.retain(|source| !is_out(source, false));
    let boundary_is_out = entity
        .boundary
        .as_ref()
        .is_some_and(|sources| sources.iter().any(|source| is_out(source, true)));
    if boundary_is_out {
        entity.boundary = None;
    }
}

/// Supplies the keys that the simulator knows by itself: the time, and what the simulated caller's ARN and record tell.
fn supply(
    asked: &mut Asked,
    call: &Call,
    caller: Option<&str>,
    source: Option<&Entity>,
) -> Result<(), Refusal> {
    asked.supply("aws:CurrentTime", timestamp(call.now()).to_string());
    asked.supply("aws:EpochTime", call.now().div_euclid(1000).to_string());
    let Some(arn) = caller else {
        return Ok(());
    };
    let who = named(arn)?;
    asked.supply("aws:PrincipalArn", arn);
    asked.supply("aws:PrincipalAccount", who.account.as_str());
    // Of somebody else nothing is known but the ARN.
    let entity = source.filter(|entity| entity.arn == arn);
    match who.kind {
        Kind::User => {
            asked.supply("aws:PrincipalType", "User");
            asked.supply("aws:username", who.name.as_str());
            if let Some(entity) = entity {
                asked.supply("aws:userid", entity.id.as_str());
            }
        }
        Kind::Role => asked.supply("aws:PrincipalType", "AssumedRole"),
        Kind::Group => {}
    }
    for (key, value) in entity.into_iter().flat_map(|entity| &entity.tags) {
        asked.supply(format!("aws:PrincipalTag/{key}"), value.as_str());
    }
    Ok(())
}

/// Decides a page of questions.
fn answer(
    call: &Call,
    paging: Paging,
    asked: &Asked,
    identity: &[Source],
    boundary: Option<&[Source]>,
) -> Result<wire::SimulatePolicyResponse, Refusal> {
    let questions = asked.questions().into_iter().zip(0_usize..);
    let page = paging.cut(
        call,
        questions.map(|(question, number)| (format!("{number:08}"), question)),
    )?;
    let missing: Vec<String> = keys_of(identity.iter().chain(boundary.into_iter().flatten()))
        .into_iter()
        .filter(|key| !asked.has(key))
        .collect();
    let identity: Vec<Sheet<'_>> = identity.iter().map(Source::sheet).collect();
    let boundary: Option<Vec<Sheet<'_>>> =
        boundary.map(|sources| sources.iter().map(Source::sheet).collect());
    let sheets = Sheets {
        identity: &identity,
        boundary: boundary.as_deref(),
        ..Sheets::default()
    };
    let simulator = Simulator::new(&sheets);
    let context = asked.context();
    let results = page.items.iter().map(|(action, resource)| {
        let decided = decide(&simulator, action, resource, &context, boundary.is_some());
        decided.result(action, resource, &missing, asked.names_resources)
    });
    Ok(wire::SimulatePolicyResponse {
        evaluation_results: results.collect(),
        is_truncated: page.marker.is_some(),
        marker: page.marker.clone(),
    })
}

/// The decision of one question.
struct Decided {
    decision: &'static str,
    matched: Vec<wire::Statement>,
    /// Whether the permissions boundary lets it pass, where there is one.
    boundary: Option<bool>,
}

fn decide(
    simulator: &Simulator<'_>,
    action: &str,
    resource: &str,
    context: &Context<'_>,
    has_boundary: bool,
) -> Decided {
    let simulation = simulator.ask(&Question {
        action,
        resource,
        context,
    });
    Decided {
        decision: simulation.outcome.name(),
        boundary: has_boundary.then(|| boundary_allows(&simulation)),
        matched: matched(&simulation),
    }
}

/// Whether the boundary has an Allow that applies, and no Deny that does.
fn boundary_allows(simulation: &Simulation) -> bool {
    let denied = match &simulation.outcome {
        Outcome::Explicit { layer, .. } => *layer == Layer::Boundary,
        Outcome::Allowed { .. } | Outcome::Implicit { .. } => false,
    };
    let denies = |it: &Examined| {
        it.place.layer == Layer::Boundary && it.effect == Effect::Deny && it.applies()
    };
    !denied
        && !simulation.missing.contains(&Layer::Boundary)
        && !simulation.statements.iter().any(denies)
}

/// The statements that determine the result: every Deny that applies; without one, where the result is allowed, every Allow.
fn matched(simulation: &Simulation) -> Vec<wire::Statement> {
    let wanted = match &simulation.outcome {
        Outcome::Implicit { .. } => return Vec::new(),
        Outcome::Explicit {
            policy, by: None, ..
        } => {
            return vec![wire::Statement {
                source_policy_id: policy.clone(),
                source_policy_type: SOURCE_TYPE.into(),
                ..wire::Statement::default()
            }];
        }
        Outcome::Explicit { by: Some(_), .. } => Effect::Deny,
        Outcome::Allowed { .. } => Effect::Allow,
    };
    let all = simulation.statements.iter();
    all.filter(|it| it.effect == wanted && it.applies())
        .map(|it| wire::Statement {
            source_policy_id: it.place.policy.clone(),
            source_policy_type: SOURCE_TYPE.into(),
            start_position: Some(shown(it.span.start)),
            end_position: Some(shown(it.span.end)),
        })
        .collect()
}

fn shown(position: Position) -> wire::Position {
    wire::Position {
        line: position.line.into(),
        column: position.column.into(),
    }
}

impl Decided {
    /// As it is answered. Which policy types decided (`EvalDecisionDetails`) is told for questions across accounts only, and
    /// only resource-based policies make such ones.
    fn result(
        self,
        action: &str,
        resource: &str,
        missing: &[String],
        names_resources: bool,
    ) -> wire::EvaluationResult {
        let boundary = self
            .boundary
            .map(|allowed| wire::PermissionsBoundaryDecisionDetail {
                allowed_by_permissions_boundary: allowed,
            });
        let specific = names_resources.then(|| {
            vec![wire::ResourceSpecificResult {
                eval_resource_name: resource.to_owned(),
                eval_resource_decision: self.decision.into(),
                matched_statements: self.matched.clone(),
                missing_context_values: missing.to_vec(),
                eval_decision_details: Some(wire::EvalDecisionDetails::default()),
                permissions_boundary_decision_detail: boundary.clone(),
            }]
        });
        wire::EvaluationResult {
            eval_action_name: action.to_owned(),
            eval_resource_name: resource.to_owned(),
            eval_decision: self.decision.into(),
            matched_statements: self.matched,
            missing_context_values: missing.to_vec(),
            permissions_boundary_decision_detail: boundary,
            eval_decision_details: names_resources.then(wire::EvalDecisionDetails::default),
            resource_specific_results: specific,
        }
    }
}
