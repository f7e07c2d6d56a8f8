//! What can go wrong with engines.

use std::path::{Path, PathBuf};

/// Why an engine could not be installed, found or checked. Messages say what to do where there is something to do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No Java runtime.
    #[error(
        "no Java runtime: `{program}` could not be started (Debian: `apt-get install default-jre-headless`)"
    )]
    NoJava {
        /// What was tried.
        program: String,
    },
    /// A Java runtime that is too old.
    #[error("ActiveMQ {version} needs Java {needed} or newer, and `{program}` is Java {found}")]
    OldJava {
        /// The engine's version.
        version: String,
        /// The lowest feature release.
        needed: u32,
        /// What was found.
        found: u32,
        /// The program.
        program: String,
    },
    /// No Maven client.
    #[error(
        "no Maven client: `{program}` could not be started (Debian: `apt-get install maven`); without one, import an official archive with `postern engine import`"
    )]
    NoMaven {
        /// What was tried.
        program: String,
    },
    /// The registry has not got everything.
    #[error("the Maven registry does not serve {}", .coordinates.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", "))]
    Missing {
        /// `group:artifact:type:version` of each.
        coordinates: Vec<String>,
    },
    /// Maven failed otherwise.
    #[error("Maven failed: {what}")]
    Maven {
        /// Its own words.
        what: String,
    },
    /// Not a version.
    #[error("`{version}` is not an ActiveMQ version (such as `5.18.6`)")]
    BadVersion {
        /// What was given.
        version: String,
    },
    /// No recipe: which Jetty and logging go with it is not known.
    #[error("how to assemble ActiveMQ {version} is not known; known are {known}")]
    NoRecipe {
        /// The version.
        version: String,
        /// What is known.
        known: String,
    },
    /// It is there already.
    #[error("ActiveMQ {version} is installed already")]
    AlreadyInstalled {
        /// The version.
        version: String,
    },
    /// It is not there.
    #[error("ActiveMQ {version} is not installed")]
    NotInstalled {
        /// What was asked for.
        version: String,
    },
    /// Another installation holds the folder.
    #[error("another installation is at work in `{folder}`")]
    Busy {
        /// The folder of engines.
        folder: PathBuf,
    },
    /// Files that are not those that Postern was released with.
    #[error("{} differ from the checksums pinned for ActiveMQ {version}: {}; nothing was installed", files(.names.len()), .names.join(", "))]
    Checksum {
        /// The version.
        version: String,
        /// Which.
        names: Vec<String>,
    },
    /// Files for which Postern carries no checksum.
    #[error("no checksum is pinned for {} of ActiveMQ {version} (first: `{first}`); `--accept-new-checksums` takes them as they are", files(*.count))]
    Unpinned {
        /// The version.
        version: String,
        /// How many.
        count: usize,
        /// One of them.
        first: String,
    },
    /// An archive that is not taken.
    #[error("the archive is refused: {what}")]
    Archive {
        /// Why.
        what: String,
    },
    /// The launcher did not compile.
    #[error("the launcher could not be compiled: {what}")]
    Compile {
        /// The compiler's own words.
        what: String,
    },
    /// The engine did not come up when it was tried.
    #[error("ActiveMQ {version} was assembled and did not start: {what}")]
    Trial {
        /// The version.
        version: String,
        /// What it said.
        what: String,
    },
    /// A keystore could not be made.
    #[error("the keystore could not be made: {what}")]
    Keystore {
        /// Why.
        what: String,
    },
    /// A file or folder.
    #[error("could not {action} `{path}`")]
    Io {
        /// A verb.
        action: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A node could not be rendered.
    #[error("the trial could not be prepared")]
    Render(#[from] brokers::engine::activemq::RenderError),
    /// No randomness.
    #[error("the system gives no random bytes")]
    Random,
}

impl EngineError {
    pub(super) fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            action,
            path: path.to_path_buf(),
            source,
        }
    }
}

fn files(count: usize) -> String {
    match count {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    }
}
