//! What a caller hands in: the request as received and the service it reached.

/// One header as received: its name in any case, and the raw bytes of its value.
pub type Header<'a> = (&'a str, &'a [u8]);

/// A request as it came off the wire, borrowed.
///
/// Nothing may be decoded, normalised or reordered before it gets here: the
/// signature covers the bytes the client sent.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, as received (`GET`; methods are case-sensitive).
    pub method: &'a str,
    /// The raw request target in origin form: path, and a query after the first `?`.
    pub target: &'a [u8],
    /// Every header in arrival order. A header sent twice is there twice. For
    /// HTTP/2 pass the authority as a header named `host` or `:authority`.
    pub headers: &'a [Header<'a>],
    /// The whole body, after any transfer coding was undone.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// The path and the query of the target; the query is empty when there is none.
    pub(crate) fn split_target(&self) -> (&'a [u8], &'a [u8]) {
        match memchr::memchr(b'?', self.target) {
            Some(mark) => {
                let (path, rest) = self.target.split_at_checked(mark).unwrap_or_default();
                (path, rest.get(1..).unwrap_or_default())
            }
            None => (self.target, &[]),
        }
    }
}

/// The service that will answer: one row of a server's service table.
///
/// It is chosen by the server, never taken from the request's own scope.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// The name expected in the credential scope, such as `mq`.
    pub name: &'a str,
    /// Which spelling of AWS's error codes and texts the service answers with.
    pub family: Family,
    /// Seconds a request may be older or newer than the server's clock, and the
    /// longest life of a presigned request. AWS uses 300 or 900.
    pub window: u32,
    /// The regions accepted in the credential scope.
    pub regions: &'a [&'a str],
    /// Whether presigned requests (query authentication) are accepted. When
    /// not, such a request counts as carrying no authentication at all.
    pub presigned: bool,
}

/// How a protocol spells authentication errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// REST-JSON services (`mq`): codes end in `Exception`.
    RestJson,
    /// AWS Query services (`iam`, `sts`).
    Query,
    /// EC2's form of AWS Query: `AuthFailure`, `RequestExpired`.
    Ec2,
}

/// What the canonical path is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PathRule {
    /// Collapse `//`, drop `.`, resolve `..`: every service but S3.
    #[default]
    Normalize,
    /// Take the path as received. A few services and part of AWS's test suite.
    AsReceived,
}
