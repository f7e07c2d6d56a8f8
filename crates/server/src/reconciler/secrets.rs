//! Passwords of a broker's own: made out of one secret, which is kept sealed in its record.
//!
//! They are the same at each start, so that a node that was started by an earlier Postern lets this one in.

use brokers::broker::Broker;
use brokers::engine::Secret;
use sha2::{Digest, Sha256};

use crate::clock::random;
use crate::services::{SecretError, Services};

/// A broker's own secret.
pub(super) struct OwnSecret(Secret);

/// What a password is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// The node's keystore.
    Keystore,
    /// The console's own connection.
    Console,
    /// The management agent.
    Management,
    /// The user that asks whether the broker is well.
    Probe,
}

impl Purpose {
    fn label(self) -> &'static str {
        match self {
            Purpose::Keystore => "keystore",
            Purpose::Console => "console",
            Purpose::Management => "management",
            Purpose::Probe => "probe",
        }
    }
}

impl OwnSecret {
    /// Opens the secret of this broker; `None` if it has none yet.
    pub(super) fn open(
        services: &Services,
        broker: &Broker,
    ) -> Result<Option<OwnSecret>, SecretError> {
        let Some(sealed) = &broker.observed.sealed_secret else {
            return Ok(None);
        };
        let text = services.open(sealed, &identity(broker))?;
        Ok(Some(OwnSecret(Secret::new(String::from_utf8_lossy(&text)))))
    }

    /// Makes a new secret, sealed for this broker.
    pub(super) fn make(services: &Services, broker: &Broker) -> Result<String, SecretError> {
        let bytes: [u8; 32] = random().map_err(|error| SecretError::Random(error.to_string()))?;
        services.seal(Secret::new(hex(&bytes)).expose(), &identity(broker))
    }

    /// The password for a purpose: 64 hexadecimal digits.
    pub(super) fn password(&self, purpose: Purpose) -> Secret {
        let mut hash = Sha256::new();
        hash.update(self.0.expose().as_bytes());
        hash.update(b"/");
        hash.update(purpose.label().as_bytes());
        Secret::new(hex(&hash.finalize()))
    }
}

pub(crate) fn identity(broker: &Broker) -> String {
    format!("{}/own", broker.id)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
