//! `postern doctor`: whether this machine can run brokers, and what to do where it cannot.

mod network;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use server::drivers::Driver;
use server::drivers::process::{ProcessConfig, ProcessDriver};
use server::engines::Engines;
use server::settings::{DriverKind, Settings};

use crate::cli::{Output, ServeArgs};
use crate::{config, engine};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  postern doctor\n  postern doctor --data-dir /srv/postern --output json\n\nThe exit code is 1 when something is missing without which no broker runs."
)]
pub(crate) struct DoctorArgs {
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) output: Output,
    /// The values that `serve` takes.
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// As it should be.
    Good,
    /// Something to know; brokers run.
    Note,
    /// Without it no broker runs.
    Missing,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Verdict::Good => "ok",
            Verdict::Note => "note",
            Verdict::Missing => "MISSING",
        }
    }
}

/// One line of the examination.
struct Finding {
    subject: &'static str,
    verdict: Verdict,
    seen: String,
    /// What to do; empty where nothing is to be done.
    advice: String,
}

impl Finding {
    fn good(subject: &'static str, seen: impl Into<String>) -> Finding {
        Finding::new(subject, Verdict::Good, seen, "")
    }

    fn note(subject: &'static str, seen: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding::new(subject, Verdict::Note, seen, advice)
    }

    fn missing(
        subject: &'static str,
        seen: impl Into<String>,
        advice: impl Into<String>,
    ) -> Finding {
        Finding::new(subject, Verdict::Missing, seen, advice)
    }

    fn new(
        subject: &'static str,
        verdict: Verdict,
        seen: impl Into<String>,
        advice: impl Into<String>,
    ) -> Finding {
        Finding {
            subject,
            verdict,
            seen: seen.into(),
            advice: advice.into(),
        }
    }
}

impl Finding {
    fn is_good(&self) -> bool {
        self.verdict == Verdict::Good
    }
}

/// Examines the machine and prints what was found.
///
/// # Errors
/// The configuration is not valid.
pub(crate) fn run(args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let settings = config::load(&args.serve)?.settings()?;
    let mut findings = vec![data_folder(&settings), user()];
    match settings.driver {
        DriverKind::Process => {
            findings.push(java());
            findings.push(maven());
            findings.extend(engines(&settings));
            findings.extend(driver());
            findings.push(open_files());
        }
        DriverKind::Simulate => findings.push(Finding::note(
            "driver",
            "simulate: no engine runs, nothing answers at the brokers' endpoints",
            "leave --driver out to run real brokers",
        )),
    }
    findings.extend(network::findings(&settings));
    print(&findings, args.output);
    let missing = findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Missing);
    Ok(if missing {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn print(findings: &[Finding], output: Output) {
    match output {
        Output::Json => {
            let lines: Vec<serde_json::Value> = findings
                .iter()
                .map(|finding| {
                    serde_json::json!({
                        "subject": finding.subject,
                        "verdict": finding.verdict.word().to_ascii_lowercase(),
                        "seen": finding.seen,
                        "advice": finding.advice,
                    })
                })
                .collect();
            println!("{:#}", serde_json::Value::Array(lines));
        }
        Output::Table => {
            for finding in findings {
                let subject = format!("{}:", finding.subject);
                println!(
                    "{:<8} {subject:<16} {}",
                    finding.verdict.word(),
                    finding.seen
                );
                if !finding.advice.is_empty() {
                    println!("{:<8} {:<16} -> {}", "", "", finding.advice);
                }
            }
        }
    }
}

/// What brokers find their programs by; the same as in their environment.
const BROKER_PATH: &str = "/usr/bin:/bin";

fn java() -> Finding {
    let advice = "install a Java runtime, 11 or newer for ActiveMQ 5.18, 17 or newer for 6.x (Debian: `apt-get install default-jre-headless`)";
    let asked = Command::new("java")
        .args(["-XshowSettings:properties", "-version"])
        .env("PATH", BROKER_PATH)
        .stdin(Stdio::null())
        .output();
    let Ok(output) = asked else {
        return Finding::missing(
            "Java",
            format!("there is no `java` in {BROKER_PATH}"),
            advice,
        );
    };
    let text = String::from_utf8_lossy(&output.stderr);
    let version = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("java.specification.version = "))
        .and_then(|version| version.trim().parse::<u32>().ok());
    match version {
        Some(version) if version >= 11 => Finding::good("Java", format!("Java {version}")),
        Some(version) => Finding::missing("Java", format!("Java {version} is too old"), advice),
        None => Finding::missing("Java", "`java` does not tell its version", advice),
    }
}

fn maven() -> Finding {
    let asked = Command::new("mvn")
        .arg("-version")
        .stdin(Stdio::null())
        .output();
    match asked {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            let first = text.lines().next().unwrap_or_default();
            // It writes its name in bold even where nobody reads it.
            let plain: String = first.replace("\u{1b}[1m", "").replace("\u{1b}[m", "");
            Finding::good("Maven", plain.trim().to_owned())
        }
        Ok(_) | Err(_) => Finding::note(
            "Maven",
            "there is no `mvn`: engines cannot be fetched",
            "`apt-get install maven`, or import an official archive with `postern engine import`",
        ),
    }
}

fn engines(settings: &Settings) -> Vec<Finding> {
    let folder = &settings.engines_dir;
    let install = format!(
        "postern engine install activemq {} --engines-dir {}",
        engine::newest_known(),
        folder.display()
    );
    match Engines::open(folder).list() {
        Err(error) => vec![Finding::missing("engines", error.to_string(), install)],
        Ok(installed) if installed.is_empty() => vec![Finding::missing(
            "engines",
            format!("none is installed in {}", folder.display()),
            install,
        )],
        Ok(installed) => installed
            .iter()
            .map(|engine| {
                let version = &engine.catalogue.version;
                match engine::open_vulnerabilities(engine) {
                    0 => Finding::good("engines", format!("ActiveMQ {version}")),
                    count => Finding::note(
                        "engines",
                        format!("ActiveMQ {version}, with {count} known vulnerabilities"),
                        "let only clients you trust reach the brokers; `postern engine list --output json` names them",
                    ),
                }
            })
            .collect(),
    }
}

/// The driver's own words, asked on a folder beside the real one so that a running service is not disturbed.
fn driver() -> Vec<Finding> {
    let scratch = std::env::temp_dir().join(format!("postern-doctor-{}", std::process::id()));
    let opened = std::fs::create_dir(&scratch)
        .and_then(|()| std::env::current_exe())
        .map_err(|error| error.to_string())
        .and_then(|shim| {
            let config = ProcessConfig::new(scratch.join("nodes"), shim);
            ProcessDriver::open(config).map_err(|error| error.to_string())
        });
    let findings = match opened {
        Ok(driver) => {
            let found = driver.capabilities();
            let can = [
                (found.own_user, "a user of its own for each broker"),
                (found.memory_limit, "memory limits"),
                (found.task_limit, "task limits"),
                (found.group_kill, "control groups that end at one stroke"),
            ];
            let can: Vec<&str> = can
                .into_iter()
                .filter(|(can, _)| *can)
                .map(|(_, what)| what)
                .collect();
            let seen = if can.is_empty() {
                "process".to_owned()
            } else {
                format!("process, with {}", can.join(", "))
            };
            let notes = found.notes.into_iter();
            [Finding::good("driver", seen)]
                .into_iter()
                .chain(notes.map(|note| Finding::note("driver", note, "")))
                .collect()
        }
        Err(error) => vec![Finding::missing(
            "driver",
            error,
            "brokers cannot be started as processes here",
        )],
    };
    let _ = std::fs::remove_dir_all(&scratch);
    findings
}

fn user() -> Finding {
    let user = rustix::process::geteuid();
    if user.is_root() {
        Finding::good(
            "user",
            "root: each broker gets a user and limits of its own",
        )
    } else {
        Finding::note(
            "user",
            format!(
                "user id {}: brokers run as this user and share its rights",
                user.as_raw()
            ),
            "run as root where brokers of different owners must be kept apart",
        )
    }
}

/// How much room is little: a broker that cannot write stops taking messages.
const LITTLE: u64 = 1 << 30;

fn data_folder(settings: &Settings) -> Finding {
    let folder = &settings.data_dir;
    let there = nearest(folder);
    let shown = folder.display();
    if rustix::fs::access(
        &there,
        rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK,
    )
    .is_err()
    {
        return Finding::missing(
            "data folder",
            format!("{} may not be written", there.display()),
            format!("give this user the folder, or choose another with --data-dir (now {shown})"),
        );
    }
    match rustix::fs::statvfs(&there) {
        Ok(about) => {
            let room = about.f_bavail.saturating_mul(about.f_frsize);
            let seen = format!("{shown}, {} MiB free", room >> 20);
            if room < LITTLE {
                Finding::note(
                    "data folder",
                    seen,
                    "make room: brokers stop taking messages on a full disk",
                )
            } else {
                Finding::good("data folder", seen)
            }
        }
        Err(error) => Finding::note("data folder", format!("{shown}: {error}"), ""),
    }
}

/// The folder itself, or the nearest one above it that exists.
fn nearest(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let found = absolute.ancestors().find(|folder| folder.exists());
    found.map_or_else(|| PathBuf::from("/"), Path::to_path_buf)
}

/// The open files that one broker of the smallest type may need.
const OPEN_FILES: u64 = 4096;

fn open_files() -> Finding {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    match limit {
        Some(limit) if limit < OPEN_FILES => Finding::note(
            "open files",
            format!("at most {limit} in each process"),
            format!(
                "raise the limit (`ulimit -Hn`, LimitNOFILE=) to {OPEN_FILES} or more: it bounds a broker's connections"
            ),
        ),
        Some(limit) => Finding::good("open files", format!("at most {limit} in each process")),
        None => Finding::good("open files", "not limited"),
    }
}
