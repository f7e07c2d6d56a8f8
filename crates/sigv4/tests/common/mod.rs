//! What the tests of this crate share: raw requests and the data folder.

#![allow(dead_code, reason = "each test binary uses its own part")]

pub(crate) mod random;
pub(crate) mod signed;

use std::path::PathBuf;

use sigv4::{Header, Request};

/// A request that owns its parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Owned {
    pub(crate) method: String,
    pub(crate) target: Vec<u8>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Owned {
    /// Reads the suite's form: LF line ends, folded headers, raw bytes in the target.
    pub(crate) fn parse(raw: &[u8]) -> Owned {
        let mut lines = raw.split(|b| *b == b'\n');
        let first = lines.next().expect("a request line");
        let space = first.iter().position(|b| *b == b' ').expect("a method");
        let method = String::from_utf8(first[..space].to_vec()).expect("an ASCII method");
        let rest = &first[space + 1..];
        let target = rest.strip_suffix(b" HTTP/1.1").unwrap_or(rest).to_vec();
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        let mut body = Vec::new();
        while let Some(line) = lines.next() {
            if line.is_empty() {
                body = lines.collect::<Vec<_>>().join(&b'\n');
                break;
            }
            if line[0] == b' ' {
                let (_, value) = headers.last_mut().expect("a header to fold into");
                value.push(b'\n');
                value.extend_from_slice(line);
                continue;
            }
            let colon = line.iter().position(|b| *b == b':').expect("a colon");
            let name = String::from_utf8(line[..colon].to_vec()).expect("an ASCII name");
            headers.push((name, line[colon + 1..].to_vec()));
        }
        Owned {
            method,
            target,
            headers,
            body,
        }
    }

    pub(crate) fn headers(&self) -> Vec<Header<'_>> {
        self.headers
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_slice()))
            .collect()
    }

    /// Lends the request out.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers = self.headers();
        look(&Request {
            method: &self.method,
            target: &self.target,
            headers: &headers,
            body: &self.body,
        })
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        self.headers
            .push((name.to_owned(), value.as_bytes().to_vec()));
    }
}

/// A folder of the shared test data, or a line saying that it is not there.
pub(crate) fn data(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(folder);
    if path.is_dir() {
        Some(path)
    } else {
        println!("skipped: ../shared/data/{folder} not found");
        None
    }
}

/// Unix seconds of `2015-08-30T12:36:00Z` and its like, by way of the crate itself.
pub(crate) fn unix(text: &str) -> i64 {
    let digit = |at: usize| i64::from(text.as_bytes()[at] - b'0');
    let two = |at: usize| digit(at) * 10 + digit(at + 1);
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let months = [
        31,
        if leap(year) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let years: i64 = (1970..year).map(|y| if leap(y) { 366 } else { 365 }).sum();
    let before: i64 = months
        .iter()
        .take(usize::try_from(month - 1).expect("a month"))
        .sum();
    (years + before + day - 1) * 86_400 + two(11) * 3600 + two(14) * 60 + two(17)
}

/// How many requests an oracle's run has: `REQUESTS`, or ten thousand.
pub(crate) fn requests() -> usize {
    std::env::var_os("REQUESTS")
        .and_then(|count| count.to_str()?.parse().ok())
        .unwrap_or(10_000)
}
