//! The configuration every ActiveMQ broker starts with.

use super::{Document, Strategy, sanitise};

/// The text of the first revision of every ActiveMQ configuration.
///
/// AWS: what is active in it is exactly what Amazon MQ's own default has, a sweep for inactive destinations every ten
/// seconds and one policy each for topics and queues. The comments and their examples are ours, in Amazon's order.
pub const DEFAULT_TEXT: &str = include_str!("default.xml");

/// The document of [`DEFAULT_TEXT`]; nothing only if the text were not a configuration, which a test excludes.
pub fn default_document() -> Option<Document> {
    sanitise(DEFAULT_TEXT.as_bytes(), Strategy::Simple)
        .ok()
        .map(|sanitised| sanitised.document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_text_is_its_own_stored_form() {
        let sanitised = sanitise(DEFAULT_TEXT.as_bytes(), Strategy::Simple).unwrap();
        assert_eq!(sanitised.warnings, []);
        assert_eq!(sanitised.document.to_xml(), DEFAULT_TEXT);
        assert_eq!(default_document(), Some(sanitised.document));
    }

    #[test]
    fn what_is_active_in_the_default_is_what_amazons_has() {
        let document = default_document().unwrap();
        let attributes: Vec<_> = document
            .broker_attributes()
            .iter()
            .map(|a| (a.name(), a.value()))
            .collect();
        assert_eq!(attributes, [("schedulePeriodForDestinationPurge", "10000")]);
        let children: Vec<_> = document
            .broker_children()
            .map(super::super::Element::to_engine_xml)
            .collect();
        assert_eq!(
            children,
            ["<destinationPolicy><policyMap><policyEntries>\
              <policyEntry topic=\"&gt;\" gcInactiveDestinations=\"true\" inactiveTimoutBeforeGC=\"600000\">\
              <pendingMessageLimitStrategy><constantPendingMessageLimitStrategy limit=\"1000\"/></pendingMessageLimitStrategy>\
              </policyEntry>\
              <policyEntry queue=\"&gt;\" gcInactiveDestinations=\"true\" inactiveTimoutBeforeGC=\"600000\"/>\
              </policyEntries></policyMap></destinationPolicy>"]
        );
        assert_eq!(document.plugins().count(), 0);
    }

    #[test]
    fn every_example_in_the_comments_is_a_permitted_one() {
        let shown = DEFAULT_TEXT.replace("<!--", "").replace("-->", "");
        // Sentences become text, which is removed; the examples' elements must not be.
        let sanitised = sanitise(shown.as_bytes(), Strategy::Simple).unwrap();
        let removed: Vec<_> = sanitised
            .warnings
            .iter()
            .filter(|warning| warning.element_name != "#text")
            .collect();
        assert_eq!(removed, [] as [&super::super::super::Warning; 0]);
        assert_eq!(sanitised.document.plugins().count(), 6);
        assert_eq!(sanitised.document.network_connectors().count(), 1);
        assert_eq!(sanitised.document.broker_children().count(), 3);
    }
}
