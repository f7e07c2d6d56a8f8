//! Whether the network mode can be used on this machine.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};

use server::network_mode::{self, Program};
use server::settings::{NetworkMode, Settings};

use super::Finding;

/// What a mode needs of the kernel, tried in a namespace of the trial's own: nothing of the machine changes. `unshare` is of
/// util-linux, which every Debian has.
const TRIAL: &str = "\
ip link set lo up && ip link add pb-trial type bridge && ip link add pv-trial type veth peer name pw-trial && \
ip link set pv-trial master pb-trial && \
printf 'table inet t {\\n chain c {\\n type filter hook input priority filter; policy drop;\\n ct state established accept\\n }\\n}\\n' | nft -f -";

pub(super) fn findings(settings: &Settings) -> Vec<Finding> {
    match &settings.network {
        NetworkMode::Loopback => vec![
            loopback(settings.vpc_block),
            Finding::note(
                "network mode",
                settings.network.warning().unwrap_or_default(),
                "as root, --network netns or host enforces them (docs/networking.md)",
            ),
        ],
        NetworkMode::Host { .. } | NetworkMode::Netns => {
            let mut findings = vec![root(&settings.network)];
            findings.extend([Program::Ip, Program::Nft].map(program));
            findings.push(kernel());
            if findings.iter().all(Finding::is_good) {
                findings.push(opened(settings));
            }
            findings
        }
    }
}

fn loopback(block: Option<u8>) -> Finding {
    // Where no block was chosen any will do: all of them are usable or none is.
    let block = block.unwrap_or(2);
    let (address, management) = (
        Ipv4Addr::new(127, block, 0, 4),
        Ipv4Addr::new(127, block.saturating_add(1), 0, 4),
    );
    let usable = [address, management].into_iter().find_map(|address| {
        TcpListener::bind((address, 0))
            .err()
            .map(|error| (address, error))
    });
    match usable {
        None => Finding::good(
            "addresses",
            "every broker can have an address in 127.0.0.0/8",
        ),
        Some((address, error)) => Finding::missing(
            "addresses",
            format!("{address} cannot be listened on: {error}"),
            "brokers need addresses of 127.0.0.0/8 on the loopback interface (Linux has them: `ip address show lo`)",
        ),
    }
}

fn root(mode: &NetworkMode) -> Finding {
    if rustix::process::geteuid().is_root() {
        return Finding::good("network rights", "root may change the machine's network");
    }
    Finding::missing(
        "network rights",
        format!(
            "--network {} changes the machine's network, which only root may",
            mode.name()
        ),
        "start as root, or use --network loopback",
    )
}

fn program(program: Program) -> Finding {
    let subject = match program {
        Program::Ip => "ip",
        Program::Nft => "nft",
    };
    match network_mode::version(program) {
        Ok(version) => Finding::good(subject, version),
        Err(error) => Finding::missing(
            subject,
            error.to_string(),
            "`apt-get install iproute2 nftables`",
        ),
    }
}

fn kernel() -> Finding {
    let tried = Command::new("unshare")
        .args(["--net", "sh", "-c", TRIAL])
        .env("PATH", "/usr/sbin:/sbin:/usr/bin:/bin")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output();
    let advice = "the kernel needs CONFIG_NET_NS, BRIDGE, VETH and NF_TABLES (in a container: CAP_NET_ADMIN and CAP_SYS_ADMIN)";
    match tried {
        Ok(output) if output.status.success() => Finding::good(
            "kernel",
            "has network namespaces, bridges, veth and nftables with connection tracking",
        ),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let first = said.lines().next().unwrap_or("it failed").to_owned();
            Finding::missing("kernel", first, advice)
        }
        Err(error) => Finding::missing("kernel", format!("`unshare`: {error}"), advice),
    }
}

fn opened(settings: &Settings) -> Finding {
    match network_mode::examine(settings) {
        Ok(()) => Finding::good(
            "network mode",
            format!(
                "{}: security groups are enforced by nftables",
                settings.network.name()
            ),
        ),
        Err(error) => Finding::missing("network mode", error.to_string(), ""),
    }
}
