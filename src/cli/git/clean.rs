//! Whether files of the work tree are as a commit has them.

use std::path::Path;

use policyc::source::Files;

use super::{Node, Snapshot};
use crate::cli::disk;

impl Snapshot {
    /// Whether the commit has a file as it stands in the work tree. Ends of lines do not count: where git writes CRLF into the
    /// work tree, the commit has LF.
    pub(in crate::cli) fn has(&self, file: &Path) -> bool {
        let committed = self.repository().path_of(file).and_then(|path| self.read(&path).ok());
        let Some((committed, there)) = committed.zip(disk::bytes(file).ok()) else { return false };
        committed == there || lines(&committed).eq(lines(&there))
    }

    /// The path in the commit of a file of the work tree, when git has only a pointer to it there.
    pub(in crate::cli) fn pointer_to(&self, file: &Path) -> Option<String> {
        let path = self.repository().path_of(file)?;
        let Node::File(id) = self.node(&path).ok()? else { return None };
        self.bytes(id, disk::LIMIT).is_ok_and(|bytes| disk::is_lfs_pointer(&bytes)).then_some(path)
    }
}

/// The lines of a text, without the carriage returns at their ends.
pub(in crate::cli) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}
