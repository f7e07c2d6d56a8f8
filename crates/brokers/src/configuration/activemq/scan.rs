//! A first pass over the XML that keeps bombs away from the parser.
//!
//! The tree parser compares each attribute of an element with every other one and copies the namespaces in scope for each
//! element that declares one, so its time and memory are bounded only if those numbers are. This pass streams, keeps
//! nothing and stops at the first number that is too large.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::ConfigurationError;

/// How deep elements may be nested.
pub const MAX_DEPTH: usize = 64;
/// How many nodes (elements, texts, comments, processing instructions) a document may have.
pub const MAX_NODES: u32 = 50_000;
/// How many attributes one element may have.
pub const MAX_ATTRIBUTES_PER_ELEMENT: usize = 128;
/// How many attributes all elements together may have.
pub const MAX_ATTRIBUTES: usize = 50_000;
/// How many namespaces a document may declare.
pub const MAX_NAMESPACES: usize = 64;

/// What the first pass found out that the tree does not tell.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The XML declaration between `<?xml` and `?>`, if there is one.
    pub(super) declaration: Option<String>,
    /// How many attributes stand before `xmlns` in the root's start tag.
    pub(super) attributes_before_namespace: usize,
}

/// Counts, and refuses what is too much.
pub(super) fn scan(text: &str) -> Result<Scan, ConfigurationError> {
    let mut found = Scan::default();
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut nodes = 0_u32;
    let mut counts = Counts::default();
    loop {
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(ConfigurationError::TooManyNodes);
        }
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let before = counts.add(&tag)?;
                if depth == 0 {
                    found.attributes_before_namespace = before;
                }
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(ConfigurationError::TooDeep);
                }
            }
            Ok(Event::Empty(tag)) => {
                let before = counts.add(&tag)?;
                if depth == 0 {
                    found.attributes_before_namespace = before;
                }
                if depth >= MAX_DEPTH {
                    return Err(ConfigurationError::TooDeep);
                }
            }
            // The reader itself refuses an end without its start.
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                nodes -= 1;
            }
            Ok(Event::Decl(declaration)) => {
                let inner: &str = &declaration;
                found.declaration =
                    Some(inner.strip_prefix("xml").unwrap_or(inner).trim().to_owned());
            }
            Ok(Event::DocType(_)) => return Err(ConfigurationError::DocumentType),
            Ok(
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::PI(_)
                | Event::GeneralRef(_),
            ) => {}
            Ok(Event::Eof) => return Ok(found),
            Err(_) => return Err(not_well_formed(text, reader.error_position())),
        }
    }
}

#[derive(Default)]
struct Counts {
    attributes: usize,
    namespaces: usize,
}

impl Counts {
    /// Counts a start tag's attributes; gives how many stand before `xmlns`.
    fn add(&mut self, tag: &BytesStart<'_>) -> Result<usize, ConfigurationError> {
        let (mut own, mut before) = (0, 0);
        for attribute in tag.attributes().with_checks(false) {
            // A fault here is a fault to the parser too, which says where it is.
            let Ok(attribute) = attribute else { break };
            let name = attribute.key.as_ref();
            if name == "xmlns" || name.starts_with("xmlns:") {
                self.namespaces += 1;
                if name == "xmlns" {
                    before = own;
                }
            } else {
                own += 1;
            }
            if own > MAX_ATTRIBUTES_PER_ELEMENT {
                return Err(ConfigurationError::TooManyAttributes);
            }
            if self.namespaces > MAX_NAMESPACES {
                return Err(ConfigurationError::TooManyNamespaces);
            }
        }
        self.attributes += own;
        if self.attributes > MAX_ATTRIBUTES {
            Err(ConfigurationError::TooManyAttributes)
        } else {
            Ok(before)
        }
    }
}

fn not_well_formed(text: &str, at: u64) -> ConfigurationError {
    let at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1);
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    ConfigurationError::NotWellFormed {
        line: count(lines + 1),
        column: count(at - line_start + 1),
    }
}
