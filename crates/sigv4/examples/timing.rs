//! Asks whether the time of a refusal tells anything about the right signature:
//! `cargo run --release --example timing -p sigv4`.
//!
//! Two classes of wrong signatures are verified in a random order: wrong in the
//! first digit, and wrong in the last. Welch's t of their times says whether they
//! differ; below 4.5 they do not. A control compares the first class with copies of
//! itself: a difference no larger than the control's is the place in memory. The
//! slowest hundredth is left out of both, for it is the machine's. The last line
//! compares a wrong signature with an unknown key.

#![allow(clippy::expect_used, reason = "a program for developers")]

use std::hint::black_box;
use std::time::Instant;

use sigv4::{
    Claim, Family, Header, KeyCache, Request, SecretKey, Service, Signing, examine, sign_headers,
};

const NOW: i64 = 1_700_000_000;
const ROUNDS: usize = 1_000_000;

/// The mean of the times without the slowest hundredth, and the mean's variance.
fn summary(times: &mut [u64]) -> (f64, f64) {
    times.sort_unstable();
    let kept = times
        .get(..times.len() - times.len() / 100)
        .unwrap_or_default();
    #[expect(
        clippy::cast_precision_loss,
        reason = "nanoseconds and counts far below 2^52"
    )]
    let (count, times) = (kept.len() as f64, kept.iter().map(|t| *t as f64));
    let mean = times.clone().sum::<f64>() / count;
    let variance = times.map(|t| (t - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, variance / count)
}

/// Times `work` for the classes 0 and 1 in a random order, through the same code.
fn compare(what: &str, mut work: impl FnMut(bool)) {
    let (mut a, mut b) = (Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS));
    let mut state = 1_u64;
    for _ in 0..2 * ROUNDS {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let second = state >> 63 == 1;
        let start = Instant::now();
        work(black_box(second));
        let time = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if second { b.push(time) } else { a.push(time) }
    }
    let ((mean_a, var_a), (mean_b, var_b)) = (summary(&mut a), summary(&mut b));
    let t = (mean_a - mean_b) / (var_a + var_b).sqrt();
    println!("{what:<46} {mean_a:>7.1} ns {mean_b:>7.1} ns   t = {t:>6.2}");
}

fn main() {
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let signing = Signing::new("AKIDEXAMPLE", &secret, "us-east-1", "mq");
    let unsigned: Vec<Header<'_>> = vec![("host", b"mq.us-east-1.amazonaws.com")];
    let request = Request {
        method: "GET",
        target: b"/v1/brokers",
        headers: &unsigned,
        body: b"",
    };
    let added = sign_headers(&request, &signing, NOW).expect("signed");
    let service = Service {
        name: "mq",
        family: Family::RestJson,
        window: 300,
        regions: &["us-east-1"],
        presigned: true,
    };
    let spoil = |from_end: usize| -> Vec<(&str, Vec<u8>)> {
        let mut all: Vec<(&str, Vec<u8>)> = added
            .iter()
            .map(|(name, value)| (*name, value.clone().into_bytes()))
            .collect();
        let (_, value) = all.last_mut().expect("an authorization");
        let at = value.len() - from_end;
        let digit = value.get_mut(at).expect("a digit");
        *digit = if *digit == b'0' { b'1' } else { b'0' };
        all
    };
    let keys = KeyCache::new(8);
    let (first, last) = (spoil(64), spoil(1));
    let with = |more: &'static [(&'static str, Vec<u8>)]| -> Claim<'static> {
        let mut headers: Vec<Header<'static>> = vec![("host", b"mq.us-east-1.amazonaws.com")];
        headers.extend(more.iter().map(|(name, value)| (*name, value.as_slice())));
        let request = Request {
            method: "GET",
            target: b"/v1/brokers",
            headers: headers.leak(),
            body: b"",
        };
        examine(&request, &service, NOW).expect("a claim")
    };
    let own = |all: Vec<(&str, Vec<u8>)>| -> &'static [(&'static str, Vec<u8>)] {
        let all: Vec<(&'static str, Vec<u8>)> = all
            .into_iter()
            .map(|(name, value)| (&*name.to_owned().leak(), value))
            .collect();
        all.leak()
    };
    let (first, last) = (own(first), own(last));
    let right: Vec<_> = added
        .iter()
        .map(|(name, value)| (*name, value.clone().into_bytes()))
        .collect();
    let right = with(own(right));
    right.verify(&secret, &keys).expect("verified");
    right.verify_unknown(&keys);
    // Many copies of each, made in turn, so that no place in memory stands for a class.
    let (mut firsts, mut lasts, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..64 {
        lasts.push(with(last));
        firsts.push(with(first));
        again.push(with(first));
    }
    let mut turn = 0;
    let mut pick = |claims: [&[Claim<'static>]; 2], second: bool| {
        turn += 1;
        let [a, b] = claims;
        let claims = if second { b } else { a };
        let claim = claims.get(turn % 64).expect("a claim");
        drop(black_box(claim.verify(&secret, &keys)));
    };
    compare("control: the same twice", |second| {
        pick([&firsts, &again], second)
    });
    compare("wrong in the first digit, in the last", |second| {
        pick([&firsts, &lasts], second)
    });
    compare("wrong in the last digit, in the first", |second| {
        pick([&lasts, &firsts], second)
    });
    let claim = firsts.first().expect("a claim");
    compare("wrong signature, unknown key", |second| {
        if second {
            drop(black_box(claim.verify_unknown(&keys)));
        } else {
            drop(black_box(claim.verify(&secret, &keys)));
        }
    });
}
