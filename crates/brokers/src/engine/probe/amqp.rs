//! AMQP 1.0: SASL PLAIN, then `open` (OASIS AMQP 1.0, parts 2.4 and 5.3).

use super::{Login, Outcome, Step, be32, legible, refused, take, unexpected};
use crate::engine::Secret;

const SASL_HEADER: [u8; 8] = [b'A', b'M', b'Q', b'P', 3, 1, 0, 0];
const HEADER: [u8; 8] = [b'A', b'M', b'Q', b'P', 0, 1, 0, 0];

/// Descriptors of what the engine may send.
const SASL_MECHANISMS: u8 = 0x40;
const SASL_OUTCOME: u8 = 0x44;
const OPEN: u8 = 0x10;
const CLOSE: u8 = 0x18;

pub(super) struct State {
    username: String,
    password: Secret,
    host: String,
    container: String,
    stage: Stage,
}

enum Stage {
    SaslHeader,
    Mechanisms,
    Outcome,
    Header,
    Open,
}

impl State {
    pub(super) fn new(login: &Login, host: &str, nonce: [u8; 16]) -> Self {
        Self {
            username: login.username.clone(),
            password: login.password.clone(),
            host: host.to_owned(),
            container: nonce.iter().take(8).map(|b| format!("{b:02x}")).collect(),
            stage: Stage::SaslHeader,
        }
    }

    pub(super) fn opening(&self) -> Vec<u8> {
        SASL_HEADER.to_vec()
    }

    pub(super) fn receive(&mut self, buffer: &mut Vec<u8>) -> Step {
        let mut to_send = Vec::new();
        loop {
            let step = self.advance(buffer);
            match step {
                Step::Send(bytes) => to_send.extend(bytes),
                Step::Wait if to_send.is_empty() => return Step::Wait,
                Step::Wait => return Step::Send(to_send),
                Step::Done(outcome) => return Step::Done(outcome),
            }
        }
    }

    fn advance(&mut self, buffer: &mut Vec<u8>) -> Step {
        match self.stage {
            Stage::SaslHeader => match take(buffer, 8) {
                None => Step::Wait,
                Some(header) if header == SASL_HEADER => {
                    self.stage = Stage::Mechanisms;
                    Step::Send(Vec::new())
                }
                Some(other) => unexpected(format!("no SASL: {}", legible(&other))),
            },
            Stage::Mechanisms => match frame(buffer) {
                Frame::Part => Step::Wait,
                Frame::Broken => unexpected("not an AMQP frame"),
                Frame::Whole(body) if descriptor(&body) == Some(SASL_MECHANISMS) => {
                    if !body.windows(5).any(|w| w == b"PLAIN") {
                        return refused("SASL PLAIN is not offered");
                    }
                    self.stage = Stage::Outcome;
                    Step::Send(self.sasl_init())
                }
                Frame::Whole(_) => unexpected("no SASL mechanisms"),
            },
            Stage::Outcome => match frame(buffer) {
                Frame::Part => Step::Wait,
                Frame::Broken => unexpected("not an AMQP frame"),
                Frame::Whole(body) if descriptor(&body) == Some(SASL_OUTCOME) => {
                    match sasl_code(&body) {
                        Some(0) => {
                            self.stage = Stage::Header;
                            Step::Send(HEADER.to_vec())
                        }
                        Some(1) => refused("SASL: authentication failed"),
                        Some(code) => refused(format!("SASL: code {code}")),
                        None => unexpected("a SASL outcome without a code"),
                    }
                }
                Frame::Whole(_) => unexpected("no SASL outcome"),
            },
            Stage::Header => match take(buffer, 8) {
                None => Step::Wait,
                Some(header) if header == HEADER => {
                    self.stage = Stage::Open;
                    Step::Send(self.open())
                }
                Some(other) => unexpected(format!("no AMQP 1.0: {}", legible(&other))),
            },
            Stage::Open => match frame(buffer) {
                Frame::Part => Step::Wait,
                Frame::Broken => unexpected("not an AMQP frame"),
                Frame::Whole(body) => match descriptor(&body) {
                    // An engine that refuses opens and closes at once, and the open then carries its error's name.
                    Some(OPEN)
                        if contains(&body, b"amqp:connection-establishment-failed")
                            || contains(&body, b"amqp:unauthorized-access") =>
                    {
                        refused("the connection was opened as failed")
                    }
                    Some(OPEN) => Step::Done(Outcome::Accepted),
                    Some(CLOSE) => refused(legible(&body)),
                    // Empty frames keep the connection alive.
                    None if body.is_empty() => Step::Send(Vec::new()),
                    Some(_) | None => unexpected("neither open nor close"),
                },
            },
        }
    }

    fn sasl_init(&self) -> Vec<u8> {
        let mut response = vec![0];
        response.extend(self.username.as_bytes());
        response.push(0);
        response.extend(self.password.expose().as_bytes());
        let mut fields = Vec::new();
        symbol(&mut fields, "PLAIN");
        binary(&mut fields, &response);
        performative(1, 0x41, 2, &fields)
    }

    fn open(&self) -> Vec<u8> {
        let mut fields = Vec::new();
        text(&mut fields, &format!("postern-{}", self.container));
        text(&mut fields, &self.host);
        performative(0, OPEN, 2, &fields)
    }
}

enum Frame {
    Part,
    Broken,
    Whole(Vec<u8>),
}

/// Takes one frame and gives its body.
fn frame(buffer: &mut Vec<u8>) -> Frame {
    let Some(size) = be32(buffer) else {
        return Frame::Part;
    };
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if !(8..=super::ANSWER_LIMIT).contains(&size) {
        return Frame::Broken;
    }
    let Some(frame) = take(buffer, size) else {
        return Frame::Part;
    };
    let offset = frame.get(4).map_or(0, |words| usize::from(*words) * 4);
    match frame.get(offset..) {
        Some(body) if offset >= 8 => Frame::Whole(body.to_vec()),
        Some(_) | None => Frame::Broken,
    }
}

/// The performative's number, in either of the two encodings that are in use.
fn descriptor(body: &[u8]) -> Option<u8> {
    match body {
        [0, 0x53, number, ..] | [0, 0x80, 0, 0, 0, 0, 0, 0, 0, number, ..] => Some(*number),
        _ => None,
    }
}

/// The first field of a SASL outcome: an unsigned byte.
fn sasl_code(body: &[u8]) -> Option<u8> {
    let list = match body {
        [0, 0x53, _, list @ ..] | [0, 0x80, _, _, _, _, _, _, _, _, list @ ..] => list,
        _ => return None,
    };
    match list {
        [0xc0, _, _, 0x50, code, ..] | [0xd0, _, _, _, _, _, _, _, _, 0x50, code, ..] => {
            Some(*code)
        }
        _ => None,
    }
}

fn contains(body: &[u8], what: &[u8]) -> bool {
    body.windows(what.len()).any(|window| window == what)
}

fn performative(kind: u8, descriptor: u8, count: u32, fields: &[u8]) -> Vec<u8> {
    let mut body = vec![0, 0x53, descriptor, 0xd0];
    body.extend(length(fields.len().saturating_add(4)).to_be_bytes());
    body.extend(count.to_be_bytes());
    body.extend(fields);
    let mut frame = length(body.len().saturating_add(8)).to_be_bytes().to_vec();
    frame.extend([2, kind, 0, 0]);
    frame.extend(body);
    frame
}

fn symbol(out: &mut Vec<u8>, text: &str) {
    variable(out, 0xb3, text.as_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    variable(out, 0xb1, text.as_bytes());
}

fn binary(out: &mut Vec<u8>, bytes: &[u8]) {
    variable(out, 0xb0, bytes);
}

fn variable(out: &mut Vec<u8>, code: u8, bytes: &[u8]) {
    out.push(code);
    out.extend(length(bytes.len()).to_be_bytes());
    out.extend(bytes);
}

fn length(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
