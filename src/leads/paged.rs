//! Bytes on disk that are read and written in any order, through a bounded cache of pages.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

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
    /// How many pages may be in memory.
    places: u64,
    /// Each page has one place, its number modulo `places`.
    cache: HashMap<u64, Page>,
}

impl Paged {
    /// A file of zeros of which up to `places` pages (at least one) are held in memory.
    pub(super) fn new(places: u64) -> io::Result<Self> {
        Ok(Paged { file: tempfile::tempfile()?, places: places.max(1), cache: HashMap::new() })
    }

    /// How many pages may be in memory.
    pub(super) fn places(&self) -> u64 {
        self.places
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
        let page = match self.cache.entry(number % self.places) {
            Entry::Occupied(entry) => {
                let page = entry.into_mut();
                if page.number != number {
                    page.store(&mut self.file)?;
                    page.number = number;
                    page.load(&mut self.file)?;
                }
                page
            }
            Entry::Vacant(entry) => {
                let mut page = Page { number, changed: false, bytes: Box::new([0; PAGE]) };
                page.load(&mut self.file)?;
                entry.insert(page)
            }
        };
        Ok((page, usize::try_from(at % PAGE_SIZE).unwrap_or(PAGE)))
    }
}

impl Page {
    fn store(&mut self, file: &mut File) -> io::Result<()> {
        if self.changed {
            file.seek(SeekFrom::Start(self.number * PAGE_SIZE))?;
            file.write_all(self.bytes.as_slice())?;
            self.changed = false;
        }
        Ok(())
    }

    /// Reads the page; what lies behind the end of the file is zeros.
    fn load(&mut self, file: &mut File) -> io::Result<()> {
        file.seek(SeekFrom::Start(self.number * PAGE_SIZE))?;
        let mut known = Vec::with_capacity(PAGE);
        file.take(PAGE_SIZE).read_to_end(&mut known)?;
        known.resize(PAGE, 0);
        self.bytes.copy_from_slice(&known);
        Ok(())
    }
}
