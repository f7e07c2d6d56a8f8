//! The edge: bounds, framing and time limits, through real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

use testkit::Postern;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends bytes and returns what comes until the server closes.
async fn raw(postern: &Postern, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(postern.service().address())
        .await
        .unwrap();
    // The server may refuse and close before everything is sent.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer
        .split(' ')
        .nth(1)
        .unwrap_or("closed without an answer")
}

async fn still_serves(postern: &Postern) {
    let reply = postern
        .root()
        .query("sts", "GetCallerIdentity", &[])
        .await
        .unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn requests_with_two_meanings_are_refused_and_the_connection_is_closed() {
    let postern = Postern::start().await.unwrap();
    let cases: &[(&str, &str)] = &[
        (
            "two lengths",
            "POST /v1/brokers HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}",
        ),
        (
            "two different lengths",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x",
        ),
        (
            "signed length",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +2\r\n\r\n{}",
        ),
        (
            "HTTP/1.0 with chunks",
            "POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            "an unknown transfer coding",
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n",
        ),
        (
            "a space before the colon",
            "GET / HTTP/1.1\r\nhost : a\r\n\r\n",
        ),
        (
            "a folded header",
            "GET / HTTP/1.1\r\nhost: a\r\nx: b\r\n c\r\n\r\n",
        ),
        ("a NUL", "GET / HTTP/1.1\r\nhost: a\r\nx: b\0c\r\n\r\n"),
        (
            "absolute form",
            "GET http://a/v1/brokers HTTP/1.1\r\nhost: a\r\n\r\n",
        ),
        ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nhost: a\r\n\r\n"),
        (
            "dot segments",
            "GET /v1/x/../brokers HTTP/1.1\r\nhost: a\r\n\r\n",
        ),
        (
            "an empty segment",
            "GET /v1//brokers HTTP/1.1\r\nhost: a\r\n\r\n",
        ),
        (
            "an encoded slash",
            "GET /v1/brokers/a%2fb HTTP/1.1\r\nhost: a\r\n\r\n",
        ),
        (
            "an encoded NUL",
            "GET /v1/brokers/a%00 HTTP/1.1\r\nhost: a\r\n\r\n",
        ),
        ("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("nonsense", "\x16\x03\x01 hello\r\n\r\n"),
    ];
    for (what, request) in cases {
        // A second request behind the bad one must never be answered.
        let pipelined = format!("{request}GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n");
        let answer = raw(&postern, pipelined.as_bytes()).await;
        assert!(
            matches!(
                status(&answer),
                "400" | "501" | "505" | "closed without an answer"
            ),
            "{what}: {answer}"
        );
        assert_eq!(
            answer.matches("HTTP/1.").count().min(2),
            usize::from(!answer.is_empty()),
            "{what}: {answer}"
        );
        still_serves(&postern).await;
    }
    println!("{} framings refused", cases.len());
    postern.stop().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let postern = Postern::start().await.unwrap();
    let target = format!(
        "GET /v1/brokers?x={} HTTP/1.1\r\nhost: a\r\n\r\n",
        "y".repeat(9000)
    );
    assert_eq!(status(&raw(&postern, target.as_bytes()).await), "414");
    let headers: String = (0..101).map(|n| format!("x-{n}: 1\r\n")).collect();
    let many = raw(
        &postern,
        format!("GET / HTTP/1.1\r\n{headers}\r\n").as_bytes(),
    )
    .await;
    assert!(matches!(status(&many), "431" | "400"), "{many}");
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(64 * 1024));
    let long = raw(&postern, long.as_bytes()).await;
    assert!(matches!(status(&long), "431" | "400"), "{long}");
    let declared = raw(
        &postern,
        b"POST /v1/brokers HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\n",
    )
    .await;
    assert_eq!(status(&declared), "413", "{declared}");
    let mut chunked =
        b"POST /v1/brokers HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..40 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&vec![b' '; 0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    let chunked = raw(&postern, &chunked).await;
    assert!(
        matches!(status(&chunked), "413" | "closed without an answer"),
        "{chunked}"
    );
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let reply = postern
        .root()
        .mq(
            "POST",
            "/v1/configurations",
            &format!("{{\"tags\":{deep}}}"),
        )
        .await
        .unwrap();
    assert_eq!(
        (reply.status, reply.code().as_deref()),
        (400, Some("BadRequestException"))
    );
    still_serves(&postern).await;
    postern.stop().await;
}

#[tokio::test]
async fn a_head_at_its_limit_is_read_and_one_byte_more_is_not() {
    let postern = Postern::start().await.unwrap();
    let frame = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx: \r\n\r\n";
    for (over, expected) in [(0, "403"), (1, "431"), (200, "431"), (4_000, "431")] {
        let padding = "y".repeat(server::edge::MAX_HEAD + over - frame.len());
        let request = frame.replace("x: ", &format!("x: {padding}"));
        assert_eq!(request.len(), server::edge::MAX_HEAD + over);
        // In one piece and in several: the bound must not depend on how the bytes come.
        let answer = raw(&postern, request.as_bytes()).await;
        assert_eq!(status(&answer), expected, "{over} bytes over");
        let mut stream = TcpStream::connect(postern.service().address())
            .await
            .unwrap();
        for piece in request.as_bytes().chunks(1_000) {
            if stream.write_all(piece).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert_eq!(status(&answer), expected, "{over} bytes over, in pieces");
    }
    postern.stop().await;
}

#[tokio::test]
async fn slow_heads_and_slow_bodies_are_cut_off() {
    let postern = Postern::start().await.unwrap();
    let address = postern.service().address();
    for (what, begin) in [
        ("a head", "GET /v1/brokers HTTP/1.1\r\nhost: a\r\n"),
        (
            "a body",
            "POST /v1/brokers HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n{",
        ),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begin.as_bytes()).await.unwrap();
        // From here on only timers are left to run, and a paused clock jumps to the next one.
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let waited = began.elapsed().as_secs();
        tokio::time::resume();
        assert!(
            (1..=40).contains(&waited),
            "{what}: cut off after {waited} s"
        );
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(
            matches!(status(&answer), "408" | "closed without an answer"),
            "{what}: {answer}"
        );
    }
    still_serves(&postern).await;
    postern.stop().await;
}

#[tokio::test]
async fn an_account_over_its_rate_is_told_so_in_each_protocol() {
    let postern = Postern::start_with(|settings| {
        settings.api_rate = 15.0;
        settings.api_burst = 100;
    })
    .await
    .unwrap();
    let root = postern.root();
    for (service, status, code) in [
        ("mq", 429, "TooManyRequestsException"),
        ("iam", 400, "Throttling"),
        ("sts", 400, "Throttling"),
    ] {
        let ask = async || match service {
            "mq" => root.mq("GET", "/v1/brokers", "").await.unwrap(),
            "iam" => root.query("iam", "ListUsers", &[]).await.unwrap(),
            _ => root.query("sts", "GetCallerIdentity", &[]).await.unwrap(),
        };
        let mut admitted = 0;
        for _ in 0..110 {
            admitted += usize::from(ask().await.status == 200);
        }
        assert_eq!(admitted, 100, "{service}");
        let reply = ask().await;
        assert_eq!(
            (reply.status, reply.code().as_deref()),
            (status, Some(code))
        );
    }
    postern.clock.advance(1000);
    let mut admitted = 0;
    for _ in 0..20 {
        admitted += usize::from(
            root.query("sts", "GetCallerIdentity", &[])
                .await
                .unwrap()
                .status
                == 200,
        );
    }
    assert_eq!(admitted, 15);
    postern.stop().await;
}

#[tokio::test]
async fn the_admin_port_needs_no_signature_and_the_api_port_has_none_of_it() {
    let postern = Postern::start().await.unwrap();
    let admin = postern.service().admin_address().unwrap();
    for (path, expected) in [
        ("/healthz", "ok"),
        ("/readyz", "\"ready\":true"),
        ("/metrics", "postern_requests_total"),
    ] {
        postern
            .root()
            .query("sts", "GetCallerIdentity", &[])
            .await
            .unwrap();
        let mut stream = TcpStream::connect(admin).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains(expected),
            "{path}: {answer}"
        );
        let api = raw(&postern, request.as_bytes()).await;
        assert_eq!(status(&api), "403", "{api}");
    }
    postern.stop().await;
}

#[tokio::test]
async fn options_is_answered_without_allowing_any_origin() {
    let postern = Postern::start().await.unwrap();
    let answer =
        raw(&postern, b"OPTIONS /v1/brokers HTTP/1.1\r\nhost: a\r\norigin: http://evil\r\nconnection: close\r\n\r\n").await;
    assert_eq!(status(&answer), "200");
    assert!(
        !answer.to_lowercase().contains("access-control"),
        "{answer}"
    );
    postern.stop().await;
}
