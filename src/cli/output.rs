//! Where results go: standard output, or a file that appears whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::console::Stop;
use super::disk::io_words;

/// Something to write results to; nothing of a file is seen before [`Output::finish`].
#[derive(Debug)]
pub(super) struct Output {
    name: String,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Stdout(BufWriter<StdoutLock<'static>>),
    /// Written beside its final place, then renamed.
    File(BufWriter<NamedTempFile>, PathBuf),
    /// Something that is no regular file (`/dev/null`, a pipe): it must not be replaced.
    Device(BufWriter<File>),
}

impl Output {
    /// Standard output, or the file of this path.
    pub(super) fn open(path: Option<&Path>) -> Result<Output, Stop> {
        let Some(path) = path else {
            return Ok(Output {
                name: "to standard output".to_owned(),
                sink: Sink::Stdout(BufWriter::with_capacity(1 << 16, io::stdout().lock())),
            });
        };
        let name = format!("`{}`", path.display());
        let sink = Sink::beside(path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => Stop::because(format!("cannot write {name}: there is no such folder")),
            _ => Stop::because(format!("cannot write {name}: {}", io_words(&e))),
        })?;
        Ok(Output { name, sink })
    }

    /// Writes a whole text to a path, or to standard output.
    pub(super) fn whole(path: Option<&Path>, text: &str) -> Result<(), Stop> {
        let mut output = Output::open(path)?;
        output.write_all(text.as_bytes()).map_err(|e| Stop::writing(&output.name, &e))?;
        output.finish()
    }

    /// Whether it is a file of its own, rather than a stream or a device.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.sink, Sink::File(..))
    }

    /// Writes out what is left, and puts a file where it belongs.
    pub(super) fn finish(mut self) -> Result<(), Stop> {
        let ended = self.writer().flush();
        let ended = ended.and_then(|()| match self.sink {
            Sink::Stdout(_) | Sink::Device(_) => Ok(()),
            Sink::File(file, place) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(place).map(drop).map_err(|e| e.error)
            }
        });
        ended.map_err(|e| Stop::writing(&self.name, &e))
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.sink {
            Sink::Stdout(out) => out,
            Sink::File(out, _) => out,
            Sink::Device(out) => out,
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}

impl Sink {
    fn beside(path: &Path) -> io::Result<Sink> {
        // A link stays a link: what it leads to is replaced.
        let place = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
        let permissions = match fs::metadata(&place) {
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => {
                return Ok(Sink::Device(BufWriter::new(File::options().write(true).open(&place)?)));
            }
            Ok(there) => Some(there.permissions()),
            Err(_) => None,
        };
        let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = new_file(folder)?;
        if let Some(permissions) = permissions {
            file.as_file().set_permissions(permissions)?;
        }
        Ok(Sink::File(BufWriter::with_capacity(1 << 16, file), place))
    }
}

/// A new file in a folder, readable for whom new files are.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".policyc-");
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    use super::Output;

    fn create(path: &Path) -> Output {
        Output::open(Some(path)).unwrap()
    }

    fn entries(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let mut output = create(&path);
        output.write_all(b"first\n").unwrap();
        assert!(!path.exists());
        drop(output);
        assert_eq!(entries(folder.path()), Vec::<String>::new());

        let mut output = create(&path);
        output.write_all(b"first\n").unwrap();
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first\n");

        let mut output = create(&path);
        output.write_all(b"second\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first\n");
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second\n");
        assert_eq!(entries(folder.path()), ["out.csv"]);

        assert!(Output::open(Some(&folder.path().join("none/out.csv"))).is_err());
        assert!(Output::open(Some(folder.path())).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_permissions_and_devices_are_respected() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.csv"), folder.path().join("link.csv"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        let mut output = create(&link);
        output.write_all(b"new").unwrap();
        output.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);

        let mut output = create(Path::new("/dev/null"));
        output.write_all(b"gone").unwrap();
        output.finish().unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
