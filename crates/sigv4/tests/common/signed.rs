//! Requests to a few services, rightly signed, for tests to spoil.

use sigv4::{
    AuthError, Family, KeyCache, SecretKey, Service, Signing, examine, presign, sign_headers,
};

use super::{Owned, unix};

pub(crate) const KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

pub(crate) const MQ: Service<'static> = Service {
    name: "mq",
    family: Family::RestJson,
    window: 300,
    regions: &["us-east-1", "eu-west-1"],
    presigned: true,
};
pub(crate) const IAM: Service<'static> = Service {
    name: "iam",
    family: Family::Query,
    window: 900,
    ..MQ
};
pub(crate) const EC2: Service<'static> = Service {
    name: "ec2",
    family: Family::Ec2,
    window: 900,
    ..MQ
};

pub(crate) fn now() -> i64 {
    unix("2021-05-02T17:46:43Z")
}

pub(crate) fn plain() -> Owned {
    Owned {
        method: "POST".to_owned(),
        target: b"/v1/brokers?maxResults=5".to_vec(),
        headers: vec![
            ("Host".to_owned(), b"mq.example.com".to_vec()),
            ("Content-Type".to_owned(), b"application/json".to_vec()),
            ("User-Agent".to_owned(), b"test".to_vec()),
        ],
        body: br#"{"brokerName":"b"}"#.to_vec(),
    }
}

pub(crate) fn header_signed(service: &Service<'_>, at: i64) -> Owned {
    with_secret(service, at, SECRET, None)
}

pub(crate) fn with_secret(
    service: &Service<'_>,
    at: i64,
    secret: &str,
    token: Option<&str>,
) -> Owned {
    let mut request = plain();
    let secret = SecretKey::new(secret);
    let signing = Signing {
        session_token: token,
        ..Signing::new(KEY_ID, &secret, "us-east-1", service.name)
    };
    let added = request
        .with(|r| sign_headers(r, &signing, at))
        .expect("signed");
    request.headers.extend(
        added
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.into_bytes())),
    );
    request
}

pub(crate) fn presigned(service: &Service<'_>, at: i64, expires: u32) -> Owned {
    let mut request = plain();
    let secret = SecretKey::new(SECRET);
    let signing = Signing::new(KEY_ID, &secret, "us-east-1", service.name);
    request.target = request
        .with(|r| presign(r, &signing, at, expires))
        .expect("presigned");
    request
}

pub(crate) fn outcome(request: &Owned, service: &Service<'_>, now: i64) -> Result<(), AuthError> {
    let keys = KeyCache::new(8);
    request.with(|r| {
        examine(r, service, now)?
            .verify(&SecretKey::new(SECRET), &keys)
            .map(|_| ())
    })
}

pub(crate) fn authorization(request: &mut Owned, value: &str) {
    request.set("authorization", value);
}

pub(crate) fn edit(request: &mut Owned, from: &str, to: &str) {
    for (name, value) in &mut request.headers {
        if name == "authorization" {
            let text = String::from_utf8(value.clone()).expect("ASCII");
            assert!(text.contains(from), "{text} has no {from}");
            *value = text.replace(from, to).into_bytes();
        }
    }
}

pub(crate) fn edit_target(request: &mut Owned, from: &str, to: &str) {
    let text = String::from_utf8(request.target.clone()).expect("ASCII");
    assert!(text.contains(from), "{text} has no {from}");
    request.target = text.replace(from, to).into_bytes();
}

pub(crate) fn without(request: &mut Owned, name: &str) {
    request
        .headers
        .retain(|(n, _)| !n.eq_ignore_ascii_case(name));
}

/// Puts in the signature that an honest holder of the secret would compute for
/// the request as it stands.
pub(crate) fn sign_again(request: &mut Owned) {
    use hmac::{Hmac, KeyInit, Mac};
    let mac = |key: &[u8], data: &[u8]| -> Vec<u8> {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).expect("any length");
        mac.update(data);
        mac.finalize().into_bytes().to_vec()
    };
    let (old, text) = request.with(|r| {
        let claim = examine(r, &MQ, now())
            .map_err(|e| e.message(Family::Query))
            .expect("a claim");
        let place = if claim.is_presigned() {
            "X-Amz-Signature="
        } else {
            "Signature="
        };
        (place, claim.string_to_sign())
    });
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in ["20210502", "us-east-1", "mq", "aws4_request"] {
        key = mac(&key, part.as_bytes());
    }
    let new: String = mac(&key, text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let replace = |bytes: &mut Vec<u8>| {
        let mut text = String::from_utf8(bytes.clone()).expect("ASCII");
        if let Some(at) = text.find(old) {
            text.replace_range(at + old.len()..at + old.len() + 64, &new);
            *bytes = text.into_bytes();
        }
    };
    match old {
        "Signature=" => {
            let header = request
                .headers
                .iter_mut()
                .find(|(n, _)| n == "authorization");
            replace(&mut header.expect("signed").1);
        }
        _ => replace(&mut request.target),
    }
}
