//! The names of endpoints, asked over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail the test"
)]

use std::net::{Ipv4Addr, SocketAddr};

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, RecordType};
use serde_json::{Value, json};
use testkit::Postern;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

const DOMAIN: &str = "mq.example.test";

async fn start() -> (Postern, SocketAddr) {
    let postern = Postern::start_with(|settings| {
        settings.endpoint_domain = Some(DOMAIN.into());
        settings.dns_listen = Some(([127, 0, 0, 1], 0).into());
    })
    .await
    .unwrap();
    let address = postern.service().dns_address().unwrap();
    (postern, address)
}

async fn broker(postern: &Postern, engine: &str, mode: &str) -> (String, Vec<Ipv4Addr>) {
    let (version, instance) = match engine {
        "ACTIVEMQ" => ("5.18", "mq.m5.large"),
        _ => ("3.13", "mq.m5.large"),
    };
    let request = json!({
        "brokerName": format!("b{}", mode.len()), "engineType": engine, "engineVersion": version,
        "hostInstanceType": instance, "deploymentMode": mode, "publiclyAccessible": false,
        "autoMinorVersionUpgrade": true,
        "users": [{"username": "admin", "password": "correct-horse-battery"}],
    });
    let made = postern
        .root()
        .mq_json("POST", "/v1/brokers", &request)
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{}", made.body);
    let made: Value = made.json();
    let id = made["brokerId"].as_str().unwrap().to_owned();
    let snapshot = postern.service().services().store.snapshot();
    let broker = snapshot
        .state
        .account("111122223333")
        .unwrap()
        .broker(&id)
        .unwrap();
    let addresses = broker.instances.iter().map(|one| one.address).collect();
    (id, addresses)
}

fn question(name: &str, kind: RecordType) -> Message {
    let mut message = Message::query();
    message.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
    message
}

async fn exchange(server: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let socket = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
    socket.connect(server).await.unwrap();
    socket.send(bytes).await.unwrap();
    let mut buffer = vec![0; 4096];
    let length = socket.recv(&mut buffer).await.unwrap();
    buffer.truncate(length);
    buffer
}

async fn ask(server: SocketAddr, message: &Message) -> Message {
    let answer = exchange(server, &message.to_vec().unwrap()).await;
    let answer = Message::from_vec(&answer).unwrap();
    assert_eq!(answer.metadata.id, message.metadata.id);
    assert_eq!(answer.metadata.message_type, MessageType::Response);
    assert!(!answer.metadata.recursion_available);
    answer
}

async fn look(server: SocketAddr, name: &str, kind: RecordType) -> Message {
    ask(server, &question(name, kind)).await
}

fn addresses(message: &Message) -> Vec<Ipv4Addr> {
    message
        .answers
        .iter()
        .map(|record| match &record.data {
            RData::A(address) => address.0,
            other => panic!("{other}"),
        })
        .collect()
}

fn code(message: &Message) -> ResponseCode {
    message.metadata.response_code
}

#[tokio::test]
async fn every_instance_has_its_name_as_long_as_the_broker_is_there() {
    let (mut postern, server) = start().await;
    let (active, of_active) = broker(&postern, "ACTIVEMQ", "ACTIVE_STANDBY_MULTI_AZ").await;
    let (rabbit, of_rabbit) = broker(&postern, "RABBITMQ", "CLUSTER_MULTI_AZ").await;
    assert_eq!((of_active.len(), of_rabbit.len()), (2, 3));
    let host = |name: &str| format!("{name}.mq.us-east-1.{DOMAIN}.");
    for (number, address) in (1..).zip(&of_active) {
        // Resolvers may ask in any spelling, and compare it.
        let name = host(&format!("{active}-{number}")).to_uppercase();
        let answer = look(server, &name, RecordType::A).await;
        assert_eq!(code(&answer), ResponseCode::NoError);
        assert!(answer.metadata.authoritative);
        assert_eq!(addresses(&answer), [*address]);
        assert_eq!(answer.answers[0].ttl, 60);
        assert_eq!(answer.answers[0].name.to_ascii(), name);
    }
    let answer = look(server, &host(&rabbit), RecordType::A).await;
    assert_eq!(addresses(&answer), of_rabbit);
    // There are no addresses of IPv6: the name is there, and has none.
    let answer = look(server, &host(&rabbit), RecordType::AAAA).await;
    assert_eq!(code(&answer), ResponseCode::NoError);
    assert!(answer.answers.is_empty());
    assert_eq!(answer.authorities[0].record_type(), RecordType::SOA);
    for name in [
        host(&active),
        host(&format!("{active}-3")),
        host(&format!("{active}-01")),
        host(&format!("{rabbit}-1")),
        host("b-00000000-0000-4000-8000-000000000000-1"),
        format!("{active}-1.mq.us-west-2.{DOMAIN}."),
        format!("{active}-1.us-east-1.{DOMAIN}."),
        format!("x.{}", host(&format!("{active}-1"))),
        format!("nothing.{DOMAIN}."),
    ] {
        let answer = look(server, &name, RecordType::A).await;
        assert_eq!(code(&answer), ResponseCode::NXDomain, "{name}");
        assert!(answer.metadata.authoritative);
        assert_eq!(answer.authorities[0].record_type(), RecordType::SOA);
        assert!(answer.answers.is_empty());
    }
    // After a start they are the same; the port is another.
    postern.restart().await.unwrap();
    let server = postern.service().dns_address().unwrap();
    let answer = look(server, &host(&format!("{active}-1")), RecordType::A).await;
    assert_eq!(addresses(&answer), of_active[..1]);
    postern.stop().await;
}

#[tokio::test]
async fn the_domain_has_an_authority_and_nothing_outside_of_it_is_answered() {
    let (postern, server) = start().await;
    let domain = format!("{DOMAIN}.");
    let authority = look(server, &domain, RecordType::SOA).await;
    let RData::SOA(soa) = &authority.answers[0].data else {
        panic!("{authority}")
    };
    assert_eq!(soa.mname.to_ascii(), format!("ns1.{domain}"));
    assert_eq!(soa.minimum, 5);
    let servers = look(server, &domain, RecordType::NS).await;
    assert_eq!(servers.answers[0].data.to_string(), format!("ns1.{domain}"));
    assert_eq!(servers.additionals[0].data.to_string(), "127.0.0.1");
    let own = look(server, &format!("ns1.{domain}"), RecordType::A).await;
    assert_eq!(addresses(&own), [Ipv4Addr::LOCALHOST]);
    for between in [
        domain.clone(),
        format!("us-east-1.{domain}"),
        format!("mq.us-east-1.{domain}"),
    ] {
        let answer = look(server, &between, RecordType::A).await;
        assert_eq!(code(&answer), ResponseCode::NoError, "{between}");
        assert!(answer.answers.is_empty());
    }
    for outside in ["example.test.", "xmq.example.test.", "example.org.", "."] {
        let answer = look(server, outside, RecordType::A).await;
        assert_eq!(code(&answer), ResponseCode::Refused, "{outside}");
        assert!(!answer.metadata.authoritative);
        assert!(answer.answers.is_empty() && answer.authorities.is_empty());
    }
    let zone = look(server, &domain, RecordType::AXFR).await;
    assert_eq!(code(&zone), ResponseCode::Refused);
    let mut chaos = question(&domain, RecordType::TXT);
    chaos.queries[0].set_query_class(DNSClass::CH);
    assert_eq!(code(&ask(server, &chaos).await), ResponseCode::Refused);
    postern.stop().await;
}

#[tokio::test]
async fn what_is_no_question_is_refused_or_left_alone() {
    let (postern, server) = start().await;
    let right = question(&format!("{DOMAIN}."), RecordType::SOA);
    // Neither answers nor fragments are answered: the next one that comes back is that of the question.
    let socket = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
    socket.connect(server).await.unwrap();
    let mut answer = right.to_vec().unwrap();
    answer[2] |= 0x80;
    for silent in [&answer[..], b"", b"\x00", b"\x12\x34\x00"] {
        socket.send(silent).await.unwrap();
    }
    socket.send(&right.to_vec().unwrap()).await.unwrap();
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer).await.unwrap();
    let first = Message::from_vec(&buffer[..length]).unwrap();
    assert_eq!(first.metadata.id, right.metadata.id);

    let mut torn = right.to_vec().unwrap();
    torn.truncate(torn.len() - 3);
    let answer = Message::from_vec(&exchange(server, &torn).await).unwrap();
    assert_eq!(code(&answer), ResponseCode::FormErr);
    assert_eq!(answer.metadata.id, right.metadata.id);
    let mut two = right.clone();
    two.add_query(two.queries[0].clone());
    assert_eq!(code(&ask(server, &two).await), ResponseCode::FormErr);
    let mut update = right.clone();
    update.metadata.op_code = OpCode::Notify;
    assert_eq!(code(&ask(server, &update).await), ResponseCode::NotImp);
    let mut newer = right.clone();
    let mut edns = Edns::new();
    edns.set_version(1);
    newer.set_edns(edns);
    // BADVERS, which is BADSIG elsewhere (RFC 6891, 9).
    assert_eq!(u16::from(code(&ask(server, &newer).await)), 16);
    let mut plain = right.clone();
    plain.set_edns(Edns::new());
    let answer = ask(server, &plain).await;
    assert_eq!(code(&answer), ResponseCode::NoError);
    assert_eq!(answer.edns.unwrap().max_payload(), 1232);
    postern.stop().await;
}

#[tokio::test]
async fn questions_are_answered_over_tcp_one_after_another_on_one_connection() {
    let (postern, server) = start().await;
    let mut stream = TcpStream::connect(server).await.unwrap();
    for kind in [RecordType::SOA, RecordType::NS, RecordType::A] {
        let asked = question(&format!("{DOMAIN}."), kind);
        let bytes = asked.to_vec().unwrap();
        stream
            .write_u16(u16::try_from(bytes.len()).unwrap())
            .await
            .unwrap();
        stream.write_all(&bytes).await.unwrap();
        let mut answer = vec![0; usize::from(stream.read_u16().await.unwrap())];
        stream.read_exact(&mut answer).await.unwrap();
        let answer = Message::from_vec(&answer).unwrap();
        assert_eq!(answer.metadata.id, asked.metadata.id);
        assert_eq!(answer.queries, asked.queries);
        assert_eq!(code(&answer), ResponseCode::NoError);
    }
    // What is not DNS ends the connection.
    stream.write_all(b"\x00\x02hi").await.unwrap();
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0);
    postern.stop().await;
}

/// Numbers that look random and are the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// A message that may be anything: noise, or a question that was changed, cut, grown, or given wrong counts or pointers.
fn message(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    if dice.below(8) == 0 {
        let length = dice.below(700);
        return (0..length).map(|_| dice.byte()).collect();
    }
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len().max(1));
        match dice.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.extend((0..dice.below(40)).map(|_| dice.byte())),
            // A count of records that are not there.
            2 if bytes.len() > 11 => bytes[4 + dice.below(8)] = dice.byte(),
            // A pointer, perhaps to itself.
            3 if at + 1 < bytes.len() => {
                bytes[at] = 0xC0;
                bytes[at + 1] = u8::try_from(dice.below(bytes.len().min(256))).unwrap();
            }
            _ if at < bytes.len() => bytes[at] = dice.byte(),
            _ => {}
        }
    }
    bytes
}

/// What comes back is a response to this message, no longer than its asker takes.
fn assert_response(sent: &[u8], received: &[u8]) {
    assert_eq!(received[..2], sent[..2]);
    let response = Message::from_vec(received).unwrap();
    assert_eq!(response.metadata.message_type, MessageType::Response);
    assert!(received.len() <= 1232, "{}", received.len());
}

#[tokio::test]
async fn no_message_stops_the_responder_and_every_answer_is_a_message() {
    const MESSAGES: usize = 20_000;
    let (postern, server) = start().await;
    let (active, _) = broker(&postern, "ACTIVEMQ", "ACTIVE_STANDBY_MULTI_AZ").await;
    let mut extended = question(&format!("{DOMAIN}."), RecordType::ANY);
    extended.set_edns(Edns::new());
    let seeds: Vec<Vec<u8>> = [
        question(&format!("{active}-1.mq.us-east-1.{DOMAIN}."), RecordType::A),
        question(&format!("{}{DOMAIN}.", "a.".repeat(60)), RecordType::AAAA),
        question(&format!("{DOMAIN}."), RecordType::NS),
        question(".", RecordType::AXFR),
        extended,
    ]
    .iter()
    .map(|message| message.to_vec().unwrap())
    .collect();
    let socket = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
    socket.connect(server).await.unwrap();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut buffer = vec![0; 65_536];
    let (mut answered, mut named) = (0_usize, 0_usize);
    let mut control = question(&format!("{DOMAIN}."), RecordType::SOA);
    for round in 0..MESSAGES {
        let mut sent = message(&mut dice, &seeds);
        // An id of its own, which is not that of the question that is sent after it.
        for (byte, id) in sent.iter_mut().zip([0, 1]) {
            *byte = id;
        }
        socket.send(&sent).await.unwrap();
        control.metadata.id = u16::try_from(round % 60_000 + 1000).unwrap();
        socket.send(&control.to_vec().unwrap()).await.unwrap();
        loop {
            let length =
                tokio::time::timeout(std::time::Duration::from_secs(30), socket.recv(&mut buffer))
                    .await
                    .unwrap_or_else(|_| panic!("no answer after {sent:?}"))
                    .unwrap();
            let received = &buffer[..length];
            if received[..2] == control.metadata.id.to_be_bytes() {
                break;
            }
            assert_response(&sent, received);
            answered += 1;
            named += usize::from(!Message::from_vec(received).unwrap().answers.is_empty());
        }
    }
    println!("{MESSAGES} messages, {answered} answered, {named} with records");
    assert!(answered > MESSAGES / 4 && named > MESSAGES / 50);
    // Over TCP as well, where a connection ends with what is not answered.
    for _ in 0..500 {
        let sent = message(&mut dice, &seeds);
        let mut stream = TcpStream::connect(server).await.unwrap();
        let mut whole = u16::try_from(sent.len()).unwrap().to_be_bytes().to_vec();
        whole.extend(&sent);
        stream.write_all(&whole).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await.unwrap();
        if let Some((length, answer)) = received.split_first_chunk::<2>() {
            assert_eq!(usize::from(u16::from_be_bytes(*length)), answer.len());
            assert_response(&sent, answer);
        }
    }
    postern.stop().await;
}
