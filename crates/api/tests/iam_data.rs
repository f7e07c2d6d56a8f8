//! The rows of Amazon MQ against public IAM data: action, access level, resource types and condition keys, row by row.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use api::row::{Row, Service};
use api::table::ROWS;
use serde_json::Value;

/// Actions of the data: 25 operations and two that are permissions only.
const ACTIONS: usize = 27;
/// Actions that no operation has for its own; operations ask for them besides.
const PERMISSION_ONLY: [&str; 2] = ["CreateReplicaBroker", "UpdateBrokerAccessConfiguration"];

fn read(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/iam")
        .join(name);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: ../shared/data/iam/{name} not found");
    }
    Some(serde_json::from_str(&text?).expect("JSON"))
}

fn texts(value: &Value) -> BTreeSet<String> {
    let texts = value.as_array().expect("a list");
    texts
        .iter()
        .map(|text| text.as_str().expect("a text").to_owned())
        .collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn every_row_of_mq_has_the_level_resources_and_keys_of_the_published_action() {
    let (Some(actions), Some(types)) = (read("mq.actions.json"), read("mq.resourceTypes.json"))
    else {
        return;
    };
    let actions: BTreeMap<&str, &Value> = actions
        .as_object()
        .expect("an object")
        .values()
        .map(|action| (action["name"].as_str().expect("a name"), action))
        .collect();
    assert!(actions.len() >= ACTIONS, "{} actions", actions.len());
    let rows: BTreeMap<&str, &Row> = ROWS
        .iter()
        .filter(|row| row.service == Service::Mq)
        .map(|row| (row.name, *row))
        .collect();

    let published: BTreeSet<&str> = actions.keys().copied().collect();
    let ours: BTreeSet<&str> = rows.keys().copied().chain(PERMISSION_ONLY).collect();
    assert_eq!(ours, published);

    for (name, row) in &rows {
        let action = actions[name];
        assert_eq!(row.action, format!("mq:{name}"));
        // Tags change a resource, so their actions are of two levels: "Tagging, Write".
        let levels: Vec<&str> = action["accessLevel"]
            .as_str()
            .expect("a level")
            .split(", ")
            .collect();
        assert_eq!(levels[0], row.access.name(), "{name}");
        let resources: BTreeSet<String> = action["resourceTypes"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|resource| resource["name"].as_str().expect("a name").to_owned())
            .collect();
        assert_eq!(set(row.resource.types()), resources, "{name}");
        let mut keys = texts(&action["conditionKeys"]);
        for resource in &resources {
            keys.extend(texts(&types[resource]["conditionKeys"]));
        }
        assert_eq!(set(row.condition_keys), keys, "{name}");
    }
    println!("{} rows of mq equal the published actions", rows.len());
    assert_eq!(rows.len(), 25);
}

#[test]
fn the_permissions_without_an_operation_are_asked_for_by_name() {
    let Some(actions) = read("mq.actions.json") else {
        return;
    };
    for name in PERMISSION_ONLY {
        let action = &actions[name.to_lowercase()];
        assert_eq!(action["resourceTypes"][0]["name"], "brokers", "{name}");
    }
    let asked = ROWS.iter().flat_map(|row| row.dependent);
    assert!(
        asked
            .map(|dependent| dependent.action)
            .any(|action| action == "mq:CreateReplicaBroker")
    );
}
