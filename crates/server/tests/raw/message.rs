//! A request that can be taken apart: signed as it should be, then spoilt.

use ring::{digest, hmac};
use server::clock::Clock;
use sigv4::{Request, SecretKey, Signing};
use testkit::Postern;
use testkit::{ROOT_KEY_ID, ROOT_SECRET};

/// A request before it is bytes.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// Header lines end like this one; a spoiler may say otherwise.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} {}\r\n", self.method, self.target, self.version);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }

    pub(crate) fn with(&self, name: &str, value: &str) -> Message {
        let mut changed = self.clone();
        changed.headers.push((name.into(), value.into()));
        changed
    }

    pub(crate) fn before(&self, name: &str, value: &str) -> Message {
        let mut changed = self.clone();
        changed.headers.insert(0, (name.into(), value.into()));
        changed
    }

    pub(crate) fn without(&self, name: &str) -> Message {
        let mut changed = self.clone();
        changed
            .headers
            .retain(|(candidate, _)| !candidate.eq_ignore_ascii_case(name));
        changed
    }

    pub(crate) fn set(&self, name: &str, value: &str) -> Message {
        let mut changed = self.clone();
        for (candidate, old) in &mut changed.headers {
            if candidate.eq_ignore_ascii_case(name) {
                *old = value.into();
            }
        }
        changed
    }

    /// The `Authorization` header with a piece of it replaced.
    pub(crate) fn authorization(&self, from: &str, to: &str) -> Message {
        let value = self.value("authorization");
        assert!(value.contains(from), "{value} has no {from}");
        self.set("authorization", &value.replacen(from, to, 1))
    }

    /// A signature that is well-formed and wrong.
    pub(crate) fn wrong(&self) -> Message {
        let value = self.value("authorization");
        let last = if value.ends_with('0') { "1" } else { "0" };
        let cut = value.len() - 1;
        self.set("authorization", &format!("{}{last}", &value[..cut]))
    }
}

/// Makes signed requests at the clock of one service.
pub(crate) struct Maker {
    host: String,
    now: i64,
}

impl Maker {
    pub(crate) fn new(postern: &Postern) -> Maker {
        Maker {
            host: postern.service().address().to_string(),
            now: postern.clock.now().div_euclid(1000),
        }
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// A request whose headers are all signed.
    pub(crate) fn signed(
        &self,
        service: &str,
        region: &str,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Message {
        self.signed_at(self.now, service, region, method, target, headers, body)
    }

    #[expect(clippy::too_many_arguments, reason = "a request has these parts")]
    pub(crate) fn signed_at(
        &self,
        now: i64,
        service: &str,
        region: &str,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Message {
        let mut lines = vec![("host", self.host.as_str())];
        lines.extend_from_slice(headers);
        let raw: Vec<(&str, &[u8])> = lines.iter().map(|(n, v)| (*n, v.as_bytes())).collect();
        let request = Request {
            method,
            target: target.as_bytes(),
            headers: &raw,
            body,
        };
        let secret = SecretKey::new(ROOT_SECRET);
        let signing = Signing::new(ROOT_KEY_ID, &secret, region, service);
        // A path that no client signs is sent with the signature of one that it signs.
        let signable = Request {
            target: b"/",
            ..request
        };
        let added = sigv4::sign_headers(&request, &signing, now)
            .or_else(|_| sigv4::sign_headers(&signable, &signing, now))
            .unwrap();
        let mut message = Message {
            method: method.into(),
            target: target.into(),
            version: "HTTP/1.1".into(),
            headers: lines
                .iter()
                .map(|(n, v)| ((*n).into(), (*v).into()))
                .collect(),
            body: body.to_vec(),
        };
        message
            .headers
            .extend(added.into_iter().map(|(n, v)| (n.to_owned(), v)));
        if !body.is_empty() {
            message
                .headers
                .push(("content-length".into(), body.len().to_string()));
        }
        message
    }

    /// A request that is signed in its query.
    pub(crate) fn presigned(&self, target: &str) -> Message {
        let raw: [(&str, &[u8]); 1] = [("host", self.host.as_bytes())];
        let request = Request {
            method: "GET",
            target: target.as_bytes(),
            headers: &raw,
            body: b"",
        };
        let secret = SecretKey::new(ROOT_SECRET);
        let signing = Signing::new(ROOT_KEY_ID, &secret, "us-east-1", "iam");
        let target = sigv4::presign(&request, &signing, self.now, 300).unwrap();
        Message {
            method: "GET".into(),
            target: String::from_utf8(target).unwrap(),
            version: "HTTP/1.1".into(),
            headers: vec![("host".into(), self.host.clone())],
            body: Vec::new(),
        }
    }

    /// A presigned address with one more parameter, covered by the signature: no signer of ours would sign it, so this one
    /// writes the canonical request down. `more` is `name=value`, escaped.
    pub(crate) fn presigned_with(&self, target: &str, more: Option<&str>) -> Message {
        let mut message = self.presigned(target);
        let (_, query) = message.target.split_once('?').unwrap();
        let mut pieces: Vec<&str> = query
            .split('&')
            .filter(|piece| !piece.starts_with("X-Amz-Signature="))
            .collect();
        pieces.extend(more);
        let sent = pieces.join("&");
        pieces.sort_by_key(|piece| piece.split_once('='));
        let date = pieces
            .iter()
            .find_map(|piece| piece.strip_prefix("X-Amz-Date="))
            .unwrap();
        let canonical = format!(
            "GET\n/\n{}\nhost:{}\n\nhost\n{}",
            pieces.join("&"),
            self.host,
            hex(digest::digest(&digest::SHA256, b"").as_ref())
        );
        let hash = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
        let day = &date[..8];
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{day}/us-east-1/iam/aws4_request\n{hash}");
        let mut key = format!("AWS4{ROOT_SECRET}").into_bytes();
        for part in [day, "us-east-1", "iam", "aws4_request", &text] {
            let signing = hmac::Key::new(hmac::HMAC_SHA256, &key);
            key = hmac::sign(&signing, part.as_bytes()).as_ref().to_vec();
        }
        message.target = format!("/?{sent}&X-Amz-Signature={}", hex(&key));
        message
    }

    /// Makes a user, which must never come to be.
    pub(crate) fn iam(&self, user: &str) -> Message {
        let body = format!("Action=CreateUser&Version=2010-05-08&UserName={user}");
        let form = [(
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        )];
        self.signed("iam", "us-east-1", "POST", "/", &form, body.as_bytes())
    }

    /// Makes a user by a presigned address.
    pub(crate) fn query(&self, user: &str) -> Message {
        self.presigned(&format!(
            "/?Action=CreateUser&Version=2010-05-08&UserName={user}"
        ))
    }

    /// Makes a broker.
    pub(crate) fn mq(&self, name: &str) -> Message {
        self.mq_to("/v1/brokers", broker(name).as_bytes())
    }

    pub(crate) fn mq_to(&self, target: &str, body: &[u8]) -> Message {
        let json = [("content-type", "application/json")];
        self.signed("mq", "us-east-1", "POST", target, &json, body)
    }
}

pub(crate) fn broker(name: &str) -> String {
    format!(
        r#"{{"brokerName":"{name}","deploymentMode":"SINGLE_INSTANCE","engineType":"ACTIVEMQ","engineVersion":"5.18","hostInstanceType":"mq.m5.large","publiclyAccessible":false,"users":[{{"username":"canary","password":"canary-password-1"}}]}}"#
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
