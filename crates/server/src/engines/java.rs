//! The Java runtime, and how the launcher is compiled where there is no `javac`.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use super::EngineError;

/// The launcher's source.
pub(super) const LAUNCHER: &str = include_str!("../../../../engines/activemq/Boot.java");

/// A Java runtime that was asked for its version.
pub(super) struct Java {
    pub(super) program: PathBuf,
    /// The feature release: 17.
    pub(super) feature: u32,
    /// `java.runtime.name` and version, for people.
    pub(super) description: String,
}

impl Java {
    /// Asks `program` for its version.
    pub(super) async fn find(program: &Path) -> Result<Self, EngineError> {
        let missing = || EngineError::NoJava {
            program: program.display().to_string(),
        };
        let output = Command::new(program)
            .args(["-XshowSettings:properties", "-version"])
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(|_| missing())?;
        let text = String::from_utf8_lossy(&output.stderr);
        let property = |name: &str| {
            text.lines().find_map(|line| {
                let (key, value) = line.trim().split_once(" = ")?;
                (key == name).then(|| value.to_owned())
            })
        };
        let feature = property("java.specification.version")
            .and_then(|version| version.parse().ok())
            .ok_or_else(missing)?;
        let description = format!(
            "{} {}",
            property("java.vm.name").unwrap_or_default(),
            property("java.runtime.version").unwrap_or_default()
        );
        Ok(Self {
            program: program.to_path_buf(),
            feature,
            description,
        })
    }

    /// The compiler beside the runtime, or on `PATH`.
    fn compiler(&self) -> PathBuf {
        let beside = self.program.with_file_name("javac");
        if self.program.is_absolute() && beside.is_file() {
            beside
        } else {
            "javac".into()
        }
    }

    /// Compiles the launcher against `jars` into `classes`: with `javac`, or with the compiler in `compiler_jar`.
    pub(super) async fn compile(
        &self,
        jars: &[PathBuf],
        compiler_jar: Option<&Path>,
        classes: &Path,
    ) -> Result<(), EngineError> {
        std::fs::create_dir_all(classes).map_err(|e| EngineError::io("make", classes, e))?;
        let source = classes.join("Boot.java");
        std::fs::write(&source, LAUNCHER).map_err(|e| EngineError::io("write", &source, e))?;
        let class_path = std::env::join_paths(jars).map_err(|_| EngineError::Compile {
            what: "a path holds a colon".to_owned(),
        })?;
        let mut command = match compiler_jar {
            None => {
                let mut command = Command::new(self.compiler());
                command.args(["--release", "11", "-nowarn"]);
                command
            }
            Some(jar) => {
                let mut command = Command::new(&self.program);
                command.arg("-jar").arg(jar);
                command.args(["-source", "11", "-target", "11", "-nowarn"]);
                command
            }
        };
        let output = command
            .arg("-cp")
            .arg(class_path)
            .arg("-d")
            .arg(classes)
            .arg(&source)
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(|error| EngineError::Compile {
                what: error.to_string(),
            })?;
        if output.status.success() {
            Ok(())
        } else {
            let mut what = String::from_utf8_lossy(&output.stderr).into_owned();
            what.truncate(what.floor_char_boundary(600));
            Err(EngineError::Compile { what })
        }
    }

    /// Whether there is a compiler of the development kit's.
    pub(super) async fn has_compiler(&self) -> bool {
        Command::new(self.compiler())
            .arg("-version")
            .stdin(Stdio::null())
            .output()
            .await
            .is_ok_and(|output| output.status.success())
    }
}
