//! Measures verification against its floor, the hashing that no verifier can
//! avoid, by the fastest library here: `cargo run --release --example bench -p sigv4`.
//!
//! The request is `POST /v1/brokers` with a body of 600 bytes and 4 of 9 headers
//! signed. Figures are the least of many batches on one thread: on a shared
//! machine the least is stable and the mean is not.

#![allow(clippy::expect_used, reason = "a program for developers")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use ring::digest::{SHA256, digest};
use ring::hmac;
use sigv4::{
    Family, Header, KeyCache, Request, SecretKey, Service, Signing, examine, presign, sign_headers,
};

const NOW: i64 = 1_700_000_000;

fn least(what: &str, mut work: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    let mut per_batch: u32 = 64;
    loop {
        let start = Instant::now();
        for _ in 0..per_batch {
            work();
        }
        if start.elapsed() > Duration::from_micros(500) {
            break;
        }
        per_batch *= 2;
    }
    for _ in 0..2000 {
        let start = Instant::now();
        for _ in 0..per_batch {
            work();
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(per_batch));
    }
    println!("{what:<46} {best:>8.0} ns {:>12.0}/s", 1e9 / best);
    best
}

fn main() {
    let body = vec![b'x'; 600];
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let signing = Signing::new("AKIDEXAMPLE", &secret, "us-east-1", "mq");
    let unsigned: Vec<Header<'_>> = vec![
        ("host", b"mq.us-east-1.amazonaws.com"),
        ("content-type", b"application/json"),
    ];
    let rest: Vec<Header<'_>> = vec![
        (
            "user-agent",
            b"Boto3/1.44.8 md/Botocore#1.44.8 ua/2.1 os/linux#6.18 md/arch#x86_64 lang/python#3.11",
        ),
        ("accept", b"*/*"),
        ("accept-encoding", b"identity"),
        (
            "amz-sdk-invocation-id",
            b"9194d25f-dc5f-4bae-8dd2-2229be7a5f78",
        ),
        ("content-length", b"600"),
    ];
    let request = Request {
        method: "POST",
        target: b"/v1/brokers",
        headers: &unsigned,
        body: &body,
    };
    let with_hash = Signing {
        payload_header: sigv4::PayloadHeader::Sent,
        ..signing
    };
    let added = sign_headers(&request, &with_hash, NOW).expect("signed");
    let mut headers = unsigned.clone();
    headers.extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
    headers.extend(&rest);
    let signed = Request {
        headers: &headers,
        ..request
    };
    let service = Service {
        name: "mq",
        family: Family::RestJson,
        window: 300,
        regions: &["us-east-1"],
        presigned: true,
    };
    let keys = KeyCache::new(1024);

    let canonical = vec![b'c'; 560];
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
    let text = [b's'; 137];
    let floor = least("floor: body + 560 B canonical + cached HMAC", || {
        black_box(digest(&SHA256, black_box(&body)));
        black_box(digest(&SHA256, black_box(&canonical)));
        black_box(hmac::sign(&key, black_box(&text)));
    });
    let claim = examine(&signed, &service, NOW).expect("a claim");
    let real = claim.canonical_request();
    println!(
        "  this request's canonical form: {} B, headers: {}",
        real.len(),
        headers.len()
    );
    let own = least("floor of this request", || {
        black_box(digest(&SHA256, black_box(&body)));
        black_box(digest(&SHA256, black_box(&real)));
        black_box(hmac::sign(&key, black_box(&text)));
    });
    least("examine", || {
        black_box(examine(black_box(&signed), &service, NOW).is_ok());
    });
    least("verify, key cached", || {
        black_box(claim.verify(&secret, &keys).is_ok());
    });
    let whole = least("examine + verify, key cached", || {
        let claim = examine(black_box(&signed), &service, NOW).expect("a claim");
        black_box(claim.verify(&secret, &keys).expect("verified"));
    });
    println!(
        "  ratio to the floor: {:.2}; to this request's own: {:.2}",
        whole / floor,
        whole / own
    );
    least("examine + verify, key derived", || {
        let fresh = KeyCache::new(8);
        let claim = examine(black_box(&signed), &service, NOW).expect("a claim");
        black_box(claim.verify(&secret, &fresh).expect("verified"));
    });
    least("examine + unknown key", || {
        let claim = examine(black_box(&signed), &service, NOW).expect("a claim");
        black_box(claim.verify_unknown(&keys));
    });
    let target = presign(&request, &signing, NOW, 60).expect("presigned");
    let presigned = Request {
        target: &target,
        ..request
    };
    least("examine + verify, presigned", || {
        let claim = examine(black_box(&presigned), &service, NOW).expect("a claim");
        black_box(claim.verify(&secret, &keys).expect("verified"));
    });
    least("sign_headers", || {
        black_box(sign_headers(black_box(&request), &signing, NOW).expect("signed"));
    });
}
