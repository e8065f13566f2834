//! Source texts: which files a policy is made of, where in them something stands, and how they are found.
//!
//! The library never opens a file itself: texts come in through [`Files`], so that a policy can come from disk, from a
//! git revision, from an editor's buffer or from a request.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Which file of a [`Sources`] something stands in: its position there, 0 being the policy itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct SourceId(pub u32);

/// A stretch of a source text, in bytes from its start; `end` is exclusive.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The stretch `start..end` of `source`, in bytes.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { source, start: clip(start), end: clip(end) }
    }

    /// From the start of `self` to the end of `other`; both are in the file of `self`.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes, as a range to slice a text with.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// One text, with what it takes to say where a byte of it stands.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its place in [`Sources`].
    pub id: SourceId,
    /// How it is called in messages: the path relative to the root, with `/`, unless whoever asked calls it otherwise.
    pub path: String,
    /// Where it stands in its repository, whatever it is called in messages: how CI knows it.
    pub home: String,
    /// Its text. A byte order mark at the start has been taken off.
    pub text: Arc<str>,
    /// The statement that brought it in (a `use`, a `rules from`); none for the policy itself.
    pub brought_in_by: Option<Span>,
    line_starts: Vec<usize>,
    /// Every byte is a character of its own, so that columns need no counting.
    is_ascii: bool,
}

impl SourceFile {
    /// A file that nothing else brought in.
    #[must_use]
    pub fn new(id: SourceId, path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text: Arc<str> = text.into();
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1))
            .collect();
        let is_ascii = text.is_ascii();
        let path = path.into();
        SourceFile { id, home: path.clone(), path, text, brought_in_by: None, line_starts, is_ascii }
    }

    /// The line and the column of a byte, both counted from 1; the column counts characters.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = if self.is_ascii {
            byte.min(self.text.len()) - start
        } else {
            self.text.get(start..byte).map_or(0, |s| s.chars().count())
        };
        (line, column + 1)
    }

    /// The line and the column of a byte, both counted from 1; the column counts UTF-16 units, as many programs do.
    #[must_use]
    pub fn line_column_utf16(&self, byte: usize) -> (usize, usize) {
        let (line, column) = self.line_column(byte);
        if self.is_ascii {
            return (line, column);
        }
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        (line, self.text.get(start..byte).map_or(0, |s| s.encode_utf16().count()) + 1)
    }

    /// The text of a span of this file; empty when the span does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// All files that a policy was read from, the policy itself first.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a text and says under which id.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>, brought_in_by: Option<Span>) -> SourceId {
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile { brought_in_by, ..SourceFile::new(id, path, text) });
        id
    }

    /// The same texts under the paths that `name` gives them: how whoever asked calls them.
    #[must_use]
    pub fn renamed(mut self, name: impl Fn(&str) -> String) -> Sources {
        self.files.iter_mut().for_each(|file| file.path = name(&file.path));
        self
    }

    /// The same texts, standing in their repository where `home` says.
    #[must_use]
    pub fn at_home(mut self, home: impl Fn(&str) -> String) -> Sources {
        self.files.iter_mut().for_each(|file| file.home = home(&file.home));
        self
    }

    /// The file with this id.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The file of this path, when it has been read.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|f| f.path == path)
    }

    /// All files, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).map_or("", |f| f.slice(span))
    }

    /// `path:line:column` of where a span starts.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        self.get(span.source).map_or_else(String::new, |f| {
            let (line, column) = f.line_column(span.start as usize);
            format!("{}:{line}:{column}", f.path)
        })
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// It lies outside of the root (a link that leads out counts).
    Outside,
    /// It is larger than is accepted; the limit in bytes.
    TooLarge(u64),
    /// Anything else, in the words of whoever tried.
    Other(String),
}

/// Where texts come from: paths are relative to a root, with `/`, and already [resolved](resolve).
pub trait Files {
    /// The bytes of the file.
    ///
    /// # Errors
    /// When there is no such file or it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// Where the file of a path really stands: by that a file is known, whatever links lead to it.
    fn stands_at(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// Files that are held in memory, by path.
impl<S: std::hash::BuildHasher> Files for std::collections::HashMap<String, String, S> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.get(path).map(|text| text.clone().into_bytes()).ok_or(ReadError::NotFound)
    }
}

/// `path` as written in the file `from`, as a path from the root: `..` and `.` are resolved.
///
/// # Errors
/// [`ReadError::Outside`] when the path leads out of the root or is absolute (also in the way of Windows).
pub fn resolve(from: &str, path: &str) -> Result<String, ReadError> {
    let absolute = path.starts_with('/') || path.contains('\\') || path.get(1..2) == Some(":");
    if absolute {
        return Err(ReadError::Outside);
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(ReadError::Outside)?;
            }
            name => parts.push(name),
        }
    }
    Ok(parts.join("/"))
}
