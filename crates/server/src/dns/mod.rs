//! The names of brokers' endpoints, answered over UDP and TCP (RFC 1035, RFC 7766). Who has a resolver of its own delegates the
//! domain of `--endpoint-domain` to the address of `--dns-listen`; nothing else is answered, and nothing is asked of others.

mod zone;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::services::Services;
use crate::settings::Settings;
use zone::Zone;

/// The largest answer by UDP that no network cuts into pieces ("DNS Flag Day 2020").
const UDP_LIMIT: u16 = 1232;

/// Most connections at once. Who is turned away asks again.
const CONNECTIONS: usize = 64;

/// How long a connection may be silent (RFC 7766, 6.2.3: a few seconds).
const SILENCE: Duration = Duration::from_secs(10);

/// How often a port that is free for TCP and taken for UDP is given up for another, where any port will do.
const ATTEMPTS: usize = 16;

/// The two sockets of a port.
pub(crate) struct Sockets {
    udp: UdpSocket,
    tcp: TcpListener,
    /// Where they are.
    pub(crate) address: SocketAddr,
}

/// Opens the same port for UDP and TCP; port 0 means one that is free for both.
///
/// # Errors
/// The address cannot be used.
pub(crate) async fn open(wanted: SocketAddr) -> std::io::Result<Sockets> {
    let mut attempt = 1;
    loop {
        let tcp = TcpListener::bind(wanted).await?;
        let address = tcp.local_addr()?;
        match UdpSocket::bind(address).await {
            Ok(udp) => return Ok(Sockets { udp, tcp, address }),
            Err(_) if wanted.port() == 0 && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Whether names can be made in the domain: labels of lower-case letters, digits and inner hyphens, and room for a broker's name
/// before it (RFC 1035, 2.3.4: 255 octets in all).
pub fn is_domain(text: &str) -> bool {
    const ROOM: usize = 180;
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= ROOM && text.split('.').all(label)
}

/// Answers until told to stop.
pub(crate) async fn serve(
    services: Arc<Services>,
    sockets: Sockets,
    mut stop: watch::Receiver<bool>,
) {
    let Some(zone) = zone(&services.settings, sockets.address) else {
        return;
    };
    let responder = Responder {
        services,
        zone: Arc::new(zone),
    };
    let Sockets { udp, tcp, .. } = sockets;
    tokio::select! {
        () = responder.datagrams(&udp) => {}
        () = responder.connections(&tcp) => {}
        _ = stop.changed() => {}
    }
}

fn zone(settings: &Settings, address: SocketAddr) -> Option<Zone> {
    let domain = settings.endpoint_domain.as_deref()?;
    let regions = settings.regions.iter().map(|region| region.name.clone());
    match Zone::new(domain, regions.collect(), address.ip()) {
        Ok(zone) => Some(zone),
        Err(error) => {
            tracing::error!(domain, error = %error, "the endpoint domain cannot be served");
            None
        }
    }
}

#[derive(Clone)]
struct Responder {
    services: Arc<Services>,
    zone: Arc<Zone>,
}

impl Responder {
    fn answer(&self, question: &[u8], limit: Option<u16>) -> Option<Vec<u8>> {
        let snapshot = self.services.store.snapshot();
        // Zones are not transferred: the number has to grow, no more (RFC 1982).
        let seconds = self.services.clock.now().div_euclid(1000);
        let serial = u32::try_from(seconds.rem_euclid(1 << 32)).unwrap_or_default();
        self.zone.answer(&snapshot.state, serial, question, limit)
    }

    async fn datagrams(&self, socket: &UdpSocket) {
        let mut buffer = [0_u8; 4096];
        loop {
            let (length, from) = match socket.recv_from(&mut buffer).await {
                Ok(received) => received,
                Err(error) => {
                    // An earlier answer could not be delivered; should it last, the machine is not kept busy with it.
                    tracing::debug!(error = %error, "no DNS question could be read");
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            };
            let question = buffer.get(..length).unwrap_or_default();
            let Some(answer) = self.answer(question, Some(UDP_LIMIT)) else {
                continue;
            };
            if let Err(error) = socket.send_to(&answer, from).await {
                tracing::debug!(error = %error, "a DNS answer could not be sent");
            }
        }
    }

    async fn connections(&self, listener: &TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            let accepted = listener.accept().await;
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, _)) if connections.len() < CONNECTIONS => {
                    let responder = self.clone();
                    connections.spawn(async move { responder.connection(stream).await });
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(error = %error, "no DNS connection could be accepted");
                    // Out of descriptors, perhaps for long: not to spin.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        }
    }

    /// Answers the questions of one connection until it is closed, silent or not DNS.
    async fn connection(&self, mut stream: TcpStream) {
        loop {
            let exchanged = tokio::time::timeout(SILENCE, self.exchange(&mut stream)).await;
            match exchanged {
                Ok(Ok(true)) => {}
                Ok(Ok(false) | Err(_)) | Err(_) => return,
            }
        }
    }

    /// One question and its answer; false where there was none to give.
    async fn exchange(&self, stream: &mut TcpStream) -> std::io::Result<bool> {
        let length = stream.read_u16().await?;
        let mut question = vec![0; usize::from(length)];
        stream.read_exact(&mut question).await?;
        let Some(answer) = self.answer(&question, None) else {
            return Ok(false);
        };
        let Ok(length) = u16::try_from(answer.len()) else {
            return Ok(false);
        };
        // In one piece: RFC 7766, 8.
        let mut whole = length.to_be_bytes().to_vec();
        whole.extend(answer);
        stream.write_all(&whole).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::is_domain;

    #[test]
    fn only_what_names_can_be_made_in_is_a_domain() {
        let long = "a".repeat(64);
        for (text, right) in [
            ("example.test", true),
            ("test", true),
            ("mq-1.example.org", true),
            ("", false),
            ("example.test.", false),
            (".test", false),
            ("a..b", false),
            ("-a.test", false),
            ("a-.test", false),
            ("Example.test", false),
            ("exa mple.test", false),
            ("*.test", false),
            (long.as_str(), false),
            (&["abcdefgh"; 20].join("."), true),
            (&["abcdefgh"; 21].join("."), false),
        ] {
            assert_eq!(is_domain(text), right, "{text}");
        }
    }
}
