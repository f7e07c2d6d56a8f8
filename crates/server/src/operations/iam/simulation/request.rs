//! What both simulations are asked alike: actions, resources and condition keys.

use api::refusal::Refusal;
use api::table::ROWS;
use api::wire::iam as wire;
use iam::Arn;
use iam::context::{Context, ValueType};
use iam::identity::{Constraint, Rule};

use super::invalid;
use super::sources::named;
use crate::operations::iam::checks::Checks;

/// The name of an action.
const ACTION: Rule = Rule {
    min: 3,
    max: 128,
    pattern: None,
};
/// A resource.
const RESOURCE: Rule = Rule {
    min: 1,
    max: 2048,
    pattern: None,
};
/// The name of a condition key.
const KEY: Rule = Rule {
    min: 5,
    max: 256,
    pattern: None,
};
/// The types of context entries.
const TYPES: &[&str] = &[
    "string",
    "stringList",
    "numeric",
    "numericList",
    "boolean",
    "booleanList",
    "ip",
    "ipList",
    "binary",
    "binaryList",
    "date",
    "dateList",
];

/// The members that both simulations have.
#[derive(Default)]
pub(super) struct Members {
    pub(super) action_names: Option<Vec<String>>,
    pub(super) resource_arns: Option<Vec<String>>,
    pub(super) resource_policy: Option<String>,
    pub(super) resource_owner: Option<String>,
    pub(super) caller_arn: Option<String>,
    pub(super) context_entries: Option<Vec<wire::ContextEntry>>,
    pub(super) boundary: Option<Vec<String>>,
}

/// The questions and what is known with them.
pub(super) struct Asked {
    /// The actions in the order of the request.
    pub(super) actions: Vec<String>,
    /// The resources; `*` where the request names none.
    pub(super) resources: Vec<String>,
    /// Whether the request names resources.
    pub(super) names_resources: bool,
    /// Who asks, where that is said.
    pub(super) caller: Option<String>,
    keys: Vec<Entry>,
}

/// A condition key with its values.
struct Entry {
    name: String,
    values: Vec<String>,
    is_list: bool,
}

/// Checks the length of documents and how many there are.
pub(super) fn check_documents(checks: &mut Checks, member: &str, documents: Option<&[String]>) {
    for (document, number) in documents.unwrap_or_default().iter().zip(1_usize..) {
        checks.long(
            &format!("{member}.{number}.member"),
            Some(document),
            Rule::DOCUMENT,
        );
    }
}

impl Members {
    /// Notes every member that breaks its constraint.
    pub(super) fn check(&self, checks: &mut Checks) {
        if self.action_names.is_none() {
            checks.note("actionNames", None, Constraint::NotNull);
        }
        for (list, rule, member) in [
            (&self.action_names, ACTION, "actionNames"),
            (&self.resource_arns, RESOURCE, "resourceArns"),
        ] {
            let texts = list.as_deref().unwrap_or_default().iter();
            for (text, number) in texts.zip(1_usize..) {
                checks.optional(&format!("{member}.{number}.member"), Some(text), rule);
            }
        }
        check_documents(
            checks,
            "permissionsBoundaryPolicyInputList",
            self.boundary.as_deref(),
        );
        checks.optional("resourceOwner", self.resource_owner.as_deref(), RESOURCE);
        checks.optional("callerArn", self.caller_arn.as_deref(), RESOURCE);
        let entries = self.context_entries.as_deref().unwrap_or_default().iter();
        for (entry, number) in entries.zip(1_usize..) {
            let at = |part: &str| format!("contextEntries.{number}.member.{part}");
            checks.optional(
                &at("contextKeyName"),
                entry.context_key_name.as_deref(),
                KEY,
            );
            checks.one_of(
                &at("contextKeyType"),
                entry.context_key_type.as_deref(),
                TYPES,
            );
        }
    }

    /// Reads the members, which were checked.
    ///
    /// # Errors
    /// InvalidInput.
    pub(super) fn read(self) -> Result<Asked, Refusal> {
        let actions = self.action_names.unwrap_or_default();
        if let Some(wrong) = actions.iter().find(|action| !is_action(action)) {
            return Err(invalid(format!("Invalid action name: {wrong}")));
        }
        let names_resources = self
            .resource_arns
            .iter()
            .flatten()
            .any(|resource| resource != "*");
        let mut resources = Vec::new();
        for resource in self.resource_arns.unwrap_or_default() {
            if resource != "*" && Arn::parse(&resource).is_err() {
                // AWS: this text, recorded.
                return Err(invalid(format!(
                    "ResourceNames are not in a valid ARN format: {resource}."
                )));
            }
            if !resources.contains(&resource) {
                resources.push(resource);
            }
        }
        if resources.is_empty() {
            resources.push("*".to_owned());
        }
        if self.boundary.as_ref().is_some_and(|it| it.len() > 1) {
            return Err(invalid(
                "Only one permissions boundary policy can be simulated.",
            ));
        }
        if self.resource_policy.is_some() {
            // Differs: nothing here has a resource-based policy.
            return Err(invalid(
                "Resource-based policies are not supported: no resource of the service has one.",
            ));
        }
        if let Some(owner) = &self.resource_owner {
            let parsed = Arn::parse(owner).ok();
            let is_account = parsed.is_some_and(|arn| {
                arn.service() == "iam" && arn.region().is_empty() && arn.resource() == "root"
            });
            if !is_account {
                return Err(invalid("Invalid Resource Owner."));
            }
        }
        if let Some(caller) = &self.caller_arn {
            named(caller).map_err(|_| {
                invalid(
                    "Invalid caller - Caller must be an IAM user, role or group in this context.",
                )
            })?;
        }
        let entries = self.context_entries.unwrap_or_default();
        let mut keys: Vec<Entry> = Vec::new();
        for entry in entries {
            let entry = read_entry(entry)?;
            if keys.iter().any(|known| known.is(&entry.name)) {
                return Err(invalid(format!(
                    "The context key {} is given twice.",
                    entry.name
                )));
            }
            keys.push(entry);
        }
        Ok(Asked {
            actions,
            resources,
            names_resources,
            caller: self.caller_arn,
            keys,
        })
    }
}

impl Asked {
    /// Supplies a key, unless the request has it.
    pub(super) fn supply(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        if !self.has(&name) {
            self.keys.push(Entry {
                name,
                values: vec![value.into()],
                is_list: false,
            });
        }
    }

    /// Whether the key is given or supplied.
    pub(super) fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|known| known.is(name))
    }

    /// The keys as a request's context.
    pub(super) fn context(&self) -> Context<'_> {
        let mut context = Context::new();
        for entry in &self.keys {
            match entry.values.as_slice() {
                [value] if !entry.is_list => {
                    context.text(&entry.name, value.as_str());
                }
                values => {
                    context.texts(&entry.name, values.iter().map(String::as_str));
                }
            }
        }
        context
    }

    /// The questions: every action on every resource that it can be asked on. An action without a resource type is asked
    /// on `*` alone, as its own requests are.
    pub(super) fn questions(&self) -> Vec<(&str, &str)> {
        let mut questions = Vec::new();
        for action in &self.actions {
            let row = ROWS
                .iter()
                .find(|row| row.action.eq_ignore_ascii_case(action));
            if row.is_some_and(|row| row.resource.types().is_empty()) {
                questions.push((action.as_str(), "*"));
            } else {
                questions.extend(
                    self.resources
                        .iter()
                        .map(|resource| (action.as_str(), resource.as_str())),
                );
            }
        }
        questions
    }
}

impl Entry {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// `service:Name`, without wildcards.
fn is_action(text: &str) -> bool {
    let is = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.split_once(':').is_some_and(|(service, name)| {
        let given = !service.is_empty() && !name.is_empty();
        given && service.chars().all(is) && name.chars().all(is)
    })
}

fn read_entry(entry: wire::ContextEntry) -> Result<Entry, Refusal> {
    let name = entry.context_key_name.unwrap_or_default();
    let values = entry.context_key_values.unwrap_or_default();
    let kind = entry.context_key_type.unwrap_or_else(|| "string".into());
    if !name.contains(':') {
        return Err(invalid(format!(
            "Invalid context key name: {name} must include the service prefix."
        )));
    }
    let (base, is_list) = match kind.strip_suffix("List") {
        Some(base) => (base, true),
        None => (kind.as_str(), false),
    };
    if values.is_empty() || (!is_list && values.len() > 1) {
        let wanted = if is_list {
            "at least one value"
        } else {
            "one value"
        };
        return Err(invalid(format!(
            "Invalid value for context key {name}: the type {kind} has {wanted}."
        )));
    }
    let reads = |value: &str| ValueType::named(base).is_some_and(|base| base.reads(value));
    if let Some(wrong) = values.iter().find(|value| !reads(value)) {
        return Err(invalid(format!(
            "Invalid value for context key {name}: {wrong} is not of the type {kind}."
        )));
    }
    Ok(Entry {
        name,
        values,
        is_list,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, kind: &str, values: &[&str]) -> wire::ContextEntry {
        wire::ContextEntry {
            context_key_name: Some(name.into()),
            context_key_values: Some(values.iter().map(|it| (*it).to_owned()).collect()),
            context_key_type: Some(kind.into()),
        }
    }

    #[test]
    fn values_of_context_entries_are_of_their_type() {
        for (kind, values, valid) in [
            ("string", &["x"][..], true),
            ("string", &["x", "y"], false),
            ("stringList", &["x", "y"], true),
            ("stringList", &[], false),
            ("numeric", &["5.25"], true),
            ("numeric", &["five"], false),
            ("boolean", &["True"], true),
            ("boolean", &["yes"], false),
            ("ip", &["10.0.0.1"], true),
            ("ip", &["10.0.0"], false),
            ("ipList", &["10.0.0.1", "2001:db8::1"], true),
            ("date", &["2026-11-25T12:00:00Z"], true),
            ("date", &["1764072000"], true),
            ("date", &["tomorrow"], false),
            ("binary", &["QmluYXJ5"], true),
            ("binary", &["%"], false),
        ] {
            let read = read_entry(entry("aws:Some", kind, values));
            assert_eq!(read.is_ok(), valid, "{kind} {values:?}");
        }
        assert!(read_entry(entry("Some", "string", &["x"])).is_err());
    }

    #[test]
    fn actions_have_a_service_and_no_wildcards() {
        for (text, valid) in [
            ("mq:CreateBroker", true),
            ("execute-api:Invoke", true),
            ("mq:*", false),
            ("CreateBroker", false),
            (":x", false),
            ("mq:", false),
            ("mq:a:b", false),
        ] {
            assert_eq!(is_action(text), valid, "{text}");
        }
    }

    #[test]
    fn actions_without_a_resource_type_are_asked_on_everything_once() {
        let members = Members {
            action_names: Some(vec!["mq:ListBrokers".into(), "mq:DeleteBroker".into()]),
            resource_arns: Some(vec![
                "arn:aws:mq:us-east-1:111122223333:broker:a:b-1".into(),
                "*".into(),
            ]),
            ..Members::default()
        };
        let asked = members.read().unwrap();
        assert_eq!(
            asked.questions(),
            [
                ("mq:ListBrokers", "*"),
                (
                    "mq:DeleteBroker",
                    "arn:aws:mq:us-east-1:111122223333:broker:a:b-1"
                ),
                ("mq:DeleteBroker", "*"),
            ]
        );
        assert!(asked.names_resources);
    }
}
