//! Where results go: standard output, or a file that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Seek, Write};
use std::path::{Path, PathBuf};

use policyc::leads::{Format, Packer, Packing};

use super::console::Stop;
use super::disk::io_words;
use super::new_file::NewFile;

/// What stands for standard output where a file is asked for.
pub(super) const STDOUT: &str = "-";

/// How many bytes are written at once.
const BUFFER: usize = 1 << 16;

/// Something to write results to, packed as the ending of its file says; nothing of a file is seen before [`Output::finish`].
#[derive(Debug)]
pub(super) struct Output {
    name: String,
    sink: Packer<Sink>,
    /// Whether it cannot be made again: a file is on the disk before it takes the place of another one, so that one of the two is there
    /// after a power cut.
    kept: bool,
}

/// A result that only has to be put where it belongs.
pub(super) struct Whole {
    name: String,
    rest: Rest,
}

/// What is left to be done with a result.
enum Rest {
    Nothing,
    Copy(File, Box<dyn Write>),
    Name(NewFile, PathBuf),
}

enum Sink {
    /// Standard output, or something that is no regular file (`/dev/null`, a pipe): it must not be replaced.
    Stream(Box<dyn Write>),
    /// The same, but all of it waits in a nameless file.
    Held(BufWriter<File>, Box<dyn Write>),
    /// Put into this place when it is whole.
    File(BufWriter<NewFile>, PathBuf),
}

impl Output {
    /// Standard output, or the file of this path.
    pub(super) fn open(path: Option<&Path>) -> Result<Output, Stop> {
        Output::to(path, Ok)
    }

    /// The same for what cannot be made again, and of which nobody sees anything before its end, be it a file or not.
    pub(super) fn held(path: Option<&Path>) -> Result<Output, Stop> {
        Ok(Output { kept: true, ..Output::to(path, Sink::held)? })
    }

    fn to(path: Option<&Path>, held: impl FnOnce(Sink) -> io::Result<Sink>) -> Result<Output, Stop> {
        let Some(path) = path.filter(|path| !is_stdout(path)) else {
            let name = "to standard output".to_owned();
            let sink = held(Sink::stream(io::stdout().lock())).map_err(|e| Stop::writing(&name, &e))?;
            return Ok(Output { name, sink: Packer::Plain(sink), kept: false });
        };
        let name = format!("`{}`", path.display());
        let sink = Sink::beside(path).and_then(held).and_then(|sink| Packer::new(sink, Packing::from_path(path)));
        let sink = sink.map_err(|e| match e.kind() {
            io::ErrorKind::NotFound if path.is_symlink() => {
                Stop::because(format!("cannot write {name}: it is a link to a file that is not there"))
            }
            io::ErrorKind::NotFound => Stop::because(format!("cannot write {name}: there is no such folder")),
            _ => Stop::because(format!("cannot write {name}: {}", io_words(&e))),
        })?;
        Ok(Output { name, sink, kept: false })
    }

    /// Writes a whole text to a path, or to standard output. It may be what somebody has written by hand.
    pub(super) fn whole(path: Option<&Path>, text: &str) -> Result<(), Stop> {
        let mut output = Output { kept: true, ..Output::open(path)? };
        let written = output.write_all(text.as_bytes()).map_err(|e| Stop::writing(&output.name, &e));
        written.and_then(|()| output.finish()).or_else(Stop::unless_unread)
    }

    /// Writes out what is left, and puts a file where it belongs.
    pub(super) fn finish(self) -> Result<(), Stop> {
        self.ready()?.put()
    }

    /// Writes out what is left: nothing may go wrong any more for want of room.
    pub(super) fn ready(self) -> Result<Whole, Stop> {
        let Output { name, sink, kept } = self;
        let rest = sink.finish().and_then(|sink| match sink {
            Sink::Stream(mut out) => out.flush().map(|()| Rest::Nothing),
            Sink::Held(file, out) => {
                let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.rewind()?;
                Ok(Rest::Copy(file, out))
            }
            Sink::File(file, place) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                if kept {
                    file.file().sync_all()?;
                }
                Ok(Rest::Name(file, place))
            }
        });
        match rest {
            Ok(rest) => Ok(Whole { name, rest }),
            Err(e) => Err(Stop::writing(&name, &e)),
        }
    }
}

impl Whole {
    /// Puts it where it belongs.
    pub(super) fn put(self) -> Result<(), Stop> {
        let put = match self.rest {
            Rest::Nothing => Ok(()),
            Rest::Copy(mut file, mut out) => io::copy(&mut file, &mut out).and_then(|_| out.flush()),
            Rest::Name(file, place) => file.persist(&place),
        };
        put.map_err(|e| Stop::writing(&self.name, &e))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

impl Sink {
    /// Something to which bytes go as they come; a terminal gets them tamed.
    fn stream(out: impl Write + IsTerminal + 'static) -> Sink {
        let is_terminal = out.is_terminal();
        let out = BufWriter::with_capacity(BUFFER, out);
        Sink::Stream(if is_terminal { Box::new(Tame::new(out)) } else { Box::new(out) })
    }

    fn beside(path: &Path) -> io::Result<Sink> {
        let there = fs::metadata(path);
        match &there {
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => return Ok(Sink::stream(File::options().write(true).open(path)?)),
            // What may not be written is not replaced either.
            Ok(_) => drop(File::options().append(true).open(path)?),
            Err(_) => {}
        }
        // A link stays a link: what it leads to is replaced.
        let place = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
        let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NewFile::open(folder)?;
        if let Ok(there) = there {
            file.file().set_permissions(there.permissions())?;
        }
        Ok(Sink::File(BufWriter::with_capacity(BUFFER, file), place))
    }

    fn held(self) -> io::Result<Sink> {
        Ok(match self {
            Sink::Stream(out) => Sink::Held(BufWriter::with_capacity(BUFFER, tempfile::tempfile()?), out),
            Sink::Held(..) | Sink::File(..) => self,
        })
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Sink::Stream(out) => out,
            Sink::Held(file, _) => file,
            Sink::File(out, _) => out,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}

/// Refuses to write over what is read, or two results to one file.
pub(super) fn refuse_overwriting<'p>(
    inputs: impl IntoIterator<Item = &'p PathBuf>,
    outputs: impl IntoIterator<Item = &'p PathBuf>,
) -> Result<(), Stop> {
    // Standard input is a file, too, when it is read from one.
    let read = |path: &'p PathBuf| place(if path == Path::new("-") { Path::new("/dev/stdin") } else { path });
    let mut taken: Vec<PathBuf> = inputs.into_iter().map(read).collect();
    let mut stdout = false;
    for path in outputs {
        if is_stdout(path) {
            if std::mem::replace(&mut stdout, true) {
                return Err(Stop::because("two results would go to standard output: name a file for one of them"));
            }
            continue;
        }
        // A device takes everything.
        if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
            continue;
        }
        let place = place(path);
        if taken.contains(&place) {
            return Err(Stop::because(format!("`{}` would be overwritten: choose another file", path.display())));
        }
        taken.push(place);
    }
    Ok(())
}

/// Whether a path stands for standard output.
pub(super) fn is_stdout(path: &Path) -> bool {
    path == Path::new(STDOUT)
}

/// Where a path leads, however it is spelt; its file need not be there.
fn place(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default();
        fs::canonicalize(folder).map_or_else(|_| path.to_owned(), |folder| folder.join(name))
    })
}

/// The format of a table that the ending of its file says; CSV when there is none.
pub(super) fn format_of(path: Option<&Path>) -> Result<Format, Stop> {
    let Some(path) = path.filter(|path| path.extension().is_some()) else { return Ok(Format::Csv) };
    Format::from_path(path).ok_or_else(|| {
        let endings = ".csv, .tsv, .ndjson, .json or .parquet (and .gz or .zst behind it to pack it)";
        Stop::because(format!("cannot write `{}`: its name must end in {endings}", path.display()))
    })
}

/// Passes data on to a terminal, with control characters made visible: cells are other people's words.
#[derive(Debug)]
struct Tame<W> {
    out: W,
    last: u8,
}

impl<W> Tame<W> {
    fn new(out: W) -> Tame<W> {
        Tame { out, last: 0 }
    }
}

impl<W: Write> Write for Tame<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut tamed = Vec::with_capacity(bytes.len());
        for byte in bytes {
            tamed.push(match (self.last, *byte) {
                (_, b'\n' | b'\t') => *byte,
                (_, 0..0x20 | 0x7f) => b'?',
                // U+0080 to U+009F, which some terminals obey, become U+00BF.
                (0xc2, 0x80..0xa0) => 0xbf,
                (_, other) => other,
            });
            self.last = *byte;
        }
        self.out.write_all(&tamed)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    use super::{Output, Tame};

    #[test]
    fn data_do_not_steer_a_terminal() {
        let mut tame = Tame::new(Vec::new());
        let text = "é,\u{1b}[2J\t\u{9b}x\u{7f}\r\n";
        text.as_bytes().chunks(1).for_each(|byte| tame.write_all(byte).unwrap());
        assert_eq!(String::from_utf8(tame.out).unwrap(), "é,?[2J\t¿x??\n");
    }

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
