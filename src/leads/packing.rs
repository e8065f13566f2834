//! Data that is packed with gzip or Zstandard: unpacked while it is read, packed while it is written.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use zstd::stream::{read, write};

use super::encoding::CUT_OFF;

/// How data is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// gzip, of one member or several.
    Gzip,
    /// Zstandard, of one frame or several.
    Zstd,
}

impl Packing {
    /// The packing that the ending of a file's name says, in any case.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Packing> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "gz" => Some(Packing::Gzip),
            "zst" => Some(Packing::Zstd),
            _ => None,
        }
    }

    /// The path without the ending that says how it is packed.
    #[must_use]
    pub fn unpacked_path(path: &Path) -> PathBuf {
        if Packing::from_path(path).is_some() { path.with_extension("") } else { path.to_owned() }
    }

    /// The packing that the first four bytes of the data show.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Packing> {
        match head {
            [0x1F, 0x8B, ..] => Some(Packing::Gzip),
            // The second one is a frame to be skipped, with which some writers begin.
            b"\x28\xB5\x2F\xFD" | [0x50..=0x5F, b'\x2A', b'\x4D', b'\x18'] => Some(Packing::Zstd),
            _ => None,
        }
    }

    /// The data as they were before they were packed.
    ///
    /// # Errors
    /// When the memory to do so cannot be had.
    pub(super) fn unpack<'i>(self, input: Box<dyn BufRead + Send + 'i>) -> io::Result<Box<dyn BufRead + Send + 'i>> {
        let data: Box<dyn Read + Send + 'i> = match self {
            Packing::Gzip => Box::new(Members(Some(GzDecoder::new(input)))),
            Packing::Zstd => Box::new(read::Decoder::with_buffer(input)?),
        };
        Ok(Box::new(BufReader::with_capacity(1 << 16, Unpacked(data))))
    }
}

/// The members of a gzip file, one after the other.
struct Members<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            match member.get_mut().fill_buf()?.first() {
                None => return Ok(0),
                Some(0x1F) => self.0 = self.0.take().map(|member| GzDecoder::new(member.into_inner())),
                Some(_) => {
                    let words = "behind the end of the packed data stand bytes that are not packed";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, words));
                }
            }
        }
        Ok(0)
    }
}

/// Unpacked data whose faults are told in a reader's words.
struct Unpacked<'i>(Box<dyn Read + Send + 'i>);

impl Read for Unpacked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| match error.kind() {
            // What the system says of the file below is not about how it is packed.
            _ if error.raw_os_error().is_some() => error,
            io::ErrorKind::Interrupted => error,
            io::ErrorKind::UnexpectedEof => io::Error::other(CUT_OFF),
            io::ErrorKind::InvalidData => error,
            _ => io::Error::other(format!("the packed data are damaged: {error}")),
        })
    }
}

/// Packs what is written to it. The same data give the same bytes: no name and no time is written.
pub enum Packer<W: Write> {
    /// Leaves the data as they are.
    Plain(W),
    /// Packs them with gzip.
    Gzip(GzEncoder<W>),
    /// Packs them with Zstandard.
    Zstd(write::Encoder<'static, W>),
}

impl<W: Write> Packer<W> {
    /// Packs data on their way to `out`.
    ///
    /// # Errors
    /// When the memory to do so cannot be had.
    pub fn new(out: W, packing: Option<Packing>) -> io::Result<Packer<W>> {
        Ok(match packing {
            None => Packer::Plain(out),
            Some(Packing::Gzip) => Packer::Gzip(GzEncoder::new(out, Compression::default())),
            Some(Packing::Zstd) => {
                let mut encoder = write::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                encoder.include_checksum(true)?;
                Packer::Zstd(encoder)
            }
        })
    }

    /// Writes what is left, and hands back what it was written to.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Packer::Plain(out) => Ok(out),
            Packer::Gzip(encoder) => encoder.finish(),
            Packer::Zstd(encoder) => encoder.finish(),
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Packer::Plain(out) => out,
            Packer::Gzip(encoder) => encoder,
            Packer::Zstd(encoder) => encoder,
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}

impl<W: Write> fmt::Debug for Packer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Packer::Plain(_) => "Plain",
            Packer::Gzip(_) => "Gzip",
            Packer::Zstd(_) => "Zstd",
        })
    }
}
