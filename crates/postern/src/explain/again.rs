//! The refused request decided again, by the caller's policies as they are now: the record names what
//! decided then, and this says of each statement why it does not match.

use serde_json::{Value, json};

use super::Refused;
use crate::audit::Record;
use crate::policy::{
    Asked, Folder, SERVICE_LINKED_ROLE, Stored, action_of, describe, simulation_json,
};

/// The second decision, or why there is none.
pub(super) enum Again {
    Decided { text: String, value: Value },
    Impossible(String),
}

impl Again {
    pub(super) fn decide(folder: &Folder, record: &Record, refused: &Refused) -> Self {
        match decide(folder, record, refused) {
            Ok((text, value)) => Self::Decided { text, value },
            Err(error) => Self::Impossible(format!("{error:#}")),
        }
    }

    pub(super) fn print(&self) {
        match self {
            Self::Decided { text, .. } => {
                println!("\nby the policies as they are now it is {text}")
            }
            Self::Impossible(why) => println!("\nit cannot be decided again: {why}"),
        }
    }

    pub(super) fn json(&self) -> Value {
        match self {
            Self::Decided { value, .. } => value.clone(),
            Self::Impossible(why) => json!({ "impossible": why }),
        }
    }
}

fn decide(folder: &Folder, record: &Record, refused: &Refused) -> anyhow::Result<(String, Value)> {
    let arn = record.text("/userIdentity/arn").unwrap_or_default();
    let mut asked = Asked::of_stored(Stored::open(folder)?, arn)?;
    let mut set = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            asked.set(key, value);
        }
    };
    let row = action_of(
        record.text("/eventSource").unwrap_or_default(),
        record.text("/eventName").unwrap_or_default(),
    );
    // Another action than the operation's own was asked on the caller's behalf, but for tags.
    let direct =
        refused.action == "mq:CreateTags" || row.is_none_or(|row| row.action == refused.action);
    let time = record.text("/eventTime");
    set("aws:CurrentTime", time);
    let epoch = time.and_then(|time| time.parse::<jiff::Timestamp>().ok());
    set(
        "aws:EpochTime",
        epoch.map(|it| it.as_second().to_string()).as_deref(),
    );
    set("aws:RequestedRegion", record.text("/awsRegion"));
    set("aws:UserAgent", record.text("/userAgent"));
    set("aws:userid", record.text("/userIdentity/principalId"));
    set("aws:PrincipalIsAWSService", Some("false"));
    set(
        "aws:ViaAWSService",
        Some(if direct { "false" } else { "true" }),
    );
    if !direct {
        set("aws:CalledVia", Some("mq.amazonaws.com"));
    }
    if direct {
        set("aws:SourceIp", record.text("/sourceIPAddress"));
    }
    let authorized = row
        .into_iter()
        .flat_map(|row| row.dependent)
        .any(|it| it.action == refused.action && it.authorized_service);
    if authorized {
        set("ec2:AuthorizedService", Some("mq.amazonaws.com"));
    }
    if refused.action == SERVICE_LINKED_ROLE && !direct {
        set("iam:AWSServiceName", Some("mq.amazonaws.com"));
    }
    for (key, value) in request_tags(record) {
        set(&format!("aws:RequestTag/{key}"), Some(&value));
        set("aws:TagKeys", Some(&key));
    }
    let simulation = asked.ask(&refused.action, &refused.resource);
    let text = describe(&asked, &simulation, &refused.action, &refused.resource);
    let value = simulation_json(&asked, &simulation, &refused.action, &refused.resource);
    Ok((text, value))
}

/// The tags of the request: an object in Amazon MQ, a list in IAM.
fn request_tags(record: &Record) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match record.member("/requestParameters/tags") {
        Some(Value::Object(tags)) => tags
            .iter()
            .filter_map(|(key, value)| Some((key.clone(), text(value)?)))
            .collect(),
        Some(Value::Array(tags)) => tags
            .iter()
            .filter_map(|tag| Some((text(tag.get("key")?)?, text(tag.get("value")?)?)))
            .collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
            Vec::new()
        }
    }
}
