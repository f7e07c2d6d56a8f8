//! Whether there is room for another broker: an engine starts on a full disk and only then does not take a message.

use std::path::Path;

use brokers::plan::{Cause, Reason};

/// What a new broker needs at least: two of its journal's files, and its logs.
const NEEDED: u64 = 128 << 20;

/// Why no broker can be created below this data folder; `None` when there is room, or nobody can tell.
pub(super) fn too_little(data_dir: &Path) -> Option<Reason> {
    // Nodes may be on a disk of their own.
    let nodes = data_dir.join("nodes");
    let folder = if nodes.is_dir() { &nodes } else { data_dir };
    let about = rustix::fs::statvfs(folder).ok()?;
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    reason(folder, free)
}

fn reason(folder: &Path, free: u64) -> Option<Reason> {
    (free < NEEDED).then(|| {
        Reason::new(
            Cause::DiskFull,
            format!(
                "the disk of `{}` is full: {} MiB are left, and a broker needs {}",
                folder.display(),
                free >> 20,
                NEEDED >> 20
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_with_what_is_left() {
        let folder = Path::new("/srv/nodes");
        assert_eq!(reason(folder, NEEDED), None);
        let found = reason(folder, NEEDED - 1).unwrap();
        assert_eq!(found.cause, Cause::DiskFull);
        assert_eq!(
            found.text,
            "the disk of `/srv/nodes` is full: 127 MiB are left, and a broker needs 128"
        );
        assert!(too_little(Path::new("/nonexistent")).is_none());
    }
}
