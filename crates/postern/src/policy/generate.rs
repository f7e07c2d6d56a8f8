//! `postern policy generate`: the policy that what a principal did needs, and no more.
//!
//! Every successful call becomes a question: the operation's action on the resource that the record
//! names. Operations that act on the caller's behalf add what they ask besides. Names of brokers are
//! not in the calls that only have ids; they are known from the records of the brokers' creation, and
//! are `*` where that is not in the log.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use api::row::{Row, Service, When};
use serde_json::{Value, json};

use super::{GenerateArgs, action_of, dependents};
use crate::audit::{Record, records};
use crate::cli::Output;
use crate::exit::{NotFound, Usage};

/// What the log says, put together.
#[derive(Default)]
struct Use {
    calls: u64,
    first: Option<String>,
    last: Option<String>,
    /// Action and resource, and whether the service is a condition of it.
    grants: BTreeSet<(bool, String, String)>,
    /// Events of operations that are not in the table.
    unknown: BTreeSet<String>,
}

pub(super) fn run(args: &GenerateArgs) -> anyhow::Result<ExitCode> {
    let arn = iam::Arn::parse(&args.principal).map_err(|error| Usage(error.to_string()))?;
    let since = match &args.since {
        Some(text) => Some(moment(text)?),
        None => None,
    };
    let folder = args.data.folder()?;
    let mut names = BTreeMap::new();
    let mut calls = Vec::new();
    records(&folder.path, "", |record| {
        if let Some(arn) = record.text("/responseElements/brokerArn") {
            let id = arn.rsplit(':').next().unwrap_or_default();
            names.insert(id.to_owned(), arn.to_owned());
        }
        let own = record.text("/userIdentity/arn") == Some(arn.as_str());
        let done = record.member("/errorCode").is_none();
        let late = match (since, time_of(&record)) {
            (None, _) => true,
            (Some(since), Some(time)) => time >= since,
            (Some(_), None) => false,
        };
        if own && done && late {
            calls.push(record);
        }
        true
    })?;
    let mut used = Use::default();
    for record in &calls {
        used.add(record, &names, arn.account());
    }
    if used.grants.is_empty() {
        return Err(NotFound(format!(
            "no successful call of `{}` is recorded",
            args.principal
        ))
        .into());
    }
    let document = document(&used);
    match args.output {
        Output::Table => {
            println!("{document:#}");
            let (first, last) = (
                used.first.unwrap_or_default(),
                used.last.unwrap_or_default(),
            );
            eprintln!("from {} calls between {first} and {last}", used.calls);
            for event in &used.unknown {
                eprintln!("left out: {event}, which this version does not know");
            }
        }
        Output::Json => println!(
            "{:#}",
            json!({
                "policy": document,
                "principal": args.principal,
                "calls": used.calls,
                "from": used.first,
                "to": used.last,
                "leftOut": used.unknown,
            })
        ),
    }
    Ok(ExitCode::SUCCESS)
}

impl Use {
    fn add(&mut self, record: &Record, names: &BTreeMap<String, String>, account: &str) {
        // What Amazon MQ did for the caller is counted with the call it was for.
        if record.member("/userIdentity/invokedBy").is_some() {
            return;
        }
        self.calls += 1;
        let time = record.text("/eventTime").map(str::to_owned);
        self.first = self.first.take().or_else(|| time.clone());
        self.last = time.or(self.last.take());
        let source = record.text("/eventSource").unwrap_or_default();
        let name = record.text("/eventName").unwrap_or_default();
        let Some(row) = action_of(source, name) else {
            self.unknown.insert(format!("{name} of {source}"));
            return;
        };
        match row.gate {
            api::row::Gate::Policies | api::row::Gate::Trust => {}
            api::row::Gate::SignatureAlone | api::row::Gate::WebIdentity => return,
        }
        let region = record.text("/awsRegion").unwrap_or("*");
        self.grant(false, row.action, resource(row, record, names, account));
        for dependent in row.dependent {
            let asked =
                match dependent.when {
                    When::Always | When::PassesRole => true,
                    When::ActiveMq => is_active_mq(record),
                    When::PrivateRabbitMq => {
                        !is_active_mq(record)
                            && record
                                .member("/requestParameters/publiclyAccessible")
                                .is_none_or(|public| public != true)
                    }
                    When::Groups => record.member("/requestParameters/securityGroups").is_some(),
                    When::Tags => record
                        .member("/requestParameters/tags")
                        .is_some_and(|tags| match tags {
                            Value::Object(tags) => !tags.is_empty(),
                            Value::Array(tags) => !tags.is_empty(),
                            _ => false,
                        }),
                    When::Replica => record
                        .member("/requestParameters/dataReplicationMode")
                        .is_some_and(|mode| mode == "CRDR"),
                };
            if asked {
                let of_request =
                    match (dependent.when, record.text("/requestParameters/brokerName")) {
                        // Tags that something of IAM is made with are put on the row's own resource.
                        (When::Tags, _) if row.service == Service::Iam => {
                            vec![resource(row, record, names, account)]
                        }
                        (When::Tags, Some(name)) => {
                            vec![format!("arn:aws:mq:{region}:{account}:broker:{name}:*")]
                        }
                        (When::Tags, None) => {
                            vec![format!("arn:aws:mq:{region}:{account}:configuration:*")]
                        }
                        (
                            When::Always
                            | When::ActiveMq
                            | When::PrivateRabbitMq
                            | When::Groups
                            | When::Replica
                            | When::PassesRole,
                            _,
                        ) => dependents::resources(dependent.action, account, region),
                    };
                for resource in of_request {
                    self.grant(dependent.authorized_service, dependent.action, resource);
                }
            }
        }
    }

    fn grant(&mut self, authorized: bool, action: &str, resource: String) {
        self.grants
            .insert((authorized, action.to_owned(), resource));
    }
}

/// The engine is in the request of a creation. A deletion does not say, so it is taken for ActiveMQ.
fn is_active_mq(record: &Record) -> bool {
    record
        .text("/requestParameters/engineType")
        .is_none_or(|engine| engine.eq_ignore_ascii_case("ACTIVEMQ"))
}

/// The ARN that the call was authorised on, or a pattern for it where the record does not tell.
fn resource(row: &Row, record: &Record, names: &BTreeMap<String, String>, account: &str) -> String {
    let text = |name: &str| record.text(&format!("/requestParameters/{name}"));
    let region = record.text("/awsRegion").unwrap_or("*");
    let caller = record.text("/userIdentity/arn").unwrap_or("*");
    for kind in row.resource.types() {
        let arn = match *kind {
            "brokers" => text("broker-id").map(|id| match names.get(id) {
                Some(arn) => arn.clone(),
                None => format!("arn:aws:mq:{region}:{account}:broker:*:{id}"),
            }),
            "configurations" => text("configuration-id")
                .map(|id| format!("arn:aws:mq:{region}:{account}:configuration:{id}")),
            "policy" => text("policyArn").map(str::to_owned).or_else(|| {
                let path = text("path").unwrap_or("/");
                text("policyName").map(|name| format!("arn:aws:iam::{account}:policy{path}{name}"))
            }),
            "user" => Some(match (text("userName"), text("path")) {
                (Some(name), Some(path)) => format!("arn:aws:iam::{account}:user{path}{name}"),
                // Of an existing user the request has no path.
                (Some(name), None) if row.name == "CreateUser" => {
                    format!("arn:aws:iam::{account}:user/{name}")
                }
                (Some(name), None) if caller.ends_with(&format!("/{name}")) => caller.to_owned(),
                (Some(name), None) => format!("arn:aws:iam::{account}:user/{name}"),
                (None, _) => caller.to_owned(),
            }),
            "group" => text("groupName").map(|name| {
                let path = text("path").unwrap_or("/");
                format!("arn:aws:iam::{account}:group{path}{name}")
            }),
            _ => None,
        };
        let named = arn.or_else(|| {
            ["resource-arn", "resourceArn"]
                .iter()
                .find_map(|name| text(name))
                .map(str::to_owned)
        });
        if let Some(arn) = named {
            return arn;
        }
    }
    "*".to_owned()
}

/// The document: few statements, in the order of the alphabet.
fn document(used: &Use) -> Value {
    let mut by_action: BTreeMap<(bool, &str), Vec<&str>> = BTreeMap::new();
    for (authorized, action, resource) in &used.grants {
        by_action
            .entry((*authorized, action))
            .or_default()
            .push(resource);
    }
    // Actions with the same resources share a statement.
    let mut statements: BTreeMap<(bool, Vec<&str>), Vec<&str>> = BTreeMap::new();
    for ((authorized, action), resources) in by_action {
        statements
            .entry((authorized, resources))
            .or_default()
            .push(action);
    }
    let statements = statements
        .into_iter()
        .map(|((authorized, resources), actions)| {
            let mut statement =
                json!({"Effect": "Allow", "Action": actions, "Resource": resources});
            if let (true, Some(members)) = (authorized, statement.as_object_mut()) {
                members.insert(
                    "Condition".into(),
                    json!({"StringEquals": {"ec2:AuthorizedService": "mq.amazonaws.com"}}),
                );
            }
            statement
        });
    json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>()})
}

fn time_of(record: &Record) -> Option<jiff::Timestamp> {
    record.text("/eventTime")?.parse().ok()
}

/// A point in time, or the beginning of a day in UTC.
fn moment(text: &str) -> anyhow::Result<jiff::Timestamp> {
    let day = || format!("{text}T00:00:00Z").parse();
    text.parse().or_else(|_| day()).map_err(|_: jiff::Error| {
        Usage(format!(
            "`{text}` is not a time, such as 2026-11-01T00:00:00Z or 2026-11-01"
        ))
        .into()
    })
}
