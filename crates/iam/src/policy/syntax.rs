//! The first stage: elements and their types. Everything wrong here is one message,
//! `Syntax errors in policy.`, so the functions answer with `Option`.

use super::{Condition, DocumentKind, Effect, Entries, PolicyError, Principals, Span, Version};
use crate::json::{self, Node};
use crate::operator::Operator;

/// A document whose types are right, before the rules about its values.
pub(super) struct Draft {
    pub(super) version: Option<Version>,
    pub(super) id: Option<String>,
    pub(super) statements: Vec<DraftStatement>,
}

pub(super) struct DraftStatement {
    pub(super) span: Span,
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    /// `Allow` or `Deny` in exactly this case.
    pub(super) effect_exact: bool,
    pub(super) actions: Option<Entries>,
    pub(super) resources: Option<Entries>,
    pub(super) principals: Option<Principals>,
    pub(super) not_principal: bool,
    pub(super) conditions: Vec<Condition>,
}

pub(super) fn parse(text: &str, kind: DocumentKind) -> Result<Draft, PolicyError> {
    match kind {
        DocumentKind::Trust if json::parse_node(text).is_none() => Err(PolicyError::InvalidJson),
        DocumentKind::Identity
        | DocumentKind::Managed
        | DocumentKind::Session
        | DocumentKind::Trust => document(text).ok_or(PolicyError::Syntax),
    }
}

fn document(text: &str) -> Option<Draft> {
    if !text.chars().all(is_allowed) {
        return None;
    }
    let mut version = None;
    let mut id = None;
    let mut statements = None;
    for (name, raw) in json::parse_object(text)?.0 {
        match name.as_str() {
            "Version" => version = Some(parse_version(&json::parse_node(raw.get())?)?),
            "Id" => id = Some(string(json::parse_node(raw.get())?)?),
            "Statement" => statements = Some(parse_statements(text, raw.get())?),
            _ => return None,
        }
    }
    Some(Draft {
        version,
        id,
        statements: statements?,
    })
}

/// The characters AWS takes in the `policyDocument` parameter.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
}

fn parse_version(node: &Node) -> Option<Version> {
    match node {
        Node::Text(text) if text == "2008-10-17" => Some(Version::V2008),
        Node::Text(text) if text == "2012-10-17" => Some(Version::V2012),
        Node::Null
        | Node::Flag(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::List(_)
        | Node::Object(_) => None,
    }
}

/// One statement or a list of at least one.
fn parse_statements(whole: &str, raw: &str) -> Option<Vec<DraftStatement>> {
    let texts = if raw.starts_with('[') {
        json::parse_list(raw)?
            .into_iter()
            .map(serde_json::value::RawValue::get)
            .collect()
    } else {
        vec![raw]
    };
    if texts.is_empty() {
        return None;
    }
    let mut places = json::Places::new(whole);
    texts
        .into_iter()
        .map(|text| parse_statement(places.span(text), json::parse_node(text)?))
        .collect()
}

fn parse_statement(span: Span, node: Node) -> Option<DraftStatement> {
    let Node::Object(members) = node else {
        return None;
    };
    let mut sid = None;
    let mut effect = None;
    let mut actions = None;
    let mut resources = None;
    let mut principals = None;
    let mut not_principal = false;
    let mut conditions = Vec::new();
    for (name, value) in members {
        match name.as_str() {
            "Sid" => sid = Some(string(value)?),
            "Effect" => effect = Some(parse_effect(&string(value)?)?),
            "Action" => once(&mut actions, false, value)?,
            "NotAction" => once(&mut actions, true, value)?,
            "Resource" => once(&mut resources, false, value)?,
            "NotResource" => once(&mut resources, true, value)?,
            "Principal" => principals = Some(parse_principals(value)?),
            "NotPrincipal" => {
                parse_principals(value)?;
                not_principal = true;
            }
            "Condition" => conditions = parse_conditions(value)?,
            _ => return None,
        }
    }
    if not_principal && principals.is_some() {
        return None;
    }
    let (effect, effect_exact) = effect?;
    Some(DraftStatement {
        span,
        sid,
        effect,
        effect_exact,
        actions,
        resources,
        principals,
        not_principal,
        conditions,
    })
}

/// `Action` and `NotAction` exclude each other, and so do `Resource` and `NotResource`.
fn once(entries: &mut Option<Entries>, negated: bool, value: Node) -> Option<()> {
    if entries.is_some() {
        return None;
    }
    *entries = Some(Entries {
        negated,
        values: strings(value)?,
    });
    Some(())
}

/// The effect, and whether it is spelt exactly.
fn parse_effect(text: &str) -> Option<(Effect, bool)> {
    if text.eq_ignore_ascii_case("Allow") {
        Some((Effect::Allow, text == "Allow"))
    } else if text.eq_ignore_ascii_case("Deny") {
        Some((Effect::Deny, text == "Deny"))
    } else {
        None
    }
}

fn parse_principals(node: Node) -> Option<Principals> {
    let members = match node {
        Node::Text(text) if text == "*" => return Some(Principals::Anyone),
        Node::Object(members) if !members.is_empty() => members,
        Node::Null
        | Node::Flag(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::List(_)
        | Node::Object(_) => return None,
    };
    let (mut aws, mut service, mut federated) = (Vec::new(), Vec::new(), Vec::new());
    for (name, value) in members {
        let values = strings(value)?;
        match name.as_str() {
            "AWS" => aws = values,
            "Service" => service = values,
            "Federated" => federated = values,
            // Valid in other resource policies; nobody can be one here.
            "CanonicalUser" => {}
            _ => return None,
        }
    }
    Some(Principals::Listed {
        aws,
        service,
        federated,
    })
}

fn parse_conditions(node: Node) -> Option<Vec<Condition>> {
    let mut conditions = Vec::new();
    for (name, keys) in object(node)? {
        let operator = Operator::parse(&name)?;
        for (key, values) in object(keys)? {
            conditions.push(Condition {
                operator,
                key,
                values: scalars(values)?,
            });
        }
    }
    Some(conditions)
}

fn object(node: Node) -> Option<Vec<(String, Node)>> {
    match node {
        Node::Object(members) => Some(members),
        Node::Null | Node::Flag(_) | Node::Number(_) | Node::Text(_) | Node::List(_) => None,
    }
}

fn string(node: Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text),
        Node::Null | Node::Flag(_) | Node::Number(_) | Node::List(_) | Node::Object(_) => None,
    }
}

fn strings(node: Node) -> Option<Vec<String>> {
    match node {
        Node::List(items) => items.into_iter().map(string).collect(),
        node @ (Node::Null | Node::Flag(_) | Node::Number(_) | Node::Text(_) | Node::Object(_)) => {
            Some(vec![string(node)?])
        }
    }
}

/// Condition values: strings, numbers and Booleans, one or a list.
fn scalars(node: Node) -> Option<Vec<String>> {
    match node {
        Node::List(items) => items.into_iter().map(scalar).collect(),
        node @ (Node::Null | Node::Flag(_) | Node::Number(_) | Node::Text(_) | Node::Object(_)) => {
            Some(vec![scalar(node)?])
        }
    }
}

fn scalar(node: Node) -> Option<String> {
    match node {
        Node::Text(text) | Node::Number(text) => Some(text),
        Node::Flag(flag) => Some(flag.to_string()),
        Node::Null | Node::List(_) | Node::Object(_) => None,
    }
}
