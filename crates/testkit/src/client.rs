//! A client that signs its requests, over a plain socket.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use server::clock::{Clock, SetClock};
use sigv4::{Request, SecretKey, Signing, sign_headers};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client with one access key. It signs with the time of the test's clock.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    key_id: String,
    secret: String,
    clock: Arc<SetClock>,
    /// The region requests are signed for.
    pub region: String,
    /// The session token requests carry.
    pub session_token: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(candidate, _)| candidate == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The error code: the header of REST-JSON, the element of the Query protocols.
    pub fn code(&self) -> Option<String> {
        self.header("x-amzn-errortype")
            .map(str::to_owned)
            .or_else(|| self.element("Code"))
    }

    /// The error message.
    pub fn message(&self) -> String {
        let json = self.json();
        let text = json
            .get("message")
            .or_else(|| json.get("Message"))
            .and_then(serde_json::Value::as_str);
        text.map(str::to_owned)
            .or_else(|| self.element("Message"))
            .unwrap_or_default()
    }

    /// The text of the first XML element of this name, unescaped.
    pub fn element(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        let (text, _) = rest.split_once(&format!("</{name}>"))?;
        let text = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        Some(text)
    }
}

impl Client {
    /// A client of the service at this address.
    pub fn new(address: SocketAddr, key_id: &str, secret: &str, clock: Arc<SetClock>) -> Client {
        Client {
            address,
            key_id: key_id.into(),
            secret: secret.into(),
            clock,
            region: "us-east-1".into(),
            session_token: None,
        }
    }

    /// The same client, whose own clock shows this time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn at(mut self, now: i64) -> Client {
        self.clock = Arc::new(SetClock::new(now));
        self
    }

    /// Sends a signed mq request; `body` may be empty.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn mq(&self, method: &str, target: &str, body: &str) -> anyhow::Result<Reply> {
        self.send(
            "mq",
            method,
            target,
            &[("content-type", "application/json")],
            body,
        )
        .await
    }

    /// Sends a signed mq request with a JSON body.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn mq_json(
        &self,
        method: &str,
        target: &str,
        body: &serde_json::Value,
    ) -> anyhow::Result<Reply> {
        self.mq(method, target, &body.to_string()).await
    }

    /// Sends a signed Query request.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn query(
        &self,
        service: &str,
        action: &str,
        members: &[(&str, &str)],
    ) -> anyhow::Result<Reply> {
        let version = match service {
            "iam" => "2010-05-08",
            "sts" => "2011-06-15",
            _ => "2016-11-15",
        };
        let mut form = format!("Action={action}&Version={version}");
        for (name, value) in members {
            form.push_str(&format!("&{name}={}", escape(value)));
        }
        let headers = [(
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        )];
        self.send(service, "POST", "/", &headers, &form).await
    }

    /// Sends a request signed for a service.
    ///
    /// # Errors
    /// The request cannot be signed, or the connection fails.
    pub async fn send(
        &self,
        service: &str,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> anyhow::Result<Reply> {
        let host = self.address.to_string();
        let mut all: Vec<(&str, &[u8])> = vec![("host", host.as_bytes())];
        all.extend(
            headers
                .iter()
                .map(|(name, value)| (*name, value.as_bytes())),
        );
        let request = Request {
            method,
            target: target.as_bytes(),
            headers: &all,
            body: body.as_bytes(),
        };
        let secret = SecretKey::new(&self.secret);
        let mut signing = Signing::new(&self.key_id, &secret, &self.region, service);
        signing.session_token = self.session_token.as_deref();
        let added = sign_headers(&request, &signing, self.clock.now().div_euclid(1000))?;
        let mut lines: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        lines.extend(
            added
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        self.send_raw(method, target, &lines, body.as_bytes()).await
    }

    /// Sends a request as it stands; Host, Content-Length and Connection are added.
    ///
    /// # Errors
    /// The connection fails.
    pub async fn send_raw(
        &self,
        method: &str,
        target: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> anyhow::Result<Reply> {
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
            self.address
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" || method == "PUT" {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.send_bytes(&bytes).await
    }

    /// Sends bytes and reads the answer to the connection's end.
    ///
    /// # Errors
    /// The connection fails, or the answer is not HTTP.
    pub async fn send_bytes(&self, bytes: &[u8]) -> anyhow::Result<Reply> {
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(bytes).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text
            .split_once("\r\n\r\n")
            .context("the answer has no head")?;
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .context("no status line")?
            .parse()?;
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Ok(Reply {
            status,
            headers,
            body: body.to_owned(),
        })
    }
}

/// Percent-encodes for a form.
fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}
