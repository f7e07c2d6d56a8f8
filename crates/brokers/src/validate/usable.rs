//! Whether a configuration goes with a broker.

use std::sync::Arc;

use super::invalid::Invalid;
use crate::broker::{
    AuthenticationStrategy, Configuration, ConfigurationRef, DeploymentMode, EngineType,
    RevisionData,
};
use crate::configuration::rabbitmq::{self, Series, SettingValue, Settings};
use crate::ids::ConfigurationId;

/// The configurations of an account and region, to be looked up.
#[derive(Clone, Copy)]
pub struct Configurations<'a> {
    /// Finds a configuration.
    pub find: &'a dyn Fn(&ConfigurationId) -> Option<Arc<Configuration>>,
    /// Finds a revision's content.
    pub data: &'a dyn Fn(&ConfigurationRef) -> Option<Arc<RevisionData>>,
}

/// A broker that a configuration is meant for.
#[derive(Clone, Copy, Debug)]
pub struct MeantFor<'a> {
    /// Its engine.
    pub engine: EngineType,
    /// The version it will run.
    pub engine_version: &'a str,
    /// The instance type it will have.
    pub host_instance_type: &'a str,
    /// Its deployment mode.
    pub deployment_mode: DeploymentMode,
    /// The strategy it will have; for RabbitMQ the configuration decides.
    pub authentication_strategy: AuthenticationStrategy,
}

/// A configuration that goes with a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usable {
    /// The configuration's revision.
    pub reference: ConfigurationRef,
    /// Who decides on logins with it.
    pub authentication_strategy: AuthenticationStrategy,
    /// The role that the engine shall take to read what the configuration names (`aws.arns.assume_role_arn`).
    pub assume_role_arn: Option<String>,
}

impl Configurations<'_> {
    /// Finds a configuration's revision, the latest if none is named, and checks that it goes with the broker.
    ///
    /// # Errors
    /// There is no such configuration or revision, it is for another engine or strategy, or its limits are above what the
    /// instance type has.
    pub fn usable(
        &self,
        id: &ConfigurationId,
        revision: Option<i64>,
        broker: MeantFor<'_>,
    ) -> Result<Usable, Invalid> {
        let found = (self.find)(id).ok_or_else(|| Invalid::UnknownConfiguration(id.to_string()))?;
        let latest = found.latest().map_or(0, |latest| latest.revision);
        let wanted = revision.unwrap_or_else(|| i64::from(latest));
        let unknown = || Invalid::UnknownRevision {
            id: id.to_string(),
            revision: wanted,
        };
        let number = u32::try_from(wanted).map_err(|_| unknown())?;
        found.revision(number).ok_or_else(unknown)?;
        let reference = ConfigurationRef {
            id: id.clone(),
            revision: number,
        };
        if found.engine != broker.engine {
            return Err(Invalid::ConfigurationEngine {
                id: id.to_string(),
                engine: found.engine,
                broker: broker.engine,
            });
        }
        match broker.engine {
            EngineType::ActiveMq => {
                if found.authentication_strategy != broker.authentication_strategy {
                    return Err(Invalid::ConfigurationStrategy {
                        id: id.to_string(),
                        strategy: found.authentication_strategy.model(),
                        broker: broker.authentication_strategy.model(),
                    });
                }
                Ok(Usable {
                    reference,
                    authentication_strategy: broker.authentication_strategy,
                    assume_role_arn: None,
                })
            }
            EngineType::RabbitMq => {
                let data = (self.data)(&reference).ok_or_else(unknown)?;
                let series = Series::of_version(broker.engine_version).unwrap_or(Series::Four);
                let settings = rabbitmq::parse(data.data.as_bytes(), series)?;
                settings.check_limits(number, broker.host_instance_type, broker.deployment_mode)?;
                Ok(Usable {
                    reference,
                    authentication_strategy: rabbit_strategy(&settings),
                    assume_role_arn: text(&settings, "aws.arns.assume_role_arn"),
                })
            }
        }
    }
}

/// AWS: a broker whose configuration names other back ends than RabbitMQ's own users shows `config_managed`.
fn rabbit_strategy(settings: &Settings) -> AuthenticationStrategy {
    let other = settings
        .iter()
        .any(|(key, value)| key.starts_with("auth_backends.") && value.to_string() != "internal");
    if other {
        AuthenticationStrategy::ConfigManaged
    } else {
        AuthenticationStrategy::Simple
    }
}

fn text(settings: &Settings, key: &str) -> Option<String> {
    match settings.get(key)? {
        SettingValue::Text(text) => Some(text.clone()),
        SettingValue::Flag(_) | SettingValue::Number(_) => None,
    }
}

/// The settings of a RabbitMQ configuration that say who may log in and do what, one per line. Empty for ActiveMQ and for what
/// cannot be read.
pub fn access_settings(engine: EngineType, version: &str, data: Option<&str>) -> Vec<String> {
    match engine {
        EngineType::ActiveMq => Vec::new(),
        EngineType::RabbitMq => {
            let series = Series::of_version(version).unwrap_or(Series::Four);
            let settings = data
                .and_then(|data| rabbitmq::parse(data.as_bytes(), series).ok())
                .unwrap_or_default();
            settings
                .iter()
                .filter(|(key, _)| ACCESS_KEYS.iter().any(|start| key.starts_with(start)))
                .map(|(key, value)| format!("{key} = {value}"))
                .collect()
        }
    }
}

/// The beginnings of the keys that decide on authentication and authorisation.
const ACCESS_KEYS: [&str; 10] = [
    "auth_backends.",
    "auth_mechanisms.",
    "auth_oauth2.",
    "auth_ldap.",
    "auth_http.",
    "aws.arns.",
    "management.oauth_",
    "management.ssl.",
    "ssl_cert_login_",
    "ssl_options.",
];
