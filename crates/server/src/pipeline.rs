//! One request, one way. This is the most reviewed file of the tree: every request of every service passes through
//! [`answer`], in this order, and there is no early exit beside it.
//!
//! row → signature → caller → rate → members → decision → permit → handler → audit record → answer

use std::sync::Arc;

use api::protocol::form::FormError;
use api::protocol::json;
use api::refusal::{Code, Refusal};
use api::row::{Gate, Operation, Protocol, Service};
use bytes::Bytes;
use serde_json::Value;
use store::Revision;

use crate::audit::{Draft, Outcome};
use crate::authorise::{self, Grant, Permit};
use crate::call::{Call, dry_run};
use crate::caller::Caller;
use crate::clock::random_for_ids;
use crate::dispatch::dispatch;
use crate::facts::Facts;
use crate::identity::{self, Verified};
use crate::incoming::{Answer, Incoming};
use crate::last_used::Use;
use crate::respond;
use crate::route::{self, Members};
use crate::services::Services;
use crate::sessions;
use crate::written::Written;

/// Answers a request. Whatever happens, there is an answer in the protocol of the service that was asked, and a record of
/// the call before it is sent.
pub async fn answer(services: &Arc<Services>, incoming: Incoming) -> Answer {
    let service = route::service(&incoming);
    let [request_id, event_id] = two_ids();
    if incoming.method == "OPTIONS" && api::route::rest_path_exists(Service::Mq, incoming.path()) {
        // AWS: "Default response for CORS method". No origin is allowed by it.
        return Answer {
            status: 200,
            headers: vec![("x-amzn-requestid", request_id.into())],
            body: Bytes::new(),
        };
    }
    // Order: the row first, because the audit record and the signature's service depend on it.
    let route = match route::find(&incoming, service) {
        Ok(route) => route,
        Err(refusal) => {
            services
                .metrics
                .count(service.name(), "unknown", refusal.code.name());
            return respond::refusal(service, &refusal, &request_id);
        }
    };
    let now = services.clock.now();
    let snapshot = services.store.snapshot();
    let mut facts = Facts {
        row: route.row,
        region: services
            .settings
            .regions
            .first()
            .map(|region| region.name.clone())
            .unwrap_or_default(),
        now,
        source_ip: incoming.source_ip,
        secure: incoming.secure,
        user_agent: incoming.header("user-agent").map(str::to_owned),
        referer: incoming.header("referer").map(str::to_owned),
        members: Value::Null,
        request_id: request_id.clone(),
    };
    let draft = Draft::new(event_id);

    // Who is it? Nothing of the request is believed before this.
    let verified = match route.row.gate {
        Gate::Policies | Gate::Trust | Gate::SignatureAlone => {
            match identity::verify(services, &snapshot.state, &incoming, service, now) {
                Ok(verified) => verified,
                Err(failure) => {
                    let family = identity::family(service);
                    let message = failure.message(family);
                    let outcome = Outcome::Refused {
                        code: failure.code(family),
                        message: &message,
                    };
                    record(services, &draft, &facts, None, None, outcome);
                    services
                        .metrics
                        .count(service.name(), route.row.name, failure.code(family));
                    return respond::unauthenticated(service, &failure, &request_id);
                }
            }
        }
        // Nothing is signed here: the token of an identity provider is verified instead.
        Gate::WebIdentity => {
            let members = route.members.as_ref().map_or(Value::Null, Members::to_json);
            let state = &snapshot.state;
            match sessions::web_identity::verify(services, state, &members, now).await {
                Ok(caller) => Verified {
                    caller,
                    region: facts.region.clone(),
                },
                Err(refusal) => {
                    return refused(services, service, &draft, &facts, None, &refusal, None);
                }
            }
        }
    };
    facts.region = verified.region;
    let caller = verified.caller;
    let used = Use {
        at: now,
        service,
        region: facts.region.clone(),
    };
    if caller.session.is_none() && !caller.access_key_id.is_empty() {
        services.last_used.note(&caller.access_key_id, used);
    }

    // May it, now? Members that cannot be read decide nothing: they are refused after the decision.
    let (members, unreadable) = match route.members {
        Ok(members) => (Some(members), None),
        Err(refusal) => (None, Some(refusal)),
    };
    facts.members = members.as_ref().map_or(Value::Null, Members::to_json);
    if !services.throttle.admit(service, &caller.account, now) {
        let refusal = Refusal::new(Code::TooManyRequestsException, throttled(service));
        return refused(
            services,
            service,
            &draft,
            &facts,
            Some(&caller),
            &refusal,
            None,
        );
    }
    // A read needs none: should it write all the same, it is decided again.
    let revision = if facts.row.access.mutates() {
        snapshot.revision(&caller.account)
    } else {
        Revision::default()
    };
    let grant = match authorise::authorise(&snapshot.state, revision, &caller, &facts) {
        Ok(grant) => grant,
        Err(mut denied) => {
            if service == Service::Ec2
                && let Some(encoded) = sessions::encode_message(services, &caller, &facts, &denied)
            {
                denied
                    .refusal
                    .message
                    .push_str(". Encoded authorization failure message: ");
                denied.refusal.message.push_str(&encoded);
            }
            return refused(
                services,
                service,
                &draft,
                &facts,
                Some(&caller),
                &denied.refusal,
                Some(&denied.why),
            );
        }
    };
    let members = match (members, unreadable) {
        (Some(members), None) => members,
        (_, unreadable) => {
            let refusal = unreadable.unwrap_or_else(|| Refusal::internal("no members"));
            return refused(
                services,
                service,
                &draft,
                &facts,
                Some(&caller),
                &refusal,
                Some(grant.why()),
            );
        }
    };

    // Do it. Order: the master key is held until what was sealed with it is committed.
    let _sealing = facts
        .row
        .access
        .mutates()
        .then(|| services.master_key.load_full());
    let why = grant.why().to_owned();
    let call = Call::new(Arc::clone(services), snapshot, caller, facts, draft, why);
    match dispatch(&call, grant, members).await {
        Ok(output) => {
            if !call.draft().is_written() {
                let outcome = Outcome::Done(output.recorded());
                record(
                    services,
                    call.draft(),
                    call.facts(),
                    Some(call.caller()),
                    Some(call.why()),
                    outcome,
                );
            }
            services
                .metrics
                .count(service.name(), call.facts().row.name, "ok");
            respond::success(call.facts().row, output, &request_id)
        }
        Err(refusal) => refused(
            services,
            service,
            call.draft(),
            call.facts(),
            Some(call.caller()),
            &refusal,
            Some(call.why()),
        ),
    }
}

/// Calls a handler: the grant becomes the permit of the handler's own operation, the members become its input.
pub async fn call<Op, F, Fut>(
    call: &Call,
    grant: Grant,
    members: Members,
    handler: F,
) -> Result<Output, Refusal>
where
    Op: Operation,
    F: FnOnce(Call, Permit<Op>, Op::Input) -> Fut,
    Fut: Future<Output = Result<Op::Output, Refusal>>,
{
    let (permit, input) = admit::<Op>(grant, members)?;
    let output = handler(call.clone(), permit, input).await?;
    // What changes something was stopped before its commit; this is what only looks.
    if call.is_dry_run() {
        return Err(dry_run());
    }
    let row = Op::ROW;
    if row.service.protocol() == Protocol::RestJson && !row.access.mutates() {
        return Written::<Op>::of(&output).map(|written| Output::Json(written.into_bytes()));
    }
    serde_json::to_value(output)
        .map(Output::Members)
        .map_err(Refusal::internal)
}

/// Calls a handler of a REST read that gives back its answer as it is written.
pub async fn call_written<Op, F, Fut>(
    call: &Call,
    grant: Grant,
    members: Members,
    handler: F,
) -> Result<Output, Refusal>
where
    Op: Operation,
    F: FnOnce(Call, Permit<Op>, Op::Input) -> Fut,
    Fut: Future<Output = Result<Written<Op>, Refusal>>,
{
    let (permit, input) = admit::<Op>(grant, members)?;
    let written = handler(call.clone(), permit, input).await?;
    Ok(Output::Json(written.into_bytes()))
}

/// The permit of the operation's handler, and its input.
fn admit<Op: Operation>(
    grant: Grant,
    members: Members,
) -> Result<(Permit<Op>, Op::Input), Refusal> {
    let permit = grant
        .permit::<Op>()
        .ok_or_else(|| Refusal::internal("the grant is for another operation"))?;
    let input: Op::Input = match members {
        Members::Json(value) => {
            serde_json::from_value(value).map_err(|error| json::wrong_shape(&error))?
        }
        Members::Form(node) => node.read().map_err(|error| match error {
            FormError::Unknown(name) => Refusal::new(
                Code::UnknownParameter,
                format!("The parameter {name} is not recognized"),
            ),
            error => Refusal::new(
                Code::ValidationError,
                format!("The request is not valid: {error}."),
            ),
        })?,
    };
    Ok((permit, input))
}

/// What a call comes to.
pub enum Output {
    /// The JSON of a REST read, whose answer no record keeps.
    Json(Bytes),
    /// The members of any other answer.
    Members(Value),
}

impl Output {
    /// What the record of the call keeps.
    fn recorded(&self) -> &Value {
        match self {
            Output::Json(_) => &Value::Null,
            Output::Members(members) => members,
        }
    }
}

fn refused(
    services: &Services,
    service: Service,
    draft: &Draft,
    facts: &Facts,
    caller: Option<&Caller>,
    refusal: &Refusal,
    why: Option<&str>,
) -> Answer {
    if let Some(cause) = &refusal.cause {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(inner) = source {
            chain.push_str(": ");
            chain.push_str(&inner.to_string());
            source = inner.source();
        }
        tracing::error!(request_id = %facts.request_id, operation = facts.row.name, cause = %chain, "a call failed");
    }
    let code = respond::code_for(service, refusal.code);
    let outcome = Outcome::Refused {
        code: code.name(),
        message: &refusal.message,
    };
    record(services, draft, facts, caller, why, outcome);
    services
        .metrics
        .count(service.name(), facts.row.name, code.name());
    respond::refusal(service, refusal, &facts.request_id)
}

/// Records a call that changed nothing. Where that fails the journal says so by itself, and changes are refused from then on.
fn record(
    services: &Services,
    draft: &Draft,
    facts: &Facts,
    caller: Option<&Caller>,
    why: Option<&str>,
    outcome: Outcome<'_>,
) {
    if let Err(error) = services
        .store
        .journal()
        .append(&draft.line(facts, caller, why, outcome))
    {
        tracing::error!(request_id = %facts.request_id, error = %error, "a call could not be recorded");
    }
}

fn throttled(service: Service) -> &'static str {
    match service {
        Service::Mq => "Too Many Requests",
        Service::Iam | Service::Sts => "Rate exceeded",
        Service::Ec2 => "Request limit exceeded.",
    }
}

/// Two UUIDs. Without randomness they are nil: ids of requests prove nothing, and a call is not lost for want of one.
fn two_ids() -> [String; 2] {
    let random: [u8; 32] = random_for_ids().unwrap_or_default();
    let (first, second) = random.split_at(16);
    [first, second].map(|half| brokers::ids::uuid_v4(half.try_into().unwrap_or_default()))
}
