//! The `host` mode: each interface's address is one of a pool and is added to a device of the machine, so that other machines
//! reach the broker as they reach this one. The rules are those of one table of nftables, by address.
//!
//! Every address of the pool that the device has as a /32 is taken for Postern's: it removes those that no node has.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use vpc::{Cidr, Filter, addresses_ruleset, no_ruleset};

use super::programs::{self, Program};
use super::{Fault, Faults, Network, NetworkError, Topology};

pub(super) struct Host {
    device: String,
    pool: Cidr,
    table: String,
    /// The rules that hold.
    loaded: Mutex<Option<String>>,
}

/// Whether the device is there and the pool is free.
pub(super) fn examine(device: &str, pool: Cidr) -> Result<(), NetworkError> {
    programs::version(Program::Nft)?;
    let links = programs::links()?;
    if !links.iter().any(|link| link.name == device) {
        return Err(NetworkError::NoDevice(device.to_owned()));
    }
    for link in &links {
        let ours = |prefix| link.name == device && prefix == 32;
        let own = link.addr_info.iter().find_map(|address| {
            let own = address.v4()?;
            (pool.contains(own) && !ours(address.prefixlen)).then_some(own)
        });
        if let Some(address) = own {
            return Err(NetworkError::OwnAddress { pool, address });
        }
    }
    Ok(())
}

impl Host {
    pub(super) fn open(device: &str, pool: Cidr, number: u32) -> Result<Host, NetworkError> {
        examine(device, pool)?;
        Ok(Host {
            device: device.to_owned(),
            pool,
            table: format!("postern_{number:08x}"),
            loaded: Mutex::default(),
        })
    }

    fn apply_all(&self, wanted: &Topology) -> Result<Faults, Fault> {
        let links = programs::links().map_err(Fault::passing)?;
        let there: Vec<Ipv4Addr> = links
            .iter()
            .filter(|link| link.name == self.device)
            .flat_map(|link| &link.addr_info)
            .filter(|address| address.prefixlen == 32)
            .filter_map(programs::LinkAddress::v4)
            .filter(|address| self.pool.contains(*address))
            .collect();
        let mut faults = Faults::default();
        // Order: an address is gone before its rules are, and its rules hold before it is there.
        for address in &there {
            let is_wanted = |node: &super::Node| node.filter.address == *address;
            if !wanted.nodes.values().any(is_wanted) {
                self.address("del", *address)?;
            }
        }
        self.load(wanted)?;
        for (name, node) in &wanted.nodes {
            let address = node.filter.address;
            if !self.pool.contains(address) {
                let text = format!("{address} is not an address of the pool {}", self.pool);
                faults.nodes.insert(name.clone(), Fault::lasting(text));
            } else if !there.contains(&address)
                && let Err(fault) = self.address("add", address)
            {
                faults.nodes.insert(name.clone(), fault);
            }
        }
        Ok(faults)
    }

    fn address(&self, verb: &str, address: Ipv4Addr) -> Result<(), Fault> {
        let text = format!("{address}/32");
        programs::ip(&["address", verb, &text, "dev", &self.device])
            .map(drop)
            .map_err(Fault::passing)
    }

    fn load(&self, wanted: &Topology) -> Result<(), Fault> {
        let filters: BTreeMap<String, Filter> = wanted
            .nodes
            .values()
            .map(|node| (vpc::digits(&node.interface).to_owned(), node.filter.clone()))
            .collect();
        let ruleset = if filters.is_empty() {
            no_ruleset(&self.table)
        } else {
            addresses_ruleset(&self.table, &filters)
        };
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if loaded.as_ref() != Some(&ruleset) {
            programs::nft(None, &ruleset).map_err(Fault::passing)?;
            *loaded = Some(ruleset);
        }
        Ok(())
    }
}

impl Network for Host {
    fn enforces(&self) -> bool {
        true
    }

    fn apply(&self, wanted: &Topology) -> Faults {
        self.apply_all(wanted).unwrap_or_else(|fault| Faults {
            general: Some(fault),
            ..Faults::default()
        })
    }

    /// In 127.254.0.0/16, which no VPC of the `loopback` mode has; pools have a prefix of 16 or more, so that the last two
    /// numbers tell their addresses apart.
    fn management(&self, address: Ipv4Addr) -> Ipv4Addr {
        let [_, _, third, fourth] = address.octets();
        Ipv4Addr::new(127, 254, third, fourth)
    }

    fn namespace(&self, _: &str) -> Option<PathBuf> {
        None
    }
}
