//! The programs by which the machine's network is changed: `ip` of iproute2 and `nft` of nftables.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::inside;

/// Where they are looked for: the service's own `PATH` is somebody's choice, and often has no `sbin`.
const FOLDERS: [&str; 6] = [
    "/usr/sbin",
    "/sbin",
    "/usr/bin",
    "/bin",
    "/usr/local/sbin",
    "/usr/local/bin",
];

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Addresses, links, namespaces.
    Ip,
    /// Rules.
    Nft,
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Program::Ip => "ip",
            Program::Nft => "nft",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Program::Ip => "iproute2",
            Program::Nft => "nftables",
        }
    }

    fn path(self) -> Result<PathBuf, ProgramError> {
        FOLDERS
            .iter()
            .map(|folder| Path::new(folder).join(self.name()))
            .find(|path| path.is_file())
            .ok_or(ProgramError::Missing {
                program: self.name(),
                package: self.package(),
            })
    }
}

/// Why a program did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// It is not installed.
    #[error("the program `{program}` is not installed (Debian: `apt-get install {package}`)")]
    Missing {
        /// Its name.
        program: &'static str,
        /// The package.
        package: &'static str,
    },
    /// It did not run.
    #[error("`{program}` could not be run: {source}")]
    Broken {
        /// Its name.
        program: &'static str,
        /// Why.
        source: io::Error,
    },
    /// It refused.
    #[error("`{command}` failed: {why}")]
    Refused {
        /// What it was told.
        command: String,
        /// Its own words.
        why: String,
    },
}

/// What the program says when it is asked for its version.
///
/// # Errors
/// It is missing or does not run.
pub fn version(program: Program) -> Result<String, ProgramError> {
    let said = run(program, None, &["-V"], None)?;
    Ok(said.lines().next().unwrap_or_default().trim().to_owned())
}

/// Runs a program, in a network namespace if one is given, and gives what it prints.
fn run(
    program: Program,
    namespace: Option<&Path>,
    arguments: &[&str],
    input: Option<&str>,
) -> Result<String, ProgramError> {
    let broken = |source| ProgramError::Broken {
        program: program.name(),
        source,
    };
    let mut command = Command::new(program.path()?);
    command
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C")
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Order: what was spawned on the thread stays in the namespace; the rest need not be done there.
    let child = inside(namespace, || command.spawn()).and_then(|spawned| spawned);
    let mut child = child.map_err(broken)?;
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        // Who does not read to the end says why on its standard error.
        let _ = pipe.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(broken)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let why = String::from_utf8_lossy(&output.stderr);
    let said = why.lines().filter(|line| !line.trim().is_empty());
    Err(ProgramError::Refused {
        command: format!("{} {}", program.name(), arguments.join(" ")),
        why: said.take(3).collect::<Vec<_>>().join("; "),
    })
}

/// Runs `ip` with these words.
pub(super) fn ip(words: &[&str]) -> Result<String, ProgramError> {
    run(Program::Ip, None, words, None)
}

/// Runs several commands of `ip` in one go; the first that fails ends it.
pub(super) fn ip_batch(namespace: Option<&Path>, commands: &[String]) -> Result<(), ProgramError> {
    let mut text = commands.join("\n");
    text.push('\n');
    run(Program::Ip, namespace, &["-batch", "-"], Some(&text)).map(drop)
}

/// Loads a ruleset: all of it or nothing.
pub(super) fn nft(namespace: Option<&Path>, ruleset: &str) -> Result<(), ProgramError> {
    run(Program::Nft, namespace, &["-f", "-"], Some(ruleset)).map(drop)
}

/// A network device of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Link {
    /// Absent of devices that were filtered out.
    #[serde(default, rename = "ifname")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) group: String,
    #[serde(default)]
    pub(super) master: Option<String>,
    #[serde(default, rename = "ifalias")]
    pub(super) alias: Option<String>,
    /// The hardware address.
    #[serde(default)]
    pub(super) address: Option<String>,
    #[serde(default)]
    pub(super) flags: Vec<String>,
    #[serde(default)]
    pub(super) addr_info: Vec<LinkAddress>,
}

/// An address of a device.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct LinkAddress {
    #[serde(default)]
    local: String,
    #[serde(default)]
    pub(super) prefixlen: u8,
}

impl LinkAddress {
    /// The address where it is one of IPv4.
    pub(super) fn v4(&self) -> Option<Ipv4Addr> {
        self.local.parse().ok()
    }
}

impl Link {
    pub(super) fn is_up(&self) -> bool {
        self.flags.iter().any(|flag| flag == "UP")
    }
}

/// The devices of the machine and their addresses.
pub(super) fn links() -> Result<Vec<Link>, ProgramError> {
    // With details: without them iproute2 6.1 leaves aliases out.
    let text = ip(&["-j", "-details", "address", "show"])?;
    let links: Vec<Link> = serde_json::from_str(&text).map_err(|error| ProgramError::Broken {
        program: Program::Ip.name(),
        source: error.into(),
    })?;
    Ok(links
        .into_iter()
        .filter(|link| !link.name.is_empty())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_read_and_a_refusal_says_what_was_wanted() {
        let Ok(links) = links() else {
            println!("skipped: there is no `ip` on this machine");
            return;
        };
        let loopback = links.iter().find(|link| link.name == "lo");
        assert!(loopback.is_some(), "{links:?}");
        let error = ip(&["address", "show", "dev", "no-such-device"]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("`ip address show dev no-such-device` failed: "),
            "{text}"
        );
    }
}
