//! The wildcard matcher of the `iam` crate against the `regex` crate, on patterns that nearly match, and its time on hostile ones.
//!
//! `PAIRS` (200,000) and `SEED` (1) change how many pairs and which. Both tests print what they found with `--nocapture`.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test reads its size from the environment, and fails by panicking"
)]

use std::time::{Duration, Instant};

use iam::wildcard::matches;
use regex::{Regex, RegexBuilder};
use testkit::naive::cases::Choices;

/// What patterns and texts are made of: all that a regular expression might read in a way of its own, and characters of
/// one to four bytes.
const ALPHABET: [&str; 12] = ["a", "b", "a", "b", ":", "/", ".", "\n", "é", "€", "𝄞", "["];
const TEXTS_PER_PATTERN: usize = 20;

fn from_environment(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"))
}

/// The regular expression that a pattern of the policy language stands for.
fn regex(pattern: &str) -> Regex {
    let mut spelt = String::from(r"\A");
    for character in pattern.chars() {
        match character {
            '*' => spelt.push_str(".*"),
            '?' => spelt.push('.'),
            literal => spelt.push_str(&regex::escape(literal.encode_utf8(&mut [0; 4]))),
        }
    }
    spelt.push_str(r"\z");
    RegexBuilder::new(&spelt)
        .dot_matches_new_line(true)
        .size_limit(1 << 28)
        .build()
        .expect("a regular expression")
}

/// A text and a pattern made from it: some characters became wildcards, some runs of them a star.
fn pattern_of(choices: &mut Choices<'_>, text: &str) -> String {
    let mut pattern = String::new();
    let mut characters = text.chars();
    while let Some(next) = characters.next() {
        match choices.below(8) {
            0 => pattern.push('?'),
            1 => {
                pattern.push('*');
                for _ in 0..choices.below(4) {
                    characters.next();
                }
                pattern.push(next);
            }
            2 => pattern.push('*'),
            _ => pattern.push(next),
        }
    }
    if choices.below(4) == 0 {
        pattern.push('*');
    }
    pattern
}

/// A text near another one: characters left out, exchanged or put in.
fn near(choices: &mut Choices<'_>, text: &str) -> String {
    let mut changed = String::new();
    for next in text.chars() {
        match choices.below(12) {
            0 => {}
            1 => changed.push_str(choices.pick(&ALPHABET)),
            2 => {
                changed.push(next);
                changed.push_str(choices.pick(&ALPHABET));
            }
            _ => changed.push(next),
        }
    }
    changed
}

#[test]
fn the_matcher_agrees_with_regular_expressions() {
    let pairs = from_environment("PAIRS", 200_000);
    let mut choices = Choices::seeded(from_environment("SEED", 1) as u64);
    let (mut compared, mut matched) = (0, 0);
    while compared < pairs {
        let mut text = String::new();
        for _ in 0..choices.below(24) {
            text.push_str(choices.pick(&ALPHABET));
        }
        let pattern = pattern_of(&mut choices, &text);
        let regex = regex(&pattern);
        for _ in 0..TEXTS_PER_PATTERN {
            let found = matches(&pattern, &text);
            assert_eq!(found, regex.is_match(&text), "{pattern:?} on {text:?}");
            matched += usize::from(found);
            compared += 1;
            text = near(&mut choices, &text);
        }
    }
    println!(
        "wildcards: {compared} pairs, of which {matched} match; none differs from the regular expression"
    );
    // Neither side of the comparison may be a rare case.
    assert!(
        matched * 10 > compared && matched * 10 < compared * 9,
        "{matched} of {compared}"
    );
}

/// The largest document is 6,144 characters long, the longest text that is matched 2,048.
#[test]
fn the_worst_patterns_agree_too() {
    const PATTERN: usize = 6_144;
    const TEXT: usize = 2_048;
    let fill = |unit: &str| unit.repeat(PATTERN / unit.len());
    let mut patterns: Vec<String> = [
        "*a", "*", "*?", "?*", "*aa", "*a*b", "a*", "*aab", "**a", "*a?",
    ]
    .iter()
    .flat_map(|unit| {
        [
            fill(unit),
            fill(unit) + "b",
            "b".to_owned() + &fill(unit),
            fill(unit) + "*b*",
        ]
    })
    .collect();
    for literal in [1, 30, 300, 700, 1_000, 1_500, 2_000] {
        let run = "a".repeat(literal);
        for pattern in [
            format!("*{run}b"),
            format!("*{run}b*"),
            format!("*{run}?b*"),
            format!("*{run}*b*"),
            format!("*{}b*", "?".repeat(literal)),
            format!("*{}b", "?".repeat(literal)),
            format!("*{}b*", "a?".repeat(literal)),
            format!("*{run}b{run}*"),
            format!("*{run}?*{run}b"),
        ] {
            patterns.push(pattern);
        }
    }
    let texts = [
        "a".repeat(TEXT),
        "a".repeat(TEXT - 1) + "b",
        "ab".repeat(TEXT / 2),
        "aab".repeat(TEXT / 3),
        "é".repeat(TEXT),
    ];
    let mut worst = (Duration::ZERO, String::new());
    for pattern in &patterns {
        // Larger regular expressions take too long.
        let regex = (pattern.len() <= 1_100).then(|| regex(pattern));
        for text in &texts {
            let runs = if cfg!(debug_assertions) { 1 } else { 10 };
            let took = (0..runs).map(|_| {
                let started = Instant::now();
                std::hint::black_box(matches(pattern, text));
                started.elapsed()
            });
            let took = took.min().expect("a run");
            if took > worst.0 {
                let shown: String = pattern.chars().take(20).collect();
                worst = (
                    took,
                    format!("{shown}… ({} B) on {} B", pattern.len(), text.len()),
                );
            }
            if let Some(regex) = &regex {
                let found = matches(pattern, text);
                assert_eq!(
                    found,
                    regex.is_match(text),
                    "{} B on {} B",
                    pattern.len(),
                    text.len()
                );
            }
        }
    }
    println!(
        "wildcards: {} hostile patterns on {} texts; the worst takes {:.2} ms: {}",
        patterns.len(),
        texts.len(),
        worst.0.as_secs_f64() * 1e3,
        worst.1
    );
}
