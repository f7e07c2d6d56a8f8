//! Audit records in CloudTrail's shape ("CloudTrail record contents"), one per call, the reason of the decision added.

use std::sync::atomic::{AtomicBool, Ordering};

use api::refusal::Refusal;
use api::row::Row;
use iam::session::Session;
use serde_json::{Map, Value, json};
use store::journal::AuditLine;

use crate::caller::{Caller, Principal, Voucher};
use crate::facts::Facts;

/// What takes the place of a secret, as in Amazon MQ's records.
const MASKED: &str = "***";

/// The record of a call while it is under way.
#[derive(Debug)]
pub struct Draft {
    event_id: String,
    written: AtomicBool,
}

/// How a call ended.
pub enum Outcome<'a> {
    /// It was carried out; the answer is recorded for calls that change something.
    Done(&'a Value),
    /// It was refused.
    Refused {
        /// The code on the wire.
        code: &'a str,
        /// The text the caller saw.
        message: &'a str,
    },
}

impl<'a> Outcome<'a> {
    /// The outcome of a refusal.
    pub fn refused(refusal: &'a Refusal) -> Outcome<'a> {
        Outcome::Refused {
            code: refusal.code.name(),
            message: &refusal.message,
        }
    }
}

impl Draft {
    /// A draft with this event id.
    pub fn new(event_id: String) -> Draft {
        Draft {
            event_id,
            written: AtomicBool::new(false),
        }
    }

    /// Whether the record was written with the call's own transaction.
    pub fn is_written(&self) -> bool {
        self.written.load(Ordering::Acquire)
    }

    /// Notes that the record was written with the call's own transaction.
    pub fn mark_written(&self) {
        self.written.store(true, Ordering::Release);
    }

    /// The line of the record.
    pub fn line(
        &self,
        facts: &Facts,
        caller: Option<&Caller>,
        why: Option<&str>,
        outcome: Outcome<'_>,
    ) -> AuditLine {
        let row = facts.row;
        let mut record = Map::new();
        let mut put = |name: &str, value: Value| {
            record.insert(name.to_owned(), value);
        };
        put("eventVersion", "1.11".into());
        put("userIdentity", identity(caller));
        put("eventTime", crate::time::iso_seconds(facts.now).into());
        put("eventSource", row.service.event_source().into());
        put("eventName", row.name.into());
        put("awsRegion", facts.region.clone().into());
        put("sourceIPAddress", facts.source_ip.to_string().into());
        put(
            "userAgent",
            facts.user_agent.clone().map_or(Value::Null, Value::from),
        );
        if let Outcome::Refused { code, message } = &outcome {
            put("errorCode", (*code).into());
            put("errorMessage", (*message).into());
        }
        put("requestParameters", masked(row, &facts.members));
        put(
            "responseElements",
            match outcome {
                Outcome::Done(answer) if row.access.mutates() => masked(row, answer),
                Outcome::Done(_) | Outcome::Refused { .. } => Value::Null,
            },
        );
        if let Some(why) = why {
            put("additionalEventData", json!({ "decision": why }));
        }
        put("requestID", facts.request_id.clone().into());
        put("eventID", self.event_id.clone().into());
        put("readOnly", (!row.access.mutates()).into());
        put("eventType", "AwsApiCall".into());
        put("managementEvent", true.into());
        put(
            "recipientAccountId",
            caller.map_or(Value::Null, |caller| caller.account.clone().into()),
        );
        put("eventCategory", "Management".into());
        #[expect(
            clippy::expect_used,
            reason = "the record has its eventID: it was put above"
        )]
        AuditLine::new(&record).expect("a record with an eventID")
    }
}

/// A call of another service that Amazon MQ made on the caller's behalf.
#[derive(Clone, Debug)]
pub(crate) struct OnBehalf {
    /// The record's id.
    pub(crate) event_id: String,
    /// The action, such as `ec2:CreateNetworkInterface`.
    pub(crate) action: &'static str,
    /// The ARNs of what it was done to; `*` where it has no resource.
    pub(crate) resources: Vec<String>,
    /// What decided.
    pub(crate) why: String,
}

impl OnBehalf {
    /// Its record: who called whom, why, and what decided ("CloudTrail userIdentity element": `invokedBy`). The two addresses
    /// are the service's, as CloudTrail shows calls that a service makes.
    pub(crate) fn line(&self, facts: &Facts, caller: &Caller) -> AuditLine {
        let (service, name) = self.action.split_once(':').unwrap_or(("", self.action));
        let mut who = identity(Some(caller));
        if let Some(members) = who.as_object_mut() {
            members.insert("invokedBy".into(), vpc::MANAGER.into());
        }
        let resources: Vec<Value> = self
            .resources
            .iter()
            .filter(|arn| *arn != "*")
            .map(|arn| json!({ "accountId": caller.account, "ARN": arn }))
            .collect();
        let record = json!({
            "eventVersion": "1.11",
            "userIdentity": who,
            "eventTime": crate::time::iso_seconds(facts.now),
            "eventSource": format!("{service}.amazonaws.com"),
            "eventName": name,
            "awsRegion": facts.region,
            "sourceIPAddress": vpc::MANAGER,
            "userAgent": vpc::MANAGER,
            "requestParameters": Value::Null,
            "responseElements": Value::Null,
            "additionalEventData": {
                "decision": self.why,
                "onBehalfOf": facts.row.action,
            },
            "requestID": facts.request_id,
            "eventID": self.event_id,
            "readOnly": name.starts_with("Describe"),
            "resources": resources,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": caller.account,
            "eventCategory": "Management",
        });
        #[expect(
            clippy::expect_used,
            reason = "the record is an object with an eventID: both were put above, and the id is a UUID"
        )]
        record
            .as_object()
            .and_then(|record| AuditLine::new(record).ok())
            .expect("a record with an eventID")
    }
}

fn identity(caller: Option<&Caller>) -> Value {
    let Some(caller) = caller else {
        return json!({ "type": "Unknown" });
    };
    if let Principal::WebIdentity {
        id,
        provider,
        identity,
        ..
    } = &caller.principal
    {
        return json!({
            "type": "WebIdentityUser", "principalId": id, "userName": identity.subject,
            "identityProvider": provider,
        });
    }
    let mut identity = json!({
        "type": match &caller.principal {
            Principal::Root => "Root",
            Principal::User { .. } => "IAMUser",
            Principal::AssumedRole { .. } => "AssumedRole",
            Principal::FederatedUser { .. } => "FederatedUser",
            Principal::WebIdentity { .. } => "WebIdentityUser",
        },
        "principalId": caller.unique_id(),
        "arn": caller.arn(),
        "accountId": caller.account,
        "accessKeyId": caller.access_key_id,
    });
    if let Some(members) = identity.as_object_mut() {
        if let Some(name) = caller.user_name() {
            members.insert("userName".into(), name.into());
        }
        if let Some(live) = &caller.session {
            members.insert(
                "sessionContext".into(),
                session_context(caller, &live.session),
            );
        }
    }
    identity
}

/// `sessionContext` ("CloudTrail userIdentity element"): when the session was made, and by whose permissions.
fn session_context(caller: &Caller, session: &Session) -> Value {
    let account = &caller.account;
    let mut context = json!({
        "attributes": {
            "creationDate": crate::time::iso_seconds(session.issued.saturating_mul(1000)),
            "mfaAuthenticated": "false",
        },
    });
    let user = |id: &str, arn: &str, name: &str| {
        json!({
            "type": "IAMUser", "principalId": id, "arn": arn, "accountId": account, "userName": name,
        })
    };
    let issuer = match &caller.principal {
        Principal::Root | Principal::User { .. } | Principal::WebIdentity { .. } => None,
        Principal::AssumedRole {
            role,
            role_id,
            role_arn,
            ..
        } => Some(json!({
            "type": "Role", "principalId": role_id, "arn": role_arn, "accountId": account,
            "userName": role,
        })),
        Principal::FederatedUser { by, .. } => Some(match by {
            Voucher::User { name, id, arn } => user(id, arn, name),
            Voucher::Root => json!({
                "type": "Root", "principalId": account, "accountId": account,
                "arn": format!("arn:aws:iam::{account}:root"),
            }),
        }),
    };
    if let Some(members) = context.as_object_mut() {
        if let Some(issuer) = issuer {
            members.insert("sessionIssuer".into(), issuer);
        }
        if let Some(source) = &session.source_identity {
            members.insert("sourceIdentity".into(), source.clone().into());
        }
    }
    context
}

/// The members with every secret of the row masked, at any depth.
fn masked(row: &Row, members: &Value) -> Value {
    match members {
        Value::Object(object) => object
            .iter()
            .map(|(name, value)| {
                let secret = row
                    .redactions
                    .iter()
                    .any(|redaction| redaction.eq_ignore_ascii_case(name));
                (
                    name.clone(),
                    if secret {
                        MASKED.into()
                    } else {
                        masked(row, value)
                    },
                )
            })
            .collect(),
        Value::Array(elements) => elements
            .iter()
            .map(|element| masked(row, element))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => members.clone(),
    }
}

#[cfg(test)]
mod tests {
    use api::row::Operation;
    use api::table::{CreateAccessKey, CreateBroker};

    use super::*;

    #[test]
    fn secrets_are_masked_at_any_depth_and_in_any_case() {
        let members = json!({"users": [{"username": "a", "Password": "p1"}], "data": "kept"});
        let shown = masked(CreateBroker::ROW, &members);
        assert_eq!(
            shown,
            json!({"users": [{"username": "a", "Password": "***"}], "data": "kept"})
        );
        let answer = json!({"AccessKey": {"SecretAccessKey": "s", "AccessKeyId": "AKIA"}});
        assert!(
            !masked(CreateAccessKey::ROW, &answer)
                .to_string()
                .contains("\"s\"")
        );
    }
}
