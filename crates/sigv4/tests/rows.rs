//! Every row of the order of checks, with its code, status and text in each family.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of a test binary"
)]

mod common;

use common::signed::{
    EC2, IAM, KEY_ID, MQ, SECRET, authorization, edit, edit_target, header_signed, now, outcome,
    plain, presigned, sign_again, with_secret, without,
};
use common::{Owned, unix};
use sigv4::{AuthError, Family, KeyCache, SecretKey, Service, Signing, examine, sign_headers};

/// Code, status and text of an error in one family.
type Answer<'a> = (&'a str, u16, &'a str);

#[track_caller]
fn answers(error: &AuthError, rest: Answer<'_>, query: Answer<'_>, ec2: Answer<'_>) {
    for (family, want) in [
        (Family::RestJson, rest),
        (Family::Query, query),
        (Family::Ec2, ec2),
    ] {
        let message = error.message(family);
        assert_eq!(
            (error.code(family), error.status(family), message.as_str()),
            want,
            "{family:?}"
        );
    }
}

#[track_caller]
fn refused(request: &Owned) -> AuthError {
    outcome(request, &MQ, now()).expect_err("must be refused")
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you \
    provided. Check your AWS Secret Access Key and signing method. Consult the service \
    documentation for details.";
const EC2_FAILURE: Answer<'static> = (
    "AuthFailure",
    401,
    "AWS was not able to validate the provided access credentials",
);
const EC2_EXPIRED: Answer<'static> = ("RequestExpired", 400, "Request has expired.");

#[track_caller]
fn incomplete(error: &AuthError, text: &str) {
    answers(
        error,
        ("IncompleteSignatureException", 403, text),
        ("IncompleteSignature", 400, text),
        ("IncompleteSignature", 400, text),
    );
}

#[track_caller]
fn mismatch(error: &AuthError, text: &str) {
    answers(
        error,
        ("InvalidSignatureException", 403, text),
        ("SignatureDoesNotMatch", 403, text),
        EC2_FAILURE,
    );
}

#[test]
fn a_rightly_signed_request_passes_for_every_service() {
    for service in [MQ, IAM, EC2] {
        assert!(outcome(&header_signed(&service, now()), &service, now()).is_ok());
        assert!(outcome(&presigned(&service, now(), 60), &service, now()).is_ok());
    }
}

#[test]
fn row_1_malformed_paths_are_a_bare_400() {
    for path in ["v1", "/..", "/a/../../b", "/%", "/%4", "/%4x"] {
        let mut request = header_signed(&MQ, now());
        request.target = path.as_bytes().to_vec();
        answers(
            &refused(&request),
            ("", 400, ""),
            ("", 400, ""),
            ("", 400, ""),
        );
    }
}

#[test]
fn row_4_malformed_queries_are_named() {
    for (query, text) in [
        ("a=%", "Incomplete trailing escape % sequence"),
        ("a=%4", "Incomplete trailing escape % sequence"),
        ("%4=a&b", "Incomplete trailing escape % sequence"),
        ("a=%4g", "Illegal hex character in escape % pattern: %4g"),
        ("a=%zz", "Illegal hex character in escape % pattern: %zz"),
    ] {
        let mut request = header_signed(&MQ, now());
        request.target = format!("/v1/brokers?{query}").into_bytes();
        answers(
            &refused(&request),
            ("MalformedQueryStringException", 400, text),
            ("MalformedQueryString", 404, text),
            ("MalformedQueryString", 404, text),
        );
    }
}

#[test]
fn row_5_no_authentication_at_all() {
    let text = "Request is missing Authentication Token";
    let check = |error: &AuthError| {
        answers(
            error,
            (
                "MissingAuthenticationTokenException",
                403,
                "Missing Authentication Token",
            ),
            ("MissingAuthenticationToken", 403, text),
            ("MissingAuthenticationToken", 403, text),
        );
    };
    check(&refused(&plain()));
    // An algorithm in the query that is not ours, or in another case, is no authentication.
    for (from, to) in [
        (
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Algorithm=AWS4-HMAC-SHA1",
        ),
        (
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Algorithm=aws4-hmac-sha256",
        ),
        ("X-Amz-Algorithm", "x-amz-algorithm"),
    ] {
        let mut request = presigned(&MQ, now(), 60);
        edit_target(&mut request, from, to);
        check(&refused(&request));
    }
    // The switch of the service.
    let closed = Service {
        presigned: false,
        ..MQ
    };
    check(&outcome(&presigned(&MQ, now(), 60), &closed, now()).expect_err("switched off"));
}

#[test]
fn row_5_both_kinds_of_authentication() {
    let signed = header_signed(&MQ, now());
    let mut request = presigned(&MQ, now(), 60);
    request.headers = signed.headers.clone();
    mismatch(&refused(&request), "");
    let mut request = presigned(&MQ, now(), 60);
    authorization(&mut request, "Bearer x");
    mismatch(&refused(&request), "");
    // Also where presigned requests are switched off, and with an unknown algorithm.
    let closed = Service {
        presigned: false,
        ..MQ
    };
    mismatch(&outcome(&request, &closed, now()).expect_err("both"), "");
    let mut request = signed;
    request.target = b"/?X-Amz-Algorithm=".to_vec();
    mismatch(&refused(&request), "");
}

#[test]
fn row_6a_other_algorithms() {
    for (value, name) in [
        ("AWS4-HMAC-SHA1 Credential=a", "AWS4-HMAC-SHA1"),
        ("aws4-hmac-sha256 Credential=a", "aws4-hmac-sha256"),
        ("Bearer abc", "Bearer"),
        ("AWS AKID:sig", "AWS"),
        ("", ""),
    ] {
        let mut request = plain();
        authorization(&mut request, value);
        incomplete(
            &refused(&request),
            &format!("Unsupported AWS 'algorithm': '{name}'."),
        );
    }
}

#[test]
fn row_6b_pieces_without_an_equal_sign() {
    for (rest, piece) in [
        ("foo", "foo"),
        ("Credential=a, foo, Signature=b", "foo"),
        ("Credential=a,", ""),
    ] {
        let mut request = plain();
        let header = format!("AWS4-HMAC-SHA256 {rest}");
        authorization(&mut request, &header);
        incomplete(
            &refused(&request),
            &format!(
                "'{piece}' not a valid key=value pair (missing equal-sign) in Authorization header: \
                 '{header}'"
            ),
        );
    }
}

#[test]
fn row_6d_missing_parts_are_all_told() {
    let mut request = plain();
    authorization(&mut request, "AWS4-HMAC-SHA256");
    incomplete(
        &refused(&request),
        "Authorization header requires 'Credential' parameter. Authorization header requires \
         'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. \
         Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
         Authorization=AWS4-HMAC-SHA256",
    );
    let mut request = header_signed(&MQ, now());
    edit(&mut request, "Signature=", "Sig=");
    incomplete(
        &refused(&request),
        "Authorization header requires 'Signature' parameter. Authorization=AWS4-HMAC-SHA256",
    );
    let mut request = header_signed(&MQ, now());
    without(&mut request, "x-amz-date");
    incomplete(
        &refused(&request),
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. \
         Authorization=AWS4-HMAC-SHA256",
    );
}

#[test]
fn row_7d_missing_query_parts_are_all_told() {
    let mut request = plain();
    request.target = b"/?X-Amz-Algorithm=AWS4-HMAC-SHA256".to_vec();
    incomplete(
        &refused(&request),
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters \
         must include 'X-Amz-Signature'. AWS query-string parameters must include \
         'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine \
         the query-string parameters.",
    );
    for name in [
        "X-Amz-Credential",
        "X-Amz-Signature",
        "X-Amz-SignedHeaders",
        "X-Amz-Date",
    ] {
        let mut request = presigned(&MQ, now(), 60);
        edit_target(
            &mut request,
            &format!("{name}="),
            &format!("{}=", name.to_lowercase()),
        );
        incomplete(
            &refused(&request),
            &format!(
                "AWS query-string parameters must include '{name}'. Re-examine the query-string \
                 parameters."
            ),
        );
    }
}

#[test]
fn an_expiry_that_is_no_number_up_to_a_week_is_a_400() {
    for (value, text) in [
        ("soon", "X-Amz-Expires should be a number"),
        ("", "X-Amz-Expires should be a number"),
        ("%2B60", "X-Amz-Expires should be a number"),
        ("6e1", "X-Amz-Expires should be a number"),
        ("-1", "X-Amz-Expires must be non-negative"),
        (
            "604801",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires \
             must be less than 604800 seconds",
        ),
        (
            "99999999999999999999",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires \
             must be less than 604800 seconds",
        ),
    ] {
        let mut request = presigned(&MQ, now(), 60);
        edit_target(
            &mut request,
            "X-Amz-Expires=60",
            &format!("X-Amz-Expires={value}"),
        );
        answers(
            &refused(&request),
            ("IncompleteSignatureException", 400, text),
            ("IncompleteSignature", 400, text),
            ("IncompleteSignature", 400, text),
        );
    }
    assert!(outcome(&presigned(&MQ, now(), 604_800), &MQ, now()).is_ok());
}

#[test]
fn row_8_the_host_must_be_signed() {
    let text = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
    let mut request = header_signed(&MQ, now());
    edit(&mut request, "host;", "");
    mismatch(&refused(&request), text);
    let mut request = header_signed(&MQ, now());
    edit(
        &mut request,
        "SignedHeaders=content-type;host;x-amz-date",
        "SignedHeaders=",
    );
    mismatch(&refused(&request), text);
    let mut request = presigned(&MQ, now(), 60);
    edit_target(&mut request, "content-type%3Bhost", "content-type");
    mismatch(&refused(&request), text);
}

#[test]
fn row_8_every_amz_header_must_be_signed_but_the_token() {
    for (name, value) in [
        ("X-Amz-Target", "x"),
        ("x-amz-acl", "public-read"),
        ("x-AMZ-content-SHA256", "UNSIGNED-PAYLOAD"),
        ("x-amz-meta-x", ""),
    ] {
        for mut request in [header_signed(&MQ, now()), presigned(&MQ, now(), 60)] {
            request
                .headers
                .push((name.to_owned(), value.as_bytes().to_vec()));
            mismatch(
                &refused(&request),
                &format!(
                    "'{}' must be a 'SignedHeader' in the AWS Authorization.",
                    name.to_lowercase()
                ),
            );
        }
    }
    let mut request = header_signed(&MQ, now());
    edit(&mut request, ";x-amz-date", "");
    mismatch(
        &refused(&request),
        "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization.",
    );
    let mut request = header_signed(&MQ, now());
    request
        .headers
        .push(("X-Amz-Security-Token".to_owned(), b"t".to_vec()));
    assert!(outcome(&request, &MQ, now()).is_ok());
    request.with(|r| {
        let claim = examine(r, &MQ, now()).expect("a claim");
        assert_eq!(claim.session_token(), Some("t"));
    });
}

#[test]
fn row_9_dates_must_be_in_basic_format() {
    for date in [
        "20210502",
        "Sun, 02 May 2021 17:46:43 GMT",
        "",
        "20210502T174643",
        "20210532T174643Z",
    ] {
        let mut request = header_signed(&MQ, now());
        request.set("x-amz-date", date);
        incomplete(
            &refused(&request),
            &format!(
                "Date must be in ISO-8601 'basic format'. Got '{date}'. See \
                 http://en.wikipedia.org/wiki/ISO_8601"
            ),
        );
    }
    // The extended form is for headers only.
    let mut request = presigned(&MQ, now(), 60);
    edit_target(&mut request, "20210502T174643Z", "2021-05-02T17%3A46%3A43Z");
    assert!(matches!(refused(&request), AuthError::Date(_)));
    let mut request = header_signed(&MQ, now());
    request.set("x-amz-date", "2021-05-02T17:46:43Z");
    assert!(
        matches!(refused(&request), AuthError::Signature),
        "the string to sign has basic form"
    );
}

#[test]
fn the_date_header_serves_where_there_is_no_amz_date() {
    let mut request = plain();
    request
        .headers
        .push(("Date".to_owned(), b"20210502T174643Z".to_vec()));
    let secret = SecretKey::new(SECRET);
    let signing = Signing::new(KEY_ID, &secret, "us-east-1", "mq");
    let added = request
        .with(|r| sign_headers(r, &signing, now()))
        .expect("signed");
    request.headers.extend(
        added
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.into_bytes())),
    );
    assert!(outcome(&request, &MQ, now()).is_ok());
    // Without x-amz-date the date is the one of Date, and the signature another.
    without(&mut request, "x-amz-date");
    edit(&mut request, ";x-amz-date", "");
    assert!(matches!(refused(&request), AuthError::Signature));
    sign_again(&mut request);
    assert!(outcome(&request, &MQ, now()).is_ok());
    request.set("date", "Sun, 02 May 2021 17:46:43 GMT");
    assert!(matches!(refused(&request), AuthError::Date(_)));
}

#[test]
fn row_10_expired() {
    let text = "Signature expired: 20210502T144040Z is now earlier than 20210502T173143Z \
                (20210502T174643Z - 15 min.)";
    let signed = unix("2021-05-02T14:40:40Z");
    let error = outcome(&header_signed(&IAM, signed), &IAM, now()).expect_err("expired");
    answers(
        &error,
        ("InvalidSignatureException", 403, text),
        ("SignatureDoesNotMatch", 403, text),
        EC2_EXPIRED,
    );
    let late = unix("2026-09-01T00:15:00Z");
    let request = header_signed(&MQ, unix("2026-09-01T00:00:00Z"));
    assert_eq!(
        outcome(&request, &MQ, late)
            .expect_err("expired")
            .message(Family::RestJson),
        "Signature expired: 20260901T000000Z is now earlier than 20260901T001000Z \
         (20260901T001500Z - 5 min.)"
    );
}

#[test]
fn row_11_not_yet_current() {
    let text = "Signature not yet current: 20210502T183640Z is still later than 20210502T175140Z \
                (20210502T173640Z + 15 min.)";
    let early = unix("2021-05-02T17:36:40Z");
    let request = header_signed(&IAM, unix("2021-05-02T18:36:40Z"));
    answers(
        &outcome(&request, &IAM, early).expect_err("future"),
        ("InvalidSignatureException", 403, text),
        ("SignatureDoesNotMatch", 403, text),
        EC2_EXPIRED,
    );
    let request = header_signed(&MQ, unix("2021-05-02T18:36:40Z"));
    let text = outcome(&request, &MQ, early)
        .expect_err("future")
        .message(Family::RestJson);
    assert!(text.ends_with("(20210502T173640Z + 5 min.)"), "{text}");
}

#[test]
fn the_window_is_the_services_and_its_ends_are_inside() {
    for (service, window) in [(MQ, 300), (IAM, 900), (EC2, 900)] {
        let request = header_signed(&service, now());
        for (clock, passes) in [
            (now() - window - 1, false),
            (now() - window, true),
            (now() + window, true),
            (now() + window + 1, false),
        ] {
            assert_eq!(
                outcome(&request, &service, clock).is_ok(),
                passes,
                "{} {clock}",
                service.name
            );
        }
    }
}

#[test]
fn a_presigned_request_lives_for_its_expiry_within_the_window() {
    for (service, window) in [(MQ, 300), (IAM, 900), (EC2, 900)] {
        for (expires, life) in [
            (1, 1),
            (60, 60),
            (299, 299),
            (window, window),
            (604_800, window),
        ] {
            let request = presigned(
                &service,
                now(),
                u32::try_from(expires).expect("a small number"),
            );
            for (clock, passes) in [
                (now() - window - 1, false),
                (now() - window, true),
                (now() + life, true),
                (now() + life + 1, false),
            ] {
                let result = outcome(&request, &service, clock);
                assert_eq!(result.is_ok(), passes, "{} {expires} {clock}", service.name);
            }
        }
    }
    let text = outcome(&presigned(&IAM, now(), 61), &IAM, now() + 62).expect_err("expired");
    assert_eq!(
        text.message(Family::Query),
        "Signature expired: 20210502T174643Z is now earlier than 20210502T174644Z \
         (20210502T174745Z - 61 sec.)"
    );
    // Without X-Amz-Expires, which STS ignores: the window.
    let mut request = presigned(&IAM, now(), 60);
    edit_target(&mut request, "&X-Amz-Expires=60", "");
    assert!(matches!(
        outcome(&request, &IAM, now() + 900),
        Err(AuthError::Signature)
    ));
    assert!(matches!(
        outcome(&request, &IAM, now() + 901),
        Err(AuthError::Expired { .. })
    ));
}

#[test]
fn row_12_credentials_have_five_parts() {
    for credential in [
        "AKID",
        "a/b/c/d",
        "AKIDEXAMPLE/20210502/us-east-1/mq/aws4_request/x",
        "////x/",
    ] {
        let mut request = header_signed(&MQ, now());
        edit(
            &mut request,
            "AKIDEXAMPLE/20210502/us-east-1/mq/aws4_request",
            credential,
        );
        incomplete(
            &refused(&request),
            &format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{credential}'"
            ),
        );
    }
}

#[test]
fn row_13_everything_wrong_with_the_scope_is_told() {
    let scope = "20210502/us-east-1/mq/aws4_request";
    for (other, text) in [
        (
            "20210502/us-east-2/mq/aws4_request",
            "Credential should be scoped to a valid region, not 'us-east-2'.",
        ),
        (
            "20210502/us-east-1/iam/aws4_request",
            "Credential should be scoped to correct service: 'mq'.",
        ),
        (
            "20210502/us-east-1/mq/aws5_request",
            "Credential should be scoped with a valid terminator: 'aws4_request', not \
             'aws5_request'.",
        ),
        (
            "20210501/us-east-1/mq/aws4_request",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from \
             HTTP: '20210501' != '20210502', from '20210502T174643Z'.",
        ),
        (
            "20210501/x/y/z",
            "Credential should be scoped to a valid region, not 'x'. Credential should be scoped \
             to correct service: 'mq'. Credential should be scoped with a valid terminator: \
             'aws4_request', not 'z'. Date in Credential scope does not match YYYYMMDD from \
             ISO-8601 version of date from HTTP: '20210501' != '20210502', from \
             '20210502T174643Z'.",
        ),
        (
            "20210502/US-EAST-1/MQ/aws4_request",
            "Credential should be scoped to a valid region, not 'US-EAST-1'. Credential should be \
             scoped to correct service: 'mq'.",
        ),
    ] {
        let mut request = header_signed(&MQ, now());
        edit(&mut request, scope, other);
        mismatch(&refused(&request), text);
        let mut request = presigned(&MQ, now(), 60);
        edit_target(
            &mut request,
            &scope.replace('/', "%2F"),
            &other.replace('/', "%2F"),
        );
        mismatch(&refused(&request), text);
    }
}

#[test]
fn rows_14_and_15_have_texts_that_differ_by_a_full_stop() {
    let token = "The security token included in the request is invalid";
    let answer = |error: &AuthError, text: &str| {
        answers(
            error,
            ("UnrecognizedClientException", 403, text),
            ("InvalidClientTokenId", 403, text),
            EC2_FAILURE,
        );
    };
    answer(&AuthError::TokenInvalid, token);
    let expired = "The security token included in the request is expired";
    answers(
        &AuthError::TokenExpired,
        ("ExpiredTokenException", 403, expired),
        ("ExpiredToken", 403, expired),
        EC2_EXPIRED,
    );
    let keys = KeyCache::new(8);
    let request = header_signed(&MQ, now());
    request.with(|r| {
        let claim = examine(r, &MQ, now()).expect("a claim");
        answer(&claim.verify_unknown(&keys), &format!("{token}."));
        answer(&claim.verify_unknown(&keys), &format!("{token}."));
        assert!(claim.verify(&SecretKey::new(SECRET), &keys).is_ok());
    });
    let mut request = header_signed(&MQ, now());
    request
        .headers
        .push(("x-amz-security-token".to_owned(), b"\xff\xfe".to_vec()));
    answer(&refused(&request), token);
}

#[test]
fn row_16_a_wrong_signature() {
    let mut cases = vec![
        with_secret(&MQ, now(), "another secret", None),
        with_secret(&MQ, now(), "", None),
    ];
    for (from, to) in [
        ("Signature=", "Signature=0"),
        ("host;x-amz-date", "host;x-absent;x-amz-date"),
        ("content-type;host", "host;content-type"),
        ("content-type;host", "Content-Type;host"),
        ("content-type;host", "content-type;content-type;host"),
        ("host;x-amz-date", "host;host;x-amz-date"),
        ("content-type;host", "content-type;host;"),
        ("content-type;host", "host"),
    ] {
        let mut request = header_signed(&MQ, now());
        edit(&mut request, from, to);
        cases.push(request.clone());
        // A right signature over a list that is not canonical, or names what is absent.
        if from != "Signature=" && to != "host" {
            sign_again(&mut request);
            cases.push(request);
        }
    }
    let mut upper = header_signed(&MQ, now());
    for (name, value) in &mut upper.headers {
        if name == "authorization" {
            let at = value.len() - 64;
            value[at..].make_ascii_uppercase();
        }
    }
    cases.push(upper);
    for request in &cases {
        mismatch(&refused(request), MISMATCH);
    }
}

#[test]
fn the_body_is_always_hashed() {
    let secret = SecretKey::new(SECRET);
    let signing = Signing::new(KEY_ID, &secret, "us-east-1", "mq");
    let honest = Signing {
        payload_header: sigv4::PayloadHeader::Sent,
        ..signing
    };
    let mut request = plain();
    let added = request
        .with(|r| sign_headers(r, &honest, now()))
        .expect("signed");
    request.headers.extend(
        added
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.into_bytes())),
    );
    assert!(outcome(&request, &MQ, now()).is_ok());
    for (at, bit) in (0..request.body.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut other = request.clone();
        other.body[at] ^= 1 << bit;
        assert!(matches!(refused(&other), AuthError::Signature));
    }
    let real = "c4ef1c4bc02b67cc09a44a12e48366f9d56d62e63c0fa7329711c083a72b57cb";
    for declared in [
        "UNSIGNED-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        real,
        "",
    ] {
        // The signature is right in all else, so what is declared decides alone.
        let mut request = header_signed(&MQ, now());
        request.headers.push((
            "X-Amz-Content-Sha256".to_owned(),
            declared.as_bytes().to_vec(),
        ));
        edit(&mut request, "host;", "host;x-amz-content-sha256;");
        sign_again(&mut request);
        assert_eq!(
            outcome(&request, &MQ, now()).is_ok(),
            declared == real,
            "{declared}"
        );
        let mut request = presigned(&MQ, now(), 60);
        edit_target(
            &mut request,
            "&X-Amz-D",
            &format!("&X-Amz-Content-Sha256={declared}&X-Amz-D"),
        );
        sign_again(&mut request);
        assert_eq!(
            outcome(&request, &MQ, now()).is_ok(),
            declared == real,
            "{declared}"
        );
    }
}

#[test]
fn repeated_authentication_headers_and_parameters_are_refused() {
    let mut count = 0;
    for name in [
        "authorization",
        "x-amz-date",
        "Host",
        "host",
        "X-Amz-Security-Token",
        "x-amz-content-sha256",
        "Date",
    ] {
        for same_value in [true, false] {
            let mut request = with_secret(&MQ, now(), SECRET, Some("token"));
            let mut values: Vec<Vec<u8>> = request
                .headers
                .iter()
                .filter(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, v)| v.clone())
                .collect();
            if values.is_empty() {
                request
                    .headers
                    .push((name.to_owned(), b"20210502T174643Z".to_vec()));
                values.push(b"20210502T174643Z".to_vec());
            }
            let again = if same_value {
                values[0].clone()
            } else {
                b"other".to_vec()
            };
            request.headers.push((name.to_uppercase(), again));
            let text = format!("Header '{}' must not be repeated.", name.to_lowercase());
            incomplete(&refused(&request), &text);
            count += 1;
        }
    }
    let mut request = header_signed(&MQ, now());
    request
        .headers
        .push((":authority".to_owned(), b"elsewhere".to_vec()));
    assert!(matches!(refused(&request), AuthError::RepeatedHeader(_)));

    for name in [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "X-Amz-Anything",
    ] {
        for other in [
            name.to_owned(),
            name.to_lowercase(),
            name.to_uppercase(),
            name.replacen('-', "%2D", 1),
        ] {
            for (first, second) in [(name, other.as_str()), (other.as_str(), name)] {
                let mut request = presigned(&MQ, now(), 60);
                let target = String::from_utf8(request.target.clone()).expect("ASCII");
                let target = if target.contains(&format!("{name}=")) {
                    target.replace(&format!("{name}="), &format!("{first}="))
                } else {
                    format!("{target}&{first}=1")
                };
                request.target = format!("{target}&{second}=1").into_bytes();
                assert!(
                    matches!(refused(&request), AuthError::RepeatedParameter(_)),
                    "{first} {second}"
                );
                count += 1;
            }
        }
    }
    for part in ["Credential", "SignedHeaders", "Signature"] {
        let mut request = header_signed(&MQ, now());
        edit(
            &mut request,
            "AWS4-HMAC-SHA256 ",
            &format!("AWS4-HMAC-SHA256 {part}=x, "),
        );
        incomplete(
            &refused(&request),
            &format!("Authentication parameter '{part}' must not be repeated."),
        );
        count += 1;
    }
    println!("repeats refused: {count}");
}

#[test]
fn the_session_token_is_the_one_beside_the_signature() {
    let mut request = presigned(&MQ, now(), 60);
    request
        .headers
        .push(("x-amz-security-token".to_owned(), b"in a header".to_vec()));
    request.with(|r| {
        let claim = examine(r, &MQ, now()).expect("a claim");
        assert_eq!(claim.session_token(), None);
        assert!(claim.is_presigned());
    });
    let mut request = plain();
    request.target = b"/?X-Amz-Security-Token=in+a+query&X-Amz-Credential=x".to_vec();
    let secret = SecretKey::new(SECRET);
    let signing = Signing::new(KEY_ID, &secret, "us-east-1", "mq");
    assert!(
        request.with(|r| sign_headers(r, &signing, now())).is_err(),
        "our signer signs no such thing"
    );
    let mut request = header_signed(&MQ, now());
    request.target = b"/?X-Amz-Security-Token=in+a+query&X-Amz-Credential=x".to_vec();
    request.with(|r| {
        let claim = examine(r, &MQ, now()).expect("a claim");
        assert_eq!(
            (claim.session_token(), claim.access_key_id()),
            (None, KEY_ID)
        );
    });
}

/// Every fault at once, then one fewer each time: the order of the rows.
#[test]
fn faults_are_told_in_the_order_of_the_rows() {
    let keys = KeyCache::new(8);
    let wrong = SecretKey::new("wrong");
    let mut request = plain();
    request.target = b"/..?a=%zz".to_vec();
    let look = |request: &Owned| request.with(|r| examine(r, &MQ, now()).map(|_| ()));
    assert!(matches!(look(&request), Err(AuthError::Path)));
    request.target = b"/?a=%zz".to_vec();
    assert!(matches!(look(&request), Err(AuthError::QueryEscape(_))));
    request.target = b"/".to_vec();
    assert!(matches!(look(&request), Err(AuthError::Missing)));
    authorization(&mut request, "AWS5 x");
    request.target = b"/?X-Amz-Algorithm=x".to_vec();
    assert!(matches!(look(&request), Err(AuthError::Both)));
    request.target = b"/".to_vec();
    assert!(matches!(look(&request), Err(AuthError::Algorithm(_))));
    authorization(&mut request, "AWS4-HMAC-SHA256 x");
    assert!(matches!(look(&request), Err(AuthError::NotKeyValue { .. })));
    authorization(&mut request, "AWS4-HMAC-SHA256 Credential=a/b");
    assert!(matches!(look(&request), Err(AuthError::HeaderParts { .. })));
    authorization(
        &mut request,
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=x, Signature=y",
    );
    request.set("x-amz-date", "tomorrow");
    assert!(matches!(look(&request), Err(AuthError::HostNotSigned)));
    authorization(
        &mut request,
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=y",
    );
    assert!(matches!(look(&request), Err(AuthError::HeaderNotSigned(_))));
    let signed = "SignedHeaders=host;x-amz-date, Signature=y";
    authorization(
        &mut request,
        &format!("AWS4-HMAC-SHA256 Credential=a/b, {signed}"),
    );
    assert!(matches!(look(&request), Err(AuthError::Date(_))));
    request.set("x-amz-date", "20200101T000000Z");
    assert!(matches!(look(&request), Err(AuthError::Expired { .. })));
    request.set("x-amz-date", "20300101T000000Z");
    assert!(matches!(
        look(&request),
        Err(AuthError::NotYetCurrent { .. })
    ));
    request.set("x-amz-date", "20210502T174643Z");
    assert!(matches!(look(&request), Err(AuthError::Credential(_))));
    authorization(
        &mut request,
        &format!("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, {signed}"),
    );
    assert!(matches!(look(&request), Err(AuthError::Scope(_))));
    let good =
        format!("AWS4-HMAC-SHA256 Credential=AKID/20210502/us-east-1/mq/aws4_request, {signed}");
    authorization(&mut request, &good);
    request.with(|r| {
        let claim = examine(r, &MQ, now()).expect("nothing left but the key");
        assert!(matches!(claim.verify_unknown(&keys), AuthError::UnknownKey));
        assert!(matches!(
            claim.verify(&wrong, &keys),
            Err(AuthError::Signature)
        ));
    });
}

#[test]
fn errors_print_nothing_of_the_request() {
    let mut request = header_signed(&MQ, now());
    edit(&mut request, "AKIDEXAMPLE/20210502", "CANARY/CANARY");
    edit(&mut request, "host;", "host;canary");
    let mut shown = String::new();
    for value in [
        "CANARY",
        "AWS4-HMAC-SHA256 CANARY",
        "AWS4-HMAC-SHA256 Credential=CANARY",
    ] {
        let mut request = request.clone();
        authorization(&mut request, value);
        let error = refused(&request);
        shown += &format!("{error:?} {error}");
    }
    let error = refused(&request);
    shown += &format!("{error:?} {error}");
    assert!(!shown.to_uppercase().contains("CANARY"), "{shown}");
}
