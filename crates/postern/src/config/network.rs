//! The settings of the network mode: they only make sense together.

use server::settings::{Cidr, NetworkMode};

use super::Config;
use crate::exit::Usage;

impl Config {
    /// The network mode. What belongs to another mode is refused, so that nobody believes in what is not so.
    pub(super) fn network(&self) -> anyhow::Result<NetworkMode> {
        let name = self.text("network").unwrap_or("loopback");
        let (device, pool) = (self.text("network-device"), self.text("network-pool"));
        let without = |mode| match (device, pool) {
            (None, None) => Ok(mode),
            (Some(_), _) | (_, Some(_)) => Err(anyhow::Error::from(Usage(format!(
                "network-device and network-pool belong to --network host, not to {name}"
            )))),
        };
        match (name, device, pool) {
            ("loopback", ..) => without(NetworkMode::Loopback),
            ("netns", ..) => without(NetworkMode::Netns),
            ("host", Some(device), Some(pool)) => Ok(NetworkMode::Host {
                device: device.to_owned(),
                pool: self.range("network-pool", pool)?,
            }),
            ("host", ..) => Err(Usage(
                "--network host needs --network-device and --network-pool, such as eth0 and 192.0.2.64/26"
                    .into(),
            )
            .into()),
            (other, ..) => Err(self.wrong("network", other, "loopback, host or netns")),
        }
    }

    pub(super) fn vpc_range(&self) -> anyhow::Result<Option<Cidr>> {
        let Some(text) = self.text("vpc-range") else {
            return Ok(None);
        };
        let range = self.range("vpc-range", text)?;
        match self.network()? {
            NetworkMode::Loopback => Err(Usage(
                "vpc-range belongs to --network host and netns; in loopback it is --vpc-block"
                    .into(),
            )
            .into()),
            NetworkMode::Host { pool, .. } if !pool.covers(range) => Err(self.wrong(
                "vpc-range",
                text,
                &format!("a part of the network pool {pool}"),
            )),
            NetworkMode::Host { .. } | NetworkMode::Netns => Ok(Some(range)),
        }
    }

    /// A range that brokers can have addresses of.
    fn range(&self, name: &str, text: &str) -> anyhow::Result<Cidr> {
        let wanted = "an IPv4 range from /16 to /28 outside 127.0.0.0/8, such as 172.31.0.0/16";
        let range: Cidr = text.parse().map_err(|_| self.wrong(name, text, wanted))?;
        let [first, ..] = range.base().octets();
        if (16..=28).contains(&range.prefix()) && (1..224).contains(&first) && first != 127 {
            Ok(range)
        } else {
            Err(self.wrong(name, text, wanted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::ServeArgs;
    use crate::config::load;

    /// The mode and the range, or what is wrong.
    fn read(
        network: Option<&str>,
        device: Option<&str>,
        pool: Option<&str>,
        range: Option<&str>,
    ) -> Result<(NetworkMode, Option<String>), String> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        let args = ServeArgs {
            network: own(network),
            network_device: own(device),
            network_pool: own(pool),
            vpc_range: own(range),
            ..ServeArgs::default()
        };
        let settings = load(&args).unwrap().settings();
        settings
            .map(|settings| (settings.network, settings.vpc_range.map(String::from)))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_settings_of_a_network_mode_are_read_together() {
        let host = NetworkMode::Host {
            device: "eth0".into(),
            pool: "192.0.2.64/26".parse().unwrap(),
        };
        let (eth0, pool) = (Some("eth0"), Some("192.0.2.64/26"));
        assert_eq!(
            read(None, None, None, None),
            Ok((NetworkMode::Loopback, None))
        );
        assert_eq!(
            read(Some("netns"), None, None, Some("10.0.0.0/16")),
            Ok((NetworkMode::Netns, Some("10.0.0.0/16".into())))
        );
        assert_eq!(
            read(Some("host"), eth0, pool, None),
            Ok((host.clone(), None))
        );
        assert_eq!(
            read(Some("host"), eth0, pool, Some("192.0.2.64/27")),
            Ok((host, Some("192.0.2.64/27".into())))
        );
        for (network, device, pool, range, part) in [
            (
                Some("bridge"),
                None,
                None,
                None,
                "give loopback, host or netns",
            ),
            (
                Some("host"),
                eth0,
                None,
                None,
                "needs --network-device and --network-pool",
            ),
            (
                Some("host"),
                None,
                pool,
                None,
                "needs --network-device and --network-pool",
            ),
            (
                Some("netns"),
                eth0,
                None,
                None,
                "belong to --network host, not to netns",
            ),
            (
                None,
                None,
                pool,
                None,
                "belong to --network host, not to loopback",
            ),
            (
                Some("host"),
                eth0,
                Some("192.0.2.64/30"),
                None,
                "an IPv4 range from /16 to /28",
            ),
            (
                Some("host"),
                eth0,
                Some("10.0.0.0/8"),
                None,
                "an IPv4 range from /16 to /28",
            ),
            (
                Some("host"),
                eth0,
                pool,
                Some("192.0.2.0/27"),
                "a part of the network pool",
            ),
            (
                Some("netns"),
                None,
                None,
                Some("127.0.0.0/16"),
                "outside 127.0.0.0/8",
            ),
            (
                Some("netns"),
                None,
                None,
                Some("10.0.0.1/16"),
                "an IPv4 range from /16 to /28",
            ),
            (
                None,
                None,
                None,
                Some("10.0.0.0/16"),
                "in loopback it is --vpc-block",
            ),
        ] {
            let error = read(network, device, pool, range).unwrap_err();
            assert!(
                error.contains(part),
                "{network:?} {pool:?} {range:?}: {error}"
            );
        }
    }
}
