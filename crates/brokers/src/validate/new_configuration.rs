//! CreateConfiguration.

use std::collections::BTreeMap;

use super::Limits;
use super::fields::{required, tags};
use super::invalid::Invalid;
use super::new_broker::strategy;
use crate::broker::{AuthenticationStrategy, EngineType};
use crate::catalogue::{Catalogue, Offer};
use crate::configuration::{ConfigurationName, activemq, rabbitmq};

/// The members of CreateConfiguration as they came.
#[derive(Clone, Copy, Default)]
pub struct ConfigurationRequest<'a> {
    /// `authenticationStrategy`.
    pub authentication_strategy: Option<&'a str>,
    /// `engineType`.
    pub engine_type: Option<&'a str>,
    /// `engineVersion`.
    pub engine_version: Option<&'a str>,
    /// `name`.
    pub name: Option<&'a str>,
    /// `tags`.
    pub tags: Option<&'a BTreeMap<String, String>>,
}

/// A configuration to be made, with the engine's default as its first revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConfiguration {
    /// The name.
    pub name: String,
    /// The engine.
    pub engine: EngineType,
    /// The version as it was asked for, which clients compare with what they sent.
    pub engine_version: String,
    /// The strategy.
    pub authentication_strategy: AuthenticationStrategy,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// The first revision's description.
    pub description: String,
    /// The first revision's content.
    pub data: &'static str,
}

impl NewConfiguration {
    /// Reads the request.
    ///
    /// # Errors
    /// The first member that is missing or wrong.
    pub fn read(
        request: &ConfigurationRequest<'_>,
        catalogue: &Catalogue,
        limits: &Limits,
    ) -> Result<NewConfiguration, Invalid> {
        let engine = catalogue.engine(required(request.engine_type, "engineType")?)?;
        let name = ConfigurationName::parse(required(request.name, "name")?)?;
        let offer = catalogue.version(engine, request.engine_version)?;
        let mut made = NewConfiguration::automatic(name.as_str(), offer);
        made.engine_version = request.engine_version.unwrap_or(&offer.line).to_owned();
        made.authentication_strategy =
            strategy(request.authentication_strategy, engine, catalogue)?;
        made.tags = tags(request.tags, limits.tags)?;
        Ok(made)
    }

    /// The configuration that a broker without one gets. AWS: "The first configuration revision is always created for you."
    pub fn automatic(name: &str, offer: &Offer) -> NewConfiguration {
        let shown = match offer.engine {
            EngineType::ActiveMq => &offer.version,
            EngineType::RabbitMq => &offer.line,
        };
        NewConfiguration {
            description: format!(
                "Auto-generated default for {name} on {} {shown}",
                offer.engine.described()
            ),
            name: name.into(),
            engine: offer.engine,
            engine_version: offer.line.clone(),
            authentication_strategy: AuthenticationStrategy::Simple,
            tags: BTreeMap::new(),
            data: match offer.engine {
                EngineType::ActiveMq => activemq::DEFAULT_TEXT,
                EngineType::RabbitMq => rabbitmq::default_text(
                    rabbitmq::Series::of_version(&offer.line).unwrap_or(rabbitmq::Series::Four),
                ),
            },
        }
    }
}
