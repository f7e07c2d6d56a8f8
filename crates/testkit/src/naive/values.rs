//! Numbers, dates, addresses and Base64, as the pages on condition operators describe them.

use std::net::{IpAddr, Ipv6Addr};

/// A decimal number: sign, digits before and behind the point without needless zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    whole: String,
    fraction: String,
}

/// Reads an optional minus, digits, and optionally a point and digits.
pub(super) fn number(text: &str) -> Option<Number> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match rest.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (rest, None),
    };
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return None;
    }
    let whole = whole.trim_start_matches('0').to_owned();
    let fraction = fraction.unwrap_or("").trim_end_matches('0').to_owned();
    let zero = whole.is_empty() && fraction.is_empty();
    Some(Number {
        negative: negative && !zero,
        whole,
        fraction,
    })
}

impl Number {
    pub(super) fn is_less_than(&self, other: &Number) -> bool {
        // More digits before the point are larger; with as many, text order is number order.
        let key = |n: &Number| (n.whole.len(), n.whole.clone(), n.fraction.clone());
        match (self.negative, other.negative) {
            (true, false) => true,
            (false, true) => false,
            (false, false) => key(self) < key(other),
            (true, true) => key(other) < key(self),
        }
    }
}

/// Reads a date as nanoseconds since 1970: epoch seconds that fit 64 bits, or one of the profiles of
/// the W3C's note on ISO 8601. Beyond the note, as CreatePolicy was seen to accept them: numbers with
/// fewer digits, a year with a sign or with up to nine digits, `t` and `z`, an hour without minutes,
/// no zone (then it is UTC), zones without a colon or without minutes. Nine digits of fraction at most.
pub(super) fn date(text: &str) -> Option<i128> {
    let text = text.to_uppercase();
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if digits(text.strip_prefix('-').unwrap_or(&text)) && !(digits(&text) && text.len() == 4) {
        let seconds: i64 = text.parse().ok()?;
        return Some(i128::from(seconds) * 1_000_000_000);
    }
    let number = |text: &str, most: usize, low: i128, high: i128| {
        let value = (digits(text) && text.len() <= most).then(|| text.parse::<i128>().ok())??;
        (low..=high).contains(&value).then_some(value)
    };
    let (day, clock) = match text.split_once('T') {
        Some((day, clock)) => (day, clock),
        None => (text.as_str(), ""),
    };
    let (sign, day) = match (day.strip_prefix('-'), day.strip_prefix('+')) {
        (Some(rest), _) => (-1, rest),
        (None, Some(rest)) => (1, rest),
        (None, None) => (1, day),
    };
    let (year, month, day) = match day.split('-').collect::<Vec<&str>>().as_slice() {
        [year] => (*year, "1", "1"),
        [year, month] => (*year, *month, "1"),
        [year, month, day] => (*year, *month, *day),
        _ => return None,
    };
    // The years that Java's date libraries can hold in 64 bits of milliseconds.
    let year = sign * number(year, 9, 0, 292_278_993)?;
    if year < -292_275_054 {
        return None;
    }
    let month = number(month, 2, 1, 12)?;
    let day = number(day, 2, 1, days_in(year, month))?;
    // 400 years always have as many days; the rest is counted one by one, from the year 0, which is
    // 719,528 days before 1970.
    let mut days = year.div_euclid(400) * 146_097 - 719_528;
    for earlier in 0..year.rem_euclid(400) {
        days += if is_leap(earlier) { 366 } else { 365 };
    }
    for earlier in 1..month {
        days += days_in(year, earlier);
    }
    let (seconds, fraction) = time_of_day(clock)?;
    Some(((days + day - 1) * 86_400 + seconds) * 1_000_000_000 + fraction)
}

fn is_leap(year: i128) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i128, month: i128) -> i128 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `hh[:mm[:ss[.s…]]]` and a zone, as seconds in UTC and nanoseconds.
fn time_of_day(text: &str) -> Option<(i128, i128)> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let clock_number = |text: &str, high: i128| {
        let value = (digits(text) && text.len() <= 2).then(|| text.parse::<i128>().ok())??;
        (value <= high).then_some(value)
    };
    let (clock, offset) = if let Some(clock) = text.strip_suffix('Z') {
        (clock, 0)
    } else if let Some(at) = text.find(['+', '-']) {
        let (clock, zone) = text.split_at_checked(at)?;
        let (sign, zone) = zone.split_at_checked(1)?;
        // Two digits each; with colons between all of them or none.
        let fields: Vec<String> = if zone.contains(':') {
            zone.split(':').map(str::to_owned).collect()
        } else {
            let zone: Vec<char> = zone.chars().collect();
            zone.chunks(2).map(String::from_iter).collect()
        };
        if fields.is_empty() || fields.len() > 3 || fields.iter().any(|field| field.len() != 2) {
            return None;
        }
        let mut seconds = 0;
        for (field, (high, weight)) in fields.iter().zip([(23, 3600), (59, 60), (59, 1)]) {
            seconds += clock_number(field, high)? * weight;
        }
        (clock, if sign == "-" { -seconds } else { seconds })
    } else {
        (text, 0)
    };
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let seconds = match (parts.as_slice(), fraction) {
        ([""], None) => 0,
        ([hours], None) => clock_number(hours, 23)? * 3600,
        ([hours, minutes], None) => {
            clock_number(hours, 23)? * 3600 + clock_number(minutes, 59)? * 60
        }
        ([hours, minutes, seconds], _) => {
            clock_number(hours, 23)? * 3600
                + clock_number(minutes, 59)? * 60
                + clock_number(seconds, 59)?
        }
        _ => return None,
    };
    let nanoseconds = match fraction {
        None => 0,
        Some(text) if !digits(text) || text.len() > 9 => return None,
        Some(text) => {
            let padded: String = text.chars().chain("000000000".chars()).take(9).collect();
            padded.parse().ok()?
        }
    };
    Some((seconds - offset, nanoseconds))
}

/// `true` or `false` in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// An address; one of IPv4 written as IPv6 (`::ffff:a.b.c.d`) is the one of IPv4.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse::<IpAddr>().ok()?.to_canonical())
}

/// A network: an address and how many of its bits count.
pub(super) fn network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let written: IpAddr = address.parse().ok()?;
    let width = if written.is_ipv4() { 32 } else { 128 };
    let length = match length {
        None => width,
        Some(text) if text.chars().all(|c| c.is_ascii_digit()) => text.parse().ok()?,
        Some(_) => return None,
    };
    if length > width {
        return None;
    }
    match written {
        // All of ::ffff:0:0/96 is IPv4.
        IpAddr::V6(long) if long.to_ipv4_mapped().is_some() && length >= 96 => {
            Some((written.to_canonical(), length - 96))
        }
        IpAddr::V4(_) | IpAddr::V6(_) => Some((written, length)),
    }
}

/// Is the address in the network? Bits are compared one by one.
pub(super) fn contains(network: &(IpAddr, u32), address: &IpAddr) -> bool {
    let (net, length) = network;
    if net.is_ipv4() != address.is_ipv4() {
        return false;
    }
    bits(net)
        .chars()
        .take(*length as usize)
        .eq(bits(address).chars().take(*length as usize))
}

fn bits(address: &IpAddr) -> String {
    match address {
        IpAddr::V4(short) => format!("{:032b}", u32::from(*short)),
        IpAddr::V6(long) => format!("{:0128b}", u128::from(Ipv6Addr::from(long.octets()))),
    }
}

/// Decodes Base64 (RFC 4648 §4), with its padding or without, refusing what an encoder would not have
/// written.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    if padding > 0 && (padding > 2 || !text.len().is_multiple_of(4)) {
        return None;
    }
    let mut bits = String::new();
    for c in body.chars() {
        bits.push_str(&format!("{:06b}", LETTERS.find(c)?));
    }
    let spare = bits.len() % 8;
    let rest = bits.split_off(bits.len() - spare);
    if rest.contains('1') || rest.len() > 4 {
        return None;
    }
    let bits: Vec<char> = bits.chars().collect();
    bits.chunks(8)
        .map(|byte| u8::from_str_radix(&byte.iter().collect::<String>(), 2).ok())
        .collect()
}
