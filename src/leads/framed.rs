//! Cells as bytes, for rows that are made in one thread and put into a Parquet file by another.

use std::io;

use super::OutCell;

/// What a cell is, before its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Tag {
    Missing,
    Text,
    Number,
    Count,
}

/// Adds a cell.
pub(super) fn put(out: &mut Vec<u8>, cell: &OutCell<'_>) {
    let (tag, text) = match cell {
        OutCell::Missing => (Tag::Missing, ""),
        OutCell::Text(text) => (Tag::Text, *text),
        OutCell::Number(number) => (Tag::Number, &*number.to_string()),
        OutCell::Count(count) => (Tag::Count, &*count.to_string()),
    };
    out.push(tag as u8);
    out.extend_from_slice(&text.len().to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// Hands on the cells of rows of so many columns, row by row.
pub(super) fn rows(
    bytes: &[u8],
    columns: usize,
    take: &mut dyn FnMut(&[OutCell<'_>]) -> io::Result<()>,
) -> io::Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let mut read = Vec::new();
        for _ in 0..columns {
            let (tag, text) = next(&mut rest).ok_or_else(broken)?;
            let number = if tag == Tag::Number { Some(text.parse().map_err(|_| broken())?) } else { None };
            read.push((tag, text, number));
        }
        let mut cells = Vec::new();
        for (tag, text, number) in &read {
            cells.push(match (tag, number) {
                (Tag::Text, _) => OutCell::Text(text),
                (Tag::Count, _) => OutCell::Count(text.parse().map_err(|_| broken())?),
                (Tag::Number, Some(number)) => OutCell::Number(number),
                (Tag::Number | Tag::Missing, _) => OutCell::Missing,
            });
        }
        take(&cells)?;
    }
    Ok(())
}

fn next<'b>(rest: &mut &'b [u8]) -> Option<(Tag, &'b str)> {
    let (tag, behind) = rest.split_first()?;
    let tag = [Tag::Missing, Tag::Text, Tag::Number, Tag::Count].into_iter().find(|known| *known as u8 == *tag)?;
    let (len, behind) = behind.split_first_chunk::<{ size_of::<usize>() }>()?;
    let (text, behind) = behind.split_at_checked(usize::from_le_bytes(*len))?;
    *rest = behind;
    Some((tag, std::str::from_utf8(text).ok()?))
}

fn broken() -> io::Error {
    io::Error::other("rows were mixed up on the way")
}
