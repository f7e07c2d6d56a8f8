//! An entry for fuzzers.

use crate::cache::KeyCache;
use crate::claim::examine_with;
use crate::key::SecretKey;
use crate::request::{Family, Header, PathRule, Request, Service};

/// Takes bytes as a request and puts it through every check. For fuzzers.
///
/// Lines end in `\n`: method and target, one header a line as `name:value` (a line
/// that begins with a blank folds into the one before), an empty line, the body.
/// The clock stands at 2015-08-30T12:36:00Z, for service `service` in `us-east-1`,
/// with the key of AWS's test suite, so the suite's requests are good seeds. Says
/// whether the request was accepted.
pub fn fuzz_one(data: &[u8]) -> bool {
    let (head, body) = match memchr::memmem::find(data, b"\n\n") {
        Some(end) => {
            let (head, rest) = data.split_at_checked(end).unwrap_or_default();
            (head, rest.get(2..).unwrap_or_default())
        }
        None => (data, &[][..]),
    };
    let mut lines = Unfolded(head);
    let first = lines.next().unwrap_or_default();
    let (method, target) = part(first, b' ');
    let target = target.strip_suffix(b" HTTP/1.1").unwrap_or(target);
    let headers: Vec<Header<'_>> = lines
        .map(|line| part(line, b':'))
        .filter_map(|(name, value)| Some((str::from_utf8(name).ok()?, value)))
        .collect();
    let Ok(method) = str::from_utf8(method) else {
        return false;
    };
    let request = Request {
        method,
        target,
        headers: &headers,
        body,
    };
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let keys = KeyCache::new(8);
    let mut accepted = false;
    for rule in [PathRule::Normalize, PathRule::AsReceived] {
        for family in [Family::RestJson, Family::Query, Family::Ec2] {
            let service = Service {
                name: "service",
                family,
                window: 900,
                regions: &["us-east-1"],
                presigned: true,
            };
            let result = examine_with(&request, &service, 1_440_938_160, rule)
                .and_then(|claim| claim.verify(&secret, &keys).map(|_| ()));
            match result {
                Ok(()) => accepted = true,
                Err(error) => {
                    let _text = (
                        error.code(family),
                        error.status(family),
                        error.message(family),
                    );
                }
            }
        }
    }
    accepted
}

/// Lines, with those that begin with a blank still attached to the one before.
struct Unfolded<'a>(&'a [u8]);

impl<'a> Iterator for Unfolded<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = memchr::memchr_iter(b'\n', self.0)
            .find(|end| !matches!(self.0.get(end + 1), Some(b' ' | b'\t')))
            .unwrap_or(self.0.len());
        let (line, rest) = self.0.split_at_checked(end).unwrap_or_default();
        self.0 = rest.get(1..).unwrap_or_default();
        Some(line)
    }
}

fn part(line: &[u8], at: u8) -> (&[u8], &[u8]) {
    let mark = memchr::memchr(at, line).unwrap_or(line.len());
    let (before, after) = line.split_at_checked(mark).unwrap_or_default();
    (before, after.get(1..).unwrap_or_default())
}
