//! The token buckets: requests per second and a burst, of each account and service ("Quotas in Amazon MQ": the rate is counted over all
//! Amazon MQ APIs of the account; other services count for themselves).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use api::row::Service;

/// The buckets of all accounts.
#[derive(Debug)]
pub struct Throttle {
    per_second: f64,
    burst: f64,
    buckets: Mutex<HashMap<Service, HashMap<String, Bucket>>>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: i64,
}

impl Throttle {
    /// Buckets that fill at this rate up to this burst.
    pub fn new(per_second: f64, burst: u32) -> Throttle {
        Throttle {
            per_second,
            burst: f64::from(burst),
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one token of the account for the service at this time (milliseconds). `false`: it has none. A clock that goes back fills
    /// nothing.
    pub fn admit(&self, service: Service, account: &str, now: i64) -> bool {
        let mut services = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = services.entry(service).or_default();
        if !buckets.contains_key(account) {
            buckets.insert(
                account.to_owned(),
                Bucket {
                    tokens: self.burst,
                    at: now,
                },
            );
        }
        let Some(bucket) = buckets.get_mut(account) else {
            return false;
        };
        let elapsed =
            u32::try_from(now.saturating_sub(bucket.at).clamp(0, i64::from(u32::MAX))).unwrap_or(0);
        bucket.tokens =
            (bucket.tokens + f64::from(elapsed) / 1000.0 * self.per_second).min(self.burst);
        bucket.at = bucket.at.max(now);
        let admitted = bucket.tokens >= 1.0;
        if admitted {
            bucket.tokens -= 1.0;
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_burst_then_the_rate() {
        let throttle = Throttle::new(15.0, 100);
        assert_eq!(
            (0..150)
                .filter(|_| throttle.admit(Service::Mq, "a", 0))
                .count(),
            100
        );
        assert_eq!(
            (0..150)
                .filter(|_| throttle.admit(Service::Mq, "a", 1000))
                .count(),
            15
        );
        assert_eq!(
            (0..150)
                .filter(|_| throttle.admit(Service::Mq, "a", 500))
                .count(),
            0
        );
        assert!(throttle.admit(Service::Mq, "b", 0));
        assert!(
            throttle.admit(Service::Iam, "a", 500),
            "services count for themselves"
        );
    }
}
