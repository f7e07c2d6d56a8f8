//! Attacks on request authentication, as tables: repeats, unsigned headers, wrong
//! scopes, swapped tokens, spoiled bodies, many threads.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of a test binary"
)]

mod common;

use common::Owned;
use common::signed::{
    EC2, IAM, KEY_ID, MQ, SECRET, edit, edit_target, header_signed, now, outcome, presigned,
    sign_again, with_secret,
};
use sigv4::{AuthError, KeyCache, SecretKey, examine};

/// A name in four cases.
fn cases(name: &str) -> [String; 4] {
    let mixed = name
        .chars()
        .enumerate()
        .map(|(n, c)| {
            if n % 2 == 0 {
                c.to_ascii_uppercase()
            } else {
                c
            }
        })
        .collect();
    [
        name.to_ascii_lowercase(),
        name.to_ascii_uppercase(),
        name.to_owned(),
        mixed,
    ]
}

#[test]
fn no_repeat_of_an_authentication_header_or_parameter_passes() {
    let mut count = 0;
    let refused = |request: &Owned| {
        let error = outcome(request, &MQ, now()).expect_err("a repeat");
        assert!(
            matches!(
                error,
                AuthError::RepeatedHeader(_) | AuthError::RepeatedParameter(_)
            ),
            "{error:?}"
        );
    };
    let mut full = with_secret(&MQ, now(), SECRET, Some("token"));
    full.headers
        .push(("Date".to_owned(), b"20210502T174643Z".to_vec()));
    full.headers.push((
        "X-Amz-Content-Sha256".to_owned(),
        b"UNSIGNED-PAYLOAD".to_vec(),
    ));
    for name in [
        "Authorization",
        "X-Amz-Date",
        "Host",
        "X-Amz-Security-Token",
        "X-Amz-Content-Sha256",
        "Date",
    ] {
        let found = full
            .headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        let value = found.expect("the header").1.clone();
        for again in cases(name) {
            for second in [value.clone(), b"other".to_vec(), Vec::new()] {
                for in_front in [true, false] {
                    let mut request = full.clone();
                    let at = if in_front { 0 } else { request.headers.len() };
                    request.headers.insert(at, (again.clone(), second.clone()));
                    refused(&request);
                    count += 1;
                }
            }
        }
    }
    for name in [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
    ] {
        for again in cases(name) {
            for written in [
                again.clone(),
                again.replacen('-', "%2d", 1),
                again.replacen('A', "%41", 1),
            ] {
                for in_front in [true, false] {
                    let mut request = presigned(&MQ, now(), 60);
                    if in_front {
                        edit_target(&mut request, "?", &format!("?{written}=x&"));
                    } else {
                        request
                            .target
                            .extend_from_slice(format!("&{written}").as_bytes());
                    }
                    refused(&request);
                    count += 1;
                }
            }
        }
    }
    println!("repeats refused: {count}");
    assert!(count >= 200);
}

#[test]
fn an_unsigned_header_is_refused_or_changes_nothing() {
    let names = [
        "x-amz-acl",
        "x-amz-copy-source",
        "x-amz-target",
        "x-amz-tagging",
        "x-amz-storage-class",
        "x-amz-website-redirect-location",
        "x-amz-server-side-encryption",
        "x-amz-expected-bucket-owner",
        "x-amz-request-payer",
        "x-amz-meta-a",
        "x-amz-user-agent",
        "x-amz-mfa",
        "x-amz-source-account",
        "x-amz-source-arn",
        "x-amz-region-set",
        "x-amz-trailer",
        "x-amz-decoded-content-length",
        "x-amz-content-sha256",
        "x-amz-",
        "x-amz-expires",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "referer",
        "origin",
        "content-encoding",
        "content-md5",
        "cookie",
        "x-http-method-override",
        "x-original-url",
        "x-rewrite-url",
        "x-real-ip",
        "via",
        "range",
        "if-match",
    ];
    let (mut refused, mut unchanged) = (0, 0);
    for request in [header_signed(&MQ, now()), presigned(&MQ, now(), 60)] {
        let before = request.with(|r| examine(r, &MQ, now()).expect("a claim").canonical_request());
        for name in names {
            for name in [name.to_owned(), name.to_ascii_uppercase()] {
                let mut request = request.clone();
                request.headers.insert(0, (name.clone(), b"x".to_vec()));
                let is_amz = name.to_ascii_lowercase().starts_with("x-amz-");
                match outcome(&request, &MQ, now()) {
                    Err(AuthError::HeaderNotSigned(_)) if is_amz => refused += 1,
                    Ok(()) if !is_amz => {
                        let after = request.with(|r| {
                            examine(r, &MQ, now())
                                .expect("it passed")
                                .canonical_request()
                        });
                        assert_eq!(before, after, "{name}");
                        unchanged += 1;
                    }
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
    }
    println!("unsigned headers: {refused} refused, {unchanged} without effect");
    assert!(refused + unchanged >= 100);
}

#[test]
fn every_wrong_scope_is_refused() {
    let good = ["20210502", "us-east-1", "mq", "aws4_request"];
    let wrong: [&[&str]; 4] = [
        &[
            "20210501",
            "20210503",
            "20200502",
            "2021-05-02",
            "2021050",
            "20210502T",
            "",
            "20210502 ",
            "x",
        ],
        &[
            "us-east-2",
            "US-EAST-1",
            "",
            "us-east-1 ",
            "us-east",
            "*",
            "us-east-1;eu-west-1",
            "global",
            "х",
        ],
        &[
            "iam",
            "sts",
            "ec2",
            "MQ",
            "",
            "mq ",
            "s3",
            "execute-api",
            "*",
        ],
        &[
            "aws5_request",
            "aws4_Request",
            "",
            "aws4",
            "aws4_request.",
            "aws4-request",
            "x",
            "*",
            "AWS4_REQUEST",
        ],
    ];
    let mut count = 0;
    for (at, others) in wrong.iter().enumerate() {
        for other in *others {
            let mut scope = good;
            scope[at] = other;
            let (from, to) = (good.join("/"), scope.join("/"));
            let mut request = header_signed(&MQ, now());
            edit(&mut request, &from, &to);
            let error = outcome(&request, &MQ, now()).expect_err(&to);
            assert!(matches!(error, AuthError::Scope(_)), "{to}: {error:?}");
            let mut request = presigned(&MQ, now(), 60);
            let escape = |text: &str| text.replace('/', "%2F").replace(' ', "%20");
            edit_target(&mut request, &escape(&from), &escape(&to));
            let error = outcome(&request, &MQ, now()).expect_err(&to);
            assert!(matches!(error, AuthError::Scope(_)), "{to}: {error:?}");
            count += 2;
        }
    }
    // A request for one service is no request for another.
    for service in [MQ, IAM, EC2] {
        for other in [MQ, IAM, EC2]
            .iter()
            .filter(|other| other.name != service.name)
        {
            for request in [
                header_signed(&service, now()),
                presigned(&service, now(), 60),
            ] {
                assert!(matches!(
                    outcome(&request, other, now()),
                    Err(AuthError::Scope(_))
                ));
                count += 1;
            }
        }
    }
    println!("wrong scopes refused: {count}");
    assert!(count >= 60);
}

#[test]
fn a_signed_token_cannot_be_swapped_dropped_or_cut() {
    let token = "IQoJb3JpZ2luX2VjEXAMPLE//token==";
    let mut count = 0;
    let request = with_secret(&MQ, now(), SECRET, Some(token));
    assert!(outcome(&request, &MQ, now()).is_ok());
    let mut swapped: Vec<String> = (0..token.len())
        .map(|end| token[..end].to_owned())
        .collect();
    swapped.extend([
        token.to_lowercase(),
        format!("{token}="),
        "another".to_owned(),
        token.replace('/', " "),
    ]);
    for other in swapped {
        let mut request = request.clone();
        request.set("X-Amz-Security-Token", &other);
        assert!(
            matches!(outcome(&request, &MQ, now()), Err(AuthError::Signature)),
            "{other}"
        );
        count += 1;
    }
    let mut dropped = request.clone();
    dropped
        .headers
        .retain(|(name, _)| !name.eq_ignore_ascii_case("x-amz-security-token"));
    assert!(matches!(
        outcome(&dropped, &MQ, now()),
        Err(AuthError::Signature)
    ));
    // An unsigned one passes, and the claim names it, so that whoever issued it can judge.
    let mut added = header_signed(&MQ, now());
    added
        .headers
        .push(("X-Amz-Security-Token".to_owned(), b"stolen".to_vec()));
    let mut query = presigned(&MQ, now(), 60);
    query
        .target
        .extend_from_slice(b"&X-Amz-Security-Token=stolen");
    for request in [added, query] {
        assert!(outcome(&request, &MQ, now()).is_ok());
        request.with(|r| {
            let claim = examine(r, &MQ, now()).expect("a claim");
            assert_eq!(claim.session_token(), Some("stolen"));
        });
        count += 1;
    }
    println!("tokens tried: {count}");
    assert!(count >= 30);
}

#[test]
fn each_bit_of_a_thousand_body_bytes_counts() {
    let mut request = header_signed(&MQ, now());
    request.body = (0..1000_u32)
        .map(|n| n.to_le_bytes()[0].wrapping_mul(31))
        .collect();
    sign_again(&mut request);
    assert!(outcome(&request, &MQ, now()).is_ok());
    let keys = KeyCache::new(8);
    let secret = SecretKey::new(SECRET);
    for at in 0..request.body.len() {
        request.body[at] ^= 1 << (at % 8);
        let result = request.with(|r| examine(r, &MQ, now())?.verify(&secret, &keys).map(|_| ()));
        assert!(matches!(result, Err(AuthError::Signature)), "byte {at}");
        request.body[at] ^= 1 << (at % 8);
    }
    println!("spoiled bodies refused: {}", request.body.len());
}

#[test]
fn an_empty_secret_lets_nobody_in() {
    let request = with_secret(&MQ, now(), "", None);
    let keys = KeyCache::new(8);
    request.with(|r| {
        let claim = examine(r, &MQ, now()).expect("a claim");
        for _ in 0..2 {
            let result = claim.verify(&SecretKey::new(""), &keys).map(|_| ());
            assert!(matches!(result, Err(AuthError::Signature)));
        }
    });
}

#[test]
fn many_threads_share_one_small_cache_rightly() {
    let keys = KeyCache::new(1);
    let secrets: Vec<String> = (0..16).map(|n| format!("secret {n}")).collect();
    let requests: Vec<Owned> = secrets
        .iter()
        .map(|secret| with_secret(&MQ, now(), secret, None))
        .collect();
    std::thread::scope(|scope| {
        for start in 0..4 {
            let (keys, secrets, requests) = (&keys, &secrets, &requests);
            scope.spawn(move || {
                for turn in 0..400 {
                    let one = (start + turn) % secrets.len();
                    let other = (one + 1 + turn % 7) % secrets.len();
                    requests[one].with(|r| {
                        let claim = examine(r, &MQ, now()).expect("a claim");
                        assert_eq!(claim.access_key_id(), KEY_ID);
                        // All under one key id, so the cached key is of another secret each time.
                        assert!(claim.verify(&SecretKey::new(&secrets[one]), keys).is_ok());
                        assert!(
                            claim
                                .verify(&SecretKey::new(&secrets[other]), keys)
                                .is_err()
                        );
                    });
                }
            });
        }
    });
}
