//! Documents as they come: from files, from standard input, from the service's store.

use std::io::Read;
use std::path::Path;

use iam::lint::{ErrorPlace, line_of_text, place_of_error};
use iam::simulate::Sheet;
use iam::{DocumentKind, PolicyDocument, PolicyError, PolicyKind};

use crate::exit::Usage;

/// The text of a document and where it is from.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The file's name, the policy's ARN, or `user NAME/POLICY`.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) kind: DocumentKind,
}

/// A document and its text.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) source: Source,
    pub(crate) parsed: Result<PolicyDocument, PolicyError>,
}

impl Source {
    /// Reads a file, or standard input for `-`.
    ///
    /// # Errors
    /// [`Usage`]: it cannot be read.
    pub(crate) fn read(path: &Path, kind: DocumentKind) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let read = if name == "-" {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            std::fs::read_to_string(path)
        };
        match read {
            Ok(text) => Ok(Self { name, text, kind }),
            Err(error) => Err(Usage(format!("`{name}` cannot be read: {error}")).into()),
        }
    }

    pub(crate) fn parse(self) -> Document {
        let parsed = PolicyDocument::parse(&self.text, self.kind);
        Document {
            source: self,
            parsed,
        }
    }
}

impl Document {
    /// The document, or the complaint that it is none.
    ///
    /// # Errors
    /// AWS's message and the place.
    pub(crate) fn valid(&self) -> anyhow::Result<&PolicyDocument> {
        let error = match &self.parsed {
            Ok(document) => return Ok(document),
            Err(error) => error,
        };
        let place = place_of_error(&self.source.text, self.source.kind, error);
        let at = place
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        Err(anyhow::anyhow!(
            "{}{at}: {error}{}",
            self.source.name,
            aside(&place)
        ))
    }

    /// As the simulation takes it. A stored document that cannot be read denies everything.
    pub(crate) fn sheet(&self) -> Sheet<'_> {
        Sheet {
            id: &self.source.name,
            kind: match self.source.kind {
                DocumentKind::Managed => PolicyKind::Managed,
                DocumentKind::Identity | DocumentKind::Session | DocumentKind::Trust => {
                    PolicyKind::Inline
                }
            },
            document: self.parsed.as_ref().ok(),
        }
    }

    /// The line of a text within a statement; the statement's own where it cannot be found.
    pub(crate) fn line_within(&self, statement: usize, text: Option<&str>) -> u32 {
        let statements = match &self.parsed {
            Ok(document) => document.statements(),
            Err(_) => &[],
        };
        let first = statements
            .get(statement)
            .map_or(1, iam::policy::Statement::line);
        let end = statements
            .get(statement + 1)
            .map(iam::policy::Statement::line);
        text.and_then(|text| line_of_text(&self.source.text, first, end, text))
            .unwrap_or(first)
    }
}

/// ` (statement 1, element `Resource`: …)`.
pub(crate) fn aside(place: &ErrorPlace) -> String {
    let mut parts = Vec::new();
    if let Some(statement) = place.statement {
        parts.push(format!("statement {statement}"));
    }
    if let Some(element) = &place.element {
        parts.push(format!("element `{element}`"));
    }
    if let Some(detail) = &place.detail {
        parts.push(detail.clone());
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    }
}

/// The documents that a command is about: its files, or everything that the service stores.
///
/// # Errors
/// A file cannot be read, or the store cannot be opened.
pub(crate) fn wanted(
    files: &[std::path::PathBuf],
    kind: DocumentKind,
    data: &super::DataArgs,
) -> anyhow::Result<Vec<Document>> {
    let sources = if files.is_empty() {
        super::Stored::open(&data.folder()?)?.policies()
    } else {
        files
            .iter()
            .map(|file| Source::read(file, kind))
            .collect::<anyhow::Result<_>>()?
    };
    Ok(sources.into_iter().map(Source::parse).collect())
}
