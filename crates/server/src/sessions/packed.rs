//! How much room session policies and tags take in a token (`PackedPolicySize`).

use api::refusal::{Code, Refusal};
use iam::identity::Tag;

use super::token::deflate;

/// The room there is, in compressed bytes: a token of this content is still short enough for a header. AWS does not say
/// how much it gives.
const ROOM: usize = 2_048;

/// The share of the room that is taken, in per cent, at least 1. `None`: there is nothing to pack.
///
/// # Errors
/// More than 100 per cent.
pub(crate) fn packed_size(
    policy: Option<&str>,
    policy_arns: &[String],
    tags: &[Tag],
) -> Result<Option<i64>, Refusal> {
    if policy.is_none() && policy_arns.is_empty() && tags.is_empty() {
        return Ok(None);
    }
    let content = serde_json::to_vec(&(policy, policy_arns, tags)).map_err(Refusal::internal)?;
    let percent = (deflate(&content).len() * 100).div_ceil(ROOM).max(1);
    if percent > 100 {
        return Err(Refusal::new(
            Code::PackedPolicyTooLarge,
            format!(
                "Packed policy consumes {percent}% of allotted space, please use smaller policy."
            ),
        ));
    }
    Ok(i64::try_from(percent).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_its_share() {
        assert_eq!(packed_size(None, &[], &[]).unwrap(), None);
        let small = packed_size(Some("{}"), &[], &[]).unwrap().unwrap();
        assert!((1..=3).contains(&small), "{small}");
        // Digits of the square root of every number: nothing to compress but the digits themselves.
        let noise: String = (1..400)
            .map(|n| format!("{:.15}", f64::from(n).sqrt()))
            .collect();
        let refusal = packed_size(Some(&noise), &[], &[]).unwrap_err();
        assert_eq!(refusal.code.name(), "PackedPolicyTooLarge");
        assert!(
            refusal.message.starts_with("Packed policy consumes 1"),
            "{}",
            refusal.message
        );
    }
}
