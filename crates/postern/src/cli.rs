//! The commands.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::doctor::DoctorArgs;
use crate::engine::EngineCommand;
use crate::{audit, config, doctor, engine, exit, explain, fsck, key, policy, serve};

/// A self-hosted Amazon MQ: AWS CLI, SDKs and Terraform work against it unchanged, and the brokers are real.
#[derive(Debug, Parser)]
#[command(name = "postern", version, propagate_version = true, after_help = exit::HELP, after_long_help = LONG_HELP)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const LONG_HELP: &str = "\
Examples:
  postern serve
      Serve the API on http://127.0.0.1:4510, data in ./postern-data.
      The first start prints the root access key and the lines to paste.

  postern serve --driver simulate --listen 127.0.0.1:0 --data-dir /tmp/p
      No engines: brokers only look as if they ran. For tests of Terraform code
      and policies.

  postern doctor
      Whether this machine can run brokers, and what to do where it cannot.

  postern engine install activemq 5.18.6
      Fetch an engine with Maven, compare it with pinned checksums, try it once.

  postern config show --data-dir /srv/postern
      What a service would run with, and where each value comes from.

Every flag of `serve` has an environment variable, POSTERN_ and the flag's name, and a
key of the configuration file. Flags win over the environment, that over the file.

Exit codes:
  0   done
  1   failed
  2   the command line, environment or configuration file is wrong
  3   not found
  4   it would be refused (policy explain --exit-code)
  5   not ready in time, or not checked (fsck)
  70  the disk failed while the service ran: what is stored is known after a restart";

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the API and run the brokers.
    Serve(ServeArgs),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Install the engines that brokers are run with, and look at them.
    #[command(subcommand)]
    Engine(EngineCommand),
    /// Find out whether this machine can run brokers, and what to do where it cannot.
    Doctor(DoctorArgs),
    /// Check, lint, explain, simulate and generate policies.
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Say who asked for what and why it was allowed or refused, by the id of the request.
    Explain(explain::ExplainArgs),
    /// Look after the audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Look after the master key.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Check everything that is stored, while the service does not run.
    Fsck(fsck::FsckArgs),
    /// Watch over one broker node; started by `serve` itself
    #[command(hide = true, disable_help_flag = true)]
    Shim {
        /// What the shim's own code reads.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// What can be done with a configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print what a service would run with, and where each value comes from. Secrets are not printed.
    Show(ConfigArgs),
    /// Check flags, environment and file; say what is wrong, or nothing.
    Validate(ConfigArgs),
}

/// Arguments of `config show` and `config validate`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// How to print.
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) output: Output,
    /// The values that `serve` takes.
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// The flags of `serve`. They have no defaults here: environment and file come between.
#[derive(Clone, Debug, Default, Args)]
#[command(
    after_help = "Examples: postern serve --region eu-central-1 --region eu-west-1 --quota brokers=20\n          postern serve --endpoint-domain mq.example.org --dns-listen 127.0.0.1:5300"
)]
pub(crate) struct ServeArgs {
    /// A TOML file with any of these settings [env: POSTERN_CONFIG]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where everything is kept [default: ./postern-data]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where the API listens [default: 127.0.0.1:4510]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// Where /healthz, /readyz and /metrics are; `off` for nowhere [default: 127.0.0.1:4511]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) admin_listen: Option<String>,
    /// TLS of the API: off (loopback only), or own: a certificate of Postern's authority [default: off]
    #[arg(long, value_name = "off|own")]
    pub(crate) tls: Option<String>,
    /// A certificate chain (PEM) to serve the API with
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// The private key (PEM) of that certificate
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Serve plain HTTP beyond loopback all the same
    #[arg(long)]
    pub(crate) allow_plain_http: bool,
    /// A region that is served, the first is the default; with its zones as NAME=ZONE,ZONE; repeatable [default: us-east-1]
    #[arg(long, value_name = "NAME[=ZONE,…]")]
    pub(crate) region: Vec<String>,
    /// The account, 12 digits [default: chosen at first start]
    #[arg(long, value_name = "DIGITS")]
    pub(crate) account_id: Option<String>,
    /// The file of the master key that seals secrets [default: master.key in the data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) master_key_file: Option<PathBuf>,
    /// Requests per second of an account, for each service [default: 15, as Amazon MQ]
    #[arg(long, value_name = "N")]
    pub(crate) api_rate: Option<String>,
    /// Requests an account may send at once, for each service [default: 100, as Amazon MQ]
    #[arg(long, value_name = "N")]
    pub(crate) api_burst: Option<String>,
    /// A quota, such as brokers=500; repeatable; `postern config show` lists them
    #[arg(long, value_name = "NAME=N")]
    pub(crate) quota: Vec<String>,
    /// How far a request's date may be off, in seconds; repeatable [default: mq=300 iam=900 sts=900 ec2=900, as AWS]
    #[arg(long, value_name = "SERVICE=SECONDS")]
    pub(crate) clock_window: Vec<String>,
    /// A service that refuses presigned requests; repeatable
    #[arg(long, value_name = "SERVICE")]
    pub(crate) presigned_off: Vec<String>,
    /// The keys (a JSON Web Key Set) of an OpenID Connect provider, in a file or at an https address, for
    /// AssumeRoleWithWebIdentity; repeatable. No other address is ever asked
    #[arg(long, value_name = "URL=FILE|ADDRESS")]
    pub(crate) oidc_keys: Vec<String>,
    /// The certificate authorities (PEM) that those addresses are checked against [default: the machine's]
    #[arg(long, value_name = "FILE")]
    pub(crate) oidc_ca: Option<PathBuf>,
    /// How brokers run: process, or simulate: not at all [default: process]
    #[arg(long, value_name = "process|simulate")]
    pub(crate) driver: Option<String>,
    /// How long a simulated broker takes to start, in milliseconds [default: 1000]
    #[arg(long, value_name = "MS")]
    pub(crate) simulate_start_ms: Option<String>,
    /// Where engines are installed [default: /var/lib/postern/engines as root, ~/.local/share/postern/engines otherwise]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) engines_dir: Option<PathBuf>,
    /// The domain of endpoint names, such as mq.example.org; without it endpoints are addresses
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) endpoint_domain: Option<String>,
    /// Where the names of that domain are answered by DNS, over UDP and TCP, such as 127.0.0.1:5300 [default: nowhere]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) dns_listen: Option<String>,
    /// Where brokers' addresses are: loopback, host: added to a device, netns: in namespaces of their own; the last two need root and enforce security groups [default: loopback]
    #[arg(long, value_name = "loopback|host|netns")]
    pub(crate) network: Option<String>,
    /// The device that gets the brokers' addresses; with --network host
    #[arg(long, value_name = "DEVICE")]
    pub(crate) network_device: Option<String>,
    /// The addresses that brokers get, nobody else's; with --network host
    #[arg(long, value_name = "RANGE")]
    pub(crate) network_pool: Option<String>,
    /// The default VPC's range; with --network netns or host [default: netns: 172.31.0.0/16 as on AWS; host: half of the pool]
    #[arg(long, value_name = "RANGE")]
    pub(crate) vpc_range: Option<String>,
    /// The default VPC's place in 127.0.0.0/8: an even number N makes it 127.N.0.0/16 [default: by chance]
    #[arg(long, value_name = "N")]
    pub(crate) vpc_block: Option<String>,
    /// The most connections of the API at once [default: 4096]
    #[arg(long, value_name = "N")]
    pub(crate) max_connections: Option<String>,
    /// The most connections of one address at once [default: 2048]
    #[arg(long, value_name = "N")]
    pub(crate) max_connections_per_address: Option<String>,
    /// What is logged to standard error: error, warn, info, debug or a filter [default: info]
    #[arg(long, value_name = "FILTER")]
    pub(crate) log: Option<String>,
}

/// Runs a command.
///
/// # Errors
/// What went wrong; [`exit::code_of`] tells the exit code.
pub(crate) fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Serve(args) => serve::run(config::load(&args)?),
        Command::Config(ConfigCommand::Show(args)) => {
            config::show(&config::load(&args.serve)?, args.output)
        }
        Command::Config(ConfigCommand::Validate(args)) => {
            config::load(&args.serve)?.settings()?;
            println!("the configuration is valid");
            Ok(ExitCode::SUCCESS)
        }
        Command::Engine(command) => engine::run(command),
        Command::Doctor(args) => doctor::run(&args),
        Command::Policy(command) => policy::run(&command),
        Command::Explain(args) => explain::run(&args),
        Command::Audit(command) => audit::run(&command),
        Command::Key(command) => key::run(&command),
        Command::Fsck(args) => fsck::run(&args),
        Command::Shim { arguments } => Ok(server::shim::main(arguments)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
