//! Reads the public test data beside the checkout.

use std::path::Path;

/// A JSON file of the data folder; `None`, after saying so, if the folder is not there.
#[expect(clippy::unwrap_used, reason = "broken test data is a failed test")]
pub(crate) fn json(name: &str) -> Option<serde_json::Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            println!("skipped: ../shared/data/{name} not found");
            None
        }
    }
}
