//! Ids that have been seen, remembered on disk so that memory does not grow with their number.
//!
//! Two temporary files: a log of the ids themselves, and a hash table of fixed slots that point into it. A slot that
//! matches by hash is compared with the id in the log, so that the answer is exact. The table is rewritten at twice the
//! size when it is two thirds full; the operating system keeps what is used of it in its cache.

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Seek, SeekFrom, Write};

/// The bytes of a slot: the hash of an id (0: the slot is empty) and where its entry begins in the log.
const SLOT: u64 = 16;

/// How many slots a table begins with.
const FIRST_SLOTS: u64 = 1 << 12;

/// A set of ids, each with the line on which it stood first.
pub(super) struct Unique<S = RandomState> {
    hasher: S,
    table: File,
    slots: u64,
    used: u64,
    log: File,
    log_end: u64,
}

impl Unique {
    /// No id has been seen.
    pub(super) fn new() -> io::Result<Self> {
        Unique::with_hasher(RandomState::new())
    }
}

impl<S: BuildHasher> Unique<S> {
    fn with_hasher(hasher: S) -> io::Result<Self> {
        Ok(Unique {
            hasher,
            table: empty_table(FIRST_SLOTS)?,
            slots: FIRST_SLOTS,
            used: 0,
            log: tempfile::tempfile()?,
            log_end: 0,
        })
    }

    /// The line on which this id stood first; none when this is its first time, which is then remembered.
    pub(super) fn first_line(&mut self, id: &str, line: u64) -> io::Result<Option<u64>> {
        if self.used * 3 >= self.slots * 2 {
            self.grow()?;
        }
        // 0 marks an empty slot.
        let hash = self.hasher.hash_one(id).max(1);
        let mut slot = hash % self.slots;
        loop {
            let (found, at) = read_slot(&mut self.table, slot)?;
            if found == 0 {
                break;
            }
            if found == hash
                && let Some(first) = self.entry(at, id)?
            {
                return Ok(Some(first));
            }
            slot = (slot + 1) % self.slots;
        }
        write_slot(&mut self.table, slot, (hash, self.log_end))?;
        self.used += 1;
        self.append(id, line)?;
        Ok(None)
    }

    /// The line of an entry of the log when it is of this id.
    fn entry(&mut self, at: u64, id: &str) -> io::Result<Option<u64>> {
        self.log.seek(SeekFrom::Start(at))?;
        let (line, length) = (read_u64(&mut self.log)?, read_u64(&mut self.log)?);
        if usize::try_from(length).ok() != Some(id.len()) {
            return Ok(None);
        }
        let mut known = vec![0; id.len()];
        self.log.read_exact(&mut known)?;
        Ok((known == id.as_bytes()).then_some(line))
    }

    fn append(&mut self, id: &str, line: u64) -> io::Result<()> {
        let length = u64::try_from(id.len()).unwrap_or(u64::MAX);
        let mut entry = Vec::with_capacity(id.len() + 16);
        entry.extend_from_slice(&line.to_le_bytes());
        entry.extend_from_slice(&length.to_le_bytes());
        entry.extend_from_slice(id.as_bytes());
        self.log.seek(SeekFrom::Start(self.log_end))?;
        self.log.write_all(&entry)?;
        self.log_end += length + 16;
        Ok(())
    }

    /// Moves every slot to a table of twice the size.
    fn grow(&mut self) -> io::Result<()> {
        let slots = self.slots * 2;
        let mut table = empty_table(slots)?;
        self.table.seek(SeekFrom::Start(0))?;
        let mut old = io::BufReader::new(&self.table);
        for _ in 0..self.slots {
            let (hash, at) = (read_u64(&mut old)?, read_u64(&mut old)?);
            if hash == 0 {
                continue;
            }
            let mut slot = hash % slots;
            while read_slot(&mut table, slot)?.0 != 0 {
                slot = (slot + 1) % slots;
            }
            write_slot(&mut table, slot, (hash, at))?;
        }
        self.table = table;
        self.slots = slots;
        Ok(())
    }
}

/// A file of zeros: all slots are empty.
fn empty_table(slots: u64) -> io::Result<File> {
    let table = tempfile::tempfile()?;
    table.set_len(slots * SLOT)?;
    Ok(table)
}

fn read_u64(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn read_slot(table: &mut File, slot: u64) -> io::Result<(u64, u64)> {
    table.seek(SeekFrom::Start(slot * SLOT))?;
    let mut bytes = [0; 16];
    table.read_exact(&mut bytes)?;
    let mut bytes = bytes.as_slice();
    Ok((read_u64(&mut bytes)?, read_u64(&mut bytes)?))
}

fn write_slot(table: &mut File, slot: u64, (hash, at): (u64, u64)) -> io::Result<()> {
    table.seek(SeekFrom::Start(slot * SLOT))?;
    table.write_all([hash.to_le_bytes(), at.to_le_bytes()].as_flattened())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::HashMap;
    use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

    use super::Unique;

    /// All ids collide.
    #[derive(Default)]
    struct Same;

    impl Hasher for Same {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, _: &[u8]) {}
    }

    fn agrees_with_a_map(hasher: impl BuildHasher, ids: usize, rows: usize) {
        let mut unique = Unique::with_hasher(hasher).unwrap();
        let mut map: HashMap<String, u64> = HashMap::new();
        for (row, line) in (0..rows).zip(2u64..) {
            // Every id comes again, out of order and at different lengths.
            let id = format!("L-{}", row * 7919 % ids * 37);
            let first = map.get(&id).copied();
            map.entry(id.clone()).or_insert(line);
            assert_eq!(unique.first_line(&id, line).unwrap(), first, "{id}");
        }
    }

    #[test]
    fn repeated_ids_are_found_while_the_table_grows() {
        agrees_with_a_map(RandomState::new(), 20_000, 50_000);
    }

    #[test]
    fn ids_of_one_hash_are_told_apart() {
        agrees_with_a_map(BuildHasherDefault::<Same>::default(), 50, 120);
    }
}
