//! The allow-list of RabbitMQ configurations: every key that may be set.
//!
//! Follows the developer guide's pages "Configurable RabbitMQ keys" and those of the OAuth 2.0, LDAP, HTTP and client
//! certificate features. Where a page says "all keys of the plugin except…", the plugin's published schema gives the
//! keys. Left out on purpose: the LDAP queries (Erlang terms), and every key that names a file or holds a secret.

use super::Series;
use super::value::Kind::{
    self, CertificateArn, DistinguishedName, DistinguishedNameOrNone, Flag, Host, HttpsUrl, Number,
    NumberOrInfinity, Path, RoleArn, SecretArn, Text, Word,
};

/// A key that may be set, or a family of them.
#[derive(Debug)]
pub(super) struct KeyRule {
    /// The key; `*` stands for one part of letters, digits, `_` and `-`, `%` for a number.
    pub(super) pattern: &'static str,
    pub(super) kind: Kind,
    /// The first series that has the key.
    pub(super) since: Series,
}

/// The rule of a key.
pub(super) fn rule_of(key: &str) -> Option<&'static KeyRule> {
    RULES.iter().find(|rule| matches(rule.pattern, key))
}

fn matches(pattern: &str, key: &str) -> bool {
    let mut parts = key.split('.');
    pattern.split('.').all(|expected| {
        parts.next().is_some_and(|part| match expected {
            "*" => {
                (1..=64).contains(&part.len())
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            }
            "%" => (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()),
            fixed => fixed == part,
        })
    }) && parts.next().is_none()
}

const fn all(pattern: &'static str, kind: Kind) -> KeyRule {
    KeyRule {
        pattern,
        kind,
        since: Series::Three,
    }
}

const fn four(pattern: &'static str, kind: Kind) -> KeyRule {
    KeyRule {
        pattern,
        kind,
        since: Series::Four,
    }
}

const VERIFY: Kind = Word(&["verify_none", "verify_peer"]);
const HOSTNAME: Kind = Word(&["wildcard", "none"]);
const CRL_CHECK: Kind = Word(&["true", "false", "peer", "best_effort"]);
const DEPTH: Kind = Number(0, 255);
const PORT: Kind = Number(1, 65_535);
const COUNT: Kind = Number(1, u32::MAX as u64);
const LIMIT: Kind = Number(0, i64::MAX as u64);
const LOGON: Kind = Word(&["sp_initiated", "idp_initiated"]);
const BACKEND: Kind = Word(&[
    "internal",
    "ldap",
    "http",
    "oauth",
    "oauth2",
    "rabbit_auth_backend_internal",
    "rabbit_auth_backend_ldap",
    "rabbit_auth_backend_http",
    "rabbit_auth_backend_oauth2",
]);
const ALGORITHM: Kind = Word(&[
    "Ed25519",
    "Ed25519ph",
    "Ed448",
    "Ed448ph",
    "EdDSA",
    "ES256K",
    "ES256",
    "ES384",
    "ES512",
    "HS256",
    "HS384",
    "HS512",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
]);

/// Every key.
#[rustfmt::skip]
pub(super) static RULES: &[KeyRule] = &[
    all("consumer_timeout", Number(0, 2_147_483_647)),
    all("heartbeat", Number(60, 3600)),
    all("management.restrictions.operator_policy_changes.disabled", Flag),
    all("quorum_queue.property_equivalence.relaxed_checks_on_redeclaration", Flag),
    all("secure.management.http.headers.enabled", Flag),

    four("connection_max", LIMIT),
    four("channel_max_per_node", LIMIT),
    four("cluster_queue_limit", LIMIT),
    four("cluster_exchange_limit", LIMIT),
    four("vhost_max", LIMIT),
    four("runtime_parameters.limits.shovel", LIMIT),
    four("consumer_max_per_channel", LIMIT),
    four("max_message_size", LIMIT),

    four("amqp_client.ssl_options.verify", VERIFY),

    all("auth_backends.%", BACKEND),
    all("auth_backends.%.authn", BACKEND),
    all("auth_backends.%.authz", BACKEND),
    all("auth_mechanisms.%", Word(&["PLAIN", "AMQPLAIN", "EXTERNAL"])),

    all("auth_oauth2.resource_server_id", Text),
    all("auth_oauth2.resource_server_type", Text),
    all("auth_oauth2.additional_scopes_key", Text),
    all("auth_oauth2.scope_prefix", Text),
    all("auth_oauth2.scope_aliases.*", Text),
    all("auth_oauth2.scope_aliases.*.alias", Text),
    all("auth_oauth2.scope_aliases.*.scope", Text),
    all("auth_oauth2.preferred_username_claims.*", Text),
    all("auth_oauth2.verify_aud", Flag),
    all("auth_oauth2.default_key", Text),
    all("auth_oauth2.default_oauth_provider", Text),
    all("auth_oauth2.issuer", HttpsUrl),
    all("auth_oauth2.jwks_url", HttpsUrl),
    all("auth_oauth2.jwks_uri", HttpsUrl),
    all("auth_oauth2.token_endpoint", HttpsUrl),
    all("auth_oauth2.authorization_endpoint", HttpsUrl),
    all("auth_oauth2.end_session_endpoint", HttpsUrl),
    all("auth_oauth2.discovery_endpoint_path", Path),
    all("auth_oauth2.discovery_endpoint_params.*", Text),
    all("auth_oauth2.algorithms.*", ALGORITHM),
    all("auth_oauth2.https.peer_verification", VERIFY),
    all("auth_oauth2.https.depth", DEPTH),
    all("auth_oauth2.https.hostname_verification", HOSTNAME),
    all("auth_oauth2.https.crl_check", CRL_CHECK),
    all("auth_oauth2.https.fail_if_no_peer_cert", Flag),
    all("auth_oauth2.oauth_providers.*.issuer", HttpsUrl),
    all("auth_oauth2.oauth_providers.*.jwks_uri", HttpsUrl),
    all("auth_oauth2.oauth_providers.*.token_endpoint", HttpsUrl),
    all("auth_oauth2.oauth_providers.*.authorization_endpoint", HttpsUrl),
    all("auth_oauth2.oauth_providers.*.end_session_endpoint", HttpsUrl),
    all("auth_oauth2.oauth_providers.*.discovery_endpoint_path", Path),
    all("auth_oauth2.oauth_providers.*.discovery_endpoint_params.*", Text),
    all("auth_oauth2.oauth_providers.*.default_key", Text),
    all("auth_oauth2.oauth_providers.*.algorithms.*", ALGORITHM),
    all("auth_oauth2.oauth_providers.*.https.verify", VERIFY),
    all("auth_oauth2.oauth_providers.*.https.peer_verification", VERIFY),
    all("auth_oauth2.oauth_providers.*.https.depth", DEPTH),
    all("auth_oauth2.oauth_providers.*.https.hostname_verification", HOSTNAME),
    all("auth_oauth2.oauth_providers.*.https.crl_check", CRL_CHECK),
    all("auth_oauth2.oauth_providers.*.https.fail_if_no_peer_cert", Flag),
    all("auth_oauth2.resource_servers.*.id", Text),
    all("auth_oauth2.resource_servers.*.resource_server_type", Text),
    all("auth_oauth2.resource_servers.*.additional_scopes_key", Text),
    all("auth_oauth2.resource_servers.*.scope_prefix", Text),
    all("auth_oauth2.resource_servers.*.oauth_provider_id", Text),
    all("auth_oauth2.resource_servers.*.preferred_username_claims.*", Text),
    all("auth_oauth2.resource_servers.*.scope_aliases.*", Text),
    all("auth_oauth2.resource_servers.*.scope_aliases.*.alias", Text),
    all("auth_oauth2.resource_servers.*.scope_aliases.*.scope", Text),
    all("auth_oauth2.resource_servers.*.verify_aud", Flag),

    all("management.oauth_enabled", Flag),
    all("management.oauth_disable_basic_auth", Flag),
    all("management.oauth_client_id", Text),
    all("management.oauth_scopes", Text),
    all("management.oauth_response_type", Text),
    all("management.oauth_provider_url", HttpsUrl),
    all("management.oauth_metadata_url", HttpsUrl),
    all("management.oauth_initiated_logon_type", LOGON),
    all("management.oauth_authorization_endpoint_params.*", Text),
    all("management.oauth_token_endpoint_params.*", Text),
    all("management.oauth_resource_servers.*.id", Text),
    all("management.oauth_resource_servers.*.label", Text),
    all("management.oauth_resource_servers.*.oauth_client_id", Text),
    all("management.oauth_resource_servers.*.oauth_scopes", Text),
    all("management.oauth_resource_servers.*.oauth_response_type", Text),
    all("management.oauth_resource_servers.*.oauth_provider_url", HttpsUrl),
    all("management.oauth_resource_servers.*.oauth_metadata_url", HttpsUrl),
    all("management.oauth_resource_servers.*.oauth_initiated_logon_type", LOGON),
    all("management.oauth_resource_servers.*.oauth_authorization_endpoint_params.*", Text),
    all("management.oauth_resource_servers.*.oauth_token_endpoint_params.*", Text),

    all("auth_ldap.servers.%", Host),
    all("auth_ldap.port", PORT),
    all("auth_ldap.connection_pool_size", COUNT),
    all("auth_ldap.timeout", NumberOrInfinity),
    all("auth_ldap.idle_timeout", NumberOrInfinity),
    all("auth_ldap.log", Word(&["true", "false", "network"])),
    all("auth_ldap.user_bind_pattern", Text),
    all("auth_ldap.user_dn_pattern", Text),
    all("auth_ldap.dn_lookup_attribute", Text),
    all("auth_ldap.dn_lookup_base", DistinguishedNameOrNone),
    all("auth_ldap.dn_lookup_bind", Word(&["as_user", "anon"])),
    all("auth_ldap.dn_lookup_bind.user_dn", DistinguishedName),
    all("auth_ldap.other_bind", Word(&["as_user", "anon"])),
    all("auth_ldap.other_bind.user_dn", DistinguishedName),
    all("auth_ldap.group_lookup_base", DistinguishedNameOrNone),
    all("auth_ldap.use_ssl", Flag),
    all("auth_ldap.use_starttls", Flag),
    all("auth_ldap.ssl_options.verify", VERIFY),
    all("auth_ldap.ssl_options.fail_if_no_peer_cert", Flag),
    all("auth_ldap.ssl_options.depth", DEPTH),
    all("auth_ldap.ssl_options.hostname_verification", HOSTNAME),
    all("auth_ldap.ssl_options.crl_check", CRL_CHECK),

    four("auth_http.http_method", Word(&["get", "post"])),
    four("auth_http.user_path", HttpsUrl),
    four("auth_http.vhost_path", HttpsUrl),
    four("auth_http.resource_path", HttpsUrl),
    four("auth_http.topic_path", HttpsUrl),
    four("auth_http.request_timeout", COUNT),
    four("auth_http.connection_timeout", COUNT),
    four("auth_http.ssl_options.verify", VERIFY),
    four("auth_http.ssl_options.fail_if_no_peer_cert", Flag),
    four("auth_http.ssl_options.depth", DEPTH),
    four("auth_http.ssl_options.hostname_verification", HOSTNAME),

    four("ssl_options.verify", VERIFY),
    four("ssl_options.fail_if_no_peer_cert", Flag),
    four("ssl_options.depth", DEPTH),
    four("ssl_options.hostname_verification", HOSTNAME),
    four("ssl_cert_login_from", Word(&["distinguished_name", "common_name", "subject_alternative_name", "subject_alt_name"])),
    four("ssl_cert_login_san_type", Word(&["dns", "ip", "email", "uri", "other_name"])),
    four("ssl_cert_login_san_index", Number(0, 255)),
    four("management.ssl.verify", VERIFY),
    four("management.ssl.depth", DEPTH),
    four("management.ssl.hostname_verification", HOSTNAME),

    all("aws.arns.assume_role_arn", RoleArn),
    all("aws.arns.ssl_options.cacertfile", CertificateArn),
    all("aws.arns.management.ssl.cacertfile", CertificateArn),
    all("aws.arns.auth_oauth2.https.cacertfile", CertificateArn),
    all("aws.arns.auth_http.ssl_options.cacertfile", CertificateArn),
    all("aws.arns.auth_http.ssl_options.certfile", CertificateArn),
    all("aws.arns.auth_http.ssl_options.keyfile", SecretArn),
    all("aws.arns.auth_ldap.ssl_options.cacertfile", CertificateArn),
    all("aws.arns.auth_ldap.ssl_options.certfile", CertificateArn),
    all("aws.arns.auth_ldap.ssl_options.keyfile", SecretArn),
    all("aws.arns.auth_ldap.dn_lookup_bind.password", SecretArn),
    all("aws.arns.auth_ldap.other_bind.password", SecretArn),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_matches_two_rules_and_every_pattern_matches_itself_filled_in() {
        for rule in RULES {
            let key = rule.pattern.replace('*', "name-1").replace('%', "1");
            let matching: Vec<_> = RULES
                .iter()
                .filter(|other| matches(other.pattern, &key))
                .collect();
            assert_eq!(matching.len(), 1, "{key}");
        }
    }

    #[test]
    fn keys_that_name_files_or_hold_secrets_have_no_rule() {
        for key in [
            "auth_oauth2.https.cacertfile",
            "auth_oauth2.oauth_providers.x.https.cacertfile",
            "management.oauth_client_secret",
            "management.oauth_resource_servers.1.oauth_client_secret",
            "auth_oauth2.signing_keys.id1",
            "auth_oauth2.oauth_providers.x.signing_keys.id1",
            "auth_ldap.dn_lookup_bind.password",
            "auth_ldap.other_bind.password",
            "auth_ldap.ssl_options.cacertfile",
            "auth_ldap.queries.tags",
            "listeners.tcp.1",
            "listeners.ssl.default",
            "default_user",
            "default_pass",
            "load_definitions",
            "definitions.local.path",
            "management.load_definitions",
            "management.tcp.port",
            "log.file",
            "cluster_formation.peer_discovery_backend",
            "include_optional",
            "vm_memory_high_watermark.relative",
            "disk_free_limit.absolute",
            "loopback_users.guest",
            "management.ssl.fail_if_no_peer_cert",
            "auth_http.ssl_options.crl_check",
            "ssl_options.crl_check",
            "heartbeat.x",
            "auth_backends",
            "auth_backends.x",
            "auth_backends.1.2",
            "Heartbeat",
            "",
            ".",
            "heartbeat.",
        ] {
            assert!(rule_of(key).is_none(), "{key}");
        }
    }

    #[test]
    fn the_tls_options_that_amazon_mq_refuses_are_refused_wherever_they_stand() {
        for prefix in [
            "ssl_options",
            "auth_http.ssl_options",
            "auth_ldap.ssl_options",
            "amqp_client.ssl_options",
        ] {
            for option in [
                "cert",
                "certfile",
                "keyfile",
                "cacertfile",
                "client_renegotiation",
                "dh",
                "dhfile",
                "honor_cipher_order",
                "honor_ecc_order",
                "key.RSAPrivateKey",
                "log_alert",
                "password",
                "psk_identity",
                "reuse_sessions",
                "secure_renegotiate",
                "versions.1",
                "sni",
            ] {
                assert!(
                    rule_of(&format!("{prefix}.{option}")).is_none(),
                    "{prefix}.{option}"
                );
            }
        }
    }
}
