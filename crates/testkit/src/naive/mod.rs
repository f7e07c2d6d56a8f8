//! A second evaluator of IAM policies: naive, slow and obvious.
//!
//! It exists to disagree with the `iam` crate. It was written from the documentation's rules alone,
//! by another hand, and shares no code with that crate: it walks the policy's JSON anew for every
//! question, compares by recursion on characters, and prepares nothing. Where the two differ, one
//! of them is wrong, or the documentation leaves the answer open; `docs/proofs.md` keeps the list.
//!
//! [`cases`] makes the questions, from a seed or from a fuzzer's bytes.

pub mod cases;
mod condition;
pub mod differential;
mod pools;
mod text;
mod values;

use serde_json::Value;

use text::Token;

/// What the request says about itself: names and their values, in any order. Names are compared
/// without regard to case; a name that appears twice has the values of both.
pub type Facts = Vec<(String, Vec<String>)>;

/// Where a decision was made. AWS's page "Policy evaluation logic" has them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// The policies of the user and its groups, or of the role.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The session policies.
    Session,
}

/// The answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Every layer has a matching Allow and none a matching Deny.
    Allowed,
    /// No Deny matches, and this is the first layer without a matching Allow.
    ImplicitlyDenied(Where),
    /// A Deny matches, first in this layer.
    ExplicitlyDenied(Where),
}

/// The policies that count for a caller, as JSON documents.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    /// Identity policies: at least one must allow.
    pub identity: Vec<Value>,
    /// The permissions boundary, if there is one.
    pub boundary: Option<Value>,
    /// The session policies, if the session has any: at least one of them must allow.
    pub session: Option<Vec<Value>>,
}

/// May the caller do `action` to `resource`?
///
/// # Errors
///
/// Says what in a policy cannot be read: an unknown operator, a value that is no number, a missing
/// element.
pub fn decide(
    documents: &Documents,
    action: &str,
    resource: &str,
    facts: &Facts,
) -> Result<Answer, String> {
    let mut layers = vec![(Where::Identity, documents.identity.clone())];
    layers.extend(
        documents
            .boundary
            .clone()
            .map(|one| (Where::Boundary, vec![one])),
    );
    layers.extend(documents.session.clone().map(|some| (Where::Session, some)));

    let question = Question {
        action,
        resource,
        facts: folded(facts),
    };
    let mut denied = None;
    let mut unmatched = None;
    for (layer, policies) in &layers {
        let mut allows = false;
        for policy in policies {
            for (effect, applies) in statements(policy, &question)? {
                match (effect, applies) {
                    (Effect::Allow, Tri::Yes) => allows = true,
                    (Effect::Allow, Tri::No | Tri::Failed) | (Effect::Deny, Tri::No) => {}
                    (Effect::Deny, Tri::Yes | Tri::Failed) => denied = denied.or(Some(*layer)),
                }
            }
        }
        if !allows {
            unmatched = unmatched.or(Some(*layer));
        }
    }
    Ok(match (denied, unmatched) {
        (Some(layer), _) => Answer::ExplicitlyDenied(layer),
        (None, Some(layer)) => Answer::ImplicitlyDenied(layer),
        (None, None) => Answer::Allowed,
    })
}

/// Names that differ in case only are one key; a value that both have counts once.
fn folded(facts: &Facts) -> Facts {
    let mut folded = Facts::new();
    for (name, values) in facts {
        let name = name.to_lowercase();
        match folded.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => {
                let new = values.iter().filter(|value| !known.contains(value));
                let new: Vec<String> = new.cloned().collect();
                known.extend(new);
            }
            None => folded.push((name, values.clone())),
        }
    }
    folded
}

struct Question<'a> {
    action: &'a str,
    resource: &'a str,
    /// With names in lower case, each once.
    facts: Facts,
}

impl Question<'_> {
    /// All values of a key; none if the request does not have it.
    fn values(&self, key: &str) -> Vec<&str> {
        let key = key.to_lowercase();
        let named = self.facts.iter().filter(|(name, _)| *name == key);
        named
            .flat_map(|(_, values)| values.iter().map(String::as_str))
            .collect()
    }

    /// What a variable stands for: the value of a key that can have only one, and has it.
    fn single(&self, key: &str) -> Option<&str> {
        match self.values(key).as_slice() {
            [one] if !is_multivalued(key) => Some(one),
            _ => None,
        }
    }
}

/// Of the keys that cases ask for, the one that requests may give several values ("Value type" of the AWS global condition
/// context keys).
pub(crate) fn is_multivalued(key: &str) -> bool {
    key.eq_ignore_ascii_case("aws:TagKeys")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// Does something match? It may be impossible to say, because a text could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tri {
    Yes,
    No,
    Failed,
}

impl Tri {
    fn from(yes: bool) -> Self {
        if yes { Tri::Yes } else { Tri::No }
    }

    fn not(self) -> Self {
        match self {
            Tri::Yes => Tri::No,
            Tri::No => Tri::Yes,
            Tri::Failed => Tri::Failed,
        }
    }

    /// Yes if all are; no as soon as one is not, whatever failed beside it.
    fn all(of: &[Tri]) -> Self {
        if of.contains(&Tri::No) {
            Tri::No
        } else if of.contains(&Tri::Failed) {
            Tri::Failed
        } else {
            Tri::Yes
        }
    }

    /// Yes as soon as one is, whatever failed beside it; no if none is.
    fn any(of: &[Tri]) -> Self {
        if of.contains(&Tri::Yes) {
            Tri::Yes
        } else if of.contains(&Tri::Failed) {
            Tri::Failed
        } else {
            Tri::No
        }
    }
}

/// Each statement's effect, and whether it applies to the question.
fn statements(policy: &Value, question: &Question) -> Result<Vec<(Effect, Tri)>, String> {
    let variables = match policy.get("Version").map(|version| version.as_str()) {
        Some(Some("2012-10-17")) => true,
        Some(Some("2008-10-17")) | None => false,
        other => return Err(format!("version {other:?}")),
    };
    let list = match policy.get("Statement") {
        Some(Value::Array(list)) => list.clone(),
        Some(one @ Value::Object(_)) => vec![one.clone()],
        other => return Err(format!("statement {other:?}")),
    };
    let mut results = Vec::new();
    for statement in &list {
        let effect = match statement.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            other => return Err(format!("effect {other:?}")),
        };
        let applies = Tri::all(&[
            action_applies(statement, question)?,
            resource_applies(statement, variables, question)?,
            conditions_hold(statement, variables, question)?,
        ]);
        results.push((effect, applies));
    }
    Ok(results)
}

/// A text or a list of texts.
fn texts(value: &Value) -> Result<Vec<String>, String> {
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        other => Err(format!("value {other}")),
    };
    match value {
        Value::Array(list) => list.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

fn action_applies(statement: &Value, question: &Question) -> Result<Tri, String> {
    let (entries, inverted) = match (statement.get("Action"), statement.get("NotAction")) {
        (Some(entries), None) => (texts(entries)?, false),
        (None, Some(entries)) => (texts(entries)?, true),
        _ => return Err("neither or both of Action and NotAction".to_owned()),
    };
    let asked: Vec<char> = question.action.to_lowercase().chars().collect();
    let listed = entries.iter().any(|entry| {
        let entry = text::wildcards(&entry.to_lowercase());
        text::matches(&entry, &asked)
    });
    Ok(Tri::from(listed != inverted))
}

fn resource_applies(
    statement: &Value,
    variables: bool,
    question: &Question,
) -> Result<Tri, String> {
    let (entries, inverted) = match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(entries), None) => (texts(entries)?, false),
        (None, Some(entries)) => (texts(entries)?, true),
        _ => return Err("neither or both of Resource and NotResource".to_owned()),
    };
    let entries: Vec<Vec<Token>> = entries
        .iter()
        .map(|entry| text::tokens(entry, variables))
        .collect();
    // "Policy variables with no value": a NotResource with one does not apply to anything.
    let without_value =
        |entry: &Vec<Token>| is_usable(entry) && text::expand(entry, question).is_none();
    if inverted && entries.iter().any(without_value) {
        return Ok(Tri::No);
    }
    let results: Vec<Tri> = entries
        .iter()
        .map(|entry| resource_matches(entry, question))
        .collect();
    let listed = Tri::any(&results);
    Ok(if inverted { listed.not() } else { listed })
}

/// Has the entry six segments, with variables in the last one only?
fn is_usable(entry: &[Token]) -> bool {
    let segments = text::split_arn(entry, |token| *token == Token::Plain(':'));
    let variable = |token: &Token| matches!(token, Token::Variable { .. } | Token::Escaped(_));
    entry == [Token::Any]
        || (segments.len() == 6 && !segments.iter().take(5).flatten().any(variable))
}

/// One entry of Resource against the resource asked for.
fn resource_matches(entry: &[Token], question: &Question) -> Tri {
    if entry == [Token::Any] {
        return Tri::Yes;
    }
    if !is_usable(entry) {
        return Tri::Failed;
    }
    let entry = text::split_arn(entry, |token| *token == Token::Plain(':'));
    let [first @ .., last] = entry.as_slice() else {
        return Tri::Failed;
    };
    let asked: Vec<char> = question.resource.chars().collect();
    let asked = text::split_arn(&asked, |c| *c == ':');
    let [asked_first @ .., asked_last] = asked.as_slice() else {
        return Tri::No;
    };
    if asked_first.len() != 5 {
        return Tri::No;
    }
    let Some(last) = text::expand(last, question) else {
        return Tri::No;
    };
    let firsts = first.iter().zip(asked_first);
    Tri::from(
        firsts
            .into_iter()
            .all(|(pattern, text)| text::matches(pattern, text))
            && text::matches(&last, asked_last),
    )
}

fn conditions_hold(statement: &Value, variables: bool, question: &Question) -> Result<Tri, String> {
    let mut results = Vec::new();
    match statement.get("Condition") {
        None => {}
        Some(Value::Object(operators)) => {
            for (operator, keys) in operators {
                let Value::Object(keys) = keys else {
                    return Err(format!("keys {keys}"));
                };
                for (key, values) in keys {
                    let values = texts(values)?;
                    results.push(condition::holds(
                        operator, key, &values, variables, question,
                    )?);
                }
            }
        }
        Some(other) => return Err(format!("condition {other}")),
    }
    Ok(Tri::all(&results))
}
