//! What an operation asks besides its own action, because Amazon MQ acts on the caller's behalf.

use api::row::{Dependent, Row, When};
use iam::simulate::{Simulation, Suggestion};
use serde_json::{Value, json};

use super::{Asked, known};

/// The service in whose name the caller's interfaces are made.
const MQ: &str = "mq.amazonaws.com";

/// What the first private RabbitMQ broker of an account needs.
pub(crate) const SERVICE_LINKED_ROLE: &str = "iam:CreateServiceLinkedRole";

/// An action that is also asked, and the answer.
pub(super) struct Also {
    pub(super) dependent: &'static Dependent,
    pub(super) resource: String,
    pub(super) simulation: Simulation,
}

/// Asks everything that the action's operation would ask.
pub(super) fn ask(asked: &Asked, row: &'static Row, resource: &str) -> Vec<Also> {
    let (account, region) = asked.home(resource);
    let mut answers = Vec::new();
    for dependent in row.dependent {
        for resource in resources(dependent.action, &account, &region) {
            let mut set = Vec::new();
            let mut without = Vec::new();
            match dependent.when {
                // Asked as part of the caller's own request.
                When::Tags | When::PassesRole => {}
                When::Always
                | When::ActiveMq
                | When::PrivateRabbitMq
                | When::Groups
                | When::Replica => {
                    set.push(("aws:ViaAWSService", "true"));
                    set.push(("aws:CalledVia", MQ));
                    without.push("aws:SourceIp");
                }
            }
            if dependent.action == SERVICE_LINKED_ROLE {
                set.push(("iam:AWSServiceName", MQ));
            }
            if dependent.authorized_service {
                set.push(("ec2:AuthorizedService", MQ));
            }
            let simulation = asked.ask_with(dependent.action, &resource, &set, &without);
            answers.push(Also {
                dependent,
                resource,
                simulation,
            });
        }
    }
    answers
}

/// The resources an action is asked on, where only their type is known.
pub(super) fn resources(action: &str, account: &str, region: &str) -> Vec<String> {
    if action == SERVICE_LINKED_ROLE {
        return vec![format!(
            "arn:aws:iam::{account}:role/aws-service-role/{MQ}/AWSServiceRoleForAmazonMQ"
        )];
    }
    let known = known::known(None);
    let shapes = known
        .actions
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(action))
        .map(|known| known.resources.clone())
        .unwrap_or_default();
    let mut arns: Vec<String> = shapes
        .iter()
        .filter_map(|shape| {
            let mut parts = shape.splitn(6, ':');
            let (service, own_region) = (parts.nth(2)?, parts.next()?);
            let resource = parts.nth(1)?;
            let region = if own_region.is_empty() { "" } else { region };
            Some(format!("arn:aws:{service}:{region}:{account}:{resource}"))
        })
        .collect();
    if action.eq_ignore_ascii_case("mq:CreateTags") {
        // On creation only the kind that is created; brokers come first in the table.
        arns.truncate(1);
    }
    if arns.is_empty() {
        arns.push("*".into());
    }
    arns
}

/// When an action is asked, for people.
pub(super) fn when(dependent: &Dependent) -> &'static str {
    match dependent.when {
        When::Always => "always",
        When::ActiveMq => "for ActiveMQ brokers",
        When::PrivateRabbitMq => "for the first private RabbitMQ broker",
        When::Groups => "for other security groups",
        When::Tags => "when the request has tags",
        When::Replica => "for replicas",
        When::PassesRole => "for the role",
    }
}

/// Statements that allow the suggestions, with as few statements as resources and conditions.
pub(super) fn statements<'a>(
    suggestions: impl IntoIterator<Item = (&'a Suggestion, bool)>,
) -> Vec<Value> {
    // By condition and resource; then resources that have the same actions are joined.
    let mut by_resource: Vec<(bool, Vec<String>, Vec<String>)> = Vec::new();
    for (suggestion, authorized) in suggestions {
        let known = by_resource.iter_mut().find(|(condition, resources, _)| {
            *condition == authorized && *resources == [suggestion.resource.clone()]
        });
        match known {
            Some((_, _, actions)) => {
                if !actions.contains(&suggestion.action) {
                    actions.push(suggestion.action.clone());
                }
            }
            None => by_resource.push((
                authorized,
                vec![suggestion.resource.clone()],
                vec![suggestion.action.clone()],
            )),
        }
    }
    let mut joined: Vec<(bool, Vec<String>, Vec<String>)> = Vec::new();
    for (condition, resources, actions) in by_resource {
        let known = joined
            .iter_mut()
            .find(|(other, _, others)| *other == condition && *others == actions);
        match known {
            Some((_, all, _)) => all.extend(resources),
            None => joined.push((condition, resources, actions)),
        }
    }
    joined
        .into_iter()
        .map(|(condition, resources, actions)| {
            let mut statement =
                json!({"Effect": "Allow", "Action": actions, "Resource": resources});
            if let (true, Some(members)) = (condition, statement.as_object_mut()) {
                members.insert(
                    "Condition".into(),
                    json!({"StringEquals": {"ec2:AuthorizedService": MQ}}),
                );
            }
            statement
        })
        .collect()
}
