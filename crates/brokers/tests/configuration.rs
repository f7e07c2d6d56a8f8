//! The rules of sanitising, one case each, and what engines are given of the result.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of tests may fail as tests do"
)]

use brokers::configuration::activemq::{Attribute, Element, Strategy, sanitise};
use brokers::configuration::{ConfigurationError, Warning, WarningReason};

const CORE: &str = "http://activemq.apache.org/schema/core";

/// Puts `inner` into a broker and sanitises it; gives the stored text without the broker around it, and the warnings.
fn inside_broker(inner: &str) -> (String, Vec<Warning>) {
    let text = format!("<broker xmlns=\"{CORE}\">{inner}</broker>");
    let sanitised = sanitise(text.as_bytes(), Strategy::Simple)
        .unwrap_or_else(|error| panic!("{inner}: {error}"));
    let stored = sanitised.document.to_xml();
    let stored = stored.trim_end();
    let kept = match stored.strip_prefix(&format!("<broker xmlns=\"{CORE}\">")) {
        Some(rest) => rest.strip_suffix("</broker>").unwrap(),
        None => {
            assert_eq!(stored, format!("<broker xmlns=\"{CORE}\"/>"));
            ""
        }
    };
    (kept.to_owned(), sanitised.warnings)
}

fn element(name: &str) -> Warning {
    Warning {
        reason: WarningReason::DisallowedElementRemoved,
        element_name: name.into(),
        attribute_name: None,
    }
}

fn attribute(element: &str, name: &str) -> Warning {
    let reason = WarningReason::DisallowedAttributeRemoved;
    Warning {
        reason,
        element_name: element.into(),
        attribute_name: Some(name.into()),
    }
}

fn value(element: &str, name: &str) -> Warning {
    let reason = WarningReason::InvalidAttributeValueRemoved;
    Warning {
        reason,
        element_name: element.into(),
        attribute_name: Some(name.into()),
    }
}

fn refusal(data: &[u8]) -> String {
    sanitise(data, Strategy::Simple).unwrap_err().to_string()
}

const NO_QUEUE: &str = "<destinations><queue/></destinations>";
const QUEUE_A: &str = "<destinations><queue physicalName=\"A\"/></destinations>";

#[test]
fn elements_that_are_not_permitted_are_removed() {
    let cases: &[(&str, &str, &[Warning])] = &[
        (QUEUE_A, QUEUE_A, &[]),
        (
            "<managementContext><managementContext/></managementContext>",
            "",
            &[element("managementContext")],
        ),
        (
            "<sslContext/><jmsBridgeConnectors/>",
            "",
            &[element("sslContext"), element("jmsBridgeConnectors")],
        ),
        (
            "<bean class='java.lang.ProcessBuilder'/>",
            "",
            &[element("bean")],
        ),
        (
            "<b:bean xmlns:b='http://www.springframework.org/schema/beans' class='x'/>",
            "",
            &[element("bean")],
        ),
        (
            "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:/etc/passwd'/>",
            "",
            &[element("include")],
        ),
        (
            "<import resource='file:/etc/passwd'/>",
            "",
            &[element("import")],
        ),
        (
            "<plugins><jaasAuthenticationPlugin/></plugins>",
            "<plugins/>",
            &[element("jaasAuthenticationPlugin")],
        ),
        (
            "<plugins><simpleAuthenticationPlugin/><statisticsBrokerPlugin/></plugins>",
            "<plugins><statisticsBrokerPlugin/></plugins>",
            &[element("simpleAuthenticationPlugin")],
        ),
        ("<policyMap/>", "", &[element("policyMap")]),
        (
            "<destinations xmlns=''><queue/></destinations>",
            "",
            &[element("destinations")],
        ),
        (
            "<destinations><queue xmlns='urn:x' physicalName='A'/></destinations>",
            "<destinations/>",
            &[element("queue")],
        ),
        (
            "<destinations>text<queue physicalName='A'/></destinations>",
            QUEUE_A,
            &[element("#text")],
        ),
        (
            "<destinations><queue physicalName='A'>text</queue></destinations>",
            QUEUE_A,
            &[element("#text")],
        ),
        (
            "<destinations><queue physicalName='A'/></destinations><destinations/>",
            QUEUE_A,
            &[element("destinations")],
        ),
        (
            "<persistenceAdapter><jdbcPersistenceAdapter/></persistenceAdapter>",
            "<persistenceAdapter/>",
            &[element("jdbcPersistenceAdapter")],
        ),
        (
            "<networkConnectors><multicastNetworkConnector/></networkConnectors>",
            "<networkConnectors/>",
            &[element("multicastNetworkConnector")],
        ),
        (
            "<plugins><authorizationPlugin><map><cachedLDAPAuthorizationMap/></map></authorizationPlugin></plugins>",
            "<plugins><authorizationPlugin><map/></authorizationPlugin></plugins>",
            &[element("cachedLDAPAuthorizationMap")],
        ),
    ];
    for (given, kept, warnings) in cases {
        assert_eq!(
            inside_broker(given),
            ((*kept).to_owned(), warnings.to_vec()),
            "{given}"
        );
    }
}

#[test]
fn attributes_that_are_not_permitted_are_removed() {
    let cases: &[(&str, &str, &[Warning])] = &[
        (
            "<plugins id='x'/>",
            "<plugins/>",
            &[attribute("plugins", "id")],
        ),
        (
            "<destinations><queue physicalName='A' class='x'/></destinations>",
            QUEUE_A,
            &[attribute("queue", "class")],
        ),
        (
            "<destinations><queue xmlns:p='http://www.springframework.org/schema/p' p:physicalName='A'/></destinations>",
            NO_QUEUE,
            &[attribute("queue", "physicalName")],
        ),
        (
            "<persistenceAdapter><kahaDB directory='/etc' journalDiskSyncStrategy='periodic'/><kahaDB/></persistenceAdapter>",
            "<persistenceAdapter><kahaDB journalDiskSyncStrategy=\"periodic\"/></persistenceAdapter>",
            &[attribute("kahaDB", "directory"), element("kahaDB")],
        ),
        (
            "<networkConnectors><networkConnector userName='u' password='secret' brokerURL='vm://x' localUri='vm://x' \
             uri='static:(ssl://b.example:61617)'/></networkConnectors>",
            "<networkConnectors><networkConnector userName=\"u\" uri=\"static:(ssl://b.example:61617)\"/></networkConnectors>",
            &[
                attribute("networkConnector", "password"),
                attribute("networkConnector", "brokerURL"),
                attribute("networkConnector", "localUri"),
            ],
        ),
    ];
    for (given, kept, warnings) in cases {
        assert_eq!(
            inside_broker(given),
            ((*kept).to_owned(), warnings.to_vec()),
            "{given}"
        );
    }
}

#[test]
fn values_that_are_not_of_the_attributes_kind_are_removed() {
    for bad in [
        "#ref",
        "&#35;ref",
        "a#{T(java.lang.Runtime)}",
        "${env}",
        "x${a}y",
        "a&#10;b",
        "",
    ] {
        let given = format!("<destinations><queue physicalName='{bad}'/></destinations>");
        assert_eq!(
            inside_broker(&given),
            (NO_QUEUE.to_owned(), vec![value("queue", "physicalName")]),
            "{bad}"
        );
    }
    let cases: &[(&str, &str, &[Warning])] = &[
        (
            "<systemUsage><systemUsage><memoryUsage><memoryUsage percentOfJvmHeap='71' limit='1 gb'/></memoryUsage>\
             <storeUsage/></systemUsage></systemUsage>",
            "<systemUsage><systemUsage><memoryUsage><memoryUsage/></memoryUsage></systemUsage></systemUsage>",
            &[
                value("memoryUsage", "percentOfJvmHeap"),
                attribute("memoryUsage", "limit"),
                element("storeUsage"),
            ],
        ),
        (
            "<transportConnectors><transportConnector name='openwire' uri='tcp://0.0.0.0:1' updateClusterClients='true'/>\
             <transportConnector name='tcp'/></transportConnectors>",
            "<transportConnectors><transportConnector name=\"openwire\" updateClusterClients=\"true\"/>\
             <transportConnector/></transportConnectors>",
            &[
                attribute("transportConnector", "uri"),
                value("transportConnector", "name"),
            ],
        ),
        (
            "<networkConnectors><networkConnector duplex='maybe' uri='vm://x?brokerConfig=xbean:http://evil/'/></networkConnectors>",
            "<networkConnectors><networkConnector/></networkConnectors>",
            &[
                value("networkConnector", "duplex"),
                value("networkConnector", "uri"),
            ],
        ),
    ];
    for (given, kept, warnings) in cases {
        assert_eq!(
            inside_broker(given),
            ((*kept).to_owned(), warnings.to_vec()),
            "{given}"
        );
    }
}

#[test]
fn the_brokers_own_identity_and_folders_are_not_the_customers() {
    let text = format!(
        "<broker brokerName=\"x\" xmlns=\"{CORE}\" dataDirectory=\"/etc\" useJmx=\"true\" start=\"false\" \
         persistent=\"false\" id=\"b\" systemUsage=\"#x\"/>"
    );
    let sanitised = sanitise(text.as_bytes(), Strategy::Simple).unwrap();
    assert_eq!(
        sanitised.document.to_xml(),
        format!("<broker xmlns=\"{CORE}\" persistent=\"false\"/>\n")
    );
    let names: Vec<_> = sanitised
        .warnings
        .iter()
        .map(|warning| warning.attribute_name.clone().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "brokerName",
            "dataDirectory",
            "useJmx",
            "start",
            "id",
            "systemUsage"
        ]
    );
}

#[test]
fn declaration_comments_white_space_and_the_order_of_attributes_survive() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<!-- before -->\n\
         <broker schedulePeriodForDestinationPurge=\"10000\" xmlns=\"{CORE}\" advisorySupport=\"false\">\n\
         \t<!-- a comment > with ${{marks}} & <tags a=\"b\"/> -->\n\n  <plugins>\n    <!-- empty -->\n  </plugins>\n\
         <destinations><topic DLQ=\"true\" physicalName=\"a &amp; b &lt;c&gt; &quot;d' é\"/></destinations>\n</broker>\n\
         <!-- after -->\n"
    );
    let sanitised = sanitise(text.as_bytes(), Strategy::Simple).unwrap();
    assert_eq!(sanitised.warnings, []);
    assert_eq!(sanitised.document.to_xml(), text);
}

#[test]
fn terraform_sees_no_difference_in_what_it_sent() {
    // The provider compares with all white space removed and `<a/>` written as `<a></a>`.
    let comparable = |xml: &str| {
        xml.split_whitespace()
            .collect::<String>()
            .replace("<plugins></plugins>", "<plugins/>")
    };
    for text in [
        format!("<broker xmlns=\"{CORE}\">\r\n  <plugins></plugins>\r\n</broker>"),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<broker xmlns=\"{CORE}\">\n</broker>\n"
        ),
        format!(
            "<?xml version='1.0'?><broker   useVirtualTopics=\"true\"\n\txmlns=\"{CORE}\"><!-- a\r\nb --></broker>"
        ),
    ] {
        let sanitised = sanitise(text.as_bytes(), Strategy::Simple).unwrap();
        let stored = sanitised.document.to_xml().replace(
            &format!("<broker xmlns=\"{CORE}\"/>"),
            &format!("<broker xmlns=\"{CORE}\"></broker>"),
        );
        assert_eq!(comparable(&stored), comparable(&text));
    }
}

#[test]
fn another_prefix_for_the_same_namespace_means_the_same_elements() {
    let text = format!(
        "<amq:broker xmlns:amq=\"{CORE}\"><amq:destinations><amq:queue physicalName=\"A\"/></amq:destinations></amq:broker>"
    );
    let sanitised = sanitise(text.as_bytes(), Strategy::Simple).unwrap();
    assert_eq!(sanitised.warnings, []);
    assert_eq!(
        sanitised.document.to_xml(),
        format!("<broker xmlns=\"{CORE}\">{QUEUE_A}</broker>\n")
    );
}

#[test]
fn processing_instructions_are_dropped() {
    let (kept, warnings) =
        inside_broker("<?php evil ?><plugins><?xml-stylesheet href='x'?></plugins>");
    assert_eq!((kept.as_str(), warnings), ("<plugins/>", vec![]));
}

#[test]
fn documents_that_cannot_be_a_configuration_are_refused_with_the_reason() {
    let root = "Valid values: [broker] in namespace [http://activemq.apache.org/schema/core].";
    let cases: &[(&[u8], &str)] = &[
        (
            b"<broker>\n  <a></b>\n</broker>",
            "Configuration XML is not well-formed. Error at line [2], column [6].",
        ),
        (
            b"\xff\xfe<\0",
            "Configuration data is not valid UTF-8 text.",
        ),
        (
            b"<?xml version='1.0' encoding='ISO-8859-1'?><broker/>",
            "Configuration XML encoding [ISO-8859-1] is not supported. Valid values: [UTF-8].",
        ),
        (
            b"<!DOCTYPE broker><broker/>",
            "Configuration XML must not contain a document type declaration [DOCTYPE].",
        ),
        (
            b"<broker>&xxe;</broker>",
            "Configuration XML must not refer to the entity [xxe].",
        ),
        (
            b"<broker a='&xxe;'/>",
            "Configuration XML must not refer to the entity [xxe].",
        ),
    ];
    for (data, message) in cases {
        assert_eq!(refusal(data), *message);
    }
    for malformed in [
        "",
        " ",
        "not xml",
        "<broker",
        "<broker>",
        "<a/><b/>",
        "<broker a='1' a='2'/>",
        "<broker a=1/>",
        "<x:broker/>",
        "<?xml?><broker/>",
        "<?xml version='2.0'?><broker/>",
        "<?xml encoding='UTF-8'?><broker/>",
        "<broker><!-- -- --></broker>",
        "<?xml version='1.0' evil='x'?><broker/>",
        "<broker>&#0;</broker>",
        "<broker>\u{1}</broker>",
        "x<broker/>",
    ] {
        let message = refusal(malformed.as_bytes());
        assert!(
            message.starts_with("Configuration XML is not well-formed. Error at line ["),
            "{malformed}: {message}"
        );
    }
    let wrong = |name: &str, namespace: &str| {
        format!(
            "Configuration XML root element [{name}] in namespace [{namespace}] is invalid. {root}"
        )
    };
    let beans = "http://www.springframework.org/schema/beans";
    assert_eq!(refusal(b"<broker/>"), wrong("broker", ""));
    assert_eq!(
        refusal(format!("<beans xmlns='{beans}'/>").as_bytes()),
        wrong("beans", beans)
    );
    assert_eq!(
        refusal(format!("<queue xmlns='{CORE}'/>").as_bytes()),
        wrong("queue", CORE)
    );
}

#[test]
fn refusals_name_the_data_as_what_was_wrong() {
    assert_eq!(ConfigurationError::DocumentType.attribute(), "data");
    assert_eq!(ConfigurationError::NotBase64.attribute(), "data");
}

#[test]
fn the_engine_gets_the_parts_without_comments_and_without_what_it_could_not_start_with() {
    let text = format!(
        "<broker xmlns=\"{CORE}\" persistent=\"true\"><!-- c -->
          <destinationPolicy><policyMap><policyEntries>
            <policyEntry memoryLimit=\"1 mb\"/>
            <policyEntry queue=\"&gt;\"><pendingQueuePolicy></pendingQueuePolicy><!-- c --></policyEntry>
            <policyEntry><destination><topic physicalName=\"T\"/></destination></policyEntry>
            <policyEntry><destination><topic/></destination></policyEntry>
          </policyEntries><defaultEntry><policyEntry useCache=\"true\"/></defaultEntry></policyMap></destinationPolicy>
          {NO_QUEUE}
          <persistenceAdapter><kahaDB cleanupOnStop=\"false\"/></persistenceAdapter>
          <plugins><timeStampingBrokerPlugin ttlCeiling=\"1\"/><!-- c --><statisticsBrokerPlugin/></plugins>
          <systemUsage><systemUsage sendFailIfNoSpace=\"true\">
            <memoryUsage><memoryUsage percentOfJvmHeap=\"50\"/></memoryUsage>
          </systemUsage></systemUsage>
          <transportConnectors><transportConnector name=\"openwire\" rebalanceClusterClients=\"true\"/></transportConnectors>
          <networkConnectors>
            <networkConnector name=\"n\" userName=\"u\" uri=\"static:(ssl://b.example:61617)\" networkTTL=\"2\">
              <excludedDestinations><queue physicalName=\"X\"/><topic/></excludedDestinations>
            </networkConnector>
            <networkConnector name=\"nowhere\"/>
          </networkConnectors>
        </broker>"
    );
    let sanitised = sanitise(text.as_bytes(), Strategy::Simple).unwrap();
    assert_eq!(sanitised.warnings, []);
    let document = sanitised.document;
    let pairs = |attributes: Vec<&Attribute>| -> Vec<String> {
        attributes
            .into_iter()
            .map(|attribute| format!("{}={}", attribute.name(), attribute.value()))
            .collect()
    };

    assert_eq!(
        pairs(document.broker_attributes().iter().collect()),
        ["persistent=true"]
    );
    let children: Vec<_> = document
        .broker_children()
        .map(Element::to_engine_xml)
        .collect();
    assert_eq!(
        children,
        [
            "<destinationPolicy><policyMap><policyEntries><policyEntry queue=\"&gt;\"/>\
          <policyEntry><destination><topic physicalName=\"T\"/></destination></policyEntry></policyEntries>\
          <defaultEntry><policyEntry useCache=\"true\"/></defaultEntry></policyMap></destinationPolicy>"
        ]
    );
    assert_eq!(
        pairs(document.kaha_db().iter().collect()),
        ["cleanupOnStop=false"]
    );
    let plugins: Vec<_> = document.plugins().map(Element::to_engine_xml).collect();
    assert_eq!(
        plugins,
        [
            "<timeStampingBrokerPlugin ttlCeiling=\"1\"/>",
            "<statisticsBrokerPlugin/>"
        ]
    );
    let usage = document.system_usage();
    assert_eq!(
        pairs(usage.attributes.iter().collect()),
        ["sendFailIfNoSpace=true"]
    );
    assert_eq!(usage.percent_of_jvm_heap, Some(50));
    assert_eq!(
        pairs(document.openwire_attributes().collect()),
        ["rebalanceClusterClients=true"]
    );
    let connectors: Vec<_> = document.network_connectors().collect();
    let [connector] = connectors.as_slice() else {
        panic!("{connectors:?}")
    };
    assert_eq!(connector.uri.to_string(), "static:(ssl://b.example:61617)");
    assert_eq!(connector.user_name, Some("u"));
    assert_eq!(
        pairs(connector.attributes.clone()),
        ["name=n", "networkTTL=2"]
    );
    assert_eq!(
        connector.inner_xml(),
        "<excludedDestinations><queue physicalName=\"X\"/></excludedDestinations>"
    );
}

#[test]
fn an_entry_for_temporary_destinations_reaches_the_engine_where_the_engine_takes_it() {
    let text = |inside: &str| {
        format!(
            "<broker xmlns=\"{CORE}\"><plugins><authorizationPlugin><map><authorizationMap>{inside}</authorizationMap></map>\
             </authorizationPlugin></plugins></broker>"
        )
    };
    let engine = |inside: &str| {
        let sanitised = sanitise(text(inside).as_bytes(), Strategy::Simple).unwrap();
        assert_eq!(sanitised.warnings, []);
        let xml = sanitised
            .document
            .plugins()
            .map(Element::to_engine_xml)
            .collect::<String>();
        let (_, rest) = xml.split_once("<authorizationMap>").unwrap();
        let (map, _) = rest.split_once("</authorizationMap>").unwrap();
        map.to_owned()
    };
    let queue = "<authorizationEntry queue=\"Q\" read=\"a\"/>";
    let (one, two) = (
        "<tempDestinationAuthorizationEntry read=\"a\"/>",
        "<tempDestinationAuthorizationEntry read=\"b\"/>",
    );
    let property = "tempDestinationAuthorizationEntry";
    assert_eq!(
        engine(&format!(
            "<authorizationEntries>{one}{queue}</authorizationEntries>"
        )),
        format!(
            "<authorizationEntries>{queue}</authorizationEntries><{property}>{one}</{property}>"
        )
    );
    let both = format!(
        "<authorizationEntries>{queue}{one}</authorizationEntries><{property}>{two}</{property}>"
    );
    assert_eq!(
        engine(&both),
        format!(
            "<authorizationEntries>{queue}</authorizationEntries><{property}>{two}</{property}>"
        )
    );
}

#[test]
fn attributes_that_only_take_references_take_nothing() {
    let policy = |inside: &str| {
        format!(
            "<destinationPolicy><policyMap><defaultEntry><policyEntry>{inside}</policyEntry></defaultEntry></policyMap></destinationPolicy>"
        )
    };
    let given = policy(
        "<deadLetterStrategy><discarding deadLetterQueue='DLQ' enableAudit='true'/></deadLetterStrategy>\
         <subscriptionRecoveryPolicy><queryBasedSubscriptionRecoveryPolicy query='a = 1'/></subscriptionRecoveryPolicy>",
    );
    let kept = policy(
        "<deadLetterStrategy><discarding enableAudit=\"true\"/></deadLetterStrategy>\
         <subscriptionRecoveryPolicy><queryBasedSubscriptionRecoveryPolicy/></subscriptionRecoveryPolicy>",
    );
    let warnings = vec![
        value("discarding", "deadLetterQueue"),
        value("queryBasedSubscriptionRecoveryPolicy", "query"),
    ];
    assert_eq!(inside_broker(&given), (kept, warnings));
}

#[test]
fn redelivery_needs_the_scheduler() {
    let needs = |plugins: &str| {
        let text = format!("<broker xmlns=\"{CORE}\"><plugins>{plugins}</plugins></broker>");
        sanitise(text.as_bytes(), Strategy::Simple)
            .unwrap()
            .document
            .needs_scheduler()
    };
    assert!(needs("<statisticsBrokerPlugin/><redeliveryPlugin/>"));
    assert!(!needs("<statisticsBrokerPlugin/>"));
}
