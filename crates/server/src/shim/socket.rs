//! What the shim answers on its socket: one line of JSON each way, then it closes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::records;

/// The longest line either side sends, in bytes.
const LINE: u64 = 4096;

/// What may be asked of a shim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum Ask {
    /// Who are you, and whom do you watch?
    Status,
    /// Send the broker's main process this signal.
    Signal {
        /// 1 to 31.
        signal: i32,
    },
    /// Kill the broker and all it started, write down how it ended, and end.
    Exit,
}

/// What a shim answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    /// It runs.
    Status {
        /// The shim.
        shim: u32,
        /// The broker's main process.
        pid: u32,
        /// When that was started: field 22 of its process record.
        start: u64,
        /// The shim's resident memory in KiB.
        resident_kib: u64,
    },
    /// It was done.
    Done,
    /// It was not.
    Refused {
        /// Why.
        why: String,
    },
}

/// Asks the shim of the node whose control folder is given, and waits at most a second each for sending and its answer.
///
/// # Errors
/// Whatever the socket says: `NotFound` or `ConnectionRefused` if there is no shim.
pub fn ask(folder: &Path, question: Ask) -> io::Result<Answer> {
    // By way of the descriptor: a socket's address has at most 107 bytes, and folders may be deeper.
    let directory = std::fs::File::open(folder)?;
    let number = std::os::fd::AsRawFd::as_raw_fd(&directory);
    let mut socket = UnixStream::connect(format!("/proc/self/fd/{number}/{}", records::SOCKET))?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    socket.set_write_timeout(Some(Duration::from_secs(1)))?;
    send(&mut socket, &question)?;
    receive(&socket)
}

pub(super) fn send<T: Serialize>(mut socket: impl Write, message: &T) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    socket.write_all(&line)
}

pub(super) fn receive<T: serde::de::DeserializeOwned>(socket: impl Read) -> io::Result<T> {
    let mut line = Vec::new();
    BufReader::new(socket.take(LINE)).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line)?)
}
