//! Puts a version's folder together, before it is tried.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use brokers::engine::activemq::Logging;
use brokers::engine::catalogue::FileDigest;

use super::java::Java;
use super::maven::Maven;
use super::recipe::{AGENT_COORDINATES, COMPILER_COORDINATES, Recipe};
use super::{EngineError, archive, checksums};

/// The unpacked console, in a version's folder.
pub(super) const CONSOLE: &str = "console";
/// The management agent.
pub(super) const AGENT: &str = "agent.jar";
/// The class-data archive.
pub(super) const CLASS_DATA: &str = "classes.jsa";
/// The launcher.
const LAUNCHER: &str = "boot.jar";
/// The console as it was fetched.
const WAR: &str = "console.war";

/// How the console speaks to its broker: as a user of its own, which comes from system properties.
const CONSOLE_CONTEXT: &str = include_str!("../../../../engines/activemq/webconsole-postern.xml");

/// What came of assembling.
pub(super) struct Assembled {
    pub(super) pinned: bool,
    /// What was fetched, before anything was unpacked.
    pub(super) fetched: Vec<FileDigest>,
    /// Why there is no console, if there is none.
    pub(super) console_missing: Option<String>,
    /// Why there is no management agent, if there is none.
    pub(super) agent_missing: Option<String>,
}

/// Fetches everything with Maven into `folder` and checks it against the pins.
pub(super) async fn from_modules(
    recipe: &Recipe,
    maven: &Maven,
    java: &Java,
    folder: &Path,
    scratch: &Path,
    accept_new_checksums: bool,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<Assembled, EngineError> {
    let lib = folder.join("lib");
    progress("fetching the broker's modules with Maven");
    maven
        .copy_dependencies(scratch, &recipe.broker_project(), &lib)
        .await?;
    progress("fetching the management agent");
    let agent_missing =
        missing(fetch(maven, scratch, AGENT_COORDINATES, &folder.join(AGENT)).await)?;
    progress("fetching the web console");
    let console_missing = missing(fetch_console(recipe, maven, folder, scratch).await)?;
    if console_missing.is_some() {
        remove_folder(&folder.join("console-lib"))?;
    }

    progress("comparing checksums");
    let found = checksums::of_folder(folder)?;
    let pinned =
        checksums::against_pins(&recipe.version, &found, recipe.pins, accept_new_checksums)?;

    if console_missing.is_none() {
        let war = folder.join(WAR);
        archive::unzip(&war, &folder.join(CONSOLE))?;
        std::fs::remove_file(&war).map_err(|e| EngineError::io("remove", &war, e))?;
        finish_console(folder)?;
    }
    let compiler = if java.has_compiler().await {
        None
    } else if let Some(jar) = compiler_in(&folder.join("console-lib"))? {
        Some(jar)
    } else {
        progress("fetching a compiler, because there is no `javac`");
        let jar = scratch.join("compiler.jar");
        fetch(maven, scratch, COMPILER_COORDINATES, &jar).await?;
        Some(jar)
    };
    compile(java, folder, compiler.as_deref(), scratch).await?;
    Ok(Assembled {
        pinned,
        fetched: found,
        console_missing,
        agent_missing,
    })
}

/// Unpacks an official archive into `folder`. Gives its version and what came of it.
pub(super) async fn from_archive(
    file: &Path,
    sha512: &str,
    java: &Java,
    folder: &Path,
    scratch: &Path,
) -> Result<(String, Assembled), EngineError> {
    let lib = folder.join("lib");
    let console_lib = folder.join("console-lib");
    let official =
        archive::unpack_official(file, sha512, &lib, &console_lib, &folder.join(CONSOLE))?;
    // WSS needs Jetty's server and WebSocket jars, which the archive keeps with the console.
    for jar in jars_in(&console_lib)? {
        let name = file_name(&jar);
        let shared = [
            "jetty-",
            "websocket-",
            "javax.servlet",
            "jakarta.servlet",
            "spring-",
        ];
        if shared.iter().any(|prefix| name.starts_with(prefix)) {
            move_file(&jar, &lib.join(name))?;
        }
    }
    let has_console = folder.join(CONSOLE).is_dir();
    if has_console {
        finish_console(folder)?;
    }
    let compiler = if java.has_compiler().await {
        None
    } else {
        compiler_in(&console_lib)?
    };
    compile(java, folder, compiler.as_deref(), scratch).await?;
    Ok((
        official.version,
        Assembled {
            pinned: false,
            fetched: Vec::new(),
            console_missing: (!has_console).then(|| "not in the archive".to_owned()),
            agent_missing: Some("not in the archive".to_owned()),
        },
    ))
}

/// Fetches the agent besides an archive, where there is a Maven client.
pub(super) async fn add_agent(
    maven: &Maven,
    folder: &Path,
    scratch: &Path,
) -> Result<Option<String>, EngineError> {
    missing(fetch(maven, scratch, AGENT_COORDINATES, &folder.join(AGENT)).await)
}

async fn fetch_console(
    recipe: &Recipe,
    maven: &Maven,
    folder: &Path,
    scratch: &Path,
) -> Result<(), EngineError> {
    fetch(
        maven,
        scratch,
        &recipe.console_coordinates(),
        &folder.join(WAR),
    )
    .await?;
    let console_lib = folder.join("console-lib");
    maven
        .copy_dependencies(scratch, &recipe.console_project(), &console_lib)
        .await?;
    remove_known(&console_lib, &[&folder.join("lib")])
}

/// The console's jars join the class path of the process, because its classes are shared with Jetty, which starts it; jars
/// that the broker has, and a second logging system, would only be in the way.
fn finish_console(folder: &Path) -> Result<(), EngineError> {
    let inside = folder.join(CONSOLE).join("WEB-INF");
    let (lib, console_lib) = (folder.join("lib"), folder.join("console-lib"));
    let inner_lib = inside.join("lib");
    remove_known(&inner_lib, &[&lib, &console_lib])?;
    for jar in jars_in(&inner_lib)? {
        let name = file_name(&jar);
        let logging = ["log4j-", "slf4j-", "commons-logging-"];
        if !logging.iter().any(|prefix| name.starts_with(prefix)) {
            move_file(&jar, &console_lib.join(name))?;
        }
    }
    remove_folder(&inner_lib)?;
    remove_known(&console_lib, &[&lib])?;
    let context = inside.join("webconsole-postern.xml");
    std::fs::write(&context, CONSOLE_CONTEXT).map_err(|e| EngineError::io("write", &context, e))
}

/// Removes jars whose artifact, in whatever version, is in one of the other folders.
fn remove_known(from: &Path, known: &[&Path]) -> Result<(), EngineError> {
    let mut artifacts = BTreeSet::new();
    for folder in known {
        for jar in jars_in(folder)? {
            artifacts.extend(artifact_of(&file_name(&jar)));
        }
    }
    for jar in jars_in(from)? {
        if artifact_of(&file_name(&jar)).is_some_and(|artifact| artifacts.contains(&artifact)) {
            std::fs::remove_file(&jar).map_err(|e| EngineError::io("remove", &jar, e))?;
        }
    }
    Ok(())
}

async fn compile(
    java: &Java,
    folder: &Path,
    compiler: Option<&Path>,
    scratch: &Path,
) -> Result<(), EngineError> {
    let classes = scratch.join("classes");
    java.compile(&jars_in(&folder.join("lib"))?, compiler, &classes)
        .await?;
    archive::jar(&classes, &folder.join(LAUNCHER))
}

/// The compiler that the console brings for its pages.
fn compiler_in(console_lib: &Path) -> Result<Option<PathBuf>, EngineError> {
    Ok(jars_in(console_lib)?
        .into_iter()
        .find(|jar| artifact_of(&file_name(jar)).as_deref() == Some("ecj")))
}

/// Fetches one artifact to a file of our own naming.
async fn fetch(
    maven: &Maven,
    scratch: &Path,
    coordinates: &str,
    to: &Path,
) -> Result<(), EngineError> {
    let folder = scratch.join("fetched");
    remove_folder(&folder)?;
    maven.copy(scratch, coordinates, &folder).await?;
    let mut files = std::fs::read_dir(&folder)
        .map_err(|e| EngineError::io("read", &folder, e))?
        .filter_map(Result::ok);
    let file = files.next().ok_or_else(|| EngineError::Missing {
        coordinates: vec![coordinates.to_owned()],
    })?;
    move_file(&file.path(), to)
}

/// What the registry does not serve is a reason; everything else is an error.
fn missing(fetched: Result<(), EngineError>) -> Result<Option<String>, EngineError> {
    match fetched {
        Ok(()) => Ok(None),
        Err(error @ EngineError::Missing { .. }) => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

/// The class paths of broker and console, relative to `folder`: the launcher first, then jars in the order of their names.
pub(super) fn class_paths(folder: &Path) -> Result<(Vec<String>, Vec<String>), EngineError> {
    let relative = |sub: &str| -> Result<Vec<String>, EngineError> {
        Ok(jars_in(&folder.join(sub))?
            .iter()
            .map(|jar| format!("{sub}/{}", file_name(jar)))
            .collect())
    };
    let mut broker = vec![LAUNCHER.to_owned()];
    broker.extend(relative("lib")?);
    Ok((broker, relative("console-lib")?))
}

/// Which logging a class path brings.
pub(super) fn logging_of(class_path: &[String]) -> Logging {
    if class_path.iter().any(|jar| jar.contains("slf4j-jdk14")) {
        Logging::JavaUtil
    } else {
        Logging::Log4j
    }
}

/// Jars directly in a folder, in the order of their names; none if there is no such folder.
fn jars_in(folder: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(EngineError::io("read", folder, error)),
    };
    let mut jars: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jar"))
        .collect();
    jars.sort();
    Ok(jars)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The artifact of a jar's file name: everything before the first `-` that a digit follows.
fn artifact_of(name: &str) -> Option<String> {
    let bytes = name.as_bytes();
    let end = bytes
        .windows(2)
        .position(|pair| matches!(pair, [b'-', digit] if digit.is_ascii_digit()))?;
    name.get(..end).map(str::to_owned)
}

fn move_file(from: &Path, to: &Path) -> Result<(), EngineError> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|e| EngineError::io("make", folder, e))?;
    }
    // The scratch folder is beside the target: one file system.
    std::fs::rename(from, to).map_err(|e| EngineError::io("move", from, e))
}

/// Lets every user of the machine read an installation, whatever the umask was: brokers run as users of their own.
pub(super) fn make_readable(folder: &Path) -> Result<(), EngineError> {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
            .map_err(|e| EngineError::io("change", path, e))
    };
    set(folder, 0o755)?;
    let entries = std::fs::read_dir(folder).map_err(|e| EngineError::io("read", folder, e))?;
    for entry in entries {
        let path = entry
            .map_err(|e| EngineError::io("read", folder, e))?
            .path();
        if path.is_dir() {
            make_readable(&path)?;
        } else {
            set(&path, 0o644)?;
        }
    }
    Ok(())
}

/// Removes a folder and all in it; one that is not there is fine.
pub(super) fn remove_folder(folder: &Path) -> Result<(), EngineError> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(EngineError::io("remove", folder, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artifacts_are_told_from_versions() {
        for (name, artifact) in [
            (
                "jetty-util-ajax-9.4.56.v20240826.jar",
                Some("jetty-util-ajax"),
            ),
            (
                "geronimo-jta_1.1_spec-1.1.1.jar",
                Some("geronimo-jta_1.1_spec"),
            ),
            ("activemq-web-5.18.3.jar", Some("activemq-web")),
            ("boot.jar", None),
        ] {
            assert_eq!(artifact_of(name).as_deref(), artifact, "{name}");
        }
    }
}
