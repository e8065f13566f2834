//! Ids that have been seen, remembered on disk so that memory does not grow with their number.
//!
//! Two temporary files: a log of the ids themselves, and a hash table of fixed slots that point into it. A slot that
//! matches by hash is compared with the id in the log, so that the answer is exact. The table is rewritten at twice the
//! size when it is two thirds full; slots are in the order of their hashes, so that it is read and written from its beginning to its end.

use std::hash::{BuildHasher, RandomState};
use std::io;

use super::paged::Paged;

/// The bytes of a slot: the hash of an id (0: the slot is empty) and where its entry begins in the log.
const SLOT: u64 = 16;

/// How many slots a table begins with.
const FIRST_SLOTS: u64 = 1 << 12;

/// How many pages of the table, and of the log, are held in memory: 16 MiB and 256 KiB.
const PAGES: (usize, usize) = (4096, 64);

/// A set of ids, each with the line on which it stood first.
pub(super) struct Unique<S = RandomState> {
    hasher: S,
    table: Paged,
    slots: u64,
    used: u64,
    log: Paged,
    log_end: u64,
}

impl Unique {
    /// No id has been seen.
    pub(super) fn new() -> io::Result<Self> {
        Unique::with_hasher(RandomState::new(), PAGES)
    }
}

impl<S: BuildHasher> Unique<S> {
    fn with_hasher(hasher: S, (table, log): (usize, usize)) -> io::Result<Self> {
        Ok(Unique { hasher, table: Paged::new(table)?, slots: FIRST_SLOTS, used: 0, log: Paged::new(log)?, log_end: 0 })
    }

    /// The line on which this id stood first; none when this is its first time, which is then remembered.
    pub(super) fn first_line(&mut self, id: &str, line: u64) -> io::Result<Option<u64>> {
        if self.used * 3 >= self.slots * 2 {
            self.grow()?;
        }
        // 0 marks an empty slot.
        let hash = self.hasher.hash_one(id).max(1);
        let mut slot = first_slot(hash, self.slots);
        loop {
            let [found, at] = pair(&mut self.table, slot * SLOT)?;
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
        set_pair(&mut self.table, slot * SLOT, [hash, self.log_end])?;
        self.used += 1;
        let length = u64::try_from(id.len()).unwrap_or(u64::MAX);
        set_pair(&mut self.log, self.log_end, [line, length])?;
        self.log.write(self.log_end + SLOT, id.as_bytes())?;
        self.log_end += SLOT + length;
        Ok(None)
    }

    /// The line of an entry of the log (line, length, id) when it is of this id.
    fn entry(&mut self, at: u64, id: &str) -> io::Result<Option<u64>> {
        let [line, length] = pair(&mut self.log, at)?;
        if usize::try_from(length).ok() != Some(id.len()) {
            return Ok(None);
        }
        let mut known = vec![0; id.len()];
        self.log.read(at + SLOT, &mut known)?;
        Ok((known == id.as_bytes()).then_some(line))
    }

    /// Moves every slot to a table of twice the size.
    fn grow(&mut self) -> io::Result<()> {
        let slots = self.slots * 2;
        let mut table = Paged::new(self.table.places())?;
        for old in 0..self.slots {
            let [hash, at] = pair(&mut self.table, old * SLOT)?;
            if hash == 0 {
                continue;
            }
            let mut slot = first_slot(hash, slots);
            while pair(&mut table, slot * SLOT)? != [0, 0] {
                slot = (slot + 1) % slots;
            }
            set_pair(&mut table, slot * SLOT, [hash, at])?;
        }
        self.table = table;
        self.slots = slots;
        Ok(())
    }
}

/// The slot of a hash, unless it is taken: the larger the hash, the later.
fn first_slot(hash: u64, slots: u64) -> u64 {
    u64::try_from((u128::from(hash) * u128::from(slots)) >> 64).unwrap_or(0)
}

fn pair(file: &mut Paged, at: u64) -> io::Result<[u64; 2]> {
    let mut halves = [[0; 8]; 2];
    file.read(at, halves.as_flattened_mut())?;
    Ok(halves.map(u64::from_le_bytes))
}

fn set_pair(file: &mut Paged, at: u64, pair: [u64; 2]) -> io::Result<()> {
    file.write(at, pair.map(u64::to_le_bytes).as_flattened())
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
        let mut unique = Unique::with_hasher(hasher, (3, 2)).unwrap();
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
