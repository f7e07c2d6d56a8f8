//! TLS of the API.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::authority::{Authority, AuthorityError};
use crate::settings::Tls;

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read as PEM.
    #[error("`{}` is not readable PEM", .0.display())]
    File(PathBuf, #[source] rustls::pki_types::pem::Error),
    /// Certificate and key do not make a server.
    #[error("the certificate and key cannot serve TLS")]
    Config(#[from] rustls::Error),
    /// Our own certificate could not be made.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

/// The acceptor for the setting; `None` for plain HTTP.
///
/// # Errors
/// [`TlsError`].
pub fn acceptor(
    tls: &Tls,
    authority: &Authority,
    listen: SocketAddr,
    now: i64,
) -> Result<Option<TlsAcceptor>, TlsError> {
    let (chain, key) = match tls {
        Tls::Off => return Ok(None),
        Tls::Own => {
            let names = vec!["localhost".to_owned()];
            let mut addresses: Vec<IpAddr> = vec![IpAddr::from([127, 0, 0, 1])];
            if !listen.ip().is_unspecified() && !addresses.contains(&listen.ip()) {
                addresses.push(listen.ip());
            }
            let leaf = authority.issue(&names, &addresses, now)?;
            (leaf.chain(), leaf.private_key())
        }
        Tls::Files { certificate, key } => {
            let chain = CertificateDer::pem_file_iter(certificate)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| TlsError::File(certificate.clone(), error))?;
            let private = PrivateKeyDer::from_pem_file(key)
                .map_err(|error| TlsError::File(key.clone(), error))?;
            (chain, private)
        }
    };
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
    // HTTP/2 is not offered: the SDKs of these services speak HTTP/1.1.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}
