//! Reading a customer's XML into a tree of permitted things.

use roxmltree::{NodeType, ParsingOptions};

use super::super::encoding;
use super::super::{ConfigurationError, Warning, WarningReason};
use super::document::{Attribute, Document, Element, Node, Role};
use super::scan::{MAX_NODES, Scan, scan};
use super::table::{Collection, ElementRule, Holds};
use super::{CORE_NAMESPACE, Strategy};

/// A configuration after sanitising.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sanitised {
    /// What is left: what is permitted.
    pub document: Document,
    /// What was taken away, in document order, all of it. An answer carries the first
    /// [`MAX_REPORTED_WARNINGS`](super::super::MAX_REPORTED_WARNINGS).
    pub warnings: Vec<Warning>,
}

/// Sanitises the decoded `data` of an ActiveMQ configuration.
///
/// Refused are documents that are not UTF-8, larger than 1 MiB, not well-formed, nested or populated beyond the limits of
/// this module, with a document type declaration or entities of their own, or whose root is not ActiveMQ's `broker`.
/// Everything else gives a document: what the table does not permit is removed with a warning (developer guide, "Amazon MQ
/// broker configuration parameters": "Amazon MQ automatically sanitizes and removes invalid and prohibited configuration
/// parameters").
pub fn sanitise(data: &[u8], strategy: Strategy) -> Result<Sanitised, ConfigurationError> {
    let text = encoding::text(data)?;
    let Scan {
        declaration,
        attributes_before_namespace,
    } = scan(text)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        entity_resolver: None,
    };
    let tree =
        roxmltree::Document::parse_with_options(text, options).map_err(|error| refusal(&error))?;
    let declaration = declaration
        .map(|inner| check_declaration(&inner))
        .transpose()?;

    let root = tree.root_element();
    let name = root.tag_name();
    let rule = ElementRule::of("broker")
        .filter(|rule| rule.name == name.name() && name.namespace() == Some(CORE_NAMESPACE));
    let Some(rule) = rule else {
        return Err(ConfigurationError::WrongRoot {
            name: shortened(name.name()),
            namespace: shortened(name.namespace().unwrap_or_default()),
        });
    };

    let mut sieve = Sieve {
        strategy,
        warnings: Vec::new(),
    };
    let element = sieve.element(root, rule);
    let kept_before = root
        .attributes()
        .take(attributes_before_namespace)
        .filter(|attribute| element.attribute(attribute.name()).is_some())
        .count();
    let comments = |nodes: &mut dyn Iterator<Item = roxmltree::Node<'_, '_>>| -> Vec<String> {
        nodes
            .filter(|node| node.is_comment())
            .filter_map(|node| node.text().map(line_feeds))
            .collect()
    };
    Ok(Sanitised {
        document: Document {
            declaration,
            before: comments(&mut tree.root().children().take_while(|node| *node != root)),
            after: comments(&mut root.next_siblings().skip(1)),
            root: element,
            attributes_before_namespace: kept_before,
        },
        warnings: sieve.warnings,
    })
}

struct Sieve {
    strategy: Strategy,
    warnings: Vec<Warning>,
}

impl Sieve {
    /// An element with a rule: its attributes by kind, its child elements as collections.
    fn element(&mut self, node: roxmltree::Node<'_, '_>, rule: &'static ElementRule) -> Element {
        let mut attributes = Vec::new();
        for attribute in node.attributes() {
            let known = if attribute.namespace().is_some() {
                None
            } else {
                rule.attribute(attribute.name())
            };
            let reason = match known {
                None => WarningReason::DisallowedAttributeRemoved,
                Some((name, kind)) if kind.permits(attribute.value()) => {
                    attributes.push(Attribute {
                        name,
                        value: attribute.value().to_owned(),
                    });
                    continue;
                }
                Some(_) => WarningReason::InvalidAttributeValueRemoved,
            };
            self.warnings.push(Warning::attribute(
                reason,
                rule.name,
                &shortened(attribute.name()),
            ));
        }
        let mut held: Vec<&'static str> = Vec::new();
        let children = self.children(node, |sieve, child| {
            let collection = rule
                .collection(child.tag_name().name())
                .filter(|known| !held.contains(&known.name))?;
            held.push(collection.name);
            Some(sieve.collection(child, collection))
        });
        Element {
            role: Role::Object,
            name: rule.name,
            attributes,
            children,
        }
    }

    /// A collection: no attributes of its own, and values of the elements it permits.
    fn collection(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        collection: &'static Collection,
    ) -> Element {
        for attribute in node.attributes() {
            let reason = WarningReason::DisallowedAttributeRemoved;
            self.warnings.push(Warning::attribute(
                reason,
                collection.name,
                &shortened(attribute.name()),
            ));
        }
        let mut full = false;
        let children = self.children(node, |sieve, child| {
            let name = child.tag_name().name();
            if full || !collection.permits(name, sieve.strategy) {
                return None;
            }
            let rule = ElementRule::of(name)?;
            full = collection.holds == Holds::One;
            Some(sieve.element(child, rule))
        });
        Element {
            role: Role::Collection,
            name: collection.name,
            attributes: Vec::new(),
            children,
        }
    }

    /// The child nodes that are kept: permitted elements, comments and white space.
    fn children<'a, 'input: 'a>(
        &mut self,
        node: roxmltree::Node<'a, 'input>,
        mut permitted: impl FnMut(&mut Self, roxmltree::Node<'a, 'input>) -> Option<Element>,
    ) -> Vec<Node> {
        let mut kept = Vec::new();
        for child in node.children() {
            match child.node_type() {
                NodeType::Element => {
                    let ours = child.tag_name().namespace() == Some(CORE_NAMESPACE);
                    match if ours { permitted(self, child) } else { None } {
                        Some(element) => kept.push(Node::Element(element)),
                        None => self
                            .warnings
                            .push(Warning::element(&shortened(child.tag_name().name()))),
                    }
                }
                NodeType::Text => {
                    let text = child.text().unwrap_or_default();
                    let space: String = text
                        .chars()
                        .filter(|mark| matches!(mark, ' ' | '\t' | '\n'))
                        .collect();
                    if !text
                        .chars()
                        .all(|mark| matches!(mark, ' ' | '\t' | '\n' | '\r'))
                    {
                        self.warnings.push(Warning::element("#text"));
                    } else if let Some(Node::Space(before)) = kept.last_mut() {
                        before.push_str(&space);
                    } else if !space.is_empty() {
                        kept.push(Node::Space(space));
                    }
                }
                NodeType::Comment => {
                    kept.push(Node::Comment(line_feeds(child.text().unwrap_or_default())))
                }
                NodeType::PI | NodeType::Root => {}
            }
        }
        kept
    }
}

/// An XML declaration is kept as given, but only if it has the form the specification of XML gives it.
fn check_declaration(inner: &str) -> Result<String, ConfigurationError> {
    let malformed = || ConfigurationError::NotWellFormed { line: 1, column: 1 };
    let mut rest = inner;
    let mut names = ["version", "encoding", "standalone"].iter();
    let mut version_seen = false;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(malformed)?;
        let name = name.trim();
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|mark| matches!(mark, '"' | '\''))
            .ok_or_else(malformed)?;
        let (value, after) = after
            .strip_prefix(quote)
            .and_then(|value| value.split_once(quote))
            .ok_or_else(malformed)?;
        // Each name at most once, in this order.
        names.find(|known| **known == name).ok_or_else(malformed)?;
        let fits = match name {
            "version" => matches!(value, "1.0" | "1.1"),
            "encoding"
                if value.eq_ignore_ascii_case("utf-8")
                    || value.eq_ignore_ascii_case("us-ascii") =>
            {
                true
            }
            "encoding" => {
                return Err(ConfigurationError::Encoding {
                    encoding: shortened(value),
                });
            }
            _ => matches!(value, "yes" | "no"),
        };
        version_seen |= name == "version";
        if !fits || !(after.is_empty() || after.starts_with([' ', '\t', '\r', '\n'])) {
            return Err(malformed());
        }
        rest = after.trim_start();
    }
    if version_seen {
        Ok(line_feeds(inner))
    } else {
        Err(malformed())
    }
}

/// Says in the caller's terms why the parser refused.
fn refusal(error: &roxmltree::Error) -> ConfigurationError {
    match error {
        roxmltree::Error::DtdDetected => ConfigurationError::DocumentType,
        roxmltree::Error::NodesLimitReached => ConfigurationError::TooManyNodes,
        roxmltree::Error::AttributesLimitReached => ConfigurationError::TooManyAttributes,
        roxmltree::Error::NamespacesLimitReached => ConfigurationError::TooManyNamespaces,
        roxmltree::Error::UnknownEntityReference(name, _) => ConfigurationError::Entity {
            name: shortened(name),
        },
        other => {
            let at = other.pos();
            ConfigurationError::NotWellFormed {
                line: at.row,
                column: at.col,
            }
        }
    }
}

/// Line ends as XML has them: line feeds.
fn line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A name from the customer's document, short enough for a message.
fn shortened(name: &str) -> String {
    name.chars().take(100).collect()
}
