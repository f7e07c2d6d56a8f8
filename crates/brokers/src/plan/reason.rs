//! Why a node ended or could not be started, in words for the broker's owner.

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The node ran out of memory.
    Memory,
    /// One of its ports belongs to somebody else.
    PortTaken,
    /// Its address is not one of this machine's.
    NoAddress,
    /// The engine's version is not installed, or what it needs is not.
    NoEngine,
    /// No space is left.
    DiskFull,
    /// It cannot be done as it was asked for, however often it is tried.
    Impossible,
    /// It ran and did not answer.
    Silent,
    /// Anything else.
    Other,
}

impl Cause {
    /// Whether trying again without anybody doing anything is in vain. A broker that is being created is given up then.
    pub fn is_definite(self) -> bool {
        match self {
            Cause::PortTaken
            | Cause::NoAddress
            | Cause::NoEngine
            | Cause::DiskFull
            | Cause::Impossible => true,
            Cause::Memory | Cause::Silent | Cause::Other => false,
        }
    }
}

/// Why a node ended or could not be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The kind.
    pub cause: Cause,
    /// A clause for people, without a full stop.
    pub text: String,
}

impl Reason {
    /// A reason.
    pub fn new(cause: Cause, text: impl Into<String>) -> Reason {
        Reason {
            cause,
            text: text.into(),
        }
    }
}

/// The most characters of an engine's own words that are repeated.
const WORDS: usize = 300;

/// Reads a node's last words. `ending` is a clause such as `ended with code 78`; `out_of_memory` is what the kernel said;
/// `tail` are the last lines of its output, oldest first.
pub fn diagnose(ending: &str, out_of_memory: bool, tail: &[String]) -> Reason {
    let line_with = |words: &[&str]| {
        tail.iter()
            .rev()
            .find(|line| words.iter().any(|word| line.contains(word)))
    };
    if out_of_memory {
        return Reason::new(
            Cause::Memory,
            format!("the broker {ending}: the memory limit of its instance type was reached"),
        );
    }
    if line_with(&["java.lang.OutOfMemoryError"]).is_some() {
        return Reason::new(
            Cause::Memory,
            format!("the broker {ending}: its Java heap was exhausted"),
        );
    }
    if let Some(line) = line_with(&["Address already in use"]) {
        let text = match socket_in(line) {
            Some(socket) => format!("the address {socket} is taken by another process"),
            None => "one of the broker's ports is taken by another process".to_owned(),
        };
        return Reason::new(Cause::PortTaken, text);
    }
    if line_with(&["Cannot assign requested address"]).is_some() {
        return Reason::new(
            Cause::NoAddress,
            "the broker's address is not one of this machine's",
        );
    }
    if line_with(&["No space left on device", "Disk quota exceeded"]).is_some() {
        return Reason::new(Cause::DiskFull, "no space is left on the broker's disk");
    }
    // Who was killed had no last words about it.
    let last = || {
        let last = tail.iter().rev().find(|line| !line.trim().is_empty());
        last.filter(|_| !ending.contains("signal"))
    };
    let said = line_with(&["BOOT-FAILED", "Caused by:", "Exception", "Error"])
        .or_else(last)
        .map(|line| line.trim().chars().take(WORDS).collect::<String>());
    match said {
        Some(said) => Reason::new(
            Cause::Other,
            format!("the broker {ending}; it said: {said}"),
        ),
        None => Reason::new(Cause::Other, format!("the broker {ending}")),
    }
}

/// The first `host:port` that stands behind `//` in a line.
fn socket_in(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("//")?;
    let socket = rest
        .split(|c: char| !(c.is_ascii_alphanumeric() || ".:[]-".contains(c)))
        .next()?;
    let (host, port) = socket.rsplit_once(':')?;
    (!host.is_empty() && port.parse::<u16>().is_ok()).then_some(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_become_reasons() {
        let bind = "Caused by: java.io.IOException: Failed to bind to server socket: ssl://127.64.0.4:61617?maximumConnections=300 due to: java.net.BindException: Address already in use";
        let cases: &[(&[&str], bool, Cause, &str)] = &[
            (
                &[bind],
                false,
                Cause::PortTaken,
                "the address 127.64.0.4:61617 is taken by another process",
            ),
            (
                &["java.net.BindException: Address already in use"],
                false,
                Cause::PortTaken,
                "one of the broker's ports is taken by another process",
            ),
            (
                &["java.net.BindException: Cannot assign requested address"],
                false,
                Cause::NoAddress,
                "the broker's address is not one of this machine's",
            ),
            (
                &["Terminating due to java.lang.OutOfMemoryError: Java heap space"],
                false,
                Cause::Memory,
                "the broker ended with code 78: its Java heap was exhausted",
            ),
            (
                &[],
                true,
                Cause::Memory,
                "the broker ended with code 78: the memory limit of its instance type was reached",
            ),
            (
                &["java.io.IOException: No space left on device"],
                false,
                Cause::DiskFull,
                "no space is left on the broker's disk",
            ),
            (
                &["BOOT-FAILED org.x.Y: bad", "\tat z"],
                false,
                Cause::Other,
                "the broker ended with code 78; it said: BOOT-FAILED org.x.Y: bad",
            ),
            (&[" "], false, Cause::Other, "the broker ended with code 78"),
        ];
        for (tail, memory, cause, text) in cases {
            let tail: Vec<String> = tail.iter().map(|line| (*line).to_owned()).collect();
            let reason = diagnose("ended with code 78", *memory, &tail);
            assert_eq!((reason.cause, reason.text.as_str()), (*cause, *text));
        }
        let killed = diagnose(
            "was killed by signal 9",
            false,
            &["BOOT-READY b 5.18.6".to_owned()],
        );
        assert_eq!(killed.text, "the broker was killed by signal 9");
    }
}
