//! Carries the engines' conversations over real connections.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use brokers::engine::probe::{Conversation, HttpExchange, HttpReply, Outcome, Step};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;

use crate::network_mode::inside;

/// Why an address gave no answer that means anything.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// No connection, or it broke.
    #[error("no connection")]
    Connection(#[from] std::io::Error),
    /// The time was up.
    #[error("no answer in time")]
    TimedOut,
    /// An answer that is none.
    #[error("{0}")]
    Unreadable(&'static str),
}

/// A TLS client that trusts `authorities` and nobody else, in TLS 1.2 and 1.3.
///
/// # Errors
///
/// [`rustls::Error`] when an authority is not a certificate.
pub fn tls_client(authorities: &[CertificateDer<'_>]) -> Result<Arc<ClientConfig>, rustls::Error> {
    tls_client_of(authorities, rustls::ALL_VERSIONS)
}

/// As [`tls_client`], in the given versions of TLS only.
///
/// # Errors
///
/// As [`tls_client`].
pub fn tls_client_of(
    authorities: &[CertificateDer<'_>],
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority.clone().into_owned())?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Where something listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Address and port.
    pub socket: SocketAddr,
    /// The file of the network namespace in which they are; `None`: this process's own.
    pub namespace: Option<PathBuf>,
}

impl From<SocketAddr> for Endpoint {
    fn from(socket: SocketAddr) -> Endpoint {
        Endpoint {
            socket,
            namespace: None,
        }
    }
}

impl Endpoint {
    async fn connect(self) -> std::io::Result<TcpStream> {
        let Endpoint { socket, namespace } = self;
        let Some(namespace) = namespace else {
            return TcpStream::connect(socket).await;
        };
        // A socket belongs to the namespace it was made in, wherever it is used.
        let make = move || {
            inside(Some(&namespace), || match socket {
                SocketAddr::V4(_) => TcpSocket::new_v4(),
                SocketAddr::V6(_) => TcpSocket::new_v6(),
            })
        };
        let made = tokio::task::spawn_blocking(make).await;
        made.map_err(std::io::Error::other)???.connect(socket).await
    }
}

/// Tries to log in: connects, checks the certificate against the address, and holds the conversation.
///
/// # Errors
///
/// [`ProbeError`] when it did not come to an outcome: nothing listens, TLS fails, or `limit` is over.
pub async fn log_in(
    address: impl Into<Endpoint>,
    tls: &Arc<ClientConfig>,
    mut conversation: Conversation,
    limit: Duration,
) -> Result<Outcome, ProbeError> {
    let address = address.into();
    let talk = async {
        let mut stream = connect_tls(address, tls).await?;
        stream.write_all(&conversation.opening()).await?;
        stream.flush().await?;
        let mut buffer = vec![0; 8192];
        loop {
            let count = read(&mut stream, &mut buffer).await?;
            if count == 0 {
                return Ok(Outcome::Unexpected("closed without an answer".to_owned()));
            }
            match conversation.receive(buffer.get(..count).unwrap_or_default()) {
                Step::Wait => {}
                Step::Send(bytes) => {
                    stream.write_all(&bytes).await?;
                    stream.flush().await?;
                }
                Step::Done(outcome) => {
                    // A polite end; the engine may have closed already.
                    let _ = stream.shutdown().await;
                    return Ok(outcome);
                }
            }
        }
    };
    within(limit, talk).await
}

/// Sends `bytes` and waits for the other end to close. Gives whether it did within `limit`.
///
/// # Errors
///
/// [`ProbeError`] when there was no connection to begin with.
pub async fn is_cut_off(
    address: impl Into<Endpoint>,
    tls: &Arc<ClientConfig>,
    bytes: &[u8],
    limit: Duration,
) -> Result<bool, ProbeError> {
    let mut stream = within(limit, connect_tls(address.into(), tls)).await?;
    stream.write_all(bytes).await?;
    stream.flush().await?;
    let until_closed = async {
        let mut buffer = vec![0; 8192];
        while !matches!(stream.read(&mut buffer).await, Ok(0) | Err(_)) {}
    };
    Ok(tokio::time::timeout(limit, until_closed).await.is_ok())
}

/// One HTTP request, over TLS if `tls` is given.
///
/// # Errors
///
/// [`ProbeError`] when no whole answer came.
pub async fn http(
    address: impl Into<Endpoint>,
    tls: Option<&Arc<ClientConfig>>,
    exchange: HttpExchange,
    limit: Duration,
) -> Result<HttpReply, ProbeError> {
    let address = address.into();
    within(limit, async {
        match tls {
            Some(tls) => exchange_on(connect_tls(address, tls).await?, exchange).await,
            None => exchange_on(address.connect().await?, exchange).await,
        }
    })
    .await
}

async fn exchange_on<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    mut exchange: HttpExchange,
) -> Result<HttpReply, ProbeError> {
    stream.write_all(&exchange.opening()).await?;
    stream.flush().await?;
    let mut buffer = vec![0; 8192];
    loop {
        let count = read(&mut stream, &mut buffer).await?;
        if count == 0 {
            return exchange.end().map_err(ProbeError::Unreadable);
        }
        if let Some(reply) = exchange.receive(buffer.get(..count).unwrap_or_default()) {
            return reply.map_err(ProbeError::Unreadable);
        }
    }
}

async fn connect_tls(
    address: Endpoint,
    tls: &Arc<ClientConfig>,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, ProbeError> {
    let name = ServerName::IpAddress(address.socket.ip().into());
    let stream = address.connect().await?;
    Ok(TlsConnector::from(Arc::clone(tls))
        .connect(name, stream)
        .await?)
}

/// Reads; an end without TLS's own closing word is an end all the same, as Java's sockets do not always say it.
async fn read<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut [u8]) -> std::io::Result<usize> {
    match stream.read(buffer).await {
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset
            ) =>
        {
            Ok(0)
        }
        other => other,
    }
}

async fn within<T>(
    limit: Duration,
    what: impl Future<Output = Result<T, ProbeError>>,
) -> Result<T, ProbeError> {
    tokio::time::timeout(limit, what)
        .await
        .unwrap_or(Err(ProbeError::TimedOut))
}
