//! Just enough STOMP 1.2 to send, to receive and to be refused.

use std::net::SocketAddr;
use std::time::Duration;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use server::engines::probe::tls_client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::program::Program;

/// A connection that is logged in.
pub(crate) struct Stomp {
    stream: TlsStream<TcpStream>,
    received: Vec<u8>,
}

/// A frame: its command, its headers as they stand, its body.
pub(crate) struct Frame {
    pub(crate) command: String,
    pub(crate) body: String,
}

impl Stomp {
    /// Logs in at the broker that `described` describes; the certificate has to be of the program's authority.
    pub(crate) async fn log_in(
        program: &Program,
        described: &serde_json::Value,
        username: &str,
        password: &str,
    ) -> Result<Stomp, String> {
        let host = described["brokerInstances"][0]["ipAddress"]
            .as_str()
            .unwrap();
        let address: SocketAddr = format!("{host}:61614").parse().unwrap();
        let authority = CertificateDer::from_pem_slice(&program.authority()).unwrap();
        let tls = tls_client(&[authority]).unwrap();
        let talk = async {
            let stream = TcpStream::connect(address).await.map_err(text)?;
            let name = ServerName::IpAddress(address.ip().into());
            let stream = TlsConnector::from(tls)
                .connect(name, stream)
                .await
                .map_err(text)?;
            let mut stomp = Stomp {
                stream,
                received: Vec::new(),
            };
            let connect = format!(
                "CONNECT\naccept-version:1.2\nhost:{host}\nlogin:{username}\npasscode:{password}\n\n\0"
            );
            stomp.send(&connect).await?;
            let frame = stomp.frame().await?;
            match frame.command.as_str() {
                "CONNECTED" => Ok(stomp),
                _ => Err(format!("refused: {} {}", frame.command, frame.body)),
            }
        };
        let limit = Duration::from_secs(20);
        tokio::time::timeout(limit, talk).await.map_err(text)?
    }

    /// Sends a persistent message and waits until the broker has it.
    pub(crate) async fn publish(&mut self, queue: &str, body: &str) -> Result<(), String> {
        let frame =
            format!("SEND\ndestination:/queue/{queue}\npersistent:true\nreceipt:r\n\n{body}\0");
        self.send(&frame).await?;
        match self.frame().await?.command.as_str() {
            "RECEIPT" => Ok(()),
            other => Err(format!("no receipt but {other}")),
        }
    }

    /// Takes so many messages from a queue, in their order.
    pub(crate) async fn take(&mut self, queue: &str, count: usize) -> Result<Vec<String>, String> {
        let frame = format!("SUBSCRIBE\nid:1\ndestination:/queue/{queue}\nack:auto\n\n\0");
        self.send(&frame).await?;
        let mut bodies = Vec::with_capacity(count);
        while bodies.len() < count {
            bodies.push(self.frame().await?.body);
        }
        Ok(bodies)
    }

    async fn send(&mut self, frame: &str) -> Result<(), String> {
        self.stream
            .write_all(frame.as_bytes())
            .await
            .map_err(text)?;
        self.stream.flush().await.map_err(text)
    }

    async fn frame(&mut self) -> Result<Frame, String> {
        let read = async {
            loop {
                if let Some(end) = self.received.iter().position(|byte| *byte == 0) {
                    let frame: Vec<u8> = self.received.drain(..=end).collect();
                    let frame = String::from_utf8_lossy(&frame);
                    let frame = frame.trim_start().trim_end_matches('\0');
                    let (head, body) = frame.split_once("\n\n").unwrap_or((frame, ""));
                    return Ok(Frame {
                        command: head.lines().next().unwrap_or_default().to_owned(),
                        body: body.to_owned(),
                    });
                }
                let mut buffer = [0; 4096];
                match self.stream.read(&mut buffer).await.map_err(text)? {
                    0 => return Err("closed".to_owned()),
                    count => self.received.extend_from_slice(&buffer[..count]),
                }
            }
        };
        let limit = Duration::from_secs(20);
        tokio::time::timeout(limit, read).await.map_err(text)?
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
