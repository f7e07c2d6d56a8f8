//! Network modes: where the addresses of brokers are, and who enforces their security groups.
//!
//! | mode | addresses | security groups | needs |
//! | --- | --- | --- | --- |
//! | [`loopback`] | in 127.0.0.0/8, which every Linux machine has | not enforced | nothing |
//! | [`host`] | of a pool, added to a device of the machine | nftables, by address | root |
//! | [`netns`] | of the subnet, in a network namespace of the node's own | nftables, in the namespace | root |
//!
//! A [`Network`] is told the whole of what is wanted, a [`Topology`] made of the records and nothing else, and makes the machine
//! be so: what is there already stays untouched, what belongs to nothing any more goes. So a restart, a repeated call and the
//! ordinary course are the same path, as everywhere in Postern. [`Networks`] calls it at every change of the records, which is how a
//! changed rule counts at once, and before a node is started.
//!
//! Postern itself reaches a node past all rules: it makes its sockets inside the node's namespace ([`inside`]), or, where
//! there is none, from the machine's own addresses. Nobody else can reach a management endpoint from another machine.

mod host;
mod inside;
mod loopback;
mod netns;
mod programs;
pub mod ranges;
mod topology;
mod upkeep;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;

pub(crate) use inside::enter;
pub use inside::inside;
pub use programs::{Program, ProgramError, version};
pub use topology::{Node, Router, Topology};
pub use upkeep::{Networks, run};

use crate::settings::{NetworkMode, Settings};

/// Gives brokers their addresses, and enforces their security groups where it can.
///
/// Every operation may block and may be repeated.
pub trait Network: Send + Sync + 'static {
    /// Whether security groups are enforced. Where they are not, [`Network::apply`] need not be called.
    fn enforces(&self) -> bool;

    /// Makes the machine be as wanted: addresses, links and rules of every node, and nothing that belongs to none. What cannot
    /// be done for one node does not keep the others waiting. Order: no address of a node can be reached before its rules hold.
    fn apply(&self, wanted: &Topology) -> Faults;

    /// Where a node with this address is managed: an address that its clients are not given and, beyond this machine, cannot
    /// reach.
    fn management(&self, address: Ipv4Addr) -> Ipv4Addr;

    /// The file of the network namespace that a node runs in; `None` where it is the machine's own.
    fn namespace(&self, node: &str) -> Option<PathBuf>;
}

/// What could not be done; empty when all is as it was wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// What concerns all nodes.
    pub general: Option<Fault>,
    /// What concerns one node, by its name.
    pub nodes: BTreeMap<String, Fault>,
}

/// One thing that could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A clause for people.
    pub text: String,
    /// Whether trying again is in vain until somebody changes something.
    pub definite: bool,
}

impl Faults {
    /// Whether all is as it was wanted.
    pub fn is_empty(&self) -> bool {
        self.general.is_none() && self.nodes.is_empty()
    }

    /// What keeps this node from being started.
    pub fn of(&self, node: &str) -> Option<&Fault> {
        self.nodes.get(node).or(self.general.as_ref())
    }
}

impl Fault {
    fn passing(text: impl ToString) -> Fault {
        Fault {
            text: text.to_string(),
            definite: false,
        }
    }

    fn lasting(text: impl ToString) -> Fault {
        Fault {
            text: text.to_string(),
            definite: true,
        }
    }
}

/// Why a network mode cannot be used on this machine.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The mode changes the machine's network.
    #[error("the network mode {0} needs root; without it only loopback can be used")]
    NotRoot(&'static str),
    /// A program is missing or does not run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The device is not there.
    #[error("there is no network device `{0}` on this machine: give another --network-device")]
    NoDevice(String),
    /// The pool holds an address that the machine needs for itself.
    #[error(
        "the pool {pool} holds {address}, which is this machine's own: give another --network-pool"
    )]
    OwnAddress {
        /// The pool.
        pool: vpc::Cidr,
        /// The address.
        address: Ipv4Addr,
    },
}

/// Opens the network mode that the settings name.
///
/// # Errors
/// [`NetworkError`].
pub fn open(settings: &Settings) -> Result<Box<dyn Network>, NetworkError> {
    let root = rustix::process::geteuid().is_root();
    let number = number_of(&settings.data_dir);
    match &settings.network {
        NetworkMode::Loopback => Ok(Box::new(loopback::Loopback)),
        NetworkMode::Host { .. } | NetworkMode::Netns if !root => {
            Err(NetworkError::NotRoot(settings.network.name()))
        }
        NetworkMode::Host { device, pool } => {
            Ok(Box::new(host::Host::open(device, *pool, number)?))
        }
        NetworkMode::Netns => Ok(Box::new(netns::Netns::open(number)?)),
    }
}

/// Whether [`open`] would open the mode, without changing anything: for `postern doctor`, beside a Postern that runs.
///
/// # Errors
/// As [`open`].
pub fn examine(settings: &Settings) -> Result<(), NetworkError> {
    match &settings.network {
        NetworkMode::Loopback => Ok(()),
        NetworkMode::Host { device, pool } => host::examine(device, *pool),
        NetworkMode::Netns => netns::examine(),
    }
}

/// A number for what the Postern with this data folder makes on the machine, so that several on one machine know theirs. Not 0,
/// which is every other device's group.
fn number_of(data_dir: &std::path::Path) -> u32 {
    use sha2::{Digest, Sha256};
    let path = data_dir.canonicalize();
    let path = path.as_deref().unwrap_or(data_dir);
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    let number = digest
        .first_chunk()
        .map_or(0, |four| u32::from_be_bytes(*four));
    (number & 0x7fff_ffff) | 1
}
