//! How many connections each peer has.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The connections of each peer.
#[derive(Debug)]
pub(crate) struct Peers {
    limit: usize,
    counts: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection of a peer; it is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    peers: Arc<Peers>,
    peer: IpAddr,
}

impl Peers {
    /// Peers with at most so many connections each.
    pub(crate) fn new(limit: usize) -> Peers {
        Peers {
            limit,
            counts: Mutex::new(HashMap::new()),
        }
    }

    /// A further connection of a peer. `None`: it has too many.
    pub(crate) fn seat(self: &Arc<Peers>, peer: IpAddr) -> Option<Seat> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(peer).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Seat {
            peers: Arc::clone(self),
            peer,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self
            .peers
            .counts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_gets_its_share_and_no_more() {
        let peers = Arc::new(Peers::new(2));
        let [a, b] = [[127, 0, 0, 1], [127, 0, 0, 2]].map(IpAddr::from);
        let first = peers.seat(a).unwrap();
        let _second = peers.seat(a).unwrap();
        assert!(peers.seat(a).is_none());
        assert!(peers.seat(b).is_some());
        drop(first);
        assert!(peers.seat(a).is_some());
        assert_eq!(
            peers.counts.lock().unwrap().len(),
            1,
            "nothing is kept of peers that are gone"
        );
    }
}
