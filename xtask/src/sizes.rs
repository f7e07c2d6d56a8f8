//! Sizes: files past 600 lines are looked at. Tables and tests may be long.

use std::path::Path;

use crate::layering::sources;

/// Lists the files past 600 lines that are neither tables nor tests.
///
/// # Errors
/// The tree cannot be read.
pub(crate) fn list(root: &Path) -> anyhow::Result<()> {
    let mut count = 0;
    for folder in ["crates", "xtask"] {
        sources(&root.join(folder), &mut |path, source| {
            let lines = source.lines().count();
            let shown = path.display().to_string();
            let long_by_nature = ["table.rs", "tests.rs", "/tests/", "/wire/"]
                .iter()
                .any(|part| shown.contains(part));
            if lines > 600 && !long_by_nature {
                println!("sizes: {lines} lines: {shown}");
                count += 1;
            }
        })?;
    }
    println!("sizes: {count} files past 600 lines");
    Ok(())
}
