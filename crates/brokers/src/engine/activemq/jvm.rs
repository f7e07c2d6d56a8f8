//! The command line: a small virtual machine with a class-data archive, nothing secret in it.

use super::{Logging, NodeSpec, RenderError, logging, path_text};
use crate::engine::Command;

/// Flags of every broker: the first-tier compiler and the serial collector, which start fast and stay small beside each
/// other, and no shared-memory performance file. Memory exhausted means exit, so that the driver restarts the broker.
const FLAGS: &[&str] = &[
    "-Xms16m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss256k",
    "-XX:-UsePerfData",
    "-XX:ReservedCodeCacheSize=32m",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
];

pub(super) fn command(spec: &NodeSpec) -> Result<Command, RenderError> {
    let base = path_text(&spec.directories.base)?;
    let logs = path_text(&spec.directories.logs)?;
    let store = path_text(&spec.directories.store)?;
    let runtime = &spec.runtime;
    let home = path_text(&runtime.home)?;

    let mut arguments: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    arguments.push(format!("-Xmx{}m", spec.size.heap_mib()));
    // The console's pages are compiled into the same machine.
    let metaspace = if spec.console.is_some() { 160 } else { 96 };
    arguments.push(format!("-XX:MaxMetaspaceSize={metaspace}m"));
    arguments.push(format!("-XX:ErrorFile={logs}/crash.%p.log"));
    if let Some(archive) = &runtime.class_data {
        arguments.push(format!("-XX:SharedArchiveFile={home}/{archive}"));
    }
    if spec.management.is_some() {
        let agent = runtime.agent.as_ref().ok_or(RenderError::NoAgent)?;
        arguments.push(format!(
            "-javaagent:{home}/{agent}=config={base}/conf/jolokia.properties"
        ));
    }
    arguments.push(format!(
        "-Djava.security.auth.login.config={base}/conf/login.config"
    ));
    let setting = match runtime.logging {
        Logging::JavaUtil => "java.util.logging.config.file",
        Logging::Log4j => "log4j2.configurationFile",
    };
    arguments.push(format!("-D{setting}={base}/{}", logging::FILE));
    arguments.push(format!("-Djava.io.tmpdir={base}/scratch"));
    arguments.push(format!("-Dactivemq.base={base}"));
    arguments.push(format!("-Dactivemq.data={store}"));
    arguments.push("-cp".to_owned());
    arguments.push(class_path(spec, home));
    arguments.push("Boot".to_owned());
    arguments.push(format!("{base}/conf/activemq.xml"));
    arguments.push(format!("{base}/conf/boot.properties"));

    Ok(Command {
        program: runtime.java.clone(),
        arguments,
        environment: vec![
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("HOME".to_owned(), base.to_owned()),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
        ],
        working_folder: spec.directories.base.clone(),
    })
}

/// The class-data archive holds the class path with which it was made, jar by jar and by absolute name; ours must begin
/// with it, or the archive is ignored. So the console's jars come last.
fn class_path(spec: &NodeSpec, home: &str) -> String {
    let console = spec
        .console
        .iter()
        .flat_map(|_| &spec.runtime.console_class_path);
    spec.runtime
        .class_path
        .iter()
        .chain(console)
        .map(|jar| format!("{home}/{jar}"))
        .collect::<Vec<_>>()
        .join(":")
}
