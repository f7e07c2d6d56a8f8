//! Where settings come from: flags, variables, the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{SETTINGS, Times};
use crate::cli::ServeArgs;
use crate::exit::Usage;
use crate::suggest::unknown;

/// What was said of a setting by flags.
pub(super) fn flag(args: &ServeArgs, name: &str) -> Vec<String> {
    let path = |path: &Option<PathBuf>| {
        path.as_ref()
            .map(|path| path.display().to_string())
            .into_iter()
            .collect()
    };
    let text = |text: &Option<String>| text.clone().into_iter().collect();
    match name {
        "data-dir" => path(&args.data_dir),
        "listen" => text(&args.listen),
        "admin-listen" => text(&args.admin_listen),
        "tls" => text(&args.tls),
        "tls-certificate" => path(&args.tls_certificate),
        "tls-key" => path(&args.tls_key),
        "allow-plain-http" => args
            .allow_plain_http
            .then(|| "true".to_owned())
            .into_iter()
            .collect(),
        "region" => args.region.clone(),
        "account-id" => text(&args.account_id),
        "master-key-file" => path(&args.master_key_file),
        "api-rate" => text(&args.api_rate),
        "api-burst" => text(&args.api_burst),
        "quota" => args.quota.clone(),
        "clock-window" => args.clock_window.clone(),
        "presigned-off" => args.presigned_off.clone(),
        "oidc-keys" => args.oidc_keys.clone(),
        "oidc-ca" => path(&args.oidc_ca),
        "driver" => text(&args.driver),
        "simulate-start-ms" => text(&args.simulate_start_ms),
        "engines-dir" => path(&args.engines_dir),
        "endpoint-domain" => text(&args.endpoint_domain),
        "dns-listen" => text(&args.dns_listen),
        "network" => text(&args.network),
        "network-device" => text(&args.network_device),
        "network-pool" => text(&args.network_pool),
        "vpc-range" => text(&args.vpc_range),
        "vpc-block" => text(&args.vpc_block),
        "max-connections" => text(&args.max_connections),
        "max-connections-per-address" => text(&args.max_connections_per_address),
        "log" => text(&args.log),
        _ => Vec::new(),
    }
}

/// The name of a setting's variable.
pub(super) fn variable(name: &str) -> String {
    format!("POSTERN_{}", name.replace('-', "_").to_uppercase())
}

/// The variables of Postern; empty ones count as absent.
pub(super) fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, value)| name.starts_with("POSTERN_") && !value.is_empty())
        .collect()
}

/// The file's keys, spelled with `-`.
///
/// # Errors
/// [`Usage`] where it cannot be read, is not TOML or has a key that is no setting.
pub(super) fn read_file(path: &Path) -> anyhow::Result<BTreeMap<String, toml::Value>> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Usage(format!(
            "the configuration file `{}` cannot be read: {error}",
            path.display()
        ))
    })?;
    let table: toml::Table = text.parse().map_err(|error| {
        Usage(format!(
            "the configuration file `{}` is not TOML: {error}",
            path.display()
        ))
    })?;
    // Keys may be spelled with `-` or `_`.
    let mut values = BTreeMap::new();
    for (key, value) in table {
        let name = key.replace('_', "-");
        if !SETTINGS.iter().any(|(setting, ..)| *setting == name) {
            let known = SETTINGS.iter().map(|(setting, ..)| *setting);
            return Err(unknown("key of the configuration file", &key, known))
                .with_context(|| format!("in `{}`", path.display()));
        }
        values.insert(name, value);
    }
    Ok(values)
}

/// The values of a key of the file, as a flag would have them.
///
/// # Errors
/// [`Usage`] where it has the wrong type.
pub(super) fn texts_of(
    name: &str,
    times: Times,
    value: &toml::Value,
) -> anyhow::Result<Vec<String>> {
    let scalar = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
    };
    let texts = match (value, times) {
        (toml::Value::Array(values), Times::Many) => {
            values.iter().map(scalar).collect::<Option<Vec<_>>>()
        }
        // `quota = { brokers = 500 }`
        (toml::Value::Table(table), Times::Many) => table
            .iter()
            .map(|(key, value)| Some(format!("{key}={}", scalar(value)?)))
            .collect(),
        (value, _) => scalar(value).map(|text| vec![text]),
    };
    texts.ok_or_else(|| {
        Usage(format!(
            "the key `{name}` of the configuration file has the wrong type"
        ))
        .into()
    })
}
