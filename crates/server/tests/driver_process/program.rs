//! The processes that the process driver's tests start: the shim as `postern shim` runs it, and a control plane that can be killed.

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::time::Duration;

use server::drivers::process::{ProcessConfig, ProcessDriver};
use server::drivers::{Driver, Launch, Limits, LogLimits, NodeId};

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    match args.next().as_deref().and_then(|first| first.to_str()) {
        Some("shim") => server::shim::main(args),
        Some("control") => {
            let words: Option<Vec<String>> = args.map(|arg| arg.into_string().ok()).collect();
            words
                .and_then(|words| control(&words))
                .map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
        }
        _ => ExitCode::from(64),
    }
}

/// `control <nodes> <first user> <group> <program> <script>`: adopts what is there, then carries out what it reads, a line each
/// (`start <node>`, `stop <node>`, `remove <node>`), and says `done` or what went wrong.
fn control(words: &[String]) -> Option<()> {
    let [nodes, first_user, group, program, script] = words else {
        return None;
    };
    let first: u32 = first_user.parse().ok()?;
    let mut config = ProcessConfig::new(nodes.into(), program.into());
    config.users = first..=first + 999;
    config.group.clone_from(group);
    let runtime = tokio::runtime::Runtime::new().ok()?;
    let _entered = runtime.enter();
    let driver = match ProcessDriver::open(config) {
        Ok(driver) => driver,
        Err(error) => {
            say(&error.to_string());
            return None;
        }
    };
    runtime.block_on(driver.adopt()).ok()?;
    say("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line.ok()?;
        let (verb, node) = line.split_once(' ')?;
        let node = NodeId::parse(node).ok()?;
        let result = match verb {
            "start" => runtime.block_on(driver.start(launch(node, script))),
            "stop" => runtime.block_on(driver.stop(&node)),
            "remove" => runtime.block_on(driver.remove(&node)),
            _ => return None,
        };
        say(&result.map_or_else(|error| error.to_string(), |()| "done".to_owned()));
    }
    Some(())
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn launch(node: NodeId, script: &str) -> Launch {
    Launch {
        namespace: None,
        node,
        folders: vec![],
        files: vec![],
        argv: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
        env: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
        stop_grace: Duration::from_secs(5),
        log: LogLimits::default(),
        limits: Limits::default(),
    }
}
