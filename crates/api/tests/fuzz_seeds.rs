//! The fuzz target `operation_inputs` begins with an input that each operation of the table reads: an operation without
//! one in `fuzz/corpus/operation_inputs` fails by name.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a fuzz target panics where a property does not hold"
)]

use std::collections::BTreeSet;
use std::path::Path;

use api::table::ROWS;

#[allow(dead_code, reason = "the file's other targets")]
#[path = "../../../fuzz/src/targets/operations.rs"]
mod operations;

#[test]
fn each_operation_has_a_seed_that_it_reads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/operation_inputs");
    let mut seeded = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let seed = std::fs::read(entry.expect("an entry").path()).expect("a seed");
        if let Some((id, true)) = operations::read_operation(&seed) {
            seeded.insert(id);
        }
    }
    let missing: Vec<_> = ROWS
        .iter()
        .map(|row| row.id)
        .filter(|id| !seeded.contains(id))
        .collect();
    assert!(missing.is_empty(), "no seed is read by {missing:?}");
}
