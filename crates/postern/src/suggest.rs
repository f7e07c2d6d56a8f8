//! Names that do not exist, and the nearest ones that do.

use crate::exit::Usage;

/// The error for a name that does not exist, with the nearest one that does.
pub(crate) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> anyhow::Error {
    let nearest = known
        .map(|candidate| (distance(name, candidate), candidate))
        .min();
    let hint = match nearest {
        Some((distance, candidate)) if distance <= 3 || distance * 3 <= name.len() => {
            format!(": did you mean `{candidate}`?")
        }
        Some(_) | None => String::new(),
    };
    Usage(format!("unknown {what} `{name}`{hint}")).into()
}

/// How many letters have to change (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((y, above), diagonal) in b.iter().zip(row.iter().skip(1)).zip(row.iter()) {
            let left = next.last().copied().unwrap_or_default();
            next.push(
                (above + 1)
                    .min(left + 1)
                    .min(diagonal + usize::from(x != *y)),
            );
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_changed_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
