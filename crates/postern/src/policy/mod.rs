//! `postern policy`: what is wrong with a policy, what it allows, and which one would be enough.

mod asked;
mod check;
mod dependents;
mod documents;
mod explain;
mod generate;
mod known;
mod lint;
mod show;
mod simulate;
mod stored;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use iam::DocumentKind;

use crate::cli::{Output, ServeArgs};

pub(crate) use asked::Asked;
pub(crate) use dependents::SERVICE_LINKED_ROLE;
pub(crate) use known::action_of;
pub(crate) use show::{describe, simulation_json};
pub(crate) use stored::Stored;

/// What can be done with policies.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Say whether documents are valid, in AWS's words, and where they are not.
    Check(CheckArgs),
    /// Warn of what is valid and hardly meant: statements that never match, grants that are too wide.
    Lint(LintArgs),
    /// Say whether a request would be allowed, which statement decides, and what to add.
    Explain(ExplainArgs),
    /// Decide many actions on many resources, as a table.
    Simulate(SimulateArgs),
    /// Write the policy that a principal's recorded calls need, and no more.
    Generate(GenerateArgs),
}

/// Where the service keeps its data. Everything is only read, also beside a running service.
#[derive(Clone, Debug, Args)]
pub(crate) struct DataArgs {
    /// The service's data folder [default: as `serve`: POSTERN_DATA_DIR, then ./postern-data]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// The file of the master key [default: master.key in the data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) master_key_file: Option<PathBuf>,
}

/// A data folder and its master key.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) master_key_file: PathBuf,
}

impl DataArgs {
    /// The folder that these flags, the environment and the defaults name.
    ///
    /// # Errors
    /// The environment or the configuration file is wrong, or there is no such folder.
    pub(crate) fn folder(&self) -> anyhow::Result<Folder> {
        let settings = crate::config::load(&ServeArgs {
            data_dir: self.data_dir.clone(),
            master_key_file: self.master_key_file.clone(),
            ..ServeArgs::default()
        })?
        .settings()?;
        let path = settings.data_dir;
        if !path.is_dir() {
            let shown = path.display();
            return Err(crate::exit::NotFound(format!("there is no data folder `{shown}`")).into());
        }
        let master_key_file = settings
            .master_key_file
            .unwrap_or_else(|| path.join("master.key"));
        Ok(Folder {
            path,
            master_key_file,
        })
    }
}

/// What a document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// An inline policy of a user, group or role
    Identity,
    /// A managed policy; version 2012-10-17 is required
    Managed,
    /// A session policy
    Session,
    /// A role's trust policy
    Trust,
}

impl Kind {
    fn document(self) -> DocumentKind {
        match self {
            Self::Identity => DocumentKind::Identity,
            Self::Managed => DocumentKind::Managed,
            Self::Session => DocumentKind::Session,
            Self::Trust => DocumentKind::Trust,
        }
    }
}

/// Arguments of `policy check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern policy check brokers.json
  jq .policy plan.json | postern policy check --kind managed -
  postern policy check --data-dir /srv/postern
      Every policy that the service stores.

Exit codes: 0 all are valid, 1 one is not, 2 a file cannot be read")]
pub(crate) struct CheckArgs {
    /// The documents; - is standard input. None: every policy that the service stores
    #[arg(value_name = "FILE", required_unless_present = "data_dir")]
    files: Vec<PathBuf>,
    /// What the documents are for
    #[arg(long, value_enum, default_value = "identity")]
    kind: Kind,
    #[command(flatten)]
    data: DataArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// Arguments of `policy lint`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern policy lint brokers.json
  postern policy lint --strict --output json *.json
      In a pipeline: fail on warnings.
  postern policy lint --data-dir /srv/postern
      Every policy that the service stores.

Exit codes: 0 done, 1 a document is not valid, or --strict and a warning")]
pub(crate) struct LintArgs {
    /// The documents; - is standard input. None: every policy that the service stores
    #[arg(value_name = "FILE", required_unless_present = "data_dir")]
    files: Vec<PathBuf>,
    /// What the documents are for
    #[arg(long, value_enum, default_value = "identity")]
    kind: Kind,
    /// Fail if there is a warning
    #[arg(long)]
    strict: bool,
    /// The account, 12 digits: ARNs of others are pointed out
    #[arg(long, value_name = "DIGITS")]
    account: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// The policies and the rest of the request that `explain` and `simulate` ask about.
#[derive(Debug, Args)]
pub(crate) struct QuestionArgs {
    /// An identity policy; repeatable; - is standard input
    #[arg(long = "policy", value_name = "FILE", required_unless_present_any = ["user", "role", "principal"])]
    policies: Vec<PathBuf>,
    /// The permissions boundary
    #[arg(long, value_name = "FILE")]
    boundary: Option<PathBuf>,
    /// A session policy; repeatable
    #[arg(long = "session", value_name = "FILE")]
    sessions: Vec<PathBuf>,
    /// Take the policies, boundary and tags of this user of the service; --policy files come on top
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// The same of this role; a session policy is not known of it
    #[arg(long, value_name = "NAME", conflicts_with = "user")]
    role: Option<String>,
    /// Who asks: sets aws:PrincipalArn, aws:username and the like
    #[arg(long, value_name = "ARN")]
    principal: Option<String>,
    /// A condition key of the request; repeat it for several values
    #[arg(long = "context", value_name = "KEY=VALUE")]
    context: Vec<String>,
    /// Leave a condition key out that would be supplied
    #[arg(long = "absent", value_name = "KEY")]
    absent: Vec<String>,
    #[command(flatten)]
    data: DataArgs,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// Arguments of `policy explain`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern policy explain --policy brokers.json \\
      --action mq:CreateBroker --context aws:RequestTag/env=test
  postern policy explain --policy a.json --boundary b.json \\
      --action mq:DeleteBroker --principal arn:aws:iam::111122223333:user/jane \\
      --resource arn:aws:mq:us-east-1:111122223333:broker:orders:b-1
  postern policy explain --data-dir /srv/postern --user jane \\
      --action mq:ListBrokers

The keys that come with every request are supplied, such as aws:CurrentTime and
aws:RequestedRegion, and what --principal or --user tells; --context wins.

Exit codes: 0 decided, whatever the decision; 1 a document is not valid;
4 it would be refused, with --exit-code")]
pub(crate) struct ExplainArgs {
    /// The action
    #[arg(long, value_name = "SERVICE:NAME")]
    action: String,
    /// The resource [default: *, which is what actions without a resource type are asked on]
    #[arg(long, value_name = "ARN")]
    resource: Option<String>,
    #[command(flatten)]
    question: QuestionArgs,
    /// Exit with 4 if the request would be refused
    #[arg(long)]
    exit_code: bool,
}

/// Arguments of `policy simulate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern policy simulate --policy brokers.json --action 'mq:*' \\
      --resource arn:aws:mq:us-east-1:111122223333:broker:orders:b-1
  postern policy simulate --data-dir /srv/postern --user jane \\
      --action mq:CreateBroker --action 'iam:*' --output json

An action with wildcards stands for all that Postern knows. Actions without a
resource type are asked on `*`.

Exit codes: 0 decided, 1 a document is not valid, 3 no action matches")]
pub(crate) struct SimulateArgs {
    /// An action; repeatable; wildcards allowed
    #[arg(long = "action", value_name = "SERVICE:NAME", required = true)]
    actions: Vec<String>,
    /// A resource; repeatable [default: *]
    #[arg(long = "resource", value_name = "ARN")]
    resources: Vec<String>,
    #[command(flatten)]
    question: QuestionArgs,
}

/// Arguments of `policy generate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  postern policy generate --from-audit \\
      --principal arn:aws:iam::111122223333:user/ci
  postern policy generate --from-audit --since 2026-11-01T00:00:00Z \\
      --principal arn:aws:iam::111122223333:user/ci > ci.json

The document goes to standard output, what it is made from to standard error.

Exit codes: 0 done, 3 no successful call of the principal is recorded")]
pub(crate) struct GenerateArgs {
    /// From the audit log, which is the one source there is
    #[arg(long, required = true)]
    from_audit: bool,
    /// Whose calls
    #[arg(long, value_name = "ARN")]
    principal: String,
    /// Calls from this time on, such as 2026-11-01T00:00:00Z or 2026-11-01
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    /// How to print: the document alone, or with what it was made from
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

/// Runs a command of `postern policy`.
///
/// # Errors
/// What went wrong; [`crate::exit::code_of`] tells the exit code.
pub(crate) fn run(command: &PolicyCommand) -> anyhow::Result<ExitCode> {
    match command {
        PolicyCommand::Check(args) => check::run(args),
        PolicyCommand::Lint(args) => lint::run(args),
        PolicyCommand::Explain(args) => explain::run(args),
        PolicyCommand::Simulate(args) => simulate::run(args),
        PolicyCommand::Generate(args) => generate::run(args),
    }
}
