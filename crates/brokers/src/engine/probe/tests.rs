use proptest::prelude::*;

use super::*;

fn login() -> Login {
    Login {
        username: "app".to_owned(),
        password: Secret::new("apppassword1"),
    }
}

fn conversation(target: Target) -> Conversation {
    Conversation::new(target, &login(), "127.0.0.1", [7; 16])
}

fn accepted(step: Step) -> bool {
    step == Step::Done(Outcome::Accepted)
}

fn is_refused(step: Step) -> bool {
    matches!(step, Step::Done(Outcome::Refused(_)))
}

#[test]
fn stomp_is_accepted_by_connected_and_refused_by_error() {
    let mut talk = conversation(Target::Stomp);
    let opening = String::from_utf8(talk.opening()).unwrap();
    assert!(opening.contains("\nlogin:app\npasscode:apppassword1\n\n\0"));
    assert_eq!(talk.receive(b"CONNECTED\nversion"), Step::Wait);
    assert!(accepted(talk.receive(b":1.2\n\n\0")));
    assert!(is_refused(conversation(Target::Stomp).receive(
        b"ERROR\nmessage:User name [app] or password is invalid.\n\n\0"
    )));
}

#[test]
fn mqtt_is_judged_by_its_return_code() {
    let mut talk = conversation(Target::Mqtt);
    assert_eq!(talk.opening().first(), Some(&0x10));
    assert_eq!(talk.receive(&[0x20, 2]), Step::Wait);
    assert!(accepted(talk.receive(&[0, 0])));
    assert!(is_refused(
        conversation(Target::Mqtt).receive(&[0x20, 2, 0, 4])
    ));
}

#[test]
fn amqp_goes_through_sasl_to_open() {
    let mut talk = conversation(Target::Amqp);
    assert_eq!(talk.opening(), b"AMQP\x03\x01\x00\x00");
    let mut mechanisms = b"AMQP\x03\x01\x00\x00".to_vec();
    mechanisms.extend([0, 0, 0, 23, 2, 1, 0, 0, 0, 0x53, 0x40, 0xc0, 9, 1, 0xa3, 5]);
    mechanisms.extend(b"PLAIN");
    mechanisms.extend([0, 0]);
    let Step::Send(init) = talk.receive(&mechanisms) else {
        panic!("no answer to the mechanisms");
    };
    assert!(init.windows(17).any(|w| w == b"\0app\0apppassword1"));
    let outcome = [0, 0, 0, 16, 2, 1, 0, 0, 0, 0x53, 0x44, 0xc0, 3, 1, 0x50, 0];
    assert_eq!(
        talk.receive(&outcome),
        Step::Send(b"AMQP\x00\x01\x00\x00".to_vec())
    );
    assert!(matches!(
        talk.receive(b"AMQP\x00\x01\x00\x00"),
        Step::Send(_)
    ));
    assert!(accepted(
        talk.receive(&[0, 0, 0, 14, 2, 0, 0, 0, 0, 0x53, 0x10, 0xc0, 1, 0])
    ));

    let mut talk = conversation(Target::Amqp);
    talk.receive(&mechanisms);
    assert!(is_refused(talk.receive(&[
        0, 0, 0, 16, 2, 1, 0, 0, 0, 0x53, 0x44, 0xc0, 3, 1, 0x50, 1
    ])));
}

#[test]
fn openwire_logs_in_after_the_greeting() {
    let mut talk = conversation(Target::OpenWire);
    let greeting = talk.opening();
    // The engine's greeting has the same shape as ours.
    let Step::Send(login) = talk.receive(&greeting) else {
        panic!("no login after the greeting");
    };
    assert!(login.windows(12).any(|w| w == b"apppassword1"));
    assert_eq!(talk.receive(&[0, 0, 0, 2, 2, 0]), Step::Wait);
    assert!(accepted(
        talk.receive(&[0, 0, 0, 10, 30, 0, 0, 0, 2, 0, 0, 0, 0, 1])
    ));

    let mut talk = conversation(Target::OpenWire);
    talk.receive(&greeting);
    assert!(is_refused(
        talk.receive(&[0, 0, 0, 10, 31, 0, 0, 0, 2, 0, 0, 0, 0, 1])
    ));
}

#[test]
fn a_websocket_carries_either_protocol() {
    for (target, answer) in [
        (Target::StompOverWebSocket, b"CONNECTED\n\n\0".to_vec()),
        (Target::MqttOverWebSocket, vec![0x20, 2, 0, 0]),
    ] {
        let mut talk = conversation(target);
        assert!(talk.opening().starts_with(b"GET / HTTP/1.1\r\n"));
        assert!(matches!(
            talk.receive(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
            Step::Send(_)
        ));
        let mut frame = vec![0x82, u8::try_from(answer.len()).unwrap()];
        frame.extend(answer);
        assert!(matches!(talk.receive(&[0x89, 0]), Step::Send(_)), "a ping");
        assert!(accepted(talk.receive(&frame)), "{target:?}");
    }
    assert!(matches!(
        conversation(Target::StompOverWebSocket).receive(b"HTTP/1.1 404 No\r\n\r\n"),
        Step::Done(Outcome::Unexpected(_))
    ));
}

#[test]
fn an_endless_answer_is_cut_off() {
    for target in Target::ALL {
        let mut talk = conversation(target);
        let mut ended = false;
        for _ in 0..20 {
            ended |= matches!(talk.receive(&[b'x'; 8192]), Step::Done(_));
        }
        assert!(ended, "{target:?}");
    }
}

proptest! {
    #[test]
    fn nothing_received_makes_a_conversation_panic(
        target in proptest::sample::select(Target::ALL.to_vec()),
        prefix in 0usize..4,
        parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 0..8),
    ) {
        let mut talk = conversation(target);
        talk.opening();
        let starts: [&[u8]; 4] = [
            b"",
            b"HTTP/1.1 101 x\r\n\r\n",
            b"AMQP\x03\x01\x00\x00\x00\x00\x00\x0e\x02\x01\x00\x00\x00\x53\x40",
            b"\x00\x00\x00\x0e\x01ActiveMQ\x00\x00\x00\x0c\x00",
        ];
        talk.receive(starts[prefix]);
        for part in parts {
            if matches!(talk.receive(&part), Step::Done(_)) {
                break;
            }
        }
    }

    #[test]
    fn nothing_received_makes_an_http_exchange_panic(
        parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 0..8),
        chunked in any::<bool>(),
    ) {
        let mut exchange = HttpExchange::new("GET", "h", "/", None, None);
        let head: &[u8] = if chunked { b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" } else { b"" };
        exchange.receive(head);
        for part in parts {
            exchange.receive(&part);
        }
        let _ = exchange.end();
    }
}
