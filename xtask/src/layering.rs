//! Layering: which crate may depend on which, and that the pure crates touch nothing.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

/// A crate of ours and the crates of ours that it may depend on.
const EDGES: &[(&str, &[&str])] = &[
    ("sigv4", &[]),
    ("iam", &[]),
    ("vpc", &["iam"]),
    ("brokers", &["iam", "vpc"]),
    ("api", &["iam", "vpc", "brokers"]),
    ("store", &["iam", "vpc", "brokers"]),
    (
        "server",
        &["sigv4", "iam", "vpc", "brokers", "api", "store"],
    ),
    (
        "postern",
        &["server", "api", "sigv4", "iam", "store", "brokers"],
    ),
    ("testkit", &["server", "sigv4", "store", "api", "iam"]),
    ("bench", &["sigv4"]),
    ("xtask", &["api"]),
];

/// Crates without IO, and all that they may use besides each other.
const PURE: &[&str] = &["sigv4", "iam", "vpc", "brokers", "api"];
const PURE_DEPENDENCIES: &[&str] = &[
    "base64",
    "hmac",
    "httparse",
    "jiff",
    "memchr",
    "quick-xml",
    "ring",
    "roxmltree",
    "serde",
    "serde_json",
    "sha2",
    "subtle",
    "thiserror",
    "zeroize",
];

/// What the source of a pure crate must not name.
const FORBIDDEN: &[&str] = &[
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::net::ToSocketAddrs",
    "std::os::unix::net",
    "std::process",
    "std::env",
    "std::thread",
    "std::io::stdin",
    "std::io::stdout",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "getrandom",
];

/// Checks the layering.
///
/// # Errors
/// Every violation, in one text.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("cargo metadata")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .context("no packages")?;
    let mut wrong = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let Some((_, allowed)) = EDGES.iter().find(|(candidate, _)| *candidate == name) else {
            wrong.push(format!("the crate {name} has no row in the layering table"));
            continue;
        };
        let dependencies = package
            .get("dependencies")
            .and_then(Value::as_array)
            .context("no dependencies")?;
        // Tests may use more: the testkit, and the oracles.
        for dependency in dependencies
            .iter()
            .filter(|dependency| text(dependency, "kind") != "dev")
        {
            let on = text(dependency, "name");
            let ours = EDGES.iter().any(|(candidate, _)| *candidate == on);
            if ours && !allowed.contains(&on) {
                wrong.push(format!("{name} must not depend on {on}"));
            }
            if !ours && PURE.contains(&name) && !PURE_DEPENDENCIES.contains(&on) {
                wrong.push(format!("{name} is pure and must not depend on {on}"));
            }
        }
    }
    for name in PURE {
        sources(
            &root.join("crates").join(name).join("src"),
            &mut |path, source| {
                let code = source.split("#[cfg(test)]").next().unwrap_or_default();
                if !path.ends_with("tests.rs") {
                    for forbidden in FORBIDDEN
                        .iter()
                        .filter(|forbidden| code.contains(**forbidden))
                    {
                        wrong.push(format!("{} is pure and names {forbidden}", path.display()));
                    }
                }
            },
        )?;
        let library = std::fs::read_to_string(root.join("crates").join(name).join("src/lib.rs"))?;
        if !library.contains("#![forbid(unsafe_code)]") {
            wrong.push(format!("{name} does not forbid unsafe code"));
        }
    }
    if !wrong.is_empty() {
        bail!("layering:\n  {}", wrong.join("\n  "));
    }
    println!(
        "layering: {} crates in order, {} of them pure",
        packages.len(),
        PURE.len()
    );
    Ok(())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Visits every Rust file below a folder.
pub(crate) fn sources(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) -> anyhow::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, visit)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path, &std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
