//! `postern engine`: what brokers are run with.

use std::path::PathBuf;
use std::process::ExitCode;

use brokers::engine::catalogue::Exposure;
use clap::{Args, Subcommand, ValueEnum};
use server::engines::{EngineError, Engines, Installed, Options, known_versions};

use crate::cli::{Output, ServeArgs};
use crate::config;
use crate::exit::NotFound;

/// What can be done with engines.
#[derive(Debug, Subcommand)]
pub(crate) enum EngineCommand {
    /// List what is installed: versions, what worked when they were tried, known vulnerabilities.
    #[command(after_help = "Example: postern engine list --output json")]
    List(Where),
    /// Fetch a version with Maven, compare it with pinned checksums, try it once and catalogue it.
    #[command(
        after_help = "Examples:\n  postern engine install activemq 5.18.6\n  postern engine install activemq 5.18.6 --engines-dir /srv/engines\n\nMaven's own settings (~/.m2/settings.xml) choose the registry. A minute on most machines."
    )]
    Install {
        /// The engine.
        engine: EngineName,
        /// The full version, such as 5.18.6.
        #[arg(value_name = "VERSION")]
        release: String,
        /// How to install it.
        #[command(flatten)]
        how: How,
    },
    /// Take an official archive that was fetched by hand, compare it with its checksum, try it once and catalogue it.
    #[command(
        after_help = "Example: postern engine import activemq ./apache-activemq-5.18.6-bin.tar.gz --sha512 <the published sum>"
    )]
    Import {
        /// The engine.
        engine: EngineName,
        /// The `-bin.tar.gz`.
        archive: PathBuf,
        /// The archive's SHA-512 as Apache publishes it.
        #[arg(long, value_name = "HEX")]
        sha512: String,
        /// How to install it.
        #[command(flatten)]
        how: How,
    },
    /// Compare every installed file of a version with what was installed; exit code 1 where one differs.
    #[command(after_help = "Example: postern engine verify activemq 5.18.6")]
    Verify {
        /// The engine.
        engine: EngineName,
        /// The full version, or a line such as 5.18 for its newest.
        #[arg(value_name = "VERSION")]
        release: String,
        /// Where it is.
        #[command(flatten)]
        place: Where,
    },
}

/// The engines that can be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// Apache ActiveMQ Classic.
    Activemq,
}

/// Where engines are and how results are printed.
#[derive(Debug, Args)]
pub(crate) struct Where {
    /// Where engines are installed [default: as `postern serve`]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) engines_dir: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) output: Output,
}

/// How a version is installed.
#[derive(Debug, Args)]
pub(crate) struct How {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Where,
    /// The Java program
    #[arg(long, value_name = "PROGRAM", default_value = "java")]
    pub(crate) java: PathBuf,
    /// The Maven client
    #[arg(long, value_name = "PROGRAM", default_value = "mvn")]
    pub(crate) maven: PathBuf,
    /// Take files for which this build carries no checksum; files that differ from a pinned one are never taken
    #[arg(long)]
    pub(crate) accept_new_checksums: bool,
}

/// Runs a command.
///
/// # Errors
/// What went wrong, in words that say what to do.
pub(crate) fn run(command: EngineCommand) -> anyhow::Result<ExitCode> {
    match command {
        EngineCommand::List(place) => {
            let installed = engines(&place)?.list()?;
            print(&installed, place.output)?;
            Ok(ExitCode::SUCCESS)
        }
        EngineCommand::Install {
            engine: EngineName::Activemq,
            release,
            how,
        } => {
            let (engines, options) = (engines(&how.place)?, options(&how));
            let installed = wait_for(engines.install(&release, &options, &mut progress))?;
            print(&[installed], how.place.output)?;
            Ok(ExitCode::SUCCESS)
        }
        EngineCommand::Import {
            engine: EngineName::Activemq,
            archive,
            sha512,
            how,
        } => {
            let (engines, options) = (engines(&how.place)?, options(&how));
            let installed = wait_for(engines.import(&archive, &sha512, &options, &mut progress))?;
            print(&[installed], how.place.output)?;
            Ok(ExitCode::SUCCESS)
        }
        EngineCommand::Verify {
            engine: EngineName::Activemq,
            release,
            place,
        } => verify(&release, &place),
    }
}

fn engines(place: &Where) -> anyhow::Result<Engines> {
    let args = ServeArgs {
        engines_dir: place.engines_dir.clone(),
        ..ServeArgs::default()
    };
    Ok(Engines::open(config::load(&args)?.settings()?.engines_dir))
}

fn options(how: &How) -> Options {
    Options {
        java: how.java.clone(),
        maven: how.maven.clone(),
        accept_new_checksums: how.accept_new_checksums,
    }
}

/// Progress is for people, and results may go into a pipe.
fn progress(line: &str) {
    eprintln!("{line}");
}

fn wait_for(
    what: impl Future<Output = Result<Installed, EngineError>>,
) -> anyhow::Result<Installed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(what)?)
}

fn verify(version: &str, place: &Where) -> anyhow::Result<ExitCode> {
    let verification = match engines(place)?.verify(version) {
        Err(error @ EngineError::NotInstalled { .. }) => {
            return Err(NotFound(error.to_string()).into());
        }
        other => other?,
    };
    match place.output {
        Output::Json => println!(
            "{:#}",
            serde_json::json!({
                "version": version,
                "intact": verification.is_intact(),
                "files": verification.files,
                "damaged": verification.damaged,
                "unknown": verification.unknown,
            })
        ),
        Output::Table => {
            for path in &verification.damaged {
                println!("damaged  {path}");
            }
            for path in &verification.unknown {
                println!("unknown  {path}");
            }
            if verification.is_intact() {
                println!(
                    "ActiveMQ {version}: {} files are as they were installed",
                    verification.files
                );
            } else {
                println!(
                    "ActiveMQ {version} is not as it was installed: remove its folder and install it again"
                );
            }
        }
    }
    Ok(if verification.is_intact() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(installed: &[Installed], output: Output) -> anyhow::Result<()> {
    match output {
        Output::Json => {
            let entries: Vec<serde_json::Value> = installed
                .iter()
                .map(|engine| {
                    let catalogue = &engine.catalogue;
                    serde_json::json!({
                        "engine": catalogue.engine,
                        "version": catalogue.version,
                        "line": catalogue.line,
                        "folder": engine.folder,
                        "source": catalogue.source,
                        "pinned": catalogue.pinned,
                        "protocols": protocols(engine),
                        "console": catalogue.console.works,
                        "management": catalogue.management.works,
                        "vulnerabilities": catalogue.vulnerabilities,
                    })
                })
                .collect();
            println!("{:#}", serde_json::Value::Array(entries));
        }
        Output::Table if installed.is_empty() => println!(
            "no engine is installed; `postern engine install activemq {}` installs one",
            newest_known()
        ),
        Output::Table => {
            let mut table = config::table(&[
                "engine",
                "version",
                "protocols",
                "console",
                "known vulnerabilities",
                "folder",
            ]);
            for engine in installed {
                let catalogue = &engine.catalogue;
                table.add_row([
                    catalogue.engine.clone(),
                    catalogue.version.clone(),
                    protocols(engine).join(", "),
                    if catalogue.console.works { "yes" } else { "no" }.to_owned(),
                    open_vulnerabilities(engine).to_string(),
                    engine.folder.display().to_string(),
                ]);
            }
            println!("{table}");
        }
    }
    Ok(())
}

fn protocols(engine: &Installed) -> Vec<&'static str> {
    let trials = engine.catalogue.protocols.iter();
    trials
        .filter(|trial| trial.login.works)
        .map(|trial| trial.protocol.name())
        .collect()
}

/// How many known vulnerabilities a version has, or has to be assumed to have.
pub(crate) fn open_vulnerabilities(engine: &Installed) -> usize {
    let all = engine.catalogue.vulnerabilities.iter();
    all.filter(|vulnerability| match vulnerability.state {
        Exposure::Open | Exposure::AssumedOpen => true,
        Exposure::Fixed => false,
    })
    .map(|vulnerability| vulnerability.ids.len())
    .sum()
}

/// The newest version of the line that Amazon MQ offers and that this build knows how to install.
pub(crate) fn newest_known() -> String {
    let versions = known_versions();
    let of_amazon = versions
        .iter()
        .rfind(|version| version.starts_with("5.18."));
    of_amazon
        .or(versions.last())
        .map_or_else(|| "5.18.6".to_owned(), ToString::to_string)
}
