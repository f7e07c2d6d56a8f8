//! `postern policy explain`.

use std::process::ExitCode;

use iam::Layer;
use iam::simulate::{Simulation, Suggestion};
use serde_json::{Value, json};

use super::dependents::{self, Also};
use super::{Asked, ExplainArgs, describe, known, simulation_json};
use crate::cli::Output;
use crate::exit::Usage;

/// How `--exit-code` says that the request would be refused.
const DENIED: u8 = 4;

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let action = args.action.as_str();
    check_action(action)?;
    let asked = Asked::read(&args.question)?;
    let row = known::row_of(action);
    let (resource, note) = resource(action, args.resource.as_deref())?;
    let simulation = asked.ask(action, &resource);
    let also = match row {
        Some(row) => dependents::ask(&asked, row, args.resource.as_deref().unwrap_or("*")),
        None => Vec::new(),
    };
    match args.question.output {
        Output::Json => {
            let mut value = simulation_json(&asked, &simulation, action, &resource);
            if let Some(members) = value.as_object_mut() {
                let context = asked.context.iter();
                let context: serde_json::Map<String, Value> = context
                    .map(|(key, values)| (key.clone(), values.clone().into()))
                    .collect();
                members.insert("context".into(), context.into());
                members.insert("note".into(), note.into());
                members.insert("also".into(), also.iter().map(also_json).collect());
                members.insert("addAlso".into(), add_also(&also).into());
            }
            println!("{value:#}");
        }
        Output::Table => {
            print!("{}", describe(&asked, &simulation, action, &resource));
            if let Some(note) = note {
                println!("note: {note}");
            }
            print_suggestion(&simulation);
            print_also(&also);
        }
    }
    let refused = args.exit_code && !simulation.outcome.is_allowed();
    Ok(if refused {
        ExitCode::from(DENIED)
    } else {
        ExitCode::SUCCESS
    })
}

/// An action has a service and a name; wildcards are for `simulate`.
pub(super) fn check_action(action: &str) -> anyhow::Result<()> {
    if Suggestion::find(action, "*").is_some() && !action.contains(['*', '?']) {
        return Ok(());
    }
    Err(Usage(format!(
        "`{action}` is not an action, such as mq:CreateBroker"
    ))
    .into())
}

/// What the service would ask on, and a note where that is not what was said.
pub(super) fn resource(
    action: &str,
    given: Option<&str>,
) -> anyhow::Result<(String, Option<String>)> {
    if let Some(arn) = given.filter(|given| *given != "*") {
        iam::Arn::parse(arn).map_err(|error| Usage(error.to_string()))?;
    }
    let types = known::row_of(action).map(|row| row.resource.types());
    Ok(match (types, given) {
        (Some([]), Some(arn)) if arn != "*" => (
            "*".into(),
            Some(format!(
                "{action} has no resource type, so it is asked on `*`, not on `{arn}`"
            )),
        ),
        (Some([_, ..]), None) => (
            "*".into(),
            Some(format!(
                "{action} is asked on one resource: give it with --resource for the true answer"
            )),
        ),
        (_, given) => (given.unwrap_or("*").into(), None),
    })
}

fn print_suggestion(simulation: &Simulation) {
    let Some(suggestion) = &simulation.suggestion else {
        return;
    };
    let layers: Vec<String> = simulation
        .missing
        .iter()
        .map(|layer| match layer {
            Layer::Identity => "an identity-based policy".to_owned(),
            Layer::Boundary => "the permissions boundary".to_owned(),
            Layer::Session => "the session policy".to_owned(),
        })
        .collect();
    let after = if simulation.outcome.name() == "explicitDeny" {
        ", once no Deny stands"
    } else {
        ""
    };
    println!("\nto add to {}{after}:", layers.join(" and to "));
    println!("{:#}", suggestion.statement());
}

fn print_also(also: &[Also]) {
    if also.is_empty() {
        return;
    }
    println!("\nthe operation also asks:");
    let mut table = crate::config::table(&["  action", "resource", "when", "decision"]);
    for it in also {
        table.add_row([
            &format!("  {}", it.dependent.action),
            it.resource.as_str(),
            dependents::when(it.dependent),
            it.simulation.outcome.name(),
        ]);
    }
    println!("{table}");
    let statements = add_also(also);
    if !statements.is_empty() {
        println!("\nto add for these:");
        println!("{:#}", Value::from(statements));
    }
}

fn also_json(also: &Also) -> Value {
    json!({
        "action": also.dependent.action,
        "resource": also.resource,
        "when": dependents::when(also.dependent),
        "decision": also.simulation.outcome.name(),
    })
}

fn add_also(also: &[Also]) -> Vec<Value> {
    let suggestions = also.iter().filter_map(|it| {
        let suggestion = it.simulation.suggestion.as_ref()?;
        Some((suggestion, it.dependent.authorized_service))
    });
    dependents::statements(suggestions)
}
