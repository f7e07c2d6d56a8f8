//! The `netns` mode: each node runs in a network namespace of its own, which holds its address and its rules. A bridge per
//! subnet connects the nodes in it and has the subnet's router address; between subnets and to the outside this machine routes.
//!
//! ```text
//! bridge pb-<subnet>      172.31.0.1/20                     in the machine's own namespace
//!   veth pv-<node>        its other end is `eth0` in the namespace postern-<number>-<node>, 172.31.0.4/20,
//!                         default route by 172.31.0.1, table `inet postern`
//! ```
//!
//! Bridges and veths are in the device group `<number>`, by which a restarted Postern knows its own. A veth has its alias only when
//! everything about the node is made: one without is made anew.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use vpc::node_ruleset;

use super::programs::{self, Link, Program, ProgramError};
use super::{Fault, Faults, Network, NetworkError, Node, Router, Topology, inside};

/// Where `ip netns` keeps names of namespaces.
const NAMESPACES: &str = "/run/netns";
/// Whether this machine routes between its devices.
const FORWARDING: &str = "/proc/sys/net/ipv4/ip_forward";
/// From which port on users other than root may listen, per namespace.
const FIRST_FREE_PORT: &str = "/proc/sys/net/ipv4/ip_unprivileged_port_start";

pub(super) struct Netns {
    number: u32,
    /// The rules that hold, by node.
    loaded: Mutex<BTreeMap<String, String>>,
}

/// Whether the programs are there.
pub(super) fn examine() -> Result<(), NetworkError> {
    programs::version(Program::Ip)?;
    programs::version(Program::Nft)?;
    Ok(())
}

impl Netns {
    pub(super) fn open(number: u32) -> Result<Netns, NetworkError> {
        examine()?;
        route();
        Ok(Netns {
            number,
            loaded: Mutex::default(),
        })
    }

    /// What the names of our namespaces begin with.
    fn prefix(&self) -> String {
        format!("postern-{:08x}-", self.number)
    }

    fn name(&self, node: &str) -> String {
        format!("{}{node}", self.prefix())
    }

    fn file(&self, node: &str) -> PathBuf {
        Path::new(NAMESPACES).join(self.name(node))
    }

    fn is_ours(&self, link: &Link) -> bool {
        link.group == self.number.to_string()
    }

    /// The nodes that have namespaces.
    fn nodes_there(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(NAMESPACES) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let prefix = self.prefix();
        let mut nodes = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let node = name.to_str().and_then(|name| name.strip_prefix(&prefix));
            nodes.extend(node.map(str::to_owned));
        }
        Ok(nodes)
    }

    fn apply_all(&self, wanted: &Topology) -> Result<Faults, Fault> {
        let mut faults = Faults::default();
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let links = programs::links().map_err(Fault::passing)?;
        let there = self.nodes_there().map_err(Fault::passing)?;
        for node in &there {
            if !wanted.nodes.contains_key(node) {
                loaded.remove(node);
                self.remove_node(node, &links).map_err(Fault::passing)?;
            }
        }
        let mut bridges = BTreeMap::new();
        for (subnet, router) in &wanted.subnets {
            bridges.insert(subnet, self.bridge(subnet, *router, &links));
        }
        for (name, node) in &wanted.nodes {
            let made = match bridges.get(&node.subnet) {
                Some(Err(fault)) => Err(fault.clone()),
                Some(Ok(())) | None => {
                    let router = wanted.subnets.get(&node.subnet);
                    let is_there = there.contains(name);
                    if !is_there {
                        loaded.remove(name);
                    }
                    router.map_or(Ok(()), |router| {
                        self.node(name, node, *router, is_there, &links, &mut loaded)
                            .map_err(Fault::passing)
                    })
                }
            };
            if let Err(fault) = made {
                faults.nodes.insert(name.clone(), fault);
            }
        }
        // Order: at the end, when nothing is connected to them any more.
        let needed: Vec<String> = wanted.subnets.keys().map(|id| bridge_name(id)).collect();
        for link in links.iter().filter(|link| self.is_ours(link)) {
            if link.name.starts_with(BRIDGE) && !needed.contains(&link.name) {
                programs::ip(&["link", "delete", &link.name]).map_err(Fault::passing)?;
                tracing::info!(
                    bridge = link.name,
                    "the bridge of an empty subnet was removed"
                );
            }
        }
        Ok(faults)
    }

    fn remove_node(&self, node: &str, links: &[Link]) -> Result<(), ProgramError> {
        let veth = veth_name(node);
        if links.iter().any(|link| link.name == veth) {
            programs::ip(&["link", "delete", &veth])?;
        }
        programs::ip(&["netns", "delete", &self.name(node)])?;
        tracing::info!(node, "the network namespace of a node was removed");
        Ok(())
    }

    fn bridge(&self, subnet: &str, router: Router, links: &[Link]) -> Result<(), Fault> {
        let name = bridge_name(subnet);
        let address = format!("{}/{}", router.address, router.range.prefix());
        // Its own: without one a bridge has a port's, which nodes still send to when that port is gone.
        let hardware = vpc::hardware_address(router.address);
        let found = links.iter().find(|link| link.name == name);
        let has_address = |link: &Link| {
            let mut all = link.addr_info.iter();
            all.any(|has| {
                has.v4() == Some(router.address) && has.prefixlen == router.range.prefix()
            })
        };
        let has_hardware = |link: &Link| link.address.as_deref() == Some(hardware.as_str());
        if found.is_some_and(|link| link.is_up() && has_address(link) && has_hardware(link)) {
            return Ok(());
        }
        if let Some((device, other)) = foreign(router, &name, links) {
            return Err(Fault::lasting(format!(
                "the range {} of subnet `{subnet}` holds {other}, an address of this machine's device {device}",
                router.range
            )));
        }
        let mut commands = Vec::new();
        if found.is_none() {
            commands.push(format!("link add {name} group {} type bridge", self.number));
        }
        if !found.is_some_and(has_address) {
            commands.push(format!("address add {address} dev {name}"));
        }
        commands.push(format!(
            "link set {name} address {hardware} alias {subnet} up"
        ));
        programs::ip_batch(None, &commands).map_err(Fault::passing)?;
        tracing::info!(subnet, bridge = name, address, "a subnet has its bridge");
        Ok(())
    }

    fn node(
        &self,
        name: &str,
        node: &Node,
        router: Router,
        is_there: bool,
        links: &[Link],
        loaded: &mut BTreeMap<String, String>,
    ) -> Result<(), ProgramError> {
        let (veth, bridge) = (veth_name(name), bridge_name(&node.subnet));
        let namespace = self.file(name);
        if !is_there {
            programs::ip(&["netns", "add", &self.name(name)])?;
            free_ports(&namespace);
        }
        // Order: the rules hold before there is a link.
        let ruleset = node_ruleset(&node.filter);
        if loaded.get(name) != Some(&ruleset) {
            programs::nft(Some(&namespace), &ruleset)?;
            loaded.insert(name.to_owned(), ruleset);
        }
        let alias = alias(name, node.filter.address);
        let found = links.iter().find(|link| link.name == veth);
        let is_whole = |link: &Link| {
            link.is_up()
                && link.alias.as_deref() == Some(&alias)
                && link.master.as_deref() == Some(&bridge)
        };
        if is_there && found.is_some_and(is_whole) {
            return Ok(());
        }
        if found.is_some() {
            programs::ip(&["link", "delete", &veth])?;
        }
        let (address, prefix) = (node.filter.address, router.range.prefix());
        programs::ip_batch(
            None,
            &[
                format!(
                    "link add {veth} group {} type veth peer name eth0 address {} netns {}",
                    self.number,
                    node.mac,
                    self.name(name)
                ),
                format!("link set {veth} master {bridge} up"),
            ],
        )?;
        programs::ip_batch(
            Some(&namespace),
            &[
                "link set lo up".to_owned(),
                format!("address add {address}/{prefix} dev eth0"),
                "link set eth0 up".to_owned(),
                format!("route add default via {}", router.address),
            ],
        )?;
        // Order: last, since it says that all of it is made.
        programs::ip(&["link", "set", &veth, "alias", &alias])?;
        tracing::info!(node = name, %address, "a node has its network namespace");
        Ok(())
    }
}

impl Network for Netns {
    fn enforces(&self) -> bool {
        true
    }

    fn apply(&self, wanted: &Topology) -> Faults {
        self.apply_all(wanted).unwrap_or_else(|fault| Faults {
            general: Some(fault),
            ..Faults::default()
        })
    }

    /// The namespace's own loopback address: nothing outside can reach it, also not another node.
    fn management(&self, _: Ipv4Addr) -> Ipv4Addr {
        Ipv4Addr::LOCALHOST
    }

    fn namespace(&self, node: &str) -> Option<PathBuf> {
        Some(self.file(node))
    }
}

/// What bridges' names begin with; the rest is of the subnet's id. Names of devices have at most 15 characters.
const BRIDGE: &str = "pb-";

fn bridge_name(subnet: &str) -> String {
    let digits: String = vpc::digits(subnet).chars().take(12).collect();
    format!("{BRIDGE}{digits}")
}

fn veth_name(node: &str) -> String {
    let digest = Sha256::digest(node.as_bytes());
    let digits: String = digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("pv-{digits}")
}

fn alias(node: &str, address: Ipv4Addr) -> String {
    format!("{node}@{address}")
}

/// An address of another device that lies in the subnet: with a bridge beside it the machine would lose it, or the network
/// behind it.
fn foreign(router: Router, bridge: &str, links: &[Link]) -> Option<(String, Ipv4Addr)> {
    links
        .iter()
        .filter(|link| link.name != bridge)
        .find_map(|link| {
            let addresses = link.addr_info.iter();
            let found = addresses.filter_map(|address| {
                let range = vpc::Cidr::new(address.v4()?, address.prefixlen)?;
                range.overlaps(router.range).then(|| address.v4()).flatten()
            });
            found.map(|address| (link.name.clone(), address)).next()
        })
}

/// Lets this machine route between subnets, and between them and the outside.
fn route() {
    match fs::read_to_string(FORWARDING) {
        Ok(text) if text.trim() == "1" => {}
        Ok(_) => match fs::write(FORWARDING, "1") {
            Ok(()) => tracing::info!("this machine routes IPv4 from now on (net.ipv4.ip_forward)"),
            Err(error) => tracing::warn!(
                %error,
                "net.ipv4.ip_forward is off and cannot be set: brokers are reached from their own subnet and this machine only"
            ),
        },
        Err(error) => tracing::warn!(%error, "net.ipv4.ip_forward cannot be read"),
    }
}

/// Lets the node's own user listen on 443.
fn free_ports(namespace: &Path) {
    let set = inside(Some(namespace), || fs::write(FIRST_FREE_PORT, "0"));
    if let Err(error) = set.and_then(|set| set) {
        tracing::warn!(%error, "brokers cannot listen on ports under 1024 in their namespaces");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_devices_are_short_and_their_own() {
        assert_eq!(bridge_name("subnet-0123456789abcdef0"), "pb-0123456789ab");
        let (one, two) = (veth_name("b-1-1"), veth_name("b-1-2"));
        assert!(one != two && one.len() == 15 && one.starts_with("pv-"));
    }

    #[test]
    fn a_range_that_the_machine_is_in_is_noticed() {
        let link = |name: &str, address: &str, prefix: u8| -> Link {
            let text = format!(
                r#"{{"ifname":"{name}","addr_info":[{{"local":"{address}","prefixlen":{prefix}}}]}}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        let router = Router {
            address: Ipv4Addr::new(172, 31, 0, 1),
            range: "172.31.0.0/20".parse().unwrap(),
        };
        let links = [
            link("pb-1", "172.31.0.1", 20),
            link("lo", "127.0.0.1", 8),
            link("e", "fe80::1", 64),
        ];
        assert_eq!(foreign(router, "pb-1", &links), None);
        let inside = [link("eth0", "172.31.9.9", 20)];
        assert_eq!(
            foreign(router, "pb-1", &inside),
            Some(("eth0".into(), Ipv4Addr::new(172, 31, 9, 9)))
        );
        let around = [link("eth0", "172.31.99.9", 16)];
        assert!(foreign(router, "pb-1", &around).is_some());
    }
}
