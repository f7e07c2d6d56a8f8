//! STOMP 1.2: CONNECT, then CONNECTED or ERROR.

use super::{Login, Outcome, Step, legible, refused, unexpected};
use crate::engine::Secret;

pub(super) struct State {
    frame: Secret,
}

impl State {
    pub(super) fn new(login: &Login, host: &str) -> Self {
        // STOMP 1.2 does not escape headers of CONNECT: a line feed would end the header, so it is left out.
        let clean = |text: &str| text.replace(['\n', '\r', '\0'], "");
        Self {
            frame: Secret::new(format!(
                "CONNECT\naccept-version:1.2\nheart-beat:0,0\nhost:{}\nlogin:{}\npasscode:{}\n\n\0",
                clean(host),
                clean(&login.username),
                clean(login.password.expose()),
            )),
        }
    }

    pub(super) fn opening(&self) -> Vec<u8> {
        self.frame.expose().as_bytes().to_vec()
    }

    pub(super) fn receive(&self, buffer: &mut Vec<u8>) -> Step {
        let Some(end) = buffer.iter().position(|b| *b == 0) else {
            return Step::Wait;
        };
        let frame: Vec<u8> = buffer.drain(..=end).collect();
        let text = frame.trim_ascii_start();
        if text.starts_with(b"CONNECTED\n") || text.starts_with(b"CONNECTED\r\n") {
            Step::Done(Outcome::Accepted)
        } else if text.starts_with(b"ERROR\n") || text.starts_with(b"ERROR\r\n") {
            refused(legible(text))
        } else {
            unexpected(format!("not STOMP: {}", legible(text)))
        }
    }
}
