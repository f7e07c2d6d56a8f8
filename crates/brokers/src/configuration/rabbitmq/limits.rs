//! How much of each resource a broker may have: the developer guide's "Resource limits" for RabbitMQ 4 on mq.m7g.

use super::super::ConfigurationError;
use super::{SettingValue, Settings};
use crate::broker::DeploymentMode;

/// A limit for each resource. Connections and channels are counted per node, the others per broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// `connection_max`.
    pub connections: u64,
    /// `channel_max_per_node`.
    pub channels: u64,
    /// `cluster_queue_limit`.
    pub queues: u64,
    /// `vhost_max`.
    pub vhosts: u64,
    /// `runtime_parameters.limits.shovel`.
    pub shovels: u64,
    /// `cluster_exchange_limit`.
    pub exchanges: u64,
    /// `consumer_max_per_channel`.
    pub consumers_per_channel: u64,
    /// `max_message_size`, in bytes.
    pub message_bytes: u64,
}

impl Limits {
    /// Each limit with the key that sets it.
    pub const fn by_key(&self) -> [(&'static str, u64); 8] {
        [
            ("connection_max", self.connections),
            ("channel_max_per_node", self.channels),
            ("cluster_queue_limit", self.queues),
            ("vhost_max", self.vhosts),
            ("runtime_parameters.limits.shovel", self.shovels),
            ("cluster_exchange_limit", self.exchanges),
            ("consumer_max_per_channel", self.consumers_per_channel),
            ("max_message_size", self.message_bytes),
        ]
    }
}

/// The limits of a broker whose configuration sets none; nothing for instance types with fixed limits.
pub fn default_limits(instance_type: &str, mode: DeploymentMode) -> Option<Limits> {
    find(
        &DEFAULT_SINGLE,
        &DEFAULT_CLUSTER,
        instance_type,
        mode,
        (10, 524_288),
    )
}

/// The highest limits a configuration may set; nothing for instance types with fixed limits.
pub fn maximum_limits(instance_type: &str, mode: DeploymentMode) -> Option<Limits> {
    find(
        &MAXIMUM_SINGLE,
        &MAXIMUM_CLUSTER,
        instance_type,
        mode,
        (1000, 134_217_728),
    )
}

impl Settings {
    /// Checks the limits these settings set against the broker they are meant for.
    ///
    /// `revision` is the configuration's, for the message. To be asked whenever a configuration meets a broker:
    /// CreateBroker, and UpdateBroker with a configuration, an instance type or both.
    pub fn check_limits(
        &self,
        revision: u32,
        instance_type: &str,
        mode: DeploymentMode,
    ) -> Result<(), ConfigurationError> {
        let maxima = maximum_limits(instance_type, mode);
        for (key, maximum) in maxima.unwrap_or(NONE).by_key() {
            let Some(SettingValue::Number(value)) = self.get(key) else {
                continue;
            };
            if maxima.is_none() {
                return Err(ConfigurationError::LimitsFixed {
                    key: key.to_owned(),
                    instance_type: instance_type.to_owned(),
                });
            }
            if *value > maximum {
                return Err(ConfigurationError::LimitExceeded {
                    revision,
                    key: key.to_owned(),
                    value: *value,
                    maximum,
                });
            }
        }
        Ok(())
    }
}

const NONE: Limits = Limits {
    connections: 0,
    channels: 0,
    queues: 0,
    vhosts: 0,
    shovels: 0,
    exchanges: 0,
    consumers_per_channel: 0,
    message_bytes: 0,
};

/// An instance type with its connections, channels, queues, virtual hosts, shovels and exchanges.
type Row = (&'static str, [u64; 6]);

fn find(
    single: &'static [Row],
    cluster: &'static [Row],
    instance_type: &str,
    mode: DeploymentMode,
    (consumers_per_channel, message_bytes): (u64, u64),
) -> Option<Limits> {
    let table = match mode {
        DeploymentMode::SingleInstance => single,
        DeploymentMode::ClusterMultiAz => cluster,
        // No RabbitMQ broker is deployed so.
        DeploymentMode::ActiveStandbyMultiAz => return None,
    };
    let (_, row) = table.iter().find(|(name, _)| *name == instance_type)?;
    let [connections, channels, queues, vhosts, shovels, exchanges] = *row;
    Some(Limits {
        connections,
        channels,
        queues,
        vhosts,
        shovels,
        exchanges,
        consumers_per_channel,
        message_bytes,
    })
}

#[rustfmt::skip]
static DEFAULT_SINGLE: [Row; 8] = [
    ("mq.m7g.medium",   [100, 500, 500, 10, 30, 500]),
    ("mq.m7g.large",    [1500, 4500, 1000, 50, 50, 1000]),
    ("mq.m7g.xlarge",   [3000, 9000, 2000, 100, 100, 2000]),
    ("mq.m7g.2xlarge",  [6000, 18000, 4000, 150, 200, 4000]),
    ("mq.m7g.4xlarge",  [12000, 36000, 8000, 200, 400, 8000]),
    ("mq.m7g.8xlarge",  [24000, 72000, 16000, 250, 800, 16000]),
    ("mq.m7g.12xlarge", [36000, 108_000, 24000, 300, 1200, 24000]),
    ("mq.m7g.16xlarge", [48000, 144_000, 32000, 350, 1600, 32000]),
];

#[rustfmt::skip]
static DEFAULT_CLUSTER: [Row; 8] = [
    ("mq.m7g.medium",   [100, 300, 100, 10, 10, 100]),
    ("mq.m7g.large",    [500, 1500, 1000, 50, 30, 1000]),
    ("mq.m7g.xlarge",   [1000, 3000, 2000, 100, 60, 2000]),
    ("mq.m7g.2xlarge",  [2000, 6000, 4000, 150, 120, 4000]),
    ("mq.m7g.4xlarge",  [4000, 12000, 8000, 200, 240, 8000]),
    ("mq.m7g.8xlarge",  [8000, 24000, 16000, 250, 480, 16000]),
    ("mq.m7g.12xlarge", [12000, 36000, 24000, 300, 720, 24000]),
    ("mq.m7g.16xlarge", [16000, 48000, 32000, 350, 960, 32000]),
];

#[rustfmt::skip]
static MAXIMUM_SINGLE: [Row; 8] = [
    ("mq.m7g.medium",   [300, 900, 2500, 10, 150, 12500]),
    ("mq.m7g.large",    [5000, 15000, 20000, 1500, 250, 100_000]),
    ("mq.m7g.xlarge",   [10000, 30000, 30000, 1500, 500, 150_000]),
    ("mq.m7g.2xlarge",  [20000, 60000, 40000, 1500, 1000, 200_000]),
    ("mq.m7g.4xlarge",  [40000, 120_000, 60000, 1500, 2000, 300_000]),
    ("mq.m7g.8xlarge",  [80000, 240_000, 80000, 1500, 4000, 400_000]),
    ("mq.m7g.12xlarge", [120_000, 360_000, 100_000, 1500, 6000, 500_000]),
    ("mq.m7g.16xlarge", [160_000, 480_000, 120_000, 1500, 8000, 600_000]),
];

#[rustfmt::skip]
static MAXIMUM_CLUSTER: [Row; 8] = [
    ("mq.m7g.medium",   [300, 900, 500, 10, 50, 500]),
    ("mq.m7g.large",    [5000, 15000, 10000, 1500, 150, 50000]),
    ("mq.m7g.xlarge",   [10000, 30000, 15000, 1500, 300, 75000]),
    ("mq.m7g.2xlarge",  [20000, 60000, 20000, 1500, 600, 100_000]),
    ("mq.m7g.4xlarge",  [40000, 120_000, 30000, 1500, 1200, 150_000]),
    ("mq.m7g.8xlarge",  [80000, 240_000, 40000, 1500, 2400, 200_000]),
    ("mq.m7g.12xlarge", [120_000, 360_000, 50000, 1500, 3600, 250_000]),
    ("mq.m7g.16xlarge", [160_000, 480_000, 60000, 1500, 4800, 300_000]),
];

#[cfg(test)]
mod tests {
    use super::super::{Series, parse};
    use super::*;

    #[test]
    fn the_message_is_amazons_own() {
        let settings = parse(b"cluster_queue_limit = 100000000", Series::Four).unwrap();
        let error = settings
            .check_limits(3, "mq.m7g.medium", DeploymentMode::ClusterMultiAz)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "Configuration Revision 3 for configuration:cluster_queue_limit has limit: of value: 100000000 larger than maximum allowed limit:500"
        );
    }

    #[test]
    fn each_limit_may_be_its_maximum_and_not_one_more_on_every_instance_type() {
        for (instance_type, _) in MAXIMUM_SINGLE {
            for mode in [
                DeploymentMode::SingleInstance,
                DeploymentMode::ClusterMultiAz,
            ] {
                let maxima = maximum_limits(instance_type, mode).unwrap();
                for (key, maximum) in maxima.by_key() {
                    let check = |value: u64| {
                        let settings =
                            parse(format!("{key} = {value}").as_bytes(), Series::Four).unwrap();
                        settings.check_limits(1, instance_type, mode)
                    };
                    assert_eq!(check(maximum), Ok(()));
                    let expected = ConfigurationError::LimitExceeded {
                        revision: 1,
                        key: key.to_owned(),
                        value: maximum + 1,
                        maximum,
                    };
                    assert_eq!(check(maximum + 1), Err(expected));
                }
            }
        }
    }

    #[test]
    fn no_default_is_above_its_maximum() {
        for (instance_type, _) in DEFAULT_SINGLE {
            for mode in [
                DeploymentMode::SingleInstance,
                DeploymentMode::ClusterMultiAz,
            ] {
                let defaults = default_limits(instance_type, mode).unwrap().by_key();
                let maxima = maximum_limits(instance_type, mode).unwrap().by_key();
                for ((key, default), (_, maximum)) in defaults.into_iter().zip(maxima) {
                    assert!(default <= maximum, "{instance_type} {mode:?} {key}");
                }
            }
        }
    }

    #[test]
    fn instance_types_with_fixed_limits_take_none() {
        let settings = parse(b"heartbeat = 60\nvhost_max = 5", Series::Four).unwrap();
        let error = settings
            .check_limits(1, "mq.m5.large", DeploymentMode::ClusterMultiAz)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "Configuration key [vhost_max] is not supported for broker instance type [mq.m5.large]."
        );
        let settings = parse(b"heartbeat = 60", Series::Three).unwrap();
        assert_eq!(
            settings.check_limits(1, "mq.m5.large", DeploymentMode::ClusterMultiAz),
            Ok(())
        );
    }
}
