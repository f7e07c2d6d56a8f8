//! `postern explain REQUEST-ID`: what the audit log knows of a request, and why it was decided so.

mod again;

use std::process::ExitCode;

use clap::Args;
use iam::simulate::Suggestion;
use serde_json::{Value, json};

use crate::audit::{Record, records};
use crate::cli::Output;
use crate::exit::NotFound;
use crate::policy::{DataArgs, action_of};
use again::Again;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern explain 0b5c4f3e-8d0c-4c58-9a58-6f1c2d3e4f50
  postern explain 0b5c4f3e-8d0c-4c58-9a58-6f1c2d3e4f50 --output json

The id is what clients print with an error, and the header x-amzn-requestid. Reads
the audit log; the service may run. With the master key at hand the request is
decided again by the user's policies as they are now.

Exit codes: 0 found, 3 no such request is recorded")]
pub(crate) struct ExplainArgs {
    /// The request's id, or an audit record's eventID
    #[arg(value_name = "REQUEST-ID")]
    id: String,
    #[command(flatten)]
    data: DataArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// Why a call was refused, as its record says it.
struct Refused {
    action: String,
    resource: String,
    /// `no permissions boundary allows …`, or the explicit Deny.
    because: String,
}

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let folder = args.data.folder()?;
    let mut found: Option<Record> = None;
    records(&folder.path, &args.id, |record| {
        let is_it = ["/requestID", "/eventID"]
            .iter()
            .any(|path| record.text(path) == Some(args.id.as_str()));
        if is_it {
            found = Some(record);
        }
        found.is_none()
    })?;
    let Some(record) = found else {
        return Err(NotFound(format!("no request `{}` is recorded", args.id)).into());
    };
    let refused = refused(&record);
    let suggestion = refused
        .as_ref()
        .filter(|refused| !refused.because.contains("explicit deny"))
        .and_then(|refused| Suggestion::find(&refused.action, &refused.resource));
    let again = refused
        .as_ref()
        .map(|refused| Again::decide(&folder, &record, refused));
    match args.output {
        Output::Json => println!(
            "{:#}",
            json_of(
                &record,
                refused.as_ref(),
                suggestion.as_ref(),
                again.as_ref()
            )
        ),
        Output::Table => print(
            &record,
            refused.as_ref(),
            suggestion.as_ref(),
            again.as_ref(),
        ),
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads AWS's text: `User: A is not authorized to perform: B on resource: C because D`.
fn refused(record: &Record) -> Option<Refused> {
    let message = record.text("/errorMessage")?;
    let (_, rest) = message.split_once(" is not authorized to perform: ")?;
    let (action, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let (resource, because) = match rest.strip_prefix("on resource: ") {
        Some(rest) => rest.split_once(' ').unwrap_or((rest, "")),
        None => ("*", rest),
    };
    Some(Refused {
        action: action.to_owned(),
        resource: resource.to_owned(),
        because: because.to_owned(),
    })
}

/// The name of the layer to add to, from AWS's reason.
fn layer(refused: &Refused) -> &'static str {
    if refused.because.contains("permissions boundary") {
        "the permissions boundary"
    } else if refused.because.contains("session policy") {
        "the session policy"
    } else {
        "an identity-based policy of the caller"
    }
}

fn decision(record: &Record) -> Option<&str> {
    record.text("/additionalEventData/decision")
}

fn action(record: &Record) -> String {
    let source = record.text("/eventSource").unwrap_or_default();
    let name = record.text("/eventName").unwrap_or_default();
    match action_of(source, name) {
        Some(row) => row.action.to_owned(),
        None => format!("{source} {name}"),
    }
}

fn print(
    record: &Record,
    refused: Option<&Refused>,
    suggestion: Option<&Suggestion>,
    again: Option<&Again>,
) {
    let text = |path: &str| record.text(path).unwrap_or("-").to_owned();
    let who = match record.text("/userIdentity/arn") {
        Some(arn) => format!("{arn}, key {}", text("/userIdentity/accessKeyId")),
        None => "nobody known: the signature did not hold".to_owned(),
    };
    let outcome = match record.text("/errorCode") {
        Some(code) => format!("{code}: {}", text("/errorMessage")),
        None => "carried out".to_owned(),
    };
    let parameters = record
        .member("/requestParameters")
        .map_or_else(|| "-".to_owned(), Value::to_string);
    println!(
        "request   {} ({} line {})",
        text("/requestID"),
        record.file,
        record.line
    );
    println!("who       {who}");
    println!("what      {} {parameters}", action(record));
    println!("when      {} in {}", text("/eventTime"), text("/awsRegion"));
    println!(
        "from      {} {}",
        text("/sourceIPAddress"),
        text("/userAgent")
    );
    println!("outcome   {outcome}");
    println!(
        "decision  {}",
        decision(record).unwrap_or("none: it did not come to one")
    );
    if let Some(suggestion) = suggestion {
        let layer = refused.map_or("an identity-based policy", layer);
        println!("\nto add to {layer}:\n{:#}", suggestion.statement());
    } else if refused.is_some() {
        println!("\nno Allow overrides a Deny: narrow it, or give it a condition");
    }
    if let Some(again) = again {
        again.print();
    }
}

fn json_of(
    record: &Record,
    refused: Option<&Refused>,
    suggestion: Option<&Suggestion>,
    again: Option<&Again>,
) -> Value {
    json!({
        "requestId": record.text("/requestID"),
        "who": record.member("/userIdentity"),
        "action": action(record),
        "time": record.text("/eventTime"),
        "region": record.text("/awsRegion"),
        "from": record.text("/sourceIPAddress"),
        "errorCode": record.text("/errorCode"),
        "errorMessage": record.text("/errorMessage"),
        "decision": decision(record),
        "denied": refused.map(|refused| json!({
            "action": refused.action,
            "resource": refused.resource,
            "because": refused.because,
        })),
        "add": suggestion.map(Suggestion::statement),
        "now": again.map(Again::json),
        "record": record.value(),
        "place": { "file": record.file, "line": record.line },
    })
}
