//! Tokens of OpenID Connect providers (RFC 7515, RFC 7519): what they say, before and after their signature is verified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::jwks::Algorithm;
use crate::identity::Tag;

/// How far an issuer's clock may be ahead, in seconds.
const AHEAD: i64 = 300;
/// The claims of AWS's own ("Pass session tags in AWS STS", "Monitor and control actions taken with assumed roles").
const TAGS: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// A token whose signature nobody has verified yet.
pub struct Jwt<'a> {
    /// How it says it is signed.
    pub algorithm: Algorithm,
    /// Which key it says it is signed with.
    pub key_id: Option<String>,
    /// What is signed.
    pub signed: &'a [u8],
    /// The signature.
    pub signature: Vec<u8>,
    claims: Map<String, Value>,
}

/// Why a token is refused; `Display` is for the caller.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// It is no token, or one of a kind that is not taken.
    #[error(
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
    )]
    Malformed,
    /// A claim is missing or of the wrong type.
    #[error("Missing a required claim: {0}")]
    Claim(&'static str),
    /// It is for somebody else.
    #[error("Incorrect token audience")]
    Audience,
    /// It is not valid yet.
    #[error("The ID Token provided is not valid yet")]
    NotYet,
    /// Its time is over.
    #[error(
        "Token expired: current date/time {now} must be before the expiration date/time {expires}"
    )]
    Expired {
        /// The time, in seconds since the Unix epoch.
        now: i64,
        /// When it ended.
        expires: i64,
    },
}

/// Whom a token vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebIdentity {
    /// Who it is to the provider (`sub`).
    pub subject: String,
    /// Whom the token is for: `azp` where there is one, `aud` otherwise.
    pub audience: String,
    /// How they were authenticated (`amr`).
    pub methods: Vec<String>,
    /// Session tags.
    pub tags: Vec<Tag>,
    /// Keys of the tags that are handed on.
    pub transitive: Vec<String>,
    /// The source identity.
    pub source_identity: Option<String>,
}

impl<'a> Jwt<'a> {
    /// Reads a token in compact form.
    ///
    /// # Errors
    /// [`JwtError::Malformed`].
    pub fn parse(text: &'a str) -> Result<Jwt<'a>, JwtError> {
        let (signed, signature) = text.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let header = object(header)?;
        // What must be understood is not.
        if header.contains_key("crit") {
            return Err(JwtError::Malformed);
        }
        let algorithm = match header.get("alg").and_then(Value::as_str) {
            Some("RS256") => Algorithm::Rs256,
            Some("ES256") => Algorithm::Es256,
            Some(_) | None => return Err(JwtError::Malformed),
        };
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(JwtError::Malformed),
        };
        Ok(Jwt {
            algorithm,
            key_id,
            signed: signed.as_bytes(),
            signature: decode(signature)?,
            claims: object(claims)?,
        })
    }

    /// The issuer that the token names, without `https://`: it tells whose keys to verify it with.
    ///
    /// # Errors
    /// [`JwtError::Claim`].
    pub fn issuer(&self) -> Result<&str, JwtError> {
        let issuer = self.text("iss")?;
        Ok(issuer.strip_prefix("https://").unwrap_or(issuer))
    }

    /// Whom the token vouches for, at this second and to these audiences. Verify the signature first.
    ///
    /// # Errors
    /// [`JwtError`].
    pub fn identity(&self, audiences: &[String], now: i64) -> Result<WebIdentity, JwtError> {
        let expires = self.seconds("exp")?;
        if now >= expires {
            return Err(JwtError::Expired { now, expires });
        }
        let begins = match self.claims.get("nbf") {
            Some(_) => self.seconds("nbf")?,
            None => i64::MIN,
        };
        if self.seconds("iat")?.max(begins) > now.saturating_add(AHEAD) {
            return Err(JwtError::NotYet);
        }
        let named = match self.claims.get("azp") {
            Some(_) => vec![self.text("azp")?],
            None => texts(self.claims.get("aud").ok_or(JwtError::Claim("aud"))?)
                .ok_or(JwtError::Claim("aud"))?,
        };
        let audience = named
            .into_iter()
            .find(|named| audiences.iter().any(|known| known == named))
            .ok_or(JwtError::Audience)?;
        let subject = self.text("sub")?;
        if subject.is_empty() {
            return Err(JwtError::Claim("sub"));
        }
        let methods = match self.claims.get("amr") {
            Some(methods) => texts(methods).ok_or(JwtError::Claim("amr"))?,
            None => Vec::new(),
        };
        let source_identity = match self.claims.get(SOURCE_IDENTITY) {
            Some(_) => Some(self.text(SOURCE_IDENTITY)?.to_owned()),
            None => None,
        };
        let (tags, transitive) = match self.claims.get(TAGS) {
            Some(tags) => session_tags(tags).ok_or(JwtError::Claim(TAGS))?,
            None => Default::default(),
        };
        Ok(WebIdentity {
            subject: subject.to_owned(),
            audience: audience.to_owned(),
            methods: methods.into_iter().map(str::to_owned).collect(),
            tags,
            transitive,
            source_identity,
        })
    }

    fn text(&self, name: &'static str) -> Result<&str, JwtError> {
        let found = self.claims.get(name).and_then(Value::as_str);
        found.ok_or(JwtError::Claim(name))
    }

    /// A date, whose fraction is left off.
    fn seconds(&self, name: &'static str) -> Result<i64, JwtError> {
        let Some(Value::Number(number)) = self.claims.get(name) else {
            return Err(JwtError::Claim(name));
        };
        let whole = number.to_string();
        let whole = whole.split('.').next().unwrap_or_default();
        whole.parse().map_err(|_| JwtError::Claim(name))
    }
}

fn decode(text: &str) -> Result<Vec<u8>, JwtError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| JwtError::Malformed)
}

fn object(text: &str) -> Result<Map<String, Value>, JwtError> {
    match serde_json::from_slice(&decode(text)?) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) | Err(_) => Err(JwtError::Malformed),
    }
}

/// A text or a list of texts.
fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(list) => list.iter().map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// `{"principal_tags": {"key": ["value"]}, "transitive_tag_keys": ["key"]}`.
fn session_tags(value: &Value) -> Option<(Vec<Tag>, Vec<String>)> {
    let mut tags = Vec::new();
    if let Some(given) = value.get("principal_tags") {
        for (key, values) in given.as_object()? {
            let [value] = texts(values)?[..] else {
                return None;
            };
            tags.push(Tag {
                key: key.clone(),
                value: value.to_owned(),
            });
        }
    }
    let transitive = match value.get("transitive_tag_keys") {
        Some(keys) => texts(keys)?.into_iter().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    Some((tags, transitive))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn token(header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", encode(header), encode(claims))
    }

    fn claims() -> Value {
        json!({
            "iss": "https://idp.example/x", "sub": "repo:a/b", "aud": ["other", "sts.amazonaws.com"],
            "iat": 1000, "exp": 2000.5,
        })
    }

    fn identity(claims: &Value, now: i64) -> Result<WebIdentity, JwtError> {
        let text = token(&json!({ "alg": "RS256", "kid": "1" }), claims);
        let jwt = Jwt::parse(&text).unwrap();
        jwt.identity(&["sts.amazonaws.com".into()], now)
    }

    #[test]
    fn a_token_vouches_within_its_time_and_for_its_audience() {
        let found = identity(&claims(), 1500).unwrap();
        assert_eq!(found.subject, "repo:a/b");
        assert_eq!(found.audience, "sts.amazonaws.com");
        assert_eq!(identity(&claims(), 700).map(|_| ()), Ok(()));
        assert_eq!(identity(&claims(), 699), Err(JwtError::NotYet));
        assert!(identity(&claims(), 1999).is_ok());
        assert_eq!(
            identity(&claims(), 2000).unwrap_err().to_string(),
            "Token expired: current date/time 2000 must be before the expiration date/time 2000"
        );
        for (name, value, expected) in [
            ("aud", json!("x"), JwtError::Audience),
            ("aud", json!(1), JwtError::Claim("aud")),
            ("azp", json!("x"), JwtError::Audience),
            ("sub", json!(""), JwtError::Claim("sub")),
            ("sub", json!(1), JwtError::Claim("sub")),
            ("exp", json!("2000"), JwtError::Claim("exp")),
            ("exp", json!(null), JwtError::Claim("exp")),
            ("iat", json!(null), JwtError::Claim("iat")),
            ("nbf", json!(9000), JwtError::NotYet),
            ("amr", json!(1), JwtError::Claim("amr")),
            (
                TAGS,
                json!({ "principal_tags": { "a": ["1", "2"] } }),
                JwtError::Claim(TAGS),
            ),
            (SOURCE_IDENTITY, json!(1), JwtError::Claim(SOURCE_IDENTITY)),
        ] {
            let mut claims = claims();
            claims[name] = value;
            assert_eq!(identity(&claims, 1500), Err(expected), "{name}");
        }
    }

    #[test]
    fn claims_of_awss_own_become_tags_and_source_identity() {
        let mut claims = claims();
        claims[TAGS] = json!({
            "principal_tags": { "team": ["blue"], "cost": "1" }, "transitive_tag_keys": ["team"],
        });
        claims[SOURCE_IDENTITY] = json!("someone");
        claims["azp"] = json!("sts.amazonaws.com");
        let found = identity(&claims, 1500).unwrap();
        assert_eq!(found.tags.len(), 2);
        assert_eq!(found.transitive, ["team"]);
        assert_eq!(found.source_identity.as_deref(), Some("someone"));
    }

    #[test]
    fn what_is_no_token_of_ours_is_refused() {
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "HS256" }),
            json!({ "alg": "rs256" }),
            json!({}),
            json!({ "alg": "RS256", "crit": ["b64"] }),
            json!({ "alg": "RS256", "kid": 1 }),
            json!([]),
        ] {
            assert!(Jwt::parse(&token(&header, &claims())).is_err(), "{header}");
        }
        for text in ["", ".", "..", "a.b.c", "e30.e30", "e30=.e30.e30"] {
            assert!(Jwt::parse(text).is_err(), "{text}");
        }
    }
}
