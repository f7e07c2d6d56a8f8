//! What brokers can be created with: engines, their versions, and the instance types, storage types and deployment modes that
//! go together ("Amazon MQ: broker engine versions", "broker instance types").
//!
//! One catalogue feeds DescribeBrokerEngineTypes, DescribeBrokerInstanceOptions and validation, so that what is listed is
//! what is accepted.

mod instances;

use std::cmp::Reverse;

use crate::broker::{AuthenticationStrategy, DeploymentMode, EngineType, StorageType};
use crate::validate::{Invalid, shortened};

pub use instances::{InstanceType, StorageSizes};

/// A version of an engine that brokers can be created with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The engine.
    pub engine: EngineType,
    /// Major and minor version, as `engineVersion` names it: `5.18`.
    pub line: String,
    /// The version with its patch, `5.18.6`, where it is known; otherwise the line.
    pub version: String,
}

/// Everything that brokers can be created with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// By engine, newest first.
    offers: Vec<Offer>,
    modes: &'static [DeploymentMode],
    strategies: &'static [AuthenticationStrategy],
    customer_keys: bool,
}

/// One row of DescribeBrokerInstanceOptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceOption {
    /// The engine.
    pub engine: EngineType,
    /// The instance type.
    pub host_instance_type: &'static str,
    /// The storage type.
    pub storage_type: StorageType,
    /// The deployment modes that go with the three.
    pub deployment_modes: Vec<DeploymentMode>,
    /// The version lines that go with the three, newest first.
    pub engine_versions: Vec<String>,
}

impl Catalogue {
    /// Amazon's own lists: what a simulated service offers.
    pub fn amazon() -> Catalogue {
        let offer = |engine, line: &str, version: &str| Offer {
            engine,
            line: line.into(),
            version: version.into(),
        };
        let offers = vec![
            offer(EngineType::ActiveMq, "5.19", "5.19.1"),
            offer(EngineType::ActiveMq, "5.18", "5.18.6"),
            offer(EngineType::RabbitMq, "4.3", "4.3"),
            offer(EngineType::RabbitMq, "4.2", "4.2"),
            offer(EngineType::RabbitMq, "3.13", "3.13"),
        ];
        Catalogue::of(
            offers,
            DeploymentMode::ALL,
            AuthenticationStrategy::ALL,
            true,
        )
    }

    /// What is installed: full versions such as `5.18.6`. Texts that are no versions are left out.
    ///
    /// Differs: with real engines only what can really be run is offered, single instances with users of their own, without customers' keys.
    pub fn installed(versions: impl IntoIterator<Item = (EngineType, String)>) -> Catalogue {
        let offers = versions
            .into_iter()
            .filter_map(|(engine, version)| {
                Some(Offer {
                    engine,
                    line: crate::engine::catalogue::line_of(&version)?,
                    version,
                })
            })
            .collect();
        Catalogue::of(
            offers,
            &[DeploymentMode::SingleInstance],
            &[AuthenticationStrategy::Simple],
            false,
        )
    }

    fn of(
        mut offers: Vec<Offer>,
        modes: &'static [DeploymentMode],
        strategies: &'static [AuthenticationStrategy],
        customer_keys: bool,
    ) -> Catalogue {
        offers.sort_by_key(|offer| (offer.engine, Reverse(numbers(&offer.version))));
        offers.dedup();
        Catalogue {
            offers,
            modes,
            strategies,
            customer_keys,
        }
    }

    /// The deployment modes of an engine that are offered.
    fn modes(&self, engine: EngineType) -> Vec<DeploymentMode> {
        InstanceType::modes(engine)
            .iter()
            .copied()
            .filter(|mode| self.modes.contains(mode))
            .collect()
    }

    /// Whether a broker's data can be encrypted with a key of the customer's. It must not be promised where nothing does it.
    pub fn customer_keys(&self) -> bool {
        self.customer_keys
    }

    /// The authentication strategies of an engine that are offered.
    pub fn strategies(&self, engine: EngineType) -> Vec<AuthenticationStrategy> {
        let all: &[AuthenticationStrategy] = match engine {
            EngineType::ActiveMq => &[AuthenticationStrategy::Simple, AuthenticationStrategy::Ldap],
            EngineType::RabbitMq => &[
                AuthenticationStrategy::Simple,
                AuthenticationStrategy::ConfigManaged,
            ],
        };
        all.iter()
            .copied()
            .filter(|strategy| self.strategies.contains(strategy))
            .collect()
    }

    /// Whether nothing is offered.
    pub fn is_empty(&self) -> bool {
        self.offers.is_empty()
    }

    /// The engines that have a version, in the order of the service model.
    pub fn engines(&self) -> Vec<EngineType> {
        EngineType::ALL
            .iter()
            .copied()
            .filter(|engine| self.offers.iter().any(|offer| offer.engine == *engine))
            .collect()
    }

    /// The version lines of an engine, newest first.
    pub fn lines(&self, engine: EngineType) -> Vec<&str> {
        let mut lines: Vec<&str> = self
            .offers
            .iter()
            .filter(|offer| offer.engine == engine)
            .map(|offer| offer.line.as_str())
            .collect();
        lines.dedup();
        lines
    }

    /// Reads an engine type that has to be offered.
    ///
    /// # Errors
    /// It is unknown, or nothing of it is installed; the text says what is.
    pub fn engine(&self, text: &str) -> Result<EngineType, Invalid> {
        let engines = self.engines();
        if engines.is_empty() {
            return Err(Invalid::NoEngine);
        }
        EngineType::parse(text)
            .filter(|engine| engines.contains(engine))
            .ok_or_else(|| Invalid::EngineType {
                value: shortened(text),
                valid: joined(engines.iter().map(|engine| engine.model())),
            })
    }

    /// Finds the version that an `engineVersion` names: a line, which means its newest patch, or a full version. Without one
    /// it is the newest of all.
    ///
    /// # Errors
    /// AWS's text with the lines that are offered.
    pub fn version(&self, engine: EngineType, text: Option<&str>) -> Result<&Offer, Invalid> {
        self.offers
            .iter()
            .filter(|offer| offer.engine == engine)
            .find(|offer| text.is_none_or(|text| offer.line == text || offer.version == text))
            .ok_or_else(|| Invalid::EngineVersion {
                version: shortened(text.unwrap_or_default()),
                engine,
                valid: joined(self.lines(engine)),
            })
    }

    /// Checks that engine, version line, instance type, storage type and deployment mode go together.
    ///
    /// # Errors
    /// The first that does not go with the others, and what would.
    pub fn check(
        &self,
        offer: &Offer,
        host_instance_type: &str,
        storage_type: StorageType,
        mode: DeploymentMode,
    ) -> Result<&'static InstanceType, Invalid> {
        let engine = offer.engine;
        let types = InstanceType::all(engine);
        let found = types
            .iter()
            .find(|kind| kind.name == host_instance_type)
            .ok_or_else(|| Invalid::NotFor {
                what: "Broker instance type",
                value: shortened(host_instance_type),
                of: "broker engine type",
                with: engine.model().into(),
                valid: joined(
                    types
                        .iter()
                        .filter(|kind| kind.creatable && kind.runs(&offer.line))
                        .map(|kind| kind.name),
                ),
                attribute: "hostInstanceType",
            })?;
        if !found.creatable || !found.runs(&offer.line) {
            return Err(Invalid::NotFor {
                what: "Broker instance type",
                value: host_instance_type.into(),
                of: "broker engine version",
                with: offer.line.clone(),
                valid: joined(
                    types
                        .iter()
                        .filter(|kind| kind.creatable && kind.runs(&offer.line))
                        .map(|kind| kind.name),
                ),
                attribute: "hostInstanceType",
            });
        }
        let modes = self.modes(engine);
        if !modes.contains(&mode) {
            return Err(Invalid::NotFor {
                what: "Broker deployment mode",
                value: mode.model().into(),
                of: "broker engine type",
                with: engine.model().into(),
                valid: joined(modes.iter().map(|mode| mode.model())),
                attribute: "deploymentMode",
            });
        }
        let storage = |of, with: &str, valid: Vec<StorageType>| Invalid::NotFor {
            what: "Broker storage type",
            value: storage_type.model().into(),
            of,
            with: with.into(),
            valid: joined(valid.iter().map(|kind| kind.model())),
            attribute: "storageType",
        };
        if !InstanceType::storage(engine).contains(&storage_type) {
            return Err(storage(
                "broker engine type",
                engine.model(),
                InstanceType::storage(engine).to_vec(),
            ));
        }
        if !found.storage.contains(&storage_type) {
            return Err(storage(
                "broker instance type",
                found.name,
                found.storage.to_vec(),
            ));
        }
        if !found.modes_with(engine, storage_type).contains(&mode) {
            let valid = found
                .storage
                .iter()
                .copied()
                .filter(|kind| found.modes_with(engine, *kind).contains(&mode))
                .collect();
            return Err(storage("broker deployment mode", mode.model(), valid));
        }
        Ok(found)
    }

    /// The rows of DescribeBrokerInstanceOptions: one per engine, instance type and storage type.
    pub fn options(&self) -> Vec<InstanceOption> {
        let mut options = Vec::new();
        for engine in self.engines() {
            for kind in InstanceType::all(engine)
                .iter()
                .filter(|kind| kind.creatable)
            {
                let engine_versions: Vec<String> = self
                    .lines(engine)
                    .into_iter()
                    .filter(|line| kind.runs(line))
                    .map(str::to_owned)
                    .collect();
                if engine_versions.is_empty() {
                    continue;
                }
                options.extend(kind.storage.iter().map(|storage| {
                    InstanceOption {
                        engine,
                        host_instance_type: kind.name,
                        storage_type: *storage,
                        deployment_modes: kind
                            .modes_with(engine, *storage)
                            .into_iter()
                            .filter(|mode| self.modes.contains(mode))
                            .collect(),
                        engine_versions: engine_versions.clone(),
                    }
                }));
            }
        }
        options
    }
}

/// A version as numbers, for comparing. What is no number counts as zero.
pub fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or_default())
        .collect()
}

/// Major and minor of a version that may have a patch: `5.18.6` and `5.18` → `5.18`.
pub fn line(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

pub(crate) fn joined<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    values.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
