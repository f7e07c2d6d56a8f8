//! Configurations that customers upload, and page tokens.

use brokers::configuration::activemq::{Strategy, sanitise};
use brokers::configuration::rabbitmq::{self, Series};
use brokers::pages::Continuation;

/// What is left of a configuration is a configuration from which nothing more is taken away.
pub(super) fn activemq(data: &[u8]) {
    for strategy in [Strategy::Simple, Strategy::Ldap] {
        match sanitise(data, strategy) {
            Err(error) => {
                let _text = error.to_string();
            }
            Ok(first) => {
                let xml = first.document.to_xml();
                assert!(
                    !xml.contains("<!DOCTYPE") && !xml.contains("<!ENTITY"),
                    "{xml}"
                );
                let again = sanitise(xml.as_bytes(), strategy).expect("our own text is accepted");
                assert!(again.warnings.is_empty(), "{:?}", again.warnings);
                assert_eq!(again.document.to_xml(), xml);
            }
        }
    }
}

/// The settings that were read are read from their own text again.
pub(super) fn rabbitmq(data: &[u8]) {
    for series in [Series::Three, Series::Four] {
        match rabbitmq::parse(data, series) {
            Err(error) => {
                let _text = error.to_string();
            }
            Ok(settings) => {
                let text = settings.to_text();
                let again = rabbitmq::parse(text.as_bytes(), series).expect("our own text");
                // Lines are other ones: comments are gone.
                assert!(again.iter().eq(settings.iter()), "{text}");
                assert_eq!(again.to_text(), text);
            }
        }
    }
}

/// What an unsealed token holds: bytes that only the seal vouches for.
pub(super) fn page_token(data: &[u8]) {
    if let Ok(token) = serde_json::from_slice::<Continuation>(data) {
        let text = serde_json::to_string(&token).expect("it is JSON");
        let again: Continuation = serde_json::from_str(&text).expect("our own text");
        assert_eq!(again, token);
        for now in [0, i64::MIN, i64::MAX, token.made] {
            let _position = token.clone().at(now);
        }
    }
    if let Some(text) = str::from_utf8(data).ok().and_then(|text| text.parse().ok()) {
        assert!(
            brokers::pages::limit(Some(text)).is_ok_and(|limit| (1..=100).contains(&limit))
                == (1..=100).contains(&text)
        );
    }
}
