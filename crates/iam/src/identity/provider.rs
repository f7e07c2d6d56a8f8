//! Identity providers whose users may assume roles.

use serde::{Deserialize, Serialize};

use super::user::Tag;

/// An OpenID Connect provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcProvider {
    /// The account, 12 digits.
    pub account: String,
    /// The issuer's URL without `https://`.
    pub url: String,
    /// When it was made.
    pub created: i64,
    /// The audiences that are let in.
    pub client_ids: Vec<String>,
    /// SHA-1 fingerprints of certificates of the issuer, 40 hexadecimal digits.
    pub thumbprints: Vec<String>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<Tag>,
}

impl OidcProvider {
    /// `arn:aws:iam::<account>:oidc-provider/<url>`.
    pub fn arn(&self) -> String {
        OidcProvider::arn_of(&self.account, &self.url)
    }

    /// The ARN of the provider with this URL, with or without `https://`.
    pub fn arn_of(account: &str, url: &str) -> String {
        let url = url.strip_prefix("https://").unwrap_or(url);
        format!("arn:aws:iam::{account}:oidc-provider/{url}")
    }
}

/// A SAML 2.0 provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlProvider {
    /// The account, 12 digits.
    pub account: String,
    /// The name.
    pub name: String,
    /// The unique id, a UUID.
    pub id: String,
    /// When it was made.
    pub created: i64,
    /// The metadata document, as it was given.
    pub metadata: String,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<Tag>,
}

impl SamlProvider {
    /// `arn:aws:iam::<account>:saml-provider/<name>`.
    pub fn arn(&self) -> String {
        SamlProvider::arn_of(&self.account, &self.name)
    }

    /// The ARN of the provider with this name.
    pub fn arn_of(account: &str, name: &str) -> String {
        format!("arn:aws:iam::{account}:saml-provider/{name}")
    }
}
