//! A bounded cache of signing keys.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::{Mutex, PoisonError};

use crate::key::{SecretKey, SigningKey};

/// Keeps derived signing keys by access key id, day, region and service, so that
/// a request costs one HMAC instead of five. Share one among all threads.
///
/// Bounded: the table is divided into sets of eight, and the entry of a set that
/// was used longest ago makes room. A cached key is only served for the secret it
/// was derived from, so replacing the secret behind a key id needs no
/// invalidation. Only keys that verified a request get in, so strangers cannot
/// push others out.
pub struct KeyCache {
    sets: Box<[Mutex<Set>]>,
    /// Signs for keys that do not exist, to take the time a real one takes.
    nobody: SecretKey,
}

#[derive(Default)]
struct Set {
    uses: u64,
    entries: Vec<Entry>,
}

struct Entry {
    hash: u64,
    used: u64,
    access_key_id: String,
    date: String,
    region: String,
    service: String,
    fingerprint: [u8; 32],
    key: SigningKey,
}

/// What a cached key is found by.
#[derive(Clone, Copy, Hash)]
pub(crate) struct Name<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) date: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

/// A key and whether the cache still has to be told of it.
pub(crate) struct Found {
    pub(crate) key: SigningKey,
    pub(crate) is_new: bool,
}

const WAYS: usize = 8;

impl KeyCache {
    /// Makes a cache for about `capacity` keys, at least eight. An entry takes
    /// around 400 bytes. Twice the number of access keys in use is ample: each is
    /// used with one or two days, regions and services at a time.
    pub fn new(capacity: usize) -> Self {
        let sets = capacity.div_ceil(WAYS).max(1);
        KeyCache {
            sets: (0..sets).map(|_| Mutex::default()).collect(),
            nobody: SecretKey::new("no access key has this secret"),
        }
    }

    /// The cached key for this name and secret, or a newly derived one.
    pub(crate) fn find(&self, name: Name<'_>, secret: &SecretKey) -> Found {
        let hash = hash(&name);
        if let Some(set) = self.set(hash) {
            let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
            set.uses += 1;
            let now = set.uses;
            if let Some(entry) = set.entries.iter_mut().find(|entry| entry.is(hash, &name))
                && bool::from(secret.is_fingerprint(&entry.fingerprint))
            {
                entry.used = now;
                return Found {
                    key: entry.key.clone(),
                    is_new: false,
                };
            }
        }
        Found {
            key: secret.derive(name.date, name.region, name.service),
            is_new: true,
        }
    }

    /// Keeps a key under its name, in the place of an older one.
    pub(crate) fn keep(&self, name: Name<'_>, secret: &SecretKey, key: SigningKey) {
        let hash = hash(&name);
        let Some(set) = self.set(hash) else {
            return;
        };
        let mut set = set.lock().unwrap_or_else(PoisonError::into_inner);
        set.uses += 1;
        let entry = Entry {
            hash,
            used: set.uses,
            access_key_id: name.access_key_id.to_owned(),
            date: name.date.to_owned(),
            region: name.region.to_owned(),
            service: name.service.to_owned(),
            fingerprint: secret.fingerprint(),
            key,
        };
        if let Some(same) = set.entries.iter_mut().find(|other| other.is(hash, &name)) {
            *same = entry;
        } else if set.entries.len() < WAYS {
            set.entries.push(entry);
        } else if let Some(oldest) = set.entries.iter_mut().min_by_key(|other| other.used) {
            *oldest = entry;
        }
    }

    /// The secret that stands in for a key that does not exist.
    pub(crate) fn nobody(&self) -> &SecretKey {
        &self.nobody
    }

    fn set(&self, hash: u64) -> Option<&Mutex<Set>> {
        let sets = u64::try_from(self.sets.len()).ok()?;
        let index = usize::try_from(hash.checked_rem(sets)?).ok()?;
        self.sets.get(index)
    }
}

impl Entry {
    fn is(&self, hash: u64, name: &Name<'_>) -> bool {
        self.hash == hash
            && self.access_key_id == name.access_key_id
            && self.date == name.date
            && self.region == name.region
            && self.service == name.service
    }
}

/// A fixed hash: whoever finds names that collide only makes the cache miss.
fn hash(name: &Name<'_>) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(id: &str) -> Name<'_> {
        Name {
            access_key_id: id,
            date: "20150830",
            region: "us-east-1",
            service: "mq",
        }
    }

    fn learn(cache: &KeyCache, id: &str, secret: &SecretKey) -> bool {
        let found = cache.find(name(id), secret);
        if found.is_new {
            cache.keep(name(id), secret, found.key);
        }
        found.is_new
    }

    #[test]
    fn a_changed_secret_is_never_served_the_old_key() {
        let cache = KeyCache::new(16);
        let (old, new) = (SecretKey::new("old"), SecretKey::new("new"));
        assert!(learn(&cache, "AKIA1", &old));
        assert!(!learn(&cache, "AKIA1", &old));
        assert!(learn(&cache, "AKIA1", &new));
        let cached = cache.find(name("AKIA1"), &new);
        assert!(!cached.is_new);
        let fresh = new.derive("20150830", "us-east-1", "mq");
        assert_eq!(cached.key.sign(&[b"x"]), fresh.sign(&[b"x"]));
        assert!(cache.find(name("AKIA1"), &old).is_new);
    }

    #[test]
    fn the_cache_stays_bounded_and_keeps_what_is_used() {
        let cache = KeyCache::new(WAYS);
        let secret = SecretKey::new("secret");
        assert!(learn(&cache, "hot", &secret));
        for n in 0..1000 {
            learn(&cache, &format!("AKIA{n}"), &secret);
            assert!(!learn(&cache, "hot", &secret));
        }
        let held: usize = cache
            .sets
            .iter()
            .map(|s| s.lock().expect("not poisoned").entries.len())
            .sum();
        assert_eq!(held, WAYS);
    }

    #[test]
    fn every_part_of_the_name_counts() {
        let cache = KeyCache::new(64);
        let secret = SecretKey::new("secret");
        assert!(learn(&cache, "AKIA1", &secret));
        let same = name("AKIA1");
        for other in [
            Name {
                date: "20150831",
                ..same
            },
            Name {
                region: "us-east-2",
                ..same
            },
            Name {
                service: "iam",
                ..same
            },
            Name {
                access_key_id: "AKIA2",
                ..same
            },
        ] {
            assert!(cache.find(other, &secret).is_new);
        }
    }
}
