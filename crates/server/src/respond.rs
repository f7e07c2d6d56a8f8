//! Writing answers in the protocol of the service that answers.

use api::protocol::xml;
use api::refusal::{Code, Refusal};
use api::row::{Protocol, Row, Service, Wire};
use bytes::Bytes;
use serde_json::json;
use sigv4::AuthError;

use crate::identity::family;
use crate::incoming::Answer;
use crate::pipeline::Output;

/// The answer of a call that was carried out.
pub fn success(row: &Row, output: Output, request_id: &str) -> Answer {
    match row.wire {
        Wire::Rest { status, .. } => {
            let body = if status == 204 {
                Bytes::new()
            } else {
                match output {
                    Output::Json(body) => body,
                    Output::Members(members) => {
                        serde_json::to_vec(&members).unwrap_or_default().into()
                    }
                }
            };
            answer(Service::Mq, status, request_id, body)
        }
        Wire::Query => answer(
            row.service,
            200,
            request_id,
            match output {
                Output::Members(members) => xml::response(row, &members, request_id).into(),
                Output::Json(body) => body,
            },
        ),
    }
}

/// The answer of a refusal, in the service's protocol.
pub fn refusal(service: Service, refusal: &Refusal, request_id: &str) -> Answer {
    let code = code_for(service, refusal.code);
    let mut made = error(
        service,
        code.name(),
        code.status(),
        &refusal.message,
        refusal.attribute.as_deref(),
        request_id,
    );
    if code.status() == 429 || code.status() == 503 {
        made.headers.push(("retry-after", "1".into()));
    }
    made
}

/// The answer of a request that was not authenticated.
pub fn unauthenticated(service: Service, failure: &AuthError, request_id: &str) -> Answer {
    let family = family(service);
    let code = failure.code(family);
    let status = failure.status(family);
    if code.is_empty() {
        return answer(service, status, request_id, Bytes::new());
    }
    error(
        service,
        code,
        status,
        &failure.message(family),
        None,
        request_id,
    )
}

/// The code's counterpart in the protocol: the pipeline's own refusals are made once, for every service.
pub fn code_for(service: Service, code: Code) -> Code {
    match (service.protocol(), code) {
        (Protocol::RestJson, other) => other,
        (Protocol::Query, Code::AccessDeniedException) => Code::AccessDenied,
        (Protocol::Query, Code::TooManyRequestsException) => Code::Throttling,
        (Protocol::Query, Code::InternalServerErrorException) => Code::InternalFailure,
        (Protocol::Query, other) => other,
        (Protocol::Ec2, Code::AccessDeniedException) => Code::UnauthorizedOperation,
        (Protocol::Ec2, Code::TooManyRequestsException) => Code::RequestLimitExceeded,
        (Protocol::Ec2, Code::InternalServerErrorException) => Code::InternalError,
        (Protocol::Ec2, Code::ValidationError) => Code::InvalidParameterValue,
        (Protocol::Ec2, other) => other,
    }
}

fn error(
    service: Service,
    code: &str,
    status: u16,
    message: &str,
    attribute: Option<&str>,
    request_id: &str,
) -> Answer {
    match service.protocol() {
        Protocol::RestJson => {
            // AWS: errors of the gateway spell `Message` or `message`; modelled ones `message`, with `errorAttribute`.
            let body = match (code, attribute) {
                ("AccessDeniedException", _) => json!({ "Message": message }),
                (_, Some(attribute)) => json!({ "errorAttribute": attribute, "message": message }),
                (_, None) => json!({ "message": message }),
            };
            let mut made = answer(service, status, request_id, body.to_string().into());
            made.headers
                .push(("x-amzn-errortype", code.to_owned().into()));
            made
        }
        Protocol::Query | Protocol::Ec2 => answer(
            service,
            status,
            request_id,
            xml::error(service, code, message, status < 500, request_id).into(),
        ),
    }
}

fn answer(service: Service, status: u16, request_id: &str, body: Bytes) -> Answer {
    let mut headers = Vec::with_capacity(4);
    headers.push(("x-amzn-requestid", request_id.to_owned().into()));
    if !body.is_empty() {
        let kind = match service.protocol() {
            Protocol::RestJson => "application/json",
            Protocol::Query => "text/xml",
            Protocol::Ec2 => "text/xml;charset=UTF-8",
        };
        headers.push(("content-type", kind.into()));
    }
    Answer {
        status,
        headers,
        body,
    }
}
