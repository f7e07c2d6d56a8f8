//! REST-JSON: bodies, labels and query members become one object, which the operation's input is read from.

use serde_json::{Map, Value};

use crate::refusal::{Code, Refusal};
use crate::route::RestMatch;
use crate::row::{QueryShape, Wire};

/// The deepest nesting of a JSON body. The deepest legal one is about five.
pub const MAX_DEPTH: usize = 64;

/// The members of a REST request as one JSON object: the body's, then the query's, then the path's, so that no body can
/// override what the path says. Unknown members are carried along and ignored by the input types, as the service does.
///
/// # Errors
/// A refusal (400) for a body that is not a JSON object or nests deeper than [`MAX_DEPTH`], and for query members and labels
/// that cannot be read.
pub fn members(found: &RestMatch<'_>, query: Option<&str>, body: &[u8]) -> Result<Value, Refusal> {
    let mut members = if body.iter().all(u8::is_ascii_whitespace) {
        Map::new()
    } else {
        object(body)?
    };
    // A null member is an absent member.
    members.retain(|_, value| !value.is_null());
    if let Wire::Rest { query: wanted, .. } = found.row.wire {
        let pairs = crate::protocol::form::pairs(query.unwrap_or_default()).map_err(|_| {
            Refusal::new(
                Code::BadRequestException,
                "The query string is not well-formed.",
            )
        })?;
        for member in wanted {
            members.remove(member.name);
            let mut values = pairs
                .iter()
                .filter(|(name, _)| name == member.name)
                .map(|(_, value)| value.clone());
            match member.shape {
                QueryShape::Text => {
                    if let Some(value) = values.next() {
                        members.insert(member.name.into(), Value::String(value));
                    }
                }
                QueryShape::Integer => {
                    if let Some(value) = values.next() {
                        let number: i64 = value.parse().map_err(|_| {
                            Refusal::bad_request(
                                member.name,
                                format!(
                                    "[{}] is not a valid value of [{}]. Use a whole number.",
                                    value, member.name
                                ),
                            )
                        })?;
                        members.insert(member.name.into(), number.into());
                    }
                }
                QueryShape::List => {
                    let list: Vec<Value> = values.map(Value::String).collect();
                    if !list.is_empty() {
                        members.insert(member.name.into(), list.into());
                    }
                }
            }
        }
    }
    for (label, segment) in &found.labels {
        let text = crate::protocol::form::decode(segment, false).map_err(|_| {
            Refusal::bad_request(label, format!("[{segment}] is not a valid [{label}]."))
        })?;
        members.insert((*label).into(), Value::String(text));
    }
    Ok(Value::Object(members))
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if depth(body) > MAX_DEPTH {
        return Err(Refusal::new(
            Code::BadRequestException,
            format!("The request body nests deeper than [{MAX_DEPTH}] levels."),
        ));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refusal::new(
            Code::BadRequestException,
            "The request body must be a JSON object.",
        )),
        Err(error) => Err(Refusal::new(
            Code::BadRequestException,
            format!(
                "The request body is not valid JSON (line {}, column {}).",
                error.line(),
                error.column()
            ),
        )),
    }
}

/// The nesting of brackets outside strings. It over-counts only malformed text, which is refused anyway.
fn depth(body: &[u8]) -> usize {
    let (mut depth, mut deepest, mut text, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'{' | b'[' if !text => {
                depth = depth.saturating_add(1);
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The refusal for members whose JSON type is not the model's.
pub fn wrong_shape(error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    Refusal::new(
        Code::BadRequestException,
        format!("A member of the request has the wrong type: {text}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Service;

    fn read(method: &str, path: &str, query: &str, body: &str) -> Result<Value, Refusal> {
        members(
            &crate::route::rest(Service::Mq, method, path).unwrap(),
            Some(query),
            body.as_bytes(),
        )
    }

    #[test]
    fn the_path_wins_over_the_body() {
        let value = read(
            "PUT",
            "/v1/brokers/b-1",
            "",
            r#"{"broker-id":"b-2","engineVersion":null}"#,
        )
        .unwrap();
        assert_eq!(value, serde_json::json!({"broker-id": "b-1"}));
    }

    #[test]
    fn query_members_have_their_shapes() {
        let value = read(
            "DELETE",
            "/v1/tags/arn%3Aaws",
            "tagKeys=a&tagKeys=b%20c",
            "",
        )
        .unwrap();
        assert_eq!(
            value,
            serde_json::json!({"tagKeys": ["a", "b c"], "resource-arn": "arn:aws"})
        );
        assert!(read("GET", "/v1/brokers", "maxResults=ten", "").is_err());
    }

    #[test]
    fn deep_and_broken_bodies_are_refused() {
        assert!(
            read(
                "POST",
                "/v1/brokers",
                "",
                &format!("{}{}", "[".repeat(65), "]".repeat(65))
            )
            .is_err()
        );
        assert!(read("POST", "/v1/brokers", "", "{").is_err());
        assert!(read("POST", "/v1/brokers", "", "[]").is_err());
        assert!(read("POST", "/v1/brokers", "", r#"{"brokerName":"[[[[[["}"#).is_ok());
    }
}
