//! Folders that users of their own have to reach. As root, brokers run as other users; below `/root`, or in a private temporary
//! folder, they could enter nothing. Opening somebody's closed folders would be wrong, so what brokers need is kept elsewhere, and a
//! link stands in its place.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Where it is kept then.
const ELSEWHERE: &str = "/var/lib/postern";

/// The folder itself where other users can reach it, or where this is not root; otherwise the place it is linked to, which
/// is made if need be. A folder that has something in it already stays where it is.
///
/// # Errors
/// The place or the link cannot be made.
pub fn reachable(folder: &Path, kind: &str) -> io::Result<PathBuf> {
    if !rustix::process::geteuid().is_root() {
        return Ok(folder.to_owned());
    }
    reachable_below(Path::new(ELSEWHERE), folder, kind)
}

fn reachable_below(elsewhere: &Path, folder: &Path, kind: &str) -> io::Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    if fs::symlink_metadata(&folder).is_ok_and(|about| about.is_symlink()) {
        return folder.canonicalize();
    }
    let empty = !fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
    if !is_closed(&folder) || !empty {
        return Ok(folder);
    }
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let name: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let place = elsewhere.join(format!("{kind}-{name}"));
    if is_closed(&place) {
        return Ok(folder);
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o755)
        .create(&place)?;
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    if folder.is_dir() {
        fs::remove_dir(&folder)?;
    }
    symlink(&place, &folder)?;
    tracing::info!(
        folder = %folder.display(), place = %place.display(),
        "brokers' users cannot enter a folder above this one: it is kept elsewhere, and linked"
    );
    Ok(place)
}

/// Whether a folder above this one, which exists, keeps other users out.
fn is_closed(folder: &Path) -> bool {
    folder
        .ancestors()
        .skip(1)
        .filter_map(|above| fs::metadata(above).ok())
        .any(|about| about.mode() & 0o001 == 0)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_others_cannot_reach_is_kept_elsewhere_and_found_again() {
        let top = tempfile::tempdir().unwrap();
        // The temporary folder itself is closed; open it, and close one inside.
        fs::set_permissions(top.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let closed = top.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        let elsewhere = top.path().join("elsewhere");
        let folder = closed.join("data/nodes");
        let place = reachable_below(&elsewhere, &folder, "nodes").unwrap();
        assert!(place.starts_with(&elsewhere) && place.is_dir());
        assert_eq!(
            folder.canonicalize().unwrap(),
            place.canonicalize().unwrap()
        );
        assert_eq!(
            reachable_below(&elsewhere, &folder, "nodes").unwrap(),
            place.canonicalize().unwrap()
        );
        let open = top.path().join("open/nodes");
        assert_eq!(reachable_below(&elsewhere, &open, "nodes").unwrap(), open);
        let used = closed.join("used");
        fs::create_dir_all(used.join("something")).unwrap();
        assert_eq!(reachable_below(&elsewhere, &used, "nodes").unwrap(), used);
    }
}
