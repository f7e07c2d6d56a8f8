//! Control groups: limits for a node as a whole, and the kill that nothing escapes.
//!
//! Three layouts are met: version 2 alone (modern hosts), version 1 with an empty version 2 beside it (hybrid), and none that may be
//! written to (containers, users). Whatever is there is used; what is missing is said in the notes, and brokers run without it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::drivers::{DriverError, Limits, NodeId};

/// What there is of control groups on this machine.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// Our group in the version 2 hierarchy.
    unified: Option<PathBuf>,
    memory: Option<Controller>,
    tasks: Option<Controller>,
    /// The `cgroup.procs` that shims enter.
    shims: Option<PathBuf>,
    notes: Vec<String>,
}

/// Where one kind of limit is set.
#[derive(Debug, Clone)]
struct Controller {
    /// Our group in its hierarchy.
    base: PathBuf,
    /// The file that takes the limit.
    limit: &'static str,
    /// The file that counts.
    events: &'static str,
}

/// The groups of one node.
#[derive(Debug, Default)]
pub(super) struct NodeGroups {
    /// The `cgroup.procs` files to enter.
    pub(super) procs: Vec<PathBuf>,
    /// The file that kills all in it.
    pub(super) kill: Option<PathBuf>,
    /// The file that counts processes killed for lack of memory.
    pub(super) memory_events: Option<PathBuf>,
}

/// A mounted hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hierarchy {
    Two(PathBuf),
    One(PathBuf, Vec<String>),
}

impl Groups {
    /// None at all, and nothing to say about it.
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// Looks what is mounted, makes the group `name` wherever that is allowed.
    pub(super) fn detect(name: &str) -> Self {
        let hierarchies =
            parse_mounts(&fs::read_to_string("/proc/self/mountinfo").unwrap_or_default());
        Self::within(&hierarchies, name)
    }

    fn within(hierarchies: &[Hierarchy], name: &str) -> Self {
        let mut groups = Self::default();
        for hierarchy in hierarchies {
            match hierarchy {
                Hierarchy::Two(mount) => groups.use_two(mount, name),
                Hierarchy::One(mount, controllers) => groups.use_one(mount, controllers, name),
            }
        }
        for (missing, limit) in [
            (groups.memory.is_none(), "memory"),
            (groups.tasks.is_none(), "task"),
        ] {
            if missing {
                groups.notes.push(format!(
                    "no control group can be used for {limit} limits: they are not enforced"
                ));
            }
        }
        if groups.unified.is_none() {
            groups.notes.push(
                "no version 2 control group can be used: brokers are killed process by process"
                    .to_owned(),
            );
        }
        groups
    }

    fn use_two(&mut self, mount: &Path, name: &str) {
        let base = mount.join(name);
        if make(&base).is_err() || !base.join("cgroup.procs").exists() {
            return;
        }
        let offered = fs::read_to_string(mount.join("cgroup.controllers")).unwrap_or_default();
        for (controller, here) in [("memory", &mut self.memory), ("pids", &mut self.tasks)] {
            // Enabled for our group, then in it for the nodes' groups.
            let wanted = format!("+{controller}");
            let enabled = offered
                .split_ascii_whitespace()
                .any(|other| other == controller)
                && fs::write(mount.join("cgroup.subtree_control"), &wanted).is_ok()
                && fs::write(base.join("cgroup.subtree_control"), &wanted).is_ok();
            if enabled {
                let (limit, events) = match controller {
                    "memory" => ("memory.max", "memory.events"),
                    _ => ("pids.max", "pids.events"),
                };
                *here = Some(Controller {
                    base: base.clone(),
                    limit,
                    events,
                });
            }
        }
        let shims = base.join("shims");
        if make(&shims).is_ok() {
            self.shims = Some(shims.join("cgroup.procs"));
        }
        self.unified = Some(base);
    }

    fn use_one(&mut self, mount: &Path, controllers: &[String], name: &str) {
        let base = mount.join(name);
        let has = |wanted: &str| controllers.iter().any(|controller| controller == wanted);
        if !(has("memory") || has("pids")) || make(&base).is_err() {
            return;
        }
        if has("memory") {
            let (limit, events) = ("memory.limit_in_bytes", "memory.oom_control");
            self.memory = Some(Controller {
                base: base.clone(),
                limit,
                events,
            });
        }
        if has("pids") {
            self.tasks = Some(Controller {
                base,
                limit: "pids.max",
                events: "pids.events",
            });
        }
    }

    pub(super) fn limits_memory(&self) -> bool {
        self.memory.is_some()
    }

    pub(super) fn limits_tasks(&self) -> bool {
        self.tasks.is_some()
    }

    pub(super) fn kills(&self) -> bool {
        self.unified.is_some()
    }

    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The `cgroup.procs` file of the group that shims enter.
    pub(super) fn shims(&self) -> Option<PathBuf> {
        self.shims.clone()
    }

    /// The file that kills all of a node, if its group exists.
    pub(super) fn kill_file(&self, node: &NodeId) -> Option<PathBuf> {
        let file = self
            .unified
            .as_ref()?
            .join(node.as_str())
            .join("cgroup.kill");
        file.exists().then_some(file)
    }

    /// Makes the groups of a node that does not run, with its limits, and with counters at nought.
    pub(super) fn prepare(
        &self,
        node: &NodeId,
        limits: &Limits,
    ) -> Result<NodeGroups, DriverError> {
        let mut prepared = NodeGroups::default();
        for base in self.bases() {
            let group = base.join(node.as_str());
            // Counters go with the group. One that is still busy is used on.
            let _ = fs::remove_dir(&group);
            make(&group).map_err(|error| DriverError::io("make", &group, error))?;
            prepared.procs.push(group.join("cgroup.procs"));
        }
        for (controller, limit) in [
            (&self.memory, limits.memory_bytes),
            (&self.tasks, limits.tasks),
        ] {
            if let (Some(controller), Some(limit)) = (controller, limit) {
                let file = controller.base.join(node.as_str()).join(controller.limit);
                fs::write(&file, limit.to_string())
                    .map_err(|error| DriverError::io("write", &file, error))?;
            }
        }
        prepared.kill = self.kill_file(node);
        let memory = self.memory.as_ref();
        prepared.memory_events =
            memory.map(|memory| memory.base.join(node.as_str()).join(memory.events));
        Ok(prepared)
    }

    /// Removes the groups of a node; false if something is still in them.
    pub(super) fn remove(&self, node: &NodeId) -> Result<bool, DriverError> {
        for base in self.bases() {
            let group = base.join(node.as_str());
            match fs::remove_dir(&group) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => return Ok(false),
                Err(error) => return Err(DriverError::io("remove", &group, error)),
            }
        }
        Ok(true)
    }

    /// Our group in each hierarchy, each once.
    fn bases(&self) -> Vec<&Path> {
        let mut bases: Vec<&Path> = Vec::new();
        let controllers = [&self.memory, &self.tasks]
            .into_iter()
            .flatten()
            .map(|controller| &controller.base);
        for base in self.unified.iter().chain(controllers) {
            if !bases.contains(&base.as_path()) {
                bases.push(base);
            }
        }
        bases
    }
}

fn make(group: &Path) -> io::Result<()> {
    match fs::create_dir(group) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

/// Reads `/proc/self/mountinfo`: `id parent dev root mountpoint options [tags] - type source superoptions`.
fn parse_mounts(text: &str) -> Vec<Hierarchy> {
    let parse = |line: &str| {
        let (mount, kind) = line.split_once(" - ")?;
        let mountpoint = PathBuf::from(mount.split(' ').nth(4)?.replace("\\040", " "));
        let mut kind = kind.split(' ');
        match kind.next()? {
            "cgroup2" => Some(Hierarchy::Two(mountpoint)),
            "cgroup" => {
                let controllers = kind.nth(1)?.split(',').map(str::to_owned).collect();
                Some(Hierarchy::One(mountpoint, controllers))
            }
            _ => None,
        }
    };
    text.lines().filter_map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hierarchies_of_both_versions_are_found() {
        let text = "24 1 0:1 / / rw - ext4 /dev/sda rw\n\
            30 24 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory\n\
            31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n\
            32 24 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\nrubbish\n";
        let one = |path: &str, list: &[&str]| {
            Hierarchy::One(
                PathBuf::from(path),
                list.iter().map(|&text| text.to_owned()).collect(),
            )
        };
        assert_eq!(
            parse_mounts(text),
            [
                one("/sys/fs/cgroup/memory", &["rw", "memory"]),
                one("/sys/fs/cgroup/cpu,cpuacct", &["rw", "cpu", "cpuacct"]),
                Hierarchy::Two(PathBuf::from("/sys/fs/cgroup/unified")),
            ]
        );
    }

    #[test]
    fn a_machine_with_version_two_alone_gets_limits_and_kill_from_one_group() {
        // A folder that looks like the hierarchy: what the kernel would make is made by hand.
        let mount = tempfile::tempdir().unwrap();
        let base = mount.path().join("postern");
        fs::create_dir(&base).unwrap();
        fs::write(
            mount.path().join("cgroup.controllers"),
            "cpuset cpu io memory pids\n",
        )
        .unwrap();
        fs::write(base.join("cgroup.procs"), "").unwrap();
        let groups = Groups::within(&[Hierarchy::Two(mount.path().to_path_buf())], "postern");
        assert!(groups.limits_memory() && groups.limits_tasks() && groups.kills());
        assert_eq!(groups.notes(), Vec::<String>::new());
        assert_eq!(
            fs::read_to_string(base.join("cgroup.subtree_control")).unwrap(),
            "+pids"
        );

        let node = NodeId::parse("b-1-1").unwrap();
        let limits = Limits {
            memory_bytes: Some(1 << 30),
            tasks: Some(500),
            open_files: None,
        };
        let prepared = groups.prepare(&node, &limits).unwrap();
        assert_eq!(prepared.procs, [base.join("b-1-1/cgroup.procs")]);
        assert_eq!(
            fs::read_to_string(base.join("b-1-1/memory.max")).unwrap(),
            "1073741824"
        );
        assert_eq!(
            fs::read_to_string(base.join("b-1-1/pids.max")).unwrap(),
            "500"
        );
        assert_eq!(
            prepared.memory_events,
            Some(base.join("b-1-1/memory.events"))
        );
        assert_eq!(groups.shims(), Some(base.join("shims/cgroup.procs")));
    }

    #[test]
    fn a_machine_without_writable_groups_says_what_is_missing() {
        let groups = Groups::within(&[Hierarchy::Two(PathBuf::from("/nonexistent"))], "postern");
        assert!(!groups.limits_memory() && !groups.limits_tasks() && !groups.kills());
        assert_eq!(groups.notes().len(), 3);
        let prepared = groups
            .prepare(&NodeId::parse("b-1-1").unwrap(), &Limits::default())
            .unwrap();
        assert!(prepared.procs.is_empty() && prepared.kill.is_none());
    }
}
