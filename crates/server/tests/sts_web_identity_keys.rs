//! Keys of OpenID Connect providers at an https address: when they are fetched, and which answers are none.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

mod support_sts;

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use serde_json::json;
use server::sessions::{KeySource, KeyUrl};
use support_sts::*;
use testkit::{NOW, Postern, Reply};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const ISSUER: &str = "idp.example/tenant";
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;

/// A P-256 key of the issuer.
struct Key {
    id: &'static str,
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl Key {
    fn new(id: &'static str) -> Key {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        Key { id, key, random }
    }

    /// The key set with this key alone.
    fn set(&self) -> String {
        let point = self.key.public_key().as_ref();
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id,
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
        }]})
        .to_string()
    }

    /// A token that is good for a day.
    fn token(&self) -> String {
        let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = encode(json!({ "alg": "ES256", "kid": self.id }));
        let claims = encode(json!({
            "iss": format!("https://{ISSUER}"), "aud": "sts.amazonaws.com", "sub": "repo:acme/app",
            "iat": NOW / 1000 - 60, "exp": NOW / 1000 + 86_400,
        }));
        let signed = format!("{header}.{claims}");
        let signature = self.key.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// The issuer's server: what it answers, and which targets it was asked for. Without an answer it says nothing.
struct Issuer {
    port: u16,
    certificate: String,
    answer: Arc<Mutex<Option<String>>>,
    asked: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Issuer {
    async fn start() -> Issuer {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer = Arc::new(Mutex::new(None));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answers, noted) = (Arc::clone(&answer), Arc::clone(&asked));
        let task = tokio::spawn(async move {
            let mut silent = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let target = head.split(' ').nth(1).unwrap().to_owned();
                noted.lock().unwrap().push(target);
                let answer: Option<String> = answers.lock().unwrap().clone();
                match answer {
                    Some(answer) => {
                        // What is too long is not read to its end.
                        let _ = stream.write_all(answer.as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                    None => silent.push(stream),
                }
            }
        });
        Issuer {
            port,
            certificate: made.cert.pem(),
            answer,
            asked,
            task,
        }
    }

    fn answers(&self, status: &str, headers: &str, body: &str) {
        let length = body.len();
        *self.answer.lock().unwrap() = Some(format!(
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        ));
    }

    fn has(&self, key: &Key) {
        self.answers("200 OK", "content-type: application/json\r\n", &key.set());
    }

    /// What it was asked for since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A service that has the provider, the issuer's address and a role that trusts it.
async fn start(issuer: &Issuer, certificate: &str) -> (Postern, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, certificate).unwrap();
    let url = KeyUrl::parse(&format!("https://127.0.0.1:{}/keys?v=1", issuer.port)).unwrap();
    let postern = Postern::start_with(|settings| {
        settings
            .oidc_keys
            .insert(ISSUER.into(), KeySource::Url(url));
        settings.oidc_ca = Some(ca);
    })
    .await
    .unwrap();
    for url in [format!("https://{ISSUER}"), "https://127.0.0.1".to_owned()] {
        let members = [
            ("Url", url.as_str()),
            ("ClientIDList.member.1", "sts.amazonaws.com"),
        ];
        let action = "CreateOpenIDConnectProvider";
        done(&postern.root(), "iam", action, &members).await;
    }
    let trust = json!({
        "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": { "Federated": format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}") },
        "Condition": { "StringEquals": { format!("{ISSUER}:aud"): "sts.amazonaws.com" } },
    });
    role(&postern, "ci", json!([trust]), json!([allow("mq:*")])).await;
    (postern, folder)
}

async fn ask(postern: &Postern, token: &str) -> Reply {
    let form = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=session&RoleArn={}&WebIdentityToken={token}",
        role_arn("ci")
    );
    let headers = [(
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    )];
    postern
        .root()
        .send_raw("POST", "/", &headers, form.as_bytes())
        .await
        .unwrap()
}

async fn is_let_in(postern: &Postern, key: &Key) {
    let reply = ask(postern, &key.token()).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

async fn is_refused(postern: &Postern, key: &Key) {
    let reply = ask(postern, &key.token()).await;
    assert_eq!(reply.status, 400, "{}", reply.body);
    assert_eq!(reply.element("Code").unwrap(), "InvalidIdentityToken");
    // Nothing of the reason: it tells about the operator's network.
    assert_eq!(
        reply.element("Message").unwrap(),
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity \
         documentation for requirements"
    );
}

#[tokio::test]
async fn keys_are_fetched_once_for_five_minutes_and_again_for_a_key_that_is_new() {
    let issuer = Issuer::start().await;
    let (old, new) = (Key::new("old"), Key::new("new"));
    issuer.has(&old);
    let (postern, _folder) = start(&issuer, &issuer.certificate).await;
    assert!(issuer.asked().is_empty());
    for _ in 0..3 {
        is_let_in(&postern, &old).await;
    }
    assert_eq!(issuer.asked(), ["/keys?v=1"]);

    // The issuer has a new key; it is asked for it, but not at once again.
    issuer.has(&new);
    is_refused(&postern, &new).await;
    assert!(issuer.asked().is_empty());
    postern.clock.set(NOW + 10 * SECOND);
    is_let_in(&postern, &new).await;
    assert_eq!(issuer.asked(), ["/keys?v=1"]);
    // What the issuer no longer has, is good for nothing; and whatever comes in, it is asked no more.
    for _ in 0..20 {
        is_refused(&postern, &old).await;
    }
    assert!(issuer.asked().is_empty());

    postern.clock.set(NOW + 10 * SECOND + 5 * MINUTE - 1);
    is_let_in(&postern, &new).await;
    assert!(issuer.asked().is_empty());
    postern.clock.set(NOW + 10 * SECOND + 5 * MINUTE);
    is_let_in(&postern, &new).await;
    assert_eq!(issuer.asked(), ["/keys?v=1"]);
    postern.stop().await;
}

#[tokio::test]
async fn while_the_issuer_fails_its_last_keys_are_used_for_an_hour() {
    let issuer = Issuer::start().await;
    let key = Key::new("only");
    issuer.has(&key);
    let (postern, _folder) = start(&issuer, &issuer.certificate).await;
    is_let_in(&postern, &key).await;
    issuer.answers("503 Service Unavailable", "", "");
    for minutes in [5, 30, 59] {
        postern.clock.set(NOW + minutes * MINUTE);
        is_let_in(&postern, &key).await;
    }
    assert_eq!(issuer.asked().len(), 4);
    postern.clock.set(NOW + 60 * MINUTE);
    is_refused(&postern, &key).await;
    // And it comes back.
    issuer.has(&key);
    postern.clock.set(NOW + 61 * MINUTE);
    is_let_in(&postern, &key).await;
    postern.stop().await;
}

#[tokio::test]
async fn no_other_answer_is_taken_for_keys_and_no_redirect_is_followed() {
    let issuer = Issuer::start().await;
    let key = Key::new("only");
    let (postern, _folder) = start(&issuer, &issuer.certificate).await;
    let padded = format!("{}{}", key.set(), " ".repeat(1 << 20));
    let elsewhere = format!("location: https://127.0.0.1:{}/other\r\n", issuer.port);
    let mut now = NOW;
    for (status, headers, body) in [
        ("302 Found", elsewhere.as_str(), key.set().as_str()),
        ("308 Permanent Redirect", &elsewhere, ""),
        ("404 Not Found", "", &key.set()),
        ("200 OK", "", &padded),
        ("200 OK", "", "<html></html>"),
        ("200 OK", "", "{\"keys\":{}}"),
        ("200 OK", "", ""),
        ("204 No Content", "", ""),
        ("999", "", ""),
    ] {
        issuer.answers(status, headers, body);
        is_refused(&postern, &key).await;
        assert_eq!(issuer.asked(), ["/keys?v=1"], "{status}");
        now += 10 * SECOND;
        postern.clock.set(now);
    }
    // It hangs: the call is refused after five seconds, and others do not wait for as long again.
    *issuer.answer.lock().unwrap() = None;
    is_refused(&postern, &key).await;
    is_refused(&postern, &key).await;
    assert_eq!(issuer.asked(), ["/keys?v=1"]);
    issuer.has(&key);
    postern.clock.set(now + 10 * SECOND);
    is_let_in(&postern, &key).await;
    postern.stop().await;
}

#[tokio::test]
async fn only_the_named_address_is_asked_and_only_with_a_certificate_that_is_trusted() {
    let (issuer, other) = (Issuer::start().await, Issuer::start().await);
    let key = Key::new("only");
    issuer.has(&key);
    let (postern, _folder) = start(&issuer, &other.certificate).await;
    is_refused(&postern, &key).await;
    assert!(issuer.asked().is_empty());
    // A provider that somebody registered, but the operator did not name.
    let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!(
        "{}.{}.AAAA",
        encode(json!({ "alg": "ES256", "kid": "only" })),
        encode(json!({
            "iss": "https://127.0.0.1", "aud": "sts.amazonaws.com", "sub": "s",
            "iat": NOW / 1000, "exp": NOW / 1000 + 60,
        }))
    );
    let reply = ask(&postern, &token).await;
    assert_eq!(reply.element("Code").unwrap(), "InvalidIdentityToken");
    assert!(issuer.asked().is_empty() && other.asked().is_empty());
    postern.stop().await;
}
