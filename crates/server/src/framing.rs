//! Watches the framing of requests on its way to the HTTP library. The library forgives what RFC 9112 lets a recipient forgive:
//! repeated lengths, a length beside a transfer coding, bare line feeds. Each of them lets two recipients disagree on where a
//! request ends, which is how requests are smuggled, so a stream that has one ends here, before the library sees the head.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The largest head, in bytes. It is over the library's own limit, which answers before it closes.
const MAX_HEAD: usize = 48 * 1024;

const BARE_LINE_FEED: &str = "a line ends without a carriage return";
const LARGE_HEAD: &str = "the head is too large";

/// A stream that fails with `InvalidData` at the first request whose end is not beyond doubt.
pub(crate) struct Framing<S> {
    stream: S,
    watch: Watch,
}

impl<S> Framing<S> {
    pub(crate) fn new(stream: S) -> Framing<S> {
        Framing {
            stream,
            watch: Watch::default(),
        }
    }
}

/// Where in a request the stream is.
#[derive(Debug)]
enum Place {
    /// In a head.
    Head,
    /// In a body with this many bytes to come.
    Body(u64),
    /// In the line with a chunk's size.
    ChunkSize,
    /// In a chunk with this many bytes to come, the line end behind it included.
    Chunk(u64),
    /// Behind the last chunk: trailer fields and the empty line.
    Trailer,
}

#[derive(Debug)]
struct Watch {
    place: Place,
    /// The head, or the line, as far as it has come.
    text: Vec<u8>,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch {
            place: Place::Head,
            text: Vec::new(),
        }
    }
}

/// The stream has a request whose end is in doubt.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct Doubt(&'static str);

impl Watch {
    fn take(&mut self, mut bytes: &[u8]) -> Result<(), Doubt> {
        while !bytes.is_empty() {
            match self.place {
                Place::Body(left) | Place::Chunk(left) => {
                    let here = u64::try_from(bytes.len()).unwrap_or(u64::MAX).min(left);
                    bytes = bytes
                        .get(usize::try_from(here).unwrap_or(usize::MAX)..)
                        .unwrap_or_default();
                    self.pass(left - here);
                }
                Place::Head if self.text.is_empty() => match whole_head(bytes)? {
                    Some((place, rest)) => {
                        self.place = place;
                        bytes = rest;
                    }
                    None => bytes = self.line(bytes)?,
                },
                Place::Head | Place::ChunkSize | Place::Trailer => bytes = self.line(bytes)?,
            }
        }
        Ok(())
    }

    /// Takes the rest of a line, or all there is of it; gives back what is behind.
    fn line<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8], Doubt> {
        let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
        let (line, rest) = bytes.split_at(end);
        self.text.extend_from_slice(line);
        let ended = line.ends_with(b"\n");
        if ended && !self.text.ends_with(b"\r\n") {
            return Err(Doubt(BARE_LINE_FEED));
        }
        if self.text.len() > MAX_HEAD {
            return Err(Doubt(LARGE_HEAD));
        }
        if ended {
            self.line_end()?;
        }
        Ok(rest)
    }

    fn pass(&mut self, left: u64) {
        self.place = match (&self.place, left) {
            (Place::Body(_), 0) => Place::Head,
            (Place::Body(_), left) => Place::Body(left),
            (_, 0) => Place::ChunkSize,
            (_, left) => Place::Chunk(left),
        };
    }

    fn line_end(&mut self) -> Result<(), Doubt> {
        match self.place {
            Place::Head if self.text.ends_with(b"\r\n\r\n") => {
                self.place = after_head(&self.text)?;
                self.text.clear();
            }
            Place::ChunkSize => {
                let size = chunk_size(&self.text)?;
                self.place = if size == 0 {
                    Place::Trailer
                } else {
                    Place::Chunk(size.saturating_add(2))
                };
                self.text.clear();
            }
            Place::Trailer if self.text == b"\r\n" || self.text.ends_with(b"\r\n\r\n") => {
                self.place = Place::Head;
                self.text.clear();
            }
            Place::Head if self.text == b"\r\n" => {
                return Err(Doubt("an empty line before a request"));
            }
            Place::Head | Place::Trailer | Place::Body(_) | Place::Chunk(_) => {}
        }
        Ok(())
    }
}

/// Where the stream is behind the head that the bytes begin with, and what is behind it. `None`: it is not all there, or it has to
/// be looked at line by line to say what is wrong with it.
fn whole_head(bytes: &[u8]) -> Result<Option<(Place, &[u8])>, Doubt> {
    let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4) else {
        return Ok(None);
    };
    let (head, rest) = bytes.split_at(end);
    let is_plain = memchr::memchr_iter(b'\n', head)
        .all(|at| at.checked_sub(1).and_then(|at| head.get(at)) == Some(&b'\r'));
    if !is_plain || head.starts_with(b"\r\n") || head.len() > MAX_HEAD {
        return Ok(None);
    }
    Ok(Some((after_head(head)?, rest)))
}

/// Where the stream is behind this head.
fn after_head(head: &[u8]) -> Result<Place, Doubt> {
    let mut from = 0;
    let mut lines = memchr::memchr_iter(b'\n', head).map(|at| {
        let line = head.get(from..at).unwrap_or_default();
        from = at + 1;
        line.strip_suffix(b"\r").unwrap_or(line)
    });
    let request = lines.next().unwrap_or_default();
    let (mut length, mut chunked) = (None, false);
    for line in lines.filter(|line| !line.is_empty()) {
        if memchr::memchr(b'\r', line).is_some() {
            return Err(Doubt("a carriage return inside a line"));
        }
        if line
            .first()
            .is_some_and(|byte| *byte == b' ' || *byte == b'\t')
        {
            return Err(Doubt("a folded header"));
        }
        let colon = memchr::memchr(b':', line).ok_or(Doubt("a header without a colon"))?;
        let (name, value) = line.split_at(colon);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            if length.is_some() {
                return Err(Doubt("two lengths"));
            }
            length = Some(decimal(value).ok_or(Doubt("a length that is no number"))?);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if chunked || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Doubt("a transfer coding other than one `chunked`"));
            }
            chunked = true;
        }
    }
    match (length, chunked) {
        (Some(_), true) => Err(Doubt("a length and a transfer coding")),
        (None, true) if !request.ends_with(b" HTTP/1.1") => {
            Err(Doubt("a transfer coding before HTTP/1.1"))
        }
        (None, true) => Ok(Place::ChunkSize),
        (None | Some(0), false) => Ok(Place::Head),
        (Some(length), false) => Ok(Place::Body(length)),
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.len() <= 19 && text.iter().all(u8::is_ascii_digit);
    digits.then(|| {
        text.iter().fold(0_u64, |sum, digit| {
            sum.saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'))
        })
    })
}

fn chunk_size(line: &[u8]) -> Result<u64, Doubt> {
    let text = line.strip_suffix(b"\r\n").unwrap_or(line);
    // Extensions mean nothing to anybody here, so a chunk that has one is refused.
    let plain = !text.is_empty() && text.len() <= 8 && text.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(text)
        .ok()
        .filter(|_| plain)
        .ok_or(Doubt("a chunk size that is no number"))?;
    u64::from_str_radix(text, 16).map_err(|_| Doubt("a chunk size that is no number"))
}

impl<S: AsyncRead + Unpin> AsyncRead for Framing<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                let new = buffer.filled().get(before..).unwrap_or_default();
                match self.watch.take(new) {
                    Ok(()) => Poll::Ready(Ok(())),
                    Err(doubt) => {
                        buffer.set_filled(before);
                        Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, doubt)))
                    }
                }
            }
            other => other,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Framing<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds a stream whole and byte by byte; both must agree.
    fn watch(stream: &str) -> Result<(), Doubt> {
        let mut whole = Watch::default();
        let outcome = whole.take(stream.as_bytes());
        let mut bytewise = Watch::default();
        let single = stream.bytes().try_for_each(|byte| bytewise.take(&[byte]));
        assert_eq!(outcome, single, "{stream:?}");
        outcome
    }

    #[test]
    fn plain_requests_pass_one_after_the_other() {
        watch(
            "GET / HTTP/1.1\r\nhost: a\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n\
             POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n\
             POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        )
        .unwrap();
    }

    #[test]
    fn every_doubt_ends_the_stream() {
        for stream in [
            "GET / HTTP/1.1\nhost: a\n\n",
            "\r\nGET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\r\n b\r\n\r\n",
            "GET / HTTP/1.1\r\nhost\r\n\r\n",
            "GET / HTTP/1.1\r\nx: a\rb\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 1, 1\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: +1\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length:\r\n\r\n",
            "POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: xchunked\r\n\r\n",
            "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0x3\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3;a=b\r\n",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\nabc",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
        ] {
            assert!(watch(stream).is_err(), "{stream:?}");
        }
        assert!(watch(&format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(MAX_HEAD))).is_err());
    }
}
