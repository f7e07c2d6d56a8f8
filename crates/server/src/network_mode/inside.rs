//! Doing something in another network namespace.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// Does something on a thread that has entered the network namespace of this file (`/run/netns/NAME`); here and now where there
/// is none. Sockets that are made there stay there, and programs that are started there run there.
///
/// # Errors
/// The namespace is not there, or may not be entered.
pub fn inside<T: Send>(namespace: Option<&Path>, work: impl FnOnce() -> T + Send) -> io::Result<T> {
    let Some(path) = namespace else {
        return Ok(work());
    };
    // A thread of its own: a namespace is a property of the thread, and this one ends with it.
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            enter(path)?;
            Ok(work())
        });
        worker
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the work in the namespace failed")))
    })
}

/// Moves the calling thread, for good.
///
/// # Errors
/// As [`inside`].
pub(crate) fn enter(namespace: &Path) -> io::Result<()> {
    let file = File::open(namespace)?;
    move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))?;
    Ok(())
}
