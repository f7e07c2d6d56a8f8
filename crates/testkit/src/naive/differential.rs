//! Asks both evaluators and compares.

use iam::{
    Cause, CompiledPolicy, Context, Decision, DocumentKind, Layer, Layers, PolicyDocument,
    PolicyKind, PolicyRef, Question,
};
use serde_json::Value;

use super::cases::Case;
use super::{Answer, Where, decide};

/// How a comparison ended without a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Both gave this answer.
    Answer(Answer),
    /// Both refuse a policy.
    Refused,
}

/// Compares the `iam` crate's answer with the naive one.
///
/// # Errors
///
/// Describes the difference: the case and both answers.
pub fn compare(case: &Case) -> Result<Agreement, String> {
    let naive = decide(&case.documents, &case.action, &case.resource, &case.facts);
    let product = product(case, |policy| policy.clone());
    match (&naive, &product) {
        (Ok(left), Ok(right)) if left == right => Ok(Agreement::Answer(*left)),
        (Err(_), Err(_)) => Ok(Agreement::Refused),
        // The naive evaluator reads actions, resources and versions without judging them. Only a
        // refusal that goes away with the conditions is about what both of them read.
        (Ok(_), Err(_)) if self::product(case, without_conditions).is_err() => {
            Ok(Agreement::Refused)
        }
        _ => Err(format!(
            "naive: {naive:?}\niam:   {product:?}\n{}",
            describe(case)
        )),
    }
}

/// The case as one would write it down.
pub fn describe(case: &Case) -> String {
    let mut text = format!("action {} resource {}\n", case.action, case.resource);
    for (key, values) in &case.facts {
        text.push_str(&format!("  {key} = {values:?}\n"));
    }
    for policy in &case.documents.identity {
        text.push_str(&format!("identity {policy}\n"));
    }
    if let Some(policy) = &case.documents.boundary {
        text.push_str(&format!("boundary {policy}\n"));
    }
    for policy in case.documents.session.iter().flatten() {
        text.push_str(&format!("session {policy}\n"));
    }
    text
}

fn without_conditions(policy: &Value) -> Value {
    let mut policy = policy.clone();
    match policy.get_mut("Statement") {
        Some(Value::Array(statements)) => {
            for statement in statements.iter_mut().filter_map(Value::as_object_mut) {
                statement.remove("Condition");
            }
        }
        Some(Value::Object(statement)) => {
            statement.remove("Condition");
        }
        _ => {}
    }
    policy
}

/// Adds a key as the server does: as an address, a time or a Boolean where the text is exactly what
/// those are written as, so that the prepared values are compared too.
fn add<'a>(context: &mut Context<'a>, key: &'a str, values: &'a [String]) {
    if let [one] = values {
        if let Ok(address) = one.parse::<std::net::IpAddr>()
            && address.to_canonical().to_string() == *one
        {
            context.address(key, address);
            return;
        }
        if let Ok(time) = one.parse::<jiff::Timestamp>()
            && time.to_string() == *one
        {
            context.time(key, time);
            return;
        }
        if let Ok(flag) = one.parse::<bool>() {
            context.flag(key, flag);
            return;
        }
        if !super::is_multivalued(key) {
            context.text(key, one.as_str());
            return;
        }
    }
    // A key that has one value has it or is absent.
    if !values.is_empty() || super::is_multivalued(key) {
        context.texts(key, values.iter().map(String::as_str));
    }
}

fn refs(policies: &[CompiledPolicy]) -> Vec<PolicyRef<'_>> {
    let inline = |policy| PolicyRef {
        id: "p",
        kind: PolicyKind::Inline,
        policy,
    };
    policies.iter().map(inline).collect()
}

/// The product's answer, or its reason to refuse a policy.
///
/// # Errors
///
/// The message of the first policy that is refused.
pub fn product(case: &Case, change: impl Fn(&Value) -> Value) -> Result<Answer, String> {
    let compile = |policies: &[Value]| -> Result<Vec<CompiledPolicy>, String> {
        let one = |policy: &Value| {
            let text = change(policy).to_string();
            let document = PolicyDocument::parse(&text, DocumentKind::Identity);
            document
                .map(|document| CompiledPolicy::compile(&document))
                .map_err(|e| e.to_string())
        };
        policies.iter().map(one).collect()
    };
    let identity = compile(&case.documents.identity)?;
    let boundary = case
        .documents
        .boundary
        .iter()
        .cloned()
        .collect::<Vec<Value>>();
    let boundary = compile(&boundary)?;
    let session = case.documents.session.as_deref().map(compile).transpose()?;

    let mut context = Context::new();
    let mut names: Vec<&str> = Vec::new();
    for (key, values) in &case.facts {
        let same = |name: &&str| name.eq_ignore_ascii_case(key);
        if !names.iter().any(same) {
            add(&mut context, key, values);
            names.push(key);
        } else if let Some((start, tag)) = key.split_at_checked("aws:PrincipalTag/".len()) {
            // The way in which one key gets the values of two that differ in case.
            for value in values {
                let prefix = if start.eq_ignore_ascii_case("aws:PrincipalTag/") {
                    start
                } else {
                    ""
                };
                context.tag(prefix, tag, value.as_str());
            }
        }
    }
    let (identity, boundary) = (refs(&identity), refs(&boundary));
    let session = session.as_deref().map(refs);
    let layers = Layers {
        identity: &identity,
        boundary: (!boundary.is_empty()).then_some(boundary.as_slice()),
        session: session.as_deref(),
        root: false,
    };
    let question = Question {
        action: &case.action,
        resource: &case.resource,
        context: &context,
    };
    Ok(match iam::evaluate(&layers, &question) {
        Decision::Allowed { .. } => Answer::Allowed,
        Decision::Denied(denial) => {
            let layer = match denial.layer {
                Layer::Identity => Where::Identity,
                Layer::Boundary => Where::Boundary,
                Layer::Session => Where::Session,
            };
            match denial.cause {
                Cause::Explicit(_) => Answer::ExplicitlyDenied(layer),
                Cause::Implicit => Answer::ImplicitlyDenied(layer),
            }
        }
    })
}
