//! `ldapServerMetadata` ("Integrating ActiveMQ brokers with LDAP").

use super::fields::required;
use super::invalid::{Invalid, shortened};
use crate::broker::Ldap;
use crate::engine::Secret;

/// The LDAP server as a request has it.
#[derive(Clone, Copy, Default)]
pub struct LdapRequest<'a> {
    /// `hosts`.
    pub hosts: Option<&'a [String]>,
    /// `roleBase`.
    pub role_base: Option<&'a str>,
    /// `roleName`.
    pub role_name: Option<&'a str>,
    /// `roleSearchMatching`.
    pub role_search_matching: Option<&'a str>,
    /// `roleSearchSubtree`.
    pub role_search_subtree: Option<bool>,
    /// `serviceAccountPassword`.
    pub service_account_password: Option<&'a str>,
    /// `serviceAccountUsername`.
    pub service_account_username: Option<&'a str>,
    /// `userBase`.
    pub user_base: Option<&'a str>,
    /// `userRoleName`.
    pub user_role_name: Option<&'a str>,
    /// `userSearchMatching`.
    pub user_search_matching: Option<&'a str>,
    /// `userSearchSubtree`.
    pub user_search_subtree: Option<bool>,
}

/// An LDAP server to be used: the record but for its password, and the password.
#[derive(Clone)]
pub struct NewLdap {
    server: Ldap,
    /// The service account's password.
    pub password: Secret,
}

impl NewLdap {
    /// Reads the LDAP server.
    ///
    /// # Errors
    /// The first member that is missing or wrong.
    pub fn read(request: &LdapRequest<'_>) -> Result<NewLdap, Invalid> {
        let hosts = required(request.hosts, "ldapServerMetadata.hosts")?;
        if !(1..=2).contains(&hosts.len()) || !hosts.iter().all(|host| is_host_name(host)) {
            return Err(Invalid::Malformed {
                what: "LDAP hosts",
                value: shortened(&hosts.join(", ")),
                rule: "Use one or two fully qualified domain names, without scheme and port.",
                attribute: "ldapServerMetadata.hosts",
            });
        }
        Ok(NewLdap {
            password: Secret::new(text(
                request.service_account_password,
                "ldapServerMetadata.serviceAccountPassword",
            )?),
            server: Ldap {
                hosts: hosts.to_vec(),
                role_base: text(request.role_base, "ldapServerMetadata.roleBase")?,
                role_name: optional(request.role_name),
                role_search_matching: text(
                    request.role_search_matching,
                    "ldapServerMetadata.roleSearchMatching",
                )?,
                role_search_subtree: request.role_search_subtree,
                service_account_username: text(
                    request.service_account_username,
                    "ldapServerMetadata.serviceAccountUsername",
                )?,
                sealed_service_account_password: String::new(),
                user_base: text(request.user_base, "ldapServerMetadata.userBase")?,
                user_role_name: optional(request.user_role_name),
                user_search_matching: text(
                    request.user_search_matching,
                    "ldapServerMetadata.userSearchMatching",
                )?,
                user_search_subtree: request.user_search_subtree,
            },
        })
    }

    /// The record, with the password as it was sealed.
    pub fn sealed(&self, sealed_password: String) -> Ldap {
        Ldap {
            sealed_service_account_password: sealed_password,
            ..self.server.clone()
        }
    }
}

fn text(value: Option<&str>, member: &'static str) -> Result<String, Invalid> {
    let value = required(value.filter(|text| !text.is_empty()), member)?;
    if value.len() <= 1024 && !value.chars().any(char::is_control) {
        return Ok(value.into());
    }
    Err(Invalid::Malformed {
        what: "LDAP server metadata",
        // The member may be the password.
        value: member.into(),
        rule: "Use at most 1024 characters, without control characters.",
        attribute: member,
    })
}

fn optional(value: Option<&str>) -> Option<String> {
    value
        .filter(|text| !text.is_empty() && text.len() <= 1024)
        .map(str::to_owned)
}

fn is_host_name(text: &str) -> bool {
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}
