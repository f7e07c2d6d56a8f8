//! `postern policy check`.

use std::process::ExitCode;

use iam::lint::place_of_error;
use iam::policy::{DocumentKind, check_managed_size, check_session_size, check_trust_size};
use serde_json::{Value, json};

use super::CheckArgs;
use super::documents::{self, Document, aside};
use crate::cli::Output;

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let documents = documents::wanted(&args.files, args.kind.document(), &args.data)?;
    let mut refused = false;
    let mut results = Vec::new();
    for document in &documents {
        let result = check(document);
        refused |= result.get("valid") != Some(&Value::Bool(true));
        results.push(result);
    }
    match args.output {
        Output::Json => println!("{:#}", Value::from(results)),
        Output::Table => documents.iter().zip(&results).for_each(print),
    }
    Ok(if refused {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn check(document: &Document) -> Value {
    let source = &document.source;
    match &document.parsed {
        Ok(parsed) => {
            // Inline policies are counted together, over all of a user's: only the writer can know.
            let size = match source.kind {
                DocumentKind::Managed => check_managed_size(&source.text),
                DocumentKind::Session => check_session_size(&source.text),
                DocumentKind::Trust => check_trust_size(&source.text),
                DocumentKind::Identity => Ok(()),
            };
            let mut result = json!({
                "file": source.name,
                "valid": size.is_ok(),
                "version": parsed.version().to_string(),
                "statements": parsed.statements().len(),
            });
            if let (Err(error), Some(members)) = (size, result.as_object_mut()) {
                members.insert("code".into(), error.code().into());
                members.insert("message".into(), error.to_string().into());
            }
            result
        }
        Err(error) => {
            let place = place_of_error(&source.text, source.kind, error);
            json!({
                "file": source.name,
                "valid": false,
                "code": error.code(),
                "message": error.to_string(),
                "line": place.line,
                "statement": place.statement,
                "element": place.element,
                "detail": place.detail,
            })
        }
    }
}

fn print((document, result): (&Document, &Value)) {
    let name = &document.source.name;
    match &document.parsed {
        Err(error) => {
            let place = place_of_error(&document.source.text, document.source.kind, error);
            let at = place
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            println!("{name}{at}: {}: {error}{}", error.code(), aside(&place));
        }
        Ok(parsed) => match (result.get("code"), result.get("message")) {
            (Some(Value::String(code)), Some(Value::String(message))) => {
                println!("{name}: {code}: {message}");
            }
            (_, _) => {
                let count = parsed.statements().len();
                let s = if count == 1 { "" } else { "s" };
                println!(
                    "{name}: valid, {count} statement{s}, version {}",
                    parsed.version()
                );
            }
        },
    }
}
