//! What a node is called and where its files may lie: the only caller-chosen words that reach a path.

use std::fmt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The id of one broker node, for example `b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9-1`.
///
/// 1 to 64 characters of `a-z`, `0-9` and `-`, beginning with a letter: it is a file name, part of a control group's name
/// and of messages, and nothing else a user chose gets into any of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(String);

/// A text that is no node id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a node id: 1 to 64 characters of a-z, 0-9 and -, beginning with a letter")]
pub struct BadNodeId(String);

impl NodeId {
    /// Parses a node id.
    ///
    /// # Errors
    /// [`BadNodeId`] if the text is empty, longer than 64 characters or has any other character.
    pub fn parse(text: &str) -> Result<Self, BadNodeId> {
        let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        let begins_well = text.bytes().next().is_some_and(|c| c.is_ascii_lowercase());
        if text.len() > 64 || !begins_well || !text.bytes().all(allowed) {
            return Err(BadNodeId(text.chars().take(80).collect()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path below a node's folder, that cannot lead out of it: 1 to 8 names joined by `/`, each of `A-Z`, `a-z`, `0-9`, `.`,
/// `_`, `-`, `@` and `+`, at most 128 characters, and neither `.` nor `..`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelativePath(String);

/// A text that is no path below a node's folder.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a path below a node's folder")]
pub struct BadPath(String);

impl RelativePath {
    /// Parses a path.
    ///
    /// # Errors
    /// [`BadPath`] if it is absolute, empty, too deep, or has a name that is not allowed.
    pub fn parse(text: &str) -> Result<Self, BadPath> {
        let allowed = |c: u8| c.is_ascii_alphanumeric() || b"._-@+".contains(&c);
        let good = |name: &str| {
            !name.is_empty()
                && name.len() <= 128
                && name != "."
                && name != ".."
                && name.bytes().all(allowed)
        };
        if text.split('/').count() > 8 || !text.split('/').all(good) {
            return Err(BadPath(text.chars().take(80).collect()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path below `folder`.
    pub fn below(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }

    /// The names of the folders on the way, and the last name.
    pub(crate) fn split(&self) -> (Vec<&str>, &str) {
        let mut names: Vec<&str> = self.0.split('/').collect();
        let last = names.pop().unwrap_or_default();
        (names, last)
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_id_is_lower_case_letters_digits_and_hyphens() {
        assert!(NodeId::parse("b-1234a5b6-78cd-901e-2fab-3c45d6e178f9-1").is_ok());
        for bad in [
            "",
            "-b",
            "1b",
            "B-1",
            "b/1",
            "b..",
            "b\0",
            "b\n",
            "b 1",
            "ä",
            &"b".repeat(65),
            "../b",
        ] {
            assert!(NodeId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_relative_path_cannot_lead_out_of_its_folder() {
        for good in [
            "activemq.xml",
            "conf/a.b/c_d-e+f@g",
            ".erlang.cookie",
            "a/b/c/d/e/f/g/h",
        ] {
            assert_eq!(
                RelativePath::parse(good).map(|p| p.to_string()),
                Ok(good.to_owned())
            );
        }
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../x",
            "a/../b",
            "a/..",
            ".",
            "a/./b",
            "a//b",
            "a/",
            "a\\b",
            "a\0",
            "a\nb",
            "a b",
            "ä",
            "a/b/c/d/e/f/g/h/i",
            "~",
            "$HOME",
            "a:b",
            &"x".repeat(129),
        ] {
            assert!(RelativePath::parse(bad).is_err(), "{bad:?}");
        }
    }
}
