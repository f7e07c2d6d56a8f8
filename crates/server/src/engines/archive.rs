//! Archives: the console's war, official engine archives, and the launcher's own jar.
//!
//! Archives come from outside: entries are plain files and folders below the target, or the archive is refused.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha512};

use super::EngineError;
use super::checksums::hex;

/// Bytes that an archive may unpack to.
const UNPACKED_LIMIT: u64 = 512 << 20;
/// Entries that an archive may have.
const ENTRY_LIMIT: usize = 20_000;

/// Unpacks a war (or any zip file) into `into`.
pub(super) fn unzip(archive: &Path, into: &Path) -> Result<(), EngineError> {
    let file = File::open(archive).map_err(|e| EngineError::io("read", archive, e))?;
    let mut zip = zip::ZipArchive::new(file).map_err(|e| refused(e.to_string()))?;
    if zip.len() > ENTRY_LIMIT {
        return Err(refused("it has too many entries"));
    }
    let mut left = UNPACKED_LIMIT;
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(|e| refused(e.to_string()))?;
        let name = entry
            .name()
            .map_err(|e| refused(e.to_string()))?
            .into_owned();
        let name = inner_path(Path::new(&name))?;
        if entry.is_symlink() {
            return Err(refused(format!("`{}` is a link", name.display())));
        }
        if entry.is_dir() {
            make_folder(&into.join(name))?;
        } else {
            write_file(&mut entry, &into.join(name), &mut left)?;
        }
    }
    Ok(())
}

/// What an official archive had in it.
pub(super) struct Official {
    /// The version, as the archive's top folder names it.
    pub(super) version: String,
}

/// Checks an official archive's SHA-512 and unpacks what is needed of it: jars into `lib` and `console-lib`, the console
/// into `console`.
pub(super) fn unpack_official(
    archive: &Path,
    sha512: &str,
    lib: &Path,
    console_lib: &Path,
    console: &Path,
) -> Result<Official, EngineError> {
    let mut file = File::open(archive).map_err(|e| EngineError::io("read", archive, e))?;
    let found = sha512_of(&mut file).map_err(|e| EngineError::io("read", archive, e))?;
    if !found.eq_ignore_ascii_case(sha512.trim()) {
        return Err(refused(format!("its SHA-512 is {found}")));
    }
    file.rewind()
        .map_err(|e| EngineError::io("read", archive, e))?;
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let entries = tar.entries().map_err(|e| refused(e.to_string()))?;
    let mut version = None;
    let mut left = UNPACKED_LIMIT;
    for (count, entry) in entries.enumerate() {
        let mut entry = entry.map_err(|e| refused(e.to_string()))?;
        if count > ENTRY_LIMIT {
            return Err(refused("it has too many entries"));
        }
        let path = entry.path().map_err(|e| refused(e.to_string()))?;
        let path = inner_path(&path)?;
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        if !kind.is_file() {
            return Err(refused(format!("`{}` is not a plain file", path.display())));
        }
        let mut parts = path.components();
        let top = parts
            .next()
            .map(|top| top.as_os_str().to_string_lossy().into_owned())
            .unwrap_or_default();
        let named = top
            .strip_prefix("apache-activemq-")
            .ok_or_else(|| refused("it is not laid out as an Apache ActiveMQ archive"))?
            .to_owned();
        if version.get_or_insert_with(|| named.clone()) != &named {
            return Err(refused("it holds more than one version"));
        }
        if let Some(target) = target_of(parts.as_path(), lib, console_lib, console) {
            write_file(&mut entry, &target, &mut left)?;
        }
    }
    version
        .map(|version| Official { version })
        .ok_or_else(|| refused("it is empty"))
}

/// Where a file of an official archive goes; most are not needed.
fn target_of(inside: &Path, lib: &Path, console_lib: &Path, console: &Path) -> Option<PathBuf> {
    let name = inside.file_name()?;
    let is_jar = inside
        .extension()
        .is_some_and(|extension| extension == "jar");
    match inside.parent()?.to_str()? {
        "lib" | "lib/optional" if is_jar => Some(lib.join(name)),
        "lib/web" if is_jar => Some(console_lib.join(name)),
        _ => inside
            .strip_prefix("webapps/admin")
            .ok()
            .map(|rest| console.join(rest)),
    }
}

/// Makes a jar of all class files in `classes`.
pub(super) fn jar(classes: &Path, into: &Path) -> Result<(), EngineError> {
    let mut names: Vec<String> = std::fs::read_dir(classes)
        .map_err(|e| EngineError::io("read", classes, e))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".class"))
        .collect();
    names.sort();
    let file = File::create(into).map_err(|e| EngineError::io("write", into, e))?;
    let mut zip = zip::ZipWriter::new(file);
    let wrong = |error: zip::result::ZipError| {
        EngineError::io("write", into, std::io::Error::other(error.to_string()))
    };
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for name in names {
        let path = classes.join(&name);
        let bytes = std::fs::read(&path).map_err(|e| EngineError::io("read", &path, e))?;
        zip.start_file(name, options).map_err(wrong)?;
        zip.write_all(&bytes)
            .map_err(|e| EngineError::io("write", into, e))?;
    }
    zip.finish().map(drop).map_err(wrong)
}

/// A path that stays inside: no `..`, nothing absolute.
fn inner_path(path: &Path) -> Result<PathBuf, EngineError> {
    let mut inner = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => inner.push(name),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(refused(format!("`{}` leads out of it", path.display())));
            }
        }
    }
    Ok(inner)
}

fn write_file(from: &mut impl Read, to: &Path, left: &mut u64) -> Result<(), EngineError> {
    if let Some(folder) = to.parent() {
        make_folder(folder)?;
    }
    let mut file = File::create(to).map_err(|e| EngineError::io("write", to, e))?;
    let copied = std::io::copy(&mut from.take(*left), &mut file)
        .map_err(|e| EngineError::io("write", to, e))?;
    *left = left.saturating_sub(copied);
    if *left == 0 {
        return Err(refused("it unpacks to too much"));
    }
    Ok(())
}

fn make_folder(folder: &Path) -> Result<(), EngineError> {
    std::fs::create_dir_all(folder).map_err(|e| EngineError::io("make", folder, e))
}

fn sha512_of(file: &mut File) -> std::io::Result<String> {
    let mut hash = Sha512::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(buffer.get(..count).unwrap_or_default());
    }
}

fn refused(what: impl Into<String>) -> EngineError {
    EngineError::Archive { what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn official(folder: &Path, entries: &[(&str, tar::EntryType)]) -> (PathBuf, String) {
        let path = folder.join("a.tar.gz");
        let gz = flate2::write::GzEncoder::new(
            File::create(&path).unwrap(),
            flate2::Compression::fast(),
        );
        let mut tar = tar::Builder::new(gz);
        for (name, kind) in entries {
            let mut header = tar::Header::new_gnu();
            // Written as bytes: the library refuses to write what must be refused on reading.
            let field = &mut header.as_old_mut().name;
            field[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(if kind.is_file() { 1 } else { 0 });
            header.set_mode(0o644);
            header.set_cksum();
            let body: &[u8] = if kind.is_file() { b"x" } else { b"" };
            tar.append(&header, body).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap();
        let sum = sha512_of(&mut File::open(&path).unwrap()).unwrap();
        (path, sum)
    }

    fn unpack(folder: &Path, path: &Path, sum: &str) -> Result<Official, EngineError> {
        let [lib, web, console] =
            ["lib", "web", "console"].map(|name| folder.join("out").join(name));
        unpack_official(path, sum, &lib, &web, &console)
    }

    #[test]
    fn an_official_archive_gives_jars_and_console() {
        let folder = tempfile::tempdir().unwrap();
        let file = tar::EntryType::Regular;
        let (path, sum) = official(
            folder.path(),
            &[
                ("apache-activemq-5.19.8/lib/a.jar", file),
                ("apache-activemq-5.19.8/lib/optional/b.jar", file),
                ("apache-activemq-5.19.8/lib/web/c.jar", file),
                ("apache-activemq-5.19.8/bin/activemq", file),
                ("apache-activemq-5.19.8/webapps/admin/WEB-INF/web.xml", file),
            ],
        );
        assert_eq!(
            unpack(folder.path(), &path, &sum).unwrap().version,
            "5.19.8"
        );
        let out = folder.path().join("out");
        for there in [
            "lib/a.jar",
            "lib/b.jar",
            "web/c.jar",
            "console/WEB-INF/web.xml",
        ] {
            assert!(out.join(there).is_file(), "{there}");
        }
        assert!(unpack(folder.path(), &path, &"0".repeat(128)).is_err());
    }

    #[test]
    fn links_and_paths_that_lead_out_are_refused() {
        let file = tar::EntryType::Regular;
        for (name, kind) in [
            ("apache-activemq-5.19.8/../../x.jar", file),
            ("/etc/x", file),
            ("apache-activemq-5.19.8/lib/x.jar", tar::EntryType::Symlink),
            ("apache-activemq-5.19.8/lib/x.jar", tar::EntryType::Link),
            ("other-1/lib/x.jar", file),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let (path, sum) = official(folder.path(), &[(name, kind)]);
            assert!(
                unpack(folder.path(), &path, &sum).is_err(),
                "{name} {kind:?}"
            );
        }
    }
}
