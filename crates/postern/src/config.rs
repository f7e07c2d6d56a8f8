//! The configuration: flags, then `POSTERN_*`, then one TOML file, then defaults. One list of settings serves all of them.

mod network;
mod sources;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use api::row::Service;
use server::first_start::RootKey;
use server::sessions::{KeySource, KeyUrl};
use server::settings::{DriverKind, Quota, Region, Settings, Tls};
use zeroize::Zeroizing;

use crate::cli::{Output, ServeArgs};
use crate::exit::Usage;
use crate::suggest::unknown;
use sources::{environment, flag, read_file, texts_of, variable};

/// Every setting: its name (flag and file key; `POSTERN_` and capitals in the environment), whether it may be given several
/// times, and its default.
const SETTINGS: &[(&str, Times, &str)] = &[
    ("data-dir", Times::Once, "./postern-data"),
    ("listen", Times::Once, "127.0.0.1:4510"),
    ("admin-listen", Times::Once, "127.0.0.1:4511"),
    ("tls", Times::Once, "off"),
    ("tls-certificate", Times::Once, ""),
    ("tls-key", Times::Once, ""),
    ("allow-plain-http", Times::Once, "false"),
    ("region", Times::Many, "us-east-1"),
    ("account-id", Times::Once, ""),
    ("master-key-file", Times::Once, ""),
    ("api-rate", Times::Once, "15"),
    ("api-burst", Times::Once, "100"),
    ("quota", Times::Many, ""),
    ("clock-window", Times::Many, ""),
    ("presigned-off", Times::Many, ""),
    ("oidc-keys", Times::Many, ""),
    ("oidc-ca", Times::Once, ""),
    ("driver", Times::Once, "process"),
    ("simulate-start-ms", Times::Once, "1000"),
    ("engines-dir", Times::Once, ""),
    ("endpoint-domain", Times::Once, ""),
    ("dns-listen", Times::Once, ""),
    ("network", Times::Once, "loopback"),
    ("network-device", Times::Once, ""),
    ("network-pool", Times::Once, ""),
    ("vpc-range", Times::Once, ""),
    ("vpc-block", Times::Once, ""),
    ("max-connections", Times::Once, "4096"),
    ("max-connections-per-address", Times::Once, "2048"),
    ("log", Times::Once, "info"),
];

/// Variables that are no settings of the list: the root key, which is a secret, and the file itself.
const OTHER_VARIABLES: &[&str] = &[
    "POSTERN_CONFIG",
    "POSTERN_ROOT_ACCESS_KEY_ID",
    "POSTERN_ROOT_ACCESS_KEY_ID_FILE",
    "POSTERN_ROOT_SECRET_ACCESS_KEY",
    "POSTERN_ROOT_SECRET_ACCESS_KEY_FILE",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    Many,
}

/// The configuration as it was found.
pub(crate) struct Config {
    values: BTreeMap<&'static str, Value>,
    root_key: Option<(String, Zeroizing<String>)>,
}

struct Value {
    texts: Vec<String>,
    source: String,
}

/// Reads flags, environment and file.
///
/// # Errors
/// [`Usage`] for what cannot be understood, with a suggestion for names that do not exist.
pub(crate) fn load(args: &ServeArgs) -> anyhow::Result<Config> {
    let environment = environment();
    for name in environment.keys() {
        let known = SETTINGS.iter().any(|(setting, ..)| variable(setting) == *name)
            || OTHER_VARIABLES.contains(&name.as_str())
            // Tests of a checkout are told things by variables of this prefix.
            || name.starts_with("POSTERN_TEST_");
        if !known {
            let candidates: Vec<String> = SETTINGS
                .iter()
                .map(|(setting, ..)| variable(setting))
                .collect();
            return Err(unknown(
                "environment variable",
                name,
                candidates.iter().map(String::as_str),
            ));
        }
    }
    let file = match args
        .config
        .clone()
        .or_else(|| environment.get("POSTERN_CONFIG").map(PathBuf::from))
    {
        Some(path) => Some((read_file(&path)?, path)),
        None => None,
    };
    let mut values = BTreeMap::new();
    for (name, times, default) in SETTINGS.iter().copied() {
        let from_flag = flag(args, name);
        let value = if !from_flag.is_empty() {
            Value {
                texts: from_flag,
                source: format!("flag --{name}"),
            }
        } else if let Some(text) = environment.get(&variable(name)) {
            let texts = match times {
                Times::Once => vec![text.clone()],
                // `;` because regions have commas.
                Times::Many => text
                    .split(';')
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
            };
            Value {
                texts,
                source: format!("environment {}", variable(name)),
            }
        } else if let Some((file, path)) = &file
            && let Some(found) = file.get(name)
        {
            Value {
                texts: texts_of(name, times, found)?,
                source: format!("file {}", path.display()),
            }
        } else {
            let texts = if default.is_empty() {
                Vec::new()
            } else {
                vec![default.to_owned()]
            };
            Value {
                texts,
                source: "default".into(),
            }
        };
        values.insert(name, value);
    }
    Ok(Config {
        values,
        root_key: root_key(&environment)?,
    })
}

impl Config {
    fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.texts.last().map(String::as_str)
    }

    fn texts(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], |value| &value.texts)
    }

    /// The log filter.
    pub(crate) fn log(&self) -> &str {
        self.text("log").unwrap_or("info")
    }

    /// The root key, where it was given.
    pub(crate) fn root_key(&self) -> Option<RootKey> {
        self.root_key.as_ref().map(|(id, secret)| RootKey {
            id: id.clone(),
            secret: secret.clone(),
        })
    }

    /// The settings of the service.
    ///
    /// # Errors
    /// [`Usage`] for a value that cannot be understood, naming where it came from.
    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        let mut quotas = BTreeMap::new();
        for text in self.texts("quota") {
            let (name, limit) = text
                .split_once('=')
                .ok_or_else(|| self.wrong("quota", text, "give NAME=N, such as brokers=500"))?;
            let names = Quota::ALL.iter().map(|(_, name, ..)| *name);
            let quota = Quota::named(name).ok_or_else(|| unknown("quota", name, names))?;
            let limit = limit
                .parse()
                .map_err(|_| self.wrong("quota", text, "the limit is a whole number"))?;
            quotas.insert(quota, limit);
        }
        let rate: f64 = self.parse("api-rate", "a number of requests per second, over 0")?;
        if !rate.is_finite() || rate <= 0.0 {
            return Err(self.wrong(
                "api-rate",
                &rate.to_string(),
                "a number of requests per second, over 0",
            ));
        }
        let burst: u32 = self.parse("api-burst", "a whole number, at least 1")?;
        if burst == 0 {
            return Err(self.wrong("api-burst", "0", "a whole number, at least 1"));
        }
        let admin = match self.text("admin-listen") {
            None | Some("off") => None,
            Some(_) => Some(self.parse("admin-listen", "ADDRESS:PORT or off")?),
        };
        Ok(Settings {
            data_dir: self.text("data-dir").map(PathBuf::from).unwrap_or_default(),
            listen: self.parse("listen", "ADDRESS:PORT, such as 127.0.0.1:4510")?,
            admin_listen: admin,
            tls: self.tls()?,
            allow_plain_http: self.parse("allow-plain-http", "true or false")?,
            master_key_file: self.text("master-key-file").map(PathBuf::from),
            regions: self
                .texts("region")
                .iter()
                .map(|text| self.region(text))
                .collect::<anyhow::Result<_>>()?,
            account_id: self.text("account-id").map(str::to_owned),
            api_rate: rate,
            api_burst: burst,
            quotas,
            clock_windows: self.clock_windows()?,
            oidc_keys: self.oidc_keys()?,
            oidc_ca: self.text("oidc-ca").map(PathBuf::from),
            presigned_off: self
                .texts("presigned-off")
                .iter()
                .map(|name| service(name))
                .collect::<anyhow::Result<_>>()?,
            driver: match self.text("driver") {
                Some("process") | None => DriverKind::Process,
                Some("simulate") => DriverKind::Simulate,
                Some(other) => return Err(self.wrong("driver", other, "process or simulate")),
            },
            simulate_start_ms: self.parse("simulate-start-ms", "a number of milliseconds")?,
            engines_dir: self
                .text("engines-dir")
                .map_or_else(default_engines_dir, PathBuf::from),
            endpoint_domain: self.endpoint_domain()?,
            dns_listen: self.dns_listen()?,
            vpc_block: match self.text("vpc-block") {
                None => None,
                Some(text) => match text.parse::<u8>() {
                    Ok(block) if block.is_multiple_of(2) && (2..=252).contains(&block) => {
                        Some(block)
                    }
                    Ok(_) | Err(_) => {
                        return Err(self.wrong("vpc-block", text, "an even number from 2 to 252"));
                    }
                },
            },
            network: self.network()?,
            vpc_range: self.vpc_range()?,
            max_connections: self.parse("max-connections", "a whole number")?,
            max_connections_per_address: self
                .parse("max-connections-per-address", "a whole number")?,
        })
    }

    fn endpoint_domain(&self) -> anyhow::Result<Option<String>> {
        let Some(text) = self.text("endpoint-domain") else {
            return Ok(None);
        };
        let domain = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        if server::dns::is_domain(&domain) {
            return Ok(Some(domain));
        }
        Err(self.wrong(
            "endpoint-domain",
            text,
            "a domain name of at most 180 characters, such as mq.example.org",
        ))
    }

    fn dns_listen(&self) -> anyhow::Result<Option<std::net::SocketAddr>> {
        let Some(text) = self.text("dns-listen") else {
            return Ok(None);
        };
        if self.text("endpoint-domain").is_none() {
            return Err(self.wrong(
                "dns-listen",
                text,
                "an endpoint-domain, whose names it answers",
            ));
        }
        self.parse("dns-listen", "ADDRESS:PORT, such as 127.0.0.1:5300")
            .map(Some)
    }

    fn oidc_keys(&self) -> anyhow::Result<BTreeMap<String, KeySource>> {
        let mut keys = BTreeMap::new();
        for text in self.texts("oidc-keys") {
            let wanted = "URL=FILE or URL=ADDRESS, such as https://idp.example=/etc/postern/idp.json or \
                          https://idp.example=https://idp.example/keys";
            let given = text
                .split_once('=')
                .and_then(|(issuer, place)| Some((issuer.strip_prefix("https://")?, place)))
                .filter(|(issuer, place)| !issuer.is_empty() && !place.is_empty());
            let (issuer, place) = given.ok_or_else(|| self.wrong("oidc-keys", text, wanted))?;
            let source = if place.contains("://") {
                let url = KeyUrl::parse(place);
                KeySource::Url(url.ok_or_else(|| self.wrong("oidc-keys", text, wanted))?)
            } else {
                KeySource::File(PathBuf::from(place))
            };
            keys.insert(issuer.to_owned(), source);
        }
        Ok(keys)
    }

    fn clock_windows(&self) -> anyhow::Result<BTreeMap<Service, u32>> {
        let mut windows = BTreeMap::new();
        for text in self.texts("clock-window") {
            let wanted = "SERVICE=SECONDS, 1 to 3600 seconds, such as mq=300";
            let (name, seconds) = text
                .split_once('=')
                .ok_or_else(|| self.wrong("clock-window", text, wanted))?;
            match seconds.parse() {
                Ok(seconds @ 1..=3600) => windows.insert(service(name)?, seconds),
                Ok(_) | Err(_) => return Err(self.wrong("clock-window", text, wanted)),
            };
        }
        Ok(windows)
    }

    fn tls(&self) -> anyhow::Result<Tls> {
        match (
            self.text("tls-certificate"),
            self.text("tls-key"),
            self.text("tls"),
        ) {
            (Some(certificate), Some(key), _) => Ok(Tls::Files {
                certificate: PathBuf::from(certificate),
                key: PathBuf::from(key),
            }),
            (Some(_), None, _) | (None, Some(_), _) => Err(Usage(
                "tls-certificate and tls-key go together: give both or none".into(),
            )
            .into()),
            (None, None, None | Some("off")) => Ok(Tls::Off),
            (None, None, Some("own")) => Ok(Tls::Own),
            (None, None, Some(other)) => Err(self.wrong("tls", other, "off or own")),
        }
    }

    fn region(&self, text: &str) -> anyhow::Result<Region> {
        let (name, zones) = text
            .split_once('=')
            .map_or((text, None), |(name, zones)| (name, Some(zones)));
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        if !plain(name) {
            return Err(self.wrong(
                "region",
                text,
                "a name such as us-east-1, or NAME=ZONE,ZONE",
            ));
        }
        let Some(zones) = zones else {
            return Ok(Region::with_default_zones(name));
        };
        let zones: Vec<String> = zones
            .split(',')
            // A single letter is short for the region's name and the letter.
            .map(|zone| {
                if zone.len() == 1 {
                    format!("{name}{zone}")
                } else {
                    zone.to_owned()
                }
            })
            .collect();
        if zones.len() > 15 || !zones.iter().all(|zone| plain(zone)) {
            return Err(self.wrong(
                "region",
                text,
                "1 to 15 zones such as us-east-1a, separated by commas",
            ));
        }
        Ok(Region {
            name: name.to_owned(),
            zones,
        })
    }

    fn parse<T: std::str::FromStr>(&self, name: &str, wanted: &str) -> anyhow::Result<T> {
        let text = self.text(name).unwrap_or_default();
        text.parse().map_err(|_| self.wrong(name, text, wanted))
    }

    fn wrong(&self, name: &str, text: &str, wanted: &str) -> anyhow::Error {
        let source = self
            .values
            .get(name)
            .map_or("default", |value| value.source.as_str());
        Usage(format!(
            "`{text}` is not a value of {name} ({source}): give {wanted}"
        ))
        .into()
    }
}

/// Prints the configuration in force.
///
/// # Errors
/// [`Usage`] where it is not valid.
pub(crate) fn show(config: &Config, output: Output) -> anyhow::Result<ExitCode> {
    let settings = config.settings()?;
    let quotas: Vec<(&str, u32, &str)> = Quota::ALL
        .iter()
        .map(|(quota, name, _, what)| (*name, settings.quota(*quota), *what))
        .collect();
    match output {
        Output::Json => {
            let mut object = serde_json::Map::new();
            for (name, times, _) in SETTINGS.iter().copied() {
                let texts = config.texts(name);
                let value = match times {
                    Times::Many => serde_json::json!(texts),
                    Times::Once => serde_json::json!(texts.last()),
                };
                let source = config.values.get(name).map(|value| value.source.as_str());
                object.insert(
                    name.into(),
                    serde_json::json!({ "value": value, "source": source }),
                );
            }
            let limits: serde_json::Map<_, _> = quotas
                .iter()
                .map(|(name, limit, _)| ((*name).to_owned(), (*limit).into()))
                .collect();
            object.insert("quotas".into(), limits.into());
            println!("{:#}", serde_json::Value::Object(object));
        }
        Output::Table => {
            let mut table = crate::config::table(&["setting", "value", "from"]);
            for (name, ..) in SETTINGS.iter().copied() {
                let source = config
                    .values
                    .get(name)
                    .map_or("", |value| value.source.as_str());
                table.add_row([name, &config.texts(name).join("; "), source]);
            }
            println!("{table}");
            let mut table = crate::config::table(&["quota", "limit", "of"]);
            for (name, limit, what) in quotas {
                table.add_row([name, &limit.to_string(), what]);
            }
            println!("{table}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A plain table.
pub(crate) fn table(header: &[&str]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(header);
    table
}

/// The root key: both parts, each by itself or in a file.
fn root_key(
    environment: &BTreeMap<String, String>,
) -> anyhow::Result<Option<(String, Zeroizing<String>)>> {
    let part = |name: &str| -> anyhow::Result<Option<String>> {
        let file = format!("{name}_FILE");
        match (environment.get(name), environment.get(&file)) {
            (Some(_), Some(_)) => {
                Err(Usage(format!("{name} and {file} are both set: set one of them")).into())
            }
            (Some(text), None) => Ok(Some(text.clone())),
            (None, Some(path)) => match std::fs::read_to_string(path) {
                Ok(text) => Ok(Some(text.trim().to_owned())),
                Err(error) => {
                    Err(Usage(format!("{file}: `{path}` cannot be read: {error}")).into())
                }
            },
            (None, None) => Ok(None),
        }
    };
    match (part("POSTERN_ROOT_ACCESS_KEY_ID")?, part("POSTERN_ROOT_SECRET_ACCESS_KEY")?) {
        (Some(id), Some(secret)) => Ok(Some((id, Zeroizing::new(secret)))),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(Usage(
            "POSTERN_ROOT_ACCESS_KEY_ID and POSTERN_ROOT_SECRET_ACCESS_KEY go together: set both or none".into(),
        )
        .into()),
    }
}

fn service(name: &str) -> anyhow::Result<Service> {
    Service::from_name(name).ok_or_else(|| {
        unknown(
            "service",
            name,
            Service::ALL.iter().map(|service| service.name()),
        )
    })
}

fn default_engines_dir() -> PathBuf {
    let is_root = rustix::process::geteuid().is_root();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    match home {
        Some(home) if !is_root => home.join(".local/share/postern/engines"),
        Some(_) | None => PathBuf::from("/var/lib/postern/engines"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_refused_with_a_suggestion() {
        let error = unknown("key", "liste", SETTINGS.iter().map(|(name, ..)| *name)).to_string();
        assert_eq!(error, "unknown key `liste`: did you mean `listen`?");
    }

    #[test]
    fn flags_win_and_wrong_values_name_their_source() {
        let args = ServeArgs {
            listen: Some("nowhere".into()),
            ..ServeArgs::default()
        };
        let error = load(&args).unwrap().settings().unwrap_err().to_string();
        assert_eq!(
            error,
            "`nowhere` is not a value of listen (flag --listen): give ADDRESS:PORT, such as 127.0.0.1:4510"
        );
        let args = ServeArgs {
            region: vec!["eu-west-1=a,eu-west-1b".into()],
            ..ServeArgs::default()
        };
        let settings = load(&args).unwrap().settings().unwrap();
        assert_eq!(
            settings.regions,
            [Region {
                name: "eu-west-1".into(),
                zones: vec!["eu-west-1a".into(), "eu-west-1b".into()]
            }]
        );
    }
}
