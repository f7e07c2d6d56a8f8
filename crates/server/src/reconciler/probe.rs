//! Asks a node whether it is what it promises.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use brokers::engine::activemq::CONSOLE_PORT;
use brokers::engine::probe::{Conversation, HttpExchange, Outcome, Target};
use brokers::plan::HEALTH_LIMIT_MS;
use rustls::ClientConfig;

use super::launch::Promise;
use crate::clock::random;
use crate::engines::probe::{self, Endpoint};

/// How long one answer may take.
const LIMIT: Duration = Duration::from_millis(HEALTH_LIMIT_MS.unsigned_abs());
/// The console compiles its first page.
const CONSOLE_LIMIT: Duration = Duration::from_secs(30);

/// What answered since a node's start: it is not asked again.
#[derive(Default)]
pub(super) struct Passed {
    protocols: HashSet<Target>,
    console: bool,
}

/// Asks everything that was promised and has not answered yet. The error says what did not.
pub(super) async fn ready(
    promise: &Promise,
    tls: &Arc<ClientConfig>,
    passed: &mut Passed,
) -> Result<(), String> {
    for target in &promise.protocols {
        if passed.protocols.contains(target) {
            continue;
        }
        speaks(promise, tls, *target).await?;
        passed.protocols.insert(*target);
    }
    if promise.console && !passed.console {
        let address = endpoint(promise, CONSOLE_PORT);
        let host = address.socket.to_string();
        let request = HttpExchange::new("GET", &host, "/admin/", None, None);
        let reply = probe::http(address, Some(tls), request, CONSOLE_LIMIT)
            .await
            .map_err(|error| said("console", &error))?;
        if reply.status >= 500 {
            return Err(format!("the console answered with {}", reply.status));
        }
        passed.console = true;
    }
    Ok(())
}

/// Asks whether a node that was ready still is: one login over the first protocol.
pub(super) async fn well(promise: &Promise, tls: &Arc<ClientConfig>) -> Result<(), String> {
    match promise.protocols.first() {
        Some(target) => speaks(promise, tls, *target).await,
        None => Ok(()),
    }
}

/// A refused login is an answer too: the engine decides whom it lets in, and a customer's configuration has a say in it.
async fn speaks(promise: &Promise, tls: &Arc<ClientConfig>, target: Target) -> Result<(), String> {
    let address = endpoint(promise, target.connector().port());
    let nonce = random().map_err(|error| error.to_string())?;
    let host = promise.address.to_string();
    let talk = Conversation::new(target, &promise.login, &host, nonce);
    match probe::log_in(address, tls, talk, LIMIT).await {
        Ok(Outcome::Accepted | Outcome::Refused(_)) => Ok(()),
        Ok(Outcome::Unexpected(what)) => Err(format!("{}: {what}", target.name())),
        Err(error) => Err(said(target.name(), &error)),
    }
}

fn endpoint(promise: &Promise, port: u16) -> Endpoint {
    Endpoint {
        socket: SocketAddr::new(promise.address, port),
        namespace: promise.namespace.clone(),
    }
}

fn said(name: &str, error: &probe::ProbeError) -> String {
    use std::error::Error as _;
    match error.source() {
        Some(source) => format!("{name}: {error}: {source}"),
        None => format!("{name}: {error}"),
    }
}
