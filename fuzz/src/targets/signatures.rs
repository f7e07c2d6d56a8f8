//! Requests that claim to be signed.

use sigv4::{Family, KeyCache, Request, SecretKey, Service, examine};

/// Whole requests, with AWS's own suite as seeds: see `sigv4::fuzz_one`.
pub(super) fn request(data: &[u8]) {
    sigv4::fuzz_one(data);
}

/// The value of the Authorization header of an otherwise fixed request.
pub(super) fn authorization(data: &[u8]) {
    let headers: &[(&str, &[u8])] = &[
        ("Host", b"example.amazonaws.com"),
        ("X-Amz-Date", b"20150830T123600Z"),
        ("Authorization", data),
    ];
    check(&Request {
        method: "GET",
        target: b"/",
        headers,
        body: b"",
    });
}

/// The query string of an otherwise fixed presigned request.
pub(super) fn presigned(data: &[u8]) {
    let target = [b"/?", data].concat();
    let headers: &[(&str, &[u8])] = &[("Host", b"example.amazonaws.com")];
    check(&Request {
        method: "GET",
        target: &target,
        headers,
        body: b"",
    });
}

/// Every family of errors renders, and what is accepted names the one key there is.
fn check(request: &Request<'_>) {
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let keys = KeyCache::new(8);
    for family in [Family::RestJson, Family::Query, Family::Ec2] {
        let service = Service {
            name: "service",
            family,
            window: 900,
            regions: &["us-east-1"],
            presigned: true,
        };
        let verified = examine(request, &service, 1_440_938_160).and_then(|claim| {
            assert!(
                (claim.signed_at() - 1_440_938_160).abs() <= 900,
                "outside the window"
            );
            assert_eq!((claim.region(), claim.service()), ("us-east-1", "service"));
            let akid = claim.access_key_id().to_owned();
            claim.verify(&secret, &keys).map(|_| akid)
        });
        if let Err(error) = verified {
            let status = error.status(family);
            assert!((400..500).contains(&status), "{status}");
            let _texts = (error.code(family), error.message(family), error.to_string());
        }
    }
}
