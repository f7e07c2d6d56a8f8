//! The official AWS SigV4 suite and the two double-encoding vectors.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of a test binary"
)]

mod common;

use std::fs;
use std::path::Path;

use common::{Owned, data, unix};
use sigv4::{
    Family, KeyCache, PathRule, PayloadHeader, SecretKey, Service, Signing, TokenPlacement,
    examine_with, presign, sign_headers,
};

struct Case {
    access_key_id: String,
    secret: SecretKey,
    token: Option<String>,
    token_after: bool,
    region: String,
    service: String,
    now: i64,
    rule: PathRule,
    sign_body: bool,
}

fn case(folder: &Path) -> Case {
    let text = fs::read_to_string(folder.join("context.json")).expect("context.json");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let text = |at: &str| json.pointer(at).and_then(|v| v.as_str()).map(str::to_owned);
    let flag = |at: &str| json.pointer(at).and_then(|v| v.as_bool()).unwrap_or(false);
    Case {
        access_key_id: text("/credentials/access_key_id").expect("a key id"),
        secret: SecretKey::new(&text("/credentials/secret_access_key").expect("a secret")),
        token: text("/credentials/token"),
        token_after: flag("/omit_session_token"),
        region: text("/region").expect("a region"),
        service: text("/service").expect("a service"),
        now: unix(&text("/timestamp").expect("a timestamp")),
        rule: if flag("/normalize") {
            PathRule::Normalize
        } else {
            PathRule::AsReceived
        },
        sign_body: flag("/sign_body"),
    }
}

fn folders(root: &Path) -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = fs::read_dir(root)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .collect();
    all.sort();
    all
}

#[test]
fn every_official_signed_request_verifies_with_its_canonical_form() {
    let Some(root) = data("sigv4/v4") else { return };
    let mut counts = [0, 0];
    let keys = KeyCache::new(64);
    for folder in folders(&root) {
        let case = case(&folder);
        for (kind, count) in ["header", "query"].into_iter().zip(&mut counts) {
            let what = format!("{} {kind}", folder.display());
            let read = |name: &str| {
                fs::read(folder.join(format!("{kind}-{name}.txt"))).expect("a vector's file")
            };
            let regions = [case.region.as_str()];
            let service = Service {
                name: &case.service,
                family: Family::Query,
                window: 900,
                regions: &regions,
                presigned: true,
            };
            Owned::parse(&read("signed-request")).with(|request| {
                let claim = examine_with(request, &service, case.now, case.rule)
                    .map_err(|e| e.message(Family::Query))
                    .expect(&what);
                // With the token appended after signing, the claim's own view still has it.
                if !(case.token_after && kind == "query") {
                    let canonical = String::from_utf8(claim.canonical_request()).expect(&what);
                    let want = String::from_utf8(read("canonical-request")).expect(&what);
                    assert_eq!(canonical, want, "{what}");
                    let want = String::from_utf8(read("string-to-sign")).expect(&what);
                    assert_eq!(claim.string_to_sign(), want, "{what}");
                }
                assert_eq!(claim.access_key_id(), case.access_key_id);
                assert_eq!(claim.session_token(), case.token.as_deref(), "{what}");
                let verified = claim.verify(&case.secret, &keys).expect(&what);
                assert_eq!(verified.access_key_id(), case.access_key_id);
                let hex: String = verified
                    .signature()
                    .iter()
                    .map(|b| format!("{b:02x}"))
                    .collect();
                assert_eq!(hex.as_bytes(), read("signature").trim_ascii(), "{what}");
                assert!(
                    claim.verify(&SecretKey::new("another"), &keys).is_err(),
                    "{what}"
                );
            });
            *count += 1;
        }
    }
    let [header, query] = counts;
    println!(
        "official v4 vectors verified: {}/76 ({header} header, {query} query)",
        header + query
    );
    assert!(header >= 38 && query >= 38);
}

#[test]
fn signing_every_official_request_gives_the_official_signature() {
    let Some(root) = data("sigv4/v4") else { return };
    let mut count = 0;
    for folder in folders(&root) {
        let case = case(&folder);
        let read = |name: &str| fs::read(folder.join(name)).expect("a vector's file");
        let signing = Signing {
            session_token: case.token.as_deref(),
            token: if case.token_after {
                TokenPlacement::AfterSigning
            } else {
                TokenPlacement::Signed
            },
            payload_header: if case.sign_body {
                PayloadHeader::Sent
            } else {
                PayloadHeader::Omitted
            },
            paths: case.rule,
            ..Signing::new(
                &case.access_key_id,
                &case.secret,
                &case.region,
                &case.service,
            )
        };
        Owned::parse(&read("request.txt")).with(|request| {
            let added = sign_headers(request, &signing, case.now).expect("signed headers");
            let (name, authorization) = added.last().expect("an authorization");
            assert_eq!(*name, "authorization");
            let want = Owned::parse(&read("header-signed-request.txt"));
            let want = want
                .headers
                .iter()
                .find(|(n, _)| n == "Authorization")
                .expect("the vector's");
            assert_eq!(authorization.as_bytes(), want.1, "{}", folder.display());
            let target = presign(request, &signing, case.now, 3600).expect("a presigned target");
            let want = read("query-signature.txt");
            assert!(target.ends_with(want.trim_ascii()), "{}", folder.display());
        });
        count += 2;
    }
    println!("official v4 vectors signed: {count}/76");
    assert!(count >= 76);
}

#[test]
fn double_encoding_vectors_verify() {
    let Some(root) = data("sigv4/double-encoding") else {
        return;
    };
    let example = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let mut count = 0;
    for (name, secret, region, scope, time) in [
        (
            "double-url-encode",
            example,
            "us-east-2",
            "lambda",
            "2021-05-11T15:40:45Z",
        ),
        (
            "double-encode-path",
            "notrealrnrELgWzOk3IfjzDKtFBhDby",
            "us-east-1",
            "service",
            "2015-08-30T12:36:00Z",
        ),
    ] {
        let raw = fs::read(root.join(name).join("header-signed-request.txt")).expect(name);
        let want =
            fs::read_to_string(root.join(name).join("header-canonical-request.txt")).expect(name);
        let regions = [region];
        let service = Service {
            name: scope,
            family: Family::RestJson,
            window: 300,
            regions: &regions,
            presigned: true,
        };
        Owned::parse(&raw).with(|request| {
            let claim =
                examine_with(request, &service, unix(time), PathRule::Normalize).expect(name);
            let canonical = String::from_utf8(claim.canonical_request()).expect(name);
            assert_eq!(canonical.lines().nth(1), want.lines().nth(1), "{name}");
            claim
                .verify(&SecretKey::new(secret), &KeyCache::new(8))
                .expect(name);
        });
        count += 1;
    }
    println!("double-encoding vectors verified: {count}/2");
    assert_eq!(count, 2);
}
