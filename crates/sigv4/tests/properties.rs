//! Properties: nothing panics, what is signed verifies, what is written is unambiguous.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of a test binary"
)]

mod common;

use std::fs;

use common::data;
use proptest::prelude::*;
use sigv4::{
    Family, Header, KeyCache, Request, SecretKey, Service, Signing, TokenPlacement, examine,
    fuzz_one, presign, sign_headers,
};

const NOW: i64 = 1_700_000_000;
const MQ: Service<'static> = Service {
    name: "mq",
    family: Family::RestJson,
    window: 300,
    regions: &["eu-west-1"],
    presigned: true,
};

/// Bytes that come near a signed request: real pieces in any order, and noise.
fn near_requests() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..8),
        prop::sample::select(vec![
            "GET /",
            "POST ",
            "?",
            "&",
            "=",
            "%",
            "%2F",
            "/..",
            "//",
            "\n",
            "\n ",
            "\n\n",
            ":",
            ";",
            ",",
            " ",
            "Host:h\n",
            "X-Amz-Date:20150830T123600Z\n",
            "Date:",
            "Authorization:AWS4-HMAC-SHA256 ",
            "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request",
            ", SignedHeaders=",
            "host;x-amz-date",
            ", Signature=",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "&X-Amz-Credential=",
            "AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request",
            "&X-Amz-Date=20150830T123600Z",
            "&X-Amz-Expires=",
            "3600",
            "&X-Amz-SignedHeaders=host",
            "&X-Amz-Security-Token=",
            "&X-Amz-Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            "x-amz-content-sha256:UNSIGNED-PAYLOAD\n",
            "X-Amz-Security-Token:",
        ])
        .prop_map(|text: &str| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn bytes(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..longest)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic_and_are_never_accepted(data in prop_oneof![bytes(400), near_requests()]) {
        prop_assert!(!fuzz_one(&data));
    }

    #[test]
    fn arbitrary_parts_never_panic(
        method in ".{0,6}",
        target in bytes(60),
        names in prop::collection::vec("[ -~]{0,20}|authorization|host|x-amz-date|X-Amz-Security-Token", 0..6),
        value in bytes(120),
        body in bytes(20),
        now in any::<i64>(),
    ) {
        let headers: Vec<Header<'_>> = names.iter().map(|n| (n.as_str(), value.as_slice())).collect();
        let request = Request { method: &method, target: &target, headers: &headers, body: &body };
        if let Err(error) = examine(&request, &MQ, now) {
            for family in [Family::RestJson, Family::Query, Family::Ec2] {
                let _text = (error.code(family), error.status(family), error.message(family));
            }
        }
    }

    /// Whatever bytes the target, the headers and the body hold: if it can be signed,
    /// it verifies, with this secret and no other.
    #[test]
    fn what_is_signed_verifies(
        path in "/([a-zA-Z0-9._~!$&'()*+,;=:@/ -]|%[0-9a-fA-F]{2}|\u{e9}){0,24}",
        query in "([a-zA-Z0-9._~+&=/?-]|%[0-9a-fA-F]{2}|\u{e9}){0,24}",
        raw in bytes(20),
        values in prop::collection::vec(bytes(20), 0..4),
        body in bytes(200),
        expires in 1_u32..=604_800,
        token in prop::option::of("[ -~]{1,30}"),
        after in any::<bool>(),
        skew in -300_i64..=300,
    ) {
        let mut target = format!("{path}?{query}").into_bytes();
        target.extend(raw.iter().filter(|b| **b != b'%'));
        let mut headers: Vec<Header<'_>> = vec![("Host", b"mq.example.com")];
        headers.extend(values.iter().map(|value| ("X-Amz-Meta", value.as_slice())));
        let request = Request { method: "PUT", target: &target, headers: &headers, body: &body };
        let (secret, other, keys) = (SecretKey::new("secret"), SecretKey::new("Secret"), KeyCache::new(8));
        let signing = Signing {
            session_token: token.as_deref(),
            token: if after { TokenPlacement::AfterSigning } else { TokenPlacement::Signed },
            ..Signing::new("AKIDEXAMPLE", &secret, "eu-west-1", "mq")
        };
        let check = |request: &Request<'_>, now: i64| {
            let claim = examine(request, &MQ, now).map_err(|e| e.message(Family::Query)).expect("a claim");
            // A header's value is taken without the blanks at its ends.
            let token = token.as_deref();
            let sent = if claim.is_presigned() { token } else { token.map(str::trim) };
            assert_eq!(claim.session_token(), sent);
            assert!(claim.verify(&other, &keys).is_err());
            claim.verify(&secret, &keys).expect("verified")
        };
        if let Ok(added) = sign_headers(&request, &signing, NOW) {
            let mut headers = headers.clone();
            headers.extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
            let verified = check(&Request { headers: &headers, ..request }, NOW + skew);
            prop_assert!(!verified.is_presigned());
            prop_assert_eq!(verified.signed_at(), NOW);
        }
        if let Ok(target) = presign(&request, &signing, NOW, expires) {
            let verified = check(&Request { target: &target, ..request }, NOW + skew.min(0));
            prop_assert!(verified.is_presigned());
        }
    }
}

#[test]
fn the_fuzz_entry_accepts_the_official_requests() {
    let Some(root) = data("sigv4/v4") else { return };
    let mut accepted = 0;
    for folder in fs::read_dir(&root).expect("a folder") {
        for kind in ["header", "query"] {
            let file = folder
                .as_ref()
                .expect("an entry")
                .path()
                .join(format!("{kind}-signed-request.txt"));
            let raw = fs::read(&file).expect("a vector's file");
            assert!(fuzz_one(&raw), "{}", file.display());
            accepted += 1;
        }
    }
    println!("seeds accepted by the fuzz entry: {accepted}/76");
    assert!(accepted >= 76);
}
