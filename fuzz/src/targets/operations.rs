//! Requests' members: forms, JSON bodies, paths.

use api::protocol::form::{Node, decode, encode, pairs};
use api::protocol::json;
use api::route::{RestMatch, rest, rest_path_exists};
use api::row::{Operation, Protocol, Service, Wire};
use api::table::{self, OperationId, ROWS};
use serde_json::Value;

/// Query strings and forms: decoded, nested, and encoded again.
pub(super) fn form(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    for plus in [false, true] {
        if let Ok(decoded) = decode(text, plus) {
            assert_eq!(decode(&encode(&decoded), plus), Ok(decoded));
        }
    }
    let Ok(pairs) = pairs(text) else { return };
    let Ok(tree) = Node::from_pairs(&pairs) else {
        return;
    };
    let _json = tree.to_json();
    for row in ROWS.iter().filter(|row| row.wire == Wire::Query) {
        let _read = read(row.id, Input::Form(&tree));
    }
}

/// The first line names an operation as the table does (`IamCreateUser`), the second is its query string, the rest its
/// body: read as the server reads them. The answer is an input or a refusal of the caller.
pub(super) fn inputs(data: &[u8]) {
    let _read = read_operation(data);
}

/// Which operation the input of [`inputs`] is for, and whether it is one that the operation reads.
pub(super) fn read_operation(data: &[u8]) -> Option<(OperationId, bool)> {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let (name, query, body) = (parts.next()?, parts.next()?, parts.next()?);
    let named = ROWS
        .iter()
        .find(|row| format!("{:?}", row.id).as_bytes() == name);
    let any = name.iter().map(|byte| usize::from(*byte)).sum::<usize>() % ROWS.len();
    let row = named.unwrap_or(&ROWS[any]);
    let query = String::from_utf8_lossy(query);
    let is_read = match row.wire {
        Wire::Rest { path, .. } => {
            let label = |part: &'static str| part.strip_prefix('{')?.strip_suffix('}');
            let labels = path
                .split('/')
                .filter_map(label)
                .map(|label| (label, "a%20b"))
                .collect();
            json::members(&RestMatch { row, labels }, Some(&query), body)
                .is_ok_and(|members| read(row.id, Input::Json(members)))
        }
        Wire::Query => {
            let form = String::from_utf8_lossy(body);
            pairs(&form)
                .and_then(|pairs| Node::from_pairs(&pairs))
                .is_ok_and(|tree| read(row.id, Input::Form(&tree)))
        }
    };
    Some((row.id, is_read))
}

/// A line of method and path: what is found has the labels of its template, each one segment.
pub(super) fn routes(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let Some((method, path)) = text.split_once(' ') else {
        return;
    };
    for service in [Service::Mq, Service::Iam, Service::Sts] {
        let Some(found) = rest(service, method, path) else {
            continue;
        };
        assert_eq!(found.row.service.protocol(), Protocol::RestJson);
        assert!(rest_path_exists(service, path));
        for (label, segment) in found.labels {
            assert!(
                !segment.is_empty() && !segment.contains('/'),
                "{label}: {segment}"
            );
        }
    }
}

enum Input<'a> {
    Json(Value),
    Form(&'a Node),
}

fn take<O: Operation>(input: Input<'_>) -> bool {
    match input {
        Input::Json(members) => match serde_json::from_value::<O::Input>(members) {
            Ok(_) => true,
            Err(error) => {
                let _refusal = json::wrong_shape(&error);
                false
            }
        },
        Input::Form(tree) => tree.read::<O::Input>().is_ok(),
    }
}

macro_rules! read {
    ($($id:ident)+) => {
        fn read(id: OperationId, input: Input<'_>) -> bool {
            match id {
                $( OperationId::$id => take::<table::$id>(input), )+
            }
        }
    };
}
api::for_every_operation!(read);
