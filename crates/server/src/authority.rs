//! The certificate authority: made at first start, it vouches for the API and for every broker.

use std::net::IpAddr;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

/// How long the authority is good for, in days.
const AUTHORITY_DAYS: i64 = 3650;
/// How long a certificate is good for, in days. Brokers get a new one at each start.
const LEAF_DAYS: i64 = 397;

/// Why a certificate could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The library refuses.
    #[error("a certificate cannot be made")]
    Certificate(#[from] rcgen::Error),
    /// A name is not a host name.
    #[error("`{0}` is not a host name")]
    Name(String),
}

/// The authority.
pub struct Authority {
    certificate_pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate with its chain and key.
pub struct Leaf {
    /// The certificate, DER.
    pub certificate: CertificateDer<'static>,
    /// The authority's certificate, DER.
    pub authority: CertificateDer<'static>,
    /// The private key, PKCS#8 DER.
    pub key: Zeroizing<Vec<u8>>,
}

impl Leaf {
    /// The chain, the certificate first.
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        vec![self.certificate.clone(), self.authority.clone()]
    }

    /// The key for rustls.
    pub fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.to_vec()))
    }
}

impl Authority {
    /// Makes a new authority: its certificate and its key, both PEM. `now` is in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// [`AuthorityError::Certificate`].
    pub fn make(name: &str, now: i64) -> Result<(String, Zeroizing<String>), AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        params.distinguished_name = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::CrlSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        validity(&mut params, now, AUTHORITY_DAYS);
        let certificate = params.self_signed(&key)?;
        Ok((certificate.pem(), Zeroizing::new(key.serialize_pem())))
    }

    /// Reads an authority back.
    ///
    /// # Errors
    /// [`AuthorityError::Certificate`].
    pub fn read(certificate_pem: &str, key_pem: &str) -> Result<Authority, AuthorityError> {
        let key = KeyPair::from_pem(key_pem)?;
        Ok(Authority {
            certificate_pem: certificate_pem.to_owned(),
            issuer: Issuer::from_ca_cert_pem(certificate_pem, key)?,
        })
    }

    /// The authority's certificate, PEM: what clients have to trust.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Makes a certificate for these names and addresses, good from an hour before `now`.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn issue(
        &self,
        names: &[String],
        addresses: &[IpAddr],
        now: i64,
    ) -> Result<Leaf, AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::<String>::new())?;
        let common = names
            .first()
            .cloned()
            .or_else(|| addresses.first().map(IpAddr::to_string))
            .unwrap_or_default();
        params.distinguished_name = named(&common);
        for name in names {
            let name = name
                .as_str()
                .try_into()
                .map_err(|_| AuthorityError::Name(name.clone()))?;
            params.subject_alt_names.push(SanType::DnsName(name));
        }
        params
            .subject_alt_names
            .extend(addresses.iter().copied().map(SanType::IpAddress));
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        validity(&mut params, now, LEAF_DAYS);
        let certificate = params.signed_by(&key, &self.issuer)?;
        let authority = pem_to_der(&self.certificate_pem)?;
        Ok(Leaf {
            certificate: certificate.der().clone(),
            authority,
            key: Zeroizing::new(key.serialize_der()),
        })
    }
}

fn pem_to_der(pem: &str) -> Result<CertificateDer<'static>, AuthorityError> {
    use rustls::pki_types::pem::PemObject;
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| AuthorityError::Certificate(rcgen::Error::CouldNotParseCertificate))
}

fn named(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Postern");
    name.push(DnType::CommonName, common);
    name
}

fn validity(params: &mut CertificateParams, now: i64, days: i64) {
    let now = OffsetDateTime::from_unix_timestamp(now.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    // Clients' clocks may be a little behind ours.
    params.not_before = now.saturating_sub(Duration::HOUR);
    params.not_after = now.saturating_add(Duration::days(days));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_issued_by_an_authority_that_was_read_back() {
        let now = 1_795_000_000_000;
        let (certificate, key) = Authority::make("Postern test", now).unwrap();
        let authority = Authority::read(&certificate, &key).unwrap();
        let leaf = authority
            .issue(&["localhost".into()], &["127.0.0.1".parse().unwrap()], now)
            .unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(leaf.authority.clone()).unwrap();
        let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(
            roots.into(),
            rustls::crypto::ring::default_provider().into(),
        )
        .build()
        .unwrap();
        use rustls::client::danger::ServerCertVerifier;
        let at = rustls::pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_millis(
            1_795_000_000_000,
        ));
        for name in ["localhost", "127.0.0.1"] {
            let name = rustls::pki_types::ServerName::try_from(name).unwrap();
            verifier
                .verify_server_cert(&leaf.certificate, &[], &name, &[], at)
                .unwrap();
        }
        let other = rustls::pki_types::ServerName::try_from("127.0.0.2").unwrap();
        assert!(
            verifier
                .verify_server_cert(&leaf.certificate, &[], &other, &[], at)
                .is_err()
        );
    }
}
