//! Where the keys of OpenID Connect providers come from: files, and addresses that the operator named.
//!
//! What callers register never leads to a request: only the addresses of `--oidc-keys` are asked, over TLS, and where one sends
//! us elsewhere we do not go. Anybody may send a token, so an issuer is asked no more often than every ten seconds, whatever
//! comes in, and by one request at a time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::{StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use iam::session::KeySet;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_rustls::TlsConnector;

/// The largest set of keys, in bytes.
pub(super) const MAX_KEYS: usize = 1 << 20;
/// How long an issuer has for its answer, from the look-up of its name to the last byte.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long fetched keys are used without asking again, in milliseconds.
const FRESH: i64 = 5 * 60 * 1000;
/// How long they are used while the issuer does not answer, in milliseconds.
const KEPT: i64 = 60 * 60 * 1000;
/// The least time between two requests to an issuer, in milliseconds.
const PAUSE: i64 = 10 * 1000;

/// Where a provider's keys are: a JSON Web Key Set (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In a file, read at each call.
    File(PathBuf),
    /// At an address.
    Url(KeyUrl),
}

/// The address of a key set: `https`, a host, perhaps a port, a path and a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUrl {
    host: String,
    port: u16,
    authority: String,
    target: String,
}

impl KeyUrl {
    /// Parses an address. `None` if it is not `https`, or has user information or a fragment.
    pub fn parse(text: &str) -> Option<KeyUrl> {
        let uri: Uri = text.parse().ok()?;
        let authority = uri.authority()?;
        if uri.scheme_str() != Some("https") || text.contains('#') || text.contains('@') {
            return None;
        }
        let host = authority.host();
        let host = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        ServerName::try_from(host).ok()?;
        // Not by `port_u16`: for a number that is no port it says that there is none.
        let behind = authority.as_str().strip_prefix(authority.host())?;
        let port = match behind.strip_prefix(':') {
            Some(port) => port.parse().ok()?,
            None if behind.is_empty() => 443,
            None => return None,
        };
        Some(KeyUrl {
            host: host.to_owned(),
            port,
            authority: authority.as_str().to_owned(),
            target: uri
                .path_and_query()
                .map_or("/", |target| target.as_str())
                .to_owned(),
        })
    }
}

/// The certificates that issuers' servers are checked against cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// The file is no PEM.
    #[error("`{}` is not readable PEM", .0.display())]
    File(PathBuf, #[source] rustls::pki_types::pem::Error),
    /// There is none.
    #[error("no certificate authorities in {0}: `oidc-ca` names a file of them")]
    None(String),
    /// TLS cannot be set up.
    #[error("certificate authorities cannot be used")]
    Tls(#[from] rustls::Error),
}

/// Why an issuer's keys cannot be had. Only the log sees it.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("no keys are given for {0}")]
    Unknown(String),
    #[error("{0}: {1}")]
    File(String, #[source] std::io::Error),
    #[error("{0}: {1}")]
    Keys(String, #[source] iam::session::KeySetError),
    #[error("{0} was asked less than ten seconds ago")]
    Pause(String),
    #[error("{0} does not answer within {TIMEOUT:?}")]
    Timeout(String),
    #[error("{0}: {1}")]
    Connect(String, #[source] std::io::Error),
    #[error("{0}: {1}")]
    Name(String, #[source] InvalidDnsNameError),
    #[error("{0}: {1}")]
    Http(String, #[source] hyper::Error),
    #[error("{0}: {1}")]
    Request(String, #[source] http::Error),
    #[error("{0} answers {1}")]
    Status(String, StatusCode),
    #[error("{0}: {1}")]
    Body(String, #[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The keys of all providers.
pub struct ProviderKeys {
    issuers: BTreeMap<String, Issuer>,
}

enum Issuer {
    File(PathBuf),
    Url {
        url: KeyUrl,
        tls: TlsConnector,
        kept: Mutex<Kept>,
    },
}

/// What was fetched from an address.
#[derive(Default)]
struct Kept {
    keys: Option<(Arc<KeySet>, i64)>,
    tried: Option<i64>,
}

impl Kept {
    /// The keys, if they are no older than this.
    fn within(&self, age: i64, now: i64) -> Option<Arc<KeySet>> {
        self.keys
            .as_ref()
            .filter(|(_, at)| is_within(*at, age, now))
            .map(|(keys, _)| Arc::clone(keys))
    }
}

/// Whether a moment is no longer ago than this. One that is still to come, because the clock went back, is not.
fn is_within(at: i64, age: i64, now: i64) -> bool {
    (0..age).contains(&now.saturating_sub(at))
}

impl ProviderKeys {
    /// The keys of these providers, by issuer without `https://`. Servers are checked against the authorities of the file,
    /// or else against the machine's; without addresses neither is read.
    ///
    /// # Errors
    /// [`CaError`].
    pub fn new(
        sources: &BTreeMap<String, KeySource>,
        ca: Option<&Path>,
    ) -> Result<ProviderKeys, CaError> {
        let mut connector = None;
        let mut issuers = BTreeMap::new();
        for (issuer, source) in sources {
            let source = match source {
                KeySource::File(file) => Issuer::File(file.clone()),
                KeySource::Url(url) => {
                    let tls = match &connector {
                        Some(tls) => TlsConnector::clone(tls),
                        None => connector.insert(connector_for(ca)?).clone(),
                    };
                    Issuer::Url {
                        url: url.clone(),
                        tls,
                        kept: Mutex::default(),
                    }
                }
            };
            issuers.insert(issuer.clone(), source);
        }
        Ok(ProviderKeys { issuers })
    }

    /// The issuer's keys at this time (milliseconds). Where those at hand have not the one that is `wanted`, the issuer is asked
    /// again, so that a rotation is no outage.
    pub(super) async fn of(
        &self,
        issuer: &str,
        now: i64,
        wanted: impl Fn(&KeySet) -> bool,
    ) -> Result<Arc<KeySet>, FetchError> {
        let (url, tls, kept) = match self.issuers.get(issuer) {
            None => return Err(FetchError::Unknown(issuer.to_owned())),
            Some(Issuer::File(file)) => {
                let file = file.clone();
                return tokio::task::spawn_blocking(move || read(&file).map(Arc::new))
                    .await
                    .map_err(|error| {
                        FetchError::File(issuer.to_owned(), std::io::Error::other(error))
                    })?;
            }
            Some(Issuer::Url { url, tls, kept }) => (url, tls, kept),
        };
        let mut kept = kept.lock().await;
        if let Some(keys) = kept.within(FRESH, now).filter(|keys| wanted(keys)) {
            return Ok(keys);
        }
        if kept.tried.is_some_and(|at| is_within(at, PAUSE, now)) {
            return kept
                .within(KEPT, now)
                .ok_or_else(|| FetchError::Pause(issuer.to_owned()));
        }
        kept.tried = Some(now);
        let fetched = tokio::time::timeout(TIMEOUT, fetch(url, tls))
            .await
            .unwrap_or_else(|_| Err(FetchError::Timeout(url.authority.clone())));
        match fetched {
            Ok(keys) => {
                let keys = Arc::new(keys);
                kept.keys = Some((Arc::clone(&keys), now));
                Ok(keys)
            }
            Err(error) => match kept.within(KEPT, now) {
                Some(keys) => {
                    tracing::warn!(%error, issuer, "the issuer's keys of before are used");
                    Ok(keys)
                }
                None => Err(error),
            },
        }
    }
}

fn read(file: &Path) -> Result<KeySet, FetchError> {
    use std::io::Read as _;
    let name = || file.display().to_string();
    let open = std::fs::File::open(file).map_err(|error| FetchError::File(name(), error))?;
    let mut text = String::new();
    let mut open = open.take(MAX_KEYS as u64);
    open.read_to_string(&mut text)
        .map_err(|error| FetchError::File(name(), error))?;
    KeySet::parse(&text).map_err(|error| FetchError::Keys(name(), error))
}

fn connector_for(ca: Option<&Path>) -> Result<TlsConnector, CaError> {
    let mut roots = RootCertStore::empty();
    let place = match ca {
        Some(file) => {
            let authorities = CertificateDer::pem_file_iter(file)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| CaError::File(file.to_owned(), error))?;
            for authority in authorities {
                roots.add(authority)?;
            }
            file.display().to_string()
        }
        None => {
            let found = rustls_native_certs::load_native_certs();
            for error in &found.errors {
                tracing::warn!(%error, "some of the machine's certificate authorities cannot be read");
            }
            // One that cannot be used is no reason not to use the others.
            roots.add_parsable_certificates(found.certs);
            "the machine's list".to_owned()
        }
    };
    if roots.is_empty() {
        return Err(CaError::None(place));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn fetch(url: &KeyUrl, tls: &TlsConnector) -> Result<KeySet, FetchError> {
    let name = || format!("https://{}{}", url.authority, url.target);
    let connect = |error| FetchError::Connect(name(), error);
    let http = |error| FetchError::Http(name(), error);
    let server =
        ServerName::try_from(url.host.clone()).map_err(|error| FetchError::Name(name(), error))?;
    let stream = TcpStream::connect((url.host.as_str(), url.port))
        .await
        .map_err(connect)?;
    let stream = tls.connect(server, stream).await.map_err(connect)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(http)?;
    let request = http::Request::get(&url.target)
        .header(header::HOST, &url.authority)
        .header(header::ACCEPT, "application/jwk-set+json, application/json")
        .header(header::USER_AGENT, "postern")
        .header(header::CONNECTION, "close")
        .body(Empty::<bytes::Bytes>::new())
        .map_err(|error| FetchError::Request(name(), error))?;
    // The connection does its work beside the request, and ends with this function: both are dropped by it.
    let answer = async {
        let response = sender.send_request(request).await.map_err(http)?;
        if response.status() != StatusCode::OK {
            return Err(FetchError::Status(name(), response.status()));
        }
        let body = Limited::new(response.into_body(), MAX_KEYS).collect().await;
        body.map(|body| body.to_bytes())
            .map_err(|error| FetchError::Body(name(), error))
    };
    let mut answer = std::pin::pin!(answer);
    let mut connection = std::pin::pin!(connection);
    let bytes = tokio::select! {
        bytes = &mut answer => bytes?,
        // The connection may end before its last bytes were taken from it.
        ended = &mut connection => match ended {
            Ok(()) => answer.await?,
            Err(error) => return Err(http(error)),
        },
    };
    let text = String::from_utf8_lossy(&bytes);
    KeySet::parse(&text).map_err(|error| FetchError::Keys(name(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_addresses_are_taken() {
        for (text, expected) in [
            (
                "https://idp.example/keys",
                Some(("idp.example", 443, "/keys")),
            ),
            ("https://127.0.0.1:8443", Some(("127.0.0.1", 8443, "/"))),
            ("https://[::1]:8443/k?v=1", Some(("::1", 8443, "/k?v=1"))),
            ("http://idp.example/keys", None),
            ("https://jane@idp.example/keys", None),
            ("https://idp.example/keys#first", None),
            ("https://idp.example:99999/", None),
            ("https:///keys", None),
            ("ftp://idp.example/keys", None),
            ("/etc/keys.json", None),
            ("", None),
        ] {
            let parsed = KeyUrl::parse(text);
            let is = parsed
                .as_ref()
                .map(|url| (url.host.as_str(), url.port, url.target.as_str()));
            assert_eq!(is, expected, "{text}");
        }
    }
}
