//! The file of a decision log: lines are added to it, all of a run at once or none; only a run that is killed while it adds them leaves some.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use policyc::leads::Packing;

use super::console::{Console, Stop};
use super::disk::io_words;
use super::output::STDOUT;

/// What a log begins with.
const BEGINNING: &[u8] = b"{\"log\":";

/// What an editor may have put before it: a byte order mark.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// Lines that were added to a log.
#[derive(Debug)]
pub(super) struct Added {
    path: PathBuf,
    /// How long the log was.
    before: u64,
    /// How long it became.
    after: u64,
}

/// What adding to a file came to.
struct Grown {
    before: u64,
    after: u64,
    /// Whether the last line of those that were there had broken off.
    was_torn: bool,
}

/// A log to which a run adds. Until the run has come to its end, its lines wait in a nameless file beside it.
#[derive(Debug)]
pub(super) struct LogFile {
    path: PathBuf,
    waiting: BufWriter<File>,
}

impl LogFile {
    /// Makes ready to add to the log at a path, which need not be there yet.
    pub(super) fn open(path: &Path) -> Result<LogFile, Stop> {
        let failed = |why: &str| Stop::because(format!("cannot keep a log in `{}`: {why}", path.display()));
        if path == Path::new(STDOUT) {
            return Err(failed("a log is a file that grows, give its name (`./-` is a file of this one)"));
        }
        if Packing::from_path(path).is_some() {
            return Err(failed("a log grows line by line, and cannot be packed"));
        }
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => return Err(failed("it is a folder")),
            Ok(there) if !there.is_file() => return Err(failed("it is not a file")),
            // That it cannot be written is better known before the run than after it.
            Ok(_) => match begins_as_a_log(path) {
                Ok(true) => {}
                Ok(false) => return Err(failed("there is something else in it than a log of decisions")),
                Err(e) => return Err(failed(&io_words(&e))),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(failed(&io_words(&e))),
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let waiting = tempfile::tempfile_in(folder).or_else(|e| match e.kind() {
            io::ErrorKind::NotFound => Err(failed("there is no such folder")),
            // A log may be written in a folder that may not.
            io::ErrorKind::PermissionDenied if path.exists() => tempfile::tempfile().map_err(|e| failed(&io_words(&e))),
            _ => Err(failed(&io_words(&e))),
        })?;
        Ok(LogFile { path: path.to_owned(), waiting: BufWriter::with_capacity(1 << 16, waiting) })
    }

    /// Takes lines.
    pub(super) fn put(&mut self, lines: &[u8]) -> Result<(), Stop> {
        self.waiting.write_all(lines).map_err(|e| Stop::writing(&name(&self.path), &e))
    }

    /// Adds the lines to the log, all of them or none. Whoever else adds to it has to wait.
    pub(super) fn finish(self, console: &Console) -> Result<Added, Stop> {
        let LogFile { path, waiting } = self;
        let added = waiting.into_inner().map_err(io::IntoInnerError::into_error).and_then(|mut lines| {
            lines.seek(SeekFrom::Start(0))?;
            add(&path, &mut lines)
        });
        let Grown { before, after, was_torn } = added.map_err(|e| Stop::writing(&name(&path), &e))?;
        if was_torn {
            console.note(&format!(
                "the last line of {} broke off: the run that wrote it was stopped there, and lines above it may be of decisions that \
                 never went out; the log goes on below it",
                name(&path)
            ));
        }
        Ok(Added { path, before, after })
    }
}

impl Added {
    /// Takes the lines out again, because the decisions could not go out; what is to be said of that is added to why. Where somebody
    /// else has added to the log since, they stay.
    pub(super) fn take_back(self, why: Stop) -> Stop {
        let Stop::Failed(why) = why else { return why };
        let Added { path, before, after } = self;
        let is_cut = (|| {
            let log = File::options().append(true).open(&path)?;
            log.lock()?;
            let is_last = log.metadata()?.len() == after;
            if is_last {
                log.set_len(before)?;
            }
            io::Result::Ok(is_last)
        })();
        match is_cut {
            Ok(true) => Stop::because(why),
            Ok(false) | Err(_) => Stop::because(format!("{why}; {} has these decisions all the same", name(&path))),
        }
    }
}

/// Whether a file that can be written is empty, or begins as a log does.
fn begins_as_a_log(path: &Path) -> io::Result<bool> {
    const LOOKED_AT: u64 = 4096;
    let log = File::options().read(true).append(true).open(path)?;
    let mut first = Vec::new();
    log.take(LOOKED_AT).read_to_end(&mut first)?;
    Ok(is_like_a_log(first.strip_prefix(MARK).unwrap_or(&first)))
}

/// Whether a text begins as a log does, blanks and empty lines aside. Its first line may have broken off.
pub(super) fn is_like_a_log(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    text.starts_with(BEGINNING) || BEGINNING.starts_with(text)
}

fn name(path: &Path) -> String {
    format!("the log `{}`", path.display())
}

/// Adds lines to the end of a log.
fn add(path: &Path, lines: &mut File) -> io::Result<Grown> {
    let mut log = File::options().read(true).append(true).create(true).open(path)?;
    // Released when the file is closed.
    log.lock()?;
    let before = log.metadata()?.len();
    let written = (|| {
        let was_torn = before > 0 && {
            let mut last = [0];
            log.seek(SeekFrom::End(-1))?;
            log.read_exact(&mut last)?;
            last != *b"\n"
        };
        if was_torn {
            log.write_all(b"\n")?;
        }
        let mut wide = BufWriter::with_capacity(1 << 20, &log);
        io::copy(lines, &mut wide)?;
        wide.flush()?;
        drop(wide);
        log.sync_data()?;
        Ok(Grown { before, after: log.metadata()?.len(), was_torn })
    })();
    if written.is_err() {
        // Nobody else has added anything since: they wait for the lock.
        log.set_len(before)?;
    }
    written
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::{Added, add};
    use crate::cli::console::Stop;
    use std::fs;
    use std::io::{Seek, Write};

    #[test]
    fn lines_are_taken_back_unless_others_stand_below_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let put = |lines: &str| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(lines.as_bytes()).unwrap();
            file.rewind().unwrap();
            let grown = add(&path, &mut file).unwrap();
            Added { path: path.clone(), before: grown.before, after: grown.after }
        };
        let why = |stop: Stop| match stop {
            Stop::Failed(why) => why,
            stop @ (Stop::NobodyReads | Stop::Told) => format!("{stop:?}"),
        };
        let text = || fs::read_to_string(&path).unwrap();
        put("one\n");
        assert_eq!(why(put("two\n").take_back(Stop::because("full"))), "full");
        assert_eq!(text(), "one\n");
        let added = put("two\n");
        put("three\n");
        let told = why(added.take_back(Stop::because("full")));
        assert!(told.starts_with("full; the log `") && told.ends_with("has these decisions all the same"), "{told}");
        assert_eq!(text(), "one\ntwo\nthree\n");
        // A reader who wants no more has had decisions.
        put("four\n").take_back(Stop::NobodyReads);
        assert_eq!(text(), "one\ntwo\nthree\nfour\n");
    }
}
