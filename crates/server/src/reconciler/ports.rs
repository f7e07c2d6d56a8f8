//! Whether a node's ports are free, asked before it is started: the engine's own words about it are longer.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use brokers::engine::PromisedPort;
use brokers::plan::{Cause, Reason};

use crate::network_mode::inside;

/// Why one of these ports cannot be opened in the network namespace of this file, or in this process's own; `None` when all can.
/// Blocks for microseconds.
pub(super) fn first_obstacle(ports: &[PromisedPort], namespace: Option<&Path>) -> Option<Reason> {
    let look = || {
        ports
            .iter()
            .find_map(|port| obstacle(port.name, port.socket))
    };
    inside(namespace, look).unwrap_or_else(|error| {
        let text = format!("its network namespace cannot be entered: {error}");
        Some(Reason::new(Cause::Other, text))
    })
}

fn obstacle(name: &str, socket: SocketAddr) -> Option<Reason> {
    match TcpListener::bind(socket) {
        Ok(_) => None,
        Err(error) => match error.kind() {
            std::io::ErrorKind::AddrInUse => Some(Reason::new(
                Cause::PortTaken,
                format!(
                    "port {} of {} ({name}) is taken by another process",
                    socket.port(),
                    socket.ip()
                ),
            )),
            std::io::ErrorKind::AddrNotAvailable => Some(Reason::new(
                Cause::NoAddress,
                format!("{} is not an address of this machine", socket.ip()),
            )),
            // Whatever else it is, the engine will meet it too, and say what it is.
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = |socket| PromisedPort {
            name: "mqtt",
            socket,
            for_clients: true,
        };
        let socket = taken.local_addr().unwrap();
        let reason = first_obstacle(&[port(socket)], None).unwrap();
        assert_eq!(reason.cause, Cause::PortTaken);
        assert_eq!(
            reason.text,
            format!(
                "port {} of 127.0.0.1 (mqtt) is taken by another process",
                socket.port()
            )
        );
        drop(taken);
        assert_eq!(first_obstacle(&[port(socket)], None), None);
        let nowhere = first_obstacle(&[port("192.0.2.1:61617".parse().unwrap())], None).unwrap();
        assert_eq!(nowhere.cause, Cause::NoAddress);
    }
}
