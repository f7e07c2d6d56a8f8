//! Requests whose end is in doubt, or that are no requests. The connection must end with each of them: what comes behind, here a
//! rightly signed request, would be a request that only one of two recipients sees.

use crate::Case;
use crate::message::{Maker, Message};

/// All cases of this kind.
pub(crate) fn cases(maker: &Maker) -> Vec<Case> {
    let mut cases = Vec::new();
    let marker = maker.iam("marker").bytes();
    for (service, base) in [("iam", maker.iam("canary")), ("mq", maker.mq("canary"))] {
        // The body is a whole request by itself: whoever takes it for one makes the marker.
        let mut base = base;
        base.body.clone_from(&marker);
        let base = base.set("content-length", &marker.len().to_string());
        let mut add = |kind: &'static str, what: String, bytes: Vec<u8>| {
            let mut whole = bytes;
            whole.extend_from_slice(&marker);
            cases.push(Case::broken(kind, format!("{service}: {what}"), whole));
        };
        lengths(&base, &mut add);
        codings(&base, &mut add);
        chunks(&base, &marker, &mut add);
        lines(&base, &mut add);
        control_characters(&base, &mut add);
        versions(&base, &mut add);
        targets(&base, maker.host(), &mut add);
        sizes(&base, &mut add);
    }
    foreign_protocols(&marker, &mut cases);
    cases
}

type Add<'a> = dyn FnMut(&'static str, String, Vec<u8>) + 'a;

fn lengths(base: &Message, add: &mut Add<'_>) {
    let right = base.body.len().to_string();
    let bare = base.without("content-length");
    for (first, second) in [
        (&*right, &*right),
        (&*right, "0"),
        ("0", &*right),
        (&*right, "5"),
        ("5", &*right),
        ("", &*right),
        (&*right, ""),
        (&*right, "+0"),
    ] {
        let twice = bare
            .with("content-length", first)
            .with("Content-Length", second);
        add(
            "two lengths",
            format!("`{first}` and `{second}`"),
            twice.bytes(),
        );
    }
    let joined = format!("{right}, {right}");
    for value in [
        "",
        "+5",
        "-5",
        "-0",
        "0x5",
        "5 5",
        "5,5",
        "5;5",
        "5.0",
        "1e1",
        "five",
        "\"5\"",
        "٥",
        "99999999999999999999",
        "18446744073709551616",
        &*joined,
    ] {
        add(
            "a length that is no number",
            format!("`{value}`"),
            bare.with("content-length", value).bytes(),
        );
    }
}

fn codings(base: &Message, add: &mut Add<'_>) {
    let bare = base.without("content-length");
    let right = base.body.len().to_string();
    for coding in [
        "chunked",
        "Chunked",
        " chunked",
        "chunked ",
        "\tchunked",
        "xchunked",
        "chunkedx",
        "chunked, identity",
        "identity, chunked",
        "chunked, chunked",
        "gzip, chunked",
        "chunked;q=1",
        "\"chunked\"",
        "identity",
        "",
        ",chunked",
        "chunked,",
        "chun ked",
    ] {
        let after = bare
            .with("content-length", &right)
            .with("transfer-encoding", coding);
        let before = bare
            .with("Transfer-Encoding", coding)
            .with("content-length", &right);
        add(
            "a length and a coding",
            format!("length, then `{coding}`"),
            after.bytes(),
        );
        add(
            "a length and a coding",
            format!("`{coding}`, then length"),
            before.bytes(),
        );
        if !coding.trim().eq_ignore_ascii_case("chunked") {
            add(
                "a coding nobody knows",
                format!("`{coding}`"),
                bare.with("transfer-encoding", coding).bytes(),
            );
        }
        let twice = bare
            .with("transfer-encoding", "chunked")
            .with("Transfer-encoding", coding);
        add(
            "two codings",
            format!("`chunked` and `{coding}`"),
            twice.bytes(),
        );
    }
}

fn chunks(base: &Message, marker: &[u8], add: &mut Add<'_>) {
    let head = {
        let mut chunked = base
            .without("content-length")
            .with("transfer-encoding", "chunked");
        chunked.body.clear();
        chunked.bytes()
    };
    let with = |size: &str, data: &[u8], rest: &str| {
        let mut bytes = head.clone();
        bytes.extend_from_slice(size.as_bytes());
        bytes.extend_from_slice(data);
        bytes.extend_from_slice(rest.as_bytes());
        bytes
    };
    for size in [
        "",
        " 5",
        "+5",
        "-5",
        "0x5",
        "5 ",
        "5;",
        "5;a=b",
        "5;a=\"\r\n\"",
        "g",
        "5g",
        "٥",
        "100000000",
        "000000005",
        "fffffffffffffffff",
        "10000000000000005",
        "5\t",
        "5\0",
        "5,5",
    ] {
        let bytes = with(&format!("{size}\r\n"), b"abcde\r\n0\r\n\r\n", "");
        add(
            "a chunk's size that is no number",
            format!("{size:?}"),
            bytes,
        );
    }
    for (what, size, data, rest) in [
        ("a size ends with LF", "5\n", &b"abcde"[..], "\r\n0\r\n\r\n"),
        ("a size ends with CR", "5\r", b"abcde", "\r\n0\r\n\r\n"),
        (
            "data ends without a line end",
            "5\r\n",
            b"abcde",
            "0\r\n\r\n",
        ),
        ("data ends with LF", "5\r\n", b"abcde", "\n0\r\n\r\n"),
        ("data ends with CR CR", "5\r\n", b"abcde", "\r\r0\r\n\r\n"),
        (
            "data is longer than its size",
            "5\r\n",
            b"abcdefgh",
            "\r\n0\r\n\r\n",
        ),
        (
            "the last chunk ends with LF",
            "5\r\n",
            b"abcde",
            "\r\n0\n\r\n",
        ),
        (
            "the trailer ends with LF",
            "5\r\n",
            b"abcde",
            "\r\n0\r\na: b\n\r\n",
        ),
        ("the end is LF", "5\r\n", b"abcde", "\r\n0\r\n\n"),
        (
            "a marker is a chunk's extension",
            "5;",
            marker,
            "\r\n0\r\n\r\n",
        ),
    ] {
        add("chunks in doubt", what.into(), with(size, data, rest));
    }
}

fn lines(base: &Message, add: &mut Add<'_>) {
    let whole = base.bytes();
    let end = whole.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let ends: Vec<usize> = (0..end + 3)
        .filter(|at| whole[*at..].starts_with(b"\r\n"))
        .collect();
    for (line, at) in ends.iter().copied().enumerate() {
        let replaced = |with: &[u8]| {
            let mut bytes = whole[..at].to_vec();
            bytes.extend_from_slice(with);
            bytes.extend_from_slice(&whole[at + 2..]);
            bytes
        };
        add("a bare line feed", format!("line {line}"), replaced(b"\n"));
        add(
            "a bare carriage return",
            format!("line {line}"),
            replaced(b"\r"),
        );
        add(
            "a carriage return too many",
            format!("line {line}"),
            replaced(b"\r\r\n"),
        );
        // The line before the end is followed by nothing that could be folded.
        if at < end {
            for (what, fold) in [
                ("a blank", &b"\r\n folded\r\n"[..]),
                ("a tab", b"\r\n\tfolded\r\n"),
                ("blanks only", b"\r\n  \r\n"),
            ] {
                add(
                    "a folded line",
                    format!("{what} after line {line}"),
                    replaced(fold),
                );
            }
        }
    }
    for (name, value) in &base.headers {
        for blank in [" ", "\t", "  "] {
            let spoilt = base.without(name).with(&format!("{name}{blank}"), value);
            add(
                "a blank before the colon",
                format!("{name}{blank:?}"),
                spoilt.bytes(),
            );
        }
    }
    for line in [
        "novalue",
        ": nameless",
        " leading: blank",
        "na me: x",
        "na(me: x",
        "na\"me: x",
        "näme: x",
        "na/me: x",
        "@: x",
    ] {
        let text = String::from_utf8(whole.clone()).unwrap();
        let spoilt = text.replacen("host:", &format!("{line}\r\nhost:"), 1);
        add("a line that is no header", line.into(), spoilt.into_bytes());
    }
    for lead in ["\r\n", "\r\n\r\n", "\n", " ", "\t", "\0"] {
        let mut bytes = lead.as_bytes().to_vec();
        bytes.extend_from_slice(&whole);
        add("something before the request", format!("{lead:?}"), bytes);
    }
}

fn control_characters(base: &Message, add: &mut Add<'_>) {
    for byte in [0x00_u8, 0x01, 0x08, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f] {
        let c = char::from(byte);
        for (place, spoilt) in [
            ("a value", base.with("x-other", &format!("a{c}b"))),
            ("a value's end", base.with("x-other", &format!("a{c}"))),
            ("a name", base.with(&format!("x{c}other"), "a")),
            (
                "the length's name",
                base.with(&format!("content-length{c}"), "5"),
            ),
            (
                "the method",
                Message {
                    method: format!("PO{c}ST"),
                    ..base.clone()
                },
            ),
            (
                "the target",
                Message {
                    target: format!("{}{c}", base.target),
                    ..base.clone()
                },
            ),
            (
                "the version",
                Message {
                    version: format!("HTTP/1.1{c}"),
                    ..base.clone()
                },
            ),
        ] {
            add(
                "a control character",
                format!("0x{byte:02x} in {place}"),
                spoilt.bytes(),
            );
        }
    }
}

fn versions(base: &Message, add: &mut Add<'_>) {
    for version in [
        "",
        "HTTP/0.9",
        "HTTP/1.2",
        "HTTP/1.9",
        "HTTP/2.0",
        "HTTP/2",
        "HTTP/3.0",
        "HTTP/11",
        "HTTP/1",
        "HTTP/01.1",
        "HTTP/1.01",
        "http/1.1",
        "Http/1.1",
        "HTTP/1.1 ",
        "HTTP /1.1",
        "HTTPS/1.1",
        "ICY/1.1",
        "HTTP/1,1",
        "HTTP/1.1.1",
        "HTTP/-1.1",
    ] {
        let spoilt = Message {
            version: version.into(),
            ..base.clone()
        };
        add(
            "a version nobody speaks",
            format!("`{version}`"),
            spoilt.bytes(),
        );
    }
    let chunked = base
        .without("content-length")
        .with("transfer-encoding", "chunked");
    let old = Message {
        version: "HTTP/1.0".into(),
        ..chunked
    };
    add("chunks before HTTP/1.1", "HTTP/1.0".into(), old.bytes());
}

fn targets(base: &Message, host: &str, add: &mut Add<'_>) {
    let path = &base.target;
    for target in [
        format!("http://{host}{path}"),
        format!("HTTP://{host}{path}"),
        format!("https://{host}{path}"),
        format!("http://other.test{path}"),
        format!("ftp://{host}{path}"),
        format!("http://user@{host}{path}"),
        host.to_owned(),
        "*".to_owned(),
        path.trim_start_matches('/').to_owned() + "x",
        format!("{path} {path}"),
        format!(" {path}"),
        format!("?{path}"),
    ] {
        let spoilt = Message {
            target: target.clone(),
            ..base.clone()
        };
        add(
            "a target of another form",
            format!("`{target}`"),
            spoilt.bytes(),
        );
    }
    for target in [host, path, "other.test:443", "*"] {
        let spoilt = Message {
            method: "CONNECT".into(),
            target: target.into(),
            ..base.clone()
        };
        add("CONNECT", format!("`{target}`"), spoilt.bytes());
    }
}

fn sizes(base: &Message, add: &mut Add<'_>) {
    let long = |length: usize| "y".repeat(length);
    for length in [8 * 1024 + 1, 9_000, 16_384, 31_000, 40_000, 60_000] {
        let spoilt = Message {
            target: format!("{}?x={}", base.target, long(length)),
            ..base.clone()
        };
        add(
            "a target that is too long",
            format!("{length} bytes"),
            spoilt.bytes(),
        );
    }
    for length in [33_000, 49_152, 65_536, 200_000] {
        add(
            "a header that is too long",
            format!("value of {length}"),
            base.with("x-long", &long(length)).bytes(),
        );
        add(
            "a header that is too long",
            format!("name of {length}"),
            base.with(&long(length), "x").bytes(),
        );
    }
    for count in [101, 102, 128, 500, 2_000] {
        let mut many = base.clone();
        many.headers
            .extend((0..count).map(|n| (format!("x-{n}"), "1".to_owned())));
        add("too many headers", count.to_string(), many.bytes());
    }
    let bare = base.without("content-length");
    for length in [
        2 * 1024 * 1024 + 1,
        99_999_999,
        u32::MAX as usize + 1,
        i64::MAX as usize,
    ] {
        add(
            "a body that is too long",
            length.to_string(),
            bare.with("content-length", &length.to_string()).bytes(),
        );
    }
}

fn foreign_protocols(marker: &[u8], cases: &mut Vec<Case>) {
    let text = |text: &str| text.as_bytes().to_vec();
    let mut streams = vec![
        (
            "HTTP/2 with prior knowledge",
            text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"),
        ),
        (
            "HTTP/2 without its second half",
            text("PRI * HTTP/2.0\r\n\r\n"),
        ),
        (
            "TLS",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(),
        ),
        ("SSLv2", b"\x80\x2e\x01\x00\x02\r\n\r\n".to_vec()),
        ("SSH", text("SSH-2.0-OpenSSH_9.2\r\n\r\n")),
        ("SMTP", text("EHLO a\r\nMAIL FROM:<a@b>\r\n\r\n")),
        ("HTTP/0.9", text("GET /\r\n\r\n")),
        ("AMQP", text("AMQP\0\x01\0\0\r\n\r\n")),
        ("STOMP", text("CONNECT\naccept-version:1.2\n\n\0\r\n\r\n")),
        (
            "MQTT",
            b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00\r\n\r\n".to_vec(),
        ),
        (
            "PROXY protocol",
            text("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n"),
        ),
        (
            "PROXY protocol 2",
            b"\r\n\r\n\0\r\nQUIT\n!\x11\0\x0c".to_vec(),
        ),
        ("JSON", text("{\"a\":1}\r\n\r\n")),
        (
            "a reply",
            text("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
        ),
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20 {
        let mut noise = Vec::new();
        for _ in 0..64 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            noise.push((seed >> 32) as u8);
        }
        noise.extend_from_slice(b"\r\n\r\n");
        streams.push(("noise", noise));
    }
    for (what, mut bytes) in streams {
        bytes.extend_from_slice(marker);
        cases.push(Case::broken("another protocol", what.into(), bytes));
    }
}
