//! A small XML tree and its writer. Nothing reaches the engine's files but through here.

use super::RenderError;

/// An XML element without text: ActiveMQ's configuration consists of attributes and children only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The element's name.
    pub name: String,
    /// Names and values, in order.
    pub attributes: Vec<(String, String)>,
    /// Child elements, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// An element of this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Sets an attribute, in place of one of the same name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds a child at the end.
    #[must_use]
    pub fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// Sets an attribute, in place of one of the same name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.attributes.retain(|(present, _)| present != name);
        self.attributes.push((name.to_owned(), value.into()));
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(present, _)| present == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Writes the element and all below it.
    ///
    /// # Errors
    ///
    /// A name that is no plain XML name, a character that XML 1.0 cannot hold, or a value with `${` or `#{`: Spring, which
    /// reads these files, evaluates both. Configurations are cleaned of them long before; this is the last door.
    pub fn write(&self, out: &mut String) -> Result<(), RenderError> {
        self.write_indented(out, 0)
    }

    fn write_indented(&self, out: &mut String, depth: usize) -> Result<(), RenderError> {
        let indent = "  ".repeat(depth);
        out.push_str(&indent);
        out.push('<');
        out.push_str(checked_name(&self.name)?);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(checked_name(name)?);
            out.push_str("=\"");
            self.write_value(out, name, value)?;
            out.push('"');
        }
        if self.children.is_empty() {
            out.push_str("/>\n");
            return Ok(());
        }
        out.push_str(">\n");
        for child in &self.children {
            child.write_indented(out, depth + 1)?;
        }
        out.push_str(&indent);
        out.push_str("</");
        out.push_str(&self.name);
        out.push_str(">\n");
        Ok(())
    }

    fn write_value(&self, out: &mut String, name: &str, value: &str) -> Result<(), RenderError> {
        let place = || format!("{}/@{name}", self.name);
        if value.contains("${") || value.contains("#{") {
            return Err(RenderError::Expression { place: place() });
        }
        for c in value.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                // A parser turns these three into spaces unless they are references.
                '\t' => out.push_str("&#9;"),
                '\n' => out.push_str("&#10;"),
                '\r' => out.push_str("&#13;"),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    return Err(RenderError::Character { place: place() });
                }
                _ => out.push(c),
            }
        }
        Ok(())
    }
}

fn checked_name(name: &str) -> Result<&str, RenderError> {
    let mut chars = name.chars();
    let starts = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if starts && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')) {
        Ok(name)
    } else {
        Err(RenderError::Name {
            name: name.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(element: &Element) -> Result<String, RenderError> {
        let mut out = String::new();
        element.write(&mut out).map(|()| out)
    }

    #[test]
    fn expressions_and_illegal_characters_are_refused() {
        for value in [
            "${user.home}",
            "x#{T(java.lang.Runtime)}",
            "a\0b",
            "\u{ffff}",
        ] {
            assert!(
                written(&Element::new("a").with("b", value)).is_err(),
                "{value:?}"
            );
        }
        assert!(written(&Element::new("a b")).is_err());
        assert!(written(&Element::new("a").with("x=\"", "")).is_err());
    }

    proptest! {
        #[test]
        fn a_parser_reads_back_what_was_written(value in "[^\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]*") {
            prop_assume!(!value.contains("${") && !value.contains("#{"));
            let text = written(&Element::new("a").with("b", value.as_str()).child(Element::new("c"))).unwrap();
            let parsed = roxmltree::Document::parse(&text).unwrap();
            prop_assert_eq!(parsed.root_element().attribute("b"), Some(value.as_str()));
            prop_assert_eq!(parsed.root_element().first_element_child().unwrap().tag_name().name(), "c");
        }
    }
}
