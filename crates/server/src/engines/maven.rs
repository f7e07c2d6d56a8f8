//! The ordinary Maven client, which knows the user's registry, proxy and credentials; Postern knows none of them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::EngineError;

/// How long one run of Maven may take: a first download over a slow line.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// A Maven client.
pub(super) struct Maven {
    program: PathBuf,
}

impl Maven {
    /// Checks that `program` is there.
    pub(super) async fn find(program: &Path) -> Result<Self, EngineError> {
        let found = Command::new(program)
            .arg("-v")
            .stdin(Stdio::null())
            .output()
            .await
            .is_ok_and(|output| output.status.success());
        if found {
            Ok(Self {
                program: program.to_path_buf(),
            })
        } else {
            Err(EngineError::NoMaven {
                program: program.display().to_string(),
            })
        }
    }

    /// Copies the jars that `project` needs at run time into `into`.
    pub(super) async fn copy_dependencies(
        &self,
        scratch: &Path,
        project: &str,
        into: &Path,
    ) -> Result<(), EngineError> {
        let file = scratch.join("pom.xml");
        std::fs::write(&file, project).map_err(|e| EngineError::io("write", &file, e))?;
        let mut command = self.command(scratch);
        command
            .arg("-f")
            .arg(&file)
            .arg("dependency:copy-dependencies")
            .arg("-DincludeScope=runtime")
            .arg(format!("-DoutputDirectory={}", into.display()));
        run(command).await
    }

    /// Copies one artifact (`group:artifact:version[:type[:classifier]]`) into `into`.
    pub(super) async fn copy(
        &self,
        scratch: &Path,
        coordinates: &str,
        into: &Path,
    ) -> Result<(), EngineError> {
        let mut command = self.command(scratch);
        command
            .arg("dependency:copy")
            .arg(format!("-Dartifact={coordinates}"))
            .arg(format!("-DoutputDirectory={}", into.display()));
        run(command).await
    }

    /// Not interactive, strict about the registry's checksums, quiet, and in a folder without a project of its own.
    fn command(&self, scratch: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["-B", "-C", "-q"])
            .current_dir(scratch)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

async fn run(mut command: Command) -> Result<(), EngineError> {
    let output = tokio::time::timeout(LIMIT, command.output())
        .await
        .map_err(|_| EngineError::Maven {
            what: format!("it took longer than {} minutes", LIMIT.as_secs() / 60),
        })?
        .map_err(|error| EngineError::Maven {
            what: error.to_string(),
        })?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let coordinates = missing(&text);
    if coordinates.is_empty() {
        Err(EngineError::Maven {
            what: first_errors(&text),
        })
    } else {
        Err(EngineError::Missing { coordinates })
    }
}

/// Coordinates that Maven could not find, out of its messages. Where it looked is left out: that is the user's business,
/// and may hold credentials.
fn missing(text: &str) -> Vec<String> {
    let mut found = std::collections::BTreeSet::new();
    for line in text.lines() {
        for (start, _) in line
            .match_indices("Could not find artifact ")
            .chain(line.match_indices("Failure to find "))
        {
            let rest = line.get(start..).unwrap_or_default();
            let word = rest
                .split_whitespace()
                .find(|word| word.split(':').count() >= 4);
            found.extend(word.map(|word| word.trim_end_matches([',', ']']).to_owned()));
        }
        // "The following artifacts could not be resolved: a:b:jar:1, c:d:jar:2: …"
        if let Some((_, rest)) = line.split_once("could not be resolved: ") {
            for item in rest.split(", ") {
                let parts: Vec<&str> = item
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches(':')
                    .split(':')
                    .collect();
                if (4..=5).contains(&parts.len()) && parts.iter().all(|part| !part.is_empty()) {
                    found.insert(parts.join(":"));
                } else {
                    break;
                }
            }
        }
    }
    found.into_iter().collect()
}

/// The first of Maven's error lines, without addresses.
fn first_errors(text: &str) -> String {
    let mut what: Vec<String> = text
        .lines()
        .filter(|line| line.contains("ERROR"))
        .take(2)
        .map(|line| {
            line.replace("[ERROR]", "")
                .split_whitespace()
                .map(|word| {
                    if word.contains("://") {
                        "(address)"
                    } else {
                        word
                    }
                })
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    if what.is_empty() {
        what.push("it did not say why".to_owned());
    }
    what.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_artifacts_are_named_without_the_registry() {
        let text = "[ERROR] Failed to execute goal x on project y: Could not resolve dependencies for project \
            postern.engine:activemq:pom:5.19.1: The following artifacts could not be resolved: \
            org.apache.activemq:activemq-stomp:jar:5.19.1, org.apache.activemq:activemq-web:jar:5.19.1: Could not find artifact \
            org.apache.activemq:activemq-stomp:jar:5.19.1 in central (https://user:pw@repo.example/maven2) -> [Help 1]";
        assert_eq!(
            missing(text),
            [
                "org.apache.activemq:activemq-stomp:jar:5.19.1",
                "org.apache.activemq:activemq-web:jar:5.19.1"
            ]
        );
        let other = "[ERROR] Could not transfer from (https://user:pw@repo.example): refused";
        assert!(missing(other).is_empty());
        assert!(!first_errors(other).contains("repo.example"));
    }
}
