//! Signed requests, as bytes.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use sigv4::{Request, SecretKey, Signing, sign_headers};

/// An access key that signs for one region.
pub(crate) struct Signer {
    key_id: String,
    secret: SecretKey,
}

impl Signer {
    /// A signer with this key.
    pub(crate) fn new(key_id: &str, secret: &str) -> Signer {
        Signer {
            key_id: key_id.into(),
            secret: SecretKey::new(secret),
        }
    }

    /// A REST-JSON request to Amazon MQ.
    ///
    /// # Errors
    /// It cannot be signed.
    pub(crate) fn mq(&self, method: &str, target: &str, body: &str) -> anyhow::Result<Vec<u8>> {
        self.request("mq", method, target, "application/json", body)
    }

    /// A Query request.
    ///
    /// # Errors
    /// It cannot be signed.
    pub(crate) fn query(&self, service: &str, form: &str) -> anyhow::Result<Vec<u8>> {
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        self.request(service, "POST", "/", kind, form)
    }

    fn request(
        &self,
        service: &str,
        method: &str,
        target: &str,
        kind: &str,
        body: &str,
    ) -> anyhow::Result<Vec<u8>> {
        let host = "mq.us-east-1.amazonaws.com";
        // As many headers as SDKs send, so that the figures are those of SDKs.
        let headers: Vec<(&str, &[u8])> = vec![
            ("host", host.as_bytes()),
            ("content-type", kind.as_bytes()),
            ("accept-encoding", b"identity"),
            (
                "user-agent",
                b"Boto3/1.44.8 md/Botocore#1.44.8 ua/2.1 os/linux#6.18 md/arch#x86_64 lang/python#3.11",
            ),
            (
                "amz-sdk-invocation-id",
                b"5bb4c5a4-8a4e-4b0c-9d7e-0f5e3f3c2b1a",
            ),
            ("amz-sdk-request", b"attempt=1"),
        ];
        let signing = Signing::new(&self.key_id, &self.secret, "us-east-1", service);
        #[expect(
            clippy::disallowed_methods,
            reason = "the server that is measured goes by the machine's clock"
        )]
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let request = Request {
            method,
            target: target.as_bytes(),
            headers: &headers,
            body: body.as_bytes(),
        };
        let added = sign_headers(&request, &signing, i64::try_from(now)?)?;
        let mut text = format!("{method} {target} HTTP/1.1\r\n");
        for (name, value) in &headers {
            let value = std::str::from_utf8(value).context("a header that is no text")?;
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        for (name, value) in &added {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        Ok(text.into_bytes())
    }
}

/// A form of Query members.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    text.push(char::from(byte));
                }
                _ => text.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    text
}
