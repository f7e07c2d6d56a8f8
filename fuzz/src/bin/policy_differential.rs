//! Compares the `iam` crate with the naive evaluator: `policy_differential CASES [SEED [SHOWN]]`.
//! Prints how often each answer came, and the first SHOWN (10) differences; fails if there is one.

use std::collections::BTreeMap;
use std::process::ExitCode;

use fuzz::naive::cases::{Breadth, Choices, case};
use fuzz::naive::differential::compare;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |or: u64| arguments.next().map_or(Some(or), |text| text.parse().ok());
    let (Some(cases), Some(seed), Some(shown)) = (number(1_000_000), number(1), number(10)) else {
        eprintln!("usage: policy_differential CASES [SEED [SHOWN]]");
        return ExitCode::FAILURE;
    };
    let mut answers: BTreeMap<String, u64> = BTreeMap::new();
    let mut differences = 0_u64;
    for index in 0..cases {
        // A stream of its own for each case: one case can be repeated alone.
        let stream = seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(index);
        match compare(&case(Breadth::All, &mut Choices::seeded(stream))) {
            Ok(agreement) => *answers.entry(format!("{agreement:?}")).or_default() += 1,
            Err(difference) => {
                differences += 1;
                if differences <= shown {
                    println!("seed {seed} case {index}:\n{difference}");
                }
            }
        }
    }
    println!("cases {cases} seed {seed} differences {differences}");
    for (answer, count) in answers {
        println!("{count:>12} {answer}");
    }
    if differences == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
