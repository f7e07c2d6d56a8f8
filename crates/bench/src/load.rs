//! A load of HTTP/1.1 requests over kept connections. The requests are made and signed beforehand, so that the client costs as
//! little as it can: it shares the machine with what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What to send.
pub(crate) enum Requests {
    /// The same request, again and again, for a time.
    Same(Vec<u8>, Duration),
    /// The same request, so many times a second for a time. How long an answer took counts from when the request was due.
    Paced(Vec<u8>, f64, Duration),
    /// Each of these once.
    Each(Vec<Vec<u8>>),
}

/// What came of a load.
pub(crate) struct Outcome {
    /// Answers with a status below 300.
    pub(crate) good: usize,
    /// Other answers.
    pub(crate) bad: usize,
    /// The first other answer, for the report.
    pub(crate) first_bad: Option<String>,
    /// From the first byte sent to the last received.
    pub(crate) elapsed: Duration,
    /// How long each good answer took, in nanoseconds, sorted.
    good_times: Vec<u64>,
    /// How long each other answer took, in nanoseconds, sorted.
    bad_times: Vec<u64>,
}

impl Outcome {
    /// Good answers per second.
    pub(crate) fn rate(&self) -> f64 {
        count(self.good) / self.elapsed.as_secs_f64()
    }

    /// How long at most this part of the good answers took, in milliseconds.
    pub(crate) fn good_ms(&self, part: f64) -> f64 {
        quantile(&self.good_times, part)
    }

    /// How long at most this part of the other answers took, in milliseconds.
    pub(crate) fn bad_ms(&self, part: f64) -> f64 {
        quantile(&self.bad_times, part)
    }

    /// The outcome, if nothing but good answers came.
    ///
    /// # Errors
    /// The first other answer.
    pub(crate) fn all_good(self) -> anyhow::Result<Outcome> {
        ensure!(
            self.bad == 0,
            "{} of {} requests were refused, the first with: {}",
            self.bad,
            self.bad + self.good,
            self.first_bad.unwrap_or_default()
        );
        Ok(self)
    }
}

/// A count as a number to calculate with; exact below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list; times of at most minutes"
)]
fn quantile(sorted: &[u64], part: f64) -> f64 {
    let place = (count(sorted.len().saturating_sub(1)) * part) as usize;
    sorted
        .get(place)
        .map_or(f64::NAN, |nanoseconds| *nanoseconds as f64 / 1e6)
}

/// Sends requests over so many connections.
///
/// # Errors
/// A connection fails.
pub(crate) async fn run(
    address: SocketAddr,
    connections: usize,
    requests: Requests,
) -> anyhow::Result<Outcome> {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        open.push(stream);
    }
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let workers: Vec<_> = open
        .into_iter()
        .map(|stream| {
            tokio::spawn(worker(
                stream,
                Arc::clone(&requests),
                Arc::clone(&next),
                start,
            ))
        })
        .collect();
    let mut all = Done::default();
    for worker in workers {
        let done = worker.await??;
        all.good.extend(done.good);
        all.bad.extend(done.bad);
        all.first_bad = all.first_bad.or(done.first_bad);
    }
    Ok(all.outcome(start.elapsed()))
}

#[derive(Default)]
struct Done {
    good: Vec<u64>,
    bad: Vec<u64>,
    first_bad: Option<String>,
}

impl Done {
    fn note(&mut self, status: u16, took: Duration, answer: &[u8]) {
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        if status < 300 {
            self.good.push(took);
        } else {
            self.bad.push(took);
            if self.first_bad.is_none() {
                self.first_bad = Some(String::from_utf8_lossy(answer).into_owned());
            }
        }
    }

    fn outcome(mut self, elapsed: Duration) -> Outcome {
        self.good.sort_unstable();
        self.bad.sort_unstable();
        Outcome {
            good: self.good.len(),
            bad: self.bad.len(),
            first_bad: self.first_bad,
            elapsed,
            good_times: self.good,
            bad_times: self.bad,
        }
    }
}

/// Sends so many requests over one connection, one at each tick: the next does not wait for its turn longer because the last was slow.
///
/// # Errors
/// The connection fails.
pub(crate) async fn steadily(
    address: SocketAddr,
    request: &[u8],
    requests: usize,
    tick: Duration,
) -> anyhow::Result<Outcome> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut done, mut buffer) = (Done::default(), Vec::new());
    let start = Instant::now();
    let mut ticks = tokio::time::interval(tick);
    for _ in 0..requests {
        ticks.tick().await;
        let sent = Instant::now();
        stream.write_all(request).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        done.note(status, sent.elapsed(), &buffer);
    }
    Ok(done.outcome(start.elapsed()))
}

async fn worker(
    mut stream: TcpStream,
    requests: Arc<Requests>,
    next: Arc<AtomicUsize>,
    start: Instant,
) -> anyhow::Result<Done> {
    let mut done = Done::default();
    let mut buffer = Vec::with_capacity(128 * 1024);
    loop {
        let (request, sent) = match requests.as_ref() {
            Requests::Same(request, time) if start.elapsed() < *time => (request, Instant::now()),
            Requests::Each(each) => match each.get(next.fetch_add(1, Ordering::Relaxed)) {
                Some(request) => (request, Instant::now()),
                None => break,
            },
            Requests::Paced(request, rate, time) => {
                let number = count(next.fetch_add(1, Ordering::Relaxed));
                let due = Duration::from_secs_f64(number / rate);
                if due >= *time {
                    break;
                }
                tokio::time::sleep_until((start + due).into()).await;
                (request, start + due)
            }
            Requests::Same(..) => break,
        };
        stream.write_all(request).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        done.note(status, sent.elapsed(), &buffer);
    }
    Ok(done)
}

/// Sends one request over a connection of its own, and gives back status and body.
///
/// # Errors
/// The connection fails.
pub(crate) async fn once(address: SocketAddr, request: &[u8]) -> anyhow::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(request).await?;
    let mut buffer = Vec::new();
    let status = answer(&mut stream, &mut buffer).await?;
    let text = String::from_utf8_lossy(&buffer);
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((status, body.to_owned()))
}

/// Reads one answer into the buffer, and gives back its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<u16> {
    buffer.clear();
    let mut whole = None;
    loop {
        let read = stream.read_buf(buffer).await?;
        ensure!(read > 0, "the connection was closed");
        if whole.is_none() {
            whole = length(buffer)?;
        }
        if whole.is_some_and(|whole| buffer.len() >= whole) {
            break;
        }
    }
    let status = buffer.get(9..12).unwrap_or_default();
    Ok(std::str::from_utf8(status)?.parse()?)
}

/// The length of the whole answer, once its head is there.
fn length(answer: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = std::str::from_utf8(answer.get(..head).unwrap_or_default())?;
    let mut body = 0;
    for line in text.lines() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            body = value.trim().parse()?;
        }
    }
    Ok(Some(head + 4 + body))
}
