//! Bytes on disk that are read and written in any order, through a bounded cache of pages.

use std::fs::File;
use std::io;

use super::input::read_at;

/// The bytes of a page.
const PAGE: usize = 4096;

/// The same, as a distance in the file.
const PAGE_SIZE: u64 = 4096;

/// A page in memory.
struct Page {
    number: u64,
    changed: bool,
    bytes: Box<[u8; PAGE]>,
}

/// A temporary file that begins as endless zeros; at most so many of its pages are in memory at a time.
pub(super) struct Paged {
    file: File,
    /// Each page has one place, its number modulo how many there are.
    cache: Vec<Option<Page>>,
}

impl Paged {
    /// A file of zeros of which up to `places` pages (at least one) are held in memory.
    pub(super) fn new(places: usize) -> io::Result<Self> {
        Ok(Paged { file: tempfile::tempfile()?, cache: (0..places.max(1)).map(|_| None).collect() })
    }

    /// How many pages may be in memory.
    pub(super) fn places(&self) -> usize {
        self.cache.len()
    }

    /// Fills `into` with the bytes from `at` on.
    pub(super) fn read(&mut self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let mut at = at;
        let mut rest = into;
        while !rest.is_empty() {
            let (page, start) = self.page(at)?;
            let known = page.bytes.get(start..).unwrap_or_default();
            let count = known.len().min(rest.len());
            let (now, later) = rest.split_at_mut(count);
            now.iter_mut().zip(known).for_each(|(to, from)| *to = *from);
            rest = later;
            at += u64::try_from(count).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    /// Writes bytes from `at` on.
    pub(super) fn write(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut at = at;
        let mut rest = bytes;
        while !rest.is_empty() {
            let (page, start) = self.page(at)?;
            let room = page.bytes.get_mut(start..).unwrap_or_default();
            let count = room.len().min(rest.len());
            let (now, later) = rest.split_at(count);
            room.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
            page.changed = true;
            rest = later;
            at += u64::try_from(count).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    /// The page that holds a byte, and where in it the byte is. What was in its place goes to the file.
    fn page(&mut self, at: u64) -> io::Result<(&mut Page, usize)> {
        let number = at / PAGE_SIZE;
        let places = u64::try_from(self.cache.len()).unwrap_or(u64::MAX);
        let place = usize::try_from(number % places).unwrap_or(usize::MAX);
        let place = self.cache.get_mut(place).ok_or(io::ErrorKind::InvalidInput)?;
        let is_new = place.is_none();
        let page = place.get_or_insert_with(|| Page { number, changed: false, bytes: Box::new([0; PAGE]) });
        if is_new || page.number != number {
            page.store(&self.file)?;
            page.number = number;
            page.load(&self.file)?;
        }
        Ok((page, usize::try_from(at % PAGE_SIZE).unwrap_or(PAGE)))
    }
}

impl Page {
    fn store(&mut self, file: &File) -> io::Result<()> {
        let mut done = 0;
        while self.changed {
            let rest = self.bytes.get(done..).unwrap_or_default();
            let at = self.number * PAGE_SIZE + u64::try_from(done).unwrap_or(u64::MAX);
            match write_at(file, rest, at) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            self.changed = done < PAGE;
        }
        Ok(())
    }

    /// Reads the page; what lies behind the end of the file is zeros.
    fn load(&mut self, file: &File) -> io::Result<()> {
        let mut done = 0;
        while let Some(rest) = self.bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match read_at(file, rest, self.number * PAGE_SIZE + u64::try_from(done).unwrap_or(u64::MAX)) {
                Ok(0) => {
                    rest.fill(0);
                    break;
                }
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Writes at a place of a file.
#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::write_at(file, bytes, at)
}

/// Writes at a place of a file.
#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, at)
}
