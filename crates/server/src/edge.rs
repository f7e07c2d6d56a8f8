//! The HTTP edge: sockets, framing, bounds and time limits. What gets through is whole, bounded and unambiguous; what it means
//! is the pipeline's.

use std::borrow::Cow;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderValue};
use http::{HeaderName, Method, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming as Body};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::framing::Framing;
use crate::incoming::{Answer, Incoming};
use crate::peers::Peers;
use crate::pipeline;
use crate::services::Services;
use crate::stall::Stall;

/// The largest body, in bytes. The largest legal one is a configuration of 1 MiB in base64.
pub const MAX_BODY: usize = 2 * 1024 * 1024;
/// The longest request target, in bytes.
pub const MAX_TARGET: usize = 8 * 1024;
/// The most headers.
pub const MAX_HEADERS: usize = 100;
/// The largest request head, in bytes: the request line and the headers, without the blanks around their values.
pub const MAX_HEAD: usize = 32 * 1024;
/// What the HTTP library may buffer of a head. It reads in steps and lets some heads through that are larger than it was told, so
/// it is no limit: it only has to be above ours and below the one of [`Framing`].
const HEAD_BUFFER: usize = 40 * 1024;
/// How long a request's head may take, the wait for the next one on a kept connection included.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long a request's body may take.
const BODY_TIME: Duration = Duration::from_secs(30);
/// How long the peer may take none of an answer.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How long a TLS handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long requests under way may take to finish when the service stops.
const DRAIN_TIME: Duration = Duration::from_secs(10);
/// How long to wait when the system has no descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the API until told to stop; then finishes what is under way.
pub async fn serve(
    services: Arc<Services>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(services.settings.max_connections));
    let peers = Arc::new(Peers::new(services.settings.max_connections_per_address));
    let mut connections = JoinSet::new();
    loop {
        // Order: a place first, so that connections past the limit wait in the kernel's queue and cost nothing here.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stop.changed() => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, peer)) => {
                // One peer must not take all the places: what it has too many of is closed at once.
                let Some(seat) = peers.seat(peer.ip().to_canonical()) else {
                    tracing::debug!(peer = %peer.ip(), "a peer has too many connections");
                    continue;
                };
                let services = Arc::clone(&services);
                let tls = tls.clone();
                let stop = stop.clone();
                connections.spawn(async move {
                    services.metrics.connections().inc();
                    connection(&services, stream, peer, tls, stop).await;
                    services.metrics.connections().dec();
                    drop((place, seat));
                });
            }
            Err(error) => {
                // Out of descriptors, or the peer is gone already: neither may spin or end the service.
                tracing::warn!(error = %error, "a connection could not be accepted");
                pause(ACCEPT_PAUSE).await;
            }
        }
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_TIME, drained).await.is_err() {
        tracing::warn!("some connections did not finish in time");
    }
}

async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

async fn connection(
    services: &Arc<Services>,
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    stop: watch::Receiver<bool>,
) {
    // Small answers must not wait for the peer's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(error = %error, "no TCP_NODELAY");
    }
    let stream = Stall::new(stream, WRITE_TIME);
    match tls {
        None => http(services, stream, peer.ip(), false, stop).await,
        Some(acceptor) => match tokio::time::timeout(HANDSHAKE_TIME, acceptor.accept(stream)).await
        {
            Ok(Ok(stream)) => http(services, stream, peer.ip(), true, stop).await,
            Ok(Err(error)) => tracing::debug!(error = %error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        },
    }
}

async fn http<S>(
    services: &Arc<Services>,
    stream: S,
    source_ip: IpAddr,
    secure: bool,
    mut stop: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        let services = Arc::clone(services);
        async move { Ok::<_, Infallible>(handle(&services, request, source_ip, secure).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        // Invariant: without a timer hyper keeps no time limit at all.
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_headers(MAX_HEADERS)
        .max_buf_size(HEAD_BUFFER)
        .half_close(false)
        .serve_connection(TokioIo::new(Framing::new(stream)), service);
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        _ = stop.changed() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = %error, "a connection ended early");
    }
}

async fn handle(
    services: &Arc<Services>,
    request: Request<Body>,
    source_ip: IpAddr,
    secure: bool,
) -> Response<Full<Bytes>> {
    if let Some(status) = objection(&request) {
        return closing(plain(status, status.canonical_reason().unwrap_or_default()));
    }
    let (head, body) = request.into_parts();
    let declared = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > MAX_BODY) {
        return closing(too_large());
    }
    let body = match whole(body).await {
        Ok(body) => body,
        Err(refusal) => return closing(refusal),
    };
    let target = head
        .uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str)
        .to_owned();
    let incoming = Incoming {
        method: head.method.as_str().to_owned(),
        target,
        headers: head.headers,
        body,
        source_ip: source_ip.to_canonical(),
        secure,
    };
    let only_head = head.method == Method::HEAD;
    response(pipeline::answer(services, incoming).await, only_head)
}

/// All of a request's body, or the answer to one that is too large, broken or too slow.
async fn whole(body: Body) -> Result<Bytes, Response<Full<Bytes>>> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    match tokio::time::timeout(BODY_TIME, Limited::new(body, MAX_BODY).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(plain(StatusCode::BAD_REQUEST, "Bad Request")),
        Err(_) => Err(plain(StatusCode::REQUEST_TIMEOUT, "Request Timeout")),
    }
}

/// Why a request head is refused before anyone asks what it means.
fn objection(request: &Request<Body>) -> Option<StatusCode> {
    if request.version() != Version::HTTP_11 && request.version() != Version::HTTP_10 {
        return Some(StatusCode::HTTP_VERSION_NOT_SUPPORTED);
    }
    let uri = request.uri();
    // Only the origin form: no proxy, no CONNECT.
    if uri.scheme().is_some() || uri.authority().is_some() || request.method() == Method::CONNECT {
        return Some(StatusCode::BAD_REQUEST);
    }
    let target = uri
        .path_and_query()
        .map_or("", http::uri::PathAndQuery::as_str);
    if target.len() > MAX_TARGET {
        return Some(StatusCode::URI_TOO_LONG);
    }
    if head_size(request) > MAX_HEAD {
        return Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    path_objection(uri.path())
}

/// The size of a head as it is sent without needless blanks.
fn head_size<B>(request: &Request<B>) -> usize {
    let target = request
        .uri()
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    let line = request.method().as_str().len() + target + "  HTTP/1.1\r\n".len();
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    headers.fold(line + "\r\n".len(), usize::saturating_add)
}

/// A path must have one meaning only: no empty or dot segments, no control characters, no backslash, no broken escapes; an
/// escaped slash would be a second path to someone else.
fn path_objection(path: &str) -> Option<StatusCode> {
    let bad = Some(StatusCode::BAD_REQUEST);
    let Some(rest) = path.strip_prefix('/') else {
        return bad;
    };
    if rest.is_empty() {
        return None;
    }
    for segment in rest.split('/') {
        let Ok(text) = api::protocol::form::decode(segment, false) else {
            return bad;
        };
        if text.is_empty()
            || text == "."
            || text == ".."
            || text
                .chars()
                .any(|c| c.is_control() || c == '/' || c == '\\')
        {
            return bad;
        }
    }
    None
}

fn response(answer: Answer, only_head: bool) -> Response<Full<Bytes>> {
    let length = answer.body.len();
    let body = if only_head { Bytes::new() } else { answer.body };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        let value = match value {
            Cow::Borrowed(text) => Ok(HeaderValue::from_static(text)),
            Cow::Owned(text) => HeaderValue::try_from(text),
        };
        if let Ok(value) = value {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    if only_head {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

fn plain(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    response(
        Answer {
            status: status.as_u16(),
            headers: vec![
                (
                    "x-amzn-requestid",
                    brokers::ids::uuid_v4(crate::clock::random().unwrap_or_default()).into(),
                ),
                ("content-type", "application/json".into()),
            ],
            body: serde_json::json!({ "message": text }).to_string().into(),
        },
        false,
    )
}

fn too_large() -> Response<Full<Bytes>> {
    // AWS: API Gateway's text, with our own limit.
    plain(
        StatusCode::PAYLOAD_TOO_LARGE,
        &format!("HTTP content length exceeded {MAX_BODY} bytes"),
    )
}

/// After a request that was not read to its end the connection cannot be used again.
fn closing(mut response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_two_meanings_are_refused() {
        for path in [
            "/",
            "/v1/brokers",
            "/v1/tags/arn%3Aaws%3Amq",
            "/v1/brokers/b-1/users/a.b~c",
        ] {
            assert_eq!(path_objection(path), None, "{path}");
        }
        for path in [
            "",
            "/v1//brokers",
            "/v1/./brokers",
            "/v1/../brokers",
            "/v1/%2e%2e/x",
            "/v1/a%2fb",
            "/v1/a%00",
            "/v1/a%5cb",
            "/v1/%4",
            "/v1/%ff",
            "/v1/brokers/",
        ] {
            assert_eq!(
                path_objection(path),
                Some(StatusCode::BAD_REQUEST),
                "{path}"
            );
        }
    }
}
