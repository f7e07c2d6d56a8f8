//! Installed engines: how ActiveMQ gets onto the machine, what is checked, and what the catalogue says about it.
//!
//! Postern does not ship an engine. [`Engines::install`] assembles ActiveMQ Classic from its Maven modules with the
//! ordinary Maven client, so the user's own settings choose the registry; [`Engines::import`] takes an official archive
//! that was given by hand. Either way every file's checksum is recorded and compared with those that Postern carries for
//! the version, a broker is started once, every protocol is logged in to, and what worked is written into
//! `catalogue.json`. Versions live side by side:
//!
//! ```text
//! <engines>/activemq/<version>/catalogue.json   written last: a folder without it is not installed
//!                              lib/  console-lib/  console/  boot.jar  agent.jar  classes.jsa
//! ```
//!
//! The folder of engines may be shared by data folders; by default it is `/var/lib/postern/engines` for root and
//! `~/.local/share/postern/engines` for everybody else.
//!
//! Everything here is asynchronous (tokio) where it waits for processes or sockets; unpacking and hashing block for up to
//! a second each, so servers should not call [`Engines::install`] and its like on a runtime that serves requests.

mod archive;
mod assemble;
mod checksums;
mod error;
mod install;
mod java;
pub mod keystore;
mod maven;
pub mod probe;
mod recipe;
pub mod sandbox;
mod trial;
mod vulnerabilities;

use std::path::{Path, PathBuf};

use brokers::engine::activemq::Runtime;
use brokers::engine::catalogue::{CatalogueEntry, line_of};

pub use error::EngineError;
pub use install::Options;
pub use recipe::known_versions;

/// The name of the file that marks a version's folder as complete.
const CATALOGUE: &str = "catalogue.json";

/// A folder of engines.
#[derive(Clone, Debug)]
pub struct Engines {
    folder: PathBuf,
}

/// One installed version.
#[derive(Clone, Debug)]
pub struct Installed {
    /// What is known of it.
    pub catalogue: CatalogueEntry,
    /// Its folder.
    pub folder: PathBuf,
}

/// What [`Engines::verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Files that were compared.
    pub files: usize,
    /// Files that are gone or differ from what was installed, by their path in the version's folder.
    pub damaged: Vec<String>,
    /// Jars that lie beside them and were never installed.
    pub unknown: Vec<String>,
}

impl Verification {
    /// Whether everything is as it was installed.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.damaged.is_empty() && self.unknown.is_empty()
    }
}

impl Engines {
    /// Uses `folder`, which need not exist yet. A link is followed: what brokers are given must be reachable for them.
    #[must_use]
    pub fn open(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self {
            folder: folder.canonicalize().unwrap_or(folder),
        }
    }

    /// The folder for a new engine: elsewhere, where brokers' users could not reach this one.
    fn folder_to_fill(&self) -> PathBuf {
        crate::reachable::reachable(&self.folder, "engines").unwrap_or_else(|error| {
            tracing::warn!(%error, "the engines stay in their folder");
            self.folder.clone()
        })
    }

    /// The folder that is used when none is given: `home` is the user's home folder.
    #[must_use]
    pub fn default_folder(home: Option<&Path>) -> PathBuf {
        match home {
            Some(home) if !rustix::process::geteuid().is_root() => {
                home.join(".local/share/postern/engines")
            }
            Some(_) | None => "/var/lib/postern/engines".into(),
        }
    }

    /// The folder in use.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All installed versions, newest first. Folders without a readable catalogue are not installed and are left out.
    ///
    /// # Errors
    ///
    /// [`EngineError::Io`] when the folder is there and cannot be read.
    pub fn list(&self) -> Result<Vec<Installed>, EngineError> {
        let folder = self.folder.join("activemq");
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(EngineError::io("read", &folder, error)),
        };
        let mut installed: Vec<Installed> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| Installed::read(&entry.path()))
            .collect();
        installed.sort_by_key(|engine| std::cmp::Reverse(numbers(&engine.catalogue.version)));
        Ok(installed)
    }

    /// The installed version of this name, or the newest of this line (`5.18`).
    ///
    /// # Errors
    ///
    /// As [`Engines::list`].
    pub fn find(&self, line_or_version: &str) -> Result<Option<Installed>, EngineError> {
        Ok(self.list()?.into_iter().find(|engine| {
            engine.catalogue.version == line_or_version || engine.catalogue.line == line_or_version
        }))
    }

    /// Assembles a version from its Maven modules, tries it and catalogues it. `progress` gets a line for people at
    /// each step. Nothing is left behind when it fails.
    ///
    /// # Errors
    ///
    /// See [`EngineError`]; missing modules are named.
    pub async fn install(
        &self,
        version: &str,
        options: &Options,
        progress: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Installed, EngineError> {
        install::from_modules(&self.folder_to_fill(), version, options, progress).await
    }

    /// Takes an official `apache-activemq-<version>-bin.tar.gz` whose SHA-512 (hexadecimal, as Apache publishes it) is
    /// `sha512`, tries it and catalogues it.
    ///
    /// # Errors
    ///
    /// See [`EngineError`]; the archive is refused as a whole when its checksum differs, when it holds links or paths
    /// that lead out of it, or when it is not an ActiveMQ archive.
    pub async fn import(
        &self,
        archive: &Path,
        sha512: &str,
        options: &Options,
        progress: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Installed, EngineError> {
        install::from_archive(&self.folder_to_fill(), archive, sha512, options, progress).await
    }

    /// Compares every installed file of a version with its recorded checksum.
    ///
    /// # Errors
    ///
    /// [`EngineError::NotInstalled`], or [`EngineError::Io`] when files cannot be read.
    pub fn verify(&self, version: &str) -> Result<Verification, EngineError> {
        let installed = self
            .find(version)?
            .ok_or_else(|| EngineError::NotInstalled {
                version: version.to_owned(),
            })?;
        checksums::verify(&installed)
    }
}

impl Installed {
    fn read(folder: &Path) -> Option<Self> {
        let text = std::fs::read(folder.join(CATALOGUE)).ok()?;
        let catalogue: CatalogueEntry = serde_json::from_slice(&text).ok()?;
        let named = folder.file_name()?.to_str()? == catalogue.version;
        let readable = catalogue.format == CatalogueEntry::FORMAT
            && line_of(&catalogue.version).as_deref() == Some(catalogue.line.as_str());
        (named && readable).then(|| Self {
            catalogue,
            folder: folder.to_path_buf(),
        })
    }

    /// What a node is rendered with. `java` is the Java program: a path, or a name to be found on the node's `PATH`.
    #[must_use]
    pub fn runtime(&self, java: impl Into<PathBuf>) -> Runtime {
        let catalogue = &self.catalogue;
        Runtime {
            java: java.into(),
            home: self.folder.clone(),
            class_path: catalogue.class_path.clone(),
            console_class_path: catalogue.console_class_path.clone(),
            console_war: catalogue
                .console
                .works
                .then(|| assemble::CONSOLE.to_owned()),
            agent: catalogue
                .management
                .works
                .then(|| assemble::AGENT.to_owned()),
            class_data: catalogue
                .class_data_archive
                .works
                .then(|| assemble::CLASS_DATA.to_owned()),
            logging: assemble::logging_of(&catalogue.class_path),
        }
    }
}

/// A version as numbers, for comparison.
fn numbers(version: &str) -> Vec<u32> {
    version.split('.').filter_map(|n| n.parse().ok()).collect()
}

#[cfg(test)]
mod tests;
