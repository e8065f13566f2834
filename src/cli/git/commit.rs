//! Commits and tags from their bytes. Only what leads to other objects has to be right; names, dates and titles are taken as far as they go: what other
//! systems were imported from has odd ones, and git reads them.

use gix::ObjectId;
use gix::bstr::ByteSlice;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use policyc::leads::windows_1252;

use super::object::Commit;

/// The names of Latin-1 and of Windows-1252, which is the same and more, in the headers of commits.
const LATIN: [&str; 7] = ["iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "windows-1252", "cp1252"];

/// The commit; none when these are the bytes of none.
pub(super) fn decoded(id: ObjectId, bytes: &[u8]) -> Option<Commit> {
    let (headers, message) = bytes.split_once_str("\n\n").unwrap_or((bytes, b""));
    let hash = |hash: &[u8]| ObjectId::from_hex(hash).ok();
    let tree = headers.lines().next()?.strip_prefix(b"tree ").and_then(hash)?;
    let parents = headers.lines().skip(1).map_while(|line| line.strip_prefix(b"parent "));
    let parents = parents.map(hash).collect::<Option<Vec<_>>>()?;
    let field = |key: &str| headers.lines().find_map(|line| line.strip_prefix(key.as_bytes()));
    let encoding = field("encoding ").map(|name| name.to_str_lossy().trim().to_ascii_lowercase());
    let is_latin = encoding.is_some_and(|name| LATIN.contains(&name.as_str()));
    let text = |bytes: &[u8]| if is_latin { windows_1252(bytes) } else { bytes.to_str_lossy().into_owned() };
    let title = message.lines().map(|line| text(line.trim())).find(|line| !line.is_empty());
    let (time, day) = moment(field("committer ").unwrap_or_default());
    let author = text(name(field("author ").unwrap_or_default()));
    Some(Commit { id, tree, parents, time, day, author, title: title.unwrap_or_default() })
}

/// The hash of what a tag is one of; none when these are the bytes of none.
pub(super) fn tagged(bytes: &[u8]) -> Option<ObjectId> {
    ObjectId::from_hex(bytes.lines().next()?.strip_prefix(b"object ")?).ok()
}

/// The name in `Ann Author <ann@example.com> 1700000000 +0100`, where the mail or the date may be missing.
fn name(who: &[u8]) -> &[u8] {
    let is_date = |c: char| c.is_ascii_digit() || c.is_ascii_whitespace() || matches!(c, '+' | '-');
    let name = who.split_once_str("<").map_or_else(|| who.trim_end_with(is_date), |(name, _)| name);
    name.trim()
}

/// The time in the same, and the day that it was there. Where there is none, it is the first of all, as for git.
fn moment(who: &[u8]) -> (Timestamp, Date) {
    let date = who.rsplit_once_str(">").map(|(_, date)| date.to_str_lossy()).unwrap_or_default();
    let mut parts = date.split_ascii_whitespace().map(|part| part.parse::<i64>().ok());
    let (seconds, offset) = (parts.next().flatten().unwrap_or(0), parts.next().flatten().unwrap_or(0));
    let edge = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let time = Timestamp::from_second(seconds).unwrap_or(edge);
    // `+0530` are five hours and a half.
    let offset = i32::try_from(offset).ok().map(|offset| offset / 100 * 3600 + offset % 100 * 60);
    let offset = offset.and_then(|offset| Offset::from_seconds(offset).ok());
    (time, offset.map_or(TimeZone::UTC, TimeZone::fixed).to_datetime(time).date())
}
