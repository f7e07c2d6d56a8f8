//! What becomes a revision of a configuration, for either engine.

use super::activemq;
use super::rabbitmq::{self, Series};
use super::{ConfigurationError, Warning};
use crate::broker::{AuthenticationStrategy, EngineType};

/// How many revisions a configuration may have (developer guide, "Quotas in Amazon MQ").
pub const MAX_REVISIONS: usize = 300;

/// What a customer's data becomes when it is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The text to store as the revision's data.
    pub data: String,
    /// Everything that was removed, in document order; an answer carries the first
    /// [`MAX_REPORTED_WARNINGS`](super::MAX_REPORTED_WARNINGS). Always empty for RabbitMQ.
    pub warnings: Vec<Warning>,
}

/// Checks the decoded data of UpdateConfiguration for a configuration of that engine, version and strategy.
///
/// ActiveMQ's is sanitised, RabbitMQ's is kept as given or refused. An engine version that is not a version is read as
/// RabbitMQ's newest series.
pub fn accept(
    engine: EngineType,
    engine_version: &str,
    strategy: AuthenticationStrategy,
    data: &[u8],
) -> Result<Accepted, ConfigurationError> {
    match engine {
        EngineType::ActiveMq => {
            let sanitised = activemq::sanitise(data, strategy.into())?;
            Ok(Accepted {
                data: sanitised.document.to_xml(),
                warnings: sanitised.warnings,
            })
        }
        EngineType::RabbitMq => {
            rabbitmq::parse(data, series(engine_version))?;
            let text = super::encoding::text(data)?;
            Ok(Accepted {
                data: text.to_owned(),
                warnings: Vec::new(),
            })
        }
    }
}

/// The data of the first revision of a configuration.
pub fn default_data(engine: EngineType, engine_version: &str) -> &'static str {
    match engine {
        EngineType::ActiveMq => activemq::DEFAULT_TEXT,
        EngineType::RabbitMq => rabbitmq::default_text(series(engine_version)),
    }
}

/// The description of the first revision: `Auto-generated default for my-config on RabbitMQ 3.13`.
pub fn default_description(name: &str, engine: EngineType, engine_version: &str) -> String {
    format!(
        "Auto-generated default for {name} on {} {engine_version}",
        engine.described()
    )
}

fn series(engine_version: &str) -> Series {
    Series::of_version(engine_version).unwrap_or(Series::Four)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_both_engines_are_accepted_as_they_are() {
        for (engine, version) in [
            (EngineType::ActiveMq, "5.18"),
            (EngineType::RabbitMq, "3.13"),
            (EngineType::RabbitMq, "4.2"),
        ] {
            let data = default_data(engine, version);
            let accepted = accept(
                engine,
                version,
                AuthenticationStrategy::Simple,
                data.as_bytes(),
            )
            .unwrap();
            assert_eq!(
                accepted,
                Accepted {
                    data: data.to_owned(),
                    warnings: Vec::new()
                }
            );
        }
    }

    #[test]
    fn the_description_of_a_default_is_amazons() {
        assert_eq!(
            default_description("my-config", EngineType::RabbitMq, "3.13"),
            "Auto-generated default for my-config on RabbitMQ 3.13"
        );
        assert_eq!(
            default_description("c", EngineType::ActiveMq, "5.18.4"),
            "Auto-generated default for c on ActiveMQ 5.18.4"
        );
    }

    #[test]
    fn the_directory_map_needs_the_directory_strategy() {
        let data = b"<broker xmlns='http://activemq.apache.org/schema/core'><plugins><authorizationPlugin><map>\
            <cachedLDAPAuthorizationMap legacyGroupMapping='false' connectionURL='ldap://x' connectionPassword='x'/>\
            </map></authorizationPlugin></plugins></broker>";
        let removed = |strategy| {
            let accepted = accept(EngineType::ActiveMq, "5.18", strategy, data).unwrap();
            accepted
                .warnings
                .into_iter()
                .map(|warning| (warning.element_name, warning.attribute_name))
                .collect::<Vec<_>>()
        };
        let map = "cachedLDAPAuthorizationMap";
        assert_eq!(
            removed(AuthenticationStrategy::Simple),
            [(map.to_owned(), None)]
        );
        assert_eq!(
            removed(AuthenticationStrategy::Ldap),
            [
                (map.to_owned(), Some("connectionURL".to_owned())),
                (map.to_owned(), Some("connectionPassword".to_owned()))
            ]
        );
    }
}
