use std::net::Ipv4Addr;

use roxmltree::{Document, Node};

use super::*;

fn spec() -> NodeSpec {
    NodeSpec {
        broker_id: "b-1234".to_owned(),
        broker_name: "orders_1".to_owned(),
        instance: 1,
        address: Ipv4Addr::new(127, 0, 10, 5).into(),
        directories: Directories {
            base: "/d/b-1234-1".into(),
            store: "/d/b-1234/store".into(),
            logs: "/d/b-1234-1/logs".into(),
        },
        users: vec![
            user(
                "admin",
                "pa ss#word!=\\é",
                &["admins", "activemq-webconsole"],
                true,
            ),
            user("app", "apppassword1", &["apps"], false),
        ],
        configuration: Configuration::default(),
        keystore: Keystore {
            path: "/d/b-1234-1/tls/node.p12".into(),
            password: Secret::new("key<&\">secret"),
        },
        truststore: None,
        size: InstanceSize::Micro,
        frame_limit: InstanceSize::Micro.frame_limit(),
        console: Some(Console {
            password: Secret::new("console secret"),
        }),
        management: Some(Management {
            listen: "127.0.11.5:8161".parse().unwrap(),
            username: "postern".to_owned(),
            password: Secret::new("agent secret"),
        }),
        audit_log: true,
        runtime: Runtime {
            java: "java".into(),
            home: "/e/activemq/5.18.6".into(),
            class_path: vec!["boot.jar".to_owned(), "lib/a.jar".to_owned()],
            console_class_path: vec!["console-lib/b.jar".to_owned()],
            console_war: Some("console".to_owned()),
            agent: Some("agent.jar".to_owned()),
            class_data: Some("app.jsa".to_owned()),
            logging: Logging::JavaUtil,
        },
    }
}

fn user(name: &str, password: &str, groups: &[&str], console_access: bool) -> BrokerUser {
    BrokerUser {
        username: name.to_owned(),
        password: Secret::new(password),
        groups: groups.iter().map(|g| (*g).to_owned()).collect(),
        console_access,
    }
}

fn file(rendered: &Rendered, path: &str) -> String {
    let file = rendered
        .files
        .iter()
        .find(|file| file.path == std::path::Path::new(path))
        .unwrap_or_else(|| panic!("no {path}"));
    assert_eq!(file.mode.bits(), 0o600, "{path}");
    String::from_utf8(file.contents.clone()).unwrap()
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Node<'a, 'i> {
    node.children()
        .find(|c| c.tag_name().name() == name)
        .unwrap_or_else(|| panic!("no {name} in {}", node.tag_name().name()))
}

fn names<'a>(node: Node<'a, '_>) -> Vec<&'a str> {
    node.children()
        .filter(Node::is_element)
        .map(|c| c.tag_name().name())
        .collect()
}

#[test]
fn connectors_have_standard_ports_tls_versions_and_limits() {
    let xml = file(&render(&spec()).unwrap(), "conf/activemq.xml");
    let document = Document::parse(&xml).unwrap();
    let broker = child(document.root_element(), "broker");
    let uris: Vec<&str> = child(broker, "transportConnectors")
        .children()
        .filter_map(|c| c.attribute("uri"))
        .collect();
    let starts = [
        "ssl://127.0.10.5:61617?",
        "amqp+ssl://127.0.10.5:5671?",
        "stomp+ssl://127.0.10.5:61614?",
        "mqtt+ssl://127.0.10.5:8883?",
        "wss://127.0.10.5:61619?",
    ];
    assert_eq!(uris.len(), starts.len());
    for (uri, start) in uris.iter().zip(starts) {
        assert!(uri.starts_with(start), "{uri}");
        assert!(uri.contains("wireFormat.maxFrameSize=33554432"), "{uri}");
        if !uri.starts_with("wss") {
            assert!(uri.contains("enabledProtocols=TLSv1.2,TLSv1.3"), "{uri}");
            assert!(uri.contains("maximumConnections=300"), "{uri}");
        }
    }
    let tls = child(child(broker, "sslContext"), "sslContext");
    assert_eq!(tls.attribute("keyStorePassword"), Some("key<&\">secret"));
    let jmx = child(child(broker, "managementContext"), "managementContext");
    assert_eq!(jmx.attribute("createConnector"), Some("false"));
}

#[test]
fn the_customers_tree_is_merged_and_cannot_replace_what_is_ours() {
    let mut spec = spec();
    spec.configuration = Configuration {
        attributes: vec![
            ("schedulerSupport".to_owned(), "true".to_owned()),
            ("brokerName".to_owned(), "evil".to_owned()),
            ("dataDirectory".to_owned(), "/etc".to_owned()),
            ("useJmx".to_owned(), "false".to_owned()),
        ],
        children: vec![
            Element::new("destinations").child(Element::new("queue").with("physicalName", "a>b")),
            Element::new("persistenceAdapter").child(
                Element::new("kahaDB")
                    .with("concurrentStoreAndDispatchQueues", "false")
                    .with("directory", "/etc"),
            ),
            Element::new("plugins")
                .child(Element::new("authorizationPlugin"))
                .child(Element::new("statisticsBrokerPlugin")),
            Element::new("systemUsage").child(
                Element::new("systemUsage")
                    .with("sendFailIfNoSpace", "true")
                    .child(
                        Element::new("memoryUsage")
                            .child(Element::new("memoryUsage").with("percentOfJvmHeap", "40")),
                    ),
            ),
            Element::new("transportConnectors").child(
                Element::new("transportConnector")
                    .with("name", "openwire")
                    .with("updateClusterClients", "true")
                    .with("uri", "tcp://0.0.0.0:1"),
            ),
            Element::new("networkConnectors").child(
                Element::new("networkConnector")
                    .with("userName", "app")
                    .with("uri", "static:(ssl://b-2-1.example:61617)"),
            ),
        ],
    };
    let xml = file(&render(&spec).unwrap(), "conf/activemq.xml");
    let document = Document::parse(&xml).unwrap();
    let broker = child(document.root_element(), "broker");
    assert_eq!(broker.attribute("brokerName"), Some("orders_1"));
    assert_eq!(broker.attribute("dataDirectory"), Some("/d/b-1234/store"));
    assert_eq!(broker.attribute("useJmx"), Some("true"));
    assert_eq!(broker.attribute("schedulerSupport"), Some("true"));
    assert_eq!(
        child(child(broker, "destinations"), "queue").attribute("physicalName"),
        Some("a>b")
    );
    let kaha = child(child(broker, "persistenceAdapter"), "kahaDB");
    assert_eq!(kaha.attribute("directory"), Some("/d/b-1234/store/kahadb"));
    assert_eq!(
        kaha.attribute("concurrentStoreAndDispatchQueues"),
        Some("false")
    );
    assert_eq!(
        names(child(broker, "plugins")),
        [
            "jaasAuthenticationPlugin",
            "authorizationPlugin",
            "statisticsBrokerPlugin"
        ]
    );
    let usage = child(child(broker, "systemUsage"), "systemUsage");
    assert_eq!(usage.attribute("sendFailIfNoSpace"), Some("true"));
    assert_eq!(
        child(child(usage, "memoryUsage"), "memoryUsage").attribute("percentOfJvmHeap"),
        Some("40")
    );
    let openwire = child(child(broker, "transportConnectors"), "transportConnector");
    assert_eq!(openwire.attribute("updateClusterClients"), Some("true"));
    assert!(openwire.attribute("uri").unwrap().starts_with("ssl://"));
    let bridge = child(child(broker, "networkConnectors"), "networkConnector");
    assert_eq!(bridge.attribute("password"), Some("apppassword1"));
}

#[test]
fn elements_that_are_not_the_customers_are_an_error() {
    for name in [
        "sslContext",
        "managementContext",
        "bean",
        "jmsBridgeConnectors",
    ] {
        let mut spec = spec();
        spec.configuration.children.push(Element::new(name));
        assert!(render(&spec).is_err(), "{name}");
    }
}

#[test]
fn users_and_groups_are_escaped_and_console_users_are_in_the_reserved_group() {
    let rendered = render(&spec()).unwrap();
    assert_eq!(
        file(&rendered, "conf/users.properties"),
        "admin=pa\\ ss\\#word\\!\\=\\\\\\u00e9\napp=apppassword1\npostern\\:webconsole=console\\ secret\n"
    );
    assert_eq!(
        file(&rendered, "conf/groups.properties"),
        "activemq-webconsole=admin,postern\\:webconsole\nadmins=admin\napps=app\npostern\\:console=admin\n"
    );
}

#[test]
fn reserved_and_impossible_names_are_refused() {
    for name in [CONSOLE_USER, "a,b", "", " a"] {
        let mut spec = spec();
        spec.users.push(user(name, "x", &[], false));
        assert!(render(&spec).is_err(), "{name:?}");
    }
    let mut spec = spec();
    spec.users
        .push(user("mallory", "x", &[CONSOLE_GROUP], false));
    assert!(render(&spec).is_err());
}

#[test]
fn nothing_secret_is_in_arguments_or_environment() {
    let rendered = render(&spec()).unwrap();
    let visible = format!("{:?}", rendered.command);
    for secret in [
        "pa ss#word!=",
        "apppassword1",
        "key<&",
        "console secret",
        "agent secret",
    ] {
        assert!(!visible.contains(secret), "{secret}");
        assert!(!format!("{rendered:?}").contains(secret), "{secret}");
    }
    assert!(
        rendered
            .command
            .arguments
            .contains(&"/e/activemq/5.18.6/boot.jar:/e/activemq/5.18.6/lib/a.jar:/e/activemq/5.18.6/console-lib/b.jar".to_owned())
    );
}

#[test]
fn management_listens_elsewhere_and_has_a_policy() {
    let rendered = render(&spec()).unwrap();
    let agent = file(&rendered, "conf/jolokia.properties");
    assert!(agent.contains("host=127.0.11.5\nport=8161\n"));
    assert!(agent.contains("policyLocation=file\\:///d/b-1234-1/conf/jolokia-policy.xml\n"));
    let policy = file(&rendered, "conf/jolokia-policy.xml");
    let document = Document::parse(&policy).unwrap();
    let general: Vec<_> = child(document.root_element(), "commands")
        .children()
        .filter_map(|c| c.text().map(str::trim).filter(|t| !t.is_empty()))
        .collect();
    assert_eq!(general, ["version"]);

    let mut spec = spec();
    spec.management.as_mut().unwrap().listen = "127.0.10.5:8161".parse().unwrap();
    assert_eq!(render(&spec).unwrap_err(), RenderError::ManagementExposed);
}

#[test]
fn a_broker_without_console_and_management_has_no_trace_of_them() {
    let mut spec = spec();
    spec.console = None;
    spec.management = None;
    spec.audit_log = false;
    let rendered = render(&spec).unwrap();
    assert_eq!(rendered.ports.len(), 5);
    assert!(!file(&rendered, "conf/activemq.xml").contains("console"));
    assert_eq!(file(&rendered, "conf/boot.properties"), "");
    assert!(!file(&rendered, "conf/groups.properties").contains("webconsole=postern"));
    assert!(!file(&rendered, "conf/users.properties").contains("postern"));
    assert!(
        !rendered
            .command
            .arguments
            .iter()
            .any(|a| a.contains("javaagent"))
    );
}

#[test]
fn the_consoles_beans_ask_for_the_reserved_group() {
    let console = file(&render(&spec()).unwrap(), "conf/console.xml");
    let document = Document::parse(&console).unwrap();
    let roles: Vec<_> = document
        .descendants()
        .filter(|n| n.attribute("name") == Some("roles"))
        .filter_map(|n| n.attribute("value"))
        .collect();
    assert_eq!(roles, [CONSOLE_GROUP]);
}

#[test]
fn values_that_spring_would_evaluate_are_refused() {
    let mut spec = spec();
    spec.configuration.children.push(
        Element::new("destinations")
            .child(Element::new("queue").with("physicalName", "#{T(java.lang.Runtime)}")),
    );
    assert!(matches!(render(&spec), Err(RenderError::Expression { .. })));
}

#[test]
fn either_logging_system_keeps_and_rotates_the_same_files() {
    for (logging, property) in [
        (Logging::JavaUtil, "-Djava.util.logging.config.file="),
        (Logging::Log4j, "-Dlog4j2.configurationFile="),
    ] {
        let mut spec = spec();
        spec.runtime.logging = logging;
        let rendered = render(&spec).unwrap();
        let text = file(&rendered, "conf/logging.properties");
        for expected in [
            "/d/b-1234-1/logs/activemq.0.log",
            "/d/b-1234-1/logs/audit.0.log",
        ] {
            let pattern = expected.replace(".0.", ".%g.");
            assert!(text.contains(expected) || text.contains(&pattern), "{text}");
        }
        assert!(
            rendered
                .command
                .arguments
                .iter()
                .any(|a| a.starts_with(property))
        );
    }
}
