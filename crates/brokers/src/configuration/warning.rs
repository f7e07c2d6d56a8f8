//! What sanitising took away, in the words of the API.

use serde::{Deserialize, Serialize};

/// How many warnings an answer of UpdateConfiguration carries at most (API reference: "the list of the first 20
/// warnings about elements or attributes disallowed").
pub const MAX_REPORTED_WARNINGS: usize = 20;

/// One element or attribute that sanitising removed: the API's `SanitizationWarning`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Why it was removed.
    pub reason: WarningReason,
    /// The element that was removed, or that carried the attribute; its local name, or `#text` for text that stood
    /// where only elements may stand.
    pub element_name: String,
    /// The attribute that was removed, when it was an attribute.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub attribute_name: Option<String>,
}

/// Why something was removed: the API's `SanitizationWarningReason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningReason {
    /// The element is not permitted there.
    DisallowedElementRemoved,
    /// The element may not carry that attribute.
    DisallowedAttributeRemoved,
    /// The attribute is permitted, its value is not.
    InvalidAttributeValueRemoved,
}

impl WarningReason {
    /// The reason's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DisallowedElementRemoved => "DISALLOWED_ELEMENT_REMOVED",
            Self::DisallowedAttributeRemoved => "DISALLOWED_ATTRIBUTE_REMOVED",
            Self::InvalidAttributeValueRemoved => "INVALID_ATTRIBUTE_VALUE_REMOVED",
        }
    }
}

impl Warning {
    pub(super) fn element(name: &str) -> Self {
        Self {
            reason: WarningReason::DisallowedElementRemoved,
            element_name: name.to_owned(),
            attribute_name: None,
        }
    }

    pub(super) fn attribute(reason: WarningReason, element: &str, attribute: &str) -> Self {
        Self {
            reason,
            element_name: element.to_owned(),
            attribute_name: Some(attribute.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_has_the_members_of_the_api() {
        let warning = Warning::attribute(
            WarningReason::InvalidAttributeValueRemoved,
            "networkConnector",
            "uri",
        );
        let json = serde_json::to_value(&warning).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"reason": "INVALID_ATTRIBUTE_VALUE_REMOVED", "elementName": "networkConnector", "attributeName": "uri"})
        );
        let json = serde_json::to_value(Warning::element("bean")).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"reason": "DISALLOWED_ELEMENT_REMOVED", "elementName": "bean"})
        );
    }

    #[test]
    fn every_reason_is_written_as_its_wire_name() {
        for reason in [
            WarningReason::DisallowedElementRemoved,
            WarningReason::DisallowedAttributeRemoved,
            WarningReason::InvalidAttributeValueRemoved,
        ] {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
