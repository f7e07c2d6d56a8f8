//! Where in a document something stands: AWS's messages about malformed documents do not say.

use crate::json::{self, Node, RawObject};
use crate::policy::{DocumentKind, PolicyDocument, PolicyError};

/// Where the first error of a document is, as far as it can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorPlace {
    /// The line, from 1.
    pub line: Option<u32>,
    /// The statement's position, from 0.
    pub statement: Option<usize>,
    /// The element, for example `Resource`.
    pub element: Option<String>,
    /// What is wrong in other words, where AWS's are not telling.
    pub detail: Option<String>,
}

/// Finds the place of the error that [`PolicyDocument::parse`] gave for a text.
///
/// Statements, and then elements, are tried one by one: the first that gives the same error alone is
/// the one.
pub fn place_of_error(text: &str, kind: DocumentKind, error: &PolicyError) -> ErrorPlace {
    if let Some(place) = not_json(text) {
        return place;
    }
    let Some(RawObject(members)) = json::parse_object(text) else {
        return ErrorPlace {
            line: Some(1),
            detail: Some("a policy is a JSON object".into()),
            ..ErrorPlace::default()
        };
    };
    let line = |raw: &str| Some(json::line_of(text, raw));
    let member = |name: &str| members.iter().find(|(known, _)| known == name);
    if let Some((name, raw)) = members
        .iter()
        .find(|(name, _)| !matches!(name.as_str(), "Version" | "Id" | "Statement"))
    {
        return ErrorPlace {
            line: line(raw.get()),
            element: Some(name.clone()),
            detail: Some(format!("a policy has no element `{name}`")),
            ..ErrorPlace::default()
        };
    }
    let version = member("Version").map(|(_, raw)| raw.get());
    let Some((_, statements)) = member("Statement") else {
        return ErrorPlace {
            line: Some(1),
            detail: Some("there is no element `Statement`".into()),
            ..ErrorPlace::default()
        };
    };
    if *error == PolicyError::Version {
        return ErrorPlace {
            line: version.map_or(Some(1), line),
            element: Some("Version".into()),
            ..ErrorPlace::default()
        };
    }
    let list = if statements.get().starts_with('[') {
        json::parse_list(statements.get()).unwrap_or_default()
    } else {
        vec![*statements]
    };
    for (index, raw) in list.iter().enumerate() {
        let alone = |statement: &str| {
            let version = version.map_or_else(String::new, |it| format!("\"Version\":{it},"));
            let document = format!("{{{version}\"Statement\":[{statement}]}}");
            PolicyDocument::parse(&document, kind).err()
        };
        if alone(raw.get()).as_ref() == Some(error) {
            let (element, at) = element_of(raw.get(), error, alone).unzip();
            let line = at.flatten().and_then(line).or_else(|| line(raw.get()));
            return ErrorPlace {
                line,
                statement: Some(index),
                element,
                detail: None,
            };
        }
    }
    if *error == PolicyError::SidNotUnique {
        return second_sid(text, &list);
    }
    // No statement is wrong by itself, so the version is, or the list is empty.
    let element = if list.is_empty() {
        "Statement"
    } else {
        "Version"
    };
    ErrorPlace {
        line: member(element).and_then(|(_, raw)| line(raw.get())),
        element: Some(element.into()),
        ..ErrorPlace::default()
    }
}

/// Text that is no JSON, or no JSON that AWS takes.
fn not_json(text: &str) -> Option<ErrorPlace> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
    if let Some((at, odd)) = text.char_indices().find(|(_, c)| !allowed(*c)) {
        let before = text.get(..at).unwrap_or_default();
        return Some(ErrorPlace {
            line: u32::try_from(before.matches('\n').count() + 1).ok(),
            detail: Some(format!(
                "the character U+{:04X} is not allowed",
                u32::from(odd)
            )),
            ..ErrorPlace::default()
        });
    }
    let error = serde_json::from_str::<Node>(text).err()?;
    // The library's text ends with the place, which is said apart.
    let detail = error.to_string();
    let detail = detail.split(" at line ").next().unwrap_or_default();
    Some(ErrorPlace {
        line: u32::try_from(error.line()).ok(),
        detail: Some(format!("{detail}, column {}", error.column())),
        ..ErrorPlace::default()
    })
}

/// The element that is to blame, and its text.
fn element_of<'a>(
    statement: &'a str,
    error: &PolicyError,
    alone: impl Fn(&str) -> Option<PolicyError>,
) -> Option<(String, Option<&'a str>)> {
    let RawObject(members) = json::parse_object(statement)?;
    let named = |names: &[&str]| {
        let found = members
            .iter()
            .find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(name, raw)| (name.clone(), Some(raw.get())))
    };
    match error {
        PolicyError::Syntax | PolicyError::LegacyParsing | PolicyError::InvalidJson => {
            for (at, (name, raw)) in members.iter().enumerate() {
                let rest = members.iter().enumerate().filter(|(other, _)| *other != at);
                let mut texts: Vec<String> = rest
                    .map(|(_, (name, raw))| format!("{}:{}", quoted(name), raw.get()))
                    .collect();
                // Without an effect every statement is wrong, so it is replaced.
                if name == "Effect" {
                    texts.push("\"Effect\":\"Allow\"".into());
                }
                if alone(&format!("{{{}}}", texts.join(","))).as_ref() != Some(error) {
                    return Some((name.clone(), Some(raw.get())));
                }
            }
            let missing = !members.iter().any(|(name, _)| name == "Effect");
            missing.then(|| ("Effect".to_owned(), None))
        }
        PolicyError::Version => None,
        PolicyError::PrincipalNotAllowed
        | PolicyError::PrincipalMissing
        | PolicyError::Principal(_) => named(&["Principal", "NotPrincipal"]),
        PolicyError::SidCharacters | PolicyError::SidNotUnique => named(&["Sid"]),
        PolicyError::NoActions
        | PolicyError::ActionPrefix
        | PolicyError::ActionColons
        | PolicyError::ActionVendor(_)
        | PolicyError::TrustActions => named(&["Action", "NotAction"]),
        PolicyError::NoResources
        | PolicyError::ResourceNotArn(_)
        | PolicyError::Partition { .. }
        | PolicyError::ResourceVendor
        | PolicyError::IamRegion(_)
        | PolicyError::Region(_)
        | PolicyError::IamPath => named(&["Resource", "NotResource"]),
        PolicyError::Prohibited(name) => named(&[name]),
    }
}

fn second_sid(text: &str, statements: &[&serde_json::value::RawValue]) -> ErrorPlace {
    let mut seen: Vec<String> = Vec::new();
    for (index, raw) in statements.iter().enumerate() {
        let members = json::parse_object(raw.get()).map_or_else(Vec::new, |it| it.0);
        let Some((_, sid)) = members.iter().find(|(name, _)| name == "Sid") else {
            continue;
        };
        if seen.iter().any(|known| known == sid.get()) {
            return ErrorPlace {
                line: Some(json::line_of(text, sid.get())),
                statement: Some(index),
                element: Some("Sid".into()),
                detail: Some(format!("{} stands twice", sid.get())),
            };
        }
        seen.push(sid.get().to_owned());
    }
    ErrorPlace::default()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The line, from 1, of the first JSON string in `source` that is `text`, from line `first` on and
/// before line `end` (`None`: to the last one).
pub fn line_of_text(source: &str, first: u32, end: Option<u32>, text: &str) -> Option<u32> {
    let wanted = quoted(text);
    let numbered = (1u32..).zip(source.lines());
    numbered
        .skip_while(|(line, _)| *line < first)
        .take_while(|(line, _)| end.is_none_or(|end| *line < end) || *line == first)
        .find(|(_, content)| content.contains(&wanted))
        .map(|(line, _)| line)
}
