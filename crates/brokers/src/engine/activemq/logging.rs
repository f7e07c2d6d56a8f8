//! Logs: `activemq.0.log` (general) and `audit.0.log`, ten megabytes a file, five files of each kept.

use super::{Logging, NodeSpec, Properties, RenderError, path_text};

/// Where the settings stand, whichever system reads them.
pub(super) const FILE: &str = "conf/logging.properties";

/// Bytes after which a log file is closed and the next begun.
const FILE_BYTES: &str = "10485760";
/// A line of a log, as Log4j describes it.
const TIMED: &str = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSZ} %-7level %logger - %msg%n%throwable";

/// Log files kept of each kind, the current one included.
const FILES: &str = "5";

pub(super) fn render(spec: &NodeSpec) -> Result<Vec<u8>, RenderError> {
    let logs = path_text(&spec.directories.logs)?;
    Ok(match spec.runtime.logging {
        Logging::JavaUtil => java_util(logs, spec.audit_log),
        Logging::Log4j => log4j(logs, spec.audit_log),
    })
}

fn java_util(logs: &str, audit: bool) -> Vec<u8> {
    let mut file = Properties::new();
    let handler = "java.util.logging.FileHandler";
    file.set("handlers", handler)
        .set(".level", "INFO")
        .set("org.springframework.level", "WARNING")
        .set("org.apache.xbean.level", "WARNING")
        .set("org.eclipse.jetty.level", "WARNING")
        .set(
            &format!("{handler}.pattern"),
            &format!("{logs}/activemq.%g.log"),
        )
        .set(&format!("{handler}.limit"), FILE_BYTES)
        .set(&format!("{handler}.count"), FILES)
        .set(&format!("{handler}.append"), "true")
        .set(&format!("{handler}.encoding"), "UTF-8")
        .set(
            &format!("{handler}.formatter"),
            "java.util.logging.SimpleFormatter",
        )
        .set(
            "java.util.logging.SimpleFormatter.format",
            "%1$tFT%1$tT.%1$tL%1$tz %4$-7s %3$s - %5$s%6$s%n",
        );
    if audit {
        file.set("org.apache.activemq.audit.handlers", "Boot$AuditLog")
            .set("org.apache.activemq.audit.useParentHandlers", "false")
            .set("Boot$AuditLog.pattern", &format!("{logs}/audit.%g.log"))
            .set("Boot$AuditLog.limit", FILE_BYTES)
            .set("Boot$AuditLog.count", FILES);
    }
    file.into_bytes()
}

fn log4j(logs: &str, audit: bool) -> Vec<u8> {
    let mut file = Properties::new();
    rolling_file(&mut file, "general", &format!("{logs}/activemq"));
    file.set("rootLogger.level", "INFO")
        .set("rootLogger.appenderRef.general.ref", "general");
    for (name, logger) in [
        ("spring", "org.springframework"),
        ("xbean", "org.apache.xbean"),
        ("jetty", "org.eclipse.jetty"),
    ] {
        file.set(&format!("logger.{name}.name"), logger)
            .set(&format!("logger.{name}.level"), "WARN");
    }
    if audit {
        rolling_file(&mut file, "audit", &format!("{logs}/audit"));
        file.set("logger.audit.name", "org.apache.activemq.audit")
            .set("logger.audit.level", "INFO")
            .set("logger.audit.additivity", "false")
            .set("logger.audit.appenderRef.audit.ref", "audit");
        // What somebody sends by the console's form is theirs, and the form's secret is nobody's.
        file.set(
            "appender.audit.layout.pattern",
            &TIMED.replace(
                "%msg",
                "%replace{%replace{%msg}{secret='[^']*'}{secret=[not logged]}}{(?s)JMSText.*}{JMSText=[not logged]}",
            ),
        );
    }
    file.into_bytes()
}

fn rolling_file(file: &mut Properties, name: &str, path: &str) {
    let appender = format!("appender.{name}");
    for (key, value) in [
        ("type", "RollingFile"),
        ("name", name),
        ("fileName", &format!("{path}.0.log")),
        ("filePattern", &format!("{path}.%i.log")),
        ("layout.type", "PatternLayout"),
        ("layout.pattern", TIMED),
        ("policies.type", "Policies"),
        ("policies.size.type", "SizeBasedTriggeringPolicy"),
        ("policies.size.size", FILE_BYTES),
        ("strategy.type", "DefaultRolloverStrategy"),
        ("strategy.max", FILES),
        ("strategy.fileIndex", "min"),
    ] {
        file.set(&format!("{appender}.{key}"), value);
    }
}
