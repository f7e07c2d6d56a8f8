//! The `loopback` mode: the ranges of VPCs lie in 127.0.0.0/8, where every address is this machine's already. There is nothing
//! to be made, and nothing that could be enforced: every client comes from 127.0.0.1.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use super::{Faults, Network, Topology};

pub(super) struct Loopback;

impl Network for Loopback {
    fn enforces(&self) -> bool {
        false
    }

    fn apply(&self, _: &Topology) -> Faults {
        Faults::default()
    }

    fn management(&self, address: Ipv4Addr) -> Ipv4Addr {
        vpc::management_address(address)
    }

    fn namespace(&self, _: &str) -> Option<PathBuf> {
        None
    }
}
