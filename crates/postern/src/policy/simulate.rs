//! `postern policy simulate`.

use std::process::ExitCode;

use iam::simulate::Outcome;
use serde_json::Value;

use super::explain::check_action;
use super::show::place;
use super::{Asked, SimulateArgs, known, simulation_json};
use crate::cli::Output;
use crate::exit::{NotFound, Usage};

pub(super) fn run(args: &SimulateArgs) -> anyhow::Result<ExitCode> {
    let actions = expand(&args.actions)?;
    for resource in args.resources.iter().filter(|it| *it != "*") {
        iam::Arn::parse(resource).map_err(|error| Usage(error.to_string()))?;
    }
    let asked = Asked::read(&args.question)?;
    let mut rows = Vec::new();
    for action in &actions {
        for resource in resources(action, &args.resources) {
            let simulation = asked.ask(action, resource);
            rows.push((action, resource, simulation));
        }
    }
    match args.question.output {
        Output::Json => {
            let all = rows.iter().map(|(action, resource, simulation)| {
                simulation_json(&asked, simulation, action, resource)
            });
            println!("{:#}", all.collect::<Value>());
        }
        Output::Table => {
            let mut table = crate::config::table(&["action", "resource", "decision", "by"]);
            for (action, resource, simulation) in &rows {
                let (decision, by) = match &simulation.outcome {
                    Outcome::Allowed { by: None } => ("allowed", "root".to_owned()),
                    Outcome::Allowed { by: Some(by) } => ("allowed", place(by)),
                    Outcome::Implicit { layer } => ("implicit", format!("no {layer}")),
                    Outcome::Explicit { by: Some(by), .. } => ("explicit", place(by)),
                    Outcome::Explicit {
                        by: None,
                        layer,
                        policy,
                    } => (
                        "explicit",
                        format!("{layer} {policy}, which cannot be read"),
                    ),
                };
                table.add_row([action.as_str(), resource, decision, &by]);
            }
            println!("{table}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Actions with wildcards stand for all that are known.
fn expand(given: &[String]) -> anyhow::Result<Vec<String>> {
    let known = known::known(None);
    let mut actions: Vec<String> = Vec::new();
    for pattern in given {
        if !pattern.contains(['*', '?']) {
            check_action(pattern)?;
            actions.push(pattern.clone());
            continue;
        }
        let lower = pattern.to_ascii_lowercase();
        let before = actions.len();
        for action in &known.actions {
            if iam::wildcard::matches(&lower, &action.name.to_ascii_lowercase())
                && !actions.contains(&action.name)
            {
                actions.push(action.name.clone());
            }
        }
        if actions.len() == before {
            return Err(NotFound(format!("no action matches `{pattern}`")).into());
        }
    }
    Ok(actions)
}

/// The resources an action is asked on: those given that it can be asked on.
fn resources<'a>(action: &str, given: &'a [String]) -> Vec<&'a str> {
    let typeless = known::row_of(action).is_some_and(|row| row.resource.types().is_empty());
    if typeless || given.is_empty() {
        return vec!["*"];
    }
    given.iter().map(String::as_str).collect()
}
