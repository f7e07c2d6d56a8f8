//! The steps of an installation: everything happens in a folder without a catalogue; the catalogue is written last.

use std::fs::File;
use std::path::{Path, PathBuf};

use brokers::engine::activemq::Runtime;
use brokers::engine::catalogue::{CatalogueEntry, Source};
use rustix::fs::{FlockOperation, flock};

use super::assemble::{self, Assembled};
use super::java::Java;
use super::maven::Maven;
use super::recipe::{Recipe, offered_by_amazon};
use super::{CATALOGUE, EngineError, Installed, checksums, trial, vulnerabilities};

/// How to install.
#[derive(Clone, Debug)]
pub struct Options {
    /// The Java program; a name is looked up on `PATH`.
    pub java: PathBuf,
    /// The Maven client; a name is looked up on `PATH`.
    pub maven: PathBuf,
    /// Takes files for which no checksum is pinned. Files that differ from a pinned one are never taken.
    pub accept_new_checksums: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            java: "java".into(),
            maven: "mvn".into(),
            accept_new_checksums: false,
        }
    }
}

pub(super) async fn from_modules(
    engines: &Path,
    version: &str,
    options: &Options,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<Installed, EngineError> {
    let recipe = Recipe::of(version)?;
    let java = suitable_java(&recipe, options).await?;
    let maven = Maven::find(&options.maven).await?;
    let site = Site::open(engines)?;
    site.refuse_installed(version)?;
    let target = site.begin(version)?;
    let assembled = assemble::from_modules(
        &recipe,
        &maven,
        &java,
        &target.folder,
        &site.scratch,
        options.accept_new_checksums,
        progress,
    )
    .await?;
    finish(
        &recipe,
        &java,
        assembled,
        Source::Modules,
        site,
        target,
        progress,
    )
    .await
}

pub(super) async fn from_archive(
    engines: &Path,
    archive: &Path,
    sha512: &str,
    options: &Options,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<Installed, EngineError> {
    let java = Java::find(&options.java).await?;
    let site = Site::open(engines)?;
    progress("checking and unpacking the archive");
    let unpacked = site.begin("import.tmp")?;
    let (version, mut assembled) =
        assemble::from_archive(archive, sha512, &java, &unpacked.folder, &site.scratch).await?;
    let recipe = Recipe::of(&version)?;
    check_java(&recipe, &java)?;
    site.refuse_installed(&version)?;
    if let Ok(maven) = Maven::find(&options.maven).await {
        progress("fetching the management agent");
        assembled.agent_missing =
            assemble::add_agent(&maven, &unpacked.folder, &site.scratch).await?;
    }
    let target = site.begin(&version)?;
    assemble::remove_folder(&target.folder)?;
    std::fs::rename(&unpacked.folder, &target.folder)
        .map_err(|e| EngineError::io("move", &unpacked.folder, e))?;
    finish(
        &recipe,
        &java,
        assembled,
        Source::Archive,
        site,
        target,
        progress,
    )
    .await
}

/// Tries what was assembled and writes the catalogue.
async fn finish(
    recipe: &Recipe,
    java: &Java,
    assembled: Assembled,
    source: Source,
    site: Site,
    target: Target,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<Installed, EngineError> {
    let (class_path, console_class_path) = assemble::class_paths(&target.folder)?;
    let runtime = Runtime {
        java: java.program.clone(),
        home: target.folder.clone(),
        logging: assemble::logging_of(&class_path),
        class_path: class_path.clone(),
        console_class_path: console_class_path.clone(),
        console_war: Some(assemble::CONSOLE.to_owned()),
        agent: Some(assemble::AGENT.to_owned()),
        class_data: None,
    };
    let features = trial::Features {
        console_missing: assembled.console_missing,
        agent_missing: assembled.agent_missing,
    };
    let found = trial::run(&recipe.version, runtime, features, &site.scratch, progress).await?;
    let catalogue = CatalogueEntry {
        format: CatalogueEntry::FORMAT,
        engine: "ACTIVEMQ".to_owned(),
        version: recipe.version.clone(),
        line: recipe.line.clone(),
        offered_by_amazon: offered_by_amazon(&recipe.line),
        source,
        java_minimum: recipe.java_minimum,
        java_tried: java.description.clone(),
        class_path,
        console_class_path,
        fetched: assembled.fetched,
        files: checksums::of_folder(&target.folder)?,
        pinned: assembled.pinned,
        protocols: found.protocols,
        vulnerabilities: vulnerabilities::of(&recipe.version, found.console.works),
        console: found.console,
        management: found.management,
        class_data_archive: found.class_data_archive,
    };
    assemble::make_readable(&target.folder)?;
    write_catalogue(&target.folder, &catalogue)?;
    let folder = target.keep();
    progress("installed");
    Ok(Installed { catalogue, folder })
}

/// Order: the catalogue appears whole or not at all, after everything that it speaks of.
fn write_catalogue(folder: &Path, catalogue: &CatalogueEntry) -> Result<(), EngineError> {
    let path = folder.join(CATALOGUE);
    let new = folder.join("catalogue.json.new");
    let wrong = |e: std::io::Error| EngineError::io("write", &path, e);
    let text = serde_json::to_vec_pretty(catalogue).map_err(|e| wrong(e.into()))?;
    std::fs::write(&new, text).map_err(wrong)?;
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&new, readable).map_err(wrong)?;
    File::open(&new)
        .and_then(|file| file.sync_all())
        .map_err(wrong)?;
    std::fs::rename(&new, &path).map_err(wrong)?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(wrong)
}

async fn suitable_java(recipe: &Recipe, options: &Options) -> Result<Java, EngineError> {
    let java = Java::find(&options.java).await?;
    check_java(recipe, &java)?;
    Ok(java)
}

fn check_java(recipe: &Recipe, java: &Java) -> Result<(), EngineError> {
    if java.feature < recipe.java_minimum {
        return Err(EngineError::OldJava {
            version: recipe.version.clone(),
            needed: recipe.java_minimum,
            found: java.feature,
            program: java.program.display().to_string(),
        });
    }
    Ok(())
}

/// The folder of engines while one is installed: locked, with a scratch folder that goes when this does.
struct Site {
    activemq: PathBuf,
    scratch: PathBuf,
    _scratch: tempfile::TempDir,
    _lock: File,
}

impl Site {
    fn open(engines: &Path) -> Result<Self, EngineError> {
        let activemq = engines.join("activemq");
        std::fs::create_dir_all(&activemq).map_err(|e| EngineError::io("make", &activemq, e))?;
        // Files name each other by absolute path.
        let activemq = activemq
            .canonicalize()
            .map_err(|e| EngineError::io("find", &activemq, e))?;
        let path = activemq.join(".lock");
        let lock = File::create(&path).map_err(|e| EngineError::io("write", &path, e))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|_| EngineError::Busy {
            folder: activemq.clone(),
        })?;
        remove_leftovers(&activemq)?;
        let scratch = tempfile::Builder::new()
            .prefix(SCRATCH)
            .tempdir_in(&activemq)
            .map_err(|e| EngineError::io("write in", &activemq, e))?;
        Ok(Self {
            scratch: scratch.path().to_path_buf(),
            _scratch: scratch,
            activemq,
            _lock: lock,
        })
    }

    fn refuse_installed(&self, version: &str) -> Result<(), EngineError> {
        if Installed::read(&self.activemq.join(version)).is_some() {
            return Err(EngineError::AlreadyInstalled {
                version: version.to_owned(),
            });
        }
        Ok(())
    }

    /// An empty folder for a version, without what an interrupted installation left.
    fn begin(&self, name: &str) -> Result<Target, EngineError> {
        let folder = self.activemq.join(name);
        assemble::remove_folder(&folder)?;
        std::fs::create_dir(&folder).map_err(|e| EngineError::io("make", &folder, e))?;
        Ok(Target {
            folder,
            kept: false,
        })
    }
}

/// How scratch folders are called.
const SCRATCH: &str = ".scratch-";

/// Removes what installations left that were killed. Order: after the lock, so that none of them is still at work.
fn remove_leftovers(activemq: &Path) -> Result<(), EngineError> {
    let entries = std::fs::read_dir(activemq).map_err(|e| EngineError::io("read", activemq, e))?;
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let is_scratch = name.to_string_lossy().starts_with(SCRATCH);
        let is_unfinished = entry.path().is_dir() && !entry.path().join(CATALOGUE).exists();
        if is_scratch || is_unfinished {
            assemble::remove_folder(&entry.path())?;
        }
    }
    Ok(())
}

/// A version's folder in the making; it is removed unless it is kept.
struct Target {
    folder: PathBuf,
    kept: bool,
}

impl Target {
    fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.folder.clone()
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_left_behind_where_java_or_maven_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options {
            java: "/nonexistent/java".into(),
            ..Options::default()
        };
        let engines = super::super::Engines::open(folder.path());
        let error = engines
            .install("5.18.6", &options, &mut |_| {})
            .await
            .unwrap_err();
        assert!(matches!(error, EngineError::NoJava { .. }), "{error}");
        options.java = "java".into();
        options.maven = "/nonexistent/mvn".into();
        let error = engines
            .install("5.18.6", &options, &mut |_| {})
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                EngineError::NoMaven { .. } | EngineError::NoJava { .. }
            ),
            "{error}"
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(engines.list().unwrap().is_empty());
    }

    #[test]
    fn a_folder_that_is_not_kept_goes() {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::open(folder.path()).unwrap();
        assert!(matches!(
            Site::open(folder.path()),
            Err(EngineError::Busy { .. })
        ));
        let target = site.begin("5.18.6").unwrap();
        std::fs::write(target.folder.join("x"), "x").unwrap();
        let path = target.folder.clone();
        drop(target);
        assert!(!path.exists());
        let scratch = site.scratch.clone();
        drop(site);
        assert!(!scratch.exists());
        assert!(!path.exists());
    }

    #[test]
    fn what_a_killed_installation_left_goes_with_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let activemq = folder.path().join("activemq");
        for left in [".scratch-old/trial", "5.18.6/lib", "6.1.7"] {
            std::fs::create_dir_all(activemq.join(left)).unwrap();
        }
        std::fs::write(activemq.join("6.1.7").join(CATALOGUE), "{}").unwrap();
        let _site = Site::open(folder.path()).unwrap();
        assert!(!activemq.join(".scratch-old").exists());
        assert!(!activemq.join("5.18.6").exists());
        assert!(activemq.join("6.1.7").exists());
    }
}
