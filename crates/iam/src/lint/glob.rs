//! Patterns against patterns: whether two can match one text, and whether one matches all that
//! another does.

/// One character of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Star,
    Question,
    Letter(char),
}

/// With `variables`, `${…}` stands for any text.
fn units(pattern: &str, variables: bool) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        if variables
            && let Some(variable) = rest.strip_prefix("${")
            && let Some((name, after)) = variable.split_once('}')
        {
            units.push(match name {
                "*" | "?" | "$" => Unit::Letter(name.chars().next().unwrap_or('$')),
                _ => Unit::Star,
            });
            rest = after;
            continue;
        }
        units.push(match next {
            '*' => Unit::Star,
            '?' => Unit::Question,
            letter => Unit::Letter(letter),
        });
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    units
}

/// Fills a table row by row: `reached` says whether the first `i` units of `a` and the first `j` of
/// `b` can be got past together. `step` tells, for two units, which moves are possible.
fn reaches(a: &[Unit], b: &[Unit], step: impl Fn(Unit, Unit) -> bool, both: bool) -> bool {
    let mut row = vec![false; b.len() + 1];
    if let Some(first) = row.first_mut() {
        *first = true;
    }
    // An empty `a`: only stars of `b` can be got past, and only if they may stand for nothing.
    let mut open = both;
    for (cell, unit) in row.iter_mut().skip(1).zip(b) {
        open &= *unit == Unit::Star;
        *cell = open;
    }
    for unit in a {
        let star = *unit == Unit::Star;
        let mut left = star && row.first().copied().unwrap_or_default();
        let mut next = vec![left];
        for (j, other) in b.iter().enumerate() {
            let diagonal = row.get(j).copied().unwrap_or_default();
            let above = row.get(j + 1).copied().unwrap_or_default();
            // A star of `a` may end (above) or swallow one more of `b` (left); likewise a star of
            // `b` where `both` are patterns for one text.
            let cell = (star && (above || left))
                || (both && *other == Unit::Star && (left || above))
                || (diagonal && step(*unit, *other));
            next.push(cell);
            left = cell;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Whether some text matches both.
pub(super) fn intersect(a: &str, b: &str, variables: bool) -> bool {
    let step = |a, b| match (a, b) {
        (Unit::Letter(a), Unit::Letter(b)) => a == b,
        (Unit::Star | Unit::Question, _) | (_, Unit::Star | Unit::Question) => true,
    };
    reaches(&units(a, variables), &units(b, variables), step, true)
}

/// Whether `wide` surely matches whatever `narrow` does. A pattern with a variable contains itself
/// only.
pub(super) fn contains(wide: &str, narrow: &str, variables: bool) -> bool {
    if wide == narrow {
        return true;
    }
    if variables && wide.contains("${") {
        return false;
    }
    let step = |wide, narrow| match (wide, narrow) {
        (Unit::Letter(wide), Unit::Letter(narrow)) => wide == narrow,
        (Unit::Question, Unit::Letter(_) | Unit::Question) => true,
        // Only a star takes in a star, which is its other move.
        (Unit::Star, _) | (Unit::Question, Unit::Star) | (Unit::Letter(_), _) => false,
    };
    reaches(&units(wide, false), &units(narrow, variables), step, false)
}

/// [`intersect`] of resource entries: `*`, or six segments each of which is compared by itself.
pub(super) fn resources_intersect(a: &str, b: &str, variables: bool) -> bool {
    match (a, b) {
        ("*", _) | (_, "*") => true,
        _ => by_segment(a, b, |a, b| intersect(a, b, variables)),
    }
}

/// [`contains`] of resource entries. `*` is contained in itself only: it also stands for the requests
/// that have no resource.
pub(super) fn resource_contains(wide: &str, narrow: &str, variables: bool) -> bool {
    match (wide, narrow) {
        ("*", _) => true,
        (_, "*") => false,
        _ => by_segment(wide, narrow, |wide, narrow| {
            contains(wide, narrow, variables)
        }),
    }
}

fn by_segment(a: &str, b: &str, compare: impl Fn(&str, &str) -> bool) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.splitn(6, ':').collect(), b.splitn(6, ':').collect());
    a.len() == 6 && b.len() == 6 && a.iter().zip(&b).all(|(a, b)| compare(a, b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wildcard::matches;

    #[test]
    fn segments_are_compared_apart() {
        let broker = "arn:*:mq:*:*:broker:*:*";
        assert!(resources_intersect(
            "arn:aws:mq:us-east-1:1:*",
            broker,
            true
        ));
        assert!(resources_intersect(
            "arn:aws:mq:*:1:broker:${aws:username}-*",
            broker,
            true
        ));
        assert!(!resources_intersect(
            "arn:aws:mq:*:1:configuration:*",
            broker,
            true
        ));
        assert!(!resources_intersect(
            "arn:aws:sqs:*:1:broker:a:b",
            broker,
            true
        ));
        assert!(!resource_contains("arn:aws:mq:*:*:*", "*", true));
        assert!(resource_contains("arn:*:mq:*:*:*", broker, true));
        assert!(!contains("a${x}", "ab", true) && contains("a${x}", "a${x}", true));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Against all short texts over the letters of the patterns and one more.
        #[test]
        fn both_answers_agree_with_trying_every_text(a in "[ab*?]{0,4}", b in "[ab*?]{0,4}") {
            let letters = ["a", "b", "c"];
            let mut texts = vec![String::new()];
            let mut last = texts.clone();
            for _ in 0..6 {
                last = last.iter().flat_map(|text| letters.map(|letter| format!("{text}{letter}"))).collect();
                texts.extend(last.iter().cloned());
            }
            let meet = texts.iter().any(|text| matches(&a, text) && matches(&b, text));
            prop_assert_eq!(intersect(&a, &b, true), meet);
            let contained = texts.iter().all(|text| !matches(&b, text) || matches(&a, text));
            // `contains` may miss a containment, and never invents one.
            prop_assert!(!contains(&a, &b, true) || contained);
            if a.chars().all(|c| c != '?') {
                prop_assert_eq!(contains(&a, &b, true), contained);
            }
        }
    }
}
