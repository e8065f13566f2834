//! A file that is not there before it is whole: it has no name, or another one, until it is put in its place.

use std::fs::File;
#[cfg(unix)]
use std::fs::Permissions;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// What the names of files begin with that are not in their place yet.
const PREFIX: &str = ".policyc-";

/// A new file in a folder. Where that can be done it has no name, so that nothing of it stays when the process is killed.
#[derive(Debug)]
pub(super) enum NewFile {
    /// In the folder, without a name.
    Nameless(File, PathBuf),
    /// With a name of its own.
    Named(NamedTempFile),
}

impl NewFile {
    /// A new file in a folder, readable for whom new files are.
    pub(super) fn open(folder: &Path) -> io::Result<NewFile> {
        if let Some(file) = nameless::open(folder) {
            return Ok(NewFile::Nameless(file, folder.to_owned()));
        }
        named(folder).map(NewFile::Named)
    }

    pub(super) fn file(&self) -> &File {
        match self {
            NewFile::Nameless(file, _) => file,
            NewFile::Named(file) => file.as_file(),
        }
    }

    /// Gives it its name. Another file of this name is replaced in one step.
    pub(super) fn persist(self, place: &Path) -> io::Result<()> {
        let path = match self {
            NewFile::Named(file) => file.into_temp_path(),
            NewFile::Nameless(file, folder) => nameless::link(&file, &folder).or_else(|_| copy(file, &folder))?,
        };
        path.persist(place).map_err(|failed| failed.error)
    }
}

impl io::Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

fn named(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// The same data in a file with a name, where a file without one can be written but not named.
fn copy(mut file: File, folder: &Path) -> io::Result<TempPath> {
    let mut copy = named(folder)?;
    copy.as_file().set_permissions(file.metadata()?.permissions())?;
    io::Seek::rewind(&mut file)?;
    io::copy(&mut file, &mut copy)?;
    Ok(copy.into_temp_path())
}

/// Files without a name, as Linux has them.
#[cfg(target_os = "linux")]
mod nameless {
    use std::fs::{self, File};
    use std::io;
    use std::os::fd::AsRawFd;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, Mode, OFlags};
    use tempfile::TempPath;

    /// A file in a folder; none where the file system has no such thing, or nothing to name it by later.
    pub(super) fn open(folder: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::open(folder, flags, Mode::from_raw_mode(0o666)).ok()?);
        fs::metadata(handle(&file)).is_ok().then_some(file)
    }

    /// Gives it a name that no other file has.
    pub(super) fn link(file: &File, folder: &Path) -> io::Result<TempPath> {
        let link = |name: &Path| {
            rustix::fs::linkat(CWD, handle(file), CWD, name, AtFlags::SYMLINK_FOLLOW).map_err(io::Error::from)
        };
        tempfile::Builder::new().prefix(super::PREFIX).make_in(folder, link).map(|linked| linked.into_temp_path())
    }

    fn handle(file: &File) -> String {
        format!("/proc/self/fd/{}", file.as_raw_fd())
    }
}

/// Other systems have none.
#[cfg(not(target_os = "linux"))]
mod nameless {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use tempfile::TempPath;

    pub(super) fn open(_: &Path) -> Option<File> {
        None
    }

    pub(super) fn link(_: &File, _: &Path) -> io::Result<TempPath> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::fs;
    use std::io::{Seek, SeekFrom, Write};

    use super::{NewFile, copy};

    #[test]
    fn a_file_has_no_name_before_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("out.csv");
        for text in ["first", "second"] {
            let mut file = NewFile::open(folder.path()).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            if cfg!(target_os = "linux") {
                assert_eq!(fs::read_dir(folder.path()).unwrap().count(), usize::from(text == "second"));
            }
            file.persist(&place).unwrap();
            assert_eq!(fs::read_to_string(&place).unwrap(), text);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_cannot_be_named_is_copied() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"data").unwrap();
        file.seek(SeekFrom::Start(2)).unwrap();
        let place = folder.path().join("out.csv");
        copy(file, folder.path()).unwrap().persist(&place).unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "data");
    }
}
