//! What is remembered of what was used lately, in bounded memory.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Entries by their keys, in two generations: the older one is forgotten when the younger one is full.
pub(crate) struct Generations<K, V> {
    most: usize,
    both: Mutex<(HashMap<K, V>, HashMap<K, V>)>,
}

impl<K: Eq + Hash, V: Clone> Generations<K, V> {
    /// Nothing yet. A generation has at most this many entries.
    pub(crate) fn of(most: usize) -> Self {
        Self {
            most,
            both: Mutex::default(),
        }
    }

    /// The entry of the key.
    pub(crate) fn find<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let both = self.lock();
        let (young, old) = &*both;
        young.get(key).or_else(|| old.get(key)).cloned()
    }

    /// Forgets everything.
    pub(crate) fn forget(&self) {
        *self.lock() = Default::default();
    }

    /// Remembers an entry.
    pub(crate) fn keep(&self, key: K, value: V) {
        let mut both = self.lock();
        let (young, old) = &mut *both;
        if young.len() >= self.most {
            *old = std::mem::take(young);
        }
        young.insert(key, value);
    }

    fn lock(&self) -> MutexGuard<'_, (HashMap<K, V>, HashMap<K, V>)> {
        self.both.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_lately_is_remembered_and_no_more_than_twice_the_bound() {
        let kept = Generations::of(10);
        for number in 0..25 {
            kept.keep(number, number * 2);
        }
        let found: Vec<i32> = (0..25).filter_map(|number| kept.find(&number)).collect();
        assert_eq!(found, (10..25).map(|number| number * 2).collect::<Vec<_>>());
        kept.keep(3, 7);
        assert_eq!(kept.find(&3), Some(7));
    }
}
