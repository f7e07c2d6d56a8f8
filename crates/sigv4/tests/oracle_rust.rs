//! Random requests signed by AWS's own signer for Rust: verified here, and signed
//! here alike; and tampered requests, which must be refused. `REQUESTS=…` says how many of each.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of a test binary"
)]

mod common;

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SessionTokenMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use common::Owned;
use common::random::{Random, request};
use sigv4::{
    AuthError, Family, KeyCache, PayloadHeader, SecretKey, Service, Signing, TokenPlacement,
    examine, presign, sign_headers,
};

const KEY_ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE//+/token==";
const NOW: i64 = 1_700_000_000;

const MQ: Service<'static> = Service {
    name: "mq",
    family: Family::RestJson,
    window: 300,
    regions: &["eu-west-1"],
    presigned: true,
};

#[derive(Clone, Copy)]
struct Mode {
    presigned: bool,
    token: Option<TokenPlacement>,
    payload: PayloadHeader,
}

fn mode(random: &mut Random) -> Mode {
    let presigned = random.one_in(2);
    Mode {
        presigned,
        token: random.pick(&[
            None,
            Some(TokenPlacement::Signed),
            Some(TokenPlacement::AfterSigning),
        ]),
        payload: random.pick(&[PayloadHeader::Omitted, PayloadHeader::Sent]),
    }
}

/// Has AWS's signer sign a request.
fn signed_by_aws(request: &Owned, mode: Mode) -> Owned {
    let token = mode.token.map(|_| TOKEN.to_owned());
    let identity = Credentials::new(KEY_ID, SECRET, token, None, "test").into();
    let mut settings = SigningSettings::default();
    settings.signature_location = if mode.presigned {
        settings.expires_in = Some(Duration::from_secs(120));
        SignatureLocation::QueryParams
    } else {
        SignatureLocation::Headers
    };
    settings.payload_checksum_kind = match mode.payload {
        PayloadHeader::Omitted => PayloadChecksumKind::NoHeader,
        PayloadHeader::Sent => PayloadChecksumKind::XAmzSha256,
    };
    settings.session_token_mode = match mode.token {
        Some(TokenPlacement::AfterSigning) => SessionTokenMode::Exclude,
        Some(TokenPlacement::Signed) | None => SessionTokenMode::Include,
    };
    let seconds = u64::try_from(NOW).expect("after 1970");
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("eu-west-1")
        .name("mq")
        .time(UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(settings)
        .build()
        .expect("parameters")
        .into();
    let host = std::str::from_utf8(
        &request
            .headers
            .iter()
            .find(|(n, _)| n == "host")
            .expect("a host")
            .1,
    )
    .expect("ASCII");
    let target = std::str::from_utf8(&request.target).expect("UTF-8");
    let uri = format!("https://{host}{target}");
    let headers: Vec<(&str, &str)> = request
        .headers
        .iter()
        .map(|(n, v)| (n.as_str(), std::str::from_utf8(v).expect("ASCII")))
        .collect();
    let signable = SignableRequest::new(
        &request.method,
        &uri,
        headers.iter().copied(),
        SignableBody::Bytes(&request.body),
    )
    .expect("a signable request");
    let (instructions, _) = sign(signable, &params).expect("signed").into_parts();
    let mut carrier = http::Request::builder()
        .method(request.method.as_str())
        .uri(&uri)
        .body(())
        .expect("a request");
    instructions.apply_to_request_http1x(&mut carrier);
    let mut out = request.clone();
    out.target = carrier
        .uri()
        .path_and_query()
        .expect("a path")
        .as_str()
        .as_bytes()
        .to_vec();
    for (name, value) in carrier.headers() {
        out.headers
            .push((name.as_str().to_owned(), value.as_bytes().to_vec()));
    }
    out
}

/// Has this crate sign a request.
fn signed_by_us(request: &Owned, mode: Mode) -> Owned {
    let secret = SecretKey::new(SECRET);
    let signing = Signing {
        session_token: mode.token.map(|_| TOKEN),
        token: mode.token.unwrap_or(TokenPlacement::Signed),
        payload_header: mode.payload,
        ..Signing::new(KEY_ID, &secret, "eu-west-1", "mq")
    };
    let mut out = request.clone();
    if mode.presigned {
        out.target = request
            .with(|r| presign(r, &signing, NOW, 120))
            .expect("presigned");
    } else {
        let added = request
            .with(|r| sign_headers(r, &signing, NOW))
            .expect("signed");
        out.headers.extend(
            added
                .into_iter()
                .map(|(n, v)| (n.to_owned(), v.into_bytes())),
        );
    }
    out
}

fn signature(request: &Owned) -> Vec<u8> {
    let place = request
        .headers
        .iter()
        .find(|(n, _)| n == "authorization")
        .map(|(_, v)| v);
    let text = place.unwrap_or(&request.target);
    let key = b"Signature=";
    let at = text
        .windows(key.len())
        .position(|w| w == key)
        .expect("a signature")
        + key.len();
    text[at..at + 64].to_vec()
}

fn check(request: &Owned, keys: &KeyCache, secret: &SecretKey) -> Result<(), AuthError> {
    request.with(|r| {
        let claim = examine(r, &MQ, NOW)?;
        if claim.access_key_id() != KEY_ID {
            return Err(claim.verify_unknown(keys));
        }
        claim.verify(secret, keys).map(|_| ())
    })
}

#[test]
fn ten_thousand_requests_signed_by_aws_sigv4_verify() {
    let (secret, keys) = (SecretKey::new(SECRET), KeyCache::new(8));
    let mut random = Random(0x5194);
    let (mut headers, mut queries, mut alike) = (0, 0, 0);
    let mut differing = Vec::new();
    for n in 0..common::requests() {
        let request = request(&mut random);
        let mode = mode(&mut random);
        let theirs = signed_by_aws(&request, mode);
        if let Err(error) = check(&theirs, &keys, &secret) {
            differing.push(format!(
                "{n}: {error:?} {:?}",
                String::from_utf8_lossy(&theirs.target)
            ));
        }
        // Presigned, theirs declares the body's hash where asked; ours never does.
        let ours = signed_by_us(&request, mode);
        assert!(check(&ours, &keys, &secret).is_ok(), "{n}");
        if !(mode.presigned && mode.payload == PayloadHeader::Sent) {
            assert_eq!(signature(&ours), signature(&theirs), "{n}: {request:?}");
            alike += 1;
        }
        *(if mode.presigned {
            &mut queries
        } else {
            &mut headers
        }) += 1;
    }
    println!(
        "aws-sigv4 oracle: {} requests ({headers} header, {queries} presigned), {} differing; \
         {alike} signed here with the same signature",
        headers + queries,
        differing.len()
    );
    assert!(differing.is_empty(), "{differing:#?}");
}

/// What the checks of a request come to, for comparing two of them.
fn canonical(request: &Owned) -> Option<(Vec<u8>, String, String, Option<String>)> {
    request.with(|r| {
        let claim = examine(r, &MQ, NOW).ok()?;
        Some((
            claim.canonical_request(),
            claim.string_to_sign(),
            claim.access_key_id().to_owned(),
            claim.session_token().map(str::to_owned),
        ))
    })
}

/// Changes one thing about a request, or mixes it with another.
fn tamper(random: &mut Random, request: &Owned, other: &Owned) -> (&'static str, Owned) {
    let mut out = request.clone();
    let count = out.headers.len();
    let any = random.below(count);
    let kind = match random.below(16) {
        0 => {
            let at = random.below(out.target.len());
            out.target[at] ^= 1 << random.below(8);
            "bit of the target"
        }
        1 => {
            let (_, value) = &mut out.headers[any];
            if value.is_empty() {
                value.push(b'x');
            } else {
                let at = random.below(value.len());
                value[at] ^= 1 << random.below(8);
            }
            "bit of a header's value"
        }
        2 => {
            let mut name = out.headers[any].0.clone().into_bytes();
            let at = random.below(name.len());
            name[at] ^= 1 << random.below(7);
            out.headers[any].0 = String::from_utf8(name).expect("ASCII");
            "bit of a header's name"
        }
        3 => {
            if out.body.is_empty() {
                out.body.push(random.byte());
            } else {
                let at = random.below(out.body.len());
                out.body[at] ^= 1 << random.below(8);
            }
            "bit of the body"
        }
        4 => {
            let name = random.pick(&[
                "x-amz-acl",
                "x-new",
                "X-Amz-Copy-Source",
                "content-type",
                "my-header",
            ]);
            out.headers
                .insert(any, (name.to_owned(), b"added".to_vec()));
            "header added"
        }
        5 => {
            out.headers.remove(any);
            "header dropped"
        }
        6 => {
            let again = out.headers[any].clone();
            out.headers.push(again);
            "header repeated"
        }
        7 => {
            let to = random.below(count);
            out.headers.swap(any, to);
            "headers reordered"
        }
        8 => {
            out.headers[any].0 = out.headers[any].0.to_ascii_uppercase();
            "header's name in another case"
        }
        9 => {
            let value = out.headers[any].1.to_ascii_uppercase();
            out.headers[any].1 = value;
            "header's value in another case"
        }
        10 => {
            let end = out
                .target
                .iter()
                .position(|b| *b == b'?')
                .unwrap_or(out.target.len());
            let at = random.below(end);
            let byte = out.target[at];
            out.target
                .splice(at..=at, format!("%{byte:02X}").into_bytes());
            "path encoded anew"
        }
        11 => {
            let end = out
                .target
                .iter()
                .position(|b| *b == b'?')
                .unwrap_or(out.target.len());
            let dots = random.pick(&["/", "/.", "/x/..", "/..", "/%2e"]);
            let at = random.below(end);
            out.target.splice(at..at, dots.bytes());
            "dots and slashes"
        }
        12 => {
            let more = random.pick(&[
                "&x=1",
                "&",
                "&X-Amz-Expires=604800",
                "&x-amz-date=1",
                "?",
                "#f",
            ]);
            out.target.extend_from_slice(more.as_bytes());
            "query extended"
        }
        13 => {
            out.method = random
                .pick(&["GET", "POST", "get", "PUT", "GET\n/", "", "G T"])
                .to_owned();
            "method"
        }
        14 => {
            match random.below(4) {
                0 => out.body = other.body.clone(),
                1 => out.target = other.target.clone(),
                2 => out.headers = other.headers.clone(),
                _ => out.method = other.method.clone(),
            }
            "mixed with another request"
        }
        _ => {
            let at = random.below(out.target.len());
            out.target.truncate(at);
            "target cut"
        }
    };
    (kind, out)
}

#[test]
fn ten_thousand_tampered_requests_are_refused_or_the_same() {
    let (secret, keys) = (SecretKey::new(SECRET), KeyCache::new(8));
    let mut random = Random(0x7a3e);
    let mut refused = std::collections::BTreeMap::new();
    let (mut same, mut total) = (0, 0);
    while total < common::requests() {
        // A token appended after signing is the one part that the signature leaves open.
        let mut draw = || loop {
            let mode = mode(&mut random);
            if mode.token != Some(TokenPlacement::AfterSigning) {
                return signed_by_aws(&request(&mut random), mode);
            }
        };
        let (request, other) = (draw(), draw());
        let before = canonical(&request).expect("a good request");
        for _ in 0..4 {
            let (kind, changed) = tamper(&mut random, &request, &other);
            if changed == request {
                continue;
            }
            total += 1;
            match check(&changed, &keys, &secret) {
                Err(_) => *refused.entry(kind).or_insert(0_usize) += 1,
                Ok(()) => {
                    let after = canonical(&changed).expect("it passed");
                    let is_other = canonical(&other).expect("a good request") == after;
                    assert!(
                        after == before || is_other,
                        "{kind}: {} {:?}\n{}\n{}",
                        String::from_utf8_lossy(&changed.target),
                        changed
                            .headers
                            .iter()
                            .map(|(n, v)| format!("{n}: {}", String::from_utf8_lossy(v)))
                            .collect::<Vec<_>>(),
                        String::from_utf8_lossy(&before.0),
                        String::from_utf8_lossy(&after.0)
                    );
                    same += 1;
                }
            }
        }
    }
    let count: usize = refused.values().sum();
    println!("tampered: {total}, refused {count}, same canonical request {same}; {refused:#?}");
    // The case of a header's name means nothing; each of the other kinds is refused at times.
    assert_eq!(refused.len(), 15);
    assert!(!refused.contains_key("header's name in another case"));
    assert!(count > total / 2);
}
