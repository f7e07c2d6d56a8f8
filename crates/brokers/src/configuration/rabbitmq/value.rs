//! The values settings take.

use std::fmt;
use std::net::IpAddr;

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number, never negative.
    Number(u64),
    /// A word or a text: printable ASCII without quotes, `#`, `$(`, and without blanks at its ends.
    Text(String),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The kinds of value that keys take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Flag,
    Number(u64, u64),
    /// A number, or `infinity`.
    NumberOrInfinity,
    Word(&'static [&'static str]),
    Text,
    HttpsUrl,
    /// A path of an OpenID provider: `.well-known/…`.
    Path,
    Host,
    DistinguishedName,
    /// A distinguished name, or `none`.
    DistinguishedNameOrNone,
    RoleArn,
    CertificateArn,
    SecretArn,
}

/// The longest value, in bytes.
const MAX_VALUE_BYTES: usize = 2048;

impl Kind {
    /// Reads a value, or gives nothing if it is not of this kind.
    pub(super) fn read(self, value: &str) -> Option<SettingValue> {
        if !is_plain(value) {
            return None;
        }
        let text = |fits: bool| fits.then(|| SettingValue::Text(value.to_owned()));
        match self {
            Self::Flag => match value {
                "true" => Some(SettingValue::Flag(true)),
                "false" => Some(SettingValue::Flag(false)),
                _ => None,
            },
            Self::Number(least, most) => number(value)
                .filter(|number| (least..=most).contains(number))
                .map(SettingValue::Number),
            Self::NumberOrInfinity if value == "infinity" => text(true),
            Self::NumberOrInfinity => number(value)
                .filter(|number| (1..=u64::from(u32::MAX)).contains(number))
                .map(SettingValue::Number),
            Self::Word(words) => text(words.contains(&value)),
            Self::Text => text(true),
            Self::HttpsUrl => text(is_https_url(value)),
            Self::Path => text(
                value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte)),
            ),
            Self::Host => text(value.parse::<IpAddr>().is_ok() || is_domain_name(value)),
            Self::DistinguishedName => text(is_distinguished_name(value)),
            Self::DistinguishedNameOrNone => text(value == "none" || is_distinguished_name(value)),
            Self::RoleArn => text(is_arn(value, &["iam"], "role/")),
            Self::CertificateArn => text(
                is_arn(value, &["s3"], "") || is_arn(value, &["acm-pca"], "certificate-authority/"),
            ),
            Self::SecretArn => text(is_arn(value, &["secretsmanager"], "secret:")),
        }
    }

    /// What is valid, in words for a message.
    pub(super) fn valid(self) -> String {
        match self {
            Self::Flag => "true, false".to_owned(),
            Self::Number(least, most) => format!("{least} to {most}"),
            Self::NumberOrInfinity => format!("1 to {}, infinity", u32::MAX),
            Self::Word(words) => words.join(", "),
            Self::Text => "printable ASCII without quotes".to_owned(),
            Self::HttpsUrl => "a URL that begins with https://".to_owned(),
            Self::Path => "a URL path".to_owned(),
            Self::Host => "an IP address or a fully qualified domain name".to_owned(),
            Self::DistinguishedName => "an LDAP distinguished name".to_owned(),
            Self::DistinguishedNameOrNone => "an LDAP distinguished name, none".to_owned(),
            Self::RoleArn => "the ARN of an IAM role".to_owned(),
            Self::CertificateArn => {
                "the ARN of an Amazon S3 object or an AWS Private CA".to_owned()
            }
            Self::SecretArn => "the ARN of an AWS Secrets Manager secret".to_owned(),
        }
    }
}

/// What no value may break: the line it stands on, and the engine's reading of it.
///
/// `$(NAME)` is replaced by the environment and `encrypted:` is decrypted when RabbitMQ reads its file; quotes and `#`
/// end values early.
fn is_plain(value: &str) -> bool {
    (1..=MAX_VALUE_BYTES).contains(&value.len())
        && value.trim() == value
        && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && !value.contains(['\'', '"', '#', '`'])
        && !value.contains("$(")
        && !value.starts_with("encrypted:")
}

fn number(value: &str) -> Option<u64> {
    let plain = (1..=18).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    if plain { value.parse().ok() } else { None }
}

fn is_https_url(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("https://") else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let host_fits = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_domain_name(host),
    };
    host_fits
        && port.is_none_or(|port| number(port).is_some_and(|port| (1..=65535).contains(&port)))
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&()*+,;=%".contains(&byte))
}

fn is_domain_name(value: &str) -> bool {
    value.len() <= 253
        && value.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

/// `name=value` parts with commas between (RFC 4514, without its rarer forms). `${username}` may stand in a value.
fn is_distinguished_name(value: &str) -> bool {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for mark in value.chars() {
        if mark == ',' && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(mark);
        }
        escaped = mark == '\\' && !escaped;
    }
    !escaped
        && parts.iter().all(|part| {
            part.split_once('=').is_some_and(|(name, value)| {
                let name = name.trim();
                name.starts_with(|first: char| first.is_ascii_alphanumeric())
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
                    && !value.trim().is_empty()
            })
        })
}

fn is_arn(value: &str, services: &[&str], resource_begins: &str) -> bool {
    let mut parts = value.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (arn, partition, service, _region, account, resource) =
        (next(), next(), next(), next(), next(), next());
    let account_fits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    arn == "arn"
        && (partition == "aws" || partition.starts_with("aws-"))
        && services.contains(&service)
        // An object of S3 belongs to a bucket, its ARN to no account.
        && (account_fits || (service == "s3" && account.is_empty() && resource.contains('/')))
        && resource.strip_prefix(resource_begins).is_some_and(|name| !name.is_empty())
        && !resource.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::Kind::*;

    #[test]
    fn each_kind_takes_its_own_values_only() {
        let cases: &[(super::Kind, &[&str], &[&str])] = &[
            (Flag, &["true", "false"], &["", "TRUE", "yes", "1", "true "]),
            (
                Number(60, 3600),
                &["60", "3600"],
                &["59", "3601", "-60", "60s", "6e1", "", "+60", "0x50"],
            ),
            (
                NumberOrInfinity,
                &["1", "infinity"],
                &["0", "inf", "-1", "4294967296"],
            ),
            (Word(&["a", "b"]), &["a", "b"], &["A", "c", ""]),
            (
                Text,
                &["x", "cn=${username},ou=People", "a b", "rabbitmq.*"],
                &[
                    "",
                    " x",
                    "x\ty",
                    "it's",
                    "a\"b",
                    "a#b",
                    "$(HOME)",
                    "a$(x)",
                    "encrypted:abc",
                    "ü",
                    "a\u{7f}",
                    "a`b",
                ],
            ),
            (
                HttpsUrl,
                &[
                    "https://a.example/x?y=1",
                    "https://a:8443",
                    "https://[2001:db8::1]:443/",
                    "https://10.0.0.1/",
                ],
                &[
                    "http://a",
                    "https://",
                    "https:///x",
                    "HTTPS://a",
                    "https://u@a/",
                    "https://a:0/",
                    "https://a:70000",
                    "https://a b",
                ],
            ),
            (
                Path,
                &[".well-known/openid-configuration"],
                &["a?b", "a b", "a:b"],
            ),
            (
                Host,
                &["10.0.0.1", "2001:db8::1", "ldap.example.com", "ldap"],
                &["", "a_b", "-a", "a..b", "ldap://x", "a:1"],
            ),
            (
                DistinguishedName,
                &[
                    "dc=example,dc=com",
                    "cn=A\\, B,ou=x",
                    "CN=${username},OU=Users",
                    "2.5.4.3=x",
                ],
                &[
                    "", "none", "example", "=x", "cn=", "cn=a,", "cn=a\\", "c n=a",
                ],
            ),
            (DistinguishedNameOrNone, &["none", "dc=a"], &["None", "x"]),
            (
                RoleArn,
                &[
                    "arn:aws:iam::123456789012:role/x",
                    "arn:aws-cn:iam::123456789012:role/a/b",
                ],
                &[
                    "arn:aws:iam::123456789012:user/x",
                    "arn:aws:iam::1:role/x",
                    "arn:aws:iam::123456789012:role/",
                    "role/x",
                ],
            ),
            (
                CertificateArn,
                &[
                    "arn:aws:s3:::bucket/ca.pem",
                    "arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/1-2",
                ],
                &[
                    "arn:aws:s3:::bucket",
                    "arn:aws:secretsmanager:us-east-1:123456789012:secret:x",
                    "/etc/passwd",
                ],
            ),
            (
                SecretArn,
                &["arn:aws:secretsmanager:us-east-1:123456789012:secret:x-AbCdEf"],
                &[
                    "arn:aws:s3:::bucket/key.pem",
                    "arn:aws:secretsmanager:us-east-1::secret:x",
                    "hunter2",
                ],
            ),
        ];
        for (kind, good, bad) in cases {
            for value in *good {
                let read = kind
                    .read(value)
                    .unwrap_or_else(|| panic!("{kind:?} takes {value:?}"));
                assert_eq!(read.to_string(), *value);
            }
            for value in *bad {
                assert_eq!(kind.read(value), None, "{kind:?} refuses {value:?}");
            }
        }
    }
}
