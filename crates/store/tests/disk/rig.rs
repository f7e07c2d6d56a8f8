//! Runs the child on a disk that fails (`disk.c` stands between the two).

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// What happens to which of the calls that write.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// One of the names in `disk.c`.
    pub act: &'static str,
    /// Of which calls, as `disk.c` names them; all if empty.
    pub kinds: &'static str,
    /// The calls from this one to `last`, counted from 1.
    pub first: usize,
    pub last: usize,
}

/// A call that writes, as the library noted it.
#[derive(Clone, Debug)]
pub struct Call {
    pub name: String,
    /// Below the store's folder; empty for the folder itself.
    pub path: String,
    pub hit: bool,
}

/// What became of a child.
pub struct Run {
    pub said: Vec<String>,
    /// `None`: it was killed.
    pub code: Option<i32>,
    pub message: String,
    pub calls: Vec<Call>,
}

impl Run {
    pub fn hit(&self) -> Option<&Call> {
        self.calls.iter().find(|call| call.hit)
    }

    /// What was said with this word before it.
    pub fn after<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.said.iter();
        lines.filter_map(move |line| line.strip_prefix(word)?.strip_prefix(' '))
    }
}

/// Runs the test of this name as a child on this folder; `settings` are further variables for it.
pub fn run(test: &str, folder: &Path, settings: &[(&str, String)], fault: Option<Fault>) -> Run {
    let log = folder.with_extension("calls");
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", test, "--nocapture"])
        .env("LD_PRELOAD", library())
        .env("DISK_FOLDER", folder)
        .env("DISK_LOG", &log)
        .envs(settings.iter().map(|(name, value)| (name, value)));
    if let Some(Fault {
        act,
        kinds,
        first,
        last,
    }) = fault
    {
        if !kinds.is_empty() {
            child.env("DISK_KINDS", kinds);
        }
        child.env("DISK_DO", act);
        child.env("DISK_FIRST", first.to_string());
        child.env("DISK_LAST", last.to_string());
    }
    let Output {
        status,
        stdout,
        stderr,
    } = child.output().unwrap();
    let said = String::from_utf8(stdout).unwrap();
    let said = said.lines().filter_map(|line| line.strip_prefix('#'));
    let calls = std::fs::read_to_string(&log).unwrap_or_default();
    let _ = std::fs::remove_file(&log);
    assert!(matches!(status.signal(), None | Some(9)), "{status}");
    Run {
        said: said.map(str::to_owned).collect(),
        code: status.code(),
        message: String::from_utf8(stderr).unwrap(),
        calls: calls.lines().map(call).collect(),
    }
}

/// The settings that make the library keep what a power cut leaves.
pub fn keep(kept: &Path) -> (&'static str, String) {
    std::fs::create_dir(kept).unwrap();
    ("DISK_KEPT", kept.to_str().unwrap().to_owned())
}

/// Makes a folder of what a disk that lost its power has of another: names and bytes that were synced, and nothing else.
pub fn left_by_a_power_cut(folder: &Path, kept: &Path, to: &Path) {
    if let Ok(found) = folder.metadata() {
        restore(&found.ino().to_string(), kept, to);
    }
}

fn restore(inode: &str, kept: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    let names = std::fs::read_to_string(kept.join(inode)).unwrap_or_default();
    for line in names.lines() {
        let parts: Vec<&str> = line.splitn(3, ' ').collect();
        let (inode, to) = (parts[0], to.join(parts[2]));
        if parts[1] == "folder" {
            restore(inode, kept, &to);
        } else {
            std::fs::write(to, std::fs::read(kept.join(inode)).unwrap_or_default()).unwrap();
        }
    }
}

/// A folder in memory where there is one: the runs make thousands of syncs, and whether a real disk keeps what it says it kept
/// does not show in them.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn call(line: &str) -> Call {
    let mut words = line.split(' ').skip(1);
    let mut next = || words.next().unwrap().to_owned();
    Call {
        name: next(),
        path: next(),
        hit: line.ends_with(" HIT"),
    }
}

/// The library, built from `disk.c` once a run.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/disk/disk.c");
        let (library, fresh) = (
            folder.join("disk.so"),
            folder.join(format!("disk-{}.so", std::process::id())),
        );
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-o"])
            .arg(&fresh)
            .arg(source)
            .status()
            .unwrap();
        assert!(status.success(), "disk.c cannot be compiled");
        std::fs::rename(fresh, &library).unwrap();
        library
    })
}
