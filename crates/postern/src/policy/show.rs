//! A decision in words, and as JSON.

use iam::Layer;
use iam::policy::Effect;
use iam::simulate::{Examined, Miss, Outcome, Place, Simulation};
use serde_json::{Value, json};

use super::Asked;

/// The most statements that are listed for people; JSON has all.
const NEAREST: usize = 12;

/// Says what was decided, by which statement, and why the nearest ones do not apply.
pub(crate) fn describe(
    asked: &Asked,
    simulation: &Simulation,
    action: &str,
    resource: &str,
) -> String {
    let mut text = headline(asked, simulation, action, resource);
    let nearest: Vec<&Examined> = simulation
        .statements
        .iter()
        .filter(|it| it.effect == Effect::Allow && it.is_near() && !it.applies())
        .filter(|it| simulation.missing.contains(&it.place.layer))
        .collect();
    let about = |layer: Layer| nearest.iter().any(|it| it.place.layer == layer);
    if !nearest.is_empty() {
        text.push_str("\nthe nearest statements, and what does not match:\n");
    }
    for examined in nearest.iter().take(NEAREST) {
        text.push_str(&format!("  {}\n", place(&examined.place)));
        for miss in &examined.misses {
            let line = line_of(asked, &examined.place, miss);
            text.push_str(&format!("    line {line}: {}\n", in_words(miss, resource)));
        }
    }
    if let Some(more) = nearest.len().checked_sub(NEAREST).filter(|more| *more > 0) {
        text.push_str(&format!("  and {more} more\n"));
    }
    for layer in &simulation.missing {
        let policies = match layer {
            Layer::Identity => asked.identity.len(),
            Layer::Boundary => asked.boundary.as_ref().map_or(0, Vec::len),
            Layer::Session => asked.session.as_ref().map_or(0, Vec::len),
        };
        if policies == 0 {
            text.push_str(&format!("there is no {layer} at all\n"));
        } else if !about(*layer) {
            text.push_str(&format!("no Allow of the {layer} is about {action}\n"));
        }
    }
    text
}

/// The first lines: the decision and every Deny that holds.
fn headline(asked: &Asked, simulation: &Simulation, action: &str, resource: &str) -> String {
    let on = format!("{action} on {resource}");
    match &simulation.outcome {
        Outcome::Allowed { by: None } => {
            format!("allowed: {on}\n  the caller is the account's root\n")
        }
        Outcome::Allowed { by: Some(by) } => format!("allowed: {on}\n  by {}\n", place(by)),
        Outcome::Implicit { layer } => {
            let who = asked.principal.as_deref().unwrap_or("the caller");
            format!("denied: {on}\n  {who}: no {layer} allows it\n")
        }
        Outcome::Explicit {
            policy,
            by: None,
            layer,
        } => format!(
            "denied: {on}\n  the {layer} {policy} cannot be read, which denies everything\n"
        ),
        Outcome::Explicit { .. } => {
            let mut text = format!("denied: {on}\n");
            for deny in denies(simulation) {
                text.push_str(&format!("  explicitly by {}\n", place(&deny.place)));
            }
            text.push_str("  no Allow overrides a Deny: narrow it, or give it a condition\n");
            text
        }
    }
}

fn denies(simulation: &Simulation) -> impl Iterator<Item = &Examined> {
    let all = simulation.statements.iter();
    all.filter(|it| it.effect == Effect::Deny && it.applies())
}

/// `identity-based policy brokers.json, statement 1 (Sid), line 12`.
pub(crate) fn place(place: &Place) -> String {
    let sid = place
        .sid
        .as_ref()
        .map_or_else(String::new, |sid| format!(" ({sid})"));
    format!(
        "{} {}, statement {}{sid}, line {}",
        place.layer, place.policy, place.index, place.line
    )
}

fn line_of(asked: &Asked, place: &Place, miss: &Miss) -> u32 {
    let text = match miss {
        Miss::Action { entries, .. } | Miss::Resource { entries, .. } => {
            entries.first().map(String::as_str)
        }
        Miss::Condition { key, .. } => Some(key.as_str()),
    };
    match asked.document(&place.policy) {
        Some(document) => document.line_within(place.index, text),
        None => place.line,
    }
}

fn in_words(miss: &Miss, resource: &str) -> String {
    match miss {
        Miss::Action { negated, entries } => {
            let element = if *negated { "NotAction" } else { "Action" };
            format!("{element} {}", list(entries))
        }
        Miss::Resource {
            negated,
            entries,
            failed,
        } => {
            let element = if *negated { "NotResource" } else { "Resource" };
            let why = if *failed {
                " cannot be compared with it".to_owned()
            } else if resource == "*" && !negated {
                ": the action is asked on `*`, which only `*` covers".to_owned()
            } else if *negated {
                format!(" excepts `{resource}`, or has a variable without a value")
            } else {
                format!(" does not cover `{resource}`")
            };
            format!("{element} {}{why}", list(entries))
        }
        Miss::Condition {
            operator,
            key,
            wanted,
            got,
            failed,
        } => {
            let found = match (got.is_empty(), failed) {
                (true, _) => "the request has none".to_owned(),
                (false, true) => format!("the request has {}, which cannot be compared", list(got)),
                (false, false) => format!("the request has {}", list(got)),
            };
            format!("{operator} {key}: wanted {}, {found}", list(wanted))
        }
    }
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    quoted.join(", ")
}

fn layer_name(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "identity",
        Layer::Boundary => "boundary",
        Layer::Session => "session",
    }
}

fn place_json(place: &Place) -> Value {
    json!({
        "layer": layer_name(place.layer),
        "policy": place.policy,
        "statement": place.index,
        "sid": place.sid,
        "line": place.line,
    })
}

/// Everything about a decision.
pub(crate) fn simulation_json(
    asked: &Asked,
    simulation: &Simulation,
    action: &str,
    resource: &str,
) -> Value {
    let (layer, policy, by) = match &simulation.outcome {
        Outcome::Allowed { by } => (by.as_ref().map(|by| by.layer), None, by.as_ref()),
        Outcome::Implicit { layer } => (Some(*layer), None, None),
        Outcome::Explicit { layer, policy, by } => (Some(*layer), Some(policy), by.as_ref()),
    };
    let statements: Vec<Value> = simulation
        .statements
        .iter()
        .map(|examined| {
            let mut value = place_json(&examined.place);
            if let Some(members) = value.as_object_mut() {
                let effect = match examined.effect {
                    Effect::Allow => "Allow",
                    Effect::Deny => "Deny",
                };
                members.insert("effect".into(), effect.into());
                members.insert("applies".into(), examined.applies().into());
                let misses = examined.misses.iter();
                let misses = misses.map(|miss| miss_json(asked, &examined.place, miss));
                members.insert("misses".into(), misses.collect());
            }
            value
        })
        .collect();
    json!({
        "action": action,
        "resource": resource,
        "decision": simulation.outcome.name(),
        "allowed": simulation.outcome.is_allowed(),
        "message": message(asked, &simulation.outcome, action, resource),
        "layer": layer.map(layer_name),
        "policy": by.map(|by| &by.policy).or(policy),
        "by": by.map(place_json),
        "statements": statements,
        "missing": simulation.missing.iter().map(|layer| layer_name(*layer)).collect::<Vec<_>>(),
        "add": simulation.suggestion.as_ref().map(|it| it.statement()),
    })
}

/// What AWS would tell the caller; null where it is allowed, or nobody asks.
fn message(asked: &Asked, outcome: &Outcome, action: &str, resource: &str) -> Option<String> {
    let principal = asked.principal.as_deref()?;
    let on = match resource {
        "*" => String::new(),
        arn => format!(" on resource: {arn}"),
    };
    let because = match outcome {
        Outcome::Allowed { .. } => return None,
        Outcome::Implicit { layer } => format!("because no {layer} allows the {action} action"),
        Outcome::Explicit { layer, policy, .. } => {
            let article = if *layer == Layer::Identity { "an" } else { "a" };
            let named = if policy.starts_with("arn:") {
                format!(": {policy}")
            } else {
                String::new()
            };
            format!("with an explicit deny in {article} {layer}{named}")
        }
    };
    Some(format!(
        "User: {principal} is not authorized to perform: {action}{on} {because}"
    ))
}

fn miss_json(asked: &Asked, place: &Place, miss: &Miss) -> Value {
    let line = line_of(asked, place, miss);
    match miss {
        Miss::Action { negated, entries } => json!({
            "part": if *negated { "NotAction" } else { "Action" },
            "line": line,
            "wanted": entries,
        }),
        Miss::Resource {
            negated,
            entries,
            failed,
        } => json!({
            "part": if *negated { "NotResource" } else { "Resource" },
            "line": line,
            "wanted": entries,
            "failed": failed,
        }),
        Miss::Condition {
            operator,
            key,
            wanted,
            got,
            failed,
        } => json!({
            "part": "Condition",
            "line": line,
            "operator": operator,
            "key": key,
            "wanted": wanted,
            "got": got,
            "absent": got.is_empty(),
            "failed": failed,
        }),
    }
}
