//! Known vulnerabilities of the versions that can be installed, as far as they were public when this table was made.
//!
//! Most advisories give a version in which something was corrected and no lower bound; what is below such a version
//! counts as open, and what has no published range as assumed open.

use brokers::engine::catalogue::{Exposure, Vulnerability};

use super::numbers;

/// One row: identifiers, what it is, versions with the correction (one per line of development), remedy here.
struct Row {
    ids: &'static [&'static str],
    what: &'static str,
    fixed: &'static [&'static str],
    remedy: &'static str,
    needs: Needs,
}

/// What must run for a vulnerability to be reachable.
#[derive(PartialEq, Eq)]
enum Needs {
    /// The broker.
    Broker,
    /// The web console.
    Console,
}

const ROWS: &[Row] = &[
    Row {
        ids: &["CVE-2023-46604"],
        what: "code execution by OpenWire commands",
        fixed: &["5.18.3", "6.0.0"],
        remedy: "install a corrected version",
        needs: Needs::Broker,
    },
    Row {
        ids: &["CVE-2025-27533"],
        what: "memory exhausted by an OpenWire buffer's size",
        fixed: &["5.18.7", "5.19.0", "6.1.6"],
        remedy: "a frame limit on every connector, a bounded heap, restart on exhaustion",
        needs: Needs::Broker,
    },
    Row {
        ids: &["CVE-2026-50734", "CVE-2026-50750", "CVE-2026-53917"],
        what: "memory exhausted by OpenWire before login",
        fixed: &["5.19.8", "6.2.7"],
        remedy: "a bounded heap and restart on exhaustion; let only trusted networks reach the broker",
        needs: Needs::Broker,
    },
    Row {
        ids: &[
            "CVE-2025-66168",
            "CVE-2026-40046",
            "CVE-2026-53916",
            "CVE-2026-49432",
        ],
        what: "lengths and headers of MQTT and STOMP",
        fixed: &[],
        remedy: "frame limits; let only trusted networks reach the broker",
        needs: Needs::Broker,
    },
    Row {
        ids: &["CVE-2026-39304"],
        what: "memory exhausted by TLS 1.3 key updates on nio+ssl",
        fixed: &[],
        remedy: "Postern's connectors are not nio+ssl",
        needs: Needs::Broker,
    },
    Row {
        ids: &[
            "CVE-2026-34197",
            "CVE-2026-40466",
            "CVE-2026-45505",
            "CVE-2026-42588",
            "CVE-2026-41044",
        ],
        what: "code execution by management operations",
        fixed: &[],
        remedy: "the agent has a policy that lists what may be read, a secret and an address of its own; there is no remote JMX",
        needs: Needs::Broker,
    },
    Row {
        ids: &[
            "CVE-2026-49157",
            "CVE-2026-49877",
            "CVE-2026-52760",
            "CVE-2026-41043",
            "CVE-2026-42253",
        ],
        what: "defaults and scripts of the web console",
        fixed: &[],
        remedy: "the console runs only for brokers with a user who has consoleAccess, on the broker's own origin",
        needs: Needs::Console,
    },
    Row {
        ids: &[
            "CVE-2026-54475",
            "CVE-2026-46605",
            "CVE-2026-49270",
            "CVE-2026-33227",
        ],
        what: "rights on temporary destinations, removal of destinations, durable subscriptions, paths on the class path",
        fixed: &[],
        remedy: "all need a login: one process per broker",
        needs: Needs::Broker,
    },
];

/// What is known of a version.
pub(super) fn of(version: &str, has_console: bool) -> Vec<Vulnerability> {
    ROWS.iter()
        .filter(|row| row.needs == Needs::Broker || has_console)
        .map(|row| Vulnerability {
            ids: row.ids.iter().map(|id| (*id).to_owned()).collect(),
            what: row.what.to_owned(),
            state: exposure(row.fixed, version),
            remedy: row.remedy.to_owned(),
        })
        .collect()
}

/// A version has a correction if it is in the line of one and not below it, or in a later line than all of them.
fn exposure(fixed: &[&str], version: &str) -> Exposure {
    if fixed.is_empty() {
        return Exposure::AssumedOpen;
    }
    let version = numbers(version);
    let corrected = fixed.iter().map(|fixed| numbers(fixed)).any(|fixed| {
        let same_line = fixed.get(..2) == version.get(..2);
        let same_major = fixed.first() == version.first();
        if same_line {
            version >= fixed
        } else {
            same_major && version.get(..2) > fixed.get(..2)
        }
    });
    if corrected {
        Exposure::Fixed
    } else {
        Exposure::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(version: &str, id: &str) -> Exposure {
        of(version, true)
            .into_iter()
            .find(|row| row.ids.iter().any(|known| known == id))
            .unwrap()
            .state
    }

    #[test]
    fn corrections_are_read_per_line() {
        assert_eq!(state("5.18.6", "CVE-2023-46604"), Exposure::Fixed);
        assert_eq!(state("5.18.6", "CVE-2025-27533"), Exposure::Open);
        assert_eq!(state("5.19.8", "CVE-2025-27533"), Exposure::Fixed);
        assert_eq!(state("6.1.7", "CVE-2025-27533"), Exposure::Fixed);
        for version in ["5.18.6", "5.19.7", "6.1.7", "6.2.6"] {
            assert_eq!(
                state(version, "CVE-2026-50734"),
                Exposure::Open,
                "{version}"
            );
        }
        for version in ["5.19.8", "6.2.7", "6.3.1"] {
            assert_eq!(
                state(version, "CVE-2026-50734"),
                Exposure::Fixed,
                "{version}"
            );
        }
        assert_eq!(state("6.1.7", "CVE-2026-49157"), Exposure::AssumedOpen);
    }

    #[test]
    fn the_consoles_count_only_where_there_is_one() {
        assert!(of("5.18.6", false).len() < of("5.18.6", true).len());
    }
}
