//! One HTTP/1.1 request and its answer: for consoles and management agents.

/// A request on a connection of its own, and the answer as it comes in.
pub struct HttpExchange {
    request: zeroize::Zeroizing<Vec<u8>>,
    received: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    /// The status code.
    pub status: u16,
    /// The `Location` header, of redirections.
    pub location: Option<String>,
    /// The body, decoded.
    pub body: Vec<u8>,
}

/// Bytes of an answer at most.
const REPLY_LIMIT: usize = 4 << 20;

impl HttpExchange {
    /// Prepares a request. `host` goes into the `Host` header; `authorization` is that header's whole value.
    #[must_use]
    pub fn new(
        method: &str,
        host: &str,
        path: &str,
        authorization: Option<&super::Secret>,
        body: Option<&str>,
    ) -> Self {
        let clean = |text: &str| text.replace(['\r', '\n', ' '], "");
        let mut request = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: */*\r\n",
            clean(method),
            clean(path),
            clean(host)
        );
        if let Some(value) = authorization {
            request.push_str("Authorization: ");
            request.push_str(&value.expose().replace(['\r', '\n'], ""));
            request.push_str("\r\n");
        }
        if let Some(body) = body {
            request.push_str(&format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ));
        } else {
            request.push_str("\r\n");
        }
        Self {
            request: request.into_bytes().into(),
            received: Vec::new(),
        }
    }

    /// The value of an `Authorization` header for HTTP Basic authentication.
    #[must_use]
    pub fn basic(login: &super::Login) -> super::Secret {
        use base64::Engine as _;
        let pair = format!("{}:{}", login.username, login.password.expose());
        super::Secret::new(format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(pair)
        ))
    }

    /// What to send.
    #[must_use]
    pub fn opening(&self) -> Vec<u8> {
        self.request.to_vec()
    }

    /// Takes what arrived; `None` while the answer is not whole.
    pub fn receive(&mut self, bytes: &[u8]) -> Option<Result<HttpReply, &'static str>> {
        if self.received.len().saturating_add(bytes.len()) > REPLY_LIMIT {
            return Some(Err("the answer is too long"));
        }
        self.received.extend_from_slice(bytes);
        parse(&self.received, false)
    }

    /// The other end closed: what has come is all there is.
    pub fn end(&mut self) -> Result<HttpReply, &'static str> {
        parse(&self.received, true).unwrap_or(Err("the answer is cut short"))
    }
}

fn parse(received: &[u8], ended: bool) -> Option<Result<HttpReply, &'static str>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let head = match response.parse(received) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return None,
        Err(_) => return Some(Err("not an HTTP response")),
    };
    let header = |name: &str| {
        response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .and_then(|header| std::str::from_utf8(header.value).ok())
    };
    let raw = received.get(head..).unwrap_or_default();
    let chunked = header("transfer-encoding").is_some_and(|value| value.contains("chunked"));
    let length = header("content-length").and_then(|value| value.trim().parse::<usize>().ok());
    let body = if chunked {
        match dechunk(raw) {
            Some(body) => body?,
            None => return Some(Err("a malformed chunk")),
        }
    } else {
        match length {
            Some(length) => raw.get(..length)?.to_vec(),
            None if ended => raw.to_vec(),
            None => return None,
        }
    };
    Some(Ok(HttpReply {
        status: response.code.unwrap_or(0),
        location: header("location").map(str::to_owned),
        body,
    }))
}

/// Joins chunks: `None` when they are malformed, `Some(None)` while the last has not come.
fn dechunk(mut raw: &[u8]) -> Option<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        match httparse::parse_chunk_size(raw) {
            Err(_) => return None,
            Ok(httparse::Status::Partial) => return Some(None),
            Ok(httparse::Status::Complete((_, 0))) => return Some(Some(body)),
            Ok(httparse::Status::Complete((start, size))) => {
                let end = usize::try_from(size).ok()?.checked_add(start)?;
                let Some(chunk) = raw.get(start..end) else {
                    return Some(None);
                };
                body.extend_from_slice(chunk);
                let Some(rest) = raw.get(end.checked_add(2)?..) else {
                    return Some(None);
                };
                raw = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_by_length_by_chunks_or_until_the_end() {
        let mut exchange = HttpExchange::new("GET", "h", "/", None, None);
        assert_eq!(
            exchange.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"),
            None
        );
        assert_eq!(exchange.receive(b"c").unwrap().unwrap().body, b"abc");

        let mut exchange = HttpExchange::new("GET", "h", "/", None, None);
        let reply = b"HTTP/1.1 302 Found\r\nLocation: /x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n";
        assert_eq!(exchange.receive(reply), None);
        let reply = exchange.receive(b"0\r\n\r\n").unwrap().unwrap();
        assert_eq!((reply.status, reply.body), (302, b"abc".to_vec()));
        assert_eq!(reply.location.as_deref(), Some("/x"));

        let mut exchange = HttpExchange::new("GET", "h", "/", None, None);
        assert_eq!(exchange.receive(b"HTTP/1.1 401 No\r\n\r\nabc"), None);
        assert_eq!(exchange.end().unwrap().status, 401);
    }
}
