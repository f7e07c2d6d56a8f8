//! Conversations that find out whether an engine lets a client in, without sockets.
//!
//! A [`Conversation`] says what to send first, is fed whatever arrives, and answers with more to send or an [`Outcome`].
//! The caller owns the connection (TLS where the protocol has it), the time limit and the end of the stream.
//! What arrives comes from a process that talks to strangers: it is bounded, and nothing in it can make these panic.

mod amqp;
mod hostile;
mod http;
mod mqtt;
mod openwire;
mod stomp;
mod websocket;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use hostile::oversized;
pub use http::{HttpExchange, HttpReply};

use super::Secret;
use super::activemq::Connector;

/// What a conversation tries: a protocol, or one of the two that travel in a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// OpenWire.
    OpenWire,
    /// AMQP 1.0.
    Amqp,
    /// STOMP 1.2.
    Stomp,
    /// MQTT 3.1.1.
    Mqtt,
    /// STOMP 1.2 in a WebSocket.
    StompOverWebSocket,
    /// MQTT 3.1.1 in a WebSocket.
    MqttOverWebSocket,
}

impl Target {
    /// All of them, in the order of the connectors.
    pub const ALL: [Self; 6] = [
        Self::OpenWire,
        Self::Amqp,
        Self::Stomp,
        Self::Mqtt,
        Self::StompOverWebSocket,
        Self::MqttOverWebSocket,
    ];

    /// The connector on which it is spoken.
    #[must_use]
    pub const fn connector(self) -> Connector {
        match self {
            Self::OpenWire => Connector::OpenWire,
            Self::Amqp => Connector::Amqp,
            Self::Stomp => Connector::Stomp,
            Self::Mqtt => Connector::Mqtt,
            Self::StompOverWebSocket | Self::MqttOverWebSocket => Connector::WebSocket,
        }
    }

    /// A word for tables and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenWire => "openwire",
            Self::Amqp => "amqp",
            Self::Stomp => "stomp",
            Self::Mqtt => "mqtt",
            Self::StompOverWebSocket => "stomp over wss",
            Self::MqttOverWebSocket => "mqtt over wss",
        }
    }
}

/// Who logs in.
#[derive(Clone)]
pub struct Login {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: Secret,
}

/// What to do after bytes were received.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Wait for more.
    Wait,
    /// Send these bytes, then wait.
    Send(Vec<u8>),
    /// It is over.
    Done(Outcome),
}

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Logged in.
    Accepted,
    /// The engine spoke the protocol and refused the login.
    Refused(String),
    /// The other end did not speak the protocol, or closed before it answered.
    Unexpected(String),
}

/// Bytes kept of an answer at most; every answer that means something is far shorter.
const ANSWER_LIMIT: usize = 64 * 1024;

/// One attempt to log in.
pub struct Conversation {
    received: Vec<u8>,
    protocol: Protocol,
}

/// The protocol's own state.
enum Protocol {
    OpenWire(openwire::State),
    Amqp(amqp::State),
    Stomp(stomp::State),
    Mqtt(mqtt::State),
    WebSocket(Box<websocket::State>),
}

impl Conversation {
    /// Prepares an attempt. `host` is what the client believes to talk to (a name or an address); `nonce` is 16 random
    /// bytes, from which client ids and WebSocket keys are made.
    #[must_use]
    pub fn new(target: Target, login: &Login, host: &str, nonce: [u8; 16]) -> Self {
        let protocol = match target {
            Target::OpenWire => Protocol::OpenWire(openwire::State::new(login, nonce)),
            Target::Amqp => Protocol::Amqp(amqp::State::new(login, host, nonce)),
            Target::Stomp => Protocol::Stomp(stomp::State::new(login, host)),
            Target::Mqtt => Protocol::Mqtt(mqtt::State::new(login, nonce)),
            Target::StompOverWebSocket => {
                Protocol::WebSocket(Box::new(websocket::State::stomp(login, host, nonce)))
            }
            Target::MqttOverWebSocket => {
                Protocol::WebSocket(Box::new(websocket::State::mqtt(login, host, nonce)))
            }
        };
        Self {
            received: Vec::new(),
            protocol,
        }
    }

    /// What to send once the connection stands; may be empty.
    pub fn opening(&mut self) -> Vec<u8> {
        match &mut self.protocol {
            Protocol::OpenWire(state) => state.opening(),
            Protocol::Amqp(state) => state.opening(),
            Protocol::Stomp(state) => state.opening(),
            Protocol::Mqtt(state) => state.opening(),
            Protocol::WebSocket(state) => state.opening(),
        }
    }

    /// Takes what arrived.
    pub fn receive(&mut self, bytes: &[u8]) -> Step {
        if self.received.len().saturating_add(bytes.len()) > ANSWER_LIMIT {
            return unexpected("the answer is too long");
        }
        self.received.extend_from_slice(bytes);
        let buffer = &mut self.received;
        match &mut self.protocol {
            Protocol::OpenWire(state) => state.receive(buffer),
            Protocol::Amqp(state) => state.receive(buffer),
            Protocol::Stomp(state) => state.receive(buffer),
            Protocol::Mqtt(state) => state.receive(buffer),
            Protocol::WebSocket(state) => state.receive(buffer),
        }
    }
}

fn unexpected(what: impl Into<String>) -> Step {
    Step::Done(Outcome::Unexpected(what.into()))
}

fn refused(why: impl Into<String>) -> Step {
    Step::Done(Outcome::Refused(why.into()))
}

/// Removes and gives the first `length` bytes once they are all there.
fn take(buffer: &mut Vec<u8>, length: usize) -> Option<Vec<u8>> {
    (buffer.len() >= length).then(|| buffer.drain(..length).collect())
}

/// The first four bytes as a big-endian number.
fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk::<4>()?))
}

/// Text of an answer for people: printable, one line, short.
fn legible(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(160)
        .collect::<String>()
        .trim()
        .to_owned()
}
