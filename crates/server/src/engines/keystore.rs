//! PKCS #12 keystores for Java, made without `openssl` or `keytool`.
//!
//! AES-256 and HMAC-SHA-256, which Java reads since 11.0.12 and OpenSSL since 1.0; nothing is weakened for older readers.

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::EngineError;

/// Key derivations: the password is random, so this need not be slow.
const ITERATIONS: u32 = 2048;

/// Makes the keystore of a node: its certificate first, then its issuers, and its PKCS #8 key, all in DER.
///
/// # Errors
///
/// [`EngineError::Keystore`] when certificate or key cannot be read.
pub fn pkcs12(
    chain: &[CertificateDer<'_>],
    key: &PrivateKeyDer<'_>,
    password: &str,
) -> Result<Vec<u8>, EngineError> {
    if chain.is_empty() {
        return Err(unusable("no certificate"));
    }
    let certificates = chain
        .iter()
        .map(|certificate| Certificate::from_der(certificate).map_err(unusable))
        .collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKey::from_der(key.secret_der()).map_err(unusable)?;
    let mut store = KeyStore::new();
    let chain = PrivateKeyChain::new("node", key, certificates);
    store.add_entry("node", KeyStoreEntry::PrivateKeyChain(chain));
    write(&store, password)
}

/// As [`pkcs12`], from PEM.
///
/// # Errors
///
/// As [`pkcs12`].
pub fn pkcs12_from_pem(chain: &[u8], key: &[u8], password: &str) -> Result<Vec<u8>, EngineError> {
    let certificates = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<Vec<_>, _>>()
        .map_err(unusable)?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(unusable)?;
    pkcs12(&certificates, &key, password)
}

/// Makes a store of authorities that a node trusts when it connects to other brokers.
///
/// # Errors
///
/// [`EngineError::Keystore`] when a certificate cannot be read.
pub fn trust_store(
    authorities: &[CertificateDer<'_>],
    password: &str,
) -> Result<Vec<u8>, EngineError> {
    let mut store = KeyStore::new();
    for (number, authority) in authorities.iter().enumerate() {
        let certificate = Certificate::from_der(authority).map_err(unusable)?;
        store.add_entry(
            &format!("authority-{number}"),
            KeyStoreEntry::Certificate(certificate),
        );
    }
    write(&store, password)
}

fn write(store: &KeyStore, password: &str) -> Result<Vec<u8>, EngineError> {
    store
        .writer(password)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .encryption_iterations(ITERATIONS)
        .mac_algorithm(MacAlgorithm::HmacSha256)
        .mac_iterations(ITERATIONS)
        .write()
        .map_err(unusable)
}

fn unusable(what: impl std::fmt::Display) -> EngineError {
    EngineError::Keystore {
        what: what.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_opens_with_its_password_and_holds_the_chain() {
        let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
        let (pem, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let bytes = pkcs12_from_pem(pem.as_bytes(), key.as_bytes(), "päss word").unwrap();
        let policy = p12_keystore::Pkcs12ImportPolicy::Strict;
        let store = KeyStore::from_pkcs12(&bytes, "päss word", policy).unwrap();
        let (alias, chain) = store.private_key_chain().unwrap();
        assert_eq!((alias, chain.certs().len()), ("node", 1));
        assert!(KeyStore::from_pkcs12(&bytes, "other", policy).is_err());
        assert!(
            pkcs12(
                &[],
                &PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
                "x"
            )
            .is_err()
        );
    }
}
