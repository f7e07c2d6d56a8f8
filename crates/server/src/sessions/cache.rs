//! Tokens that were opened before: opening one means decrypting, inflating and compiling its policy.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::token::LiveSession;
use crate::generations::Generations;

/// The most tokens of one generation.
const GENERATION: usize = 2048;

/// Tokens that were opened before, by their hash. Only tokens of ours get in, so strangers cannot fill it.
pub struct Sessions(Generations<[u8; 32], Arc<LiveSession>>);

impl Default for Sessions {
    fn default() -> Self {
        Self(Generations::of(GENERATION))
    }
}

impl Sessions {
    /// The session of the token: the known one, or the one that `open` finds.
    pub(super) fn of(
        &self,
        token: &str,
        open: impl FnOnce() -> Option<Arc<LiveSession>>,
    ) -> Option<Arc<LiveSession>> {
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(known) = self.0.find(&hash) {
            return Some(known);
        }
        let opened = open()?;
        self.0.keep(hash, Arc::clone(&opened));
        Some(opened)
    }

    /// Forgets all of them: which keys open tokens has changed.
    pub(crate) fn forget(&self) {
        self.0.forget();
    }
}
