//! Where leads are read from: a stream, or a file of which any part can be read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::encoding::peek;
use super::packing::Packing;

/// How many bytes are read at a time.
const CHUNK: usize = 1 << 16;

/// Where leads are read from.
pub enum Input<'i> {
    /// From the first byte to the last.
    Stream(Box<dyn BufRead + Send + 'i>),
    /// In any order, as Parquet wants it.
    Stored(Stored),
}

impl<'i, R: BufRead + Send + 'i> From<Box<R>> for Input<'i> {
    fn from(stream: Box<R>) -> Self {
        Input::Stream(stream)
    }
}

impl<'i> From<Box<dyn BufRead + Send + 'i>> for Input<'i> {
    fn from(stream: Box<dyn BufRead + Send + 'i>) -> Self {
        Input::Stream(stream)
    }
}

impl From<Stored> for Input<'_> {
    fn from(stored: Stored) -> Self {
        Input::Stored(stored)
    }
}

impl<'i> Input<'i> {
    /// The first four bytes of the data (fewer only when there are no more) and the data, which are unpacked on the way when they
    /// are packed.
    pub(super) fn open(self) -> io::Result<(Vec<u8>, Input<'i>)> {
        let (head, input) = self.peek()?;
        match Packing::of(&head) {
            None => Ok((head, input)),
            Some(packing) => Input::Stream(packing.unpack(input.stream())?).peek(),
        }
    }

    fn peek(self) -> io::Result<(Vec<u8>, Input<'i>)> {
        match self {
            Input::Stream(stream) => peek(stream, 4).map(|(head, stream)| (head, Input::Stream(stream))),
            Input::Stored(stored) => {
                let mut head = Vec::new();
                stored.from(0).take(4).read_to_end(&mut head)?;
                Ok((head, Input::Stored(stored)))
            }
        }
    }

    /// From the first byte to the last.
    pub(super) fn stream(self) -> Box<dyn BufRead + Send + 'i> {
        match self {
            Input::Stream(stream) => stream,
            Input::Stored(stored) => Box::new(BufReader::with_capacity(CHUNK, stored.from(0))),
        }
    }

    /// In any order; a stream goes to a nameless temporary file first.
    pub(super) fn stored(self) -> io::Result<Stored> {
        match self {
            Input::Stored(stored) => Ok(stored),
            Input::Stream(mut stream) => {
                let mut file = tempfile::tempfile().map_err(of_temporary_files)?;
                io::copy(&mut stream, &mut file).map_err(of_temporary_files)?;
                Stored::new(file)
            }
        }
    }
}

/// A file of which any part can be read, by several threads too.
#[derive(Debug, Clone)]
pub struct Stored {
    file: Arc<File>,
    length: u64,
}

impl Stored {
    /// A file that is open for reading. What is appended to it later is not seen.
    ///
    /// # Errors
    /// When its length cannot be found out.
    pub fn new(file: File) -> io::Result<Stored> {
        let length = file.metadata()?.len();
        Ok(Stored { file: Arc::new(file), length })
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Its bytes from one on.
    pub(super) fn from(&self, at: u64) -> Part {
        Part { stored: self.clone(), at }
    }

    /// So many bytes from one on. Nothing is set aside for more than there are.
    pub(super) fn bytes(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let end = u64::try_from(length).ok().and_then(|length| at.checked_add(length));
        if end.is_none_or(|end| end > self.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; length];
        self.from(at).read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// The bytes of a stored file from one on.
pub(super) struct Part {
    stored: Stored,
    at: u64,
}

impl Read for Part {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.stored.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let (into, _) = into.split_at_mut(left.min(into.len()));
        let read = read_at(&self.stored.file, into, self.at)?;
        if read == 0 && !into.is_empty() {
            // To take this for the end would be to lose leads.
            return Err(io::Error::other("the file became shorter while it was read"));
        }
        self.at += u64::try_from(read).unwrap_or(u64::MAX);
        Ok(read)
    }
}

/// Says of a full disk that it is the one of temporary files: leads are only read.
pub(super) fn of_temporary_files(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::StorageFull => io::Error::other("the disk of the temporary folder is full"),
        _ => error,
    }
}

/// Reads what stands at a place of a file, whoever else reads from it.
#[cfg(unix)]
pub(super) fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, at)
}

/// Reads what stands at a place of a file, whoever else reads from it.
#[cfg(windows)]
pub(super) fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, at)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::of_temporary_files;

    #[test]
    fn it_is_said_which_disk_is_full() {
        let words = |kind: io::ErrorKind| of_temporary_files(kind.into()).to_string();
        assert_eq!(words(io::ErrorKind::StorageFull), "the disk of the temporary folder is full");
        assert_eq!(words(io::ErrorKind::NotFound), io::Error::from(io::ErrorKind::NotFound).to_string());
    }
}
