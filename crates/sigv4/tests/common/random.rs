//! Random requests from a seed.

use super::Owned;

/// SplitMix64: small, and the same on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).expect("fits")).expect("fits")
    }

    pub(crate) fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

const HEX: [&[u8; 16]; 2] = [b"0123456789abcdef", b"0123456789ABCDEF"];

/// A piece of text with escapes in either case, reserved characters and UTF-8.
fn text(random: &mut Random, reserved: &str, longest: usize) -> String {
    let reserved: Vec<char> = reserved.chars().collect();
    let mut out = String::new();
    for _ in 0..random.below(longest + 1) {
        match random.below(10) {
            0 => {
                let plain =
                    random.pick(&['/', ' ', '%', '&', '=', '+', 'é', 'ሴ', '~', 'a', '\n', '𝄞']);
                let hex = random.pick(&HEX);
                for byte in plain.to_string().bytes() {
                    out.push('%');
                    out.push(char::from(hex[usize::from(byte >> 4)]));
                    out.push(char::from(hex[usize::from(byte & 15)]));
                }
            }
            1 => out.push(random.pick(&reserved)),
            2 => out.push(random.pick(&['-', '_', '.', '~'])),
            _ => out.push(char::from(random.pick(b"abcxyzABCXYZ0189"))),
        }
    }
    out
}

/// An unsigned request. The path never climbs above the root and never ends in a
/// dot segment, where signers differ among themselves.
pub(crate) fn request(random: &mut Random) -> Owned {
    let method = random
        .pick(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
        .to_owned();
    let mut target = String::new();
    let mut depth = 0;
    for _ in 0..random.below(6) {
        target.push('/');
        match random.below(12) {
            0 if depth > 0 => {
                target.push_str("../x");
            }
            1 => target.push_str("./x"),
            2 => target.push('/'),
            _ => {
                let segment = text(random, ":@!$'()*,;=+", 12);
                if segment.is_empty() || segment == "." || segment == ".." {
                    target.push('s');
                } else {
                    target.push_str(&segment);
                }
                depth += 1;
            }
        }
    }
    if target.is_empty() || random.one_in(4) {
        target.push('/');
    }
    if random.one_in(2) {
        target.push('?');
        for n in 0..random.below(6) {
            if n > 0 {
                target.push('&');
            }
            target.push_str(&text(random, ":@!$'()*,;/?+", 8));
            if !random.one_in(5) {
                target.push('=');
                target.push_str(&text(random, ":@!$'()*,;/?+=", 16));
            }
        }
    }
    let host = random.pick(&[
        "mq.example.com",
        "localhost:8443",
        "127.0.0.1:9000",
        "b-1.mq.local:81",
    ]);
    let mut headers = vec![("host".to_owned(), host.as_bytes().to_vec())];
    for _ in 0..random.below(6) {
        let name = random.pick(&[
            "Content-Type",
            "My-Header",
            "my-header",
            "X-Amz-Target",
            "x-amz-meta-a",
            "Accept",
            "X-Forwarded-For",
            "user-agent",
            "z",
            "Referer",
        ]);
        let mut value = String::new();
        for _ in 0..random.below(5) {
            value.push_str(random.pick(&[
                "a",
                "value, more",
                "\"q  q\"",
                "x=1;y=2",
                "b c",
                ":",
                "/",
            ]));
            value.push_str(random.pick(&["", " ", "  ", "    "]));
        }
        headers.push((name.to_ascii_lowercase(), value.into_bytes()));
    }
    // Names that come twice stand together, as an HTTP library sends them.
    headers.sort_by(|a, b| a.0.cmp(&b.0));
    let size = match random.below(40) {
        0 => 100_000,
        1 => 5_000,
        2..20 => random.below(700),
        _ => 0,
    };
    let body = (0..size).map(|_| random.byte()).collect();
    Owned {
        method,
        target: target.into_bytes(),
        headers,
        body,
    }
}
