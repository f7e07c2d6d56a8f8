//! Makes cases: policies, a question and what the request says, chosen so that they nearly match.
//!
//! Random texts hardly ever meet. Here the question is made first, and the policies are then made
//! *from* it, by small changes: a wildcard for some characters, another case, a variable for a value,
//! a neighbour from a short list. About a third of the answers are of each kind.

use serde_json::{Map, Value, json};

use super::pools::{
    ACTIONS, ADDRESSES, ARN_PATTERNS, ARNS, BINARIES, DATES, FLAGS, MAPPED_ADDRESSES,
    MAPPED_NETWORKS, NETWORKS, NUMBERS, ODD_ARNS, ODD_BINARIES, ODD_DATES, ODD_FLAGS, ODD_NETWORKS,
    ODD_NUMBERS, ODD_VARIABLES, RESOURCES, STRINGS, VARIABLES,
};
use super::{Documents, Facts};

/// Where decisions come from: a seed, or the bytes of a fuzzer.
#[derive(Debug)]
pub struct Choices<'a> {
    state: u64,
    bytes: Option<&'a [u8]>,
}

impl<'a> Choices<'a> {
    /// The same seed makes the same choices.
    pub fn seeded(seed: u64) -> Self {
        Choices {
            state: seed,
            bytes: None,
        }
    }

    /// Each choice takes a byte; when there are no more, the first possibility is chosen.
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        Choices {
            state: 0,
            bytes: Some(bytes),
        }
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: usize) -> usize {
        if let Some(bytes) = self.bytes {
            let Some((first, rest)) = bytes.split_first() else {
                return 0;
            };
            self.bytes = Some(rest);
            return usize::from(*first) % limit.max(1);
        }
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % (limit.max(1) as u64)).unwrap_or(0)
    }

    /// True once in `times`. For bytes that have run out: false.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of them.
    pub fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        let at = self.below(from.len());
        from.get(at).copied().unwrap_or("")
    }
}

/// One question with everything that decides it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The policies.
    pub documents: Documents,
    /// The action asked for.
    pub action: String,
    /// The resource asked for.
    pub resource: String,
    /// The request.
    pub facts: Facts,
}

/// What a case may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// Everything, values that cannot be read and several values for an operator of one included.
    All,
    /// What AWS's documentation settles for every reader, for comparison with other programs.
    Settled,
}

/// The keys of requests, and what kind of value each has.
const KEYS: &[(&str, Kind)] = &[
    ("aws:username", Kind::Text),
    ("aws:PrincipalTag/team", Kind::Text),
    ("aws:RequestTag/env", Kind::Text),
    ("aws:TagKeys", Kind::Text),
    ("aws:MultiFactorAuthAge", Kind::Number),
    ("aws:CurrentTime", Kind::Date),
    ("aws:SecureTransport", Kind::Flag),
    ("aws:SourceIp", Kind::Address),
    ("aws:PrincipalArn", Kind::Arn),
    ("mq:blob", Kind::Binary),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Date,
    Flag,
    Address,
    Arn,
    Binary,
}

impl Kind {
    fn operators(self) -> &'static [&'static str] {
        match self {
            Kind::Text => &[
                "StringEquals",
                "StringNotEquals",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase",
                "StringLike",
                "StringNotLike",
            ],
            Kind::Number => &[
                "NumericEquals",
                "NumericNotEquals",
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericGreaterThanEquals",
            ],
            Kind::Date => &[
                "DateEquals",
                "DateNotEquals",
                "DateLessThan",
                "DateLessThanEquals",
                "DateGreaterThan",
                "DateGreaterThanEquals",
            ],
            Kind::Flag => &["Bool"],
            Kind::Address => &["IpAddress", "NotIpAddress"],
            Kind::Arn => &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
            Kind::Binary => &["BinaryEquals"],
        }
    }

    /// A value of a request.
    fn value(self, breadth: Breadth, choices: &mut Choices) -> String {
        let odd = breadth == Breadth::All && choices.once_in(12);
        let from = match (self, odd) {
            (Kind::Text, _) => STRINGS,
            (Kind::Number, false) => NUMBERS,
            (Kind::Number, true) => ODD_NUMBERS,
            (Kind::Date, false) => DATES,
            (Kind::Date, true) => ODD_DATES,
            (Kind::Flag, false) => FLAGS,
            (Kind::Flag, true) => ODD_FLAGS,
            (Kind::Address, false) if choices.once_in(4) => MAPPED_ADDRESSES,
            (Kind::Address, false) => ADDRESSES,
            (Kind::Address, true) => ODD_NETWORKS,
            (Kind::Arn, false) => ARNS,
            (Kind::Arn, true) => ODD_ARNS,
            (Kind::Binary, false) => BINARIES,
            (Kind::Binary, true) => ODD_BINARIES,
        };
        choices.pick(from).to_owned()
    }

    /// A value of a policy, near to those of the request.
    fn wanted(self, near: &[&str], breadth: Breadth, choices: &mut Choices) -> String {
        let odd = breadth == Breadth::All && choices.once_in(40);
        let copied = (!near.is_empty() && choices.below(3) == 0).then(|| choices.pick(near));
        match (self, odd) {
            (Kind::Text, _) => {
                let text = copied.unwrap_or_else(|| choices.pick(STRINGS)).to_owned();
                vary(&text, breadth, choices)
            }
            (Kind::Arn, false) => {
                let from = if choices.below(2) == 0 {
                    ARN_PATTERNS
                } else {
                    ARNS
                };
                let text = copied.unwrap_or_else(|| choices.pick(from)).to_owned();
                if choices.once_in(4) {
                    vary_last(&text, breadth, choices)
                } else {
                    text
                }
            }
            (Kind::Arn, true) => choices.pick(ODD_ARNS).to_owned(),
            (Kind::Address, false) if choices.once_in(6) => {
                choices.pick(MAPPED_NETWORKS).to_owned()
            }
            (Kind::Address, false) => choices.pick(NETWORKS).to_owned(),
            (_, false) => {
                copied.map_or_else(|| self.value(Breadth::Settled, choices), str::to_owned)
            }
            (Kind::Number, true) => choices.pick(ODD_NUMBERS).to_owned(),
            (Kind::Date, true) => choices.pick(ODD_DATES).to_owned(),
            (Kind::Flag, true) => choices.pick(ODD_FLAGS).to_owned(),
            (Kind::Address, true) => choices.pick(ODD_NETWORKS).to_owned(),
            (Kind::Binary, true) => choices.pick(ODD_BINARIES).to_owned(),
        }
    }
}

/// Makes a case.
pub fn case(breadth: Breadth, choices: &mut Choices) -> Case {
    let action = choices.pick(ACTIONS).to_owned();
    let resource = choices.pick(RESOURCES).to_owned();
    let facts = facts(breadth, choices);
    let asked = Asked {
        action: &action,
        resource: &resource,
        facts: &facts,
        breadth,
    };
    let identity = (0..=choices.below(2))
        .map(|_| policy(&asked, choices))
        .collect();
    let boundary = choices.once_in(4).then(|| policy(&asked, choices));
    let session = choices.once_in(4).then(|| {
        (0..[1, 1, 2, 0].get(choices.below(4)).copied().unwrap_or(1))
            .map(|_| policy(&asked, choices))
            .collect()
    });
    let documents = Documents {
        identity,
        boundary,
        session,
    };
    Case {
        documents,
        action,
        resource,
        facts,
    }
}

struct Asked<'a> {
    action: &'a str,
    resource: &'a str,
    facts: &'a Facts,
    breadth: Breadth,
}

fn facts(breadth: Breadth, choices: &mut Choices) -> Facts {
    let mut facts = Facts::new();
    for (key, kind) in KEYS {
        let several = *key == "aws:TagKeys" || (breadth == Breadth::All && choices.once_in(12));
        let count = match (several, choices.below(6)) {
            (_, 5) => continue,
            (true, few) if few < 4 => few,
            (true, _) => 2,
            (false, _) => 1,
        };
        // Whether an empty list is the same as no key is the crate's own choice.
        if count == 0 && breadth == Breadth::Settled {
            continue;
        }
        let values = (0..count).map(|_| kind.value(breadth, choices)).collect();
        facts.push((any_case(key, choices), values));
    }
    if breadth == Breadth::All && choices.once_in(20) {
        facts.push((
            "aws:principaltag/TEAM".to_owned(),
            vec![choices.pick(STRINGS).to_owned()],
        ));
    }
    facts
}

fn any_case(text: &str, choices: &mut Choices) -> String {
    match choices.below(8) {
        6 => text.to_uppercase(),
        7 => text.to_lowercase(),
        _ => text.to_owned(),
    }
}

fn policy(asked: &Asked, choices: &mut Choices) -> Value {
    let mut document = Map::new();
    match choices.below(8) {
        6 => {
            document.insert("Version".to_owned(), json!("2008-10-17"));
        }
        7 => {}
        _ => {
            document.insert("Version".to_owned(), json!("2012-10-17"));
        }
    }
    let mut statements: Vec<Value> = (0..=choices.below(3))
        .map(|_| statement(asked, choices))
        .collect();
    let body = match statements.pop() {
        Some(only) if statements.is_empty() && choices.below(2) == 0 => only,
        Some(last) => {
            statements.push(last);
            Value::Array(statements)
        }
        None => Value::Array(statements),
    };
    document.insert("Statement".to_owned(), body);
    Value::Object(document)
}

fn statement(asked: &Asked, choices: &mut Choices) -> Value {
    let mut statement = Map::new();
    let effect = if choices.below(4) == 3 {
        "Deny"
    } else {
        "Allow"
    };
    statement.insert("Effect".to_owned(), json!(effect));
    let inverted = choices.once_in(6);
    let name = if inverted { "NotAction" } else { "Action" };
    let entries = list(choices, |choices| {
        action_entry(asked.action, inverted, choices)
    });
    statement.insert(name.to_owned(), entries);
    let inverted = choices.once_in(6);
    let name = if inverted { "NotResource" } else { "Resource" };
    let entries = list(choices, |choices| resource_entry(asked, inverted, choices));
    statement.insert(name.to_owned(), entries);
    if choices.below(3) != 0 {
        let mut condition = Map::new();
        for _ in 0..=choices.below(2) {
            let (operator, key, values) = one_condition(asked, choices);
            let keys = condition.entry(operator).or_insert_with(|| json!({}));
            if let Value::Object(keys) = keys {
                keys.insert(key, values);
            }
        }
        statement.insert("Condition".to_owned(), Value::Object(condition));
    }
    Value::Object(statement)
}

/// One entry, or a list of one to three.
fn list(choices: &mut Choices, mut entry: impl FnMut(&mut Choices) -> String) -> Value {
    match choices.below(6) {
        0..3 => Value::String(entry(choices)),
        3 => json!([entry(choices)]),
        4 => json!([entry(choices), entry(choices)]),
        _ => json!([entry(choices), entry(choices), entry(choices)]),
    }
}

fn action_entry(action: &str, inverted: bool, choices: &mut Choices) -> String {
    const NEAR: &[&str] = &[
        "mq:*",
        "mq:Create*",
        "mq:*User",
        "mq:?eleteUser",
        "mq:List*",
        "ec2:*",
        "mq:Delete*",
        "mq:CreateUser?",
        "mq:*e*e*",
        "mq:Describe*",
        "mq:RebootBroker",
    ];
    match choices.below(8) {
        0 | 1 if !inverted => "*".to_owned(),
        2 => action.to_owned(),
        3 => action.to_uppercase(),
        4 => action.to_lowercase(),
        5 => match action.split_once(':') {
            Some((service, name)) => format!("{service}:{}", with_wildcard(name, choices)),
            None => action.to_owned(),
        },
        _ => choices.pick(NEAR).to_owned(),
    }
}

fn resource_entry(asked: &Asked, inverted: bool, choices: &mut Choices) -> String {
    const NEAR: &[&str] = &[
        "arn:aws:mq:*:*:*",
        "arn:aws:mq:*:*:broker:*",
        "arn:aws:mq:*:*:broker:*:b-1",
        "arn:aws:mq:us-east-1:1111????3333:broker:${aws:username}-*:*",
        "arn:aws:mq:*:111122223333:broker:${aws:username, 'jane'}:*",
        "arn:aws:mq:*:*:configuration:*",
        "arn:aws:iam::*:user/${aws:username}",
        "arn:aws:mq:eu-*-1:*:*",
        "arn:aws:ec2:*:*:subnet/*",
        "arn:aws:mq:*:broker:*:*",
        "arn:aws:mq::*:*",
    ];
    const ODD: &[&str] = &[
        "arn:aws:mq",
        "arn:aws:mq:us-east-1",
        "arn:aws:mq:*:*",
        "arn:aws:mq:*:${aws:username}:*",
        "arn:aws:mq:us-east-1:${*}:broker:*",
        "arn:aws:mq:*",
        "arn:aws:mq:us-east-1:111122223333:",
    ];
    match choices.below(8) {
        0 | 1 if !inverted => "*".to_owned(),
        2 | 3 => asked.resource.to_owned(),
        4 | 5 => {
            let from = if asked.resource == "*" {
                "arn:aws:mq:*:*:jane"
            } else {
                asked.resource
            };
            match choices.below(2) {
                0 => vary_last(from, asked.breadth, choices),
                _ => vary_segment(from, choices),
            }
        }
        6 if asked.breadth == Breadth::All && choices.once_in(8) => choices.pick(ODD).to_owned(),
        _ => choices.pick(NEAR).to_owned(),
    }
}

fn one_condition(asked: &Asked, choices: &mut Choices) -> (String, String, Value) {
    let (key, kind) = KEYS
        .get(choices.below(KEYS.len()))
        .copied()
        .unwrap_or(("a:b", Kind::Text));
    let near: Vec<&str> = asked
        .facts
        .iter()
        .filter(|(name, _)| name.to_lowercase() == key.to_lowercase())
        .flat_map(|(_, values)| values.iter().map(String::as_str))
        .collect();
    let key_written = any_case(key, choices);
    if choices.once_in(12) {
        let values = if asked.breadth == Breadth::All && choices.once_in(6) {
            json!(["true", "false"])
        } else {
            json!(choices.pick(FLAGS))
        };
        return ("Null".to_owned(), key_written, values);
    }
    // Mostly operators for the key's kind; others for the rest.
    let kind = match choices.once_in(20) && asked.breadth == Breadth::All {
        true => KEYS
            .get(choices.below(KEYS.len()))
            .map_or(kind, |(_, other)| *other),
        false => kind,
    };
    let name = choices.pick(kind.operators());
    let set = match choices.below(8) {
        _ if key == "aws:TagKeys" && asked.breadth == Breadth::Settled => {
            choices.pick(&["ForAllValues:", "ForAnyValue:"])
        }
        5 | 6 => choices.pick(&["ForAllValues:", "ForAnyValue:"]),
        _ if key == "aws:TagKeys" => choices.pick(&["ForAllValues:", "ForAnyValue:", ""]),
        _ => "",
    };
    let suffix = if choices.once_in(4) { "IfExists" } else { "" };
    let value = |choices: &mut Choices| kind.wanted(&near, asked.breadth, choices);
    let values = match choices.below(8) {
        0..4 => Value::String(value(choices)),
        4 => json!([value(choices)]),
        5 => json!([value(choices), value(choices)]),
        6 => json!([value(choices), value(choices), value(choices)]),
        _ => match kind {
            Kind::Number => [json!(10), json!(-5), json!(9.99), json!([0, 100])]
                .get(choices.below(4))
                .cloned()
                .unwrap_or_default(),
            Kind::Flag => json!(choices.below(2) == 0),
            Kind::Date => json!(1_795_392_000),
            Kind::Text | Kind::Address | Kind::Arn | Kind::Binary
                if asked.breadth == Breadth::All && choices.once_in(4) =>
            {
                json!([])
            }
            Kind::Text | Kind::Address | Kind::Arn | Kind::Binary => json!(value(choices)),
        },
    };
    (format!("{set}{name}{suffix}"), key_written, values)
}

/// Changes a text a little, in ways that matter to patterns.
fn vary(text: &str, breadth: Breadth, choices: &mut Choices) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = choices.below(chars.len() + 1);
    let (before, after) = chars.split_at(at);
    let (before, after) = (String::from_iter(before), String::from_iter(after));
    match choices.below(10) {
        0..4 => text.to_owned(),
        4 => with_wildcard(text, choices),
        5 if breadth == Breadth::All => any_case(text, choices),
        6 if breadth == Breadth::All && choices.once_in(4) => {
            format!("{before}{}{after}", choices.pick(ODD_VARIABLES))
        }
        6 | 7 => choices.pick(VARIABLES).to_owned(),
        8 => format!("{before}{}{after}", choices.pick(VARIABLES)),
        _ => match text.contains("jane") {
            true => text.replacen("jane", "${aws:username}", 1),
            false => format!("{before}*"),
        },
    }
}

/// A wildcard for none, one or several characters.
fn with_wildcard(text: &str, choices: &mut Choices) -> String {
    let chars: Vec<char> = text.chars().collect();
    let from = choices.below(chars.len() + 1);
    let to = (from + choices.below(4)).min(chars.len());
    let wildcard = choices.pick(&["*", "?", "**", "*?", "??"]);
    let before = chars.iter().take(from);
    let after = chars.iter().skip(to);
    before
        .copied()
        .chain(wildcard.chars())
        .chain(after.copied())
        .collect()
}

/// Changes the sixth segment of an ARN.
fn vary_last(arn: &str, breadth: Breadth, choices: &mut Choices) -> String {
    let mut parts: Vec<String> = arn.splitn(6, ':').map(str::to_owned).collect();
    if let Some(last) = parts.last_mut() {
        *last = vary(last, breadth, choices);
    }
    parts.join(":")
}

/// Puts a wildcard into the region, the account or the resource.
fn vary_segment(arn: &str, choices: &mut Choices) -> String {
    let mut parts: Vec<String> = arn.splitn(6, ':').map(str::to_owned).collect();
    let at = 3 + choices.below(3);
    if let Some(part) = parts.get_mut(at) {
        *part = match choices.below(3) {
            0 => "*".to_owned(),
            _ => with_wildcard(part, choices),
        };
    }
    parts.join(":")
}
