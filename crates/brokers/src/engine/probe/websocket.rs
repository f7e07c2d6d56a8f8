//! WebSocket (RFC 6455) with STOMP or MQTT inside, as ActiveMQ's `wss` connector speaks it.

use base64::Engine as _;

use super::{Login, Step, legible, mqtt, refused, stomp, unexpected};

/// Where the response's head must end.
const HEAD_LIMIT: usize = 16 * 1024;

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

pub(super) struct State {
    host: String,
    nonce: [u8; 16],
    upgraded: bool,
    inner: Inner,
    payload: Vec<u8>,
}

enum Inner {
    Stomp(stomp::State),
    Mqtt(mqtt::State),
}

impl State {
    pub(super) fn stomp(login: &Login, host: &str, nonce: [u8; 16]) -> Self {
        Self::new(Inner::Stomp(stomp::State::new(login, host)), host, nonce)
    }

    pub(super) fn mqtt(login: &Login, host: &str, nonce: [u8; 16]) -> Self {
        Self::new(Inner::Mqtt(mqtt::State::new(login, nonce)), host, nonce)
    }

    fn new(inner: Inner, host: &str, nonce: [u8; 16]) -> Self {
        Self {
            host: host.to_owned(),
            nonce,
            upgraded: false,
            inner,
            payload: Vec::new(),
        }
    }

    pub(super) fn opening(&self) -> Vec<u8> {
        let protocol = match self.inner {
            Inner::Stomp(_) => "v12.stomp",
            Inner::Mqtt(_) => "mqtt",
        };
        upgrade(&self.host, protocol, self.nonce)
    }

    pub(super) fn receive(&mut self, buffer: &mut Vec<u8>) -> Step {
        let mut to_send = Vec::new();
        if !self.upgraded {
            let Some(end) = buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
                return if buffer.len() > HEAD_LIMIT {
                    unexpected("not an HTTP response")
                } else {
                    Step::Wait
                };
            };
            let head: Vec<u8> = buffer.drain(..end.saturating_add(4)).collect();
            if !head.starts_with(b"HTTP/1.1 101") {
                return unexpected(format!("no upgrade: {}", legible(&head)));
            }
            self.upgraded = true;
            let (opcode, login) = match &self.inner {
                Inner::Stomp(state) => (TEXT, state.opening()),
                Inner::Mqtt(state) => (BINARY, state.opening()),
            };
            to_send.extend(frame(opcode, &login, self.mask()));
        }
        loop {
            let Some((opcode, payload)) = take_frame(buffer) else {
                return if to_send.is_empty() {
                    Step::Wait
                } else {
                    Step::Send(to_send)
                };
            };
            match opcode {
                PING => to_send.extend(frame(PONG, &payload, self.mask())),
                PONG => {}
                CLOSE => {
                    return refused(format!(
                        "closed: {}",
                        legible(payload.get(2..).unwrap_or_default())
                    ));
                }
                CONTINUATION | TEXT | BINARY => {
                    self.payload.extend(payload);
                    let step = match &mut self.inner {
                        Inner::Stomp(state) => state.receive(&mut self.payload),
                        Inner::Mqtt(state) => state.receive(&mut self.payload),
                    };
                    match step {
                        Step::Wait => {}
                        Step::Send(bytes) => to_send.extend(frame(BINARY, &bytes, self.mask())),
                        Step::Done(outcome) => return Step::Done(outcome),
                    }
                }
                _ => return unexpected("not a WebSocket frame"),
            }
        }
    }

    fn mask(&self) -> [u8; 4] {
        self.nonce.last_chunk::<4>().copied().unwrap_or_default()
    }
}

/// The request that asks for a WebSocket.
pub(super) fn upgrade(host: &str, protocol: &str, nonce: [u8; 16]) -> Vec<u8> {
    let key = base64::engine::general_purpose::STANDARD.encode(nonce);
    let host = host.replace(['\r', '\n', ' '], "");
    format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n"
    )
    .into_bytes()
}

/// A whole message in one masked frame.
fn frame(opcode: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut out = vec![0x80 | opcode];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short), _) if short < 126 => out.push(0x80 | short),
        (_, Ok(medium)) => {
            out.push(0x80 | 126);
            out.extend(medium.to_be_bytes());
        }
        (_, Err(_)) => {
            out.push(0x80 | 127);
            out.extend(
                u64::try_from(payload.len())
                    .unwrap_or(u64::MAX)
                    .to_be_bytes(),
            );
        }
    }
    out.extend(mask);
    out.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    out
}

/// Takes one frame of the engine (never masked) once it is whole.
fn take_frame(buffer: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let first = *buffer.first()?;
    let (head, length) = match *buffer.get(1)? & 0x7f {
        126 => {
            let bytes = buffer.get(2..4)?.first_chunk::<2>()?;
            (4usize, u64::from(u16::from_be_bytes(*bytes)))
        }
        127 => {
            let bytes = buffer.get(2..10)?.first_chunk::<8>()?;
            (10, u64::from_be_bytes(*bytes))
        }
        short => (2, u64::from(short)),
    };
    let end = head.checked_add(usize::try_from(length).ok()?)?;
    let payload = buffer.get(head..end)?.to_vec();
    buffer.drain(..end);
    Some((first & 0x0f, payload))
}
