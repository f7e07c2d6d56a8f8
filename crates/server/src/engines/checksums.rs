//! SHA-256 of what is installed, against what Postern was released with and against what was recorded.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use brokers::engine::catalogue::FileDigest;
use sha2::{Digest, Sha256};

use super::{CATALOGUE, EngineError, Installed, Verification};

/// Every file below `folder`, by path.
pub(super) fn of_folder(folder: &Path) -> Result<Vec<FileDigest>, EngineError> {
    let mut digests = Vec::new();
    collect(folder, "", &mut digests)?;
    digests.sort();
    Ok(digests)
}

fn collect(folder: &Path, prefix: &str, into: &mut Vec<FileDigest>) -> Result<(), EngineError> {
    let entries = std::fs::read_dir(folder).map_err(|e| EngineError::io("read", folder, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| EngineError::io("read", folder, e))?;
        let name = entry.file_name();
        let path = format!("{prefix}{}", name.to_string_lossy());
        let kind = entry
            .file_type()
            .map_err(|e| EngineError::io("read", &entry.path(), e))?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), into)?;
        } else if path != CATALOGUE {
            into.push(FileDigest {
                path,
                sha256: of_file(&entry.path())?,
            });
        }
    }
    Ok(())
}

/// SHA-256 of one file, in hexadecimal.
pub(super) fn of_file(path: &Path) -> Result<String, EngineError> {
    let mut file = File::open(path).map_err(|e| EngineError::io("read", path, e))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file
            .read(&mut buffer)
            .map_err(|e| EngineError::io("read", path, e))?;
        if count == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(buffer.get(..count).unwrap_or_default());
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares with the pinned list (`<sha256>  <path>` a line). Gives whether everything was pinned.
///
/// Differences from a pin are never accepted; files without one are, if `accept_new`.
pub(super) fn against_pins(
    version: &str,
    found: &[FileDigest],
    pins: &str,
    accept_new: bool,
) -> Result<bool, EngineError> {
    let pins: BTreeMap<&str, &str> = pins
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(sha256, path)| (path, sha256))
        .collect();
    let (mut wrong, mut new) = (Vec::new(), Vec::new());
    for file in found {
        match pins.get(file.path.as_str()) {
            Some(pin) if *pin == file.sha256 => {}
            Some(_) => wrong.push(file.path.clone()),
            None => new.push(file.path.as_str()),
        }
    }
    if !wrong.is_empty() {
        return Err(EngineError::Checksum {
            version: version.to_owned(),
            names: wrong,
        });
    }
    match new.first() {
        None => Ok(true),
        Some(_) if accept_new => Ok(false),
        Some(first) => Err(EngineError::Unpinned {
            version: version.to_owned(),
            count: new.len(),
            first: (*first).to_owned(),
        }),
    }
}

/// Compares an installed version with its catalogue.
pub(super) fn verify(installed: &Installed) -> Result<Verification, EngineError> {
    let present: BTreeMap<String, String> = of_folder(&installed.folder)?
        .into_iter()
        .map(|file| (file.path, file.sha256))
        .collect();
    let recorded = &installed.catalogue.files;
    let damaged = recorded
        .iter()
        .filter(|file| present.get(&file.path) != Some(&file.sha256))
        .map(|file| file.path.clone())
        .collect();
    let unknown = present
        .keys()
        .filter(|path| !recorded.iter().any(|file| file.path == **path))
        .cloned()
        .collect();
    Ok(Verification {
        files: recorded.len(),
        damaged,
        unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(path: &str, sha256: &str) -> FileDigest {
        FileDigest {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
        }
    }

    #[test]
    fn a_file_that_differs_from_its_pin_is_never_accepted() {
        let found = [digest("lib/a.jar", "11"), digest("lib/b.jar", "22")];
        let pins = "11  lib/a.jar\n22  lib/b.jar\n";
        assert!(matches!(against_pins("5", &found, pins, false), Ok(true)));
        let pins = "11  lib/a.jar\n33  lib/b.jar\n";
        assert!(matches!(
            against_pins("5", &found, pins, true),
            Err(EngineError::Checksum { .. })
        ));
        let pins = "11  lib/a.jar\n";
        assert!(matches!(
            against_pins("5", &found, pins, false),
            Err(EngineError::Unpinned { count: 1, .. })
        ));
        assert!(matches!(against_pins("5", &found, pins, true), Ok(false)));
    }
}
