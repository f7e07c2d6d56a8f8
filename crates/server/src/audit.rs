//! Audit records in CloudTrail's shape ("CloudTrail record contents"), one per call, the reason of the decision added.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use api::refusal::Refusal;
use api::row::{Row, Service};
use iam::session::Session;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
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
        let mutates = row.access.mutates();
        let (error_code, error_message) = match &outcome {
            Outcome::Done(_) => (None, None),
            Outcome::Refused { code, message } => {
                (Some(recorded_code(row.service, code)), Some(*message))
            }
        };
        let record = Record {
            event_version: "1.11",
            user_identity: Identity {
                caller,
                invoked_by: None,
            },
            event_time: crate::time::iso_seconds(facts.now),
            event_source: row.service.event_source(),
            event_name: row.name,
            aws_region: &facts.region,
            source_ip_address: facts.source_ip,
            user_agent: facts.user_agent.as_deref(),
            error_code,
            error_message,
            request_parameters: Masked(row, &facts.members),
            response_elements: match outcome {
                Outcome::Done(answer) if mutates => Some(Masked(row, answer)),
                Outcome::Done(_) | Outcome::Refused { .. } => None,
            },
            additional_event_data: why.map(|decision| Reason { decision }),
            request_id: &facts.request_id,
            event_id: &self.event_id,
            read_only: !mutates,
            event_type: "AwsApiCall",
            management_event: true,
            recipient_account_id: caller.map(|caller| caller.account.as_str()),
            event_category: "Management",
        };
        #[expect(
            clippy::expect_used,
            reason = "texts, numbers and JSON values with texts as keys can always be written"
        )]
        AuditLine::of(self.event_id.clone(), &record).expect("a record that can be written")
    }
}

/// A code as CloudTrail has it: EC2's with whose fault it is ("Client.UnauthorizedOperation").
fn recorded_code(service: Service, code: &str) -> Cow<'_, str> {
    match service {
        Service::Ec2 => match code {
            "InternalError" | "InternalFailure" | "ServiceUnavailable" | "Unavailable" => {
                Cow::Owned(format!("Server.{code}"))
            }
            code => Cow::Owned(format!("Client.{code}")),
        },
        Service::Mq | Service::Iam | Service::Sts => Cow::Borrowed(code),
    }
}

/// A record, its members in CloudTrail's order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    event_version: &'static str,
    user_identity: Identity<'a>,
    event_time: String,
    event_source: &'static str,
    event_name: &'static str,
    aws_region: &'a str,
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: IpAddr,
    user_agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'a str>,
    request_parameters: Masked<'a>,
    response_elements: Option<Masked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_event_data: Option<Reason<'a>>,
    #[serde(rename = "requestID")]
    request_id: &'a str,
    #[serde(rename = "eventID")]
    event_id: &'a str,
    read_only: bool,
    event_type: &'static str,
    management_event: bool,
    recipient_account_id: Option<&'a str>,
    event_category: &'static str,
}

/// Why it was decided so.
#[derive(Serialize)]
struct Reason<'a> {
    decision: &'a str,
}

/// In whose name Amazon MQ called another service.
#[derive(Clone, Debug)]
pub(crate) enum InName {
    /// The caller's.
    Caller,
    /// A role of the service's own in the account.
    Role(Box<Caller>),
    /// Its own, on what it was given to manage.
    Service,
}

/// A call of another service that Amazon MQ made to carry out the caller's.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// In whose name.
    pub(crate) by: InName,
    /// The record's id.
    pub(crate) event_id: String,
    /// The action, such as `ec2:CreateNetworkInterface`.
    pub(crate) action: &'static str,
    /// The ARNs of what it was done to; `*` where it has no resource.
    pub(crate) resources: Vec<String>,
    /// What decided.
    pub(crate) why: String,
}

impl Made {
    /// Its record: who called whom, why, and what decided ("CloudTrail userIdentity element": `invokedBy`). The two addresses
    /// are the service's, as CloudTrail shows calls that a service makes.
    pub(crate) fn line(&self, facts: &Facts, caller: &Caller) -> AuditLine {
        let (service, name) = self.action.split_once(':').unwrap_or(("", self.action));
        let of_the_caller = matches!(self.by, InName::Caller);
        let record = MadeRecord {
            event_version: "1.11",
            user_identity: match &self.by {
                InName::Caller => Who::Caller(Identity {
                    caller: Some(caller),
                    invoked_by: Some(vpc::MANAGER),
                }),
                InName::Role(role) => Who::Other(role_identity(role, facts.now)),
                InName::Service => {
                    Who::Other(json!({ "type": "AWSService", "invokedBy": vpc::MANAGER }))
                }
            },
            event_time: crate::time::iso_seconds(facts.now),
            event_source: [service, ".amazonaws.com"].concat(),
            event_name: name,
            // Records of global services are in one region.
            aws_region: if service == "iam" {
                "us-east-1"
            } else {
                &facts.region
            },
            source_ip_address: vpc::MANAGER,
            user_agent: vpc::MANAGER,
            request_parameters: (),
            response_elements: (),
            additional_event_data: MadeFor {
                decision: &self.why,
                on_behalf_of: of_the_caller.then_some(facts.row.action),
                caused_by: (!of_the_caller).then_some(facts.row.action),
            },
            request_id: &facts.request_id,
            event_id: &self.event_id,
            read_only: name.starts_with("Describe"),
            resources: self
                .resources
                .iter()
                .filter(|arn| *arn != "*")
                .map(|arn| Resource {
                    account_id: &caller.account,
                    arn,
                })
                .collect(),
            event_type: "AwsApiCall",
            management_event: true,
            recipient_account_id: &caller.account,
            event_category: "Management",
        };
        #[expect(
            clippy::expect_used,
            reason = "texts, numbers and JSON values with texts as keys can always be written"
        )]
        AuditLine::of(self.event_id.clone(), &record).expect("a record that can be written")
    }
}

/// The record of a call that Amazon MQ made, its members in CloudTrail's order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MadeRecord<'a> {
    event_version: &'static str,
    user_identity: Who<'a>,
    event_time: String,
    event_source: String,
    event_name: &'a str,
    aws_region: &'a str,
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: &'static str,
    user_agent: &'static str,
    request_parameters: (),
    response_elements: (),
    additional_event_data: MadeFor<'a>,
    #[serde(rename = "requestID")]
    request_id: &'a str,
    #[serde(rename = "eventID")]
    event_id: &'a str,
    read_only: bool,
    resources: Vec<Resource<'a>>,
    event_type: &'static str,
    management_event: bool,
    recipient_account_id: &'a str,
    event_category: &'static str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Who<'a> {
    Caller(Identity<'a>),
    Other(Value),
}

/// Why it was decided so, and the action of the caller's that it was made for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MadeFor<'a> {
    decision: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caused_by: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    account_id: &'a str,
    #[serde(rename = "ARN")]
    arn: &'a str,
}

/// A role that Amazon MQ took by itself: a session that was made for the call.
fn role_identity(role: &Caller, now: i64) -> Value {
    let mut who = identity(role);
    if let (
        Principal::AssumedRole {
            role: name,
            role_id,
            role_arn,
            ..
        },
        Some(members),
    ) = (&role.principal, who.as_object_mut())
    {
        members.remove("accessKeyId");
        members.insert(
            "sessionContext".into(),
            json!({
                "sessionIssuer": {
                    "type": "Role", "principalId": role_id, "arn": role_arn, "accountId": role.account,
                    "userName": name,
                },
                "attributes": {
                    "creationDate": crate::time::iso_seconds(now), "mfaAuthenticated": "false",
                },
            }),
        );
    }
    if let Some(members) = who.as_object_mut() {
        members.insert("invokedBy".into(), vpc::MANAGER.into());
    }
    who
}

fn identity(caller: &Caller) -> Value {
    #[expect(
        clippy::expect_used,
        reason = "texts and JSON values with texts as keys can always be written"
    )]
    serde_json::to_value(Identity {
        caller: Some(caller),
        invoked_by: None,
    })
    .expect("an identity that can be written")
}

/// `userIdentity` ("CloudTrail userIdentity element").
struct Identity<'a> {
    caller: Option<&'a Caller>,
    /// The service that called in the caller's name.
    invoked_by: Option<&'static str>,
}

impl Serialize for Identity<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        let Some(caller) = self.caller else {
            members.serialize_entry("type", "Unknown")?;
            return members.end();
        };
        let kind = match &caller.principal {
            Principal::Root => "Root",
            Principal::User { .. } => "IAMUser",
            Principal::AssumedRole { .. } => "AssumedRole",
            Principal::FederatedUser { .. } => "FederatedUser",
            Principal::WebIdentity { .. } => "WebIdentityUser",
        };
        members.serialize_entry("type", kind)?;
        members.serialize_entry("principalId", caller.unique_id())?;
        if let Principal::WebIdentity {
            provider, identity, ..
        } = &caller.principal
        {
            members.serialize_entry("userName", &identity.subject)?;
            members.serialize_entry("identityProvider", provider)?;
            return members.end();
        }
        members.serialize_entry("arn", &caller.arn())?;
        members.serialize_entry("accountId", &caller.account)?;
        members.serialize_entry("accessKeyId", &caller.access_key_id)?;
        if let Some(name) = caller.user_name() {
            members.serialize_entry("userName", name)?;
        }
        if let Some(live) = &caller.session {
            members.serialize_entry("sessionContext", &session_context(caller, &live.session))?;
        }
        if let Some(service) = self.invoked_by {
            members.serialize_entry("invokedBy", service)?;
        }
        members.end()
    }
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

/// Members with every secret of the row masked, at any depth.
struct Masked<'a>(&'a Row, &'a Value);

impl Serialize for Masked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Masked(row, members) = *self;
        match members {
            Value::Object(object) => serializer.collect_map(object.iter().map(|(name, value)| {
                let secret = row
                    .redactions
                    .iter()
                    .any(|redaction| redaction.eq_ignore_ascii_case(name));
                (name, Shown(row, (!secret).then_some(value)))
            })),
            Value::Array(elements) => {
                serializer.collect_seq(elements.iter().map(|element| Masked(row, element)))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                members.serialize(serializer)
            }
        }
    }
}

/// A member as it is shown; `None` for a secret.
struct Shown<'a>(&'a Row, Option<&'a Value>);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Shown(row, Some(value)) => Masked(row, value).serialize(serializer),
            Shown(_, None) => serializer.serialize_str(MASKED),
        }
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
        let masked =
            |row: &Row, members: &Value| serde_json::to_value(Masked(row, members)).unwrap();
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
