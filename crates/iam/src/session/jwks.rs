//! Key sets of OpenID Connect providers (RFC 7517, RFC 7518).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// How tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    Es256,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA: modulus and exponent, big-endian without leading zeros.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The exponent.
        exponent: Vec<u8>,
    },
    /// A point of P-256, uncompressed: 4, x, y.
    P256(Vec<u8>),
}

/// The keys of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<(Option<String>, PublicKey)>,
}

/// The text is no key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON Web Key Set")]
pub struct KeySetError;

impl KeySet {
    /// Reads a key set. Keys of other kinds or for other uses are left out.
    ///
    /// # Errors
    /// [`KeySetError`].
    pub fn parse(text: &str) -> Result<KeySet, KeySetError> {
        let value: Value = serde_json::from_str(text).map_err(|_| KeySetError)?;
        let keys = value.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or(KeySetError)?;
        Ok(KeySet {
            keys: keys.iter().filter_map(key).collect(),
        })
    }

    /// The keys that may have made a signature of this kind: the one with this id, or all where none is named.
    pub fn candidates(
        &self,
        algorithm: Algorithm,
        id: Option<&str>,
    ) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter().filter_map(move |(known, key)| {
            let fits = match (key, algorithm) {
                (PublicKey::Rsa { .. }, Algorithm::Rs256)
                | (PublicKey::P256(_), Algorithm::Es256) => true,
                (PublicKey::Rsa { .. }, Algorithm::Es256)
                | (PublicKey::P256(_), Algorithm::Rs256) => false,
            };
            let named = id.is_none_or(|id| known.as_deref() == Some(id));
            (fits && named).then_some(key)
        })
    }
}

fn key(value: &Value) -> Option<(Option<String>, PublicKey)> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let is_for = |name: &str| text("alg").is_none_or(|algorithm| algorithm == name);
    let found = match text("kty")? {
        "RSA" if is_for("RS256") => {
            let strip = |bytes: Vec<u8>| bytes.into_iter().skip_while(|byte| *byte == 0).collect();
            PublicKey::Rsa {
                modulus: bytes("n").map(strip)?,
                exponent: bytes("e").map(strip)?,
            }
        }
        "EC" if is_for("ES256") && text("crv") == Some("P-256") => {
            let (x, y) = (bytes("x")?, bytes("y")?);
            if x.len() != 32 || y.len() != 32 {
                return None;
            }
            PublicKey::P256([vec![4], x, y].concat())
        }
        _ => return None,
    };
    Some((text("kid").map(str::to_owned), found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_can_verify_signatures_are_taken() {
        let coordinate = URL_SAFE_NO_PAD.encode([7; 32]);
        let text = format!(
            r#"{{"keys":[
                {{"kty":"RSA","kid":"a","n":"AAEC","e":"AQAB","use":"sig"}},
                {{"kty":"RSA","kid":"b","n":"AQID","e":"AQAB","use":"enc"}},
                {{"kty":"RSA","kid":"c","n":"AQID","e":"AQAB","alg":"RS512"}},
                {{"kty":"EC","kid":"d","crv":"P-256","x":"{coordinate}","y":"{coordinate}"}},
                {{"kty":"EC","kid":"e","crv":"P-256","x":"AQ","y":"{coordinate}"}},
                {{"kty":"oct","kid":"f","k":"AQID"}},
                7]}}"#
        );
        let set = KeySet::parse(&text).unwrap();
        assert_eq!(set.keys.len(), 2);
        let of = |algorithm, id| set.candidates(algorithm, id).count();
        assert_eq!(of(Algorithm::Rs256, None), 1);
        assert_eq!(of(Algorithm::Rs256, Some("a")), 1);
        assert_eq!(of(Algorithm::Rs256, Some("d")), 0);
        assert_eq!(of(Algorithm::Es256, Some("d")), 1);
        let rsa = set.candidates(Algorithm::Rs256, None).next().unwrap();
        assert!(matches!(rsa, PublicKey::Rsa { modulus, .. } if *modulus == [1, 2]));
        assert_eq!(KeySet::parse("{}"), Err(KeySetError));
    }
}
