//! When each access key was used last ("GetAccessKeyLastUsed"), since the service started.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use api::row::Service;

/// One use of an access key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// When, in milliseconds since the Unix epoch.
    pub at: i64,
    /// For which service.
    pub service: Service,
    /// In which region.
    pub region: String,
}

/// The last use of each access key. Differs: it begins anew with the service, where AWS remembers 400 days.
#[derive(Debug, Default)]
pub struct LastUsed {
    keys: Mutex<HashMap<String, Use>>,
}

impl LastUsed {
    /// Notes a use.
    pub fn note(&self, access_key_id: &str, used: Use) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match keys.get_mut(access_key_id) {
            Some(last) => *last = used,
            None => {
                keys.insert(access_key_id.to_owned(), used);
            }
        }
    }

    /// The last use.
    pub fn of(&self, access_key_id: &str) -> Option<Use> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(access_key_id).cloned()
    }
}
