//! What a hostile client sends before it logs in: the beginning of a frame far over any limit.

use super::{Target, websocket};

/// Bytes that announce a frame of at least 256 MiB without sending it. An engine that limits frames before login closes
/// the connection at once; one that does not goes on waiting for the rest.
#[must_use]
pub fn oversized(target: Target, host: &str, nonce: [u8; 16]) -> Vec<u8> {
    match target {
        // The length of a command, then the first byte of one.
        Target::OpenWire => vec![0x7f, 0xff, 0xff, 0xff, 1],
        Target::Amqp => {
            let mut bytes = b"AMQP\x03\x01\x00\x00".to_vec();
            bytes.extend([0x7f, 0xff, 0xff, 0xff, 2, 1, 0, 0]);
            bytes
        }
        Target::Stomp => b"SEND\ndestination:/queue/x\ncontent-length:2147483647\n\nx".to_vec(),
        // The largest remaining length that MQTT can say: 268,435,455.
        Target::Mqtt => vec![0x10, 0xff, 0xff, 0xff, 0x7f, 0],
        Target::StompOverWebSocket => {
            let mut bytes = websocket::upgrade(host, "v12.stomp", nonce);
            bytes.extend(huge_frame(0x81));
            bytes
        }
        Target::MqttOverWebSocket => {
            let mut bytes = websocket::upgrade(host, "mqtt", nonce);
            bytes.extend(huge_frame(0x82));
            bytes
        }
    }
}

/// The head of a masked WebSocket frame of one gibibyte.
fn huge_frame(first: u8) -> Vec<u8> {
    let mut bytes = vec![first, 0x80 | 127];
    bytes.extend((1u64 << 30).to_be_bytes());
    bytes.extend([0; 8]);
    bytes
}
