//! A sanitised configuration and its stored form.

use std::fmt::Write as _;

use quick_xml::escape::partial_escape;

use super::CORE_NAMESPACE;

/// A sanitised ActiveMQ configuration: only elements and attributes of the table, only values of their kinds.
///
/// Made by [`sanitise`](super::sanitise) alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What stood between `<?xml` and `?>`.
    pub(super) declaration: Option<String>,
    /// The comments before the root.
    pub(super) before: Vec<String>,
    pub(super) root: Element,
    /// How many of the root's attributes stand before its `xmlns`.
    pub(super) attributes_before_namespace: usize,
    /// The comments after the root.
    pub(super) after: Vec<String>,
}

/// An element of a sanitised configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub(super) role: Role,
    pub(super) name: &'static str,
    pub(super) attributes: Vec<Attribute>,
    pub(super) children: Vec<Node>,
}

/// What an element is in ActiveMQ's XML. Names do not tell: a `systemUsage` holds a `systemUsage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// An object, with a rule in the table.
    Object,
    /// A property of the object around it, which holds one object or several.
    Collection,
}

/// An attribute of a sanitised configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub(super) name: &'static str,
    pub(super) value: String,
}

/// What stands in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// A comment, without its marks.
    Comment(String),
    /// Spaces, tabs and line feeds.
    Space(String),
}

impl Document {
    /// The `broker` element.
    pub fn root(&self) -> &Element {
        &self.root
    }

    /// The stored form, which DescribeConfigurationRevision returns.
    ///
    /// The XML declaration, comments, white space and the order of attributes are as they were given; sanitising this
    /// text gives no warnings and the same text again.
    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        if let Some(declaration) = &self.declaration {
            let _ = writeln!(out, "<?xml {declaration}?>");
        }
        for comment in &self.before {
            let _ = writeln!(out, "<!--{comment}-->");
        }
        self.root
            .write(&mut out, Some(self.attributes_before_namespace));
        out.push('\n');
        for comment in &self.after {
            let _ = writeln!(out, "<!--{comment}-->");
        }
        out
    }
}

impl Element {
    /// Whether the element is an object or a property of one.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The element's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The attributes, in the order given.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The value of the attribute called `name`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
            .map(|attribute| attribute.value.as_str())
    }

    /// Everything in the element, comments and white space included.
    pub fn nodes(&self) -> &[Node] {
        &self.children
    }

    /// The elements in the element.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Comment(_) | Node::Space(_) => None,
        })
    }

    fn write(&self, out: &mut String, namespace_after: Option<usize>) {
        out.push('<');
        out.push_str(self.name);
        for (at, attribute) in self.attributes.iter().enumerate() {
            if namespace_after == Some(at) {
                write_attribute(out, "xmlns", CORE_NAMESPACE);
            }
            write_attribute(out, attribute.name, &attribute.value);
        }
        if namespace_after.is_some_and(|after| after >= self.attributes.len()) {
            write_attribute(out, "xmlns", CORE_NAMESPACE);
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for node in &self.children {
            match node {
                Node::Element(element) => element.write(out, None),
                Node::Comment(comment) => {
                    let _ = write!(out, "<!--{comment}-->");
                }
                Node::Space(space) => out.push_str(space),
            }
        }
        let _ = write!(out, "</{}>", self.name);
    }
}

impl Attribute {
    /// The attribute's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The attribute's value, unescaped.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// Writes ` name="value"`. Values hold no control characters, so nothing but the four marks needs escaping.
pub(super) fn write_attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(
        out,
        " {name}=\"{}\"",
        partial_escape(value).replace('"', "&quot;")
    );
}
