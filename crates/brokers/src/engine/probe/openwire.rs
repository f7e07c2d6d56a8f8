//! OpenWire: both sides send WireFormatInfo, then ConnectionInfo with a login is answered by a response or an exception.
//!
//! The engine's preference would be tight encoding with a cache; we ask for neither, which makes every command plain data.

use super::{Login, Outcome, Step, be32, legible, refused, take, unexpected};
use crate::engine::Secret;

const WIRE_FORMAT_INFO: u8 = 1;
const CONNECTION_INFO: u8 = 3;
const CONNECTION_ID: u8 = 120;
const RESPONSE: u8 = 30;
const EXCEPTION_RESPONSE: u8 = 31;
const CONNECTION_ERROR: u8 = 16;

/// The newest version of the encoding that every supported engine speaks.
const VERSION: i32 = 12;
/// The largest frame that we say we take; the engine uses the smaller of both sides' values.
const MAX_FRAME: i64 = 1 << 20;

pub(super) struct State {
    username: String,
    password: Secret,
    id: String,
    greeted: bool,
}

impl State {
    pub(super) fn new(login: &Login, nonce: [u8; 16]) -> Self {
        Self {
            username: login.username.clone(),
            password: login.password.clone(),
            id: nonce.iter().take(8).map(|b| format!("{b:02x}")).collect(),
            greeted: false,
        }
    }

    pub(super) fn opening(&self) -> Vec<u8> {
        wire_format_info()
    }

    pub(super) fn receive(&mut self, buffer: &mut Vec<u8>) -> Step {
        let mut to_send = Vec::new();
        loop {
            let Some(size) = be32(buffer) else {
                return wait_or_send(to_send);
            };
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            if size == 0 || size > super::ANSWER_LIMIT {
                return unexpected("not OpenWire");
            }
            let Some(frame) = take(buffer, size.saturating_add(4)) else {
                return wait_or_send(to_send);
            };
            let command = frame.get(4..).unwrap_or_default();
            match (command.first().copied(), self.greeted) {
                (Some(WIRE_FORMAT_INFO), false) => {
                    if command.get(1..9) != Some(b"ActiveMQ".as_slice()) {
                        return unexpected("not ActiveMQ's OpenWire");
                    }
                    self.greeted = true;
                    to_send.extend(self.connection_info());
                }
                (Some(RESPONSE), true) => return Step::Done(Outcome::Accepted),
                (Some(EXCEPTION_RESPONSE | CONNECTION_ERROR), true) => {
                    return refused(legible(command.get(1..).unwrap_or_default()));
                }
                // The engine also says who it is, and that it is alive.
                (Some(_), true) => {}
                (Some(_) | None, _) => return unexpected("not OpenWire"),
            }
        }
    }

    fn connection_info(&self) -> Vec<u8> {
        let mut body = vec![CONNECTION_INFO];
        body.extend(1i32.to_be_bytes());
        body.push(1); // a response is wanted
        body.extend([1, CONNECTION_ID]);
        string(&mut body, Some(&format!("ID:postern-{}", self.id)));
        string(&mut body, Some(&format!("postern-{}", self.id)));
        string(&mut body, Some(self.password.expose()));
        string(&mut body, Some(&self.username));
        body.push(0); // no broker path
        // Not a broker, manageable, no master, not fault tolerant, no reconnection.
        body.extend([0, 1, 0, 0, 0]);
        string(&mut body, None);
        framed(&body)
    }
}

fn wait_or_send(to_send: Vec<u8>) -> Step {
    if to_send.is_empty() {
        Step::Wait
    } else {
        Step::Send(to_send)
    }
}

fn wire_format_info() -> Vec<u8> {
    let mut properties = Vec::new();
    properties.extend(4i32.to_be_bytes());
    for name in ["TightEncodingEnabled", "CacheEnabled"] {
        utf(&mut properties, name);
        properties.extend([1, 0]); // boolean, false
    }
    utf(&mut properties, "MaxFrameSize");
    properties.push(6); // long
    properties.extend(MAX_FRAME.to_be_bytes());
    utf(&mut properties, "MaxInactivityDuration");
    properties.push(6);
    properties.extend(30_000i64.to_be_bytes());

    let mut body = vec![WIRE_FORMAT_INFO];
    body.extend(b"ActiveMQ");
    body.extend(VERSION.to_be_bytes());
    body.push(1);
    body.extend(length(properties.len()).to_be_bytes());
    body.extend(properties);
    framed(&body)
}

fn framed(body: &[u8]) -> Vec<u8> {
    let mut frame = length(body.len()).to_be_bytes().to_vec();
    frame.extend(body);
    frame
}

fn string(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => {
            out.push(1);
            utf(out, text);
        }
        None => out.push(0),
    }
}

/// Java's modified UTF-8: NUL takes two bytes, characters beyond the basic plane are two surrogates of three bytes each.
fn utf(out: &mut Vec<u8>, text: &str) {
    let mut bytes = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        let unit = u32::from(unit);
        let low = |shift: u32| u8::try_from(unit >> shift & 0x3f).unwrap_or(0) | 0x80;
        match unit {
            1..=0x7f => bytes.push(u8::try_from(unit).unwrap_or(0)),
            0 | 0x80..=0x7ff => {
                bytes.push(u8::try_from(unit >> 6).unwrap_or(0) | 0xc0);
                bytes.push(low(0));
            }
            _ => {
                bytes.push(u8::try_from(unit >> 12).unwrap_or(0) | 0xe0);
                bytes.push(low(6));
                bytes.push(low(0));
            }
        }
    }
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend(length.to_be_bytes());
    out.extend(bytes.iter().take(usize::from(length)));
}

fn length(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_written_as_java_reads_it() {
        let mut out = Vec::new();
        utf(&mut out, "a\0é€😀");
        assert_eq!(
            out,
            [
                0, 14, b'a', 0xc0, 0x80, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xbd, 0xed,
                0xb8, 0x80
            ]
        );
    }
}
