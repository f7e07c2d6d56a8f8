//! The installed engines as they were last read.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use brokers::broker::EngineType;

use crate::engines::{Engines, Installed};

/// What was read, and of which state of the folder.
#[derive(Default)]
struct Reading {
    of: Option<SystemTime>,
    engines: Vec<Arc<Installed>>,
}

/// The installed engines.
pub(super) struct InstalledEngines {
    engines: Engines,
    folder: PathBuf,
    reading: ArcSwap<Reading>,
}

impl InstalledEngines {
    pub(super) fn new(folder: PathBuf) -> InstalledEngines {
        InstalledEngines {
            folder: folder.join("activemq"),
            engines: Engines::open(folder),
            reading: ArcSwap::default(),
        }
    }

    /// Reads again if the folder has changed since. Gives whether anything was read.
    pub(super) async fn refresh(&self) -> bool {
        let folder = self.folder.clone();
        let (before, engines) = (self.reading.load().of, self.engines.clone());
        let read = tokio::task::spawn_blocking(move || {
            let of = std::fs::metadata(&folder)
                .and_then(|folder| folder.modified())
                .ok();
            if of.is_some() && of == before {
                return Ok(None);
            }
            engines.list().map(|engines| {
                let engines = engines.into_iter().map(Arc::new).collect();
                Some(Reading { of, engines })
            })
        });
        match read.await {
            Ok(Ok(Some(reading))) => {
                self.reading.store(Arc::new(reading));
                true
            }
            Ok(Ok(None)) => false,
            Ok(Err(error)) => {
                tracing::error!(%error, "the installed engines cannot be read");
                false
            }
            Err(error) => {
                tracing::error!(%error, "reading the installed engines failed");
                false
            }
        }
    }

    /// The installed version of this name, or the newest of this line. What is missing is looked for once more.
    pub(super) async fn find(&self, version: &str) -> Option<Arc<Installed>> {
        if let Some(found) = self.known(version) {
            return Some(found);
        }
        self.refresh().await;
        self.known(version)
    }

    /// All versions, for the catalogue.
    pub(super) fn versions(&self) -> Vec<(EngineType, String)> {
        let reading = self.reading.load();
        let version = |engine: &Arc<Installed>| {
            let catalogue = &engine.catalogue;
            Some((
                EngineType::parse(&catalogue.engine)?,
                catalogue.version.clone(),
            ))
        };
        reading.engines.iter().filter_map(version).collect()
    }

    fn known(&self, version: &str) -> Option<Arc<Installed>> {
        let reading = self.reading.load();
        let named = |engine: &&Arc<Installed>| {
            engine.catalogue.version == version || engine.catalogue.line == version
        };
        reading.engines.iter().find(named).cloned()
    }
}
