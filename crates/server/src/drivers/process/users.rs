//! User ids of nodes' own, as root.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::folder::{self, ControlFolder};
use crate::drivers::DriverError;
use crate::shim::records;

/// Which user ids are taken. The truth is the `user` file in each node's control folder.
pub(super) struct Users {
    range: RangeInclusive<u32>,
    taken: Mutex<BTreeSet<u32>>,
}

impl Users {
    /// Looks which ids the nodes have, and which are accounts of the machine.
    pub(super) fn scan(nodes: &Path, range: RangeInclusive<u32>) -> Result<Self, DriverError> {
        let mut taken = accounts(&fs::read_to_string("/etc/passwd").unwrap_or_default());
        for node in folder::nodes(nodes)? {
            let control = ControlFolder::new(nodes.join(node.as_str()));
            taken.extend(recorded(&control).unwrap_or_else(|error| {
                // The node will not start before somebody looks into it; the owner of its data is not given to others.
                tracing::error!(%node, %error, "the user id of a broker node is unknown");
                fs::metadata(control.data()).ok().map(|about| about.uid())
            }));
        }
        Ok(Self {
            range,
            taken: Mutex::new(taken),
        })
    }

    /// The node's user id: the one it has, or the lowest free one, which it then keeps for its life.
    pub(super) fn of(&self, control: &ControlFolder) -> Result<u32, DriverError> {
        if let Some(user) = recorded(control)? {
            return Ok(user);
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever has processes under an id of the range is not ours, and must not be killed with a node.
        let busy = users_of_processes();
        let is_free = |user: &u32| *user != 0 && !taken.contains(user) && !busy.contains(user);
        let free = self.range.clone().find(is_free);
        let (first, last) = (*self.range.start(), *self.range.end());
        let user = free.ok_or(DriverError::NoFreeUser { first, last })?;
        let path = control.path().join(records::USER);
        records::replace(&path, user.to_string().as_bytes())
            .map_err(|error| DriverError::io("write", &path, error))?;
        taken.insert(user);
        Ok(user)
    }

    /// Gives the id of a removed node back.
    pub(super) fn release(&self, user: u32) {
        self.taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&user);
    }
}

/// The user id in a node's control folder.
pub(super) fn recorded(control: &ControlFolder) -> Result<Option<u32>, DriverError> {
    let path = control.path().join(records::USER);
    match fs::read_to_string(&path) {
        // Never root, whatever the file says.
        Ok(text) => match text.trim().parse() {
            Ok(user) if user != 0 => Ok(Some(user)),
            Ok(_) | Err(_) => Err(DriverError::io(
                "understand",
                &path,
                io::ErrorKind::InvalidData.into(),
            )),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DriverError::io("read", &path, error)),
    }
}

fn users_of_processes() -> BTreeSet<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter(|entry| {
        entry
            .file_name()
            .as_encoded_bytes()
            .iter()
            .all(u8::is_ascii_digit)
    });
    processes
        .filter_map(|process| Some(process.metadata().ok()?.uid()))
        .collect()
}

fn accounts(passwd: &str) -> BTreeSet<u32> {
    passwd
        .lines()
        .filter_map(|line| line.split(':').nth(2)?.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(nodes: &Path, name: &str) -> ControlFolder {
        fs::create_dir(nodes.join(name)).unwrap();
        ControlFolder::new(nodes.join(name))
    }

    #[test]
    fn each_node_keeps_its_own_user_and_the_range_is_a_limit() {
        let temporary = tempfile::tempdir().unwrap();
        let nodes = temporary.path();
        let (a, b, c) = (
            control(nodes, "b-a-1"),
            control(nodes, "b-b-1"),
            control(nodes, "b-c-1"),
        );
        let users = Users::scan(nodes, 2_000_000_000..=2_000_000_001).unwrap();
        assert_eq!(users.of(&a).unwrap(), 2_000_000_000);
        assert_eq!(users.of(&b).unwrap(), 2_000_000_001);
        assert_eq!(users.of(&a).unwrap(), 2_000_000_000);
        assert!(matches!(users.of(&c), Err(DriverError::NoFreeUser { .. })));

        let again = Users::scan(nodes, 2_000_000_000..=2_000_000_001).unwrap();
        assert!(again.of(&c).is_err());
        again.release(2_000_000_000);
        assert_eq!(again.of(&c).unwrap(), 2_000_000_000);
    }

    #[test]
    fn a_record_that_says_root_is_refused() {
        let temporary = tempfile::tempdir().unwrap();
        let node = control(temporary.path(), "b-a-1");
        for bad in ["0", "", "-1", "root", "99999999999"] {
            fs::write(node.path().join(records::USER), bad).unwrap();
            assert!(recorded(&node).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn accounts_of_the_machine_are_not_given_to_nodes() {
        assert_eq!(
            accounts("root:x:0:0:root:/root:/bin/sh\nbad\na:x:20000:1::/:"),
            BTreeSet::from([0, 20000])
        );
    }
}
