//! Every row of Amazon MQ against botocore's service model: address, status, errors, and every member of every shape.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of tests may fail as tests do"
)]

mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use api::row::{Operation, QueryShape, Row, Service, Wire};
use api::table::{self, ROWS};
use serde::de::DeserializeOwned;
use serde_json::Value;

use trace::{Shape, shape_of};

const OPERATIONS: usize = 25;

/// Prints the installed botocore's model of Amazon MQ.
const PRINT_MODEL: &str = "
import json
import botocore.loaders
print(json.dumps(botocore.loaders.Loader().load_service_model('mq', 'service-2')))
";

fn model() -> Option<Value> {
    #[expect(
        clippy::disallowed_methods,
        reason = "which interpreter has botocore is told by the environment"
    )]
    let python = std::env::var("POSTERN_TEST_PYTHON");
    let Ok(python) = python else {
        println!("skipped: POSTERN_TEST_PYTHON not set (script/test sets it)");
        return None;
    };
    let output = Command::new(python)
        .args(["-c", PRINT_MODEL])
        .output()
        .expect("the interpreter runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter()
        .copied()
        .filter(|row| row.service == Service::Mq)
}

#[test]
fn every_operation_of_the_model_is_a_row_with_its_address_status_and_errors() {
    let Some(model) = model() else {
        return;
    };
    let operations = model["operations"].as_object().expect("operations");
    let published: BTreeSet<&str> = operations.keys().map(String::as_str).collect();
    let ours: BTreeSet<&str> = rows().map(|row| row.name).collect();
    assert_eq!(ours, published);
    assert_eq!(ours.len(), OPERATIONS);
    for row in rows() {
        let operation = &operations[row.name];
        let Wire::Rest {
            method,
            path,
            status,
            query,
        } = row.wire
        else {
            panic!("{} is not REST", row.name);
        };
        assert_eq!(operation["http"]["method"], method, "{}", row.name);
        assert_eq!(operation["http"]["requestUri"], path, "{}", row.name);
        assert_eq!(operation["http"]["responseCode"], status, "{}", row.name);
        let published: BTreeSet<&str> = operation["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|error| error["shape"].as_str().expect("a name"))
            .collect();
        let ours: BTreeSet<&str> = row.errors.iter().map(|code| code.name()).collect();
        assert_eq!(ours, published, "{}", row.name);
        // What travels in the query, and as what.
        let published: BTreeMap<&str, QueryShape> = members(&model, &operation["input"])
            .filter(|member| member["location"] == "querystring")
            .map(|member| {
                let shape = &model["shapes"][text(&member["shape"])];
                let shape = match text(&shape["type"]) {
                    "string" => QueryShape::Text,
                    "integer" => QueryShape::Integer,
                    "list" => QueryShape::List,
                    other => panic!("a query member that is a {other}"),
                };
                (text(&member["locationName"]), shape)
            })
            .collect();
        let ours: BTreeMap<&str, QueryShape> = query
            .iter()
            .map(|member| (member.name, member.shape))
            .collect();
        assert_eq!(ours, published, "{}", row.name);
        // What travels in the path.
        for member in members(&model, &operation["input"]) {
            if member["location"] == "uri" {
                let label = format!("{{{}}}", text(&member["locationName"]));
                assert!(path.contains(&label), "{label} of {}", row.name);
            }
        }
    }
}

#[test]
fn every_member_of_every_request_and_answer_is_the_models() {
    let Some(model) = model() else {
        return;
    };
    let mut check = Check {
        model: &model,
        wrong: Vec::new(),
        members: 0,
        names: BTreeSet::new(),
    };
    check.operation::<table::CreateBroker>();
    check.operation::<table::ListBrokers>();
    check.operation::<table::DescribeBroker>();
    check.operation::<table::UpdateBroker>();
    check.operation::<table::DeleteBroker>();
    check.operation::<table::RebootBroker>();
    check.operation::<table::Promote>();
    check.operation::<table::DescribeSharedResources>();
    check.operation::<table::CreateUser>();
    check.operation::<table::ListUsers>();
    check.operation::<table::DescribeUser>();
    check.operation::<table::UpdateUser>();
    check.operation::<table::DeleteUser>();
    check.operation::<table::CreateConfiguration>();
    check.operation::<table::ListConfigurations>();
    check.operation::<table::DescribeConfiguration>();
    check.operation::<table::UpdateConfiguration>();
    check.operation::<table::DeleteConfiguration>();
    check.operation::<table::ListConfigurationRevisions>();
    check.operation::<table::DescribeConfigurationRevision>();
    check.operation::<table::CreateTags>();
    check.operation::<table::ListTags>();
    check.operation::<table::DeleteTags>();
    check.operation::<table::DescribeBrokerEngineTypes>();
    check.operation::<table::DescribeBrokerInstanceOptions>();
    let all: BTreeSet<&str> = rows().map(|row| row.name).collect();
    assert_eq!(check.names, all);
    println!(
        "{} operations, {} members equal the model",
        check.names.len(),
        check.members
    );
    assert!(check.wrong.is_empty(), "{:#?}", check.wrong);
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The members of the structure that an operation's `input` or `output` names; none where it has none.
fn members<'a>(model: &'a Value, named: &Value) -> impl Iterator<Item = &'a Value> {
    named["shape"]
        .as_str()
        .and_then(|shape| model["shapes"][shape]["members"].as_object())
        .into_iter()
        .flat_map(serde_json::Map::values)
}

struct Check<'a> {
    model: &'a Value,
    wrong: Vec<String>,
    members: usize,
    names: BTreeSet<&'static str>,
}

impl Check<'_> {
    fn operation<Op: Operation>(&mut self)
    where
        Op::Output: DeserializeOwned,
    {
        let name = Op::ROW.name;
        self.names.insert(name);
        let operation = &self.model["operations"][name];
        self.named(
            &operation["input"],
            &shape_of::<Op::Input>(),
            &format!("{name} request"),
        );
        self.named(
            &operation["output"],
            &shape_of::<Op::Output>(),
            &format!("{name} answer"),
        );
    }

    fn named(&mut self, published: &Value, ours: &Shape, place: &str) {
        match published["shape"].as_str() {
            Some(shape) => self.compare(shape, ours, place),
            None if *ours == Shape::Structure(BTreeMap::new()) => {}
            None => self.wrong.push(format!("{place} should have no members")),
        }
    }

    fn compare(&mut self, published: &str, ours: &Shape, place: &str) {
        let shape = &self.model["shapes"][published];
        match (text(&shape["type"]), ours) {
            ("structure", Shape::Structure(fields)) => {
                let members: BTreeMap<&str, &str> = shape["members"]
                    .as_object()
                    .expect("members")
                    .iter()
                    .map(|(name, member)| {
                        let wire = member["locationName"].as_str().unwrap_or(name);
                        (wire, text(&member["shape"]))
                    })
                    .collect();
                for name in fields.keys() {
                    if !members.contains_key(name.as_str()) {
                        self.wrong
                            .push(format!("{place}.{name} is not in the model"));
                    }
                }
                for (name, member) in members {
                    self.members += 1;
                    match fields.get(name) {
                        Some(field) => self.compare(member, field, &format!("{place}.{name}")),
                        None => self.wrong.push(format!("{place}.{name} is missing")),
                    }
                }
            }
            ("list", Shape::List(element)) => {
                self.compare(
                    text(&shape["member"]["shape"]),
                    element,
                    &format!("{place}[]"),
                );
            }
            ("map", Shape::Map(value)) => {
                self.compare(
                    text(&shape["value"]["shape"]),
                    value,
                    &format!("{place}{{}}"),
                );
            }
            ("string" | "timestamp", Shape::Text)
            | ("integer" | "long", Shape::Integer)
            | ("boolean", Shape::Flag) => {}
            (kind, ours) => self.wrong.push(format!(
                "{place} is a {kind} in the model and {ours:?} here"
            )),
        }
    }
}
