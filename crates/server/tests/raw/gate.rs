//! Requests that are framed beyond doubt and must not get in. Where their body is a request of its own, it must stay a body.

use crate::Case;
use crate::message::{Maker, Message, broker};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// All cases of this kind.
pub(crate) fn cases(maker: &Maker) -> Vec<Case> {
    let mut cases = Vec::new();
    for (service, base) in [("iam", maker.iam("canary")), ("mq", maker.mq("canary"))] {
        let mut add = |kind: &'static str, what: String, message: Message| {
            cases.push(Case::whole(
                kind,
                format!("{service}: {what}"),
                message.bytes(),
            ));
        };
        algorithms(&base, &mut add);
        signed_headers(&base, &mut add);
        signatures(&base, &mut add);
        scopes(maker, &base, service, &mut add);
        dates(maker, &base, service, &mut add);
        repeats(&base, &mut add);
        unsigned(&base, &mut add);
        methods(&base, &mut add);
        bodies(maker, &base, &mut add);
        connections(&base, &mut add);
        both_credentials(maker, &base, &mut add);
    }
    let mut add = |kind: &'static str, what: String, message: Message| {
        cases.push(Case::whole(kind, what, message.bytes()));
    };
    paths(maker, &mut add);
    documents(maker, &mut add);
    queries(maker, &mut add);
    cases
}

type Add<'a> = dyn FnMut(&'static str, String, Message) + 'a;

fn algorithms(base: &Message, add: &mut Add<'_>) {
    for other in [
        "",
        "AWS4-HMAC-SHA1",
        "AWS4-HMAC-SHA512",
        "aws4-hmac-sha256",
        "AWS4-HMAC-SHA256-PAYLOAD",
        "AWS",
        "AWS3",
        "AWS4",
        "AWS4-ECDSA-P256-SHA256",
        "AWS4-HMAC-SHA256 AWS4-HMAC-SHA256",
        "Basic",
        "Bearer",
        "none",
        "NONE",
        "HMAC",
        "AWS4-HMAC-SHA256,",
    ] {
        add(
            "another algorithm",
            format!("`{other}`"),
            base.authorization(ALGORITHM, other),
        );
    }
    for whole in [
        "",
        " ",
        ALGORITHM,
        "AWS AKIAROOTROOTROOTROOT:c2lnbmF0dXJl",
        "Basic QUtJQTpyb290",
        "Bearer token",
        "Negotiate",
        "null",
        "=",
        ",",
        "Credential",
    ] {
        add(
            "no signature to speak of",
            format!("`{whole}`"),
            base.set("authorization", whole),
        );
    }
    add(
        "no signature to speak of",
        "no header".into(),
        base.without("authorization"),
    );
    for part in ["Credential=", "SignedHeaders=", "Signature="] {
        let lower = part.to_lowercase();
        let upper = part.to_uppercase();
        let bare = part.trim_end_matches('=');
        for other in [&*lower, &*upper, "X=", bare, ""] {
            add(
                "a part under another name",
                format!("`{part}` as `{other}`"),
                base.authorization(part, other),
            );
        }
    }
}

fn signed_headers(base: &Message, add: &mut Add<'_>) {
    let value = base.value("authorization").to_owned();
    let (_, rest) = value.split_once("SignedHeaders=").unwrap();
    let (list, _) = rest.split_once(',').unwrap();
    let without_host = list.replace("host;", "");
    let without_date = list.replace(";x-amz-date", "");
    let reversed: Vec<&str> = list.rsplit(';').collect();
    for other in [
        String::new(),
        without_host,
        without_date,
        "x-amz-date".into(),
        "host".into(),
        reversed.join(";"),
        list.to_uppercase(),
        list.replace("host", "Host"),
        list.replace(';', ","),
        list.replace(';', " "),
        list.replace(';', ";;"),
        format!("{list};"),
        format!(";{list}"),
        format!("{list};x-absent"),
        format!("{list};host"),
        format!("{list};authorization"),
        format!("{list};*"),
        "*".into(),
        format!("{list};\u{e9}"),
    ] {
        add(
            "other signed headers",
            format!("`{other}`"),
            base.authorization(
                &format!("SignedHeaders={list}"),
                &format!("SignedHeaders={other}"),
            ),
        );
    }
}

fn signatures(base: &Message, add: &mut Add<'_>) {
    let value = base.value("authorization").to_owned();
    let (_, signature) = value.split_once("Signature=").unwrap();
    for at in 0..signature.len() {
        let other = if &signature[at..=at] == "0" { "1" } else { "0" };
        let changed = format!("{}{other}{}", &signature[..at], &signature[at + 1..]);
        add(
            "a digit of the signature changed",
            at.to_string(),
            base.authorization(signature, &changed),
        );
    }
    for (what, other) in [
        ("none", String::new()),
        ("upper case", signature.to_uppercase()),
        ("one digit less", signature[..63].to_owned()),
        ("one digit more", format!("{signature}0")),
        ("twice", format!("{signature}{signature}")),
        ("in quotes", format!("\"{signature}\"")),
        ("zeros", "0".repeat(64)),
        ("no digits", "z".repeat(64)),
        ("Base64", "c2lnbmF0dXJl".into()),
    ] {
        add(
            "another signature",
            what.into(),
            base.authorization(signature, &other),
        );
    }
}

fn scopes(maker: &Maker, base: &Message, service: &str, add: &mut Add<'_>) {
    for other in [
        "aws4_Request",
        "AWS4_REQUEST",
        "aws4",
        "aws4_request2",
        "",
        "aws5_request",
        "aws4_request/aws4_request",
        "*",
    ] {
        add(
            "another terminator",
            format!("`{other}`"),
            base.authorization("/aws4_request", &format!("/{other}")),
        );
    }
    add(
        "a scope of four parts",
        "no terminator".into(),
        base.authorization("/aws4_request", ""),
    );
    for (from, to) in [
        ("AKIAROOTROOTROOTROOT", ""),
        ("AKIAROOTROOTROOTROOT", "AKIAROOTROOTROOTROOU"),
        ("AKIAROOTROOTROOTROOT", "akiarootrootrootroot"),
        ("AKIAROOTROOTROOTROOT", "ASIAROOTROOTROOTROOT"),
        ("AKIAROOTROOTROOTROOT", "AKIAROOTROOTROOTROOT/x"),
        ("AKIAROOTROOTROOTROOT", "root"),
        ("AKIAROOTROOTROOTROOT", "*"),
        ("/20261125/", "/20261124/"),
        ("/20261125/", "/20261126/"),
        ("/20261125/", "/2026-11-25/"),
        ("/20261125/", "//"),
        ("/us-east-1/", "/US-EAST-1/"),
        ("/us-east-1/", "//"),
        ("/us-east-1/", "/*/"),
    ] {
        add(
            "another scope",
            format!("`{from}` as `{to}`"),
            base.authorization(from, to),
        );
    }
    // Signed for what they say: only the scope is wrong.
    let headers: Vec<(&str, &str)> = vec![("content-type", base.value("content-type"))];
    for region in [
        "us-east-2",
        "eu-central-1",
        "us-east-1a",
        "aws-global",
        "local",
    ] {
        let signed = maker.signed(service, region, "POST", &base.target, &headers, &base.body);
        add("signed for another region", region.into(), signed);
    }
    for other in ["iam", "mq", "sts", "ec2", "s3", "IAM", "MQ", "execute-api"] {
        if other != service {
            let signed = maker.signed(
                other,
                "us-east-1",
                "POST",
                &base.target,
                &headers,
                &base.body,
            );
            add("signed for another service", other.into(), signed);
        }
    }
}

fn dates(maker: &Maker, base: &Message, service: &str, add: &mut Add<'_>) {
    let now = testkit::NOW / 1000;
    let headers: Vec<(&str, &str)> = vec![("content-type", base.value("content-type"))];
    let window = if service == "mq" { 300 } else { 900 };
    for off in [
        window + 1,
        window + 60,
        3_600,
        86_400,
        604_800,
        31_536_000,
        315_360_000,
    ] {
        for off in [off, -off] {
            let signed = maker.signed_at(
                now + off,
                service,
                "us-east-1",
                "POST",
                &base.target,
                &headers,
                &base.body,
            );
            add("a date out of its window", format!("{off} s"), signed);
        }
    }
    for other in [
        "",
        "20261125",
        "20261125T120000",
        "2026-11-25T12:00:00Z",
        "20261125t120000z",
        "20261125T120000+0000",
        "20261125T120001Z",
        "1795608000",
        "Wed, 25 Nov 2026 12:00:00 GMT",
        "20261325T120000Z",
        "20261125T250000Z",
        "99991231T235959Z",
        "00000000T000000Z",
        "20261125T120000Z, 20261125T120000Z",
    ] {
        add(
            "another date",
            format!("`{other}`"),
            base.set("x-amz-date", other),
        );
    }
    add("another date", "none".into(), base.without("x-amz-date"));
    add(
        "another date",
        "Date instead".into(),
        base.without("x-amz-date").with("date", "20261125T120000Z"),
    );
}

fn repeats(base: &Message, add: &mut Add<'_>) {
    let signed = base.value("authorization").to_owned();
    let wrong = base.wrong().value("authorization").to_owned();
    for (name, other) in [
        ("authorization", &*wrong),
        ("x-amz-date", "20261125T120001Z"),
        ("host", "other.test"),
    ] {
        let value = base.value(name).to_owned();
        let shouted = name.to_uppercase();
        for (what, message) in [
            ("the same again", base.with(name, &value)),
            ("the same again, shouted", base.with(&shouted, &value)),
            ("another behind", base.with(name, other)),
            ("another before", base.before(name, other)),
            ("an empty one before", base.before(name, "")),
            ("an empty one behind", base.with(name, "")),
        ] {
            add("a header twice", format!("{name}: {what}"), message);
        }
    }
    add(
        "a header twice",
        "joined".into(),
        base.set("authorization", &format!("{signed}, {signed}")),
    );
    for (name, values) in [
        ("x-amz-security-token", ["", "token"]),
        (
            "x-amz-content-sha256",
            ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"],
        ),
    ] {
        for value in values {
            add(
                "a header twice",
                format!("{name}: `{value}` twice"),
                base.with(name, value).with(name, value),
            );
        }
    }
    for part in ["Credential", "SignedHeaders", "Signature"] {
        let (before, rest) = signed.split_once(&format!("{part}=")).unwrap();
        let value = rest.split(',').next().unwrap();
        for (what, text) in [
            ("the same again", format!("{signed}, {part}={value}")),
            ("an empty one behind", format!("{signed}, {part}=")),
            (
                "an empty one before",
                format!("{before}{part}=, {part}={rest}"),
            ),
            ("another behind", format!("{signed}, {part}={value}0")),
            (
                "another before",
                format!("{before}{part}={value}0, {part}={rest}"),
            ),
        ] {
            add(
                "a part twice",
                format!("{part}: {what}"),
                base.set("authorization", &text),
            );
        }
    }
}

fn unsigned(base: &Message, add: &mut Add<'_>) {
    for name in [
        "x-amz-acl",
        "x-amz-copy-source",
        "x-amz-meta-a",
        "x-amz-target",
        "x-amz-user-agent",
        "x-amz-source-account",
        "x-amz-source-arn",
        "x-amz-tagging",
        "x-amz-expires",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-signature",
        "x-amz-signedheaders",
        "x-amz-region-set",
        "x-amz-api-version",
        "x-amz-decoded-content-length",
        "x-amz-trailer",
        "x-amz-sdk-checksum-algorithm",
        "x-amz-",
        "x-amz-date-2",
        "x-amz-security-token",
        "x-amz-content-sha256",
    ] {
        add(
            "an x-amz header that is not signed",
            name.into(),
            base.with(name, "1"),
        );
        add(
            "an x-amz header that is not signed",
            name.to_uppercase(),
            base.before(&name.to_uppercase(), "1"),
        );
    }
    for value in [
        "UNSIGNED-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ] {
        let changed = Message {
            body: b"Action=CreateUser&Version=2010-05-08&UserName=canary2".to_vec(),
            ..base.clone()
        };
        let changed = changed.set("content-length", &changed.body.len().to_string());
        add(
            "a body nobody signed",
            format!("`{value}`"),
            changed.with("x-amz-content-sha256", value),
        );
    }
}

fn methods(base: &Message, add: &mut Add<'_>) {
    for method in [
        "post", "Post", "pOST", "POST2", "POS", "PUT", "PATCH", "DELETE", "TRACE", "FOO", "SEARCH",
        "P", "GET", "get",
    ] {
        add(
            "another method",
            method.into(),
            Message {
                method: method.into(),
                ..base.clone()
            },
        );
    }
}

fn bodies(maker: &Maker, base: &Message, add: &mut Add<'_>) {
    for at in (0..base.body.len()).step_by(base.body.len() / 20) {
        let mut changed = base.clone();
        changed.body[at] ^= 1;
        add("a byte of the body changed", at.to_string(), changed);
    }
    let marker = maker.iam("marker").bytes();
    let resized = |body: Vec<u8>| {
        let changed = Message {
            body,
            ..base.clone()
        };
        changed.set("content-length", &changed.body.len().to_string())
    };
    add(
        "a request for a body",
        "instead".into(),
        resized(marker.clone()),
    );
    add(
        "a request for a body",
        "behind".into(),
        resized([base.body.clone(), marker.clone()].concat()),
    );
    add(
        "a request for a body",
        "before".into(),
        resized([marker.clone(), base.body.clone()].concat()),
    );
    add(
        "a request for a body",
        "behind an empty line".into(),
        resized([base.body.clone(), b"\r\n\r\n".to_vec(), marker.clone()].concat()),
    );
    let mut chunked = base
        .without("content-length")
        .with("transfer-encoding", "chunked");
    chunked.body = format!("{:x}\r\n", marker.len()).into_bytes();
    chunked.body.extend_from_slice(&marker);
    chunked.body.extend_from_slice(b"\r\n0\r\n\r\n");
    add("a request for a body", "in a chunk".into(), chunked.clone());
    // Fields of a trailer are not headers.
    for field in [
        "authorization: x",
        "content-length: 5",
        "transfer-encoding: chunked",
        "host: other.test",
        "x-amz-date: 20261125T120000Z",
    ] {
        let mut trailed = chunked.clone();
        trailed.body.truncate(trailed.body.len() - 2);
        trailed
            .body
            .extend_from_slice(format!("{field}\r\n\r\n").as_bytes());
        add("a field in the trailer", field.into(), trailed);
    }
    let none = base.without("content-length");
    add(
        "no body",
        "left out".into(),
        Message {
            body: Vec::new(),
            ..none
        },
    );
}

fn connections(base: &Message, add: &mut Add<'_>) {
    let wrong = base.wrong();
    for value in [
        "100-continue",
        "100-Continue",
        "200-ok",
        "100-continue, 100-continue",
        "",
        "x",
    ] {
        add("Expect", format!("`{value}`"), wrong.with("expect", value));
    }
    add(
        "Expect",
        "twice".into(),
        wrong
            .with("expect", "100-continue")
            .with("expect", "100-continue"),
    );
    for value in [
        "websocket",
        "h2c",
        "HTTP/2.0",
        "TLS/1.0",
        "h2c, websocket",
        "foo/2",
    ] {
        add(
            "Upgrade",
            value.into(),
            wrong.with("connection", "upgrade").with("upgrade", value),
        );
    }
    let h2c = wrong
        .with("connection", "Upgrade, HTTP2-Settings")
        .with("upgrade", "h2c");
    add(
        "Upgrade",
        "h2c with settings".into(),
        h2c.with("http2-settings", "AAMAAABkAARAAAAAAAIAAAAA"),
    );
    for value in [
        "close",
        "keep-alive",
        "authorization",
        "host, authorization, x-amz-date",
        "x-amz-date",
    ] {
        add(
            "Connection",
            format!("`{value}`"),
            wrong.with("connection", value),
        );
    }
    for (name, value) in [
        ("x-http-method-override", "GET"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "other.test"),
        ("forwarded", "for=127.0.0.1"),
        ("x-original-url", "/v1/broker-engine-types"),
        ("x-rewrite-url", "/"),
        ("x-real-ip", "127.0.0.1"),
        ("via", "1.1 proxy"),
        ("proxy-authorization", "Basic eA=="),
        ("cookie", "session=root"),
        ("x-user", "root"),
        ("te", "trailers"),
    ] {
        add(
            "a header that means something elsewhere",
            name.into(),
            wrong.with(name, value),
        );
    }
    let old = Message {
        version: "HTTP/1.0".into(),
        ..wrong.clone()
    };
    add("HTTP/1.0", "closing".into(), old.clone());
    add(
        "HTTP/1.0",
        "keeping".into(),
        old.with("connection", "keep-alive"),
    );
    add("HTTP/1.0", "without a host".into(), old.without("host"));
}

fn both_credentials(maker: &Maker, base: &Message, add: &mut Add<'_>) {
    let presigned = maker.query("canary").target;
    let query = presigned.split_once('?').unwrap().1.to_owned();
    let signature = query
        .split('&')
        .find(|part| part.starts_with("X-Amz-Signature"))
        .unwrap()
        .to_owned();
    for (what, query) in [
        ("both right", query.clone()),
        (
            "a wrong signature in the query",
            query.replace(&signature, "X-Amz-Signature=00"),
        ),
        (
            "the algorithm only",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256".to_owned(),
        ),
        ("an empty algorithm", "X-Amz-Algorithm=".to_owned()),
        ("the signature only", signature),
        (
            "the credential only",
            "X-Amz-Credential=AKIAROOTROOTROOTROOT%2F20261125%2Fus-east-1%2Fiam%2Faws4_request"
                .to_owned(),
        ),
    ] {
        let target = format!("{}?{query}", base.target);
        add(
            "signed twice",
            what.into(),
            Message {
                target: target.clone(),
                ..base.clone()
            },
        );
        let unsigned = base.without("authorization");
        if what != "both right" {
            add(
                "half a signature in the query",
                what.into(),
                Message { target, ..unsigned },
            );
        }
    }
    let both = maker
        .query("canary")
        .with("authorization", base.value("authorization"));
    add(
        "signed twice",
        "a header beside a presigned address".into(),
        both.clone(),
    );
    add(
        "signed twice",
        "an empty header beside a presigned address".into(),
        both.set("authorization", ""),
    );
    add(
        "signed twice",
        "another scheme beside a presigned address".into(),
        both.set("authorization", "Bearer x"),
    );
}

fn paths(maker: &Maker, add: &mut Add<'_>) {
    let body = broker("canary");
    for target in [
        "//v1/brokers",
        "/v1//brokers",
        "/v1/brokers/",
        "/v1/brokers//",
        "/./v1/brokers",
        "/v1/./brokers",
        "/v1/x/../brokers",
        "/../v1/brokers",
        "/v1/brokers/.",
        "/v1/brokers/..",
        "/v1/brokers/../brokers",
        "/v1/%2e/brokers",
        "/v1/x/%2e%2e/brokers",
        "/v1/x/%2E%2e/brokers",
        "/v1/x/.%2e/brokers",
        "/v1%2fbrokers",
        "/v1%2Fbrokers",
        "/v1/%2fbrokers",
        "/%2fv1/brokers",
        "/v1/brokers%2f",
        "/v1/brokers%2f..%2fbrokers",
        "/v1\\brokers",
        "/v1/x\\..\\brokers",
        "/v1%5cbrokers",
        "/v1/brokers%00",
        "/v1/brokers%00.json",
        "/v1/brokers%0a",
        "/v1/brokers%0d%0a",
        "/v1/brokers%7f",
        "/v1/brokers%",
        "/v1/brokers%2",
        "/v1/brokers%zz",
        "/v1/brokers%c0%af",
        "/v1/%c0%ae%c0%ae/brokers",
        "/v1/brokers%ff",
        "/v1/brokers%ed%a0%80",
        "/V1/brokers",
        "/v1/Brokers",
        "/v1/BROKERS",
        "/v1/brokers;a=b",
        "/v1;a/brokers",
        "/v1/brokers%3b",
        "/v1/brokers%20",
        "/v1/brokers+",
        "/v1/brokers.",
        "/v1/brokers.json",
        "/v1/brokers~",
        "/v2/brokers",
        "/brokers",
        "/v1",
        "/v1/",
        "/healthz",
        "/metrics",
        "/readyz",
        "/v1/brokers%2520",
        "/v1/%252e%252e/brokers",
        "/v1/brokers/%2e%2e%2fbrokers",
        "/v1/brokers%23",
        "/v1/brokers%3f",
    ] {
        add(
            "another path",
            format!("`{target}`"),
            maker.mq_to(target, body.as_bytes()),
        );
    }
    // What is not signed must not lead there either.
    let base = maker.mq("canary");
    for target in [
        "/v1/%62rokers",
        "/v1/brok%65rs",
        "/%761/brokers",
        "/v1/brokers?",
        "/v1/brokers?x",
        "/v1/brokers?x=y",
        "/v1/brokers?Action=CreateUser",
    ] {
        if target != "/v1/brokers?" {
            add(
                "a target that was not signed",
                format!("`{target}`"),
                Message {
                    target: target.into(),
                    ..base.clone()
                },
            );
        }
    }
}

fn documents(maker: &Maker, add: &mut Add<'_>) {
    let whole = broker("canary");
    let inner = whole.strip_suffix('}').unwrap();
    let mut document = |what: String, body: Vec<u8>| {
        add(
            "a document that is none",
            what,
            maker.mq_to("/v1/brokers", &body),
        );
    };
    for depth in [65, 66, 100, 127, 128, 129, 1_000, 10_000, 100_000] {
        for (shape, open, close) in [("arrays", "[", "]"), ("objects", "{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            document(format!("{depth} {shape}"), deep.clone().into_bytes());
            document(
                format!("{depth} {shape} inside"),
                format!("{inner},\"tags\":{deep}}}").into_bytes(),
            );
        }
        document(
            format!("{depth} never closed"),
            "[".repeat(depth).into_bytes(),
        );
    }
    for (what, body) in [
        ("cut off", inner.to_owned()),
        ("something behind", format!("{whole}x")),
        ("two documents", format!("{whole}{whole}")),
        ("a mark before", format!("\u{feff}{whole}")),
        ("a comma too many", format!("{inner},}}")),
        ("single quotes", whole.replace('"', "'")),
        ("a comment", format!("/**/{whole}")),
        ("not a number", format!("{inner},\"x\":NaN}}")),
        ("a list", format!("[{whole}]")),
        ("a text", "\"brokerName\"".into()),
        ("null", "null".into()),
        ("a number", "1".into()),
        ("a name in another type", whole.replace("\"canary\"", "1")),
        (
            "a flag in another type",
            whole.replace("false", "\"false\""),
        ),
        ("a form", "Action=CreateBroker&brokerName=canary".into()),
        ("XML", "<brokerName>canary</brokerName>".into()),
        (
            "half a surrogate",
            whole.replace("canary-password", "\\ud800canary"),
        ),
        (
            "a control character",
            whole.replace("canary-password", "canary\u{1}password"),
        ),
    ] {
        document(what.into(), body.into_bytes());
    }
    let mut bytes = whole.clone().into_bytes();
    let at = whole.find("canary").unwrap();
    for byte in [0x80, 0xc0, 0xff, 0xfe, 0x00] {
        bytes[at] = byte;
        document(format!("byte 0x{byte:02x}"), bytes.clone());
    }
    let utf16: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    document("UTF-16".into(), utf16);
}

fn queries(maker: &Maker, add: &mut Add<'_>) {
    const NAMES: [&str; 6] = [
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
    ];
    let action = "/?Action=CreateUser&Version=2010-05-08&UserName=canary";
    let base = maker.presigned(action);
    let to = |target: String| Message {
        target,
        ..base.clone()
    };
    for name in NAMES {
        let piece = base
            .target
            .split(['&', '?'])
            .find(|piece| piece.starts_with(&format!("{name}=")))
            .unwrap()
            .to_owned();
        let value = piece.split_once('=').unwrap().1.to_owned();
        let lower = name.to_lowercase();
        let upper = name.to_uppercase();
        for (what, other) in [
            ("left out", String::new()),
            ("empty", format!("{name}=")),
            ("without =", name.to_owned()),
            ("in lower case", format!("{lower}={value}")),
            ("in upper case", format!("{upper}={value}")),
            (
                "escaped",
                format!(
                    "{}={value}",
                    name.replace('-', "%2D").replace("X%2D", "X%2d")
                ),
            ),
            ("twice", format!("{piece}&{piece}")),
            ("an empty one before", format!("{name}=&{piece}")),
            ("an empty one behind", format!("{piece}&{name}=")),
            ("another before", format!("{name}={value}0&{piece}")),
            ("another behind", format!("{piece}&{name}={value}0")),
            ("a plus before its value", format!("{name}=+{value}")),
        ] {
            // An escaped name decodes to itself: the same request, which a canonical query shows alike.
            if what != "escaped" {
                add(
                    "a parameter of a presigned address",
                    format!("{name} {what}"),
                    to(base.target.replace(&piece, &other)),
                );
            }
        }
        // Signed with it: only the name is doubtful.
        if name != "X-Amz-Signature" {
            for (what, other) in [("in lower case", &lower), ("in upper case", &upper)] {
                let doubled = maker.presigned_with(action, Some(&format!("{other}={value}")));
                add(
                    "a parameter twice in two cases, signed",
                    format!("{name} {what}"),
                    doubled,
                );
            }
        }
        add(
            "a header beside a presigned address",
            name.into(),
            base.with(&lower, "1"),
        );
    }
    for expires in [
        "0",
        "-1",
        "+300",
        "604801",
        "1e3",
        "300s",
        "99999999999999999999",
        "0x12c",
        "300.0",
        "٣",
    ] {
        add(
            "another lifetime",
            format!("`{expires}`"),
            to(base
                .target
                .replace("X-Amz-Expires=300", &format!("X-Amz-Expires={expires}"))),
        );
    }
    for (what, target) in [
        (
            "the action changed",
            base.target.replace("CreateUser", "ListUsers"),
        ),
        (
            "the user changed",
            base.target.replace("UserName=canary", "UserName=canary2"),
        ),
        ("a parameter more", format!("{}&Path=%2Fx%2F", base.target)),
        (
            "a parameter less",
            base.target.replace("&Version=2010-05-08", ""),
        ),
        (
            "the action twice",
            base.target.replace("/?", "/?Action=CreateUser&"),
        ),
        (
            "the action in lower case",
            base.target.replace("Action", "action"),
        ),
        ("a broken escape", format!("{}&x=%", base.target)),
        (
            "a broken escape of one digit",
            format!("{}&x=%2", base.target),
        ),
        ("an illegal escape", format!("{}&x=%zz", base.target)),
        ("a semicolon between", base.target.replace('&', ";")),
        ("an escaped ampersand", base.target.replacen('&', "%26", 1)),
    ] {
        add("another query", what.into(), to(target));
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "get", "Get", "FOO"] {
        add(
            "a presigned address by another method",
            method.into(),
            Message {
                method: method.into(),
                ..base.clone()
            },
        );
    }
    let body = b"Action=CreateUser&Version=2010-05-08&UserName=canary3".to_vec();
    let with_body = Message {
        body,
        ..base.clone()
    };
    add(
        "a presigned address with a body",
        "GET".into(),
        with_body.with("content-length", "53"),
    );
    add(
        "a presigned address to another host",
        "other.test".into(),
        base.set("host", "other.test"),
    );
}
