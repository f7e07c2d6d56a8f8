//! Signatures through the socket: each failure in AWS's words, per service.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

use std::sync::Arc;

use server::clock::{Clock, SetClock, SteadyClock};
use sigv4::{Request, SecretKey, Signing, presign};
use testkit::{Client, NOW, Postern, ROOT_KEY_ID, ROOT_SECRET};

const NOW_SECONDS: i64 = NOW / 1000;

#[tokio::test]
async fn the_window_is_five_minutes_for_mq_and_fifteen_for_query_services() {
    let postern = Postern::start().await.unwrap();
    for (service, window) in [("mq", 300), ("iam", 900), ("sts", 900)] {
        for (offset, fine) in [
            (0, true),
            (window, true),
            (-window, true),
            (window + 1, false),
            (-window - 1, false),
        ] {
            let skewed = postern.root().at(NOW + offset * 1000);
            let reply = match service {
                "mq" => skewed
                    .mq("GET", "/v1/broker-engine-types", "")
                    .await
                    .unwrap(),
                "iam" => skewed.query("iam", "ListUsers", &[]).await.unwrap(),
                _ => skewed.query("sts", "GetCallerIdentity", &[]).await.unwrap(),
            };
            assert_eq!(
                reply.status,
                if fine { 200 } else { 403 },
                "{service} {offset}: {}",
                reply.body
            );
            if !fine {
                let minutes = window / 60;
                let message = reply.message();
                let (begin, end) = if offset < 0 {
                    ("Signature expired: ", format!("- {minutes} min.)"))
                } else {
                    ("Signature not yet current: ", format!("+ {minutes} min.)"))
                };
                assert!(
                    message.starts_with(begin) && message.ends_with(&end),
                    "{service} {offset}: {message}"
                );
            }
        }
    }
    postern.stop().await;
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_expired_signature_valid_again() {
    let uptime = Arc::new(SetClock::new(0));
    let read = Arc::clone(&uptime);
    let postern = Postern::start_by(
        |_| {},
        |wall| Arc::new(SteadyClock::new(wall, Box::new(move || read.now()))),
    )
    .await
    .unwrap();
    let captured = postern.root().at(NOW);
    let status = async |client: &Client| {
        let reply = client.mq("GET", "/v1/broker-engine-types", "").await;
        let reply = reply.unwrap();
        (reply.status, reply.message())
    };
    assert_eq!(status(&captured).await.0, 200);
    for (forward, back) in [(301, 301), (960, 960), (86_400, 86_400), (1, 1_000_000)] {
        postern.clock.advance(forward * 1000);
        uptime.advance(forward * 1000);
        let (expired, message) = status(&captured).await;
        assert_eq!(expired, 403, "{forward} s later: {message}");
        postern.clock.advance(-back * 1000);
        let (expired, message) = status(&captured).await;
        assert_eq!(expired, 403, "set back by {back} s: {message}");
        assert!(message.starts_with("Signature expired: "), "{message}");
    }
    // A client whose clock goes on is served.
    let now = postern.service().services().clock.now();
    assert_eq!(status(&postern.root().at(now)).await.0, 200);
    postern.stop().await;
}

/// What was made at every stage of a clock that jumps by a day, forth and back, is tried at every later one: a signed request, a
/// presigned one, a session.
#[tokio::test]
async fn nothing_outlives_its_time_though_the_clock_jumps_by_a_day() {
    const DAY: i64 = 86_400_000;
    const LIFE: i64 = 900_000;
    let uptime = Arc::new(SetClock::new(0));
    let read = Arc::clone(&uptime);
    let postern = Postern::start_by(
        |_| {},
        |wall| Arc::new(SteadyClock::new(wall, Box::new(move || read.now()))),
    )
    .await
    .unwrap();
    let host = postern.service().address().to_string();
    let secret = SecretKey::new(ROOT_SECRET);
    let shown = || postern.service().services().clock.now();
    let (mut made, mut accepted, mut refused) = (Vec::new(), 0, 0);
    let jumps = [0, DAY, -DAY, -DAY, 0, DAY, DAY, -3 * DAY, 1, 4 * DAY, -DAY];
    for (stage, jump) in jumps.into_iter().enumerate() {
        let real = uptime.now();
        let now = shown();
        let current = postern.root().at(now);
        let reply = current
            .query("sts", "GetSessionToken", &[("DurationSeconds", "900")])
            .await
            .unwrap();
        assert_eq!(reply.status, 200, "stage {stage}: {}", reply.body);
        let mut session = postern.client(
            &reply.element("AccessKeyId").unwrap(),
            &reply.element("SecretAccessKey").unwrap(),
        );
        session.session_token = reply.element("SessionToken");
        let headers: Vec<(&str, &[u8])> = vec![("host", host.as_bytes())];
        let request = Request {
            method: "GET",
            target: b"/v1/broker-engine-types",
            headers: &headers,
            body: b"",
        };
        let signing = Signing::new(ROOT_KEY_ID, &secret, "us-east-1", "mq");
        let link = presign(&request, &signing, now / 1000, 900).unwrap();
        made.push((real, current, session, String::from_utf8(link).unwrap()));
        postern.clock.advance(jump);
        for step in [0, 200_000, 200_000, 501_000] {
            uptime.advance(step);
            postern.clock.advance(step);
            for (at, current, session, link) in &made {
                let age = uptime.now() - at;
                let path = "/v1/broker-engine-types";
                let tries = [
                    (300_000, current.mq("GET", path, "").await.unwrap()),
                    // The session signs anew, so only its own life counts.
                    (
                        LIFE,
                        session
                            .clone()
                            .at(shown())
                            .mq("GET", path, "")
                            .await
                            .unwrap(),
                    ),
                    (LIFE, current.send_raw("GET", link, &[], b"").await.unwrap()),
                ];
                for (window, reply) in tries {
                    if reply.status == 200 {
                        assert!(
                            age <= window,
                            "stage {stage}: accepted at an age of {age} ms"
                        );
                        accepted += 1;
                    } else {
                        assert_eq!(reply.status, 403, "{}", reply.body);
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(accepted > 40 && refused > 500, "{accepted} {refused}");
    postern.stop().await;
}

#[tokio::test]
async fn presigned_requests_are_accepted_and_expire() {
    let postern = Postern::start().await.unwrap();
    let root = postern.root();
    let host = postern.service().address().to_string();
    let headers: Vec<(&str, &[u8])> = vec![("host", host.as_bytes())];
    let secret = SecretKey::new(ROOT_SECRET);
    let make = |service: &str, target: &str, expires: u32| {
        let request = Request {
            method: "GET",
            target: target.as_bytes(),
            headers: &headers,
            body: b"",
        };
        let signing = Signing::new(ROOT_KEY_ID, &secret, "us-east-1", service);
        String::from_utf8(presign(&request, &signing, NOW_SECONDS, expires).unwrap()).unwrap()
    };
    let mq = make("mq", "/v1/broker-engine-types", 60);
    let sts = make(
        "sts",
        "/?Action=GetCallerIdentity&Version=2011-06-15",
        604_800,
    );
    assert_eq!(
        root.send_raw("GET", &mq, &[], b"").await.unwrap().status,
        200
    );
    assert_eq!(
        root.send_raw("GET", &sts, &[], b"").await.unwrap().status,
        200
    );
    let tampered = mq.replace("broker-engine-types", "broker-instance-options");
    let reply = root.send_raw("GET", &tampered, &[], b"").await.unwrap();
    assert_eq!(
        (reply.status, reply.code().as_deref()),
        (403, Some("InvalidSignatureException"))
    );
    postern.clock.advance(61_000);
    let reply = root.send_raw("GET", &mq, &[], b"").await.unwrap();
    assert_eq!(
        (reply.status, reply.code().as_deref()),
        (403, Some("InvalidSignatureException")),
        "{}",
        reply.body
    );
    assert!(reply.message().starts_with("Signature expired: "));
    assert_eq!(
        root.send_raw("GET", &sts, &[], b"").await.unwrap().status,
        200
    );
    postern.clock.advance(840_000);
    assert_eq!(
        root.send_raw("GET", &sts, &[], b"").await.unwrap().status,
        403
    );
    postern.stop().await;
}

#[tokio::test]
async fn unknown_keys_wrong_secrets_and_wrong_scopes_are_told_apart_as_aws_does() {
    let postern = Postern::start().await.unwrap();
    let cases = [
        (
            "mq",
            "UnrecognizedClientException",
            "InvalidSignatureException",
        ),
        ("iam", "InvalidClientTokenId", "SignatureDoesNotMatch"),
    ];
    for (service, unknown, wrong) in cases {
        let ask = async |client: testkit::Client| match service {
            "mq" => client.mq("GET", "/v1/brokers", "").await.unwrap(),
            _ => client.query(service, "ListUsers", &[]).await.unwrap(),
        };
        let reply = ask(postern.client("AKIANOBODYNOBODYNOBO", ROOT_SECRET)).await;
        assert_eq!(
            (reply.status, reply.code().as_deref()),
            (403, Some(unknown)),
            "{}",
            reply.body
        );
        let reply =
            ask(postern.client(ROOT_KEY_ID, "another secret of the same length as it")).await;
        assert_eq!(
            (reply.status, reply.code().as_deref()),
            (403, Some(wrong)),
            "{}",
            reply.body
        );
        let mut elsewhere = postern.root();
        elsewhere.region = "eu-west-9".into();
        let reply = ask(elsewhere).await;
        assert_eq!(
            reply.message().trim(),
            "Credential should be scoped to a valid region, not 'eu-west-9'."
        );
        assert_eq!(reply.code().as_deref(), Some(wrong));
    }
    postern.stop().await;
}

#[tokio::test]
async fn a_session_token_that_is_not_ours_is_refused() {
    let postern = Postern::start().await.unwrap();
    let mut client = postern.root();
    client.session_token = Some("made-up".into());
    let reply = client.mq("GET", "/v1/brokers", "").await.unwrap();
    assert_eq!(
        (reply.status, reply.code().as_deref()),
        (403, Some("UnrecognizedClientException")),
        "{}",
        reply.body
    );
    postern.stop().await;
}

#[tokio::test]
async fn presigned_requests_can_be_turned_off_and_windows_be_set() {
    let postern = Postern::start_with(|settings| {
        settings.presigned_off.insert(api::row::Service::Mq);
        settings.clock_windows.insert(api::row::Service::Mq, 60);
    })
    .await
    .unwrap();
    let root = postern.root();
    let host = postern.service().address().to_string();
    let headers: Vec<(&str, &[u8])> = vec![("host", host.as_bytes())];
    let secret = SecretKey::new(ROOT_SECRET);
    let request = Request {
        method: "GET",
        target: b"/v1/brokers",
        headers: &headers,
        body: b"",
    };
    let signing = Signing::new(ROOT_KEY_ID, &secret, "us-east-1", "mq");
    let target = String::from_utf8(presign(&request, &signing, NOW_SECONDS, 60).unwrap()).unwrap();
    let reply = root.send_raw("GET", &target, &[], b"").await.unwrap();
    assert_eq!(
        (reply.status, reply.code().as_deref()),
        (403, Some("MissingAuthenticationTokenException"))
    );
    let reply = root
        .at(NOW - 61_000)
        .mq("GET", "/v1/brokers", "")
        .await
        .unwrap();
    assert!(reply.message().ends_with("- 1 min.)"), "{}", reply.body);
    postern.stop().await;
}
