//! Requests made by hand and sent over sockets of their own: none gets in, none hides a second one, and the next good request
//! is answered. `cases` are kinds × variants; each is named, so that a failure says which request it was.
//!
//! Every case that signs anything signs it with the root key, so nothing but the spoilt part can be the reason of a refusal;
//! [`the_requests_are_good_before_they_are_spoilt`] shows that.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    missing_docs,
    reason = "tests"
)]

mod framing;
mod gate;
mod message;

use std::collections::BTreeMap;
use std::time::Duration;

use message::Maker;
use testkit::Postern;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The fewest cases that may be left.
const AT_LEAST: usize = 1_500;

/// What must become of the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// It ends: nothing behind the request is read.
    Broken,
    /// It may be kept; then the next request is answered.
    Whole,
}

/// One request, or what looks like one.
pub(crate) struct Case {
    kind: &'static str,
    what: String,
    bytes: Vec<u8>,
    framing: Framing,
}

impl Case {
    fn broken(kind: &'static str, what: String, bytes: Vec<u8>) -> Case {
        Case {
            kind,
            what,
            bytes,
            framing: Framing::Broken,
        }
    }

    fn whole(kind: &'static str, what: String, bytes: Vec<u8>) -> Case {
        Case {
            kind,
            what,
            bytes,
            framing: Framing::Whole,
        }
    }
}

/// Sends bytes and returns all that comes until the server closes; `None` for a connection that it keeps.
async fn send(stream: &mut TcpStream, bytes: &[u8]) -> Option<String> {
    // The server may refuse and close before everything is sent.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    match tokio::time::timeout(Duration::from_secs(5), read).await {
        Ok(_) => Some(String::from_utf8_lossy(&answer).into_owned()),
        Err(_) => None,
    }
}

/// Reads one answer with its body; an empty text if the connection is at its end.
async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let whole = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = head
            .split("\r\n")
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, value)| value.trim().parse().unwrap());
        (body.len() >= length).then_some(text)
    };
    loop {
        if let Some(text) = whole(&bytes) {
            // An interim answer is followed by the real one.
            if let Some(rest) = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n") {
                bytes = rest.as_bytes().to_vec();
                if whole(&bytes).is_none() {
                    bytes.reserve(1024);
                } else {
                    continue;
                }
            } else {
                return text;
            }
        }
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_buf(&mut bytes)).await;
        match read.expect("an answer in time") {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&bytes).into_owned(),
            Ok(_) => {}
        }
    }
}

/// The statuses of all answers in a stream.
fn statuses(stream: &str) -> Vec<u16> {
    stream
        .match_indices("HTTP/1.")
        .filter_map(|(at, _)| stream[at..].split(' ').nth(1)?.parse().ok())
        .collect()
}

/// Whether anything was let in: users and brokers of the account.
fn made(postern: &Postern) -> (usize, usize) {
    let snapshot = postern.service().services().store.snapshot();
    let account = snapshot.state.account(postern.service().account()).unwrap();
    (account.user_count(), account.brokers().count())
}

fn identity(maker: &Maker) -> Vec<u8> {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = b"Action=GetCallerIdentity&Version=2011-06-15";
    maker
        .signed("sts", "us-east-1", "POST", "/", &form, body)
        .bytes()
}

/// Plays one case; what is wrong with its outcome, if anything.
async fn play(postern: &Postern, maker: &Maker, case: &Case) -> Result<(), String> {
    let address = postern.service().address();
    let good = identity(maker);
    let before = made(postern);
    let mut stream = TcpStream::connect(address).await.unwrap();
    match case.framing {
        Framing::Broken => {
            let got = send(&mut stream, &case.bytes)
                .await
                .ok_or("the connection is kept")?;
            let statuses = statuses(&got);
            if statuses.len() > 1 || statuses.iter().any(|status| *status < 400) {
                return Err(format!("answers {statuses:?}"));
            }
        }
        Framing::Whole => {
            let _ = stream.write_all(&case.bytes).await;
            let first = answer(&mut stream).await;
            if statuses(&first).iter().any(|status| *status < 400) {
                return Err(format!("answer {first}"));
            }
            // On the same connection, where it is kept.
            let _ = stream.write_all(&good).await;
            let second = answer(&mut stream).await;
            if !second.is_empty() && statuses(&second) != [200] {
                return Err(format!("the next request is answered {second}"));
            }
        }
    }
    if made(postern) != before {
        return Err("it got in".into());
    }
    let mut fresh = TcpStream::connect(address).await.unwrap();
    fresh.write_all(&good).await.unwrap();
    let next = answer(&mut fresh).await;
    if statuses(&next) != [200] {
        return Err(format!("a new connection is answered {next}"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_made_by_hand_gets_in_or_hides_another() {
    let postern = Postern::start().await.unwrap();
    let maker = Maker::new(&postern);
    let mut cases = framing::cases(&maker);
    cases.extend(gate::cases(&maker));
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        *kinds.entry(case.kind).or_default() += 1;
        if let Err(error) = play(&postern, &maker, case).await {
            wrong.push(format!("{}: {}: {error}", case.kind, case.what));
        }
    }
    println!("{} requests of {} kinds refused:", cases.len(), kinds.len());
    for (kind, count) in &kinds {
        println!("  {count:4}  {kind}");
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cases.len() >= AT_LEAST, "{} cases", cases.len());
    // Nobody acted on the requests inside the requests, not even to refuse them.
    let audit = std::fs::read_to_string(postern.folder().join("data/audit/audit.jsonl")).unwrap();
    assert!(audit.contains("GetCallerIdentity"));
    assert!(!audit.contains("marker"), "a hidden request was read");
    postern.stop().await;
}

#[tokio::test]
async fn the_requests_are_good_before_they_are_spoilt() {
    let postern = Postern::start().await.unwrap();
    let maker = Maker::new(&postern);
    for (what, message) in [
        ("iam", maker.iam("canary")),
        ("presigned", maker.query("canary2")),
        (
            "presigned by hand",
            maker.presigned_with(
                "/?Action=CreateUser&Version=2010-05-08&UserName=canary4",
                Some("Path=%2Fx%2F"),
            ),
        ),
        ("mq", maker.mq("canary")),
        ("marker", maker.iam("marker")),
    ] {
        let mut stream = TcpStream::connect(postern.service().address())
            .await
            .unwrap();
        stream.write_all(&message.bytes()).await.unwrap();
        let got = answer(&mut stream).await;
        assert_eq!(statuses(&got), [200], "{what}: {got}");
    }
    assert_eq!(made(&postern), (4, 1));
    postern.stop().await;
}

#[tokio::test]
async fn of_pipelined_requests_each_is_judged_by_itself() {
    let postern = Postern::start().await.unwrap();
    let maker = Maker::new(&postern);
    let good = identity(&maker);
    let bad = maker.iam("canary").wrong().bytes();
    let mut played = 0;
    for order in 0..64_u32 {
        let wanted: Vec<bool> = (0..6).map(|bit| order & (1 << bit) != 0).collect();
        let mut bytes = Vec::new();
        for good_one in &wanted {
            bytes.extend_from_slice(if *good_one { &good } else { &bad });
        }
        let mut stream = TcpStream::connect(postern.service().address())
            .await
            .unwrap();
        stream.write_all(&bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let got: Vec<bool> = statuses(&text)
            .iter()
            .map(|status| *status == 200)
            .collect();
        // The peer closed its side, so the server may end early, but never out of order.
        assert!(wanted.starts_with(&got), "{wanted:?}: {got:?}");
        played += got.len();
    }
    assert!(played > 0);
    assert_eq!(made(&postern), (0, 0));
    println!("{played} pipelined requests answered");
    postern.stop().await;
}
