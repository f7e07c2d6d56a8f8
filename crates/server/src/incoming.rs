//! A request as the edge hands it on: framed, bounded, and otherwise as it was received.

use std::borrow::Cow;
use std::net::IpAddr;

use bytes::Bytes;
use http::HeaderMap;

/// A request: its bytes, and where it came from.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The method.
    pub method: String,
    /// The raw request target, path and query, as received.
    pub target: String,
    /// Every header, names in small letters, those of one name in the order received.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// The peer's address.
    pub source_ip: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
}

impl Incoming {
    /// The raw path.
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The raw query, where there is one.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The first header of this name (in small letters) as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.headers.get(name)?.as_bytes()).ok()
    }
}

/// An answer, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers besides Date and Content-Length.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: Bytes,
}
