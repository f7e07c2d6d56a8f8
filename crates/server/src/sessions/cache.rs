//! Tokens that were opened before: opening one means decrypting, inflating and compiling its policy.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::token::LiveSession;

/// The most tokens of one generation. There are two, and the older one is forgotten when the younger one is full.
const GENERATION: usize = 2048;

type Tokens = HashMap<[u8; 32], Arc<LiveSession>>;

/// Tokens that were opened before, by their hash. Only tokens of ours get in, so strangers cannot fill it.
#[derive(Default)]
pub struct Sessions {
    generations: Mutex<(Tokens, Tokens)>,
}

impl Sessions {
    /// The session of the token: the known one, or the one that `open` finds.
    pub(super) fn of(
        &self,
        token: &str,
        open: impl FnOnce() -> Option<Arc<LiveSession>>,
    ) -> Option<Arc<LiveSession>> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let known = {
            let generations = self.lock();
            let (young, old) = &*generations;
            young.get(&hash).or_else(|| old.get(&hash)).cloned()
        };
        if known.is_some() {
            return known;
        }
        let opened = open()?;
        let mut generations = self.lock();
        let (young, old) = &mut *generations;
        if young.len() >= GENERATION {
            *old = std::mem::take(young);
        }
        young.insert(hash, Arc::clone(&opened));
        Some(opened)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (Tokens, Tokens)> {
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
