//! MQTT 3.1.1: CONNECT, then CONNACK with a return code (OASIS MQTT 3.1.1, section 3.2.2.3).

use super::{Login, Outcome, Step, refused, unexpected};

pub(super) struct State {
    packet: zeroize::Zeroizing<Vec<u8>>,
}

impl State {
    pub(super) fn new(login: &Login, nonce: [u8; 16]) -> Self {
        let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', 4];
        // User name, password, clean session; keep-alive of 30 seconds.
        body.extend([0b1100_0010, 0, 30]);
        let id: String = nonce.iter().take(8).map(|b| format!("{b:02x}")).collect();
        for text in [
            format!("postern-{id}").as_str(),
            &login.username,
            login.password.expose(),
        ] {
            string(&mut body, text);
        }
        let mut packet = vec![0x10];
        remaining_length(&mut packet, body.len());
        packet.extend(&body);
        Self {
            packet: packet.into(),
        }
    }

    pub(super) fn opening(&self) -> Vec<u8> {
        self.packet.to_vec()
    }

    pub(super) fn receive(&self, buffer: &mut Vec<u8>) -> Step {
        match *buffer.as_slice() {
            [] => Step::Wait,
            [0x20] | [0x20, 2] | [0x20, 2, _] => Step::Wait,
            [0x20, 2, _, code, ..] => match code {
                0 => Step::Done(Outcome::Accepted),
                4 => refused("bad user name or password"),
                5 => refused("not authorized"),
                code => refused(format!("return code {code}")),
            },
            [..] => unexpected("not a CONNACK"),
        }
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend(length.to_be_bytes());
    out.extend(bytes.iter().take(usize::from(length)));
}

fn remaining_length(out: &mut Vec<u8>, mut length: usize) {
    loop {
        let digit = u8::try_from(length % 128).unwrap_or(0);
        length /= 128;
        if length == 0 {
            out.push(digit);
            return;
        }
        out.push(digit | 0x80);
    }
}
