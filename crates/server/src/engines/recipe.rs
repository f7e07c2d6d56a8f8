//! How a version is put together: which Jetty, which logging, which console.

use brokers::engine::catalogue::line_of;

use super::EngineError;

/// Namespaces of Java's enterprise interfaces, which decide about Jetty and the JSP libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// `javax`: ActiveMQ 5.
    Javax,
    /// `jakarta`: ActiveMQ 6.
    Jakarta,
}

/// What a version is assembled from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) version: String,
    pub(super) line: String,
    pub(super) family: Family,
    pub(super) jetty: &'static str,
    pub(super) slf4j: &'static str,
    /// The version whose console is taken; not always the same, because registries lack some.
    pub(super) console: String,
    pub(super) java_minimum: u32,
    /// Checksums that this build of Postern carries, in `sha256sum`'s format; empty for versions it does not know.
    pub(super) pins: &'static str,
}

/// The management agent, of either family.
pub(super) const AGENT_COORDINATES: &str = "org.jolokia:jolokia-agent-jvm:2.1.0:jar:javaagent";

/// A compiler for machines that have a Java runtime but no `javac`.
pub(super) const COMPILER_COORDINATES: &str = "org.eclipse.jdt:ecj:3.26.0";

const PINS_5_18_6: &str = include_str!("../../../../engines/activemq/5.18.6.sha256");
const PINS_6_1_7: &str = include_str!("../../../../engines/activemq/6.1.7.sha256");

/// Versions that were assembled and tried when this build was made, newest first.
#[must_use]
pub fn known_versions() -> &'static [&'static str] {
    &["6.1.7", "5.18.6"]
}

/// Lines that Amazon MQ offers for new brokers ("Managing Amazon MQ for ActiveMQ engine versions").
pub(super) fn offered_by_amazon(line: &str) -> bool {
    matches!(line, "5.18" | "5.19")
}

impl Recipe {
    /// The recipe of a version. One that is not known is assembled like the nearest known one; its files are then not
    /// pinned, and its trial tells what works.
    pub(super) fn of(version: &str) -> Result<Self, EngineError> {
        let line = line_of(version).ok_or_else(|| EngineError::BadVersion {
            version: version.to_owned(),
        })?;
        let (family, jetty, slf4j, java_minimum) = match line.split_once('.') {
            Some(("5", minor)) if minor.parse::<u32>().is_ok_and(|minor| minor >= 18) => {
                (Family::Javax, "9.4.56.v20240826", "2.0.13", 11)
            }
            Some(("6", "1" | "2")) => (Family::Jakarta, "11.0.25", "2.0.16", 17),
            _ => {
                return Err(EngineError::NoRecipe {
                    version: version.to_owned(),
                    known: known_versions().join(", "),
                });
            }
        };
        let (console, pins) = match version {
            "5.18.6" => ("5.18.3", PINS_5_18_6),
            "6.1.7" => ("6.1.7", PINS_6_1_7),
            _ => (version, ""),
        };
        Ok(Self {
            version: version.to_owned(),
            line,
            family,
            jetty,
            slf4j,
            console: console.to_owned(),
            java_minimum,
            pins,
        })
    }

    /// The project that brings the broker's jars.
    pub(super) fn broker_project(&self) -> String {
        self.fill(match self.family {
            Family::Javax => include_str!("../../../../engines/activemq/broker-javax.xml"),
            Family::Jakarta => include_str!("../../../../engines/activemq/broker-jakarta.xml"),
        })
    }

    /// The project that brings the console's jars.
    pub(super) fn console_project(&self) -> String {
        self.fill(match self.family {
            Family::Javax => include_str!("../../../../engines/activemq/console-javax.xml"),
            Family::Jakarta => include_str!("../../../../engines/activemq/console-jakarta.xml"),
        })
    }

    /// The console itself.
    pub(super) fn console_coordinates(&self) -> String {
        format!(
            "org.apache.activemq:activemq-web-console:{}:war",
            self.console
        )
    }

    fn fill(&self, project: &str) -> String {
        project
            .replace("@VERSION@", &self.version)
            .replace("@JETTY@", self.jetty)
            .replace("@SLF4J@", self.slf4j)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_versions_have_pins_and_projects_without_gaps() {
        for version in known_versions() {
            let recipe = Recipe::of(version).unwrap();
            assert!(recipe.pins.lines().count() > 60, "{version}");
            for project in [recipe.broker_project(), recipe.console_project()] {
                assert!(!project.contains('@'), "{version}");
            }
        }
    }

    #[test]
    fn versions_without_a_recipe_are_refused() {
        for version in ["5.17.6", "6.9.0", "7.0.0"] {
            assert!(matches!(
                Recipe::of(version),
                Err(EngineError::NoRecipe { .. })
            ));
        }
        for version in ["5.18", "../5.18.6", "5.18.6-SNAPSHOT"] {
            assert!(matches!(
                Recipe::of(version),
                Err(EngineError::BadVersion { .. })
            ));
        }
        assert!(Recipe::of("5.19.8").is_ok());
    }
}
