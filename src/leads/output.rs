//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file being written. What stood at its path before stays until [`Output::commit`]; without that, nothing is left behind.
#[derive(Debug)]
pub struct Output(Target);

#[derive(Debug)]
enum Target {
    /// A temporary file in the same folder, and the path that it will get.
    Rename(BufWriter<NamedTempFile>, PathBuf),
    /// A pipe or a device, which cannot be replaced.
    Direct(BufWriter<File>),
}

impl Output {
    /// Begins to write the file at `path`.
    ///
    /// # Errors
    /// When the folder does not exist or cannot be written to.
    pub fn create(path: &Path) -> io::Result<Output> {
        // A link stays one: what it points to is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let existing = fs::metadata(&path).ok();
        if existing.as_ref().is_some_and(|known| !known.is_file() && !known.is_dir()) {
            return Ok(Output(Target::Direct(BufWriter::new(File::options().write(true).open(path)?))));
        }
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".policyc-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder)?;
        if let Some(known) = existing {
            fs::set_permissions(file.path(), known.permissions())?;
        }
        Ok(Output(Target::Rename(BufWriter::new(file), path)))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When it cannot be written to the end, or renamed.
    pub fn commit(self) -> io::Result<()> {
        match self.0 {
            Target::Direct(mut file) => file.flush(),
            Target::Rename(file, path) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(path).map(drop).map_err(|error| error.error)
            }
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Target::Direct(file) => file.write(bytes),
            Target::Rename(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Target::Direct(file) => file.flush(),
            Target::Rename(file, _) => file.flush(),
        }
    }
}
