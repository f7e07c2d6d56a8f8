//! Logs: `activemq.0.log` (general) and `audit.0.log`, ten megabytes a file, five files of each kept.

use super::{NodeSpec, Properties, RenderError, path_text};

/// Bytes after which a log file is closed and the next begun.
const FILE_BYTES: &str = "10485760";
/// Log files kept of each kind, the current one included.
const FILES: &str = "5";

pub(super) fn render(spec: &NodeSpec) -> Result<Vec<u8>, RenderError> {
    let logs = path_text(&spec.directories.logs)?;
    let mut file = Properties::new();
    file.set("handlers", "java.util.logging.FileHandler")
        .set(".level", "INFO")
        .set("org.springframework.level", "WARNING")
        .set("org.apache.xbean.level", "WARNING")
        .set("org.eclipse.jetty.level", "WARNING")
        .set(
            "java.util.logging.FileHandler.pattern",
            &format!("{logs}/activemq.%g.log"),
        )
        .set("java.util.logging.FileHandler.limit", FILE_BYTES)
        .set("java.util.logging.FileHandler.count", FILES)
        .set("java.util.logging.FileHandler.append", "true")
        .set("java.util.logging.FileHandler.encoding", "UTF-8")
        .set(
            "java.util.logging.FileHandler.formatter",
            "java.util.logging.SimpleFormatter",
        )
        .set(
            "java.util.logging.SimpleFormatter.format",
            "%1$tFT%1$tT.%1$tL%1$tz %4$-7s %3$s - %5$s%6$s%n",
        );
    if spec.audit_log {
        file.set("org.apache.activemq.audit.handlers", "Boot$AuditLog")
            .set("org.apache.activemq.audit.useParentHandlers", "false")
            .set("Boot$AuditLog.pattern", &format!("{logs}/audit.%g.log"))
            .set("Boot$AuditLog.limit", FILE_BYTES)
            .set("Boot$AuditLog.count", FILES);
    }
    Ok(file.into_bytes())
}
