//! RabbitMQ configurations: what is read, and what is refused with which words.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers of tests may fail as tests do"
)]

use brokers::configuration::rabbitmq::{Series, SettingValue, parse};

fn refusal(text: &str, series: Series) -> String {
    parse(text.as_bytes(), series).unwrap_err().to_string()
}

#[test]
fn settings_comments_and_blank_lines_are_read() {
    let text = "\u{feff}# a comment\r\n\r\n  heartbeat=60\r\nconsumer_timeout \t=  0   # never\n\t# another\n\
                management.restrictions.operator_policy_changes.disabled = false\nauth_backends.1 = internal\n\
                auth_backends.2.authn = oauth2";
    let settings = parse(text.as_bytes(), Series::Three).unwrap();
    let pairs: Vec<_> = settings
        .iter()
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    let text = |value: &str| SettingValue::Text(value.to_owned());
    assert_eq!(
        pairs,
        [
            ("auth_backends.1".to_owned(), text("internal")),
            ("auth_backends.2.authn".to_owned(), text("oauth2")),
            ("consumer_timeout".to_owned(), SettingValue::Number(0)),
            ("heartbeat".to_owned(), SettingValue::Number(60)),
            (
                "management.restrictions.operator_policy_changes.disabled".to_owned(),
                SettingValue::Flag(false)
            ),
        ]
    );
    assert!(parse(b"", Series::Four).unwrap().is_empty());
}

#[test]
fn lines_and_keys_that_are_refused_are_named() {
    let line = |number: usize| {
        format!(
            "Configuration line [{number}] is invalid. Use [key = value], a comment that begins with [#], or a blank line."
        )
    };
    let key = |key: &str, number: usize| {
        format!("Configuration key [{key}] on line [{number}] is not supported.")
    };
    let cases = [
        ("heartbeat", line(1)),
        ("heartbeat = 60\n{rabbit, []}.", line(2)),
        ("include /etc/passwd", line(1)),
        ("= 5", line(1)),
        ("heart beat = 60", line(1)),
        ("include = /etc/passwd", key("include", 1)),
        (
            "\n\nlisteners.tcp.default = 5672",
            key("listeners.tcp.default", 3),
        ),
        (
            "auth_ldap.dn_lookup_bind.password = x",
            key("auth_ldap.dn_lookup_bind.password", 1),
        ),
        ("ssl_options.password = x", key("ssl_options.password", 1)),
        (
            "heartbeat = 60\nheartbeat = 61",
            "Configuration key [heartbeat] on line [2] is already set on line [1].".to_owned(),
        ),
    ];
    for (text, message) in cases {
        assert_eq!(refusal(text, Series::Four), message, "{text}");
    }
}

#[test]
fn values_that_are_refused_are_named_with_what_is_valid() {
    for (key, value, valid) in [
        ("heartbeat", "59", "60 to 3600"),
        ("heartbeat", "3601", "60 to 3600"),
        ("heartbeat", "", "60 to 3600"),
        ("consumer_timeout", "-1", "0 to 2147483647"),
        ("consumer_timeout", "2147483648", "0 to 2147483647"),
        ("management.oauth_enabled", "yes", "true, false"),
        (
            "auth_oauth2.jwks_uri",
            "http://a/",
            "a URL that begins with https://",
        ),
        (
            "auth_http.user_path",
            "http://a/",
            "a URL that begins with https://",
        ),
        ("auth_http.http_method", "put", "get, post"),
        ("auth_ldap.log", "network_unsafe", "true, false, network"),
        (
            "auth_ldap.servers.1",
            "ldap://a",
            "an IP address or a fully qualified domain name",
        ),
        (
            "auth_ldap.dn_lookup_base",
            "example",
            "an LDAP distinguished name, none",
        ),
        ("ssl_options.verify", "verify", "verify_none, verify_peer"),
        (
            "ssl_options.hostname_verification",
            "strict",
            "wildcard, none",
        ),
        (
            "ssl_cert_login_san_type",
            "dn",
            "dns, ip, email, uri, other_name",
        ),
        ("aws.arns.assume_role_arn", "role", "the ARN of an IAM role"),
        (
            "auth_oauth2.algorithms.1",
            "none",
            "Ed25519, Ed25519ph, Ed448, Ed448ph, EdDSA, ES256K, ES256, ES384, ES512, HS256, HS384, HS512, PS256, PS384, \
             PS512, RS256, RS384, RS512",
        ),
    ] {
        assert_eq!(
            refusal(&format!("{key} = {value}"), Series::Four),
            format!(
                "Configuration key [{key}] on line [1] has an invalid value [{value}]. Valid values: [{valid}]."
            )
        );
    }
}

#[test]
fn keys_of_rabbitmq_4_are_refused_for_rabbitmq_3() {
    for setting in [
        "vhost_max = 1",
        "auth_http.http_method = get",
        "ssl_options.verify = verify_peer",
        "amqp_client.ssl_options.verify = verify_none",
    ] {
        assert!(parse(setting.as_bytes(), Series::Four).is_ok(), "{setting}");
        let (key, _) = setting.split_once(' ').unwrap();
        assert_eq!(
            refusal(setting, Series::Three),
            format!(
                "Configuration key [{key}] on line [1] is not supported for RabbitMQ version [3]."
            )
        );
    }
}

#[test]
fn a_directory_needs_an_encrypted_connection() {
    let servers = "heartbeat = 60\nauth_ldap.servers.1 = ldap.example.com\n";
    let message = "Configuration key [auth_ldap.servers.1] on line [2] requires \
                   [auth_ldap.use_ssl = true or auth_ldap.use_starttls = true].";
    assert_eq!(refusal(servers, Series::Four), message);
    assert_eq!(
        refusal(&format!("{servers}auth_ldap.use_ssl = false"), Series::Four),
        message
    );
    for on in ["use_ssl", "use_starttls"] {
        assert!(
            parse(
                format!("{servers}auth_ldap.{on} = true").as_bytes(),
                Series::Four
            )
            .is_ok()
        );
    }
}

#[test]
fn aws_resources_need_a_role_to_read_them() {
    let secret = "aws.arns.auth_oauth2.https.cacertfile = arn:aws:s3:::bucket/ca.pem";
    assert_eq!(
        refusal(secret, Series::Four),
        "Configuration key [aws.arns.auth_oauth2.https.cacertfile] on line [1] requires [aws.arns.assume_role_arn]."
    );
    let role = "aws.arns.assume_role_arn = arn:aws:iam::123456789012:role/mq";
    assert!(parse(format!("{secret}\n{role}").as_bytes(), Series::Four).is_ok());
    assert!(parse(role.as_bytes(), Series::Four).is_ok());
}
