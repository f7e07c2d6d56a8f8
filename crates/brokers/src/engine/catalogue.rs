//! What is known of an installed engine version: where it came from, what worked when it was tried, what is known to be wrong with it.

use serde::{Deserialize, Serialize};

use super::probe::Target;

/// One installed version, stored as `catalogue.json` in its folder. Its presence marks the folder as complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueEntry {
    /// Layout of this document; readers refuse others.
    pub format: u32,
    /// `ACTIVEMQ`, as Amazon MQ spells engine types.
    pub engine: String,
    /// The full version, such as `5.18.6`.
    pub version: String,
    /// Major and minor version, as Amazon MQ's `engineVersion` names it: `5.18`.
    pub line: String,
    /// Whether Amazon MQ itself offers this line.
    pub offered_by_amazon: bool,
    /// How it came here.
    pub source: Source,
    /// Lowest Java feature release that runs it.
    pub java_minimum: u32,
    /// The Java runtime it was tried with, as `java -version` names it.
    pub java_tried: String,
    /// Jars of the broker, relative to the version's folder, in class-path order.
    pub class_path: Vec<String>,
    /// Jars that the web console adds behind them.
    pub console_class_path: Vec<String>,
    /// Every file that was fetched, as it was fetched, in the form in which Postern pins checksums; empty for archives,
    /// whose checksum is given with them.
    pub fetched: Vec<FileDigest>,
    /// Every file that is installed.
    pub files: Vec<FileDigest>,
    /// Whether every fetched file was in the list of checksums that Postern carries for this version.
    pub pinned: bool,
    /// One trial per protocol.
    pub protocols: Vec<ProtocolTrial>,
    /// The web console's trial.
    pub console: FeatureTrial,
    /// The management agent's trial.
    pub management: FeatureTrial,
    /// The class-data archive (faster start), made in the trial's run.
    pub class_data_archive: FeatureTrial,
    /// Vulnerabilities known when this build of Postern was made.
    pub vulnerabilities: Vec<Vulnerability>,
}

impl CatalogueEntry {
    /// The layout that this build writes and reads.
    pub const FORMAT: u32 = 1;

    /// Whether a login over this protocol worked when the version was tried.
    #[must_use]
    pub fn speaks(&self, target: Target) -> bool {
        self.protocols
            .iter()
            .any(|trial| trial.protocol == target && trial.login.works)
    }
}

/// How an engine came to be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// From its Maven modules.
    Modules,
    /// From an official archive that was given by hand.
    Archive,
}

/// A file and its checksum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileDigest {
    /// Relative to the version's folder, with `/`.
    pub path: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// What happened when a feature was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureTrial {
    /// Whether it did what it should.
    pub works: bool,
    /// What was seen, in words.
    pub seen: String,
}

/// What happened when one protocol was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProtocolTrial {
    /// The protocol.
    pub protocol: Target,
    /// A login with the right password.
    pub login: FeatureTrial,
    /// Whether a login with a wrong password was refused.
    pub refuses_wrong_password: bool,
    /// Whether a client that has not logged in and announces a frame over the limit is cut off.
    pub limits_frames_before_login: bool,
}

/// A known vulnerability, or a group of them with one remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// CVE identifiers.
    pub ids: Vec<String>,
    /// What it is, in a few words.
    pub what: String,
    /// Whether this version has it.
    pub state: Exposure,
    /// What lessens it here.
    pub remedy: String,
}

/// Whether a version has a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exposure {
    /// It has it.
    Open,
    /// Nobody published a range that excludes it.
    AssumedOpen,
    /// It was corrected in this version or before.
    Fixed,
}

/// Major and minor of a full version: `5.18.6` → `5.18`.
#[must_use]
pub fn line_of(version: &str) -> Option<String> {
    let mut parts = version.split('.');
    let major: u32 = parts.next()?.parse().ok()?;
    let minor: u32 = parts.next()?.parse().ok()?;
    let patch: u32 = parts.next()?.parse().ok()?;
    let line = format!("{major}.{minor}");
    (parts.next().is_none() && format!("{line}.{patch}") == version).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_first_two_numbers_of_a_version() {
        assert_eq!(line_of("5.18.6").as_deref(), Some("5.18"));
        assert_eq!(line_of("6.1.7").as_deref(), Some("6.1"));
        for wrong in [
            "5.18",
            "5.18.6.1",
            "5.18.x",
            "../5.18.6",
            "05.18.6",
            "5.18.+6",
            "",
        ] {
            assert_eq!(line_of(wrong), None, "{wrong}");
        }
    }
}
